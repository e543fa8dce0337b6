package millrace_test

import (
	"fmt"
	"os"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

// A pipeline of three Spark jobs with the pool that they run on and the topic
// that they fill: composed, checked against production, and rendered.
func Example() {
	pool := &nodepool.Pool{
		Name:     "spark-executor-pool",
		Machine:  "n2-highmem-16",
		Max:      50,
		Disk:     nodepool.Disk{Size: 200 * millrace.GiB, Type: "pd-ssd"},
		Labels:   map[string]string{"team": "data-platform"},
		Provider: nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"},
	}

	date := workflow.Parameter{Name: "date"}

	etl := func(class string) *spark.Job {
		return &spark.Job{
			Image:     "company-registry/spark-etl:3.5.1",
			Version:   "3.5.1",
			Main:      "local:///opt/spark/jobs/etl.jar",
			Class:     class,
			Args:      []string{"--date=" + date.Ref()},
			Driver:    spark.Driver{Cores: 2, Memory: 4 * millrace.GiB, ServiceAccount: "spark-executor"},
			Executor:  spark.Executor{Cores: 4, Memory: 8 * millrace.GiB, Instances: 8},
			Placement: pool.Placement(),
		}
	}
	orders := &workflow.Task{Name: "extract-orders", Run: etl("com.company.etl.ExtractOrders")}
	customers := &workflow.Task{Name: "extract-customers", Run: etl("com.company.etl.ExtractCustomers")}
	load := &workflow.Task{Name: "transform-and-load", Run: etl("com.company.etl.TransformAndLoad"),
		After: []*workflow.Task{orders, customers}}

	topic := &kafka.Topic{Name: "orders-events-v2", Namespace: "kafka", Cluster: "data-platform-kafka",
		Partitions: 24, Retention: 7 * 24 * time.Hour, Compression: kafka.LZ4}

	pipeline := &workflow.Template{
		Name: "daily-etl-pipeline", Namespace: "data-platform",
		ServiceAccount: "argo-workflow-sa", Parallelism: 5,
		Parameters: []workflow.Parameter{date},
		Tasks:      []*workflow.Task{orders, customers, load},
	}

	bundle, err := millrace.Build(pool, topic, pipeline)
	if err != nil {
		fmt.Println(err)
		return
	}
	report := policy.Production().
		Existing(
			millrace.Ref{Kind: "ServiceAccount", Namespace: "data-platform", Name: "argo-workflow-sa"},
			millrace.Ref{Kind: "ServiceAccount", Namespace: "data-platform", Name: "spark-executor"},
		).
		Check(bundle)
	fmt.Println(report.Count(millrace.Error), "errors;", report.Findings[0].Detail)

	onlyTopic, err := millrace.Build(topic)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, onlyTopic); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 0 errors; the driver has the priority of every other pod
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaTopic
	// metadata:
	//   name: orders-events-v2
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: data-platform-kafka
	// spec:
	//   partitions: 24
	//   replicas: 3
	//   config:
	//     compression.type: lz4
	//     min.insync.replicas: "2"
	//     retention.ms: "604800000"
}
