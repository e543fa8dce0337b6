package kafka

import (
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/closest"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Goal is something that Cruise Control strives for when it moves partitions,
// by the simple name of its class. A goal of your own is written with its
// package in a CruiseControl, "com.company.goals.TenantGoal", and without in a
// Rebalance.
type Goal string

// The goals that Strimzi supports, in the order of their priority.
// Source: Strimzi 1.2.0, CruiseControlConfiguration.CRUISE_CONTROL_GOALS.
const (
	// RackAwareGoal keeps the replicas of a partition in different zones.
	RackAwareGoal Goal = "RackAwareGoal"
	// RackAwareDistributionGoal spreads them evenly over fewer zones than
	// there are replicas.
	RackAwareDistributionGoal Goal = "RackAwareDistributionGoal"
	// MinTopicLeadersPerBrokerGoal gives each broker leaders of chosen topics.
	MinTopicLeadersPerBrokerGoal Goal = "MinTopicLeadersPerBrokerGoal"
	// ReplicaCapacityGoal holds each broker below a number of replicas.
	ReplicaCapacityGoal Goal = "ReplicaCapacityGoal"
	// DiskCapacityGoal holds each broker's disks below a share of their size.
	DiskCapacityGoal Goal = "DiskCapacityGoal"
	// NetworkInboundCapacityGoal holds what each broker receives below its
	// capacity; the one for what it sends follows.
	NetworkInboundCapacityGoal  Goal = "NetworkInboundCapacityGoal"
	NetworkOutboundCapacityGoal Goal = "NetworkOutboundCapacityGoal"
	// CPUCapacityGoal holds each broker's CPU below its capacity.
	CPUCapacityGoal Goal = "CpuCapacityGoal"
	// ReplicaDistributionGoal gives all brokers about as many replicas.
	ReplicaDistributionGoal Goal = "ReplicaDistributionGoal"
	// PotentialNwOutGoal holds what each broker would send if it led all of
	// its replicas below its capacity.
	PotentialNwOutGoal Goal = "PotentialNwOutGoal"
	// DiskUsageDistributionGoal fills all brokers' disks about as far; the
	// next three do so for the network and CPU.
	DiskUsageDistributionGoal            Goal = "DiskUsageDistributionGoal"
	NetworkInboundUsageDistributionGoal  Goal = "NetworkInboundUsageDistributionGoal"
	NetworkOutboundUsageDistributionGoal Goal = "NetworkOutboundUsageDistributionGoal"
	CPUUsageDistributionGoal             Goal = "CpuUsageDistributionGoal"
	// TopicReplicaDistributionGoal spreads each topic over the brokers.
	TopicReplicaDistributionGoal Goal = "TopicReplicaDistributionGoal"
	// LeaderReplicaDistributionGoal gives all brokers about as many leaders.
	LeaderReplicaDistributionGoal Goal = "LeaderReplicaDistributionGoal"
	// LeaderBytesInDistributionGoal gives their leaders about as much to write.
	LeaderBytesInDistributionGoal Goal = "LeaderBytesInDistributionGoal"
	// PreferredLeaderElectionGoal makes each partition's first replica its
	// leader, and moves nothing.
	PreferredLeaderElectionGoal Goal = "PreferredLeaderElectionGoal"
)

// goalPackage holds the classes of Cruise Control's goals.
const goalPackage = "com.linkedin.kafka.cruisecontrol.analyzer.goals."

var allGoals = []Goal{
	RackAwareGoal, RackAwareDistributionGoal, MinTopicLeadersPerBrokerGoal, ReplicaCapacityGoal, DiskCapacityGoal,
	NetworkInboundCapacityGoal, NetworkOutboundCapacityGoal, CPUCapacityGoal, ReplicaDistributionGoal, PotentialNwOutGoal,
	DiskUsageDistributionGoal, NetworkInboundUsageDistributionGoal, NetworkOutboundUsageDistributionGoal, CPUUsageDistributionGoal,
	TopicReplicaDistributionGoal, LeaderReplicaDistributionGoal, LeaderBytesInDistributionGoal, PreferredLeaderElectionGoal,
}

// Goals of Strimzi's own, where the user names none.
// Source: Strimzi 1.2.0, CruiseControlConfiguration.java.
var (
	strimziHardGoals      = []Goal{RackAwareGoal, ReplicaCapacityGoal, DiskCapacityGoal, NetworkInboundCapacityGoal, NetworkOutboundCapacityGoal, CPUCapacityGoal}
	strimziDetectionGoals = []Goal{RackAwareGoal, MinTopicLeadersPerBrokerGoal, ReplicaCapacityGoal, DiskCapacityGoal}
	inboundGoals          = []Goal{NetworkInboundUsageDistributionGoal, NetworkInboundCapacityGoal, LeaderBytesInDistributionGoal}
	outboundGoals         = []Goal{NetworkOutboundUsageDistributionGoal, NetworkOutboundCapacityGoal, PotentialNwOutGoal}
)

// The lists of goals in Cruise Control's configuration.
const (
	keyGoals          = "goals"
	keyDefaultGoals   = "default.goals"
	keyHardGoals      = "hard.goals"
	keyDetectionGoals = "anomaly.detection.goals"
)

// class returns the goal as Cruise Control's configuration names it.
func (g Goal) class() string {
	if strings.Contains(string(g), ".") {
		return string(g)
	}
	return goalPackage + string(g)
}

// simple returns the goal without its package.
func (g Goal) simple() Goal { return g[strings.LastIndex(string(g), ".")+1:] }

// fault says what is wrong with the name of a goal, and what to do.
func (g Goal) fault() (why, fix string) {
	simple := g.simple()
	own := strings.Contains(string(g), ".") && !strings.HasPrefix(string(g), goalPackage)
	switch {
	case strings.ContainsAny(strings.TrimSpace(string(g)), " \t\n"):
		return "these are several goals, without a comma between them", "write a comma after each of them"
	case own || slices.Contains(allGoals, simple):
		return "", ""
	}
	if meant, ok := closest.Name(string(simple), goalNames); ok {
		return fmt.Sprintf("Cruise Control has no goal %s", simple), "did you mean " + meant + "?"
	}
	return fmt.Sprintf("Cruise Control has no goal %s", simple), "use one of the package's, such as kafka.RackAwareGoal, or the whole name of a class of your own"
}

// goalNames runs over the names of the goals that there are.
func goalNames(yield func(string) bool) {
	for _, g := range allGoals {
		if !yield(string(g)) {
			return
		}
	}
}

// goalText writes goals as the configuration has them.
func goalText(goals []Goal) string {
	names := make([]string, len(goals))
	for i, g := range goals {
		names[i] = g.class()
	}
	return strings.Join(names, ",")
}

// goalList reads goals out of a configuration; it reports false where they are
// not set.
func goalList(config strimziv1.JSONMap, key string) ([]Goal, bool) {
	text, ok := configText(config[key])
	if !ok {
		return nil, false
	}
	var goals []Goal
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			goals = append(goals, Goal(item))
		}
	}
	return goals, true
}

