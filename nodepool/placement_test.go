package nodepool_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// randomPool makes a pool of random fields, mostly valid.
func randomPool(r *rand.Rand) *nodepool.Pool {
	coin := func() bool { return r.IntN(2) == 0 }
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	effects := []corev1.TaintEffect{"NoSchedule", "PreferNoSchedule", "NoExecute"}
	p := &nodepool.Pool{Name: pick("etl", "spark-executor", "b-2"), Max: 1 + r.IntN(9), Capacity: nodepool.Capacity(pick("", "spot")), Shared: coin()}
	if coin() {
		p.Workload = pick("spark", "A.b_c", "1")
	}
	if coin() {
		p.Labels = map[string]string{pick("team", "company.com/x"): pick("", "data")}
	}
	for i := range r.IntN(4) {
		p.Taints = append(p.Taints, corev1.Taint{Key: fmt.Sprintf("%s%d", pick("a", "company.com/b"), i), Value: pick("true", "x.y", ""), Effect: effects[r.IntN(3)]})
	}
	arm := coin()
	if arm {
		p.Arch = nodepool.ARM64
	}
	switch r.IntN(3) {
	case 0:
		p.Machine = "r6i.4xlarge"
		if arm {
			p.Machine = "r6g.4xlarge"
		}
		p.Provider = eks
	case 1:
		p.Machine = "n2-highmem-16"
		if arm {
			p.Machine = "t2a-standard-16"
		}
		p.Provider = nodepool.GKE{Cluster: "main", Location: "var.region", TotalCounts: coin()}
	default:
		p.Machine = "r6i.4xlarge"
		if arm {
			p.Machine = "r6g.4xlarge"
		}
		k := nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default"}}
		if coin() {
			k.Base.Template.Spec.Taints = []corev1.Taint{{Key: "base", Value: pick("", "x"), Effect: effects[r.IntN(3)]}}
		}
		p.Provider = k
	}
	return p
}

// eachRandomPool calls f with n pools, always the same ones.
func eachRandomPool(n int, f func(*nodepool.Pool)) {
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		f(randomPool(r))
	}
}

// TestPlacementFits builds many pools: the nodes of each must attract the
// pods of its own placement, and keep off all others unless they are shared.
func TestPlacementFits(t *testing.T) {
	valid := 0
	eachRandomPool(3000, func(p *nodepool.Pool) {
		parts, err := p.Build()
		placement := p.Placement()
		if err != nil {
			return
		}
		valid++
		nodes := parts.Nodes[0]
		if refusal := nodes.Refuses(placement); !refusal.Empty() || !placement.Tied() {
			t.Fatalf("%+v\nrefuses its own placement: %+v", nodes, refusal)
		}
		if open := len(nodes.Untolerated(nil)) == 0; open && !p.Shared {
			t.Fatalf("%+v\nis open to every pod", p)
		}
		for _, toleration := range placement.Tolerations {
			if toleration.Operator != corev1.TolerationOpEqual || toleration.Effect == "" || toleration.Key == "" {
				t.Fatalf("a toleration says too little: %+v", toleration)
			}
		}
		if len(placement.NodeSelector) != 1 || placement.NodeSelector["workload"] == "" {
			t.Fatalf("selector %v", placement.NodeSelector)
		}
		if placement.Annotations[millrace.SafeToEvict] != "false" || placement.Annotations[millrace.DoNotDisrupt] != "true" {
			t.Fatalf("annotations %v", placement.Annotations)
		}
		var problems millrace.Problems
		placement.Check(&problems, "Placement")
		if err := problems.Err(); err != nil {
			t.Fatal(err)
		}
	})
	if valid < 1000 {
		t.Errorf("only %d of 3000 pools were valid", valid)
	}
}

