package argo

import (
	"reflect"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// names checks what refers to something by name: templates, tasks, arguments
// and variables.
func (c *checker) names() {
	if c.Spec == nil {
		return
	}
	r := &resolver{
		checker: c,
		library: c.Kind == kindTemplate || c.Kind == kindClusterTemplate,
		walker:  walker{plans: map[reflect.Type]*plan{}},
		parsed:  map[string]*parsedExpression{},
		conds:   map[string]condProblem{},
		wanted:  map[*wfv1.Template][]string{},
	}
	root := (&place{}).field(c.Path)
	r.base()
	r.workflow(root)
	for i := range c.Spec.Templates {
		t := &c.Spec.Templates[i]
		r.template(root.field("templates").item(i), t, nil, 0)
	}
	r.templateNames(root)
	if d := c.Spec.TemplateDefaults; d != nil {
		r.strings(root.field("templateDefaults"), &scope{loose: true, asker: anyone}, d)
	}
	r.cron()
}

// resolver is one run of the checks of names.
type resolver struct {
	*checker
	// library: parameters and more may come from the workflow that uses this.
	library bool
	walker  walker
	// byName holds the templates that tasks and hooks can name. open: there
	// may be more, of a WorkflowTemplate that is not known.
	list   []wfv1.Template
	byName map[string]*wfv1.Template
	open   bool
	// anywhere is what the templates have, for texts that are put into all.
	anywhere *anywhere
	// merged is the spec of the WorkflowTemplate that workflowTemplateRef
	// names, if it is known.
	merged  *wfv1.WorkflowSpec
	globals globals
	// early holds the templates that run before the end, where nothing is known
	// of workflow.failures.
	early map[*wfv1.Template]bool
	// parsed and conds hold what was parsed before, by its text: a thousand
	// tasks often have one condition.
	parsed map[string]*parsedExpression
	conds  map[string]condProblem
	// wanted is what is known of other objects' templates.
	wanted map[*wfv1.Template][]string
	// tried and proposed bound what is done for bad specs only.
	tried, proposed int
}

// base collects the templates that this workflow can name.
func (r *resolver) base() {
	list := r.Spec.Templates
	if ref := r.Spec.WorkflowTemplateRef; ref != nil {
		r.merged, _ = r.lookup(ref.ClusterScope, ref.Name)
		if r.open = r.merged == nil; !r.open {
			list = r.merged.Templates
		}
	}
	r.list = list
	r.byName = make(map[string]*wfv1.Template, len(list))
	for i := range list {
		if _, twice := r.byName[list[i].Name]; !twice {
			r.byName[list[i].Name] = &list[i]
		}
	}
	r.early = r.reach(r.byName[r.entrypoint()])
	r.collectGlobals(list)
}

// used reports whether a template is a part of this workflow's run, before or
// at its end. A library doesn't know.
func (r *resolver) used() func(*wfv1.Template) bool {
	if r.library || r.open {
		return func(*wfv1.Template) bool { return true }
	}
	late := []*wfv1.Template{r.byName[r.Spec.OnExit]}
	for _, spec := range []*wfv1.WorkflowSpec{r.Spec, r.merged} {
		if spec != nil {
			late = append(late, r.byName[spec.OnExit])
			for _, h := range spec.Hooks {
				late = append(late, r.byName[h.Template])
			}
		}
	}
	for t := range r.early {
		eachTask(t, nil, func(s *task) {
			late = append(late, r.byName[s.OnExit])
			for _, h := range s.Hooks {
				late = append(late, r.byName[h.Template])
			}
		})
	}
	atEnd := r.reach(late...)
	return func(t *wfv1.Template) bool { return r.early[t] || atEnd[t] }
}

// entrypoint is the name of the template that runs first.
func (r *resolver) entrypoint() string {
	if r.Spec.Entrypoint == "" && r.merged != nil {
		return r.merged.Entrypoint
	}
	return r.Spec.Entrypoint
}

// reach lists what runs below some templates, with themselves.
func (r *resolver) reach(todo ...*wfv1.Template) map[*wfv1.Template]bool {
	reached := map[*wfv1.Template]bool{}
	for len(todo) > 0 {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if t == nil || reached[t] {
			continue
		}
		reached[t] = true
		eachTask(t, nil, func(s *task) {
			if s.Inline != nil {
				todo = append(todo, s.Inline)
			} else if below := r.byName[s.Template]; s.TemplateRef == nil && below != nil && !reached[below] {
				todo = append(todo, below)
			}
		})
	}
	return reached
}
