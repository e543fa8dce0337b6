package kafka

import (
	"cmp"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	defaultBridgePort    = 8080
	defaultBridgeTLSPort = 8443

	// bridgeMemory is for a JVM with some hundred consumers.
	bridgeMemory = millrace.GiB

	// bridgeCPU is enough for an event loop and Kafka's clients.
	bridgeCPU = 0.5

	// defaultBridgeTimeout is twice Kafka's max.poll.interval.ms.
	defaultBridgeTimeout = 10 * time.Minute
)

// bridgeMethods are those of the Bridge's API.
// Source: Strimzi, con-config-kafka-bridge.
var bridgeMethods = []string{"GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}

// Build checks the Bridge and makes its KafkaBridge.
func (b *Bridge) Build() (millrace.Parts, error) {
	if b == nil {
		return millrace.Parts{}, nilBuilder("kafka.Bridge")
	}
	p := &millrace.Problems{Object: millrace.Ref{Kind: "kafka.Bridge", Namespace: b.Namespace, Name: b.Name}}
	bridge, beside := b.build(p)
	if err := finish(p, b); err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: append([]millrace.Object{bridge}, beside...), PlacedOn: placedOn(b)}, nil
}

// KafkaBridge makes the Bridge's own object, without what its metrics need
// beside. The error is a *millrace.BuildError with every mistake. The Bridge is
// not changed, and shares no memory with the object.
func (b *Bridge) KafkaBridge() (*strimziv1.KafkaBridge, error) {
	parts, err := b.Build()
	if err != nil {
		return nil, err
	}
	return parts.Objects[0].(*strimziv1.KafkaBridge), nil
}

// pods are the Bridge's pods, in the terms of Connect's.
func (b *Bridge) pods() Workers {
	return Workers{Replicas: b.Replicas, Image: b.Image, Resources: b.Resources, Heap: b.Heap, Rack: b.Rack,
		Pod: b.Pod, Placement: b.Placement, Loggers: b.Loggers, Metrics: b.Metrics, Tracing: b.Tracing}
}

func (b *Bridge) build(p *millrace.Problems) (*strimziv1.KafkaBridge, []millrace.Object) {
	checkComponentName(p, b.Name, "-bridge-service")
	p.Namespace("Namespace", b.Namespace)
	meta := objectMeta(p, b.Name, b.Namespace, b.Labels, b.Annotations)

	o := newOrigins[strimziv1.KafkaBridgeSpec]()
	pods, beside := b.pods().makeAs(p, o, owner{"KafkaBridge", b.Name, b.Namespace}, "")
	fields := strimziv1.KafkaBridgeSpec{Image: pods.Image, Resources: pods.Resources, JVMOptions: pods.JVMOptions,
		Logging: pods.Logging, Rack: pods.Rack, MetricsConfig: pods.MetricsConfig, Tracing: pods.Tracing}
	if pods.Template != nil {
		b.Pod.origins(o, "spec.template.pod", "spec.template.bridgeContainer", "Pod")
		fields.Template = &strimziv1.KafkaBridgeTemplate{Pod: plain(pods.Template.Pod), BridgeContainer: pods.Template.ConnectContainer}
	}
	to := b.Kafka.make(p, o, "spec", "Kafka", b.Namespace)
	fields.BootstrapServers, fields.TLS, fields.Authentication = to.servers, to.tls, to.auth

	spec := *b.Base.DeepCopy()
	b.clients(p, o, &fields, &spec)
	fields.HTTP = b.HTTP.make(p, o)
	withoutMetrics(p, "Metrics", b.Metrics, spec.MetricsConfig)
	lay(p, "Base", &spec, &fields)
	layReplicas(p, "Replicas", b.Replicas, &spec.Replicas, bridgeReplicas(&spec))
	b.fill(&spec)
	made := &strimziv1.KafkaBridge{TypeMeta: typeMeta("KafkaBridge"), ObjectMeta: meta, Spec: spec}
	faultsOf(made).report(p, o)
	return made, beside
}

