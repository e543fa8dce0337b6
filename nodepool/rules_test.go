package nodepool_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// broken returns "id field" of every rule that an object breaks.
func broken(o millrace.Object) []string {
	var out []string
	for _, rule := range nodepool.Rules() {
		rule.Check(&millrace.Pass{Object: o, Bundle: new(millrace.Bundle), Report: func(field, _ string) {
			out = append(out, rule.ID+" "+field)
		}})
	}
	return out
}

// good is a NodePool that breaks no rule.
func good(change func(*karpenterv1.NodePoolSpec)) *karpenterv1.NodePool {
	pool := &karpenterv1.NodePool{}
	pool.Name = "etl"
	s := &pool.Spec
	s.Limits = corev1.ResourceList{"cpu": resource.MustParse("100")}
	s.Disruption = &karpenterv1.Disruption{ConsolidationPolicy: karpenterv1.ConsolidationPolicyWhenEmpty, ConsolidateAfter: "5m"}
	s.Template.Spec.ExpireAfter, s.Template.Spec.TerminationGracePeriod = new("720h"), new("24h")
	s.Template.Spec.Taints = []corev1.Taint{{Key: "workload", Value: "etl", Effect: "NoSchedule"}}
	if change != nil {
		change(s)
	}
	return pool
}

func TestRules(t *testing.T) {
	type spec = karpenterv1.NodePoolSpec
	budget := func(nodes, schedule, duration string, reasons ...karpenterv1.DisruptionReason) karpenterv1.Budget {
		b := karpenterv1.Budget{Nodes: nodes, Reasons: reasons}
		if schedule != "" {
			b.Schedule, b.Duration = &schedule, &duration
		}
		return b
	}
	budgets := func(list ...karpenterv1.Budget) func(*spec) {
		return func(s *spec) { s.Disruption.Budgets = list }
	}
	machines := func(n int, capacity ...string) func(*spec) {
		return func(s *spec) {
			var types []string
			for i := range n {
				types = append(types, fmt.Sprintf("m%d.large", i))
			}
			s.Template.Spec.Requirements = []karpenterv1.NodeSelectorRequirementWithMinValues{
				requirement("karpenter.sh/capacity-type", "In", capacity...), requirement("node.kubernetes.io/instance-type", "In", types...)}
		}
	}
	const at = "nodepool/budgets spec.disruption.budgets"
	for name, tc := range map[string]struct {
		change func(*spec)
		want   []string
	}{
		"good":                         {nil, nil},
		"no limits":                    {func(s *spec) { s.Limits = nil }, []string{"nodepool/limits spec.limits"}},
		"empty limits":                 {func(s *spec) { s.Limits = corev1.ResourceList{} }, []string{"nodepool/limits spec.limits"}},
		"a static pool is limited":     {func(s *spec) { s.Limits, s.Replicas = nil, new(int64(3)) }, nil},
		"no budgets: the default":      {budgets(), nil},
		"an empty list is no default":  {func(s *spec) { s.Disruption.Budgets = []karpenterv1.Budget{} }, []string{at}},
		"unscheduled":                  {budgets(budget("10%", "", "")), nil},
		"scheduled only":               {budgets(budget("0", "0 8 * * mon-fri", "10h")), []string{at}},
		"scheduled and not":            {budgets(budget("0", "0 8 * * mon-fri", "10h"), budget("10%", "", "")), nil},
		"schedules that fill the week": {budgets(budget("0", "0 8 * * *", "10h"), budget("50%", "0 18 * * *", "14h")), nil},
		"with a hole of a minute":      {budgets(budget("0", "0 8 * * *", "10h"), budget("50%", "0 18 * * *", "13h59m")), []string{at}},
		"daily for a day":              {budgets(budget("5", "@daily", "24h")), nil},
		"weekly for more than a week":  {budgets(budget("5", "@weekly", "500h")), nil},
		"hourly for half an hour":      {budgets(budget("5", "@hourly", "30m")), []string{at}},
		"monthly for 31 days":          {budgets(budget("5", "@monthly", "744h")), nil},
		"monthly for 30 days":          {budgets(budget("5", "@monthly", "720h")), []string{at}},
		"every other day for two":      {budgets(budget("5", "0 0 */2 * *", "48h")), nil},
		"every other day for one":      {budgets(budget("5", "0 0 */2 * *", "24h")), []string{at}},
		"a day of month or of week":    {budgets(budget("5", "0 0 1-31 * mon", "24h")), nil},
		"a star and a day of week":     {budgets(budget("5", "0 0 * * mon", "24h")), []string{at}},
		"some reasons only":            {budgets(budget("10%", "", "", karpenterv1.DisruptionReasonDrifted)), []string{at}},
		"none for what never happens": {func(s *spec) {
			s.Disruption.ConsolidationPolicy = karpenterv1.ConsolidationPolicyWhenEmpty
			budgets(budget("10%", "", "", karpenterv1.DisruptionReasonDrifted, karpenterv1.DisruptionReasonEmpty))(s)
		}, nil},
		"none for what may happen": {func(s *spec) {
			s.Disruption.ConsolidationPolicy = karpenterv1.ConsolidationPolicyWhenEmptyOrUnderutilized
			budgets(budget("10%", "", "", karpenterv1.DisruptionReasonDrifted, karpenterv1.DisruptionReasonEmpty))(s)
		}, []string{at}},
		"drift alone": {func(s *spec) {
			s.Disruption.ConsolidateAfter = "Never"
			budgets(budget("10%", "", "", karpenterv1.DisruptionReasonDrifted))(s)
		}, nil},
		"drift alone, of a static pool": {func(s *spec) {
			s.Limits, s.Replicas = nil, new(int64(3))
			budgets(budget("10%", "", "", karpenterv1.DisruptionReasonDrifted))(s)
		}, nil},
		"each reason": {budgets(budget("10%", "", "", karpenterv1.DisruptionReasonDrifted), budget("1", "", "", karpenterv1.DisruptionReasonEmpty, karpenterv1.DisruptionReasonUnderutilized)), nil},
		"different gaps": {budgets(budget("1", "@daily", "1h", karpenterv1.DisruptionReasonEmpty), budget("1", "@daily", "2h", karpenterv1.DisruptionReasonDrifted)),
			[]string{at, at}},
		"a schedule of nonsense": {budgets(budget("0", "0 8 * * 7", "10h"), budget("10%", "", "")), []string{at + "[0].schedule"}},
		"a duration of nonsense": {budgets(budget("0", "@daily", "1d")), []string{at}},
		"no grace":               {func(s *spec) { s.Template.Spec.TerminationGracePeriod = nil }, []string{"nodepool/termination-grace spec.template.spec.terminationGracePeriod"}},
		"no grace, by default": {func(s *spec) { s.Template.Spec.TerminationGracePeriod, s.Template.Spec.ExpireAfter = nil, nil },
			[]string{"nodepool/termination-grace spec.template.spec.terminationGracePeriod"}},
		"no grace, no end":     {func(s *spec) { s.Template.Spec.TerminationGracePeriod, s.Template.Spec.ExpireAfter = nil, new("Never") }, nil},
		"upstream's default":   {func(s *spec) { s.Disruption = nil }, []string{"nodepool/consolidation spec.disruption"}},
		"consolidates at once": {func(s *spec) { s.Disruption.ConsolidationPolicy, s.Disruption.ConsolidateAfter = "", "30s" }, []string{"nodepool/consolidation spec.disruption"}},
		"consolidates later": {func(s *spec) {
			s.Disruption.ConsolidationPolicy = karpenterv1.ConsolidationPolicyBalanced
			s.Disruption.ConsolidateAfter = "1m"
		}, nil},
		"empty nodes at once":  {func(s *spec) { s.Disruption.ConsolidateAfter = "0s" }, nil},
		"never consolidates":   {func(s *spec) { s.Disruption.ConsolidationPolicy, s.Disruption.ConsolidateAfter = "", "Never" }, nil},
		"static, consolidates": {func(s *spec) { s.Disruption, s.Replicas = nil, new(int64(1)) }, nil},
		"no taint":             {func(s *spec) { s.Template.Spec.Taints = nil }, []string{"nodepool/dedicated spec.template.spec.taints"}},
		"a soft taint":         {func(s *spec) { s.Template.Spec.Taints[0].Effect = "PreferNoSchedule" }, []string{"nodepool/dedicated spec.template.spec.taints"}},
		"startup taint only": {func(s *spec) { s.Template.Spec.Taints, s.Template.Spec.StartupTaints = nil, s.Template.Spec.Taints },
			[]string{"nodepool/dedicated spec.template.spec.taints"}},
		"spot of 14 types":      {machines(14, "spot", "on-demand"), []string{"nodepool/spot-diversity spec.template.spec.requirements[1].values"}},
		"spot of 15 types":      {machines(15, "spot"), nil},
		"on demand of one type": {machines(1, "on-demand"), nil},
		"spot of any type":      {func(s *spec) { machines(1, "spot")(s); s.Template.Spec.Requirements = s.Template.Spec.Requirements[:1] }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			pool := good(tc.change)
			before := pool.DeepCopy()
			if diff := cmp.Diff(tc.want, broken(pool)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, pool); diff != "" {
				t.Errorf("a rule changed the pool:\n%s", diff)
			}
		})
	}
}

