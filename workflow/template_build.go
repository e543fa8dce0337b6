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

// Build checks the template and returns its WorkflowTemplate. The error is a
// *millrace.BuildError with every mistake.
func (t *Template) Build() (millrace.Parts, error) {
	out, err := t.WorkflowTemplate()
	if err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: []millrace.Object{out}}, nil
}

// WorkflowTemplate checks the template and returns what it makes, as Argo's
// own type. The error is a *millrace.BuildError with every mistake.
func (t *Template) WorkflowTemplate() (*wfv1.WorkflowTemplate, error) {
	out, c := t.build()
	if err := c.Err(); err != nil {
		return nil, err
	}
	return out, nil
}

// build renders the template as far as it goes, and reports what is wrong.
func (t *Template) build() (*wfv1.WorkflowTemplate, *check) {
	c := &check{template: t}
	c.Object = millrace.Ref{Kind: "workflow.Template"}
	if t == nil {
		c.template = &Template{}
		c.Required("", "the template is nil")
		return nil, c
	}
	c.Object.Namespace, c.Object.Name = t.Namespace, t.Name
	c.head()
	c.declare()
	c.graph()
	c.removedFields()

	spec := t.Base.DeepCopy()
	c.lay(spec, t.fields())
	// Laying lists over each other compares all with all, which is not for
	// more than what Argo accepts anyway.
	pipeline := c.pipeline()
	if len(pipeline.Templates) <= maxTemplates {
		if pipeline.OnExit != "" {
			spec.OnExit = "" // it is a step of ours now
		}
		c.lay(spec, pipeline)
		c.oneKind(spec)
	}
	overlay.Fill(spec, specDefaults(spec.SecurityContext))
	// Tolerations of the same key go side by side; laid over each other they
	// would be one.
	for _, toleration := range t.Placement.Tolerations {
		spec.Tolerations = append(spec.Tolerations, *toleration.DeepCopy())
	}
	c.limits(spec, pipeline.Templates)
	if t.Name != "" {
		c.names("", len(t.Name)+runSuffix, "the names of its runs have up to", "template")
	}
	return &wfv1.WorkflowTemplate{
		TypeMeta: metav1.TypeMeta{APIVersion: apiVersion, Kind: "WorkflowTemplate"},
		ObjectMeta: metav1.ObjectMeta{
			Name: t.Name, Namespace: t.Namespace,
			Labels: maps.Clone(t.Labels), Annotations: maps.Clone(t.Annotations),
		},
		Spec: *spec,
	}, c
}

// lay lays fields over what Base says, and reports what both set.
func (c *check) lay(spec, fields *wfv1.WorkflowSpec) {
	for _, path := range overlay.Lay(spec, fields) {
		c.Conflict("Base."+path, "it is set here and by a field of the builder", "set it in one place")
	}
}

// fields are the settings that the user's own fields stand for.
func (t *Template) fields() *wfv1.WorkflowSpec {
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
	for _, p := range t.Parameters {
		spec.Arguments.Parameters = append(spec.Arguments.Parameters, p.render())
	}
	return spec
}

func (p Parameter) render() wfv1.Parameter {
	out := wfv1.Parameter{Name: p.Name}
	if p.Default != nil {
		out.Value = new(wfv1.AnyString(*p.Default))
	}
	for _, v := range p.Enum {
		out.Enum = append(out.Enum, wfv1.AnyString(v))
	}
	if p.Description != "" {
		out.Description = new(wfv1.AnyString(p.Description))
	}
	return out
}

// pipeline renders the DAG and the templates of its tasks.
func (c *check) pipeline() *wfv1.WorkflowSpec {
	t := c.template
	dag := &wfv1.DAGTemplate{}
	templates := []wfv1.Template{{Name: mainTemplate, DAG: dag}}
	// Names that are there twice are reported already; put in twice they
	// would be laid over each other.
	seen := map[string]bool{mainTemplate: true}
	for i, task := range t.Tasks {
		if task == nil {
			continue
		}
		rendered := c.task(i, task)
		if seen[task.Name] {
			continue
		}
		seen[task.Name] = true
		templates = append(templates, rendered)
		dag.Tasks = append(dag.Tasks, wfv1.DAGTask{Name: task.Name, Template: task.Name, Depends: depends(task)})
	}
	own := map[string]bool{mainTemplate: true}
	spec := &wfv1.WorkflowSpec{Entrypoint: mainTemplate}
	if len(c.kinds) > 0 && !t.KeepFailed {
		spec.OnExit = cleanUpTemplate
		for _, rendered := range c.cleanUp() {
			own[rendered.Name] = true
			if !seen[rendered.Name] {
				templates = append(templates, rendered)
			}
		}
	}
	for i, task := range t.Tasks {
		if task != nil && own[task.Name] {
			c.Add(millrace.RuleDuplicate, at("Tasks", i)+".Name", fmt.Sprintf("the template %q is there already, for the DAG or the cleaning up", task.Name), "rename the task")
		}
	}
	spec.Templates = templates
	return spec
}

// depends renders the edges that lead to a task.
func depends(task *Task) string {
	var before []string
	for _, b := range task.After {
		if b != nil {
			before = append(before, b.Name+".Succeeded")
		}
	}
	return strings.Join(before, " && ")
}

// task renders the template of one task.
func (c *check) task(i int, task *Task) wfv1.Template {
	field := at("Tasks", i)
	out := wfv1.Template{Name: task.Name}
	c.seconds(field+".Deadline", task.Deadline)
	if task.Deadline > 0 {
		out.ActiveDeadlineSeconds = new(intstr.FromInt32(int32(task.Deadline / time.Second)))
	}
	// The pod of a task is lost work, or a lost wait, wherever it ran.
	out.Metadata.Annotations = millrace.EvictionGuards()
	maps.Copy(out.Metadata.Annotations, c.template.Placement.Annotations)
	switch {
	case !isNil(task.Run) && !isNil(task.Step):
		c.Conflict(field+".Step", "the task has a Run and a Step", "make two tasks of it")
	case !isNil(task.Run):
		c.resource(i, field+".Run", task, &out)
		out.RetryStrategy = c.template.Retry.strategy(lostResourcePod)
	case !isNil(task.Step):
		task.Step.template(c, field+".Step", &out)
		lost := lostContainerPod
		if c.template.Retry.Failures {
			lost = failedContainer
		}
		out.RetryStrategy = c.template.Retry.strategy(lost)
	default:
		c.Required(field+".Run", "give the task a resource in Run, or a step in Step")
	}
	return out
}

// names checks that the names of the created objects fit, when those of the
// runs have at most the given length. The tasks are found at prefix.
func (c *check) names(prefix string, run int, what, whose string) {
	for _, b := range c.budgets {
		name := c.template.Tasks[b.task].Name
		if need := run + len("-") + len(name); need > b.budget {
			c.Invalid(at(prefix+"Tasks", b.task)+".Name", name,
				fmt.Sprintf("%s %d characters, so that the %s could be called by one of %d; it can have %d", what, run, b.kind, need, b.budget),
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
