package upstream_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/workflow"
)

// Tasks whose templates are those of the whole cluster.
func TestTemplatesOfTheCluster(t *testing.T) {
	say := workflow.TemplateRef{Name: "cluster-workflow-template-print-message", Template: "print-message", ClusterWide: true}
	task := func(name string) *workflow.Task {
		return &workflow.Task{Name: name, Step: say, Arguments: args{"message": name}}
	}
	a, b, d := task("A"), task("B"), task("D")
	c := &workflow.Task{Name: "C", Step: workflow.TemplateRef{Name: "cluster-workflow-template-inner-dag", Template: "inner-diamond", ClusterWide: true}}
	b.Depends, c.Depends = bare(a), bare(a)
	d.Depends = workflow.And(bare(b), bare(c))
	same(t, "cluster-workflow-template/cluster-wftmpl-dag.yaml", running(&workflow.Definition{
		Name: "diamond", Step: workflow.DAG{Tasks: []*workflow.Task{a, b, c, d}},
	}))
}

// A run of a template that is in the cluster, from one of its definitions on.
func TestRunOfTheCluster(t *testing.T) {
	same(t, "cluster-workflow-template/workflow-template-ref-with-entrypoint-arg-passing.yaml", &workflow.Run{
		Name:      "hello",
		From:      workflow.TemplateRef{Name: "cluster-workflow-template-print-message", Template: "print-message", ClusterWide: true},
		Arguments: args{"message": "hello world"},
	})
}

func TestTemplatesOfOthers(t *testing.T) {
	task := func(name string) *workflow.Task {
		return &workflow.Task{Name: name, Step: workflow.TemplateRef{Name: "workflow-template-random-fail-template", Template: "random-fail-template"}}
	}
	same(t, "workflow-template/retry-with-steps.yaml", running(&workflow.Definition{
		Name: "retry-with-steps", Step: workflow.Steps{{task("hello1")}, {task("hello2a"), task("hello2b")}},
	}))
}

// A step that stands in its task, and is no template of its own.
func TestInlineSteps(t *testing.T) {
	template := func(everywhere bool) *workflow.Template {
		return &workflow.Template{
			Plain: true, Name: "dag-inline", ClusterWide: everywhere,
			Entrypoint: &workflow.Definition{Name: "main", Step: workflow.DAG{Tasks: []*workflow.Task{
				{Name: "a", Inline: true, Step: workflow.Container{Image: "argoproj/argosay:v2"}},
			}}},
		}
	}
	same(t, "dag-inline-workflowtemplate.yaml", template(false))
	same(t, "dag-inline-clusterworkflowtemplate.yaml", template(true))
}

// A daily job, and two ways to make up for days that it missed.
func TestBackfill(t *testing.T) {
	date := workflow.Input{Name: "date"}
	script := workflow.Script{Image: "busybox", Command: []string{"sh"}}
	script.Base.Source = `date="` + date.Ref() + `"
if [ $date = yesterday ]; then
  date=$(date -d yesterday +%Y-%m-%d)
fi
echo "run for $date"
`
	main := &workflow.Definition{Name: "main", Inputs: taking(date), Step: script}
	job := &workflow.Template{
		Plain: true, Name: "job", Entrypoint: main,
		Parameters: []workflow.Parameter{{Name: "date", Default: new("yesterday")}},
	}
	daily := &workflow.Cron{Name: "daily-job", Template: job, Schedules: []string{"0 2 * * *"}}

	days := func(name, format string, step workflow.Step) *workflow.Definition {
		return &workflow.Definition{Name: "main", Step: workflow.Steps{{{
			Name: name, Step: step, Arguments: args{"date": workflow.Item.Ref()},
			Loop: workflow.Sequence{Start: "19", End: "21", Format: format},
		}}}}
	}
	start := wfv1.WorkflowStep{Name: "start-job", TemplateRef: &wfv1.TemplateRef{Name: "job", Template: "main"}}
	start.Arguments.Parameters = []wfv1.Parameter{{Name: "date", Value: wfv1.AnyStringPtr(date.Ref())}}
	runs := runWith(workflow.Template{
		ServiceAccount: "argo-server",
		Entrypoint: days("day", "2020-05-%02X", &workflow.Definition{
			Name: "create-job", Inputs: taking(date),
			Step: workflow.Resource{Action: workflow.Apply, Object: nested(
				metav1.ObjectMeta{Name: "job-" + date.Ref()},
				wfv1.WorkflowSpec{Entrypoint: "main", Templates: []wfv1.Template{{
					Name: "main", Steps: []wfv1.ParallelSteps{{Steps: []wfv1.WorkflowStep{start}}},
				}}},
			)},
		}),
	})
	tasks := runWith(workflow.Template{Parallelism: 1, Entrypoint: days("create-job", "2020-05-%02d", job.Ref(main))})
	same(t, "cron-backfill.yaml", job, daily, runs, tasks)
}

func TestCron(t *testing.T) {
	same(t, "cron-workflow.yaml", &workflow.Cron{
		Name: "hello-world", Inline: true, Schedules: []string{"* * * * *"}, TimeZone: "America/Los_Angeles",
		Concurrency: workflow.ReplaceConcurrent, KeepSucceeded: new(4), KeepFailed: new(4),
		// Nothing is made up for.
		Base: wfv1.CronWorkflowSpec{StartingDeadlineSeconds: new(int64(0))},
		Template: &workflow.Template{Plain: true, Name: "hello-world", Entrypoint: define("hello-world-with-time", says(
			"🕓 hello world. Scheduled on: "+workflow.ScheduledTime.Ref()))},
	})
}