// clients writes the settings of the Bridge and of its clients.
func (b *Bridge) clients(p *millrace.Problems, o origins, fields, base *strimziv1.KafkaBridgeSpec) {
	config := func(path, field string, values map[string]string, base strimziv1.JSONMap) strimziv1.JSONMap {
		s := newSettings(p, false)
		s.config(field, values)
		for key, from := range s.from {
			if _, twice := base[key]; !twice {
				o.add(at(path, key), from)
			}
		}
		if len(s.values) == 0 {
			return nil
		}
		return s.values
	}
	fields.Config = config("spec.config", "Config", b.Config, base.Config)
	if admin := config("spec.adminClient.config", "Admin", b.Admin, nil); admin != nil {
		fields.AdminClient = &strimziv1.KafkaBridgeAdminClientSpec{Config: admin}
	}
	fields.Consumer = &strimziv1.KafkaBridgeConsumerSpec{Config: config("spec.consumer.config", "Consumer.Config", b.Consumer.Config, nil)}
	switch d := b.Consumer.Timeout; {
	case d == Forever:
		fields.Consumer.TimeoutSeconds = new(int64(-1))
	case d != 0:
		fields.Consumer.TimeoutSeconds = wholeSeconds(p, "Consumer.Timeout", &d)
	}
	producer := config("spec.producer.config", "Producer.Config", b.Producer.Config, nil)
	if producer != nil || b.Producer.Disabled {
		fields.Producer = &strimziv1.KafkaBridgeProducerSpec{Config: producer}
	}
	const off, fix = "the field Disabled turns it off", "leave one of the two out"
	if b.Consumer.Disabled {
		fields.Consumer.Enabled = new(false)
		if b.Consumer.Timeout != 0 {
			p.Conflict("Consumer.Timeout", off, fix)
		}
		if len(b.Consumer.Config) > 0 {
			p.Conflict("Consumer.Config", off, fix)
		}
	}
	if b.Producer.Disabled {
		fields.Producer.Enabled = new(false)
		if producer != nil {
			p.Conflict("Producer.Config", off, fix)
		}
	}
}

// make writes what programs reach.
func (h BridgeHTTP) make(p *millrace.Problems, o origins) *strimziv1.KafkaBridgeHTTPConfig {
	out := &strimziv1.KafkaBridgeHTTPConfig{}
	if h.Port != 0 {
		out.Port = new(int64(h.Port))
		o.add("spec.http.port", "HTTP.Port")
	}
	if len(h.CORS.Origins)+len(h.CORS.Methods) > 0 {
		o.add("spec.http.cors.allowedOrigins", "HTTP.CORS.Origins")
		o.add("spec.http.cors.allowedMethods", "HTTP.CORS.Methods")
		out.CORS = &strimziv1.KafkaBridgeHTTPCORS{AllowedOrigins: slices.Clone(h.CORS.Origins), AllowedMethods: slices.Clone(h.CORS.Methods)}
		if len(h.CORS.Methods) == 0 {
			out.CORS.AllowedMethods = slices.Clone(bridgeMethods)
		}
	}
	if t := h.TLS; t.Secret != "" || t.Certificate != "" || t.Key != "" || len(t.Config) > 0 {
		o.add("spec.http.tls.certificateAndKey.secretName", "HTTP.TLS.Secret")
		o.add("spec.http.tls.config", "HTTP.TLS.Config")
		config := newSettings(p, false)
		config.config("HTTP.TLS.Config", t.Config)
		out.TLS = &strimziv1.KafkaBridgeHTTPTLS{CertificateAndKey: strimziv1.CertAndKeySecretSource{
			SecretName: t.Secret, Certificate: cmp.Or(t.Certificate, corev1.TLSCertKey), Key: cmp.Or(t.Key, corev1.TLSPrivateKeyKey)}}
		if len(config.values) > 0 {
			out.TLS.Config = config.values
			for key, from := range config.from {
				o.add(at("spec.http.tls.config", key), from)
			}
		}
	}
	return out
}

// bridgeReplicas is how many there are by default: a program that reads comes
// back to the bridge that knows it.
func bridgeReplicas(spec *strimziv1.KafkaBridgeSpec) int64 {
	if bridgeConsumes(spec) {
		return 1
	}
	return 2
}

// bridgeConsumes reports whether programs may read, as they may by default.
func bridgeConsumes(spec *strimziv1.KafkaBridgeSpec) bool {
	return spec.Consumer == nil || spec.Consumer.Enabled == nil || *spec.Consumer.Enabled
}

// fill fills in what neither the fields nor Base say.
func (b *Bridge) fill(spec *strimziv1.KafkaBridgeSpec) {
	port := int64(defaultBridgePort)
	if spec.HTTP.TLS != nil {
		port = defaultBridgeTLSPort
	}
	filled := strimziv1.KafkaBridgeSpec{
		HTTP: &strimziv1.KafkaBridgeHTTPConfig{Port: new(port)},
		Template: &strimziv1.KafkaBridgeTemplate{Pod: &strimziv1.PodTemplate{
			TopologySpreadConstraints: spreadWorkers(b.Name, b.Name+"-bridge")}},
	}
	if bridgeConsumes(spec) {
		filled.Consumer = &strimziv1.KafkaBridgeConsumerSpec{TimeoutSeconds: new(int64(defaultBridgeTimeout / time.Second))}
	}
	if b.Metrics == nil {
		filled.MetricsConfig = defaultMetrics()
	}
	overlay.Fill(spec, &filled)
	if spec.Resources == nil {
		spec.Resources = &corev1.ResourceRequirements{}
	}
	fillResources(spec.Resources, bridgeMemory, bridgeCPU)
}
