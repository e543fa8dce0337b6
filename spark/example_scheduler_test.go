package spark_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// batchJob is a job with eight executors.
func batchJob(s spark.Scheduler) *spark.Job {
	return &spark.Job{
		Name: "orders", Image: "company-registry/spark-etl:3.5.1", Version: "3.5.1",
		Main: "local:///opt/spark/jobs/etl.jar", Class: "com.company.etl.ExtractOrders",
		Driver:    spark.Driver{Memory: 4 * millrace.GiB},
		Executor:  spark.Executor{Cores: 4, Memory: 8 * millrace.GiB, Instances: 8},
		Scheduler: s,
	}
}

// Volcano starts the driver when driver and executors fit together. The sum is
// what Spark will request: heap and overhead of all of them.
func ExampleVolcano() {
	app, err := batchJob(spark.Volcano{Queue: "etl"}).SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	resources := app.Spec.BatchSchedulerOptions.Resources
	fmt.Println(*app.Spec.BatchScheduler, *app.Spec.BatchSchedulerOptions.Queue, resources.Cpu(), resources.Memory())
	// Output:
	// volcano etl 33 76593Mi
}

// YuniKorn holds a place for every pod, where the pod may run.
func ExampleYuniKorn() {
	app, err := batchJob(spark.YuniKorn{Queue: "root.etl"}).SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(app.Spec.Driver.Labels["queue"], app.Spec.Driver.Annotations["yunikorn.apache.org/task-groups"])
	// Output:
	// root.etl [{"name":"spark-driver","minMember":1,"minResource":{"cpu":"1","memory":"4505Mi"}},{"name":"spark-executor","minMember":8,"minResource":{"cpu":"4","memory":"9011Mi"}}]
}

// Kueue lets the job in when its queue has quota for it.
func ExampleKueue() {
	app, err := batchJob(spark.Kueue{Queue: "etl"}).SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(app.Labels)
	// Output:
	// map[kueue.x-k8s.io/queue-name:etl]
}

// A scheduler of Kubernetes that starts the pods of a job together.
func ExampleKubeScheduler() {
	app, err := batchJob(spark.KubeScheduler{Name: "coscheduler"}).SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*app.Spec.BatchScheduler, app.Spec.Executor.Template.Spec.SchedulerName)
	// Output:
	// coscheduler coscheduler
}
