package kafka

import "github.com/millrace/millrace/kafka/strimziv1"

// EntityOperator manages the topics and users of a cluster by their objects.
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
}

func (e EntityOperator) make(m *making) {
	base := m.cluster.Base.EntityOperator
	made := &strimziv1.EntityOperatorSpec{}
	if e.NoTopics {
		m.off("EntityOperator.NoTopics", "Base.EntityOperator.TopicOperator", base != nil && base.TopicOperator != nil)
	} else {
		made.TopicOperator = &strimziv1.EntityTopicOperatorSpec{}
	}
	if e.NoUsers {
		m.off("EntityOperator.NoUsers", "Base.EntityOperator.UserOperator", base != nil && base.UserOperator != nil)
	} else {
		made.UserOperator = &strimziv1.EntityUserOperatorSpec{}
	}
	if !e.NoTopics || !e.NoUsers {
		m.filled.EntityOperator = made
	}
}