// Two pools of one workload attract the same pods; the spot one keeps off
// those that were sent to the other.
func TestPlacementOfPoolsOfOneWorkload(t *testing.T) {
	steady, cheap := gkePool(), gkePool()
	steady.Workload, cheap.Workload = "spark", "spark"
	cheap.Name, cheap.Capacity = "etl-spot", nodepool.Spot
	shape := func(p *nodepool.Pool) millrace.NodeShape {
		parts, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		return parts.Nodes[0]
	}
	toSteady, toCheap := steady.Placement(), cheap.Placement()
	if !shape(steady).Refuses(toCheap).Empty() {
		t.Error("what runs on spot machines can't fall back to the others")
	}
	if r := shape(cheap).Refuses(toSteady); len(r.Labels) > 0 || len(r.Taints) == 0 {
		t.Error("what asked for no spot machines gets them")
	}
}

func TestPlacementOfMistakes(t *testing.T) {
	if p := (*nodepool.Pool)(nil).Placement(); !p.Empty() {
		t.Errorf("a nil pool: %+v", p)
	}
	for _, p := range []*nodepool.Pool{{}, {Provider: (*nodepool.GKE)(nil)}, {Provider: (*nodepool.Karpenter)(nil)}, {Taints: make([]corev1.Taint, 3)}} {
		if got := p.Placement(); got.NodeSelector != nil {
			t.Errorf("a pool without a name selects %v", got.NodeSelector)
		}
	}
}

func TestShape(t *testing.T) {
	if s := nodepool.NodesOf(nil); s.Pool != "" || s.Labels != nil || s.Taints != nil {
		t.Errorf("a nil pool: %+v", s)
	}
	pool := &karpenterv1.NodePool{}
	pool.Name = "static"
	pool.Spec.Replicas = new(int64(4))
	template := &pool.Spec.Template
	template.Metadata = &karpenterv1.ObjectMeta{Labels: map[string]string{"team": "data", "karpenter.sh/nodepool": "other"}}
	template.Spec.NodeClassRef = karpenterv1.NodeClassReference{Group: "karpenter.k8s.aws", Kind: "EC2NodeClass", Name: "default"}
	template.Spec.Taints = []corev1.Taint{{Key: "team", Value: "data", Effect: "NoSchedule"}}
	template.Spec.StartupTaints = []corev1.Taint{{Key: "node.cilium.io/agent-not-ready", Effect: "NoExecute"}}
	template.Spec.Requirements = []karpenterv1.NodeSelectorRequirementWithMinValues{
		requirement("one", "In", "a"), requirement("one", "In", "b"), requirement("two", "In", "a", "b"), requirement("not", "NotIn", "a"),
		requirement("some", "Exists"), requirement("none", "DoesNotExist"), requirement("team", "In", "search"),
		requirement("n", "Gt", "7"), requirement("n", "Lt", "9"), requirement("n", "Gte", "8"), requirement("n", "Lte", "8"),
		requirement("any", "Gte", "0"), requirement("any", "Lte", "9223372036854775807"), requirement("bad", "Gte", "x"),
	}
	want := millrace.NodeShape{
		Pool: "static", Max: 4,
		Labels: map[string]string{"team": "data", "karpenter.sh/nodepool": "static", "karpenter.k8s.aws/ec2nodeclass": "default", "one": "a"},
		Requirements: []corev1.NodeSelectorRequirement{
			onNodes("one", "In", "b"), onNodes("two", "In", "a", "b"), onNodes("not", "NotIn", "a"),
			onNodes("some", "Exists"), onNodes("none", "DoesNotExist"), onNodes("team", "In", "search"),
			onNodes("n", "Gt", "7"), onNodes("n", "Lt", "9"), onNodes("n", "Gt", "7"), onNodes("n", "Lt", "9"),
			onNodes("any", "Lt", "9223372036854775807"), onNodes("any", "Lt", "9223372036854775807"), onNodes("bad", "Gt", "x"),
		},
		Taints: []corev1.Taint{{Key: "team", Value: "data", Effect: "NoSchedule"}},
	}
	if diff := cmp.Diff(want, nodepool.NodesOf(pool)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
