package kafka_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// A Connect names its cluster, its user, and the plugins of its image. What
// connectors may read is named one by one.
func ExampleConnect() {
	connect := &kafka.Connect{
		Name: "etl", Namespace: "kafka",
		Kafka:   kafka.Connection{Cluster: "events", User: "connect"},
		Secrets: []string{"orders-database"},
		Image: kafka.ConnectImage{
			Name: "registry.company.com/connect:7", PushSecret: "registry",
			Plugins: []kafka.ConnectPlugin{{Name: "debezium-postgres", Artifacts: []kafka.Artifact{
				kafka.Maven{Group: "io.debezium", Artifact: "debezium-connector-postgres", Version: "3.2.0.Final"},
			}}},
		},
	}
	bundle, err := millrace.Build(connect)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaConnect
	// metadata:
	//   name: etl
	//   namespace: kafka
	//   annotations:
	//     strimzi.io/use-connector-resources: "true"
	// spec:
	//   replicas: 3
	//   bootstrapServers: events-kafka-bootstrap.kafka.svc:9093
	//   groupId: etl
	//   configStorageTopic: etl-configs
	//   statusStorageTopic: etl-status
	//   offsetStorageTopic: etl-offsets
	//   tls:
	//     trustedCertificates:
	//     - secretName: events-cluster-ca-cert
	//       pattern: "*.crt"
	//   authentication:
	//     type: tls
	//     certificateAndKey:
	//       secretName: connect
	//       certificate: user.crt
	//       key: user.key
	//   config:
	//     config.providers: secrets
	//     config.providers.secrets.class: io.strimzi.kafka.KubernetesSecretConfigProvider
	//     config.storage.replication.factor: -1
	//     offset.storage.replication.factor: -1
	//     status.storage.replication.factor: -1
	//   resources:
	//     limits:
	//       memory: 3Gi
	//     requests:
	//       cpu: "1"
	//       memory: 3Gi
	//   metricsConfig:
	//     type: strimziMetricsReporter
	//   template:
	//     pod:
	//       topologySpreadConstraints:
	//       - maxSkew: 1
	//         topologyKey: topology.kubernetes.io/zone
	//         whenUnsatisfiable: ScheduleAnyway
	//         labelSelector:
	//           matchLabels:
	//             strimzi.io/cluster: etl
	//             strimzi.io/name: etl-connect
	//       - maxSkew: 1
	//         topologyKey: kubernetes.io/hostname
	//         whenUnsatisfiable: ScheduleAnyway
	//         labelSelector:
	//           matchLabels:
	//             strimzi.io/cluster: etl
	//             strimzi.io/name: etl-connect
	//   build:
	//     output:
	//       type: docker
	//       image: registry.company.com/connect:7
	//       pushSecret: registry
	//     plugins:
	//     - name: debezium-postgres
	//       artifacts:
	//       - type: maven
	//         artifact: debezium-connector-postgres
	//         group: io.debezium
	//         version: 3.2.0.Final
	// ---
	// apiVersion: rbac.authorization.k8s.io/v1
	// kind: Role
	// metadata:
	//   name: etl-connect-secrets
	//   namespace: kafka
	// rules:
	// - verbs:
	//   - get
	//   apiGroups:
	//   - ""
	//   resources:
	//   - secrets
	//   resourceNames:
	//   - orders-database
	// ---
	// apiVersion: rbac.authorization.k8s.io/v1
	// kind: RoleBinding
	// metadata:
	//   name: etl-connect-secrets
	//   namespace: kafka
	// subjects:
	// - kind: ServiceAccount
	//   name: etl-connect
	//   namespace: kafka
	// roleRef:
	//   apiGroup: rbac.authorization.k8s.io
	//   kind: Role
	//   name: etl-connect-secrets
}

// A connector points at its Connect. Passwords come from secrets, when the
// connector starts.
func ExampleConnector() {
	connect := &kafka.Connect{Name: "etl", Namespace: "kafka", Kafka: kafka.Connection{Cluster: "events"}, Secrets: []string{"orders-database"}}
	connector := &kafka.Connector{
		Name: "orders", Connect: connect,
		Class:   "io.debezium.connector.postgresql.PostgresConnector",
		Config:  map[string]string{"database.hostname": "orders-db", "database.dbname": "orders", "topic.prefix": "orders"},
		Secrets: map[string]kafka.SecretValue{"database.password": {Secret: "orders-database", Key: "password"}},
	}
	bundle, err := millrace.Build(connector)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaConnector
	// metadata:
	//   name: orders
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: etl
	// spec:
	//   class: io.debezium.connector.postgresql.PostgresConnector
	//   autoRestart:
	//     enabled: true
	//   config:
	//     database.dbname: orders
	//     database.hostname: orders-db
	//     database.password: ${secrets:kafka/orders-database:password}
	//     topic.prefix: orders
}

