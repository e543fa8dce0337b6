package workflow_test

import (
	"fmt"
	"time"

	"github.com/millrace/millrace/workflow"
)

// A server that is there while the tasks after it run.
func ExampleSettings() {
	server := &workflow.Task{
		Name: "server", Step: workflow.Container{Image: "company-registry/metastore:1.0.3", Command: []string{"metastore"}},
		Settings: workflow.Settings{
			Daemon:  true,
			Timeout: 10 * time.Minute,
			Pod:     workflow.PodSettings{PriorityClass: "high-priority"},
		},
	}
	load := &workflow.Task{Name: "load", Step: workflow.Container{
		Image: "company-registry/etl:2.4.0", Command: []string{"load"}, Args: []string{"--metastore=" + server.IP().Ref()},
	}}
	object, err := (&workflow.Template{Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{server, load}}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	step := object.GetTemplateByName("server")
	fmt.Println("daemon", *step.Daemon, "timeout", step.Timeout, "class", step.PriorityClassName)
	fmt.Println(object.GetTemplateByName("main").DAG.Tasks[1].Arguments.Parameters[0].Value)
	fmt.Println(object.GetTemplateByName("load").Container.Args)
	// Output:
	// daemon true timeout 10m class high-priority
	// {{tasks.server.ip}}
	// [--metastore={{inputs.parameters.server-ip}}]
}
