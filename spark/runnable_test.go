package spark_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// inTask is a job as a workflow's task runs it, with parameters all over.
func inTask() *spark.Job {
	j := minimal()
	j.Name = ""
	j.Image = "company-registry/spark-etl:{{workflow.parameters.tag}}"
	j.Main = "local:///opt/spark/jobs/{{inputs.parameters.job}}.jar"
	j.Class = "{{inputs.parameters.job-class}}"
	j.Args = []string{"--date={{workflow.parameters.date}}", "{{=toJson(inputs.parameters)}}"}
	j.Labels = map[string]string{"team": "{{workflow.parameters.team}}"}
	j.Conf = map[string]string{"spark.company.date": "{{workflow.parameters.date}}"}
	j.Driver.CoreLimit = "{{workflow.parameters.cpu}}"
	j.Driver.ServiceAccount = "{{workflow.parameters.account}}"
	j.Executor.Env = []corev1.EnvVar{{Name: "DATE", Value: "{{workflow.parameters.date}}"}}
	j.Observe.EventLog.Dir = "s3a://{{workflow.parameters.bucket}}/events"
	j.Placement = pool()
	return j
}

func TestRunnable(t *testing.T) {
	j := inTask()
	r, err := j.Runnable("data-platform")
	if err != nil {
		t.Fatal(err)
	}
	app, ok := r.Object.(*v1beta2.SparkApplication)
	if !ok {
		t.Fatalf("it runs a %T", r.Object)
	}
	if app.Name != "" || app.GenerateName != "" || app.Namespace != "data-platform" || app.Kind != "SparkApplication" || app.APIVersion != "sparkoperator.k8s.io/v1beta2" {
		t.Errorf("%s %s %s/%s", app.APIVersion, app.Kind, app.Namespace, app.Name)
	}
	if r.Succeeded != "status.applicationState.state == COMPLETED" || r.Failed != "status.applicationState.state == FAILED" {
		t.Errorf("it ends when %q or %q", r.Succeeded, r.Failed)
	}
	// The driver's pod is <name>-driver, and a host name of at most 63.
	if r.NameBudget+len("-driver") != 63 {
		t.Errorf("names of up to %d characters", r.NameBudget)
	}
	if diff := cmp.Diff(j.Args, app.Spec.Arguments); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
	for what, got := range map[string]string{
		"image": *app.Spec.Image, "main": *app.Spec.MainApplicationFile, "class": *app.Spec.MainClass, "limit": *app.Spec.Driver.CoreLimit,
		"event log": app.Spec.SparkConf["spark.eventLog.dir"], "label": app.Labels["team"], "environment": app.Spec.Executor.Template.Spec.Containers[0].Env[0].Value,
	} {
		if !strings.Contains(got, "{{") {
			t.Errorf("the %s lost its parameter: %q", what, got)
		}
	}
	if app.Spec.Type != v1beta2.SparkApplicationTypeScala {
		t.Errorf("type %q", app.Spec.Type)
	}
}

func TestRunnableRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*spark.Job)
		want []string
	}{
		"a name":              {func(j *spark.Job) { j.Name = "etl" }, []string{conflict + " Name"}},
		"another namespace":   {func(j *spark.Job) { j.Namespace = "other" }, []string{conflict + " Namespace"}},
		"spark-submit":        {func(j *spark.Job) { j.Target = spark.Submit{Master: "k8s://https://a"} }, []string{unsupported + " Target"}},
		"a stream":            {func(j *spark.Job) { j.Lifecycle.Restart = spark.Always }, []string{conflict + " Lifecycle.Restart"}},
		"a stream of Base":    {func(j *spark.Job) { j.Base.RestartPolicy.Type = v1beta2.RestartPolicyAlways }, []string{conflict + " Lifecycle.Restart"}},
		"an unknown language": {func(j *spark.Job) { j.Main = "{{inputs.parameters.main}}" }, []string{required + " Language"}},
		"a version to come":   {func(j *spark.Job) { j.Version = "{{workflow.parameters.version}}" }, []string{invalid + " Version"}},
		"mistakes as ever":    {func(j *spark.Job) { j.Driver.Memory = 1; j.Driver.CoreRequest = "two" }, []string{invalid + " Driver.CoreRequest", invalid + " Driver.Memory"}},
	} {
		j := inTask()
		tc.edit(j)
		_, err := j.Runnable("data-platform")
		if diff := cmp.Diff(tc.want, findings(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	j := inTask()
	j.Namespace = "data-platform"
	if _, err := j.Runnable("data-platform"); err != nil {
		t.Errorf("the workflow's own namespace: %v", err)
	}
}

// A task's SparkApplication is its own, so that two tasks can share a job.
func TestRunnableCopies(t *testing.T) {
	j := inTask()
	first, err := j.Runnable("data-platform")
	if err != nil {
		t.Fatal(err)
	}
	scribble(first.Object)
	if diff := cmp.Diff(inTask(), j); diff != "" {
		t.Errorf("Runnable shares memory with the job:\n%s", diff)
	}
	var _ interface {
		Runnable(string) (millrace.Runnable, error)
	} = j
}