// Build reports what the operator would drop, refuse or never look at.
func ExampleConnector_mistakes() {
	connect := &kafka.Connect{Name: "etl", NoConnectors: true}
	connector := &kafka.Connector{
		Name: "orders", Connect: connect,
		Config:  map[string]string{"tasks.max": "8", "errors.tolerance": "most"},
		Secrets: map[string]kafka.SecretValue{"database.password": {Secret: "orders-database", Key: "password"}},
	}
	_, err := millrace.Build(connector)
	fmt.Println(err)
	// Output:
	// build: 5 mistakes:
	//   kafka.Connector orders: Connect: its NoConnectors is set, and nobody looks at KafkaConnectors; turn it off, or use Connect's API [build/conflict]
	//   kafka.Connector orders: Secrets[database.password]: the Connect may not read the secret orders-database; add it to the field Secrets of the Connect [build/unknown]
	//   kafka.Connector orders: Class: is required; name the class of the connector [build/required]
	//   kafka.Connector orders: Config[errors.tolerance]: "most": Kafka doesn't know it; use none, all [build/invalid]
	//   kafka.Connector orders: Config[tasks.max]: Strimzi sets it itself, and drops this one without a word; use the field that is for it, or leave it out [build/unsupported]
}

// SecretValue can also be a part of a setting.
func ExampleSecretValue() {
	password := kafka.SecretValue{Namespace: "kafka", Secret: "orders-database", Key: "password"}
	fmt.Println("jdbc:postgresql://orders-db/orders?user=etl&password=" + password.String())
	// Output:
	// jdbc:postgresql://orders-db/orders?user=etl&password=${secrets:kafka/orders-database:password}
}

// A MirrorMaker copies what one cluster has into another one. For a cluster
// that takes the place of another, topics keep their names and consumers go on
// where they were.
func ExampleMirrorMaker() {
	mirror := &kafka.MirrorMaker{
		Name: "from-west", Namespace: "kafka",
		Target: kafka.MirrorTarget{Alias: "east", Kafka: kafka.Connection{Cluster: "events", User: "mirror"}},
		Mirrors: []kafka.Mirror{{
			Source: kafka.MirrorSource{Alias: "west", Kafka: kafka.Connection{
				Servers: []string{"kafka.west.company.com:9094"},
				Trusted: []kafka.Trusted{{Secret: "west-ca"}},
				Login:   kafka.ClientPassword{Username: "mirror", Secret: "west-mirror"},
			}},
			Topics: []string{"orders.*"}, KeepNames: true,
			Records: kafka.MirrorRecords{TasksMax: 8},
			Offsets: kafka.MirrorOffsets{Sync: true},
		}},
	}
	bundle, err := millrace.Build(mirror)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaMirrorMaker2
	// metadata:
	//   name: from-west
	//   namespace: kafka
	// spec:
	//   replicas: 3
	//   target:
	//     alias: east
	//     bootstrapServers: events-kafka-bootstrap.kafka.svc:9093
	//     groupId: from-west
	//     configStorageTopic: from-west-configs
	//     statusStorageTopic: from-west-status
	//     offsetStorageTopic: from-west-offsets
	//     tls:
	//       trustedCertificates:
	//       - secretName: events-cluster-ca-cert
	//         pattern: "*.crt"
	//     authentication:
	//       type: tls
	//       certificateAndKey:
	//         secretName: mirror
	//         certificate: user.crt
	//         key: user.key
	//     config:
	//       config.storage.replication.factor: -1
	//       offset.storage.replication.factor: -1
	//       status.storage.replication.factor: -1
	//   mirrors:
	//   - source:
	//       alias: west
	//       bootstrapServers: kafka.west.company.com:9094
	//       tls:
	//         trustedCertificates:
	//         - secretName: west-ca
	//           pattern: "*.crt"
	//       authentication:
	//         type: scram-sha-512
	//         passwordSecret:
	//           secretName: west-mirror
	//           password: password
	//         username: mirror
	//     sourceConnector:
	//       tasksMax: 8
	//       config:
	//         offset-syncs.topic.replication.factor: -1
	//         replication.factor: -1
	//         replication.policy.class: org.apache.kafka.connect.mirror.IdentityReplicationPolicy
	//         sync.topic.acls.enabled: false
	//       autoRestart:
	//         enabled: true
	//     checkpointConnector:
	//       config:
	//         checkpoints.topic.replication.factor: -1
	//         replication.policy.class: org.apache.kafka.connect.mirror.IdentityReplicationPolicy
	//         sync.group.offsets.enabled: true
	//       autoRestart:
	//         enabled: true
	//     topicsPattern: orders.*
	//   resources:
	//     limits:
	//       memory: 3Gi
	//     requests:
	//       cpu: "1"
	//       memory: 3Gi
	//   metricsConfig:
	//     type: strimziMetricsReporter
	//   template:
	//     pod:
	//       topologySpreadConstraints:
	//       - maxSkew: 1
	//         topologyKey: topology.kubernetes.io/zone
	//         whenUnsatisfiable: ScheduleAnyway
	//         labelSelector:
	//           matchLabels:
	//             strimzi.io/cluster: from-west
	//             strimzi.io/name: from-west-mirrormaker2
	//       - maxSkew: 1
	//         topologyKey: kubernetes.io/hostname
	//         whenUnsatisfiable: ScheduleAnyway
	//         labelSelector:
	//           matchLabels:
	//             strimzi.io/cluster: from-west
	//             strimzi.io/name: from-west-mirrormaker2
}
