package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// As many shards as the run is told.
func ExampleSequence() {
	shards := workflow.Parameter{Name: "shards", Default: new("4")}
	each := &workflow.Task{
		Name: "shard", Loop: workflow.Sequence{Count: shards.Ref(), Format: "shard-%02d"},
		Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl"}, Args: []string{workflow.Item.Ref()}},
	}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Parameters: []workflow.Parameter{shards}, Tasks: []*workflow.Task{each},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	loop := object.GetTemplateByName("main").DAG.Tasks[0].WithSequence
	fmt.Println(loop.Count.StrVal, loop.Format)
	// Output:
	// {{workflow.parameters.shards}} shard-%02d
}
