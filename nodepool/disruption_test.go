package nodepool_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// wednesday is in the week of Monday, 2 March 2026.
var wednesday = time.Date(2026, time.March, 4, 15, 30, 12, 0, time.UTC)

func budget(nodes, schedule, duration string, reasons ...karpenterv1.DisruptionReason) karpenterv1.Budget {
	b := karpenterv1.Budget{Nodes: nodes, Reasons: reasons}
	if schedule != "" {
		b.Schedule, b.Duration = &schedule, &duration
	}
	return b
}

// ofTen is a pool of at most ten nodes with these budgets.
func ofTen(budgets ...karpenterv1.Budget) *karpenterv1.NodePool {
	return good(func(s *karpenterv1.NodePoolSpec) {
		s.Limits["nodes"] = resource.MustParse("10")
		s.Disruption.Budgets = budgets
	})
}

func TestDisruptions(t *testing.T) {
	const (
		empty   = karpenterv1.DisruptionReasonEmpty
		drifted = karpenterv1.DisruptionReasonDrifted
		under   = karpenterv1.DisruptionReasonUnderutilized
	)
	all := func(n string) string { return fmt.Sprintf("%s %s %s", n, n, n) }
	for name, tc := range map[string]struct {
		pool *karpenterv1.NodePool
		want []string // when each span begins: how many Empty, Drifted, Underutilized
	}{
		"the CRD's default":             {ofTen(), []string{"Mon 00:00 " + all("1")}},
		"an empty list is no limit":     {ofTen([]karpenterv1.Budget{}...), nil},
		"a share is rounded up":         {ofTen(budget("31%", "", "")), []string{"Mon 00:00 " + all("4")}},
		"the smallest counts":           {ofTen(budget("5", "", ""), budget("20%", "", ""), budget("3", "", "")), []string{"Mon 00:00 " + all("2")}},
		"more than there are":           {ofTen(budget("99", "", "")), []string{"Mon 00:00 " + all("99")}},
		"a schedule leaves the rest":    {ofTen(budget("0", "0 9 * * wed", "8h")), []string{"Mon 00:00 " + all("ALL"), "Wed 09:00 " + all("0"), "Wed 17:00 " + all("ALL")}},
		"from the week before":          {ofTen(budget("0", "0 22 * * sun", "4h")), []string{"Mon 00:00 " + all("0"), "Mon 02:00 " + all("ALL"), "Sun 22:00 " + all("0")}},
		"from the month before":         {ofTen(budget("0", "0 0 15 2 *", "360h30m")), []string{"Mon 00:00 " + all("0"), "Mon 00:30 " + all("ALL")}},
		"a date of the week":            {ofTen(budget("0", "30 6 5 3 *", "1h")), []string{"Mon 00:00 " + all("ALL"), "Thu 06:30 " + all("0"), "Thu 07:30 " + all("ALL")}},
		"a date of another week":        {ofTen(budget("0", "30 6 12 3 *", "1h")), []string{"Mon 00:00 " + all("ALL")}},
		"a date that never comes":       {ofTen(budget("0", "0 0 30 2 *", "1h")), []string{"Mon 00:00 " + all("0")}},
		"by reason":                     {ofTen(budget("1", "", "", empty), budget("0", "", "", drifted)), []string{"Mon 00:00 1 0 ALL"}},
		"of no reason":                  {ofTen(karpenterv1.Budget{Nodes: "1", Reasons: []karpenterv1.DisruptionReason{}}), []string{"Mon 00:00 " + all("ALL")}},
		"what changes for one only":     {ofTen(budget("5", "", ""), budget("2", "0 12 * * mon", "1m", under)), []string{"Mon 00:00 " + all("5"), "Mon 12:00 5 5 2", "Mon 12:01 " + all("5")}},
		"a window that opens in itself": {ofTen(budget("0", "*/30 8-9 * * mon", "45m")), []string{"Mon 00:00 " + all("ALL"), "Mon 08:00 " + all("0"), "Mon 10:15 " + all("ALL")}},
		"no length":                     {ofTen(budget("0", "@daily", "0m")), []string{"Mon 00:00 " + all("ALL")}},
		"static": {good(func(s *karpenterv1.NodePoolSpec) {
			s.Replicas, s.Limits["nodes"] = new(int64(40)), resource.MustParse("44")
		}), []string{"Mon 00:00 " + all("4")}},
		"no maximum": {good(nil), []string{"Mon 00:00 " + all("10")}},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.want == nil {
				tc.pool.Spec.Disruption.Budgets, tc.want = []karpenterv1.Budget{}, []string{"Mon 00:00 " + all("ALL")}
			}
			before := tc.pool.DeepCopy()
			d, err := nodepool.DisruptionsOf(tc.pool, wednesday)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			next := d.Week
			for _, s := range d.Spans {
				if !s.From.Equal(next) || !s.To.After(s.From) {
					t.Errorf("a span from %s to %s, after %s", s.From, s.To, next)
				}
				next = s.To
				got = append(got, fmt.Sprintf("%s %s %s %s", s.From.Format("Mon 15:04"), s.Empty, s.Drifted, s.Underutilized))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if want := time.Date(2026, time.March, 9, 0, 0, 0, 0, time.UTC); !next.Equal(want) {
				t.Errorf("the week ends at %s", next)
			}
			if diff := cmp.Diff(before, tc.pool); diff != "" {
				t.Errorf("the pool changed:\n%s", diff)
			}
		})
	}
}

