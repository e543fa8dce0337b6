package millracetest_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
)

// bundle builds a bundle of manifests.
func bundle(t testing.TB, manifests ...string) *millrace.Bundle {
	t.Helper()
	var parts millrace.Parts
	for _, m := range manifests {
		for doc := range strings.SplitSeq(m, "\n---\n") {
			u := new(unstructured.Unstructured)
			data, err := yaml.YAMLToJSON([]byte(doc))
			if err != nil {
				t.Fatalf("%v in:\n%s", err, doc)
			}
			if err := u.UnmarshalJSON(data); err != nil {
				t.Fatalf("%v in:\n%s", err, doc)
			}
			parts.Objects = append(parts.Objects, u)
		}
	}
	b, err := millrace.Build(parts)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var (
	workflowKind = schema.GroupVersionKind{Group: "argoproj.io", Version: "v1alpha1", Kind: "Workflow"}
	widgetKind   = schema.GroupVersionKind{Group: "example.com", Version: "v1", Kind: "Widget"}
	sparkKind    = schema.GroupVersionKind{Group: "sparkoperator.k8s.io", Version: "v1beta2", Kind: "SparkApplication"}
)

// sparkStep is a template that creates a SparkApplication, as package
// workflow renders it.
func sparkStep(task string) string {
	return `
  - name: ` + task + `
    retryStrategy:
      limit: 2
      retryPolicy: Always
      backoff: {duration: 30s, factor: 2, cap: 10m}
      expression: not (lastRetry.message contains "failure condition")
    resource:
      action: apply
      manifest: |
        {
          "apiVersion": "sparkoperator.k8s.io/v1beta2",
          "kind": "SparkApplication",
          "metadata": {
            "name": "{{workflow.name}}-` + task + `",
            "namespace": "data-platform",
            "labels": {"workflows.argoproj.io/workflow": "{{workflow.name}}"},
            "ownerReferences": [{"apiVersion": "argoproj.io/v1alpha1", "controller": true, "kind": "Workflow",
              "name": "{{workflow.name}}", "uid": "{{workflow.uid}}"}]
          },
          "spec": {"arguments": [{{=replace(toJson("--date=" + workflow.parameters.date), "{", "\\u007b")}}], "mode": "cluster"}
        }
      successCondition: status.applicationState.state == COMPLETED
      failureCondition: status.applicationState.state == FAILED`
}

var pipeline = `apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: daily-etl-pipeline, namespace: data-platform}
spec:
  entrypoint: main
  parallelism: 5
  onExit: clean-up
  arguments:
    parameters: [{name: date}]
  templates:
  - name: main
    dag:
      tasks:
      - {name: extract-orders, template: extract-orders}
      - {name: extract-customers, template: extract-customers}
      - {name: transform-and-load, template: transform-and-load, depends: extract-orders.Succeeded && extract-customers.Succeeded}` +
	sparkStep("extract-orders") + sparkStep("extract-customers") + sparkStep("transform-and-load") + `
  - name: clean-up
    dag:
      tasks:
      - {name: delete-sparkapplication, template: delete-sparkapplication, when: '"{{workflow.status}}" != "Succeeded"'}
  - name: delete-sparkapplication
    resource:
      action: delete
      flags: [SparkApplication.v1beta2.sparkoperator.k8s.io, "--selector=workflows.argoproj.io/workflow={{workflow.name}}",
        "--namespace={{workflow.namespace}}", --wait=false]
---
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: daily-etl-pipeline-x, namespace: data-platform}
spec:
  workflowTemplateRef: {name: daily-etl-pipeline}
  arguments:
    parameters: [{name: date, value: 'say "{{hi}}"'}]`

func TestPipeline(t *testing.T) {
	c := millracetest.NewCluster(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	run, err := c.Client().Submit(ctx, bundle(t, pipeline))
	if err != nil {
		t.Fatal(err)
	}
	var progress bytes.Buffer
	if err := run.Wait(ctx, cluster.Progress(&progress)); err != nil {
		t.Fatalf("%v\n%s", err, &progress)
	}
	millracetest.Golden(t, "testdata/pipeline.txt", progress.Bytes())
	app := c.Object(sparkKind, "data-platform", "daily-etl-pipeline-x-extract-orders")
	args, _, _ := unstructured.NestedStringSlice(app.Object, "spec", "arguments")
	if len(args) != 1 || args[0] != `--date=say "{{hi}}"` {
		t.Errorf("arguments are %q", args)
	}
	wf := c.Object(workflowKind, "data-platform", "daily-etl-pipeline-x")
	if got, _, _ := unstructured.NestedString(wf.Object, "status", "progress"); got != "3/3" {
		t.Errorf("progress is %s", got)
	}
	if got := wf.GetLabels()["workflows.argoproj.io/completed"]; got != "true" {
		t.Errorf("labels are %v", wf.GetLabels())
	}
}

func TestPipelineFails(t *testing.T) {
	c := millracetest.NewCluster(t)
	c.Fail("extract-orders", millracetest.OOMKilled)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	run, err := c.Client().Submit(ctx, bundle(t, pipeline))
	if err != nil {
		t.Fatal(err)
	}
	var progress bytes.Buffer
	err = run.Wait(ctx, cluster.Progress(&progress))
	failure, ok := errors.AsType[*cluster.Failure](err)
	if !ok {
		t.Fatalf("%v\n%s", err, &progress)
	}
	millracetest.Golden(t, "testdata/pipeline-fails.txt", []byte(progress.String()+"\n"+failure.Error()+"\n"))
	if failure.Task != "extract-orders" || failure.Message != millracetest.OOMKilled || failure.Resource.Name != "daily-etl-pipeline-x-extract-orders" || failure.Fix == "" {
		t.Errorf("got %+v", failure)
	}
	c.Settle()
	if app := c.Object(sparkKind, "data-platform", "daily-etl-pipeline-x-extract-orders"); app != nil {
		t.Errorf("the exit handler left %s", app.GetName())
	}
}
