package millracetest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// scope holds the variables of a place in a workflow, under their full names:
// "workflow.parameters.date".
type scope map[string]string

func (s scope) with(more scope) scope {
	out := maps.Clone(s)
	if out == nil {
		out = make(scope)
	}
	maps.Copy(out, more)
	return out
}

// prefixes are the variables that Argo insists on resolving; other text in
// braces is none of its business.
var prefixes = []string{"workflow.", "inputs.", "tasks.", "steps.", "item", "pod.", "node.", "retries", "lastRetry.", "cronworkflow."}

// passes is how often Argo substitutes in one text, so that what a value
// brings along is substituted too.
const passes = 2

// substitute replaces the variables and expressions of a text.
func (s scope) substitute(text string) (string, error) {
	var err error
	for range passes {
		if text, err = s.pass(text); err != nil {
			return "", err
		}
	}
	return text, nil
}

func (s scope) pass(text string) (string, error) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{{")
		b.WriteString(before)
		if !ok {
			return b.String(), nil
		}
		tag, after, ok := strings.Cut(rest, "}}")
		if !ok {
			b.WriteString("{{" + rest)
			return b.String(), nil
		}
		value, err := s.tag(tag)
		if err != nil {
			return "", err
		}
		b.WriteString(value)
		text = after
	}
}

func (s scope) tag(tag string) (string, error) {
	if code, ok := strings.CutPrefix(tag, "="); ok {
		v, err := s.eval(code)
		if err != nil {
			return "", err
		}
		return asText(v)
	}
	name := strings.TrimSpace(tag)
	if v, ok := s[name]; ok {
		return v, nil
	}
	for _, p := range prefixes {
		if strings.HasPrefix(name, p) {
			return "", fmt.Errorf("failed to resolve {{%s}}", tag)
		}
	}
	return "{{" + tag + "}}", nil
}

// asText writes the value of an expression as Argo puts it into a text.
func asText(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	data, err := json.Marshal(v)
	return string(data), err
}

// eval evaluates an expression in Argo's environment: the variables as nested
// maps, expr's own functions, and toJson, asInt and asFloat. Of Sprig
// only what package workflow uses is there; the rest and jsonpath fail.
func (s scope) eval(code string) (any, error) {
	env := s.env()
	if err := defined(code, env); err != nil {
		return nil, fmt.Errorf("failed to evaluate expression %q: %w", strings.TrimSpace(code), err)
	}
	program, err := expr.Compile(code, expr.Env(env))
	if err != nil {
		return nil, fmt.Errorf("failed to evaluate expression: %w", err)
	}
	v, err := expr.Run(program, env)
	if err == nil && v == nil {
		err = fmt.Errorf("%q is nil", strings.TrimSpace(code))
	}
	if err != nil {
		return nil, fmt.Errorf("failed to evaluate expression: %w", err)
	}
	return v, nil
}

func (s scope) env() map[string]any {
	env := map[string]any{
		"toJson": func(v any) (string, error) {
			data, err := json.Marshal(v)
			return string(data), err
		},
		"asInt":   strconv.Atoi,
		"asFloat": func(v string) (float64, error) { return strconv.ParseFloat(v, 64) },
		"sprig": map[string]any{
			"sha256sum": func(v string) string { sum := sha256.Sum256([]byte(v)); return hex.EncodeToString(sum[:]) },
			"trunc":     func(n int, v string) string { return v[:min(n, len(v))] },
		},
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		m := env
		parts := strings.Split(name, ".")
		for _, part := range parts[:len(parts)-1] {
			next, ok := m[part].(map[string]any)
			if !ok {
				next = make(map[string]any)
				m[part] = next
			}
			m = next
		}
		if last := parts[len(parts)-1]; m[last] == nil {
			m[last] = s[name]
		}
	}
	return env
}

// defined reports variables that an expression uses and that are not there:
// to expr a missing key of a map is nil, which toJson would turn into "null".
func defined(code string, env map[string]any) error {
	tree, err := parser.Parse(code)
	if err != nil {
		return err
	}
	v := &missing{env: env}
	ast.Walk(&tree.Node, v)
	return v.err
}

type missing struct {
	env map[string]any
	err error
}

