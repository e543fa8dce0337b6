package spark

import (
	"fmt"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
)

// FromSchedule returns the schedule that renders as a ScheduledSparkApplication
// does, one of sparkoperator.k8s.io/v1beta2 that was written by hand, or read by
// millrace.Load. Its Job is what FromApplication makes of the template, with
// NoDefaults set. The labels are the schedule's, from which the runs get them.
//
// The error is a *millrace.BuildError where the object holds what a
// ScheduledJob refuses, such as a schedule that never comes to pass, and where it
// has no policy for runs that overlap: the operator then starts one run and
// never another. The schedule is returned beside it, to be corrected. The error is of
// another type, and the schedule nil, for another kind of object, and for
// fields that the API doesn't have. The schedule shares no memory with the
// object.
func FromSchedule(o millrace.Object) (*ScheduledJob, error) {
	o, err := strictly(o, "ScheduledSparkApplication")
	if err != nil {
		return nil, fmt.Errorf("spark schedule from %w", err)
	}
	app, ok := o.(*v1beta2.ScheduledSparkApplication)
	if !ok || app == nil {
		return nil, fmt.Errorf("spark schedule from %s: not a ScheduledSparkApplication of %s", kindOf(o), v1beta2.SchemeGroupVersion)
	}
	app = app.DeepCopy()
	base := &app.Spec
	out := &ScheduledJob{
		Name: app.Name, Namespace: app.Namespace, Labels: app.Labels, Annotations: app.Annotations,
		Concurrency: Concurrency(base.ConcurrencyPolicy),
	}
	take(&out.Schedule, &base.Schedule)
	take(&out.TimeZone, &base.TimeZone)
	take(&out.KeepSucceeded, &base.SuccessfulRunHistoryLimit)
	take(&out.KeepFailed, &base.FailedRunHistoryLimit)
	if deref(base.Suspend) {
		out.Suspended, base.Suspend = true, nil
	}
	base.ConcurrencyPolicy = ""

	r := applicationReader{spec: &base.Template, job: &Job{NoDefaults: true}}
	r.read()
	r.job.Base = *r.spec
	base.Template = v1beta2.SparkApplicationSpec{}
	out.Job, out.Base = r.job, *base
	_, err = out.ScheduledSparkApplication()
	if out.Concurrency == "" {
		p := &millrace.Problems{Object: millrace.Ref{Kind: "spark.ScheduledJob", Namespace: out.Namespace, Name: out.Name}}
		p.Required("Concurrency", "say what becomes of a run that is due while another runs: without, the operator starts one run and never another")
		p.Nested("", err)
		return out, p.Err()
	}
	return out, err
}

// kindOf says what an object is.
func kindOf(o millrace.Object) string {
	if u, ok := o.(*unstructured.Unstructured); ok && u != nil {
		return millrace.RefOf(u).String() + " of " + u.GetAPIVersion()
	}
	return fmt.Sprintf("%T", o)
}
