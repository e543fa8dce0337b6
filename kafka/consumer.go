package kafka

import (
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Consumer is a program that reads topics, as one consumer group of as many
// pods as its lag asks for. It makes a Deployment, a PodDisruptionBudget, and
// unless the number is fixed a ScaledObject of KEDA's; where KEDA needs
// certificates or a password to see the lag, a TriggerAuthentication too.
//
// Its zero fields are production defaults. There is no CPU limit: a consumer
// that is throttled lags behind however many there are, and one that misses
// max.poll.interval.ms for it is thrown out of its group, whose partitions then
// move. Give it a pool of its own by Placement, where it robs nobody.
//
// # Updates
//
// A rolling update starts a quarter of the pods anew at a time, and stops none
// before its successor has run for half a minute: capacity stays, and the group
// rebalances in a few waves and not once or twice for each pod. Static
// membership (group.instance.id) doesn't help here, since the pods of a
// Deployment are named anew each time: the group would wait for the old ones
// until session.timeout.ms. Use the cooperative-sticky assignor, or the consumer
// protocol of Kafka 4: then only partitions that move stop.
//
// A pod that is told to end gets SIGTERM at once: nobody sends it requests, so
// that there is nothing for a preStop hook to wait for. The program has to
// close its consumer then, which commits and leaves the group.
type Consumer struct {
	// Name is the name of all objects, and of the app.kubernetes.io/name
	// label by which the Deployment knows its pods. A DNS label of at most 54
	// characters, since KEDA makes an autoscaler named after it. Required.
	//
	// Rendered as metadata.name.
	Name string

	// Namespace is where the consumer runs.
	//
	// Empty leaves it to the context that the manifest is applied in, which is
	// right only if Kafka names Servers in full: KEDA connects to them from a
	// namespace of its own.
	//
	// Rendered as metadata.namespace.
	Namespace string

	// Labels and Annotations go to the objects; those of the pods are in Pod.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string

	// Topics are what the group reads. At least one is required. They need not
	// be composed with the consumer: of one that is made elsewhere its Name,
	// Partitions and Cluster are enough.
	//
	// Told to the program in the variable that Variables.Topics names, with
	// commas between them, and to KEDA in a trigger for each.
	//
	// Rendered in spec.template.spec.containers as env, and as spec.triggers
	// of the ScaledObject.
	Topics []*Topic

	// Group is the name of the consumer group.
	//
	// Empty means Name.
	//
	// Rendered in spec.template.spec.containers as env, and as consumerGroup
	// of the triggers.
	Group string

	// Kafka is how the program, and KEDA, reach the brokers.
	//
	// Without Cluster and Servers it is the cluster of Topics: their Cluster in
	// their Namespace. At most one certificate is trusted, CustomLogin is for
	// the program to do by itself.
	Kafka Connection

	// Variables are the names of the environment variables by which the program
	// is told of the above.
	Variables Variables

	// Image is the program. Required.
	//
	// Rendered in spec.template.spec.containers as image.
	Image string

	// Command and Args are what the container runs. None means the image's own.
	//
	// Rendered in spec.template.spec.containers as command and args.
	Command, Args []string

	// Env are further environment variables.
	//
	// Rendered in spec.template.spec.containers as env.
	Env []corev1.EnvVar

	// EnvFrom are secrets and config maps of which every entry becomes one.
	//
	// Rendered in spec.template.spec.containers as envFrom.
	EnvFrom []corev1.EnvFromSource

	// Liveness, Readiness and Startup are probes. Nil means none: a consumer
	// serves nobody, and its group notices that it died.
	//
	// Rendered in spec.template.spec.containers as livenessProbe,
	// readinessProbe and startupProbe.
	Liveness, Readiness, Startup *corev1.Probe

	// Resources are memory and CPU of each pod.
	//
	// Zero means 1 GiB, requested and as the limit, and half a core without a
	// limit (rule kafka/consumer-cpu-limit).
	Resources Resources

	// Replicas is a fixed number of pods.
	//
	// Nil means that Scaler follows the lag; the Deployment then says no
	// number, since each time that it is applied it would undo what KEDA did.
	// new(0) stops the consumer.
	//
	// Rendered as spec.replicas of the Deployment.
	Replicas *int

	// Scaler is how the number of pods follows the lag.
	Scaler Scaler

	// Batch is how long the program works on what one poll returned, at the
	// most. It must be less than its max.poll.interval.ms, after which the
	// group gives the partitions to others.
	//
	// Zero means 30 s. Whole seconds.
	//
	// Rendered as spec.template.spec.terminationGracePeriodSeconds, with 30 s
	// more in which the consumer commits and leaves the group.
	// Source: Apache Kafka, Consumer.close(), whose default timeout is 30 s.
	Batch time.Duration

	// Settle is how long a new pod must have run before an old one is stopped,
	// so that it has joined the group.
	//
	// Nil means 30 s; new(time.Duration(0)) doesn't wait. Whole seconds.
	//
	// Rendered as spec.minReadySeconds.
	Settle *time.Duration

	// MaxUnavailable is how many pods may be evicted at once, when nodes are
	// drained.
	//
	// Zero means 1.
	//
	// Rendered as spec.maxUnavailable of the PodDisruptionBudget.
	MaxUnavailable int

	// WritableRoot lets the program write to its image's file system.
	//
	// False means that it can write only to /tmp, an emptyDir: Java's libraries
	// for compression unpack themselves there.
	//
	// Rendered as readOnlyRootFilesystem of the container's security context.
	WritableRoot bool

	// ServiceAccount is the name of the service account. Empty means the
	// namespace's default. Its token is not mounted.
	//
	// Rendered as spec.template.spec.serviceAccountName.
	ServiceAccount string

	// Pod is what else the pods get. Its zero Security is what the restricted
	// Pod Security profile asks for; its GracePeriod stands in the place of
	// what Batch says.
	//
	// Source: Kubernetes, Pod Security Standards.
	Pod PodTemplate

	// Placement says which nodes the pods run on. Zero means any of them.
	//
	// Rendered in spec.template.
	Placement millrace.Placement

	// Spread keeps the pods apart.
	//
	// Zero means evenly over zones and over hosts, as well as can be: a
	// consumer in the wrong zone is better than none.
	//
	// Rendered as spec.template.spec.topologySpreadConstraints, each of them
	// ScheduleAnyway and for the pods of one version.
	Spread Spread

	// Base is the spec of the Deployment under the fields above: what it sets
	// and they don't is kept. The container is named "consumer".
	Base appsv1.DeploymentSpec
}

// Variables are the names of the environment variables by which a consumer is
// told what it reads and how. An empty one means the name in its comment; what
// doesn't apply is not told.
//
// Rendered in spec.template.spec.containers as env.
type Variables struct {
	// Servers has the addresses of the brokers, with commas between them.
	// KAFKA_BOOTSTRAP_SERVERS.
	Servers string
	// Group has the name of the consumer group. KAFKA_GROUP_ID.
	Group string
	// Topics has the names of the topics, with commas between them.
	// KAFKA_TOPICS.
	Topics string
	// Protocol has PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.
	// KAFKA_SECURITY_PROTOCOL.
	Protocol string
	// CA has the path of the certificates to trust. KAFKA_SSL_CA.
	CA string
	// Certificate and Key have the paths of the client's certificate and its
	// key. KAFKA_SSL_CERTIFICATE and KAFKA_SSL_KEY.
	Certificate, Key string
	// Mechanism has SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN.
	// KAFKA_SASL_MECHANISM.
	Mechanism string
	// Username and Password have those, the latter out of its secret.
	// KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.
	Username, Password string
}
