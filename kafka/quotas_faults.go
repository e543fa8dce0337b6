package kafka

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	quotasRule = "kafka/quotas"
	quotasPath = "spec.kafka.quotas"

	// The settings that choose a plugin by hand, and how often Strimzi's looks
	// at the disks.
	keyQuotaPlugin   = "client.quota.callback.class"
	keyQuotaInterval = "client.quota.callback.static.storage.check-interval"
)

// quotas adds what the operator refuses or ignores of the quotas.
// Source: Strimzi 1.2.0, KafkaCluster.validateConfigurationOfQuotasPlugin,
// QuotasPluginKafka, QuotasPluginStrimzi; kafka-quotas-plugin, README.
func (f *faults) quotas(k *strimziv1.KafkaClusterSpec) {
	q := k.Quotas
	if q == nil {
		return
	}
	at := f.below(quotasRule, quotasPath)
	switch q.Type {
	case strimziv1.QuotasPluginTypeKafka:
		at.notOf(q.Type, q.MinAvailableBytesPerVolume != nil, ".minAvailableBytesPerVolume")
		at.notOf(q.Type, q.MinAvailableRatioPerVolume != nil, ".minAvailableRatioPerVolume")
		at.notOf(q.Type, q.ExcludedPrincipals != nil, ".excludedPrincipals")
	case strimziv1.QuotasPluginTypeStrimzi:
		at.notOf(q.Type, q.RequestPercentage != nil, ".requestPercentage")
		at.notOf(q.Type, q.ControllerMutationRate != nil, ".controllerMutationRate")
		at.disks(q, k.Config)
		for i, name := range q.ExcludedPrincipals {
			if path := fmt.Sprintf(".excludedPrincipals[%d]", i); !strings.HasPrefix(name, "User:") || name == "User:" {
				at.invalid(path, name, "it excludes nobody", `write it as "User:CN=admin" or "User:admin"`)
			}
		}
	default:
		at.invalid(".type", string(q.Type), "Strimzi doesn't know it", "use kafka or strimzi")
	}
	if k.Config[keyQuotaPlugin] != nil {
		f.add(quotasRule, millrace.RuleConflict, configPath+"["+keyQuotaPlugin+"]", "spec.kafka.quotas chooses the plugin, and the operator drops this one", "leave one of the two out")
	}
}

func (f faultsBelow) notOf(t strimziv1.QuotasPluginType, set bool, path string) {
	if set {
		f.conflict(path, fmt.Sprintf("the plugin of type %s knows no such quota", t), "leave it out, or use the other type")
	}
}

// disks checks the limits of disks.
func (f faultsBelow) disks(q *strimziv1.QuotasPlugin, config strimziv1.JSONMap) {
	bytes, ratio := q.MinAvailableBytesPerVolume, q.MinAvailableRatioPerVolume
	if bytes != nil && ratio != nil {
		f.conflict(".minAvailableRatioPerVolume", "minAvailableBytesPerVolume says it too, and the operator takes one of the two only", "leave one of the two out")
	}
	if ratio != nil && *ratio >= 1 {
		f.invalid(".minAvailableRatioPerVolume", *ratio, "no disk is ever that free, so that nobody could write", "use a part of the disk, such as 0.05")
	}
	if every, ok := configInt(config, keyQuotaInterval); ok && every == 0 && (bytes != nil || ratio != nil) {
		path := ".minAvailableBytesPerVolume"
		if bytes == nil {
			path = ".minAvailableRatioPerVolume"
		}
		f.conflict(path, keyQuotaInterval+" is 0, so that nobody looks at the disks", "leave the setting out, which means every 60 seconds")
	}
}
