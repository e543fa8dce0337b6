package kafka_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TestBridgeMistakes holds bad Bridges to what Build says of them: every
// mistake, and no other.
func TestBridgeMistakes(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*kafka.Bridge)
		want   []string
	}{
		"nothing at all":   {func(b *kafka.Bridge) { *b = kafka.Bridge{} }, []string{required + " Name", required + " Kafka.Cluster"}},
		"name too long":    {func(b *kafka.Bridge) { b.Name = strings.Repeat("a", 49) }, []string{invalid + " Name"}},
		"name of a number": {func(b *kafka.Bridge) { b.Name = "1web" }, []string{invalid + " Name"}},
		"namespace":        {func(b *kafka.Bridge) { b.Namespace = "a/b" }, []string{invalid + " Namespace"}},
		"replicas":         {func(b *kafka.Bridge) { b.Replicas = new(-1) }, []string{invalid + " Replicas"}},
		"replicas of both": {func(b *kafka.Bridge) { b.Replicas, b.Base.Replicas = new(0), 2 }, []string{conflict + " Base.Replicas"}},
		"heap":             {func(b *kafka.Bridge) { b.Heap = 1 }, []string{invalid + " Heap"}},
		"heap of it all":   {func(b *kafka.Bridge) { b.Heap = millrace.GiB }, []string{invalid + " Heap"}},
		"CPU":              {func(b *kafka.Bridge) { b.Resources.CPU, b.Resources.CPULimit = 2, 1 }, []string{invalid + " Resources.CPULimit"}},
		"rack":             {func(b *kafka.Bridge) { b.Rack = "a b" }, []string{invalid + " Rack"}},
		"logger":           {func(b *kafka.Bridge) { b.Loggers = map[string]string{"rootLogger.level": "LOUD"} }, []string{invalid + " Loggers[rootLogger.level]"}},
		"pod":              {func(b *kafka.Bridge) { b.Pod.PriorityClass = "A" }, []string{invalid + " Pod.PriorityClass"}},
		"toleration":       {func(b *kafka.Bridge) { b.Placement.NodeSelector = map[string]string{"a b": ""} }, []string{invalid + " Placement.NodeSelector[a b]"}},

		"port of health": {func(b *kafka.Bridge) { b.HTTP.Port = 8081 }, []string{invalid + " HTTP.Port"}},
		"port of root":   {func(b *kafka.Bridge) { b.HTTP.Port = 443 }, []string{invalid + " HTTP.Port"}},
		"port negative":  {func(b *kafka.Bridge) { b.HTTP.Port = -1 }, []string{invalid + " HTTP.Port"}},
		"port of Base":   {func(b *kafka.Bridge) { b.Base.HTTP = &strimziv1.KafkaBridgeHTTPConfig{Port: new(int64(8081))} }, []string{invalid + " Base.HTTP.Port"}},
		"port twice": {func(b *kafka.Bridge) {
			b.HTTP.Port, b.Base.HTTP = 8080, &strimziv1.KafkaBridgeHTTPConfig{Port: new(int64(8082))}
		}, []string{conflict + " Base.HTTP.Port"}},
		"methods of nobody":  {func(b *kafka.Bridge) { b.HTTP.CORS.Methods = []string{"GET"} }, []string{required + " HTTP.CORS.Origins"}},
		"key of no secret":   {func(b *kafka.Bridge) { b.HTTP.TLS.Key = "a.key" }, []string{required + " HTTP.TLS.Secret"}},
		"no name of secrets": {func(b *kafka.Bridge) { b.HTTP.TLS.Secret = "A b" }, []string{invalid + " HTTP.TLS.Secret"}},
		"TLS that is set": {func(b *kafka.Bridge) {
			b.HTTP.TLS.Secret, b.HTTP.TLS.Config = "a", map[string]string{"ssl.keystore.type": "PKCS12"}
		}, []string{unsupported + " HTTP.TLS.Config[ssl.keystore.type]"}},

		"settings of Strimzi": {func(b *kafka.Bridge) {
			b.Config = map[string]string{"http.port": "1", "bridge.id": "x", "kafka.acks": "1"}
			b.Admin = map[string]string{"bootstrap.servers": "a:1"}
			b.Consumer.Config = map[string]string{"group.id": "a", "ssl.protocol": "TLSv1.3", "sasl.mechanism": "PLAIN"}
			b.Producer.Config = map[string]string{"security.protocol": "SSL"}
		}, []string{unsupported + " Config[bridge.id]", unsupported + " Config[http.port]", unsupported + " Config[kafka.acks]",
			unsupported + " Admin[bootstrap.servers]", unsupported + " Consumer.Config[group.id]", unsupported + " Consumer.Config[sasl.mechanism]",
			unsupported + " Producer.Config[security.protocol]"}},
		"values of nobody": {func(b *kafka.Bridge) {
			b.Consumer.Config = map[string]string{"max.poll.records": "many"}
			b.Producer.Config = map[string]string{"acks": "5", "linger.m": "5"}
			b.Admin = map[string]string{"retries": "-1"}
		}, []string{invalid + " Admin[retries]", invalid + " Consumer.Config[max.poll.records]", invalid + " Producer.Config[acks]", unknown + " Producer.Config[linger.m]"}},
		"settings of Base": {func(b *kafka.Bridge) {
			b.Base.Producer = &strimziv1.KafkaBridgeProducerSpec{Config: strimziv1.JSONMap{"bootstrap.servers": "a:1"}}
		}, []string{unsupported + " Base.Producer.Config[bootstrap.servers]"}},
		"setting twice": {func(b *kafka.Bridge) {
			b.Config, b.Base.Config = map[string]string{"a": "1"}, strimziv1.JSONMap{"a": "2"}
		}, []string{conflict + " Base.Config[a]"}},
		"timeout of a moment": {func(b *kafka.Bridge) { b.Consumer.Timeout = time.Millisecond }, []string{invalid + " Consumer.Timeout"}},
		"off and on": {func(b *kafka.Bridge) {
			b.Consumer = kafka.BridgeConsumer{Disabled: true, Timeout: time.Minute, Config: map[string]string{"max.poll.records": "5"}}
			b.Producer = kafka.BridgeProducer{Disabled: true, Config: map[string]string{"acks": "all"}}
		}, []string{conflict + " Consumer.Timeout", conflict + " Consumer.Config", conflict + " Producer.Config"}},
		"off, and on in Base": {func(b *kafka.Bridge) {
			b.Consumer.Disabled, b.Base.Consumer = true, &strimziv1.KafkaBridgeConsumerSpec{Enabled: new(true)}
		}, []string{conflict + " Base.Consumer.Enabled"}},
		"certificates in the open": {func(b *kafka.Bridge) { b.Kafka.Plaintext, b.Kafka.User = true, "web" }, []string{conflict + " Kafka.User"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, mistakes(t, with(smallBridge(), tc.change))); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBridgeDefaults goes through what depends on something else.
func TestBridgeDefaults(t *testing.T) {
	for name, tc := range map[string]struct {
		change         func(*kafka.Bridge)
		replicas, port int64
		timeout        *int64
		consumes       bool
	}{
		"by default":         {func(*kafka.Bridge) {}, 1, 8080, new(int64(600)), true},
		"no consumers":       {func(b *kafka.Bridge) { b.Consumer.Disabled = true }, 2, 8080, nil, false},
		"no consumers, Base": {func(b *kafka.Bridge) { b.Base.Consumer = &strimziv1.KafkaBridgeConsumerSpec{Enabled: new(false)} }, 2, 8080, nil, false},
		"none at all":        {func(b *kafka.Bridge) { b.Replicas = new(0) }, 0, 8080, new(int64(600)), true},
		"many":               {func(b *kafka.Bridge) { b.Base.Replicas = 3 }, 3, 8080, new(int64(600)), true},
		"with TLS":           {func(b *kafka.Bridge) { b.HTTP.TLS.Secret = "a" }, 1, 8443, new(int64(600)), true},
		"for ever":           {func(b *kafka.Bridge) { b.Consumer.Timeout = kafka.Forever }, 1, 8080, new(int64(-1)), true},
		"an hour":            {func(b *kafka.Bridge) { b.Consumer.Timeout = time.Hour }, 1, 8080, new(int64(3600)), true},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := with(smallBridge(), tc.change).KafkaBridge()
			if err != nil {
				t.Fatal(err)
			}
			s := made.Spec
			consumes := s.Consumer.Enabled == nil || *s.Consumer.Enabled
			if s.Replicas != tc.replicas || *s.HTTP.Port != tc.port || consumes != tc.consumes || cmp.Diff(tc.timeout, s.Consumer.TimeoutSeconds) != "" {
				t.Errorf("%d replicas, port %d, timeout %v, consumes %v", s.Replicas, *s.HTTP.Port, s.Consumer.TimeoutSeconds, consumes)
			}
		})
	}
	yaml := string(render(t, closedBridge()))
	if !strings.Contains(yaml, "replicas: 0\n") || strings.Count(yaml, "enabled: false\n") != 2 {
		t.Errorf("zeros are lost:\n%s", yaml)
	}
}

