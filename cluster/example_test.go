package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
)

// A composition of a topic and a job, as the builders of packages kafka and
// spark make it.
func exampleBundle() *millrace.Bundle {
	topic := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic",
		"metadata": map[string]any{"name": "orders-events-v2", "namespace": "kafka", "labels": map[string]any{"strimzi.io/cluster": "data-platform-kafka"}},
		"spec":     map[string]any{"partitions": int64(24), "replicas": int64(3)},
	}}
	job := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication",
		"metadata": map[string]any{"name": "extract-orders-2026-11-23", "namespace": "data-platform"},
		"spec":     map[string]any{"mode": "cluster", "mainClass": "com.company.etl.ExtractOrders"},
	}}
	bundle, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{job, topic}})
	if err != nil {
		panic(err)
	}
	return bundle
}

// Submitting the same bundle twice attaches to the run that is under way.
func ExampleClient_Submit() {
	test := millracetest.Start()
	defer test.Close()
	ctx := context.Background()

	for range 2 {
		run, err := test.Client().Submit(ctx, exampleBundle())
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, o := range run.Objects() {
			fmt.Println(o.Action, o.Object)
		}
	}
	// Output:
	// applied KafkaTopic kafka/orders-events-v2
	// created SparkApplication data-platform/extract-orders-2026-11-23
	// applied KafkaTopic kafka/orders-events-v2
	// attached SparkApplication data-platform/extract-orders-2026-11-23
}

func ExampleRun_Wait() {
	test := millracetest.Start()
	defer test.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	job := &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: "compact", Namespace: "data-platform"},
		Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			RestartPolicy: corev1.RestartPolicyNever,
			Containers:    []corev1.Container{{Name: "main", Image: "company-registry/compact:1.2"}},
		}}},
	}
	bundle, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{job}})
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := test.Client().Submit(ctx, bundle)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("error:", run.Wait(ctx, cluster.Progress(os.Stdout)))
	// Output:
	// job compact: Complete
	// error: <nil>
}

// A failure says what failed, why, and what to do.
func ExampleFailure() {
	test := millracetest.Start()
	defer test.Close()
	test.Fail("extract-orders-2026-11-23", millracetest.OOMKilled)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	run, err := test.Client().Submit(ctx, exampleBundle())
	if err != nil {
		fmt.Println(err)
		return
	}
	err = run.Wait(ctx)
	if failure, ok := errors.AsType[*cluster.Failure](err); ok {
		fmt.Println("what:", failure.Object)
		fmt.Println("why: ", failure.Message)
		fmt.Println("fix: ", failure.Fix)
	}
	// Output:
	// what: SparkApplication data-platform/extract-orders-2026-11-23
	// why:  driver container failed with ExitCode: 137, Reason: OOMKilled
	// fix:  give the driver more memory: raise Driver.Memory or its overhead, and keep results out of the driver (collect, broadcast joins: spark.sql.autoBroadcastJoinThreshold=-1)
}

// A wait that runs out of time says what it was waiting for.
func ExampleWaitError() {
	test := millracetest.Start()
	defer test.Close()
	// Without the label strimzi.io/cluster no operator looks at a topic.
	topic := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic",
		"metadata": map[string]any{"name": "forgotten", "namespace": "kafka"}}}
	bundle, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{topic}})
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := test.Client().Submit(context.Background(), bundle)
	if err != nil {
		fmt.Println(err)
		return
	}
	tooLate := errors.New("the report is due at six")
	ctx, cancel := context.WithTimeoutCause(context.Background(), 50*time.Millisecond, tooLate)
	defer cancel()
	err = run.Wait(ctx)
	fmt.Println(err)
	fmt.Println(errors.Is(err, tooLate), errors.Is(err, context.DeadlineExceeded))
	// Output:
	// wait: the report is due at six; 1 not finished: KafkaTopic kafka/forgotten (Unclaimed: it has no label strimzi.io/cluster, so no operator looks at it)
	// true true
}

// A field that someone else owns is never taken away silently.
func ExampleConflictError() {
	test := millracetest.Start()
	defer test.Close()
	ctx := context.Background()

	helm, err := cluster.NewFromClient(test.Kubernetes(), cluster.FieldOwner("helm"))
	if err != nil {
		fmt.Println(err)
		return
	}
	settings := func(level string) *millrace.Bundle {
		bundle, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{&corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Name: "settings", Namespace: "data-platform"}, Data: map[string]string{"log.level": level}}}})
		if err != nil {
			fmt.Println(err)
		}
		return bundle
	}
	if _, err := helm.Submit(ctx, settings("info")); err != nil {
		fmt.Println(err)
	}

	_, err = test.Client().Submit(ctx, settings("debug"))
	if conflict, ok := errors.AsType[*cluster.ConflictError](err); ok {
		fmt.Println(conflict.Fields[0].Field, "belongs to", conflict.Fields[0].Owner)
	}
	_, err = test.Client().Submit(ctx, settings("debug"), cluster.ForceOwnership)
	fmt.Println("by force:", err)
	// Output:
	// .data.log.level belongs to "helm"
	// by force: <nil>
}

// OnEvent takes the changes as values.
func ExampleOnEvent() {
	test := millracetest.Start()
	defer test.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	run, err := test.Client().Submit(ctx, exampleBundle())
	if err != nil {
		fmt.Println(err)
		return
	}
	err = run.Wait(ctx, cluster.OnEvent(func(e cluster.Event) {
		if e.Object.Kind == "SparkApplication" {
			fmt.Println(e.State)
		}
	}))
	fmt.Println("error:", err)
	// Output:
	// SUBMITTED
	// RUNNING
	// SUCCEEDING
	// COMPLETED
	// error: <nil>
}

// In a pod: the configuration of its service account.
func ExampleNew() {
	config, err := rest.InClusterConfig()
	if err != nil {
		fmt.Println("not in a cluster")
		return
	}
	c, err := cluster.New(config, cluster.FieldOwner("etl"), cluster.Namespace("data-platform"))
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = c // share it: it is safe for concurrent use
	// Output: not in a cluster
}

// On a laptop: what kubectl would talk to.
func ExampleFromKubeconfig() {
	c, err := cluster.FromKubeconfig("", cluster.KubeContext("staging"), cluster.FieldOwner("etl"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	_ = c // share it: it is safe for concurrent use
}
