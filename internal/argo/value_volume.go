package argo

import (
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
)

// workflowVolumes takes down the volumes of the workflow, and reports those of
// one name: Argo takes the first.
func (f *fields) workflowVolumes() {
	f.volumes = make(map[string]bool)
	add := func(path, name string) {
		switch {
		case name == "":
			f.report(RuleVolume, path, "name it", "it is not set")
		case f.volumes[name]:
			f.report(RuleVolume, path, "rename it", "another volume of the workflow is called %s, and Argo mounts the first", shown(name))
		}
		f.volumes[name] = true
	}
	for i := range f.Spec.Volumes {
		add(at(f.Path+".volumes", i)+".name", f.Spec.Volumes[i].Name)
	}
	for i := range f.Spec.VolumeClaimTemplates {
		add(at(f.Path+".volumeClaimTemplates", i)+".metadata.name", f.Spec.VolumeClaimTemplates[i].Name)
	}
}

// mounted is what the mounts of one template are held against.
type mounted struct {
	*fields
	// own are the volumes of the template, which every container of the pod
	// may mount. Those of the workflow Argo only adds where it looks for them.
	own map[string]bool
	// added are the volumes of the workflow that Argo adds to the pod.
	added map[string]bool
	// found reports whether a volume may come from elsewhere.
	elsewhere bool
}

// mounts checks the volumes that the containers of a template mount.
// Source: Argo Workflows v3.7.14, workflow/controller/workflowpod.go,
// addVolumeReferences.
func (f *fields) mounts(path string, t *wfv1.Template) {
	m := &mounted{fields: f, elsewhere: !f.alone() || f.Spec.WorkflowTemplateRef != nil}
	m.ownVolumes(path+".volumes", t.Volumes)
	if t == f.Spec.TemplateDefaults {
		return
	}
	for i := range f.defaults().Volumes {
		m.own[f.defaults().Volumes[i].Name] = true
	}
	switch {
	case t.Container != nil:
		m.container(path+".container.volumeMounts", t.Container.VolumeMounts, t.Inputs.Artifacts)
	case t.Script != nil:
		m.container(path+".script.volumeMounts", t.Script.VolumeMounts, t.Inputs.Artifacts)
	case t.ContainerSet != nil:
		m.container(path+".containerSet.volumeMounts", t.ContainerSet.VolumeMounts, t.Inputs.Artifacts)
	default:
		m.inputPaths(path+".inputs.artifacts", nil, t.Inputs.Artifacts)
	}
	for i := range t.InitContainers {
		m.looked(at(path+".initContainers", i)+".volumeMounts", t.InitContainers[i].VolumeMounts)
	}
	for i := range t.Sidecars {
		m.looked(at(path+".sidecars", i)+".volumeMounts", t.Sidecars[i].VolumeMounts)
	}
	if t.ContainerSet != nil {
		m.inSet(path+".containerSet.containers", t.ContainerSet.Containers)
	}
}

// ownVolumes takes down the volumes of a template. Argo has two of its own in
// every pod.
func (m *mounted) ownVolumes(path string, volumes []corev1.Volume) {
	m.own = make(map[string]bool, len(volumes))
	for i := range volumes {
		name := volumes[i].Name
		switch {
		case name == "":
			m.report(RuleVolume, at(path, i)+".name", "name it", "it is not set")
		case name == "var-run-argo" || name == "tmp-dir-argo":
			m.report(RuleVolume, at(path, i)+".name", "rename it", "%s is Argo's own volume in every pod", shown(name))
		case m.own[name]:
			m.report(RuleVolume, at(path, i)+".name", "rename it", "another volume of the template is called %s", shown(name))
		}
		m.own[name] = true
	}
}

// container checks the mounts of the main container, and of all of a set.
func (m *mounted) container(path string, mounts []corev1.VolumeMount, inputs wfv1.Artifacts) {
	m.looked(path, mounts)
	paths := make(map[string]bool, len(mounts))
	for i := range mounts {
		to := strings.TrimRight(mounts[i].MountPath, "/")
		if paths[to] && to != "" && !hasTag(to) {
			m.report(RuleVolume, at(path, i)+".mountPath", "mount it elsewhere", "another volume is mounted at %s", shown(to))
		}
		paths[to] = true
	}
	base := path[:strings.LastIndexByte(path[:strings.LastIndexByte(path, '.')], '.')]
	m.inputPaths(base+".inputs.artifacts", paths, inputs)
}

// inputPaths checks that no artifact is put where a volume or another one is.
func (m *mounted) inputPaths(path string, mounts map[string]bool, inputs wfv1.Artifacts) {
	seen := make(map[string]bool, len(inputs))
	for i := range inputs {
		switch to := strings.TrimRight(inputs[i].Path, "/"); {
		case to == "" || hasTag(to):
		case mounts[to]:
			m.report(RuleVolume, at(path, i)+".path", "put it into the volume's directory, or elsewhere", "a volume is mounted at %s", shown(to))
		case seen[to]:
			m.report(RuleVolume, at(path, i)+".path", "put it elsewhere", "another artifact is put at %s", shown(to))
		default:
			seen[to] = true
		}
	}
}

// looked checks mounts whose volumes Argo looks for: in the template, the
// workflow and its claims.
func (m *mounted) looked(path string, mounts []corev1.VolumeMount) {
	for i := range mounts {
		name := mounts[i].Name
		if m.volumes[name] {
			if m.added == nil {
				m.added = make(map[string]bool)
			}
			m.added[name] = true
			continue
		}
		if !m.own[name] && !m.elsewhere && !hasTag(name) {
			m.report(RuleVolume, at(path, i)+".name", "add the volume to the template or the workflow", "there is no volume %s", shown(name))
		}
	}
}

// inSet checks the mounts of single containers of a set, whose volumes Argo
// doesn't look for.
func (m *mounted) inSet(path string, containers []wfv1.ContainerNode) {
	for i := range containers {
		for j, mount := range containers[i].VolumeMounts {
			field := at(at(path, i)+".volumeMounts", j) + ".name"
			switch {
			case m.own[mount.Name] || m.added[mount.Name] || hasTag(mount.Name):
			case m.volumes[mount.Name]:
				m.report(RuleVolume, field, "mount it in containerSet.volumeMounts, or move the volume to the template",
					"%s is a volume of the workflow, and Argo adds these to the pod only if containerSet.volumeMounts, a sidecar or an init container names them", shown(mount.Name))
			case !m.elsewhere:
				m.report(RuleVolume, field, "add the volume to the template", "there is no volume %s", shown(mount.Name))
			}
		}
	}
}