// TestBridgeRules goes through loaded Bridges.
func TestBridgeRules(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*strimziv1.KafkaBridgeSpec)
		want   []string
	}{
		"nothing wrong":       {func(*strimziv1.KafkaBridgeSpec) {}, nil},
		"no side of programs": {func(s *strimziv1.KafkaBridgeSpec) { s.HTTP = nil }, []string{"kafka/bridge-http web: spec.http"}},
		"health":              {func(s *strimziv1.KafkaBridgeSpec) { s.HTTP.Port = new(int64(8081)) }, []string{"kafka/bridge-http web: spec.http.port"}},
		"by default":          {func(s *strimziv1.KafkaBridgeSpec) { s.HTTP.Port = nil }, nil},
		"CORS": {func(s *strimziv1.KafkaBridgeSpec) { s.HTTP.CORS = &strimziv1.KafkaBridgeHTTPCORS{} },
			[]string{"kafka/bridge-http web: spec.http.cors.allowedMethods", "kafka/bridge-http web: spec.http.cors.allowedOrigins"}},
		"TLS": {func(s *strimziv1.KafkaBridgeSpec) {
			s.HTTP.TLS = &strimziv1.KafkaBridgeHTTPTLS{Config: strimziv1.JSONMap{"ssl.x": "1"}}
		},
			[]string{"kafka/bridge-config web: spec.http.tls.config[ssl.x]", "kafka/bridge-http web: spec.http.tls.certificateAndKey.secretName"}},
		"group": {func(s *strimziv1.KafkaBridgeSpec) { s.Consumer.Config = strimziv1.JSONMap{"group.id": "a"} },
			[]string{"kafka/bridge-config web: spec.consumer.config[group.id]"}},
		"a map": {func(s *strimziv1.KafkaBridgeSpec) { s.Config = strimziv1.JSONMap{"a": map[string]any{}} },
			[]string{"kafka/bridge-config web: spec.config[a]"}},
		"two pods":             {func(s *strimziv1.KafkaBridgeSpec) { s.Replicas = 2 }, []string{"kafka/bridge-consumers web: spec.replicas"}},
		"two pods, by default": {func(s *strimziv1.KafkaBridgeSpec) { s.Replicas, s.Consumer = 2, nil }, []string{"kafka/bridge-consumers web: spec.replicas"}},
		"two pods that write":  {func(s *strimziv1.KafkaBridgeSpec) { s.Replicas, s.Consumer.Enabled = 2, new(false) }, nil},
		"no address":           {func(s *strimziv1.KafkaBridgeSpec) { s.BootstrapServers = "" }, []string{"kafka/bootstrap-servers web: spec.bootstrapServers"}},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := smallBridge().KafkaBridge()
			if err != nil {
				t.Fatal(err)
			}
			tc.change(&made.Spec)
			if diff := cmp.Diff(tc.want, check(t, build(t, millrace.Parts{Objects: []millrace.Object{made}}))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