// The week is that of UTC, from Monday on, whatever the time's own zone.
func TestDisruptionsWeek(t *testing.T) {
	monday := time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	east := time.FixedZone("", 10*60*60)
	for _, in := range []time.Time{monday, wednesday, monday.Add(7*24*time.Hour - 1), time.Date(2026, time.March, 9, 9, 59, 0, 0, east)} {
		d, err := nodepool.DisruptionsOf(ofTen(), in)
		if err != nil || !d.Week.Equal(monday) {
			t.Errorf("%s: %s, %v", in, d.Week, err)
		}
	}
}

// An hour has the most of its minutes.
func TestDisruptionsHours(t *testing.T) {
	d, err := nodepool.DisruptionsOf(ofTen(budget("50%", "", "", "Empty"), budget("0", "20 1 * * mon", "2h")), wednesday)
	if err != nil {
		t.Fatal(err)
	}
	for hour, want := range map[int]string{0: "5 ALL", 1: "5 ALL", 2: "0 0", 3: "5 ALL", 4: "5 ALL", 167: "5 ALL"} {
		h := d.Hours()[hour]
		if got := h.Empty.String() + " " + h.Drifted.String(); got != want || h.From != d.Week.Add(time.Duration(hour)*time.Hour) || h.To.Sub(h.From) != time.Hour {
			t.Errorf("hour %d: %s from %s, want %s", hour, got, h.From, want)
		}
	}
	if s, ok := d.At(d.Week.Add(80 * time.Minute)); !ok || s.For("Drifted").String() != "0" || s.For("Empty").String() != "0" || s.For("other").Limited {
		t.Errorf("Monday 01:20: %v, %v", s, ok)
	}
	if s, ok := d.At(d.Week.AddDate(0, 0, 7)); ok {
		t.Errorf("the week after: %v", s)
	}
}

// What consolidation is off for never happens.
func TestDisruptionsNever(t *testing.T) {
	type spec = karpenterv1.NodePoolSpec
	for name, tc := range map[string]struct {
		change func(*spec)
		want   string
	}{
		"WhenEmpty":  {nil, "[Underutilized]"},
		"by default": {func(s *spec) { s.Disruption = nil }, "[]"},
		"Balanced":   {func(s *spec) { s.Disruption.ConsolidationPolicy = "Balanced" }, "[]"},
		"Never":      {func(s *spec) { s.Disruption.ConsolidateAfter = "Never" }, "[Empty Underutilized]"},
		"static":     {func(s *spec) { s.Replicas = new(int64(0)) }, "[Empty Underutilized]"},
	} {
		d, err := nodepool.DisruptionsOf(good(tc.change), wednesday)
		if got := fmt.Sprint(d.Never); err != nil || got != tc.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, tc.want)
		}
	}
}

func TestDisruptionsMistakes(t *testing.T) {
	at := "spec.disruption.budgets"
	for name, tc := range map[string]struct {
		budget karpenterv1.Budget
		want   []string
	}{
		"schedule":       {budget("1", "0 8 * * 7", "1h"), []string{at + "[1].schedule"}},
		"a time zone":    {budget("1", "TZ=UTC 0 8 * * *", "1h"), []string{at + "[1].schedule"}},
		"days":           {budget("1", "@daily", "1d"), []string{at + "[1].duration"}},
		"seconds":        {budget("1", "@daily", "90s"), []string{at + "[1].duration"}},
		"no duration":    {karpenterv1.Budget{Nodes: "1", Schedule: new("@daily")}, []string{at + "[1].duration"}},
		"no schedule":    {karpenterv1.Budget{Nodes: "1", Duration: new("1h")}, []string{at + "[1].schedule"}},
		"nodes":          {budget("101%", "", ""), []string{at + "[1].nodes"}},
		"too many nodes": {budget(strings.Repeat("9", 30), "", ""), []string{at + "[1].nodes"}},
		"reason":         {budget("1", "", "", "Empty", "empty"), []string{at + "[1].reasons[1]"}},
		"all at once":    {budget("x", "x", "x"), []string{at + "[1].schedule", at + "[1].duration", at + "[1].nodes"}},
	} {
		d, err := nodepool.DisruptionsOf(ofTen(budget("10%", "", ""), tc.budget), wednesday)
		var got []string
		for _, f := range findings(t, err) {
			got = append(got, f.Field)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" || d.Spans != nil {
			t.Errorf("%s (-want +got):\n%s%v", name, diff, d.Spans)
		}
	}
	if _, err := nodepool.DisruptionsOf(nil, wednesday); err == nil {
		t.Error("no error for no pool")
	}
	if _, err := gkePool().Disruptions(wednesday); err == nil {
		t.Error("no error for a pool of GKE")
	}
	if _, err := (*nodepool.Pool)(nil).Disruptions(wednesday); err == nil {
		t.Error("no error for a nil pool")
	}
}

// Text: what is the same is said once, and what is left out is counted.
func TestDisruptionsText(t *testing.T) {
	pool := good(func(s *karpenterv1.NodePoolSpec) {
		s.Disruption.ConsolidationPolicy = ""
		s.Disruption.Budgets = []karpenterv1.Budget{budget("20%", "", "", "Empty", "Drifted"), budget("0", "30 */12 * * *", "5h")}
	})
	d, err := nodepool.DisruptionsOf(pool, wednesday)
	if err != nil {
		t.Fatal(err)
	}
	text := d.String()
	for _, want := range []string{
		"nodes that may be disrupted at once, of 100 (the pool names no maximum)\n",
		"\nUnderutilized\n      00  01  02 ",
		"\nEmpty, Drifted\n     00 01 02 ",
		"\nMon  ALL   0   0   0   0 ALL ALL",
		"\nno limit: Mon 00:00 to Mon 00:30, Mon 05:30 to Mon 12:30, Mon 17:30 to Tue 00:30, ",
		", 7 more times\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "whatever the budgets say") {
		t.Error("nothing is off")
	}
}