// goalSet is a list of goals as it holds for a cluster.
type goalSet struct {
	goals []Goal
	own   bool // the user's, not Strimzi's
}

// has looks for a goal by its simple name.
func (s goalSet) has(g Goal) bool {
	return slices.ContainsFunc(s.goals, func(other Goal) bool { return other.simple() == g.simple() })
}

// lacks returns those of a set that this one hasn't.
func (s goalSet) lacks(of goalSet) []Goal {
	return slices.DeleteFunc(slices.Clone(of.goals), s.has)
}

// goalsOf returns the goals that hold for a cluster: the user's, or Strimzi's,
// without those of the network where nobody says what it can do.
func goalsOf(c *strimziv1.CruiseControlSpec, key string) goalSet {
	if own, ok := goalList(c.Config, key); ok {
		return goalSet{own, true}
	}
	switch key {
	case keyGoals:
		return goalSet{goals: allGoals}
	case keyDetectionGoals:
		return goalSet{goals: strimziDetectionGoals}
	}
	goals := allGoals
	if key == keyHardGoals {
		goals = strimziHardGoals
	}
	inbound, outbound := networkCapacity(c.BrokerCapacity)
	return goalSet{goals: slices.DeleteFunc(slices.Clone(goals), func(g Goal) bool {
		return !inbound && slices.Contains(inboundGoals, g) || !outbound && slices.Contains(outboundGoals, g)
	})}
}

// networkCapacity reports whether Cruise Control is told what the network can
// do: for all brokers, or for each of them.
// Source: Strimzi 1.2.0, CapacityConfiguration.java.
func networkCapacity(c *strimziv1.BrokerCapacity) (inbound, outbound bool) {
	if c == nil {
		return false, false
	}
	each := func(of func(strimziv1.BrokerCapacityOverride) *string) bool {
		return len(c.Overrides) > 0 && !slices.ContainsFunc(c.Overrides, func(o strimziv1.BrokerCapacityOverride) bool { return of(o) == nil })
	}
	inbound = c.InboundNetwork != nil || each(func(o strimziv1.BrokerCapacityOverride) *string { return o.InboundNetwork })
	outbound = c.OutboundNetwork != nil || each(func(o strimziv1.BrokerCapacityOverride) *string { return o.OutboundNetwork })
	return inbound, outbound
}

