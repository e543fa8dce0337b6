package workflow

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
)

// cleanUpTemplate is the exit handler.
const cleanUpTemplate = "clean-up"

// createdKind is a kind of objects that the tasks create.
type createdKind struct {
	group, version, kind string
}

// resource renders the template that creates a task's object and waits for it.
func (s *scope) resource(task *Task, out *wfv1.Template) {
	c, field := s.check, s.field+".Run"
	r, err := task.Run.Runnable(c.template.Namespace)
	if err != nil {
		c.Nested(field, err)
		return
	}
	if isNil(r.Object) {
		c.Required(field, "its Runnable returns no object")
		return
	}
	o, err := copied(r.Object)
	if err != nil {
		c.Add(ruleInvalid, field, err.Error(), "correct the value")
		return
	}
	if !c.ownable(field, o) {
		return
	}
	c.placedOn = append(c.placedOn, r.PlacedOn...)
	c.conditions(field, r)
	gvk := o.GetObjectKind().GroupVersionKind()
	budget := nameBudget{field: s.field + ".Name", task: task.Name, kind: gvk.Kind, name: s.name, most: r.NameBudget}
	if budget.most == 0 {
		budget.most = defaultNameBudget
	}
	if s.many {
		budget.more = uniqueLength
	}
	c.budgets = append(c.budgets, budget)
	c.note(createdKind{gvk.Group, gvk.Version, gvk.Kind})
	own(o, s.name, s.many)
	s.protected = true
	out.Resource = &wfv1.ResourceTemplate{
		Action:           string(Apply),
		Manifest:         c.manifest(field, o, Apply, s.resolve),
		SuccessCondition: r.Succeeded,
		FailureCondition: r.Failed,
	}
}

// ownable checks what a task can't make an object of its run.
func (c *check) ownable(field string, o millrace.Object) bool {
	gvk := o.GetObjectKind().GroupVersionKind()
	if gvk.Kind == "" || gvk.Version == "" {
		c.Invalid(field, fmt.Sprintf("%T", o), "the object does not say its apiVersion and kind", "set its TypeMeta")
		return false
	}
	if gvk.Group == "" && gvk.Kind == "Pod" {
		c.Unsupported(field, "Argo's own pods carry the label by which a run's objects are deleted", "use a Container step")
	}
	if o.GetName() != "" || o.GetGenerateName() != "" {
		c.Invalid(field, o.GetName()+o.GetGenerateName(), "the object has a name, which is the task's to give", "leave metadata.name and generateName empty")
	}
	if ns := o.GetNamespace(); ns != "" && ns != c.template.Namespace {
		c.Conflict(field, fmt.Sprintf("the object is for the namespace %q and the template for %q: Kubernetes would delete it, as it can't see its owner from there", ns, c.template.Namespace),
			"use one namespace for both")
	}
	if _, ok := o.GetLabels()[workflowLabel]; ok {
		c.Conflict(field, "the object has the label "+workflowLabel+", by which a run finds what it created", "leave it out")
	}
	return true
}

// copied returns a deep copy. That of an unstructured object is made by way of
// its JSON: DeepCopy panics at a plain int, which every program puts in.
func copied(o millrace.Object) (millrace.Object, error) {
	u, ok := o.(*unstructured.Unstructured)
	if !ok {
		return o.DeepCopyObject().(millrace.Object), nil
	}
	out := new(unstructured.Unstructured)
	text, err := yaml.AppendJSON(nil, u.Object)
	if err != nil {
		return nil, err
	}
	return out, json.Unmarshal(text, &out.Object)
}

// conditions checks what the executor would only find out when it waits.
func (c *check) conditions(field string, r millrace.Runnable) {
	if r.Succeeded == "" || r.Failed == "" {
		c.Required(field, "its Runnable must have both conditions: without Succeeded the task would end at once, without Failed it would never fail")
		return
	}
	c.condition(field, r.Succeeded, "success")
	c.failure(field, r.Failed)
}

// condition parses a condition of success or failure. It is nil if that can't
// be done.
func (c *check) condition(field, text, what string) labels.Selector {
	out, err := labels.Parse(text)
	if err != nil {
		c.Invalid(field, text, "the condition of "+what+" can't be parsed: "+err.Error(), "use Argo's grammar of conditions, which is that of label selectors")
	}
	return out
}

