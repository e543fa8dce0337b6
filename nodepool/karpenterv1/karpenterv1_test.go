package karpenterv1_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/crdgen/crdgentest"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

func TestZeroValuesThatMatter(t *testing.T) {
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"nothing limits disruption", karpenterv1.Disruption{ConsolidateAfter: "0s", Budgets: []karpenterv1.Budget{}}, `{"consolidateAfter":"0s","budgets":[]}`},
		{"the server's own budget", karpenterv1.Disruption{ConsolidateAfter: "0s"}, `{"consolidateAfter":"0s"}`},
		{"a budget of no nodes", karpenterv1.Budget{Nodes: "0"}, `{"nodes":"0"}`},
		{
			"a static pool of no nodes",
			karpenterv1.NodePoolSpec{Replicas: new(int64(0)), Template: template()},
			`{"template":{"spec":{"nodeClassRef":{"group":"g","kind":"K","name":"n"},"requirements":[]}},"replicas":0}`,
		},
		{
			"a pool without limits and one that may not grow",
			karpenterv1.NodePoolSpec{Template: template(), Limits: corev1.ResourceList{"cpu": resource.MustParse("0")}, Weight: new(int32(0))},
			`{"template":{"spec":{"nodeClassRef":{"group":"g","kind":"K","name":"n"},"requirements":[]}},"limits":{"cpu":"0"},"weight":0}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { crdgentest.Writes(t, tt.in, tt.want) })
	}
}

func template() karpenterv1.NodeClaimTemplate {
	return karpenterv1.NodeClaimTemplate{Spec: karpenterv1.NodeClaimTemplateSpec{
		NodeClassRef: karpenterv1.NodeClassReference{Group: "g", Kind: "K", Name: "n"},
		Requirements: []karpenterv1.NodeSelectorRequirementWithMinValues{},
	}}
}

func TestEveryZeroValue(t *testing.T) {
	if n := crdgentest.Zeros(t, &karpenterv1.NodePool{}); n < 30 {
		t.Errorf("only %d fields checked", n)
	}
}

func TestDeepCopy(t *testing.T) {
	crdgentest.DeepCopies(t, 100, &karpenterv1.NodePool{}, &karpenterv1.NodePoolList{})
}

func TestAddToScheme(t *testing.T) {
	s := runtime.NewScheme()
	if err := karpenterv1.AddToScheme(s); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"NodePool", "NodePoolList"} {
		if !s.Recognizes(karpenterv1.GroupVersion.WithKind(kind)) {
			t.Errorf("%s is not registered", kind)
		}
	}
}

// Upstream's form of a NodePool comes back as it went in, apart from the
// spelling of quantities.
func TestRoundTrip(t *testing.T) {
	const doc = `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: spark
spec:
  weight: 10
  limits: {cpu: "1000", memory: 1000Gi}
  disruption:
    consolidationPolicy: WhenEmpty
    consolidateAfter: 30s
    budgets:
    - nodes: 10%
    - {nodes: "0", schedule: "0 9 * * mon-fri", duration: 8h, reasons: [Drifted, Underutilized]}
  template:
    metadata:
      labels: {team: data-platform}
      annotations: {example.com/owner: me}
    spec:
      expireAfter: Never
      terminationGracePeriod: 30m
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
      taints:
      - {key: dedicated, value: spark, effect: NoSchedule}
      startupTaints:
      - {key: example.com/warming, effect: NoExecute}
      requirements:
      - {key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand], minValues: 2}
      - {key: karpenter.k8s.aws/instance-cpu, operator: Gte, values: ["16"]}
      - {key: example.com/nvme, operator: Exists}
status:
  nodes: 0
  nodeClassObservedGeneration: 1
  resources: {cpu: 15890m}
  conditions:
  - {type: Ready, status: "True", reason: Ready, message: "", lastTransitionTime: "2026-01-02T03:04:05Z", observedGeneration: 3}
`
	diffs, err := crdgentest.RoundTrip([]byte(doc), &karpenterv1.NodePool{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diffs {
		t.Error(d)
	}
}

// An empty list of budgets is not the same as none: it lifts the 10% that the
// API server would put in.
func Example() {
	pool := &karpenterv1.NodePool{
		TypeMeta:   metav1.TypeMeta{APIVersion: karpenterv1.GroupVersion.String(), Kind: "NodePool"},
		ObjectMeta: metav1.ObjectMeta{Name: "spark"},
		Spec: karpenterv1.NodePoolSpec{
			Template: karpenterv1.NodeClaimTemplate{Spec: karpenterv1.NodeClaimTemplateSpec{
				NodeClassRef: karpenterv1.NodeClassReference{Group: "karpenter.k8s.aws", Kind: "EC2NodeClass", Name: "default"},
				Requirements: []karpenterv1.NodeSelectorRequirementWithMinValues{{
					Key: corev1.LabelArchStable, Operator: karpenterv1.NodeSelectorOperatorIn, Values: []string{"amd64"},
				}},
			}},
			Disruption: &karpenterv1.Disruption{
				ConsolidationPolicy: karpenterv1.ConsolidationPolicyWhenEmpty,
				ConsolidateAfter:    "5m",
				Budgets:             []karpenterv1.Budget{},
			},
		},
	}
	out, err := sigsyaml.Marshal(pool)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(string(out))
	// Output:
	// apiVersion: karpenter.sh/v1
	// kind: NodePool
	// metadata:
	//   name: spark
	// spec:
	//   disruption:
	//     budgets: []
	//     consolidateAfter: 5m
	//     consolidationPolicy: WhenEmpty
	//   template:
	//     spec:
	//       nodeClassRef:
	//         group: karpenter.k8s.aws
	//         kind: EC2NodeClass
	//         name: default
	//       requirements:
	//       - key: kubernetes.io/arch
	//         operator: In
	//         values:
	//         - amd64
}
