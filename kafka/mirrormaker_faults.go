package kafka

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const ruleMirror = "kafka/mirror"

var aliasPattern = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,100}$`)

// The scopes of the settings of a mirror's connectors.
var (
	recordsScopes = []kafkaconf.Scope{kafkaconf.MirrorSource, kafkaconf.SourceConnector}
	offsetsScopes = []kafkaconf.Scope{kafkaconf.MirrorCheckpoint, kafkaconf.SourceConnector}
)

// mirrorScopes begin the settings of the clients of a mirror's connectors.
// Source: Apache Kafka, MirrorConnectorConfig.
var mirrorScopes = []confScope{
	{"source.", ""}, {"target.", ""}, {"producer.override.", kafkaconf.Producer}, {"consumer.override.", kafkaconf.Consumer},
	{"admin.override.", kafkaconf.Admin}, {"producer.", kafkaconf.Producer}, {"consumer.", kafkaconf.Consumer}, {"admin.", kafkaconf.Admin},
	{"key.converter.", ""}, {"value.converter.", ""}, {"header.converter.", ""}, {"transforms.", ""}, {"predicates.", ""},
	{"config.property.filter.", ""}, {"topic.filter.", ""}, {"group.filter.", ""}, {"replication.policy.", ""}, {"forwarding.admin.", ""},
}

// mirrorFaults are what is wrong with a KafkaMirrorMaker2 alone.
func mirrorFaults(o *strimziv1.KafkaMirrorMaker2) faults {
	var f faults
	t := &o.Spec.Target
	const target = "spec.target"
	f.version("spec.version", o.Spec.Version)
	connectionFaults(&f, target, reach{t.BootstrapServers, t.TLS, t.Authentication})
	storageFaults(&f, target, storage{t.GroupID, t.ConfigStorageTopic, t.OffsetStorageTopic, t.StatusStorageTopic})
	workerConfigFaults(&f, target+".config", t.Config, mirrorComponent)
	template := deref(o.Spec.Template)
	workerFaults(&f, o.Spec.Resources, o.Spec.JVMOptions, template.Pod, workerContainers(template)...)
	aliasFaults(&f, target+".alias", t.Alias)
	if len(o.Spec.Mirrors) == 0 {
		f.add(ruleMirror, millrace.RuleRequired, "spec.mirrors", "nothing is copied", "add a mirror")
	}
	aliases := []string{t.Alias}
	for i := range o.Spec.Mirrors {
		m, path := &o.Spec.Mirrors[i], fmt.Sprintf("spec.mirrors[%d]", i)
		connectionFaults(&f, path+".source", reach{m.Source.BootstrapServers, m.Source.TLS, m.Source.Authentication})
		alias := m.Source.Alias
		aliasFaults(&f, path+".source.alias", alias)
		if alias != "" && slices.Contains(aliases, alias) {
			f.add(ruleMirror, millrace.RuleDuplicate, path+".source.alias", fmt.Sprintf("another cluster is called %q too", alias), "give each cluster an alias of its own")
		}
		aliases = append(aliases, alias)
		oneMirrorFaults(&f, path, m)
	}
	mirrorOffsetsFaults(&f, o)
	return f
}

func aliasFaults(f *faults, path, alias string) {
	switch {
	case alias == "":
		f.add(ruleMirror, millrace.RuleRequired, path, "is required", "give the cluster an alias")
	case !aliasPattern.MatchString(alias) && !isFilledIn(alias):
		f.add(ruleMirror, millrace.RuleInvalid, path, fmt.Sprintf("%q: no cluster is called so", alias), "use at most 100 letters, digits, '.', '_' and '-'")
	}
}

// oneMirrorFaults reports what is wrong with the connectors of a mirror.
func oneMirrorFaults(f *faults, path string, m *strimziv1.KafkaMirrorMaker2MirrorSpec) {
	records, offsets := m.SourceConnector, m.CheckpointConnector
	if records == nil {
		f.add(ruleMirror, millrace.RuleRequired, path+".sourceConnector", "without it no record is copied", "add the connector, {} for its defaults")
	} else {
		configFaults{f, ruleConnectorConfig, connectorComponent, recordsScopes, mirrorScopes, false}.check(path+".sourceConnector.config", records.Config)
		separatorFault(f, path+".source.alias", m.Source.Alias, records.Config)
	}
	if offsets != nil {
		configFaults{f, ruleConnectorConfig, connectorComponent, offsetsScopes, mirrorScopes, false}.check(path+".checkpointConnector.config", offsets.Config)
	}
	if records == nil || offsets == nil {
		return
	}
	for _, key := range [...]string{keyPolicy, keySeparator, keySyncsAt} {
		one, other := mirrorSetting(records.Config, key), mirrorSetting(offsets.Config, key)
		if one != other {
			f.add(ruleMirror, millrace.RuleConflict, at(path+".checkpointConnector.config", key),
				fmt.Sprintf("it is %q, and %q in the source connector: offsets are looked for under other names than records", other, one), "set both alike")
		}
	}
}

// mirrorDefaults are what Kafka takes for settings of a mirror that are not set.
// Source: Apache Kafka, MirrorConnectorConfig.
var mirrorDefaults = map[string]string{
	keyPolicy:    "org.apache.kafka.connect.mirror.DefaultReplicationPolicy",
	keySeparator: ".",
	keySyncsAt:   "source",
}

// mirrorSetting returns a setting of a connector, or Kafka's default.
func mirrorSetting(config strimziv1.JSONMap, key string) string {
	text, _ := configText(config[key])
	return cmp.Or(text, mirrorDefaults[key])
}

// separatorFault reports an alias that can't be told from a topic's name.
// Source: Apache Kafka, DefaultReplicationPolicy.topicSource.
func separatorFault(f *faults, path, alias string, config strimziv1.JSONMap) {
	separator := mirrorSetting(config, keySeparator)
	if mirrorSetting(config, keyPolicy) == mirrorDefaults[keyPolicy] && strings.Contains(alias, separator) {
		f.add(ruleMirror, millrace.RuleInvalid, path, fmt.Sprintf("%q: it has the separator %q in it, so that copies can't be told from other topics", alias, separator),
			"leave the separator out of the alias, or set another one")
	}
}

// mirrorOffsetsFaults reports annotations about offsets that the operator can't
// follow.
// Source: Strimzi, KafkaMirrorMaker2AssemblyOperator.java.
func mirrorOffsetsFaults(f *faults, o *strimziv1.KafkaMirrorMaker2) {
	_, hasAction := o.Annotations[offsetsAnnotation]
	name, hasName := o.Annotations[mirrorAnnotation]
	if hasAction != hasName {
		missing, there := offsetsAnnotation, mirrorAnnotation
		if hasAction {
			missing, there = mirrorAnnotation, offsetsAnnotation
		}
		f.add(ruleOffsets, millrace.RuleRequired, at("metadata.annotations", missing), "nothing is done with "+there+" alone", "set both, or none")
		return
	}
	if !hasAction {
		return
	}
	for i := range o.Spec.Mirrors {
		m := &o.Spec.Mirrors[i]
		for _, of := range []struct {
			field, class string
			spec         *strimziv1.KafkaMirrorMaker2ConnectorSpec
		}{{"sourceConnector", "MirrorSourceConnector", m.SourceConnector}, {"checkpointConnector", "MirrorCheckpointConnector", m.CheckpointConnector}} {
			// Source: Strimzi, KafkaMirrorMaker2Connectors.java.
			if c := of.spec; c != nil && name == m.Source.Alias+"->"+o.Spec.Target.Alias+"."+of.class {
				offsetsFaults(f, o.Annotations, fmt.Sprintf("spec.mirrors[%d].%s", i, of.field), connectorOffsets{c.State, c.ListOffsets, c.AlterOffsets})
				return
			}
		}
	}
	f.add(ruleOffsets, millrace.RuleUnknown, at("metadata.annotations", mirrorAnnotation), fmt.Sprintf("there is no connector %q", name),
		"write it as <source>-><target>.MirrorSourceConnector or .MirrorCheckpointConnector")
}
