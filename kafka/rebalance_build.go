package kafka

import (
	"fmt"
	"math"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Build checks the rebalance and makes its KafkaRebalance.
func (r *Rebalance) Build() (millrace.Parts, error) { return alone(r.KafkaRebalance()) }

// KafkaRebalance makes the rebalance's object. The error is a
// *millrace.BuildError with every mistake. The rebalance is not changed, and
// shares no memory with the object.
func (r *Rebalance) KafkaRebalance() (*strimziv1.KafkaRebalance, error) {
	if r == nil {
		return nil, nilBuilder("kafka.Rebalance")
	}
	p := &millrace.Problems{Object: millrace.Ref{Kind: "kafka.Rebalance", Namespace: r.Namespace, Name: r.Name}}
	p.Name("Name", r.Name)
	p.Namespace("Namespace", r.Namespace)
	meta := objectMeta(p, r.Name, r.Namespace, r.Labels, r.Annotations)
	if r.Cluster != "" || !r.Template {
		checkCluster(p, r.Cluster, "name the Kafka object: without it nothing is moved")
		labelCluster(p, &meta, r.Cluster)
	}
	r.annotate(p, &meta)

	spec := *r.Base.DeepCopy()
	from := newOrigins[strimziv1.KafkaRebalanceSpec]()
	fields := r.fields(p, from)
	lay(p, "Base", &spec, fields)
	made := &strimziv1.KafkaRebalance{TypeMeta: typeMeta("KafkaRebalance"), ObjectMeta: meta, Spec: spec}
	faultsOf(made).report(p, from)
	if err := finish(p, r); err != nil {
		return nil, err
	}
	return made, nil
}

// annotate adds what the fields say by annotations.
func (r *Rebalance) annotate(p *millrace.Problems, meta *metav1.ObjectMeta) {
	set := func(field, key, value string) {
		if own, ok := meta.Annotations[key]; ok && own != value {
			p.Conflict("Annotations["+key+"]", "the field "+field+" sets it too", "leave the annotation out")
		}
		if meta.Annotations == nil {
			meta.Annotations = map[string]string{}
		}
		meta.Annotations[key] = value
	}
	if r.AutoApprove {
		set("AutoApprove", autoApproveAnnotation, "true")
	}
	if r.Template {
		set("Template", templateAnnotation, "true")
	}
	if r.Action != "" {
		set("Action", actionAnnotation, string(r.Action))
	}
}

// fields returns what the fields say, and records where it stands.
func (r *Rebalance) fields(p *millrace.Problems, from origins) *strimziv1.KafkaRebalanceSpec {
	out := &strimziv1.KafkaRebalanceSpec{
		Mode:                                    strimziv1.RebalanceMode(r.Mode),
		Brokers:                                 numbers(r.Brokers),
		ExcludedTopics:                          text(r.ExcludedTopics),
		ConcurrentPartitionMovementsPerBroker:   count(p, "Pace.Partitions", r.Pace.Partitions, math.MaxInt32),
		ConcurrentIntraBrokerPartitionMovements: count(p, "Pace.WithinBroker", r.Pace.WithinBroker, math.MaxInt32),
		ConcurrentLeaderMovements:               count(p, "Pace.Leaders", r.Pace.Leaders, math.MaxInt32),
	}
	if checkBytes(p, "Pace.Throttle", r.Pace.Throttle) && r.Pace.Throttle > 0 {
		out.ReplicationThrottle = new(int64(r.Pace.Throttle))
	}
	if r.SkipHardGoals {
		out.SkipHardGoalCheck = new(true)
	}
	if r.WithinBrokers {
		out.RebalanceDisk = new(true)
	}
	for _, g := range r.Goals {
		out.Goals = append(out.Goals, string(g))
	}
	for _, s := range r.Strategies {
		out.ReplicaMovementStrategies = append(out.ReplicaMovementStrategies, string(s))
	}
	for i, d := range r.Disks {
		out.MoveReplicasOffVolumes = append(out.MoveReplicasOffVolumes, strimziv1.BrokerAndVolumeIDs{BrokerID: new(int64(d.Broker)), VolumeIDs: numbers(d.Disks)})
		path := fmt.Sprintf("spec.moveReplicasOffVolumes[%d]", i)
		from.add(path+".brokerId", fmt.Sprintf("Disks[%d].Broker", i))
		from.add(path+".volumeIds", fmt.Sprintf("Disks[%d].Disks", i))
	}
	for _, one := range [...]struct {
		path, field string
		isSet       bool
	}{
		{"spec.mode", "Mode", r.Mode != ""},
		{"spec.brokers", "Brokers", len(r.Base.Brokers) == 0},
		{"spec.moveReplicasOffVolumes", "Disks", len(r.Base.MoveReplicasOffVolumes) == 0},
		{"spec.goals", "Goals", len(r.Goals) > 0},
		{"spec.replicaMovementStrategies", "Strategies", len(r.Strategies) > 0},
		{"spec.skipHardGoalCheck", "SkipHardGoals", r.SkipHardGoals},
		{"spec.rebalanceDisk", "WithinBrokers", r.WithinBrokers},
		{"spec.excludedTopics", "ExcludedTopics", r.ExcludedTopics != ""},
		{"spec.concurrentPartitionMovementsPerBroker", "Pace.Partitions", r.Pace.Partitions != 0},
		{"spec.concurrentIntraBrokerPartitionMovements", "Pace.WithinBroker", r.Pace.WithinBroker != 0},
		{"spec.concurrentLeaderMovements", "Pace.Leaders", r.Pace.Leaders != 0},
		{"spec.replicationThrottle", "Pace.Throttle", r.Pace.Throttle != 0},
		{"metadata.annotations[" + actionAnnotation + "]", "Action", r.Action != ""},
		{"metadata.annotations[" + autoApproveAnnotation + "]", "AutoApprove", r.AutoApprove},
		{"metadata.annotations[" + actionAnnotation + "]", "Annotations[" + actionAnnotation + "]", r.Action == ""},
		{"metadata.annotations[" + autoApproveAnnotation + "]", "Annotations[" + autoApproveAnnotation + "]", !r.AutoApprove},
		{"metadata.annotations[" + templateAnnotation + "]", "Annotations[" + templateAnnotation + "]", !r.Template},
	} {
		if one.isSet {
			from.add(one.path, one.field)
		}
	}
	return out
}
