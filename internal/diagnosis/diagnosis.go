// Package diagnosis finds out why a Spark application fails or does not get
// on, from what a client can read of it. It is pure: no client, no clock.
//
// Every look notes what it recognises, under one of the ids of causes.go; the
// notes of one id and role become one cause. A cause that others explain comes
// after them. The work grows linearly with pods, events and lines of log.
//
// Files: diagnosis.go (the way through), causes.go (ids, order, what follows
// from what), notes.go (collecting), inquiry.go (what is asked), app.go
// (the application's status), refusal.go (what the API server says), pod.go,
// disruption.go, waiting.go, exit.go (pods), scheduling.go (the scheduler's
// messages), events.go, claims.go, log.go (the driver's log), injection.go
// (what the operator's webhook left out).
package diagnosis

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
)

// Evidence is what a client can read of an application. All of it is
// optional; less evidence means fewer causes, and less certain ones.
type Evidence struct {
	// Application is a SparkApplication of either operator, a
	// ScheduledSparkApplication or a SparkConnect, as the API server has it.
	Application *unstructured.Unstructured
	// Pods are the application's, driver and executors, in any order.
	Pods []corev1.Pod
	// Events are those of the application, its pods and its claims.
	Events []corev1.Event
	// Claims are those of its pods.
	Claims []corev1.PersistentVolumeClaim
	// DriverLog is the end of the log of Spark's container in the driver.
	DriverLog string
	// Now is when all this was read. Zero means that nothing is recognised by
	// how long it has lasted.
	Now time.Time
}

// Diagnose returns the causes in the order in which to look at them; none for
// an application that succeeded, or in which nothing is wrong.
func Diagnose(e Evidence) []millrace.Cause {
	q := newInquiry(e)
	if q.succeeded() {
		return nil
	}
	q.lookAtPods() // first: what they say is closest to what happened
	q.lookAtApplication()
	q.lookAtEvents(e.Events)
	q.lookAtClaims(e.Claims)
	q.lookAtLog(e.DriverLog, "driver log")
	if q.driver != nil {
		q.lookAtLog(q.driver.Annotations[exitException], q.ref(q.driver).String()+": annotation "+exitException)
	}
	q.lookAtInjection()
	q.fallBack()
	return q.verdict()
}

// exitException is where Spark 4.1 and later leave the exception that ended
// the driver, with spark.kubernetes.driver.annotateExitException.
// Source: apache/spark 4.1.1, deploy/k8s/Constants.scala.
const exitException = "spark.exit-exception"
