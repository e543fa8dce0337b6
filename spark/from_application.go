package spark

import (
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// FromApplication returns the job that renders as a SparkApplication does, of
// sparkoperator.k8s.io/v1beta2 or of spark.apache.org/v1: one that was written by
// hand, or read by millrace.Load. What fields of a Job say in the same way is in
// these fields, and the rest in its Base and that of its Target. It has
// NoDefaults set; without, it gets millrace's defaults where the application
// says nothing.
//
// The error is a *millrace.BuildError where the application holds what a Job
// refuses, such as a setting that Spark doesn't know; the job is returned
// beside it, to be corrected. It is of another type, and the job nil, for
// another kind of object, and for fields that the API doesn't have. The job
// shares no memory with the object.
func FromApplication(o millrace.Object) (*Job, error) {
	o, err := strictly(o, "SparkApplication")
	if err != nil {
		return nil, fmt.Errorf("spark job from %w", err)
	}
	switch app := o.(type) {
	case *v1beta2.SparkApplication:
		if app != nil {
			return fromKubeflow(app.DeepCopy())
		}
	case *apachev1.SparkApplication:
		if app != nil {
			return fromApache(app.DeepCopy())
		}
	}
	return nil, fmt.Errorf("spark job from %s: not a SparkApplication of %s or %s", kindOf(o), v1beta2.SchemeGroupVersion, apachev1.GroupVersion)
}

// fromKubeflow takes the application for itself.
func fromKubeflow(app *v1beta2.SparkApplication) (*Job, error) {
	original := app.DeepCopy()
	r := applicationReader{spec: &app.Spec, job: jobOf(app.ObjectMeta)}
	r.read()
	r.job.Base = *r.spec
	job := r.job.scheduled(func(j *Job) bool {
		again, err := j.SparkApplication()
		return err == nil && equality.Semantic.DeepEqual(original, again)
	})
	_, err := job.SparkApplication()
	return job, err
}

func jobOf(meta metav1.ObjectMeta) *Job {
	return &Job{Name: meta.Name, Namespace: meta.Namespace, Labels: meta.Labels, Annotations: meta.Annotations, NoDefaults: true}
}

// applicationReader moves a spec into the fields of a job. Its spec shrinks:
// what remains is the job's Base.
type applicationReader struct {
	spec *v1beta2.SparkApplicationSpec
	job  *Job
}

func (r *applicationReader) read() {
	s, j := r.spec, r.job
	j.Language, s.Type = Language(s.Type), ""
	j.Version, s.SparkVersion = s.SparkVersion, ""
	takeText(&j.Image, &s.Image)
	takeText(&j.Main, &s.MainApplicationFile)
	takeText(&j.Class, &s.MainClass)
	take(&j.Args, &s.Arguments)
	takeText(&j.Deps.PullPolicy, &s.ImagePullPolicy)
	take(&j.Deps.PullSecrets, &s.ImagePullSecrets)
	take(&j.Deps.Jars, &s.Deps.Jars)
	take(&j.Deps.Files, &s.Deps.Files)
	take(&j.Deps.PyFiles, &s.Deps.PyFiles)
	take(&j.Deps.Archives, &s.Deps.Archives)
	take(&j.Deps.Packages, &s.Deps.Packages)
	take(&j.Deps.ExcludePackages, &s.Deps.ExcludePackages)
	take(&j.Deps.Repositories, &s.Deps.Repositories)
	take(&j.HadoopConf, &s.HadoopConf)
	r.readLifecycle()
	r.readDriver()
	r.readExecutor()
	if d, e := &j.Driver, &j.Executor; reflect.DeepEqual(d.Placement, e.Placement) {
		j.Placement, d.Placement, e.Placement = d.Placement, millrace.Placement{}, millrace.Placement{}
	}
	j.Base = *s // which some settings depend on
	r.readConf()
}

func (r *applicationReader) readLifecycle() {
	from, to := &r.spec.RestartPolicy, &r.job.Lifecycle
	if deref(r.spec.Suspend) {
		to.Suspended, r.spec.Suspend = true, nil
	}
	to.Restart, from.Type = RestartPolicy(from.Type), ""
	if to.Restart == Never { // beside which a Job's fields say nothing more
		return
	}
	take(&to.Retries, &from.OnFailureRetries)
	take(&to.SubmissionRetries, &from.OnSubmissionFailureRetries)
	takeSeconds(&to.RetryInterval, &from.OnFailureRetryInterval)
	takeSeconds(&to.SubmissionRetryInterval, &from.OnSubmissionFailureRetryInterval)
	takeSeconds(&to.TimeToLive, &r.spec.TimeToLiveSeconds)
}

func (r *applicationReader) readDriver() {
	from, to := &r.spec.Driver, &r.job.Driver
	takeNumber(&to.Cores, &from.Cores)
	takeText(&to.CoreRequest, &from.CoreRequest)
	takeText(&to.CoreLimit, &from.CoreLimit)
	takeSize(&to.Memory, &from.Memory, minMemory)
	takeSize(&to.MemoryOverhead, &from.MemoryOverhead, millrace.MiB)
	takeText(&to.ServiceAccount, &from.ServiceAccount)
	takeText(&to.JavaOptions, &from.JavaOptions)
	take(&to.Labels, &from.Labels)
	take(&to.Annotations, &from.Annotations)
	parts := readTemplate(driverRole, r.spec, true)
	to.Placement, to.PriorityClass, to.Env, to.EnvFrom = parts.placement, parts.priorityClass, parts.env, parts.envFrom
	to.Security, to.GracePeriod = parts.security, parts.gracePeriod
}

func (r *applicationReader) readExecutor() {
	from, to := &r.spec.Executor, &r.job.Executor
	takeNumber(&to.Cores, &from.Cores)
	takeText(&to.CoreRequest, &from.CoreRequest)
	takeText(&to.CoreLimit, &from.CoreLimit)
	takeSize(&to.Memory, &from.Memory, minMemory)
	takeSize(&to.MemoryOverhead, &from.MemoryOverhead, millrace.MiB)
	takeText(&to.ServiceAccount, &from.ServiceAccount)
	takeText(&to.JavaOptions, &from.JavaOptions)
	take(&to.Labels, &from.Labels)
	take(&to.Annotations, &from.Annotations)
	r.readAllocation()
	if to.DynamicAllocation == (DynamicAllocation{}) {
		takeNumber(&to.Instances, &from.Instances)
	}
	parts := readTemplate(executorRole, r.spec, r.movesGrace())
	to.Placement, to.PriorityClass, to.Env, to.EnvFrom = parts.placement, parts.priorityClass, parts.env, parts.envFrom
	to.Security, to.GracePeriod = parts.security, parts.gracePeriod
}

func (r *applicationReader) readAllocation() {
	a := r.spec.DynamicAllocation
	if a == nil || !a.Enabled || a.MinExecutors == nil || deref(a.MaxExecutors) <= 0 ||
		a.InitialExecutors != nil && *a.InitialExecutors == 0 || a.ShuffleTrackingTimeout != nil && *a.ShuffleTrackingTimeout == 0 {
		return
	}
	r.job.Executor.DynamicAllocation = DynamicAllocation{
		Min: *a.MinExecutors, Initial: deref(a.InitialExecutors), Max: *a.MaxExecutors, ShuffleTracking: a.ShuffleTrackingEnabled,
		ShuffleTrackingTimeout: time.Duration(deref(a.ShuffleTrackingTimeout)) * time.Millisecond,
	}
	r.spec.DynamicAllocation = nil
}

// movesGrace reports whether the executors' grace period can be the field's,
// which since graceSince writes a setting as well.
func (r *applicationReader) movesGrace() bool {
	if !parseVersion(r.job.Version).atLeast(graceSince) {
		return true
	}
	t := r.spec.Executor.Template
	if t == nil || t.Spec.TerminationGracePeriodSeconds == nil ||
		r.spec.SparkConf[keyExecutorGrace] != strconv.FormatInt(*t.Spec.TerminationGracePeriodSeconds, 10)+"s" {
		return false
	}
	delete(r.spec.SparkConf, keyExecutorGrace)
	return true
}

// readTemplate moves what the fields of a role say out of its pod template.
func readTemplate(r role, spec *v1beta2.SparkApplicationSpec, grace bool) podParts {
	var parts podParts
	pod := r.pod(spec)
	t := pod.Template
	if t == nil || len(t.Spec.Containers) == 0 {
		return parts
	}
	own := -1
	for i := range t.Spec.Containers {
		if t.Spec.Containers[i].Name == r.container() {
			own = i
		}
	}
	if own < 0 {
		return parts // Spark takes the first one, whatever its name
	}
	c := &t.Spec.Containers[own]
	// Beside the fields that the operator's webhook carries to the pods, a Job's
	// own refuse to say the same.
	takeUnless(pod.NodeSelector != nil || spec.NodeSelector != nil, &parts.placement.NodeSelector, &t.Spec.NodeSelector)
	takeUnless(pod.Tolerations != nil, &parts.placement.Tolerations, &t.Spec.Tolerations)
	takeUnless(pod.Affinity != nil, &parts.placement.Affinity, &t.Spec.Affinity)
	takeUnless(r.priorityClass(spec) != nil, &parts.priorityClass, &t.Spec.PriorityClassName)
	takeUnless(pod.PodSecurityContext != nil, &parts.security.Pod, &t.Spec.SecurityContext)
	if grace && pod.TerminationGracePeriodSeconds == nil {
		takeSeconds(&parts.gracePeriod, &t.Spec.TerminationGracePeriodSeconds)
	}
	takeUnless(pod.Env != nil, &parts.env, &c.Env)
	takeUnless(pod.EnvFrom != nil, &parts.envFrom, &c.EnvFrom)
	takeUnless(pod.SecurityContext != nil, &parts.security.Container, &c.SecurityContext)
	if parts.template(r) != nil {
		r.dropBare(spec)
	}
	return parts
}

// dropBare drops a template that says nothing.
func (r role) dropBare(spec *v1beta2.SparkApplicationSpec) {
	bare := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: r.container()}}}}
	if reflect.DeepEqual(r.pod(spec).Template, bare) {
		r.pod(spec).Template = nil
	}
}

