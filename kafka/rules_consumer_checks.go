package kafka

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/closest"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// scaleTarget names what an autoscaler scales.
type scaleTarget struct{ group, kind, namespace, name string }

// targetOf returns what a ScaledObject scales: a Deployment, where it doesn't
// say its kind.
func targetOf(o *kedav1alpha1.ScaledObject) scaleTarget {
	ref := o.Spec.ScaleTargetRef
	group := "apps"
	if v := deref(ref.APIVersion); v != "" {
		gv, _ := schema.ParseGroupVersion(v)
		group = gv.Group
	}
	return scaleTarget{group, cmp.Or(deref(ref.Kind), "Deployment"), o.Namespace, ref.Name}
}

// scalersOf returns the ScaledObjects that scale a target, in their order, if
// one of them has a Kafka trigger.
func scalersOf(pass *millrace.Pass, target scaleTarget) []*kedav1alpha1.ScaledObject {
	type index struct{}
	scalers := once(pass, index{}, func() map[scaleTarget][]*kedav1alpha1.ScaledObject {
		out := map[scaleTarget][]*kedav1alpha1.ScaledObject{}
		for s := range all[*kedav1alpha1.ScaledObject](pass.Bundle, scaledKind) {
			out[targetOf(s)] = append(out[targetOf(s)], s)
		}
		return out
	})
	if found := scalers[target]; slices.ContainsFunc(found, consumes) {
		return found
	}
	return nil
}

// consumes reports whether a ScaledObject follows the lag of a consumer group,
// by one of KEDA's two scalers for it.
func consumes(o *kedav1alpha1.ScaledObject) bool {
	return slices.ContainsFunc(o.Spec.Triggers, func(t kedav1alpha1.ScaleTriggers) bool { return t.Type == lagTrigger || t.Type == "apache-kafka" })
}

// consumerOf returns the pods of the object of a pass, and its replicas, if it
// is a workload of consumers.
func consumerOf(pass *millrace.Pass) (template *corev1.PodTemplateSpec, replicas *int32) {
	var kind string
	switch o := pass.Object.(type) {
	case *appsv1.Deployment:
		kind, template, replicas = "Deployment", &o.Spec.Template, o.Spec.Replicas
	case *appsv1.StatefulSet:
		kind, template, replicas = "StatefulSet", &o.Spec.Template, o.Spec.Replicas
	default:
		return nil, nil
	}
	if scalersOf(pass, scaleTarget{"apps", kind, pass.Object.GetNamespace(), pass.Object.GetName()}) == nil {
		return nil, nil
	}
	return template, replicas
}

func checkConsumerCPU(pass *millrace.Pass) {
	template, _ := consumerOf(pass)
	if template == nil {
		return
	}
	for i, c := range template.Spec.Containers {
		if limit, ok := c.Resources.Limits[corev1.ResourceCPU]; ok {
			pass.Report(fmt.Sprintf("spec.template.spec.containers[%d].resources.limits.cpu", i), fmt.Sprintf("the container %s is throttled at %s", c.Name, &limit))
		}
	}
}

func checkConsumerMemory(pass *millrace.Pass) {
	template, _ := consumerOf(pass)
	if template == nil {
		return
	}
	for i, c := range template.Spec.Containers {
		if _, ok := c.Resources.Limits[corev1.ResourceMemory]; !ok {
			pass.Report(fmt.Sprintf("spec.template.spec.containers[%d].resources.limits.memory", i), fmt.Sprintf("the container %s has no memory limit", c.Name))
		}
	}
}

func checkConsumerGrace(pass *millrace.Pass) {
	template, _ := consumerOf(pass)
	if template == nil {
		return
	}
	if s := template.Spec.TerminationGracePeriodSeconds; s != nil && *s < int64(consumerClose.Seconds()) {
		pass.Report("spec.template.spec.terminationGracePeriodSeconds", fmt.Sprintf("the consumers are killed after %d seconds", *s))
	}
}

func checkConsumerReplicas(pass *millrace.Pass) {
	if _, replicas := consumerOf(pass); replicas != nil {
		pass.Report("spec.replicas", fmt.Sprintf("it is %d whenever it is applied, and KEDA makes it follow the lag", *replicas))
	}
}

// The annotations by which KEDA leaves an autoscaler alone, or takes it over.
// Source: KEDA 2.21.0, apis/keda/v1alpha1.
const (
	hpaOwnership  = "validations.keda.sh/hpa-ownership"
	hpaTransfered = "scaledobject.keda.sh/transfer-hpa-ownership"
)

func checkConsumerAutoscalers(pass *millrace.Pass, o *kedav1alpha1.ScaledObject) {
	if !consumes(o) {
		return
	}
	const path = "spec.scaleTargetRef.name"
	target := targetOf(o)
	if first := scalersOf(pass, target)[0]; first != o && first.Name != o.Name {
		pass.Report(path, fmt.Sprintf("the ScaledObject %s scales %s %s already", first.Name, target.kind, target.name))
	}
	if o.Annotations[hpaTransfered] == "true" {
		return
	}
	for _, hpa := range autoscalersOf(pass, target) {
		pass.Report(path, fmt.Sprintf("the HorizontalPodAutoscaler %s scales %s %s too", hpa, target.kind, target.name))
	}
}

