package kafka

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const ruleStorage = "kafka/connect-storage"

// connectFaults are what is wrong with a KafkaConnect alone.
func connectFaults(o *strimziv1.KafkaConnect) faults {
	var f faults
	s := &o.Spec
	f.version("spec.version", s.Version)
	connectionFaults(&f, "spec", reach{s.BootstrapServers, s.TLS, s.Authentication})
	storageFaults(&f, "spec", storageOf(s))
	workerConfigFaults(&f, "spec.config", s.Config, connectComponent)
	t := deref(s.Template)
	workerFaults(&f, s.Resources, s.JVMOptions, t.Pod, workerContainers(t)...)
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
	if isFilledIn(name) {
		return true
	}
	legal := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-'
	}
	return name != "." && name != ".." && len(name) <= longestTopicName && strings.IndexFunc(name, func(r rune) bool { return !legal(r) }) < 0
}

// workerFaults reports resources that the operator refuses, heaps that don't
// fit, and templates that it refuses.
func workerFaults(f *faults, r *corev1.ResourceRequirements, jvm *strimziv1.JVMOptions, pod *strimziv1.StatefulPodTemplate, containers ...containerTemplate) {
	f.resources("spec.resources", r)
	f.jvm("spec.jvmOptions", jvm, r)
	f.template("spec.template.pod", pod, ownVolumes, containers...)
}

// workerContainers are the templates of a worker's containers.
func workerContainers(t strimziv1.KafkaConnectTemplate) []containerTemplate {
	return []containerTemplate{{"spec.template.connectContainer", t.ConnectContainer}, {"spec.template.initContainer", t.InitContainer}}
}
