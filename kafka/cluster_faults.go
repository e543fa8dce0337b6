package kafka

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// cluster reports what the operator, and Kafka itself, refuse of a cluster's
// versions, settings and templates.
func (f *faults) cluster(o *strimziv1.Kafka) {
	k := &o.Spec.Kafka
	f.versions(k)
	f.replication(k.Config)
	f.tiered(k.TieredStorage)
	f.jvm("spec.kafka.jvmOptions", k.JVMOptions, nil)
	if t := k.Template; t != nil {
		const at = "spec.kafka.template"
		f.template(at+".pod", t.Pod, ownNodeVolumes, containerTemplate{at + ".kafkaContainer", t.KafkaContainer}, containerTemplate{at + ".initContainer", t.InitContainer})
	}
}

// replication checks that numbers of replicas are some, and how many must be
// in sync against how many there are.
// Source: Strimzi, KafkaCluster.java, which leaves min.insync.replicas out.
func (f *faults) replication(config strimziv1.JSONMap) {
	bad := map[string]bool{}
	for _, key := range [...]string{keyReplication, keyOffsetsReplication, keyTxnReplication, keyShareReplication, keyTxnMinISR, keyMinInSync, keyRemoteReplication, keyRemoteMinISR} {
		if _, ok := config[key]; !ok {
			continue
		}
		if known, wrong := kafkaconf.Check(kafkaconf.Broker, key, config[key]); wrong && known.Kind == kafkaconf.Value {
			bad[key] = true // The catalogue says so.
		} else if n, ok := configInt(config, key); !ok || n < 1 {
			f.add(brokersRule, millrace.RuleInvalid, at(configPath, key), fmt.Sprintf("%v: %s is a number of brokers", config[key], key), "use 1 or more")
			bad[key] = true
		}
	}
	for _, pair := range [...][2]string{{keyMinInSync, keyReplication}, {keyTxnMinISR, keyTxnReplication}, {keyRemoteMinISR, keyRemoteReplication}} {
		least, ok1 := configInt(config, pair[0])
		most, ok2 := configInt(config, pair[1])
		if ok1 && ok2 && least > most && !bad[pair[0]] && !bad[pair[1]] {
			f.add("kafka/min-insync", millrace.RuleInvalid, at(configPath, pair[0]), fmt.Sprintf("%d: %s is %d, so no producer with acks=all could ever write", least, pair[1], most), fmt.Sprintf("use %d", minInSync(most)))
		}
	}
}
