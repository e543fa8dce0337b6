package workflow

import wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

func rewriteExpression(text string, rename func(Variable) (Variable, bool)) (string, error) {
	return text, nil
}
func (e Expression) problems(c *check, field string) {}

type Raw wfv1.Template

func (r Raw) template(c *check, field string, t *wfv1.Template) {}
