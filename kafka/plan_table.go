package kafka

import (
	"slices"
	"strings"
)

// planJudge says what becomes of changes below a path.
type planJudge struct {
	path        string // [*] stands for any item
	effect      Effect
	detail, fix string
	judge       func(*planned, difference) // in the place of the above
}

// matches reports whether a path is the judge's or below it, and how long that
// is in steps.
func (j planJudge) matches(path string) (steps int, ok bool) {
	want, have := pathSteps(j.path), pathSteps(path)
	if len(want) > len(have) {
		return 0, false
	}
	for i, step := range want {
		if step != have[i] && (step != "[*]" || !strings.HasPrefix(have[i], "[")) {
			return 0, false
		}
	}
	return len(want), true
}

const (
	rollsBrokers = "brokers and controllers restart one by one"
	rollsPool    = "the nodes of the pool restart one by one"
	rollsWorkers = "the workers restart one by one"
	noRoll       = "no broker restarts"
)

// planTable has what the operators do with changes of each kind, by Strimzi
// 1.2.0's code: KafkaReconciler, KafkaCluster, KafkaPool, StorageDiff,
// BatchingTopicController, KafkaConnectAssemblyOperator and
// KafkaRebalanceAssemblyOperator.
var planTable = map[string][]planJudge{
	"Kafka": {
		{path: "spec", effect: Rolls, detail: rollsBrokers},
		{path: "spec.kafka.version", judge: judgeVersion},
		{path: "spec.kafka.metadataVersion", judge: judgeMetadata},
		{path: "spec.kafka.config", judge: judgeBrokerConfig},
		{path: "spec.kafka.listeners[*]", judge: judgeListener},
		{path: "spec.kafka.listeners[*].networkPolicyPeers", effect: Applied, detail: "the network policy changes; " + noRoll},
		{path: "spec.kafka.authorization", judge: judgeAuthorization},
		{path: "spec.kafka.logging.loggers", effect: Applied, detail: "levels of loggers change in the running brokers"},
		{path: "spec.kafka.metricsConfig.values.allowList", effect: Applied, detail: "the reporter takes it over while it runs"},
		{path: "spec.kafka.template.bootstrapService", effect: Applied, detail: noRoll},
		{path: "spec.kafka.template.brokersService", effect: Applied, detail: noRoll},
		{path: "spec.kafka.template.externalBootstrapService", effect: Applied, detail: noRoll},
		{path: "spec.kafka.template.perPodService", effect: Applied, detail: noRoll},
		{path: "spec.kafka.template.podDisruptionBudget", effect: Applied, detail: noRoll},
		{path: "spec.kafka.template.persistentVolumeClaim", effect: Applied, detail: noRoll},
		{path: "spec.kafka.template.serviceAccount", effect: Applied, detail: noRoll},
		{path: "spec.kafka.template.clusterRoleBinding", effect: Applied, detail: noRoll},
		{path: "spec.kafka.template.clusterCaCert", effect: Applied, detail: noRoll},
		{path: "spec.kafka.template.podSet", effect: Applied, detail: noRoll},
		{path: "spec.entityOperator", effect: Applied, detail: "the entity operator restarts; " + noRoll},
		{path: "spec.entityOperator.topicOperator", judge: judgeEntityOperator},
		{path: "spec.entityOperator.userOperator", judge: judgeEntityOperator},
		{path: "spec.kafkaExporter", effect: Applied, detail: "the exporter restarts; " + noRoll},
		{path: "spec.cruiseControl", judge: judgeCruiseControl},
		{path: "spec.maintenanceTimeWindows", effect: Applied, detail: noRoll},
		{path: "spec.clusterCa", judge: judgeAuthority},
		{path: "spec.clientsCa", judge: judgeAuthority},
	},
	"KafkaNodePool": {
		{path: "spec", effect: Rolls, detail: rollsPool},
		{path: "spec.replicas", judge: judgeNodes},
		{path: "spec.roles", judge: judgeRoles},
		{path: "spec.storage", judge: judgeStorage},
		{path: "spec.template.persistentVolumeClaim", effect: Applied, detail: noRoll},
		{path: "spec.template.perPodService", effect: Applied, detail: noRoll},
		{path: "spec.template.podSet", effect: Applied, detail: noRoll},
	},
	"KafkaTopic": {
		{path: "spec", effect: Applied, detail: noRoll},
		{path: "spec.partitions", judge: judgePartitions},
		{path: "spec.replicas", judge: judgeReplicas},
		{path: "spec.topicName", judge: judgeTopicName},
		{path: "spec.config", judge: judgeTopicConfig},
	},
	"KafkaUser": {
		{path: "spec", effect: Applied, detail: "the user operator takes it over; clients stay connected"},
		{path: "spec.authentication", effect: Applied, detail: "the user gets new credentials, and clients with the old ones are cut off when they connect again"},
		{path: "spec.authentication.validityDays", effect: Applied, detail: "it holds for the next certificate"},
		{path: "spec.authentication.renewalDays", effect: Applied, detail: "it holds for the next certificate"},
		{path: "spec.authorization", effect: Applied, detail: "the ACLs change at once for clients that are connected, too"},
	},
	"KafkaConnect": slices.Concat(workerJudges, []planJudge{
		{path: "spec.build", effect: Rolls, detail: "the image is built anew, and then the workers restart one by one"},
		{path: "spec.build.resources", effect: Applied, detail: "it holds for the next build"},
		{path: "spec.groupId", judge: judgeOffsets}, {path: "spec.offsetStorageTopic", judge: judgeOffsets},
		{path: "spec.configStorageTopic", judge: judgeOffsets}, {path: "spec.statusStorageTopic", judge: judgeOffsets},
	}),
	"KafkaMirrorMaker2": slices.Concat(workerJudges, []planJudge{
		{path: "spec.target.alias", judge: judgeAlias}, {path: "spec.target.groupId", judge: judgeOffsets},
		{path: "spec.target.offsetStorageTopic", judge: judgeOffsets}, {path: "spec.target.configStorageTopic", judge: judgeOffsets},
		{path: "spec.target.statusStorageTopic", judge: judgeOffsets},
		{path: "spec.mirrors[*]", judge: judgeMirror},
	}),
	"KafkaBridge": workerJudges,
	"KafkaConnector": {
		{path: "spec", effect: Applied, detail: "the connector takes it over; its tasks restart"},
		{path: "spec.state", effect: Applied, detail: "the connector is paused, stopped or resumed"},
		{path: "spec.listOffsets", effect: Applied, detail: "it holds for the next time that an annotation asks for it"},
		{path: "spec.alterOffsets", effect: Applied, detail: "it holds for the next time that an annotation asks for it"},
		{path: "spec.autoRestart", effect: Applied, detail: "it holds for the next failure"},
	},
	"KafkaRebalance": {
		{path: "spec", judge: judgeRebalance},
	},
}

// workerJudges are for Connect and what is like it.
var workerJudges = []planJudge{
	{path: "spec", effect: Rolls, detail: rollsWorkers},
	{path: "spec.replicas", effect: Applied, detail: "workers come or go; connectors are shared out anew"},
	{path: "spec.logging.loggers", effect: Applied, detail: "levels of loggers change in the running workers"},
	{path: "spec.metricsConfig.values.allowList", effect: Applied, detail: "the reporter takes it over while it runs"},
	{path: "spec.template.apiService", effect: Applied, detail: "no worker restarts"},
	{path: "spec.template.podDisruptionBudget", effect: Applied, detail: "no worker restarts"},
}
