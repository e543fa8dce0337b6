package main

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

// dailyPipeline is the article's WorkflowTemplate.
func dailyPipeline(placement millrace.Placement) []millrace.Builder {
	date := workflow.Parameter{Name: "date"}
	etl := func(class string) *spark.Job {
		return &spark.Job{
			Image:   "company-registry/spark-etl:3.5.1",
			Version: "3.5.1",
			Main:    "local:///opt/spark/jobs/etl.jar",
			Class:   class,
			Args:    []string{"--date=" + date.Ref()},
			Driver: spark.Driver{
				Cores:          2,
				Memory:         4 * millrace.GiB,
				ServiceAccount: "spark-executor",
				PriorityClass:  highPriority,
			},
			Executor:  spark.Executor{Cores: 4, Memory: 8 * millrace.GiB, Instances: 8},
			Placement: placement,
			Observe:   eventLog(),
		}
	}
	orders := &workflow.Task{Name: "extract-orders", Run: etl("com.company.etl.ExtractOrders")}
	customers := &workflow.Task{Name: "extract-customers", Run: etl("com.company.etl.ExtractCustomers")}
	load := &workflow.Task{
		Name:  "transform-and-load",
		Run:   etl("com.company.etl.TransformAndLoad"),
		After: []*workflow.Task{orders, customers},
	}
	return []millrace.Builder{&workflow.Template{
		Name:           "daily-etl-pipeline",
		Namespace:      "data-platform",
		ServiceAccount: "argo-workflow-sa",
		Parallelism:    5,
		Parameters:     []workflow.Parameter{date},
		Tasks:          []*workflow.Task{orders, customers, load},
	}}
}
