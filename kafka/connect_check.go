package kafka

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	ruleStorage   = "kafka/connect-storage"
	ruleResources = "kafka/worker-resources"
)

// connectFaults are what is wrong with a KafkaConnect alone.
func connectFaults(o *strimziv1.KafkaConnect) faults {
	var f faults
	s := &o.Spec
	connectionFaults(&f, "spec", reach{s.BootstrapServers, s.TLS, s.Authentication})
	storageFaults(&f, "spec", storageOf(s))
	workerConfigFaults(&f, "spec.config", s.Config, connectComponent)
	workerFaults(&f, s.Resources, s.JVMOptions)
	imageFaults(&f, s)
	mountedPluginFaults(&f, s.Plugins)
	return f
}

// storage is where workers keep their state.
type storage struct {
	group, configs, offsets, status string
}

func storageOf(s *strimziv1.KafkaConnectSpec) storage {
	return storage{s.GroupID, s.ConfigStorageTopic, s.OffsetStorageTopic, s.StatusStorageTopic}
}

// topics are the topics by their fields, in the order of the manifest.
func (s storage) topics() [3][2]string {
	return [...][2]string{{"configStorageTopic", s.configs}, {"statusStorageTopic", s.status}, {"offsetStorageTopic", s.offsets}}
}

// storageFaults reports groups and topics that are missing or that meet.
func storageFaults(f *faults, path string, s storage) {
	if s.group == "" {
		f.add(ruleStorage, millrace.RuleRequired, path+".groupId", "is required", "give the workers a group of their own")
	}
	topics := s.topics()
	for i, topic := range topics {
		at := path + "." + topic[0]
		switch {
		case topic[1] == "":
			f.add(ruleStorage, millrace.RuleRequired, at, "is required", "name a topic that only these workers use")
			continue
		case !isTopicName(topic[1]):
			f.add(ruleStorage, millrace.RuleInvalid, at, fmt.Sprintf("%q: Kafka has no topic of such a name", topic[1]), topicNameFix)
		}
		for _, other := range topics[:i] {
			if other[1] == topic[1] {
				f.add(ruleStorage, millrace.RuleDuplicate, at, fmt.Sprintf("%q is the %s too", topic[1], other[0]), "use three topics")
			}
		}
	}
}

const topicNameFix = "use at most 249 letters, digits, '.', '_' and '-'"

// isTopicName reports whether Kafka takes a name for a topic. One that is
// filled in later is taken for one.
func isTopicName(name string) bool {
	if strings.Contains(name, "{{") {
		return true
	}
	legal := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-'
	}
	return name != "." && name != ".." && len(name) <= longestTopicName && strings.IndexFunc(name, func(r rune) bool { return !legal(r) }) < 0
}

// workerFaults reports resources that the operator refuses, and heaps that
// don't fit.
// Source: Strimzi 1.2.0, ModelUtils.validateComputeResources.
func workerFaults(f *faults, r *corev1.ResourceRequirements, jvm *strimziv1.JVMOptions) {
	resourceFaults(f, "spec.resources", r)
	if r == nil || jvm == nil || jvm.Xmx == nil {
		return
	}
	memory, limited := r.Limits[corev1.ResourceMemory]
	if heap, ok := jvmBytes(*jvm.Xmx); ok && limited && heap >= memory.Value() {
		f.add(ruleResources, millrace.RuleInvalid, "spec.jvmOptions.-Xmx", fmt.Sprintf("a heap of %s leaves nothing of the %s of memory", *jvm.Xmx, &memory), "use about 75% of the memory")
	}
}

func resourceFaults(f *faults, path string, r *corev1.ResourceRequirements) {
	if r == nil {
		return
	}
	positive := func(list string, of corev1.ResourceList) {
		for _, name := range slices.Sorted(maps.Keys(of)) {
			if q := of[name]; q.Sign() <= 0 {
				f.add(ruleResources, millrace.RuleInvalid, at(path+"."+list, string(name)), fmt.Sprintf("%s: it is not positive", &q), "give it a size, or leave it out")
			}
		}
	}
	positive("requests", r.Requests)
	positive("limits", r.Limits)
	for _, name := range slices.Sorted(maps.Keys(r.Requests)) {
		q := r.Requests[name]
		if limit, ok := r.Limits[name]; ok && limit.Cmp(q) < 0 {
			f.add(ruleResources, millrace.RuleInvalid, at(path+".limits", string(name)), fmt.Sprintf("%s: it is less than the request, %s", &limit, &q), "raise the limit or lower the request")
		}
	}
}

// jvmBytes reads a size as the JVM does: "512m", "2g", "1073741824".
func jvmBytes(text string) (int64, bool) {
	unit := int64(1)
	if text != "" {
		switch text[len(text)-1] {
		case 'm', 'M':
			unit = int64(millrace.MiB)
		case 'g', 'G':
			unit = int64(millrace.GiB)
		}
	}
	if unit > 1 {
		text = text[:len(text)-1]
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/unit {
		return 0, false
	}
	return n * unit, true
}
