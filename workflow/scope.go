package workflow

import (
	"fmt"
	"regexp"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// scope is a template that is being rendered, and what the texts in it may
// refer to. Argo's templates see their own inputs only; a step that lies in a
// task sees more in Go: what it takes from around it becomes an input of its
// template, and an argument of the task.
type scope struct {
	*check
	// name is the template's name, field where it stands in the builder.
	name, field string
	// around is the DAG or the steps in one of whose tasks the template lies;
	// nil for a definition, which sees nothing of who uses it.
	around *scope
	// inputs are the parameters, artifacts the artifacts that it takes.
	inputs, artifacts map[string]bool
	// captured is what it takes from around it, in the order of first use, and
	// given the artifacts that its task has for it.
	captured []capture
	given    []given
	// tasks are those of a DAG, or of steps.
	tasks *taskList
	// exit says that it runs at the end of a run, and knows how that ended.
	exit bool
	// many says that a run may come here more than once, and repeats that it may
	// come more than once to what lies in it: a DAG is tried again as a whole.
	many, repeats bool
	// protected says that the manifest of the resource is resolved already.
	protected bool
}

// capture is a variable of the scope around that became an input.
type capture struct {
	variable Variable
	input    string
	artifact bool
	// field is the text that uses it first.
	field string
}

// given is an artifact that a task has for its own step, and where that is said.
type given struct {
	artifact wfv1.Artifact
	field    string
}

// resolver is the resolver for a manifest of the template that is being
// rendered, which no later pass needs to look at.
func (c *check) resolver() resolver {
	c.inside.protected = true
	return c.inside.resolve
}

// within returns the scope of a template that lies in a task of this one.
func (s *scope) within(name, field string, task *Task) *scope {
	return &scope{check: s.check, name: name, field: field, around: s, exit: s.exit, many: s.many || s.repeats || task.loops()}
}

// ownTemplate names the template of a task's own step. Pods have it in their
// names, which are in lower case.
func (s *scope) ownTemplate(task string) string {
	if s.around == nil && !s.many {
		return strings.ToLower(task)
	}
	return strings.ToLower(s.name + "-" + task)
}

// resolve is the resolver for texts of the template itself.
func (s *scope) resolve(v Variable) (Variable, *misuse) {
	root, rest, _ := strings.Cut(string(v), ".")
	switch root {
	case "inputs":
		kind, name, _ := strings.Cut(rest, ".")
		name, _, _ = strings.Cut(name, ".")
		if name == "" || kind == "parameters" && s.inputs[name] || kind == "artifacts" && s.artifacts[name] {
			return v, nil
		}
		return s.capture(v)
	case "tasks", "steps":
		if s.tasks != nil {
			name, _, _ := strings.Cut(rest, ".")
			if _, ok := s.tasks.byName[name]; ok {
				return s.tasks.variable(rest), nil
			}
		}
		return s.capture(v)
	case "item":
		return s.capture(v)
	case "workflow":
		return v, s.ofRun(v)
	}
	return v, nil // pod.name, retries, outputs: Argo's own check looks at them
}

// capture makes a variable of the scope around an input of this one.
func (s *scope) capture(v Variable) (Variable, *misuse) {
	if s.around == nil {
		return v, s.outOfScope(v)
	}
	_, artifact := strings.CutPrefix(string(v), "inputs.artifacts.")
	artifact = artifact || strings.Contains(string(v), ".outputs.artifacts.")
	if artifact && s.tasks == nil {
		return v, &misuse{ruleUnsupported, fmt.Sprintf("the artifact %s is used as a text", v.Ref()), "take it in with Inputs and a Path, and use that"}
	}
	kind := "inputs.parameters."
	if artifact {
		kind = "inputs.artifacts."
	}
	for _, have := range s.captured {
		if have.variable == v {
			return Variable(kind + have.input), nil
		}
	}
	name := inputName(v)
	for n := 2; s.takes(name); n++ {
		name = fmt.Sprintf("%s-%d", inputName(v), n)
	}
	s.captured = append(s.captured, capture{v, name, artifact, s.reading})
	return Variable(kind + name), nil
}

func (s *scope) takes(name string) bool {
	for _, have := range s.captured {
		if have.input == name {
			return true
		}
	}
	return s.inputs[name] || s.artifacts[name]
}

// inputName names the input that stands for a variable:
// "tasks.extract.outputs.parameters.rows" is "extract-rows".
func inputName(v Variable) string {
	parts := strings.Split(string(v), ".")
	switch parts[0] {
	case "tasks", "steps":
		if n := len(parts); n > 2 {
			return inputText(parts[1] + "-" + parts[n-1])
		}
	case "inputs":
		return inputText(parts[len(parts)-1])
	}
	return inputText(strings.Join(parts, "-"))
}

// noInput is what the name of an input can't hold.
var noInput = regexp.MustCompile(`[^-a-zA-Z0-9_]`)

// inputText leaves of a text what a parameter's name may hold.
func inputText(s string) string { return noInput.ReplaceAllString(s, "-") }

// declare adds what was captured to the inputs of the template.
func (s *scope) declare(t *wfv1.Template) {
	for _, have := range s.captured {
		if have.artifact {
			t.Inputs.Artifacts = append(t.Inputs.Artifacts, wfv1.Artifact{Name: have.input})
			continue
		}
		t.Inputs.Parameters = append(t.Inputs.Parameters, wfv1.Parameter{Name: have.input})
	}
}

// outOfScope says why nothing around a template has a variable.
func (s *scope) outOfScope(v Variable) *misuse {
	root, rest, _ := strings.Cut(string(v), ".")
	name, _, _ := strings.Cut(rest, ".")
	switch root {
	case "item":
		return &misuse{ruleUnknown, fmt.Sprintf("it refers to %s, and no Loop is around it", v.Ref()),
			"set Loop, or give the definition an input for the item"}
	case "tasks", "steps":
		return &misuse{ruleUnknown, fmt.Sprintf("it refers to %s, and no task %q is in scope here", v.Ref(), name),
			"refer to a task of the same DAG or of one around it; a Definition takes values through its Inputs"}
	}
	return &misuse{ruleUnknown, fmt.Sprintf("it refers to %s, which is no input here", v.Ref()), "add it to the Inputs of the definition, or correct the name"}
}

// ofRun says whether the run has a variable, and why not.
func (s *scope) ofRun(v Variable) *misuse {
	if parameter, ok := strings.CutPrefix(string(v), parameterPrefix); ok {
		if s.parameters[parameter] || parameter == "json" {
			return nil
		}
		return &misuse{ruleUnknown, fmt.Sprintf("it refers to the parameter %q, which the template does not declare", parameter),
			"add it to Parameters, or correct the name"}
	}
	switch {
	case serverVariables[v], runVariables[v]:
		return nil
	case v == "workflow.status" || v == "workflow.failures":
		if s.exit {
			return nil
		}
		return &misuse{ruleUnknown, fmt.Sprintf("it refers to %s, which is known at the end of a run only", v.Ref()), "use it in OnExit or Hooks"}
	}
	for _, prefix := range runMaps {
		if strings.HasPrefix(string(v), prefix) {
			return nil
		}
	}
	return &misuse{ruleUnknown, fmt.Sprintf("it refers to {{%s}}, which not every run of a template has", v),
		"refer to a parameter with Ref, or to workflow.name, workflow.namespace, workflow.uid or workflow.creationTimestamp.RFC3339"}
}

// runVariables are further variables that every run has; their values are
// texts of users.
var runVariables = map[Variable]bool{
	"workflow.parameters": true, "workflow.mainEntrypoint": true, "workflow.priority": true, "workflow.duration": true,
	"workflow.scheduledTime": true, "workflow.labels": true, "workflow.annotations": true, "workflow.labels.json": true, "workflow.annotations.json": true,
	"workflow.creationTimestamp": true,
}

// runMaps lead the variables that a run may have: its metadata, and the global
// outputs of its tasks.
var runMaps = []string{"workflow.labels.", "workflow.annotations.", "workflow.outputs.", "workflow.creationTimestamp."}
