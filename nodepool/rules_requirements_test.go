package nodepool_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// details returns "id field: detail" of what some rules find in a pool that
// has these requirements and is otherwise good.
func details(t *testing.T, change func(*karpenterv1.NodePoolSpec), ids ...string) []string {
	t.Helper()
	pool := good(func(s *karpenterv1.NodePoolSpec) {
		s.Template.Spec.NodeClassRef = karpenterv1.NodeClassReference{Group: "karpenter.k8s.aws", Kind: "EC2NodeClass", Name: "default"}
		change(s)
	})
	before := pool.DeepCopy()
	var out []string
	for _, rule := range nodepool.Rules() {
		for _, id := range ids {
			if rule.ID == id {
				rule.Check(&millrace.Pass{Object: pool, Bundle: new(millrace.Bundle), Report: func(field, detail string) {
					out = append(out, rule.ID+" "+field+": "+detail)
				}})
			}
		}
	}
	if diff := cmp.Diff(before, pool); diff != "" {
		t.Errorf("a rule changed the pool:\n%s", diff)
	}
	return out
}

type requirements = []karpenterv1.NodeSelectorRequirementWithMinValues

const (
	aws      = "karpenter.k8s.aws/instance-"
	capacity = "karpenter.sh/capacity-type"
	machine  = "node.kubernetes.io/instance-type"
	arch     = "kubernetes.io/arch"
)

