package policy

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// TestLandings holds the index against asking every pool.
func TestLandings(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	keys := []string{"workload", "team", "karpenter.sh/nodepool", "cloud.google.com/compute-class", corev1.LabelTopologyZone, corev1.LabelArchStable, "beta.kubernetes.io/arch"}
	values := []string{"a", "b", "c", ""}
	key := func() string { return keys[r.IntN(len(keys))] }
	value := func() string { return values[r.IntN(len(values))] }
	requirement := func() corev1.NodeSelectorRequirement {
		out := corev1.NodeSelectorRequirement{Key: key(), Operator: []corev1.NodeSelectorOperator{"In", "NotIn", "Exists", "DoesNotExist"}[r.IntN(4)]}
		for range r.IntN(3) + 1 {
			if out.Operator == "In" || out.Operator == "NotIn" {
				out.Values = append(out.Values, value())
			}
		}
		return out
	}
	some := func(most int, f func()) {
		for range r.IntN(most + 1) {
			f()
		}
	}
	taken, refused := 0, 0
	for range 300 {
		var pools []millrace.NodeShape
		for i := range 8 {
			pool := millrace.NodeShape{Pool: fmt.Sprint(i), Labels: map[string]string{}}
			some(3, func() { pool.Labels[key()] = value() })
			some(1, func() { pool.Requirements = append(pool.Requirements, requirement()) })
			some(1, func() {
				pool.Taints = append(pool.Taints, corev1.Taint{Key: key(), Value: value(), Effect: "NoSchedule"})
			})
			pools = append(pools, pool)
		}
		l := newLandings(pools)
		for range 20 {
			var pod millrace.Pod
			spec := &pod.Template.Spec
			spec.NodeSelector = map[string]string{}
			some(2, func() { spec.NodeSelector[key()] = value() })
			some(2, func() {
				spec.Tolerations = append(spec.Tolerations, corev1.Toleration{Key: key(), Value: value(), Operator: []corev1.TolerationOperator{"", "Exists"}[r.IntN(2)]})
			})
			var terms []corev1.NodeSelectorTerm
			some(2, func() {
				var term corev1.NodeSelectorTerm
				some(2, func() { term.MatchExpressions = append(term.MatchExpressions, requirement()) })
				terms = append(terms, term)
			})
			if len(terms) > 0 {
				spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: terms}}}
			}
			var want []int
			for i, pool := range pools {
				if refuses(pool, admitted(pod)).Empty() {
					want = append(want, i)
				}
			}
			if got := l.on(pod); !slices.Equal(got, want) {
				t.Fatalf("%v, want %v, of %+v for %+v", got, want, pools, spec)
			}
			taken, refused = taken+len(want), refused+len(pools)-len(want)
		}
	}
	if taken < 1000 || refused < 1000 {
		t.Errorf("%d taken, %d refused: the test doesn't say much", taken, refused)
	}
}

// TestPlacementKey: what differs in where it lands differs in its key.
func TestPlacementKey(t *testing.T) {
	affinity := func(op corev1.NodeSelectorOperator, values ...string) *corev1.Affinity {
		return &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{
			NodeSelectorTerms: []corev1.NodeSelectorTerm{{MatchExpressions: []corev1.NodeSelectorRequirement{{Key: "a", Operator: op, Values: values}}}}}}}
	}
	seen := map[string]int{}
	for i, p := range []millrace.Placement{
		{},
		{NodeSelector: map[string]string{"a": "b"}},
		{NodeSelector: map[string]string{"a": "c"}},
		{NodeSelector: map[string]string{"b": "c"}},
		{NodeSelector: map[string]string{"a": "b", "b": "c"}},
		{Tolerations: []corev1.Toleration{{Key: "a"}}},
		{Tolerations: []corev1.Toleration{{Key: "a", Value: "b"}}},
		{Tolerations: []corev1.Toleration{{Key: "a", Operator: "Exists"}}},
		{Tolerations: []corev1.Toleration{{Key: "a", Effect: "NoSchedule"}}},
		{Tolerations: []corev1.Toleration{{Key: "a"}, {Key: "b"}}},
		{Affinity: affinity("In", "b")},
		{Affinity: affinity("NotIn", "b")},
		{Affinity: affinity("In", "b", "c")},
	} {
		if other, ok := seen[placementKey(p)]; ok {
			t.Errorf("placements %d and %d have one key", other, i)
		}
		seen[placementKey(p)] = i
	}
}
