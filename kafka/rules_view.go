package kafka

import (
	"iter"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

var (
	kafkaKind     = strimziKind("Kafka")
	poolKind      = strimziKind("KafkaNodePool")
	topicKind     = strimziKind("KafkaTopic")
	userKind      = strimziKind("KafkaUser")
	connectKind   = strimziKind("KafkaConnect")
	mirrorKind    = strimziKind("KafkaMirrorMaker2")
	rebalanceKind = strimziKind("KafkaRebalance")
)

func strimziKind(kind string) schema.GroupKind {
	return schema.GroupKind{Group: strimziv1.GroupVersion.Group, Kind: kind}
}

// on is the check of a rule that looks at objects of one type.
func on[T millrace.Object](check func(*millrace.Pass, T)) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		if o, ok := pass.Object.(T); ok {
			check(pass, o)
		}
	}
}

// both is the check of a rule that looks in two ways.
func both(first, second func(*millrace.Pass)) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		first(pass)
		second(pass)
	}
}

// all yields the objects of a kind that are of its type.
func all[T millrace.Object](b *millrace.Bundle, kind schema.GroupKind) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, o := range b.OfKind(kind) {
			if typed, ok := o.(T); ok && !yield(typed) {
				return
			}
		}
	}
}

// once is Pass.Once for values of one type. Rules that look for an object among
// others do it by an index, so that each costs the same however many there are.
func once[T any](pass *millrace.Pass, key any, f func() T) T {
	v, _ := pass.Once(key, func() any { return f() }).(T)
	return v
}

// clusterOf returns the cluster that an object's label names. Topics and users
// may lie in another namespace than their cluster, if the operator for them
// watches that one.
func clusterOf(b *millrace.Bundle, o millrace.Object) (*strimziv1.Kafka, bool) {
	name := o.GetLabels()[clusterLabel]
	if name == "" {
		return nil, false
	}
	if found, ok := b.Find(kafkaKind, o.GetNamespace(), name); ok {
		k, ok := found.(*strimziv1.Kafka)
		return k, ok
	}
	for k := range all[*strimziv1.Kafka](b, kafkaKind) {
		if k.Name != name {
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
func nodes(pass *millrace.Pass, namespace, cluster string, role strimziv1.ProcessRole) (n int64, ok bool) {
	for _, pool := range poolsOf(pass, namespace, cluster) {
		if slices.Contains(pool.Spec.Roles, role) {
			n += pool.Spec.Replicas
			ok = true
		}
	}
	return n, ok
}

// brokersOf counts the brokers of a cluster.
func brokersOf(pass *millrace.Pass, k *strimziv1.Kafka) (n int64, ok bool) {
	return nodes(pass, k.Namespace, k.Name, strimziv1.ProcessRoleBroker)
}

// poolsOf returns the pools of a cluster that the bundle has.
func poolsOf(pass *millrace.Pass, namespace, cluster string) []*strimziv1.KafkaNodePool {
	type index struct{}
	type of struct{ namespace, cluster string }
	return once(pass, index{}, func() map[of][]*strimziv1.KafkaNodePool {
		out := map[of][]*strimziv1.KafkaNodePool{}
		for pool := range all[*strimziv1.KafkaNodePool](pass.Bundle, poolKind) {
			id := of{pool.Namespace, pool.Labels[clusterLabel]}
			out[id] = append(out[id], pool)
		}
		return out
	})[of{namespace, cluster}]
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
