package crdgen

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
)

// Strimzi returns how package kafka/strimziv1 is made of the CRDs of Strimzi
// 1.2.0: the files of install/cluster-operator that declare kinds.
//
// Type names are those of Strimzi's API reference, without the prefixes that
// tell the members of a union apart there: a union is one struct here.
func Strimzi() Config {
	names := map[string]string{}
	maps.Copy(names, strimziKafka)
	maps.Copy(names, strimziConnect)
	maps.Copy(names, strimziShared)
	maps.Copy(names, strimziOthers)
	return Config{
		Package: "strimziv1",
		Group:   "kafka.strimzi.io",
		Source:  "Strimzi 1.2.0",
		Files: []string{
			"040-Crd-kafka.yaml",
			"045-Crd-kafkanodepool.yaml",
			"043-Crd-kafkatopic.yaml",
			"044-Crd-kafkauser.yaml",
			"041-Crd-kafkaconnect.yaml",
			"047-Crd-kafkaconnector.yaml",
			"048-Crd-kafkamirrormaker2.yaml",
			"046-Crd-kafkabridge.yaml",
			"049-Crd-kafkarebalance.yaml",
			"042-Crd-strimzipodset.yaml",
		},
		Names: names,
		Mappings: append(Kubernetes(),
			// References to the KafkaRebalance that serves as template, and to
			// the ConfigMaps that offsets are written to and read from.
			of[corev1.LocalObjectReference]("Kafka.spec.cruiseControl.autoRebalance[].template"),
			of[corev1.LocalObjectReference]("*.listOffsets.toConfigMap"),
			of[corev1.LocalObjectReference]("*.alterOffsets.fromConfigMap"),
		),
	}
}

// strimziKafka names the types of kind Kafka.
var strimziKafka = map[string]string{
	"Kafka.spec":                                              "KafkaSpec",
	"Kafka.spec.kafka":                                        "KafkaClusterSpec",
	"Kafka.spec.kafka.authorization":                          "KafkaAuthorization",
	"Kafka.spec.kafka.authorization.type":                     "KafkaAuthorizationType",
	"Kafka.spec.kafka.listeners[]":                            "Listener",
	"Kafka.spec.kafka.listeners[].type":                       "ListenerType",
	"Kafka.spec.kafka.listeners[].authentication":             "ListenerAuthentication",
	"Kafka.spec.kafka.listeners[].authentication.type":        "ListenerAuthenticationType",
	"Kafka.spec.kafka.listeners[].configuration":              "ListenerConfiguration",
	"Kafka.spec.kafka.listeners[].configuration.bootstrap":    "ListenerBootstrap",
	"Kafka.spec.kafka.listeners[].configuration.brokers[]":    "ListenerBroker",
	"Kafka.spec.kafka.listeners[].configuration.parentRefs[]": "ParentReference",
	"Kafka.spec.kafka.quotas":                                 "QuotasPlugin",
	"Kafka.spec.kafka.quotas.type":                            "QuotasPluginType",
	"Kafka.spec.kafka.template":                               "KafkaClusterTemplate",
	"Kafka.spec.kafka.tieredStorage":                          "TieredStorage",
	"Kafka.spec.kafka.tieredStorage.type":                     "TieredStorageType",
	"Kafka.spec.kafka.tieredStorage.remoteStorageManager":     "RemoteStorageManager",
	"Kafka.spec.entityOperator":                               "EntityOperatorSpec",
	"Kafka.spec.entityOperator.template":                      "EntityOperatorTemplate",
	"Kafka.spec.entityOperator.topicOperator":                 "EntityTopicOperatorSpec",
	"Kafka.spec.entityOperator.userOperator":                  "EntityUserOperatorSpec",
	"Kafka.spec.clusterCa":                                    "CertificateAuthority",
	"Kafka.spec.clientsCa":                                    "CertificateAuthority",
	"*.certificateExpirationPolicy":                           "CertificateExpirationPolicy",
	"Kafka.spec.cruiseControl":                                "CruiseControlSpec",
	"Kafka.spec.cruiseControl.apiUsers":                       "APIUsers",
	"Kafka.spec.cruiseControl.apiUsers.type":                  "APIUsersType",
	"Kafka.spec.cruiseControl.autoRebalance[]":                "AutoRebalance",
	"Kafka.spec.cruiseControl.brokerCapacity":                 "BrokerCapacity",
	"Kafka.spec.cruiseControl.brokerCapacity.overrides[]":     "BrokerCapacityOverride",
	"Kafka.spec.cruiseControl.template":                       "CruiseControlTemplate",
	"Kafka.spec.kafkaExporter":                                "KafkaExporterSpec",
	"Kafka.spec.kafkaExporter.template":                       "KafkaExporterTemplate",
	"Kafka.status":                                            "KafkaStatus",
	"Kafka.status.autoRebalance":                              "AutoRebalanceStatus",
	"Kafka.status.autoRebalance.state":                        "AutoRebalanceState",
	"Kafka.status.autoRebalance.modes[]":                      "AutoRebalanceStatusBrokers",
	"Kafka.spec.cruiseControl.autoRebalance[].mode":           "AutoRebalanceMode",
	"Kafka.status.kafkaNodePools[]":                           "UsedNodePool",
	"Kafka.status.listeners[]":                                "ListenerStatus",
	"Kafka.status.listeners[].addresses[]":                    "ListenerAddress",
}

