package builtin

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/schema"
)

// volume finds what a mount names, and whether a claim is behind it. Volumes
// with problems are not there.
func (p *podCheck) volume(name string) (claim, ok bool) {
	if p.claimTemplate(name) {
		return true, true
	}
	for i := range p.spec.Volumes {
		if v := &p.spec.Volumes[i]; v.Name == name && !slices.Contains(p.faulty, i) {
			return v.PersistentVolumeClaim != nil || v.Ephemeral != nil, true
		}
	}
	return false, false
}

func (p *podCheck) noVolume(field, name string) {
	p.problem(field, schema.RuleInvalid, "is "+show(name)+", which is no volume of the pod, or one with problems", "name one of spec.volumes")
}

// volumeMounts checks where the container sees its volumes.
func (p *podCheck) volumeMounts(c *corev1.Container) {
	var paths set[string]
	p.enter("volumeMounts")
	for i := range c.VolumeMounts {
		m := &c.VolumeMounts[i]
		p.item(i)
		if _, ok := p.volume(m.Name); m.Name == "" {
			p.required("name", "name the volume")
		} else if !ok && !p.partial {
			p.noVolume("name", m.Name)
		}
		if m.MountPath == "" {
			p.required("mountPath", "say where to mount it")
		}
		if !paths.addNew(m.MountPath) {
			p.duplicate("mountPath", m.MountPath)
		}
		p.overlap(m, c.VolumeDevices)
		if m.SubPath != "" && m.SubPathExpr != "" {
			p.problem("subPathExpr", schema.RuleInvalid, "is set beside subPath", "keep one of the two")
		}
		p.inside("subPath", m.SubPath)
		p.inside("subPathExpr", m.SubPathExpr)
		amongIfSet(p.checker, "mountPropagation", m.MountPropagation, corev1.MountPropagationBidirectional, corev1.MountPropagationHostToContainer, corev1.MountPropagationNone)
		if m.MountPropagation != nil && *m.MountPropagation == corev1.MountPropagationBidirectional && !privileged(c) {
			p.forbidden("mountPropagation", "is Bidirectional in a container that isn't privileged", "use HostToContainer, or privileged: true")
		}
		p.recursiveReadOnly(m)
		p.leave()
	}
	p.leave()
}

func privileged(c *corev1.Container) bool {
	return c.SecurityContext != nil && c.SecurityContext.Privileged != nil && *c.SecurityContext.Privileged
}

// overlap reports a mount that is a device as well. Of devices with the same
// name, the server looks at the last one.
func (p *podCheck) overlap(m *corev1.VolumeMount, devices []corev1.VolumeDevice) {
	name, at := false, false
	for i := range devices {
		name = name || devices[i].Name == m.Name
		at = at || devices[i].DevicePath == m.MountPath && lastDevice(devices, i)
	}
	if name {
		p.problem("name", schema.RuleInvalid, "is "+show(m.Name)+", which is one of volumeDevices as well", "keep one of the two")
	}
	if at && !p.left(m.MountPath) {
		p.problem("mountPath", schema.RuleInvalid, "is "+show(m.MountPath)+", where one of volumeDevices is", "use another path")
	}
}

func lastDevice(devices []corev1.VolumeDevice, i int) bool {
	return !slices.ContainsFunc(devices[i+1:], func(d corev1.VolumeDevice) bool { return d.Name == devices[i].Name })
}

func lastMount(mounts []corev1.VolumeMount, i int) bool {
	return !slices.ContainsFunc(mounts[i+1:], func(m corev1.VolumeMount) bool { return m.Name == mounts[i].Name })
}

func (p *podCheck) recursiveReadOnly(m *corev1.VolumeMount) {
	if m.RecursiveReadOnly == nil {
		return
	}
	switch *m.RecursiveReadOnly {
	case corev1.RecursiveReadOnlyDisabled:
	case corev1.RecursiveReadOnlyEnabled, corev1.RecursiveReadOnlyIfPossible:
		if !m.ReadOnly {
			p.forbidden("recursiveReadOnly", "is set, and readOnly is not true", "set readOnly: true, or take it out")
		}
		if m.MountPropagation != nil && *m.MountPropagation != corev1.MountPropagationNone {
			p.forbidden("recursiveReadOnly", "is set beside a mountPropagation", "keep one of the two")
		}
	default:
		amongIfSet(p.checker, "recursiveReadOnly", m.RecursiveReadOnly, corev1.RecursiveReadOnlyDisabled, corev1.RecursiveReadOnlyIfPossible, corev1.RecursiveReadOnlyEnabled)
	}
}

// volumeDevices checks the volumes that the container sees as block devices.
func (p *podCheck) volumeDevices(c *corev1.Container) {
	var names, paths set[string]
	p.enter("volumeDevices")
	for i := range c.VolumeDevices {
		d := &c.VolumeDevices[i]
		p.item(i)
		switch claim, ok := p.volume(d.Name); {
		case d.Name == "":
			p.required("name", "name the volume")
		case !ok:
			if !p.partial {
				p.noVolume("name", d.Name)
			}
		case !claim:
			p.problem("name", schema.RuleInvalid, "is "+show(d.Name)+", which is no claim", "use a persistentVolumeClaim or an ephemeral volume")
		}
		if d.Name != "" && !names.addNew(d.Name) {
			p.duplicate("name", d.Name)
		}
		if d.DevicePath == "" {
			p.required("devicePath", "say where the device is")
		}
		if paths.has(d.DevicePath) {
			p.duplicate("devicePath", d.DevicePath)
		}
		if climbs(d.DevicePath) {
			p.noBacksteps("devicePath", d.DevicePath)
		} else {
			paths.addNew(d.DevicePath)
		}
		name, at := false, false
		for j := range c.VolumeMounts {
			name = name || c.VolumeMounts[j].Name == d.Name
			at = at || c.VolumeMounts[j].MountPath == d.DevicePath && lastMount(c.VolumeMounts, j)
		}
		if name {
			p.problem("name", schema.RuleInvalid, "is "+show(d.Name)+", which is one of volumeMounts as well", "keep one of the two")
		}
		if at && !p.left(d.DevicePath) {
			p.problem("devicePath", schema.RuleInvalid, "is "+show(d.DevicePath)+", where one of volumeMounts is", "use another path")
		}
		p.leave()
	}
	p.leave()
}