// Visit is called for every node of an expression.
func (m *missing) Visit(node *ast.Node) {
	member, ok := (*node).(*ast.MemberNode)
	if !ok || member.Optional || m.err != nil {
		return
	}
	path, ok := memberPath(member)
	if !ok {
		return
	}
	var at any = m.env
	for i, part := range path {
		here, isMap := at.(map[string]any)
		if !isMap {
			return
		}
		next, found := here[part]
		if !found && i > 0 {
			m.err = fmt.Errorf("%s is missing", strings.Join(path[:i+1], "."))
			return
		}
		at = next
	}
}

func memberPath(m *ast.MemberNode) ([]string, bool) {
	property, ok := m.Property.(*ast.StringNode)
	if !ok {
		return nil, false
	}
	switch inner := m.Node.(type) {
	case *ast.IdentifierNode:
		return []string{inner.Value, property.Value}, true
	case *ast.MemberNode:
		path, ok := memberPath(inner)
		return append(path, property.Value), ok
	default:
		return nil, false
	}
}

var comparison = regexp.MustCompile(`^\s*(.*?)\s*(==|!=)\s*(.*?)\s*$`)

// when decides a when clause, after substitution. Argo takes govaluate for
// it, in which bare words are strings; here only comparisons of two words and
// plain booleans are understood.
func when(clause string) (bool, error) {
	switch strings.TrimSpace(clause) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	m := comparison.FindStringSubmatch(clause)
	if m == nil || strings.Contains(clause, "&&") || strings.Contains(clause, "||") {
		return false, fmt.Errorf("millracetest does not simulate the when clause %q: only a comparison of two words", clause)
	}
	equal := unquote(m[1]) == unquote(m[3])
	return equal == (m[2] == "=="), nil
}

func unquote(word string) string {
	if len(word) >= 2 && (word[0] == '"' || word[0] == '\'') && word[len(word)-1] == word[0] {
		return word[1 : len(word)-1]
	}
	return word
}

var dependency = regexp.MustCompile(`[A-Za-z0-9_-]+(\.[A-Za-z]+)?`)

// results are what a depends clause can ask of a task.
var results = []string{"Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", "AnySucceeded", "AllFailed"}

// mentioned returns the names of the tasks that a task waits for, and the
// clause in expr's grammar, in which names have no dashes.
func (t *argoTask) mentioned(tasks []*argoTask) (names []string, clause string, err error) {
	clause = t.Depends
	if len(t.Dependencies) > 0 {
		clause = strings.Join(t.Dependencies, " && ")
	}
	clause = dependency.ReplaceAllStringFunc(clause, func(word string) string {
		name, result, _ := strings.Cut(word, ".")
		if !slices.ContainsFunc(tasks, func(o *argoTask) bool { return o.Name == name }) || name == t.Name {
			err = fmt.Errorf("invalid depends of task %s: there is no task %q to wait for", t.Name, name)
			return "false"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		ident := identifier(name)
		if result == "" {
			return "(" + ident + ".Succeeded || " + ident + ".Skipped || " + ident + ".Daemoned)"
		}
		if !slices.Contains(results, result) {
			err = fmt.Errorf("invalid depends of task %s: %q is no result of a task", t.Name, result)
		}
		return ident + "." + result
	})
	return names, clause, err
}

func identifier(name string) string { return "t_" + strings.ReplaceAll(name, "-", "_") }

// satisfied evaluates a depends clause over the phases of the tasks.
func satisfied(clause string, phases map[string]string) (bool, error) {
	env := make(map[string]any)
	for name, phase := range phases {
		env[identifier(name)] = map[string]bool{
			"Succeeded": phase == succeeded, "Failed": phase == failed, "Errored": phase == errored,
			"Skipped": phase == skipped, "Omitted": phase == omitted, "Daemoned": false,
			"AnySucceeded": phase == succeeded, "AllFailed": phase == failed,
		}
	}
	program, err := expr.Compile(clause, expr.Env(env), expr.AsBool())
	if err != nil {
		return false, err
	}
	v, err := expr.Run(program, env)
	if err != nil {
		return false, err
	}
	return v.(bool), nil
}
