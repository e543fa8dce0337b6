package kafka

import (
	"fmt"
	"maps"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// cruiseControlFaults are what the operator refuses, drops or ignores.
// Source: Strimzi 1.2.0, CruiseControlSpec, CruiseControlMetricsReporter,
// CapacityConfiguration.
func cruiseControlFaults(spec *strimziv1.KafkaSpec) (f faults) {
	const rule = "kafka/cruise-control-config"
	c := spec.CruiseControl
	if c == nil {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(c.Config)) {
		path := at(cruiseControlPath+".config", key)
		if why, fix := managedKey(cruiseControlComponent, key); why != "" {
			f.add(rule, millrace.RuleUnsupported, path, why, fix)
		} else if _, ok := configText(c.Config[key]); !ok {
			f.add(rule, millrace.RuleInvalid, path, "it is neither a string, a number, a boolean nor a list", "write the value as one string")
		}
	}
	f = append(f, goalFaults(c)...)
	f = append(f, capacityFaults(c.BrokerCapacity)...)
	f = append(f, metricsTopicFaults(spec.Kafka.Config)...)
	if u := c.APIUsers; u != nil && (u.ValueFrom.SecretKeyRef == nil || u.ValueFrom.SecretKeyRef.Name == "" || u.ValueFrom.SecretKeyRef.Key == "") {
		f.add(rule, millrace.RuleRequired, cruiseControlPath+".apiUsers.valueFrom.secretKeyRef", "it names no entry of a secret", "give name and key")
	}
	seen := map[strimziv1.AutoRebalanceMode]bool{}
	for i, mode := range c.AutoRebalance {
		if seen[mode.Mode] {
			f.add(rule, millrace.RuleDuplicate, fmt.Sprintf("%s.autoRebalance[%d].mode", cruiseControlPath, i), string(mode.Mode)+" is there already, and the first one counts", "remove it")
		}
		seen[mode.Mode] = true
	}
	f = append(f, metricsFaults(cruiseControlPath+".metricsConfig", c.MetricsConfig)...)
	f.resources(cruiseControlPath+".resources", c.Resources)
	f.jvm(cruiseControlPath+".jvmOptions", c.JVMOptions, c.Resources)
	if t := c.Template; t != nil {
		f.template(cruiseControlPath+".template.pod", stateful(t.Pod), ownVolumes, containerTemplate{cruiseControlPath + ".template.cruiseControlContainer", t.CruiseControlContainer})
	}
	return f
}

// capacityFaults are overrides that don't count.
func capacityFaults(c *strimziv1.BrokerCapacity) (f faults) {
	const rule = "kafka/cruise-control-config"
	if c == nil {
		return nil
	}
	seen := map[int64]int{}
	for i, o := range c.Overrides {
		path := fmt.Sprintf("%s.brokerCapacity.overrides[%d]", cruiseControlPath, i)
		if len(o.Brokers) == 0 {
			f.add(rule, millrace.RuleRequired, path+".brokers", "the override is for no broker", "name the brokers")
		}
		if o.CPU == nil && o.InboundNetwork == nil && o.OutboundNetwork == nil {
			f.add(rule, millrace.RuleInvalid, path, "the override says nothing of its brokers", "give a capacity, or remove it")
		}
		for _, id := range o.Brokers {
			if other, ok := seen[id]; ok {
				f.add(rule, millrace.RuleDuplicate, path+".brokers", fmt.Sprintf("broker %d is in override %d already, and the first one counts", id, other), "remove it from one of the two")
				continue
			}
			if id < 0 {
				f.add(rule, millrace.RuleInvalid, path+".brokers", fmt.Sprintf("no broker has the number %d", id), "use 0 or more")
			}
			seen[id] = i
		}
	}
	return f
}

// metricsTopicFaults are where the topic of the reports could not be written.
func metricsTopicFaults(config strimziv1.JSONMap) (f faults) {
	const rule = "kafka/cruise-control-config"
	least, ok := configInt(config, keyMetricsMinISR)
	if !ok {
		return nil
	}
	most, ok := configInt(config, keyMetricsReplication)
	if !ok {
		if most, ok = configInt(config, keyReplication); !ok {
			most = 1
		}
	}
	if least > most {
		f.add(rule, millrace.RuleInvalid, at(configPath, keyMetricsMinISR),
			fmt.Sprintf("it is %d, and the topic of Cruise Control's metrics has %d replicas", least, most), "lower it, or leave it out")
	}
	return f
}
