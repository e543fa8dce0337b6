package kafka_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TestMetrics wants what the cluster's metrics become, and the config map.
func TestMetrics(t *testing.T) {
	const invalid, conflict, required = millrace.RuleInvalid, millrace.RuleConflict, millrace.RuleRequired
	reporter := "strimziMetricsReporter"
	base := func(mc strimziv1.MetricsConfig) strimziv1.KafkaSpec {
		return strimziv1.KafkaSpec{Kafka: strimziv1.KafkaClusterSpec{MetricsConfig: &mc}}
	}
	ref := func(name, key string) *strimziv1.ExternalConfigurationReference {
		return &strimziv1.ExternalConfigurationReference{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: key}}
	}
	for name, tc := range map[string]struct {
		metrics  kafka.Metrics
		base     strimziv1.KafkaSpec
		want     string   // type and source
		mistakes []string // instead
	}{
		"nothing":     {nil, strimziv1.KafkaSpec{}, reporter, nil},
		"reporter":    {kafka.Reporter{AllowList: []string{"kafka_log.*", `(?!a)b`}}, strimziv1.KafkaSpec{}, reporter + " kafka_log.* (?!a)b", nil},
		"a pointer":   {&kafka.Reporter{}, strimziv1.KafkaSpec{}, reporter, nil},
		"none":        {kafka.NoMetrics{}, strimziv1.KafkaSpec{}, "", nil},
		"of Base":     {nil, base(strimziv1.MetricsConfig{Type: "jmxPrometheusExporter", ValueFrom: ref("mine", "rules")}), "jmxPrometheusExporter mine/rules", nil},
		"JMX":         {kafka.JMX{}, strimziv1.KafkaSpec{}, "jmxPrometheusExporter events-kafka-metrics/metrics-config.yml made", nil},
		"JMX, ours":   {kafka.JMX{ConfigMap: "mine", Key: "rules"}, strimziv1.KafkaSpec{}, "jmxPrometheusExporter mine/rules", nil},
		"JMX, rules":  {kafka.JMX{Key: "k", Rules: []kafka.JMXRule{{Pattern: "a"}}}, strimziv1.KafkaSpec{}, "jmxPrometheusExporter events-kafka-metrics/k made", nil},
		"JMX, a text": {kafka.JMX{Text: "rules: []\n"}, strimziv1.KafkaSpec{}, "jmxPrometheusExporter events-kafka-metrics/metrics-config.yml made", nil},

		"nil pointer":     {(*kafka.JMX)(nil), strimziv1.KafkaSpec{}, "", []string{required + " Metrics"}},
		"none, but Base":  {kafka.NoMetrics{}, base(strimziv1.MetricsConfig{Type: strimziv1.MetricsConfigType(reporter)}), "", []string{conflict + " Base.Kafka.MetricsConfig"}},
		"both":            {kafka.Reporter{}, base(strimziv1.MetricsConfig{Type: "jmxPrometheusExporter", ValueFrom: ref("a", "b")}), "", []string{conflict + " Base.Kafka.MetricsConfig.Type"}},
		"a broken list":   {kafka.Reporter{AllowList: []string{"a", "b(", "c{1,2}"}}, strimziv1.KafkaSpec{}, "", []string{invalid + " Metrics.AllowList[1]", invalid + " Metrics.AllowList[2]"}},
		"an empty list":   {nil, base(strimziv1.MetricsConfig{Type: strimziv1.MetricsConfigType(reporter), Values: &strimziv1.StrimziMetricsReporterValues{AllowList: []string{}}}), "", []string{invalid + " Base.Kafka.MetricsConfig.Values.AllowList"}},
		"no entry":        {nil, base(strimziv1.MetricsConfig{Type: "jmxPrometheusExporter", ValueFrom: ref("a", "")}), "", []string{required + " Base.Kafka.MetricsConfig.ValueFrom.ConfigMapKeyRef"}},
		"values for JMX":  {nil, base(strimziv1.MetricsConfig{Type: "jmxPrometheusExporter", ValueFrom: ref("a", "b"), Values: &strimziv1.StrimziMetricsReporterValues{}}), "", []string{conflict + " Base.Kafka.MetricsConfig.Values"}},
		"rules for none":  {nil, base(strimziv1.MetricsConfig{Type: strimziv1.MetricsConfigType(reporter), ValueFrom: ref("a", "b")}), "", []string{conflict + " Base.Kafka.MetricsConfig.ValueFrom"}},
		"ours, and text":  {kafka.JMX{ConfigMap: "mine", Text: "a"}, strimziv1.KafkaSpec{}, "", []string{conflict + " Metrics.Text"}},
		"ours, and rules": {kafka.JMX{ConfigMap: "mine", Rules: []kafka.JMXRule{{}}}, strimziv1.KafkaSpec{}, "", []string{conflict + " Metrics.Rules"}},
		"text, and rules": {kafka.JMX{Text: "a", Rules: []kafka.JMXRule{{}}}, strimziv1.KafkaSpec{}, "", []string{conflict + " Metrics.Rules"}},
		"a bad name":      {kafka.JMX{ConfigMap: "A b"}, strimziv1.KafkaSpec{}, "", []string{invalid + " Metrics.ConfigMap"}},
		"an empty text":   {kafka.JMX{Text: " \n"}, strimziv1.KafkaSpec{}, "", []string{invalid + " Metrics.Text"}},
		"rules that can't": {kafka.JMX{Rules: []kafka.JMXRule{{Pattern: "("}, {Type: "RATE"}, {Name: "x"}, {Pattern: "a", Labels: map[string]string{"a": "b"}}, {Pattern: "a", Help: "x"}}}, strimziv1.KafkaSpec{}, "", []string{
			invalid + " Metrics.Rules[0].Pattern", invalid + " Metrics.Rules[1].Type", required + " Metrics.Rules[2].Pattern", required + " Metrics.Rules[3].Name", required + " Metrics.Rules[4].Name"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := with(smallCluster(), func(c *kafka.Cluster) { c.Metrics, c.Base = tc.metrics, tc.base })
			if tc.mistakes != nil {
				if diff := cmp.Diff(tc.mistakes, mistakes(t, c)); diff != "" {
					t.Errorf("mistakes (-want +got):\n%s", diff)
				}
				return
			}
			if got := exported(t, c); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// exported tells what a cluster exports, and whether the config map is made.
func exported(t *testing.T, c *kafka.Cluster) string {
	t.Helper()
	parts, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	mc := parts.Objects[0].(*strimziv1.Kafka).Spec.Kafka.MetricsConfig
	if mc == nil {
		return ""
	}
	out := []string{string(mc.Type)}
	if mc.Values != nil {
		out = append(out, mc.Values.AllowList...)
	}
	if mc.ValueFrom != nil {
		from := mc.ValueFrom.ConfigMapKeyRef
		out = append(out, from.Name+"/"+from.Key)
		for _, o := range parts.Objects {
			if cm, ok := o.(*corev1.ConfigMap); ok && cm.Name == from.Name && cm.Namespace == c.Namespace && cm.Data[from.Key] != "" {
				out = append(out, "made")
			}
		}
	}
	return strings.Join(out, " ")
}

// rules are those of a made config map.
type jmxRules struct {
	LowercaseOutputName bool `json:"lowercaseOutputName"`
	Rules               []struct {
		Pattern, Name, Type, Value string
		Labels                     map[string]string
	}
}

// metric returns what the rules make of a value, as the exporter does: the
// first that fits anywhere counts, groups are put in, and what Prometheus
// doesn't take in a name becomes an underscore.
func (r jmxRules) metric(value string) string {
	for _, rule := range r.Rules {
		pattern := regexp.MustCompile(rule.Pattern)
		groups := pattern.FindStringSubmatchIndex(value)
		if groups == nil {
			continue
		}
		put := func(s string) string {
			s = regexp.MustCompile(`\$(\d)`).ReplaceAllString(s, "$${$1}")
			return string(pattern.ExpandString(nil, s, value, groups))
		}
		name := strings.ToLower(regexp.MustCompile(`[^a-zA-Z0-9_]`).ReplaceAllString(put(rule.Name), "_"))
		labels := map[string]string{}
		for k, v := range rule.Labels {
			labels[put(k)] = put(v)
		}
		return strings.ReplaceAll(fmt.Sprintf("%s %s%v", strings.ToLower(rule.Type), name, labels), "map[]", "")
	}
	return ""
}

// TestJMXRules wants the metrics that Strimzi's dashboards ask for, of what
// brokers and Cruise Control have in JMX.
// Source: Strimzi 1.2.0, examples/metrics/grafana-dashboards.
func TestJMXRules(t *testing.T) {
	parts, err := busyCluster().Build()
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]jmxRules{}
	for _, o := range parts.Objects {
		if cm, ok := o.(*corev1.ConfigMap); ok {
			var r jmxRules
			if err := yaml.Unmarshal([]byte(cm.Data["metrics-config.yml"]), &r); err != nil {
				t.Fatal(err)
			}
			rules[cm.Name] = r
		}
	}
	for value, want := range map[string]string{
		"kafka.server<type=BrokerTopicMetrics, name=MessagesInPerSec, topic=orders><>Count: 5":                        "counter kafka_server_brokertopicmetrics_messagesin_totalmap[topic:orders]",
		"kafka.server<type=BrokerTopicMetrics, name=BytesInPerSec><>Count: 5":                                         "counter kafka_server_brokertopicmetrics_bytesin_total",
		"kafka.server<type=ReplicaManager, name=UnderReplicatedPartitions><>Value: 0":                                 "gauge kafka_server_replicamanager_underreplicatedpartitions",
		"kafka.controller<type=KafkaController, name=OfflinePartitionsCount><>Value: 0":                               "gauge kafka_controller_kafkacontroller_offlinepartitionscount",
		"kafka.server<type=KafkaRequestHandlerPool, name=RequestHandlerAvgIdlePercent><>MeanRate: 1":                  "gauge kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent",
		"kafka.network<type=SocketServer, name=NetworkProcessorAvgIdlePercent><>Value: 1":                             "gauge kafka_network_socketserver_networkprocessoravgidle_percent",
		"kafka.log<type=Log, name=Size, topic=orders, partition=3><>Value: 1":                                         "gauge kafka_log_log_sizemap[partition:3 topic:orders]",
		"kafka.network<type=RequestMetrics, name=TotalTimeMs, request=Produce><>99thPercentile: 1":                    "gauge kafka_network_requestmetrics_totaltimemsmap[quantile:0.99 request:Produce]",
		"kafka.network<type=RequestMetrics, name=RequestsPerSec, request=Fetch, version=17><>Count: 1":                "counter kafka_network_requestmetrics_requests_totalmap[request:Fetch version:17]",
		"kafka.server<type=FetcherLagMetrics, name=ConsumerLag, clientId=a, topic=b, partition=0><>Value: 1":          "gauge kafka_server_fetcherlagmetrics_consumerlagmap[clientId:a partition:0 topic:b]",
		"kafka.server<type=ReplicaFetcherManager, name=MaxLag, clientId=a, brokerHost=h, brokerPort=9091><>Value: 1":  "gauge kafka_server_replicafetchermanager_maxlagmap[broker:h:9091 clientId:a]",
		"kafka.server<type=socket-server-metrics, listener=TLS-9093, networkProcessor=2><>connection-count: 1":        "gauge kafka_server_socket_server_metrics_connection_countmap[listener:TLS-9093 networkProcessor:2]",
		"kafka.server<type=raft-metrics><>current-state: leader":                                                      "untyped kafka_server_raftmetrics_current_statemap[current-state:leader]",
		"kafka.server<type=raft-metrics><>commit-latency-avg: 1.0":                                                    "gauge kafka_server_raftmetrics_commit_latency_avg",
		"kafka.server<type=raft-metrics><>commit-latency-max: 1.0":                                                    "counter kafka_server_raftmetrics_commit_latency_max",
		"kafka.server<type=raft-channel-metrics><>request-total: 1.0":                                                 "counter kafka_server_raftchannelmetrics_request_total",
		"kafka.server<type=broker-metadata-metrics><>last-applied-record-offset: 12":                                  "gauge kafka_server_brokermetadatametrics_last_applied_record_offset",
		"java.lang<type=Memory><HeapMemoryUsage>used: 1":                                                              "",
		"kafka.coordinator.group<type=GroupMetadataManager, name=NumGroups><>Value: 1 but the domain has two further": "",
	} {
		if got := rules["events-kafka-metrics"].metric(value); got != want {
			t.Errorf("%s\ngot  %q\nwant %q", value, got, want)
		}
	}
	if got := rules["events-cruise-control-metrics"].metric("kafka.cruisecontrol<name=LoadMonitor.valid-windows><>Value: 1"); got != "gauge kafka_cruisecontrol_loadmonitor_valid_windows_value" {
		t.Error(got)
	}
}

// TestJMXOfOthers wants rules for workers and the bridge, in a config map of
// each one's own though they are all called the same.
func TestJMXOfOthers(t *testing.T) {
	jmx := kafka.JMX{}
	for name, tc := range map[string]struct {
		builder millrace.Builder
		metrics map[string]string
	}{
		"etl-connect-metrics": {with(smallConnect(), func(c *kafka.Connect) { c.Workers.Metrics = jmx }), map[string]string{
			"kafka.connect<type=connect-worker-metrics><>task-count: 3":                                              "gauge kafka_connect_worker_task_count",
			"kafka.connect<type=connect-worker-metrics><>task-startup-failure-total: 3":                              "counter kafka_connect_worker_task_startup_failure_total",
			"kafka.connect<type=connector-task-metrics, connector=a, task=0><>status: running":                       "gauge kafka_connect_connector_task_statusmap[connector:a status:running task:0]",
			"kafka.connect<type=sink-task-metrics, connector=a, task=0><>sink-record-send-rate: 1":                   "gauge kafka_connect_sink_task_sink_record_send_ratemap[connector:a task:0]",
			"kafka.consumer<type=consumer-fetch-manager-metrics, client-id=c, topic=t, partition=1><>records-lag: 1": "gauge kafka_consumer_fetch_manager_records_lagmap[clientId:c partition:1 topic:t]",
			"kafka.producer<type=producer-metrics, client-id=c><>record-error-total: 1":                              "counter kafka_producer_record_error_totalmap[clientId:c]",
		}},
		"etl-mirrormaker2-metrics": {with(smallMirror(), func(m *kafka.MirrorMaker) { m.Name, m.Workers.Metrics = "etl", jmx }), map[string]string{
			"kafka.connect<type=connector-metrics, connector=a><>status: running": "gauge kafka_connect_connector_statusmap[connector:a status:running]",
		}},
		"etl-bridge-metrics": {with(smallBridge(), func(b *kafka.Bridge) { b.Name, b.Metrics = "etl", jmx }), map[string]string{
			"kafka.producer<type=producer-topic-metrics, client-id=c, topic=t><>byte-total: 1": "gauge strimzi_bridge_kafka_producer_byte_totalmap[clientId:c topic:t type:producer-topic-metrics]",
			"kafka.consumer<type=consumer-metrics, client-id=c><>connection-count: 1":          "gauge strimzi_bridge_kafka_consumer_connection_countmap[clientId:c type:consumer-metrics]",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			parts, err := tc.builder.Build()
			if err != nil {
				t.Fatal(err)
			}
			cm, ok := parts.Objects[len(parts.Objects)-1].(*corev1.ConfigMap)
			if !ok || cm.Name != name {
				t.Fatalf("no config map %s: %v", name, parts.Objects[len(parts.Objects)-1])
			}
			var r jmxRules
			if err := yaml.Unmarshal([]byte(cm.Data["metrics-config.yml"]), &r); err != nil {
				t.Fatal(err)
			}
			for value, want := range tc.metrics {
				if got := r.metric(value); got != want {
					t.Errorf("%s\ngot  %q\nwant %q", value, got, want)
				}
			}
		})
	}
}

// TestWorkersExport wants metrics of workers that say nothing, and none of
// those that want none.
func TestWorkersExport(t *testing.T) {
	for want, metrics := range map[string]kafka.Metrics{"strimziMetricsReporter": nil, "": kafka.NoMetrics{}} {
		connect, err := with(smallConnect(), func(c *kafka.Connect) { c.Workers.Metrics = metrics }).Build()
		if err != nil {
			t.Fatal(err)
		}
		mirror, err := with(smallMirror(), func(m *kafka.MirrorMaker) { m.Workers.Metrics = metrics }).Build()
		if err != nil {
			t.Fatal(err)
		}
		for _, mc := range []*strimziv1.MetricsConfig{connect.Objects[0].(*strimziv1.KafkaConnect).Spec.MetricsConfig, mirror.Objects[0].(*strimziv1.KafkaMirrorMaker2).Spec.MetricsConfig} {
			if got := mc; (got == nil) != (want == "") || got != nil && string(got.Type) != want {
				t.Errorf("got %v, want %q", got, want)
			}
		}
	}
}
