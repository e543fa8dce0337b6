package spark

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
)

const (
	// defaultTimeZone is the one zone that needs no database.
	defaultTimeZone = "UTC"
	// defaultKeepSucceeded leaves the last runs to compare with.
	defaultKeepSucceeded = 3
	// defaultKeepFailed is a week of a daily schedule.
	defaultKeepFailed = 7
	// runSuffix is what the operator appends to the names of runs: a dash and
	// the time in nanoseconds, of 19 digits until the year 2286.
	runSuffix = len("-") + 19
	// maxScheduledName leaves room for it. The driver's pod is then called
	// <name>-<time>-driver, which may be longer than 63 characters: pods may,
	// and Spark and the operator shorten the names of their services.
	// Source: apache/spark, DriverServiceFeatureStep; Spark operator v2.5.1,
	// GetDefaultUIServiceName.
	maxScheduledName = maxName - runSuffix
)

// ScheduledSparkApplication checks the ScheduledJob and returns what it makes,
// as the operator's own type. The error is a *millrace.BuildError with every
// mistake.
func (s *ScheduledJob) ScheduledSparkApplication() (*v1beta2.ScheduledSparkApplication, error) {
	p := &millrace.Problems{Object: millrace.Ref{Kind: "spark.ScheduledJob"}}
	if s == nil {
		p.Required("", "the *spark.ScheduledJob is nil: leave it out")
		return nil, p.Err()
	}
	p.Object.Namespace, p.Object.Name = s.Namespace, s.Name
	own := *s
	own.Job = nil // whose texts it checks itself
	schedule := deepCopy(p, own)
	schedule.check(p)
	run := s.run(p)

	spec := schedule.Base
	fields := v1beta2.ScheduledSparkApplicationSpec{
		Schedule: schedule.Schedule, TimeZone: schedule.TimeZone, Suspend: nonZero(schedule.Suspended),
		ConcurrencyPolicy:         v1beta2.ConcurrencyPolicy(schedule.Concurrency),
		SuccessfulRunHistoryLimit: schedule.KeepSucceeded, FailedRunHistoryLimit: schedule.KeepFailed,
	}
	for _, path := range overlay.Lay(&spec, &fields) {
		p.Conflict("Base."+path, "the schedule's own field says it as well", "leave one of the two out")
	}
	defaults := v1beta2.ScheduledSparkApplicationSpec{ConcurrencyPolicy: v1beta2.ConcurrencyForbid}
	if s.Job != nil && !s.Job.NoDefaults {
		defaults.SuccessfulRunHistoryLimit, defaults.FailedRunHistoryLimit = new(int32(defaultKeepSucceeded)), new(int32(defaultKeepFailed))
		if _, own := zoneOf(spec.Schedule); !own {
			defaults.TimeZone = defaultTimeZone
		}
	}
	overlay.Fill(&spec, &defaults)
	schedule.checkSpec(p, &spec)
	if run != nil {
		schedule.checkRun(p, &spec, &run.Spec)
		spec.Template = run.Spec
		schedule.joinLabels(p, run)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return &v1beta2.ScheduledSparkApplication{
		TypeMeta:   metav1.TypeMeta{APIVersion: v1beta2.SchemeGroupVersion.String(), Kind: "ScheduledSparkApplication"},
		ObjectMeta: metav1.ObjectMeta{Name: schedule.Name, Namespace: schedule.Namespace, Labels: schedule.Labels, Annotations: schedule.Annotations},
		Spec:       spec,
	}, nil
}

// run returns the application that every run gets its spec from, or nil.
func (s *ScheduledJob) run(p *millrace.Problems) *v1beta2.SparkApplication {
	j := s.Job
	if j == nil {
		p.Required("Job", "say what runs")
		return nil
	}
	if _, ok := j.Target.(SparkOperator); !ok && j.Target != nil {
		p.Unsupported("Job.Target", fmt.Sprintf("%T starts no runs by the clock", j.Target),
			"leave it empty, or let a workflow.Cron run a template with the job in a task")
		return nil
	}
	for _, set := range []struct{ field, value, fix string }{
		{"Job.Name", j.Name, "leave it empty"},
		{"Job.Namespace", j.Namespace, "set that of the schedule"},
	} {
		if set.value != "" {
			p.Conflict(set.field, "the operator gives each run a name, in the namespace of the schedule", set.fix)
		}
	}
	if len(j.Annotations) > 0 {
		p.Unsupported("Job.Annotations", "the operator gives runs no annotations", "use Annotations of the schedule, or Job.Driver.Annotations and Job.Executor.Annotations")
	}
	app, problems := j.compose(inSchedule)
	if err := problems.Err(); err != nil {
		p.Nested("Job", err)
		return nil
	}
	if j.Lifecycle.TimeToLive == 0 && j.Base.TimeToLiveSeconds == nil {
		// What is kept of the runs is the schedule's to say.
		app.Spec.TimeToLiveSeconds = nil
	}
	return app
}

// check reports what is wrong with the fields of the schedule alone.
func (s *ScheduledJob) check(p *millrace.Problems) {
	switch {
	case s.Name == "":
		p.Required("Name", "give it a name")
	case len(validation.IsDNS1035Label(s.Name)) > 0:
		p.Invalid("Name", s.Name, "not a DNS label that starts with a letter", fmt.Sprintf("use at most %d lower-case letters, digits and '-', a letter first", maxScheduledName))
	case len(s.Name) > maxScheduledName:
		p.Invalid("Name", s.Name, fmt.Sprintf("%d characters, and the names of its runs add %d of at most %d", len(s.Name), runSuffix, maxName),
			fmt.Sprintf("use at most %d characters", maxScheduledName))
	}
	p.Namespace("Namespace", s.Namespace)
	p.Labels("Labels", s.Labels)
	p.Annotations("Annotations", s.Annotations)
	if _, ok := s.Labels[labelScheduled]; ok {
		p.Conflict("Labels["+labelScheduled+"]", "the operator finds the runs of the schedule by it", "leave it out")
	}
	if s.TimeZone == "Local" {
		p.Invalid("TimeZone", s.TimeZone, "the zone of the operator's pod is nobody's decision", `use one of the tz database, such as "Europe/Berlin"`)
	}
	if !reflect.ValueOf(s.Base.Template).IsZero() {
		p.Conflict("Base.Template", "Job says what runs", "use Job.Base")
	}
}

// checkSpec reports what is wrong once Base, fields and defaults are one.
func (s *ScheduledJob) checkSpec(p *millrace.Problems, spec *v1beta2.ScheduledSparkApplicationSpec) {
	at := func(name, base string, own bool) string {
		if own {
			return name
		}
		return "Base." + base
	}
	field := at("Schedule", "Schedule", s.Schedule != "" || s.Base.Schedule == "")
	if spec.Schedule == "" {
		p.Required(field, `say when runs start: "0 6 * * *"`)
	} else if why, fix := unscheduled(spec.Schedule); why != "" {
		p.Invalid(field, spec.Schedule, why, fix)
	}
	field = at("TimeZone", "TimeZone", s.TimeZone != "")
	if why, fix := unknownZone(spec.TimeZone); why != "" {
		p.Invalid(field, spec.TimeZone, why, fix)
	} else if _, own := zoneOf(spec.Schedule); own && spec.TimeZone != "" {
		p.Conflict(field, "the schedule begins with a zone, which the operator takes instead", "leave one of the two out")
	}
	if !slices.Contains(policies, spec.ConcurrencyPolicy) {
		p.Invalid(at("Concurrency", "ConcurrencyPolicy", s.Concurrency != ""), string(spec.ConcurrencyPolicy),
			"the operator knows no such policy, and would start one run and never another", "use spark.ForbidConcurrent, ReplaceConcurrent or AllowConcurrent")
	}
	for _, limit := range []struct {
		field string
		value *int32
	}{
		{at("KeepSucceeded", "SuccessfulRunHistoryLimit", s.KeepSucceeded != nil), spec.SuccessfulRunHistoryLimit},
		{at("KeepFailed", "FailedRunHistoryLimit", s.KeepFailed != nil), spec.FailedRunHistoryLimit},
	} {
		if deref(limit.value) < 0 {
			p.Invalid(limit.field, *limit.value, "the operator panics on a number below zero", "use zero to keep none")
		}
	}
}

// policies are those that the operator knows. Source: Spark operator v2.5.1,
// shouldStartNextRun.
var policies = []v1beta2.ConcurrencyPolicy{v1beta2.ConcurrencyAllow, v1beta2.ConcurrencyForbid, v1beta2.ConcurrencyReplace}

// checkRun reports what of a job doesn't go with a schedule.
func (s *ScheduledJob) checkRun(p *millrace.Problems, spec *v1beta2.ScheduledSparkApplicationSpec, run *v1beta2.SparkApplicationSpec) {
	if run.RestartPolicy.Type == v1beta2.RestartPolicyAlways && spec.ConcurrencyPolicy != v1beta2.ConcurrencyReplace {
		why := "a job that always restarts never ends, and no other run would ever start"
		if spec.ConcurrencyPolicy == v1beta2.ConcurrencyAllow {
			why = "a job that always restarts never ends, and each run would stay beside the others"
		}
		p.Conflict("Job.Lifecycle.Restart", why, "use OnFailure or Never, or ReplaceConcurrent")
	}
	if deref(run.Suspend) {
		p.Conflict("Job.Lifecycle.Suspended", "each run would wait for somebody to resume it", "set Suspended of the schedule")
	}
}

// joinLabels adds what a run is labeled with.
func (s *ScheduledJob) joinLabels(p *millrace.Problems, run *v1beta2.SparkApplication) {
	for _, key := range slices.Sorted(maps.Keys(run.Labels)) {
		if have, twice := s.Labels[key]; twice && have != run.Labels[key] {
			p.Conflict("Job.Labels["+key+"]", "the schedule's labels, which every run gets, say "+quoted(have), "leave one of the two out")
			continue
		}
		put(&s.Labels, key, run.Labels[key])
	}
}
