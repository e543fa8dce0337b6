package argo

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/parser"
)

// parsedExpression is what an expression refers to.
type parsedExpression struct {
	err error
	// refs are the variables, each with its parts. calls are the functions.
	refs  [][]string
	calls []string
	// literal: the whole is a text, number or list.
	literal bool
}

// functions are what Argo adds to those of expr-lang.
var functions = []string{"asInt", "asFloat", "jsonpath", "toJson", "sprig"}

// tagValue stands for the value of a tag within an expression.
const tagValue = "tagValue"

var errPanic = errors.New("the expression can't be read")

// parse reads an expression, each text once.
func (r *resolver) parse(text string) *parsedExpression {
	if p, ok := r.parsed[text]; ok {
		return p
	}
	p := &parsedExpression{}
	r.parsed[text] = p
	tree, err := parseExpression(text)
	if err != nil {
		p.err = err
		return p
	}
	v := &references{paths: map[ast.Node][]string{}}
	ast.Walk(&tree.Node, v)
	p.refs, p.calls = v.collect()
	switch tree.Node.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.ArrayNode, *ast.MapNode, *ast.NilNode:
		p.literal = true
	}
	return p
}

// parseExpression shields the caller from a parser that panics.
func parseExpression(text string) (tree *parser.Tree, err error) {
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	tree, err = parser.Parse(text)
	if err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		return nil, errors.New(line)
	}
	return tree, nil
}

// references collects the longest path of each variable: a.b['c'], not a.
type references struct {
	order  []ast.Node
	paths  map[ast.Node][]string
	locals []string
	calls  []string
}

// Visit sees children before their parents.
func (v *references) Visit(n *ast.Node) {
	switch n := (*n).(type) {
	case *ast.IdentifierNode:
		v.add(n, []string{n.Value})
	case *ast.ChainNode:
		v.move(n.Node, n, "")
	case *ast.MemberNode:
		switch p := n.Property.(type) {
		case *ast.StringNode:
			v.move(n.Node, n, p.Value)
		case *ast.IntegerNode:
			v.move(n.Node, n, strconv.Itoa(p.Value))
		}
	case *ast.CallNode:
		v.call(n)
	case *ast.VariableDeclaratorNode:
		v.locals = append(v.locals, n.Name)
	}
}

func (v *references) add(n ast.Node, path []string) {
	v.order = append(v.order, n)
	v.paths[n] = path
}

// move makes a path longer by one part.
func (v *references) move(from, to ast.Node, part string) {
	path, ok := v.paths[from]
	if !ok {
		return
	}
	delete(v.paths, from)
	if part != "" {
		path = append(slices.Clip(path), part)
	}
	v.add(to, path)
}

// call: the last part of what is called is a function or a method.
func (v *references) call(n *ast.CallNode) {
	path, ok := v.paths[n.Callee]
	if !ok {
		return
	}
	delete(v.paths, n.Callee)
	if len(path) == 1 || path[0] == "sprig" {
		v.calls = append(v.calls, path[0])
		return
	}
	v.add(n, path[:len(path)-1])
}

func (v *references) collect() (refs [][]string, calls []string) {
	seen := map[string]bool{}
	for _, n := range v.order {
		path, ok := v.paths[n]
		if key := strings.Join(path, "."); ok && !slices.Contains(v.locals, path[0]) && !seen[key] {
			seen[key] = true
			refs = append(refs, path)
		}
	}
	for _, c := range v.calls {
		if !slices.Contains(v.locals, c) {
			calls = append(calls, c)
		}
	}
	return refs, calls
}

// expression checks a {{=…}}, and reports whether it is broken.
func (r *resolver) expression(at *place, s *scope, text string) bool {
	p := r.parse(text)
	if p.err != nil {
		r.report(RuleExpression, at.String(), "see expr-lang.org for its grammar", "{{=%s}} can't be read: %v", shorten(text), p.err)
		return true
	}
	r.expressionNames(at, s, p)
	return false
}

// fieldExpression checks a field that is an expression as a whole. Its tags
// have been put in before Argo reads it.
func (r *resolver) fieldExpression(at *place, s *scope, text string, yesNo bool) {
	var p *parsedExpression
	for _, candidate := range []string{tagValue, "1", ""} {
		filled, n := replaceTags(text, func(int, tag) string { return candidate })
		if p = r.parse(filled); p.err == nil || n == 0 {
			break
		}
	}
	switch {
	case p.err != nil:
		r.report(RuleExpression, at.String(), "see expr-lang.org for its grammar", "%s can't be read: %v", quoted(text), p.err)
	case yesNo && p.literal:
		r.report(RuleExpression, at.String(), "compare something", "%s is no condition", quoted(text))
	default:
		r.expressionNames(at, s, p)
	}
}

// expressionNames resolves what an expression refers to.
func (r *resolver) expressionNames(at *place, s *scope, p *parsedExpression) {
	known := s.words()
	for _, ref := range p.refs {
		if strings.Contains(strings.Join(ref, "."), tagValue) || slices.Contains(s.extra, ref[0]) ||
			ref[0] == "sprig" || ref[0] == "$env" {
			continue
		}
		name := strings.Join(ref, ".")
		bad := complaint{}
		switch {
		case !slices.Contains(known, ref[0]):
			bad = unknownWord(ref, known)
		case Root(ref[0]):
			bad = r.reference(s, ref, true)
		}
		if !bad.none() {
			r.report(RuleReference, at.String(), bad.fix, "%s resolves to nothing: %s", name, bad.detail)
		}
	}
	for _, call := range p.calls {
		if _, ok := builtin.Index[call]; ok || slices.Contains(functions, call) {
			continue
		}
		fix := like(call, append(slices.Clone(functions), builtin.Names...))
		r.report(RuleReference, at.String(), fix, "there is no function %s", call)
	}
}

// unknownWord: a name with a dash is read as a subtraction.
func unknownWord(ref, known []string) complaint {
	if n := nearest(ref[0], known); n != "" {
		return wrong("did you mean "+n+"?", "nothing is called %s here", ref[0])
	}
	return wrong("quote it if it is a text; a name with a dash is written ['a-b']", "nothing is called %s here", ref[0])
}

// words are the first words that an expression knows here.
func (s *scope) words() []string {
	if s.only != nil {
		return s.only
	}
	return roots
}

func quoted(s string) string { return strconv.Quote(shorten(s)) }
