package spark_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// What a pod requests is more than its heap.
func ExampleMemory() {
	app, err := (&spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Driver:   spark.Driver{Memory: 4 * millrace.GiB},
		Executor: spark.Executor{Memory: 8 * millrace.GiB, PythonMemory: 2 * millrace.GiB},
	}).SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	driver, executor, err := spark.Memory(&app.Spec)
	fmt.Println(driver, executor, err)
	// Output:
	// 5734Mi 13516Mi <nil>
}

// Package policy runs the rules of all nouns; this is how it does.
func ExampleRules() {
	job := &spark.Job{
		Name: "sessions", Image: "company-registry/spark:latest", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Driver: spark.Driver{ServiceAccount: "spark"},
		Conf:   map[string]string{"spark.sql.autoBroadcastJoinThreshold": "1g"},
	}
	bundle, err := millrace.Build(job)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, object := range bundle.Objects() {
		for _, rule := range spark.Rules() {
			rule.Check(&millrace.Pass{Object: object, Bundle: bundle, Report: func(field, detail string) {
				fmt.Printf("%s: %s: %s: %s\n", rule.Severity, rule.ID, field, detail)
			}})
		}
	}
	// Output:
	// warning: spark/driver-priority-class: spec.driver.template.spec.priorityClassName: the driver has the priority of every other pod
	// error: spark/executor-pool: spec.executor.template.spec.nodeSelector: executors run on any node, beside every other workload
	// error: spark/executor-pool: spec.executor.template.spec.tolerations: executors tolerate no taint, so that no pool can be kept for them
	// warning: spark/broadcast-threshold: spec.sparkConf[spark.sql.autoBroadcastJoinThreshold]: 1Gi is more than 64Mi, held by every executor
	// warning: spark/latest-tag: spec.image: "company-registry/spark:latest" names no version
	// warning: spark/event-log: spec.sparkConf[spark.eventLog.enabled]: it is not set, and nothing of the run can be looked at after its end
}
