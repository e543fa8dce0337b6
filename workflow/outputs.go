package workflow

import (
	"fmt"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// Output is a parameter that a step puts out. It has exactly one source: Path,
// JSONPath, JQ, From, Expression or Supplied.
type Output struct {
	// Name is the parameter's name: letters, digits, '-' and '_', at most 128 of
	// them; unique among the outputs. Required.
	//
	// Rendered as name.
	Name string
	// Path is the file in which a container leaves the value.
	//
	// Rendered as valueFrom.path.
	Path string
	// JSONPath takes the value from the object of a resource, in kubectl's
	// language: "{.status.phase}".
	//
	// Rendered as valueFrom.jsonPath.
	JSONPath string
	// JQ takes the value from the object of a resource, by a jq filter.
	//
	// Rendered as valueFrom.jqFilter.
	JQ string
	// From is an output of a task in a DAG or in Steps: inner.Output("rows").
	//
	// Rendered as valueFrom.parameter.
	From Variable
	// Expression computes the output of a DAG or of Steps from those of its
	// tasks.
	//
	// Rendered as valueFrom.expression.
	Expression Expression
	// Supplied has whoever resumes a suspended run give the value. False means
	// that another source does.
	//
	// Rendered as valueFrom.supplied.
	Supplied bool
	// Default is the value where the source has none. Nil means that the step
	// fails.
	//
	// Rendered as valueFrom.default.
	Default *string
	// Enum lists the values among which whoever resumes the run chooses. It
	// goes with Supplied and a Default, which is the choice that is made
	// already.
	//
	// Rendered as an input of the same name, which is where Argo's user
	// interface looks for it.
	Enum []string
	// Description is shown by Argo's user interface. Empty means none.
	//
	// Rendered as description.
	Description string
	// Global is the name under which the output is known in the whole run, as
	// "workflow.outputs.parameters.NAME". Empty means that it is not.
	//
	// Rendered as globalName.
	Global string
	// Base holds what has no field of its own here. What both set is a mistake.
	Base wfv1.Parameter
}

// Outputs is what a step puts out.
type Outputs struct {
	// Parameters are the values that it puts out. Nil means none.
	//
	// Rendered as outputs.parameters.
	Parameters []Output
	// Artifacts are the files that it puts out. Nil means none.
	//
	// Rendered as outputs.artifacts.
	Artifacts []Artifact
}

// render adds the outputs to a template, which has its inputs already.
func (o Outputs) render(c *check, field string, t *wfv1.Template) {
	seen := make(map[string]bool)
	for i, p := range o.Parameters {
		field := at(field+".Parameters", i)
		c.ioName(field, p.Name, "output", seen)
		out := p.render(c, field)
		p.choice(c, field, &out, t)
		t.Outputs.Parameters = append(t.Outputs.Parameters, out)
	}
	seen = make(map[string]bool)
	for i, a := range o.Artifacts {
		field := at(field+".Artifacts", i)
		c.ioName(field, a.Name, "artifact", seen)
		out := a.render(c, field)
		c.outputOnly(field, &out)
		t.Outputs.Artifacts = append(t.Outputs.Artifacts, out)
	}
}

// render renders one output parameter.
func (o Output) render(c *check, field string) wfv1.Parameter {
	fields := described(o.Name, nil, o.Description)
	fields.GlobalName = o.Global
	from := &wfv1.ValueFrom{
		Path: o.Path, JSONPath: o.JSONPath, JQFilter: o.JQ,
		Default: anyString(o.Default),
	}
	if o.From != "" {
		from.Parameter = o.From.Ref()
	}
	if !o.Expression.none() {
		from.Expression = o.Expression.computed(c, field+".Expression", asField)
	}
	if o.Supplied {
		from.Supplied = &wfv1.SuppliedValueFrom{}
	}
	if *from != (wfv1.ValueFrom{}) {
		fields.ValueFrom = from
	}
	out := joined(c, field, &o.Base, fields)
	switch sources := sources(out); {
	case len(sources) == 0:
		c.Required(field, "say where the value comes from: Path, JSONPath, JQ, From, Expression or Supplied")
	case len(sources) > 1:
		c.Conflict(field+"."+sources[1], fmt.Sprintf("the output has %s, too", sources[0]), "leave one of them")
	}
	if out.ValueFrom != nil {
		c.path(field+".Path", out.ValueFrom.Path)
	}
	c.globalName(field+".Global", out.GlobalName)
	return *out
}

// sources lists where the value comes from, by the names of the fields.
func sources(p *wfv1.Parameter) (out []string) {
	var from wfv1.ValueFrom
	if p.ValueFrom != nil {
		from = *p.ValueFrom
	}
	for _, s := range []struct {
		name string
		set  bool
	}{
		{"Base.Value", p.Value != nil}, {"Path", from.Path != ""},
		{"JSONPath", from.JSONPath != ""}, {"JQ", from.JQFilter != ""}, {"From", from.Parameter != ""},
		{"Expression", from.Expression != ""}, {"Supplied", from.Supplied != nil},
	} {
		if s.set {
			out = append(out, s.name)
		}
	}
	return out
}

// choice gives a suspended step the input in which Argo's user interface finds
// what there is to choose from.
func (o Output) choice(c *check, field string, out *wfv1.Parameter, t *wfv1.Template) {
	if len(o.Enum) == 0 {
		return
	}
	switch {
	case out.ValueFrom == nil || out.ValueFrom.Supplied == nil:
		c.Unsupported(field+".Enum", "nobody chooses the value of a step that computes it", "leave it out, or set Supplied")
		return
	case slices.ContainsFunc(t.Inputs.Parameters, func(p wfv1.Parameter) bool { return p.Name == o.Name }):
		c.Conflict(field+".Enum", "there is an input of the same name, which is where the choice is rendered", "set Enum there")
		return
	case o.Default == nil:
		c.Required(field+".Default", "say which of Enum it is when nobody chooses")
	}
	t.Inputs.Parameters = append(t.Inputs.Parameters, Input{Name: o.Name, Default: o.Default, Enum: o.Enum, Description: o.Description}.render(c, field))
}

// outputOnly reports what outputs can't do.
func (c *check) outputOnly(field string, out *wfv1.Artifact) {
	if out.Mode != nil || out.RecurseMode {
		c.Unsupported(field+".Mode", "Argo sets it when an input is loaded", "set it at the task that takes the artifact in")
	}
	if out.Git != nil || out.Raw != nil {
		c.Unsupported(field+".From", "Argo can't write there", "use a bucket, or leave it nil for the artifact repository")
	}
	switch located := len(places(out)) > 0; {
	case out.ArtifactGC == nil || out.ArtifactGC.Strategy == wfv1.ArtifactGCNever || !located:
	case moved(out):
		c.Unsupported(field+".Delete", "the artifact is that of another task", "set it there")
	case !deletable(&out.ArtifactLocation):
		c.Unsupported(field+".Delete", "Argo deletes from S3, GCS, Azure and OSS only", "leave it out, or use DeleteNever")
	}
}
