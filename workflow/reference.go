package workflow

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/millrace/millrace/internal/argo"
)

// parameterPrefix leads the variables whose values are the user's.
const parameterPrefix = "workflow.parameters."

var (
	// tagAt finds a reference where a "{{" stands. Argo ignores spaces in it.
	tagAt = regexp.MustCompile(`^\{\{[ \t]*([A-Za-z][A-Za-z0-9_./-]*)[ \t]*\}\}`)
	// identifier is a name that an expression can hold without quotes.
	identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	// quotable is a name that needs nothing but quotes.
	quotable = regexp.MustCompile(`^[A-Za-z0-9_/-]+$`)
)

// serverVariables are the variables whose values the API server made or
// checked: names, ids and times. They hold no character that means anything in
// JSON or to Argo, so that they may be put in as text.
var serverVariables = map[Variable]bool{
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

// textual reports whether the values of all references may be put in as text.
func textual(pieces []piece) bool {
	return !slices.ContainsFunc(pieces, func(p piece) bool {
		return p.expression != "" || p.variable != "" && !serverVariables[p.variable]
	})
}

// expression returns the pieces as an expression of Argo's that yields their
// text, encoded as a JSON string. Every "{" of the text comes out as \u007b,
// which is the same to whoever reads the JSON, but nothing to Argo: it
// substitutes variables up to five times in a row, and would evaluate a value
// that contains a reference or an expression.
func expression(pieces []piece) string {
	terms := make([]string, len(pieces))
	for i, p := range pieces {
		switch {
		case p.variable != "":
			terms[i] = exprVariable(string(p.variable))
		case p.expression != "":
			terms[i] = "string(" + p.expression + ")"
		default:
			terms[i] = exprString(p.literal)
		}
	}
	return "{{=" + jsonTerm(strings.Join(terms, " + ")) + "}}"
}

// exprVariable writes a variable for an expression. Argo nests the dotted
// names of its variables into maps, and looks for the words item and retries
// anywhere in an expression: if they are no variables of the moment, it
// doesn't evaluate it. In quotes they are safe, as is everything else.
func exprVariable(name string) string {
	root, rest, more := strings.Cut(name, ".")
	out := root
	for more {
		var member string
		member, rest, more = strings.Cut(rest, ".")
		switch {
		case !quotable.MatchString(member):
			out += "[" + exprString(member) + "]"
		case identifier.MatchString(member) && member != "item" && member != "retries" && !exprWord(member):
			out += "." + member
		default:
			out += "['" + member + "']"
		}
	}
	return out
}

// exprWord reports whether the expression language of Argo keeps a word for
// itself, or did. A task of such a name makes depends fail, though only at run
// time.
func exprWord(word string) bool {
	return argo.Reserved(word) || word == "startswith" || word == "endswith"
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
