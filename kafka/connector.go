package kafka

import "github.com/millrace/millrace/kafka/strimziv1"

// Connector moves records from another system into Kafka, or from Kafka into
// another one. It runs in a Connect. It makes a KafkaConnector.
//
// Its zero fields are production defaults: it runs, and what fails is started
// again.
type Connector struct {
	// Name is the name of the connector. Sink connectors read as the consumer
	// group connect-<name>. Required.
	//
	// Rendered as metadata.name.
	Name string

	// Namespace is that of the Connect. Empty means Connect's namespace, or
	// leaves it to the context that the manifest is applied in.
	//
	// Rendered as metadata.namespace.
	Namespace string

	// Labels and Annotations go to the KafkaConnector, besides the label that
	// names the Connect.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string

	// Connect is where the connector runs.
	//
	// Nil means that Cluster names it.
	//
	// Rendered as the label strimzi.io/cluster.
	Connect *Connect

	// Cluster is the name of the KafkaConnect, where that is defined
	// elsewhere. Empty where Connect is set.
	//
	// Rendered as the label strimzi.io/cluster.
	Cluster string

	// Class is the class of the connector, in one of the Connect's plugins.
	// Required.
	//
	// Rendered as spec.class.
	Class string

	// Version is the version of the class, or a range of them, where plugins
	// have more than one. Kafka 4.1 or later.
	//
	// Empty means the newest.
	//
	// Rendered as spec.version.
	Version string

	// TasksMax is how many tasks share the work at most. Sink connectors can
	// use as many as their topics have partitions.
	//
	// Zero leaves it to Connect: 1.
	//
	// Rendered as spec.tasksMax.
	TasksMax int

	// Config holds the connector's settings.
	//
	// Rendered in spec.config.
	Config map[string]string

	// Secrets are settings whose values are in secrets. They stand in no
	// manifest.
	//
	// Rendered in spec.config as "${secrets:namespace/name:key}".
	Secrets map[string]SecretValue

	// State says whether it runs. Empty means ConnectorRunning.
	//
	// Rendered as spec.state.
	State ConnectorState

	// Restart says what becomes of a connector or a task that has failed.
	Restart Restart

	// ListOffsets is the name of the config map that Strimzi writes the
	// offsets to, when the annotation strimzi.io/connector-offsets says list.
	// Empty means none.
	//
	// Rendered as spec.listOffsets.toConfigMap.
	ListOffsets string

	// AlterOffsets is the name of the config map that Strimzi takes offsets
	// from, when the annotation says alter. Empty means none.
	//
	// Rendered as spec.alterOffsets.fromConfigMap.
	AlterOffsets string

	// Base is Strimzi's own spec, under the fields above: what it sets and
	// they don't is kept.
	Base strimziv1.KafkaConnectorSpec
}

// ConnectorState says whether a connector runs.
type ConnectorState string

const (
	// ConnectorRunning is a connector at work.
	ConnectorRunning ConnectorState = "running"
	// ConnectorPaused does nothing, and keeps its tasks.
	ConnectorPaused ConnectorState = "paused"
	// ConnectorStopped does nothing, and has no tasks. Offsets can be altered
	// then only.
	ConnectorStopped ConnectorState = "stopped"
)

// Restart says what becomes of a connector or a task that has failed. Connect
// itself starts nothing again.
type Restart struct {
	// Off leaves it as it has failed, until somebody starts it.
	//
	// False means that Strimzi starts it again, at growing intervals of up to an
	// hour.
	//
	// Rendered as autoRestart.enabled.
	// Source: Strimzi, API reference, AutoRestart.
	Off bool

	// Max is how often it is started again in a row.
	//
	// Nil means without end; new(0) never.
	//
	// Rendered as autoRestart.maxRestarts.
	Max *int
}
