package main

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

// accounts are in the cluster already; README.md names them.
var accounts = []millrace.Ref{
	{Kind: "ServiceAccount", Namespace: "data-platform", Name: "argo-workflow-sa"},
	{Kind: "ServiceAccount", Namespace: "data-platform", Name: "spark-executor"},
}

// compose describes everything that the pipeline needs, and one run of it.
func compose(day string) []millrace.Builder {
	pool := &nodepool.Pool{
		Name:     "spark-executor-pool",
		Workload: "spark-executor",
		Machine:  "n2-highmem-16",
		Max:      50,
		Disk:     nodepool.Disk{Size: 200 * millrace.GiB, Type: "pd-ssd"},
		Labels:   map[string]string{"team": "data-platform"},
		Provider: nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"},
	}

	// Drivers go before everything else that waits for a node.
	high := &schedulingv1.PriorityClass{
		ObjectMeta:       metav1.ObjectMeta{Name: "high-priority"},
		Value:            1_000_000,
		PreemptionPolicy: new(corev1.PreemptLowerPriority),
		Description:      "Spark drivers: losing one loses the job.",
	}

	date := workflow.Parameter{Name: "date"}

	etl := func(class string) *spark.Job {
		return &spark.Job{
			Image:     "company-registry/spark-etl:3.5.1",
			Version:   "3.5.1",
			Main:      "local:///opt/spark/jobs/etl.jar",
			Class:     class,
			Args:      []string{"--date=" + date.Ref()},
			Driver:    spark.Driver{Cores: 2, Memory: 4 * millrace.GiB, ServiceAccount: "spark-executor", PriorityClass: high.Name},
			Executor:  spark.Executor{Cores: 4, CoreRequest: "3800m", Memory: 26 * millrace.GiB, Instances: 8},
			Placement: pool.Placement(),
			Observe:   spark.Observe{EventLog: spark.EventLog{Dir: "s3a://data-platform-logs/spark-events/"}},
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

	today := &workflow.Run{Template: pipeline, Arguments: map[string]string{"date": day}}

	return []millrace.Builder{pool, millrace.Parts{Objects: []millrace.Object{high}}, topic, pipeline, today}
}
