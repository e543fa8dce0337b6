package workflow

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// invocation is how a DAG or steps call a template: what their tasks have in
// common.
type invocation struct {
	template     string
	templateRef  *wfv1.TemplateRef
	inline       *wfv1.Template
	arguments    wfv1.Arguments
	when         string
	withItems    []wfv1.Item
	withParam    string
	withSequence *wfv1.Sequence
	hooks        wfv1.LifecycleHooks
}

// caller is a task on its way to an invocation.
type caller struct {
	*scope
	i     int
	task  *Task
	field string
	// hook says that it is for a hook, which knows the task itself too.
	hook bool
}

// invoke renders the call of the i-th task of a scope.
func (s *scope) invoke(i int) *invocation {
	c := &caller{scope: s, i: i, task: s.tasks.list[i], field: s.tasks.fields[i]}
	inv := &invocation{}
	c.work(inv)
	c.arguments(inv)
	c.loop(inv)
	c.conditions(inv)
	c.hookList(inv)
	return inv
}

// resolve is the resolver for the texts of the call.
func (c *caller) resolve(v Variable) (Variable, *misuse) {
	root, rest, _ := strings.Cut(string(v), ".")
	switch root {
	case "item":
		switch {
		case !c.task.loops():
		case c.hook:
			return v, &misuse{ruleUnsupported, "to a hook Argo does not give the item of the loop that it belongs to", "put the hook on a task of a DAG that is repeated"}
		default:
			return v, nil
		}
	case "tasks", "steps":
		name, of, _ := strings.Cut(rest, ".")
		to, ok := c.tasks.byName[name]
		if !ok {
			break
		}
		return c.tasks.variable(rest), c.uses(to, name, of)
	}
	return c.scope.resolve(v)
}

// uses notes that the call uses what another task puts out, which is an edge.
func (c *caller) uses(to int, name, of string) *misuse {
	switch {
	case to == c.i && c.hook:
		return c.task.putsOut(of)
	case to == c.i:
		return &misuse{ruleUnknown, fmt.Sprintf("the task refers to itself: %s of %s", of, name), "refer to a task before it"}
	case c.tasks.groups != nil && c.tasks.groups[to] >= c.tasks.groups[c.i]:
		return &misuse{ruleUnknown, fmt.Sprintf("it refers to %s, which does not run before it", name), "put it into a later group of the steps"}
	}
	if wrong := c.tasks.list[to].putsOut(of); wrong != nil && !c.extended(c.tasks.list[to]) {
		return wrong
	}
	if c.tasks.groups == nil {
		c.tasks.before(c.i, edge{to, c.field})
	}
	return nil
}

// putsOut says why a task has no such output, as far as that is known.
func (t *Task) putsOut(of string) *misuse {
	kind, name, _ := strings.Cut(strings.TrimPrefix(of, "outputs."), ".")
	outputs, known := t.outputs()
	if !known || name == "" {
		return nil
	}
	if kind == "parameters" && slices.ContainsFunc(outputs.Parameters, func(o Output) bool { return o.Name == name }) ||
		kind == "artifacts" && slices.ContainsFunc(outputs.Artifacts, func(a Artifact) bool { return a.Name == name }) {
		return nil
	}
	return &misuse{ruleUnknown, fmt.Sprintf("the task %q does not put out %q", t.Name, name), "add it to its Outputs, or correct the name"}
}

// extended reports whether Base adds outputs to the template of a task.
func (c *caller) extended(t *Task) bool {
	name := c.ownTemplate(t.Name)
	if d, _ := t.Step.(*Definition); d != nil {
		name = d.Name
	}
	return slices.ContainsFunc(c.template.Base.Templates, func(t wfv1.Template) bool {
		return t.Name == name && len(t.Outputs.Parameters)+len(t.Outputs.Artifacts) > 0
	})
}

