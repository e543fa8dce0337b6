package kafka

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// assembly is a cluster with its pools, as the operator looks at them: the
// builder has both, and so may a bundle.
type assembly struct {
	kafka *strimziv1.Kafka
	pools []*strimziv1.KafkaNodePool

	ofKafka faults
	ofPools []faults
}

// assemble finds what is wrong with a cluster and its pools together.
// Source: Strimzi, NodePoolUtils.java and KafkaCluster.java.
func assemble(k *strimziv1.Kafka, pools []*strimziv1.KafkaNodePool) *assembly {
	a := &assembly{kafka: k, pools: pools, ofPools: make([]faults, len(pools))}
	brokers, controllers, known := a.count()
	if known {
		a.roles(brokers, controllers)
		a.replication(brokers)
		a.cruiseControl(brokers)
		a.listeners(brokers)
	}
	for i, pool := range pools {
		a.disks(i, pool)
		a.rack(i, pool)
	}
	return a
}

// count returns how many brokers and controllers there are, and false where
// that can't be told, as a role is misspelt.
func (a *assembly) count() (brokers, controllers int64, known bool) {
	for _, pool := range a.pools {
		for _, role := range pool.Spec.Roles {
			switch role {
			case strimziv1.ProcessRoleBroker:
				brokers += pool.Spec.Replicas
			case strimziv1.ProcessRoleController:
				controllers += pool.Spec.Replicas
			default:
				return 0, 0, false
			}
		}
	}
	return brokers, controllers, true
}

func (a *assembly) roles(brokers, controllers int64) {
	// The pools name the cluster, which doesn't name them.
	const path = "metadata.name"
	var missing []string
	for _, role := range [...]struct {
		name  string
		nodes int64
	}{{"broker", brokers}, {"controller", controllers}} {
		if role.nodes <= 0 {
			missing = append(missing, role.name)
		}
	}
	if len(missing) > 0 {
		roles := strings.Join(missing, ", nor with the role ")
		a.ofKafka.add(poolRule, millrace.RuleRequired, path, "no pool of the cluster has a node with the role "+roles, "add a pool with the role "+strings.Join(missing, ", and one with the role "))
	}
}

// kafkaReplicas are Kafka's own defaults for topics that it can't do without.
// Source: Apache Kafka 4.3, broker settings, and
// TopicBasedRemoteLogMetadataManagerConfig.
var kafkaReplicas = map[string]int64{keyOffsetsReplication: 3, keyTxnReplication: 3, keyRemoteReplication: 3}

const (
	brokersRule       = "kafka/replication-brokers"
	cruiseBrokersRule = "kafka/cruise-control-brokers"
)

// replication checks how many replicas there are against the number of
// brokers.
func (a *assembly) replication(brokers int64) {
	if brokers <= 0 {
		return
	}
	k := &a.kafka.Spec.Kafka
	keys := []string{keyReplication, keyOffsetsReplication, keyTxnReplication, keyShareReplication}
	if txn, _ := configInt(k.Config, keyTxnReplication); txn <= brokers {
		keys = append(keys, keyTxnMinISR)
	}
	if k.TieredStorage != nil {
		keys = append(keys, keyRemoteReplication)
	}
	for _, key := range keys {
		const fix = "add brokers, or lower it"
		n, ok := configInt(k.Config, key)
		switch byDefault := kafkaReplicas[key]; {
		case ok && n > brokers:
			a.ofKafka.add(brokersRule, millrace.RuleInvalid, at(configPath, key), fmt.Sprintf("%d: the cluster has %d brokers, and %s can't be more", n, brokers, key), fix)
		case k.Config[key] == nil && byDefault > brokers:
			a.ofKafka.add(brokersRule, millrace.RuleInvalid, at(configPath, key), fmt.Sprintf("the cluster has %d brokers, and %s is %d where nobody sets it", brokers, key, byDefault), fix)
		}
	}
}

