package spark_test

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/spark"
)

// nightly is a valid schedule with nothing but what is required.
func nightly() *spark.ScheduledJob {
	run := minimal()
	run.Name = ""
	return &spark.ScheduledJob{Name: "nightly", Schedule: "0 3 * * *", Job: run}
}

// allOfSchedule sets every field.
func allOfSchedule() *spark.ScheduledJob {
	run := ordersDaily()
	run.Name, run.Namespace, run.Labels = "", "", map[string]string{"layer": "bronze"}
	run.Lifecycle.TimeToLive = 72 * time.Hour
	return &spark.ScheduledJob{
		Name: "orders", Namespace: "data-platform",
		Labels: map[string]string{"team": "data-platform"}, Annotations: map[string]string{"company.com/owner": "data-platform"},
		Schedule: "*/15 8-18 * * mon-fri", TimeZone: "Europe/Berlin", Concurrency: spark.ReplaceConcurrent,
		KeepSucceeded: new(int32(0)), KeepFailed: new(int32(20)), Suspended: true, Job: run,
	}
}

func TestScheduledGolden(t *testing.T) {
	golden(t, "nightly.scheduled.yaml", render(t, nightly()))
	golden(t, "orders.scheduled.yaml", render(t, allOfSchedule()))
}

// A run has the spec that the job has alone, but for what is kept of it.
func TestScheduledRun(t *testing.T) {
	alone, err := minimal().SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	scheduled, err := nightly().ScheduledSparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	alone.Spec.TimeToLiveSeconds = nil
	if diff := cmp.Diff(alone.Spec, scheduled.Spec.Template); diff != "" {
		t.Errorf("run (-alone +scheduled):\n%s", diff)
	}
}

func TestScheduledZone(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*spark.ScheduledJob)
		want string
	}{
		"by default":          {func(*spark.ScheduledJob) {}, "UTC"},
		"own":                 {func(s *spark.ScheduledJob) { s.TimeZone = "Asia/Tokyo" }, "Asia/Tokyo"},
		"in the schedule":     {func(s *spark.ScheduledJob) { s.Schedule = "CRON_TZ=Asia/Tokyo 0 3 * * *" }, ""},
		"in the schedule, TZ": {func(s *spark.ScheduledJob) { s.Schedule = "TZ=UTC @daily" }, ""},
		"no defaults":         {func(s *spark.ScheduledJob) { s.Job.NoDefaults = true }, ""},
		"the operator's":      {func(s *spark.ScheduledJob) { s.Base.TimeZone = "Local" }, "Local"},
	} {
		s := nightly()
		tc.edit(s)
		out, err := s.ScheduledSparkApplication()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if out.Spec.TimeZone != tc.want || out.Spec.ConcurrencyPolicy != v1beta2.ConcurrencyForbid {
			t.Errorf("%s: zone %q, policy %q", name, out.Spec.TimeZone, out.Spec.ConcurrencyPolicy)
		}
	}
}

// What the part of a job labels goes onto the runs by way of the schedule.
func TestScheduledLabels(t *testing.T) {
	s := allOfSchedule()
	s.Job.Labels["team"] = "data-platform" // says the same
	out, err := s.ScheduledSparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"team": "data-platform", "layer": "bronze"}, out.Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	for _, pod := range spark.Pods(out) {
		if pod.Template.Labels["layer"] != "bronze" {
			t.Errorf("%s has the labels %v", pod.Role, pod.Template.Labels)
		}
	}
}

