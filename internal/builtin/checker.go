package builtin

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/millrace/millrace/internal/schema"
)

// checker collects what is wrong with one object. Its path follows the walk:
// what enters a field leaves it again.
//
//	c.enter("spec")
//	c.enter("containers")
//	for i := range containers {
//		c.item(i)
//		if containers[i].Image == "" {
//			c.required("image", "name the image")
//		}
//		c.leave()
//	}
//	c.leave()
//	c.leave()
type checker struct {
	path   []step
	report func(schema.Problem)

	// partial is set where others complete the object: what is missing isn't
	// reported then.
	partial bool
}

// step is one part of a path: a field, the key of a map (index mapKey), or an
// item of a list (index is its place plus one).
type step struct {
	key   string
	index int
}

const mapKey = -1

func (c *checker) enter(field string) { c.path = append(c.path, step{key: field}) }
func (c *checker) item(i int)         { c.path = append(c.path, step{index: i + 1}) }
func (c *checker) key(k string)       { c.path = append(c.path, step{key: k, index: mapKey}) }
func (c *checker) leave()             { c.path = c.path[:len(c.path)-1] }

// at returns the path of a field below the current one; "" is the current
// one, and "[…]" an item or a key of it.
func (c *checker) at(field string) string {
	var b strings.Builder
	dot := func() {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
	}
	for _, s := range c.path {
		switch {
		case s.index == mapKey:
			b.WriteString("[" + s.key + "]")
		case s.index > 0:
			b.WriteString("[" + strconv.Itoa(s.index-1) + "]")
		default:
			dot()
			b.WriteString(s.key)
		}
	}
	if field != "" {
		if field[0] != '[' {
			dot()
		}
		b.WriteString(field)
	}
	return b.String()
}

func (c *checker) problem(field, rule, detail, fix string) {
	c.report(schema.Problem{Path: c.at(field), Rule: rule, Detail: detail, Fix: fix})
}

// required reports that a field is empty.
func (c *checker) required(field, fix string) {
	c.missing(field, "is missing", fix)
}

// missing is required for what takes more words than "is missing".
func (c *checker) missing(field, detail, fix string) {
	if !c.partial {
		c.problem(field, schema.RuleRequired, detail, fix)
	}
}

// left tells whether a value is left to those who complete the object.
func (c *checker) left(value any) bool { return c.partial && value == "" }

// invalid reports a value that the field can't take: "is 99999, must be a port".
func (c *checker) invalid(field string, value any, must, fix string) {
	if c.left(value) {
		return
	}
	c.problem(field, schema.RuleInvalid, "is "+show(value)+", must "+must, fix)
}

// forbidden reports a field that must not be set here, and why.
func (c *checker) forbidden(field, why, fix string) {
	c.problem(field, schema.RuleForbidden, why, fix)
}

// enum reports a value that is none of those that the field can take.
func (c *checker) enum(field, value string, allowed ...string) {
	if c.left(value) {
		return
	}
	list := strings.Join(allowed, ", ")
	c.problem(field, schema.RuleEnum, "is "+show(value)+", must be one of "+list, "use one of "+list)
}

// duplicate reports a value that an item before has as well.
func (c *checker) duplicate(field string, value any) {
	if c.left(value) {
		return
	}
	c.problem(field, schema.RuleDuplicate, "is "+show(value)+" again", "take one of them out, or rename it")
}

// bounds reports a number, or the length of a text or a list, that is too
// small or too large: "is -1, must be at least 0".
func (c *checker) bounds(field string, value any, must string) {
	c.problem(field, schema.RuleBounds, "is "+show(value)+", must be "+must, "use one that is "+must)
}

// show writes a value for a reader, the long ones cut.
func show(v any) string {
	const most = 60
	s := fmt.Sprint(v)
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	switch v.(type) {
	case int, int32, int64, bool:
		return s
	}
	return strconv.Quote(s)
}
