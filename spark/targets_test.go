package spark_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// What a job's pods request doesn't depend on who makes them, and the fields
// that say so are those of what the target makes.
func TestResourcesOfTargets(t *testing.T) {
	for name, job := range map[string]func() *spark.Job{"daily": ordersDaily, "dynamic": dynamic, "everything": everything} {
		j := job()
		j.Target = spark.SparkOperator{}
		want, err := j.PodResources()
		if err != nil {
			t.Fatal(err)
		}
		j = job()
		j.Target = spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}
		j.Lifecycle, j.Annotations = spark.Lifecycle{}, nil // which it has no object for
		got, err := j.PodResources()
		if err != nil {
			t.Errorf("%s by spark-submit: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s by spark-submit (-kubeflow +got):\n%s", name, diff)
		}

		j = job()
		j.Target = spark.ApacheOperator{}
		app, err := j.ApacheApplication()
		if err != nil {
			t.Errorf("%s on Apache's operator: %v", name, err)
			continue
		}
		got, err = j.PodResources()
		if err != nil {
			t.Errorf("%s on Apache's operator: %v", name, err)
		}
		made, err := spark.Resources(app)
		if err != nil {
			t.Errorf("%s on Apache's operator: %v", name, err)
		}
		if diff := cmp.Diff(made, got); diff != "" {
			t.Errorf("%s on Apache's operator (-object +job):\n%s", name, diff)
		}
		if diff := cmp.Diff(want.Max, got.Max); diff != "" {
			t.Errorf("%s on Apache's operator (-kubeflow +got):\n%s", name, diff)
		}
	}
}

// Explain names what stands in the object.
func TestExplainOnApache(t *testing.T) {
	j := ordersDaily()
	j.Target = spark.ApacheOperator{}
	e, err := j.Explain()
	if err != nil {
		t.Fatal(err)
	}
	app, err := j.ApacheApplication()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, d := range e.Defaults {
		if !placed(reflect.ValueOf(app), d.Field) {
			t.Errorf("the object can't have %s", d.Field)
		}
		seen[d.Field] = d.Value
	}
	for field, want := range map[string]string{
		"spec.jars": "", "spec.deploymentMode": "",
		"spec.executorSpec.podTemplateSpec.spec.terminationGracePeriodSeconds":            "60",
		"spec.sparkConf[spark.kubernetes.driver.annotation." + millrace.SafeToEvict + "]": "false",
	} {
		if seen[field] != want {
			t.Errorf("%s: %q, want %q", field, seen[field], want)
		}
	}
	if !strings.HasPrefix(e.Executor.Heap.Field, "spec.sparkConf[") {
		t.Errorf("the heap is said at %s", e.Executor.Heap.Field)
	}
}