func TestBadSchedules(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*spark.ScheduledJob)
		want []string
	}{
		"nothing":       {func(s *spark.ScheduledJob) { *s = spark.ScheduledJob{} }, []string{required + " Name", required + " Job", required + " Schedule"}},
		"43 characters": {func(s *spark.ScheduledJob) { s.Name = strings.Repeat("a", 43) }, nil},
		"44 characters": {func(s *spark.ScheduledJob) { s.Name = strings.Repeat("a", 44) }, []string{invalid + " Name"}},
		"a digit first": {func(s *spark.ScheduledJob) { s.Name = "1-etl" }, []string{invalid + " Name"}},
		"namespace":     {func(s *spark.ScheduledJob) { s.Namespace = "A" }, []string{invalid + " Namespace"}},
		"labels":        {func(s *spark.ScheduledJob) { s.Labels = map[string]string{"a b": "c"} }, []string{invalid + " Labels[a b]"}},
		"annotations":   {func(s *spark.ScheduledJob) { s.Annotations = map[string]string{"a b": "c"} }, []string{invalid + " Annotations[a b]"}},
		"operator's label": {func(s *spark.ScheduledJob) {
			s.Labels = map[string]string{"sparkoperator.k8s.io/scheduled-app-name": "x"}
		}, []string{conflict + " Labels[sparkoperator.k8s.io/scheduled-app-name]"}},
		"NUL": {func(s *spark.ScheduledJob) { s.Annotations = map[string]string{"a": "b\x00"} }, []string{invalid + " Annotations[a]"}},
		"references": {func(s *spark.ScheduledJob) {
			s.Annotations = map[string]string{"a": "{{workflow.name}}"}
			s.Job.Args = []string{"--date={{workflow.parameters.date}}"}
		}, []string{unknown + " Annotations[a]", unknown + " Job.Args[0]"}},

		"four fields":        {func(s *spark.ScheduledJob) { s.Schedule = "0 3 * *" }, []string{invalid + " Schedule"}},
		"six fields":         {func(s *spark.ScheduledJob) { s.Schedule = "0 0 3 * * *" }, []string{invalid + " Schedule"}},
		"Sunday as 7":        {func(s *spark.ScheduledJob) { s.Schedule = "0 3 * * 7" }, []string{invalid + " Schedule"}},
		"30 February":        {func(s *spark.ScheduledJob) { s.Schedule = "0 3 30 2 *" }, []string{invalid + " Schedule"}},
		"an empty field":     {func(s *spark.ScheduledJob) { s.Schedule = "0 , * * *" }, []string{invalid + " Schedule"}},
		"a zone alone":       {func(s *spark.ScheduledJob) { s.Schedule = "CRON_TZ=UTC" }, []string{invalid + " Schedule"}},
		"a zone of nowhere":  {func(s *spark.ScheduledJob) { s.Schedule = "TZ=Europe/Berlim @daily" }, []string{invalid + " Schedule"}},
		"@every":             {func(s *spark.ScheduledJob) { s.Schedule = "@every 90m" }, nil},
		"@every, in a zone":  {func(s *spark.ScheduledJob) { s.Schedule = "CRON_TZ=Asia/Tokyo  @every 90m" }, nil},
		"two zones":          {func(s *spark.ScheduledJob) { s.Schedule, s.TimeZone = "TZ=UTC @daily", "UTC" }, []string{conflict + " TimeZone"}},
		"zone":               {func(s *spark.ScheduledJob) { s.TimeZone = "Europe/Berlim" }, []string{invalid + " TimeZone"}},
		"the operator's":     {func(s *spark.ScheduledJob) { s.TimeZone = "Local" }, []string{invalid + " TimeZone"}},
		"policy":             {func(s *spark.ScheduledJob) { s.Concurrency = "forbid" }, []string{invalid + " Concurrency"}},
		"Base's policy":      {func(s *spark.ScheduledJob) { s.Base.ConcurrencyPolicy = "allow" }, []string{invalid + " Base.ConcurrencyPolicy"}},
		"keep less than 0":   {func(s *spark.ScheduledJob) { s.KeepSucceeded, s.KeepFailed = new(int32(-1)), new(int32(math.MinInt32)) }, []string{invalid + " KeepSucceeded", invalid + " KeepFailed"}},
		"Base keeps less":    {func(s *spark.ScheduledJob) { s.Base.FailedRunHistoryLimit = new(int32(-1)) }, []string{invalid + " Base.FailedRunHistoryLimit"}},
		"Base says it too":   {func(s *spark.ScheduledJob) { s.Base.Schedule, s.Base.Template.Type = "@daily", "Scala" }, []string{conflict + " Base.Schedule", conflict + " Base.Template"}},
		"Base's schedule":    {func(s *spark.ScheduledJob) { s.Schedule, s.Base.Schedule = "", "@dayly" }, []string{invalid + " Base.Schedule"}},
		"Base's zone":        {func(s *spark.ScheduledJob) { s.Base.TimeZone = "Mars/Olympus" }, []string{invalid + " Base.TimeZone"}},
		"a job with a name":  {func(s *spark.ScheduledJob) { s.Job.Name, s.Job.Namespace = "etl", "etl" }, []string{conflict + " Job.Name", conflict + " Job.Namespace"}},
		"annotations of job": {func(s *spark.ScheduledJob) { s.Job.Annotations = map[string]string{"a": "b"} }, []string{unsupported + " Job.Annotations"}},
		"labels twice": {func(s *spark.ScheduledJob) {
			s.Labels, s.Job.Labels = map[string]string{"a": "b"}, map[string]string{"a": "c"}
		}, []string{conflict + " Job.Labels[a]"}},
		"mistakes of the job": {func(s *spark.ScheduledJob) { s.Job.Class, s.Job.Driver.Cores = "", -1 }, []string{required + " Job.Class", invalid + " Job.Driver.Cores"}},
		"spark-submit":        {func(s *spark.ScheduledJob) { s.Job.Target = spark.Submit{Master: "k8s://https://a"} }, []string{unsupported + " Job.Target"}},
		"Apache's operator":   {func(s *spark.ScheduledJob) { s.Job.Target = spark.ApacheOperator{} }, []string{unsupported + " Job.Target"}},
		"the operator":        {func(s *spark.ScheduledJob) { s.Job.Target = spark.SparkOperator{} }, nil},
		"never ends":          {func(s *spark.ScheduledJob) { s.Job.Lifecycle.Restart = spark.Always }, []string{conflict + " Job.Lifecycle.Restart"}},
		"never ends, allowed": {func(s *spark.ScheduledJob) {
			s.Job.Lifecycle.Restart, s.Concurrency = spark.Always, spark.AllowConcurrent
		}, []string{conflict + " Job.Lifecycle.Restart"}},
		"replaced": {func(s *spark.ScheduledJob) {
			s.Job.Lifecycle.Restart, s.Concurrency = spark.Always, spark.ReplaceConcurrent
		}, nil},
		"held back": {func(s *spark.ScheduledJob) { s.Job.Lifecycle.Suspended = true }, []string{conflict + " Job.Lifecycle.Suspended"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := nightly()
			tc.edit(s)
			_, err := s.Build()
			wantFindings(t, tc.want, err)
		})
	}
	if _, err := (*spark.ScheduledJob)(nil).Build(); err == nil {
		t.Error("Build of nil")
	}
}

