package workflow

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/yaml"
)

// PodPatch changes a pod when everything else is in it. Lists are joined by
// the names of their items: the step's container is "main", those of Argo are
// "init" and "wait". The zero PodPatch changes nothing; one of Spec and Text is
// set.
//
// Argo puts the values of references in as text: they can add to the patch.
type PodPatch struct {
	// Spec is the patch as a type: what is set in it is set in the pod.
	//
	// Rendered as JSON, with its keys in the order of the type.
	Spec *corev1.PodSpec
	// Text is the patch in YAML or JSON, for what the type can't say: fields
	// that are taken away ("$patch: delete"), and quantities that are
	// references ("cpu: '{{workflow.parameters.cpu}}'").
	Text string
}

// render returns the patch as a text.
func (p PodPatch) render(c *check, field string) string {
	if p.Spec == nil {
		if _, ok := readPatch(p.Text); p.Text != "" && !ok && !refers(p.Text) {
			c.Invalid(field+".Text", p.Text, "it is no part of a pod's spec", "write YAML or JSON with the fields of a PodSpec")
		}
		return p.Text
	}
	if p.Text != "" {
		c.Conflict(field+".Text", "the patch is in Spec already", "leave one of them out")
	}
	for i, ctr := range p.Spec.Containers {
		if ctr.Name == "" {
			c.Required(at(field+".Spec.Containers", i)+".Name", "name the container that is changed, such as \"main\"")
		}
	}
	for i, ctr := range p.Spec.InitContainers {
		if ctr.Name == "" {
			c.Required(at(field+".Spec.InitContainers", i)+".Name", "name the container that is changed")
		}
	}
	text, err := yaml.AppendJSON(nil, p.Spec)
	if err != nil {
		c.Add(ruleInvalid, field+".Spec", err.Error(), "correct the value")
	}
	return string(text)
}
