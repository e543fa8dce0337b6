package kafka

import "github.com/millrace/millrace/kafka/strimziv1"

// Connect is a cluster of Kafka Connect's workers, which run connectors. It
// makes a KafkaConnect.
//
// Its zero fields are production defaults: three workers that are spread over
// zones, connectors that are managed as KafkaConnector objects, internal topics
// of its own with as many replicas as the brokers give to topics.
type Connect struct {
	// Name is the name of the Connect, which connectors refer to. A DNS label
	// that starts with a letter, since services are named after it. Required.
	//
	// Rendered as metadata.name.
	Name string

	// Namespace is where it lives, and its connectors. Empty leaves it to the
	// context that the manifest is applied in.
	//
	// Rendered as metadata.namespace.
	Namespace string

	// Labels and Annotations go to the KafkaConnect.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string

	// Kafka is the cluster that it works for, and keeps its state in.
	Kafka Connection

	// GroupID is what its workers find each other by. No two Connects of one
	// Kafka may share it (rule kafka/connect-group).
	//
	// Empty means Name.
	//
	// Rendered as spec.groupId.
	GroupID string

	// Topics hold its state.
	Topics ConnectTopics

	// KeyConverter and ValueConverter are for connectors that name none.
	//
	// Rendered as key.converter and value.converter in spec.config.
	KeyConverter, ValueConverter Converter

	// Config holds every other setting of a worker, by Kafka's own name.
	//
	// Settings that Strimzi manages itself are mistakes: it would drop them
	// without a word. A setting that has a field here is a conflict if both are
	// set.
	//
	// Rendered in spec.config.
	Config map[string]string

	// Secrets are the names of the secrets that connectors may take passwords
	// from; see SecretValue.
	//
	// Rendered as config.providers in spec.config, and as a Role and a
	// RoleBinding for the service account of the workers, <name>-connect.
	// Source: Strimzi, Loading configuration values from external sources.
	Secrets []string

	// NoConnectors says that connectors are managed by Connect's REST API.
	// Strimzi then looks at no KafkaConnector.
	//
	// False is rendered as the annotation strimzi.io/use-connector-resources.
	NoConnectors bool

	// Workers are the pods.
	Workers Workers

	// Image is built, with plugins in it.
	//
	// Rendered as spec.build.
	Image ConnectImage

	// Plugins are mounted out of images, without a build. They need a
	// Kubernetes that mounts images (1.33 or later has it by default).
	//
	// Rendered as spec.plugins.
	Plugins []MountedPlugin

	// Base is Strimzi's own spec, under the fields above: what it sets and
	// they don't is kept.
	Base strimziv1.KafkaConnectSpec
}

// ConnectTopics are the topics in which workers keep their state. No two
// Connects of one Kafka may share any (rule kafka/connect-group).
type ConnectTopics struct {
	// Configs holds the connectors and their tasks. Empty means <name>-configs.
	//
	// Rendered as configStorageTopic.
	Configs string

	// Offsets holds how far source connectors have come. Empty means
	// <name>-offsets.
	//
	// Rendered as offsetStorageTopic.
	Offsets string

	// Status holds how connectors and tasks are. Empty means <name>-status.
	//
	// Rendered as statusStorageTopic.
	Status string

	// Replication is how many brokers hold each of them.
	//
	// Zero leaves it to the brokers' default.replication.factor, which is 3 in
	// a Cluster, and lower where there are fewer brokers: Kafka's own 3 would
	// keep the workers of a small cluster from starting.
	//
	// Rendered as config.storage.replication.factor and the same of offset and
	// status, -1 for zero.
	// Source: Strimzi's examples; strimzi-kafka-operator#2346, #3780.
	Replication int
}

