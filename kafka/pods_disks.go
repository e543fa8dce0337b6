package kafka

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// disks adds the disks of a node: claims, and directories that go with it.
// Source: Strimzi, cluster-operator, VolumeUtils.java and
// PersistentVolumeClaimUtils.java.
func (m *podMaker) disks(s strimziv1.Storage, template *strimziv1.ResourceTemplate) {
	if s.Type != strimziv1.StorageTypeJBOD {
		m.disk(strimziv1.StorageVolume{
			ID: s.ID, Type: strimziv1.StorageVolumeType(s.Type), Class: s.Class, Selector: s.Selector, Size: s.Size,
			SizeLimit: s.SizeLimit, VolumeAttributesClass: s.VolumeAttributesClass,
		}, "spec.storage", template)
		return
	}
	for i, v := range s.Volumes {
		m.disk(v, fmt.Sprintf("spec.storage.volumes[%d]", i), template)
	}
}

func (m *podMaker) disk(v strimziv1.StorageVolume, from string, template *strimziv1.ResourceTemplate) {
	name := "data"
	if v.ID != nil {
		name = fmt.Sprintf("data-%d", *v.ID)
	}
	switch v.Type {
	case strimziv1.StorageVolumeTypeEphemeral:
		spec := &m.pod.Template.Spec
		path := fmt.Sprintf("spec.volumes[%d]", len(spec.Volumes))
		m.from(path, from)
		m.from(path+".name", from)
		m.from(path+".emptyDir", from)
		dir := &corev1.EmptyDirVolumeSource{}
		if q, err := resource.ParseQuantity(deref(v.SizeLimit)); err == nil {
			dir.SizeLimit = &q
		}
		spec.Volumes = append(spec.Volumes, corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{EmptyDir: dir}})
	case strimziv1.StorageVolumeTypePersistentClaim:
		m.claim(v, name, from, template)
	}
}

func (m *podMaker) claim(v strimziv1.StorageVolume, name, from string, template *strimziv1.ResourceTemplate) {
	path := fmt.Sprintf("claims[%d]", len(m.pod.Claims))
	c := corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PersistentVolumeClaimSpec{
		AccessModes:               []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		StorageClassName:          v.Class,
		VolumeAttributesClassName: v.VolumeAttributesClass,
	}}
	for part, field := range map[string]string{
		"": from, ".metadata": "spec.template.persistentVolumeClaim.metadata", ".metadata.name": from,
		".spec": from, ".spec.accessModes": from, ".spec.accessModes[0]": from, ".spec.storageClassName": from + ".class",
		".spec.volumeAttributesClassName": from + ".volumeAttributesClass", ".spec.selector.matchLabels": from + ".selector",
		".spec.resources": from, ".spec.resources.requests": from + ".size", ".spec.resources.requests.storage": from + ".size",
	} {
		m.from(path+part, field)
	}
	if template != nil && template.Metadata != nil {
		c.Labels, c.Annotations = template.Metadata.Labels, template.Metadata.Annotations
	}
	if len(v.Selector) > 0 {
		c.Spec.Selector = &metav1.LabelSelector{MatchLabels: v.Selector}
	}
	if q, err := resource.ParseQuantity(deref(v.Size)); err == nil {
		c.Spec.Resources.Requests = corev1.ResourceList{corev1.ResourceStorage: q}
	}
	m.pod.Claims = append(m.pod.Claims, c)
}
