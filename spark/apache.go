package spark

import (
	"time"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// ApacheOperator is the Spark operator of Apache, version 1.0 and later. The
// Job becomes a SparkApplication of spark.apache.org/v1: what spark-submit would
// be told stands in spec.sparkConf, and the pod templates in the spec itself.
// Where a field's comment names a field of Kubeflow's operator, this is the
// setting that spark-submit has for it.
//
// It restarts as Lifecycle says, with two differences. A job that restarts
// Always is not given up after three attempts, as the operator would: it has
// two thousand million, and an attempt that ran for an hour counts as the first.
// And a failed submission counts as an attempt, so that there are Retries and
// SubmissionRetries of them together.
//
// In a workflow's task the job runs once, as if Lifecycle.Restart were Never,
// keeps what failed until the workflow goes, and has no time to live: only so
// does the operator end in a state that tells success from failure (Runnable).
//
// A name of more than 44 characters is cut and hashed in the names of the pods.
type ApacheOperator struct {
	// Timeouts say how long the operator waits before it gives up an attempt.
	Timeouts Timeouts
	// Retain says what the operator leaves of the pods of a job that has ended.
	//
	// Zero means RetainNever; in a workflow's task it means RetainOnFailure.
	// The others work only where Lifecycle.Restart is Never: a job that may
	// restart gives all of it back after every attempt.
	//
	// Rendered as spec.applicationTolerations.resourceRetainPolicy.
	// Source: Apache Spark Kubernetes Operator, ApplicationStateSummary, which
	// keeps it out of production.
	Retain RetainPolicy
	// RetainFor is how long they are left.
	//
	// Zero means as long as the SparkApplication is there. Whole milliseconds,
	// and only with Retain.
	//
	// Rendered as spec.applicationTolerations.resourceRetainDurationMillis.
	RetainFor time.Duration
	// Base reaches every field of the operator's spec that neither the Job nor
	// its Base has: ingresses and routes to the driver, config maps, the versions
	// of Java and Scala, the operator's thresholds for executors. A field set in
	// both is a conflict.
	Base apachev1.ApplicationSpec
}

// Timeouts say how long Apache's operator waits. All of them are written out.
type Timeouts struct {
	// DriverStart is the time until the driver's pod runs.
	//
	// Nil means 15 min, in which a pool without nodes brings one up or both
	// autoscalers give it up; with a Scheduler, where the driver may wait for its
	// turn, it means for ever. Zero means for ever. Whole milliseconds.
	//
	// Rendered as driverStartTimeoutMillis.
	// Source: Cluster Autoscaler FAQ, max-node-provision-time; Karpenter,
	// registration TTL of node claims. The operator's own default is 5 min.
	DriverStart *time.Duration
	// DriverReady is the time from then until the driver's pod is ready.
	//
	// Nil means 5 min. Zero means for ever. Whole milliseconds.
	//
	// Rendered as driverReadyTimeoutMillis.
	// Source: Apache Spark Kubernetes Operator, ApplicationTimeoutConfig.
	DriverReady *time.Duration
	// ExecutorStart is the time from then until one executor is ready, or
	// Executor.DynamicAllocation.Min of them. With a Min of zero nothing waits
	// for executors.
	//
	// Nil means 15 min, or for ever with a Scheduler, as for DriverStart. Zero
	// means for ever. Whole milliseconds.
	//
	// Rendered as executorStartTimeoutMillis.
	ExecutorStart *time.Duration
	// Termination is the time that pods have to end before they are deleted by
	// force.
	//
	// Zero means 5 min. Whole milliseconds.
	//
	// Rendered as forceTerminationGracePeriodMillis.
	// Source: Apache Spark Kubernetes Operator, ApplicationTimeoutConfig.
	Termination time.Duration
	// Requeue is the pause before the operator looks at an ending job again.
	//
	// Zero means 2 s. Whole milliseconds.
	//
	// Rendered as terminationRequeuePeriodMillis.
	// Source: Apache Spark Kubernetes Operator, ApplicationTimeoutConfig.
	Requeue time.Duration
}

// RetainPolicy says what Apache's operator leaves of a job that has ended.
type RetainPolicy string

// The retain policies of Apache's operator.
const (
	// RetainNever deletes the pods.
	RetainNever RetainPolicy = "Never"
	// RetainOnFailure leaves those of a job that failed. A driver that came too
	// late is left as well, and may still run.
	RetainOnFailure RetainPolicy = "OnFailure"
	// RetainAlways leaves all of them.
	RetainAlways RetainPolicy = "Always"
)

// The conditions by which a workflow's task knows how a job ended that runs
// once, keeps what failed and has no time to live. Of the states in which the
// operator is done, such a job reaches ResourceReleased after success alone, and
// TerminatedWithoutReleaseResources after every failure; the one exception is
// that it also releases the resources of a job that somebody deletes. Such a task
// waits until the job is gone, which is a failure to Argo.
//
// With restarts there is no telling: a job that has used up its attempts, or
// whose spec the operator can't make pods of, ends in ResourceReleased as well.
// Source: Apache Spark Kubernetes Operator 1.0.0, AppCleanUpStep.java and
// ApplicationStatus.java.
const (
	apacheState     = "status.currentState.currentStateSummary"
	apacheSucceeded = apacheState + " == " + string(apachev1.ApplicationStateSummaryResourceReleased) + ", !metadata.deletionTimestamp"
	apacheFailed    = apacheState + " == " + string(apachev1.ApplicationStateSummaryTerminatedWithoutReleaseResources)
)

func (ApacheOperator) target() {}

// ApacheApplication checks the job and returns its SparkApplication of
// spark.apache.org/v1. With another target there is none, which is reported.
func (j *Job) ApacheApplication() (*apachev1.SparkApplication, error) {
	app, p := j.compose(alone)
	if j == nil {
		return nil, p.Err()
	}
	target, ok := j.Target.(ApacheOperator)
	if !ok {
		p.Unsupported("Target", "only Apache's operator has this SparkApplication", "use spark.ApacheOperator{}")
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	out := target.application(j, app, alone, p)
	if err := p.Err(); err != nil {
		return nil, err
	}
	return out, nil
}

// runnable makes a task's object of what compose returned.
func (t ApacheOperator) runnable(j *Job, app *v1beta2.SparkApplication, p *millrace.Problems) (millrace.Runnable, error) {
	out := t.application(j, app, inTask, p)
	if err := p.Err(); err != nil {
		return millrace.Runnable{}, err
	}
	return millrace.Runnable{Object: out, Succeeded: apacheSucceeded, Failed: apacheFailed, NameBudget: maxName, PlacedOn: j.placedOn()}, nil
}
