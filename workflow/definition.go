package workflow

import (
	"fmt"
	"slices"
	"strings"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/overlay"
)

// Definition is a step with a name, inputs and outputs, which several tasks
// share, each with arguments of its own: what Argo calls a template.
//
//	name := workflow.Input{Name: "name"}
//	greet := &workflow.Definition{
//		Name:   "greet",
//		Inputs: workflow.Inputs{Parameters: []workflow.Input{name}},
//		Step:   workflow.Container{Image: "busybox:1.37", Command: []string{"echo", name.Ref()}},
//	}
//	first := &workflow.Task{Name: "first", Step: greet, Arguments: map[string]string{"name": "Ada"}}
//
// It is a Step itself. What lies in it sees its inputs and what every run has,
// and nothing of the tasks that use it. It may use itself: Argo repeats a
// template that comes to itself until a condition ends it.
type Definition struct {
	// Name is the template's name, unique in the workflow: letters, digits and
	// '-', and in lower case where pods have it in their names. Required.
	Name string
	// Inputs is what it takes. The zero one takes nothing.
	//
	// Rendered as inputs.
	Inputs Inputs
	// Outputs is what it puts out. The zero one puts out none; the Result is
	// always there.
	//
	// Rendered as outputs.
	Outputs Outputs
	// Step is what it does. Required, unless Base says it.
	Step Step
	// Deadline is how long it may take: see Task.Deadline.
	//
	// Rendered as activeDeadlineSeconds.
	Deadline time.Duration
	// Retry is when it is tried again; nil means as Template.Retry says.
	//
	// Rendered as retryStrategy.
	Retry *Retry
	// Settings is how it runs. The zero one leaves all to the template and to
	// Argo.
	Settings Settings
	// Base holds what has no field of its own here. What both set is a mistake.
	Base wfv1.Template
}

// define renders a definition, unless it is there, and returns its name. exit
// says that it is used at the end of a run; one that is used before, too, can't
// ask how that ended.
func (c *check) define(d *Definition, field string, exit bool) string {
	if d == nil {
		c.Required(field, "the definition is nil")
		return ""
	}
	if !c.definitions[d] {
		c.definitions[d] = true
		slot := c.reserve(d.Name, field+".Name")
		c.fill(slot, c.definition(d, field, exit))
	}
	return d.Name
}

// further are the inputs that are not in the fields of the definition.
func (d *Definition) further() wfv1.Inputs {
	out := d.Base.Inputs
	if t := byHand(d.Step); t != nil {
		out.Parameters = slices.Concat(out.Parameters, t.Inputs.Parameters)
		out.Artifacts = slices.Concat(out.Artifacts, t.Inputs.Artifacts)
	}
	return out
}

// template implements Step. Tasks refer to it without a template of their own.
func (d *Definition) template(c *check, field string, _ *wfv1.Template) {
	c.Unsupported(field, "a definition is a template already", "use it as the step of a task or a hook, or use its own Step")
}

// definition renders the template of a definition.
func (c *check) definition(d *Definition, field string, exit bool) wfv1.Template {
	switch {
	case d.Name == "":
		c.Required(field+".Name", "give it a name")
	case !stepName.MatchString(d.Name) || len(d.Name) > maxStepName:
		c.Invalid(field+".Name", d.Name, "Argo does not take it for a name", "use letters, digits and '-'")
	}
	s := &scope{check: c, name: d.Name, field: field, many: true, exit: exit,
		inputs: make(map[string]bool), artifacts: make(map[string]bool)}
	for _, in := range d.Inputs.Parameters {
		s.inputs[in.Name] = true
	}
	for _, in := range d.Base.Inputs.Parameters {
		s.inputs[in.Name] = true
	}
	for _, in := range d.Inputs.Artifacts {
		s.artifacts[in.Name] = true
	}
	for _, in := range d.Base.Inputs.Artifacts {
		s.artifacts[in.Name] = true
	}
	fields := wfv1.Template{Name: d.Name}
	d.Inputs.render(c, field+".Inputs", &fields)
	if !isNil(d.Step) {
		s.step(d.Step, &fields)
	} else if kindsOf(&d.Base) == 0 {
		c.Required(field+".Step", "say what it does")
	}
	if lower := strings.ToLower(d.Name); lower != d.Name && (makesPod(&fields) || makesPod(&d.Base)) {
		c.Invalid(field+".Name", d.Name, "pods have it in their names, which are in lower case", fmt.Sprintf("call it %q", lower))
	}
	s.common(&fields, d.Deadline, d.Outputs, d.Settings)
	c.connected(field+".Inputs.Artifacts", field+".Outputs", &fields)
	out := d.Base.DeepCopy()
	out.Name = ""
	for _, path := range overlay.Lay(out, &fields) {
		c.Conflict(field+".Base."+path, "it is set here and by a field of the definition", "set it in one place")
	}
	s.finish(out, d.Retry)
	return *out
}

