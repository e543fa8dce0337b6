package diagnosis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

const (
	// mostEvidence is how many pieces of evidence a cause shows: a thousand
	// executors that ran out of memory are one cause.
	mostEvidence = 5
	// longest bounds a line of evidence, in runes. Messages of the scheduler
	// have about 300.
	longest = 400
	// longestText bounds detail and fix, which hold no more than a line of
	// what the cluster says.
	longestText = 1200
)

// note is one thing that one look recognised.
type note struct {
	id   string
	role role
	// kind tells apart what one id stands for: each exit code is a cause of
	// its own. It must be one of few.
	kind       string
	likelihood millrace.Likelihood
	object     millrace.Ref
	// key tells apart to what it happened, where the object does not.
	key    string
	detail string
	fix    string
	// where and what make up the evidence.
	where, what string
}

// group is the notes of one cause.
type group struct {
	note
	evidence []string
	more     int
	keys     map[string]bool
	seen     map[string]bool
}

type groupKey struct {
	id   string
	role role
	kind string
}

func (n *note) group() groupKey { return groupKey{n.id, n.role, n.kind} }

// note takes one note. Of several of the same cause the most likely one speaks.
func (q *inquiry) note(n note) {
	g, ok := q.groups[n.group()]
	if !ok {
		g = &group{note: n, keys: make(map[string]bool), seen: make(map[string]bool)}
		q.groups[n.group()] = g
		q.inOrder = append(q.inOrder, g)
		q.surest[n.id] = max(q.surest[n.id], n.likelihood)
	} else if n.likelihood > g.likelihood {
		g.note = n
		q.surest[n.id] = max(q.surest[n.id], n.likelihood)
	}
	g.keys[cmp.Or(n.key, n.object.String())] = true
	line := oneLine(n.where+": "+n.what, longest)
	switch {
	case n.where == "" || g.seen[line]:
	case len(g.evidence) < mostEvidence:
		g.seen[line] = true
		g.evidence = append(g.evidence, line)
	default:
		g.more++
	}
}

// add adds evidence and further fixes to a cause that was noted with more
// certainty. It reports whether there is such a one.
func (q *inquiry) add(n note, fixes []string) bool {
	g, ok := q.groups[n.group()]
	if !ok || g.likelihood < n.likelihood {
		return false
	}
	for _, fix := range fixes {
		g.fix += "; " + fix
	}
	q.note(n)
	return true
}

// noted reports whether a cause was noted, for any role.
func (q *inquiry) noted(id string) bool {
	_, ok := q.surest[id]
	return ok
}

// verdict orders what was noted.
func (q *inquiry) verdict() []millrace.Cause {
	type ranked struct {
		*group
		rank    int
		follows string
	}
	ranks := make(map[string]int, len(causes))
	for rank, c := range causes {
		ranks[c.id] = rank
	}
	all := make([]ranked, len(q.inOrder))
	for i, g := range q.inOrder {
		if g.id == Unschedulable && q.coming[g.role] {
			g.likelihood = millrace.Possible
			g.detail += ", and an autoscaler says that it makes one"
		}
		rank := ranks[g.id]
		all[i] = ranked{g, rank, q.reason(causes[rank].follows)}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		if first := cmp.Compare(order(a.follows), order(b.follows)); first != 0 {
			return first
		}
		byRank := cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.role, b.role)) // "driver" is before "executor"
		if a.follows == "" {
			return cmp.Or(cmp.Compare(b.likelihood, a.likelihood), byRank)
		}
		return byRank
	})
	var out []millrace.Cause
	for _, g := range all {
		out = append(out, g.cause(g.follows))
	}
	return out
}

// order puts root causes before consequences.
func order(follows string) int {
	if follows == "" {
		return 0
	}
	return 1
}

// reason returns the likeliest of the causes that was noted; of equals the
// first.
func (q *inquiry) reason(candidates []string) string {
	best, found := "", millrace.Likelihood(-1)
	for _, id := range candidates {
		if l, ok := q.surest[id]; ok && l > found {
			best, found = id, l
		}
	}
	return best
}

func (g *group) cause(follows string) millrace.Cause {
	detail := g.detail
	switch n := len(g.keys); {
	case n > 1 && g.role == executor:
		detail += fmt.Sprintf(" (%d executors)", n)
	case n > 1 && g.id == Claim:
		detail += fmt.Sprintf(" (%d claims)", n)
	}
	evidence := g.evidence
	if g.more > 0 {
		evidence = append(evidence, fmt.Sprintf("and %d more like these", g.more))
	}
	return millrace.Cause{ID: g.id, Likelihood: g.likelihood, Object: g.object, Detail: oneLine(detail, longestText),
		Evidence: evidence, Fix: oneLine(g.fix, longestText), Follows: follows}
}

// oneLine makes one line of a text, and cuts it after so many runes.
func oneLine(s string, most int) string {
	// Cut first: a status may hold a megabyte.
	if len(s) > 8*most {
		s = s[:8*most]
	}
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "")
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
