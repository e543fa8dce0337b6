package workflow

import (
	"fmt"
	"regexp"
	"strconv"
)

// Equal is whether both are the same text, or the same number if one of them is
// a number.
//
// A text that is compared with a number of Go's is converted: to a whole number
// for one of those, otherwise to a number with a fraction. If it is none, the
// expression fails when it is evaluated, and with it the task or the run: ask
// before with Matches, in an And around both. A truth value is compared by its
// text: "true".
func (e Expression) Equal(x any) Expression { return e.compare("==", x) }

// NotEqual is the opposite of Equal.
func (e Expression) NotEqual(x any) Expression { return e.compare("!=", x) }

// Less is whether it is the smaller number, or, if both are texts, the one that
// is sorted first. See Equal; use Int or Float for variables that hold numbers.
func (e Expression) Less(x any) Expression { return e.compare("<", x) }

// LessOrEqual is whether it is not greater: see Less.
func (e Expression) LessOrEqual(x any) Expression { return e.compare("<=", x) }

// Greater is whether it is the greater number, or the text that is sorted last:
// see Less.
func (e Expression) Greater(x any) Expression { return e.compare(">", x) }

// GreaterOrEqual is whether it is not less: see Less.
func (e Expression) GreaterOrEqual(x any) Expression { return e.compare(">=", x) }

// In is whether it is equal to one of the values. They are numbers if all of
// them are, and otherwise texts.
func (e Expression) In(values ...any) Expression {
	if len(values) == 0 {
		return mistake("In has no values", "list what it may be")
	}
	subject, list := operand(e), &exprNode{op: opList}
	to := kindInteger
	for _, v := range values {
		n := operand(v)
		list.args = append(list.args, n)
		switch {
		case !n.kind.number():
			to = kindText
		case n.kind == kindNumber && to == kindInteger:
			to = kindNumber
		}
	}
	switch {
	case subject.kind == kindAny:
	case to == kindText && !subject.kind.number():
		subject = asText(subject)
		for i, n := range list.args {
			list.args[i] = asText(n)
		}
	default:
		if to.number() {
			subject = convert(subject, to)
		}
		for i, n := range list.args {
			subject, list.args[i] = alike(subject, n)
		}
	}
	return Expression{&exprNode{op: opBinary, kind: kindTruth, text: "in", args: []*exprNode{subject, list}}}
}

// Contains is whether the text has the other in it.
func (e Expression) Contains(x any) Expression { return e.texts("contains", x) }

// StartsWith is whether the text begins with the other.
func (e Expression) StartsWith(x any) Expression { return e.texts("startsWith", x) }

// EndsWith is whether the text ends with the other.
func (e Expression) EndsWith(x any) Expression { return e.texts("endsWith", x) }

// Matches is whether a regular expression of Go's finds something in the text.
func (e Expression) Matches(pattern string) Expression {
	if _, err := regexp.Compile(pattern); err != nil {
		return mistake(err.Error(), "correct the pattern")
	}
	return e.texts("matches", pattern)
}

// Int is the text as a whole number. Anything else than digits with a sign makes
// the expression fail; of a number with a fraction, what is before the point.
func (e Expression) Int() Expression { return Expression{convert(operand(e), kindInteger)} }

// Float is the text as a number that may have a fraction.
func (e Expression) Float() Expression { return Expression{convert(operand(e), kindNumber)} }

// JSONPath is what the path ("$.files[0].size") finds in a text that is JSON:
// a text, a number, a truth value, or a list or object of them. It is not
// converted when it is compared. The expression fails if the text is no JSON.
func (e Expression) JSONPath(path string) Expression {
	return Expression{function("jsonpath", kindAny, asText(operand(e)), textLiteral(path))}
}

// Upper is the text in upper case.
func (e Expression) Upper() Expression {
	return Expression{function("upper", kindText, asText(operand(e)))}
}

// Lower is the text in lower case.
func (e Expression) Lower() Expression {
	return Expression{function("lower", kindText, asText(operand(e)))}
}

// Trim is the text without white space at its ends.
func (e Expression) Trim() Expression {
	return Expression{function("trim", kindText, asText(operand(e)))}
}

