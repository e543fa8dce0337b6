package upstream_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// reference is what Argo replaces in a condition: an expression, or a variable,
// which may stand in quotes.
var reference = regexp.MustCompile(`(?s)\{\{=(.*?)\}\}|'\{\{([^{}=]+)\}\}'|"\{\{([^{}=]+)\}\}"|\{\{([^{}=]+)\}\}`)

// condition reads a when, which govaluate evaluates after Argo has replaced the
// references, and writes its comparisons of one variable with a word, a text or
// a number alike for both languages:
//
//	{{steps.flip.outputs.result}} == heads
//	{{=steps.flip.outputs.result == "heads"}}
//
// What is more than that stays as it is.
func condition(s string) string {
	r := &reader{marks: map[string][]string{}}
	marked := reference.ReplaceAllStringFunc(strings.TrimSpace(s), r.mark)
	marked = strings.ReplaceAll(marked, " =~ ", " matches ")
	if out, ok := r.read(marked); ok {
		return out
	}
	return strings.TrimSpace(s)
}

// expression writes a text of expr-lang in its printer's way; references that are
// put in before it is read stand for themselves.
func expression(s string) string {
	found := braces.FindAllString(s, -1)
	marked := s
	for i, text := range found {
		marked = strings.Replace(marked, text, mark(i), 1)
	}
	tree, err := parser.Parse(marked)
	if err != nil {
		return strings.TrimSpace(s)
	}
	out := tree.Node.String()
	for i, text := range found {
		out = strings.Replace(out, mark(i), text, 1)
	}
	return out
}

// reader reads a condition of govaluate, or one of expr-lang without marks.
type reader struct {
	// marks are the references, by the names that stand for them.
	marks map[string][]string
}

func (r *reader) mark(text string) string {
	name := fmt.Sprintf("mark%d", len(r.marks))
	r.marks[name] = reference.FindStringSubmatch(text)
	return name
}

func (r *reader) read(text string) (string, bool) {
	tree, err := parser.Parse(text)
	if err != nil {
		return "", false
	}
	out, ok := r.logic(tree.Node)
	return strings.Join(out, " "), ok
}

// logic returns the operands of a condition and the operator between them.
// Rows of the same operator mean the same in any grouping.
func (r *reader) logic(n ast.Node) (parts []string, ok bool) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		of, ok := r.logic(n.Node)
		return []string{"!(" + strings.Join(of, " ") + ")"}, ok && (n.Operator == "!" || n.Operator == "not")
	case *ast.BinaryNode:
		operator := map[string]string{"&&": "&&", "and": "&&", "||": "||", "or": "||"}[n.Operator]
		if operator == "" {
			return r.comparison(n)
		}
		for _, side := range []ast.Node{n.Left, n.Right} {
			of, ok := r.logic(side)
			if !ok {
				return nil, false
			}
			if len(of) > 1 && of[1] != operator {
				of = []string{"(" + strings.Join(of, " ") + ")"}
			}
			if len(parts) > 0 {
				parts = append(parts, operator)
			}
			parts = append(parts, of...)
		}
		return parts, true
	case *ast.IdentifierNode:
		if m := r.marks[n.Value]; m != nil && m[1] != "" {
			tree, err := parser.Parse(m[1])
			if err != nil {
				return nil, false
			}
			if out, ok := (&reader{}).logic(tree.Node); ok {
				return out, true
			}
			return []string{"{{=" + tree.Node.String() + "}}"}, true
		}
	}
	return nil, false
}

// sort is what a side of a comparison is.
type sort int

const (
	isText sort = iota + 1
	isNumber
	isWord   // without quotes, to govaluate
	isTruth  // likewise
	isFilled // a reference without quotes: what its value looks like
)

// alike are the sorts of the two sides that both languages compare alike.
var alike = map[[2]sort]bool{
	{isFilled, isWord}: true, {isFilled, isTruth}: true, {isFilled, isNumber}: true, {isFilled, isText}: true,
	{isText, isWord}: true, {isText, isText}: true, {isNumber, isNumber}: true,
}

func (r *reader) comparison(n *ast.BinaryNode) ([]string, bool) {
	if !slices.Contains([]string{"==", "!=", "<", "<=", ">", ">=", "matches"}, n.Operator) {
		return nil, false
	}
	variable, of := r.variable(n.Left)
	if other, with := r.variable(n.Right); with == of && (of == isFilled || of == isNumber) {
		return []string{variable + " " + n.Operator + " " + other}, true
	}
	value, with := r.literal(n.Right)
	if !alike[[2]sort{of, with}] || of == isFilled && with == isText && looksOtherwise(value) {
		return nil, false
	}
	if with != isNumber {
		value = strconv.Quote(value)
	}
	return []string{variable + " " + n.Operator + " " + value}, true
}

