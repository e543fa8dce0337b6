package upstream_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	sigsyaml "sigs.k8s.io/yaml"
)

var tag = regexp.MustCompile(`\{\{\s*([^={}][^{}]*?)\s*\}\}`)

// normalText brings a text into the form that equal ones have.
func normalText(key, s string) any {
	s = tag.ReplaceAllString(s, "{{$1}}")
	s = computed.ReplaceAllStringFunc(s, func(tag string) string {
		return "{{=" + expression(strings.TrimSpace(tag[3:len(tag)-2])) + "}}"
	})
	switch key {
	case "depends":
		return edges(s)
	case "manifest":
		return document(tags.ReplaceAllStringFunc(s, decoded))
	case "podSpecPatch":
		return document(s)
	case "expression", "fromExpression":
		return expression(s)
	case "withParam", "when", "source", "successCondition", "failureCondition":
		return strings.TrimSpace(s)
	}
	return s
}

// computed is a reference to the value of an expression.
var computed = regexp.MustCompile(`(?s)\{\{=.*?\}\}`)

// expression writes a text of expr-lang in one way, however it is quoted and
// spaced.
func expression(s string) string {
	marked, tags := marks(s)
	tree, err := parser.Parse(marked)
	if err != nil {
		return strings.TrimSpace(s)
	}
	return unmarked(tree.Node.String(), tags)
}

// document reads YAML or JSON with references in it, which stand for
// themselves.
func document(s string) any {
	s, tags := marks(s)
	var out any
	if err := sigsyaml.Unmarshal([]byte(s), &out); err != nil {
		return s
	}
	text, err := json.Marshal(out)
	if err != nil {
		return s
	}
	for i, tag := range tags {
		quoted, _ := json.Marshal(tag)
		text = []byte(strings.Replace(string(text), mark(i), string(quoted[1:len(quoted)-1]), 1))
	}
	return string(text)
}

var tags = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// decoded returns the text whose JSON an expression of millrace's yields:
// "job-{{inputs.parameters.date}}". Other references stay as they are.
func decoded(tag string) string {
	tree, err := parser.Parse(strings.TrimPrefix(tag[2:len(tag)-2], "="))
	if err != nil {
		return tag
	}
	replace, ok := called(tree.Node, "replace")
	if !ok {
		return tag
	}
	value, ok := called(replace, "toJson")
	if !ok {
		return tag
	}
	return joined(value)
}

// called is the first argument of a function, if it is the one that is called.
func called(n ast.Node, function string) (ast.Node, bool) {
	switch n := n.(type) {
	case *ast.BuiltinNode:
		if n.Name == function && len(n.Arguments) > 0 {
			return n.Arguments[0], true
		}
	case *ast.CallNode:
		if n.Callee.String() == function && len(n.Arguments) > 0 {
			return n.Arguments[0], true
		}
	}
	return nil, false
}

// joined writes a sum of texts and variables as a text with references.
func joined(n ast.Node) string {
	switch n := n.(type) {
	case *ast.BinaryNode:
		return joined(n.Left) + joined(n.Right)
	case *ast.StringNode:
		return n.Value
	}
	return "{{" + chain(n) + "}}"
}

// chain writes a variable with dots.
func chain(n ast.Node) string {
	if m, ok := n.(*ast.MemberNode); ok {
		if name, ok := m.Property.(*ast.StringNode); ok {
			return chain(m.Node) + "." + name.Value
		}
	}
	return n.String()
}

// marks has names in the place of references.
func marks(s string) (string, []string) {
	found := tags.FindAllString(s, -1)
	for i, text := range found {
		s = strings.Replace(s, text, mark(i), 1)
	}
	return s, found
}

func unmarked(s string, tags []string) string {
	for i, tag := range tags {
		s = strings.Replace(s, mark(i), tag, 1)
	}
	return s
}

func mark(i int) string { return "TAG" + strings.Repeat("I", i) + "END" }

// term is a name of depends, with its result or bare.
var term = regexp.MustCompile(`[a-zA-Z0-9][-a-zA-Z0-9]*(\.[A-Z][a-zA-Z]+)?`)

// edges writes an expression of depends with every bare name as the results
// that Argo takes it for, and the operands of each operator in order.
func edges(s string) string {
	names := map[string]string{}
	s = term.ReplaceAllStringFunc(s, func(name string) string {
		bare, result, ok := strings.Cut(name, ".")
		id := strings.ReplaceAll(bare, "-", "_")
		names[id] = bare
		if ok {
			return id + "." + result
		}
		return "(" + id + ".Succeeded || " + id + ".Skipped || " + id + ".Daemoned)"
	})
	tree, err := parser.Parse(s)
	if err != nil {
		return s
	}
	return sorted(tree.Node, names)
}

func sorted(n ast.Node, names map[string]string) string {
	switch n := n.(type) {
	case *ast.BinaryNode:
		operands := flat(n, n.Operator, names)
		slices.Sort(operands)
		return "(" + strings.Join(slices.Compact(operands), " "+n.Operator+" ") + ")"
	case *ast.UnaryNode:
		return "!" + sorted(n.Node, names)
	case *ast.MemberNode:
		id, _ := n.Node.(*ast.IdentifierNode)
		result, _ := n.Property.(*ast.StringNode)
		if id != nil && result != nil {
			return names[id.Value] + "." + result.Value
		}
	}
	return n.String()
}

func flat(n ast.Node, operator string, names map[string]string) []string {
	if b, ok := n.(*ast.BinaryNode); ok && b.Operator == operator {
		return append(flat(b.Left, operator, names), flat(b.Right, operator, names)...)
	}
	return []string{sorted(n, names)}
}
