package workflow

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
)

// checkLimits holds a workflow to what the CRDs of Argo 4 let one object hold.
func checkLimits(p *millrace.Pass) {
	s, ok := specOf(p.Object)
	if !ok {
		return
	}
	limit := func(path string, n, most int, what string) {
		if n > most {
			p.Report(path, fmt.Sprintf("it holds %d %s, and Argo 4 takes %d", n, what, most))
		}
	}
	limit(s.path+".templates", len(s.Templates), maxTemplates, "templates")
	limit(s.path+".arguments.parameters", len(s.Arguments.Parameters), maxParameters, "parameters")
	s.templates(func(path string, t *wfv1.Template) {
		limit(path+".inputs.parameters", len(t.Inputs.Parameters), maxParameters, "parameters")
		if t.DAG != nil {
			limit(path+".dag.tasks", len(t.DAG.Tasks), maxTasks, "tasks")
		}
	})
}
