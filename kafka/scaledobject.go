package kafka

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
)

var (
	scaledKind = schema.GroupKind{Group: kedav1alpha1.GroupVersion.Group, Kind: "ScaledObject"}
	authKind   = schema.GroupKind{Group: kedav1alpha1.GroupVersion.Group, Kind: "TriggerAuthentication"}
)

const (
	// hpaPrefix begins the name of the autoscaler that KEDA makes.
	// Source: KEDA 2.21.0, apis/keda/v1alpha1/scaledobject_webhook.go.
	hpaPrefix = "keda-hpa-"

	// defaultMaximum is how many replicas KEDA makes at most without a word.
	// Source: KEDA 2.21.0, apis/keda/v1alpha1/scaledobject_types.go.
	defaultMaximum = 100

	maximumPath = "spec.maxReplicaCount"
)

// scaledFaults reports what KEDA refuses in a ScaledObject that follows the lag
// of a consumer group, or what it can't do with it.
func scaledFaults(o *kedav1alpha1.ScaledObject) faults {
	var f faults
	triggers := triggersOf(o)
	if len(triggers) == 0 {
		return nil
	}
	for _, t := range triggers {
		t.faults(&f)
		t.wakeFaults(&f, o)
		t.hostFaults(&f)
	}
	boundFaults(&f, o)
	nameFaults(&f, o)
	return f
}

// wakeFaults reports a trigger that never wakes what sleeps: without a topic,
// KEDA asks for those that the group has committed offsets of, and a group that
// never ran has none.
// Source: KEDA 2.21.0, pkg/scalers/kafka_scaler.go, getTopicPartitions.
func (t trigger) wakeFaults(f *faults, o *kedav1alpha1.ScaledObject) {
	if _, ok := t.value(keyTopic); ok {
		return
	}
	switch {
	case deref(o.Spec.MinReplicaCount) == 0:
		f.add(ruleTopicOf, millrace.RuleRequired, t.path(keyTopic),
			"there may be no replicas, and without a topic KEDA sees no lag of a group that has committed nothing: it never starts one", "name the topic, or set minReplicaCount to 1 or more")
	case o.Spec.IdleReplicaCount != nil:
		f.add(ruleTopicOf, millrace.RuleRequired, t.path(keyTopic),
			"idle replicas are none, and without a topic KEDA sees no lag of a group that has committed nothing: it never starts one", "name the topic, or take idleReplicaCount out")
	}
}

// hostFaults reports addresses that only pods of the same namespace can
// resolve: it is KEDA, in a namespace of its own, who connects to them.
func (t trigger) hostFaults(f *faults) {
	servers, _ := t.value(keyServers)
	for server := range strings.SplitSeq(servers, ",") {
		host, _, _ := strings.Cut(strings.TrimSpace(server), ":")
		if host != "" && host != "localhost" && !strings.ContainsAny(host, ".{[") {
			f.add(ruleHosts, millrace.RuleInvalid, t.path(keyServers),
				fmt.Sprintf("%q names no namespace, and KEDA looks for it in its own", host), "write it as "+host+".<namespace>.svc")
		}
	}
}

// boundFaults reports numbers of replicas that KEDA refuses.
// Source: KEDA 2.21.0, CheckReplicaCountBoundsAreValid.
func boundFaults(f *faults, o *kedav1alpha1.ScaledObject) {
	s := o.Spec
	least := int32(0)
	if s.MinReplicaCount != nil {
		least = max(*s.MinReplicaCount, 1)
	}
	if s.IdleReplicaCount != nil && *s.IdleReplicaCount >= least {
		f.add(ruleScaling, millrace.RuleInvalid, "spec.idleReplicaCount",
			fmt.Sprintf("%d: it is not less than minReplicaCount, %d", *s.IdleReplicaCount, least), "set minReplicaCount to more, or take it out")
	}
	if most := deref(s.MaxReplicaCount); s.MaxReplicaCount != nil && s.Fallback != nil && s.Fallback.Replicas > most {
		f.add(ruleScaling, millrace.RuleInvalid, "spec.fallback.replicas", fmt.Sprintf("%d: it is more than maxReplicaCount, %d", s.Fallback.Replicas, most), "lower it")
	}
}

// nameFaults reports names that KEDA can't make its own of.
// Source: KEDA 2.21.0, verifyName and ValidateTriggers.
func nameFaults(f *faults, o *kedav1alpha1.ScaledObject) {
	hpa, path := hpaPrefix+o.Name, "metadata.name"
	if a := o.Spec.Advanced; a != nil && a.HorizontalPodAutoscalerConfig != nil && deref(a.HorizontalPodAutoscalerConfig.Name) != "" {
		hpa, path = *a.HorizontalPodAutoscalerConfig.Name, "spec.advanced.horizontalPodAutoscalerConfig.name"
	}
	if len(hpa) > validation.DNS1123LabelMaxLength {
		f.add(ruleScaling, millrace.RuleInvalid, path, fmt.Sprintf("the autoscaler would be named %s, with %d characters, and has room for 63", hpa, len(hpa)),
			"shorten it, or set advanced.horizontalPodAutoscalerConfig.name")
	}
	if len(o.Name) > validation.DNS1123LabelMaxLength {
		f.add(ruleScaling, millrace.RuleInvalid, "metadata.name", "KEDA writes it into a label, which has room for 63 characters", "shorten it")
	}
	names := map[string]bool{}
	for i, t := range o.Spec.Triggers {
		name := deref(t.Name)
		if name != "" && names[name] {
			f.add(ruleScaling, millrace.RuleDuplicate, fmt.Sprintf("spec.triggers[%d].name", i), "another trigger is named "+name, "rename one of the two")
		}
		names[name] = true
	}
}

// maximumFaults reports more replicas than there are partitions to read.
func maximumFaults(f *faults, o *kedav1alpha1.ScaledObject, partitions int64) {
	most := int64(defaultMaximum)
	if n := o.Spec.MaxReplicaCount; n != nil {
		most = int64(*n)
	}
	if partitions <= 0 || most <= partitions {
		return
	}
	detail := fmt.Sprintf("%d replicas share %d partitions: %d of them would have nothing to read", most, partitions, most-partitions)
	if o.Spec.MaxReplicaCount == nil {
		detail = "it is not set, and KEDA's own is 100: " + detail
	}
	f.add(ruleMaximum, millrace.RuleInvalid, maximumPath, detail, fmt.Sprintf("use %d", partitions))
}
