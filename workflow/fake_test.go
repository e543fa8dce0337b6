package workflow_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/workflow"
)

var update = flag.Bool("update", false, "write the golden files")

// job stands for a noun of another package, such as spark.Job.
type job struct {
	Class  string
	Args   []string
	change func(*millrace.Runnable)
	err    error
}

func (j *job) Runnable(namespace string) (millrace.Runnable, error) {
	if j.err != nil {
		return millrace.Runnable{}, j.err
	}
	metadata := map[string]any{}
	if namespace != "" {
		metadata["namespace"] = namespace
	}
	args := []any{}
	for _, a := range j.Args {
		args = append(args, a)
	}
	r := millrace.Runnable{
		Object: &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "sparkoperator.k8s.io/v1beta2",
			"kind":       "SparkApplication",
			"metadata":   metadata,
			"spec": map[string]any{
				"type":                "Scala",
				"mode":                "cluster",
				"image":               "company-registry/spark-etl:3.5.1",
				"mainApplicationFile": "local:///opt/spark/jobs/etl.jar",
				"mainClass":           j.Class,
				"arguments":           args,
				"driver":              map[string]any{"cores": int64(2), "memory": "4g", "serviceAccount": "spark-executor"},
				"executor":            map[string]any{"cores": int64(4), "instances": int64(8), "memory": "8g"},
			},
		}},
		Succeeded: "status.applicationState.state == COMPLETED",
		Failed:    "status.applicationState.state == FAILED",
	}
	if j.change != nil {
		j.change(&r)
	}
	return r, nil
}

var date = workflow.Parameter{Name: "date"}

// daily is the article's pipeline.
func daily() *workflow.Template {
	etl := func(class string) *job {
		return &job{Class: class, Args: []string{"--date=" + date.Ref()}}
	}
	orders := &workflow.Task{Name: "extract-orders", Run: etl("com.company.etl.ExtractOrders")}
	customers := &workflow.Task{Name: "extract-customers", Run: etl("com.company.etl.ExtractCustomers")}
	load := &workflow.Task{Name: "transform-and-load", Run: etl("com.company.etl.TransformAndLoad"),
		After: []*workflow.Task{orders, customers}}
	return &workflow.Template{
		Name: "daily-etl-pipeline", Namespace: "data-platform",
		ServiceAccount: "argo-workflow-sa", Parallelism: 5,
		Parameters: []workflow.Parameter{date},
		Tasks:      []*workflow.Task{orders, customers, load},
	}
}

// render returns the manifests that a builder makes.
func render(t *testing.T, b millrace.Builder) string {
	t.Helper()
	parts, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, o := range parts.Objects {
		if out, err = yaml.Append(out, o); err != nil {
			t.Fatal(err)
		}
	}
	return string(out)
}

// findings returns the mistakes of a builder.
func findings(t *testing.T, err error) []millrace.Finding {
	t.Helper()
	if err == nil {
		return nil
	}
	built, ok := errors.AsType[*millrace.BuildError](err)
	if !ok {
		t.Fatalf("not a BuildError: %v", err)
	}
	return built.Findings
}

// golden compares with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and look at the change. Got:\n%s", path, got)
	}
}
