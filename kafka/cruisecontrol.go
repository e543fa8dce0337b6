package kafka

import "github.com/millrace/millrace/kafka/strimziv1"

// CruiseControl moves partitions between brokers.
type CruiseControl struct {
	// Off leaves it out. Partitions then stay where they are when brokers
	// come, and the replicas of a topic can't be changed. A cluster of one
	// broker must leave it out.
	//
	// Rendered as the absence of spec.cruiseControl.
	Off bool
}

func (c CruiseControl) make(m *making) {
	if c.Off {
		m.off("CruiseControl.Off", "Base.CruiseControl", m.cluster.Base.CruiseControl != nil)
		return
	}
	m.filled.CruiseControl = &strimziv1.CruiseControlSpec{}
}
