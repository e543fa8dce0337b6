package millrace_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"

	"github.com/millrace/millrace"
)

const (
	zone = corev1.LabelTopologyZone
	cpu  = "karpenter.k8s.aws/instance-cpu"
)

func expr(key string, operator corev1.NodeSelectorOperator, values ...string) corev1.NodeSelectorRequirement {
	return corev1.NodeSelectorRequirement{Key: key, Operator: operator, Values: values}
}

// affine is a placement whose required affinity has these terms.
func affine(terms ...corev1.NodeSelectorTerm) millrace.Placement {
	return millrace.Placement{Affinity: &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: terms},
	}}}
}

func term(of ...corev1.NodeSelectorRequirement) corev1.NodeSelectorTerm {
	return corev1.NodeSelectorTerm{MatchExpressions: of}
}

func selecting(pairs ...string) millrace.Placement {
	p := millrace.Placement{NodeSelector: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		p.NodeSelector[pairs[i]] = pairs[i+1]
	}
	return p
}

// sparkPool has nodes in two zones, of more than seven CPUs.
func sparkPool() millrace.NodeShape {
	return millrace.NodeShape{
		Pool:         "spark",
		Labels:       map[string]string{"workload": "spark", "empty": "", corev1.LabelInstanceTypeStable: "r6i.4xlarge"},
		Requirements: []corev1.NodeSelectorRequirement{expr(zone, "In", "a", "b"), expr(cpu, "Gt", "7"), expr("tier", "NotIn", "trial"), expr("gpu", "DoesNotExist")},
		Taints: []corev1.Taint{
			{Key: "workload", Value: "spark", Effect: corev1.TaintEffectNoSchedule},
			{Key: "soft", Effect: corev1.TaintEffectPreferNoSchedule},
		},
	}
}

