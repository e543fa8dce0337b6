package main

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/nodepool"
)

const namespace = "kafka"

// pools are the nodes: brokers and consumers each have their own, so that
// neither takes CPU from the other.
func pools() (brokers, consumers *nodepool.Pool) {
	on := nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"}
	brokers = &nodepool.Pool{Name: "kafka-brokers", Machine: "n2-highmem-4", Max: 6, Provider: on}
	consumers = &nodepool.Pool{Name: "kafka-consumers", Machine: "n2-custom-8-20480", Max: 10, Provider: on}
	return brokers, consumers
}

// disks is the storage class of the brokers, which may grow and waits for a
// pod to know its zone.
func disks() *storagev1.StorageClass {
	return &storagev1.StorageClass{
		ObjectMeta: metav1.ObjectMeta{Name: "kafka-ssd"}, Provisioner: "pd.csi.storage.gke.io", Parameters: map[string]string{"type": "pd-ssd"},
		AllowVolumeExpansion: new(true), VolumeBindingMode: new(storagev1.VolumeBindingWaitForFirstConsumer), ReclaimPolicy: new(corev1.PersistentVolumeReclaimRetain),
	}
}

// cluster is a production cluster: what it doesn't say is a default.
func cluster(place millrace.Placement, class string) *kafka.Cluster {
	return &kafka.Cluster{
		Name: "events", Namespace: namespace,
		Listeners: []kafka.Listener{
			{Name: "tls", Port: 9093, Auth: kafka.MutualTLS},
			{Name: "external", Port: 9094, Type: kafka.LoadBalancer, Auth: kafka.SCRAM},
		},
		Quotas:       kafka.ClientQuotas{Produce: 50 * millrace.MiB, Consume: 100 * millrace.MiB},
		Certificates: kafka.Certificates{Clients: kafka.Authority{ValidityDays: 90, RenewalDays: 15}},
		CruiseControl: kafka.CruiseControl{
			Capacity: kafka.Capacity{Inbound: 200 * millrace.MiB, Outbound: 200 * millrace.MiB},
		},
		Pools: []kafka.BrokerPool{
			{
				Volumes: []kafka.Volume{{Size: 500 * millrace.GiB, Class: class}}, Placement: place,
				Resources: kafka.Resources{Memory: 16 * millrace.GiB, CPU: 2},
			},
			{
				Roles:   []kafka.Role{kafka.Controller},
				Volumes: []kafka.Volume{{Size: 20 * millrace.GiB, Class: class}}, Placement: place,
			},
		},
	}
}

// streams are the topics and what moves records through them: a Postgres
// database whose changes come in by Connect, and a consumer group that scales
// by its lag.
func streams(of *kafka.Cluster, place millrace.Placement) []millrace.Builder {
	orders := &kafka.Topic{Name: "shop.public.orders", Namespace: namespace, Cluster: of.Name, Partitions: 24, Retention: 7 * 24 * time.Hour, Compression: kafka.LZ4}
	totals := &kafka.Topic{Name: "totals", Namespace: namespace, Cluster: of.Name, Partitions: 12, Cleanup: kafka.Compact}
	connect := &kafka.Connect{
		Name: "capture", Namespace: namespace, Kafka: kafka.Connection{Cluster: of.Name, User: "capture"}, Secrets: []string{"shop-database"},
		Image: kafka.ConnectImage{Name: "registry.company.com/capture:1.0.0", PushSecret: "registry", Plugins: []kafka.ConnectPlugin{{
			Name: "debezium-postgres", Artifacts: []kafka.Artifact{kafka.Maven{Group: "io.debezium", Artifact: "debezium-connector-postgres", Version: "3.2.0.Final"}},
		}}},
	}
	shop := &kafka.Connector{
		Name: "shop", Namespace: namespace, Connect: connect, Class: "io.debezium.connector.postgresql.PostgresConnector", TasksMax: 1,
		Config:  map[string]string{"database.hostname": "shop.company.com", "database.dbname": "shop", "topic.prefix": "shop", "plugin.name": "pgoutput", "table.include.list": "public.orders"},
		Secrets: map[string]kafka.SecretValue{"database.user": {Secret: "shop-database", Key: "user"}, "database.password": {Secret: "shop-database", Key: "password"}},
	}
	projector := &kafka.Consumer{
		Name: "projector", Namespace: namespace, Image: "registry.company.com/projector:1.4.2",
		Topics: []*kafka.Topic{orders}, Kafka: kafka.Connection{User: "projector"},
		Scaler: kafka.Scaler{Min: new(2), Lag: 5000}, Placement: place,
	}
	return []millrace.Builder{
		orders, totals, connect, shop, projector,
		&kafka.User{Name: "capture", Namespace: namespace, Cluster: of.Name, Access: []kafka.Access{connect.Access(), kafka.Produce{Topics: []string{"shop.*"}}}},
		&kafka.User{Name: "projector", Namespace: namespace, Cluster: of.Name, Access: []kafka.Access{kafka.Consume{Topics: []string{orders.Name}, Group: "projector"}}},
		&kafka.User{Name: "totals", Namespace: namespace, Cluster: of.Name, Auth: kafka.SCRAM,
			Access: []kafka.Access{kafka.Stream{Application: "totals", Inputs: []string{orders.Name}, Outputs: []string{totals.Name}, ExactlyOnce: true}}},
	}
}
