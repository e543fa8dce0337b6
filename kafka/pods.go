package kafka

import (
	"cmp"
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
	if isNil(o) {
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

// isNil reports whether there is no object.
func isNil(o millrace.Object) bool {
	v := reflect.ValueOf(o)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
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
				own.Pod = cmp.Or(own.Pod, t.Pod)
				own.KafkaContainer = cmp.Or(own.KafkaContainer, t.KafkaContainer)
				own.InitContainer = cmp.Or(own.InitContainer, t.InitContainer)
				own.PersistentVolumeClaim = cmp.Or(own.PersistentVolumeClaim, t.PersistentVolumeClaim)
			}
		}
	}
	m := newPod(o, "spec", "pod", own.Pod, o.Spec.Replicas)
	m.pod.Count = "spec.replicas"
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
	m.pod.Count = "spec.replicas"
	m.component(kind, o.GetName(), suffix, "metadata.name")
	m.container(container{o.GetName() + suffix, image, resources, t.ConnectContainer, "spec", "spec.template.connectContainer"})
	m.initContainer(o.GetName()+suffix+"-init", "spec.template.initContainer", t.InitContainer)
	return m
}

// bridgePod is the HTTP bridge.
func bridgePod(o *strimziv1.KafkaBridge) millrace.Pod {
	t := deref(o.Spec.Template)
	m := newPod(o, "spec", "pod", stateful(t.Pod), o.Spec.Replicas)
	m.pod.Count = "spec.replicas"
	m.component("KafkaBridge", o.Name, "-bridge", "metadata.name")
	m.container(container{o.Name + "-bridge", o.Spec.Image, o.Spec.Resources, t.BridgeContainer, "spec", "spec.template.bridgeContainer"})
	m.initContainer(o.Name+"-bridge-init", "spec.template.initContainer", t.InitContainer)
	return m.pod
}