func TestNodeShapeLabels(t *testing.T) {
	for name, tc := range map[string]struct {
		placement millrace.Placement
		want      string // what keeps the pod off, "; " between
	}{
		"asks for nothing":            {millrace.Placement{}, ""},
		"the pool's label":            {selecting("workload", "spark"), ""},
		"another value":               {selecting("workload", "kafka"), "has workload=spark, not kafka"},
		"an empty value":              {selecting("empty", ""), ""},
		"a label that isn't there":    {selecting("missing", ""), "has no label missing"},
		"a label that may not be":     {selecting("gpu", "a100"), "has no label gpu"},
		"two that are wrong":          {selecting("workload", "kafka", "missing", "x", "empty", ""), "has no label missing; has workload=spark, not kafka"},
		"a zone of the pool":          {selecting(zone, "b"), ""},
		"another zone":                {selecting(zone, "c"), "has " + zone + " one of a, b, where the pod asks for " + zone + "=c"},
		"an older name of the label":  {selecting("failure-domain.beta.kubernetes.io/zone", "c"), "has " + zone + " one of a, b, where the pod asks for " + zone + "=c"},
		"two names, two values":       {selecting(zone, "a", "failure-domain.beta.kubernetes.io/zone", "b"), "has " + zone + " one of a, b, where the pod asks for " + zone + "=b and " + zone + "=a"},
		"an older name, told":         {selecting("beta.kubernetes.io/instance-type", "r6i.4xlarge"), ""},
		"a cloud's own label":         {selecting("eks.amazonaws.com/capacityType", "SPOT"), ""},
		"a zone of another cloud":     {selecting("topology.gke.io/zone", "x"), ""},
		"a domain that only looks so": {selecting("notkubernetes.io/x", "y"), "has no label notkubernetes.io/x"},

		"In":                      {affine(term(expr("workload", "In", "kafka", "spark"))), ""},
		"In, without the value":   {affine(term(expr("workload", "In", "kafka", "flink"))), "has workload=spark, where the pod asks for workload one of kafka, flink"},
		"NotIn":                   {affine(term(expr("workload", "NotIn", "kafka"))), ""},
		"NotIn, of the value":     {affine(term(expr("workload", "NotIn", "spark"))), "has workload=spark, where the pod asks for workload other than spark"},
		"NotIn, of one zone":      {affine(term(expr(zone, "NotIn", "a"))), ""},
		"NotIn, of all zones":     {affine(term(expr(zone, "NotIn", "a", "b"))), "has " + zone + " one of a, b, where the pod asks for " + zone + " other than a, b"},
		"NotIn, not there":        {affine(term(expr("missing", "NotIn", "x"))), ""},
		"NotIn of both":           {affine(term(expr("tier", "NotIn", "gold"))), ""},
		"Exists":                  {affine(term(expr("workload", "Exists"))), ""},
		"Exists, not there":       {affine(term(expr("missing", "Exists"))), "has no label missing"},
		"Exists, on some":         {affine(term(expr("tier", "Exists"))), ""},
		"DoesNotExist":            {affine(term(expr("missing", "DoesNotExist"), expr("gpu", "DoesNotExist"))), ""},
		"DoesNotExist, but does":  {affine(term(expr("workload", "DoesNotExist"))), "has workload=spark, where the pod asks for no label workload"},
		"DoesNotExist, on all":    {affine(term(expr(zone, "DoesNotExist"))), "has " + zone + " one of a, b, where the pod asks for no label " + zone},
		"Gt":                      {affine(term(expr(cpu, "Gt", "15"))), ""},
		"Gt and Lt":               {affine(term(expr(cpu, "Gt", "15"), expr(cpu, "Lt", "17"))), ""},
		"Gt and Lt with nothing":  {affine(term(expr(cpu, "Gt", "15"), expr(cpu, "Lt", "16"))), "has " + cpu + " above 7, where the pod asks for " + cpu + " above 15 and " + cpu + " below 16"},
		"Gt, Lt and all between":  {affine(term(expr(cpu, "Lt", "10"), expr(cpu, "NotIn", "8", "9"))), "has " + cpu + " above 7, where the pod asks for " + cpu + " below 10 and " + cpu + " other than 8, 9"},
		"Lt":                      {affine(term(expr(cpu, "Lt", "9"))), ""},
		"Lt, below the pool's":    {affine(term(expr(cpu, "Lt", "8"))), "has " + cpu + " above 7, where the pod asks for " + cpu + " below 8"},
		"Lt of what is open":      {affine(term(expr("karpenter.k8s.aws/instance-memory", "Lt", "1"))), ""},
		"Lt 0":                    {affine(term(expr("karpenter.k8s.aws/instance-memory", "Lt", "0"))), "has no node with karpenter.k8s.aws/instance-memory below 0"},
		"Gt of a word":            {affine(term(expr("workload", "Gt", "1"))), "has workload=spark, where the pod asks for workload above 1"},
		"no number":               {affine(term(expr(cpu, "Gt", "many"))), "has " + cpu + " above 7, where the pod asks for " + cpu + " above many"},
		"an operator of no node":  {affine(term(expr("workload", "Is", "spark"))), "has workload=spark, where the pod asks for workload Is spark"},
		"one that is impossible":  {affine(term(expr("kubernetes.io/arch", "In", "arm64"), expr("kubernetes.io/arch", "In", "amd64"))), "has no node with kubernetes.io/arch=arm64 and kubernetes.io/arch=amd64"},
		"terms are alternatives":  {affine(term(expr("workload", "In", "kafka")), term(expr("workload", "In", "spark"))), ""},
		"the nearest alternative": {affine(term(expr("workload", "In", "kafka"), expr("missing", "Exists")), term(expr("workload", "In", "flink"))), "has workload=spark, not flink"},
		"an empty term":           {affine(term(), term(expr("workload", "In", "flink"))), "has workload=spark, not flink"},
		"only empty terms":        {affine(term()), "has no node for an affinity that has only empty terms"},
		"no terms":                {affine(), "has no node for an affinity that has only empty terms"},
		"a node's name":           {affine(corev1.NodeSelectorTerm{MatchFields: []corev1.NodeSelectorRequirement{expr("metadata.name", "In", "node-7")}}), ""},
		"a node's name and more":  {affine(corev1.NodeSelectorTerm{MatchFields: []corev1.NodeSelectorRequirement{expr("metadata.name", "In", "node-7")}, MatchExpressions: term(expr("workload", "In", "kafka")).MatchExpressions}), "has workload=spark, not kafka"},
		"what is only preferred": {millrace.Placement{Affinity: &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
			PreferredDuringSchedulingIgnoredDuringExecution: []corev1.PreferredSchedulingTerm{{Weight: 1, Preference: term(expr("workload", "In", "kafka"))}},
		}}}, ""},
		"selector and affinity": {func() millrace.Placement {
			p := affine(term(expr(zone, "In", "a")))
			p.NodeSelector = map[string]string{zone: "b"}
			return p
		}(), "has " + zone + " one of a, b, where the pod asks for " + zone + "=b and " + zone + "=a"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, m := range sparkPool().Refuses(tc.placement).Labels {
				got = append(got, m.String())
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A pool may tell a label by its older name, or by both.
func TestNodeShapeOlderLabels(t *testing.T) {
	pool := millrace.NodeShape{Labels: map[string]string{"beta.kubernetes.io/arch": "arm64"}, Requirements: []corev1.NodeSelectorRequirement{expr("failure-domain.beta.kubernetes.io/zone", "In", "a")}}
	if r := pool.Refuses(selecting(corev1.LabelArchStable, "arm64", zone, "a")); !r.Empty() {
		t.Errorf("the pool refuses its own labels: %v", r.Labels)
	}
	if r := pool.Refuses(selecting(corev1.LabelArchStable, "amd64", zone, "b")); len(r.Labels) != 2 {
		t.Errorf("the pool refuses %v, want the architecture and the zone", r.Labels)
	}
}

func TestNodeShapeTaints(t *testing.T) {
	for _, tc := range []struct {
		toleration corev1.Toleration
		tolerated  bool
	}{
		{corev1.Toleration{Key: "workload", Operator: corev1.TolerationOpEqual, Value: "spark", Effect: corev1.TaintEffectNoSchedule}, true},
		{corev1.Toleration{Key: "workload", Value: "spark"}, true},
		{corev1.Toleration{Key: "workload", Operator: corev1.TolerationOpExists}, true},
		{corev1.Toleration{Operator: corev1.TolerationOpExists}, true},
		{corev1.Toleration{Key: "workload", Value: "kafka"}, false},
		{corev1.Toleration{Key: "workload", Value: "spark", Effect: corev1.TaintEffectNoExecute}, false},
		{corev1.Toleration{Key: "other", Operator: corev1.TolerationOpExists}, false},
		{corev1.Toleration{Key: "workload", Operator: corev1.TolerationOpGt, Value: "1"}, false},
	} {
		refusal := sparkPool().Refuses(millrace.Placement{Tolerations: []corev1.Toleration{tc.toleration}})
		if refusal.Empty() != tc.tolerated || len(refusal.Labels) > 0 {
			t.Errorf("toleration %+v: %+v, want tolerated %v", tc.toleration, refusal, tc.tolerated)
		}
	}
	numbered := millrace.NodeShape{Taints: []corev1.Taint{{Key: "reliability", Value: "950", Effect: corev1.TaintEffectNoSchedule}}}
	if left := numbered.Untolerated([]corev1.Toleration{{Key: "reliability", Operator: corev1.TolerationOpGt, Value: "900"}}); len(left) > 0 {
		t.Errorf("a toleration that compares: %v", left)
	}
}

// TestNodeShapeAgainstNodes makes pools and pods of two labels at random and
// every node that there can be of them: the pool must take the pod exactly
// if the scheduler's own code finds a node of the pool that does.
func TestNodeShapeAgainstNodes(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	keys := []string{"tier", zone}
	words := []string{"a", "b", "2", "3"}
	requirement := func() corev1.NodeSelectorRequirement {
		key := keys[r.IntN(len(keys))]
		switch operator := []corev1.NodeSelectorOperator{"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"}[r.IntN(6)]; operator {
		case "In", "NotIn":
			from := r.IntN(3)
			return expr(key, operator, words[from:from+1+r.IntN(2)]...)
		case "Gt", "Lt":
			return expr(key, operator, strconv.Itoa(r.IntN(5)))
		default:
			return expr(key, operator)
		}
	}
	some := func(most int) []corev1.NodeSelectorRequirement {
		out := make([]corev1.NodeSelectorRequirement, r.IntN(most+1))
		for i := range out {
			out[i] = requirement()
		}
		return out
	}
	var nodes []*corev1.Node
	values := append([]string{"", "c", "0", "1", "4", "5", "6", "7", "8", "9"}, words...)
	for _, tier := range values {
		for _, zoneName := range values {
			labels := map[string]string{}
			if tier != "" {
				labels["tier"] = tier
			}
			if zoneName != "" {
				labels[zone] = zoneName
			}
			nodes = append(nodes, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Labels: labels}})
		}
	}
	matches := func(node *corev1.Node, selector map[string]string, of ...corev1.NodeSelectorTerm) bool {
		var affinity *corev1.Affinity
		if len(of) > 0 {
			affinity = affine(of...).Affinity
		}
		ok, err := nodeaffinity.NewRequiredNodeAffinity(selector, affinity).Match(node)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	const cases = 3000
	taken, dead := 0, 0
	for range cases {
		pool := millrace.NodeShape{Requirements: some(3)}
		ofPool := pool.Requirements
		if !slices.ContainsFunc(ofPool, func(req corev1.NodeSelectorRequirement) bool { return req.Key == "tier" }) {
			ofPool = append(ofPool[:len(ofPool):len(ofPool)], expr("tier", "DoesNotExist"))
		}
		var own []*corev1.Node
		for _, node := range nodes {
			if matches(node, nil, term(ofPool...)) {
				own = append(own, node)
			}
		}
		if len(own) == 0 {
			dead++ // Its requirements contradict each other, which is its own mistake.
			continue
		}
		var pod millrace.Placement
		if r.IntN(4) > 0 {
			pod = affine(term(some(3)...), term(some(2)...))
		}
		if r.IntN(3) == 0 {
			pod.NodeSelector = map[string]string{keys[r.IntN(2)]: words[r.IntN(4)]}
		}
		want := slices.ContainsFunc(own, func(node *corev1.Node) bool {
			if pod.Affinity == nil {
				return matches(node, pod.NodeSelector)
			}
			return matches(node, pod.NodeSelector, pod.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms...)
		})
		if got := pool.Refuses(pod).Empty(); got != want {
			t.Fatalf("pool %v\npod %v %v\ntakes it: %v, the scheduler says %v", pool.Requirements, pod.NodeSelector, pod.Affinity, got, want)
		}
		if want {
			taken++
		}
	}
	t.Logf("%d of %d pods were taken; %d pools have no nodes", taken, cases, dead)
	if judged := cases - dead; judged < cases/2 || taken < judged/5 || taken > judged*4/5 {
		t.Error("the cases say little")
	}
}

func TestPoolLabel(t *testing.T) {
	for key, want := range map[string]bool{
		"workload": true, "company.com/pool": true, "agentpool": true, "notkubernetes.io/x": true, "karpenter.sh": true,
		"karpenter.sh/nodepool": true, "cloud.google.com/gke-nodepool": true, "eks.amazonaws.com/nodegroup": true, "kubernetes.azure.com/agentpool": true,
		zone: false, corev1.LabelHostname: false, corev1.LabelInstanceTypeStable: false, "karpenter.sh/capacity-type": false, cpu: false,
		"cloud.google.com/gke-spot": false, "eks.amazonaws.com/capacityType": false, "topology.ebs.csi.aws.com/zone": false, "nvidia.com/gpu.product": false,
	} {
		if got := millrace.PoolLabel(key); got != want {
			t.Errorf("PoolLabel(%q) = %v, want %v", key, got, want)
		}
	}
}

func TestTied(t *testing.T) {
	for name, tc := range map[string]struct {
		placement millrace.Placement
		want      bool
	}{
		"nothing":                     {millrace.Placement{}, false},
		"a toleration":                {millrace.Placement{Tolerations: []corev1.Toleration{{Key: "workload", Value: "spark"}}}, false},
		"a label of one's own":        {selecting("workload", "spark"), true},
		"a zone":                      {selecting(zone, "a"), false},
		"a pool's name":               {selecting("karpenter.sh/nodepool", "spark"), true},
		"an affinity":                 {affine(term(expr("workload", "In", "spark"), expr(zone, "In", "a"))), true},
		"a way out":                   {affine(term(expr("workload", "In", "spark")), term(expr(zone, "In", "a"))), false},
		"what it doesn't want":        {affine(term(expr("workload", "NotIn", "spark"), expr("gpu", "DoesNotExist"))), false},
		"a node":                      {affine(corev1.NodeSelectorTerm{MatchFields: []corev1.NodeSelectorRequirement{expr("metadata.name", "In", "node-7")}}), false},
		"an empty term leads nowhere": {affine(term(), term(expr("workload", "Exists"))), true},
	} {
		if got := tc.placement.Tied(); got != tc.want {
			t.Errorf("%s: tied %v, want %v", name, got, tc.want)
		}
	}
}

func TestNodeShapeClone(t *testing.T) {
	shape := sparkPool()
	c := shape.Clone()
	if diff := cmp.Diff(shape, c); diff != "" {
		t.Errorf("clone differs (-want +got):\n%s", diff)
	}
	shape.Allocatable = corev1.ResourceList{"cpu": resource.MustParse("15890m")}
	c = shape.Clone()
	c.Allocatable["cpu"] = resource.MustParse("1")
	if q := shape.Allocatable["cpu"]; q.String() != "15890m" {
		t.Errorf("the clone shares its allocatable: %s", q.String())
	}
	shape.Allocatable = nil
	c.Labels["workload"], c.Requirements[0].Values[0], c.Taints[0].Key = "x", "x", "x"
	if diff := cmp.Diff(sparkPool(), shape); diff != "" {
		t.Errorf("the clone shares memory with its original:\n%s", diff)
	}
	parts, err := millrace.Parts{Nodes: []millrace.NodeShape{shape}}.Build()
	if err != nil {
		t.Fatal(err)
	}
	parts.Nodes[0].Labels["workload"] = "x"
	if shape.Labels["workload"] != "spark" {
		t.Error("Build keeps memory in common with the parts")
	}
}

func BenchmarkRefuses(b *testing.B) {
	pool := sparkPool()
	for name, p := range map[string]millrace.Placement{
		"nothing":  {},
		"selector": selecting("workload", "spark"),
		"affinity": affine(term(expr("workload", "In", "spark"), expr(zone, "In", "a"))),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				pool.Refuses(p)
			}
		})
	}
}
