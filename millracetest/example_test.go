package millracetest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
)

// exampleRun is a workflow of two containers, one after the other.
func exampleRun() *millrace.Bundle {
	workflow := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow",
		"metadata": map[string]any{"name": "nightly", "namespace": "data-platform"},
		"spec": map[string]any{"entrypoint": "main", "templates": []any{
			map[string]any{"name": "step", "container": map[string]any{"image": "company-registry/step:1.0"}},
			map[string]any{"name": "main", "dag": map[string]any{"tasks": []any{
				map[string]any{"name": "extract", "template": "step"},
				map[string]any{"name": "load", "template": "step", "depends": "extract.Succeeded"},
			}}},
		}},
	}}
	bundle, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{workflow}})
	if err != nil {
		panic(err)
	}
	return bundle
}

// A program that shows its pipeline without a cluster. With a Pace people can
// follow it.
func ExampleStart() {
	c := millracetest.Start(millracetest.Pace(time.Millisecond))
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	run, err := c.Client().Submit(ctx, exampleRun())
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := run.Wait(ctx, cluster.Progress(os.Stdout)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// workflow nightly: Running
	// workflow nightly: extract Pending
	// workflow nightly: extract Running
	// workflow nightly: extract Succeeded
	// workflow nightly: load Pending
	// workflow nightly: load Running
	// workflow nightly: load Succeeded
	// workflow nightly: Succeeded
}

// Fail takes the name of a task or of an object.
func ExampleCluster_Fail() {
	c := millracetest.Start()
	defer c.Close()
	c.Fail("extract", "main: Error (exit code 1)")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	run, err := c.Client().Submit(ctx, exampleRun())
	if err != nil {
		fmt.Println(err)
		return
	}
	if failure, ok := errors.AsType[*cluster.Failure](run.Wait(ctx)); ok {
		fmt.Println(failure.Task+":", failure.Message)
	}
	// Output: extract: main: Error (exit code 1)
}

// Settle runs everything to its end without a Wait.
func ExampleCluster_Settle() {
	c := millracetest.Start()
	defer c.Close()
	if _, err := c.Client().Submit(context.Background(), exampleRun()); err != nil {
		fmt.Println(err)
		return
	}
	c.Settle()
	kind := schema.GroupVersionKind{Group: "argoproj.io", Version: "v1alpha1", Kind: "Workflow"}
	phase, _, err := unstructured.NestedString(c.Object(kind, "data-platform", "nightly").Object, "status", "phase")
	fmt.Println(phase, err)
	// Output: Succeeded <nil>
}

// In a test: the cluster ends with it, and the manifests are held against a
// file.
func ExampleNewCluster() {
	_ = func(t *testing.T) {
		c := millracetest.NewCluster(t)
		run, err := c.Client().Submit(t.Context(), exampleRun())
		if err != nil {
			t.Fatal(err)
		}
		if err := run.Wait(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func ExampleGolden() {
	_ = func(t *testing.T) {
		millracetest.Golden(t, "testdata/nightly.yaml", []byte("the rendered manifests"))
	}
}