// failure checks a condition of failure.
func (c *check) failure(field, text string) {
	failed := c.condition(field, text, "failure")
	if failed == nil {
		return
	}
	requirements, _ := failed.Requirements()
	for _, req := range requirements {
		switch req.Operator() {
		case selection.NotEquals, selection.NotIn, selection.DoesNotExist:
			c.Invalid(field, text, "the condition of failure holds for an object without a status, so that the task would fail at once", "name the values that mean failure")
		}
	}
}

// cleanUp adds an exit handler that deletes what a run created, unless it
// succeeded. Argo itself leaves it running: stopping a run only stops the
// pods that wait. Its owner reference has it deleted when the run is.
// Source: argo-workflows#9855, #8364, #3155.
//
// It has steps and no DAG: when a run is stopped, Argo before 3.7.17 and 4.0.8
// gives up the DAG of an exit handler as soon as its pods are created.
// Source: argo-workflows#13412, #13964.
//
// What else is to happen at the end is a step beside the deletion.
func (c *check) cleanUp(beside []wfv1.WorkflowStep) {
	if c.template.Base.Hooks.HasExitHook() {
		c.Conflict("Base.Hooks[exit]", "Argo ignores it beside the exit handler that deletes what a failed run created", "use OnExit instead, which runs beside the deletion")
	}
	steps := slices.Clone(beside)
	taken := make(map[string]bool)
	for _, s := range steps {
		taken[s.Name] = true
	}
	slot := c.internal(cleanUpTemplate)
	for _, k := range c.kinds {
		step := "delete-" + strings.ToLower(k.kind)
		for n := 2; taken[step]; n++ {
			step = fmt.Sprintf("delete-%s-%d", strings.ToLower(k.kind), n)
		}
		taken[step] = true
		steps = append(steps, wfv1.WorkflowStep{
			Name: step, Template: step,
			When: `"{{workflow.status}}" != "Succeeded"`,
		})
		c.fill(c.internal(step), k.deletion(step))
	}
	c.fill(slot, wfv1.Template{Name: cleanUpTemplate, Steps: []wfv1.ParallelSteps{{Steps: steps}}})
}

// internal takes a name for a template of the builder's own.
func (c *check) internal(name string) (slot int) {
	if field, ok := c.names[name]; ok {
		c.Add(millrace.RuleDuplicate, field, fmt.Sprintf("the template %q is there already, for the DAG or the cleaning up", name), "use another name")
	}
	c.names[name] = ""
	c.made = append(c.made, nil)
	return len(c.made) - 1
}

// deletion deletes the objects of a kind that the run created.
func (k createdKind) deletion(name string) wfv1.Template {
	return wfv1.Template{
		Name: name,
		// The defaults, whatever the tasks may do: deleting twice is
		// harmless, and a job that nobody deletes is not.
		RetryStrategy: Retry{}.strategy(false, ""),
		Resource: &wfv1.ResourceTemplate{
			Action: "delete",
			Flags: []string{
				k.argument(),
				"--selector=" + workflowLabel + "=" + nameOfRun,
				"--namespace={{workflow.namespace}}",
				// A finalizer that hangs must not keep the run from ending.
				"--wait=false",
			},
		},
	}
}

// exitArguments gives the exit handler of Base what Argo gives to exit
// handlers: the parameters of the run, where it has inputs of their names.
func (c *check) exitArguments(handler string) wfv1.Arguments {
	var out wfv1.Arguments
	i := slices.IndexFunc(c.template.Base.Templates, func(t wfv1.Template) bool { return t.Name == handler })
	if i < 0 || handler == cleanUpTemplate {
		c.Add(ruleUnknown, "Base.OnExit", fmt.Sprintf("no template of Base.Templates is called %q", handler), "add it there; what a failed run created is deleted beside it")
		return out
	}
	for _, in := range c.template.Base.Templates[i].Inputs.Parameters {
		if c.parameters[in.Name] {
			out.Parameters = append(out.Parameters, wfv1.Parameter{Name: in.Name, Value: new(wfv1.AnyString(Parameter{Name: in.Name}.Ref()))})
		}
	}
	return out
}

// argument names the kind for kubectl, in the form that needs no guess at its
// plural: "SparkApplication.v1beta2.sparkoperator.k8s.io".
func (k createdKind) argument() string {
	return k.kind + "." + k.version + "." + k.group
}

// isNil tells nil interfaces and nil pointers in interfaces.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}
