package argo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// anyone asks for a template's own outputs, which see all tasks.
const anyone = -1

// scope is what a text may refer to where it stands.
type scope struct {
	// inputs are the inputs of the template; outer those of the template that
	// an inline one stands in.
	tmpl, outer *wfv1.Template
	inputs      map[string]bool
	// graph is the tasks or steps beside; asker the one whose text it is. own:
	// the text is one of its hooks, which see its own results.
	graph *graph
	asker int
	own   bool
	// loop is the asking task, if it is run once for each item.
	loop *task
	// retries: the template is tried again. metrics: the text is a metric's.
	retries, metrics bool
	// early: the template runs before the workflow ends.
	early bool
	// loose: only what is wrong everywhere is wrong here.
	loose bool
	// extra are words that are known here beside the roots. only, if not nil,
	// takes their place.
	extra, only []string
	// cron: only the variables of the CronWorkflow are known.
	cron bool
}

// complaint says why a reference resolves to nothing; empty if it resolves.
type complaint struct{ detail, fix string }

func (c complaint) none() bool { return c.detail == "" }

func wrong(fix, format string, args ...any) complaint {
	return complaint{fmt.Sprintf(format, args...), fix}
}

// reference resolves one reference by its parts. open: what it names may go on
// in a way that is not known, as a map of an expression does.
func (r *resolver) reference(s *scope, parts []string, open bool) complaint {
	if len(parts) == 1 && parts[0] != "item" && parts[0] != "retries" {
		return complaint{} // all of it, which only an expression can take
	}
	if s.cron {
		return cronReference(parts)
	}
	switch parts[0] {
	case "workflow":
		return r.workflowReference(s, parts, open)
	case "cronworkflow":
		return wrong("use workflow.parameters, or set it as an argument", "%s is only known to when and stopStrategy of a CronWorkflow", parts[0])
	case "node":
		return fixed(parts, "name")
	}
	if s.loose {
		return r.looseReference(parts)
	}
	if s.outer != nil && !open {
		if bad := s.inline(parts); !bad.none() {
			return bad
		}
	}
	switch parts[0] {
	case "inputs":
		return s.input(parts, open)
	case "outputs":
		return s.output(parts, open)
	case "tasks", "steps":
		return s.task(parts, open)
	case "item":
		return s.item(parts, open)
	case "pod":
		if s.tmpl == nil || !s.tmpl.IsPodType() {
			return wrong("", "pod.name is only known to templates that run in a pod")
		}
		return fixed(parts, "name")
	case "retries", "lastRetry":
		return s.retry(parts)
	}
	return complaint{}
}

// inline: validation reads the tags of an inline template as those of the task
// that it stands in, which knows no more of it than its parameters.
func (s *scope) inline(parts []string) complaint {
	switch {
	case parts[0] == "pod", parts[0] == "item" && len(parts) > 1,
		parts[0] == "inputs" && len(parts) > 2 && parts[1] == "artifacts",
		(parts[0] == "tasks" || parts[0] == "steps") && len(parts) > 2:
		return wrong("make it a template with a name, or use an input parameter", "Argo doesn't know %s in an inline template", strings.Join(parts, "."))
	}
	return complaint{}
}

// fixed takes one of some words behind the first.
func fixed(parts []string, words ...string) complaint {
	if len(parts) == 2 && slices.Contains(words, parts[1]) {
		return complaint{}
	}
	return wrong("use "+parts[0]+"."+strings.Join(words, ", "+parts[0]+"."), "%s is not known", strings.Join(parts, "."))
}

func (s *scope) retry(parts []string) complaint {
	if !s.retries && !(s.metrics && len(parts) == 1) {
		return wrong("set retryStrategy", "%s is only known to templates with a retryStrategy", strings.Join(parts, "."))
	}
	if parts[0] == "retries" {
		if len(parts) == 1 {
			return complaint{}
		}
		return wrong("", "retries is a number, and has no %s", parts[1])
	}
	return fixed(parts, "exitCode", "status", "duration", "message")
}

