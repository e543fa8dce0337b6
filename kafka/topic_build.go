package kafka

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// longestTopicName is Kafka's own limit: the name is part of a directory's.
const longestTopicName = 249

// Build checks the topic and makes its KafkaTopic.
func (t *Topic) Build() (millrace.Parts, error) { return alone(t.KafkaTopic()) }

// KafkaTopic makes the topic's object. The error is a *millrace.BuildError
// with every mistake. The topic is not changed, and shares no memory with the
// object.
func (t *Topic) KafkaTopic() (*strimziv1.KafkaTopic, error) {
	if t == nil {
		return nil, nilBuilder("kafka.Topic")
	}
	p := &millrace.Problems{Object: millrace.Ref{Kind: "kafka.Topic", Namespace: t.Namespace, Name: t.Name}}
	resource := t.checkNames(p)
	p.Namespace("Namespace", t.Namespace)
	meta := objectMeta(p, resource, t.Namespace, t.Labels, t.Annotations)
	checkCluster(p, t.Cluster, "name the Kafka object: without it the topic is never looked at")
	labelCluster(p, &meta, t.Cluster)

	spec := *t.Base.DeepCopy()
	config := t.settings(p)
	fields := strimziv1.KafkaTopicSpec{
		Partitions: count(p, "Partitions", t.Partitions, math.MaxInt32),
		Replicas:   count(p, "Replicas", t.Replicas, math.MaxInt16),
		Config:     config.values,
	}
	if resource != t.Name {
		fields.TopicName = new(t.Name)
	}
	config.base("Base.Config", spec.Config)
	lay(p, "Base", &spec, &fields)
	if spec.Partitions == nil && t.Partitions == 0 {
		p.Required("Partitions", "say how many consumers are to share the work; it can grow, but never shrink")
	}
	t.defaults(p, &spec, config)
	of := newOrigins[strimziv1.KafkaTopicSpec]()
	for key, field := range config.from {
		of.add(at(topicConfigPath, key), field)
	}
	topicConfigFaults(spec.Config, nil).report(p, of)
	checkCleanup(p, spec.Config, config)
	checkTiered(p, spec.Config, config)

	if err := finish(p, t); err != nil {
		return nil, err
	}
	return &strimziv1.KafkaTopic{
		TypeMeta:   typeMeta("KafkaTopic"),
		ObjectMeta: meta,
		Spec:       spec,
	}, nil
}

// checkNames checks the name of the topic, and returns that of the object.
func (t *Topic) checkNames(p *millrace.Problems) (resource string) {
	const letters = "use at most 249 letters, digits, '.', '_' and '-'"
	switch {
	case t.Name == "":
		p.Required("Name", "give it a name")
	case t.Name == "." || t.Name == "..":
		p.Invalid("Name", t.Name, "it would be a directory of its own", letters)
	case len(t.Name) > longestTopicName || !topicLetters(t.Name):
		p.Invalid("Name", t.Name, "Kafka doesn't take it", letters)
	case strings.HasPrefix(t.Name, "__"):
		p.Invalid("Name", t.Name, "names that start with two underscores are Kafka's own", "rename it")
	}
	if t.Resource != "" {
		p.Name("Resource", t.Resource)
		return t.Resource
	}
	return resourceName(t.Name)
}

// resourceName returns the name of the object for a topic: the topic's own,
// or where Kubernetes can't take that, one made of it.
func resourceName(topic string) string {
	if len(validation.IsDNS1123Subdomain(topic)) == 0 {
		return topic
	}
	const hashLength = 8
	sum := sha256.Sum256([]byte(topic))
	base := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, topic)
	base = base[:min(len(base), validation.DNS1123SubdomainMaxLength-hashLength-1)]
	return strings.Trim(strings.Trim(base, "-")+"-"+hex.EncodeToString(sum[:])[:hashLength], "-")
}

