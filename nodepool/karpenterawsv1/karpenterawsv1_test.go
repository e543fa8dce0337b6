package karpenterawsv1_test

import (
	"fmt"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/crdgen/crdgentest"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

func TestZeroValuesThatMatter(t *testing.T) {
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"a volume that isn't encrypted", karpenterawsv1.BlockDevice{Encrypted: new(false), VolumeSize: new("100Gi")}, `{"encrypted":false,"volumeSize":"100Gi"}`},
		{"no public addresses", karpenterawsv1.EC2NodeClassSpec{
			AMISelectorTerms: []karpenterawsv1.AMISelectorTerm{}, SubnetSelectorTerms: []karpenterawsv1.SubnetSelectorTerm{},
			SecurityGroupSelectorTerms: []karpenterawsv1.SecurityGroupSelectorTerm{}, AssociatePublicIPAddress: new(false), IPPrefixCount: new(int32(0)),
		}, `{"amiSelectorTerms":[],"securityGroupSelectorTerms":[],"subnetSelectorTerms":[],"associatePublicIPAddress":false,"ipPrefixCount":0}`},
		{"no quota", karpenterawsv1.KubeletConfiguration{CPUCFSQuota: new(false), MaxPods: new(int32(0))}, `{"cpuCFSQuota":false,"maxPods":0}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { crdgentest.Writes(t, tt.in, tt.want) })
	}
}

func TestEveryZeroValue(t *testing.T) {
	if n := crdgentest.Zeros(t, &karpenterawsv1.EC2NodeClass{}); n < 60 {
		t.Errorf("only %d fields checked", n)
	}
}

func TestDeepCopy(t *testing.T) {
	crdgentest.DeepCopies(t, 100, &karpenterawsv1.EC2NodeClass{}, &karpenterawsv1.EC2NodeClassList{})
}

func TestAddToScheme(t *testing.T) {
	s := runtime.NewScheme()
	if err := karpenterawsv1.AddToScheme(s); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"EC2NodeClass", "EC2NodeClassList"} {
		if !s.Recognizes(karpenterawsv1.GroupVersion.WithKind(kind)) {
			t.Errorf("%s is not registered", kind)
		}
	}
}

// A class that uses most of the fields comes back as it went in.
func TestRoundTrip(t *testing.T) {
	const doc = `
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: {name: spark}
spec:
  amiFamily: AL2023
  amiSelectorTerms:
  - {name: my-ami-*, owner: self, tags: {environment: test}}
  - {ssmParameter: my-parameter}
  subnetSelectorTerms:
  - {id: subnet-09fa4a0a8f233a921}
  securityGroupSelectorTerms:
  - {name: my-group}
  instanceProfile: KarpenterNodeInstanceProfile
  instanceStorePolicy: RAID0
  associatePublicIPAddress: false
  detailedMonitoring: true
  kubelet: {maxPods: 0, podsPerCore: 2, systemReserved: {cpu: 100m}, evictionSoft: {memory.available: 500Mi}, evictionSoftGracePeriod: {memory.available: 1m}, cpuCFSQuota: false}
  blockDeviceMappings:
  - deviceName: /dev/xvda
    rootVolume: true
    ebs: {volumeSize: 100Gi, volumeType: gp3, iops: 10000, throughput: 125, encrypted: false, deleteOnTermination: true, kmsKeyID: key, snapshotID: snap-1, volumeInitializationRate: 100}
  metadataOptions: {httpEndpoint: enabled, httpProtocolIPv6: disabled, httpPutResponseHopLimit: 1, httpTokens: required}
  tags: {team: data-platform}
  userData: "#!/bin/sh\n"
status:
  instanceProfile: profile
  subnets:
  - {id: subnet-0a462d98193ff9fac, zone: us-east-2b}
  conditions:
  - {type: Ready, status: "True", reason: Ready, message: "", lastTransitionTime: "2026-01-02T03:04:05Z", observedGeneration: 3}
`
	diffs, err := crdgentest.RoundTrip([]byte(doc), &karpenterawsv1.EC2NodeClass{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diffs {
		t.Error(d)
	}
}

// A volume that is not encrypted is not the same as one that says nothing of
// it.
func Example() {
	class := &karpenterawsv1.EC2NodeClass{
		TypeMeta:   metav1.TypeMeta{APIVersion: karpenterawsv1.GroupVersion.String(), Kind: "EC2NodeClass"},
		ObjectMeta: metav1.ObjectMeta{Name: "spark"},
		Spec: &karpenterawsv1.EC2NodeClassSpec{
			Role:                       new("KarpenterNodeRole-data"),
			AMISelectorTerms:           []karpenterawsv1.AMISelectorTerm{{Alias: new("al2023@v20260101")}},
			SubnetSelectorTerms:        []karpenterawsv1.SubnetSelectorTerm{{ID: new("subnet-09fa4a0a8f233a921")}},
			SecurityGroupSelectorTerms: []karpenterawsv1.SecurityGroupSelectorTerm{{Tags: map[string]string{"karpenter.sh/discovery": "data"}}},
			BlockDeviceMappings: []karpenterawsv1.BlockDeviceMapping{{
				DeviceName: new("/dev/xvda"),
				EBS:        &karpenterawsv1.BlockDevice{VolumeSize: new("100Gi"), VolumeType: karpenterawsv1.VolumeTypeGp3, Encrypted: new(true)},
			}},
		},
	}
	out, err := sigsyaml.Marshal(class)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(string(out))
	// Output:
	// apiVersion: karpenter.k8s.aws/v1
	// kind: EC2NodeClass
	// metadata:
	//   name: spark
	// spec:
	//   amiSelectorTerms:
	//   - alias: al2023@v20260101
	//   blockDeviceMappings:
	//   - deviceName: /dev/xvda
	//     ebs:
	//       encrypted: true
	//       volumeSize: 100Gi
	//       volumeType: gp3
	//   role: KarpenterNodeRole-data
	//   securityGroupSelectorTerms:
	//   - tags:
	//       karpenter.sh/discovery: data
	//   subnetSelectorTerms:
	//   - id: subnet-09fa4a0a8f233a921
}
