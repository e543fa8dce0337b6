package spark

import (
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
)

// maxName is the longest name of a SparkApplication, which the operator also
// writes into a label.
const maxName = 63

// nameBudget is the longest name that a task may give to a SparkApplication:
// the driver's pod is called <name>-driver, and a name of up to 63 characters
// is also its host name.
const nameBudget = maxName - len("-driver")

// Build checks the job and returns a SparkApplication, that of the target's
// operator, or, with the target Submit, the script and its pod templates.
func (j *Job) Build() (millrace.Parts, error) {
	if j != nil {
		if _, ok := j.Target.(Submit); ok {
			return j.buildFiles()
		}
	}
	app, p := j.compose(alone)
	if p.Err() != nil {
		return millrace.Parts{}, p.Err()
	}
	if apache, ok := j.Target.(ApacheOperator); ok {
		out := apache.application(j, app, alone, p)
		return millrace.Parts{Objects: []millrace.Object{out}, PlacedOn: j.placedOn()}, p.Err()
	}
	return millrace.Parts{Objects: []millrace.Object{app}, PlacedOn: j.placedOn()}, nil
}

// placedOn returns the pools that the job's pods are placed on.
func (j *Job) placedOn() []millrace.NodeShape {
	return millrace.PlacedOn(j.pod(executorRole).placement, j.pod(driverRole).placement)
}

// further returns the pools of the executors' placement that aren't among those
// given.
func (j *Job) further(given []millrace.NodeShape) []millrace.NodeShape {
	all := millrace.PlacedOn(millrace.Placement{Nodes: given}, j.pod(executorRole).placement)
	return all[len(millrace.PlacedOn(millrace.Placement{Nodes: given})):]
}

// beside returns what a script needs beside itself and the pod templates.
func (j *Job) beside(app *v1beta2.SparkApplication) []besideFile {
	if s, ok := j.Scheduler.(interface {
		beside(app *v1beta2.SparkApplication) []besideFile
	}); ok {
		return s.beside(app)
	}
	return nil
}

