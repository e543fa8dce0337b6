package schema

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/millrace/millrace/internal/closest"
)

// The rules that hold for every kind. Those ported from CEL have ids of their
// own, see Rules.
const (
	RuleRequired  = "schema/required"
	RuleType      = "schema/type"
	RuleEnum      = "schema/enum"
	RulePattern   = "schema/pattern"
	RuleBounds    = "schema/bounds"
	RuleFormat    = "schema/format"
	RuleUnknown   = "schema/unknown-field"
	RuleDuplicate = "schema/duplicate"
	RuleOneOf     = "schema/one-of"
	RuleKind      = "schema/kind"
	RuleMetadata  = "schema/metadata"
	RuleTooMany   = "schema/too-many-problems"

	// Those that only Kubernetes' own kinds know, see internal/builtin.
	RuleInvalid   = "schema/invalid"
	RuleForbidden = "schema/forbidden"
	RuleRemoved   = "schema/removed"
)

// Problem is one thing that the API server would refuse.
type Problem struct {
	// Path is where: "spec.driver.env[0].name"; the key of a map stands in
	// brackets: "metadata.labels[app.kubernetes.io/name]".
	Path string

	// Rule is the id of what is broken, "schema/required" or one of Rules.
	Rule string

	// Detail says what is wrong, Fix what to do.
	Detail, Fix string
}

// String returns the path, what is wrong there, and what to do.
func (p Problem) String() string {
	return fmt.Sprintf("%s: %s: %s [%s]", p.Path, p.Detail, p.Fix, p.Rule)
}

// Compare orders problems by their paths, and those of one by what is wrong.
func Compare(a, b Problem) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Detail, b.Detail))
}

// step is one part of a path: a field, the key of a map (index mapKey), or an
// item (index is its place plus one).
type step struct {
	key   string
	index int
}

const mapKey = -1

func (c *checker) at(last string) string {
	var b strings.Builder
	for _, s := range c.path {
		switch {
		case s.index == mapKey:
			b.WriteString("[" + s.key + "]")
		case s.index > 0:
			b.WriteString("[" + strconv.Itoa(s.index-1) + "]")
		default:
			dot(&b)
			b.WriteString(s.key)
		}
	}
	if last != "" {
		if last[0] != '[' {
			dot(&b)
		}
		b.WriteString(last)
	}
	return b.String()
}

func dot(b *strings.Builder) {
	if b.Len() > 0 {
		b.WriteByte('.')
	}
}

func (c *checker) report(rule, detail, fix string) { c.reportAt("", rule, detail, fix) }

// reportAt reports a problem of what is below the current path.
func (c *checker) reportAt(last, rule, detail, fix string) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, Problem{c.at(last), rule, detail, fix})
	} else if len(c.problems) == maxProblems {
		c.problems = append(c.problems, Problem{"", RuleTooMany, fmt.Sprintf("has more than %d problems", maxProblems), "mend these first"})
	}
}

// deliver sorts what was found, as maps are walked in no order.
func (c *checker) deliver(report func(Problem)) {
	if !c.blocked {
		c.problems = append(c.problems, c.late...)
	}
	if len(c.problems) == 0 {
		return
	}
	slices.SortFunc(c.problems, Compare)
	for _, p := range slices.Compact(c.problems) {
		report(p)
	}
}

func (c *checker) typeProblem(n *node, v any) {
	c.blocked = true
	var want []string
	for _, t := range [...]struct {
		types types
		name  string
	}{{tObject, "an object"}, {tArray, "a list"}, {tString, "a string"}, {tInteger, "an integer"}, {tNumber, "a number"}, {tBoolean, "true or false"}} {
		if n.types&t.types != 0 {
			want = append(want, t.name)
		}
	}
	if len(want) == 0 {
		want = []string{"a JSON value"}
	}
	wanted := strings.Join(want, " or ")
	fix := "write " + wanted
	switch v := v.(type) {
	case string:
		_, err := strconv.ParseFloat(v, 64)
		if n.types&(tInteger|tNumber) != 0 && err == nil || n.types&tBoolean != 0 && (v == "true" || v == "false") {
			fix = "leave out the quotes"
		}
	case int64, float64, bool:
		if n.types == tString {
			fix = "put it in quotes"
		}
	}
	c.report(RuleType, "is "+n.show(v)+", must be "+wanted, fix)
}

