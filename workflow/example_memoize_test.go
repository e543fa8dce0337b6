package workflow_test

import (
	"fmt"
	"time"

	"github.com/millrace/millrace/workflow"
)

// The rates of a day are computed once, whichever run asks for them.
func ExampleMemoize() {
	day := workflow.Input{Name: "day"}
	rates := &workflow.Definition{
		Name: "rates", Inputs: workflow.Inputs{Parameters: []workflow.Input{day}},
		Step:    workflow.Container{Image: "company-registry/rates:1.1.0", Command: []string{"rates", day.Ref()}},
		Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "table", Path: "/tmp/table"}}},
		Settings: workflow.Settings{Memoize: &workflow.Memoize{
			Key: "rates-" + day.Ref(), ConfigMap: "exchange-rates", MaxAge: 30 * 24 * time.Hour,
		}},
	}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl",
		Tasks: []*workflow.Task{{Name: "rates", Step: rates, Arguments: map[string]string{"day": "2026-01-31"}}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	memo := object.GetTemplateByName("rates").Memoize
	fmt.Println(memo.Key, "in", memo.Cache.ConfigMap.Name, "for", memo.MaxAge)
	// Output:
	// rates-{{inputs.parameters.day}} in exchange-rates for 720h
}
