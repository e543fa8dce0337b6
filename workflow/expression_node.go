package workflow

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// exprOp is what a node of an expression is.
type exprOp int

const (
	opRaw      exprOp = iota // what Expr was given
	opLiteral                // text is its text in expr-lang
	opVariable               // variable
	opResult                 // text is the result of task
	opNot                    // of one
	opLogic                  // text is && or ||, of two or more
	opBinary                 // text is the operator, of two
	opCall                   // text is the function
	opList                   // a list for in
	opIf                     // of a condition and two values
	opMistake                // mistake
)

// exprKind is what a node yields. The zero kind is what only its value knows: raw
// texts, and what is read from JSON.
type exprKind int

const (
	kindAny exprKind = iota
	kindText
	kindInteger
	kindNumber // a whole one or not
	kindTruth
	kindArtifact // only a choice among artifacts can use it
)

func (k exprKind) number() bool { return k == kindInteger || k == kindNumber }

// commonKind is the kind of what is the one or the other.
func commonKind(a, b exprKind) exprKind {
	switch {
	case a == b:
		return a
	case a.number() && b.number():
		return kindNumber
	}
	return kindAny
}

// exprNode is a part of an expression. Nodes are never changed once they are part
// of one.
type exprNode struct {
	op       exprOp
	kind     exprKind
	text     string
	value    string // of a literal text
	variable Variable
	task     *Task
	args     []*exprNode
	mistake  misuse
}

func mistake(detail, fix string) Expression { return Expression{wrong(detail, fix)} }

func wrong(detail, fix string) *exprNode {
	return &exprNode{op: opMistake, mistake: misuse{ruleInvalid, detail, fix}}
}

// walk visits the node and all parts of it, in their order in the text.
func (n *exprNode) walk(visit func(*exprNode)) {
	if n == nil {
		return
	}
	visit(n)
	for _, a := range n.args {
		a.walk(visit)
	}
}

// operand is a value of Go's as a node.
func operand(x any) *exprNode {
	switch x := x.(type) {
	case Expression:
		if x.none() {
			return wrong("an expression that says nothing is used as a value", "leave it out")
		}
		return x.root
	case Variable:
		return variableNode(x)
	case Parameter:
		return variableNode(x.Variable())
	case Input:
		return variableNode(x.Variable())
	case From:
		return artifactNode(x)
	case time.Duration:
		return wrong(fmt.Sprintf("the duration %s is used as a value", x), "say in which unit: d.Seconds()")
	}
	return fromGo(reflect.ValueOf(x))
}

// fromGo writes a value for expr-lang.
func fromGo(v reflect.Value) *exprNode {
	switch v.Kind() {
	case reflect.String:
		return textLiteral(v.String())
	case reflect.Bool:
		return &exprNode{op: opLiteral, kind: kindTruth, text: strconv.FormatBool(v.Bool())}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if v.Int() == math.MinInt64 {
			break // its digits alone are too large for expr-lang
		}
		return &exprNode{op: opLiteral, kind: kindInteger, text: strconv.FormatInt(v.Int(), 10)}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() > math.MaxInt64 {
			break
		}
		return &exprNode{op: opLiteral, kind: kindInteger, text: strconv.FormatUint(v.Uint(), 10)}
	case reflect.Float32, reflect.Float64:
		if math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0) {
			break
		}
		text := strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return &exprNode{op: opLiteral, kind: kindNumber, text: text}
	default:
		if !v.IsValid() {
			return wrong("nil is used as a value", "give a text, a number, a truth value or a Variable")
		}
		return wrong(fmt.Sprintf("a %s is used as a value", v.Type()), "give a text, a number, a truth value, a Variable, a Parameter, an Input or an Expression")
	}
	return wrong(fmt.Sprintf("Argo can't compute with the number %v", v), "use one that fits 63 bits")
}

func textLiteral(s string) *exprNode {
	if !utf8.ValidString(s) {
		return wrong(fmt.Sprintf("the text %q is no UTF-8", clip(s)), "encode it, as base64 for one")
	}
	return &exprNode{op: opLiteral, kind: kindText, text: exprString(s), value: s}
}

// artifactNode is an artifact, which stands in expressions only where it is
// chosen.
func artifactNode(f From) *exprNode {
	if !variableName.MatchString(string(f)) {
		return wrong(fmt.Sprintf("%q is not the name of an artifact", clip(string(f))), "take it from Task.Artifact")
	}
	return &exprNode{op: opVariable, kind: kindArtifact, variable: Variable(f)}
}

// variableName is a name that can be written as a chain of members.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[^.]+)*$`)

// inTextsOnly are the variables that Argo's expressions don't know by these
// names: there they are what holds the values that they list.
var inTextsOnly = map[Variable]string{
	"workflow.parameters":        "use RunParameters",
	"workflow.labels":            "use RunLabels",
	"workflow.annotations":       "use RunAnnotations",
	"workflow.creationTimestamp": "use CreationTime",
	"inputs.parameters":          "use the single inputs",
}

// numbers are the variables that are no texts.
var variableKinds = map[Variable]exprKind{
	CronFailed: kindInteger, CronSucceeded: kindInteger, CronLast: kindAny, ResponseStatus: kindInteger,
}

func variableNode(v Variable) *exprNode {
	fix, listed := inTextsOnly[v]
	if parts := strings.Split(string(v), "."); len(parts) >= 4 && (parts[0] == "tasks" || parts[0] == "steps") && parts[2] == "outputs" {
		if len(parts) == 4 && parts[3] == "parameters" {
			fix, listed = "use the Output of one name", true
		}
		if parts[3] == "artifacts" {
			return wrong(fmt.Sprintf("the artifact %s is used as a value", v), "read an output parameter")
		}
	}
	switch {
	case v == "":
		return wrong("it refers to no variable, or to one of a task that is nil", "name one")
	case !variableName.MatchString(string(v)):
		return wrong(fmt.Sprintf("%q is not the name of a variable", clip(string(v))), "write its words with one dot between them")
	case !utf8.ValidString(string(v)):
		return wrong(fmt.Sprintf("the name %q is no UTF-8", clip(string(v))), "correct it")
	case listed:
		return wrong(fmt.Sprintf("expressions of Argo's don't know the variable %s", v), fix)
	}
	k, ok := variableKinds[v]
	if !ok {
		k = kindText
	}
	return &exprNode{op: opVariable, kind: k, variable: v}
}
