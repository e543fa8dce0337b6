package upstream_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"k8s.io/apimachinery/pkg/api/resource"
	sigsyaml "sigs.k8s.io/yaml"
)

var tag = regexp.MustCompile(`\{\{\s*([^={}][^{}]*?)\s*\}\}`)

// computed is a reference with an expression.
var computed = regexp.MustCompile(`(?s)\{\{=.*?\}\}`)

// braces are whatever Argo replaces.
var braces = regexp.MustCompile(`\{\{.*?\}\}`)

// normalText brings a text into the form that equal ones have.
func normalText(key, s string) any {
	s = tag.ReplaceAllString(s, "{{$1}}")
	switch key {
	case "when":
		return condition(s)
	case "duration", "maxDuration", "cap", "timeout", "maxAge", "deleteDelayDuration":
		return duration(s)
	case "expression", "fromExpression", "successCondition":
		return expression(s)
	}
	s = computed.ReplaceAllStringFunc(s, func(text string) string {
		return "{{=" + expression(text[3:len(text)-2]) + "}}"
	})
	switch key {
	case "depends":
		return edges(s)
	case "cpu", "memory", "storage":
		return quantity(s)
	case "manifest", "podSpecPatch":
		return document(s)
	case "withParam", "source", "failureCondition":
		return strings.TrimSpace(s)
	}
	return s
}

// duration writes a time in one way.
func duration(s string) string {
	d, err := time.ParseDuration(s)
	if _, number := strconv.Atoi(s); number == nil {
		d, err = time.ParseDuration(s + "s")
	}
	if err != nil {
		return s
	}
	return d.String()
}

// quantity writes an amount in one way.
func quantity(s string) string {
	q, err := resource.ParseQuantity(s)
	if err != nil {
		return s
	}
	return q.String()
}

// document reads YAML or JSON with references in it, which stand for
// themselves.
func document(s string) any {
	tags := braces.FindAllString(s, -1)
	for i, text := range tags {
		s = strings.Replace(s, text, mark(i), 1)
	}
	var out any
	if err := sigsyaml.Unmarshal([]byte(s), &out); err != nil {
		return s
	}
	noPort(out)
	if m, ok := out.(map[string]any); ok && strings.HasPrefix(fmt.Sprint(m["apiVersion"]), "argoproj.io/") {
		out = normalMap(m)
	}
	text, err := json.Marshal(out)
	if err != nil {
		return s
	}
	for i, tag := range tags {
		quoted, _ := json.Marshal(plainTag(tag))
		text = []byte(strings.Replace(string(text), mark(i), string(quoted[1:len(quoted)-1]), 1))
	}
	return string(text)
}

// noPort leaves out target ports of 0, which Kubernetes takes for none, and Go's
// type writes for none.
func noPort(v any) {
	switch v := v.(type) {
	case map[string]any:
		if v["targetPort"] == 0.0 {
			delete(v, "targetPort")
		}
		for _, inner := range v {
			noPort(inner)
		}
	case []any:
		for _, inner := range v {
			noPort(inner)
		}
	}
}

// plainTag writes a value that is encoded as a JSON string as the text with
// references to it.
func plainTag(tag string) string {
	const before, after = `{{=replace(toJson(`, `), "{", "\\u007b")}}`
	term, ok := strings.CutPrefix(tag, before)
	term, also := strings.CutSuffix(term, after)
	tree, err := parser.Parse(term)
	if !ok || !also || err != nil {
		return tag
	}
	if text, ok := plainTerm(tree.Node); ok {
		return text
	}
	return tag
}

func plainTerm(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.BinaryNode:
		left, ok := plainTerm(n.Left)
		right, also := plainTerm(n.Right)
		return left + right, ok && also && n.Operator == "+"
	}
	name, of := (&reader{}).variable(n)
	return "{{" + name + "}}", of == isText
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
