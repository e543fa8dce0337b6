package policy

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/nodefit"
)

// landings tells which of many pools take a pod. Pods times pools is much work
// in a large bundle, and most pods say the same of where they run as others: it
// is worked out once for each placement, and only for pools that have the
// labels that it asks for.
type landings struct {
	pools []millrace.NodeShape
	rooms []sizedNodes // of each pool, with the zero Room where it isn't known
	known []bool
	takes map[string][]int
	misfs map[string]misfit
	index map[string]labelled
}

// labelled are the pools by what they say of one label.
type labelled struct {
	values map[string][]int
	// rest are those that leave it open, or have several values.
	rest []int
}

// misfit is the pool that comes nearest to taking a pod that none takes.
type misfit struct {
	pool    millrace.NodeShape
	refusal millrace.Refusal
}

func newLandings(pools []millrace.NodeShape) *landings {
	l := &landings{pools: pools, takes: map[string][]int{}, misfs: map[string]misfit{}, index: map[string]labelled{}}
	for i, pool := range pools {
		room, known := nodefit.Of(pool)
		l.rooms, l.known = append(l.rooms, sizedNodes{pool, room, i}), append(l.known, known)
	}
	return l
}

// landingsOf returns those of all pools that a bundle knows of.
func landingsOf(pass *millrace.Pass) *landings {
	type key struct{}
	return once(pass, key{}, func() *landings { return newLandings(pass.Bundle.Nodes()) })
}

// on returns the pools that take a pod, by their places, in their order.
func (l *landings) on(pod millrace.Pod) []int {
	placement := admitted(pod)
	key := placementKey(placement)
	out, ok := l.takes[key]
	if !ok {
		for _, i := range l.likely(placement) {
			if refuses(l.pools[i], placement).Empty() {
				out = append(out, i)
			}
		}
		l.takes[key] = out
	}
	return out
}

// shapes are the pools that take a pod.
func (l *landings) shapes(pod millrace.Pod) []millrace.NodeShape {
	var out []millrace.NodeShape
	for _, i := range l.on(pod) {
		out = append(out, l.pools[i])
	}
	return out
}

// misfit returns what keeps a pod that no pool takes off the nearest one.
func (l *landings) misfit(pod millrace.Pod) misfit {
	placement := admitted(pod)
	key := placementKey(placement)
	out, ok := l.misfs[key]
	if !ok {
		var refusals []millrace.Refusal
		for _, pool := range l.pools {
			refusals = append(refusals, refuses(pool, placement))
		}
		i := nearest(l.pools, refusals)
		out = misfit{l.pools[i], refusals[i]}
		l.misfs[key] = out
	}
	return out
}

// likely returns the pools that may take pods of a placement, by the labels that
// it asks for.
func (l *landings) likely(p millrace.Placement) []int {
	var best []int
	found := false
	try := func(some []int) {
		if !found || len(some) < len(best) {
			best, found = some, true
		}
	}
	for key, value := range p.NodeSelector {
		if millrace.PoolLabel(key) {
			try(l.with(key, value))
		}
	}
	if required := p.RequiredNodes(); required != nil {
		if some, ok := l.inTerms(required.NodeSelectorTerms); ok {
			try(some)
		}
	}
	if !found {
		for i := range l.pools {
			best = append(best, i)
		}
	}
	return best
}

// inTerms returns the pools that one of the terms may be met by; false where a
// term doesn't ask for certain pools.
func (l *landings) inTerms(terms []corev1.NodeSelectorTerm) ([]int, bool) {
	var out []int
	for _, term := range terms {
		i := slices.IndexFunc(term.MatchExpressions, func(r corev1.NodeSelectorRequirement) bool {
			return r.Operator == corev1.NodeSelectorOpIn && millrace.PoolLabel(r.Key)
		})
		if i < 0 {
			return nil, false
		}
		out = append(out, l.with(term.MatchExpressions[i].Key, term.MatchExpressions[i].Values...)...)
	}
	slices.Sort(out)
	return slices.Compact(out), true
}

// with returns the pools that have one of the values of a label, or may have it.
func (l *landings) with(key string, values ...string) []int {
	have, ok := l.index[key]
	if !ok {
		have.values = map[string][]int{}
		for i, pool := range l.pools {
			value, told := pool.Labels[key]
			several := slices.ContainsFunc(pool.Requirements, func(r corev1.NodeSelectorRequirement) bool { return r.Key == key })
			switch {
			case told:
				have.values[value] = append(have.values[value], i)
			case several || len(pool.Refuses(millrace.Placement{NodeSelector: map[string]string{key: ""}}).Labels) == 0:
				have.rest = append(have.rest, i)
			}
		}
		l.index[key] = have
	}
	out := slices.Clone(have.rest)
	for _, value := range values {
		out = append(out, have.values[value]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// placementKey is one text for all placements that the same pools take.
func placementKey(p millrace.Placement) string {
	var out []byte
	for _, key := range slices.Sorted(maps.Keys(p.NodeSelector)) {
		out = strconv.AppendQuote(strconv.AppendQuote(out, key), p.NodeSelector[key])
	}
	var tolerations []string
	for _, t := range p.Tolerations {
		text := strconv.AppendQuote(strconv.AppendQuote(nil, t.Key), t.Value)
		tolerations = append(tolerations, string(strconv.AppendQuote(strconv.AppendQuote(text, string(t.Operator)), string(t.Effect))))
	}
	slices.Sort(tolerations) // Those for devices come in any order.
	out = append(append(out, '|'), strings.Join(slices.Compact(tolerations), ",")...)
	if required := p.RequiredNodes(); required != nil {
		out = append(append(out, '|'), required.String()...)
	}
	return string(out)
}

// texts are texts of which each counts once.
type texts struct {
	list []string
	seen map[string]bool
}

func (t *texts) add(text string) {
	if t.seen == nil {
		t.seen = map[string]bool{}
	}
	if !t.seen[text] {
		t.seen[text] = true
		t.list = append(t.list, text)
	}
}
