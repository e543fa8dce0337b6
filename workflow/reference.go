package workflow

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// parameterPrefix leads the variables whose values are the user's.
const parameterPrefix = "workflow.parameters."

// A piece of a text is literal or a reference to a variable.
type piece struct {
	literal, variable string
}

var (
	// tagAt finds a reference where a "{{" stands. Argo ignores spaces in it.
	tagAt = regexp.MustCompile(`^\{\{[ \t]*([A-Za-z][A-Za-z0-9_.-]*)[ \t]*\}\}`)
	// identifier is a name that an expression can hold without quotes.
	identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// argoScopes are the first words of the variables that Argo substitutes. What
// starts with another word it leaves as it is.
var argoScopes = []string{"workflow", "inputs", "outputs", "tasks", "steps", "item", "pod", "node", "retries", "lastRetry", "cronworkflow"}

// serverVariables are the variables whose values the API server made or
// checked: names, ids and times. They hold no character that means anything in
// JSON or to Argo, so that they may be put in as text.
var serverVariables = map[string]bool{
	"workflow.name":                      true,
	"workflow.namespace":                 true,
	"workflow.uid":                       true,
	"workflow.serviceAccountName":        true,
	"workflow.creationTimestamp.Y":       true,
	"workflow.creationTimestamp.m":       true,
	"workflow.creationTimestamp.d":       true,
	"workflow.creationTimestamp.H":       true,
	"workflow.creationTimestamp.M":       true,
	"workflow.creationTimestamp.S":       true,
	"workflow.creationTimestamp.j":       true,
	"workflow.creationTimestamp.s":       true,
	"workflow.creationTimestamp.RFC3339": true,
}

// misuse is why a text can't be rendered.
type misuse struct {
	rule, detail, fix string
}

// cut splits a text into its pieces. Braces that Argo would leave alone are
// literal text; those that it would substitute, but that are no variable which
// every run has, come back as misuses.
func (c *check) cut(s string) (pieces []piece, bad []misuse) {
	var literal strings.Builder
	for s != "" {
		i := strings.Index(s, "{{")
		if i < 0 {
			break
		}
		literal.WriteString(s[:i])
		s = s[i:]
		if strings.HasPrefix(s, "{{=") && strings.Contains(s, "}}") {
			bad = append(bad, misuse{ruleUnsupported, fmt.Sprintf("%s is an expression of Argo's", clip(s)),
				"compute the value in Go, or give it to the run as a parameter"})
			literal.WriteString(s[:2])
			s = s[2:]
			continue
		}
		tag := tagAt.FindStringSubmatch(s)
		if tag == nil {
			literal.WriteByte('{')
			s = s[1:]
			continue
		}
		name := tag[1]
		switch {
		case c.variable(name):
			if literal.Len() > 0 {
				pieces = append(pieces, piece{literal: literal.String()})
				literal.Reset()
			}
			pieces = append(pieces, piece{variable: name})
		default:
			if b, ok := c.unknown(name); ok {
				bad = append(bad, b)
			}
			literal.WriteString(tag[0])
		}
		s = s[len(tag[0]):]
	}
	literal.WriteString(s)
	if literal.Len() > 0 {
		pieces = append(pieces, piece{literal: literal.String()})
	}
	return pieces, bad
}

// variable reports whether every run has the variable.
func (c *check) variable(name string) bool {
	parameter, ok := strings.CutPrefix(name, parameterPrefix)
	return ok && c.parameters[parameter] || serverVariables[name] || name == string(ScheduledTime)
}

// unknown says why a name is no variable, unless it is none of Argo's either.
func (c *check) unknown(name string) (misuse, bool) {
	scope, _, _ := strings.Cut(name, ".")
	if !slices.Contains(argoScopes, scope) {
		return misuse{}, false
	}
	if parameter, ok := strings.CutPrefix(name, parameterPrefix); ok {
		return misuse{ruleUnknown, fmt.Sprintf("it refers to the parameter %q, which the template does not declare", parameter),
			"add it to Parameters, or correct the name"}, true
	}
	return misuse{ruleUnknown, fmt.Sprintf("it refers to {{%s}}, which not every run of a template has", name),
		"refer to a parameter with Ref, or to workflow.name, workflow.namespace, workflow.uid or workflow.creationTimestamp.RFC3339"}, true
}

// plainText checks a text in which Argo itself puts in the values.
func (c *check) plainText(field, s string) {
	pieces, bad := c.cut(s)
	for _, b := range bad {
		c.Add(b.rule, field, b.detail, b.fix)
	}
	if len(bad) > 0 {
		return
	}
	for i, p := range pieces {
		open := strings.LastIndex(p.literal, "{{")
		if open >= 0 && !strings.Contains(p.literal[open:], "}}") || strings.HasSuffix(p.literal, "{") && i+1 < len(pieces) {
			c.Invalid(field, s, "Argo would read on from the open brace into what follows", "close it, or write it in another way")
		}
	}
}

// textual reports whether the values of all references may be put in as text.
func textual(pieces []piece) bool {
	return !slices.ContainsFunc(pieces, func(p piece) bool { return p.variable != "" && !serverVariables[p.variable] })
}

// expression returns the pieces as an expression of Argo's that yields their
// text, encoded as a JSON string. Every "{" of the text comes out as \u007b,
// which is the same to whoever reads the JSON, but nothing to Argo: it
// substitutes variables up to five times in a row, and would evaluate a value
// that contains a reference or an expression.
func expression(pieces []piece) string {
	terms := make([]string, len(pieces))
	for i, p := range pieces {
		if p.variable == "" {
			terms[i] = exprString(p.literal)
			continue
		}
		terms[i] = exprVariable(p.variable)
	}
	return `{{=replace(toJson(` + strings.Join(terms, " + ") + `), "{", "\\u007b")}}`
}

// exprVariable writes a variable for an expression. Argo nests the dotted
// names of its variables into maps, and looks for the words item and retries
// anywhere in an expression: if they are no variables of the moment, it
// doesn't evaluate it. In quotes they are safe, as is everything else.
func exprVariable(name string) string {
	parameter, ok := strings.CutPrefix(name, parameterPrefix)
	if !ok || identifier.MatchString(parameter) && parameter != "item" && parameter != "retries" {
		return name
	}
	return "workflow.parameters['" + parameter + "']"
}

// exprWords are the words that the expression language of Argo keeps for
// itself. A task of such a name makes depends fail, though only at run time.
var exprWords = map[string]bool{
	"in": true, "not": true, "and": true, "or": true, "let": true, "if": true, "else": true,
	"nil": true, "true": true, "false": true, "matches": true, "contains": true,
	"startsWith": true, "endsWith": true, "startswith": true, "endswith": true,
}

// exprString writes a string literal of the expression language. It holds no
// braces, which would end the expression or start another one, and no
// backslash but those of its escapes: Argo takes \u003c, \u003e and \u0026 for
// escapes of JSON wherever they stand.
func exprString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"':
			b.WriteString(`\"`)
		case r == '\\' || r == '{' || r == '}' || r <= 0xffff && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// clip cuts a text for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
