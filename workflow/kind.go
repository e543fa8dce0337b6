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

// kindsOf counts the kinds of work that a template has.
func kindsOf(t *wfv1.Template) (kinds int) {
	for _, set := range []bool{t.Container != nil, t.ContainerSet != nil, t.Script != nil, t.Resource != nil, t.Data != nil,
		t.DAG != nil, len(t.Steps) > 0, t.Suspend != nil, t.HTTP != nil, t.Plugin != nil} {
		if set {
			kinds++
		}
	}
	return kinds
}
