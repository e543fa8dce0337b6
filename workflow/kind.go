package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// makesPod reports whether a template runs in a pod.
func makesPod(t *wfv1.Template) bool {
	return t.Container != nil || t.ContainerSet != nil || t.Script != nil || t.Resource != nil || t.Data != nil
}

// usesAgent reports whether a template is run by the workflow's agent.
func usesAgent(t *wfv1.Template) bool { return t.HTTP != nil || t.Plugin != nil }

// hasWork reports whether a template does anything.
func hasWork(t *wfv1.Template) bool {
	return makesPod(t) || usesAgent(t) || t.DAG != nil || len(t.Steps) > 0 || t.Suspend != nil
}
