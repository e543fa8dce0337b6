package picture

import (
	"encoding/json"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow"
)

// text says what a call runs.
func (d *drawing) text(c call, t *wfv1.Template) Text {
	var parts []string
	switch {
	case c.item:
	case c.ref != nil && c.ref.Template != "":
		parts = append(parts, c.ref.Name+"/"+c.ref.Template)
	case c.ref != nil:
		parts = append(parts, c.ref.Name)
	case c.inline == nil && c.template != "" && c.template != c.name:
		parts = append(parts, c.template)
	}
	if t != nil {
		parts = append(parts, d.kind(t))
	}
	out := Text{Kind: oneLine(strings.Join(parts, " · "), mostName)}
	if t == nil && c.ref == nil && c.template != "" && !d.known() {
		out.Details = append(out.Details, "no such template")
	}
	if c.loop != "" {
		out.Details = append(out.Details, oneLine(c.loop, mostText))
	}
	if c.when != "" {
		out.Details = append(out.Details, oneLine("when "+braceless.Replace(c.when), mostText))
	}
	if c.eitherWay {
		out.Details = append(out.Details, oneLine("depends "+c.depends, mostText))
	}
	return out
}

// braceless leaves out the marks of references, which take room and say little.
var braceless = strings.NewReplacer("{{=", "", "{{", "", "}}", "")

// kind is the kind of work of a template.
func (d *drawing) kind(t *wfv1.Template) string {
	switch {
	case t.DAG != nil:
		return "DAG"
	case t.Steps != nil:
		return "steps"
	case t.Container != nil:
		return "container"
	case t.ContainerSet != nil:
		return "container set"
	case t.Script != nil:
		return "script"
	case t.Resource != nil:
		return d.resource(t)
	case t.Suspend != nil && t.Suspend.Duration != "":
		return "suspend " + t.Suspend.Duration
	case t.Suspend != nil:
		return "suspend"
	case t.HTTP != nil && t.HTTP.Method != "":
		return "HTTP " + t.HTTP.Method
	case t.HTTP != nil:
		return "HTTP GET"
	case t.Data != nil:
		return "data"
	case t.Plugin != nil:
		return "plugin"
	}
	return "nothing to run"
}

// resource is what a resource template does to which kind of object.
func (d *drawing) resource(t *wfv1.Template) string {
	if s, ok := d.made[t]; ok {
		return s
	}
	does := []string{t.Resource.Action}
	one := &wfv1.WorkflowTemplate{Spec: wfv1.WorkflowSpec{Templates: []wfv1.Template{{Resource: t.Resource}}}}
	for _, m := range workflow.Embedded(one) {
		var object struct {
			Kind string `json:"kind"`
		}
		if m.Err == nil && json.Unmarshal(m.JSON, &object) == nil && object.Kind != "" {
			does = append(does, object.Kind)
		}
	}
	s := strings.Join(does, " ")
	d.made[t] = s
	return s
}
