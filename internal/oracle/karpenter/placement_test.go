package karpenter_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	corev1 "k8s.io/api/core/v1"
	karpv1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	provisioning "sigs.k8s.io/karpenter/pkg/controllers/provisioning/scheduling"
	"sigs.k8s.io/karpenter/pkg/scheduling"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

const (
	instanceCPU        = "karpenter.k8s.aws/instance-cpu"
	instanceFamily     = "karpenter.k8s.aws/instance-family"
	instanceGeneration = "karpenter.k8s.aws/instance-generation"
	autoModeMemory     = "eks.amazonaws.com/instance-memory"
)

// labels are the keys of pools and pods, with values that some of them share.
var labels = map[string][]string{
	"workload":                        {"spark", "kafka", "flink", ""},
	"company.com/tier":                {"gold", "2", "3", "4", "12"},
	corev1.LabelTopologyZone:          {"a", "b", "c"},
	corev1.LabelFailureDomainBetaZone: {"a", "b", "c"},
	corev1.LabelArchStable:            {"amd64", "arm64"},
	"beta.kubernetes.io/arch":         {"amd64", "arm64"},
	karpv1.CapacityTypeLabelKey:       {"spot", "on-demand"},
	karpv1.NodePoolLabelKey:           {"pool", "other"},
	instanceCPU:                       {"2", "4", "8", "16"},
	instanceFamily:                    {"r5", "r6g", "m7g", "new"},
	instanceGeneration:                {"5", "6", "7"},
	autoModeMemory:                    {"1", "2", "3", "4096"},
	corev1.LabelOSStable:              {"linux", "windows"},
	corev1.LabelInstanceTypeStable:    {"r5.large", "r6g.large", "m7g.large", "e2-standard-4"},
	corev1.LabelInstanceType:          {"r5.large", "r6g.large", "m7g.large", "e2-standard-4"},
	corev1.LabelTopologyRegion:        {"east", "west"},
}

var keys = slices.Sorted(maps.Keys(labels))

// A generator makes pools and pods that the API server takes.
type generator struct {
	*rand.Rand
	keys []string // the few labels of one pair, so that it has some in common
}

