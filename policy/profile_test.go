package policy_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

func job() *spark.Job {
	return &spark.Job{
		Image: "registry/etl:1.0", Version: "3.5.1", Main: "local:///opt/etl.jar", Class: "com.company.ETL",
		Driver:   spark.Driver{ServiceAccount: "spark", PriorityClass: "high"},
		Executor: spark.Executor{Instances: 2},
		Placement: millrace.Placement{
			NodeSelector: map[string]string{"workload": "spark"},
			Tolerations:  []corev1.Toleration{{Key: "workload", Value: "spark", Effect: corev1.TaintEffectNoSchedule}},
		},
		Observe: spark.Observe{EventLog: spark.EventLog{Dir: "s3a://logs/spark-events/"}},
	}
}

// needed is what the job and its workflow name without composing it.
var needed = []millrace.Ref{
	{Kind: "ServiceAccount", Namespace: "data", Name: "argo"},
	{Kind: "ServiceAccount", Namespace: "data", Name: "spark"},
	{Kind: "PriorityClass", Name: "high"},
}

func standalone(j *spark.Job) *spark.Job {
	j.Name, j.Namespace = "etl", "data"
	return j
}

func inWorkflow(j *spark.Job) *workflow.Template {
	return &workflow.Template{Name: "daily", Namespace: "data", ServiceAccount: "argo",
		Tasks: []*workflow.Task{{Name: "extract", Run: j}}}
}

func build(t testing.TB, builders ...millrace.Builder) *millrace.Bundle {
	t.Helper()
	b, err := millrace.Build(builders...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// lines returns the findings as "object|field|rule".
func lines(r *policy.Report) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, strings.Join([]string{f.Object.String(), f.Field, f.Rule}, "|"))
	}
	return out
}

func ExampleProfile_Check() {
	risky := standalone(job())
	risky.Image = "registry/etl:latest"
	risky.Driver.PriorityClass = ""
	bundle, err := millrace.Build(risky)
	if err != nil {
		panic(err)
	}
	report := policy.Production().
		Existing(millrace.Ref{Kind: "ServiceAccount", Namespace: "data", Name: "spark"}).
		Waive("spark/latest-tag", "a test of the image's nightly build").
		Check(bundle)
	fmt.Println(report.Count(millrace.Error), report.Count(millrace.Warning), report.Waived())
	for _, f := range report.Findings {
		fmt.Printf("%s %q\n", f.Rule, f.Waived)
	}
	// Output:
	// 0 1 1
	// spark/driver-priority-class ""
	// spark/latest-tag "a test of the image's nightly build"
}

// The defaults of the builders are what the policy asks for.
func TestDefaultsPass(t *testing.T) {
	r := policy.Production().Existing(needed...).Check(build(t, standalone(job()), inWorkflow(job())))
	if len(r.Findings) > 0 {
		t.Errorf("findings in a composition of defaults:\n%s", r)
	}
}

// A job in the manifest of a task is checked as one of its own is.
func TestEmbeddedManifests(t *testing.T) {
	risky := func() *spark.Job {
		j := job()
		j.Driver.PriorityClass = ""
		j.Args = []string{"--date={{workflow.parameters.date}}"}
		return j
	}
	template := inWorkflow(risky())
	template.Parameters = []workflow.Parameter{{Name: "date"}}
	got := lines(policy.Production().Existing(needed...).Check(build(t, template)))
	if len(got) != 1 || !regexp.MustCompile(`^WorkflowTemplate data/daily\|spec\.templates\[\d\]\.resource\.manifest\.spec\.driver\..*\|spark/driver-priority-class$`).MatchString(got[0]) {
		t.Errorf("findings = %q, want one of spark/driver-priority-class inside the manifest", got)
	}
}

func TestUnreadableManifest(t *testing.T) {
	template := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "WorkflowTemplate",
		"metadata": map[string]any{"name": "t", "namespace": "data"},
		"spec": map[string]any{"serviceAccountName": "argo", "templates": []any{
			map[string]any{"name": "a", "resource": map[string]any{"action": "create", "manifest": "a: [b"}},
		}},
	}}
	got := lines(policy.Production().Check(build(t, millrace.Parts{Objects: []millrace.Object{template}})))
	want := "WorkflowTemplate data/t|spec.templates[0].resource.manifest|policy/unchecked"
	found := false
	for _, l := range got {
		found = found || l == want
	}
	if !found {
		t.Errorf("findings = %q, want %q among them", got, want)
	}
}