func (c *checker) missing(name string) {
	c.blocked = true
	c.reportAt(name, RuleRequired, "is missing", "set it")
}

func (c *checker) notAmong(enum []string, v any) {
	c.blocked = true
	fix := "use one of " + strings.Join(enum, ", ")
	if s, ok := v.(string); ok {
		if guess, ok := guess(s, slices.Values(enum)); ok {
			fix = fmt.Sprintf("did you mean %q?", guess)
		}
	}
	c.report(RuleEnum, "is "+show(v)+", must be one of "+strings.Join(enum, ", "), fix)
}

func (c *checker) noMatch(pattern, v string) {
	c.report(RulePattern, "is "+show(v)+", must match "+pattern, "write it as the pattern demands")
}

func (c *checker) badFormat(n *node, name string, v any) {
	c.report(RuleFormat, "is "+n.show(v)+", must be "+name, "write "+name)
}

func (c *checker) outOfBounds(r *numberRule, v any) {
	var want string
	switch {
	case r.hasMin && r.hasMax:
		want = fmt.Sprintf("between %v and %v", r.min, r.max)
	case r.hasMin:
		want = fmt.Sprintf("at least %v", r.min)
	default:
		want = fmt.Sprintf("at most %v", r.max)
	}
	c.report(RuleBounds, "is "+show(v)+", must be "+want, "use a number that is "+want)
}

func (c *checker) tooMany(have, most int, what string) {
	c.blocked = true
	c.report(RuleBounds, fmt.Sprintf("has %d %s, must have at most %d", have, what, most), fmt.Sprintf("take %d out", have-most))
}

func (c *checker) tooFew(have, least int, what string) {
	c.report(RuleBounds, fmt.Sprintf("has %d %s, must have at least %d", have, what, least), fmt.Sprintf("add %d", least-have))
}

func (c *checker) notOne(names []string, found int) {
	list := strings.Join(names, ", ")
	if found == 0 {
		c.report(RuleOneOf, "has none of "+list, "set one of them")
	} else {
		c.report(RuleOneOf, fmt.Sprintf("has %d of %s", found, list), "keep one of them")
	}
}

func (c *checker) duplicate(l *listRule, i int, item any) {
	detail := "is " + show(item) + " again"
	if l.kind == keyed {
		var keys []string
		for j := range l.keys {
			v, _ := l.keys[j].of(item)
			keys = append(keys, l.keys[j].name+" "+show(v))
		}
		detail = "has the same " + strings.Join(keys, " and ") + " as an item before it"
	}
	c.reportAt("["+strconv.Itoa(i)+"]", RuleDuplicate, detail, "take one of them out, or rename it")
}

func (c *checker) unknownField(n *node, name string) {
	fix := "take it out, or move it to where it belongs"
	if c.guesses++; c.guesses <= maxGuesses {
		if guess, ok := guess(name, maps.Keys(n.props)); ok {
			fix = fmt.Sprintf("did you mean %q?", guess)
		}
	}
	if name == "" {
		name = "[]"
	}
	c.reportAt(name, RuleUnknown, "is no field of this object", fix)
}

// guess finds the name that was meant: one in another case, or the closest.
func guess(misspelt string, names iter.Seq[string]) (string, bool) {
	for name := range names {
		if strings.EqualFold(name, misspelt) {
			return name, true
		}
	}
	return closest.Name(misspelt, names)
}

// show writes a value for a reader, but what is to be hidden only by its type.
func (n *node) show(v any) string {
	if n.hidden {
		switch v.(type) {
		case string:
			return "a string"
		case bool:
			return "true or false"
		case int64, float64, int, int32, float32:
			return "a number"
		}
	}
	return show(v)
}

// show writes a value for a reader, the long ones cut.
func show(v any) string {
	const most = 60
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		if len(v) > most {
			return strconv.Quote(strings.ToValidUTF8(v[:most], "")) + "..."
		}
		return strconv.Quote(v)
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case bool, int64, float64, int, int32, float32:
		return fmt.Sprint(v)
	}
	return fmt.Sprintf("a Go %T", v)
}
