package nodepool

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// Disruptions is how many nodes of a pool Karpenter may disrupt at once, at
// each time of a week.
//
// Budgets only ever restrict: the smallest that holds counts, and at a time at
// which none does there is no limit at all. Nodes that expire, that fail or
// that the cloud takes back go beside all budgets.
type Disruptions struct {
	// Pool is the pool's name.
	Pool string
	// Week is when the week begins: Monday, midnight in UTC.
	Week time.Time
	// Nodes is how many nodes the pool is taken to have, which percentages are
	// of: its maximum, or 100 where it names none.
	Nodes int
	// NoMaximum says that the pool names no maximum number of nodes.
	NoMaximum bool
	// Spans follow one another from the beginning of the week to its end. Each
	// begins where something changes.
	Spans []DisruptionSpan
	// Never are the reasons for which nothing of the pool is disrupted, whatever
	// its budgets say, as its consolidation is off: Underutilized, for one, with
	// the policy WhenEmpty.
	Never []karpenterv1.DisruptionReason
}

// DisruptionSpan is a time in which the same budgets hold.
type DisruptionSpan struct {
	// From is its first minute, and To the one after its last.
	From, To time.Time
	// Empty, Drifted and Underutilized are how many nodes may be disrupted for
	// that reason.
	Empty, Drifted, Underutilized Allowed
}

// Allowed is how many nodes may be disrupted at once. The zero Allowed is no
// limit at all: all of them.
type Allowed struct {
	// Limited says that some budget holds.
	Limited bool
	// Nodes is how many it lets go. It means nothing where nothing is limited.
	Nodes int
}

// String writes a number, or "ALL" where nothing is limited.
func (a Allowed) String() string {
	if !a.Limited {
		return "ALL"
	}
	return strconv.Itoa(a.Nodes)
}

// For returns what is allowed for one reason.
func (s DisruptionSpan) For(reason karpenterv1.DisruptionReason) Allowed { return *s.at(reason) }

func (s *DisruptionSpan) at(reason karpenterv1.DisruptionReason) *Allowed {
	switch reason {
	case karpenterv1.DisruptionReasonEmpty:
		return &s.Empty
	case karpenterv1.DisruptionReasonDrifted:
		return &s.Drifted
	case karpenterv1.DisruptionReasonUnderutilized:
		return &s.Underutilized
	}
	return new(Allowed)
}

// At returns the span that holds a time, and false if it isn't in the week.
func (d Disruptions) At(t time.Time) (DisruptionSpan, bool) {
	for _, s := range d.Spans {
		if !t.Before(s.From) && t.Before(s.To) {
			return s, true
		}
	}
	return DisruptionSpan{}, false
}

// Hours returns for each hour of the week the most that is allowed in it.
func (d Disruptions) Hours() [7 * 24]DisruptionSpan {
	var out [7 * 24]DisruptionSpan
	for i := range out {
		from := d.Week.Add(time.Duration(i) * time.Hour)
		hour := DisruptionSpan{From: from, To: from.Add(time.Hour)}
		first := true
		for _, s := range d.Spans {
			if !s.From.Before(hour.To) || !s.To.After(hour.From) {
				continue
			}
			for _, reason := range reasons {
				if most := hour.at(reason); first || more(s.For(reason), *most) {
					*most = s.For(reason)
				}
			}
			first = false
		}
		out[i] = hour
	}
	return out
}

// more reports whether a lets more nodes go than b.
func more(a, b Allowed) bool {
	return b.Limited && (!a.Limited || a.Nodes > b.Nodes)
}

// Disruptions returns how many of the pool's nodes Karpenter may disrupt, by
// reason, in the week that holds a time, counted from Monday in UTC. The pool
// is taken to be at its maximum.
//
// The error is a *millrace.BuildError: of the pool, if it can't be built or
// isn't Karpenter's, or of its budgets.
func (p *Pool) Disruptions(week time.Time) (Disruptions, error) {
	pool, err := p.NodePool()
	if err != nil {
		return Disruptions{}, err
	}
	return DisruptionsOf(pool, week)
}

// DisruptionsOf does the same for a NodePool, one that was loaded from a
// manifest for instance.
//
// The error is a *millrace.BuildError. With a budget that Karpenter can't read
// it disrupts no node at any time.
// Source: Karpenter 1.14.1, pkg/apis/v1/nodepool.go, GetAllowedDisruptionsByReason.
func DisruptionsOf(pool *karpenterv1.NodePool, week time.Time) (Disruptions, error) {
	if pool == nil {
		problems := millrace.Problems{Object: millrace.Ref{Kind: "NodePool"}}
		problems.Required("", "the pool is nil: leave it out")
		return Disruptions{}, problems.Err()
	}
	nodes := maximum(pool)
	d := Disruptions{Pool: pool.Name, Week: mondayOf(week), Nodes: nodes, Never: neverDisrupted(pool)}
	if nodes == 0 {
		d.Nodes, d.NoMaximum = 100, true
	}
	problems := millrace.Problems{Object: millrace.RefOf(pool)}
	budgets := readBudgets(budgetsOf(pool), d.Nodes, &problems)
	if err := problems.Err(); err != nil {
		return Disruptions{}, err
	}
	d.Spans = spans(d.Week, budgets)
	return d, nil
}

