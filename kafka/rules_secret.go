package kafka

import (
	"fmt"
	"maps"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/secrettext"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func secretRules() []millrace.Rule {
	return []millrace.Rule{{
		ID: "kafka/plaintext-secret", Severity: millrace.Warning,
		Summary: "No password or key stands in the settings of brokers, topics, clients and connectors.",
		Reason:  "Whoever may read the Git repository or the object has it, and so has Kafka Connect's API.",
		Fix:     `take it from a Secret, by a config provider: "${secrets:namespace/name:key}"; or use the authentication fields, which name a Secret`,
		Source:  "Strimzi, Loading configuration values from external sources; Apache Kafka, KIP-297",
		Check:   checkPlaintextSecret,
	}}
}

func checkPlaintextSecret(pass *millrace.Pass) {
	for _, c := range configsOf(pass.Object) {
		for _, key := range slices.Sorted(maps.Keys(c.config)) {
			if value, ok := configText(c.config[key]); ok {
				if what := secrettext.Setting(key, value); what != "" {
					pass.Report(at(c.path, key), key+" "+what)
				}
			}
		}
	}
}

// configAt is a set of settings, and where it stands.
type configAt struct {
	path   string
	config strimziv1.JSONMap
}

// configsOf returns the settings that an object of Strimzi's holds.
func configsOf(o millrace.Object) []configAt {
	var out []configAt
	add := func(path string, config strimziv1.JSONMap) {
		if len(config) > 0 {
			out = append(out, configAt{path, config})
		}
	}
	client := func(path string, auth *strimziv1.ClientAuthentication) {
		if auth != nil {
			add(path+".authentication.config", auth.Config)
		}
	}
	switch o := o.(type) {
	case *strimziv1.Kafka:
		add("spec.kafka.config", o.Spec.Kafka.Config)
		for i, l := range o.Spec.Kafka.Listeners {
			if l.Authentication != nil {
				add(fmt.Sprintf("spec.kafka.listeners[%d].authentication.listenerConfig", i), l.Authentication.ListenerConfig)
			}
		}
		if t := o.Spec.Kafka.TieredStorage; t != nil && t.RemoteStorageManager != nil {
			config := strimziv1.JSONMap{}
			for key, value := range t.RemoteStorageManager.Config {
				config[key] = value
			}
			add(tieredPath+".remoteStorageManager.config", config)
		}
		if c := o.Spec.CruiseControl; c != nil {
			add("spec.cruiseControl.config", c.Config)
		}
	case *strimziv1.KafkaTopic:
		add("spec.config", o.Spec.Config)
	case *strimziv1.KafkaConnect:
		add("spec.config", o.Spec.Config)
		client("spec", o.Spec.Authentication)
	case *strimziv1.KafkaConnector:
		add("spec.config", o.Spec.Config)
	case *strimziv1.KafkaMirrorMaker2:
		add("spec.target.config", o.Spec.Target.Config)
		client("spec.target", o.Spec.Target.Authentication)
		for i, m := range o.Spec.Mirrors {
			at := fmt.Sprintf("spec.mirrors[%d]", i)
			add(at+".source.config", m.Source.Config)
			client(at+".source", m.Source.Authentication)
			if c := m.SourceConnector; c != nil {
				add(at+".sourceConnector.config", c.Config)
			}
			if c := m.CheckpointConnector; c != nil {
				add(at+".checkpointConnector.config", c.Config)
			}
		}
	case *strimziv1.KafkaBridge:
		if a := o.Spec.AdminClient; a != nil {
			add("spec.adminClient.config", a.Config)
		}
		if c := o.Spec.Consumer; c != nil {
			add("spec.consumer.config", c.Config)
		}
		if p := o.Spec.Producer; p != nil {
			add("spec.producer.config", p.Config)
		}
		if h := o.Spec.HTTP; h != nil && h.TLS != nil {
			add("spec.http.tls.config", h.TLS.Config)
		}
		add("spec.config", o.Spec.Config)
		client("spec", o.Spec.Authentication)
	}
	return out
}
