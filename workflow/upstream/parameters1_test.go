package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

func TestParameter(t *testing.T) {
	run := running(printMessage())
	run.Template.Parameters = []workflow.Parameter{{Name: "message", Default: new("hello world")}}
	same(t, "arguments-parameters.yaml", run)
}

// A parameter of the run whose value is in a ConfigMap.
func TestParameterFromConfigMap(t *testing.T) {
	run := running(printMessage())
	run.Template.Parameters = []workflow.Parameter{{Name: "message", From: workflow.ConfigMapKey{Name: "simple-parameters", Key: "msg"}}}
	same(t, "global-parameters-from-configmap-referenced-as-local-variable.yaml", labelled(run))
}

// A list in a parameter is a text of JSON.
func TestListParameter(t *testing.T) {
	files := workflow.Parameter{Name: "files", Default: new("[]")}
	in := workflow.Input{Name: "files"}
	say := &workflow.Definition{Name: "argosay", Inputs: taking(in), Step: workflow.Container{
		Image: "argoproj/argosay:v2", Args: []string{"echo", "Files affected by commit: " + in.Ref()},
	}}
	template := plain(define("main", workflow.Steps{{call("a", say, "files", files.Ref())}}))
	template.Parameters = []workflow.Parameter{files}
	same(t, "workflow-event-binding/github-path-filter-workflowtemplate.yaml", template)
}