// What this package makes by default keeps its own rules.
func TestDefaultsKeepTheRules(t *testing.T) {
	pool := karpenterPool()
	np, err := pool.NodePool()
	if err != nil {
		t.Fatal(err)
	}
	if got := broken(np); got != nil {
		t.Errorf("broken: %v", got)
	}
	pool.Disruption.Quiet = []nodepool.Window{{Schedule: "0 8 * * mon-fri", Duration: 10 * time.Hour}}
	if np, err = pool.NodePool(); err != nil {
		t.Fatal(err)
	}
	if got := broken(np); got != nil {
		t.Errorf("with quiet times: %v", got)
	}
}

func TestRulesPassOverOtherKinds(t *testing.T) {
	for _, o := range []millrace.Object{&corev1.Pod{}, (*karpenterv1.NodePool)(nil), (*karpenterawsv1.EC2NodeClass)(nil), &karpenterawsv1.EC2NodeClass{}, nil} {
		if got := broken(o); got != nil {
			t.Errorf("%T: %v", o, got)
		}
	}
}

func TestRulesAreComplete(t *testing.T) {
	id := regexp.MustCompile(`^(nodepool|nodeclass)/[a-z][a-z0-9]*(-[a-z]+)*$`)
	seen := map[string]bool{}
	for _, r := range nodepool.Rules() {
		if !id.MatchString(r.ID) || seen[r.ID] || r.Summary == "" || r.Reason == "" || r.Fix == "" || r.Source == "" || r.Check == nil {
			t.Errorf("incomplete rule %+v", r)
		}
		seen[r.ID] = true
	}
}

// TestGapInWords reads the gap that a finding names.
func TestGapInWords(t *testing.T) {
	for schedule, want := range map[string]string{
		"0 8 * * mon-fri": "from Friday 18:00 to Monday 08:00 UTC",
		"0 22 * * *":      "from Sunday 08:00 to Sunday 22:00 UTC",
		"@monthly":        "from 1 January 10:00 to 1 February 00:00 UTC",
		"0 0 * * sun":     "from Sunday 10:00 to Sunday 00:00 UTC",
	} {
		pool := good(func(s *karpenterv1.NodePoolSpec) {
			s.Disruption.Budgets = []karpenterv1.Budget{{Nodes: "0", Schedule: &schedule, Duration: new("10h")}}
		})
		var details []string
		for _, rule := range nodepool.Rules() {
			rule.Check(&millrace.Pass{Object: pool, Bundle: new(millrace.Bundle), Report: func(_, detail string) { details = append(details, detail) }})
		}
		if len(details) != 1 || details[0] != "no budget limits the disruption of Empty, Drifted nodes "+want {
			t.Errorf("%s: got %q, want %s", schedule, details, want)
		}
	}
}
