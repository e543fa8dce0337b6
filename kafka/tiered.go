package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TieredStorage moves old segments out of the brokers' disks, by a remote
// storage manager that is in the image or mounted into it: Kafka has none of
// its own. Which topics take part is said by their remote.storage.enable (rule
// kafka/tiered-storage).
//
// Strimzi turns tiered storage on, and keeps its metadata in a topic of the
// cluster, __remote_log_metadata. That gets as many replicas as the other
// internal topics, where Config says nothing else; the settings begin with
// rlmm.config.remote.log.metadata.topic.
type TieredStorage struct {
	// Class is the Java class of the remote storage manager.
	//
	// Empty means no tiered storage.
	//
	// Rendered as spec.kafka.tieredStorage.remoteStorageManager.className.
	Class string

	// ClassPath is where it and its libraries are: "/opt/kafka/plugins/*".
	// Required with Class.
	//
	// Rendered as spec.kafka.tieredStorage.remoteStorageManager.classPath.
	ClassPath string

	// Config are its settings, without the prefix rsm.config. that they get.
	//
	// Rendered as spec.kafka.tieredStorage.remoteStorageManager.config.
	Config map[string]string
}

const (
	tieredRule = "kafka/tiered-storage"
	tieredPath = "spec.kafka.tieredStorage"

	keyRemoteReplication = "rlmm.config.remote.log.metadata.topic.replication.factor"
	keyRemoteMinISR      = "rlmm.config.remote.log.metadata.topic.min.isr"

	keyRemoteStorage       = "remote.storage.enable"
	keyRemoteStorageSystem = "remote.log.storage.system.enable"
)

func (t TieredStorage) make(m *making) {
	if t.Class == "" {
		const detail, fix = "without a Class there is no tiered storage", "set Class, or leave it out"
		if t.ClassPath != "" {
			m.Conflict("TieredStorage.ClassPath", detail, fix)
		}
		if len(t.Config) > 0 {
			m.Conflict("TieredStorage.Config", detail, fix)
		}
		return
	}
	const manager = tieredPath + ".remoteStorageManager"
	m.origins.add(manager+".className", "TieredStorage.Class")
	m.origins.add(manager+".classPath", "TieredStorage.ClassPath")
	m.origins.add(manager+".config", "TieredStorage.Config")
	m.fields.Kafka.TieredStorage = &strimziv1.TieredStorage{
		Type: strimziv1.TieredStorageTypeCustom,
		RemoteStorageManager: &strimziv1.RemoteStorageManager{
			ClassName: new(t.Class), ClassPath: text(t.ClassPath), Config: maps.Clone(t.Config),
		},
	}
}

// tiered reports what brokers don't start with.
// Source: Strimzi, KafkaBrokerConfigurationBuilder.withTieredStorage, which
// writes what is missing as the word null.
func (f *faults) tiered(t *strimziv1.TieredStorage) {
	if t == nil {
		return
	}
	if t.Type != strimziv1.TieredStorageTypeCustom {
		f.add(tieredRule, millrace.RuleInvalid, tieredPath+".type", fmt.Sprintf("%q: there is no such type of tiered storage", t.Type), "use custom")
	}
	const at = tieredPath + ".remoteStorageManager"
	manager := t.RemoteStorageManager
	if manager == nil {
		f.add(tieredRule, millrace.RuleRequired, at, "is required", "name the class of the remote storage manager, and its class path")
		return
	}
	for _, part := range [...]struct{ field, value, fix string }{
		{"className", deref(manager.ClassName), "name the class of the remote storage manager"},
		{"classPath", deref(manager.ClassPath), "say where the class is, such as /opt/kafka/plugins/*"},
	} {
		switch {
		case part.value == "":
			f.add(tieredRule, millrace.RuleRequired, at+"."+part.field, "is required", part.fix)
		case strings.ContainsFunc(part.value, unicode.IsControl):
			f.add(tieredRule, millrace.RuleInvalid, at+"."+part.field, fmt.Sprintf("%q: a setting is one line of text", part.value), "remove what is not printable")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(manager.Config)) {
		if key == "" || strings.ContainsFunc(key+manager.Config[key], unicode.IsControl) {
			f.add(tieredRule, millrace.RuleInvalid, at+".config["+key+"]", fmt.Sprintf("%q: a setting is one line of text", key+"="+manager.Config[key]), "remove what is not printable")
		}
	}
}

// tieredIsOn reports whether a cluster's brokers have tiered storage.
func tieredIsOn(k *strimziv1.Kafka) bool {
	on, _ := configBool(k.Spec.Kafka.Config, keyRemoteStorageSystem)
	return on || k.Spec.Kafka.TieredStorage != nil
}