// seed is always the same, unless MILLRACE_SEED names another one.
func seed(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv("MILLRACE_SEED")
	if text == "" {
		return 1
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func newGenerator(seed uint64) *generator { return &generator{Rand: rand.New(rand.NewPCG(seed, 2026))} }

// pair makes a pool and a pod.
func (g *generator) pair() (*karpenterv1.NodePool, *corev1.Pod) {
	g.keys = slices.Clone(keys)
	g.Shuffle(len(g.keys), func(i, j int) { g.keys[i], g.keys[j] = g.keys[j], g.keys[i] })
	g.keys = g.keys[:1+g.IntN(4)]
	return g.pool(), g.pod()
}

func pick[T any](g *generator, of ...T) T { return of[g.IntN(len(of))] }

// values returns one to three different ones.
func (g *generator) values(of []string) []string {
	out := slices.Clone(of)
	g.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:1+g.IntN(min(3, len(out)))]
}

func (g *generator) expression(operators ...string) (key, operator string, values []string) {
	key, operator = pick(g, g.keys...), pick(g, operators...)
	switch operator {
	case "In", "NotIn":
		values = g.values(labels[key])
	case "Exists", "DoesNotExist":
	default:
		values = []string{pick(g, "0", "1", strconv.Itoa(1+g.IntN(5)), strconv.Itoa(1+g.IntN(5)), strconv.Itoa(1+g.IntN(5)), "4095")}
	}
	return key, operator, values
}

func (g *generator) pool() *karpenterv1.NodePool {
	pool := &karpenterv1.NodePool{}
	pool.Name = "pool"
	template := &pool.Spec.Template
	template.Spec.NodeClassRef = karpenterv1.NodeClassReference{Group: "karpenter.k8s.aws", Kind: "EC2NodeClass", Name: "default"}
	if g.IntN(2) == 0 {
		template.Metadata = &karpenterv1.ObjectMeta{Labels: map[string]string{}}
		for range 1 + g.IntN(2) {
			key := pick(g, "workload", "company.com/tier", corev1.LabelTopologyZone, corev1.LabelArchStable, instanceFamily)
			template.Metadata.Labels[key] = pick(g, labels[key]...)
		}
	}
	for range g.IntN(5) {
		key, operator, values := g.expression("In", "In", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gt", "Lt", "Gte", "Lte")
		if key == karpv1.NodePoolLabelKey {
			continue // A requirement can't be on it.
		}
		one := karpenterv1.NodeSelectorRequirementWithMinValues{Key: key, Operator: karpenterv1.NodeSelectorOperator(operator), Values: values}
		if g.IntN(5) == 0 {
			one.MinValues = new(int64(1 + g.IntN(max(len(values), 1)))) // How many there must be is another question.
		}
		template.Spec.Requirements = append(template.Spec.Requirements, one)
	}
	for range g.IntN(3) {
		template.Spec.Taints = append(template.Spec.Taints, corev1.Taint{
			Key: pick(g, "workload", "company.com/tier"), Value: pick(g, "spark", "", "1", "12", "x1"),
			Effect: pick(g, corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute)})
	}
	if g.IntN(4) == 0 {
		template.Spec.StartupTaints = []corev1.Taint{{Key: "node.cilium.io/agent-not-ready", Effect: corev1.TaintEffectNoExecute}}
	}
	return pool
}

func (g *generator) pod() *corev1.Pod {
	pod := &corev1.Pod{}
	if g.IntN(2) == 0 {
		pod.Spec.NodeSelector = map[string]string{}
		for range 1 + g.IntN(2) {
			key := pick(g, g.keys...)
			pod.Spec.NodeSelector[key] = pick(g, labels[key]...)
		}
	}
	if g.IntN(3) > 0 {
		required := &corev1.NodeSelector{}
		for range 1 + g.IntN(3) {
			var term corev1.NodeSelectorTerm
			for range min(g.IntN(20), 1+g.IntN(3)) {
				key, operator, values := g.expression("In", "In", "NotIn", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
				term.MatchExpressions = append(term.MatchExpressions, corev1.NodeSelectorRequirement{
					Key: key, Operator: corev1.NodeSelectorOperator(operator), Values: values})
			}
			if g.IntN(8) == 0 {
				term.MatchFields = []corev1.NodeSelectorRequirement{{Key: "metadata.name", Operator: corev1.NodeSelectorOpIn, Values: []string{"node-7"}}}
			}
			required.NodeSelectorTerms = append(required.NodeSelectorTerms, term)
		}
		pod.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: required}}
	}
	for range g.IntN(4) {
		t := corev1.Toleration{
			Key:    pick(g, "workload", "company.com/tier", ""),
			Effect: pick(g, "", corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute),
		}
		t.Operator = pick(g, corev1.TolerationOpEqual, "", corev1.TolerationOpExists, corev1.TolerationOpGt, corev1.TolerationOpLt)
		if t.Key == "" {
			t.Operator = corev1.TolerationOpExists
		}
		switch t.Operator {
		case corev1.TolerationOpGt, corev1.TolerationOpLt:
			t.Value = strconv.Itoa(g.IntN(14))
		case corev1.TolerationOpExists:
		default:
			t.Value = pick(g, "spark", "", "1", "12")
		}
		pod.Spec.Tolerations = append(pod.Spec.Tolerations, t)
	}
	return pod
}

// template is the pool as Karpenter's scheduler has it.
func template(t *testing.T, pool *karpenterv1.NodePool) *provisioning.NodeClaimTemplate {
	t.Helper()
	return provisioning.NewNodeClaimTemplate(upstream(t, pool))
}

// alternatives returns the pod once for each term of its affinity, as
// Karpenter tries it: with the first, and then without it.
func alternatives(pod *corev1.Pod) []*corev1.Pod {
	if pod.Spec.Affinity == nil {
		return []*corev1.Pod{pod}
	}
	var out []*corev1.Pod
	for _, term := range pod.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms {
		one := pod.DeepCopy()
		one.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms = []corev1.NodeSelectorTerm{term}
		out = append(out, one)
	}
	return out
}

func placement(pod *corev1.Pod) millrace.Placement {
	return millrace.Placement{NodeSelector: pod.Spec.NodeSelector, Affinity: pod.Spec.Affinity, Tolerations: pod.Spec.Tolerations}
}

// TestCompatible holds the labels of random pods against random pools, by
// Karpenter's code and by ours. They may differ only where Karpenter's way of
// keeping a requirement loses something, and never so that Karpenter refuses
// what we say it takes: then a pod would be Pending that no rule speaks of.
func TestCompatible(t *testing.T) {
	karpv1.WellKnownLabels.Insert(instanceCPU, instanceFamily, instanceGeneration, autoModeMemory) // So do the providers for AWS.
	g := newGenerator(seed(t))
	const pairs = 60000
	judged, taken := 0, 0
	differences := map[string]int{}
	for range pairs {
		pool, pod := g.pair()
		nodes, claim := nodepool.NodesOf(pool), template(t, pool)
		for _, one := range alternatives(pod) {
			judged++
			ours := len(nodes.Refuses(placement(one)).Labels) == 0
			theirs := claim.Requirements.Compatible(scheduling.NewStrictPodRequirements(one.DeepCopy()), scheduling.AllowUndefinedWellKnownLabels)
			switch {
			case ours == (theirs == nil):
				if ours {
					taken++
				}
			case ours:
				t.Fatalf("we say that the pool takes the pod, Karpenter says %v\npool %s\npod %s", theirs, text(nodes), text(one.Spec))
			default:
				reason := whyKarpenterTakes(nodes, one)
				if differences[reason]++; reason == "" {
					t.Fatalf("Karpenter takes the pod, and we say %v\npool %s\npod %s", nodes.Refuses(placement(one)).Labels, text(nodes), text(one.Spec))
				}
			}
		}
		// The terms are alternatives for both.
		if any := slices.ContainsFunc(alternatives(pod), func(one *corev1.Pod) bool { return len(nodes.Refuses(placement(one)).Labels) == 0 }); any != (len(nodes.Refuses(placement(pod)).Labels) == 0) {
			t.Fatalf("the terms are no alternatives\npool %s\npod %s", text(nodes), text(pod.Spec))
		}
	}
	t.Logf("%d pairs with %d terms, of which both take %d", pairs, judged, taken)
	for _, reason := range slices.Sorted(maps.Keys(differences)) {
		t.Logf("%5d differences: %s", differences[reason], reason)
	}
	if len(differences) < 6 {
		t.Error("one of the known differences didn't come up")
	}
	if taken < judged/5 || taken > judged*4/5 {
		t.Error("the pairs say little")
	}
}

// whyKarpenterTakes returns why Karpenter takes a pod that the scheduler
// doesn't put on any node of the pool, or nothing.
func whyKarpenterTakes(nodes millrace.NodeShape, pod *corev1.Pod) string {
	for _, m := range nodes.Refuses(placement(pod)).Labels {
		switch {
		case m.Key == "":
			return "a term without expressions: the scheduler meets it nowhere, Karpenter everywhere"
		case emptied(m.Asked):
			return "the pod asks for two values of one label: Karpenter takes it for no label"
		case emptied(m.Told):
			return "the pool has no value that meets its own requirements: Karpenter takes it for no label"
		case forgetful(m.Asked), forgetful(m.Told):
			return "NotIn beside Exists, Gt or Lt: Karpenter forgets that the label must be there"
		case belowZero(append(slices.Clone(m.Told), m.Asked...)):
			return "Lt 0: no number is, and Karpenter doesn't know"
		case m.Key == corev1.LabelArchStable && len(m.Told) == 1 && has(nodes.Requirements, "In") && slices.ContainsFunc(nodes.Requirements, func(r corev1.NodeSelectorRequirement) bool {
			return r.Key == instanceFamily || r.Key == corev1.LabelInstanceTypeStable || r.Key == corev1.LabelInstanceType
		}), m.Key == corev1.LabelArchStable && (nodes.Labels[instanceFamily] != "" || nodes.Labels[corev1.LabelInstanceTypeStable] != "" || nodes.Labels[corev1.LabelInstanceType] != ""):
			return "the machines' names tell their architecture: Karpenter learns it when it looks for one"
		case crowded(append(slices.Clone(m.Told), m.Asked...)):
			return "NotIn names every number between Gt and Lt: Karpenter doesn't count them"
		}
	}
	return ""
}

func requirement(of []corev1.NodeSelectorRequirement) *scheduling.Requirement {
	return scheduling.NewNodeSelectorRequirements(of...)[of[0].Key]
}

func has(of []corev1.NodeSelectorRequirement, operators ...corev1.NodeSelectorOperator) bool {
	return slices.ContainsFunc(of, func(r corev1.NodeSelectorRequirement) bool { return slices.Contains(operators, r.Operator) })
}

func emptied(of []corev1.NodeSelectorRequirement) bool {
	return len(of) > 1 && requirement(of).Operator() == corev1.NodeSelectorOpDoesNotExist && has(of, "In", "Exists", "Gt", "Lt")
}

func forgetful(of []corev1.NodeSelectorRequirement) bool {
	return len(of) > 1 && requirement(of).Operator() == corev1.NodeSelectorOpNotIn && has(of, "Exists", "Gt", "Lt")
}

func belowZero(of []corev1.NodeSelectorRequirement) bool {
	return slices.ContainsFunc(of, func(r corev1.NodeSelectorRequirement) bool {
		return r.Operator == corev1.NodeSelectorOpLt && r.Values[0] == "0"
	})
}

func crowded(of []corev1.NodeSelectorRequirement) bool {
	return has(of, "NotIn") && has(of, "Gt") && has(of, "Lt")
}

// TestTolerates holds taints against tolerations. Karpenter gives pods that
// find no node a toleration of all that only PreferNoSchedule keeps off.
func TestTolerates(t *testing.T) {
	g := newGenerator(seed(t))
	const pairs = 30000
	tolerated := 0
	for range pairs {
		pool, pod := g.pair()
		relaxed := pod.DeepCopy()
		relaxed.Spec.Tolerations = append(relaxed.Spec.Tolerations, corev1.Toleration{Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectPreferNoSchedule})
		err := scheduling.Taints(template(t, pool).Spec.Taints).ToleratesPod(relaxed)
		left := nodepool.NodesOf(pool).Untolerated(pod.Spec.Tolerations)
		if (err == nil) != (len(left) == 0) {
			t.Fatalf("Karpenter says %v, we say %v\ntaints %s\ntolerations %s", err, left, text(pool.Spec.Template.Spec.Taints), text(pod.Spec.Tolerations))
		}
		if err == nil && len(pool.Spec.Template.Spec.Taints) > 0 {
			tolerated++
		}
	}
	t.Logf("%d pairs, %d pods tolerated all of one taint or more", pairs, tolerated)
	if tolerated < pairs/20 {
		t.Error("too few pods tolerated anything for the test to say much")
	}
}

// TestHostname: Karpenter refuses pods that ask for a host, as it makes new
// ones only. A pool may well have that node already.
func TestHostname(t *testing.T) {
	pool := &karpenterv1.NodePool{}
	pool.Name = "pool"
	pod := &corev1.Pod{Spec: corev1.PodSpec{NodeSelector: map[string]string{corev1.LabelHostname: "node-7"}}}
	if err := template(t, pool).Requirements.Compatible(scheduling.NewStrictPodRequirements(pod), scheduling.AllowUndefinedWellKnownLabels); err == nil {
		t.Error("Karpenter takes the pod after all")
	}
	if r := nodepool.NodesOf(pool).Refuses(placement(pod)); !r.Empty() {
		t.Errorf("the pool refuses the pod: %v", r)
	}
}

func text(v any) string {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}