// Each field, set alone, changes the output or is refused by name.
func TestEveryScheduledFieldIsRendered(t *testing.T) {
	everyField[spark.ScheduledJob](t, nightly, map[string]any{
		"Name": "other", "Namespace": "data-platform", "Schedule": "@daily", "TimeZone": "Asia/Tokyo", "Concurrency": spark.AllowConcurrent,
		"KeepSucceeded": new(int32(0)), "KeepFailed": new(int32(0)), "Suspended": true, "Job": ordersDaily(),
		"Labels": map[string]string{"a": "b"}, "Annotations": map[string]string{"a": "b"}, "Base": v1beta2.ScheduledSparkApplicationSpec{Suspend: new(false)},
	})
	typ := reflect.TypeFor[v1beta2.ScheduledSparkApplicationSpec]()
	for i := range typ.NumField() {
		without, with := nightly(), nightly()
		podtest.Fill(reflect.ValueOf(&with.Base).Elem().Field(i))
		if err := changes(without, with, "Base"); err != nil && !strings.Contains(err.Error(), "refused without naming") {
			t.Errorf("Base.%s: %v", typ.Field(i).Name, err)
		}
	}
}

// everyField sets each exported field of a builder alone.
func everyField[T any, B interface {
	*T
	millrace.Builder
}](t *testing.T, base func() B, samples map[string]any) {
	t.Helper()
	typ := reflect.TypeFor[T]()
	for i := range typ.NumField() {
		name := typ.Field(i).Name
		sample, ok := samples[name]
		if !ok {
			t.Errorf("%s: the test has no sample", name)
			continue
		}
		without, with := base(), base()
		field := reflect.ValueOf(with).Elem().Field(i)
		if reflect.DeepEqual(field.Interface(), sample) {
			t.Errorf("%s: the sample says what is there already", name)
		}
		field.Set(reflect.ValueOf(sample))
		if err := changes(without, with, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Build keeps to itself, and says the same every time.
func TestScheduledBuildIsPure(t *testing.T) {
	s := allOfSchedule()
	wantPure(t, s, allOfSchedule(), func() (any, error) { return s.ScheduledSparkApplication() })
}
