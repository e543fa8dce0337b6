package manifest

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// converter makes a tree of the nodes of one document.
type converter struct {
	*reader
	base     int // what to add to the lines of the nodes
	lines    Lines
	problems []Problem
	// open are the anchors whose aliases are being expanded.
	open map[*yaml.Node]bool
	// outer is the alias in the text itself that is being expanded.
	outer *yaml.Node
	// spent is what aliases have expanded to, in bytes.
	spent int
	// stop is set where going on makes no sense.
	stop bool
}

func (c *converter) fail(n *yaml.Node, format string, args ...any) {
	c.problems = append(c.problems, Problem{c.base + n.Line, n.Column, fmt.Sprintf(format, args...)})
	if len(c.problems) >= maxProblems {
		c.stop = true
	}
}

// value returns a node's value and adds its lines: key is what it stands
// under, line where that starts.
func (c *converter) value(n *yaml.Node, key string, line, depth int) (any, bool) {
	if !c.spend(n) {
		return nil, false
	}
	if n.Kind == yaml.AliasNode {
		var value any
		ok := c.expand(n, func(target *yaml.Node) (ok bool) {
			value, ok = c.value(target, key, line, depth)
			return ok
		})
		return value, ok
	}
	if depth > MaxDepth {
		c.fail(n, "the document has more than %d levels", MaxDepth)
		c.stop = true
		return nil, false
	}
	at := len(c.lines)
	c.lines = append(c.lines, entry{key: key, line: int32(c.base + line)})
	var value any
	ok := true
	switch n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		ok = c.mapping(n, m, depth)
		value = m
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			if list[i], ok = c.value(item, "", item.Line, depth+1); !ok && c.stop {
				return nil, false
			}
		}
		value = list
	default:
		if n.Style&yaml.LiteralStyle != 0 && n.Line == line {
			c.lines[at].line = -c.lines[at].line
		}
		value, ok = c.scalar(n)
		if ok {
			var err error
			if value, err = treeValue(value); err != nil {
				c.fail(n, "%v", err)
				ok = false
			}
		}
	}
	c.lines[at].size = int32(len(c.lines) - at)
	return value, ok
}

// scalar returns what a scalar means.
func (c *converter) scalar(n *yaml.Node) (any, bool) {
	const notPlain = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	switch {
	case n.Style&yaml.TaggedStyle != 0:
		value, err := tagged(n.Tag, n.Value)
		if err != nil {
			c.fail(n, "%v", err)
			return nil, false
		}
		return value, true
	case n.Style&notPlain != 0:
		return n.Value, true
	}
	return plain(n.Value), true
}

// mapping adds the entries of a mapping to m, which holds entries already
// where it is merged.
func (c *converter) mapping(n *yaml.Node, m map[string]any, depth int) bool {
	// Where nothing is merged, m itself knows the keys before.
	var seen map[string]any
	if seen = m; len(m) > 0 || slices.ContainsFunc(n.Content, isMerge) {
		seen = make(map[string]any, len(n.Content)/2)
	}
	for i := 0; i+1 < len(n.Content) && !c.stop; i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if isMerge(k) {
			c.merge(v, m, depth)
			continue
		}
		key, ok := c.key(k)
		if !ok {
			continue
		}
		if _, twice := seen[key]; twice {
			c.fail(k, "the key %s stands here and on line %d", quoted(key), c.base+c.firstLine(n, key))
			continue
		}
		seen[key] = nil
		if value, ok := c.value(v, key, k.Line, depth+1); ok {
			m[key] = value
		}
	}
	return !c.stop
}

// key returns the key of an entry.
func (c *converter) key(n *yaml.Node) (string, bool) {
	at := n
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.ScalarNode {
		c.fail(at, "a mapping or a list can't be a key (braces that a template left? quote them)")
		return "", false
	}
	value, ok := c.scalar(n)
	if !ok || !c.spend(n) {
		return "", false
	}
	text, err := keyText(value)
	if err != nil {
		c.fail(at, "%v", err)
		return "", false
	}
	return c.intern(text), true
}

// firstLine returns the line of the first entry under a key. Only mistakes
// ask for it.
func (c *converter) firstLine(n *yaml.Node, key string) int {
	quiet := converter{reader: c.reader}
	for i := 0; i < len(n.Content); i += 2 {
		if k := n.Content[i]; !isMerge(k) {
			if text, ok := quiet.key(k); ok && text == key {
				return k.Line
			}
		}
	}
	return n.Line
}

func isMerge(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "<<" && n.Tag == "!!merge"
}

// merge adds what "<<" names. It overrides the entries before it and yields
// to those behind it: YAML says otherwise, and kubectl does so.
func (c *converter) merge(n *yaml.Node, m map[string]any, depth int) {
	if !c.spend(n) {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		c.mapping(n, m, depth)
		return
	case yaml.AliasNode:
		if n.Alias.Kind == yaml.MappingNode {
			c.expand(n, func(target *yaml.Node) bool { return c.mapping(target, m, depth) })
			return
		}
	case yaml.SequenceNode:
		for i := len(n.Content) - 1; i >= 0; i-- {
			item := n.Content[i]
			if item.Kind != yaml.MappingNode && (item.Kind != yaml.AliasNode || item.Alias.Kind != yaml.MappingNode) {
				c.fail(item, `"<<" merges mappings only`)
				return
			}
			c.merge(item, m, depth)
		}
		return
	}
	c.fail(n, `"<<" merges mappings only`)
}

// expand calls f with what an alias stands for.
func (c *converter) expand(n *yaml.Node, f func(*yaml.Node) bool) bool {
	if c.open[n.Alias] {
		c.fail(n, "the anchor %s contains itself", quoted(n.Value))
		return false
	}
	if c.open == nil {
		c.open = make(map[*yaml.Node]bool)
	}
	if len(c.open) == 0 {
		c.outer = n
	}
	c.open[n.Alias] = true
	ok := f(n.Alias)
	delete(c.open, n.Alias)
	return ok
}

// spend counts what an alias adds to the document: the text of its scalars,
// and some bytes for each node, as if it were written out.
func (c *converter) spend(n *yaml.Node) bool {
	if c.stop || len(c.open) == 0 {
		return !c.stop
	}
	const perNode = 8
	if c.spent += perNode + len(n.Value); c.spent > MaxDocument {
		c.fail(c.outer, "the aliases of the document expand to more than %d bytes", MaxDocument)
		c.stop = true
		return false
	}
	return true
}