// readConf moves settings into the fields that govern them where these say the
// same, and leaves those that a field of the operator would override to Base.
func (r *applicationReader) readConf() {
	conf := maps.Clone(r.spec.SparkConf)
	maps.DeleteFunc(r.spec.SparkConf, func(key, _ string) bool { _, ok := governor(key); return !ok })
	maps.DeleteFunc(conf, func(key, _ string) bool { _, ok := governor(key); return ok })
	r.job.Conf = conf
	c := confReader{job: r.job, version: parseVersion(r.job.Version)}
	c.read()
	if len(r.spec.SparkConf) == 0 {
		r.spec.SparkConf = nil
	}
	if len(r.job.Conf) == 0 {
		r.job.Conf = nil
	}
}

// take moves what is set.
func take[T any](dst, src *T) {
	*dst = *src
	*src = *new(T)
}

func takeUnless[T any](said bool, dst, src *T) {
	if !said {
		take(dst, src)
	}
}

// takeText moves a text, unless it is the empty one, which no field can say.
func takeText[T ~string](dst *T, src **string) {
	if deref(*src) != "" {
		*dst, *src = T(**src), nil
	}
}

func takeNumber(dst *int32, src **int32) {
	if deref(*src) > 0 {
		*dst, *src = **src, nil
	}
}

func takeSeconds(dst *time.Duration, src **int64) {
	const most = int64(1<<63-1) / int64(time.Second)
	if n := deref(*src); n > 0 && n <= most {
		*dst, *src = time.Duration(n)*time.Second, nil
	}
}

// takeSize moves a size that a field would spell the same.
func takeSize(dst *millrace.Bytes, src **string, least millrace.Bytes) {
	if b, ok := parseSize(deref(*src), "m"); ok && b.JVM() == **src && b >= least && b <= maxMemory && b%millrace.MiB == 0 {
		*dst, *src = b, nil
	}
}

// parseSeconds reads what seconds writes.
func parseSeconds(s string) (time.Duration, bool) {
	n, err := strconv.ParseInt(strings.TrimSuffix(s, "s"), 10, 64)
	d := time.Duration(n) * time.Second
	return d, err == nil && n > 0 && seconds(d) == s
}
