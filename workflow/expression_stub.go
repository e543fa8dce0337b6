package workflow

import wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

func rewriteExpression(text string, rename func(Variable) (Variable, bool)) (string, error) {
	return text, nil
}
func (e Expression) problems(c *check, field string) {}
func (a Artifact) input(c *check, field string) (declared wfv1.Artifact, argument *wfv1.Artifact) {
	declared = wfv1.Artifact{Name: a.Name, Path: a.Path}
	if f, ok := a.From.(From); ok {
		return declared, &wfv1.Artifact{Name: a.Name, From: Variable(f).Ref()}
	}
	return declared, nil
}

type Raw wfv1.Template

func (r Raw) template(c *check, field string, t *wfv1.Template) {}