// looksOtherwise reports whether a value that is filled in is no text to
// govaluate, so that it never equals the text.
func looksOtherwise(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil || text == "true" || text == "false"
}

// variable reads the left side.
func (r *reader) variable(n ast.Node) (string, sort) {
	if r.marks != nil {
		id, _ := n.(*ast.IdentifierNode)
		if id == nil || r.marks[id.Value] == nil {
			return "", 0
		}
		m := r.marks[id.Value]
		switch quoted := strings.TrimSpace(m[2] + m[3]); {
		case quoted != "":
			return quoted, isText
		case m[4] != "":
			return strings.TrimSpace(m[4]), isFilled
		}
		return "", 0
	}
	switch n := n.(type) {
	case *ast.CallNode:
		if f := n.Callee.String(); len(n.Arguments) == 1 && (f == "asInt" || f == "asFloat") {
			name, of := r.variable(n.Arguments[0])
			if of == isText {
				return name, isNumber
			}
		}
	case *ast.IdentifierNode:
		return n.Value, isText
	case *ast.MemberNode:
		name, of := r.variable(n.Node)
		property, ok := n.Property.(*ast.StringNode)
		if ok && of == isText {
			return name + "." + property.Value, isText
		}
	}
	return "", 0
}

// literal reads the right side.
func (r *reader) literal(n ast.Node) (string, sort) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, isText
	case *ast.IntegerNode:
		return strconv.Itoa(n.Value), isNumber
	case *ast.FloatNode:
		return fmt.Sprint(n.Value), isNumber
	case *ast.BoolNode:
		if r.marks != nil {
			return strconv.FormatBool(n.Value), isTruth
		}
	case *ast.IdentifierNode:
		if r.marks != nil && r.marks[n.Value] == nil {
			return n.Value, isWord
		}
	}
	return "", 0
}

func TestCondition(t *testing.T) {
	const heads = `{{=steps['flip-coin'].outputs.result == "heads"}}`
	for _, tc := range []struct {
		a, b string
		same bool
	}{
		{`{{steps.flip-coin.outputs.result}} == heads`, heads, true},
		{`'{{steps.flip-coin.outputs.result}}' == 'heads'`, heads, true},
		{`"{{ steps.flip-coin.outputs.result }}" == heads`, heads, true},
		{`{{steps.flip-coin.outputs.result}} == tails`, heads, false},
		{`{{steps.flip.outputs.result}} == heads`, heads, false},
		{`{{steps.flip-coin.outputs.result}} != heads`, heads, false},
		{`{{item}} > 3`, `{{=asInt(item) > 3}}`, true},
		{`{{item}} > 3`, `{{=item > "3"}}`, false},
		{`{{item}} == '3'`, `{{=item == "3"}}`, false},
		{`'{{item}}' == '3'`, `{{=item == "3"}}`, true},
		{`{{item}} =~ a`, `{{=item matches "a"}}`, true},
		{`{{item}} =~ a`, `{{=item matches "b"}}`, false},
		{`{{item}} < {{a.b}}`, `{{=asInt(item) < asInt(a.b)}}`, true},
		{`{{item}} < {{a.b}}`, `{{=asInt(a.b) < asInt(item)}}`, false},
		{`{{item}} < {{a.b}}`, `{{=item < a.b}}`, false},
		{`{{item}} == true`, `{{=item == "true"}}`, true},
		{`'{{item}}' == true`, `{{=item == "true"}}`, false},
		{`{{a.b}} == x && {{c.d}} == y`, `{{=a.b == "x" && c.d == "y"}}`, true},
		{`{{a.b}} == x && {{c.d}} == y`, `{{=a.b == "x"}} && {{=c.d == "y"}}`, true},
		{`{{a.b}} == x && {{c.d}} == y`, `{{=a.b == "x" || c.d == "y"}}`, false},
		{`({{a.b}} == x && {{c.d}} == y) || {{e.f}} == z`, `{{=a.b == "x" && c.d == "y" || e.f == "z"}}`, true},
		{`{{a.b}} == x && ({{c.d}} == y || {{e.f}} == z)`, `{{=a.b == "x" && c.d == "y" || e.f == "z"}}`, false},
		{`!({{a.b}} == x)`, `{{=!(a.b == "x")}}`, true},
		{`{{=a.b in ['x']}}`, `{{=a.b in ["x"]}}`, true},
		{`{{a.b}} == a-b`, `{{=a.b == "a-b"}}`, false},
	} {
		if a, b := condition(tc.a), condition(tc.b); (a == b) != tc.same {
			t.Errorf("%s is %s, %s is %s", tc.a, a, tc.b, b)
		}
	}
}
