package workflow

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/overlay"
)

// Raw is a whole template of Argo's, written by hand. Its name is the task's
// and left empty here; it has one kind of work.
//
// What a task says of its step, such as its deadline, is not to be said again
// in it.
type Raw wfv1.Template

// byHand is the template of a step that is Raw, and nil for others.
func byHand(s Step) *wfv1.Template {
	switch s := s.(type) {
	case Raw:
		return (*wfv1.Template)(&s)
	case *Raw:
		return (*wfv1.Template)(s)
	}
	return nil
}

// template implements Step.
func (s Raw) template(c *check, field string, t *wfv1.Template) {
	given := wfv1.Template(s)
	out := given.DeepCopy()
	switch kinds := kindsOf(out); {
	case kinds == 0:
		c.Required(field, "give the template a kind of work: a container, a script, a resource")
	case kinds > 1:
		c.Conflict(field, fmt.Sprintf("the template has %d kinds of work", kinds), "make a task of each")
	}
	if out.Name != "" {
		c.Conflict(field+".Name", "the template's name is the task's to give", "leave it empty")
		out.Name = ""
	}
	c.oldLocks(field, out.Synchronization)
	for _, path := range overlay.Lay(t, out) {
		c.Conflict(field+"."+path, "it is set here and by the task", "set it in one place")
	}
}
