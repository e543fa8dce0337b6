package argo

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// globals is what every template may refer to.
type globals struct {
	parameters map[string]bool
	// anyParameter: the workflow that uses this one may bring more.
	anyParameter bool
	// outputs are the global names of outputs, "parameters.x". anyOutput: some
	// are only known when the workflow runs.
	outputs          map[string]bool
	anyOutput        bool
	priority         bool
	onExit, exitHook bool
}

func (r *resolver) collectGlobals(list []wfv1.Template) {
	g := globals{
		parameters:   map[string]bool{},
		outputs:      map[string]bool{},
		anyParameter: r.library || r.open,
		anyOutput:    r.open,
	}
	for _, spec := range []*wfv1.WorkflowSpec{r.Spec, r.merged} {
		if spec == nil {
			continue
		}
		for _, p := range spec.Arguments.Parameters {
			g.parameters[p.Name] = true
		}
		g.priority = g.priority || spec.Priority != nil
		g.onExit = g.onExit || spec.OnExit != ""
		g.exitHook = g.exitHook || spec.Hooks.HasExitHook()
	}
	r.collectOutputs(&g, list, r.used(), map[*wfv1.WorkflowSpec]bool{})
	r.globals = g
}

// collectOutputs adds the global names of templates, and of those that they
// use of other objects.
func (r *resolver) collectOutputs(g *globals, list []wfv1.Template, used func(*wfv1.Template) bool, seen map[*wfv1.WorkflowSpec]bool) {
	for i := range list {
		if !used(&list[i]) {
			continue
		}
		Template("", &list[i], func(_ string, t *wfv1.Template) {
			for _, p := range t.Outputs.Parameters {
				g.addOutput("parameters.", p.GlobalName)
			}
			for _, a := range t.Outputs.Artifacts {
				g.addOutput("artifacts.", a.GlobalName)
			}
			eachTask(t, nil, func(s *task) {
				ref := s.TemplateRef
				if ref == nil {
					return
				}
				spec, known := r.lookup(ref.ClusterScope, ref.Name)
				if !known {
					g.anyOutput = true
				} else if !seen[spec] {
					seen[spec] = true
					r.collectOutputs(g, spec.Templates, func(*wfv1.Template) bool { return true }, seen)
				}
			})
		})
	}
}

func (g *globals) addOutput(kind, name string) {
	switch {
	case name == "":
	case hasTag(name):
		g.anyOutput = true
	default:
		g.outputs[kind+name] = true
	}
}

// anywhere is what the templates of a workflow have together. A workflow's
// arguments and labels are put into templates before their tags are resolved.
type anywhere struct {
	inputs, tasks map[string]bool
	loop, pod     bool
}

func (r *resolver) collectAnywhere() *anywhere {
	if r.anywhere != nil {
		return r.anywhere
	}
	a := &anywhere{inputs: map[string]bool{}, tasks: map[string]bool{}}
	r.anywhere = a
	for i := range r.list {
		Template("", &r.list[i], func(_ string, t *wfv1.Template) {
			for key := range inputsOf(t, nil) {
				a.inputs[key] = true
			}
			a.pod = a.pod || t.IsPodType()
			eachTask(t, nil, func(s *task) {
				a.tasks[s.Name] = true
				a.loop = a.loop || s.loops()
			})
		})
	}
	return a
}

// looseReference resolves what is put into templates that are not known here.
func (r *resolver) looseReference(parts []string) complaint {
	if r.open || len(parts) == 1 {
		return complaint{}
	}
	a := r.collectAnywhere()
	found := true
	switch parts[0] {
	case "inputs":
		found = len(parts) < 3 || a.inputs[parts[1]+"."+parts[2]]
	case "tasks", "steps":
		found = parts[1] == "name" || a.tasks[parts[1]]
	case "item":
		found = a.loop
	case "pod":
		found = a.pod && parts[1] == "name"
	}
	if found {
		return complaint{}
	}
	return wrong("", "no template has it")
}
