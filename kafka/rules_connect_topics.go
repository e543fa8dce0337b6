package kafka

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// ownTopic is a topic that Connect or MirrorMaker makes: the setting of its
// replicas, and what Kafka takes where there is none.
// Source: Apache Kafka, DistributedConfig, MirrorSourceConfig,
// MirrorCheckpointConfig.
type ownTopic struct {
	key       string
	otherwise int64
}

var (
	workerTopics = []ownTopic{{keyConfigReplication, 3}, {keyOffsetReplication, 3}, {keyStatusReplication, 3}}
	copiedTopics = []ownTopic{{"replication.factor", 2}}
	syncTopics   = []ownTopic{{"offset-syncs.topic.replication.factor", 3}}
	checkTopics  = []ownTopic{{"checkpoints.topic.replication.factor", 3}}
)

func checkConnectReplication(pass *millrace.Pass) {
	switch o := pass.Object.(type) {
	case *strimziv1.KafkaConnect:
		reportTopics(pass, "spec.config", o.Spec.Config, o.Spec.BootstrapServers, workerTopics)
	case *strimziv1.KafkaMirrorMaker2:
		t := &o.Spec.Target
		reportTopics(pass, "spec.target.config", t.Config, t.BootstrapServers, workerTopics)
		for i := range o.Spec.Mirrors {
			m, path := &o.Spec.Mirrors[i], fmt.Sprintf("spec.mirrors[%d]", i)
			if c := m.SourceConnector; c != nil {
				at := path + ".sourceConnector.config"
				reportTopics(pass, at, c.Config, t.BootstrapServers, copiedTopics)
				syncs := m.Source.BootstrapServers
				if mirrorSetting(c.Config, keySyncsAt) == "target" {
					syncs = t.BootstrapServers
				}
				reportTopics(pass, at, c.Config, syncs, syncTopics)
			}
			if c := m.CheckpointConnector; c != nil {
				reportTopics(pass, path+".checkpointConnector.config", c.Config, t.BootstrapServers, checkTopics)
			}
		}
	}
}

// reportTopics reports topics on too few brokers, or on more than there are in
// the cluster behind the servers, as far as the bundle has it.
func reportTopics(pass *millrace.Pass, path string, config strimziv1.JSONMap, servers string, topics []ownTopic) {
	var brokers int64
	counted := false
	if k, _, ok := kafkaOf(pass.Bundle, pass.Object.GetNamespace(), servers); ok {
		brokers, counted = brokersOf(pass, k)
	}
	for _, topic := range topics {
		n, isSet := configInt(config, topic.key)
		said := "is"
		if !isSet {
			n, said = topic.otherwise, "is not set, and Kafka's own default is"
		}
		switch {
		case n < 1: // It is left to the brokers.
		case n < defaultReplication:
			pass.Report(at(path, topic.key), fmt.Sprintf("%s %s %d", topic.key, said, n))
		case counted && n > brokers:
			pass.Report(at(path, topic.key), fmt.Sprintf("%s %s %d, and the cluster has %d brokers", topic.key, said, n, brokers))
		}
	}
}

// copying is a mirror in which topics keep their names.
type copying struct {
	from, to string
	topics   string // empty for all
}

// copyings returns those of the whole bundle, by where they copy from.
func copyings(pass *millrace.Pass) map[string][]copying {
	type key struct{}
	return once(pass, key{}, func() map[string][]copying {
		out := map[string][]copying{}
		for mm := range all[*strimziv1.KafkaMirrorMaker2](pass.Bundle, mirrorKind) {
			for i := range mm.Spec.Mirrors {
				if c, ok := copyingOf(mm, i); ok {
					out[c.from] = append(out[c.from], c)
				}
			}
		}
		return out
	})
}

func copyingOf(mm *strimziv1.KafkaMirrorMaker2, i int) (copying, bool) {
	m := &mm.Spec.Mirrors[i]
	if m.SourceConnector == nil || mirrorSetting(m.SourceConnector.Config, keyPolicy) != identityPolicy {
		return copying{}, false
	}
	out := copying{serversOf(mm.Namespace, m.Source.BootstrapServers), serversOf(mm.Namespace, mm.Spec.Target.BootstrapServers), deref(m.TopicsPattern)}
	if out.topics == ".*" {
		out.topics = ""
	}
	return out, out.from != "" && out.to != ""
}

// meets reports whether two mirrors may copy the same topic. Other patterns
// than the same one may meet too, which nobody can tell from here.
func (c copying) meets(other copying) bool {
	return c.topics == "" || other.topics == "" || c.topics == other.topics
}

func checkMirrorCycle(pass *millrace.Pass, mm *strimziv1.KafkaMirrorMaker2) {
	for i := range mm.Spec.Mirrors {
		if c, ok := copyingOf(mm, i); ok && comesBack(c, copyings(pass)) {
			pass.Report(fmt.Sprintf("spec.mirrors[%d].sourceConnector.config[%s]", i, keyPolicy),
				fmt.Sprintf("what is copied from %s to %s under its own name comes back", c.from, c.to))
		}
	}
}

// comesBack reports whether a record that is copied may get to where it is
// from.
func comesBack(c copying, all map[string][]copying) bool {
	seen := map[string]bool{}
	reached := []string{c.to}
	for len(reached) > 0 {
		at := reached[0]
		reached = reached[1:]
		if at == c.from {
			return true
		}
		if seen[at] {
			continue
		}
		seen[at] = true
		for _, next := range all[at] {
			if next.meets(c) {
				reached = append(reached, next.to)
			}
		}
	}
	return false
}