// Objects that come as unstructured data are checked as their typed form is.
func TestUnstructured(t *testing.T) {
	app := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication",
		"metadata": map[string]any{"name": "etl", "namespace": "data"},
		"spec":     map[string]any{"type": "Scala", "sparkVersion": "3.5.1", "image": "etl:latest", "mainApplicationFile": "x.jar", "driver": map[string]any{}, "executor": map[string]any{}},
	}}
	r := policy.Production().Check(build(t, millrace.Parts{Objects: []millrace.Object{app}}))
	for _, rule := range []string{"spark/eviction-guard", "spark/driver-priority-class", "spark/executor-pool", "spark/broadcast-threshold", "spark/shuffle-loss", "spark/latest-tag"} {
		if !strings.Contains(strings.Join(lines(r), "\n")+"\n", "|"+rule+"\n") {
			t.Errorf("no finding of %s among:\n%s", rule, r)
		}
	}
	scheduled := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "ScheduledSparkApplication",
		"metadata": map[string]any{"name": "nightly", "namespace": "data"},
		"spec":     map[string]any{"schedule": "@daily", "concurrencyPolicy": "Forbid", "template": app.Object["spec"]},
	}}
	r = policy.Production().Check(build(t, millrace.Parts{Objects: []millrace.Object{scheduled}}))
	if want := "|spark/latest-tag\n"; !strings.Contains(strings.Join(lines(r), "\n")+"\n", want) {
		t.Errorf("the template of a scheduled application is not checked:\n%s", r)
	}
	app.Object["spec"].(map[string]any)["driver"] = "none"
	r = policy.Production().Check(build(t, millrace.Parts{Objects: []millrace.Object{app}}))
	if diff := cmp.Diff([]string{"SparkApplication data/etl|spec.driver|schema/type", "SparkApplication data/etl||policy/unchecked"}, lines(r)); diff != "" {
		t.Errorf("an object of the wrong shape (-want +got):\n%s", diff)
	}
}

func TestWaive(t *testing.T) {
	risky := standalone(job())
	risky.Executor.Annotations = map[string]string{millrace.SafeToEvict: "true"}
	bundle := build(t, risky)
	production := policy.Production()
	if err := production.Check(bundle).Err(); err == nil {
		t.Fatal("the composition has no error to waive")
	}
	waived := production.Waive("spark/eviction-guard", "spot nodes; the job can be repeated")
	r := waived.Check(bundle)
	if err := r.Err(); err != nil {
		t.Errorf("an error is left: %v", err)
	}
	if r.Waived() == 0 || r.Findings[0].Waived != "spot nodes; the job can be repeated" {
		t.Errorf("the waived finding is not in the report: %+v", r.Findings)
	}
	if err := production.Check(bundle).Err(); err == nil {
		t.Error("Waive changed the profile that it was called on")
	}
	for name, p := range map[string]policy.Profile{
		"unknown rule": production.Waive("spark/evictionguard", "typo"),
		"no reason":    production.Waive("spark/eviction-guard", ""),
	} {
		err := p.Check(new(millrace.Bundle)).Err()
		if pe, ok := errors.AsType[*policy.Error](err); !ok || pe.Findings[0].Rule != policy.RuleProfile {
			t.Errorf("%s: error = %v, want a finding of %s", name, err, policy.RuleProfile)
		}
	}
}

