package workflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
)

// mainTemplate is the name of the template with the DAG, where runs start.
const mainTemplate = "main"

// theDAG is where the template with the tasks comes from.
const theDAG = "the DAG"

// Build checks the template and returns its WorkflowTemplate. The error is a
// *millrace.BuildError with every mistake.
func (t *Template) Build() (millrace.Parts, error) {
	out, c := t.build()
	if err := c.Err(); err != nil {
		return millrace.Parts{}, err
	}
	parts := millrace.Parts{Objects: []millrace.Object{out}, PlacedOn: millrace.PlacedOn(millrace.Placement{Nodes: c.placedOn})}
	if t.ClusterWide {
		parts.Objects[0] = clusterWide(out)
	}
	return parts, nil
}

// ClusterWorkflowTemplate checks the template, which must be ClusterWide, and
// returns what it makes, as Argo's own type. The error is a
// *millrace.BuildError with every mistake.
func (t *Template) ClusterWorkflowTemplate() (*wfv1.ClusterWorkflowTemplate, error) {
	out, c := t.build()
	if t != nil && !t.ClusterWide {
		c.Required("ClusterWide", "set it, or use WorkflowTemplate")
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	return clusterWide(out), nil
}

func clusterWide(t *wfv1.WorkflowTemplate) *wfv1.ClusterWorkflowTemplate {
	out := &wfv1.ClusterWorkflowTemplate{TypeMeta: t.TypeMeta, ObjectMeta: t.ObjectMeta, Spec: t.Spec}
	out.Kind = "ClusterWorkflowTemplate"
	return out
}

// WorkflowTemplate checks the template and returns what it makes, as Argo's
// own type; that of a ClusterWide one has the same spec. The error is a
// *millrace.BuildError with every mistake.
func (t *Template) WorkflowTemplate() (*wfv1.WorkflowTemplate, error) {
	out, c := t.build()
	if err := c.Err(); err != nil {
		return nil, err
	}
	return out, nil
}

// build renders the template as far as it goes, and reports what is wrong.
func (t *Template) build() (*wfv1.WorkflowTemplate, *check) {
	c := newCheck(t)
	c.Object = millrace.Ref{Kind: "workflow.Template"}
	if t == nil {
		c.template = &Template{}
		c.Required("", "the template is nil")
		return nil, c
	}
	c.Object.Namespace, c.Object.Name = t.Namespace, t.Name
	c.head()
	c.declare()
	c.removedFields()

	spec := t.Base.DeepCopy()
	c.lay(spec, c.fields())
	c.pipeline(spec)
	if !t.Plain {
		overlay.Fill(spec, specDefaults(spec.SecurityContext))
		if len(spec.VolumeClaimTemplates) > 0 {
			overlay.Fill(spec.SecurityContext, claimDefaults())
		}
	}
	// Tolerations of the same key go side by side; laid over each other they
	// would be one.
	for _, toleration := range t.Placement.Tolerations {
		spec.Tolerations = append(spec.Tolerations, *toleration.DeepCopy())
	}
	c.limits(spec)
	c.deadlocks(spec)
	if t.Name != "" {
		c.fitNames("", len(t.Name)+runSuffix, "the names of its runs have up to", "template")
	}
	out := &wfv1.WorkflowTemplate{
		TypeMeta: metav1.TypeMeta{APIVersion: apiVersion, Kind: "WorkflowTemplate"},
		ObjectMeta: metav1.ObjectMeta{
			Name: t.Name, Namespace: t.Namespace,
			Labels: maps.Clone(t.Labels), Annotations: maps.Clone(t.Annotations),
		},
		Spec: *spec,
	}
	c.refused(out)
	return out, c
}

// lay lays fields over what Base says, and reports what both set.
func (c *check) lay(spec, fields *wfv1.WorkflowSpec) {
	for _, path := range overlay.Lay(spec, fields) {
		c.Conflict("Base."+path, "it is set here and by a field of the builder", "set it in one place")
	}
}

// fields are the settings that the user's own fields stand for.
func (c *check) fields() *wfv1.WorkflowSpec {
	t := c.template
	placement := t.Placement.Clone()
	spec := &wfv1.WorkflowSpec{
		ServiceAccountName:   t.ServiceAccount,
		PodPriorityClassName: t.PriorityClass,
		NodeSelector:         placement.NodeSelector,
		Affinity:             placement.Affinity,
	}
	if t.Parallelism > 0 {
		spec.Parallelism = new(int64(t.Parallelism))
	}
	if t.Deadline > 0 {
		spec.ActiveDeadlineSeconds = new(int64(t.Deadline / time.Second))
	}
	if t.TTL.Success > 0 || t.TTL.Failure > 0 {
		spec.TTLStrategy = &wfv1.TTLStrategy{}
		if t.TTL.Success > 0 {
			spec.TTLStrategy.SecondsAfterSuccess = seconds32(t.TTL.Success)
		}
		if t.TTL.Failure > 0 {
			spec.TTLStrategy.SecondsAfterFailure = seconds32(t.TTL.Failure)
			spec.TTLStrategy.SecondsAfterCompletion = seconds32(t.TTL.Failure)
		}
	}
	t.Settings.render(c, "Settings", spec)
	t.Pods.render(c, "Pods", spec)
	for _, p := range t.Parameters {
		spec.Arguments.Parameters = append(spec.Arguments.Parameters, p.render())
	}
	run, end := &scope{check: c}, &scope{check: c, exit: true}
	c.rewrite(spec, func(path, text string) string {
		of := run
		if strings.HasPrefix(path, "Metrics.") { // they are told when the run has ended
			of = end
		}
		return c.plainText(path, text, of.resolve)
	})
	return spec
}

func (p Parameter) render() wfv1.Parameter {
	out := wfv1.Parameter{Name: p.Name, ValueFrom: p.From.valueFrom(p.Default)}
	if out.ValueFrom == nil {
		out.Value = anyString(p.Default)
	}
	for _, v := range p.Enum {
		out.Enum = append(out.Enum, wfv1.AnyString(v))
	}
	if p.Description != "" {
		out.Description = new(wfv1.AnyString(p.Description))
	}
	return out
}

// pipeline renders the templates of the workflow, where it starts, and what
// happens at its end.
func (c *check) pipeline(spec *wfv1.WorkflowSpec) {
	t := c.template
	out := &wfv1.WorkflowSpec{}
	switch {
	case t.Entrypoint != nil && len(t.Tasks) > 0:
		c.Conflict("Entrypoint", "a run starts with Tasks or with Entrypoint", "leave one of them out")
	case t.Entrypoint != nil:
		out.Entrypoint = c.define(t.Entrypoint, "Entrypoint", false)
	case len(t.Tasks) > 0 || len(t.Definitions) == 0 && t.Base.Entrypoint == "":
		out.Entrypoint = mainTemplate
		c.main()
	}
	for i, d := range t.Definitions {
		c.define(d, at("Definitions", i), true) // others may use it at the end of a run
	}
	c.end(spec, out)
	templates := make([]wfv1.Template, len(c.made))
	for i, made := range c.made {
		if made != nil {
			templates[i] = *made
		}
	}
	if len(spec.Templates) == 0 {
		spec.Templates = templates
		c.lay(spec, out)
		return
	}
	// Names that are there twice are reported already; put in twice they
	// would be laid over each other.
	seen := make(map[string]bool)
	out.Templates = slices.DeleteFunc(templates, func(t wfv1.Template) bool {
		defer func() { seen[t.Name] = true }()
		return seen[t.Name]
	})
	c.lay(spec, out)
	c.oneKind(spec)
}

// main renders the DAG of the workflow's own tasks.
func (c *check) main() {
	slot := c.reserve(mainTemplate, theDAG)
	s := &scope{check: c, name: mainTemplate}
	out := wfv1.Template{Name: mainTemplate}
	c.inside = s
	DAG{Tasks: c.template.Tasks}.template(c, "", &out)
	c.fill(slot, out)
}

// end renders what happens at the end of a run, and at other states.
func (c *check) end(spec, out *wfv1.WorkflowSpec) {
	t := c.template
	run := &caller{scope: &scope{check: c, exit: true, many: false, tasks: newTaskList(nil)}, i: -1, task: &Task{}, hook: true}
	for _, name := range slices.Sorted(maps.Keys(t.Hooks)) {
		if name == Exit {
			c.Unsupported("Hooks["+name+"]", "the end of a run has a field of its own", "use OnExit")
			continue
		}
		of := *run
		of.field = "Hooks[" + name + "]"
		put(&out.Hooks, wfv1.LifecycleEvent(name), of.hookOf(name, t.Hooks[name], name))
	}
	var last *wfv1.LifecycleHook
	if !isNil(t.OnExit) {
		of := *run
		of.field = "OnExit"
		jobs := len(c.budgets)
		last = new(of.hookOf(Exit, Hook{Step: t.OnExit, Arguments: c.given(t.OnExit)}, Exit))
		if len(c.budgets) > jobs && !t.KeepFailed && !t.Plain {
			c.Unsupported("OnExit", "what it creates would be deleted beside it when the run has failed", "use another kind of step, or set KeepFailed")
		}
	}
	if last != nil && t.Base.OnExit != "" {
		c.Conflict("Base.OnExit", "it is set here and by OnExit", "set it in one place")
	}
	switch {
	case len(c.kinds) > 0 && !t.KeepFailed && !t.Plain:
		c.cleanUp(c.beside(last))
		spec.OnExit, out.OnExit = "", cleanUpTemplate // that of Base is a step of it now
	case last != nil && last.TemplateRef != nil:
		put(&out.Hooks, Exit, *last)
	case last != nil:
		out.OnExit = last.Template
	}
}

// given is what Argo gives to exit handlers: the parameters of the run, where
// they have inputs of their names.
func (c *check) given(handler Step) map[string]string {
	d, _ := handler.(*Definition)
	if d == nil {
		return nil
	}
	out := make(map[string]string)
	for _, in := range d.Inputs.Parameters {
		if c.parameters[in.Name] {
			out[in.Name] = Parameter{Name: in.Name}.Ref()
		}
	}
	return out
}

// beside returns the steps of the exit handler that the user asks for.
func (c *check) beside(last *wfv1.LifecycleHook) []wfv1.WorkflowStep {
	switch own := c.template.Base.OnExit; {
	case last != nil:
		name := last.Template
		if last.TemplateRef != nil {
			name = last.TemplateRef.Template
		}
		return []wfv1.WorkflowStep{{Name: name, Template: last.Template, TemplateRef: last.TemplateRef, Arguments: last.Arguments}}
	case own != "":
		return []wfv1.WorkflowStep{{Name: own, Template: own, Arguments: c.exitArguments(own)}}
	}
	return nil
}

// guard protects the pods of a template from node autoscalers. The pod of a
// task is lost work, or a lost wait, wherever it ran.
func (c *check) guard(t *wfv1.Template) {
	guards := millrace.EvictionGuards()
	maps.Copy(guards, c.template.Placement.Annotations)
	maps.Copy(guards, t.Metadata.Annotations)
	t.Metadata.Annotations = guards
}

// fitNames checks that the names of the created objects fit, when those of the
// runs have at most the given length. The tasks are found at prefix.
func (c *check) fitNames(prefix string, run int, what, whose string) {
	for _, b := range c.budgets {
		if need := run + len("-") + len(b.name) + b.more; need > b.most {
			c.Invalid(prefix+b.field, b.task,
				fmt.Sprintf("%s %d characters, so that the %s could be called by one of %d; it can have %d", what, run, b.kind, need, b.most),
				"shorten the name of the task or of the "+whose)
		}
	}
}

// note takes down a kind that the tasks create, each once and in their order.
func (c *check) note(k createdKind) {
	if !slices.Contains(c.kinds, k) {
		c.kinds = append(c.kinds, k)
	}
}

// wholeSeconds renders a time that a template holds as a number.
func wholeSeconds(d time.Duration) *intstr.IntOrString {
	return new(intstr.FromInt32(int32(d / time.Second)))
}