// settings puts together what the fields say.
func (t *Topic) settings(p *millrace.Problems) *settings {
	s := newSettings(p, true)
	if n := count(p, "MinInSync", t.MinInSync, math.MaxInt16); n != nil {
		s.set("MinInSync", keyMinInSync, *n)
	}
	s.retention("Retention", "retention.ms", t.Retention)
	s.bytes("RetentionBytes", "retention.bytes", t.RetentionBytes)
	s.word("Cleanup", "cleanup.policy", string(t.Cleanup))
	s.word("Compression", "compression.type", string(t.Compression))
	s.level("CompressionLevel", t.Compression, t.CompressionLevel)
	s.word("TimestampType", "message.timestamp.type", string(t.TimestampType))
	s.bytes("MaxMessage", "max.message.bytes", t.MaxMessage)
	s.bytes("Segment.Bytes", "segment.bytes", t.Segment.Bytes)
	s.duration("Segment.Age", "segment.ms", t.Segment.Age)
	s.duration("Compaction.DeleteRetention", "delete.retention.ms", t.Compaction.DeleteRetention)
	s.duration("Compaction.MinLag", "min.compaction.lag.ms", t.Compaction.MinLag)
	s.duration("Compaction.MaxLag", "max.compaction.lag.ms", t.Compaction.MaxLag)
	if t.Compaction.DirtyRatio != 0 {
		s.set("Compaction.DirtyRatio", "min.cleanable.dirty.ratio", t.Compaction.DirtyRatio)
	}
	t.Tiered.settings(s)
	s.config("Config", t.Config)
	return s
}

// defaults fills in what neither the fields nor Base say, and checks how many
// replicas must be in sync.
func (t *Topic) defaults(p *millrace.Problems, spec *strimziv1.KafkaTopicSpec, config *settings) {
	if spec.Replicas == nil {
		spec.Replicas = new(int64(defaultReplication))
	}
	if spec.Config == nil {
		spec.Config = strimziv1.JSONMap{}
	}
	if _, ok := spec.Config[keyMinInSync]; !ok {
		config.fallback("MinInSync", keyMinInSync, minInSync(*spec.Replicas))
		spec.Config[keyMinInSync] = config.values[keyMinInSync]
	}
	if n, ok := configInt(spec.Config, keyMinInSync); ok && n > *spec.Replicas && t.Replicas >= 0 {
		p.Invalid(config.from[keyMinInSync], n, fmt.Sprintf("the topic has %d replicas, so no producer with acks=all could ever write", *spec.Replicas),
			fmt.Sprintf("use %d", minInSync(*spec.Replicas)))
	}
}

// minInSync is how many of so many replicas must have a record.
func minInSync(replicas int64) int64 {
	return max(1, replicas-replicasThatMayLag)
}

// idleKeys are the settings that Kafka doesn't look at where the cleanup policy
// is one alone: those of deletion for compacted topics, and the other way.
// Source: Apache Kafka 4.3, UnifiedLog.deleteOldSegments and LogCleanerManager.
var idleKeys = map[Cleanup][]string{
	Compact: {"retention.bytes", "retention.ms"},
	Delete:  {"delete.retention.ms", "max.compaction.lag.ms", "min.cleanable.dirty.ratio", "min.compaction.lag.ms"},
}

// checkCleanup reports what the fields ask for and the cleanup policy leaves
// without effect. Config and Base may hold such settings, as Kafka takes them.
func checkCleanup(p *millrace.Problems, config strimziv1.JSONMap, s *settings) {
	policy, _ := configText(config["cleanup.policy"])
	policy = strings.TrimSpace(policy)
	for _, key := range idleKeys[Cleanup(policy)] {
		if at := s.from[key]; at != "" && !strings.Contains(at, "[") {
			p.Conflict(at, fmt.Sprintf("the cleanup policy is %s alone, and %s does nothing", policy, key), "leave it out, or use kafka.CompactDelete for both")
		}
	}
}

// checkTiered reports fields that do nothing where remote storage is off.
func checkTiered(p *millrace.Problems, config strimziv1.JSONMap, s *settings) {
	if on, _ := configBool(config, "remote.storage.enable"); on {
		return
	}
	for _, key := range [...]string{"local.retention.ms", "local.retention.bytes", "remote.log.copy.disable"} {
		if at := s.from[key]; strings.HasPrefix(at, "Tiered.") {
			p.Conflict(at, "without remote storage "+key+" does nothing", "set Tiered.On, or leave it out")
		}
	}
}
