package workflow

import (
	"fmt"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
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
		c.sidecarName(at, seen, ctr)
		t.InitContainers = append(t.InitContainers, ctr.render(c, at))
	}
	for i, ctr := range s.Sidecars {
		at := at(field+".Sidecars", i)
		c.sidecarName(at, seen, ctr)
		c.command(at+".Container", ctr.Container.Command, ctr.Container.Base.Command)
		t.Sidecars = append(t.Sidecars, ctr.render(c, at))
	}
}

// sidecarName checks the name of a container.
func (c *check) sidecarName(field string, seen map[string]bool, s Sidecar) {
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
	out := wfv1.UserContainer{Container: *s.Container.render(c, field+".Container")}
	out.Name = s.Name
	if s.MirrorMounts {
		out.MirrorVolumeMounts = new(true)
	}
	return out
}
