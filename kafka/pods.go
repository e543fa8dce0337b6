package kafka

import (
	"fmt"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Pods returns the pods that Strimzi makes for a Kafka, KafkaNodePool,
// KafkaConnect, KafkaMirrorMaker2 or KafkaBridge, and nothing for other objects.
// Those of the brokers and controllers are the node pools'; a Kafka has its
// entity operator, Cruise Control and exporter.
//
// A pod holds what the object says of it; a pool takes each part of its
// template that it doesn't have from its Kafka, if the bundle has that, as
// Strimzi does since 0.49. What Strimzi adds is left out, so that no pod is
// Whole: images that nobody names, security contexts, certificates,
// configuration. So is the service account, which it makes itself, and volumes
// named after the node ("templatedVolumes"). The pods may share memory with
// the object, and must not be changed.
func Pods(b *millrace.Bundle, o millrace.Object) []millrace.Pod {
	if v := reflect.ValueOf(o); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	switch o := o.(type) {
	case *strimziv1.KafkaNodePool:
		return []millrace.Pod{poolPod(b, o)}
	case *strimziv1.Kafka:
		return kafkaPods(o)
	case *strimziv1.KafkaConnect:
		return connectPods(o)
	case *strimziv1.KafkaMirrorMaker2:
		return []millrace.Pod{mirrorPod(o)}
	case *strimziv1.KafkaBridge:
		return []millrace.Pod{bridgePod(o)}
	}
	return nil
}

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

func deref[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

// stateful writes the template of a Deployment's pods as that of a pod set's:
// they have the same fields, and the latter one more.
func stateful(t *strimziv1.PodTemplate) *strimziv1.StatefulPodTemplate {
	if t == nil {
		return nil
	}
	out := new(strimziv1.StatefulPodTemplate)
	from, to := reflect.ValueOf(t).Elem(), reflect.ValueOf(out).Elem()
	for i := range from.NumField() {
		to.FieldByName(from.Type().Field(i).Name).Set(from.Field(i))
	}
	return out
}

// poolPod is the pod of a pool's nodes.
// Source: Strimzi 1.2.0, cluster-operator, KafkaPool.java.
func poolPod(b *millrace.Bundle, o *strimziv1.KafkaNodePool) millrace.Pod {
	own := deref(o.Spec.Template)
	var image *string
	if b != nil {
		if k, ok := clusterOf(b, o); ok {
			image = k.Spec.Kafka.Image
			if t := k.Spec.Kafka.Template; t != nil {
				own.Pod = firstOf(own.Pod, t.Pod)
				own.KafkaContainer = firstOf(own.KafkaContainer, t.KafkaContainer)
				own.InitContainer = firstOf(own.InitContainer, t.InitContainer)
				own.PersistentVolumeClaim = firstOf(own.PersistentVolumeClaim, t.PersistentVolumeClaim)
			}
		}
	}
	m := newPod(o, "spec", "pod", own.Pod, o.Spec.Replicas)
	if cluster := o.Labels[clusterLabel]; cluster != "" {
		m.component("Kafka", cluster, "-kafka", "metadata.labels["+clusterLabel+"]")
	}
	m.label(poolLabel, o.Name, "metadata.name")
	for _, role := range []strimziv1.ProcessRole{strimziv1.ProcessRoleBroker, strimziv1.ProcessRoleController} {
		m.label("strimzi.io/"+string(role)+"-role", fmt.Sprint(slices.Contains(o.Spec.Roles, role)), "spec.roles")
	}
	m.container(container{"kafka", image, o.Spec.Resources, own.KafkaContainer, "spec", "spec.template.kafkaContainer"})
	m.from("spec.containers[0].image", "metadata.labels["+clusterLabel+"]") // the Kafka's
	m.initContainer("kafka-init", "spec.template.initContainer", own.InitContainer)
	m.disks(o.Spec.Storage, own.PersistentVolumeClaim)
	return m.pod
}

func firstOf[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

// kafkaPods are those beside the nodes of a cluster.
func kafkaPods(o *strimziv1.Kafka) []millrace.Pod {
	var out []millrace.Pod
	add := func(m *podMaker, role string, containers ...container) {
		m.component("Kafka", o.Name, "-"+role, "metadata.name")
		m.pod.Role = role
		for _, c := range containers {
			m.container(c)
		}
		out = append(out, m.pod)
	}
	if e := o.Spec.EntityOperator; e != nil && (e.TopicOperator != nil || e.UserOperator != nil) {
		const at = "spec.entityOperator"
		t := deref(e.Template)
		var containers []container
		if op := e.TopicOperator; op != nil {
			containers = append(containers, container{"topic-operator", op.Image, op.Resources, t.TopicOperatorContainer, at + ".topicOperator", at + ".template.topicOperatorContainer"})
		}
		if op := e.UserOperator; op != nil {
			containers = append(containers, container{"user-operator", op.Image, op.Resources, t.UserOperatorContainer, at + ".userOperator", at + ".template.userOperatorContainer"})
		}
		add(newPod(o, at, "pod", stateful(t.Pod), 1), "entity-operator", containers...)
	}
	if c := o.Spec.CruiseControl; c != nil {
		const at = "spec.cruiseControl"
		t := deref(c.Template)
		add(newPod(o, at, "pod", stateful(t.Pod), 1), "cruise-control",
			container{"cruise-control", c.Image, c.Resources, t.CruiseControlContainer, at, at + ".template.cruiseControlContainer"})
	}
	if e := o.Spec.KafkaExporter; e != nil {
		const at = "spec.kafkaExporter"
		t := deref(e.Template)
		add(newPod(o, at, "pod", stateful(t.Pod), 1), "kafka-exporter",
			container{o.Name + "-kafka-exporter", e.Image, e.Resources, t.Container, at, at + ".template.container"})
	}
	return out
}

// connectPods are the workers of a Connect cluster, and the pod that builds
// their image.
func connectPods(o *strimziv1.KafkaConnect) []millrace.Pod {
	t := deref(o.Spec.Template)
	m := workers(o, "KafkaConnect", "-connect", o.Spec.Replicas, o.Spec.Image, o.Spec.Resources, t)
	out := []millrace.Pod{m.pod}
	if b := o.Spec.Build; b != nil {
		m := newPod(o, "spec", "buildPod", stateful(t.BuildPod), 1)
		m.component("KafkaConnect", o.Name, "-connect-build", "metadata.name")
		m.container(container{o.Name + "-connect-build", nil, b.Resources, t.BuildContainer, "spec.build", "spec.template.buildContainer"})
		m.pod.Role, m.pod.Ends, m.pod.Min = "build", true, 0
		out = append(out, m.pod)
	}
	return out
}

// mirrorPod is the worker of a MirrorMaker, which is a Connect cluster too.
func mirrorPod(o *strimziv1.KafkaMirrorMaker2) millrace.Pod {
	return workers(o, "KafkaMirrorMaker2", "-mirrormaker2", o.Spec.Replicas, o.Spec.Image, o.Spec.Resources, deref(o.Spec.Template)).pod
}

func workers(o millrace.Object, kind, suffix string, replicas int64, image *string, resources *corev1.ResourceRequirements, t strimziv1.KafkaConnectTemplate) *podMaker {
	m := newPod(o, "spec", "pod", t.Pod, replicas)
	m.component(kind, o.GetName(), suffix, "metadata.name")
	m.container(container{o.GetName() + suffix, image, resources, t.ConnectContainer, "spec", "spec.template.connectContainer"})
	m.initContainer(o.GetName()+suffix+"-init", "spec.template.initContainer", t.InitContainer)
	return m
}

// bridgePod is the HTTP bridge.
func bridgePod(o *strimziv1.KafkaBridge) millrace.Pod {
	t := deref(o.Spec.Template)
	m := newPod(o, "spec", "pod", stateful(t.Pod), o.Spec.Replicas)
	m.component("KafkaBridge", o.Name, "-bridge", "metadata.name")
	m.container(container{o.Name + "-bridge", o.Spec.Image, o.Spec.Resources, t.BridgeContainer, "spec", "spec.template.bridgeContainer"})
	m.initContainer(o.Name+"-bridge-init", "spec.template.initContainer", t.InitContainer)
	return m.pod
}