// strimziConnect names the types of kinds KafkaConnect, KafkaConnector and
// KafkaMirrorMaker2.
var strimziConnect = map[string]string{
	"KafkaConnect.spec.build":                                    "Build",
	"KafkaConnect.spec.build.output":                             "BuildOutput",
	"KafkaConnect.spec.build.output.type":                        "BuildOutputType",
	"KafkaConnect.spec.build.plugins[]":                          "Plugin",
	"KafkaConnect.spec.build.plugins[].artifacts[]":              "Artifact",
	"KafkaConnect.spec.build.plugins[].artifacts[].type":         "ArtifactType",
	"KafkaConnect.spec.build.plugins[].artifacts[].includeScope": "ArtifactScope",
	"KafkaConnect.spec.build.plugins[].artifacts[].mirrors[]":    "ArtifactMirror",
	"KafkaConnect.spec.plugins[]":                                "MountedPlugin",
	"KafkaConnect.spec.plugins[].artifacts[]":                    "MountedArtifact",
	"KafkaConnect.spec.plugins[].artifacts[].type":               "MountedArtifactType",
	"KafkaConnect.spec.template":                                 "KafkaConnectTemplate",
	"*.template.buildConfig":                                     "BuildConfigTemplate",
	"*.status.connectorPlugins[]":                                "ConnectorPlugin",
	"*.alterOffsets":                                             "AlterOffsets",
	"*.listOffsets":                                              "ListOffsets",
	"*.autoRestart":                                              "AutoRestart",
	"KafkaConnector.status.autoRestart":                          "AutoRestartStatus",
	"KafkaConnector.spec.state":                                  "ConnectorState",
	"KafkaMirrorMaker2.spec.target":                              "KafkaMirrorMaker2TargetClusterSpec",
	"KafkaMirrorMaker2.spec.mirrors[]":                           "KafkaMirrorMaker2MirrorSpec",
	"KafkaMirrorMaker2.spec.mirrors[].source":                    "KafkaMirrorMaker2ClusterSpec",
	"KafkaMirrorMaker2.spec.mirrors[].sourceConnector":           "KafkaMirrorMaker2ConnectorSpec",
}