// ConnectImage is an image that the operator builds of Strimzi's own and of
// plugins, and pushes to a registry. The workers then run it.
type ConnectImage struct {
	// Name is what the image is called, with its registry and tag. Required if
	// there are plugins.
	//
	// Rendered as spec.build.output.image.
	Name string

	// ImageStream makes an image stream of OpenShift's; Name is then its name
	// and tag.
	//
	// False is rendered as spec.build.output.type docker.
	ImageStream bool

	// PushSecret is the name of the secret by which the image is pushed, of
	// type kubernetes.io/dockerconfigjson. Empty pushes without.
	//
	// Rendered as spec.build.output.pushSecret.
	PushSecret string

	// Options are given to the build: those of Buildah, or of Kaniko where the
	// operator is set to use that. Strimzi takes a few only.
	//
	// Rendered as spec.build.output.additionalBuildOptions.
	// Source: Strimzi, DockerOutput.java.
	Options []string

	// PushOptions are given to Buildah's push.
	//
	// Rendered as spec.build.output.additionalPushOptions.
	PushOptions []string

	// Plugins are what the image gets.
	//
	// None means that nothing is built.
	//
	// Rendered as spec.build.plugins.
	Plugins []ConnectPlugin

	// Resources are memory and CPU of the pod that builds.
	//
	// Zero leaves them to Kubernetes.
	//
	// Rendered as spec.build.resources.
	Resources Resources
}

// ConnectPlugin is a set of connectors, converters or transformations with a
// class path of its own.
//
// Rendered as one of spec.build.plugins.
type ConnectPlugin struct {
	// Name is what its directory is called: lower-case letters, digits, '-'
	// and '_', no two alike. Renaming it builds the image again. Required.
	Name string

	// Artifacts are what is in it: Download, Maven.
	Artifacts []Artifact
}

// Artifact is one thing that a plugin is made of: Download or Maven.
type Artifact interface {
	artifact() strimziv1.Artifact
}

// Download is a file behind a URL. An archive is unpacked.
//
// Rendered as one of artifacts in spec.build.plugins, of the type that Type
// says.
type Download struct {
	// URL is where it is. Required.
	URL string

	// SHA512 is its checksum, in hexadecimal; without one whoever controls
	// the server controls the workers (rule kafka/artifact-checksum). Empty
	// checks nothing.
	SHA512 string

	// Type says what becomes of it.
	//
	// Empty means what the URL ends in: JAR, TGZ (also .tar.gz), ZIP, and
	// OtherFile for all else.
	Type ArtifactType

	// FileName is what a file of the type OtherFile is called.
	//
	// Empty leaves it to Strimzi, which makes a hash of the URL.
	FileName string

	// Insecure takes any certificate of the server.
	Insecure bool
}

// ArtifactType says what becomes of a download.
type ArtifactType string

const (
	// JAR is kept as it is.
	JAR ArtifactType = "jar"
	// TGZ is unpacked.
	TGZ ArtifactType = "tgz"
	// ZIP is unpacked.
	ZIP ArtifactType = "zip"
	// OtherFile is kept as it is.
	OtherFile ArtifactType = "other"
)

// Maven is an artifact of a Maven repository, with all that it depends on.
//
// Rendered as one of artifacts in spec.build.plugins, of type maven.
type Maven struct {
	// Group, Artifact and Version name it. Required. The version is a fixed one
	// (rule kafka/plugin-version).
	Group, Artifact, Version string

	// Repository is the URL of the repository.
	//
	// Empty means Maven Central.
	Repository string

	// Mirrors are URLs that all requests go to in the place of repositories.
	// They need Strimzi 1.2.
	Mirrors []string

	// Scope narrows which dependencies are taken: compile, provided, runtime,
	// test or system.
	//
	// Empty means all of them.
	Scope string

	// Insecure takes any certificate of the server.
	Insecure bool
}

// MountedPlugin is a plugin that is mounted out of images.
//
// Rendered as one of spec.plugins, Images as its artifacts.
type MountedPlugin struct {
	// Name is what its directory is called: lower-case letters, digits, '-'
	// and '_', no two alike. Required.
	Name string

	// Images are references of OCI artifacts; with a digest all workers have
	// the same one (rule kafka/plugin-version).
	Images []string

	// PullPolicy says when they are pulled: Always, IfNotPresent, Never.
	//
	// Empty leaves it to Kubernetes: Always for the tag latest.
	PullPolicy string
}
