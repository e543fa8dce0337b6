package kafka_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TestRebalanceMistakes wants what the operator or Cruise Control refuses or
// ignores to be found in the field that says it.
func TestRebalanceMistakes(t *testing.T) {
	const invalid, conflict, required, duplicate = millrace.RuleInvalid, millrace.RuleConflict, millrace.RuleRequired, millrace.RuleDuplicate
	disks := []kafka.BrokerDisks{{Broker: 0, Disks: []int{1}}}
	for name, tc := range map[string]struct {
		change func(*kafka.Rebalance)
		want   []string
	}{
		"nothing":    {func(*kafka.Rebalance) {}, nil},
		"all of it":  {func(r *kafka.Rebalance) { *r = *fullRebalance() }, nil},
		"no name":    {func(r *kafka.Rebalance) { r.Name = "" }, []string{required + " Name"}},
		"namespace":  {func(r *kafka.Rebalance) { r.Namespace = "A" }, []string{invalid + " Namespace"}},
		"no cluster": {func(r *kafka.Rebalance) { r.Cluster = "" }, []string{required + " Cluster"}},
		"another cluster": {func(r *kafka.Rebalance) { r.Labels = map[string]string{"strimzi.io/cluster": "other"} },
			[]string{conflict + " Labels[strimzi.io/cluster]"}},
		"template of no cluster": {func(r *kafka.Rebalance) { r.Cluster, r.Template = "", true }, nil},
		"template of a mode":     {func(r *kafka.Rebalance) { r.Mode, r.Template = kafka.AddBrokers, true }, nil},

		"unknown mode":      {func(r *kafka.Rebalance) { r.Mode = "half" }, []string{invalid + " Mode"}},
		"add nobody":        {func(r *kafka.Rebalance) { r.Mode = kafka.AddBrokers }, []string{required + " Brokers"}},
		"remove nobody":     {func(r *kafka.Rebalance) { r.Mode = kafka.RemoveBrokers }, []string{required + " Brokers"}},
		"remove somebody":   {func(r *kafka.Rebalance) { r.Mode, r.Brokers = kafka.RemoveBrokers, []int{0, 5} }, nil},
		"remove no disks":   {func(r *kafka.Rebalance) { r.Mode = kafka.RemoveDisks }, []string{required + " Disks"}},
		"brokers in full":   {func(r *kafka.Rebalance) { r.Brokers = []int{1} }, []string{conflict + " Brokers"}},
		"disks in full":     {func(r *kafka.Rebalance) { r.Disks = disks }, []string{conflict + " Disks"}},
		"brokers and disks": {func(r *kafka.Rebalance) { r.Mode, r.Brokers, r.Disks = kafka.RemoveDisks, []int{1}, disks }, []string{conflict + " Brokers"}},
		"brokers of Base":   {func(r *kafka.Rebalance) { r.Base.Brokers = []int64{1} }, []string{conflict + " Base.Brokers"}},
		"brokers twice":     {func(r *kafka.Rebalance) { r.Mode, r.Brokers = kafka.AddBrokers, []int{3, 4, 3, -1} }, []string{duplicate + " Brokers[2]", invalid + " Brokers[3]"}},
		"disks of nobody": {func(r *kafka.Rebalance) {
			r.Mode, r.Disks = kafka.RemoveDisks, []kafka.BrokerDisks{{Broker: -1, Disks: []int{0}}, {Broker: 2}, {Broker: 3, Disks: []int{1, 1, -4}}, {Broker: 3, Disks: []int{0}}}
		}, []string{invalid + " Disks[0].Broker", required + " Disks[1].Disks", duplicate + " Disks[2].Disks[1]", invalid + " Disks[2].Disks[2]", duplicate + " Disks[3].Broker"}},
		"disk of no broker": {func(r *kafka.Rebalance) {
			r.Mode, r.Base.MoveReplicasOffVolumes = kafka.RemoveDisks, []strimziv1.BrokerAndVolumeIDs{{VolumeIDs: []int64{0}}}
		}, []string{required + " Base.MoveReplicasOffVolumes[0].BrokerID"}},
		"what removing disks ignores": {func(r *kafka.Rebalance) {
			r.Mode, r.Disks, r.Goals, r.SkipHardGoals, r.WithinBrokers, r.ExcludedTopics = kafka.RemoveDisks, disks, []kafka.Goal{kafka.RackAwareGoal}, true, true, "a"
			r.Pace, r.Strategies = kafka.Pace{Partitions: 1, WithinBroker: 1, Leaders: 1, Throttle: millrace.MiB}, []kafka.MovementStrategy{kafka.BaseMovement}
		}, []string{conflict + " WithinBrokers", conflict + " Pace.WithinBroker", conflict + " Goals", conflict + " SkipHardGoals", conflict + " ExcludedTopics",
			conflict + " Pace.Partitions", conflict + " Pace.Leaders", conflict + " Pace.Throttle", conflict + " Strategies"}},
		"within brokers":            {func(r *kafka.Rebalance) { r.WithinBrokers, r.Pace.WithinBroker = true, 4 }, nil},
		"within brokers, and goals": {func(r *kafka.Rebalance) { r.WithinBrokers, r.Goals = true, []kafka.Goal{kafka.DiskCapacityGoal} }, []string{conflict + " Goals"}},
		"within new brokers":        {func(r *kafka.Rebalance) { r.Mode, r.Brokers, r.WithinBrokers = kafka.AddBrokers, []int{1}, true }, []string{conflict + " WithinBrokers"}},

		"misspelt goal":    {func(r *kafka.Rebalance) { r.Goals = []kafka.Goal{"RackAwareGoals"} }, []string{invalid + " Goals[0]"}},
		"goal of your own": {func(r *kafka.Rebalance) { r.Goals = []kafka.Goal{"TenantFairnessGoal"} }, nil},
		"goals as a list":  {func(r *kafka.Rebalance) { r.Goals = []kafka.Goal{"RackAwareGoal DiskCapacityGoal"} }, []string{invalid + " Goals[0]"}},
		"goal of a package": {func(r *kafka.Rebalance) {
			r.Goals = []kafka.Goal{"com.linkedin.kafka.cruisecontrol.analyzer.goals.RackAwareGoal"}
		}, []string{invalid + " Goals[0]"}},
		"goal twice": {func(r *kafka.Rebalance) { r.Goals = []kafka.Goal{kafka.RackAwareGoal, kafka.RackAwareGoal} }, []string{duplicate + " Goals[1]"}},
		"misspelt strategy": {func(r *kafka.Rebalance) {
			r.Strategies = []kafka.MovementStrategy{"PrioritiseSmallReplicaMovementStrategy"}
		}, []string{invalid + " Strategies[0]"}},
		"strategy of a package": {func(r *kafka.Rebalance) {
			r.Strategies = []kafka.MovementStrategy{"com.linkedin.kafka.cruisecontrol.executor.strategy.BaseReplicaMovementStrategy"}
		}, []string{invalid + " Strategies[0]"}},
		"topics of Java":   {func(r *kafka.Rebalance) { r.ExcludedTopics = "(?<!x)a++" }, nil},
		"topics left open": {func(r *kafka.Rebalance) { r.ExcludedTopics = "(a|b" }, []string{invalid + " ExcludedTopics"}},
		"negative pace": {func(r *kafka.Rebalance) {
			r.Pace = kafka.Pace{Partitions: -1, WithinBroker: -1, Leaders: -1, Throttle: -1}
		}, []string{invalid + " Pace.Partitions", invalid + " Pace.WithinBroker", invalid + " Pace.Leaders", invalid + " Pace.Throttle"}},
		"throttle of no unit":   {func(r *kafka.Rebalance) { r.Pace.Throttle = 100 }, []string{invalid + " Pace.Throttle"}},
		"throttle of Base, too": {func(r *kafka.Rebalance) { r.Pace.Throttle, r.Base.ReplicationThrottle = millrace.MiB, new(int64(1)) }, []string{conflict + " Base.ReplicationThrottle"}},

		"unknown action":       {func(r *kafka.Rebalance) { r.Action = "go" }, []string{invalid + " Action"}},
		"action by annotation": {func(r *kafka.Rebalance) { r.Annotations = map[string]string{"strimzi.io/rebalance": "go"} }, []string{invalid + " Annotations[strimzi.io/rebalance]"}},
		"two actions": {func(r *kafka.Rebalance) {
			r.Action, r.Annotations = kafka.Stop, map[string]string{"strimzi.io/rebalance": "refresh"}
		},
			[]string{conflict + " Annotations[strimzi.io/rebalance]"}},
		"annotations that are no booleans": {func(r *kafka.Rebalance) {
			r.Annotations = map[string]string{"strimzi.io/rebalance-auto-approval": "yes", "strimzi.io/rebalance-template": "yes"}
		}, []string{invalid + " Annotations[strimzi.io/rebalance-template]", invalid + " Annotations[strimzi.io/rebalance-auto-approval]"}},
		"template with brokers":  {func(r *kafka.Rebalance) { r.Template, r.Mode, r.Brokers = true, kafka.AddBrokers, []int{1} }, []string{conflict + " Brokers"}},
		"template with approval": {func(r *kafka.Rebalance) { r.Template, r.AutoApprove, r.Action = true, true, kafka.Approve }, []string{conflict + " Action", conflict + " AutoApprove"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, mistakes(t, with(smallRebalance(), tc.change))); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestJavaPatterns tells expressions that are wrong in every language from
// those that Go alone doesn't take.
func TestJavaPatterns(t *testing.T) {
	for pattern, wrong := range map[string]bool{
		"": false, "orders-.*": false, "(?!a)b": false, "(?<=a)b": false, "a++": false, `(a)\1`: false, `\p{javaLowerCase}+`: false, "(?<name>a)": false,
		"(a": true, "a)": true, "[a": true, `a\`: true, "*a": true, "a|+": true,
	} {
		got := mistakes(t, with(smallRebalance(), func(r *kafka.Rebalance) { r.Base.ExcludedTopics = new(pattern) }))
		if (got != nil) != wrong {
			t.Errorf("%q: %q", pattern, got)
		}
	}
}
