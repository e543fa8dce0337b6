package kafka_test

import (
	"fmt"

	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// Workers with more memory than most, records as other systems' JSON, and a
// plugin each way: mounted as an image, and built in from a file whose
// checksum is known.
func ExampleWorkers() {
	connect, err := (&kafka.Connect{
		Name: "etl", Namespace: "kafka", Kafka: kafka.Connection{Cluster: "events", User: "etl"},
		Workers:        kafka.Workers{Replicas: new(5), Resources: kafka.Resources{Memory: 6 * millrace.GiB, CPU: 2}, Heap: 4 * millrace.GiB},
		ValueConverter: kafka.Converter{Class: kafka.JSONConverter, Config: map[string]string{"schemas.enable": "false"}},
		Topics:         kafka.ConnectTopics{Configs: "connect-etl-configs", Replication: 3},
		Plugins:        []kafka.MountedPlugin{{Name: "s3-sink", Images: []string{"registry.company.com/s3-sink:3.4.2"}}},
	}).KafkaConnect()
	if err != nil {
		fmt.Println(err)
		return
	}
	spec := connect.Spec
	text, err := yaml.Marshal(map[string]any{"replicas": spec.Replicas, "resources": spec.Resources, "jvmOptions": spec.JVMOptions,
		"configStorageTopic": spec.ConfigStorageTopic, "config": spec.Config, "plugins": spec.Plugins})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// config:
	//   config.storage.replication.factor: 3
	//   offset.storage.replication.factor: 3
	//   status.storage.replication.factor: 3
	//   value.converter: org.apache.kafka.connect.json.JsonConverter
	//   value.converter.schemas.enable: "false"
	// configStorageTopic: connect-etl-configs
	// jvmOptions:
	//   -Xms: 4g
	//   -Xmx: 4g
	// plugins:
	// - artifacts:
	//   - reference: registry.company.com/s3-sink:3.4.2
	//     type: image
	//   name: s3-sink
	// replicas: 5
	// resources:
	//   limits:
	//     memory: 6Gi
	//   requests:
	//     cpu: "2"
	//     memory: 6Gi
}

// A file of a plugin is known by its checksum: whoever controls the server
// can't change what the workers run.
func ExampleDownload() {
	connect, err := (&kafka.Connect{
		Name: "etl", Namespace: "kafka", Kafka: kafka.Connection{Cluster: "events", User: "etl"},
		Image: kafka.ConnectImage{Name: "registry.company.com/connect:8", PushSecret: "registry",
			Plugins: []kafka.ConnectPlugin{{Name: "http-sink", Artifacts: []kafka.Artifact{kafka.Download{
				URL: "https://downloads.company.com/http-sink-1.9.0.tar.gz",
				SHA512: "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce" +
					"47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
			}}}}},
	}).KafkaConnect()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, plugin := range connect.Spec.Build.Plugins {
		for _, a := range plugin.Artifacts {
			fmt.Println(plugin.Name, a.Type, (*a.SHA512Sum)[:8])
		}
	}
	// Output:
	// http-sink tgz cf83e135
}

// A connector that starts paused, and is started again three times when it
// fails.
func ExampleRestart() {
	connector, err := (&kafka.Connector{
		Name: "orders", Namespace: "kafka", Cluster: "etl", Class: "org.apache.kafka.connect.file.FileStreamSinkConnector",
		Config: map[string]string{"topics": "orders", "file": "/tmp/orders"},
		State:  kafka.ConnectorPaused, Restart: kafka.Restart{Max: new(3)},
	}).KafkaConnector()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(connector.Spec.State, *connector.Spec.AutoRestart.Enabled, *connector.Spec.AutoRestart.MaxRestarts)
	// Output:
	// paused true 3
}
