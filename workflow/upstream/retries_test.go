package upstream_test

import (
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/workflow"
)

func failing(name, program string, retry *workflow.Retry) *workflow.Definition {
	return &workflow.Definition{Name: name, Retry: retry, Step: workflow.Container{
		Image: "python:alpine3.6", Command: []string{"python", "-c"}, Args: []string{program},
	}}
}

func TestRetries(t *testing.T) {
	same(t, "retry-container.yaml", running(failing("retry-container", randomFail, &workflow.Retry{Limit: new(10)})))
	same(t, "retry-backoff.yaml", running(failing("retry-backoff", randomFail, &workflow.Retry{
		Limit: new(10), Backoff: time.Second, Factor: 2, MaxDuration: time.Minute, MaxBackoff: 5 * time.Second,
	})))
}

// A step knows how often it has been tried.
func TestRetriesOfSteps(t *testing.T) {
	fail := failing("random-fail", "import random; import sys; print('retries: "+workflow.Retries.Ref()+
		"'); exit_code = random.choice([0, 1, 1]); sys.exit(exit_code)", &workflow.Retry{Limit: new(10)})
	same(t, "retry-with-steps.yaml", running(define("retry-with-steps", workflow.Steps{
		{{Name: "hello1", Step: fail}}, {{Name: "hello2a", Step: fail}, {Name: "hello2b", Step: fail}},
	})))
}

// What all templates have that say nothing else.
func TestDefaults(t *testing.T) {
	run := running(define("main", workflow.Steps{
		{{Name: "retry-backoff", Step: failing("retry-backoff", randomFail, nil)}},
		{{Name: "hello-world", Step: helloWorld("hello-world")}},
	}))
	run.Template.Settings.Defaults = workflow.Settings{Timeout: 30 * time.Second}
	// Template.Retry is for steps with a pod; this one tries all steps anew, too.
	run.Template.Base.TemplateDefaults = &wfv1.Template{RetryStrategy: &wfv1.RetryStrategy{Limit: new(intstr.FromInt32(2))}}
	same(t, "template-defaults.yaml", run)
}

// A time that is a parameter.
func TestTimeout(t *testing.T) {
	timeout := workflow.Input{Name: "timeout"}
	sleep := &workflow.Definition{Name: "sleep", Inputs: taking(timeout), Step: shell("alpine:latest", "sleep 30s")}
	sleep.Base.Timeout = timeout.Ref()
	one, two := call("sleep1", sleep, "timeout", "10s"), call("sleep2", sleep, "timeout", "10s")
	one.ContinueOn.Error, two.ContinueOn.Failed = true, true
	same(t, "step-level-timeout.yaml", running(define("sleep-sleep", workflow.Steps{{one, two}})))
}

func TestDeadline(t *testing.T) {
	nowhere := define("unschedulable", workflow.Container{Image: "alpine:latest"})
	nowhere.Settings.Pod.Placement.NodeSelector = map[string]string{"beta.kubernetes.io/arch": "no-such-arch"}
	three := workflow.Items{1, 2, 3}
	run := running(define("bunch-of-sleeps", workflow.Steps{{
		{Name: "sleep-one-day", Loop: three, Step: define("sleep", workflow.Container{Image: "debian:9.5-slim", Command: []string{"sleep", "1d"}})},
		{Name: "unschedulable", Loop: three, Step: nowhere},
	}}))
	run.Template.Deadline = 30 * time.Second
	same(t, "timeouts-workflow.yaml", run)
}

// What a step put out is kept, and it doesn't run again.
func TestMemoize(t *testing.T) {
	same(t, "memoize-simple.yaml", running(&workflow.Definition{
		Name: "world-to-file", Step: shell("busybox", "echo world > /tmp/hello_world.txt"),
		Outputs:  putting(workflow.Output{Name: "hello", Path: "/tmp/hello_world.txt"}),
		Settings: workflow.Settings{Memoize: &workflow.Memoize{Key: "cache-key", ConfigMap: "cache-config", MaxAge: 10 * time.Second}},
	}))
}
