package spark

import (
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
)

// ScheduledJob starts runs of a Job by the clock. It makes one
// ScheduledSparkApplication (sparkoperator.k8s.io/v1beta2), of which the Spark
// operator of Kubeflow makes a SparkApplication for each run.
//
// Nothing of a run depends on its time: the operator has no way to hand it to
// the job. A job that needs its date takes it from its own clock, or is the Run
// of a workflow's task, under a workflow.Cron.
//
// Build and the other methods neither change the ScheduledJob nor keep memory
// in common with it; they may be called concurrently.
type ScheduledJob struct {
	// Name is the name of the ScheduledSparkApplication.
	//
	// Required. At most 43 lower-case letters, digits and dashes, the first one
	// a letter: runs are called <name>-<nanoseconds>, 20 characters more, and a
	// SparkApplication's name has at most 63. No webhook checks that; each run
	// would fail.
	//
	// Rendered as metadata.name.
	// Source: Spark operator v2.5.1, createSparkApplication; its issue 2602.
	Name string
	// Namespace is where the runs run.
	//
	// Zero leaves it to whoever applies the manifest.
	//
	// Rendered as metadata.namespace.
	Namespace string
	// Labels go onto the ScheduledSparkApplication, and from there, by the
	// operator, onto every run and its pods. Those of Job are joined with them.
	//
	// Rendered as metadata.labels.
	Labels map[string]string
	// Annotations go onto the ScheduledSparkApplication only.
	//
	// Rendered as metadata.annotations.
	Annotations map[string]string

	// Schedule is when runs start: a cron expression of five fields, "@daily"
	// and its like, or "@every 6h". It may begin with its zone
	// ("CRON_TZ=Europe/Berlin 0 3 * * *"), and then TimeZone stays empty. A run
	// that was due while the operator was away starts when it is back.
	//
	// Required. One that never comes to pass, such as the 30th of February, is
	// a mistake.
	//
	// Rendered as spec.schedule.
	Schedule string
	// TimeZone is where the clock hangs: "Europe/Berlin". In zones with
	// daylight saving, times between 0:00 and 3:00 come twice, or not at all,
	// on one day of the year each.
	//
	// Zero means UTC; the operator itself would take the zone of its own pod,
	// which is nobody's decision, and may change with its image or node.
	//
	// Rendered as spec.timeZone.
	// Source: Spark operator v2.5.1, scheduledsparkapplication_types.go ("Local").
	TimeZone string
	// Concurrency is what happens when a run is due while another still runs.
	//
	// Zero means ForbidConcurrent, because two runs of one job write to the
	// same tables. It is always written out: where it is empty, the operator
	// starts the first run and never another.
	//
	// Rendered as spec.concurrencyPolicy.
	// Source: Spark operator v2.5.1, shouldStartNextRun.
	Concurrency Concurrency
	// KeepSucceeded and KeepFailed are how many finished runs are kept at most,
	// with their driver pods and logs. Those beyond go when the next run
	// starts.
	//
	// Nil means 3 and 7; zero keeps none. The operator's own default is 1 and 1,
	// with which the failure that began a row is gone when somebody looks.
	//
	// Rendered as spec.successfulRunHistoryLimit and spec.failedRunHistoryLimit.
	KeepSucceeded, KeepFailed *int32
	// Suspended starts no runs; one that runs goes on. False starts them.
	//
	// Rendered as spec.suspend.
	Suspended bool

	// Job is what runs. It has no Name, Namespace and Annotations of its own,
	// and its target is SparkOperator. With its NoDefaults the schedule has no
	// defaults either, but for Concurrency.
	//
	// Zero of its Lifecycle.TimeToLive keeps runs until KeepSucceeded and
	// KeepFailed let them go, instead of a day.
	//
	// Required. Rendered as spec.template.
	Job *Job
	// Base reaches what has no field here. Its Template stays empty: Job.Base
	// is the Base of the runs.
	Base v1beta2.ScheduledSparkApplicationSpec
}

// Concurrency is what happens when a run is due while another one still runs.
type Concurrency string

// The ways to deal with runs that are due at a time.
const (
	// ForbidConcurrent leaves out the new one.
	ForbidConcurrent Concurrency = "Forbid"
	// ReplaceConcurrent deletes the old one, its pods with it.
	ReplaceConcurrent Concurrency = "Replace"
	// AllowConcurrent has both run side by side.
	AllowConcurrent Concurrency = "Allow"
)

// Build checks the ScheduledJob and returns its ScheduledSparkApplication. The
// error is a *millrace.BuildError with every mistake, those of the job among
// them.
func (s *ScheduledJob) Build() (millrace.Parts, error) {
	app, err := s.ScheduledSparkApplication()
	if err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: []millrace.Object{app}, PlacedOn: s.Job.placedOn()}, nil
}
