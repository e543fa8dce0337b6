package argo

import (
	"reflect"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// foreign checks that this workflow has the parameters that a template of
// another object takes from whichever workflow it is run by.
func (r *resolver) foreign(at *place, spec *wfv1.WorkflowSpec, t *wfv1.Template) {
	if r.library || r.open {
		return
	}
	wanted, known := r.wanted[t]
	if !known {
		wanted = r.wantedBelow(use{spec, t})
		r.wanted[t] = wanted
	}
	for _, name := range wanted {
		if !r.globals.parameters[name] {
			r.report(RuleReference, at.String(), "declare it in arguments.parameters of this workflow", "template %s takes workflow.parameters.%s, which this workflow doesn't have", t.Name, name)
		}
	}
}

// wantedBelow lists the workflow's parameters that a template and all below it take.
func (r *resolver) wantedBelow(top use) []string {
	seen := map[*wfv1.Template]bool{}
	wanted := map[string]bool{}
	for todo := []use{top}; len(todo) > 0; {
		u := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if u.t == nil || seen[u.t] {
			continue
		}
		seen[u.t] = true
		todo = append(todo, r.uses(u, wanted)...)
	}
	return sortedNames(wanted)
}

// use is a template with the object that it stands in.
type use struct {
	spec *wfv1.WorkflowSpec
	t    *wfv1.Template
}

// uses collects what a template wants of the workflow, and returns what it runs.
func (r *resolver) uses(u use, wanted map[string]bool) []use {
	var below []use
	r.walker.visit = func(_ *place, _ textKind, text string) { r.wants(text, wanted) }
	walk := func(v any) { r.walker.walk(&place{}, plainText, reflect.ValueOf(v)) }
	walk(u.t)
	walk(&u.t.Outputs)
	eachTask(u.t, &place{}, func(s *task) {
		walk(s.node)
		walk(s.Hooks)
		if ref := s.TemplateRef; ref != nil {
			if spec, known := r.lookup(ref.ClusterScope, ref.Name); known {
				below = append(below, use{spec, r.templatesOf(spec)[ref.Template]})
			}
		} else if s.Inline != nil {
			below = append(below, use{u.spec, s.Inline})
		} else {
			below = append(below, use{u.spec, r.templatesOf(u.spec)[s.Template]})
		}
	})
	return below
}

// wants collects the parameters of the workflow that a text names in a tag.
// What an expression names may be left out of it at run time.
func (r *resolver) wants(text string, wanted map[string]bool) {
	for from := 0; ; {
		t, ok := nextTag(text, from)
		if !ok || t.open {
			return
		}
		from = t.end
		if name, ok := strings.CutPrefix(strings.TrimSpace(t.text), "workflow.parameters."); ok && name != "json" {
			wanted[name] = true
		}
	}
}