// cruiseControl checks what a number of brokers is too small for.
// Source: Strimzi 1.2.0, CruiseControlMetricsReporter.java.
func (a *assembly) cruiseControl(brokers int64) {
	if a.kafka.Spec.CruiseControl == nil || brokers <= 0 {
		return
	}
	if brokers == 1 {
		a.ofKafka.add(cruiseBrokersRule, millrace.RuleConflict, cruiseControlPath, "Cruise Control needs two brokers, the cluster has one", "leave Cruise Control out, or add a broker")
	}
	if n, ok := configInt(a.kafka.Spec.Kafka.Config, keyMetricsReplication); ok && n > brokers {
		a.ofKafka.below(cruiseBrokersRule, configPath).invalid("["+keyMetricsReplication+"]", n,
			fmt.Sprintf("the cluster has %d brokers, and the topic of Cruise Control's metrics can't have more replicas", brokers), "add brokers, or lower it")
	}
}

// disks checks what version of the metadata several disks need.
func (a *assembly) disks(i int, pool *strimziv1.KafkaNodePool) {
	metadata := a.kafka.Spec.Kafka.MetadataVersion
	if metadata == nil || len(pool.Spec.Storage.Volumes) < 2 {
		return
	}
	m := metadataPattern.FindStringSubmatch(*metadata)
	if m == nil {
		return
	}
	have, first := []int{number(m[1]), number(m[2])}, []int{3, 7}
	if c := slices.Compare(have, first); c < 0 || c == 0 && m[4] != "" && number(m[4]) < 2 {
		a.ofPools[i].add(storageRule, millrace.RuleUnsupported, "spec.storage.volumes", "several disks need the metadata version 3.7-IV2, the cluster has "+*metadata, "raise the metadata version first")
	}
}

// rack asks for the variable that says in which zone a broker is. A broker
// that hasn't got it takes the reference to it as the name of its zone.
// Source: Strimzi, KafkaBrokerConfigurationBuilder.withRackId.
func (a *assembly) rack(i int, pool *strimziv1.KafkaNodePool) {
	rack := a.kafka.Spec.Kafka.Rack
	if rack == nil || rack.Type != strimziv1.RackTypeEnvironmentVariable || !slices.Contains(pool.Spec.Roles, strimziv1.ProcessRoleBroker) {
		return
	}
	name := deref(rack.EnvVarName)
	var container *strimziv1.ContainerTemplate
	if t := a.kafka.Spec.Kafka.Template; t != nil {
		container = t.KafkaContainer
	}
	if t := pool.Spec.Template; t != nil {
		container = cmp.Or(t.KafkaContainer, container)
	}
	if container == nil || !slices.ContainsFunc(container.Env, func(e strimziv1.ContainerEnvVar) bool { return deref(e.Name) == name }) {
		a.ofPools[i].add("kafka/rack-variable", millrace.RuleRequired, "spec.template.kafkaContainer.env", fmt.Sprintf("the cluster reads the zone of a broker from the variable %s, which is not set here", name),
			"set it, for which each zone needs a pool of its own")
	}
}

// assemblyOf returns the cluster that an object of the bundle is, or is a pool
// of, if the bundle has the Kafka and a pool.
func assemblyOf(pass *millrace.Pass) *assembly {
	var k *strimziv1.Kafka
	switch o := pass.Object.(type) {
	case *strimziv1.Kafka:
		k = o
	case *strimziv1.KafkaNodePool:
		k, _ = clusterOf(pass.Bundle, o)
	}
	if k == nil {
		return nil
	}
	type key struct{ *strimziv1.Kafka }
	return once(pass, key{k}, func() *assembly {
		pools := poolsOf(pass, k.Namespace, k.Name)
		if len(pools) == 0 {
			return nil
		}
		return assemble(k, pools)
	})
}

// of returns the faults of one object of the assembly.
func (a *assembly) of(o millrace.Object) faults {
	if a == nil {
		return nil
	}
	if o == millrace.Object(a.kafka) {
		return a.ofKafka
	}
	for i, pool := range a.pools {
		if o == millrace.Object(pool) {
			return a.ofPools[i]
		}
	}
	return nil
}

// assemblyRule is the check of a rule that reports faults of one object, and
// of a cluster and its pools together.
func assemblyRule(id string) func(*millrace.Pass) {
	return both(faultRule(id), func(pass *millrace.Pass) { assemblyOf(pass).of(pass.Object).suggest(pass, id) })
}
