package main

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// sparkJobs is the article's spark-submit call, as a script and as an object
// for the Spark operator.
func sparkJobs(placement millrace.Placement) []millrace.Builder {
	orders := spark.Job{
		Name:      "etl-orders-daily",
		Namespace: "data-platform",
		Image:     "company-registry/spark:3.5.1-python3.11",
		Version:   "3.5.1",
		Main:      "local:///opt/spark/work-dir/jobs/orders_daily.py",
		Driver: spark.Driver{
			Cores:          2,
			CoreRequest:    "2",
			Memory:         4 * millrace.GiB,
			ServiceAccount: "spark-executor",
			PriorityClass:  highPriority,
		},
		Executor: spark.Executor{
			Cores:       4,
			CoreRequest: "3",
			Memory:      8 * millrace.GiB,
			Instances:   10,
		},
		Placement: placement,
		Observe:   eventLog(),
	}

	script := orders
	script.Target = spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}

	return []millrace.Builder{&orders, &script}
}

// eventLog is where the article's history server finds what has run.
func eventLog() spark.Observe {
	return spark.Observe{EventLog: spark.EventLog{Dir: "s3a://data-platform-logs/spark-events/"}}
}
