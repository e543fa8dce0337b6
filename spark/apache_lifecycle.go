package spark

import (
	"math"
	"time"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/spark/apachev1"
)

const (
	// defaultStart is how long a pod may have to wait for a new node.
	// Source: Cluster Autoscaler FAQ, max-node-provision-time; Karpenter,
	// registration TTL of node claims.
	defaultStart = 15 * time.Minute
	// defaultReady, defaultTermination and defaultRequeue are the operator's.
	// Source: Apache Spark Kubernetes Operator, ApplicationTimeoutConfig.java.
	defaultReady       = 5 * time.Minute
	defaultTermination = 5 * time.Minute
	defaultRequeue     = 2 * time.Second
	// endless stands for no end of attempts: the operator always has a bound.
	endless = math.MaxInt32
	// steady is the time after which a stream's attempt doesn't count any more.
	steady = time.Hour
	// noTime is how the operator spells that nothing is deleted after a while.
	noTime = -1
)

// tolerations returns what the job and the target say themselves.
func (t ApacheOperator) tolerations(spec *v1beta2.SparkApplicationSpec) *apachev1.ApplicationTolerations {
	r, times := &spec.RestartPolicy, &t.Timeouts
	return nonZero(apachev1.ApplicationTolerations{
		RestartConfig: nonZero(apachev1.RestartConfig{
			RestartPolicy:                            apachev1.RestartPolicy(r.Type),
			MaxRestartOnFailure:                      wide(r.OnFailureRetries),
			RestartBackoffMillis:                     secondsToMillis(r.OnFailureRetryInterval),
			MaxRestartOnSchedulingFailure:            wide(r.OnSubmissionFailureRetries),
			RestartBackoffMillisForSchedulingFailure: secondsToMillis(r.OnSubmissionFailureRetryInterval),
		}),
		ApplicationTimeoutConfig: nonZero(apachev1.ApplicationTimeoutConfig{
			DriverStartTimeoutMillis:          millisOf(times.DriverStart),
			DriverReadyTimeoutMillis:          millisOf(times.DriverReady),
			ExecutorStartTimeoutMillis:        millisOf(times.ExecutorStart),
			ForceTerminationGracePeriodMillis: nonZero(times.Termination.Milliseconds()),
			TerminationRequeuePeriodMillis:    nonZero(times.Requeue.Milliseconds()),
		}),
		ResourceRetainPolicy:         apachev1.ResourceRetainPolicy(t.Retain),
		ResourceRetainDurationMillis: nonZero(t.RetainFor.Milliseconds()),
		TTLAfterStopMillis:           secondsToMillis(spec.TimeToLiveSeconds),
	})
}

// finish fills the gaps of what Base, the job and the target say. A task's needs
// are filled in with NoDefaults as well.
func (j *Job) finish(spec *apachev1.ApplicationSpec, app *v1beta2.SparkApplicationSpec, where surroundings) {
	fill := func(t apachev1.ApplicationTolerations) {
		overlay.Fill(spec, &apachev1.ApplicationSpec{ApplicationTolerations: &t})
	}
	if where == inTask {
		fill(apachev1.ApplicationTolerations{
			RestartConfig:                &apachev1.RestartConfig{RestartPolicy: apachev1.RestartPolicyNever},
			ResourceRetainPolicy:         apachev1.ResourceRetainPolicyOnFailure,
			ResourceRetainDurationMillis: new(int64(noTime)),
			TTLAfterStopMillis:           new(int64(noTime)),
		})
	}
	if j.NoDefaults {
		return
	}
	start := defaultStart
	if !notAValue(j.Scheduler) {
		start = 0
	}
	fill(apachev1.ApplicationTolerations{
		RestartConfig: &apachev1.RestartConfig{RestartPolicy: apachev1.RestartPolicyOnFailure},
		ApplicationTimeoutConfig: &apachev1.ApplicationTimeoutConfig{
			DriverStartTimeoutMillis:          new(start.Milliseconds()),
			DriverReadyTimeoutMillis:          new(defaultReady.Milliseconds()),
			ExecutorStartTimeoutMillis:        new(start.Milliseconds()),
			ForceTerminationGracePeriodMillis: new(defaultTermination.Milliseconds()),
			TerminationRequeuePeriodMillis:    new(defaultRequeue.Milliseconds()),
		},
		InstanceConfig:       thresholds(app),
		ResourceRetainPolicy: apachev1.ResourceRetainPolicyNever,
		TTLAfterStopMillis:   new(defaultTimeToLive.Milliseconds()),
	})
	fill(apachev1.ApplicationTolerations{RestartConfig: apacheRestart(spec.ApplicationTolerations.RestartConfig)})
}

