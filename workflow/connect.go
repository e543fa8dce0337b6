package workflow

import (
	"fmt"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
)

// connected checks that the kind of a template has such inputs and outputs as
// were rendered for it, from the lists at the two fields. For a template
// without a kind nothing is known about them.
func (c *check) connected(inputs, outputs string, t *wfv1.Template) {
	if t.GetType() == wfv1.TemplateTypeUnknown {
		return
	}
	for i := range t.Inputs.Artifacts {
		c.inputPath(at(inputs, i), i, t)
	}
	for i := range t.Outputs.Parameters {
		c.outputKind(at(outputs+".Parameters", i), &t.Outputs.Parameters[i], t)
	}
	for i := range t.Outputs.Artifacts {
		c.outputArtifact(at(outputs+".Artifacts", i), &t.Outputs.Artifacts[i], t)
	}
}

// inputPath checks where the i-th input artifact lies in the container.
func (c *check) inputPath(field string, i int, t *wfv1.Template) {
	path := t.Inputs.Artifacts[i].Path
	c.hasFiles(field, path, t)
	if path == "" {
		return
	}
	if slices.ContainsFunc(t.Inputs.Artifacts[:i], func(a wfv1.Artifact) bool { return a.Path == path }) {
		c.Conflict(field+".Path", fmt.Sprintf("another artifact lies at %s", path), "choose another path")
	}
	var mounts []corev1.VolumeMount
	switch {
	case t.Container != nil:
		mounts = t.Container.VolumeMounts
	case t.Script != nil:
		mounts = t.Script.VolumeMounts
	}
	if slices.ContainsFunc(mounts, func(m corev1.VolumeMount) bool { return m.MountPath == path }) {
		c.Conflict(field+".Path", fmt.Sprintf("a volume is mounted at %s", path), "choose another path, such as one below it")
	}
}

// hasFiles checks the path of an artifact against the kind of the template.
func (c *check) hasFiles(field, path string, t *wfv1.Template) {
	switch {
	case t.IsLeaf() && path == "":
		c.Required(field+".Path", "say where the artifact lies in the container")
	case !t.IsLeaf() && path != "":
		c.Unsupported(field+".Path", "the step has no container in which it could lie", "leave it out")
	}
}

// outputKind checks that the kind of the template has such a source.
func (c *check) outputKind(field string, out *wfv1.Parameter, t *wfv1.Template) {
	found := sources(out)
	if len(found) != 1 {
		return // reported
	}
	var known []string
	constant := true
	switch t.GetType() {
	case wfv1.TemplateTypeContainer, wfv1.TemplateTypeContainerSet, wfv1.TemplateTypeScript:
		known = []string{"Path"}
	case wfv1.TemplateTypeResource:
		known = []string{"JSONPath", "JQ"}
	case wfv1.TemplateTypeDAG, wfv1.TemplateTypeSteps:
		known = []string{"From", "Expression"}
	case wfv1.TemplateTypeSuspend:
		// Argo's controller panics at any other.
		known, constant = []string{"Supplied"}, false
	default:
		return
	}
	if found[0] == "Base.Value" && constant || slices.Contains(known, found[0]) {
		return
	}
	c.Unsupported(field+"."+found[0], fmt.Sprintf("the step is a %s, which has no such outputs", t.GetType()), fmt.Sprintf("use one of %q", known))
}

// outputArtifact checks where an output comes from.
func (c *check) outputArtifact(field string, out *wfv1.Artifact, t *wfv1.Template) {
	c.hasFiles(field, out.Path, t)
	switch t.GetType() {
	case wfv1.TemplateTypeDAG, wfv1.TemplateTypeSteps:
		if !moved(out) {
			c.Required(field+".From", "name the task whose artifact it is; Argo would leave it out")
		}
	default:
		if moved(out) {
			c.Unsupported(field+".From", "only DAGs and steps pass on artifacts of tasks in them", "leave it out: the artifact is what lies at Path")
		}
	}
}
