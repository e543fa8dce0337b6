package argo

import (
	"cmp"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// task resolves tasks.x… and steps.x….
func (s *scope) task(parts []string, open bool) complaint {
	if len(parts) == 2 && parts[1] == "name" && !s.graph.has("name") {
		return complaint{}
	}
	word := strings.TrimSuffix(parts[0], "s")
	switch {
	case s.graph == nil:
		return wrong("hand it in as an argument", "%s are not known outside of their template", parts[0])
	case s.graph.word != parts[0]:
		return wrong("use "+s.graph.word+".", "the template has %s, not %s", s.graph.word, parts[0])
	}
	i, ok := s.graph.index[parts[1]]
	if !ok {
		return wrong(s.graph.like(parts[1]), "there is no %s %s", word, parts[1])
	}
	if bad := s.before(i, word); !bad.none() {
		return bad
	}
	return s.graph.nodes[i].result(parts, open)
}

// before says why the asker doesn't see a task's results.
func (s *scope) before(i int, word string) complaint {
	if s.asker == anyone || s.own && i == s.asker || i != s.asker && s.graph.precedes(i, s.asker) {
		return complaint{}
	}
	name := s.graph.nodes[i].name
	if i == s.asker {
		return wrong("use a hook", "%s is this %s itself, whose results are not there yet", name, word)
	}
	if s.graph.word == "steps" {
		return wrong("move the step to a later group", "step %s doesn't run before this one", name)
	}
	return wrong("add it to depends", "the task doesn't wait for %s", name)
}

// result resolves what stands behind the name of a task.
func (n *node) result(parts []string, open bool) complaint {
	if len(parts) == 2 {
		if open {
			return complaint{}
		}
		return wrong("", "%s alone is not a value", strings.Join(parts, "."))
	}
	name := strings.Join(parts[:2], ".")
	field := parts[2]
	switch {
	case !slices.Contains(taskFields, field):
		fix := cmp.Or(like(field, taskFields), "one of "+strings.Join(taskFields, ", "))
		return wrong(fix, "%s has no %s", name, field)
	case field == "outputs":
		return n.output(parts, open)
	case len(parts) > 3:
		return wrong("", "%s is text, and has no %s", strings.Join(parts[:3], "."), parts[3])
	case n.tmpl == nil:
		return complaint{}
	case field == "ip" && !n.tmpl.IsDaemon():
		return wrong("set daemon in its template", "%s has no ip: its template is no daemon", name)
	case field == "exitCode" && !n.hasResult():
		return wrong("", "%s has no exitCode: its template runs no container", name)
	}
	return complaint{}
}

// hasResult: Argo keeps the output and the exit code of its template.
func (n *node) hasResult() bool { return n.tmpl.HasOutput() }

func (n *node) output(parts []string, open bool) complaint {
	name := strings.Join(parts[:2], ".")
	if len(parts) == 3 {
		if open {
			return complaint{}
		}
		return wrong("use outputs.parameters.NAME", "%s.outputs alone is not a value", name)
	}
	switch parts[3] {
	case "result":
		if len(parts) > 4 {
			return wrong("", "the result of %s is text, and has no %s", name, parts[4])
		}
		if n.tmpl != nil && !n.hasResult() {
			return wrong("use an output parameter", "%s has no result: its template runs no container", name)
		}
		return complaint{}
	case "parameters", "artifacts":
		return n.declared(parts, open)
	}
	return wrong("use result, parameters or artifacts", "%s.outputs has no %s", name, parts[3])
}

func (n *node) declared(parts []string, open bool) complaint {
	name := strings.Join(parts[:2], ".")
	if len(parts) == 4 {
		if open || n.list && parts[3] == "parameters" {
			return complaint{}
		}
		return wrong("name the output", "%s.outputs.%s is only a value where %s has withItems or withParam", name, parts[3], parts[1])
	}
	if n.tmpl != nil && !hasOutput(n.tmpl, parts[3], parts[4]) {
		fix := cmp.Or(like(parts[4], outputNames(n.tmpl, parts[3])), "declare it in outputs of its template")
		return wrong(fix, "the template of %s has no output %s", name, strings.Join(parts[3:5], "."))
	}
	if len(parts) > 5 && !open {
		return wrong("", "%s has no %s", strings.Join(parts[:5], "."), parts[5])
	}
	return complaint{}
}

func outputNames(t *wfv1.Template, kind string) []string {
	var names []string
	if kind == "parameters" {
		for _, p := range t.Outputs.Parameters {
			names = append(names, p.Name)
		}
		return names
	}
	for _, a := range t.Outputs.Artifacts {
		names = append(names, a.Name)
	}
	return names
}
