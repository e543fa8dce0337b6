package upstream_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/workflow"
)

func TestParameterOfRun(t *testing.T) {
	message := parameter("message", "hello world")
	run := running(define("print-message", says(message.Ref())))
	run.Template.Parameters = []workflow.Parameter{message}
	same(t, "global-parameters.yaml", run)
}

func TestInputFromConfigMap(t *testing.T) {
	message := workflow.Input{Name: "message", From: workflow.ConfigMapKey{Name: "simple-parameters", Key: "msg"}}
	run := running(&workflow.Definition{Name: "print-message-from-configmap", Inputs: taking(message), Step: says(message.Ref())})
	run.Labels = tested
	same(t, "arguments-parameters-from-configmap.yaml", run)
}

// TestLabelFromParameter marks each run with what it was given.
func TestLabelFromParameter(t *testing.T) {
	foo := parameter("foo", "bar")
	run := running(define("main", workflow.Container{Image: "argoproj/argosay:v2"}))
	run.Template.Parameters = []workflow.Parameter{foo}
	run.Template.Settings.LabelsFrom = map[string]workflow.Expression{"foo": workflow.Value(foo)}
	same(t, "label-value-from-workflow.yaml", run)
}

// TestComputedOnce computes a value for several others.
func TestComputedOnce(t *testing.T) {
	weather := parameter("weather", `{"weekWeather": "eyJ0ZW1wcyI6IFszNCwgMjcsIDE1LCA1NywgNDZdfQo="}`)
	temps := workflow.Input{Name: "week-temps", Default: new(workflow.Expr(`map([
		jsonpath(sprig.b64dec(jsonpath(workflow.parameters.weather, '$.weekWeather')), '$.temps')
	], {
		toJson({
			avg: sprig.add(#[0], #[1], #[2], #[3], #[4]) / 5,
			min: sprig.min(#[0], #[1], #[2], #[3], #[4]),
			max: sprig.max(#[0], #[1], #[2], #[3], #[4])
		})
	})[0]`).Ref())}
	of := func(path string) string { return temps.Variable().JSONPath(path).Ref() }
	run := running(&workflow.Definition{Name: "main", Inputs: taking(temps), Step: workflow.Script{
		Image: "debian:9.4", Command: []string{"bash"},
		Env:    []corev1.EnvVar{{Name: "AVG", Value: of("$.avg")}, {Name: "MIN", Value: of("$.min")}, {Name: "MAX", Value: of("$.max")}},
		Source: "echo \"The week's average temperature was $AVG with a minimum of $MIN and a maximum of $MAX.\"\n",
	}})
	run.Template.Parameters = []workflow.Parameter{weather}
	same(t, "expression-reusing-verbose-snippets.yaml", run)
}

func TestResultOfScript(t *testing.T) {
	generate := &workflow.Task{Name: "generate", Step: define("gen-random-int", workflow.Script{
		Image: "node:9.1-alpine", Command: []string{"node"},
		Source: "var rand = Math.floor(Math.random() * 100);\nconsole.log(rand);\n",
	})}
	message := workflow.Input{Name: "message"}
	printer := &workflow.Definition{Name: "print-message", Inputs: taking(message), Step: shell("alpine:latest", "echo result was: "+message.Ref())}
	same(t, "scripts-javascript.yaml", running(define("javascript-script-example", workflow.Steps{
		{generate}, {call("print", printer, "message", generate.Result().Ref())},
	})))
}

func TestColors(t *testing.T) {
	script := workflow.Script{Image: "python:3.7", Command: []string{"python"}, Env: []corev1.EnvVar{{Name: "PYTHONUNBUFFERED", Value: "1"}},
		Source: `import time
import random

messages = [
    'No Color',
    '\x1b[30m%s\x1b[0m' % 'FG Black',
    '\x1b[32m%s\x1b[0m' % 'FG Green',
    '\x1b[34m%s\x1b[0m' % 'FG Blue',
    '\x1b[36m%s\x1b[0m' % 'FG Cyan',
    '\x1b[41m%s\x1b[0m' % 'BG Red',
    '\x1b[43m%s\x1b[0m' % 'BG Yellow',
    '\x1b[45m%s\x1b[0m' % 'BG Magenta',
]
for i in range(1, 100):
  print(random.choice(messages))
  time.sleep(1)
`}
	same(t, "colored-logs.yaml", running(define("print-colors", script)))
}

// TestRequests goes on where the second request fails.
func TestRequests(t *testing.T) {
	url := workflow.Input{Name: "url"}
	http := &workflow.Definition{Name: "http", Inputs: taking(url), Step: workflow.HTTP{URL: url.Ref()}}
	file := func(commit string) string {
		return "https://raw.githubusercontent.com/argoproj/argo-workflows/" + commit + "/pkg/apis/workflow/v1alpha1/generated.swagger.json"
	}
	good := call("good", http, "url", file("4e450e250168e6b4d51a126b784e90b11a0162bc"))
	bad := call("bad", http, "url", file("thisisnotahash"))
	bad.ContinueOn = workflow.ContinueOn{Failed: true}
	run := running(define("main", workflow.Steps{{good, bad}}))
	run.Labels = tested
	same(t, "http-hello-world.yaml", run)
}
