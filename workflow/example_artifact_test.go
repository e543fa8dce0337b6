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

// show prints a part of a manifest.
func show(v any) {
	out, err := yaml.Append(nil, v)
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(out)
}

// A file goes from one task to the next: the first leaves it in the artifact
// repository, the second has it laid into its container.
func ExampleArtifact() {
	extract := &workflow.Task{
		Name: "extract",
		Step: workflow.Container{Image: "company-registry/extract:2.4.0", Command: []string{"extract", "--output=/out/orders.csv"}},
		Outputs: workflow.Outputs{
			Parameters: []workflow.Output{{Name: "rows", Path: "/out/rows"}},
			Artifacts:  []workflow.Artifact{{Name: "orders", Path: "/out/orders.csv", Archive: workflow.NoArchive{}, Delete: workflow.DeleteOnCompletion}},
		},
	}
	rates := workflow.GCS{Bucket: "company-reference", Key: "rates/latest.csv"}
	load := &workflow.Task{
		Name: "load",
		Step: workflow.Container{Image: "company-registry/load:2.4.0", Command: []string{"load"}, Args: []string{"--rows=" + extract.Output("rows").Ref()}},
		Inputs: []workflow.Artifact{
			{Name: "orders", Path: "/in/orders.csv", From: extract.Artifact("orders")},
			{Name: "rates", Path: "/in/rates.csv", From: rates, Optional: true},
		},
	}
	pipeline := &workflow.Template{Name: "orders", ServiceAccount: "orders-workflow", Tasks: []*workflow.Task{extract, load}}
	object, err := pipeline.WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	show(&object.GetTemplateByName("extract").Outputs)
	fmt.Println("---")
	show(&object.GetTemplateByName("load").Inputs)
	fmt.Println("---")
	show(&object.GetTemplateByName("main").DAG.Tasks[1])
	// Output:
	// parameters:
	// - name: rows
	//   valueFrom:
	//     path: /out/rows
	// artifacts:
	// - name: orders
	//   path: /out/orders.csv
	//   archive:
	//     none: {}
	//   artifactGC:
	//     strategy: OnWorkflowCompletion
	// ---
	// parameters:
	// - name: extract-rows
	// artifacts:
	// - name: orders
	//   path: /in/orders.csv
	// - name: rates
	//   path: /in/rates.csv
	//   gcs:
	//     bucket: company-reference
	//     key: rates/latest.csv
	//   optional: true
	// ---
	// name: load
	// template: load
	// arguments:
	//   parameters:
	//   - name: extract-rows
	//     value: "{{tasks.extract.outputs.parameters.rows}}"
	//   artifacts:
	//   - name: orders
	//     from: "{{tasks.extract.outputs.artifacts.orders}}"
	// depends: extract.Succeeded
}

// A definition names what it takes in; each task that uses it says where that
// comes from.
func ExampleInputs() {
	table := workflow.Input{Name: "table"}
	rows := workflow.Artifact{Name: "rows", Path: "/in/rows.csv", Optional: true}
	load := &workflow.Definition{
		Name:   "load",
		Inputs: workflow.Inputs{Parameters: []workflow.Input{table}, Artifacts: []workflow.Artifact{rows}},
		Step: workflow.Container{Image: "company-registry/load:2.4.0", Command: []string{"load"},
			Args: []string{table.Ref(), rows.Variable().Field("path").Ref()}},
	}
	yesterday := workflow.S3{Endpoint: "s3.amazonaws.com", Bucket: "company-landing", Key: "orders.csv", SDKCredentials: true}
	pipeline := &workflow.Template{Name: "orders", ServiceAccount: "orders-workflow", Tasks: []*workflow.Task{{
		Name: "load-orders", Step: load,
		Arguments: map[string]string{"table": "orders"},
		Artifacts: map[string]workflow.Location{"rows": yesterday},
	}}}
	object, err := pipeline.WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	show(&object.GetTemplateByName("load").Inputs)
	fmt.Println("---")
	show(&object.GetTemplateByName("main").DAG.Tasks[0])
	// Output:
	// parameters:
	// - name: table
	// artifacts:
	// - name: rows
	//   path: /in/rows.csv
	//   optional: true
	// ---
	// name: load-orders
	// template: load
	// arguments:
	//   parameters:
	//   - name: table
	//     value: orders
	//   artifacts:
	//   - name: rows
	//     s3:
	//       endpoint: s3.amazonaws.com
	//       bucket: company-landing
	//       useSDKCreds: true
	//       key: orders.csv
	//     optional: true
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
	show(&object.GetTemplateByName("sort").Container.VolumeMounts[0])
	// Output:
	// name: scratch
	// mountPath: /scratch
}
