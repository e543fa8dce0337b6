package kafka_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/kafkaconf"
)

// topicParts are the settings of topics that are judged beside each other, and
// values that make them agree or not.
var topicParts = map[string][]string{
	"min.compaction.lag.ms":        {"0", "5", "1000", "9223372036854775807"},
	"max.compaction.lag.ms":        {"1", "5", "1000", "0"},
	"remote.storage.enable":        {"true", "true", "true", "TRUE", "false"},
	"remote.log.copy.disable":      {"true", "false", "false"},
	"remote.log.delete.on.disable": {"true", "false"},
	"cleanup.policy":               {"delete", "compact", "compact,delete", "", "delete,delete", " delete "},
	"retention.ms":                 {"-1", "0", "5", "1000", "604800000", "-2"},
	"retention.bytes":              {"-1", "0", "5", "1000", "-7"},
	"local.retention.ms":           {"-2", "-1", "0", "5", "1000", "604800001"},
	"local.retention.bytes":        {"-2", "-1", "0", "5", "1000"},
}

// brokerParts are those of brokers by which topics are judged.
var brokerParts = map[string][]string{
	"log.cleaner.min.compaction.lag.ms": {"0", "5", "1000"},
	"log.cleaner.max.compaction.lag.ms": {"1000", "9223372036854775807"},
	"log.cleanup.policy":                {"delete", "compact", "compact,delete"},
	"log.retention.ms":                  {"-1", "5", "1000", "-9"},
	"log.retention.minutes":             {"-1", "1", "20000"},
	"log.retention.hours":               {"-1", "1", "200"},
	"log.retention.bytes":               {"-1", "5", "1000"},
	"log.local.retention.ms":            {"-2", "5", "1000"},
	"log.local.retention.bytes":         {"-2", "5", "1000"},
	remoteSystem:                        {"true", "true", "true", "false"},
}

const remoteSystem = "remote.log.storage.system.enable"

// count is how many configurations are made: the releases before the newest
// differ little.
func count(version string) int {
	if version == newest {
		return 6_000
	}
	return 1_500
}

// pick makes a configuration of some of the parts.
func pick(r *rand.Rand, parts map[string][]string, share float64) map[string]any {
	out := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(parts)) {
		if r.Float64() < share {
			out[key] = parts[key][r.IntN(len(parts[key]))]
		}
	}
	return out
}

// reasons are what is wrong, in one line.
func reasons(entries []kafkaconf.Entry) string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Key+": "+e.Detail+"; "+e.Fix)
	}
	return strings.Join(out, " | ")
}

// compare holds verdicts on whole configurations against Kafka's.
func compare(t *testing.T, j *judge, questions []string, ours []string) {
	t.Helper()
	refused := 0
	for i, a := range j.ask(t, questions) {
		if !a.ok {
			refused++
		}
		if (ours[i] == "") != a.ok {
			t.Errorf("%s\nmillrace: %q\nKafka: %q", readable(questions[i]), ours[i], a.text)
		}
	}
	if refused < len(questions)/10 || refused > len(questions)*9/10 {
		t.Errorf("%d of %d are refused, which tells too little", refused, len(questions))
	}
	t.Logf("%d configurations, %d of them refused", len(questions), refused)
}

// readable is a question as somebody reads it who looks for the difference.
func readable(question string) string {
	fields := strings.Fields(question)
	for i, f := range fields[1:] {
		if raw, err := decode(f); err == nil {
			fields[i+1] = "{" + strings.ReplaceAll(raw, "\x00", " ") + "}"
		}
	}
	return strings.Join(fields, " ")
}

// TestTopics compares whole configurations of topics, by the settings of the
// brokers that they are for.
func TestTopics(t *testing.T) {
	for version := range released {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			j := kafka(t, version)
			r := rand.New(rand.NewPCG(11, 5))
			var questions, ours []string
			for len(questions) < count(version) {
				brokers := pick(r, brokerParts, 0.3)
				if kafkaconf.CheckBroker(version, brokers) != nil {
					continue // There is no such cluster; TestBrokers has them.
				}
				topic := pick(r, topicParts, 0.4)
				questions = append(questions, "topic "+settings(topic)+" "+settings(brokers))
				ours = append(ours, reasons(kafkaconf.CheckTopic(version, topic, brokers)))
			}
			compare(t, j, questions, ours)
		})
	}
}

// TestBrokers compares whole configurations of brokers.
func TestBrokers(t *testing.T) {
	for version := range released {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			j := kafka(t, version)
			r := rand.New(rand.NewPCG(13, 17))
			parts := brokerSettings(version)
			var questions, ours []string
			for len(questions) < count(version) {
				brokers := pick(r, parts, 6/float64(len(parts)))
				maps.Copy(brokers, pick(r, brokerParts, 0.1))
				questions = append(questions, "broker "+settings(brokers))
				ours = append(ours, reasons(kafkaconf.CheckBroker(version, brokers)))
			}
			compare(t, j, questions, ours)
		})
	}
}

// strimzis are the settings that Strimzi sets itself, or that need files or
// listeners to be there.
var strimzis = []string{"listener", "advertised", "broker.id", "node.id", "process.roles", "controller.", "log.dir", "metadata.log.dir", "inter.broker", "security.",
	"sasl.", "ssl.", "authorizer", "early.start.listeners", "cordoned.log.dirs", "initial."}

// grammars are settings with a grammar that is not ported.
var grammars = []string{"max.connections.per.ip.overrides", "group.consumer.assignors", "group.share.assignors", "metric.reporters", "kafka.metrics.reporters", "config.providers"}

// brokerSettings are the settings that a cluster of Strimzi's may have, with
// values about their defaults and about those that they are compared with.
func brokerSettings(version string) map[string][]string {
	parts := map[string][]string{}
	numbers := []string{"-1", "0", "1", "2", "5", "100", "500", "1000", "5000", "15000", "30000", "45000", "60000", "1048576", "100000000"}
	for key := range kafkaconf.Keys(kafkaconf.Broker) {
		s, ok := kafkaconf.LookupIn(version, kafkaconf.Broker, key)
		if !ok || s.Type == kafkaconf.Class || slices.Contains(grammars, key) ||
			slices.ContainsFunc(strimzis, func(prefix string) bool { return strings.HasPrefix(key, prefix) }) {
			continue
		}
		switch s.Type {
		case kafkaconf.Bool:
			parts[key] = []string{"true", "false", "maybe"}
		case kafkaconf.Int, kafkaconf.Long, kafkaconf.Short:
			for _, n := range numbers {
				if why, _ := s.Fault(n); why == "" || n == "-1" {
					parts[key] = append(parts[key], n, n)
				}
			}
		default:
			parts[key] = []string{s.Default}
		}
		if s.HasDefault {
			parts[key] = append(parts[key], s.Default, s.Default)
		}
	}
	parts["compression.type"] = []string{"zstd", "none"}
	parts["group.coordinator.rebalance.protocols"] = []string{"classic", "consumer", "classic,consumer", ""}
	return parts
}
