package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Connected renders inputs and outputs into a copy of a template.
func Connected(in Inputs, out Outputs, t wfv1.Template) (*wfv1.Template, error) {
	c := &check{}
	to := t.DeepCopy()
	in.render(c, "Inputs", to)
	out.render(c, "Outputs", to)
	c.connected("Inputs.Artifacts", "Outputs", to)
	return to, c.Err()
}

// OwnInput renders an input of a task's own step.
func OwnInput(a Artifact) (wfv1.Artifact, *wfv1.Artifact, error) {
	c := &check{}
	declared, argument := a.input(c, "Input")
	return declared, argument, c.Err()
}

// Argument renders what a task gives to an input of a definition.
func Argument(a Artifact, from Location) (*wfv1.Artifact, error) {
	c := &check{}
	out := a.argument(c, "Artifacts", from)
	return out, c.Err()
}

// Claims is a builder of nothing but claims.
type Claims []Claim

func (cl Claims) Render() ([]corev1.PersistentVolumeClaim, error) {
	c := &check{}
	out := renderClaims(c, "Claims", cl)
	return out, c.Err()
}

// IO is a builder of nothing but inputs and outputs.
type IO struct {
	Inputs  Inputs
	Outputs Outputs
	Kind    wfv1.Template
	Claims  Claims
	// Own are inputs of a task's own step.
	Own []Artifact
}

// Build makes one object of all that is rendered.
func (b *IO) Build() (millrace.Parts, error) {
	c := &check{}
	to := b.Kind.DeepCopy()
	b.Inputs.render(c, "Inputs", to)
	b.Outputs.render(c, "Outputs", to)
	c.connected("Inputs.Artifacts", "Outputs", to)
	w := &wfv1.WorkflowTemplate{}
	w.Kind, w.APIVersion, w.Name = "WorkflowTemplate", apiVersion, "io"
	w.Spec.Templates = []wfv1.Template{*to}
	w.Spec.VolumeClaimTemplates = renderClaims(c, "Claims", b.Claims)
	for i, own := range b.Own {
		declared, argument := own.input(c, at("Own", i))
		to := wfv1.Template{Name: "own", Inputs: wfv1.Inputs{Artifacts: []wfv1.Artifact{declared}}}
		w.Spec.Templates = append(w.Spec.Templates, to)
		if argument != nil {
			w.Spec.Arguments.Artifacts = append(w.Spec.Arguments.Artifacts, *argument)
		}
	}
	if err := c.Err(); err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: []millrace.Object{w}}, nil
}
