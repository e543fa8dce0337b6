package kafka

import (
	"slices"

	"github.com/millrace/millrace"
)

// nodeRules are the rules on the nodes of a cluster, beside those of pools.
func nodeRules() []millrace.Rule {
	return slices.Concat(refusedRules(), versionRules(), capacityRules(), placeRules())
}

// refusedRules are on what the operator refuses or ignores.
func refusedRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/pool", Severity: millrace.Error,
			Summary: "Pools have roles that Kafka knows, and a cluster has a broker and a controller.",
			Reason:  "The operator refuses the whole cluster: it is neither made nor changed until the pools are right.",
			Fix:     "correct spec.roles and spec.replicas, and the label strimzi.io/cluster of the pools",
			Source:  "Strimzi, NodePoolUtils.java",
			Check:   assemblyRule(poolRule),
		},
		{
			ID: "kafka/replication-brokers", Severity: millrace.Error,
			Summary: "There are at least as many brokers as Kafka's own topics, and topics that say nothing, have replicas.",
			Reason:  "The operator refuses the cluster, or Kafka can't make the topic that it keeps its own state in.",
			Fix:     "add brokers, or lower the setting",
			Source:  "Strimzi, KafkaCluster.validateIntConfigProperty; Apache Kafka, share.coordinator and remote.log.metadata settings",
			Check:   assemblyRule(brokersRule),
		},
		{
			ID: "kafka/storage", Severity: millrace.Error,
			Summary: "The storage of a pool is one that the operator takes as it is.",
			Reason:  "Without a size or a number the cluster is refused; with two disks of one number, or two that hold the metadata, every change of the storage is ignored from then on, while the cluster says that it is ready.",
			Fix:     "give each disk a size and a number of its own, and the metadata to one of them",
			Source:  "Strimzi, StorageUtils.java, StorageDiff.java, NodePoolUtils.validateKRaftJbodStorage",
			Check:   assemblyRule(storageRule),
		},
		{
			ID: resourcesRule, Severity: millrace.Error,
			Summary: "Requests and limits are positive, and no request is above its limit.",
			Reason:  "The operator refuses the resource before it makes a pod of it.",
			Fix:     "correct the sizes",
			Source:  "Strimzi, ModelUtils.validateComputeResources",
			Check:   faultRule(resourcesRule),
		},
		{
			ID: heapRule, Severity: millrace.Error,
			Summary: "The heap of a JVM has a size that it takes, and is less than the memory of its container.",
			Reason:  "The JVM doesn't start, or the container is killed as soon as the heap is full.",
			Fix:     "use whole numbers with m or g, -Xms equal to -Xmx, and about half of the memory",
			Source:  "Strimzi, CRD jvmOptions and con-common-configuration-properties",
			Check:   faultRule(heapRule),
		},
		{
			ID: "kafka/jvm", Severity: millrace.Error,
			Summary: "Options and system properties of a JVM are such that its command line holds together.",
			Reason:  "Strimzi puts them on the command line as they are: after a space, the JVM reads another option, or the name of another program.",
			Fix:     "write bare names, and values without spaces",
			Source:  "Strimzi, JvmOptionUtils.java",
			Check:   faultRule("kafka/jvm"),
		},
		{
			ID: templateRule, Severity: millrace.Error,
			Summary: "Volumes, mounts and variables of a template are ones that Strimzi takes over.",
			Reason:  "It refuses mounts outside of /mnt and volumes with the name of one of its own, takes one of several sources and of several variables of one name, and the API server refuses pods with a mount of no volume.",
			Fix:     "mount below /mnt, and give each volume and variable a name of its own",
			Source:  "Strimzi, TemplateUtils.java, ContainerUtils.java",
			Check:   faultRule(templateRule),
		},
		{
			ID: "kafka/node-ids", Severity: millrace.Warning,
			Summary: "The numbers that nodes are to have are written as the operator reads them.",
			Reason:  "It ignores what it can't read, and says so in its own log only: the wrong node goes when there are to be fewer.",
			Fix:     `write numbers and ranges in brackets: "[0,1,10-15]"`,
			Source:  "Strimzi, NodeIdRange.java, NodeIdAssignor.java",
			Check:   faultRule("kafka/node-ids"),
		},
		{
			ID: "kafka/rack-variable", Severity: millrace.Error,
			Summary: "Where the zone of a broker is in an environment variable, every pool sets it.",
			Reason:  "A broker without it takes the reference to the variable as the name of its zone: all of them are in one zone, and replicas aren't kept apart.",
			Fix:     "set the variable in spec.template.kafkaContainer.env of the pool",
			Source:  "Strimzi, EnvironmentVariableRack.java",
			Check:   assemblyRule("kafka/rack-variable"),
		},
		{
			ID: tieredRule, Severity: millrace.Error,
			Summary: "Tiered storage has a class, and topics use it only where the cluster has it.",
			Reason:  "Brokers don't start with a class that is named null, and Kafka refuses a topic with remote.storage.enable in a cluster that has no tiered storage.",
			Fix:     "set spec.kafka.tieredStorage with className and classPath, or leave remote.storage.enable out",
			Source:  "Strimzi, KafkaBrokerConfigurationBuilder.withTieredStorage; Apache Kafka, LogConfig.validateRemoteStorageOnlyIfSystemEnabled",
			Check:   both(faultRule(tieredRule), on(checkTieredTopic)),
		},
	}
}

func versionRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/version-operators", Severity: millrace.Warning,
			Summary: "The version of Kafka is one that the newest operator runs.",
			Reason:  "An operator that is upgraded past the versions that it runs stops looking after the cluster, until that is upgraded too.",
			Fix:     "use a version of the newest Strimzi, or leave spec.kafka.version to the operator",
			Source:  "Strimzi, kafka-versions.yaml of 0.49 to 1.2",
			Check:   on(checkVersionOperators),
		},
		{
			ID: "kafka/image-version", Severity: millrace.Warning,
			Summary: "An image of one's own comes with the version of Kafka that is in it.",
			Reason:  "The operator takes its own newest version for that of the image: when it is upgraded, it configures the brokers, and raises their metadata, for a Kafka that isn't there.",
			Fix:     "set spec.kafka.version to the version in the image",
			Source:  "Strimzi, con-common-configuration-properties, image; KafkaVersion.java",
			Check:   on(checkImageVersion),
		},
		{
			ID: "kafka/metadata-version", Severity: millrace.Warning,
			Summary: "The version of the metadata is that of Kafka.",
			Reason:  "An upgrade was left before its last step: what is new in Kafka doesn't work.",
			Fix:     "once the new Kafka has proved itself, raise spec.kafka.metadataVersion or leave it out; there is no way back",
			Source:  "Strimzi, KafkaSpecChecker.checkKafkaMetadataVersion",
			Check:   on(checkMetadataVersion),
		},
	}
}

