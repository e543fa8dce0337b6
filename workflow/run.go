package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
)

// templateLabel is the label by which Argo finds the runs of a template.
const templateLabel = "workflows.argoproj.io/workflow-template"

// Run is one run of a Template. It makes one Workflow that refers to the
// WorkflowTemplate and holds nothing else but the arguments, so that it also
// passes controllers that are restricted to templates
// (templateReferencing: Strict).
//
// It lives in the namespace of the template, which is composed beside it, or
// is in the cluster already.
type Run struct {
	// Name is the name of the Workflow.
	//
	// Empty means the template's name and eight digits that follow from the
	// template and the arguments: the same run has the same name wherever it
	// is made, so that it is submitted once, and a changed one has another.
	Name string
	// Template is what runs. Required.
	Template *Template
	// Arguments are the values of the template's parameters. Those that have
	// a default may be left out.
	//
	// Rendered as spec.arguments.parameters.
	Arguments map[string]string
	// Labels and Annotations go to the Workflow.
	Labels, Annotations map[string]string
	// Base holds what has no field here. Restricted controllers accept only a
	// few fields beside the reference to the template, among them
	// activeDeadlineSeconds, priority, suspend, ttlStrategy and podGC.
	Base wfv1.WorkflowSpec
}

// Build checks the run and returns its Workflow. The error is a
// *millrace.BuildError with every mistake, those of the template among them.
func (r *Run) Build() (millrace.Parts, error) {
	out, err := r.Workflow()
	if err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: []millrace.Object{out}}, nil
}

// Workflow checks the run and returns what it makes, as Argo's own type. The
// error is a *millrace.BuildError with every mistake.
//
// Submit it with create, never with apply: Workflows have no status
// subresource, so that an apply would take over what the controller writes.
func (r *Run) Workflow() (*wfv1.Workflow, error) {
	c := newCheck(nil)
	c.Object = millrace.Ref{Kind: "workflow.Run"}
	if r == nil {
		c.Required("", "the run is nil")
		return nil, c.Err()
	}
	c.Object.Name = r.Name
	c.Labels("Labels", r.Labels)
	c.Annotations("Annotations", r.Annotations)
	if r.Template == nil {
		c.Required("Template", "say which template runs")
		return nil, c.Err()
	}
	c.template = r.Template
	c.Object.Namespace = r.Template.Namespace
	template, inner := r.Template.build()
	c.Nested("Template", inner.Err())

	spec := r.Base.DeepCopy()
	c.lay(spec, &wfv1.WorkflowSpec{
		WorkflowTemplateRef: &wfv1.WorkflowTemplateRef{Name: r.Template.Name},
		Arguments:           wfv1.Arguments{Parameters: r.arguments(c, template.Spec.Arguments.Parameters)},
	})
	labels := maps.Clone(r.Labels)
	if labels == nil {
		labels = make(map[string]string)
	}
	if own, ok := labels[templateLabel]; ok && own != r.Template.Name {
		c.Conflict("Labels["+templateLabel+"]", "Argo finds the runs of a template by it", "leave it out")
	}
	labels[templateLabel] = r.Template.Name
	name := r.Name
	if name == "" && r.Template.Name != "" {
		name = r.Template.Name + "-" + fingerprint(&template.Spec, spec)
	} else if name != "" {
		c.LabelName("Name", name)
		c.budgets = inner.budgets
		c.fitNames("Template.", len(name), "the name of the run has", "run")
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	return &wfv1.Workflow{
		TypeMeta: metav1.TypeMeta{APIVersion: apiVersion, Kind: "Workflow"},
		ObjectMeta: metav1.ObjectMeta{
			Name: name, Namespace: r.Template.Namespace,
			Labels: labels, Annotations: maps.Clone(r.Annotations),
		},
		Spec: *spec,
	}, nil
}

// arguments renders the arguments in the order of the template's parameters,
// and checks that they are what the template asks for.
func (r *Run) arguments(c *check, declared []wfv1.Parameter) []wfv1.Parameter {
	var out []wfv1.Parameter
	known := make(map[string]bool, len(declared))
	for _, p := range declared {
		known[p.Name] = true
		value, given := r.Arguments[p.Name]
		field := "Arguments[" + p.Name + "]"
		switch {
		case given && len(p.Enum) > 0 && !slices.Contains(p.Enum, wfv1.AnyString(value)):
			c.Invalid(field, value, "the parameter allows other values only", fmt.Sprintf("use one of %q", p.Enum))
		case given:
			out = append(out, wfv1.Parameter{Name: p.Name, Value: new(wfv1.AnyString(value))})
		case p.Value == nil && p.ValueFrom == nil:
			c.Required(field, "give the run a value: the parameter has no default")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Arguments)) {
		if !known[name] {
			c.Add(ruleUnknown, "Arguments["+name+"]", "the template does not declare the parameter", "add it to Template.Parameters, or leave it out")
		}
	}
	return out
}

// fingerprint returns eight digits that follow from what runs and with what.
func fingerprint(specs ...*wfv1.WorkflowSpec) string {
	h := sha256.New()
	for _, spec := range specs {
		// A spec that can't be written is reported when the object is.
		text, _ := yaml.AppendJSON(nil, spec)
		h.Write(text)
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}
