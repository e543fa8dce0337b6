package nodepool

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// String writes a table of the week for each reason, with a row for each day
// and the most that is allowed in each hour. Reasons of the same numbers share
// a table. ALL is an hour in which, for some minutes at least, no budget limits
// anything; when exactly is told below.
func (d Disruptions) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "NodePool %s, week of %s, UTC\n", d.Pool, d.Week.Format("Monday, 2 January 2006"))
	fmt.Fprintf(&b, "nodes that may be disrupted at once, of %d", d.Nodes)
	if d.NoMaximum {
		b.WriteString(" (the pool names no maximum)")
	}
	b.WriteString("\n")
	hours := d.Hours()
	left := slices.DeleteFunc(slices.Clone(reasons), func(r karpenterv1.DisruptionReason) bool { return slices.Contains(d.Never, r) })
	for len(left) > 0 {
		reason, its := left[0], []string{}
		left = slices.DeleteFunc(left, func(r karpenterv1.DisruptionReason) bool {
			for _, s := range d.Spans {
				if s.For(r) != s.For(reason) {
					return false
				}
			}
			its = append(its, string(r))
			return true
		})
		fmt.Fprintf(&b, "\n%s\n", strings.Join(its, ", "))
		table(&b, hours[:], reason)
		d.unlimited(&b, reason)
	}
	if len(d.Never) > 0 {
		var names []string
		for _, r := range d.Never {
			names = append(names, string(r))
		}
		fmt.Fprintf(&b, "\n%s: never, whatever the budgets say\n", strings.Join(names, ", "))
	}
	return b.String()
}

// table writes seven rows of 24 hours.
func table(b *strings.Builder, hours []DisruptionSpan, reason karpenterv1.DisruptionReason) {
	width := len("00")
	for _, h := range hours {
		width = max(width, len(h.For(reason).String()))
	}
	b.WriteString("    ")
	for h := range 24 {
		fmt.Fprintf(b, " %*s", width, fmt.Sprintf("%02d", h))
	}
	for i, h := range hours {
		if i%24 == 0 {
			fmt.Fprintf(b, "\n%-4s", h.From.Format("Mon"))
		}
		fmt.Fprintf(b, " %*s", width, h.For(reason))
	}
	b.WriteString("\n")
}

// unlimited writes when no budget holds for a reason.
func (d Disruptions) unlimited(b *strings.Builder, reason karpenterv1.DisruptionReason) {
	var times []DisruptionSpan
	for _, s := range d.Spans {
		if s.For(reason).Limited {
			continue
		}
		if n := len(times); n > 0 && times[n-1].To.Equal(s.From) {
			times[n-1].To = s.To
			continue
		}
		times = append(times, s)
	}
	if len(times) == 0 {
		return
	}
	const most = 8
	var words []string
	for _, s := range times[:min(most, len(times))] {
		words = append(words, s.From.Format("Mon 15:04")+" to "+endOf(s))
	}
	if n := len(times) - most; n > 0 {
		words = append(words, fmt.Sprintf("%d more times", n))
	}
	fmt.Fprintf(b, "no limit: %s\n", strings.Join(words, ", "))
}

// endOf writes when a time ends; midnight as the end of a day.
func endOf(s DisruptionSpan) string {
	if s.To.Hour() == 0 && s.To.Minute() == 0 {
		return s.To.Add(-time.Minute).Format("Mon") + " 24:00"
	}
	return s.To.Format("Mon 15:04")
}