// autoscalersOf returns the names of the autoscalers of a target that KEDA
// minds.
func autoscalersOf(pass *millrace.Pass, target scaleTarget) []string {
	type index struct{}
	return once(pass, index{}, func() map[scaleTarget][]string {
		out := map[scaleTarget][]string{}
		for hpa := range all[*autoscalingv2.HorizontalPodAutoscaler](pass.Bundle, schema.GroupKind{Group: autoscalingv2.GroupName, Kind: "HorizontalPodAutoscaler"}) {
			ref := hpa.Spec.ScaleTargetRef
			gv, _ := schema.ParseGroupVersion(ref.APIVersion)
			if of := (scaleTarget{gv.Group, ref.Kind, hpa.Namespace, ref.Name}); hpa.Annotations[hpaOwnership] != "false" {
				out[of] = append(out[of], hpa.Name)
			}
		}
		return out
	})[target]
}

// bootstrapPattern is the address of a cluster of Strimzi's.
var bootstrapPattern = regexp.MustCompile(`^([a-z0-9-]+)-kafka-bootstrap(?:\.([a-z0-9-]+))?[.:]`)

// means reports whether a topic may be of the cluster that a trigger connects
// to; known says that the address tells which it is.
func (t trigger) means(b *millrace.Bundle) (means func(*strimziv1.KafkaTopic) bool, known bool) {
	servers, _ := t.value(keyServers)
	m := bootstrapPattern.FindStringSubmatch(servers)
	if m == nil {
		return func(*strimziv1.KafkaTopic) bool { return true }, false
	}
	cluster, namespace := m[1], m[2]
	return func(topic *strimziv1.KafkaTopic) bool {
		if topic.Labels[clusterLabel] != cluster {
			return false
		}
		if namespace == "" || topic.Namespace == namespace {
			return true
		}
		k, ok := clusterOf(b, topic)
		return ok && k.Namespace == namespace
	}, true
}

// topicNameOf is the name that a topic has in Kafka.
func topicNameOf(t *strimziv1.KafkaTopic) string { return cmp.Or(deref(t.Spec.TopicName), t.Name) }

// topicsNamed returns the topics of the bundle that have a name in Kafka.
func topicsNamed(pass *millrace.Pass, name string) []*strimziv1.KafkaTopic {
	type index struct{}
	return once(pass, index{}, func() map[string][]*strimziv1.KafkaTopic {
		out := map[string][]*strimziv1.KafkaTopic{}
		for topic := range all[*strimziv1.KafkaTopic](pass.Bundle, topicKind) {
			out[topicNameOf(topic)] = append(out[topicNameOf(topic)], topic)
		}
		return out
	})[name]
}

// partitions returns how many partitions a trigger's topic has, and false where
// the bundle doesn't tell.
func (t trigger) partitions(pass *millrace.Pass) (int64, bool) {
	name, _ := t.value(keyTopic)
	if limited, _ := t.value(keyLimit); name == "" || limited != "" {
		return 0, false
	}
	means, _ := t.means(pass.Bundle)
	var found []*strimziv1.KafkaTopic
	for _, topic := range topicsNamed(pass, name) {
		if means(topic) {
			found = append(found, topic)
		}
	}
	if len(found) != 1 || found[0].Spec.Partitions == nil {
		return 0, false
	}
	return *found[0].Spec.Partitions, true
}

// checkConsumerMaximum adds up the partitions of all topics, which the members
// of a group share.
func checkConsumerMaximum(pass *millrace.Pass, o *kedav1alpha1.ScaledObject) {
	var sum int64
	seen := map[string]bool{}
	for _, t := range triggersOf(o) {
		n, ok := t.partitions(pass)
		if !ok {
			return
		}
		if name, _ := t.value(keyTopic); !seen[name] {
			sum += n
			seen[name] = true
		}
	}
	var f faults
	maximumFaults(&f, o, sum)
	f.suggest(pass, ruleMaximum)
}

func checkConsumerTopic(pass *millrace.Pass, o *kedav1alpha1.ScaledObject) {
	for _, t := range triggersOf(o) {
		name, _ := t.value(keyTopic)
		means, known := t.means(pass.Bundle)
		if name == "" || !known || slices.ContainsFunc(topicsNamed(pass, name), means) {
			continue
		}
		var names []string
		for topic := range all[*strimziv1.KafkaTopic](pass.Bundle, topicKind) {
			if means(topic) {
				names = append(names, topicNameOf(topic))
			}
		}
		if meant, ok := closest.Name(name, slices.Values(names)); ok {
			pass.Suggest(t.path(keyTopic), fmt.Sprintf("the cluster's KafkaTopics have no %q among them", name), "did you mean "+meant+"?")
		}
	}
}

func checkConsumerAuth(pass *millrace.Pass, o *kedav1alpha1.ScaledObject) {
	for _, t := range triggersOf(o) {
		var auth *kedav1alpha1.TriggerAuthentication
		if ref := t.AuthenticationRef; ref != nil {
			found, _ := pass.Bundle.Find(authKind, o.Namespace, ref.Name)
			var ok bool
			if auth, ok = found.(*kedav1alpha1.TriggerAuthentication); !ok || ref.Kind == kedav1alpha1.AuthenticationRefKindClusterTriggerAuthentication || !tellsAll(auth) {
				continue
			}
		}
		var f faults
		t.authFaults(&f, auth)
		f.suggest(pass, ruleAuth)
	}
}
