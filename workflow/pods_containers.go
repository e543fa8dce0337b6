package workflow

import (
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
)

// mainContainer is what Argo calls the container of a template.
const mainContainer = "main"

// containers adds those of the template, and beside them its sidecars.
func (m *podMaker) containers() {
	t, spec := m.template, &m.pod.Template.Spec
	main := func(c corev1.Container, path string) {
		c.Name = mainContainer
		m.from("spec.containers[0]", path)
		m.from("spec.containers[0].name", path)
		spec.Containers = append(spec.Containers, c)
	}
	switch {
	case t.Container != nil:
		main(*t.Container, m.at+".container")
	case t.Script != nil:
		main(t.Script.Container, m.at+".script")
	case t.ContainerSet != nil:
		set := m.at + ".containerSet"
		for i, c := range t.ContainerSet.Containers {
			path := at("spec.containers", i)
			m.from(path, at(set+".containers", i))
			if c.Name == "" {
				c.Name = mainContainer
				m.from(path+".name", at(set+".containers", i))
			}
			m.mount(&c.Container, path, t.ContainerSet.VolumeMounts, func(i int) string { return at(set+".volumeMounts", i) })
			spec.Containers = append(spec.Containers, c.Container)
		}
	}
	m.beside(&spec.InitContainers, t.InitContainers, "initContainers", "initContainers")
	m.beside(&spec.Containers, t.Sidecars, "containers", "sidecars")
}

// mount adds mounts that stand elsewhere to a container.
func (m *podMaker) mount(c *corev1.Container, path string, mounts []corev1.VolumeMount, from func(i int) string) {
	for i, v := range mounts {
		m.from(at(path+".volumeMounts", len(c.VolumeMounts)), from(i))
		c.VolumeMounts = append(slices.Clip(c.VolumeMounts), v)
	}
}

// beside adds containers to the main one's, which may have its mounts.
func (m *podMaker) beside(list *[]corev1.Container, more []wfv1.UserContainer, in, field string) {
	own := slices.IndexFunc(m.pod.Template.Spec.Containers, func(c corev1.Container) bool { return c.Name == mainContainer })
	for i, c := range more {
		path := at("spec."+in, len(*list))
		m.from(path, at(m.at+"."+field, i))
		if own >= 0 && c.MirrorVolumeMounts != nil && *c.MirrorVolumeMounts {
			mounts := at("spec.containers", own) + ".volumeMounts"
			m.mount(&c.Container, path, m.pod.Template.Spec.Containers[own].VolumeMounts, func(i int) string { return m.pod.Field(at(mounts, i)) })
		}
		*list = append(*list, c.Container)
	}
}

// volumes adds the template's, those of the workflow that are mounted, and the
// workflow's claims.
func (m *podMaker) volumes() {
	spec := &m.pod.Template.Spec
	for i, v := range m.template.Volumes {
		m.from(at("spec.volumes", i), at(m.at+".volumes", i))
		spec.Volumes = append(spec.Volumes, v)
	}
	mounted := make(map[string]bool)
	for _, c := range slices.Concat(spec.InitContainers, spec.Containers) {
		for _, v := range c.VolumeMounts {
			mounted[v.Name] = true
		}
	}
	for _, v := range spec.Volumes {
		delete(mounted, v.Name)
	}
	for i, v := range m.Volumes {
		if mounted[v.Name] {
			m.from(at("spec.volumes", len(spec.Volumes)), at(m.path+".volumes", i))
			spec.Volumes = append(spec.Volumes, v)
		}
	}
}
