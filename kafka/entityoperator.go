package kafka

import (
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// EntityOperator manages the topics and users of a cluster by their objects:
// a pod with an operator for each.
type EntityOperator struct {
	// NoTopics leaves out the topic operator. KafkaTopic objects of this
	// cluster then do nothing.
	//
	// Rendered as the absence of spec.entityOperator.topicOperator.
	NoTopics bool

	// NoUsers leaves out the user operator. KafkaUser objects of this cluster
	// then do nothing.
	//
	// Rendered as the absence of spec.entityOperator.userOperator.
	NoUsers bool

	// Topics is the topic operator.
	Topics TopicOperator

	// Users is the user operator.
	Users UserOperator

	// Pod is what the pod of both gets beside.
	//
	// Rendered in spec.entityOperator.template.pod.
	Pod PodTemplate

	// Placement says which nodes the pod runs on.
	//
	// Rendered in spec.entityOperator.template.pod, the node selector as a
	// required node affinity.
	Placement millrace.Placement
}

// TopicOperator makes the topics that KafkaTopic objects describe.
//
// Rendered in spec.entityOperator.topicOperator.
type TopicOperator struct {
	// Namespace is where it looks for KafkaTopic objects; only there.
	//
	// Empty means the namespace of the cluster.
	//
	// Rendered as watchedNamespace.
	Namespace string

	// Interval is how often it compares topics with their objects, beside
	// when one changes. Whole milliseconds.
	//
	// Zero means two minutes.
	//
	// Rendered as reconciliationIntervalMs.
	Interval time.Duration

	// Resources are memory and CPU of its container. Zero fields mean 256 MiB
	// and 0.1 cores; with thousands of topics it needs more.
	//
	// Rendered as resources.
	Resources Resources

	// Heap is the heap of its JVM. Whole MiB.
	//
	// Zero leaves it to Strimzi, by a share of the memory.
	//
	// Rendered as jvmOptions, -Xms and -Xmx.
	Heap millrace.Bytes

	// Loggers are the levels of its loggers, such as "rootLogger.level": "INFO".
	//
	// Rendered as logging of type inline.
	Loggers map[string]string
}

// UserOperator makes the users that KafkaUser objects describe.
//
// Rendered in spec.entityOperator.userOperator.
type UserOperator struct {
	// Namespace is where it looks for KafkaUser objects, and makes their
	// secrets; only there.
	//
	// Empty means the namespace of the cluster.
	//
	// Rendered as watchedNamespace.
	Namespace string

	// SecretPrefix begins the names of the secrets that it makes; the name of
	// the user follows.
	//
	// Empty means none: a secret is called as its user.
	//
	// Rendered as secretPrefix.
	SecretPrefix string

	// Interval is how often it compares users with their objects, beside when
	// one changes. Whole milliseconds.
	//
	// Zero means two minutes.
	//
	// Rendered as reconciliationIntervalMs.
	Interval time.Duration

	// Resources are memory and CPU of its container. Zero fields mean 256 MiB
	// and 0.1 cores; with thousands of users it needs more.
	//
	// Rendered as resources.
	Resources Resources

	// Heap is the heap of its JVM. Whole MiB.
	//
	// Zero leaves it to Strimzi, by a share of the memory.
	//
	// Rendered as jvmOptions, -Xms and -Xmx.
	Heap millrace.Bytes

	// Loggers are the levels of its loggers, such as "rootLogger.level": "INFO".
	//
	// Rendered as logging of type inline.
	Loggers map[string]string
}

const (
	// operatorMemory and operatorCPU are what Strimzi gives to the two
	// operators where they run on their own.
	// Source: Strimzi, install/topic-operator and install/user-operator.
	operatorMemory = 256 * millrace.MiB
	operatorCPU    = 0.1
)

func (e EntityOperator) make(m *making) {
	base := m.cluster.Base.EntityOperator
	if base == nil {
		base = &strimziv1.EntityOperatorSpec{}
	}
	fields, filled := &strimziv1.EntityOperatorSpec{}, &strimziv1.EntityOperatorSpec{}
	if e.NoTopics {
		e.without(m, "EntityOperator.NoTopics", "EntityOperator.Topics", isZero(e.Topics))
		if base.TopicOperator != nil {
			turnedOff(m.Problems, "Base.EntityOperator.TopicOperator", "EntityOperator.NoTopics")
		}
	} else {
		fields.TopicOperator, filled.TopicOperator = e.Topics.make(m, base.TopicOperator)
	}
	if e.NoUsers {
		e.without(m, "EntityOperator.NoUsers", "EntityOperator.Users", isZero(e.Users))
		if base.UserOperator != nil {
			turnedOff(m.Problems, "Base.EntityOperator.UserOperator", "EntityOperator.NoUsers")
		}
	} else {
		fields.UserOperator, filled.UserOperator = e.Users.make(m, base.UserOperator)
	}
	fields.Template = e.template(m)
	if e.NoTopics && e.NoUsers {
		if fields.Template != nil {
			m.Conflict("EntityOperator.Pod", "neither of the two operators runs, and there is no pod", "leave Pod and Placement out")
		}
		return
	}
	if !isZero(*fields) {
		m.fields.EntityOperator = fields
	}
	m.filled.EntityOperator = filled
}

// template writes that of the pod, of which both operators' containers get the
// same.
func (e EntityOperator) template(m *making) *strimziv1.EntityOperatorTemplate {
	const field, path = "EntityOperator.Pod", "spec.entityOperator.template"
	out := &strimziv1.EntityOperatorTemplate{Pod: plain(e.Pod.make(m.Problems, field, e.Placement, "EntityOperator.Placement"))}
	container := e.Pod.container(m.Problems, field)
	if !e.NoTopics {
		out.TopicOperatorContainer = container
		e.Pod.origins(m.origins, path+".pod", path+".topicOperatorContainer", field)
	}
	if !e.NoUsers {
		out.UserOperatorContainer = container.DeepCopy()
		e.Pod.origins(m.origins, path+".pod", path+".userOperatorContainer", field)
	}
	if isZero(*out) {
		return nil
	}
	return out
}

// without reports what is said of an operator that is left out.
func (EntityOperator) without(m *making, field, operator string, nothing bool) {
	if !nothing {
		m.Conflict(field, "the field "+operator+" says how it is to run", "leave one of the two out")
	}
}

func (t TopicOperator) make(m *making, base *strimziv1.EntityTopicOperatorSpec) (fields, filled *strimziv1.EntityTopicOperatorSpec) {
	const at, path = "EntityOperator.Topics", "spec.entityOperator.topicOperator"
	m.Namespace(at+".Namespace", t.Namespace)
	given, more, jvm := m.run(at, path, resourcesOf(base, func(s *strimziv1.EntityTopicOperatorSpec) resources { return s.Resources }), t.Resources, t.Heap, operatorMemory, operatorCPU)
	filled = &strimziv1.EntityTopicOperatorSpec{Resources: more}
	fields = &strimziv1.EntityTopicOperatorSpec{
		WatchedNamespace:         text(t.Namespace),
		ReconciliationIntervalMs: milliseconds(m.Problems, at+".Interval", t.Interval),
		Resources:                given,
		JVMOptions:               jvm,
		Logging:                  logging(m.Problems, at+".Loggers", t.Loggers),
	}
	if isZero(*fields) {
		fields = nil
	}
	return fields, filled
}

func (u UserOperator) make(m *making, base *strimziv1.EntityUserOperatorSpec) (fields, filled *strimziv1.EntityUserOperatorSpec) {
	const at, path = "EntityOperator.Users", "spec.entityOperator.userOperator"
	m.Namespace(at+".Namespace", u.Namespace)
	if u.SecretPrefix != "" {
		m.Name(at+".SecretPrefix", u.SecretPrefix+"x") // A name may not end as a prefix does.
	}
	given, more, jvm := m.run(at, path, resourcesOf(base, func(s *strimziv1.EntityUserOperatorSpec) resources { return s.Resources }), u.Resources, u.Heap, operatorMemory, operatorCPU)
	filled = &strimziv1.EntityUserOperatorSpec{Resources: more}
	fields = &strimziv1.EntityUserOperatorSpec{
		WatchedNamespace:         text(u.Namespace),
		SecretPrefix:             text(u.SecretPrefix),
		ReconciliationIntervalMs: milliseconds(m.Problems, at+".Interval", u.Interval),
		Resources:                given,
		JVMOptions:               jvm,
		Logging:                  logging(m.Problems, at+".Loggers", u.Loggers),
	}
	if isZero(*fields) {
		fields = nil
	}
	return fields, filled
}

// entityOperatorFaults are what the operator refuses.
func entityOperatorFaults(e *strimziv1.EntityOperatorSpec) (f faults) {
	if e == nil {
		return nil
	}
	if op := e.TopicOperator; op != nil {
		f.resources("spec.entityOperator.topicOperator.resources", op.Resources)
		f.jvm("spec.entityOperator.topicOperator.jvmOptions", op.JVMOptions, op.Resources)
	}
	if op := e.UserOperator; op != nil {
		f.resources("spec.entityOperator.userOperator.resources", op.Resources)
		f.jvm("spec.entityOperator.userOperator.jvmOptions", op.JVMOptions, op.Resources)
	}
	if t := e.Template; t != nil {
		const at = "spec.entityOperator.template"
		f.template(at+".pod", stateful(t.Pod), ownVolumes, containerTemplate{at + ".topicOperatorContainer", t.TopicOperatorContainer},
			containerTemplate{at + ".userOperatorContainer", t.UserOperatorContainer})
	}
	return f
}
