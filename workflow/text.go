package workflow

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/millrace/millrace/internal/argo"
)

// A piece of a text is literal, a reference to a variable, or an expression.
type piece struct {
	literal, expression string
	variable            Variable
}

// misuse is why a text can't be rendered.
type misuse struct {
	rule, detail, fix string
}

// resolver returns the name that a variable has where a text is rendered, or
// why it has none there.
type resolver func(Variable) (Variable, *misuse)

// cut splits a text into its pieces. Braces that Argo would leave alone are
// literal text; those that it would substitute, but that mean nothing where
// the text stands, come back as misuses.
func cut(s string, resolve resolver) (pieces []piece, bad []misuse) {
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			pieces = append(pieces, piece{literal: literal.String()})
			literal.Reset()
		}
	}
	for {
		before, rest, ok := strings.Cut(s, "{{")
		literal.WriteString(before)
		if !ok {
			break
		}
		s = s[len(before):]
		if text, _, ok := strings.Cut(rest, "}}"); ok && strings.HasPrefix(text, "=") {
			out, found := resolveExpression(text[1:], resolve)
			bad = append(bad, found...)
			flush()
			pieces = append(pieces, piece{expression: out})
			s = rest[len(text)+len("}}"):]
			continue
		}
		tag := tagAt.FindStringSubmatch(s)
		if tag == nil {
			literal.WriteByte('{')
			s = s[1:]
			continue
		}
		s = s[len(tag[0]):]
		if !argos(tag[1]) {
			literal.WriteString(tag[0])
			continue
		}
		v, wrong := resolve(Variable(tag[1]))
		if wrong != nil {
			bad = append(bad, *wrong)
			literal.WriteString(tag[0])
			continue
		}
		flush()
		pieces = append(pieces, piece{variable: v})
	}
	flush()
	return pieces, bad
}

// resolveExpression resolves the variables of an expression.
func resolveExpression(text string, resolve resolver) (string, []misuse) {
	if m, ok := writtenMistake(text); ok {
		return text, []misuse{m}
	}
	var bad []misuse
	out, err := rewriteExpression(text, func(v Variable) (Variable, bool) {
		renamed, wrong := resolve(v)
		if wrong != nil {
			bad = append(bad, *wrong)
			return v, false
		}
		return renamed, renamed != v
	})
	if err != nil {
		bad = append(bad, misuse{ruleInvalid, fmt.Sprintf("the expression %s can't be read: %v", clip(text), err), "correct it"})
		return text, bad
	}
	return out, bad
}

// expression checks a text that is an expression as a whole, and returns it with
// the names that its variables have there. References in braces are put in as
// text before Argo reads it; until then a name stands for each.
func (c *check) expression(field, text string, resolve resolver) string {
	text = c.plainText(field, text, resolve)
	tags := braces.FindAllString(text, -1)
	for i, tag := range tags {
		text = strings.Replace(text, tag, standIn(i), 1)
	}
	c.reading = field
	out, bad := resolveExpression(text, resolve)
	for _, b := range bad {
		c.Add(b.rule, field, b.detail, b.fix)
	}
	for i, tag := range tags {
		out = strings.Replace(out, standIn(i), tag, 1)
	}
	return out
}

// braces are what Argo puts a value in for.
var braces = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// standIn is the name that stands for the i-th reference: none begins another.
func standIn(i int) string { return "millraceReference" + strconv.Itoa(i) + "_" }

// argos reports whether a variable is one of Argo's: what starts with another
// word it leaves as it is.
func argos(name string) bool {
	scope, _, _ := strings.Cut(name, ".")
	return argo.Root(scope)
}

// plainText checks a text in which Argo itself puts in the values, and returns
// it with the names that its variables have there.
func (c *check) plainText(field, s string, resolve resolver) string {
	if !strings.Contains(s, "{{") {
		return s
	}
	c.reading = field
	pieces, bad := cut(s, resolve)
	for _, b := range bad {
		c.Add(b.rule, field, b.detail, b.fix)
	}
	if len(bad) > 0 {
		return s
	}
	var out strings.Builder
	for i, p := range pieces {
		open := strings.LastIndex(p.literal, "{{")
		if open >= 0 && !strings.Contains(p.literal[open:], "}}") || strings.HasSuffix(p.literal, "{") && i+1 < len(pieces) {
			c.Invalid(field, s, "Argo would read on from the open brace into what follows", "close it, or write it in another way")
		}
		switch {
		case p.variable != "":
			out.WriteString(p.variable.Ref())
		case p.expression != "":
			out.WriteString("{{=" + p.expression + "}}")
		default:
			out.WriteString(p.literal)
		}
	}
	return out.String()
}

// clip cuts a text for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
