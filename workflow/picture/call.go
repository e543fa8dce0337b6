package picture

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// call is what runs a template: a task, a step, a hook, the entrypoint.
type call struct {
	name, template string
	inline         *wfv1.Template
	ref            *wfv1.TemplateRef
	loop, when     string
	depends        string
	waits          []wait
	// eitherWay: the edges alone don't say when the task starts.
	eitherWay bool
	onExit    string
	hooks     wfv1.LifecycleHooks
	// item tells the items of a loop, whose group says the name of the template.
	item bool
	// suffix is what a hook's node has behind the name of its task's.
	suffix string
}

// wait is a task that another waits for.
type wait struct {
	task, label string
	dashed      bool
}

// calls are the tasks of a DAG, the steps, the containers of a set.
func calls(t *wfv1.Template) []call {
	var out []call
	if t.DAG != nil {
		for i := range t.DAG.Tasks {
			c := &t.DAG.Tasks[i]
			made := call{name: c.Name, template: c.Template, inline: c.Inline, ref: c.TemplateRef, when: c.When,
				loop: loopText(c.WithItems, c.WithParam, c.WithSequence), depends: c.Depends, onExit: c.OnExit, hooks: c.Hooks}
			made.waitFor(c.Dependencies)
			out = append(out, made)
		}
	}
	for i := range t.Steps {
		for j := range t.Steps[i].Steps {
			out = append(out, stepCall(&t.Steps[i].Steps[j]))
		}
	}
	if t.ContainerSet != nil {
		for i := range t.ContainerSet.Containers {
			c := &t.ContainerSet.Containers[i]
			made := call{name: c.Name, inline: &wfv1.Template{Container: &c.Container}}
			made.waitFor(c.Dependencies)
			out = append(out, made)
		}
	}
	return out
}

func stepCall(c *wfv1.WorkflowStep) call {
	return call{name: c.Name, template: c.Template, inline: c.Inline, ref: c.TemplateRef, when: c.When,
		loop: loopText(c.WithItems, c.WithParam, c.WithSequence), onExit: c.OnExit, hooks: c.Hooks}
}

// dependsTerm is Argo's own idea of a term of depends: with its result, or bare.
var dependsTerm = regexp.MustCompile(`([a-zA-Z0-9][-a-zA-Z0-9]*?)\.([A-Z][a-zA-Z]+)|([a-zA-Z0-9][-a-zA-Z0-9]*)`)

// waitFor reads what a task waits for.
func (c *call) waitFor(dependencies []string) {
	results := make(map[string][]string)
	var order []string
	add := func(task, result string) {
		if _, ok := results[task]; !ok {
			order = append(order, task)
		}
		if !slices.Contains(results[task], result) {
			results[task] = append(results[task], result)
		}
	}
	for _, task := range dependencies {
		add(task, "")
	}
	for _, term := range dependsTerm.FindAllStringSubmatch(c.depends, -1) {
		if term[3] != "" {
			add(term[3], "")
			continue
		}
		add(term[1], term[2])
	}
	for _, task := range order {
		w := wait{task: task}
		// A bare name waits for success, too.
		good := slices.Contains(results[task], "") || slices.Contains(results[task], "Succeeded")
		if !good || len(results[task]) > 1 {
			w.label = strings.Join(results[task], " or ")
			if i := slices.Index(results[task], ""); i >= 0 {
				w.label = strings.Join(slices.Replace(slices.Clone(results[task]), i, i+1, "Succeeded"), " or ")
			}
			w.dashed = !good
		}
		c.waits = append(c.waits, w)
	}
	c.eitherWay = len(order) > 0 && eitherWay(c.depends)
}

// inBrackets is the innermost bracket of an expression.
var inBrackets = regexp.MustCompile(`\(([^()]*)\)`)

// eitherWay reports whether an expression is more than a list of tasks that
// are all waited for, each with the results of its own.
func eitherWay(depends string) bool {
	if strings.Contains(depends, "!") {
		return true
	}
	for {
		m := inBrackets.FindStringSubmatchIndex(depends)
		if m == nil {
			return strings.Contains(depends, "||") && !oneTask(depends)
		}
		inner := depends[m[2]:m[3]]
		if strings.Contains(inner, "||") {
			if !oneTask(inner) {
				return true
			}
			inner = dependsTerm.FindString(inner)
		}
		depends = depends[:m[0]] + " " + inner + " " + depends[m[1]:]
	}
}

// oneTask reports whether all terms are about the same task.
func oneTask(depends string) bool {
	names := make(map[string]bool)
	for _, term := range dependsTerm.FindAllStringSubmatch(depends, -1) {
		names[term[1]+term[3]] = true
	}
	return len(names) < 2
}

const exitSuffix = ".onExit"

// hookCalls are what runs beside or after a task, by Argo's names of their
// nodes.
func hookCalls(task, onExit string, hooks wfv1.LifecycleHooks) []call {
	var out []call
	of := ""
	if task != "" {
		of = " of " + task
	}
	if onExit != "" { // beside which Argo ignores the hook
		out = append(out, call{name: "exit" + of, template: onExit, suffix: exitSuffix})
	}
	for _, name := range slices.Sorted(maps.Keys(hooks)) {
		h := hooks[name]
		c := call{name: string(name) + of, template: h.Template, ref: h.TemplateRef, when: h.Expression, suffix: ".hooks." + string(name)}
		if name == wfv1.ExitLifecycleEvent {
			if onExit != "" {
				continue
			}
			c.suffix = exitSuffix
		} else {
			c.name = "hook " + c.name
		}
		out = append(out, c)
	}
	return out
}

// loopText says how often a task runs.
func loopText(items []wfv1.Item, param string, sequence *wfv1.Sequence) string {
	switch {
	case len(items) > 0:
		return fmt.Sprintf("×%d", len(items))
	case param != "":
		var list []any
		if json.Unmarshal([]byte(param), &list) == nil {
			return fmt.Sprintf("×%d", len(list))
		}
		return "× items of " + bare(param)
	case sequence != nil:
		return sequenceText(sequence)
	}
	return ""
}

// bare leaves out the braces of a reference.
func bare(s string) string {
	inner, ok := strings.CutPrefix(strings.TrimSpace(s), "{{")
	if inner, end := strings.CutSuffix(inner, "}}"); ok && end && !strings.Contains(inner, "{{") {
		return strings.TrimSpace(strings.TrimPrefix(inner, "="))
	}
	return s
}

func sequenceText(s *wfv1.Sequence) string {
	if s.Count != nil {
		return "×" + spaced(bare(s.Count.String()))
	}
	text := func(v *intstr.IntOrString) string {
		if v == nil {
			return "0"
		}
		return bare(v.String())
	}
	from, to := text(s.Start), text(s.End)
	a, errA := strconv.Atoi(from)
	b, errB := strconv.Atoi(to)
	if errA == nil && errB == nil {
		return fmt.Sprintf("×%d", max(b-a, a-b)+1)
	}
	return "× " + from + " to " + to
}

// spaced sets a word off from the sign before it, but not a number.
func spaced(s string) string {
	if _, err := strconv.Atoi(s); err == nil {
		return s
	}
	return " " + s
}
