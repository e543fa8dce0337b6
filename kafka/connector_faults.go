package kafka

import (
	"fmt"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	ruleConnector       = "kafka/connector"
	ruleConnectorConfig = "kafka/connector-config"
	ruleOffsets         = "kafka/connector-offsets"
)

// The annotations by which offsets of connectors are listed or changed.
// Source: Strimzi, ResourceAnnotations.java.
const (
	offsetsAnnotation = "strimzi.io/connector-offsets"
	mirrorAnnotation  = "strimzi.io/mirrormaker-connector"
)

// anyConnector are the scopes of a connector whose class nobody knows here.
var anyConnector = []kafkaconf.Scope{kafkaconf.SourceConnector, kafkaconf.SinkConnector}

// connectorFaults are what is wrong with a KafkaConnector alone.
func connectorFaults(o *strimziv1.KafkaConnector) faults {
	var f faults
	if deref(o.Spec.Class) == "" {
		f.add(ruleConnector, millrace.RuleRequired, "spec.class", "is required", "name the class of the connector")
	}
	connectorConfig(&f, anyConnector).checkKnown("spec.config", o.Spec.Config)
	offsetsFaults(&f, o.Annotations, "spec", connectorOffsets{o.Spec.State, o.Spec.ListOffsets, o.Spec.AlterOffsets})
	return f
}

func connectorConfig(f *faults, scopes []kafkaconf.Scope) configFaults {
	return configFaults{f, ruleConnectorConfig, connectorComponent, scopes, nil, false}
}

// connectorOffsets is what a spec says of a connector's offsets.
type connectorOffsets struct {
	state strimziv1.ConnectorState
	list  *strimziv1.ListOffsets
	alter *strimziv1.AlterOffsets
}

// offsetsFaults reports annotations that the operator can't follow. path is
// that of the connector's spec.
// Source: Strimzi, AbstractConnectOperator.java.
func offsetsFaults(f *faults, annotations map[string]string, path string, c connectorOffsets) {
	action, ok := annotations[offsetsAnnotation]
	if !ok {
		return
	}
	field := at("metadata.annotations", offsetsAnnotation)
	switch {
	case !slices.Contains([]string{"list", "alter", "reset"}, action):
		f.add(ruleOffsets, millrace.RuleInvalid, field, fmt.Sprintf("%q: nothing is done", action), "use list, alter or reset")
	case action == "list" && (c.list == nil || c.list.ToConfigMap.Name == ""):
		f.add(ruleOffsets, millrace.RuleRequired, path+".listOffsets", "the annotation asks for offsets, and nothing says where to write them", "name a config map")
	case action == "alter" && (c.alter == nil || c.alter.FromConfigMap.Name == ""):
		f.add(ruleOffsets, millrace.RuleRequired, path+".alterOffsets", "the annotation changes offsets, and nothing says to what", "name a config map")
	}
	if (action == "alter" || action == "reset") && c.state != strimziv1.ConnectorStateStopped {
		f.add(ruleOffsets, millrace.RuleConflict, path+".state", fmt.Sprintf("the annotation says %s, which Connect refuses while the connector isn't stopped", action), "set it to stopped")
	}
}
