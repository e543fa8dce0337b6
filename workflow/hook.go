package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// Exit is the name of the hook that runs when what it belongs to has ended.
const Exit = "exit"

// Hook is what else happens when a task or a run reaches a state.
type Hook struct {
	// When is the condition that starts it. Required, but for Exit, which
	// starts when the task or the run has ended.
	//
	// Rendered as expression.
	When Expression
	// Step is what it does. Required. Its texts may refer to what the task puts
	// out. But for Exit, Argo gives them what tasks have only once the task has
	// put something out, its exit code for one; before that, as with a resource,
	// such a reference arrives as it stands.
	//
	// Rendered as template, or templateRef.
	// Source: Argo Workflows v3.7.14 workflow/controller/hooks.go.
	Step Step
	// Arguments are the values of the inputs of a Definition or TemplateRef.
	// Inputs that have a default may be left out.
	//
	// Rendered as arguments.parameters.
	Arguments map[string]string
	// Artifacts are where the input artifacts of a Definition or TemplateRef
	// come from.
	Artifacts map[string]Location
}

// hookOf renders a hook whose own template, if it has one, is called own.
func (c *caller) hookOf(name string, h Hook, own string) wfv1.LifecycleHook {
	out := wfv1.LifecycleHook{}
	h.When.problems(c.check, c.field+".When", asCondition)
	switch {
	case !h.When.none():
		out.Expression = c.expression(c.field+".When", h.When.text(), c.resolve)
	case name != Exit:
		c.Required(c.field+".When", "say when it starts; only the hook exit can go without")
	}
	if isNil(h.Step) {
		c.Required(c.field+".Step", "say what it does")
		return out
	}
	switch step := plainStep(h.Step).(type) {
	case *Definition:
		out.Template = c.define(step, c.field+".Step", true)
		out.Arguments = c.handIn(step, h.Arguments, h.Artifacts)
		return out
	case TemplateRef:
		out.TemplateRef = step.render(c.check, c.field+".Step")
		out.Arguments = c.handIn(step, h.Arguments, h.Artifacts)
		return out
	}
	if len(h.Arguments) > 0 {
		c.Conflict(c.field+".Arguments", "the step is the hook's own and has no inputs", "write the values into the step, or make it a Definition with Inputs")
	}
	if len(h.Artifacts) > 0 {
		c.Conflict(c.field+".Artifacts", "the step is the hook's own and takes none", "make it a Definition with Inputs")
	}
	task := &Task{Name: own, Step: h.Step}
	inner := c.within(c.ownTemplate(own), c.field, task)
	inner.exit, inner.many = true, true
	slot := c.reserve(inner.name, c.field)
	rendered := inner.ownStep(task)
	c.fill(slot, rendered)
	out.Template, out.Arguments = inner.name, c.give(inner)
	return out
}
