package spark_test

import (
	"fmt"
	"log"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// What does one job take of a pool of machines with 16 CPUs?
func ExampleJob_Explain() {
	job := &spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Driver:   spark.Driver{Memory: 4 * millrace.GiB},
		Executor: spark.Executor{Cores: 4, Memory: 20 * millrace.GiB, Instances: 12},
	}
	explanation, err := job.Explain(millrace.NodeShape{
		Pool: "spark", Max: 10,
		Allocatable: corev1.ResourceList{"cpu": resource.MustParse("15890m"), "memory": resource.MustParse("119071Mi")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	explanation.Defaults = nil // the program sparkexplain shows them
	fmt.Print(explanation.String())
	// Output:
	// sessions: a driver and 12 executors, 4 tasks at once in each
	//
	// driver
	//   memory     5734Mi    the request is the limit
	//     heap     4Gi       the JVM's heap: spec.driver.memory
	//     overhead 1638Mi    40% of the heap, Spark's factor for Python
	//   CPU        1         spec.driver.cores, no limit
	//
	// executor
	//   memory     28Gi      the request is the limit
	//     heap     20Gi      the JVM's heap: spec.executor.memory
	//     overhead 8Gi       40% of the heap, Spark's factor for Python
	//   CPU        4         spec.executor.cores, no limit
	//
	// together: 49 CPU, 341.6Gi of memory
	//
	// pool spark
	//   node       15890m CPU, 116.3Gi of memory for pods
	//   agents     take about 300m CPU, 600Mi of memory
	//   fits       3 executors: 3 by CPU, 4 by memory
	//   unused     23% of the CPU and 27% of the memory, on a full node
	//   better     CoreRequest 3800m: 4 on a node, 3% of the CPU and 3% of the memory unused
	//   in all     4 nodes of the 10 that the pool may have
}

// What an application requests that somebody else has written.
func ExampleResources() {
	bundle, err := millrace.LoadReader("stdin", strings.NewReader(`
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: sessions}
spec:
  type: Python
  sparkVersion: 3.5.1
  mainApplicationFile: local:///opt/jobs/sessions.py
  memoryOverheadFactor: "0.25"
  driver: {cores: 1, memory: 4g}
  executor: {instances: 8, cores: 4, memory: 16g}
`))
	if err != nil {
		log.Fatal(err)
	}
	r, err := spark.Resources(bundle.Objects()[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Executor.Memory, "each:", r.Executor.Overhead.Why, "by", r.Executor.Overhead.Field)
	fmt.Println("together", r.Max.Cpu(), "CPU,", r.Max.Memory())
	// Output:
	// 20Gi each: 25% of the heap by spec.memoryOverheadFactor
	// together 33 CPU, 165Gi
}