func TestWith(t *testing.T) {
	owner := millrace.Rule{ID: "company/owner", Severity: millrace.Info, Summary: "objects have an owner", Fix: "set the label owner",
		Check: func(p *millrace.Pass) {
			if p.Object.GetLabels()["owner"] == "" {
				p.Report("metadata.labels", "no owner")
			}
		}}
	cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "c"}}
	b := build(t, millrace.Parts{Objects: []millrace.Object{cm}})
	r := policy.Production().With(owner).Check(b)
	if diff := cmp.Diff([]string{"ConfigMap c|metadata.labels|company/owner"}, lines(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	owner.Severity = millrace.Error
	r = policy.Production().With(owner).With(owner).Check(b)
	if r.Count(millrace.Error) != 1 {
		t.Errorf("a rule given twice:\n%s", r)
	}
	if got := new(policy.Profile).Check(b); len(got.Findings) != 0 {
		t.Errorf("the zero profile found %v", got.Findings)
	}
	if got := policy.Production().Check(nil); len(got.Findings) != 0 {
		t.Errorf("a nil bundle has findings: %v", got.Findings)
	}
}

func TestOnly(t *testing.T) {
	j := standalone(job())
	j.Image, j.Driver.PriorityClass = "registry/etl:latest", ""
	b := build(t, j)
	got := lines(policy.Production().Only("spark/latest-tag").Check(b))
	if diff := cmp.Diff([]string{"SparkApplication data/etl|spec.image|spark/latest-tag"}, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if got := lines(policy.Production().Only().Check(b)); len(got) > 0 {
		t.Errorf("Only of nothing found %q", got)
	}
	err := policy.Production().Only("spark/latest").Check(b).Err()
	if pe, ok := errors.AsType[*policy.Error](err); !ok || pe.Findings[0].Rule != policy.RuleProfile {
		t.Errorf("error = %v, want a finding of %s", err, policy.RuleProfile)
	}
}

// Development is Production without what one machine can't follow; each id
// that it leaves out must exist.
func TestDevelopment(t *testing.T) {
	left := map[string]bool{}
	for _, r := range policy.Production().Rules() {
		left[r.ID] = true
	}
	for _, r := range policy.Development().Rules() {
		delete(left, r.ID)
	}
	if len(left) < 55 || !left["kafka/replication-factor"] || left["spark/latest-tag"] {
		t.Errorf("Development leaves out %d rules: %v", len(left), left)
	}
	small := &kafka.Cluster{Name: "dev", Namespace: "kafka", CruiseControl: kafka.CruiseControl{Off: true},
		Replication: kafka.Replication{Factor: 1},
		Pools:       []kafka.BrokerPool{{Roles: []kafka.Role{kafka.Broker, kafka.Controller}, Replicas: new(1), Volumes: []kafka.Volume{{Ephemeral: true}}}},
	}
	if r := policy.Development().Check(build(t, small)); r.Count(millrace.Error)+r.Count(millrace.Warning) > 0 {
		t.Errorf("a small cluster for development:\n%s", r)
	}
	if policy.Production().Check(build(t, small)).Err() == nil {
		t.Error("production takes the small cluster")
	}
}

// TestProductionHolds names the rules that production has promised: ids are
// API, since waivers name them.
func TestProductionHolds(t *testing.T) {
	have := map[string]millrace.Rule{}
	for _, r := range policy.Production().Rules() {
		if _, twice := have[r.ID]; twice {
			t.Errorf("two rules have the id %s", r.ID)
		}
		have[r.ID] = r
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*/[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(r.ID) {
			t.Errorf("the id %q is not <noun>/<what>", r.ID)
		}
		if r.Summary == "" || r.Reason == "" || r.Fix == "" || r.Source == "" || r.Check == nil {
			t.Errorf("rule %s lacks a summary, reason, fix, source or check", r.ID)
		}
		// A fix ends the line of a finding; summary and reason are sentences.
		if strings.ToLower(r.Fix[:1]) != r.Fix[:1] || strings.HasSuffix(r.Fix, ".") {
			t.Errorf("the fix of rule %s reads like a sentence: %q", r.ID, r.Fix)
		}
	}
	for _, id := range []string{
		"spark/eviction-guard", "spark/driver-priority-class", "spark/executor-pool", "spark/executor-memory",
		"spark/broadcast-threshold", "spark/shuffle-loss", "spark/latest-tag",
		"kafka/replication-factor", "kafka/min-insync", "kafka/topic-replicas", "kafka/rack-awareness",
		"kafka/delete-claim", "kafka/storage-class",
		"workflow/service-account", "workflow/retry-limit", "workflow/latest-tag",
		"nodepool/limits",
		"placement/no-pool", "placement/leak", "placement/expiry",
		"placement/on-spot", "placement/architecture", "placement/eviction-guard", "placement/grace", "placement/consolidation", "placement/exclusive", "placement/ephemeral-storage",
		"nodepool/requirements", "nodepool/dead-values",
		"reference/undeclared", "reference/missing-key", "reference/namespace",
		"quota/unset", "quota/exceeded", "quota/maximum", "quota/unknown", "quota/limit-range",
		"pod-security/label", "pod-security/enforced", "pod-security/baseline", "pod-security/restricted",
		"secrets/plaintext-env", "secrets/plaintext-config", "spark/plaintext-secret", "kafka/plaintext-secret",
	} {
		if _, ok := have[id]; !ok {
			t.Errorf("production doesn't hold %s", id)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		var builders []millrace.Builder
		for i := range n {
			j := standalone(job())
			j.Name = fmt.Sprintf("etl-%d", i)
			builders = append(builders, j)
		}
		bundle, err := millrace.Build(builders...)
		if err != nil {
			b.Fatal(err)
		}
		production := policy.Production()
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				production.Check(bundle)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/object")
		})
	}
}