func TestRequirements(t *testing.T) {
	const (
		wrong = "nodepool/requirements spec.template.spec.requirements"
		dead  = "nodepool/dead-values spec.template.spec.requirements"
	)
	least := func(r karpenterv1.NodeSelectorRequirementWithMinValues, n int64) karpenterv1.NodeSelectorRequirementWithMinValues {
		r.MinValues = &n
		return r
	}
	for name, tc := range map[string]struct {
		requirements requirements
		labels       map[string]string
		want         []string
	}{
		// Nothing to say.
		"none":                   {nil, nil, nil},
		"one of each":            {requirements{requirement(arch, "In", "amd64"), requirement(capacity, "In", "spot", "on-demand"), requirement(aws+"category", "In", "c", "m", "r"), requirement(aws+"generation", "Gt", "4")}, nil, nil},
		"a range":                {requirements{requirement(aws+"cpu", "Gt", "3"), requirement(aws+"cpu", "Lt", "5")}, nil, nil},
		"at least, at most":      {requirements{requirement(aws+"cpu", "Gte", "4"), requirement(aws+"cpu", "Lte", "4")}, nil, nil},
		"families of late":       {requirements{requirement(aws+"family", "In", "r6i", "r7g", "r6id"), requirement(aws+"generation", "Gt", "5"), requirement(aws+"category", "In", "r")}, nil, nil},
		"no GPU":                 {requirements{requirement(aws+"gpu-count", "DoesNotExist")}, nil, nil},
		"a label that says so":   {requirements{requirement("tier", "In", "gold", "silver")}, nil, nil},
		"types":                  {requirements{requirement(machine, "In", "m5.4xlarge", "r6i.4xlarge"), requirement(aws+"cpu", "Lte", "16"), requirement(aws+"size", "In", "4xlarge")}, nil, nil},
		"sizes by no rule":       {requirements{requirement(machine, "In", "new9.4xlarge", "m5.huge", "x.y", "z"), requirement(aws+"cpu", "In", "3")}, nil, nil},
		"a type of unknown form": {requirements{requirement(aws+"family", "In", "new"), requirement(aws+"generation", "Gt", "5")}, nil, nil},
		"a label of the pool":    {requirements{requirement(arch, "In", "arm64")}, map[string]string{arch: "arm64"}, nil},

		// No node meets them.
		"two values":                {requirements{requirement(aws+"size", "In", "large"), requirement(aws+"size", "In", "xlarge")}, nil, []string{wrong + "[0]: nothing is " + aws + "size In large and In xlarge"}},
		"an empty range":            {requirements{requirement(arch, "In", "amd64"), requirement(aws+"cpu", "Gt", "4"), requirement(aws+"cpu", "Lt", "5")}, nil, []string{wrong + "[1]: nothing is " + aws + "cpu Gt 4 and Lt 5"}},
		"above and at most":         {requirements{requirement(aws+"cpu", "Gt", "4"), requirement(aws+"cpu", "Lte", "4")}, nil, []string{wrong + "[0]: nothing is " + aws + "cpu Gt 4 and Lte 4"}},
		"there and not":             {requirements{requirement("tier", "Exists"), requirement("tier", "DoesNotExist")}, nil, []string{wrong + "[0]: nothing is tier Exists and DoesNotExist"}},
		"all are excluded":          {requirements{requirement("tier", "In", "gold"), requirement("tier", "NotIn", "gold", "silver")}, nil, []string{wrong + "[0]: nothing is tier In gold and NotIn gold, silver"}},
		"below nothing":             {requirements{requirement(aws+"cpu", "Lt", "0")}, nil, []string{wrong + "[0]: nothing is " + aws + "cpu Lt 0"}},
		"the template's label":      {requirements{requirement("tier", "In", "gold")}, map[string]string{"tier": "silver"}, []string{wrong + "[0]: nothing is tier In silver and In gold"}},
		"a label that is gone":      {requirements{requirement("tier", "DoesNotExist")}, map[string]string{"tier": "silver"}, []string{wrong + "[0]: nothing is tier In silver and DoesNotExist"}},
		"no architecture":           {requirements{requirement(arch, "DoesNotExist")}, nil, []string{wrong + "[0]: every node has a label " + arch}},
		"a misspelt one":            {requirements{requirement(arch, "In", "x86_64")}, nil, []string{wrong + "[0].values: no value is left: no machine has x86_64"}},
		"on Demand":                 {requirements{requirement(capacity, "In", "onDemand", "Spot")}, nil, []string{wrong + "[0].values: no value is left: no machine has onDemand, Spot"}},
		"families of early":         {requirements{requirement(aws+"family", "In", "r5", "x1e"), requirement(aws+"generation", "Gt", "5")}, nil, []string{wrong + "[0].values: no value is left: the pool asks for " + aws + "generation Gt 5, which excludes r5, x1e"}},
		"types of one architecture": {requirements{requirement(machine, "In", "m7g.large"), requirement(arch, "In", "amd64")}, nil, []string{wrong + "[0].values: no value is left: the pool asks for " + arch + " In amd64, which excludes m7g.large"}},
		"too small":                 {requirements{requirement(machine, "In", "m5.large"), requirement(aws+"cpu", "Gt", "2")}, nil, []string{wrong + "[0].values: no value is left: the pool asks for " + aws + "cpu Gt 2, which excludes m5.large"}},
		"of another category":       {requirements{requirement(machine, "In", "m5.large"), requirement(aws+"category", "NotIn", "m")}, nil, []string{wrong + "[0].values: no value is left: the pool asks for " + aws + "category NotIn m, which excludes m5.large"}},
		"too few are left": {requirements{least(requirement(aws+"family", "In", "r5", "r6i", "r7i"), 3), requirement(aws+"generation", "Gt", "5")}, nil, []string{
			wrong + "[0].minValues: 3 values must be left, and 2 are: the pool asks for " + aws + "generation Gt 5, which excludes r5",
			dead + "[0].values: the pool asks for " + aws + "generation Gt 5, which excludes r5"}},
		"EKS Auto Mode": {requirements{requirement("eks.amazonaws.com/instance-family", "In", "r5"), requirement("eks.amazonaws.com/instance-generation", "Gte", "6")}, nil, []string{wrong + "[0].values: no value is left: the pool asks for eks.amazonaws.com/instance-generation Gte 6, which excludes r5"}},

		"a size that the family hasn't": {requirements{requirement(aws+"family", "In", "t3"), requirement(aws+"size", "In", "16xlarge")}, nil, []string{
			wrong + "[0].values: no value is left: all requirements together leave no machine of t3",
			wrong + "[1].values: no value is left: all requirements together leave no machine of 16xlarge"}},
		"larger than the family": {requirements{requirement(aws+"family", "In", "r5"), requirement(aws+"cpu", "Gt", "96")}, nil, []string{
			wrong + "[0].values: no value is left: all requirements together leave no machine of r5"}},
		"an unknown family": {requirements{requirement(aws+"family", "In", "new9"), requirement(aws+"size", "In", "16xlarge")}, nil, nil},
		"no family":         {requirements{requirement(aws+"size", "In", "16xlarge")}, nil, nil},
		"as much memory":    {requirements{requirement(machine, "In", "m5.4xlarge"), requirement(aws+"memory", "Gt", "65535"), requirement(aws+"memory", "Lt", "65537")}, nil, nil},
		"more memory":       {requirements{requirement(machine, "In", "m5.4xlarge"), requirement(aws+"memory", "Gt", "65536")}, nil, []string{wrong + "[0].values: no value is left: the pool asks for " + aws + "memory Gt 65536, which excludes m5.4xlarge"}},

		// Some values are dead.
		"one size too small": {requirements{requirement(aws+"family", "In", "m5", "r5"), requirement(aws+"size", "In", "large", "4xlarge"), requirement(aws+"cpu", "Gt", "7")}, nil, []string{
			dead + "[1].values: all requirements together leave no machine of large"}},
		"data-on-eks": {requirements{requirement(aws+"family", "In", "r5", "r5d", "r6i", "x1e"), requirement(aws+"generation", "Gt", "5"), requirement(aws+"category", "In", "r", "x")}, nil,
			[]string{dead + "[0].values: the pool asks for " + aws + "generation Gt 5, which excludes r5, r5d, x1e"}},
		"two reasons": {requirements{requirement(aws+"family", "In", "r5", "r7g", "r6i"), requirement(aws+"generation", "Gt", "5"), requirement(arch, "In", "amd64")}, nil,
			[]string{dead + "[0].values: the pool asks for " + aws + "generation Gt 5, which excludes r5; the pool asks for " + arch + " In amd64, which excludes r7g"}},
		"one of its own key": {requirements{requirement(aws+"size", "In", "large", "xlarge"), requirement(aws+"size", "NotIn", "large")}, nil,
			[]string{dead + "[0].values: the pool asks for " + aws + "size In large, xlarge and NotIn large, which excludes large"}},
		"one misspelt": {requirements{requirement(capacity, "In", "spot", "ondemand")}, nil, []string{dead + "[0].values: no machine has ondemand"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := details(t, func(s *karpenterv1.NodePoolSpec) {
				s.Template.Spec.Requirements = tc.requirements
				if tc.labels != nil {
					s.Template.Metadata = &karpenterv1.ObjectMeta{Labels: tc.labels}
				}
			}, "nodepool/requirements", "nodepool/dead-values")
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What names tell on AWS they don't tell of other clouds' machines.
func TestRequirementsOfOthers(t *testing.T) {
	got := details(t, func(s *karpenterv1.NodePoolSpec) {
		s.Template.Spec.NodeClassRef.Group = "karpenter.azure.com"
		s.Template.Spec.Requirements = requirements{requirement(machine, "In", "m7g.large"), requirement(arch, "In", "amd64")}
	}, "nodepool/requirements", "nodepool/dead-values")
	if got != nil {
		t.Error(got)
	}
}

func TestSpotDiversity(t *testing.T) {
	const at = "nodepool/spot-diversity spec.template.spec.requirements"
	families := []string{"m5", "m6i", "m7i", "r5", "r6i"}
	for name, tc := range map[string]struct {
		requirements requirements
		want         []string
	}{
		"on demand":       {requirements{requirement(capacity, "In", "on-demand"), requirement(machine, "In", "m5.large")}, nil},
		"other than spot": {requirements{requirement(capacity, "NotIn", "spot"), requirement(machine, "In", "m5.large")}, nil},
		"any machine":     {requirements{requirement(capacity, "In", "spot")}, nil},
		"capacity left open": {requirements{requirement(machine, "In", "m5.large")}, []string{
			at + "[0].values: the pool, which has no requirement on " + capacity + " and so gets spot machines too, has 1 of the 15 machine types that it needs"}},
		"other than on demand": {requirements{requirement(capacity, "NotIn", "on-demand"), requirement(machine, "In", "m5.large", "m5.xlarge")}, []string{
			at + "[1].values: the spot pool has 2 of the 15 machine types that it needs"}},
		"families and sizes": {requirements{requirement(capacity, "In", "spot"), requirement(aws+"family", "In", families...), requirement(aws+"size", "In", "4xlarge", "8xlarge")}, []string{
			at + "[1].values: the spot pool has 10 of the 15 machine types that it needs"}},
		"enough of them": {requirements{requirement(capacity, "In", "spot"), requirement(aws+"family", "In", families...), requirement(aws+"size", "In", "4xlarge", "8xlarge", "xlarge")}, nil},
		"enough, some of them dead": {requirements{requirement(capacity, "In", "spot"), requirement(aws+"family", "In", families...), requirement(aws+"size", "In", "4xlarge", "8xlarge", "xlarge"), requirement(aws+"generation", "Gt", "5")}, []string{
			at + "[1].values: the spot pool has 9 of the 15 machine types that it needs"}},
		"sizes by their CPUs": {requirements{requirement(capacity, "In", "spot"), requirement(aws+"family", "In", families...), requirement(aws+"cpu", "In", "16")}, []string{
			at + "[1].values: the spot pool has 5 of the 15 machine types that it needs"}},
		"sizes in a range": {requirements{requirement(capacity, "In", "spot"), requirement(aws+"family", "In", "m5", "m6i"), requirement(aws+"cpu", "Gt", "7"), requirement(aws+"cpu", "Lt", "33")}, []string{
			at + "[1].values: the spot pool has 6 of the 15 machine types that it needs"}},
		"one family": {requirements{requirement(capacity, "In", "spot"), requirement(aws+"family", "In", "m5")}, []string{
			at + "[1].values: the spot pool has 9 of the 15 machine types that it needs"}},
		"by their memory": {requirements{requirement(capacity, "In", "spot"), requirement(aws+"family", "In", families...), requirement(aws+"memory", "Gte", "524288")}, []string{
			at + "[1].values: the spot pool has 11 of the 15 machine types that it needs"}},
		"an unknown family": {requirements{requirement(capacity, "In", "spot"), requirement(aws+"family", "In", "m5", "new9"), requirement(aws+"size", "In", "large")}, nil},
		"by category":       {requirements{requirement(capacity, "In", "spot"), requirement(aws+"category", "In", "m"), requirement(aws+"size", "In", "4xlarge")}, nil},
		"of Auto Mode": {requirements{requirement(capacity, "In", "spot"), requirement("eks.amazonaws.com/instance-family", "In", "m5"), requirement("eks.amazonaws.com/instance-size", "In", "large")}, []string{
			at + "[1].values: the spot pool has 1 of the 15 machine types that it needs"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := details(t, func(s *karpenterv1.NodePoolSpec) { s.Template.Spec.Requirements = tc.requirements }, "nodepool/spot-diversity")
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
