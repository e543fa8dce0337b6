package karpenter_test

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	clock "k8s.io/utils/clock/testing"
	karpv1 "sigs.k8s.io/karpenter/pkg/apis/v1"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

var reasons = []karpenterv1.DisruptionReason{karpenterv1.DisruptionReasonEmpty, karpenterv1.DisruptionReasonDrifted, karpenterv1.DisruptionReasonUnderutilized}

// field writes one field of a cron expression.
func (g *generator) field(least, most int, words string) string {
	number := func() int { return least + g.IntN(most-least+1) }
	text := func(n int) string {
		if names := strings.Fields(words); len(names) > 0 && g.IntN(2) == 0 {
			return names[n-least]
		}
		return strconv.Itoa(n)
	}
	if least == 1 || words != "" {
		if g.IntN(3) > 0 {
			return "*" // Or hardly any window would be open in a week.
		}
	}
	var parts []string
	for range 1 + g.IntN(10)/7 {
		a, b := number(), number()
		part := "*"
		switch g.IntN(8) {
		case 0, 1, 2:
		case 3:
			part = text(min(a, b)) + "-" + text(max(a, b))
		case 4:
			part = "?"
		default:
			part = text(a)
		}
		if g.IntN(5) == 0 {
			part += "/" + strconv.Itoa(1+g.IntN(most))
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ",")
}

func (g *generator) schedule() string {
	switch g.IntN(10) {
	case 0:
		return pick(g, "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
	case 1:
		return pick(g, "0 0 30 2 *", "0 0 29 2 *", "30 8 * * mon-fri", "0 0 31 4,6 *", "59 23 31 12 *", "0 12 1-7 * sat")
	}
	return strings.Join([]string{g.field(0, 59, ""), g.field(0, 23, ""), g.field(1, 31, ""),
		g.field(1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"), g.field(0, 6, "sun mon tue wed thu fri sat")}, " ")
}

// budgets makes none, or a few.
func (g *generator) budgets() []karpenterv1.Budget {
	out := []karpenterv1.Budget{}
	for range g.IntN(5) {
		b := karpenterv1.Budget{Nodes: strconv.Itoa(g.IntN(12))}
		if g.IntN(2) == 0 {
			b.Nodes = strconv.Itoa(g.IntN(101)) + "%"
		}
		if g.IntN(6) > 0 {
			minutes := pick(g, 0, 1, g.IntN(60), g.IntN(24*60), g.IntN(24*60), g.IntN(10*24*60), g.IntN(500*24*60), g.IntN(3000*24*60))
			b.Schedule, b.Duration = new(g.schedule()), new((time.Duration(minutes) * time.Minute).String())
		}
		switch g.IntN(6) {
		case 0, 1:
			b.Reasons = slices.Clone(reasons[:1+g.IntN(3)])
		case 2:
			b.Reasons = []karpenterv1.DisruptionReason{}
		case 3:
			b.Reasons = slices.Clone(reasons[g.IntN(3):])
		}
		out = append(out, b)
	}
	return out
}

// TestDisruptions holds every minute of weeks of all seasons against
// Karpenter's own code, for pools with random budgets.
func TestDisruptions(t *testing.T) {
	g := newGenerator(seed(t))
	const pools = 60
	compared, limited, changing := 0, 0, 0
	for range pools {
		pool := &karpenterv1.NodePool{}
		nodes := 1 + g.IntN(120)
		pool.Spec.Limits = corev1.ResourceList{"nodes": *resource.NewQuantity(int64(nodes), resource.DecimalSI)}
		pool.Spec.Disruption = &karpenterv1.Disruption{ConsolidateAfter: "5m", Budgets: g.budgets()}
		theirs := upstream(t, pool)
		day := time.Date(2024+g.IntN(6), time.January, 1+g.IntN(365), g.IntN(24), g.IntN(60), g.IntN(60), 0, time.FixedZone("", 3600*(g.IntN(25)-12)))
		d, err := nodepool.DisruptionsOf(pool, day)
		if err != nil {
			t.Fatalf("%v\n%s", err, text(pool.Spec.Disruption))
		}
		if len(d.Spans) > 1 {
			changing++
		}
		at := 0
		now := clock.NewFakeClock(d.Week)
		for minute := range 7 * 24 * 60 {
			// Whatever the second.
			moment := d.Week.Add(time.Duration(minute)*time.Minute + time.Duration(g.IntN(60))*time.Second)
			now.SetTime(moment)
			for !moment.Before(d.Spans[at].To) {
				at++
			}
			for _, reason := range reasons {
				want, err := theirs.GetAllowedDisruptionsByReason(now, nodes, karpv1.DisruptionReason(reason))
				if err != nil {
					t.Fatal(err)
				}
				got, a := math.MaxInt32, d.Spans[at].For(reason)
				if a.Limited {
					got = a.Nodes
					limited++
				}
				if compared++; got != want {
					t.Fatalf("%s, %s: we say %s, Karpenter %d of %d nodes\n%s", moment, reason, a, want, nodes, text(pool.Spec.Disruption))
				}
			}
		}
	}
	t.Logf("%d pools, of which %d change within the week; %d comparisons, no difference; something limits in %d", pools, changing, compared, limited)
	if limited < compared/5 || limited > compared*9/10 || changing < pools/6 {
		t.Error("the budgets say little")
	}
}

// TestSchedules: what we refuse of a schedule, Karpenter can't read, or its
// CRD doesn't take.
func TestSchedules(t *testing.T) {
	for _, text := range []string{"0 8 * * 7", "60 * * * *", "TZ=UTC 0 8 * * *", "@fortnightly", "0 8 * *", "5-1 * * * *", "@every 1h", ", * * * *"} {
		pool := &karpenterv1.NodePool{}
		pool.Spec.Disruption = &karpenterv1.Disruption{Budgets: []karpenterv1.Budget{{Nodes: "1", Schedule: &text, Duration: new("1h")}}}
		if _, err := nodepool.DisruptionsOf(pool, time.Now()); err == nil {
			t.Errorf("%q: we take it", text)
		}
		_, err := cron.ParseStandard("TZ=UTC " + text)
		if want := text == "@every 1h" || text == ", * * * *"; (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// upstream is the pool as Karpenter has it.
func upstream(t *testing.T, pool *karpenterv1.NodePool) *karpv1.NodePool {
	t.Helper()
	data, err := json.Marshal(pool)
	if err != nil {
		t.Fatal(err)
	}
	var out karpv1.NodePool
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	if pool.Spec.Disruption == nil {
		return &out
	}
	return &out
}
