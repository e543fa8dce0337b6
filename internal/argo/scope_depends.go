package argo

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// edge is one task that a depends names, and the result that it asks for.
type edge struct{ task, result string }

var taskResults = []string{"Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", "AnySucceeded", "AllFailed"}

// perItem are the results that only a loop has.
func perItem(result string) bool { return result == "AnySucceeded" || result == "AllFailed" }

// edges finds the tasks in a depends as Argo does: every word is one, also in
// a text or where an operator was meant.
func edges(depends string) []edge {
	var found []edge
	for i := 0; i < len(depends); {
		if !isAlphanumeric(depends[i]) {
			i++
			continue
		}
		start := i
		for i < len(depends) && (isAlphanumeric(depends[i]) || depends[i] == '-') {
			i++
		}
		e := edge{task: depends[start:i]}
		if i+1 < len(depends) && depends[i] == '.' && isLetter(depends[i+1]) {
			start = i + 1
			for i++; i < len(depends) && isLetter(depends[i]); i++ {
			}
			e.result = depends[start:i]
		}
		found = append(found, e)
	}
	return found
}

func isLetter(c byte) bool       { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isAlphanumeric(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' }

// exprNodes is how large an expression Argo evaluates: expr-lang's default.
const exprNodes = 10_000

// bareNodes is what a task without a result becomes: it succeeded, was skipped
// or is a daemon. resultNodes is one with a result.
const (
	bareNodes   = 11
	resultNodes = 3
)

// dependsSyntax says why a depends can't be evaluated. Conditions in the usual
// form are read by hand, which is ten times as fast as the whole grammar.
func (r *resolver) dependsSyntax(depends string) string {
	s := dependsScanner{text: depends}
	if s.or(0) && s.skip() == 0 {
		return ""
	}
	text := strings.ReplaceAll(depends, "-", "_")
	tree, err := parseExpression(text)
	if err != nil {
		return "can't be read: " + err.Error()
	}
	if !logical(tree.Node) {
		return "is no condition of tasks"
	}
	return ""
}

// logical reports whether an expression only joins tasks and their results.
func logical(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.UnaryNode:
		return (n.Operator == "!" || n.Operator == "not") && logical(n.Node)
	case *ast.BinaryNode:
		ok := slices.Contains([]string{"&&", "||", "and", "or", "==", "!="}, n.Operator)
		return ok && logical(n.Left) && logical(n.Right)
	case *ast.ConditionalNode:
		return logical(n.Cond) && logical(n.Exp1) && logical(n.Exp2)
	case *ast.MemberNode:
		_, ok := n.Node.(*ast.IdentifierNode)
		return ok
	case *ast.IdentifierNode:
		return true
	default:
		return false
	}
}

// dependsScanner reads ||, &&, !, brackets, tasks and results.
type dependsScanner struct {
	text string
	at   int
}

// maxNesting bounds the recursion; deeper ones go to the whole grammar.
const maxNesting = 50

// skip moves over spaces and returns what comes next, 0 at the end.
func (s *dependsScanner) skip() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\n', '\t', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

func (s *dependsScanner) take(operator string) bool {
	s.skip()
	if strings.HasPrefix(s.text[s.at:], operator) {
		s.at += len(operator)
		return true
	}
	return false
}

func (s *dependsScanner) or(depth int) bool {
	for {
		if !s.and(depth) {
			return false
		}
		if !s.take("||") {
			return true
		}
	}
}

func (s *dependsScanner) and(depth int) bool {
	for {
		if !s.one(depth) {
			return false
		}
		if !s.take("&&") {
			return true
		}
	}
}

func (s *dependsScanner) one(depth int) bool {
	for s.skip() == '!' {
		s.at++
	}
	if s.skip() == '(' {
		s.at++
		return depth < maxNesting && s.or(depth+1) && s.take(")")
	}
	start := s.at
	for s.at < len(s.text) && (isAlphanumeric(s.text[s.at]) || s.text[s.at] == '-') {
		s.at++
	}
	if s.at == start || !isLetter(s.text[start]) || Reserved(s.text[start:s.at]) {
		return false
	}
	if s.at < len(s.text) && s.text[s.at] == '.' {
		start = s.at + 1
		for s.at++; s.at < len(s.text) && isLetter(s.text[s.at]); s.at++ {
		}
		return s.at > start
	}
	return true
}
