package spark

import (
	"fmt"
	"time"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/spot"
)

const (
	// defaultDriverCores: the driver plans, and one core does that for most
	// jobs. Source: Spark configuration, spark.driver.cores.
	defaultDriverCores = 1
	// defaultDriverMemory is twice Spark's 1 GiB, which results of a few
	// hundred tasks and one broadcast table already fill.
	defaultDriverMemory = 2 * millrace.GiB
	// defaultExecutorCores is the least with which tasks share what is
	// loaded once for each executor.
	defaultExecutorCores = 2
	// defaultExecutorMemory is 2 GiB for each task, and with Spark's overhead
	// fits twice on a node of 16 GiB.
	defaultExecutorMemory = 4 * millrace.GiB
	// defaultInstances is Spark's own on Kubernetes: the loss of one doesn't
	// stop the job. The operator's default is 1.
	// Source: apache/spark, SchedulerBackendUtils.DEFAULT_NUMBER_EXECUTORS.
	defaultInstances = 2
	// defaultExecutorGrace leaves time to move blocks away, and ends well
	// within the two minutes' notice of a spot node. Kubernetes' 30 s don't
	// suffice for a few GiB.
	// Source: EMR on EKS best practices, node decommission (60 to 120 s).
	defaultExecutorGrace = 60 * time.Second

	// The restart policy of a batch job: a lost driver is tried again, and an
	// API server that is down for some minutes is waited for.
	// Source: Spark operator, working with SparkApplications.
	defaultRetries            = 3
	defaultRetryInterval      = 30 * time.Second
	defaultSubmissionRetries  = 5
	defaultSubmissionInterval = 20 * time.Second
	// defaultTimeToLive keeps what failed at night until somebody looks, and
	// etcd small.
	// Source: Spark operator documentation; EMR on EKS, known factors.
	defaultTimeToLive = 24 * time.Hour

	// defaultMeasured is Spark's own bound for broadcast tables, applied to
	// sizes that are measured and not guessed.
	// Source: Spark configuration, spark.sql.autoBroadcastJoinThreshold.
	defaultMeasured = 10 * millrace.MiB
	// measuredSince is the first Spark with a bound of its own for them.
	measuredSince = "3.2"

	// apiTimeout, in milliseconds, replaces Spark's 10 s, in which a busy API
	// server doesn't answer when some hundred executors start.
	// Source: Data on EKS, whose manifests use 60 to 120 s.
	apiTimeout = "60000"
	// allocationBatch is how many executors are asked for at once, Spark's
	// default since 4.2 (SPARK-54422); it was 5 and 10 before.
	allocationBatch = "20"
	// graceSince is the first Spark that overrides a template's grace period.
	graceSince = "4.1"
	// minRollSize is the least that Spark takes.
	// Source: apache/spark, EventLogFileWriters.
	minRollSize = 10 * millrace.MiB
	// rollSize is the size at which an event log is rolled.
	// Source: Spark configuration, spark.eventLog.rolling.maxFileSize.
	rollSize = 128 * millrace.MiB

	// failuresValidity lets a stream forget the executors that it lost long
	// ago. Without it the losses of months add up to Spark's budget of twice
	// the executors, and end the driver (exit code 11).
	// Source: Spark configuration, spark.executor.failuresValidityInterval.
	failuresValidity = "1h"
	// failuresSince is the first Spark with that budget on Kubernetes.
	failuresSince = "3.5"

	// sparkUser is the user of the official Spark images.
	// Source: apache/spark, resource-managers/kubernetes/docker, Dockerfile.
	sparkUser = 185
)

const (
	keyStaticBroadcast   = "spark.sql.autoBroadcastJoinThreshold"
	keyMeasuredBroadcast = "spark.sql.adaptive.autoBroadcastJoinThreshold"
	keyExecutorGrace     = "spark.kubernetes.executor.terminationGracePeriodSeconds"
	keyIdleTimeout       = "spark.dynamicAllocation.executorIdleTimeout"
)

