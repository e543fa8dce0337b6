package policy_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/policy"
)

// What Karpenter, its providers and EC2 say later is said of manifests too, once:
// what the schema says already, the rules leave alone.
func TestNodeClassRules(t *testing.T) {
	for name, tc := range map[string]manifests{
		"a node class as many have it": {`
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: memory-optimized
  namespace: karpenter
spec:
  role: arn:aws:iam::111122223333:role/nodes
  instanceProfile: nodes
  amiSelectorTerms: [{alias: al2023@latest}]
  subnetSelectorTerms: [{tags: {karpenter.sh/discovery: data}}]
  securityGroupSelectorTerms: [{tags: {karpenter.sh/discovery: data}}]
  metadataOptions: {httpTokens: optional, httpPutResponseHopLimit: 2}
  blockDeviceMappings:
  - deviceName: /dev/xvda
    ebs: {volumeSize: 50Gi, volumeType: gp3, iops: 100}
`, []string{
			"6 ec2nodeclass/role-or-profile spec",
			"15 nodeclass/volume spec.blockDeviceMappings[0].ebs.iops",
			"7 nodeclass/role-name spec.role",
			"9 nodeclass/ami-pinned spec.amiSelectorTerms[0].alias",
			"15 nodeclass/encryption spec.blockDeviceMappings[0].ebs.encrypted",
			"15 nodeclass/disk-size spec.blockDeviceMappings[0].ebs.volumeSize",
			"12 nodeclass/hop-limit spec.metadataOptions.httpPutResponseHopLimit",
			"12 nodeclass/imdsv2 spec.metadataOptions.httpTokens",
			"5 nodepool/namespace metadata.namespace",
		}},
		"a pool of Auto Mode with the labels of Karpenter": {`
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: etl}
spec:
  limits: {cpu: "100"}
  disruption: {consolidationPolicy: WhenEmpty, consolidateAfter: 5m}
  template:
    spec:
      nodeClassRef: {group: eks.amazonaws.com, kind: NodeClass, name: default}
      terminationGracePeriod: 24h
      taints: [{key: workload, value: etl, effect: NoSchedule}]
      startupTaints: [{key: workload, effect: NoSchedule}]
      requirements:
      - {key: karpenter.k8s.aws/instance-family, operator: In, values: [r6i]}
      - {key: karpenter.sh/capacity-type, operator: In, values: [preemptible]}
      - {key: karpenter.sh/registered, operator: Exists}
`, []string{
			"14 nodepool/provider-labels spec.template.spec.requirements[0].key",
			"15 nodepool/requirements spec.template.spec.requirements[1].values",
			"16 nodepool/requirement-domain spec.template.spec.requirements[2].key",
			"12 nodepool/runtime spec.template.spec.startupTaints[0]",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range policy.Production().Check(loadText(t, tc.text)).Findings {
				got = append(got, fmt.Sprintf("%d %s %s", f.Line, f.Rule, f.Field))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
