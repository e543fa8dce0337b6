package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
)

// Run is one run of a template. It makes one Workflow that refers to the
// WorkflowTemplate and holds nothing else but the arguments, so that it also
// passes controllers that are restricted to templates
// (templateReferencing: Strict).
//
// Exactly one of Template and From says what runs.
type Run struct {
	// Name is the name of the Workflow.
	//
	// Empty means the template's name and eight digits that follow from the
	// template and the arguments: the same run has the same name wherever it
	// is made, so that it is submitted once, and a changed one has another. Of
	// a template in From nothing but the name is known: a new version of it
	// runs again with the same arguments under a Name only.
	//
	// Rendered as metadata.name.
	Name string
	// Namespace is where a run of a ClusterWide template, or of one in From,
	// lives. Empty leaves it to the context that applies the manifest. Runs of
	// other templates live with them.
	//
	// Rendered as metadata.namespace.
	Namespace string
	// Labels and Annotations go to the Workflow. Nil means none but those by which
	// Argo finds the runs of a template.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string

	// Template is what runs. It is composed beside the run, or is in the cluster
	// already. Nil where From is set.
	//
	// Rendered as spec.workflowTemplateRef.
	Template *Template
	// From is a template that is in the cluster and not composed here. Its
	// Template is the one of its templates where the run starts; empty means
	// its own entrypoint.
	//
	// Rendered as spec.workflowTemplateRef and spec.entrypoint.
	From TemplateRef
	// Inline has the Workflow hold all of Template itself, for clusters without
	// WorkflowTemplates and for tests. Controllers that are restricted to
	// templates refuse it. False refers to it.
	//
	// Rendered as spec.
	Inline bool
	// Arguments are the values of the template's parameters. Those that have
	// a default may be left out.
	//
	// Rendered as spec.arguments.parameters.
	Arguments map[string]string
	// Artifacts are where the files lie that the run is given. Nil means none.
	//
	// Rendered as spec.arguments.artifacts.
	Artifacts map[string]Location

	// Scheduled is the time that ScheduledTime stands for: required where the
	// template asks for it. It makes a run in the place of a scheduled one that
	// was missed or went wrong. Whole seconds.
	//
	// Rendered as the annotation workflows.argoproj.io/scheduled-time.
	Scheduled time.Time
	// Suspended has the run wait for "argo resume" before its first task. False
	// lets it start.
	//
	// Rendered as spec.suspend.
	Suspended bool
	// Priority is how early the run starts where the controller limits how
	// many do: higher ones first. Nil is 0, or what the template says.
	//
	// Rendered as spec.priority.
	Priority *int32
	// Deadline is how long the run may take, where that is not what the template
	// says. Whole seconds. Zero means what the template says.
	//
	// Rendered as spec.activeDeadlineSeconds.
	Deadline time.Duration
	// Base holds what has no field here. Restricted controllers accept only a
	// few fields beside the reference to the template: entrypoint, shutdown,
	// ttlStrategy, podGC, volumeClaimGC, artifactGC, archiveLogs, metrics,
	// workflowMetadata, and those that have a field.
	// Source: Argo Workflows v3.7.14 workflow/util/merge.go.
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
	l := &launch{
		check: c, template: r.Template, from: r.From, inline: r.Inline, namespace: r.Namespace,
		arguments: r.Arguments, artifacts: r.Artifacts,
		settings: r.settings(c), base: &r.Base, baseAt: "Base",
	}
	c.Object.Name, c.Object.Namespace = r.Name, l.home()
	c.Labels("Labels", r.Labels)
	c.Annotations("Annotations", r.Annotations)
	spec := l.spec()
	if spec == nil {
		return nil, c.Err()
	}
	labels := l.labels("Labels", r.Labels)
	annotations := r.annotations(l)
	name := r.name(l, spec)
	if err := c.Err(); err != nil {
		return nil, err
	}
	out := &wfv1.Workflow{
		TypeMeta:   metav1.TypeMeta{APIVersion: apiVersion, Kind: "Workflow"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: l.home(), Labels: labels, Annotations: annotations},
		Spec:       *spec,
	}
	if c.refusedLaunch(out); c.Err() != nil {
		return nil, c.Err()
	}
	return out, nil
}

// settings are what the user's own fields stand for.
func (r *Run) settings(c *check) *wfv1.WorkflowSpec {
	out := &wfv1.WorkflowSpec{}
	if r.Suspended {
		out.Suspend = new(true)
	}
	if r.Priority != nil {
		out.Priority = new(*r.Priority)
	}
	c.seconds("Deadline", r.Deadline)
	if r.Deadline > 0 {
		out.ActiveDeadlineSeconds = new(int64(r.Deadline / time.Second))
	}
	return out
}

// annotations are the run's own, and the time for which it stands.
func (r *Run) annotations(l *launch) map[string]string {
	c := l.check
	out := make(map[string]string)
	if l.inline {
		maps.Copy(out, l.template.Annotations)
	}
	maps.Copy(out, r.Annotations)
	_, own := r.Annotations[scheduledAnnotation]
	switch {
	case own && !r.Scheduled.IsZero():
		c.Conflict("Annotations["+scheduledAnnotation+"]", "Scheduled says the same", "set one of them")
	case !r.Scheduled.IsZero():
		if r.Scheduled.Nanosecond() != 0 {
			c.Invalid("Scheduled", r.Scheduled, "schedules have whole seconds", "round it")
		}
		out[scheduledAnnotation] = r.Scheduled.Format(time.RFC3339)
	case !own && l.scheduled():
		c.Required("Scheduled", "say which time ScheduledTime is, which the template asks for: only scheduled runs have one by themselves")
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// name returns the name of the Workflow, and checks it.
func (r *Run) name(l *launch, spec *wfv1.WorkflowSpec) string {
	c := l.check
	if r.Name != "" {
		c.LabelName("Name", r.Name)
		if l.inner != nil {
			c.budgets = l.inner.budgets
			c.fitNames("Template.", len(r.Name), "the name of the run has", "run")
		}
		return r.Name
	}
	if len(l.name()) > maxTemplateName && l.template == nil {
		c.Required("Name", fmt.Sprintf("give the run a name: that of the template is longer than %d characters, so that none can be made of it", maxTemplateName))
	}
	specs := []*wfv1.WorkflowSpec{spec}
	if l.built != nil {
		specs = []*wfv1.WorkflowSpec{&l.built.Spec, spec}
	}
	return l.name() + "-" + fingerprint(r.Scheduled, specs...)
}

// fingerprint returns eight digits that follow from what runs and with what.
func fingerprint(scheduled time.Time, specs ...*wfv1.WorkflowSpec) string {
	h := sha256.New()
	for _, spec := range specs {
		// A spec that can't be written is reported when the object is.
		text, _ := yaml.AppendJSON(nil, spec)
		h.Write(text)
		h.Write([]byte{0})
	}
	if !scheduled.IsZero() {
		h.Write([]byte(scheduled.UTC().Format(time.RFC3339)))
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}
