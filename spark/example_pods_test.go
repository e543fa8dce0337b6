package spark_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// The pods of a job, and where its manifest says what they are.
func ExamplePods() {
	job := &spark.Job{
		Name:     "etl",
		Image:    "company-registry/spark-etl:3.5.1",
		Version:  "3.5.1",
		Main:     "local:///opt/spark/jobs/etl.jar",
		Class:    "com.company.etl.ExtractOrders",
		Executor: spark.Executor{Memory: 8 * millrace.GiB, DynamicAllocation: spark.DynamicAllocation{Min: 2, Max: 40}},
	}
	app, err := job.SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range spark.Pods(app) {
		memory := p.Template.Spec.Containers[0].Resources.Requests.Memory()
		fmt.Printf("%s: %d to %d, %s each, by %s\n", p.Role, p.Min, p.Max, memory, p.Field("spec.containers[0].resources.requests.memory"))
	}
	// Output:
	// driver: 1 to 1, 2432Mi each, by spec.driver.memory
	// executor: 2 to 40, 9011Mi each, by spec.executor.memory
}

// What a job needs by name beside its pods.
func ExampleReferences() {
	job := &spark.Job{
		Name:    "etl",
		Image:   "company-registry/spark-etl:3.5.1",
		Version: "3.5.1",
		Main:    "local:///opt/spark/jobs/etl.jar",
		Class:   "com.company.etl.ExtractOrders",
		Conf:    map[string]string{"spark.kubernetes.hadoop.configMapName": "hadoop-site"},
	}
	app, err := job.SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range spark.References(app) {
		fmt.Println(r.Kind, r.Name, r.Field)
	}
	// Output:
	// ConfigMap hadoop-site spec.sparkConf[spark.kubernetes.hadoop.configMapName]
}