// joinGoals writes the simple names of goals.
func joinGoals(goals []Goal) string {
	names := make([]string, len(goals))
	for i, g := range goals {
		names[i] = string(g.simple())
	}
	return strings.Join(names, ", ")
}

// goalFaults are what Cruise Control refuses as it starts, or the operator
// replaces.
// Source: Strimzi 1.2.0, examples/cruise-control and CruiseControl.checkGoals;
// Cruise Control, AnalyzerConfig.sanityCheckGoalNames.
func goalFaults(c *strimziv1.CruiseControlSpec) (f faults) {
	const rule, path = "kafka/cruise-control-goals", "spec.cruiseControl.config"
	add := func(key, kind, detail, fix string) { f.add(rule, kind, at(path, key), detail, fix) }
	for _, key := range [...]string{keyGoals, keyDefaultGoals, keyHardGoals, keyDetectionGoals} {
		set := goalsOf(c, key)
		if !set.own {
			continue
		}
		if len(set.goals) == 0 && (key == keyGoals || key == keyDefaultGoals) {
			add(key, millrace.RuleInvalid, "Cruise Control refuses an empty list", "leave it out, or name a goal")
		}
		for i, g := range set.goals {
			why, fix := g.fault()
			switch {
			case why != "":
				add(key, millrace.RuleInvalid, why, fix)
			case !strings.Contains(string(g), "."):
				add(key, millrace.RuleInvalid, string(g)+" is not the whole name of a class", "write "+g.class())
			case key == keyGoals && slices.ContainsFunc(set.goals[:i], func(other Goal) bool { return strings.EqualFold(string(other.simple()), string(g.simple())) }):
				add(key, millrace.RuleDuplicate, string(g.simple())+" is there already", "remove it")
			}
		}
	}
	if len(f) > 0 {
		return f
	}
	subsetFaults(c, add)
	networkFaults(c, add)
	return f
}

// subsetFaults are where a list of goals is not within the one that it has to
// be in: hard goals are default goals, and those are goals.
func subsetFaults(c *strimziv1.CruiseControlSpec, add func(key, kind, detail, fix string)) {
	goals, main, hard, detection := goalsOf(c, keyGoals), goalsOf(c, keyDefaultGoals), goalsOf(c, keyHardGoals), goalsOf(c, keyDetectionGoals)
	// Who has to change is who is set.
	blame := func(inner goalSet, innerKey, outerKey string) string {
		if inner.own {
			return innerKey
		}
		return outerKey
	}
	if missing := goals.lacks(main); len(missing) > 0 {
		add(blame(main, keyDefaultGoals, keyGoals), millrace.RuleInvalid,
			fmt.Sprintf("default.goals has %s, which goals has not", joinGoals(missing)), "add them to goals, or leave goals out")
	}
	if missing := main.lacks(hard); len(missing) > 0 {
		add(blame(hard, keyHardGoals, keyDefaultGoals), millrace.RuleInvalid,
			fmt.Sprintf("hard.goals has %s, which default.goals has not", joinGoals(missing)), "add them to default.goals, or set hard.goals without them")
	}
	if missing := main.lacks(detection); detection.own && len(missing) > 0 {
		add(keyDetectionGoals, millrace.RuleInvalid,
			fmt.Sprintf("it has %s, which default.goals has not, and the operator replaces all of it by default.goals", joinGoals(missing)), "add them to default.goals, or leave them out")
	}
}

// networkFaults are where a goal is about the network, and Cruise Control is
// not told what that can do: it then assumes 10000 KiB/s.
// Source: Strimzi 1.2.0, NetworkCapacity.java; CHANGELOG 0.48.0.
func networkFaults(c *strimziv1.CruiseControlSpec, add func(key, kind, detail, fix string)) {
	inbound, outbound := networkCapacity(c.BrokerCapacity)
	for _, key := range [...]string{keyDefaultGoals, keyHardGoals, keyDetectionGoals} {
		set := goalsOf(c, key)
		if !set.own {
			continue
		}
		for _, way := range [...]struct {
			known bool
			goals []Goal
			field string
		}{{inbound, inboundGoals, "inboundNetwork"}, {outbound, outboundGoals, "outboundNetwork"}} {
			var blind []Goal
			for _, g := range way.goals {
				if !way.known && set.has(g) {
					blind = append(blind, g)
				}
			}
			if len(blind) > 0 {
				add(key, millrace.RuleConflict, fmt.Sprintf("%s is about the network, and without brokerCapacity.%s Cruise Control takes it for 10000KiB/s", joinGoals(blind), way.field),
					"say what a broker's network can do, or leave the goal out")
			}
		}
	}
}
