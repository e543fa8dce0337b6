package kafka

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// The labels by which Strimzi, and its users, select its pods.
// Source: Strimzi, operator-common, Labels.java.
const (
	kindLabel = "strimzi.io/kind"
	nameLabel = "strimzi.io/name"
	poolLabel = "strimzi.io/pool-name"
)

// podMaker makes one sort of pod of Strimzi's.
type podMaker struct {
	pod millrace.Pod
	at  string // the path of what it is for
}

// newPod begins a pod with its template, which stands at a path below at.
func newPod(owner millrace.Object, at, template string, of *strimziv1.StatefulPodTemplate, replicas int64) *podMaker {
	n := int(max(replicas, 0))
	path := at + ".template." + template
	m := &podMaker{at: at, pod: millrace.Pod{
		Owner: millrace.RefOf(owner), Namespace: owner.GetNamespace(), Min: n, Max: n,
		Path: path, Fields: map[string]string{"spec": path, "metadata": path + ".metadata"},
	}}
	if of != nil {
		m.template(of)
	}
	return m
}

func (m *podMaker) from(path, field string) { m.pod.Fields[path] = field }

func (m *podMaker) label(key, value, from string) {
	meta := &m.pod.Template.ObjectMeta
	if meta.Labels == nil {
		meta.Labels = make(map[string]string)
	}
	meta.Labels[key] = value
	m.from("metadata.labels["+key+"]", from)
}

// component adds the labels of one of Strimzi's components.
func (m *podMaker) component(kind, cluster, suffix, from string) {
	m.label(clusterLabel, cluster, from)
	m.label(nameLabel, cluster+suffix, from)
	m.label(kindLabel, kind, m.at)
}

// template lays out what the user says of the pods.
func (m *podMaker) template(t *strimziv1.StatefulPodTemplate) {
	meta, spec := &m.pod.Template.ObjectMeta, &m.pod.Template.Spec
	if t.Metadata != nil {
		for key, value := range t.Metadata.Labels {
			m.label(key, value, m.pod.Path+".metadata.labels["+key+"]")
		}
		meta.Annotations = t.Metadata.Annotations
	}
	*spec = corev1.PodSpec{
		ImagePullSecrets:              t.ImagePullSecrets,
		SecurityContext:               t.SecurityContext,
		TerminationGracePeriodSeconds: t.TerminationGracePeriodSeconds,
		Affinity:                      t.Affinity,
		Tolerations:                   t.Tolerations,
		TopologySpreadConstraints:     t.TopologySpreadConstraints,
		PriorityClassName:             deref(t.PriorityClassName),
		SchedulerName:                 deref(t.SchedulerName),
		HostAliases:                   t.HostAliases,
		DNSPolicy:                     t.DNSPolicy,
		DNSConfig:                     t.DNSConfig,
		EnableServiceLinks:            t.EnableServiceLinks,
		HostUsers:                     t.HostUsers,
	}
	for _, v := range t.Volumes {
		spec.Volumes = append(spec.Volumes, corev1.Volume{Name: deref(v.Name), VolumeSource: corev1.VolumeSource{
			Secret: v.Secret, ConfigMap: v.ConfigMap, EmptyDir: v.EmptyDir, PersistentVolumeClaim: v.PersistentVolumeClaim, CSI: v.CSI, Image: v.Image,
		}})
	}
}

// container is one of a pod's.
type container struct {
	name      string
	image     *string
	resources *corev1.ResourceRequirements
	template  *strimziv1.ContainerTemplate
	at        string // the path of its image and resources
	path      string // the path of its template
}

// container adds one of the pod's containers.
func (m *podMaker) container(c container) {
	list, path := &m.pod.Template.Spec.Containers, fmt.Sprintf("spec.containers[%d]", len(m.pod.Template.Spec.Containers))
	m.from(path, c.path)
	m.from(path+".name", c.at)
	m.from(path+".image", c.at+".image")
	m.from(path+".resources", c.at+".resources")
	out := corev1.Container{Name: c.name, Image: deref(c.image)}
	if c.resources != nil {
		out.Resources = *c.resources
	}
	*list = append(*list, c.lay(out))
}

// initContainer adds the init container, which is there with a rack or a
// NodePort listener, if the user says anything of it.
func (m *podMaker) initContainer(name, path string, t *strimziv1.ContainerTemplate) {
	if t == nil {
		return
	}
	m.from("spec.initContainers[0]", path)
	m.from("spec.initContainers[0].name", path)
	m.pod.Template.Spec.InitContainers = []corev1.Container{container{template: t}.lay(corev1.Container{Name: name})}
}

// lay adds what the user says of a container.
func (c container) lay(out corev1.Container) corev1.Container {
	if c.template == nil {
		return out
	}
	out.SecurityContext, out.VolumeMounts = c.template.SecurityContext, c.template.VolumeMounts
	for _, e := range c.template.Env {
		v := corev1.EnvVar{Name: deref(e.Name), Value: deref(e.Value)}
		if e.ValueFrom != nil {
			v.ValueFrom = &corev1.EnvVarSource{SecretKeyRef: e.ValueFrom.SecretKeyRef, ConfigMapKeyRef: e.ValueFrom.ConfigMapKeyRef}
		}
		out.Env = append(out.Env, v)
	}
	return out
}