// strimziShared names the types that several kinds have.
var strimziShared = map[string]string{
	"*.spec.authentication":                    "ClientAuthentication",
	"*.target.authentication":                  "ClientAuthentication",
	"*.source.authentication":                  "ClientAuthentication",
	"*.spec.authentication.type":               "ClientAuthenticationType",
	"*.authentication.passwordSecret":          "PasswordSecretSource",
	"*.certificateAndKey":                      "CertAndKeySecretSource",
	"*.configuration.brokerCertChainAndKey":    "CertAndKeySecretSource",
	"*.spec.tls":                               "ClientTLS",
	"*.tls.trustedCertificates[]":              "CertSecretSource",
	"*.jvmOptions":                             "JVMOptions",
	"*.jvmOptions.javaSystemProperties[]":      "SystemProperty",
	"*.jmxOptions":                             "JMXOptions",
	"*.jmxOptions.authentication":              "JMXAuthentication",
	"*.jmxOptions.authentication.type":         "JMXAuthenticationType",
	"*.livenessProbe":                          "Probe",
	"*.logging":                                "Logging",
	"*.logging.type":                           "LoggingType",
	"*.logging.valueFrom":                      "ExternalConfigurationReference",
	"*.metricsConfig":                          "MetricsConfig",
	"*.metricsConfig.type":                     "MetricsConfigType",
	"*.metricsConfig.valueFrom":                "ExternalConfigurationReference",
	"*.metricsConfig.values":                   "StrimziMetricsReporterValues",
	"*.rack":                                   "Rack",
	"*.rack.type":                              "RackType",
	"*.tracing":                                "Tracing",
	"*.tracing.type":                           "TracingType",
	"*.status.conditions[]":                    "Condition",
	"*.apiUsers.valueFrom":                     "PasswordSource",
	"*.password.valueFrom":                     "PasswordSource",
	"*.template.serviceAccount":                "ResourceTemplate",
	"*.template.podDisruptionBudget":           "PodDisruptionBudgetTemplate",
	"*.template.bootstrapService":              "InternalServiceTemplate",
	"*.template.externalBootstrapService":      "ResourceTemplate",
	"*.template.apiService":                    "InternalServiceTemplate",
	"*.template.deployment":                    "DeploymentTemplate",
	"*.template.deployment.deploymentStrategy": "DeploymentStrategy",
	"*.template.initContainer":                 "ContainerTemplate",
	"Kafka.spec.kafka.template.kafkaContainer": "ContainerTemplate",
	"*.env[]":                                  "ContainerEnvVar",
	"*.env[].valueFrom":                        "ContainerEnvVarSource",
	"*.metadata":                               "MetadataTemplate",
	"Kafka.spec.kafka.template.pod":            "StatefulPodTemplate",
	"Kafka.spec.entityOperator.template.pod":   "PodTemplate",
	"*.pod.volumes[]":                          "AdditionalVolume",
	"*.pod.templatedVolumes[]":                 "AdditionalTemplatedVolume",
}

// strimziOthers names the types of the other kinds.
var strimziOthers = map[string]string{
	"KafkaNodePool.spec.roles[]":                               "ProcessRole",
	"KafkaNodePool.spec.storage":                               "Storage",
	"KafkaNodePool.spec.storage.type":                          "StorageType",
	"KafkaNodePool.spec.storage.volumes[]":                     "StorageVolume",
	"KafkaNodePool.spec.storage.volumes[].type":                "StorageVolumeType",
	"*.kraftMetadata":                                          "KRaftMetadata",
	"KafkaNodePool.spec.template":                              "KafkaNodePoolTemplate",
	"KafkaTopic.status.replicasChange":                         "ReplicasChangeStatus",
	"KafkaTopic.status.replicasChange.state":                   "ReplicasChangeState",
	"KafkaUser.spec.authentication":                            "KafkaUserAuthentication",
	"KafkaUser.spec.authentication.type":                       "KafkaUserAuthenticationType",
	"KafkaUser.spec.authentication.password":                   "Password",
	"KafkaUser.spec.authorization":                             "KafkaUserAuthorization",
	"KafkaUser.spec.authorization.type":                        "KafkaUserAuthorizationType",
	"KafkaUser.spec.authorization.acls[]":                      "ACLRule",
	"KafkaUser.spec.authorization.acls[].type":                 "ACLRuleType",
	"KafkaUser.spec.authorization.acls[].operations[]":         "ACLOperation",
	"KafkaUser.spec.authorization.acls[].resource":             "ACLRuleResource",
	"KafkaUser.spec.authorization.acls[].resource.type":        "ACLResourceType",
	"KafkaUser.spec.authorization.acls[].resource.patternType": "ACLPatternType",
	"KafkaUser.spec.quotas":                                    "KafkaUserQuotas",
	"KafkaUser.spec.template":                                  "KafkaUserTemplate",
	"KafkaBridge.spec.http":                                    "KafkaBridgeHTTPConfig",
	"KafkaBridge.spec.http.cors":                               "KafkaBridgeHTTPCORS",
	"KafkaBridge.spec.http.tls":                                "KafkaBridgeHTTPTLS",
	"KafkaBridge.spec.adminClient":                             "KafkaBridgeAdminClientSpec",
	"KafkaBridge.spec.consumer":                                "KafkaBridgeConsumerSpec",
	"KafkaBridge.spec.producer":                                "KafkaBridgeProducerSpec",
	"KafkaBridge.spec.template":                                "KafkaBridgeTemplate",
	"KafkaRebalance.spec.mode":                                 "RebalanceMode",
	"KafkaRebalance.spec.moveReplicasOffVolumes[]":             "BrokerAndVolumeIDs",
	"KafkaRebalance.status.progress":                           "KafkaRebalanceProgress",
}