// outputs are what a task puts out, if its builder says all of it.
func (t *Task) outputs() (outputs Outputs, known bool) {
	switch step := t.Step.(type) {
	case *Definition:
		if step == nil {
			return Outputs{}, false
		}
		return step.Outputs, len(step.Base.Outputs.Parameters)+len(step.Base.Outputs.Artifacts) == 0 && byHand(step.Step) == nil
	case TemplateRef, *TemplateRef, Raw, *Raw:
		return Outputs{}, false
	}
	return t.Outputs, true
}

// work renders what the task does, and calls it.
func (c *caller) work(inv *invocation) {
	t := c.task
	if !isNil(t.Run) && !isNil(t.Step) {
		c.Conflict(c.field+".Step", "the task has a Run and a Step", "make two tasks of it")
		return
	}
	if isNil(t.Run) && isNil(t.Step) {
		c.Required(c.field+".Run", "give the task a resource in Run, or a step in Step")
		return
	}
	switch step := plainStep(t.Step).(type) {
	case *Definition:
		c.shared()
		inv.template = c.define(step, c.field+".Step", c.exit)
		return
	case TemplateRef:
		c.shared()
		inv.templateRef = step.render(c.check, c.field+".Step")
		return
	}
	name := c.ownTemplate(t.Name)
	if t.Inline {
		c.inlined(name, inv)
		return
	}
	inv.template = name
	slot := c.reserve(name, c.field+".Name")
	inner := c.within(name, c.field, t)
	rendered := inner.ownStep(t)
	c.fill(slot, rendered)
	inv.arguments = c.give(inner)
}

// shared reports the fields that are for a step of the task's own.
func (c *caller) shared() {
	t := c.task
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"Inputs", len(t.Inputs) > 0}, {"Outputs", !reflect.ValueOf(t.Outputs).IsZero()}, {"Retry", t.Retry != nil},
		{"Settings", !reflect.ValueOf(t.Settings).IsZero()}, {"Inline", t.Inline}, {"Deadline", t.Deadline != 0},
	} {
		if f.set {
			c.Conflict(c.field+"."+f.name, "the step is shared, and has it for all of its tasks", "set it there")
		}
	}
}

// inlined renders the step inside of the task.
func (c *caller) inlined(name string, inv *invocation) {
	inner := c.within(name, c.field, c.task)
	if !isNil(c.task.Run) { // its object has the name
		c.named(name, c.field+".Name")
	}
	rendered := inner.ownStep(c.task)
	rendered.Name = ""
	inv.inline = &rendered
	inv.arguments = c.give(inner)
}

// give hands a template what it took from around it.
func (c *caller) give(inner *scope) wfv1.Arguments {
	var out wfv1.Arguments
	for i := range inner.given {
		a, field := &inner.given[i].artifact, inner.given[i].field
		c.from(field, a)
		out.Artifacts = append(out.Artifacts, *a)
	}
	for _, have := range inner.captured {
		v, wrong := c.resolve(have.variable)
		switch {
		case wrong != nil:
			c.Add(wrong.rule, have.field, wrong.detail, wrong.fix)
		case have.artifact:
			out.Artifacts = append(out.Artifacts, wfv1.Artifact{Name: have.input, From: v.Ref()})
		default:
			out.Parameters = append(out.Parameters, wfv1.Parameter{Name: have.input, Value: new(wfv1.AnyString(v.Ref()))})
		}
	}
	return out
}

// arguments renders those of a shared step.
func (c *caller) arguments(inv *invocation) {
	t := c.task
	switch plainStep(t.Step).(type) {
	case *Definition, TemplateRef:
	default:
		if len(t.Arguments) > 0 {
			c.Conflict(c.field+".Arguments", "the step is the task's own and has no inputs", "write the values into the step, or make it a Definition with Inputs")
		}
		if len(t.Artifacts) > 0 {
			c.Conflict(c.field+".Artifacts", "the step is the task's own", "use Inputs")
		}
		return
	}
	inv.arguments = c.handIn(t.Step, t.Arguments, t.Artifacts)
}

