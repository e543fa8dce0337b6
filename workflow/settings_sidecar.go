package workflow

import (
	"errors"
	"fmt"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
)

// Sidecar is a container in the pod of a step, before or beside the step's
// own.
type Sidecar struct {
	// Name is the container's name, unique in the pod: a DNS label, and none of
	// Argo's own "main", "init" and "wait". Required.
	Name string
	// Container is what it runs, with the defaults of every Container. Of those
	// that run before the step, the Command is not required: there Kubernetes
	// itself starts the image's program.
	Container Container
	// MirrorMounts has it mount what the step's container mounts, at the same
	// paths, artifacts too. False means that it has its own mounts only.
	//
	// Rendered as mirrorVolumeMounts.
	MirrorMounts bool
}

// argosContainers are in every pod already.
// Source: Argo Workflows v3.7.14 workflow/common/common.go.
var argosContainers = []string{"main", "init", "wait"}

// containers renders what runs in the pod besides the step's container.
func (s PodSettings) containers(c *check, field string, t *wfv1.Template) {
	seen := make(map[string]bool)
	for i, ctr := range s.InitContainers {
		at := at(field+".InitContainers", i)
		c.container(at, seen, ctr)
		t.InitContainers = append(t.InitContainers, c.withoutCommand(at, ctr))
	}
	for i, ctr := range s.Sidecars {
		at := at(field+".Sidecars", i)
		c.container(at, seen, ctr)
		t.Sidecars = append(t.Sidecars, ctr.render(c, at))
	}
}

// container checks the name of a container.
func (c *check) container(field string, seen map[string]bool, s Sidecar) {
	c.LabelName(field+".Name", s.Name)
	c.unique(field+".Name", seen, s.Name)
	if slices.Contains(argosContainers, s.Name) {
		c.Invalid(field+".Name", s.Name, "Argo's own container in the pod is called so", "rename it")
	}
	if base := s.Container.Base.Name; base != "" && base != s.Name {
		c.Conflict(field+".Container.Base.Name", fmt.Sprintf("the container is called %q", s.Name), "leave it out")
	}
}

func (s Sidecar) render(c *check, field string) wfv1.UserContainer {
	var t wfv1.Template
	var out wfv1.UserContainer
	s.Container.template(c, field+".Container", &t)
	if t.Container != nil {
		out.Container = *t.Container
	}
	out.Name = s.Name
	if s.MirrorMounts {
		out.MirrorVolumeMounts = new(true)
	}
	return out
}

// withoutCommand renders a container that need not name its program.
func (c *check) withoutCommand(field string, s Sidecar) wfv1.UserContainer {
	before := c.Problems
	c.Problems = millrace.Problems{Object: before.Object}
	out := s.render(c, field)
	err := c.Err()
	c.Problems = before
	if built, ok := errors.AsType[*millrace.BuildError](err); ok {
		for _, f := range built.Findings {
			if f.Rule != millrace.RuleRequired || f.Field != field+".Container.Command" {
				c.Add(f.Rule, f.Field, f.Detail, f.Fix)
			}
		}
	}
	return out
}
