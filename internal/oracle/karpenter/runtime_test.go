package karpenter_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/sets"
	karpv1 "sigs.k8s.io/karpenter/pkg/apis/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

const awsDomain = "karpenter.k8s.aws"

// awsLabels are those that Karpenter's AWS provider adds, whose module can't be
// linked here.
var awsLabels = []string{awsDomain + "/instance-family", awsDomain + "/instance-cpu", awsDomain + "/instance-tenancy"}

// onAWS does to Karpenter's tables what its AWS provider does, for one test.
func onAWS(t *testing.T) {
	domains, wellKnown := karpv1.RestrictedLabelDomains.Clone(), karpv1.WellKnownLabels.Clone()
	karpv1.RestrictedLabelDomains.Insert(awsDomain)
	karpv1.WellKnownLabels.Insert(awsLabels...)
	tenancy := awsDomain + "/instance-tenancy"
	karpv1.WellKnownValuesForRequirements[tenancy] = sets.New("default", "dedicated")
	t.Cleanup(func() {
		karpv1.RestrictedLabelDomains, karpv1.WellKnownLabels = domains, wellKnown
		delete(karpv1.WellKnownValuesForRequirements, tenancy)
	})
}

// The words are right and wrong in the ways that RuntimeValidate tells apart.
var (
	long       = strings.Repeat("a", 64)
	wordKeys   = []string{"workload", "company.com/tier", "Company.com/tier", "a b", "", "a/b/c", long, "x/" + long, "karpenter.sh/nodepool", "karpenter.sh/registered", "karpenter.sh/capacity-type", "kubernetes.io/hostname", awsDomain + "/instance-family", awsDomain + "/colour", "my." + awsDomain + "/x", awsDomain + "/instance-tenancy", "eks.amazonaws.com/instance-family"}
	wordValues = []string{"", "spark", "spark executor", "-", long, "spot", "on-demand", "reserved", "preemptible", "default", "host", "4", "-4", "x/y"}
	operators  = []string{"In", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte", "Near"}
	effects    = []corev1.TaintEffect{"NoSchedule", "NoExecute", "PreferNoSchedule", "NO_SCHEDULE", ""}
)

// mistaken makes a NodePool that has a few of the words.
func (g *generator) mistaken() *karpenterv1.NodePool {
	pool := &karpenterv1.NodePool{}
	pool.APIVersion, pool.Kind, pool.Name = "karpenter.sh/v1", "NodePool", "pool"
	pool.Spec.Disruption = &karpenterv1.Disruption{ConsolidateAfter: "5m"}
	template := &pool.Spec.Template
	template.Spec.NodeClassRef = karpenterv1.NodeClassReference{Group: awsDomain, Kind: "EC2NodeClass", Name: "default"}
	template.Spec.Requirements = []karpenterv1.NodeSelectorRequirementWithMinValues{}
	for range g.IntN(2) {
		template.Metadata = &karpenterv1.ObjectMeta{Labels: map[string]string{pick(g, wordKeys...): pick(g, wordValues...)}}
	}
	for range g.IntN(2) {
		r := karpenterv1.NodeSelectorRequirementWithMinValues{Key: pick(g, wordKeys...), Operator: karpenterv1.NodeSelectorOperator(pick(g, operators...))}
		r.Values = g.values(wordValues)
		if op := r.Operator; op == "Exists" || op == "DoesNotExist" || op != "In" && op != "NotIn" && g.IntN(3) > 0 {
			r.Values = r.Values[:min(len(r.Values), g.IntN(2))]
		}
		if g.IntN(4) == 0 {
			r.MinValues = new(int64(1 + g.IntN(3)))
		}
		template.Spec.Requirements = append(template.Spec.Requirements, r)
	}
	taint := func() corev1.Taint {
		return corev1.Taint{Key: pick(g, wordKeys[:8]...), Value: pick(g, wordValues...), Effect: pick(g, effects...)}
	}
	for range g.IntN(2) {
		template.Spec.Taints = append(template.Spec.Taints, taint())
	}
	for range g.IntN(2) {
		template.Spec.StartupTaints = append(template.Spec.StartupTaints, taint())
	}
	if len(template.Spec.Taints) > 0 && g.IntN(4) == 0 {
		template.Spec.StartupTaints = append(template.Spec.StartupTaints, template.Spec.Taints[0])
	}
	return pool
}

// runtimeValidate is Karpenter's own word.
func runtimeValidate(t *testing.T, pool *karpenterv1.NodePool) error {
	t.Helper()
	data, err := json.Marshal(pool)
	if err != nil {
		t.Fatal(err)
	}
	var theirs karpv1.NodePool
	if err := json.Unmarshal(data, &theirs); err != nil {
		t.Fatal(err)
	}
	return theirs.RuntimeValidate(t.Context())
}

// findings are what the schema and the rules of errors say of a pool, by rule.
func findings(t *testing.T, pool *karpenterv1.NodePool) []string {
	t.Helper()
	data, err := json.Marshal(pool)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := utiljson.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	s, ok := schema.For(schema.GVK{Group: "karpenter.sh", Version: "v1", Kind: "NodePool"})
	if !ok {
		t.Fatal("no schema")
	}
	var out []string
	s.Check(tree, func(p schema.Problem) { out = append(out, p.Rule) })
	for _, rule := range nodepool.Rules() {
		if rule.Severity == millrace.Error {
			rule.Check(&millrace.Pass{Object: pool, Bundle: new(millrace.Bundle), Report: func(string, string) { out = append(out, rule.ID) }})
		}
	}
	return out
}

// TestRuntimeValidate holds what the schema and nodepool/runtime say against
// Karpenter: what it refuses is found, and nodepool/runtime finds nothing else.
func TestRuntimeValidate(t *testing.T) {
	onAWS(t)
	g := newGenerator(seed(t))
	refused, byRule := 0, 0
	for range 10000 {
		pool := g.mistaken()
		err, found := runtimeValidate(t, pool), findings(t, pool)
		switch {
		case err != nil && len(found) == 0:
			t.Fatalf("Karpenter says %v, we nothing of\n%s", err, text(pool.Spec.Template))
		case err == nil && slices.Contains(found, "nodepool/runtime"):
			t.Fatalf("Karpenter says nothing, we %v of\n%s", found, text(pool.Spec.Template))
		}
		if err != nil {
			refused++
			if !slices.ContainsFunc(found, func(rule string) bool { return rule != "nodepool/runtime" }) {
				byRule++
			}
		}
	}
	if refused < 5000 || byRule < 300 {
		t.Errorf("%d pools refused, %d of them by nodepool/runtime alone", refused, byRule)
	}
	t.Logf("%d pools refused, %d of them by nodepool/runtime alone", refused, byRule)
}

// TestBuildIsAccepted builds pools of the same words: what Build lets through,
// the API server and Karpenter take.
func TestBuildIsAccepted(t *testing.T) {
	onAWS(t)
	g := newGenerator(seed(t))
	built := 0
	for range 50000 {
		m := g.mistaken().Spec.Template
		k := nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default"}, Requirements: m.Spec.Requirements}
		p := &nodepool.Pool{Name: "pool", Machine: "r6i.4xlarge", Max: 1, Taints: m.Spec.Taints, StartupTaints: m.Spec.StartupTaints}
		switch {
		case m.Metadata == nil:
		case g.IntN(2) == 0:
			p.Labels = m.Metadata.Labels
		default:
			k.Base.Template.Metadata = m.Metadata
		}
		p.Provider = k
		pool, err := p.NodePool()
		if err != nil {
			continue
		}
		built++
		if err := runtimeValidate(t, pool); err != nil {
			t.Fatalf("Karpenter says %v of\n%s", err, text(pool.Spec.Template))
		}
		if found := slices.DeleteFunc(findings(t, pool), func(rule string) bool { return rule == "nodepool/requirements" }); len(found) > 0 {
			t.Fatalf("%v in\n%s", found, text(pool.Spec.Template))
		}
	}
	if built < 1000 {
		t.Errorf("only %d pools were built", built)
	}
	t.Logf("%d pools were built", built)
}
