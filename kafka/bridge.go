package kafka

import (
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Bridge lets programs produce and consume over HTTP. It makes a KafkaBridge.
//
// It asks nobody who they are: whoever reaches its service, <name>-bridge-service,
// does what its own user may do. Give that user few rights, and let a network
// policy or a proxy say who reaches it.
// Source: Strimzi, HTTP Bridge, securing the bridge.
type Bridge struct {
	// Name is the name of the Bridge. A DNS label that starts with a letter,
	// since its service is named after it. Required.
	//
	// Rendered as metadata.name.
	Name string

	// Namespace is where it lives. Empty leaves it to the context that the
	// manifest is applied in.
	//
	// Rendered as metadata.namespace.
	Namespace string

	// Labels and Annotations go to the KafkaBridge.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string

	// Kafka is the cluster behind the Bridge.
	Kafka Connection

	// HTTP is the side of the programs.
	HTTP BridgeHTTP

	// Consumer is for those that read.
	Consumer BridgeConsumer

	// Producer is for those that write.
	Producer BridgeProducer

	// Admin holds the settings of the client that asks for topics, by Kafka's
	// own name.
	//
	// Rendered as spec.adminClient.config.
	Admin map[string]string

	// Config holds settings of the Bridge itself.
	//
	// Those that Strimzi manages, of HTTP, of Kafka and of metrics, are
	// mistakes: it would drop them without a word.
	//
	// Rendered as spec.config.
	Config map[string]string

	// Replicas is how many pods there are.
	//
	// Nil means 1, or 2 if Consumer is Disabled: a consumer lives in the pod
	// that made it, and others answer that there is none (rule
	// kafka/bridge-consumers). new(0) stops the Bridge.
	//
	// Rendered as spec.replicas.
	Replicas *int

	// Image is one's own image of the Bridge. Empty means Strimzi's own.
	//
	// Rendered as spec.image.
	Image string

	// Resources are memory and CPU of each pod. Zero fields mean 1 GiB of
	// memory and half a core, without a limit.
	//
	// Rendered as spec.resources.
	Resources Resources

	// Heap is the heap of the JVM.
	//
	// Zero leaves it to Strimzi. Whole MiB, and less than the memory.
	//
	// Rendered as spec.jvmOptions, -Xms and -Xmx.
	Heap millrace.Bytes

	// Rack is the node label by whose value consumers read from the replica
	// that is nearest, such as topology.kubernetes.io/zone. The brokers must
	// have replica.selector.class set to RackAwareReplicaSelector.
	//
	// Empty means that they read from the leader.
	//
	// Rendered as spec.rack.topologyKey.
	Rack string

	// Loggers are the levels of loggers by their names, such as
	// "rootLogger.level": "INFO".
	//
	// None means Strimzi's own levels.
	//
	// Rendered as spec.logging of type inline.
	Loggers map[string]string

	// Metrics says how metrics are exported.
	//
	// Nil means Reporter{}: Strimzi's own reporter. NoMetrics{} exports none.
	//
	// Rendered as spec.metricsConfig.
	Metrics Metrics

	// Tracing sends traces by OpenTelemetry; where to is said by environment
	// variables in Base.Template.BridgeContainer.
	//
	// Rendered as spec.tracing of type opentelemetry.
	Tracing bool

	// Pod is what the pods get beside.
	//
	// Rendered in spec.template.pod.
	Pod PodTemplate

	// Placement says which nodes the pods run on. They are spread over zones
	// and hosts as well as that goes.
	//
	// Rendered in spec.template.pod; the node selector as a required node
	// affinity.
	Placement millrace.Placement

	// Base is Strimzi's own spec, under the fields above: what it sets and
	// they don't is kept.
	Base strimziv1.KafkaBridgeSpec
}

// BridgeHTTP is how programs reach a Bridge.
type BridgeHTTP struct {
	// Port is where it listens.
	//
	// Zero means 8080, or 8443 with TLS. 1023 or more, and not 8081, where its
	// health is asked for.
	//
	// Rendered as spec.http.port.
	// Source: Strimzi, KafkaBridgeHttpConfig.HTTP_DEFAULT_PORT.
	Port int

	// CORS lets pages in browsers use it.
	CORS BridgeCORS

	// TLS encrypts it.
	TLS BridgeTLS
}

// BridgeCORS says which pages in browsers may use a Bridge. Zero is none.
type BridgeCORS struct {
	// Origins are where the pages are from, such as "https://company.com".
	//
	// Rendered as spec.http.cors.allowedOrigins.
	Origins []string

	// Methods are what they may do.
	//
	// None means all that the Bridge knows: GET, POST, PUT, DELETE, OPTIONS and
	// PATCH.
	//
	// Rendered as spec.http.cors.allowedMethods.
	Methods []string
}

// BridgeTLS is the certificate of a Bridge. Zero is none: it speaks plain HTTP.
type BridgeTLS struct {
	// Secret holds the certificate and its key. Empty means no TLS.
	//
	// Rendered as spec.http.tls.certificateAndKey.
	Secret string

	// Certificate and Key are the keys in the secret.
	//
	// Empty means tls.crt and tls.key, as in a secret of type
	// kubernetes.io/tls.
	//
	// Rendered as certificate and key of spec.http.tls.certificateAndKey.
	Certificate, Key string

	// Config is ssl.enabled.cipher.suites and ssl.enabled.protocols.
	//
	// Rendered as spec.http.tls.config.
	Config map[string]string
}

// BridgeConsumer is how a Bridge reads.
type BridgeConsumer struct {
	// Disabled refuses to read.
	//
	// Rendered as spec.consumer.enabled: false.
	Disabled bool

	// Timeout is how long a consumer that nobody asks for anything is kept.
	// Whole seconds; Forever keeps it until the pod ends.
	//
	// Zero means ten minutes: twice max.poll.interval.ms, after which its group
	// has given up on it anyway. Strimzi's own is Forever, by which everything
	// that a program forgets to delete stays in memory.
	//
	// Rendered as spec.consumer.timeoutSeconds.
	// Source: Strimzi, KafkaBridgeConsumerSpec.HTTP_DEFAULT_TIMEOUT.
	Timeout time.Duration

	// Config holds the settings of consumers, by Kafka's own name, such as
	// auto.offset.reset.
	//
	// Those of addresses, TLS and logins, and group.id, are mistakes: Strimzi
	// would drop them without a word.
	//
	// Rendered as spec.consumer.config.
	Config map[string]string
}

// BridgeProducer is how a Bridge writes.
type BridgeProducer struct {
	// Disabled refuses to write.
	//
	// Rendered as spec.producer.enabled: false.
	Disabled bool

	// Config holds the settings of producers, by Kafka's own name, such as
	// acks.
	//
	// Those of addresses, TLS and logins are mistakes: Strimzi would drop them
	// without a word.
	//
	// Rendered as spec.producer.config.
	Config map[string]string
}
