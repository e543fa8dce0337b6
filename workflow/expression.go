package workflow

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// Expression is a condition or a computed value, built from typed parts:
// And(first.Succeeded(), count.Output("rows").Greater(0)). The zero Expression
// says nothing: no condition.
//
// Expressions are values: what is made from one leaves it as it is. Mistakes,
// such as a nil task, stay in it and are reported by what it is put into.
//
// What is text to Argo is a value here and never text of the expression: no
// value of a parameter or an output can change what a condition asks.
type Expression struct {
	root *exprNode
}

// Expr is the door to what has no function here: a text in the language of the
// engine that reads the field where it is put. For When that is govaluate, with
// references ("{{workflow.status}} != Succeeded"); inside of a comparison or
// computation, and in every other place, it is expr-lang.
func Expr(text string) Expression {
	if text == "" {
		return Expression{}
	}
	return Expression{&exprNode{op: opRaw, kind: kindAny, text: text}}
}

// Value is a value as a part of expressions: a string, a number, a truth value,
// a Variable, a Parameter, an Input, or an Expression, which stays as it is.
// Whatever takes an any in this package takes the same.
func Value(x any) Expression { return Expression{operand(x)} }

// Text is the texts of all parts one after the other.
func Text(parts ...any) Expression {
	if len(parts) == 0 {
		return Value("")
	}
	out := asText(operand(parts[0]))
	for _, part := range parts[1:] {
		out = &exprNode{op: opBinary, kind: kindText, text: "+", args: []*exprNode{out, asText(operand(part))}}
	}
	return Expression{out}
}

// And is true if all conditions are. Those that say nothing are left out.
func And(conditions ...Expression) Expression { return logic("&&", conditions) }

// Or is true if at least one condition is. Those that say nothing are left out.
func Or(conditions ...Expression) Expression { return logic("||", conditions) }

// Not is true if the condition isn't.
func Not(condition Expression) Expression {
	if condition.none() {
		return condition
	}
	return Expression{&exprNode{op: opNot, kind: kindTruth, args: []*exprNode{truth(condition.root)}}}
}

// If is the value of then if the condition is true, and otherwise that of
// otherwise.
func If(condition Expression, then, otherwise any) Expression {
	if condition.none() {
		return mistake("If has no condition", "give it one")
	}
	a, b := operand(then), operand(otherwise)
	return Expression{&exprNode{op: opIf, kind: commonKind(a.kind, b.kind), args: []*exprNode{truth(condition.root), a, b}}}
}

// functionName is the name of a function, or of one of Sprig's.
var functionName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*)?$`)

// Call is the value of another function of expr-lang or Argo:
// Call("sprig.trunc", 5, date).
func Call(function string, arguments ...any) Expression {
	if !functionName.MatchString(function) {
		return mistake(fmt.Sprintf("%q is not the name of a function", function), "name one of expr-lang's, or sprig.<name>")
	}
	n := &exprNode{op: opCall, kind: kindAny, text: function}
	for _, a := range arguments {
		n.args = append(n.args, operand(a))
	}
	return Expression{n}
}

func logic(op string, conditions []Expression) Expression {
	var args []*exprNode
	for _, c := range conditions {
		if !c.none() {
			args = append(args, truth(c.root))
		}
	}
	switch len(args) {
	case 0:
		return Expression{}
	case 1:
		return Expression{args[0]}
	}
	return Expression{&exprNode{op: opLogic, kind: kindTruth, text: op, args: args}}
}

// Ref returns the reference that stands for the value in a text: "{{=…}}".
func (e Expression) Ref() string { return e.ref(func(text string) string { return text }) }

// JSON returns a reference to the value written as JSON: see Variable.JSON.
func (e Expression) JSON() string { return e.ref(jsonTerm) }

// ref writes the expression for a text. A text can't say what went wrong when
// the expression was built, so that it is written into it, for who reads it.
func (e Expression) ref(around func(string) string) string {
	out := ""
	if !e.none() {
		e.root.walk(func(n *exprNode) {
			if n.op == opMistake && out == "" {
				out = mistakeMark + "[" + exprString(n.mistake.detail) + "," + exprString(n.mistake.fix) + "]"
			}
		})
	}
	if out == "" {
		out = around(e.text())
	}
	return "{{=" + out + "}}"
}

// mistakeMark begins an expression that is none.
const mistakeMark = "millrace.mistake"

// writtenMistake reads what ref wrote.
func writtenMistake(text string) (misuse, bool) {
	text, ok := strings.CutPrefix(text, mistakeMark)
	var said [2]string
	if !ok || json.Unmarshal([]byte(text), &said) != nil {
		return misuse{}, false
	}
	return misuse{ruleInvalid, said[0], said[1]}, true
}

// none reports whether the expression says nothing.
func (e Expression) none() bool { return e.root == nil }

// jsonTerm is an expression for a value in JSON, of which nothing is left that
// Argo would evaluate in its next pass.
func jsonTerm(term string) string { return `replace(toJson(` + term + `), "{", "\\u007b")` }