// defaults returns what fills the gaps of a spec. It depends on the spec
// where one default rests on another's value.
func (j *Job) defaults(spec *v1beta2.SparkApplicationSpec, language Language, asked *settings) v1beta2.SparkApplicationSpec {
	if j.NoDefaults {
		return v1beta2.SparkApplicationSpec{Type: v1beta2.SparkApplicationType(language)}
	}
	v := parseVersion(spec.SparkVersion)
	dynamic := spec.DynamicAllocation != nil && spec.DynamicAllocation.Enabled
	d := v1beta2.SparkApplicationSpec{
		Type:            v1beta2.SparkApplicationType(language),
		Mode:            v1beta2.DeployModeCluster,
		ImagePullPolicy: new(string(PullIfNotPresent)),
		SparkConf: map[string]string{
			keyStaticBroadcast: "-1",
			"spark.kubernetes.submission.connectionTimeout": apiTimeout,
			"spark.kubernetes.submission.requestTimeout":    apiTimeout,
			"spark.kubernetes.driver.connectionTimeout":     apiTimeout,
			"spark.kubernetes.driver.requestTimeout":        apiTimeout,
			"spark.kubernetes.allocation.batch.size":        allocationBatch,
		},
	}
	if _, apache := j.Target.(ApacheOperator); apache {
		// Nothing is submitted: the operator makes the driver's pod itself.
		delete(d.SparkConf, "spark.kubernetes.submission.connectionTimeout")
		delete(d.SparkConf, "spark.kubernetes.submission.requestTimeout")
	}
	if v.atLeast(measuredSince) {
		d.SparkConf[keyMeasuredBroadcast] = threshold(defaultMeasured)
	}
	if v.atLeast(graceSince) {
		d.SparkConf[keyExecutorGrace] = fmt.Sprintf("%ds", j.executorGrace(spec))
	}
	if spec.RestartPolicy.Type == v1beta2.RestartPolicyAlways && v.atLeast(failuresSince) {
		d.SparkConf["spark.executor.failuresValidityInterval"] = failuresValidity
	}
	if len(spec.Deps.Packages) > 0 {
		// The home directory of the pod that resolves them is read-only or
		// missing in the official images. Source: spark-operator issues 1132, 2208.
		d.SparkConf["spark.jars.ivy"] = "/tmp/.ivy2"
	}
	// Conf may name a shuffle service that no Shuffle stands for.
	outside := remote(j.Shuffle) || application{spec, ""}.remoteShuffle()
	if j.Shuffle == nil && !outside {
		defaultShuffle(v, func(key, value string) { d.SparkConf[key] = value })
	}
	asked.fill(&d, spec)

	d.Driver.Cores = new(int32(defaultDriverCores))
	d.Driver.Memory = new(defaultDriverMemory.JVM())
	d.Executor.Cores = new(int32(defaultExecutorCores))
	d.Executor.Memory = new(defaultExecutorMemory.JVM())
	if dynamic {
		d.DynamicAllocation = &v1beta2.DynamicAllocation{ShuffleTrackingEnabled: new(!outside)}
	} else {
		d.Executor.Instances = new(int32(defaultInstances))
	}
	for _, r := range roles {
		pod := r.pod(&d)
		pod.Annotations = millrace.EvictionGuards()
		pod.Template = defaultTemplate(r, r.pod(spec), j.defaultGrace())
	}
	if kubeflow(j.Target) {
		defaultRestart(&d, spec.RestartPolicy.Type)
	}
	return d
}

// defaultRestart writes out all five fields, and the time to live.
func defaultRestart(d *v1beta2.SparkApplicationSpec, policy v1beta2.RestartPolicyType) {
	retries, submissionRetries := int32(defaultRetries), int32(defaultSubmissionRetries)
	if policy == v1beta2.RestartPolicyNever {
		retries, submissionRetries = 0, 0
	}
	d.RestartPolicy = v1beta2.RestartPolicy{
		Type:                             v1beta2.RestartPolicyOnFailure,
		OnFailureRetries:                 &retries,
		OnFailureRetryInterval:           wholeSeconds(defaultRetryInterval),
		OnSubmissionFailureRetries:       &submissionRetries,
		OnSubmissionFailureRetryInterval: wholeSeconds(defaultSubmissionInterval),
	}
	if policy != v1beta2.RestartPolicyAlways {
		d.TimeToLiveSeconds = wholeSeconds(defaultTimeToLive)
	}
}

// executorGrace returns the seconds that a spec gives its executors to end.
func (j *Job) executorGrace(spec *v1beta2.SparkApplicationSpec) int64 {
	if s := spec.Executor.TerminationGracePeriodSeconds; s != nil {
		return *s
	}
	if t := spec.Executor.Template; t != nil && t.Spec.TerminationGracePeriodSeconds != nil {
		return *t.Spec.TerminationGracePeriodSeconds
	}
	return int64(j.defaultGrace() / time.Second)
}

// defaultGrace is how long executors have to end where nobody says it: no longer
// than the cloud leaves to pods that are placed on spot machines.
func (j *Job) defaultGrace() time.Duration {
	placement := j.pod(executorRole).placement
	notice, known := placement.Spot()
	if !known {
		// A pool that somebody has written out by hand is known by its mark.
		notice = spot.Notice(millrace.Pod{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			NodeSelector: placement.NodeSelector, Tolerations: placement.Tolerations,
		}}})
	}
	if notice > 0 {
		return min(defaultExecutorGrace, notice)
	}
	return defaultExecutorGrace
}

// defaultTemplate is the restricted Pod Security profile and the executors'
// grace period. It stays out of what the spec says in the fields that the
// operator's webhook copies to the pod, since these would win.
func defaultTemplate(r role, have *v1beta2.SparkPodSpec, grace time.Duration) *corev1.PodTemplateSpec {
	container := corev1.Container{Name: r.container()}
	t := &corev1.PodTemplateSpec{}
	if have.PodSecurityContext == nil {
		t.Spec.SecurityContext = &corev1.PodSecurityContext{
			RunAsNonRoot:   new(true),
			RunAsUser:      new(int64(sparkUser)),
			FSGroup:        new(int64(sparkUser)),
			SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
		}
	}
	if have.SecurityContext == nil {
		container.SecurityContext = &corev1.SecurityContext{
			AllowPrivilegeEscalation: new(false),
			Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
		}
	}
	if r == executorRole && have.TerminationGracePeriodSeconds == nil {
		t.Spec.TerminationGracePeriodSeconds = wholeSeconds(grace)
	}
	t.Spec.Containers = []corev1.Container{container}
	return t
}
