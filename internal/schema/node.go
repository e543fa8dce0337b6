package schema

import (
	"fmt"

	"github.com/millrace/millrace/internal/schema/wire"
)

// types is a set of JSON types; the empty one allows each.
type types uint8

const (
	tObject types = 1 << iota
	tArray
	tString
	tInteger
	tNumber
	tBoolean
)

var typeOf = map[string]types{
	"object": tObject, "array": tArray, "string": tString,
	"integer": tInteger, "number": tNumber, "boolean": tBoolean,
}

// node is one compiled schema. Equal ones are shared, so that nothing in it
// depends on where it is.
type node struct {
	types     types
	nullable  bool
	preserve  bool // fields that the schema doesn't name are kept
	decoded   bool // of a Go type: in what has the wrong type nothing is sought
	hidden    bool // what is there isn't shown
	defaulted bool
	value     any // the default

	props    map[string]field
	table    *fieldTable // of props
	extra    *node       // of the fields that props doesn't name
	items    *node
	required []string
	oneOf    []string
	minProps int
	maxProps int // -1: any number

	text   *textRule
	number *numberRule
	list   *listRule
	rules  []*rule
}

// field is one property of a node.
type field struct {
	node     *node
	required bool
}

type textRule struct {
	enum     []string
	pattern  *pattern
	format   *format
	min, max int // -1: any length
}

type numberRule struct {
	min, max       float64
	hasMin, hasMax bool
	bits           int // 32 or 64 where the type has integer, 8 of a byte, else 0
}

type listRule struct {
	kind     listKind
	keys     []listKey
	min, max int // -1: any number
}

type listKind uint8

const (
	atomic listKind = iota
	set
	keyed
)

// listKey is a field by which the items of a list are told apart.
type listKey struct {
	name      string
	value     any // what the field is by default
	defaulted bool
}

func compile(w *wire.Node, before []*node) (*node, error) {
	at := func(ref int) *node {
		if ref == 0 {
			return nil
		}
		return before[ref-1]
	}
	n := &node{
		nullable: w.Nullable, preserve: w.Preserve, defaulted: w.Defaulted, value: w.Default,
		extra: at(w.Additional), items: at(w.Items), required: w.Required, oneOf: w.OneOf, maxProps: -1,
	}
	switch {
	case w.IntOrString:
		n.types = tInteger | tString
	case w.Type != "":
		if n.types = typeOf[w.Type]; n.types == 0 {
			return nil, fmt.Errorf("unknown type %q", w.Type)
		}
	}
	if w.MinProps != nil {
		n.minProps = *w.MinProps
	}
	if w.MaxProps != nil {
		n.maxProps = *w.MaxProps
	}
	if len(w.Properties) > 0 {
		n.props = make(map[string]field, len(w.Properties))
		for name, ref := range w.Properties {
			n.props[name] = field{node: at(ref)}
		}
	}
	for _, name := range w.Required {
		f, ok := n.props[name]
		if !ok {
			continue
		}
		f.required = true
		n.props[name] = f
	}
	n.table = newFieldTable(n.props)
	if err := n.compileScalar(w); err != nil {
		return nil, err
	}
	n.compileList(w)
	for _, id := range w.Rules {
		r, ok := rules()[id]
		if !ok {
			return nil, fmt.Errorf("unknown rule %q", id)
		}
		n.rules = append(n.rules, r)
	}
	return n, nil
}

func (n *node) compileScalar(w *wire.Node) error {
	if len(w.Enum) > 0 || w.Pattern != "" || w.MinLength != nil || w.MaxLength != nil || w.Format != "" && n.types == tString {
		t := &textRule{enum: w.Enum, min: length(w.MinLength), max: length(w.MaxLength)}
		if w.Pattern != "" {
			var err error
			if t.pattern, err = newPattern(w.Pattern); err != nil {
				return err
			}
		}
		if w.Format != "" {
			if t.format = formats[w.Format]; t.format == nil {
				return fmt.Errorf("unknown format %q", w.Format)
			}
		}
		n.text = t
	}
	if n.types&tInteger != 0 || w.Minimum != nil || w.Maximum != nil {
		r := &numberRule{}
		if w.Minimum != nil {
			r.min, r.hasMin = *w.Minimum, true
		}
		if w.Maximum != nil {
			r.max, r.hasMax = *w.Maximum, true
		}
		if n.types&tInteger != 0 {
			r.bits = 64
			if w.Format == "int32" {
				r.bits = 32
			}
		}
		n.number = r
	}
	return nil
}

func (n *node) compileList(w *wire.Node) {
	if w.ListType == "" && w.MinItems == nil && w.MaxItems == nil {
		return
	}
	n.list = &listRule{min: length(w.MinItems), max: length(w.MaxItems)}
	switch w.ListType {
	case "set":
		n.list.kind = set
	case "map":
		n.list.kind = keyed
		for _, name := range w.ListKeys {
			key := listKey{name: name}
			if n.items != nil {
				if f, ok := n.items.props[name]; ok {
					key.value, key.defaulted = f.node.value, f.node.defaulted
				}
			}
			n.list.keys = append(n.list.keys, key)
		}
	}
}

func length(p *int) int {
	if p == nil {
		return -1
	}
	return *p
}
