package schema

import (
	"hash/maphash"
	"math"
)

// few is the length up to which a list's items are compared with each other;
// a longer one's go into a table.
const few = 8

// bucket is one place of the table: an item, plus one, and how many equal ones
// were seen.
type bucket struct{ item, times int }

var seed = maphash.MakeSeed()

func (c *checker) list(n *node, v []any) {
	l := n.list
	if l.max >= 0 && len(v) > l.max {
		c.tooMany(len(v), l.max, "items")
	}
	if len(v) < l.min {
		c.tooFew(len(v), l.min, "items")
	}
	if l.kind == atomic {
		return
	}
	if l.kind == keyed {
		for _, item := range v {
			if _, ok := item.(map[string]any); !ok && item != nil {
				return // the type of the item is reported
			}
		}
	}
	if len(v) <= few {
		for i := 1; i < len(v); i++ {
			before := 0
			for j := range i {
				if l.equal(v[i], v[j]) {
					before++
				}
			}
			if before == 1 {
				c.duplicate(l, i, v[i])
			}
		}
		return
	}
	size := 16
	for size < 2*len(v) {
		size *= 2
	}
	if cap(c.buckets) < size {
		c.buckets = make([]bucket, size)
	}
	table := c.buckets[:size]
	clear(table)
	for i, item := range v {
		for at := int(l.hash(item)) & (size - 1); ; at = (at + 1) & (size - 1) {
			b := &table[at]
			if b.item == 0 {
				*b = bucket{item: i + 1, times: 1}
				break
			}
			if l.equal(item, v[b.item-1]) {
				if b.times++; b.times == 2 {
					c.duplicate(l, i, item)
				}
				break
			}
		}
	}
}

// of returns the value by which an item is told apart, and whether it has one.
func (k *listKey) of(item any) (any, bool) {
	m, _ := item.(map[string]any)
	v, ok := m[k.name]
	if v != nil {
		return v, true
	}
	if k.defaulted && item != nil {
		return k.value, true
	}
	return nil, ok && v != nil
}

// equal compares items as the server does: scalars as Go values, everything
// else as JSON.
func (l *listRule) equal(a, b any) bool {
	if l.kind == set {
		return same(a, b, false, 0)
	}
	for i := range l.keys {
		x, hasX := l.keys[i].of(a)
		y, hasY := l.keys[i].of(b)
		if hasX != hasY || hasX && !same(x, y, len(l.keys) > 1, 0) {
			return false
		}
	}
	return true
}

func (l *listRule) hash(item any) uint64 {
	if l.kind == set {
		return hash(item, 0)
	}
	sum := uint64(0)
	for i := range l.keys {
		v, _ := l.keys[i].of(item)
		sum = sum*31 + hash(v, 0)
	}
	return sum
}

// same reports whether two values are equal; asJSON makes 1 equal to 1.0. It
// doesn't look below maxDepth.
func same(a, b any, asJSON bool, depth int) bool {
	if depth > maxDepth {
		return true
	}
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k, v := range a {
			if w, ok := b[k]; !ok || !same(v, w, true, depth+1) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !same(a[i], b[i], true, depth+1) {
				return false
			}
		}
		return true
	case int64:
		if f, ok := b.(float64); ok && asJSON {
			return float64(a) == f && int64(f) == a
		}
	case float64:
		if i, ok := b.(int64); ok && asJSON {
			return float64(i) == a && int64(a) == i
		}
	case string, bool, nil, int, int32, float32:
	default:
		return false
	}
	switch b.(type) {
	case map[string]any, []any:
		return false
	}
	return a == b
}

// hash gives equal values the same number, whether compared as JSON or not.
func hash(v any, depth int) uint64 {
	if depth > maxDepth {
		return 0
	}
	switch v := v.(type) {
	case string:
		return maphash.String(seed, v)
	case int64:
		return number(float64(v))
	case float64:
		return number(v)
	case bool:
		if v {
			return 1
		}
		return 2
	case map[string]any:
		sum := uint64(len(v))
		for k, w := range v {
			sum += maphash.String(seed, k) * (hash(w, depth+1) | 1)
		}
		return sum
	case []any:
		sum := uint64(len(v))
		for _, w := range v {
			sum = sum*31 + hash(w, depth+1)
		}
		return sum
	}
	return 0
}

func number(f float64) uint64 {
	return math.Float64bits(f+0) * 0x9e3779b97f4a7c15 >> 20
}
