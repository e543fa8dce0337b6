package kafka

import (
	"fmt"
	"maps"
	"slices"

	"github.com/millrace/millrace"
)

// section is a mapping of a new object in the making, and where it stands: in the
// old object, if it was there, otherwise in the new one. What its methods do is
// reported as a change.
type section struct {
	c    *conversion
	m    map[string]any
	path string
	// in is the new object, where that is not what became of the old one.
	in millrace.Ref
}

// at returns the path of a key.
func (p section) at(key string) string { return joinPath(p.path, key) }

// has reports whether a key has a value; null is none.
func (p section) has(key string) bool { return p.m[key] != nil }

// text returns a value that is text, or nothing.
func (p section) text(key string) string {
	s, _ := p.m[key].(string)
	return s
}

// keys returns the keys that have a value, sorted, so that one object gives
// the same result each time.
func (p section) keys() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p.m)), func(key string) bool { return p.m[key] == nil })
}

// sub returns the mapping below some keys. Without one it is empty, and what
// is asked of it is not there.
func (p section) sub(keys ...string) section {
	for _, key := range keys {
		m, _ := p.m[key].(map[string]any)
		p.path, p.m = p.at(key), m
	}
	return p
}

// need is sub, and makes the mappings that aren't there. It is for values that
// are about to be put in.
func (p section) need(keys ...string) section {
	for _, key := range keys {
		m, ok := p.m[key].(map[string]any)
		if !ok {
			if p.has(key) {
				p.c.faults.Add(millrace.RuleInvalid, p.at(key), "it is no mapping", "correct the value")
			}
			m = make(map[string]any)
			p.m[key] = m
		}
		p.path, p.m = p.at(key), m
	}
	return p
}

// items returns the mappings of a list.
func (p section) items(key string) []section {
	list, _ := p.m[key].([]any)
	var out []section
	for i, item := range list {
		if m, ok := item.(map[string]any); ok {
			out = append(out, section{c: p.c, m: m, path: fmt.Sprintf("%s[%d]", p.at(key), i), in: p.in})
		}
	}
	return out
}

// mappings is items of a list that is about to be taken apart: an item of
// another type would be lost.
func (p section) mappings(key string) []section {
	items := p.items(key)
	if list, ok := p.m[key].([]any); p.has(key) && (!ok || len(list) > len(items)) {
		p.c.faults.Add(millrace.RuleInvalid, p.at(key), "it is no list of mappings", "correct the value")
	}
	return items
}

// push appends to a list, and returns the path of the item.
func (p section) push(key string, item any) string {
	list, ok := p.m[key].([]any)
	if p.has(key) && !ok {
		p.c.faults.Add(millrace.RuleInvalid, p.at(key), "it is no list", "correct the value")
	}
	p.m[key] = append(list, item)
	return fmt.Sprintf("%s[%d]", p.at(key), len(list))
}

// drop removes a value.
func (p section) drop(key, why, source string) {
	if p.m[key] == nil {
		return
	}
	delete(p.m, key)
	p.c.changed(UpgradeChange{Kind: UpgradeDropped, Path: p.at(key), Detail: why, Source: source})
}

// rewrite puts another value in the place of one.
func (p section) rewrite(key string, value any, why, source string) {
	p.m[key] = value
	p.c.changed(UpgradeChange{Kind: UpgradeRewritten, Path: p.at(key), In: p.in, To: p.at(key), Detail: why, Source: source})
}

// become is rewrite, with the value in another place.
func (p section) become(key string, to section, as string, value any, why, source string) {
	delete(p.m, key)
	to.m[as] = value
	p.c.changed(UpgradeChange{Kind: UpgradeRewritten, Path: p.at(key), In: to.in, To: to.at(as), Detail: why, Source: source})
}

// move takes a value elsewhere. What is there already stays, as it is what the
// operators took of the two.
func (p section) move(key string, to section, as, why, source string) {
	value := p.m[key]
	if value == nil {
		return
	}
	if to.has(as) {
		p.drop(key, fmt.Sprintf("%s is set as well, and wins", to.at(as)), source)
		return
	}
	delete(p.m, key)
	to.m[as] = value
	p.c.changed(UpgradeChange{Kind: UpgradeMoved, Path: p.at(key), In: to.in, To: to.at(as), Detail: why, Source: source})
}

// add puts in what the old object had by a default.
func (p section) add(key string, value any, why, source string) {
	p.m[key] = value
	p.c.changed(UpgradeChange{Kind: UpgradeAdded, In: p.in, To: p.at(key), Detail: why, Source: source})
}

// tidy removes a mapping of which a change left nothing.
func (p section) tidy(key string) {
	m, ok := p.m[key].(map[string]any)
	emptied := func(change UpgradeChange) bool { _, ok := below(change.Path, p.at(key)); return ok }
	if ok && len(m) == 0 && slices.ContainsFunc(p.c.changes, emptied) {
		delete(p.m, key)
	}
}

// changed reports a change.
func (c *conversion) changed(change UpgradeChange) {
	change.Object = c.ref
	c.changes = append(c.changes, change)
}

// decide reports a decision about a value of the old object.
func (c *conversion) decide(path string, d UpgradeDecision) {
	d.Object, d.Path = c.ref, path
	c.decisions = append(c.decisions, d)
}

// gone is a field that v1 doesn't have, and that is not missed.
type gone struct {
	path []string
	why  string
}

// dropAll removes fields that are gone.
func (p section) dropAll(source string, fields ...gone) {
	for _, f := range fields {
		last := len(f.path) - 1
		p.sub(f.path[:last]...).drop(f.path[last], f.why, source)
	}
}
