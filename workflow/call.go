package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// invocation is how a DAG or steps call a template: what their tasks have in
// common.
type invocation struct {
	name         string
	template     string
	templateRef  *wfv1.TemplateRef
	inline       *wfv1.Template
	arguments    wfv1.Arguments
	when         string
	withItems    []wfv1.Item
	withParam    string
	withSequence *wfv1.Sequence
	hooks        wfv1.LifecycleHooks
}

func (Items) loop(*check, string, *invocation)    {}
func (Over) loop(*check, string, *invocation)     {}
func (Sequence) loop(*check, string, *invocation) {}

func (*Definition) template(*check, string, *wfv1.Template) {}
func (DAG) template(*check, string, *wfv1.Template)         {}
func (Steps) template(*check, string, *wfv1.Template)       {}
func (TemplateRef) template(*check, string, *wfv1.Template) {}
