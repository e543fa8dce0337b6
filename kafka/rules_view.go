package kafka

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

var (
	kafkaKind = schema.GroupKind{Group: strimziv1.GroupVersion.Group, Kind: "Kafka"}
	poolKind  = schema.GroupKind{Group: strimziv1.GroupVersion.Group, Kind: "KafkaNodePool"}
)

// clusterOf returns the cluster that an object's label names, and what to look
// its pools up by. Topics and users may lie in another namespace than their
// cluster, if the operator for them watches that one.
func clusterOf(b *millrace.Bundle, o millrace.Object) (*strimziv1.Kafka, bool) {
	name := o.GetLabels()[clusterLabel]
	if name == "" {
		return nil, false
	}
	if found, ok := b.Find(kafkaKind, o.GetNamespace(), name); ok {
		k, ok := found.(*strimziv1.Kafka)
		return k, ok
	}
	for _, found := range b.OfKind(kafkaKind) {
		k, ok := found.(*strimziv1.Kafka)
		if !ok || k.Name != name {
			continue
		}
		if watched, ok := watches(k, o); ok && watched == o.GetNamespace() {
			return k, true
		}
	}
	return nil, false
}

// watches returns the namespace that a cluster's operator for objects of this
// kind looks at. It reports false where nobody looks at them.
func watches(k *strimziv1.Kafka, o millrace.Object) (namespace string, ok bool) {
	e := k.Spec.EntityOperator
	if e == nil {
		return "", false
	}
	var watched *string
	switch o.(type) {
	case *strimziv1.KafkaTopic:
		if e.TopicOperator == nil {
			return "", false
		}
		watched = e.TopicOperator.WatchedNamespace
	case *strimziv1.KafkaUser:
		if e.UserOperator == nil {
			return "", false
		}
		watched = e.UserOperator.WatchedNamespace
	default:
		return "", false
	}
	if watched == nil || *watched == "" {
		return k.Namespace, true
	}
	return *watched, true
}

// nodes counts the nodes of a cluster that have a role, over all pools of the
// bundle. It reports false where the bundle has no such pool, since the pools
// then are elsewhere.
func nodes(b *millrace.Bundle, namespace, cluster string, role strimziv1.ProcessRole) (n int64, ok bool) {
	for _, pool := range poolsOf(b, namespace, cluster) {
		if slices.Contains(pool.Spec.Roles, role) {
			n += pool.Spec.Replicas
			ok = true
		}
	}
	return n, ok
}

// poolsOf returns the pools of a cluster that the bundle has.
func poolsOf(b *millrace.Bundle, namespace, cluster string) []*strimziv1.KafkaNodePool {
	var out []*strimziv1.KafkaNodePool
	for _, o := range b.OfKind(poolKind) {
		if pool, ok := o.(*strimziv1.KafkaNodePool); ok && pool.Namespace == namespace && pool.Labels[clusterLabel] == cluster {
			out = append(out, pool)
		}
	}
	return out
}

// clusterReplication returns how many replicas topics of a cluster get that
// don't say it; Kafka's own default is 1.
func clusterReplication(k *strimziv1.Kafka) int64 {
	if n, ok := configInt(k.Spec.Kafka.Config, keyReplication); ok {
		return n
	}
	return 1
}

// clusterMinInSync returns how many replicas must be in sync for topics that
// don't say it; the operator sets 1 where the cluster doesn't.
func clusterMinInSync(k *strimziv1.Kafka) int64 {
	if n, ok := configInt(k.Spec.Kafka.Config, keyMinInSync); ok {
		return n
	}
	return 1
}