// Plus is the sum of numbers, or two texts one after the other. A text that
// meets a number is converted: see Equal.
func (e Expression) Plus(x any) Expression { return e.compute("+", x) }

// Minus is the difference of the numbers.
func (e Expression) Minus(x any) Expression { return e.compute("-", x) }

// Times is the product of the numbers.
func (e Expression) Times(x any) Expression { return e.compute("*", x) }

// DividedBy is the quotient of the numbers, with its fraction: 7 by 2 is 3.5.
func (e Expression) DividedBy(x any) Expression { return e.compute("/", x) }

// Modulo is what the division of the whole numbers leaves.
func (e Expression) Modulo(x any) Expression { return e.compute("%", x) }

func (e Expression) compare(op string, x any) Expression {
	a, b := alike(operand(e), operand(x))
	if op != "==" && op != "!=" && (a.kind == kindTruth || b.kind == kindTruth) {
		return mistake("truth values have no order", "use Equal, And, Or or Not")
	}
	return Expression{&exprNode{op: opBinary, kind: kindTruth, text: op, args: []*exprNode{a, b}}}
}

func (e Expression) texts(op string, x any) Expression {
	return Expression{&exprNode{op: opBinary, kind: kindTruth, text: op, args: []*exprNode{asText(operand(e)), asText(operand(x))}}}
}

func (e Expression) compute(op string, x any) Expression {
	a, b := operand(e), operand(x)
	if a.kind == kindTruth || b.kind == kindTruth {
		return mistake(fmt.Sprintf("%q is asked of a truth value", op), "use If to make a number of it")
	}
	a, b = alike(a, b)
	switch {
	case op == "%":
		a, b = convert(a, kindInteger), convert(b, kindInteger)
	case op != "+" && a.kind == kindText && b.kind == kindText:
		a, b = convert(a, kindNumber), convert(b, kindNumber)
	}
	k := commonKind(a.kind, b.kind)
	if op == "/" {
		k = kindNumber
	}
	return Expression{&exprNode{op: opBinary, kind: k, text: op, args: []*exprNode{a, b}}}
}

// alike converts what is a text if the other is no text, so that both can be
// compared.
func alike(a, b *exprNode) (*exprNode, *exprNode) {
	switch {
	case a.kind == kindText && b.kind.number():
		return convert(a, b.kind), b
	case b.kind == kindText && a.kind.number():
		return a, convert(b, a.kind)
	case a.kind == kindText && b.kind == kindTruth, b.kind == kindText && a.kind == kindTruth:
		return asText(a), asText(b)
	case a.kind == kindTruth && b.kind.number(), b.kind == kindTruth && a.kind.number():
		return wrong("a number meets a truth value", "compare one of them first"), b
	}
	return a, b
}

// convert makes a number of a node.
func convert(n *exprNode, to exprKind) *exprNode {
	switch {
	case n.op == opMistake || n.kind == to || n.kind == kindInteger:
		return n
	case n.kind == kindTruth:
		return wrong("a truth value is used as a number", "use If to make a number of it")
	case n.op == opLiteral && n.kind == kindText:
		if i, err := strconv.ParseInt(n.value, 10, 64); err == nil {
			return operand(i)
		}
		if f, err := strconv.ParseFloat(n.value, 64); err == nil {
			return convert(operand(f), to)
		}
		return wrong(fmt.Sprintf("the text %q is used as a number", clip(n.value)), "give a number")
	}
	if to == kindInteger {
		return function("asInt", kindInteger, n)
	}
	return function("asFloat", kindNumber, n)
}

// asText makes a text of a node, unless only its value knows what it is.
func asText(n *exprNode) *exprNode {
	switch {
	case n.kind == kindText || n.kind == kindAny:
		return n
	case n.op == opLiteral:
		return textLiteral(n.text)
	}
	return function("string", kindText, n)
}

// truth checks that a node is a condition.
func truth(n *exprNode) *exprNode {
	if n.kind == kindTruth || n.kind == kindAny {
		return n
	}
	return wrong("a value that is neither true nor false is used as a condition", "compare it with something")
}

func function(function string, k exprKind, args ...*exprNode) *exprNode {
	return &exprNode{op: opCall, kind: k, text: function, args: args}
}
