package argo

import (
	"encoding/json"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// workflow checks what stands around the templates.
func (r *resolver) workflow(root *place) {
	spec := r.Spec
	if ref := spec.WorkflowTemplateRef; ref != nil {
		r.workflowTemplateRef(root, ref)
	}
	r.start(root)
	r.arguments(root.field("arguments"), &spec.Arguments, true, r.library || spec.WorkflowTemplateRef != nil)
	if m := r.merged; m != nil && !r.library {
		r.mergedArguments(root.field("arguments"), m)
	}
	if spec.OnExit != "" {
		// Validation gives it the arguments that are here, of a library as well.
		r.bindOwn(root.field("onExit"), r.named(root.field("onExit"), spec.OnExit))
	}
	s := &scope{loose: true, asker: anyone}
	r.hooks(root.field("hooks"), spec.Hooks, &scope{asker: anyone, own: true})
	texts := *spec
	if spec.WorkflowTemplateRef != nil {
		// Values of a run of a template are no texts of Argo's, whatever they hold.
		texts.Arguments.Parameters = nil
	}
	r.strings(root, s, &texts)
	if spec.Metrics != nil {
		m := *s
		m.metrics, m.extra = true, []string{"status", "duration", "exitCode", "resourcesDuration"}
		r.strings(root.field("metrics"), &m, spec.Metrics)
	}
}

func (r *resolver) workflowTemplateRef(root *place, ref *wfv1.WorkflowTemplateRef) {
	if ref.Name == "" {
		r.report(RuleUnknownTemplate, root.field("workflowTemplateRef").field("name").String(), "name the WorkflowTemplate", "it is required")
	}
	if len(r.Spec.Templates) > 0 {
		r.report(RuleTemplate, root.field("templates").String(), "put them into the WorkflowTemplate", "a workflow with workflowTemplateRef has no templates of its own")
	}
}

// start checks what runs first.
func (r *resolver) start(root *place) {
	at := root.field("entrypoint")
	switch name := r.entrypoint(); {
	case name != "":
		if t := r.named(at, name); !r.library {
			r.bindWorkflow(root.field("arguments"), t)
		}
	case !r.library && !r.open:
		r.report(RuleUnknownTemplate, at.String(), "name the template that runs first", "it is required")
	}
}

// mergedArguments: what the WorkflowTemplate leaves open, its user has to give.
func (r *resolver) mergedArguments(at *place, m *wfv1.WorkflowSpec) {
	all := slices.Concat(r.Spec.Arguments.Parameters, m.Arguments.Parameters)
	seen := map[string]bool{}
	for i := range all {
		p := &all[i]
		if seen[p.Name] {
			continue
		}
		seen[p.Name] = true
		if p.Value == nil && p.ValueFrom == nil {
			r.report(RuleArguments, at.field("parameters").String(), "set it", "parameter %s of the WorkflowTemplate has no value", quoted(p.Name))
		}
	}
}

// cron checks the conditions of a CronWorkflow, which see only itself.
func (r *resolver) cron() {
	if r.Cron == nil {
		return
	}
	at := (&place{}).field("spec")
	s := &scope{cron: true, asker: anyone, only: []string{"cronworkflow"}}
	if when := r.Cron.When; when != "" {
		at := at.field("when")
		read, _ := replaceTags(when, func(_ int, t tag) string {
			if e, ok := t.expression(); ok {
				if e, ok = insideJSON(e); ok {
					return "{{=" + e + "}}"
				}
				return "{{=true}}" // cronTags says what is wrong
			}
			return when[t.start:t.end]
		})
		r.text(at, s, condition, read)
		r.cronTags(at, when)
	}
	if stop := r.Cron.StopStrategy; stop != nil {
		at := at.field("stopStrategy").field("expression")
		if stop.Expression == "" {
			r.report(RuleExpression, at.String(), "say when to stop", "it is required")
			return
		}
		r.fieldExpression(at, s, stop.Expression, true)
	}
}

// insideJSON reads a text as what stands between the quotes of a JSON string.
func insideJSON(s string) (out string, ok bool) {
	err := json.Unmarshal([]byte(`"`+s+`"`), &out)
	return out, err == nil
}

// cronTags: the controller puts a CronWorkflow's values in without the care
// that it takes for a workflow's.
func (r *resolver) cronTags(at *place, when string) {
	for from := 0; ; {
		t, ok := nextTag(when, from)
		if !ok || t.open {
			return
		}
		from = t.end
		text := strings.TrimSpace(t.text)
		if e, ok := t.expression(); ok {
			if _, ok := insideJSON(e); !ok {
				r.report(RuleExpression, at.String(), "use single quotes, or escape them", "Argo reads an expression in a CronWorkflow's when as the inside of a JSON string, which double quotes end")
			}
		} else if f, ok := strings.CutPrefix(text, "cronworkflow."); ok && slices.Contains(cronFields, f) && f != "name" && f != "namespace" {
			r.report(RuleExpression, at.String(), "write {{="+text+"}}", "{{%s}} is no text, and only texts are put in", text)
		}
	}
}
