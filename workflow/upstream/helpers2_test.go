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

// say is a definition that only says something.
func say(name, text string) *workflow.Definition {
	return &workflow.Definition{Name: name, Step: workflow.Container{Image: "busybox", Command: []string{"echo"}, Args: []string{text}}}
}

// taken and left are the artifacts that a definition takes and leaves.
func taken(list ...workflow.Artifact) workflow.Inputs { return workflow.Inputs{Artifacts: list} }
func left(list ...workflow.Artifact) workflow.Outputs { return workflow.Outputs{Artifacts: list} }

// values are arguments: names and values by turns.
func values(pairs ...string) map[string]string {
	out := make(map[string]string)
	for i := 0; i+1 < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}
