package schema

import "sync"

const (
	// maxProblems bounds what one check reports, and maxGuesses for how many
	// unknown fields it looks for what was meant: a document full of mistakes
	// must not cost more than one can read.
	maxProblems = 10_000
	maxGuesses  = 100

	// maxDepth is how deep the server's decoder goes.
	maxDepth = 10_000
)

// checker is one check under way. It is used again for the next one.
type checker struct {
	path     []step
	problems []Problem
	late     []Problem // of ported rules
	blocked  bool      // the server would not come to its CEL rules
	guesses  int
	buckets  []bucket
}

var checkers = sync.Pool{New: func() any { return new(checker) }}

// Check reports everything that the API server would refuse the object for,
// were it created, unknown fields too. The object is in the form that JSON
// decodes to: map[string]any, []any, string, int64, float64, bool and nil. It
// is neither changed nor kept. Problems come in the order of their paths.
func (s *Schema) Check(obj map[string]any, report func(Problem)) {
	c := checkers.Get().(*checker)
	defer c.release()
	if !s.checkKind(c, obj) {
		s.checkReplicas(c, obj)
		s.checkRoot(c, obj)
	}
	c.deliver(report)
}

func (c *checker) release() {
	clear(c.problems)
	clear(c.late)
	clear(c.path[:cap(c.path)])
	if cap(c.path) > 1024 || cap(c.buckets) > 1<<16 || cap(c.problems)+cap(c.late) > 1024 {
		return
	}
	*c = checker{path: c.path[:0], problems: c.problems[:0], late: c.late[:0], buckets: c.buckets}
	checkers.Put(c)
}

// checkKind reports whether the object is of another kind, of which nothing
// else can be said.
func (s *Schema) checkKind(c *checker, obj map[string]any) bool {
	for _, f := range [...]struct{ name, want string }{{"apiVersion", s.apiVersion}, {"kind", s.gvk.Kind}} {
		if obj[f.name] != f.want {
			c.reportAt(f.name, RuleKind, "is "+show(obj[f.name])+", this is the schema of "+f.want, "write "+f.want)
		}
	}
	return len(c.problems) > 0
}

func (s *Schema) checkRoot(c *checker, obj map[string]any) {
	if !s.status {
		c.value(s.root, obj)
	} else if status, ok := obj["status"]; !ok {
		c.value(s.root, obj)
	} else {
		// The server drops the status of what a user creates, after it looked
		// for unknown fields.
		c.fields(s.root, obj, "status")
		if f, ok := s.root.props["status"]; ok {
			c.push(step{key: "status"})
			c.unknownIn(f.node, status)
			c.pop()
		} else {
			c.unknownField(s.root, "status")
		}
	}
	s.checkMetadata(c, obj["metadata"])
}

func (c *checker) push(s step) { c.path = append(c.path, s) }
func (c *checker) pop()        { c.path = c.path[:len(c.path)-1] }

// value checks a value and all that is in it.
func (c *checker) value(n *node, v any) {
	switch v := v.(type) {
	case map[string]any:
		if n.types != 0 && n.types&tObject == 0 {
			c.typeProblem(n, v)
			if n.decoded {
				return
			}
		}
		c.fields(n, v, "")
	case []any:
		switch {
		case n.types == 0 || n.types&tArray != 0:
		case n.text != nil && n.text.format != nil && n.text.format.lists:
		default:
			c.typeProblem(n, v)
			if n.decoded {
				return
			}
		}
		c.elements(n, v)
	default:
		c.scalar(n, v)
	}
	for _, r := range n.rules {
		if !r.holds(v) {
			c.late = append(c.late, Problem{c.at(""), r.ID, r.Detail, r.Fix})
		}
	}
}

// fields checks the fields of an object but one, and the object as a whole.
func (c *checker) fields(n *node, v map[string]any, without string) {
	required, kept := 0, 0
	for name, value := range v {
		if name == without && without != "" {
			continue
		}
		s := step{key: name}
		f, known := n.table.get(name)
		if !known {
			switch {
			case n.extra != nil:
				f.node = n.extra
				s.index = mapKey
			case n.preserve:
				kept++
				continue
			default:
				c.unknownField(n, name)
				continue
			}
		}
		// The server drops a null that isn't allowed, or puts the default
		// there.
		if value == nil && !f.node.nullable {
			continue
		}
		kept++
		if f.required {
			required++
		}
		c.push(s)
		c.value(f.node, value)
		c.pop()
	}
	if required < len(n.required) {
		for _, name := range n.required {
			if value, ok := v[name]; !ok || value == nil && !n.props[name].node.nullable {
				c.missing(name)
			}
		}
	}
	if kept < n.minProps {
		c.tooFew(kept, n.minProps, "fields")
	}
	if n.maxProps >= 0 && kept > n.maxProps {
		c.tooMany(kept, n.maxProps, "fields")
	}
	if len(n.oneOf) > 0 {
		c.exactlyOne(n, v)
	}
}

// exactlyOne holds an object to having one of the fields.
func (c *checker) exactlyOne(n *node, v map[string]any) {
	found := 0
	for _, name := range n.oneOf {
		if v[name] != nil {
			found++
		}
	}
	if found != 1 {
		c.blocked = c.blocked || found == 0
		c.notOne(n.oneOf, found)
	}
}

// elements checks the items of a list, and the list as a whole.
func (c *checker) elements(n *node, v []any) {
	if n.items == nil {
		if !n.preserve {
			c.unknownIn(n, v)
		}
		return
	}
	for i, item := range v {
		c.push(step{index: i + 1})
		c.value(n.items, item)
		c.pop()
	}
	if n.list != nil {
		c.list(n, v)
	}
}

// unknownIn reports the fields that the schema has no place for, and nothing
// else.
func (c *checker) unknownIn(n *node, v any) {
	if len(c.path) > maxDepth {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			s := step{key: name}
			f, known := n.props[name]
			switch {
			case known:
			case n.extra != nil:
				f.node = n.extra
				s.index = mapKey
			case n.preserve:
				continue
			default:
				c.unknownField(n, name)
				continue
			}
			c.push(s)
			c.unknownIn(f.node, value)
			c.pop()
		}
	case []any:
		items := n.items
		if items == nil {
			if n.preserve {
				return
			}
			items = nothing
		}
		for i, item := range v {
			c.push(step{index: i + 1})
			c.unknownIn(items, item)
			c.pop()
		}
	}
}

// nothing is the schema of what has no schema: every field in it is unknown.
var nothing = &node{maxProps: -1}
