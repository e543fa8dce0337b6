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

func (r *resolver) collectGlobals() {
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
		r.collectOutputs(&g, spec.Templates, map[*wfv1.WorkflowSpec]bool{spec: true})
	}
	r.globals = g
}

// collectOutputs adds the global names of templates, and of those that they
// use of other objects.
func (r *resolver) collectOutputs(g *globals, list []wfv1.Template, seen map[*wfv1.WorkflowSpec]bool) {
	for i := range list {
		walkTemplate("", &list[i], 0, func(_ string, t *wfv1.Template) {
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
					r.collectOutputs(g, spec.Templates, seen)
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
