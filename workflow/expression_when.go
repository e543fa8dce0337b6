package workflow

import (
	"strings"
)

// when renders for "when", which govaluate reads after references are replaced.
// What is built from typed parts is one expression of Argo's, of which govaluate
// sees nothing but true or false. Raw texts are govaluate's.
func (e Expression) when() string {
	if e.none() {
		return ""
	}
	var b strings.Builder
	e.root.when(&b, 0)
	return b.String()
}

func (n *exprNode) when(b *strings.Builder, around int) {
	if !n.split() {
		b.WriteString("{{=")
		n.write(b, 0)
		b.WriteString("}}")
		return
	}
	if n.tight() < around {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch n.op {
	case opRaw:
		b.WriteString(n.text)
	case opNot:
		b.WriteByte('!')
		n.args[0].when(b, tightest)
	case opLogic:
		for i, a := range n.args {
			if i > 0 {
				b.WriteString(" " + n.text + " ")
			}
			// Its own precedences are not worth relying on.
			a.when(b, tightest)
		}
	}
}

// split reports whether govaluate has to join the parts of a condition: because
// one of them is a text for it, or because some of them ask for the item of a
// loop and others for tasks. Argo puts in those at different times, and some
// versions of it don't evaluate what has both.
func (n *exprNode) split() bool {
	switch n.op {
	case opRaw:
		return true
	case opNot:
		return n.args[0].split()
	case opLogic:
		items, tasks := 0, 0
		for _, a := range n.args {
			if a.split() {
				return true
			}
			item, task := a.asks()
			if item {
				items++
			}
			if task {
				tasks++
			}
		}
		return items > 0 && tasks > 0
	}
	return false
}

// asks reports whether the node asks for the item of a loop, and for tasks.
func (n *exprNode) asks() (item, task bool) {
	for _, v := range (Expression{n}).variables() {
		root, _, _ := strings.Cut(string(v), ".")
		item = item || root == "item"
		task = task || root == "tasks" || root == "steps"
	}
	return item, task
}
