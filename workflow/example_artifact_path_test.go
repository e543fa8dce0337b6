package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// Programs find an input artifact where its path says.
func ExampleArtifact_Variable() {
	orders := workflow.Artifact{Name: "orders", Path: "/data/orders.parquet"}
	fmt.Println("--input=" + orders.Variable().Field("path").Ref())
	// A task inside of a definition takes in what the definition took in.
	fmt.Println(workflow.From(orders.Variable()))
	// Output:
	// --input={{inputs.artifacts.orders.path}}
	// inputs.artifacts.orders
}
