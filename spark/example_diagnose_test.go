package spark_test

import (
	"fmt"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/spark"
)

// What a client has read of an application goes in, and why it failed comes
// out, root causes first.
func ExampleDiagnose() {
	app := &v1beta2.SparkApplication{ObjectMeta: metav1.ObjectMeta{Name: "etl", Namespace: "data"}}
	app.Spec.Executor.Memory = new("4g")
	app.Status.AppState = v1beta2.ApplicationState{State: v1beta2.ApplicationStateFailed,
		ErrorMessage: "driver container failed with ExitCode: 1, Reason: Error"}

	executor := corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "etl-exec-1", Namespace: "data",
		Labels: map[string]string{"spark-role": "executor", "spark-exec-id": "1"}}}
	executor.Spec.Containers = []corev1.Container{{Name: "spark-kubernetes-executor", Resources: corev1.ResourceRequirements{
		Limits: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("4505Mi")}}}}
	executor.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "spark-kubernetes-executor",
		State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "OOMKilled", ExitCode: 137}}}}

	for _, c := range spark.Diagnose(spark.Evidence{Application: app, Pods: []corev1.Pod{executor}}) {
		fmt.Printf("%s, %s, follows from %q\n", c.ID, c.Likelihood, c.Follows)
		fmt.Println("  " + c.Detail)
		for _, line := range c.Evidence {
			fmt.Println("  seen: " + line)
		}
		fmt.Println("  fix: " + c.Fix)
	}
	// Output:
	// spark/executor-oom, certain, follows from ""
	//   an executor was killed because it used more memory than its pod may
	//   seen: Pod data/etl-exec-1: container spark-kubernetes-executor terminated: OOMKilled, exit code 137
	//   fix: the pod had 4505Mi, 409Mi of it beside the heap: raise Executor.MemoryOverhead, or run fewer tasks at once (Executor.Cores); leave Executor.Broadcast at its default, which sets spark.sql.autoBroadcastJoinThreshold to -1 (it is Spark's 10m)
	// spark/driver-exit, likely, follows from "spark/executor-oom"
	//   the driver ended with exit code 1: a generic failure
	//   seen: SparkApplication data/etl: status.applicationState.errorMessage: driver container failed with ExitCode: 1, Reason: Error
	//   fix: look at the log of the driver: the exception is there
}
