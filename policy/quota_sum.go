package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// sum adds quantities up and remembers whose they are.
type sum struct {
	total resource.Quantity
	by    []share
	at    map[string]int
}

type share struct {
	who string
	q   resource.Quantity
}

// add takes in n times a quantity.
func (s *sum) add(who string, each resource.Quantity, n int) {
	q := each.DeepCopy()
	q.Mul(int64(n))
	if q.IsZero() {
		return
	}
	s.total.Add(q)
	i, ok := s.at[who]
	if !ok {
		if s.at == nil {
			s.at = make(map[string]int)
		}
		i = len(s.by)
		s.at[who] = i
		s.by = append(s.by, share{who: who})
	}
	s.by[i].q.Add(q)
}

// join takes in another sum.
func (s *sum) join(other sum) {
	for _, o := range other.by {
		s.add(o.who, o.q, 1)
	}
}

// String lists who takes how much, the largest first.
func (s sum) String() string {
	by := slices.SortedFunc(slices.Values(s.by), func(a, b share) int { return cmp.Or(b.q.Cmp(a.q), cmp.Compare(a.who, b.who)) })
	out := make([]string, len(by))
	for i := range by {
		out[i] = by[i].who + " " + by[i].q.String()
	}
	return some(out)
}

// some lists the first few of many.
func some(items []string) string {
	const most = 5
	if len(items) > most {
		items = append(items[:most:most], fmt.Sprintf("%d more", len(items)-most))
	}
	return strings.Join(items, ", ")
}
