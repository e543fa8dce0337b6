package millracetest

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
)

// How long Strimzi takes, on the virtual clock.
const (
	topicTakes = time.Second
	kafkaTakes = 2 * time.Minute
)

// strimzi plays Strimzi's operators.
type strimzi struct{ *environment }

func (s *strimzi) changed(c change) {
	u := c.object
	if u.GroupVersionKind().Group != "kafka.strimzi.io" || c.kind == watch.Deleted || observed(u) {
		return
	}
	if u.GetAnnotations()["strimzi.io/pause-reconciliation"] == "true" {
		s.reconcile(u, topicTakes, func(u *object) { s.conditions(u, s.condition("ReconciliationPaused", "True", "", "")) })
		return
	}
	switch u.GetKind() {
	case "KafkaTopic":
		// Without the label no topic operator feels responsible, for ever.
		if u.GetLabels()["strimzi.io/cluster"] != "" {
			s.reconcile(u, topicTakes, s.topic)
		}
	case "KafkaNodePool":
		s.reconcile(u, topicTakes, s.pool)
	case "Kafka":
		if len(list(u, "status", "conditions")) == 0 {
			s.later(u, topicTakes, func(u *object) bool {
				if len(list(u, "status", "conditions")) > 0 {
					return false
				}
				s.conditions(u, s.condition("NotReady", "True", "Creating", "Kafka cluster is being deployed"))
				return true
			})
			return
		}
		s.reconcile(u, kafkaTakes, s.ready)
	case "KafkaRebalance":
		s.reconcile(u, topicTakes, func(u *object) { s.conditions(u, s.condition("ProposalReady", "True", "", "")) })
	default:
		s.reconcile(u, topicTakes, s.ready)
	}
}

// reconcile changes the object later, if its spec is still the same then, and
// notes that it has seen it.
func (s *strimzi) reconcile(u *object, d time.Duration, edit func(*object)) {
	generation := u.GetGeneration()
	s.later(u, d, func(u *object) bool {
		if u.GetGeneration() != generation || observed(u) {
			return false
		}
		edit(u)
		set(u, generation, "status", "observedGeneration")
		return true
	})
}

func (s *strimzi) topic(u *object) {
	name := text(u, "spec", "topicName")
	if name == "" {
		name = u.GetName()
	}
	if u.GetAnnotations()["strimzi.io/managed"] == "false" {
		s.conditions(u, s.condition("Unmanaged", "True", "", ""))
		return
	}
	if message, ok := s.fails(u); ok {
		s.conditions(u, s.condition("Ready", "False", "NotSupported", message))
		return
	}
	s.conditions(u, s.condition("Ready", "True", "", ""))
	set(u, name, "status", "topicName")
	set(u, string(u.GetUID()), "status", "topicId")
}

func (s *strimzi) pool(u *object) {
	replicas := number(u, "spec", "replicas")
	ids := make([]any, 0, max(replicas, 0))
	for i := range replicas {
		ids = append(ids, i)
	}
	set(u, ids, "status", "nodeIds")
	set(u, replicas, "status", "replicas")
	if roles := list(u, "spec", "roles"); roles != nil {
		set(u, roles, "status", "roles")
	}
}

func (s *strimzi) ready(u *object) {
	if message, ok := s.fails(u); ok {
		s.conditions(u, s.condition("NotReady", "True", "InvalidResourceException", message))
		return
	}
	s.conditions(u, s.condition("Ready", "True", "", ""))
}

func (s *strimzi) conditions(u *object, c map[string]any) { set(u, []any{c}, "status", "conditions") }

// observed reports whether the status is about the spec as it is.
func observed(u *object) bool {
	return u.GetGeneration() != 0 && number(u, "status", "observedGeneration") == u.GetGeneration()
}

func list(u *object, path ...string) []any {
	l, _, _ := unstructured.NestedSlice(u.Object, path...)
	return l
}