// ownStep renders the template of a task that has a step of its own.
func (s *scope) ownStep(t *Task) wfv1.Template {
	out := wfv1.Template{Name: s.name}
	s.artifacts = make(map[string]bool)
	s.repeats = t.Retry != nil
	for i, a := range t.Inputs {
		declared, argument := a.input(s.check, at(s.field+".Inputs", i))
		s.artifacts[a.Name] = true
		out.Inputs.Artifacts = append(out.Inputs.Artifacts, declared)
		if argument != nil {
			s.given = append(s.given, given{*argument, at(s.field+".Inputs", i)})
		}
	}
	if !isNil(t.Run) {
		s.resource(t, &out)
	} else {
		s.step(t.Step, &out)
	}
	s.common(&out, t.Deadline, t.Outputs, t.Settings)
	s.connected(s.field+".Inputs", s.field+".Outputs", &out)
	s.finish(&out, t.Retry)
	return out
}

// common renders what definitions and tasks have in common, once it is known
// what they do.
func (s *scope) common(t *wfv1.Template, deadline time.Duration, outputs Outputs, settings Settings) {
	s.seconds(s.field+".Deadline", deadline)
	if deadline > 0 {
		t.ActiveDeadlineSeconds = wholeSeconds(deadline)
	}
	outputs.render(s.check, s.field+".Outputs", t)
	settings.render(s.check, s.field+".Settings", t)
}

// step has a step fill in its kind of work.
func (s *scope) step(step Step, t *wfv1.Template) {
	s.inside = s // a step asks for it before it renders what lies in it
	step.template(s.check, s.field+".Step", t)
}

// finish adds what holds for every template, and resolves its texts.
func (s *scope) finish(t *wfv1.Template, retry *Retry) {
	s.known(t)
	switch {
	case t.RetryStrategy == nil:
		t.RetryStrategy = s.retry(t, retry)
	case retry != nil:
		s.Conflict(s.field+".Retry", "the template says already when it is tried again", "set it in one place")
	}
	if makesPod(t) && !s.template.Plain {
		s.guard(t)
		if t.SecurityContext != nil { // it takes the place of the whole one of the run
			overlay.Fill(t.SecurityContext, specDefaults(t.SecurityContext).SecurityContext)
			if len(s.template.Pods.Claims)+len(s.template.Base.VolumeClaimTemplates) > 0 {
				overlay.Fill(t.SecurityContext, claimDefaults())
			}
		}
	}
	if s.steering(t) {
		s.Unsupported(s.field+".Deadline", "Argo has no deadline for a DAG or steps", "give their tasks deadlines, or the run")
	}
	s.texts(t)
	s.computed(t)
	s.declare(t)
}

// known takes down the inputs that the template itself declares.
func (s *scope) known(t *wfv1.Template) {
	if s.inputs == nil {
		s.inputs = make(map[string]bool)
	}
	for _, in := range t.Inputs.Parameters {
		s.inputs[in.Name] = true
	}
	for _, in := range t.Inputs.Artifacts {
		s.artifacts[in.Name] = true
	}
}

// steering reports whether a DAG or steps have a deadline, which Argo refuses.
func (s *scope) steering(t *wfv1.Template) bool {
	return (t.DAG != nil || len(t.Steps) > 0) && t.ActiveDeadlineSeconds != nil
}

// skipped are the texts of a template that are resolved as tasks are called, or
// when the manifest is written.
var skipped = map[string]bool{"Name": true, "DAG.Tasks": true, "Steps": true, "Arguments": true}

// texts resolves every text of the template.
func (s *scope) texts(t *wfv1.Template) {
	s.rewrite(t, func(path, text string) string {
		if s.protected && path == "Resource.Manifest" {
			return text
		}
		return s.plainText(s.field+"."+builderPath(path), text, s.resolve)
	})
}

// computed resolves what of the inputs and outputs is computed: the fields that
// hold an expression without braces.
func (s *scope) computed(t *wfv1.Template) {
	parameter := func(field string, p *wfv1.Parameter) {
		if p.ValueFrom != nil && p.ValueFrom.Expression != "" {
			p.ValueFrom.Expression = s.expression(field, p.ValueFrom.Expression, s.resolve)
		}
	}
	artifact := func(field string, a *wfv1.Artifact) {
		if a.FromExpression != "" {
			a.FromExpression = s.expression(field+".Expression", a.FromExpression, s.resolve)
		}
	}
	for i := range t.Outputs.Parameters {
		parameter(at(s.field+".Outputs.Parameters", i), &t.Outputs.Parameters[i])
	}
	for i := range t.Outputs.Artifacts {
		artifact(at(s.field+".Outputs.Artifacts", i), &t.Outputs.Artifacts[i])
	}
	for i := range t.Inputs.Parameters {
		parameter(at(s.field+".Inputs.Parameters", i), &t.Inputs.Parameters[i])
	}
	for i := range t.Inputs.Artifacts {
		artifact(at(s.field+".Inputs.Artifacts", i), &t.Inputs.Artifacts[i])
	}
}

// builderPath is the path of a template's field in the builder: what a kind of
// step holds is in the fields of the step.
func builderPath(path string) string {
	kind, rest, _ := cutPath(path)
	switch kind {
	case "Container", "Script", "ContainerSet", "Resource", "Data", "HTTP", "Suspend", "Plugin", "DAG":
		if rest == "" {
			return "Step"
		}
		return "Step." + rest
	}
	return path
}
