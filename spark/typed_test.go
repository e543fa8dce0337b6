package spark_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// What is loaded says the same as what was rendered.
func TestLoadedObjects(t *testing.T) {
	job := minimal()
	job.Conf = map[string]string{"spark.kubernetes.hadoop.configMapName": "hadoop-site"}
	apache := minimal()
	apache.Target = spark.ApacheOperator{}
	bundle, err := millrace.Build(
		job, apache,
		&spark.ScheduledJob{Name: "nightly", Schedule: "@daily", Job: &spark.Job{Image: job.Image, Version: job.Version, Main: job.Main, Class: job.Class}},
		queries(),
		&spark.Cluster{Name: "notebooks", Image: "company-registry/spark:4.1.2", Version: "4.1.2"},
	)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := millrace.Render(&text, bundle); err != nil {
		t.Fatal(err)
	}
	loaded, err := millrace.LoadReader("stdin", strings.NewReader(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range bundle.Objects() {
		l := loaded.Objects()[i]
		if _, ok := l.(*unstructured.Unstructured); !ok {
			t.Fatalf("%T was loaded", l)
		}
		pods := spark.Pods(l)
		if diff := cmp.Diff(spark.Pods(o), pods); diff != "" || len(pods) != 2 {
			t.Errorf("%T: %d pods (-rendered, +loaded):\n%s", o, len(pods), diff)
		}
		if diff := cmp.Diff(spark.References(o), spark.References(l)); diff != "" {
			t.Errorf("%T: references (-rendered, +loaded):\n%s", o, diff)
		}
		want, wantErr := spark.Resources(o)
		got, err := spark.Resources(l)
		if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (wantErr == nil) {
			t.Errorf("%T: resources, error %v (-rendered, +loaded):\n%s", o, err, diff)
		}
	}
}

func TestLoadedObjectsOfNoType(t *testing.T) {
	broken := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication", "metadata": map[string]any{"name": "etl"}, "spec": "x"}}
	if pods := spark.Pods(broken); pods != nil {
		t.Error(pods)
	}
	if _, err := spark.Resources(broken); err == nil || !strings.Contains(err.Error(), "SparkApplication etl") {
		t.Error(err)
	}
	other := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Pod"}}
	if _, err := spark.Resources(other); err == nil || spark.Pods(other) != nil || spark.References(other) != nil {
		t.Error(err)
	}
}
