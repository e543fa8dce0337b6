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
	const most = 5
	by := slices.SortedFunc(slices.Values(s.by), func(a, b share) int { return cmp.Or(b.q.Cmp(a.q), cmp.Compare(a.who, b.who)) })
	var out []string
	for i, share := range by {
		if i == most {
			out = append(out, fmt.Sprintf("%d more", len(by)-most))
			break
		}
		out = append(out, share.who+" "+share.q.String())
	}
	return strings.Join(out, ", ")
}
