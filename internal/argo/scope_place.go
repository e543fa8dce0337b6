package argo

import (
	"slices"
	"strconv"
	"strings"
)

// place is where something stands in the object. It becomes text only where a
// problem is reported.
type place struct {
	parent *place
	name   string // of a field or a map's key
	key    bool
	index  int
}

func (p *place) field(name string) *place { return &place{parent: p, name: name} }
func (p *place) entry(name string) *place { return &place{parent: p, name: name, key: true} }
func (p *place) item(i int) *place        { return &place{parent: p, index: i} }

func (p *place) String() string {
	var up []*place
	for ; p.parent != nil; p = p.parent {
		up = append(up, p)
	}
	var b strings.Builder
	for _, p := range slices.Backward(up) {
		switch {
		case p.key:
			b.WriteString("[" + p.name + "]")
		case p.name == "":
			b.WriteString("[" + strconv.Itoa(p.index) + "]")
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(p.name)
		}
	}
	return b.String()
}

// plainKey: letters, digits, '-' and '_'.
func plainKey(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !isWordRune(r) })
}

func isWordRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_'
}
