package workflow_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
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

// The value of an input stands in the texts of the definition.
func ExampleInput_Ref() {
	day := workflow.Input{Name: "day", Default: new("today")}
	fmt.Println("--day=" + day.Ref())
	// Output:
	// --day={{inputs.parameters.day}}
}

// A volume of the run's own is mounted by the containers that share it.
func ExampleClaim_Mount() {
	scratch := workflow.Claim{Name: "scratch", Size: 200 * millrace.GiB, StorageClass: "fast"}
	pipeline := &workflow.Template{
		Name: "sort", ServiceAccount: "sort-workflow",
		Tasks: []*workflow.Task{{Name: "sort", Step: workflow.Container{
			Image: "company-registry/sort:1.0.3", Command: []string{"sort", "--scratch=/scratch"},
			Mounts: []corev1.VolumeMount{scratch.Mount("/scratch")},
		}}},
	}
	object, err := pipeline.WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := yaml.Append(nil, &object.GetTemplateByName("sort").Container.VolumeMounts[0])
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(out)
	// Output:
	// name: scratch
	// mountPath: /scratch
}
