package spark_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// A server for queries at any time of the day, with executors that come and go.
func ExampleConnectServer() {
	server := &spark.ConnectServer{
		Name:      "queries",
		Namespace: "data-platform",
		Image:     "company-registry/spark:4.0.1-python3.11",
		Version:   "4.0.1",
		Server:    spark.Driver{Cores: 2, Memory: 8 * millrace.GiB, ServiceAccount: "spark"},
		Executor: spark.Executor{
			Cores: 4, Memory: 16 * millrace.GiB,
			DynamicAllocation: spark.DynamicAllocation{Min: 1, Max: 20},
		},
	}
	conn, err := server.SparkConnect()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, pod := range spark.Pods(conn) {
		requests := pod.Template.Spec.Containers[0].Resources.Requests
		fmt.Printf("%s: %d to %d, %s CPU, %s\n", pod.Role, pod.Min, pod.Max, requests.Cpu(), requests.Memory())
	}
	// Output:
	// server: 1 to 1, 2 CPU, 9011Mi
	// executor: 1 to 20, 4 CPU, 22937Mi
}

// What clients in the cluster connect to.
func ExampleConnectServer_Remote() {
	server := &spark.ConnectServer{Name: "queries", Namespace: "data-platform", Image: "company-registry/spark:4.0.1", Version: "4.0.1"}
	fmt.Println("SPARK_REMOTE=" + server.Remote())
	// Output:
	// SPARK_REMOTE=sc://queries-server.data-platform.svc:15002
}