// apacheRestart writes out the restart config that a policy needs. The general
// limit counts every attempt, so that it holds those of both kinds.
// Source: Apache Spark Kubernetes Operator, docs/spark_custom_resources.md,
// "Granular Restart Control".
func apacheRestart(have *apachev1.RestartConfig) *apachev1.RestartConfig {
	out := &apachev1.RestartConfig{
		RestartBackoffMillis:                     new(defaultRetryInterval.Milliseconds()),
		RestartBackoffMillisForSchedulingFailure: new(defaultSubmissionInterval.Milliseconds()),
	}
	switch have.RestartPolicy {
	case apachev1.RestartPolicyNever:
		return &apachev1.RestartConfig{MaxRestartAttempts: new(int64(0))}
	case apachev1.RestartPolicyAlways:
		out.MaxRestartAttempts = new(int64(endless))
		out.RestartCounterResetMillis = new(steady.Milliseconds())
		return out
	}
	out.MaxRestartOnFailure = new(int64(defaultRetries))
	out.MaxRestartOnSchedulingFailure = new(int64(defaultSubmissionRetries))
	failures, submissions := out.MaxRestartOnFailure, out.MaxRestartOnSchedulingFailure
	if have.MaxRestartOnFailure != nil {
		failures = have.MaxRestartOnFailure
	}
	if have.MaxRestartOnSchedulingFailure != nil {
		submissions = have.MaxRestartOnSchedulingFailure
	}
	out.MaxRestartAttempts = new(*failures + *submissions)
	return out
}

// thresholds are the numbers of executors by which the operator judges an
// application: below the first, it gives up after a while; below the second, it
// says so; the third tells a fixed number that is not complete. A job is worth
// keeping as soon as one executor works, and with dynamic allocation only the
// least number is there for certain.
// Source: Apache Spark Kubernetes Operator, AppRunningStep.java.
func thresholds(spec *v1beta2.SparkApplicationSpec) *apachev1.ExecutorInstanceConfig {
	least, most := application{spec, ""}.executors()
	enough := int64(least)
	if least == most {
		enough = min(enough, 1)
	}
	return &apachev1.ExecutorInstanceConfig{InitExecutors: &enough, MinExecutors: new(enough), MaxExecutors: new(int64(most))}
}

// checkTolerations reports what doesn't go together once all is filled in.
func (j *Job) checkTolerations(p *millrace.Problems, spec *apachev1.ApplicationSpec, where surroundings) {
	t := deref(spec.ApplicationTolerations)
	restart := deref(t.RestartConfig)
	if where != inTask {
		restarts := restart.RestartPolicy != "" && restart.RestartPolicy != apachev1.RestartPolicyNever
		if restarts && t.ResourceRetainPolicy != "" && t.ResourceRetainPolicy != apachev1.ResourceRetainPolicyNever {
			p.Conflict("Target.Retain", "a job that may restart gives everything back after each attempt, the last one too", "leave it out, or set Lifecycle.Restart to spark.Never")
		}
		return
	}
	const why = "the task couldn't tell success from failure: "
	if restart.RestartPolicy != apachev1.RestartPolicyNever {
		p.Conflict("Lifecycle.Restart", why+"a job that has used up its restarts ends in the same state as one that succeeded", "leave it out, or use spark.Never")
	} else if j.Lifecycle.Restart == "" {
		j.checkOnce(p, &restart)
	}
	if t.ResourceRetainPolicy != apachev1.ResourceRetainPolicyOnFailure {
		p.Conflict("Target.Retain", why+"only what failed may be kept", "leave it out, or use spark.RetainOnFailure")
	}
	if deref(t.ResourceRetainDurationMillis) >= 0 {
		p.Conflict("Target.RetainFor", why+"a failed job that is given back ends as one that succeeded", "leave it out: the end of the workflow deletes it")
	}
	if deref(t.TTLAfterStopMillis) >= 0 {
		p.Conflict("Lifecycle.TimeToLive", why+"a failed job that is given back ends as one that succeeded", "leave it out: the end of the workflow deletes it")
	}
}

// checkOnce reports what a job says about restarts that a task doesn't make.
func (j *Job) checkOnce(p *millrace.Problems, restart *apachev1.RestartConfig) {
	for _, set := range []struct {
		field string
		value bool
	}{
		{"Lifecycle.Retries", deref(restart.MaxRestartOnFailure) != 0},
		{"Lifecycle.SubmissionRetries", deref(restart.MaxRestartOnSchedulingFailure) != 0},
		{"Lifecycle.RetryInterval", j.Lifecycle.RetryInterval != 0},
		{"Lifecycle.SubmissionRetryInterval", j.Lifecycle.SubmissionRetryInterval != 0},
	} {
		if set.value {
			p.Conflict(set.field, "in a task, Apache's operator runs the job once", "leave it out")
		}
	}
}

func wide(n *int32) *int64 {
	if n == nil {
		return nil
	}
	return new(int64(*n))
}

func secondsToMillis(s *int64) *int64 {
	if s == nil {
		return nil
	}
	return new(*s * 1000)
}

func millisOf(d *time.Duration) *int64 {
	if d == nil {
		return nil
	}
	return new(d.Milliseconds())
}
