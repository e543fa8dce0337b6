package schema

import (
	"math"
	"slices"
	"unicode/utf8"
)

func (c *checker) scalar(n *node, v any) {
	switch v := v.(type) {
	case string:
		c.string(n, v)
	case int64:
		c.integer(n, v)
	case float64:
		c.float(n, v)
	case bool:
		if n.types != 0 && n.types&tBoolean == 0 {
			c.typeProblem(n, v)
		}
	case nil:
		switch {
		case n.types != 0 && !n.nullable:
			c.typeProblem(n, v)
		case n.text != nil && len(n.text.enum) > 0:
			c.notAmong(n.text.enum, v)
		}
	// The other widths that Go values made by hand have.
	case int:
		c.integer(n, int64(v))
	case int32:
		c.integer(n, int64(v))
	case float32:
		c.float(n, float64(v))
	default:
		c.typeProblem(n, v)
	}
}

func (c *checker) string(n *node, v string) {
	if n.types != 0 && n.types&tString == 0 {
		c.typeProblem(n, v)
		return
	}
	t := n.text
	if t == nil {
		return
	}
	if t.enum != nil && !slices.Contains(t.enum, v) {
		c.notAmong(t.enum, v)
	}
	if t.max >= 0 && len(v) > t.max && utf8.RuneCountInString(v) > t.max {
		c.tooMany(utf8.RuneCountInString(v), t.max, "characters")
	} else if t.min > 0 && utf8.RuneCountInString(v) < t.min {
		c.tooFew(utf8.RuneCountInString(v), t.min, "characters")
	} else if t.pattern != nil && !t.pattern.match(v) {
		c.noMatch(t.pattern.re.String(), v)
	}
	if t.format != nil && !t.format.valid(v) {
		c.badFormat(n, t.format.name, v)
	}
}

func (c *checker) integer(n *node, v int64) {
	if n.types != 0 && n.types&(tInteger|tNumber) == 0 {
		c.typeProblem(n, v)
		return
	}
	r := n.number
	if r == nil {
		return
	}
	switch {
	case r.bits == 32 && v != int64(int32(v)):
		c.badFormat(n, "a number of 32 bits", v)
	case r.bits == 8 && v != int64(uint8(v)):
		c.badFormat(n, "a number from 0 to 255", v)
	}
	if r.hasMin && v < int64(r.min) || r.hasMax && v > int64(r.max) {
		c.outOfBounds(r, v)
	}
}

func (c *checker) float(n *node, v float64) {
	if n.types != 0 && n.types&tNumber == 0 && (n.types&tInteger == 0 || !n.whole(v)) {
		c.typeProblem(n, v)
		return
	}
	r := n.number
	if r == nil {
		return
	}
	if r.bits != 0 {
		least, above := -math.Ldexp(1, r.bits-1), math.Ldexp(1, r.bits-1)
		if r.bits == 8 {
			least, above = 0, 256
		}
		if v != math.Trunc(v) || v < least || v >= above {
			c.badFormat(n, "a whole number", v)
		}
	}
	if r.hasMin && v < r.min || r.hasMax && v > r.max {
		c.outOfBounds(r, v)
	}
}

// whole tells whether a float passes for an integer. JSON, on its way to a Go
// type, has no point where there is nothing behind it.
func (n *node) whole(v float64) bool {
	if n.decoded {
		return v == math.Trunc(v) && math.Abs(v) < 1<<63
	}
	return almostInteger(v)
}

// almostInteger is the server's idea of a float that is an integer, of
// go-openapi/swag: exactly one, or nearer to one than a billionth.
func almostInteger(f float64) bool {
	const limit, epsilon = 1<<53 - 1, 1e-9
	if math.IsNaN(f) || f < -limit || f > limit {
		return false
	}
	if f == math.Trunc(f) {
		return true
	}
	if f < 0 {
		return false // the server compares with its unsigned part, which is far away
	}
	g := math.Trunc(f)
	return g != 0 && (f-g)/(f+g) < epsilon
}
