package kafka

import "testing"

// What each component may set, and what Strimzi drops.
func TestManagedKeys(t *testing.T) {
	for of, keys := range map[component]map[string]bool{
		brokerComponent: {"port": true, "PORT": true, "portal.company": true, "log.dirs": true, "ssl.protocol": false, "SSL.Protocol": true,
			"listener.name.tls-9093.max.connections": true, "log.retention.ms": false},
		connectComponent:        {"group.id": true, "group.id.company": true, "rest.port": true, "prometheus.metrics.reporter.port": true, "ssl.protocol": false, "config.providers": false},
		connectorComponent:      {"name": true, "Name": true, "tasks.max": true, "tasks.max.enforce": false, "topics": false, "connector.plugin.version": true},
		mirrorComponent:         {"group.id": true, "prometheus.metrics.reporter.port": false, "ssl.endpoint.identification.algorithm": false, "offset.storage.topic": true},
		bridgeComponent:         {"bridge.id": true, "bridge.ids": false, "bridge.metrics": true, "bridge.metrics.x": true, "http.port": true, "kafka.acks": true},
		bridgeAdminComponent:    {"bootstrap.servers": true, "group.id": false, "ssl.cipher.suites": false},
		bridgeConsumerComponent: {"group.id": true, "group.instance.id": false, "max.poll.records": false, "sasl.mechanism": true},
		bridgeProducerComponent: {"acks": false, "security.protocol": true},
		bridgeTLSComponent:      {"ssl.enabled.protocols": false, "ssl.protocol": true},
		cruiseControlComponent:  {"webserver.http.port": true, "webserver.http.cors.origin": false, "self.healing.enabled": true, "goals": false, "client.id": true},
		listenerAuthComponent:   {"ssl.keystore.location": true, "ssl.truststore.location": false},
	} {
		for key, want := range keys {
			if why, fix := managedKey(of, key); (why != "") != want || (fix != "") != want {
				t.Errorf("%s %s: %q, %q", of, key, why, fix)
			}
		}
	}
}
