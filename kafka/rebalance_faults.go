package kafka

import (
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/closest"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const rebalanceRule = "kafka/rebalance"

// isTemplate reports whether a rebalance is one.
func isTemplate(r *strimziv1.KafkaRebalance) bool {
	return strings.EqualFold(r.Annotations[templateAnnotation], "true")
}

// rebalanceFaults are what the operator refuses or ignores of a rebalance, and
// what Cruise Control refuses.
// Source: Strimzi 1.2.0, KafkaRebalanceAssemblyOperator, PathBuilder; Cruise
// Control, RunnableUtils.sanityCheckGoals and ParameterUtils.
func rebalanceFaults(r *strimziv1.KafkaRebalance) (f faults) {
	spec := &r.Spec
	f = append(f, modeFaults(spec, isTemplate(r))...)
	f = append(f, annotationFaults(r)...)
	for i, name := range spec.Goals {
		g, path := Goal(name), fmt.Sprintf("spec.goals[%d]", i)
		why, fix := g.fault()
		switch {
		case strings.Contains(name, "."):
			f.add(rebalanceRule, millrace.RuleInvalid, path, name+": a rebalance names goals without their package", "write "+string(g.simple()))
		case why != "" && !isOwn(g):
			f.add(rebalanceRule, millrace.RuleInvalid, path, why, fix)
		case slices.Contains(spec.Goals[:i], name):
			f.add(rebalanceRule, millrace.RuleDuplicate, path, name+" is there already", "remove it")
		}
	}
	for i, name := range spec.ReplicaMovementStrategies {
		if why, fix := strategyFault(name); why != "" {
			f.add(rebalanceRule, millrace.RuleInvalid, fmt.Sprintf("spec.replicaMovementStrategies[%d]", i), why, fix)
		}
	}
	if p := spec.ExcludedTopics; p != nil {
		if why := javaPatternFault(*p); why != "" {
			f.add(rebalanceRule, millrace.RuleInvalid, "spec.excludedTopics", fmt.Sprintf("%q: %s", *p, why), "correct it")
		}
	}
	return f
}

// isOwn reports whether a name that Cruise Control doesn't have may be a class
// of the user's own: it resembles none that there is.
func isOwn(g Goal) bool {
	_, misspelt := closest.Name(string(g), goalNames)
	return !misspelt && strings.HasSuffix(string(g), "Goal") && !strings.ContainsAny(string(g), " ,")
}

// modeFaults are what a mode needs, and what it ignores.
func modeFaults(spec *strimziv1.KafkaRebalanceSpec, template bool) (f faults) {
	mode := spec.Mode
	if mode == "" {
		mode = strimziv1.RebalanceModeFull
	}
	brokers := mode == strimziv1.RebalanceModeAddBrokers || mode == strimziv1.RebalanceModeRemoveBrokers
	disks, full := mode == strimziv1.RebalanceModeRemoveDisks, mode == strimziv1.RebalanceModeFull
	if !brokers && !disks && !full {
		f.add(rebalanceRule, millrace.RuleInvalid, "spec.mode", "there is no mode "+string(mode), "use full, add-brokers, remove-brokers or remove-disks")
		return f
	}
	idle := func(isSet bool, path string) {
		if isSet {
			f.add(rebalanceRule, millrace.RuleConflict, path, fmt.Sprintf("in mode %s it does nothing", mode), "leave it out, or use another mode")
		}
	}
	switch {
	case template && len(spec.Brokers) > 0:
		f.add(rebalanceRule, millrace.RuleConflict, "spec.brokers", "a template has the brokers of the occasion", "leave it out")
	case template:
	case brokers && len(spec.Brokers) == 0:
		f.add(rebalanceRule, millrace.RuleRequired, "spec.brokers", "the mode "+string(mode)+" needs it", "name the brokers")
	default:
		idle(!brokers && len(spec.Brokers) > 0, "spec.brokers")
	}
	if disks && len(spec.MoveReplicasOffVolumes) == 0 {
		f.add(rebalanceRule, millrace.RuleRequired, "spec.moveReplicasOffVolumes", "the mode remove-disks needs it", "name brokers and their disks")
	}
	idle(!disks && len(spec.MoveReplicasOffVolumes) > 0, "spec.moveReplicasOffVolumes")
	within := deref(spec.RebalanceDisk)
	idle(!full && within, "spec.rebalanceDisk")
	idle(!full && deref(spec.ConcurrentIntraBrokerPartitionMovements) > 0, "spec.concurrentIntraBrokerPartitionMovements")
	if disks {
		idle(len(spec.Goals) > 0, "spec.goals")
		idle(deref(spec.SkipHardGoalCheck), "spec.skipHardGoalCheck")
		idle(spec.ExcludedTopics != nil, "spec.excludedTopics")
		idle(deref(spec.ConcurrentPartitionMovementsPerBroker) > 0, "spec.concurrentPartitionMovementsPerBroker")
		idle(deref(spec.ConcurrentLeaderMovements) > 0, "spec.concurrentLeaderMovements")
		idle(deref(spec.ReplicationThrottle) > 0, "spec.replicationThrottle")
		idle(len(spec.ReplicaMovementStrategies) > 0, "spec.replicaMovementStrategies")
	}
	if full && within && len(spec.Goals) > 0 {
		f.add(rebalanceRule, millrace.RuleConflict, "spec.goals", "rebalanceDisk balances the disks of each broker by goals of its own", "leave one of the two out")
	}
	return append(f, idFaults(spec)...)
}

// idFaults are numbers of brokers and disks that can't be, or are there twice.
func idFaults(spec *strimziv1.KafkaRebalanceSpec) (f faults) {
	list := func(path, what string, ids []int64) {
		for i, id := range ids {
			at := fmt.Sprintf("%s[%d]", path, i)
			switch {
			case id < 0:
				f.add(rebalanceRule, millrace.RuleInvalid, at, fmt.Sprintf("no %s has the number %d", what, id), "use 0 or more")
			case slices.Contains(ids[:i], id):
				f.add(rebalanceRule, millrace.RuleDuplicate, at, fmt.Sprintf("%s %d is there already", what, id), "remove it")
			}
		}
	}
	list("spec.brokers", "broker", spec.Brokers)
	seen := map[int64]bool{}
	for i, of := range spec.MoveReplicasOffVolumes {
		path := fmt.Sprintf("spec.moveReplicasOffVolumes[%d]", i)
		switch {
		case of.BrokerID == nil:
			f.add(rebalanceRule, millrace.RuleRequired, path+".brokerId", "it names no broker", "give its number")
		case *of.BrokerID < 0:
			f.add(rebalanceRule, millrace.RuleInvalid, path+".brokerId", fmt.Sprintf("no broker has the number %d", *of.BrokerID), "use 0 or more")
		case seen[*of.BrokerID]:
			f.add(rebalanceRule, millrace.RuleDuplicate, path+".brokerId", fmt.Sprintf("broker %d is there already", *of.BrokerID), "put its disks into one item")
		}
		seen[deref(of.BrokerID)] = of.BrokerID != nil
		if len(of.VolumeIDs) == 0 {
			f.add(rebalanceRule, millrace.RuleRequired, path+".volumeIds", "it names no disk", "give the ids of the disks")
		}
		list(path+".volumeIds", "disk", of.VolumeIDs)
	}
	return f
}

// annotationFaults are actions that there aren't, or that a template ignores.
func annotationFaults(r *strimziv1.KafkaRebalance) (f faults) {
	const path = "metadata.annotations"
	if template, ok := r.Annotations[templateAnnotation]; ok && !slices.Contains([]string{"true", "false"}, strings.ToLower(template)) {
		f.add(rebalanceRule, millrace.RuleInvalid, at(path, templateAnnotation), template+" is neither true nor false", `write "true", or leave it out`)
	}
	action, acts := r.Annotations[actionAnnotation]
	if acts && !slices.Contains([]RebalanceAction{Approve, Refresh, Stop}, RebalanceAction(action)) {
		f.add(rebalanceRule, millrace.RuleInvalid, at(path, actionAnnotation), fmt.Sprintf("%q is nothing that the operator does", action), "use approve, refresh or stop")
	}
	auto, approves := r.Annotations[autoApproveAnnotation]
	if approves && !slices.Contains([]string{"true", "false"}, strings.ToLower(auto)) {
		f.add(rebalanceRule, millrace.RuleInvalid, at(path, autoApproveAnnotation), auto+" is neither true nor false", `write "true", or leave it out`)
	}
	if isTemplate(r) {
		if acts {
			f.add(rebalanceRule, millrace.RuleConflict, at(path, actionAnnotation), "nothing is done with a template", "leave it out")
		}
		if approves {
			f.add(rebalanceRule, millrace.RuleConflict, at(path, autoApproveAnnotation), "nothing is done with a template; what is made of it is always approved", "leave it out")
		}
	}
	return f
}

// strategyFault says what is wrong with the name of a strategy.
func strategyFault(name string) (why, fix string) {
	all := []MovementStrategy{BaseMovement, PostponeUnderReplicated, LargeReplicasFirst, SmallReplicasFirst, MinInSyncOfflineFirst, OneAboveMinInSyncFirst}
	if i := strings.LastIndex(name, "."); i >= 0 {
		return name + ": a rebalance names strategies without their package", "write " + name[i+1:]
	}
	names := func(yield func(string) bool) {
		for _, s := range all {
			if !yield(string(s)) {
				return
			}
		}
	}
	if meant, ok := closest.Name(name, names); ok && !strings.EqualFold(meant, name) {
		return "Cruise Control has no strategy " + name, "did you mean " + meant + "?"
	}
	return "", ""
}
