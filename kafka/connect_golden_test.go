package kafka_test

import (
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// fullConnect sets most of what there is to set.
func fullConnect() *kafka.Connect {
	return &kafka.Connect{
		Name: "etl", Namespace: "streaming", Labels: map[string]string{"team": "data-platform"}, Annotations: map[string]string{"company.com/note": "x"},
		Kafka:   kafka.Connection{Cluster: "events", Port: 9094, User: "connect"},
		GroupID: "etl-workers", Topics: kafka.ConnectTopics{Configs: "etl-c", Offsets: "etl-o", Status: "etl-s", Replication: 3},
		KeyConverter:   kafka.Converter{Class: kafka.StringConverter},
		ValueConverter: kafka.Converter{Class: kafka.JSONConverter, Config: map[string]string{"schemas.enable": "false"}},
		Config:         map[string]string{"exactly.once.source.support": "enabled", "producer.compression.type": "zstd", "config.providers": "env", "config.providers.env.class": "org.apache.kafka.common.config.provider.EnvVarConfigProvider"},
		Secrets:        []string{"orders-database", "warehouse"},
		Workers: kafka.Workers{
			Replicas: new(5), Version: "4.3.1", Resources: kafka.Resources{Memory: 4 * millrace.GiB, CPU: 2, CPULimit: 4}, Heap: 3 * millrace.GiB,
			Rack: "topology.kubernetes.io/zone", Pod: kafka.PodTemplate{PriorityClass: "streaming", GracePeriod: new(time.Minute)},
			Placement: millrace.Placement{NodeSelector: map[string]string{"workload": "connect"}},
			Loggers:   map[string]string{"rootLogger.level": "INFO"}, Metrics: kafka.Reporter{}, Tracing: true,
		},
		Image: kafka.ConnectImage{
			Name: "registry.company.com/connect:7", PushSecret: "registry", Options: []string{"--retry=3"}, PushOptions: []string{"--quiet"},
			Resources: kafka.Resources{Memory: 2 * millrace.GiB, CPU: 1},
			Plugins: []kafka.ConnectPlugin{
				{Name: "debezium-postgres", Artifacts: []kafka.Artifact{
					kafka.Maven{Group: "io.debezium", Artifact: "debezium-connector-postgres", Version: "3.2.0.Final", Repository: "https://maven.company.com/public",
						Mirrors: []string{"https://mirror.company.com"}, Scope: "runtime"},
				}},
				{Name: "own_transforms", Artifacts: []kafka.Artifact{
					kafka.Download{URL: "https://company.com/transforms-1.2.tar.gz", SHA512: sum},
					kafka.Download{URL: "https://company.com/rules?version=3", FileName: "rules.csv", SHA512: sum, Insecure: true},
				}},
			},
		},
		Plugins: []kafka.MountedPlugin{{Name: "http-sink", Images: []string{"registry.company.com/http-sink:1.4"}, PullPolicy: "IfNotPresent"}},
		Base:    strimziv1.KafkaConnectSpec{ReadinessProbe: &strimziv1.Probe{InitialDelaySeconds: new(int64(0))}},
	}
}

// sum has the form of a SHA-512.
const sum = "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"

func fullConnector() *kafka.Connector {
	return &kafka.Connector{
		Name: "orders", Connect: fullConnect(), Labels: map[string]string{"team": "orders"}, Annotations: map[string]string{"strimzi.io/connector-offsets": "alter"},
		Class: "io.debezium.connector.postgresql.PostgresConnector", Version: "[3.2,4)", TasksMax: 2,
		Config:  map[string]string{"database.hostname": "orders-db", "topic.prefix": "orders", "errors.tolerance": "all"},
		Secrets: map[string]kafka.SecretValue{"database.password": {Secret: "orders-database", Key: "password"}, "database.user": {Namespace: "databases", Secret: "orders", Key: "user"}},
		State:   kafka.ConnectorStopped, Restart: kafka.Restart{Max: new(0)},
		ListOffsets: "orders-offsets", AlterOffsets: "orders-new-offsets",
		Base: strimziv1.KafkaConnectorSpec{Config: strimziv1.JSONMap{"max.batch.size": int64(4096)}},
	}
}

func fullMirror() *kafka.MirrorMaker {
	return &kafka.MirrorMaker{
		Name: "from-west", Namespace: "kafka", Labels: map[string]string{"team": "data-platform"},
		Target: kafka.MirrorTarget{Alias: "east", Kafka: kafka.Connection{Cluster: "events", User: "mirror"}, GroupID: "mirror-from-west",
			Topics: kafka.ConnectTopics{Configs: "__mirror-configs", Offsets: "__mirror-offsets", Status: "__mirror-status", Replication: 3},
			Config: map[string]string{"plugin.discovery": "service_load"}},
		Mirrors: []kafka.Mirror{
			{
				Source: kafka.MirrorSource{Alias: "west", Config: map[string]string{"client.id": "mirror"}, Kafka: kafka.Connection{
					Servers: []string{"a.west.company.com:9094", "b.west.company.com:9094"},
					Trusted: []kafka.Trusted{{Secret: "west-ca", Certificate: "ca.crt"}}, Login: kafka.ClientPassword{Username: "mirror", Secret: "west-mirror", Key: "pw"}}},
				Topics: []string{"orders.*", "payments"}, ExcludeTopics: []string{".*-internal"}, Groups: []string{"billing"}, ExcludeGroups: []string{"test-.*"},
				KeepNames: true, OffsetSyncsInTarget: true,
				Records: kafka.MirrorRecords{TasksMax: 8, Replication: 3, RefreshTopics: time.Minute, State: kafka.ConnectorRunning, Config: map[string]string{"offset.lag.max": "10"}},
				Offsets: kafka.MirrorOffsets{TasksMax: 2, Sync: true, SyncInterval: 30 * time.Second, Interval: 30 * time.Second, RefreshGroups: time.Minute},
				Restart: kafka.Restart{Max: new(10)},
			},
			{
				Source:    kafka.MirrorSource{Alias: "north.2", Kafka: kafka.Connection{Servers: []string{"north.cloud.example:9092"}, Login: kafka.CustomLogin{Config: map[string]string{"sasl.mechanism": "OAUTHBEARER"}}}},
				Separator: "_", Records: kafka.MirrorRecords{SyncACLs: true}, Offsets: kafka.MirrorOffsets{Off: true}, Restart: kafka.Restart{Off: true},
			},
		},
		Workers: kafka.Workers{Replicas: new(0), Pod: kafka.PodTemplate{Labels: map[string]string{"tier": "streaming"}}},
	}
}

// connectGoldens are the builders of Connect whose manifests are held to a
// file.
func connectGoldens() map[string]millrace.Builder {
	return map[string]millrace.Builder{
		"small-connect.yaml":   smallConnect(),
		"full-connect.yaml":    fullConnect(),
		"small-connector.yaml": &kafka.Connector{Name: "orders", Cluster: "etl", Class: "com.company.OrdersSource"},
		"full-connector.yaml":  fullConnector(),
		"small-mirror.yaml":    smallMirror(),
		"full-mirror.yaml":     fullMirror(),
	}
}
