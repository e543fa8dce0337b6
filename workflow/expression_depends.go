package workflow

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/parser"
)

// depends renders for the depends of a DAG, which knows the results of tasks
// only, and reports what it doesn't know and what else is wrong. Raw texts are
// Argo's own: "a.Succeeded && !b.Failed".
func (e Expression) depends(c *check, field string) string {
	if e.none() || e.mistakes(c, field) {
		return ""
	}
	var b strings.Builder
	if !e.root.depends(&b, 0) {
		c.Unsupported(field, "depends knows the results of tasks only", "put it into When")
		return ""
	}
	// Argo writes '_' for '-' before it reads it.
	if _, err := parser.Parse(strings.ReplaceAll(b.String(), "-", "_")); err != nil {
		c.Invalid(field, b.String(), "Argo can't read it: "+firstLine(err), "correct it")
	}
	return b.String()
}

// depends adds the node to a text in which something that tight is around it,
// and reports whether depends knows it.
func (n *exprNode) depends(b *strings.Builder, around int) bool {
	switch n.op {
	case opResult:
		b.WriteString(n.task.Name + "." + n.text)
		return true
	case opRaw, opNot, opLogic:
	default:
		return false
	}
	if n.tight() < around {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	known := true
	switch n.op {
	case opRaw:
		b.WriteString(n.text)
	case opNot:
		b.WriteByte('!')
		known = n.args[0].depends(b, tightest)
	case opLogic:
		for i, a := range n.args {
			if i > 0 {
				b.WriteString(" " + n.text + " ")
			}
			known = a.depends(b, n.tight()) && known
		}
	}
	return known
}

// exprPlace is what reads an expression. Depends is none of them: it reports by
// itself.
type exprPlace int

const (
	// asValue is a text that holds the value of the expression: {{=…}}.
	asValue exprPlace = iota
	// asCondition is an expression of its own: of a hook or a retry.
	asCondition
	// asWhen is the when of a task.
	asWhen
	// asField is a field that holds an expression of any value, without braces.
	asField
	// asArtifact is such a field whose value is an artifact.
	asArtifact
)

// problems reports what is wrong with an expression, for the place that will
// read it.
func (e Expression) problems(c *check, field string, at exprPlace) {
	if e.none() || e.mistakes(c, field) {
		return
	}
	if (at == asCondition || at == asWhen) && truth(e.root).op == opMistake {
		c.Invalid(field, e.text(), "it is neither true nor false", "compare it with something")
	}
	e.root.walk(func(n *exprNode) {
		if n.op == opResult && resultPhases[n.text] == "" {
			c.Unsupported(field, fmt.Sprintf("only depends knows whether %s is %s", n.task.Name, n.text), "put it into Depends, or ask for Status")
		}
	})
	if at == asArtifact {
		e.root.chosen(func(n *exprNode) { n.noArtifacts(c, field) })
	} else {
		e.root.noArtifacts(c, field)
	}
	if at == asWhen && e.root.split() {
		e.root.whenParts(func(part *exprNode) { Expression{part}.readable(c, field, asWhen) })
		return
	}
	e.readable(c, field, at)
}

// chosen visits what is not itself an artifact that the expression may choose.
func (n *exprNode) chosen(visit func(*exprNode)) {
	switch {
	case n.op == opIf:
		visit(n.args[0])
		n.args[1].chosen(visit)
		n.args[2].chosen(visit)
	case n.kind != kindArtifact:
		visit(n)
	}
}

// noArtifacts reports artifacts that are used as values.
func (n *exprNode) noArtifacts(c *check, field string) {
	n.walk(func(n *exprNode) {
		if n.op == opVariable && n.kind == kindArtifact {
			c.Add(ruleInvalid, field, fmt.Sprintf("the artifact %s is used as a value", n.variable), "read an output parameter")
		}
	})
}

// computed renders an expression for a field that holds one without braces, and
// reports what is wrong with it.
func (e Expression) computed(c *check, field string, at exprPlace) string {
	e.problems(c, field, at)
	wrong := false
	e.root.walk(func(n *exprNode) { wrong = wrong || n.op == opMistake })
	if wrong {
		return "nil" // for later checks to read: the mistake is reported
	}
	return e.text()
}

// whenParts visits the parts of a condition that govaluate joins, and that are
// no texts for it.
func (n *exprNode) whenParts(visit func(*exprNode)) {
	switch {
	case n.op == opRaw:
	case n.split():
		for _, a := range n.args {
			a.whenParts(visit)
		}
	default:
		visit(n)
	}
}

// readable reports raw texts that expr-lang can't read where they stand.
func (e Expression) readable(c *check, field string, at exprPlace) {
	raw := false
	e.root.walk(func(n *exprNode) { raw = raw || n.op == opRaw })
	if !raw {
		return
	}
	text := e.text()
	if strings.Contains(text, "{{") {
		if at == asValue || at == asWhen {
			c.Invalid(field, text, "a reference stands in an expression, in which values are used by their names", "write {{inputs.parameters.x}} as inputs.parameters.x")
		}
		return // what it will be is not known
	}
	if (at == asValue || at == asWhen) && strings.Contains(text, "}}") {
		c.Invalid(field, text, "to Argo the expression ends at the first }}", "put a space between the braces")
		return
	}
	if _, err := parser.Parse(text); err != nil {
		c.Invalid(field, text, "Argo can't read it: "+firstLine(err), "correct it")
	}
}

// mistakes reports those that were made when the expression was built, and
// whether there are any.
func (e Expression) mistakes(c *check, field string) bool {
	found := false
	e.root.walk(func(n *exprNode) {
		if n.op == opMistake {
			c.Add(n.mistake.rule, field, n.mistake.detail, n.mistake.fix)
			found = true
		}
	})
	return found
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
