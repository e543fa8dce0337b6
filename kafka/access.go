package kafka

// Access is something that a user may do: Produce, Consume, Transact, Stream,
// RunConnect, or a single ACL. Each renders the rules that Kafka 4 asks for and no
// other: what follows from a rule, such as Describe from Read, isn't there.
//
// Where names of topics, groups and transactional ids are taken, one that ends
// with * stands for all that begin so, and * alone for all. Hosts are the
// addresses that the user may connect from, none means any; they are addresses
// of clients as brokers see them, never host names or networks.
type Access interface {
	// access adds the rules to a list, and reports what is wrong at a field.
	access(l *accessList, at string)
}

// Produce lets a user write, with an idempotent producer as Kafka's clients
// have it by default. It doesn't let them create topics.
type Produce struct {
	// Topics are what may be written to. At least one.
	//
	// Rendered as Write on each.
	Topics []string
	// Hosts are the addresses that it may be done from. None means any.
	//
	// Rendered as host of each rule, "*" for none.
	Hosts []string
}

// Consume lets a user read as a member of a consumer group, of the classic
// kind, the newer one, or a share group, and commit offsets.
type Consume struct {
	// Topics are what may be read. At least one.
	//
	// Rendered as Read on each.
	Topics []string
	// Group is the consumer group. Required: who reads without one needs an ACL
	// with OpRead on the topics.
	//
	// Rendered as Read on it.
	Group string
	// Hosts are the addresses that it may be done from. None means any.
	//
	// Rendered as host of each rule, "*" for none.
	Hosts []string
}

// Transact lets a user write in transactions. A transaction that commits
// offsets also, for exactly-once between topics, needs a Consume beside it.
type Transact struct {
	// TransactionalID is that of the producer. Several instances of an
	// application have several, so it is mostly a prefix: "orders-*". Required.
	//
	// Rendered as Write on it.
	TransactionalID string
	// Topics are what may be written to. At least one.
	//
	// Rendered as Write on each.
	Topics []string
	// Hosts are the addresses that it may be done from. None means any.
	//
	// Rendered as host of each rule, "*" for none.
	Hosts []string
}

// Stream lets a user run a Kafka Streams application, which makes topics of its
// own for its state and for repartitioning.
type Stream struct {
	// Application is the application.id, letter by letter: a name without *,
	// of at most 249 letters, digits, '.', '_' and '-'. Required.
	//
	// Rendered as Read on the group of that name, and as Create, Delete, Read
	// and Write on the topics that begin with it and a '-': Delete is for
	// records that are repartitioned already, which would stay for ever.
	// Source: Apache Kafka Streams, InternalTopicManager and
	// TaskManager.maybePurgeCommittedRecords.
	Application string
	// Inputs are the topics that are read. At least one.
	//
	// Rendered as Read on each.
	Inputs []string
	// Outputs are the topics that are written to.
	//
	// Rendered as Write on each.
	Outputs []string
	// ExactlyOnce is for applications with processing.guarantee exactly_once_v2.
	//
	// False is at_least_once, as Kafka Streams has it by default.
	//
	// Rendered as Write on the transactional ids that begin with the
	// application's and a '-'.
	ExactlyOnce bool
	// Hosts are the addresses that it may be done from. None means any.
	//
	// Rendered as host of each rule, "*" for none.
	Hosts []string
}

// RunConnect lets a user be the worker of a Kafka Connect cluster. Its connectors
// are the same user, unless they are told otherwise, and need a Produce, or a
// Consume whose Group is "connect-" and the connector's name.
type RunConnect struct {
	// Group is the group.id of the workers. Required, and a name without *.
	//
	// Rendered as Read on it.
	Group string
	// ConfigTopic, OffsetTopic and StatusTopic are the topics that the workers
	// keep what they know in. Required, and names without *.
	//
	// Rendered as Create, DescribeConfigs, Read and Write: the worker makes
	// them where they aren't there, and checks that they are compacted.
	ConfigTopic, OffsetTopic, StatusTopic string
	// ExactlyOnce is for workers with exactly.once.source.support.
	//
	// Rendered as Write on the worker's transactional id, "connect-cluster-" and
	// the group, and on those of its tasks, which begin with the group and a
	// '-'.
	// Source: Apache Kafka, KIP-618.
	ExactlyOnce bool
	// Hosts are the addresses that it may be done from. None means any.
	//
	// Rendered as host of each rule, "*" for none.
	Hosts []string
}

// ACL is one of Kafka's own access control lists, for what no intent says.
//
// Rendered as one of spec.authorization.acls.
type ACL struct {
	// Topic, Group and TransactionalID are what it is about, or Cluster for
	// what is about none of them. Exactly one. What is empty or false is not
	// meant.
	Topic, Group, TransactionalID string

	// Cluster is for what is about none of Topic, Group and TransactionalID.
	// See there.
	Cluster bool
	// Operations are what is allowed. At least one, of those that Kafka has for
	// the kind of thing.
	Operations []Operation
	// Hosts are the addresses that it holds for. None means any.
	Hosts []string
	// Deny forbids it instead, whatever else allows it.
	Deny bool
}

// Operation is what an ACL is about.
type Operation string

// The operations of Kafka that Strimzi has. OpRead, OpWrite, OpDelete and
// OpAlter allow OpDescribe too, OpAlterConfigs allows OpDescribeConfigs, and
// OpAll allows everything; OpIdempotentWrite is needed by none since Kafka 3.0,
// where OpWrite on any topic does.
// Source: Apache Kafka 4.3, StandardAuthorizerData; KIP-679.
const (
	OpRead            Operation = "Read"
	OpWrite           Operation = "Write"
	OpCreate          Operation = "Create"
	OpDelete          Operation = "Delete"
	OpAlter           Operation = "Alter"
	OpDescribe        Operation = "Describe"
	OpClusterAction   Operation = "ClusterAction"
	OpAlterConfigs    Operation = "AlterConfigs"
	OpDescribeConfigs Operation = "DescribeConfigs"
	OpIdempotentWrite Operation = "IdempotentWrite"
	OpAll             Operation = "All"
)
