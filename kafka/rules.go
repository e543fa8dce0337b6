package kafka

import (
	"slices"

	"github.com/millrace/millrace"
)

// Rules returns the rules that hold for all of Strimzi's objects, and for
// consumers that KEDA scales, whether the builders of this package made them or
// a manifest was loaded. The slice is the caller's own.
func Rules() []millrace.Rule {
	return slices.Concat(clusterRules(), accessRules(), poolRules(), nodeRules(), topicRules(), acrossRules(), userRules(),
		connectionRules(), connectRules(), connectorRules(), bridgeRules(), consumerRules(), secretRules(), balanceRules(), metricsRules())
}