// capacityRules are on memory, CPU and disks.
func capacityRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/memory", Severity: millrace.Warning,
			Summary: "Nodes request the memory that they are limited to.",
			Reason:  "Without a request, brokers are the first to be evicted from a node that is short of memory; without a limit, or with one above the request, the heap and the page cache that were planned may not be there.",
			Fix:     "set spec.resources.requests.memory and limits.memory to the same size",
			Source:  "Strimzi, con-common-configuration-properties",
			Check:   on(checkMemory),
		},
		{
			ID: "kafka/page-cache", Severity: millrace.Warning,
			Summary: "The heap is fixed, and leaves a broker half of its memory as page cache.",
			Reason:  "Reads that the page cache can't serve go to the disk; a heap that grows asks for memory when there is the least of it.",
			Fix:     "leave -Xms and -Xmx out, or set both to at most half of the memory (three quarters for controllers)",
			Source:  "Strimzi, con-common-configuration-properties; KafkaCluster.java (half of the memory, at most 5 GiB)",
			Check:   on(checkPageCache),
		},
		{
			ID: "kafka/cpu-limit", Severity: millrace.Info,
			Summary: "Nodes have no CPU limit.",
			Reason:  "A broker that is throttled answers late, falls out of the in-sync replicas, and makes others lead its partitions; a controller loses its leadership.",
			Fix:     "leave spec.resources.limits.cpu out, and keep the request",
			Source:  "Kubernetes, resource management: CPU limits are enforced by throttling; Apache Kafka, replica.lag.time.max.ms",
			Check:   on(checkCPULimit),
		},
		{
			ID: "kafka/storage-jbod", Severity: millrace.Info,
			Summary: "The storage of a pool is of type jbod, also where it is one disk.",
			Reason:  "The type can't be changed: a pool of another one never gets a second disk.",
			Fix:     "make new pools with type jbod",
			Source:  "Strimzi, con-config-storage-kraft; StorageDiff.java",
			Check:   on(checkJBOD),
		},
		{
			ID: "kafka/storage-expansion", Severity: millrace.Warning,
			Summary: "Disks are of a class that lets them grow.",
			Reason:  "Data grows, and a disk that is full stops its broker. The operator can't enlarge one whose class doesn't allow it, and adds a warning to a cluster that says it is ready.",
			Fix:     "set allowVolumeExpansion: true in the storage class",
			Source:  "Strimzi, PvcReconciler.java (PvcResizingWarning); Kubernetes, storage classes",
			Check:   on(checkExpansion),
		},
		{
			ID: "kafka/file-storage", Severity: millrace.Error,
			Summary: "Disks are block storage, and no share of a file server.",
			Reason:  "NFS keeps the files of a deleted segment while one is open, under another name that Kafka trips over: brokers fail. A shared server is one failure for all of them, too.",
			Fix:     "use a storage class of block storage",
			Source:  "Strimzi, con-considerations-for-data-storage",
			Check:   on(checkFileStorage),
		},
	}
}

// placeRules are on what nodes do, and where.
func placeRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/separate-roles", Severity: millrace.Warning,
			Summary: "Brokers and controllers are nodes of their own.",
			Reason:  "A broker under load is a slow controller, and controllers can't be scaled with the brokers.",
			Fix:     "make a pool of brokers and one of three controllers",
			Source:  "Strimzi, con-kafka-concepts-node-pools; Apache Kafka, KRaft: combined mode is for development",
			Check:   on(checkSeparateRoles),
		},
		{
			ID: "kafka/zones", Severity: millrace.Warning,
			Summary: "Brokers can run in as many zones as topics have replicas.",
			Reason:  "With fewer, two replicas are in one zone: when that is down, too few are in sync for anyone to write.",
			Fix:     "add node pools in other zones, or let the brokers onto them",
			Source:  "Strimzi, proc-distributing-brokers-across-zones",
			Check:   on(checkZones),
		},
		{
			ID: "kafka/dedicated-nodes", Severity: millrace.Info,
			Summary: "Brokers and controllers don't share the node pools of the bundle with others.",
			Reason:  "A batch job on the same node takes CPU, page cache and network from a broker, which others then wait for.",
			Fix:     "keep a node pool for Kafka by a label and a taint, and give its placement to the pool",
			Source:  "Strimzi, proc-dedicated-nodes",
			Check:   on(checkDedicatedNodes),
		},
		{
			ID: "kafka/disruption-budget", Severity: millrace.Warning,
			Summary: "One node of a cluster may be evicted at a time, and no more than topics can miss.",
			Reason:  "With none, nodes of Kubernetes can't be drained; with more than there are replicas to spare, producers stop while they are.",
			Fix:     "leave podDisruptionBudget.maxUnavailable out; waive the rule for Strimzi's Drain Cleaner in legacy mode",
			Source:  "Strimzi, PodDisruptionBudgetUtils.java; proc-drain-cleaner-deploying",
			Check:   on(checkDisruptionBudget),
		},
	}
}