// SparkApplication checks the job and returns its SparkApplication. With the
// targets ApacheOperator and Submit there is none, which is reported.
func (j *Job) SparkApplication() (*v1beta2.SparkApplication, error) {
	app, p := j.compose(alone)
	if j != nil {
		j.wantOperator(p)
		if _, apache := j.Target.(ApacheOperator); apache {
			p.Unsupported("Target", "Apache's operator has a SparkApplication of its own", "call ApacheApplication, or use spark.SparkOperator{}")
		}
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return app, nil
}

// Runnable checks the job as a workflow's task would run it, and returns its
// SparkApplication without a name, with the conditions by which the task
// knows how it ended. The namespace is the workflow's: an owner reference
// can't cross namespaces. It implements workflow.Runner.
func (j *Job) Runnable(namespace string) (millrace.Runnable, error) {
	app, p := j.compose(inTask)
	if j != nil {
		j.wantOperator(p)
		if j.Name != "" {
			p.Conflict("Name", "the task names the job", "leave Name empty")
		}
		if j.Namespace != "" && j.Namespace != namespace {
			p.Conflict("Namespace", "the workflow runs in "+quoted(namespace)+", and an owner reference can't cross namespaces", "leave Namespace empty")
		}
		if j.Lifecycle.Restart == Always || j.Base.RestartPolicy.Type == v1beta2.RestartPolicyAlways {
			p.Conflict("Lifecycle.Restart", "a job that always restarts never ends, and the task would wait for ever", "use OnFailure or Never")
		}
	}
	if err := p.Err(); err != nil {
		return millrace.Runnable{}, err
	}
	app.Name, app.Namespace = "", namespace
	if apache, ok := j.Target.(ApacheOperator); ok {
		return apache.runnable(j, app, p)
	}
	return millrace.Runnable{
		Object:     app,
		Succeeded:  "status.applicationState.state == " + string(v1beta2.ApplicationStateCompleted),
		Failed:     "status.applicationState.state == " + string(v1beta2.ApplicationStateFailed),
		NameBudget: nameBudget,
		PlacedOn:   j.placedOn(),
	}, nil
}

func (j *Job) wantOperator(p *millrace.Problems) {
	if _, ok := j.Target.(Submit); ok {
		p.Unsupported("Target", "spark-submit makes no SparkApplication", "use spark.SparkOperator{}, or leave Target empty")
	}
}

// surroundings is where a job is built for.
type surroundings int

const (
	alone surroundings = iota
	inTask
	inSchedule
)

// compose makes the SparkApplication from Base, the job's own fields and the
// defaults, in this order, and collects what is wrong.
func (j *Job) compose(where surroundings) (*v1beta2.SparkApplication, *millrace.Problems) {
	app, _, p := j.composed(where, false)
	return app, p
}

// composed is compose, and returns what the job itself says, before the
// defaults, for who asks for it.
func (j *Job) composed(where surroundings, ask bool) (app *v1beta2.SparkApplication, asked *v1beta2.SparkApplicationSpec, p *millrace.Problems) {
	p = &millrace.Problems{Object: millrace.Ref{Kind: "spark.Job"}}
	if j == nil {
		p.Required("", "the *spark.Job is nil: leave it out")
		return nil, nil, p
	}
	p.Object.Namespace, p.Object.Name = j.Namespace, j.Name
	checkText(p, j, where)
	job := clone(j)
	// What a workflow fills in is checked as if it were filled in.
	filled := job
	if where == inTask {
		filled = fillReferences(j)
	}
	v := parseVersion(first(job.Version, job.Base.SparkVersion))
	language, known := filled.language()
	filled.check(p, v, language, where)
	checkValues(p, v, "Conf", job.Conf)
	checkValues(p, v, "Base.SparkConf", job.Base.SparkConf)

	if language == SQL {
		job.runShell()
		language = Scala
	}
	spec := job.Base
	own := job.fields()
	if _, submit := job.Target.(Submit); submit {
		own.RestartPolicy, own.TimeToLiveSeconds = v1beta2.RestartPolicy{}, nil
	}
	settings := job.settings(v)
	settings.lay(p, &own, job.Base.SparkConf)
	for _, path := range overlay.Lay(&spec, &own) {
		p.Conflict("Base."+path, "the job's own field says it as well", "leave one of the two out")
	}
	if known && job.Language == "" && spec.Type == "" {
		job.Language = language
	}
	if ask {
		asked = spec.DeepCopy()
	}
	defaults := job.defaults(&spec, job.Language, settings)
	overlay.Fill(&spec, &defaults)
	if t, ok := job.Target.(Submit); ok {
		spec.Mode = v1beta2.DeployMode(t.mode())
	}
	app = &v1beta2.SparkApplication{
		TypeMeta:   metav1.TypeMeta{APIVersion: v1beta2.SchemeGroupVersion.String(), Kind: "SparkApplication"},
		ObjectMeta: metav1.ObjectMeta{Name: job.Name, Namespace: job.Namespace, Labels: job.Labels, Annotations: job.Annotations},
		Spec:       spec,
	}
	job.growOverhead(&app.Spec)
	if !notAValue(job.Scheduler) {
		job.Scheduler.schedule(p, app, job.Target)
	}
	filled.checkSpec(p, &app.Spec)
	return app, asked, p
}

// language returns what the job is written in, and whether that is known.
func (j *Job) language() (Language, bool) {
	if l := first(string(j.Language), string(j.Base.Type)); l != "" {
		return Language(l), true
	}
	main := lower(first(j.Main, deref(j.Base.MainApplicationFile)))
	switch {
	case strings.HasSuffix(main, ".py"):
		return Python, true
	case strings.HasSuffix(main, ".r"):
		return R, true
	case strings.HasSuffix(main, ".sql"):
		return SQL, true
	case strings.HasSuffix(main, ".jar"), main == noMain:
		return Scala, true
	}
	return "", false
}

// noMain is how Spark spells a main class that is already in the image.
const noMain = "spark-internal"

// fields returns what the job's own fields say, without the settings.
func (j *Job) fields() v1beta2.SparkApplicationSpec {
	s := v1beta2.SparkApplicationSpec{
		Type:                v1beta2.SparkApplicationType(j.Language),
		SparkVersion:        j.Version,
		Image:               nonZero(j.Image),
		ImagePullPolicy:     nonZero(string(j.Deps.PullPolicy)),
		ImagePullSecrets:    j.Deps.PullSecrets,
		MainClass:           nonZero(j.Class),
		MainApplicationFile: nonZero(j.Main),
		Arguments:           j.Args,
		SparkConf:           j.Conf,
		HadoopConf:          j.HadoopConf,
		Deps: v1beta2.Dependencies{
			Jars: j.Deps.Jars, Files: j.Deps.Files, PyFiles: j.Deps.PyFiles, Archives: j.Deps.Archives,
			Packages: j.Deps.Packages, ExcludePackages: j.Deps.ExcludePackages, Repositories: j.Deps.Repositories,
		},
		RestartPolicy: v1beta2.RestartPolicy{
			Type:                             v1beta2.RestartPolicyType(j.Lifecycle.Restart),
			OnFailureRetries:                 j.Lifecycle.Retries,
			OnFailureRetryInterval:           wholeSeconds(j.Lifecycle.RetryInterval),
			OnSubmissionFailureRetries:       j.Lifecycle.SubmissionRetries,
			OnSubmissionFailureRetryInterval: wholeSeconds(j.Lifecycle.SubmissionRetryInterval),
		},
		TimeToLiveSeconds: wholeSeconds(j.Lifecycle.TimeToLive),
		Suspend:           nonZero(j.Lifecycle.Suspended),
	}
	d, e := &j.Driver, &j.Executor
	s.Driver.SparkPodSpec = podFields(driverRole, d.CoreLimit, j.pod(driverRole))
	s.Driver.Cores, s.Driver.CoreRequest = nonZero(d.Cores), nonZero(d.CoreRequest)
	s.Driver.Memory, s.Driver.MemoryOverhead = jvm(d.Memory), jvm(d.MemoryOverhead)
	s.Driver.ServiceAccount = nonZero(d.ServiceAccount)
	s.Driver.JavaOptions = nonZero(d.JavaOptions)

	s.Executor.SparkPodSpec = podFields(executorRole, e.CoreLimit, j.pod(executorRole))
	s.Executor.Cores, s.Executor.CoreRequest = nonZero(e.Cores), nonZero(e.CoreRequest)
	s.Executor.Memory, s.Executor.MemoryOverhead = jvm(e.Memory), jvm(e.MemoryOverhead)
	s.Executor.JavaOptions = nonZero(e.JavaOptions)
	s.Executor.ServiceAccount = nonZero(e.ServiceAccount)
	s.Executor.Instances = nonZero(e.Instances)
	if a := e.DynamicAllocation; a != (DynamicAllocation{}) {
		s.DynamicAllocation = &v1beta2.DynamicAllocation{
			Enabled:                true,
			MinExecutors:           &a.Min,
			InitialExecutors:       nonZero(a.Initial),
			MaxExecutors:           &a.Max,
			ShuffleTrackingEnabled: a.ShuffleTracking,
			ShuffleTrackingTimeout: nonZero(a.ShuffleTrackingTimeout.Milliseconds()),
		}
	}
	return s
}

// put sets a key of a map that may not be there yet.
func put[M ~map[K]V, K comparable, V any](m *M, key K, value V) {
	if *m == nil {
		*m = make(M)
	}
	(*m)[key] = value
}
