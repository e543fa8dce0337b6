package upstream_test

import "github.com/millrace/millrace/workflow"

// runWith is a run that holds its template, without the defaults of millrace.
func runWith(t workflow.Template) *workflow.Run {
	t.Plain = true
	if t.Name == "" {
		t.Name = "example"
	}
	return &workflow.Run{Name: "example", Inline: true, Template: &t}
}

// taken and left are the artifacts that a definition takes and leaves.
func taken(list ...workflow.Artifact) workflow.Inputs { return workflow.Inputs{Artifacts: list} }
func left(list ...workflow.Artifact) workflow.Outputs { return workflow.Outputs{Artifacts: list} }
