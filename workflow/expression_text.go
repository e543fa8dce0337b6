package workflow

import (
	"strings"
)

// How tightly the parts of an expression hold together, in expr-lang and, as
// far as it has them, in govaluate.
const (
	tightIf = iota + 1
	tightOr
	tightAnd
	tightComparison
	tightSum
	tightProduct
	tightest
)

var tightness = map[string]int{"||": tightOr, "&&": tightAnd, "+": tightSum, "-": tightSum, "*": tightProduct, "/": tightProduct, "%": tightProduct}

// tight is how tightly the node holds together.
func (n *exprNode) tight() int {
	switch n.op {
	case opRaw:
		return 0
	case opIf:
		return tightIf
	case opResult:
		return tightComparison
	case opLogic, opBinary:
		if t, ok := tightness[n.text]; ok {
			return t
		}
		return tightComparison
	}
	return tightest
}

// text renders for expr-lang: hooks, retries, {{=…}}. Variables stand in it by
// the names that a program gives them: tasks['a-b'].outputs.result.
func (e Expression) text() string {
	if e.none() {
		return ""
	}
	var b strings.Builder
	e.root.write(&b, 0)
	return b.String()
}

// write adds the node to a text in which something that tight is around it.
func (n *exprNode) write(b *strings.Builder, around int) {
	if n.tight() < around {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch n.op {
	case opMistake: // reported already, and what is around it is readable
		b.WriteString("nil")
	case opRaw, opLiteral:
		b.WriteString(n.text)
	case opVariable:
		b.WriteString(exprVariable(string(n.variable)))
	case opResult:
		b.WriteString(exprVariable(string(n.task.Status())) + ` == "` + resultPhases[n.text] + `"`)
	case opNot:
		b.WriteByte('!')
		n.args[0].write(b, tightest)
	case opLogic:
		n.join(b, " "+n.text+" ", n.tight())
	case opBinary:
		left := n.tight()
		if left == tightComparison {
			left++ // expr-lang reads a < b < c as two comparisons
		}
		n.args[0].write(b, left)
		b.WriteString(" " + n.text + " ")
		n.args[1].write(b, n.tight()+1)
	case opCall:
		b.WriteString(n.text + "(")
		n.join(b, ", ", tightIf)
		b.WriteByte(')')
	case opList:
		b.WriteByte('[')
		n.join(b, ", ", tightIf)
		b.WriteByte(']')
	case opIf:
		n.args[0].write(b, tightOr)
		b.WriteString(" ? ")
		n.args[1].write(b, tightOr)
		b.WriteString(" : ")
		n.args[2].write(b, tightOr)
	}
}

func (n *exprNode) join(b *strings.Builder, between string, around int) {
	for i, a := range n.args {
		if i > 0 {
			b.WriteString(between)
		}
		a.write(b, around)
	}
}