// handIn renders what a shared step is given, and checks that it takes it.
func (c *caller) handIn(step Step, arguments map[string]string, artifacts map[string]Location) wfv1.Arguments {
	out := c.values(c.field, arguments)
	d, _ := step.(*Definition)
	var declared Inputs
	if d != nil {
		declared = d.Inputs
	}
	for _, name := range slices.Sorted(maps.Keys(artifacts)) {
		field := c.field + ".Artifacts[" + name + "]"
		a := declared.artifact(name).argument(c.check, field, artifacts[name])
		c.from(field, a)
		out.Artifacts = append(out.Artifacts, *a)
	}
	if d != nil {
		c.fits(d, arguments)
		c.fitArtifacts(d, artifacts)
	}
	return out
}

// values renders arguments, in the order of their names.
func (c *caller) values(field string, arguments map[string]string) wfv1.Arguments {
	var out wfv1.Arguments
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		value := c.plainText(field+".Arguments["+name+"]", arguments[name], c.resolve)
		out.Parameters = append(out.Parameters, wfv1.Parameter{Name: name, Value: new(wfv1.AnyString(value))})
	}
	return out
}

// fits checks the arguments against the inputs of a definition.
func (c *caller) fits(d *Definition, arguments map[string]string) {
	known := make(map[string]bool)
	for _, in := range d.Inputs.Parameters {
		known[in.Name] = true
		value, given := arguments[in.Name]
		field := c.field + ".Arguments[" + in.Name + "]"
		switch {
		case !given && in.Default == nil && in.From == (ConfigMapKey{}) && in.Base.Value == nil && in.Base.ValueFrom == nil && in.Base.Default == nil:
			c.Required(field, fmt.Sprintf("give the input a value: %s has no default for it", d.Name))
		case given && len(in.Enum) > 0 && !strings.Contains(value, "{{") && !slices.Contains(in.Enum, value):
			c.Invalid(field, value, "the input allows other values only", fmt.Sprintf("use one of %q", in.Enum))
		}
	}
	for _, in := range d.further().Parameters {
		known[in.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		if !known[name] {
			c.Add(ruleUnknown, c.field+".Arguments["+name+"]", fmt.Sprintf("%s has no such input", d.Name), "add it to its Inputs, or leave it out")
		}
	}
}

func (c *caller) fitArtifacts(d *Definition, artifacts map[string]Location) {
	known := make(map[string]bool)
	for _, in := range d.Inputs.Artifacts {
		known[in.Name] = true
		_, given := artifacts[in.Name]
		if !given && isNil(in.From) && !in.Optional && !in.Base.Optional && !in.Base.HasLocationOrKey() {
			c.Required(c.field+".Artifacts["+in.Name+"]", fmt.Sprintf("say where the artifact comes from that %s takes", d.Name))
		}
	}
	for _, in := range d.further().Artifacts {
		known[in.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(artifacts)) {
		if !known[name] {
			c.Add(ruleUnknown, c.field+".Artifacts["+name+"]", fmt.Sprintf("%s takes no such artifact", d.Name), "add it to its Inputs, or leave it out")
		}
	}
}

func (c *caller) loop(inv *invocation) {
	if !isNil(c.task.Loop) {
		c.task.Loop.loop(c, inv)
	}
}

// conditions renders when.
func (c *caller) conditions(inv *invocation) {
	field := c.field + ".When"
	c.task.When.problems(c.check, field, asWhen)
	inv.when = c.plainText(field, c.task.When.when(), c.resolve)
}

// hookList renders the hooks of the task.
func (c *caller) hookList(inv *invocation) {
	for _, name := range slices.Sorted(maps.Keys(c.task.Hooks)) {
		of := *c
		of.hook, of.field = true, c.field+".Hooks["+name+"]"
		put(&inv.hooks, wfv1.LifecycleEvent(name), of.hookOf(name, c.task.Hooks[name], c.task.Name+"-"+name))
	}
}

// from resolves where an artifact comes from.
func (c *caller) from(field string, a *wfv1.Artifact) {
	c.rewrite(a, func(path, text string) string {
		return c.plainText(field+"."+path, text, c.resolve)
	})
	if a.FromExpression != "" {
		a.FromExpression = c.expression(field+".FromExpression", a.FromExpression, c.resolve)
	}
}
