package argo

import (
	"cmp"
	"slices"
	"strconv"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// arguments checks arguments by themselves. top: they are the workflow's. later:
// values may come when it is submitted.
func (r *resolver) arguments(at *place, a *wfv1.Arguments, top, later bool) {
	r.parameterNames(at, a.Parameters, !top)
	r.artifactNames(at, a.Artifacts, !top)
	for i := range a.Parameters {
		if p := &a.Parameters[i]; p.Value == nil || p.ValueFrom != nil || p.Enum != nil {
			r.argument(at.field("parameters").item(i), p, later)
		}
	}
	for i := range a.Artifacts {
		art, at := &a.Artifacts[i], at.field("artifacts").item(i)
		if art.From == "" && !art.HasLocationOrKey() && !later {
			r.report(RuleArguments, at.String(), "set from, or where it is stored", "the artifact comes from nowhere")
		}
		if art.From != "" && art.FromExpression != "" {
			r.report(RuleArguments, at.field("fromExpression").String(), "keep one of them", "from and fromExpression exclude each other")
		}
	}
}

func (r *resolver) argument(at *place, p *wfv1.Parameter, later bool) {
	if p.Value == nil && p.ValueFrom == nil && !later {
		r.report(RuleArguments, at.field("value").String(), "set value or valueFrom", "parameter %s has no value", p.Name)
	}
	if f := p.ValueFrom; f != nil {
		if f.ConfigMapKeyRef == nil && f.Event == "" && f.Supplied == nil || f.Path != "" || f.JSONPath != "" || f.Parameter != "" || f.Expression != "" {
			r.report(RuleArguments, at.field("valueFrom").String(), "use configMapKeyRef or supplied", "the value of an argument only comes from configMapKeyRef or supplied")
		}
	}
	if p.Enum == nil {
		return
	}
	switch {
	case len(p.Enum) == 0:
		r.report(RuleArguments, at.field("enum").String(), "list the values, or take it out", "no value is allowed")
	case p.Value == nil && p.ValueFrom != nil && !later:
		r.report(RuleArguments, at.field("value").String(), "set value", "a parameter with enum needs a value")
	case p.Value != nil && !slices.Contains(p.Enum, wfv1.AnyString(r.filled(p.Value.String()))):
		fix := "use one of enum"
		if hasTag(p.Value.String()) {
			fix = "take enum out: Argo compares before it fills in a tag"
		}
		r.report(RuleArguments, at.field("value").String(), fix, "%s is none of the values of enum", quoted(p.Value.String()))
	}
}

// needed: an input that has no value of its own.
func needed(p *wfv1.Parameter) bool {
	return p.Value == nil && p.Default == nil && (p.ValueFrom == nil || p.ValueFrom.ConfigMapKeyRef == nil)
}

// bind checks the arguments of a task or hook against the inputs of what it runs.
func (r *resolver) bind(at *place, a *wfv1.Arguments, t *wfv1.Template) {
	if t == nil {
		return
	}
	r.missing(at, a, t)
	for i := range a.Parameters {
		if name := a.Parameters[i].Name; name != "" && !hasInput(t, "parameters", name) {
			fix := cmp.Or(like(name, parameterNames(t)), "declare it in inputs of the template, or take it out")
			r.report(RuleExtraArgument, at.field("parameters").item(i).field("name").String(), fix, "the template has no input parameter %s", quoted(name))
		}
	}
	for i := range a.Artifacts {
		if name := a.Artifacts[i].Name; name != "" && !hasInput(t, "artifacts", name) {
			r.report(RuleExtraArgument, at.field("artifacts").item(i).field("name").String(), "declare it in inputs of the template, or take it out", "the template has no input artifact %s", quoted(name))
		}
	}
}

func parameterNames(t *wfv1.Template) []string {
	names := make([]string, len(t.Inputs.Parameters))
	for i := range t.Inputs.Parameters {
		names[i] = t.Inputs.Parameters[i].Name
	}
	return names
}

func hasInput(t *wfv1.Template, kind, name string) bool {
	if kind == "parameters" {
		return given(t.Inputs.Parameters, name)
	}
	return t.Inputs.GetArtifactByName(name) != nil
}

func given(list []wfv1.Parameter, name string) bool { return argumentOf(list, name) != nil }

func argumentOf(list []wfv1.Parameter, name string) *wfv1.Parameter {
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}

// late: the value comes when the workflow is submitted, or while it waits.
func late(f *wfv1.ValueFrom) bool {
	return f != nil && f.ConfigMapKeyRef == nil && (f.Supplied != nil || f.Event != "")
}

// missing reports what a template needs and doesn't get.
func (r *resolver) missing(at *place, a *wfv1.Arguments, t *wfv1.Template) {
	for i := range t.Inputs.Parameters {
		p := &t.Inputs.Parameters[i]
		arg := argumentOf(a.Parameters, p.Name)
		switch {
		case arg != nil && arg.Value == nil && late(arg.ValueFrom):
			r.report(RuleArguments, at.String(), "use {{workflow.parameters."+p.Name+"}}", "the value of %s is not there yet when the template gets it", quoted(p.Name))
		case arg == nil && needed(p):
			r.report(RuleArguments, at.String(), "add the argument, or give the input a default", "the template needs parameter %s", quoted(p.Name))
		}
	}
	for i := range t.Inputs.Artifacts {
		art := &t.Inputs.Artifacts[i]
		if !art.Optional && !art.HasLocationOrKey() && a.GetArtifactByName(art.Name) == nil {
			r.report(RuleArguments, at.String(), "add the argument, or make the input optional", "the template needs artifact %s", quoted(art.Name))
		}
	}
}

// timeout: a template's timeout that comes from an input wants a unit, as one
// that is written there does.
func (r *resolver) timeout(at *place, a *wfv1.Arguments, t *wfv1.Template) {
	if t == nil || !hasTag(t.Timeout) {
		return
	}
	for i := range a.Parameters {
		p := &a.Parameters[i]
		if p.Value == nil || t.Timeout != "{{inputs.parameters."+p.Name+"}}" {
			continue
		}
		if _, err := strconv.Atoi(p.Value.String()); err == nil {
			r.report(RuleValue, at.field("parameters").item(i).field("value").String(), `write it with a unit, as "90s"`, "%s is the timeout of the template, and has no unit", quoted(p.Value.String()))
		}
	}
}

// bindWorkflow checks a template that gets the arguments of the workflow.
func (r *resolver) bindWorkflow(at *place, t *wfv1.Template) {
	if !r.library {
		r.bindOwn(at, t)
	}
}

// bindOwn does so for a library too, whose user may bring more.
func (r *resolver) bindOwn(at *place, t *wfv1.Template) {
	if t == nil || r.open {
		return
	}
	all := r.Spec.Arguments
	if r.merged != nil {
		all.Parameters = slices.Concat(all.Parameters, r.merged.Arguments.Parameters)
		all.Artifacts = slices.Concat(all.Artifacts, r.merged.Arguments.Artifacts)
	}
	r.missing(at, &all, t)
}

// inputs checks the inputs of a template.
func (r *resolver) inputs(at *place, t *wfv1.Template) {
	r.parameterNames(at, t.Inputs.Parameters, false)
	r.artifactNames(at, t.Inputs.Artifacts, false)
	for i := range t.Inputs.Artifacts {
		art, at := &t.Inputs.Artifacts[i], at.field("artifacts").item(i)
		if art.Path != "" && !t.IsLeaf() {
			r.report(RuleTemplate, at.field("path").String(), "take it out", "only a template that runs something has a path for its artifacts")
		}
		if art.From != "" {
			r.report(RuleArguments, at.field("from").String(), "set it in the arguments of the task", "an input artifact has no from")
		}
	}
}

// outputs checks the outputs of a template.
func (r *resolver) outputs(at *place, t *wfv1.Template) {
	r.parameterNames(at, t.Outputs.Parameters, true)
	r.artifactNames(at, t.Outputs.Artifacts, true)
	for i := range t.Outputs.Artifacts {
		art, at := &t.Outputs.Artifacts[i], at.field("artifacts").item(i)
		if art.Path != "" && !t.IsLeaf() {
			r.report(RuleTemplate, at.field("path").String(), "use from", "only a template that runs something has a path for its artifacts")
		}
		r.globalName(at, art.GlobalName)
	}
	for i := range t.Outputs.Parameters {
		p, at := &t.Outputs.Parameters[i], at.field("parameters").item(i)
		r.outputParameter(at, p, t)
		r.globalName(at, p.GlobalName)
	}
}

func (r *resolver) globalName(at *place, name string) {
	if name != "" {
		if detail, fix := valueName(name, true); detail != "" {
			r.report(RuleName, at.field("globalName").String(), fix, "%s", detail)
		}
	}
}

func (r *resolver) outputParameter(at *place, p *wfv1.Parameter, t *wfv1.Template) {
	f := p.ValueFrom
	switch {
	case f != nil && p.Value != nil:
		r.report(RuleArguments, at.String(), "keep one of them", "value and valueFrom exclude each other")
		return
	case f == nil && p.Value == nil:
		r.report(RuleArguments, at.String(), "set valueFrom", "output %s has no value", p.Name)
		return
	case f == nil:
		return
	}
	set := 0
	for _, v := range []string{f.Path, f.JQFilter, f.JSONPath, f.Parameter, f.Expression} {
		if v != "" {
			set++
		}
	}
	if f.Supplied != nil {
		set++
	}
	at = at.field("valueFrom")
	if set > 1 {
		r.report(RuleArguments, at.String(), "keep one of them", "the value comes from %d places", set)
		return
	}
	if need, ok := outputSource(t, f); !ok || set == 0 {
		r.report(RuleArguments, at.String(), "set "+need, "output %s has no value", p.Name)
	}
}

// outputSource says where the outputs of a kind of template come from, and
// whether this one does.
func outputSource(t *wfv1.Template, f *wfv1.ValueFrom) (string, bool) {
	switch t.GetType() {
	case wfv1.TemplateTypeContainer, wfv1.TemplateTypeContainerSet, wfv1.TemplateTypeScript:
		return "path", f.Path != ""
	case wfv1.TemplateTypeResource:
		return "jsonPath or jqFilter", f.JQFilter != "" || f.JSONPath != ""
	case wfv1.TemplateTypeDAG, wfv1.TemplateTypeSteps:
		return "parameter or expression", f.Parameter != "" || f.Expression != ""
	default:
		return "path, parameter, expression or supplied", true
	}
}