// input resolves inputs.parameters.x, inputs.artifacts.x and their paths.
func (s *scope) input(parts []string, open bool) complaint {
	if parts[1] != "parameters" && parts[1] != "artifacts" {
		return wrong("use inputs.parameters or inputs.artifacts", "inputs has no %s", parts[1])
	}
	if len(parts) == 2 {
		if open || parts[1] == "parameters" && s.hasParameters() {
			return complaint{}
		}
		return wrong("declare the input", "the template has no inputs.%s", parts[1])
	}
	key := parts[1] + "." + parts[2]
	if !s.inputs[key] {
		fix := cmp.Or(like(parts[2], s.inputNames(parts[1])), "declare it in inputs."+parts[1]+" of the template")
		return wrong(fix, "the template has no input %s", strings.Join(parts[:3], "."))
	}
	switch {
	case len(parts) == 3:
		return complaint{}
	case len(parts) == 4 && parts[1] == "artifacts" && parts[3] == "path":
		if s.tmpl.IsLeaf() {
			return complaint{}
		}
		return wrong("pass the artifact on with from", "only a template that runs something has a path for %s", strings.Join(parts[:3], "."))
	}
	if open && parts[1] == "artifacts" {
		return complaint{}
	}
	return wrong("", "%s has no %s", strings.Join(parts[:3], "."), parts[3])
}

func (s *scope) hasParameters() bool {
	return s.tmpl != nil && len(s.tmpl.Inputs.Parameters) > 0 || s.outer != nil && len(s.outer.Inputs.Parameters) > 0
}

func (s *scope) inputNames(kind string) []string {
	var names []string
	for key := range s.inputs {
		if name, ok := strings.CutPrefix(key, kind+"."); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// inputsOf lists the inputs of a template, as "parameters.x". Those of the
// template around an inline one are put in before it is looked at.
func inputsOf(t, outer *wfv1.Template) map[string]bool {
	set := make(map[string]bool)
	for _, p := range t.Inputs.Parameters {
		set["parameters."+p.Name] = true
	}
	for _, a := range t.Inputs.Artifacts {
		set["artifacts."+a.Name] = true
	}
	if outer != nil {
		for _, p := range outer.Inputs.Parameters {
			set["parameters."+p.Name] = true
		}
	}
	return set
}

// output resolves a template's reference to its own outputs: the path of one,
// or in a metric its value.
func (s *scope) output(parts []string, open bool) complaint {
	if s.tmpl == nil || len(parts) == 2 && (open || parts[1] == "result" && s.metrics) {
		return complaint{}
	}
	name := strings.Join(parts, ".")
	if len(parts) < 3 || parts[1] != "parameters" && parts[1] != "artifacts" {
		return wrong("use outputs.parameters.NAME.path", "%s is not known here", name)
	}
	if !hasOutput(s.tmpl, parts[1], parts[2]) {
		return wrong("declare it in outputs of the template", "the template has no output %s", strings.Join(parts[:3], "."))
	}
	if open || s.metrics || len(parts) == 4 && parts[3] == "path" && s.tmpl.IsLeaf() {
		return complaint{}
	}
	return wrong("use its path", "the value of %s is not known before the template has run", name)
}

func hasOutput(t *wfv1.Template, kind, name string) bool {
	if kind == "parameters" {
		return given(t.Outputs.Parameters, name)
	}
	return slices.ContainsFunc(t.Outputs.Artifacts, func(a wfv1.Artifact) bool { return a.Name == name })
}

// item resolves what a loop runs over.
func (s *scope) item(parts []string, open bool) complaint {
	if s.loop == nil {
		return wrong("add withItems, withParam or withSequence", "item is only known to a task with a loop")
	}
	if len(parts) == 1 || s.loop.WithParam != "" {
		return complaint{}
	}
	key := strings.Join(parts[1:], ".")
	for i := range s.loop.WithItems {
		if item := &s.loop.WithItems[i]; len(item.Value) > 0 && item.GetType() == wfv1.Map {
			values := item.GetMapVal()
			if _, ok := values[key]; ok {
				return complaint{}
			}
			if _, ok := values[parts[1]]; ok && open {
				return complaint{}
			}
		}
	}
	return wrong("", "no item of the loop has %s", key)
}
