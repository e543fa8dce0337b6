package spark_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// What a pod requests is more than its heap.
func ExampleJob_PodResources() {
	job := &spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Driver:   spark.Driver{Memory: 4 * millrace.GiB},
		Executor: spark.Executor{Memory: 8 * millrace.GiB, PythonMemory: 2 * millrace.GiB},
	}
	r, err := job.PodResources()
	if err != nil {
		fmt.Println(err)
		return
	}
	e := r.Executor
	fmt.Println("driver", r.Driver.Memory)
	fmt.Println("executor", e.Memory, "=", e.Heap.Size, "+", e.Overhead.Size, "+", e.Python.Size)
	fmt.Println(e.Overhead.Why)
	fmt.Println("all", r.Max.Cpu(), r.Max.Memory())
	// Output:
	// driver 5734Mi
	// executor 13516Mi = 8Gi + 3276Mi + 2Gi
	// 40% of the heap, Spark's factor for Python
	// all 5 32766Mi
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
	// error: spark/executor-pool: spec.executor.template.spec.nodeSelector: executors run on any node, beside every other workload, and tolerate no taint that would keep one for them
	// warning: spark/broadcast-threshold: spec.sparkConf[spark.sql.autoBroadcastJoinThreshold]: 1Gi is more than 64Mi, held by every executor
	// warning: spark/latest-tag: spec.image: "company-registry/spark:latest" names no version
	// warning: spark/event-log: spec.sparkConf[spark.eventLog.enabled]: it is not set, and nothing of the run can be looked at after its end
}