func mondayOf(t time.Time) time.Time {
	t = t.UTC()
	sinceMonday := (int(t.Weekday()) + 6) % 7
	return time.Date(t.Year(), t.Month(), t.Day()-sinceMonday, 0, 0, 0, 0, time.UTC)
}

// maximum is the largest number of nodes, or zero. A static pool keeps to its
// replicas, whatever its limit leaves room for.
func maximum(pool *karpenterv1.NodePool) int {
	if n := pool.Spec.Replicas; n != nil {
		return int(max(*n, 0))
	}
	return NodesOf(pool).Max
}

// neverDisrupted returns the reasons that the pool's settings rule out.
// Source: Karpenter 1.14.1, pkg/controllers/disruption, ShouldDisrupt of the methods.
func neverDisrupted(pool *karpenterv1.NodePool) []karpenterv1.DisruptionReason {
	d := pool.Spec.Disruption
	switch {
	case pool.Spec.Replicas != nil, d != nil && d.ConsolidateAfter == "Never":
		return []karpenterv1.DisruptionReason{karpenterv1.DisruptionReasonEmpty, karpenterv1.DisruptionReasonUnderutilized}
	case d != nil && d.ConsolidationPolicy == karpenterv1.ConsolidationPolicyWhenEmpty:
		return []karpenterv1.DisruptionReason{karpenterv1.DisruptionReasonUnderutilized}
	}
	return nil
}

// budgetsOf returns the pool's budgets, or the CRD's default where it has no
// list. An empty list is one.
func budgetsOf(pool *karpenterv1.NodePool) []karpenterv1.Budget {
	if d := pool.Spec.Disruption; d != nil && d.Budgets != nil {
		return d.Budgets
	}
	return []karpenterv1.Budget{{Nodes: defaultAtOnce}}
}

// budget is one of Karpenter's, read.
type budget struct {
	window
	nodes   int
	reasons []karpenterv1.DisruptionReason // nil means all
}

func readBudgets(list []karpenterv1.Budget, nodes int, problems *millrace.Problems) []budget {
	var out []budget
	for i, b := range list {
		at := fmt.Sprintf("spec.disruption.budgets[%d]", i)
		w, err := windowOf(b)
		if err != nil {
			problems.Invalid(at+".schedule", orEmpty(b.Schedule), err.Error(), `use five fields in UTC, as in "0 8 * * mon-fri"`)
		}
		switch d, err := time.ParseDuration(orEmpty(b.Duration)); {
		case b.Duration == nil && b.Schedule != nil:
			problems.Required(at+".duration", "say how long the budget holds")
		case b.Duration != nil && (err != nil || d < 0 || d%time.Minute != 0):
			problems.Invalid(at+".duration", *b.Duration, "is no duration in whole minutes", `use one such as "10h" or "1h30m"`)
		}
		of, ok := scaled(b.Nodes, nodes)
		if !ok {
			problems.Invalid(at+".nodes", b.Nodes, "is no number of nodes and no share", `use one such as "2" or "10%"`)
		}
		for j, r := range b.Reasons {
			if !slices.Contains(reasons, r) {
				problems.Invalid(fmt.Sprintf("%s.reasons[%d]", at, j), string(r), "unknown reason", "use Empty, Drifted or Underutilized")
			}
		}
		out = append(out, budget{w, of, b.Reasons})
	}
	return out
}

// scaled returns a number of nodes, or a share of the pool's, rounded up.
func scaled(text string, nodes int) (int, bool) {
	if !nodesPattern.MatchString(text) {
		return 0, false
	}
	share, isShare := strings.CutSuffix(text, "%")
	n, err := strconv.Atoi(share)
	if isShare {
		n = (n*nodes + 99) / 100
	}
	return n, err == nil
}

// spans puts the budgets of a week together.
func spans(week time.Time, budgets []budget) []DisruptionSpan {
	open := make([][]bool, len(budgets))
	for i, b := range budgets {
		open[i] = b.open(week, minutesOfWeek)
	}
	var out []DisruptionSpan
	for m := range minutesOfWeek {
		var now DisruptionSpan
		for i, b := range budgets {
			if open[i][m] {
				now.limit(b)
			}
		}
		if n := len(out); n > 0 && out[n-1].same(now) {
			continue
		}
		now.From = week.Add(time.Duration(m) * time.Minute)
		out = append(out, now)
	}
	for i := range out {
		out[i].To = week.AddDate(0, 0, 7)
		if i+1 < len(out) {
			out[i].To = out[i+1].From
		}
	}
	return out
}

// limit applies a budget that holds.
func (s *DisruptionSpan) limit(b budget) {
	for _, reason := range reasons {
		if b.reasons != nil && !slices.Contains(b.reasons, reason) {
			continue
		}
		if have := s.at(reason); !have.Limited || b.nodes < have.Nodes {
			*have = Allowed{Limited: true, Nodes: b.nodes}
		}
	}
}

func (s DisruptionSpan) same(as DisruptionSpan) bool {
	return s.Empty == as.Empty && s.Drifted == as.Drifted && s.Underutilized == as.Underutilized
}
