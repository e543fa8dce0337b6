package kafka

import "github.com/millrace/millrace"

// connectionRules are for what reaches Kafka as a client: Connect, MirrorMaker,
// Bridge.
func connectionRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: ruleServers, Severity: millrace.Error,
			Summary: "Clients have addresses of brokers, as host:port.",
			Reason:  "Kafka's clients don't start with others, and the pods end again and again.",
			Fix:     "write host:port, and commas between more than one",
			Source:  "Apache Kafka, ClientUtils.parseAndValidateAddresses",
			Check:   faultRule(ruleServers),
		},
		{
			ID: ruleClientTLS, Severity: millrace.Error,
			Summary: "Trusted certificates name a secret, and in it one certificate or a pattern.",
			Reason:  "The API server or the operator refuses what names both or neither.",
			Fix:     `set secretName, and pattern "*.crt"`,
			Source:  "Strimzi, CertSecretSource.java",
			Check:   faultRule(ruleClientTLS),
		},
		{
			ID: ruleClientAuth, Severity: millrace.Error,
			Summary: "A client's authentication is complete, and nothing in it is of another type.",
			Reason:  "The operator refuses a login without its secret, and leaves unread what belongs to another type.",
			Fix:     "set what the type needs, and nothing else",
			Source:  "Strimzi, AuthenticationUtils.java, KafkaClientAuthenticationCustom.java",
			Check:   faultRule(ruleClientAuth),
		},
		{
			ID: "kafka/plaintext-client", Severity: millrace.Warning,
			Summary: "Clients speak TLS to the brokers.",
			Reason:  "Whoever is on the network reads and changes what passes.",
			Fix:     "use a listener with TLS, and set tls.trustedCertificates",
			Source:  "Strimzi, con-config-kafka-connect-securing-connections",
			Check:   checkPlaintextClient,
		},
		{
			ID: "kafka/client-listener", Severity: millrace.Error,
			Summary: "A client speaks what the listener of its port speaks.",
			Reason:  "With TLS on one side alone, or another way to log in, no connection comes about, and the pods wait for brokers for ever.",
			Fix:     "use the port, TLS and authentication of one listener of the cluster",
			Source:  "Strimzi, con-config-kafka-connect-securing-connections; strimzi-kafka-operator#2832, #3778",
			Check:   checkClientListener,
		},
		{
			ID: "kafka/client-user", Severity: millrace.Error,
			Summary: "A client logs in as its KafkaUser does.",
			Reason:  "The secret of a user holds what its type of authentication needs, and only the brokers of its own cluster know it.",
			Fix:     "use the same type on both sides, and a user of the same cluster",
			Source:  "Strimzi, KafkaUserModel.java",
			Check:   checkClientUser,
		},
	}
}

func connectRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: ruleStorage, Severity: millrace.Error,
			Summary: "Workers have a group, and three topics for their state.",
			Reason:  "v1 has no defaults for them, and workers that keep two kinds of state in one topic don't start.",
			Fix:     "set groupId, configStorageTopic, offsetStorageTopic and statusStorageTopic",
			Source:  "Strimzi, KafkaConnectSpec.java; CHANGELOG 0.49.0",
			Check:   faultRule(ruleStorage),
		},
		{
			ID: "kafka/connect-group", Severity: millrace.Error,
			Summary: "No two Connects or MirrorMakers of one Kafka share a group, or a topic for their state.",
			Reason:  "Their workers take each other for their own: connectors of one run in the other, without its plugins, or overwrite its state.",
			Fix:     "give each its own groupId and topics",
			Source:  "Strimzi, con-config-kafka-connect-multiple-instances",
			Check:   checkConnectGroup,
		},
		{
			ID: "kafka/connect-replication", Severity: millrace.Error,
			Summary: "Topics of Connect and MirrorMaker have three replicas, not more than there are brokers.",
			Reason:  "With fewer, connectors and offsets are lost with a broker; with more than there are brokers, the topics are not made and the workers don't start.",
			Fix:     "use -1, which leaves it to the brokers' default.replication.factor, or 3",
			Source:  "Strimzi's examples; strimzi-kafka-operator#2346, #3780",
			Check:   checkConnectReplication,
		},
		{
			ID: ruleWorkerConfig, Severity: millrace.Error,
			Summary: "The settings of workers are ones that arrive, and that Kafka takes.",
			Reason:  "Settings that the operator manages are dropped without a word; with a wrong value the workers don't start.",
			Fix:     "remove the setting, or use the field that is for it",
			Source:  "Strimzi, KafkaConnectSpec.java, KafkaMirrorMaker2ClusterSpec.java; Apache Kafka 4.3, DistributedConfig",
			Check:   faultRule(ruleWorkerConfig),
		},
		{
			ID: "kafka/connect-workers", Severity: millrace.Warning,
			Summary: "There are two workers or more.",
			Reason:  "While the only one is moved, no connector runs, and a task that takes its memory takes all others with it.",
			Fix:     "set replicas to 2 or more",
			Source:  "Apache Kafka, Kafka Connect, distributed mode",
			Check:   checkConnectWorkers,
		},
		{
			ID: ruleImage, Severity: millrace.Error,
			Summary: "An image of Connect can be built: plugins have names and artifacts, and options are ones that Strimzi hands on.",
			Reason:  "The operator refuses the build, or it fails, and the workers stay as they are.",
			Fix:     "correct what the finding names",
			Source:  "Strimzi, KafkaConnectBuild.java, DockerOutput.java",
			Check:   faultRule(ruleImage),
		},
		{
			ID: "kafka/artifact-checksum", Severity: millrace.Warning,
			Summary: "Plugins that are downloaded have a checksum.",
			Reason:  "Whoever controls the server, or the way to it, runs code where all passwords of the connectors are.",
			Fix:     "set sha512sum, and leave insecure out",
			Source:  "Strimzi, con-config-kafka-connect-build",
			Check:   on(checkArtifactChecksum),
		},
		{
			ID: "kafka/plugin-version", Severity: millrace.Warning,
			Summary: "Plugins are of a version that doesn't move.",
			Reason:  "The next build, or the next pod, runs other code than the one before, without a change of the manifest.",
			Fix:     "name a version, or a digest",
			Source:  "Kubernetes, images; Apache Maven, version ranges",
			Check:   on(checkPluginVersion),
		},
	}
}

func connectorRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/connector-cluster-label", Severity: millrace.Error,
			Summary: "Every connector names its Connect.",
			Reason:  "Without the label strimzi.io/cluster the connector is not made.",
			Fix:     "add the label strimzi.io/cluster with the name of the KafkaConnect",
			Source:  "Strimzi, KafkaConnectAssemblyOperator.java",
			Check:   on(checkConnectorLabel),
		},
		{
			ID: "kafka/use-connector-resources", Severity: millrace.Error,
			Summary: "A Connect with KafkaConnectors is told to look at them.",
			Reason:  "Without the annotation strimzi.io/use-connector-resources the operator leaves connectors to Connect's API, and the objects do nothing.",
			Fix:     `annotate the KafkaConnect with strimzi.io/use-connector-resources: "true"`,
			Source:  "Strimzi, KafkaConnectAssemblyOperator.java; strimzi-kafka-operator#3006",
			Check:   on(checkUseConnectors),
		},
		{
			ID: ruleConnector, Severity: millrace.Error,
			Summary: "Every connector has a class.",
			Reason:  "Connect refuses it.",
			Fix:     "set spec.class",
			Source:  "Strimzi, KafkaConnectorSpec.java; Apache Kafka, ConnectorConfig",
			Check:   faultRule(ruleConnector),
		},
		{
			ID: ruleConnectorConfig, Severity: millrace.Error,
			Summary: "The settings of connectors are ones that arrive, and that Kafka takes.",
			Reason:  "name, connector.class, tasks.max and connector.plugin.version are dropped without a word; with a wrong value Connect refuses the connector.",
			Fix:     "use the field that is for it, or correct the value",
			Source:  "Strimzi, AbstractConnectorSpec.java; Apache Kafka 4.3, ConnectorConfig, MirrorConnectorConfig",
			Check:   faultRule(ruleConnectorConfig),
		},
		{
			ID: "kafka/config-provider", Severity: millrace.Error,
			Summary: "References in a connector's settings are to providers that its Connect has.",
			Reason:  "Connect hands a reference on as it is: the password of the database is then \"${secrets:…}\".",
			Fix:     "set config.providers in the KafkaConnect, and the class of each",
			Source:  "Apache Kafka, KIP-297; Strimzi, Loading configuration values from external sources",
			Check:   on(checkConfigProvider),
		},
		{
			ID: "kafka/connector-restart", Severity: millrace.Warning,
			Summary: "Connectors that fail are started again.",
			Reason:  "Connect itself starts nothing again: a database that is away for a minute stops the connector until somebody looks.",
			Fix:     "set autoRestart.enabled to true",
			Source:  "Strimzi, API reference, AutoRestart",
			Check:   checkConnectorRestart,
		},
		{
			ID: "kafka/connector-tasks", Severity: millrace.Warning,
			Summary: "A sink connector has no more tasks than its topics have partitions.",
			Reason:  "A partition is read by one task: the others hold memory, and read nothing.",
			Fix:     "set tasksMax to the number of partitions, or give the topics more",
			Source:  "Apache Kafka, tasks.max; consumer groups",
			Check:   on(checkConnectorTasks),
		},
		{
			ID: ruleOffsets, Severity: millrace.Error,
			Summary: "Annotations about offsets say what can be done.",
			Reason:  "The operator refuses them, and nothing is listed or changed.",
			Fix:     "use list, alter or reset, with the config map that it needs, on a connector that is stopped",
			Source:  "Strimzi, AbstractConnectOperator.java, KafkaMirrorMaker2AssemblyOperator.java",
			Check:   faultRule(ruleOffsets),
		},
		{
			ID: ruleMirror, Severity: millrace.Error,
			Summary: "Mirrors copy something, between clusters of different aliases, and both connectors agree.",
			Reason:  "Without the source connector nothing is copied; with different policies, offsets are written for topics that don't exist.",
			Fix:     "correct what the finding names",
			Source:  "Strimzi, KafkaMirrorMaker2Connectors.java; Apache Kafka, MirrorConnectorConfig, DefaultReplicationPolicy",
			Check:   faultRule(ruleMirror),
		},
		{
			ID: "kafka/mirror-cycle", Severity: millrace.Error,
			Summary: "No records go around between clusters.",
			Reason:  "Where topics keep their names MirrorMaker can't tell copies from originals, and copies them back, for ever.",
			Fix:     "leave IdentityReplicationPolicy out in one direction, or mirror different topics",
			Source:  "Apache Kafka, IdentityReplicationPolicy",
			Check:   on(checkMirrorCycle),
		},
	}
}
