package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

// Requests, and when they count as successful.
func TestHTTP(t *testing.T) {
	url := workflow.Input{Name: "url"}
	get := func(name string, success workflow.Expression) *workflow.Definition {
		return &workflow.Definition{Name: name, Inputs: taking(url), Step: workflow.HTTP{URL: url.Ref(), Success: success}}
	}
	created := get("http-status-is-201", workflow.ResponseStatus.Equal(201))
	google := get("http-body-contains-google", workflow.ResponseBody.Contains("google"))
	cloudflare := get("http-headers-contains-cloudflare", workflow.Expr(`response.headers["Server"][0] == "cloudflare"`))
	run := running(define("main", workflow.Steps{{
		call("http-status-is-201-succeeds", created, "url", "http://httpstat.us/201"),
		call("http-body-contains-google-succeeds", google, "url", "https://google.com"),
	}}))
	run.Template.Definitions = []*workflow.Definition{cloudflare}
	same(t, "http-success-condition.yaml", run)
}

// Containers side by side in one pod.
func TestParallelContainers(t *testing.T) {
	say := workflow.Container{Image: "argoproj/argosay:v2"}
	same(t, "container-set-template/parallel-workflow.yaml", labelled(running(define("main", workflow.ContainerSet{
		Containers: []*workflow.SetContainer{{Name: "a", Container: say}, {Name: "b", Container: say}},
	}))))
}

// A Cron with several schedules; its runs know the time for which they stand.
func TestSchedules(t *testing.T) {
	say := define("whalesay", workflow.Container{
		Image: "docker/whalesay:latest", Command: []string{"cowsay"},
		Args: []string{"🕓 hello world. Scheduled on: " + workflow.ScheduledTime.Ref()},
	})
	cron := &workflow.Cron{
		Name: "hello-world-multiple-schedules", Inline: true, Template: plain(say),
		Schedules: []string{"*/3 * * * *", "*/2 * * * *"}, TimeZone: "America/Los_Angeles",
		Concurrency: workflow.ReplaceConcurrent, KeepSucceeded: new(4), KeepFailed: new(4),
	}
	cron.Base.StartingDeadlineSeconds = new(int64(0))
	same(t, "cron-workflow-multiple-schedules.yaml", cron)
}
