package spark

import (
	"reflect"
	"time"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/diagnosis"
)

// Evidence is what a client can read of a live application. Every field may
// be left out: less evidence means fewer causes, and less certain ones.
type Evidence struct {
	// Application is the SparkApplication of either operator, the
	// ScheduledSparkApplication or the SparkConnect, with its status, as the
	// API server has it: unstructured, or of a type with JSON tags. Types
	// other than those of v1beta2 must have their TypeMeta.
	//
	// Nil is a job that spark-submit started: pods and log tell of it.
	Application millrace.Object
	// Pods are the driver and the executors, in any order. The labels that
	// select them are sparkoperator.k8s.io/app-name for kubeflow's operator,
	// spark.operator/spark-app-name for Apache's. Those of an earlier run are
	// told from this one's by their submission id.
	Pods []corev1.Pod
	// Events are those of the application, of its pods and of its claims, in
	// any order. Executors are deleted when they have failed; then the events
	// are what is left of them.
	Events []corev1.Event
	// Claims are the PersistentVolumeClaims of the pods.
	Claims []corev1.PersistentVolumeClaim
	// DriverLog is the end of the log of the container
	// spark-kubernetes-driver: a thousand lines mostly hold what matters. What
	// the API server refuses the driver stands nowhere else.
	DriverLog string
	// Now is when all this was read.
	//
	// Zero recognises nothing by how long it has lasted: an application that
	// no operator looks at, a claim that stays pending.
	Now time.Time
}

// Diagnose says why an application fails, or does not get on: its causes in
// the order in which to look at them, root causes before what follows from
// them. It returns none for an application that has succeeded, whatever
// happened on the way, or in which it sees nothing wrong.
//
// It is pure: it asks no cluster, reads no clock, and changes nothing in the
// evidence; it may be called concurrently. The work grows linearly with pods,
// events and lines. Pieces of messages and of the log come back as evidence,
// cut to 400 characters each.
//
// The ids are stable:
//
//   - before there is a driver: spark/suspended, spark/operator-not-watching,
//     spark/schedule-invalid, spark/concurrency-policy, spark/retry-stuck,
//     spark/webhook-down, spark/webhook-denied, spark/service-account,
//     spark/rbac, spark/driver-quota, spark/priority-class,
//     spark/pod-security, spark/pod-invalid, spark/name-clash,
//     spark/dependencies, spark/batch-scheduler, spark/submission-failed
//   - pods that do not start: spark/webhook-not-injecting,
//     spark/scheduling-gated, spark/unschedulable, spark/kubelet-admission,
//     spark/claim, spark/volume, spark/image, spark/slow-image,
//     spark/container-config, spark/pod-sandbox, spark/start-timeout
//   - the driver: spark/driver-evicted, spark/driver-disrupted (preempted,
//     drained, its node gone), spark/driver-oom (killed for its memory),
//     spark/driver-heap, spark/result-size, spark/artefact,
//     spark/application-error, spark/driver-lost, spark/driver-exit,
//     spark/sidecar
//   - executors: spark/executor-evicted, spark/executor-disrupted,
//     spark/executor-oom, spark/executor-heap, spark/executor-exit,
//     spark/executor-lost, spark/executor-quota, spark/no-executors,
//     spark/executor-failures, spark/executor-failed
//   - what follows: spark/shuffle-lost, spark/stage-failure
//   - if nothing is recognised of an application that failed:
//     spark/unexplained
func Diagnose(e Evidence) []millrace.Cause {
	return diagnosis.Diagnose(diagnosis.Evidence{Application: untyped(e.Application), Pods: e.Pods, Events: e.Events,
		Claims: e.Claims, DriverLog: e.DriverLog, Now: e.Now})
}

// untyped returns the object as the API server has it; nil for none, and for a
// type that no server sends.
func untyped(o millrace.Object) *unstructured.Unstructured {
	if u, ok := o.(*unstructured.Unstructured); ok {
		return u
	}
	if v := reflect.ValueOf(o); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err != nil {
		return nil
	}
	u := &unstructured.Unstructured{Object: content}
	switch o.(type) {
	case *v1beta2.SparkApplication:
		u.SetGroupVersionKind(v1beta2.SchemeGroupVersion.WithKind("SparkApplication"))
	case *v1beta2.ScheduledSparkApplication:
		u.SetGroupVersionKind(v1beta2.SchemeGroupVersion.WithKind("ScheduledSparkApplication"))
	}
	return u
}
