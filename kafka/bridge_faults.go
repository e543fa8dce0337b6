package kafka

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	ruleBridgeHTTP   = "kafka/bridge-http"
	ruleBridgeConfig = "kafka/bridge-config"

	// healthPort is where the Bridge answers for its health.
	// Source: Strimzi, con-config-kafka-bridge.
	healthPort = 8081

	lowestBridgePort = 1023
)

// bridgeFaults are what is wrong with a KafkaBridge alone.
func bridgeFaults(o *strimziv1.KafkaBridge) faults {
	var f faults
	s := &o.Spec
	connectionFaults(&f, "spec", reach{s.BootstrapServers, s.TLS, s.Authentication})
	httpFaults(&f, s.HTTP)
	open := configFaults{&f, ruleBridgeConfig, bridgeComponent, nil, nil, true}
	open.check("spec.config", s.Config)
	of := func(c component, scope kafkaconf.Scope) configFaults {
		return configFaults{&f, ruleBridgeConfig, c, []kafkaconf.Scope{scope}, nil, false}
	}
	if c := s.AdminClient; c != nil {
		of(bridgeAdminComponent, kafkaconf.Admin).check("spec.adminClient.config", c.Config)
	}
	if c := s.Consumer; c != nil {
		of(bridgeConsumerComponent, kafkaconf.Consumer).check("spec.consumer.config", c.Config)
	}
	if c := s.Producer; c != nil {
		of(bridgeProducerComponent, kafkaconf.Producer).check("spec.producer.config", c.Config)
	}
	t := deref(s.Template)
	workerFaults(&f, s.Resources, s.JVMOptions, stateful(t.Pod),
		containerTemplate{"spec.template.bridgeContainer", t.BridgeContainer}, containerTemplate{"spec.template.initContainer", t.InitContainer})
	return f
}

// httpFaults reports what the operator refuses of the side of the programs.
// Source: Strimzi 1.2.0, KafkaBridgeCluster.fromCrd.
func httpFaults(f *faults, h *strimziv1.KafkaBridgeHTTPConfig) {
	const path = "spec.http"
	if h == nil {
		f.add(ruleBridgeHTTP, millrace.RuleRequired, path, "is required", "say where it listens: http: {port: 8080}")
		return
	}
	if port := h.Port; port != nil {
		switch {
		case *port == healthPort:
			f.add(ruleBridgeHTTP, millrace.RuleInvalid, path+".port", "8081: the Bridge is asked for its health there", "use another one, such as 8080")
		case *port < lowestBridgePort || *port > highestPort:
			f.add(ruleBridgeHTTP, millrace.RuleInvalid, path+".port", fmt.Sprintf("%d: it can't listen there", *port), fmt.Sprintf("use %d to %d", lowestBridgePort, highestPort))
		}
	}
	if c := h.CORS; c != nil {
		if len(c.AllowedOrigins) == 0 {
			f.add(ruleBridgeHTTP, millrace.RuleRequired, path+".cors.allowedOrigins", "is required", "say which pages may use the Bridge, or leave cors out")
		}
		if len(c.AllowedMethods) == 0 {
			f.add(ruleBridgeHTTP, millrace.RuleRequired, path+".cors.allowedMethods", "is required", "say what pages may do, or leave cors out")
		}
	}
	if t := h.TLS; t != nil {
		secretFault(f, ruleBridgeHTTP, path+".tls.certificateAndKey.secretName", t.CertificateAndKey.SecretName)
		configFaults{f, ruleBridgeConfig, bridgeTLSComponent, nil, nil, true}.check(path+".tls.config", t.Config)
	}
}
