package kafka

import (
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Exporter is Kafka Exporter, which tells Prometheus how far consumers lag
// behind: the brokers themselves don't.
//
// Zero runs it, for all groups and topics. It costs one small pod, and a
// request for the offsets of every group with each scrape.
// Source: Strimzi, con-metrics-kafka-exporter-lag.
type Exporter struct {
	// Off leaves it out.
	//
	// Rendered as the absence of spec.kafkaExporter.
	Off bool

	// Groups and Topics are regular expressions of Go for those that are
	// exported; they need not fit all of a name.
	//
	// Empty means all.
	//
	// Rendered as spec.kafkaExporter.groupRegex and topicRegex.
	Groups, Topics string

	// ExcludeGroups and ExcludeTopics are regular expressions of Go for those
	// that aren't.
	//
	// Empty means none.
	//
	// Rendered as spec.kafkaExporter.groupExcludeRegex and topicExcludeRegex.
	ExcludeGroups, ExcludeTopics string

	// ConnectedOnly leaves out groups without a consumer. False shows all: a
	// group whose consumers are gone is one that lags.
	//
	// Rendered as spec.kafkaExporter.showAllOffsets: false.
	ConnectedOnly bool

	// LogLevel is "info", "debug" or "trace".
	//
	// Empty means "info".
	//
	// Rendered as spec.kafkaExporter.logging.
	LogLevel string

	// ClientLogging makes its client of Kafka, Sarama, log as well.
	//
	// Rendered as spec.kafkaExporter.enableSaramaLogging.
	ClientLogging bool

	// Resources are memory and CPU of its pod. Zero fields mean 128 MiB and
	// 0.2 cores.
	//
	// Rendered as spec.kafkaExporter.resources.
	Resources Resources

	// Pod is what its pod gets beside.
	//
	// Rendered in spec.kafkaExporter.template.pod.
	Pod PodTemplate

	// Placement says which nodes its pod runs on.
	//
	// Rendered in spec.kafkaExporter.template.pod, the node selector as a
	// required node affinity.
	Placement millrace.Placement
}

const (
	// exporterMemory and exporterCPU are what Strimzi's documentation gives
	// the exporter, the limit of its memory as the request as well.
	// Source: Strimzi, KafkaExporterSpec schema reference.
	exporterMemory = 128 * millrace.MiB
	exporterCPU    = 0.2
)

func (e Exporter) make(m *making) {
	const at, path = "Exporter", "spec.kafkaExporter"
	base := m.cluster.Base.KafkaExporter
	if e.Off {
		e.Off = false
		m.left(at, isZero(e))
		if base != nil {
			turnedOff(m.Problems, "Base.KafkaExporter", at+".Off")
		}
		return
	}
	given, more, _ := m.run(at, path, resourcesOf(base, func(s *strimziv1.KafkaExporterSpec) resources { return s.Resources }), e.Resources, 0, exporterMemory, exporterCPU)
	fields := &strimziv1.KafkaExporterSpec{
		GroupRegex: text(e.Groups), TopicRegex: text(e.Topics),
		GroupExcludeRegex: text(e.ExcludeGroups), TopicExcludeRegex: text(e.ExcludeTopics),
		Logging:   text(e.LogLevel),
		Resources: given,
	}
	if e.ConnectedOnly {
		fields.ShowAllOffsets = new(false)
	}
	if e.ClientLogging {
		fields.EnableSaramaLogging = new(true)
	}
	template := strimziv1.KafkaExporterTemplate{
		Pod:       plain(e.Pod.make(m.Problems, at+".Pod", e.Placement, at+".Placement")),
		Container: e.Pod.container(m.Problems, at+".Pod"),
	}
	e.Pod.origins(m.origins, path+".template.pod", path+".template.container", at+".Pod")
	if !isZero(template) {
		fields.Template = &template
	}
	if !isZero(*fields) {
		m.fields.KafkaExporter = fields
	}
	m.filled.KafkaExporter = &strimziv1.KafkaExporterSpec{Resources: more}
	for _, one := range [...]struct{ path, field, value string }{
		{".groupRegex", ".Groups", e.Groups}, {".topicRegex", ".Topics", e.Topics},
		{".groupExcludeRegex", ".ExcludeGroups", e.ExcludeGroups}, {".topicExcludeRegex", ".ExcludeTopics", e.ExcludeTopics},
		{".logging", ".LogLevel", e.LogLevel},
	} {
		if one.value != "" {
			m.origins.add(path+one.path, at+one.field)
		}
	}
}

// exporterFaults are what makes the exporter fail as it starts.
// Source: danielqsj/kafka_exporter, which compiles them with Go's regexp;
// Strimzi 1.2.0, KafkaExporterSpec.
func exporterFaults(e *strimziv1.KafkaExporterSpec) (f faults) {
	if e == nil {
		return nil
	}
	const rule, path = "kafka/exporter-config", "spec.kafkaExporter"
	for _, one := range [...]struct {
		at      string
		pattern *string
	}{
		{".groupRegex", e.GroupRegex}, {".topicRegex", e.TopicRegex},
		{".groupExcludeRegex", e.GroupExcludeRegex}, {".topicExcludeRegex", e.TopicExcludeRegex},
	} {
		if one.pattern == nil {
			continue
		}
		if why := goPatternFault(*one.pattern); why != "" {
			f.add(rule, millrace.RuleInvalid, path+one.at, why, "correct it; there is no lookahead, and no reference back")
		}
	}
	if level := e.Logging; level != nil && !slices.Contains([]string{"info", "debug", "trace"}, *level) {
		f.add(rule, millrace.RuleInvalid, path+".logging", "the exporter has no level "+*level, "use info, debug or trace")
	}
	f.resources(path+".resources", e.Resources)
	if t := e.Template; t != nil {
		f.template(path+".template.pod", stateful(t.Pod), ownVolumes, containerTemplate{path + ".template.container", t.Container})
	}
	return f
}
