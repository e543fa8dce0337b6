package kafka

import (
	"fmt"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func checkCruiseControl(pass *millrace.Pass, k *strimziv1.Kafka) {
	if k.Spec.CruiseControl != nil {
		return
	}
	if brokers, counted := brokersOf(pass, k); !counted || brokers > 1 {
		pass.Report(cruiseControlPath, "nothing moves partitions between the brokers")
	}
}

func checkAutoRebalance(pass *millrace.Pass, k *strimziv1.Kafka) {
	if k.Spec.CruiseControl == nil {
		return
	}
	for _, mode := range [...]struct {
		mode strimziv1.AutoRebalanceMode
		what string
	}{
		{strimziv1.AutoRebalanceModeAddBrokers, "new brokers stay empty"},
		{strimziv1.AutoRebalanceModeRemoveBrokers, "brokers that are to go keep their partitions, and can't go"},
	} {
		if !slices.ContainsFunc(k.Spec.CruiseControl.AutoRebalance, func(a strimziv1.AutoRebalance) bool { return a.Mode == mode.mode }) {
			pass.Report(cruiseControlPath+".autoRebalance", fmt.Sprintf("without the mode %s %s", mode.mode, mode.what))
		}
	}
}

func checkRebalanceTemplates(pass *millrace.Pass, k *strimziv1.Kafka) {
	if k.Spec.CruiseControl == nil {
		return
	}
	for i, mode := range k.Spec.CruiseControl.AutoRebalance {
		if mode.Template == nil {
			continue
		}
		path := fmt.Sprintf("%s.autoRebalance[%d].template.name", cruiseControlPath, i)
		found, ok := pass.Bundle.Find(rebalanceKind, k.Namespace, mode.Template.Name)
		if !ok {
			pass.Report(path, fmt.Sprintf("the bundle has no KafkaRebalance %s", mode.Template.Name))
			continue
		}
		if r, ok := found.(*strimziv1.KafkaRebalance); ok && !isTemplate(r) {
			pass.Report(path, fmt.Sprintf("the KafkaRebalance %s is no template", r.Name))
		}
	}
}

func checkRebalanceCluster(pass *millrace.Pass, r *strimziv1.KafkaRebalance) {
	if isTemplate(r) {
		return
	}
	const path = "metadata.labels[" + clusterLabel + "]"
	if r.Labels[clusterLabel] == "" {
		pass.Report(path, "the rebalance names no cluster")
		return
	}
	if k, ok := clusterOf(pass.Bundle, r); ok && k.Spec.CruiseControl == nil {
		pass.Report(path, fmt.Sprintf("the cluster %s has no Cruise Control", k.Name))
	}
}

func checkRebalanceGoals(pass *millrace.Pass, r *strimziv1.KafkaRebalance) {
	if len(r.Spec.Goals) == 0 || deref(r.Spec.SkipHardGoalCheck) {
		return
	}
	k, ok := clusterOf(pass.Bundle, r)
	if !ok || k.Spec.CruiseControl == nil {
		return
	}
	asked := goalSet{}
	for _, name := range r.Spec.Goals {
		asked.goals = append(asked.goals, Goal(name))
	}
	// Cruise Control lets this one through alone.
	if len(asked.goals) == 1 && asked.has(PreferredLeaderElectionGoal) {
		return
	}
	if missing := goalsOf(k.Spec.CruiseControl, keyGoals).lacks(asked); len(missing) > 0 {
		pass.Suggest("spec.goals", fmt.Sprintf("the cluster %s doesn't have %s among its goals", k.Name, joinGoals(missing)), "leave it out, or add it to the goals of Cruise Control")
	}
	if missing := asked.lacks(goalsOf(k.Spec.CruiseControl, keyHardGoals)); len(missing) > 0 {
		pass.Suggest("spec.goals", fmt.Sprintf("%s is a hard goal of the cluster %s", joinGoals(missing), k.Name), "add it, or set skipHardGoalCheck")
	}
}

func checkRebalanceBrokers(pass *millrace.Pass, r *strimziv1.KafkaRebalance) {
	if isTemplate(r) {
		return
	}
	k, ok := clusterOf(pass.Bundle, r)
	if !ok {
		return
	}
	brokers, counted := brokersOf(pass, k)
	if !counted {
		return
	}
	listed := int64(len(r.Spec.Brokers))
	switch replicas := clusterReplication(k); r.Spec.Mode {
	case strimziv1.RebalanceModeAddBrokers:
		if listed > brokers {
			pass.Report("spec.brokers", fmt.Sprintf("these are %d brokers, and the cluster %s has %d", listed, k.Name, brokers))
		}
	case strimziv1.RebalanceModeRemoveBrokers:
		if left := brokers - listed; left < replicas {
			pass.Report("spec.brokers", fmt.Sprintf("of %d brokers of the cluster %s %d would be left, and topics have %d replicas", brokers, k.Name, max(0, left), replicas))
		}
	case strimziv1.RebalanceModeRemoveDisks:
		checkRebalanceDisks(pass, r, k)
	default:
		if deref(r.Spec.RebalanceDisk) && len(disksOf(pass, k)) == 1 {
			pass.Report("spec.rebalanceDisk", fmt.Sprintf("the brokers of the cluster %s have one disk", k.Name))
		}
	}
}

// checkRebalanceDisks reports disks that no broker has.
func checkRebalanceDisks(pass *millrace.Pass, r *strimziv1.KafkaRebalance, k *strimziv1.Kafka) {
	have := disksOf(pass, k)
	for i, of := range r.Spec.MoveReplicasOffVolumes {
		for j, id := range of.VolumeIDs {
			if !have[id] {
				pass.Report(fmt.Sprintf("spec.moveReplicasOffVolumes[%d].volumeIds[%d]", i, j), fmt.Sprintf("no broker of the cluster %s has a disk %d", k.Name, id))
			}
		}
	}
}

// disksOf returns the ids of the disks that brokers of a cluster have.
func disksOf(pass *millrace.Pass, k *strimziv1.Kafka) map[int64]bool {
	ids := map[int64]bool{}
	for _, pool := range poolsOf(pass, k.Namespace, k.Name) {
		if !slices.Contains(pool.Spec.Roles, strimziv1.ProcessRoleBroker) {
			continue
		}
		if pool.Spec.Storage.Type != strimziv1.StorageTypeJBOD {
			ids[0] = true
		}
		for _, v := range pool.Spec.Storage.Volumes {
			ids[deref(v.ID)] = true
		}
	}
	return ids
}

func checkRebalanceAction(pass *millrace.Pass, r *strimziv1.KafkaRebalance) {
	if isTemplate(r) {
		return
	}
	if action, ok := r.Annotations[actionAnnotation]; ok {
		pass.Report("metadata.annotations["+actionAnnotation+"]", fmt.Sprintf("%q is done again whenever the manifest is applied", action))
	}
}

func checkMetrics(pass *millrace.Pass) {
	path := "spec.metricsConfig"
	var metrics *strimziv1.MetricsConfig
	switch o := pass.Object.(type) {
	case *strimziv1.Kafka:
		path, metrics = "spec.kafka.metricsConfig", o.Spec.Kafka.MetricsConfig
	case *strimziv1.KafkaConnect:
		metrics = o.Spec.MetricsConfig
	case *strimziv1.KafkaMirrorMaker2:
		metrics = o.Spec.MetricsConfig
	default:
		return
	}
	if metrics == nil {
		pass.Report(path, "there are no metrics")
	}
}

func checkExporter(pass *millrace.Pass, k *strimziv1.Kafka) {
	if k.Spec.KafkaExporter == nil {
		pass.Report("spec.kafkaExporter", "nothing tells how far consumers lag behind")
	}
}
