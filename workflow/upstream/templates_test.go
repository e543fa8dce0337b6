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

// TestClusterTemplates refers from template to template, in the whole cluster.
func TestClusterTemplates(t *testing.T) {
	library := func(name string, definitions ...*workflow.Definition) *workflow.Template {
		return &workflow.Template{Plain: true, ClusterWide: true, Name: "cluster-workflow-template-" + name, Definitions: definitions}
	}
	printer := printMessage()
	printing := library("print-message", printer)
	elsewhere := printing.Ref(printer)
	failing := library("random-fail-template", &workflow.Definition{
		Name: "random-fail-template", Retry: &workflow.Retry{Limit: new(10)},
		Step: workflow.Container{Image: "python:alpine3.6", Command: []string{"python", "-c"}, Args: []string{randomFail}},
	})
	says := func(name string, step workflow.Step, depends ...workflow.Expression) *workflow.Task {
		out := call(name, step, "message", name)
		out.Depends = workflow.And(depends...)
		return out
	}
	inner := library("inner-steps", printMessage(), define("inner-steps", workflow.Steps{
		{says("inner-hello1", elsewhere)},
		{says("inner-hello2a", elsewhere), says("inner-hello2b", elsewhere)},
	}))
	here := printMessage()
	a := says("inner-A", elsewhere)
	b, c := says("inner-B", here, bare(a)), says("inner-C", here, bare(a))
	diamond := library("inner-dag", here, define("inner-diamond", workflow.DAG{
		Tasks: []*workflow.Task{a, b, c, says("inner-D", elsewhere, bare(b), bare(c))},
	}))
	submittable := plain(printMessage())
	submittable.Name, submittable.ClusterWide = "cluster-workflow-template-submittable", true
	submittable.Parameters = []workflow.Parameter{parameter("message", "hello world")}
	same(t, "cluster-workflow-template/clustertemplates.yaml", printing, failing, inner, diamond, submittable)
}

// TestRunsOfClusterTemplate runs what is in the cluster already.
func TestRunsOfClusterTemplate(t *testing.T) {
	same(t, "cluster-workflow-template/workflow-template-ref.yaml", &workflow.Run{
		From: workflow.TemplateRef{Name: "cluster-workflow-template-submittable", ClusterWide: true},
	})
	same(t, "workflow-template/workflow-template-ref-with-entrypoint-arg-passing.yaml", &workflow.Run{
		From:      workflow.TemplateRef{Name: "workflow-template-print-message", Template: "print-message"},
		Arguments: args{"message": "hello world"},
	})
}

// TestTasksOfTemplates has tasks do what templates in the cluster say.
func TestTasksOfTemplates(t *testing.T) {
	printer := workflow.TemplateRef{Name: "workflow-template-print-message", Template: "print-message"}
	steps := workflow.TemplateRef{Name: "workflow-template-inner-steps", Template: "inner-steps"}
	dag := workflow.TemplateRef{Name: "workflow-template-inner-dag", Template: "inner-diamond"}
	same(t, "workflow-template/steps.yaml", running(define("hello-hello-hello", workflow.Steps{
		{call("hello1", printer, "message", "hello1")},
		{call("hello2a", steps, "message", "hello2a"), call("hello2b", printer, "message", "hello2b")},
	})))
	a, b, c, d := call("A", printer, "message", "A"), call("B", printer, "message", "B"), &workflow.Task{Name: "C", Step: dag}, call("D", printer, "message", "D")
	b.Depends, c.Depends, d.Depends = bare(a), bare(a), workflow.And(bare(b), bare(c))
	same(t, "workflow-template/dag.yaml", running(define("diamond", workflow.DAG{Tasks: []*workflow.Task{a, b, c, d}})))
}

// TestEventConsumer needs a parameter that the event gives to each run.
func TestEventConsumer(t *testing.T) {
	salutation, appellation := parameter("salutation", "hello"), workflow.Parameter{Name: "appellation"}
	first, second := workflow.Input{Name: "salutation"}, workflow.Input{Name: "appellation"}
	argosay := &workflow.Definition{Name: "argosay", Inputs: taking(first, second),
		Step: workflow.Container{Image: "argoproj/argosay:v2", Args: []string{"echo", first.Ref() + " " + second.Ref()}}}
	consumer := plain(define("main", workflow.Steps{{{
		Name: "a", Step: argosay, Arguments: args{first.Name: salutation.Ref(), second.Name: appellation.Ref()},
	}}}))
	consumer.Parameters = []workflow.Parameter{salutation, appellation}
	same(t, "workflow-event-binding/event-consumer-workflowtemplate.yaml", consumer)
}

// TestInlineStep has the step in its task, and not as a template beside it.
func TestInlineStep(t *testing.T) {
	run := running(define("main", workflow.Steps{{{Name: "a", Inline: true, Step: workflow.Container{Image: "argoproj/argosay:v2"}}}}))
	run.Labels = tested
	same(t, "steps-inline-workflow.yaml", run)
}

func TestCrons(t *testing.T) {
	same(t, "dag-inline-cronworkflow.yaml", &workflow.Cron{
		Name: "dag-inline", Schedules: []string{"*/5 * * * *"},
		Template: &workflow.Template{Plain: true, Name: "dag-inline", Entrypoint: define("main", workflow.DAG{Tasks: []*workflow.Task{
			{Name: "a", Inline: true, Step: workflow.Container{Image: "argoproj/argosay:v2"}},
		}})},
	})
	same(t, "cron-when.yaml", &workflow.Cron{
		Name: "sleep-when", Schedules: []string{"* * * * *"}, Concurrency: workflow.AllowConcurrent, Inline: true,
		When: workflow.Expr("cronworkflow.lastScheduledTime == nil || (now() - cronworkflow.lastScheduledTime).Seconds() > 360"),
		Template: plain(define("sleep-busybox", workflow.Container{
			Image: "busybox", Command: []string{"sleep"}, Args: []string{"10"}})),
	})
}
