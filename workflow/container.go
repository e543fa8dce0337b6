package workflow

import (
	"fmt"
	"maps"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
)

// Container is a step that runs one container in a pod.
//
// Arguments and environment may hold references to parameters. Argo puts
// their values in as text, and evaluates references that stand in them. They
// cannot become further arguments, but a program that is given as text, such
// as a script for sh -c, can be changed by them: pass values to scripts in
// Env.
//
// It runs as the user 8737 of Argo's own images, whatever user the image
// names: where files of the image belong to another one, set
// Base.SecurityContext.RunAsUser, to zero for root.
type Container struct {
	// Image is the image. Required.
	//
	// Rendered as image.
	Image string
	// Command is the program with its first arguments. Required, but for the
	// templates that are Plain: without it Argo's controller has to ask the
	// image's registry, for which it needs credentials.
	//
	// Rendered as command.
	Command []string
	// Args are the further arguments. Nil means none.
	//
	// Rendered as args.
	Args []string
	// Env is the environment. Nil means none.
	//
	// Rendered as env.
	Env []corev1.EnvVar
	// CPU is what the container asks for; it may use more. Zero means 500m.
	//
	// Rendered as resources.requests.cpu. There is no limit: a limit
	// throttles while the node is idle.
	CPU resource.Quantity
	// Memory is what the container asks for and may use. Zero means 1 GiB. A
	// container that takes more is killed; only Retry.Failures starts it again.
	//
	// Rendered as resources.requests.memory and resources.limits.memory.
	Memory millrace.Bytes
	// Mounts are the volumes that the container sees, and where: see Claim.Mount
	// and Mount. Nil means none.
	//
	// Rendered as volumeMounts.
	Mounts []corev1.VolumeMount
	// Base holds what has no field of its own here.
	Base corev1.Container
}

// template implements Step.
func (s Container) template(c *check, field string, t *wfv1.Template) {
	c.command(field, s.Command, s.Base.Command)
	t.Container = s.render(c, field)
}

// render renders the container, whatever it is for.
func (s Container) render(c *check, field string) *corev1.Container {
	c.mounts(field+".Mounts", s.Mounts)
	fields := corev1.Container{Image: s.Image, Command: s.Command, Args: s.Args, Env: s.Env, VolumeMounts: s.Mounts}
	return c.container(field, &s.Base, fields, s.CPU, s.Memory)
}

// command checks that a container says what it runs.
func (c *check) command(field string, command, base []string) {
	if len(command) == 0 && len(base) == 0 && !c.template.Plain {
		c.Required(field+".Command", "name the program that the container runs")
	}
}

// container lays the fields of a container, or of what else runs in one, over
// its base, and fills in the defaults. Nothing of it is shared with what is
// given.
func (c *check) container(field string, base *corev1.Container, fields corev1.Container, cpu resource.Quantity, mem millrace.Bytes) *corev1.Container {
	if fields.Image == "" && base.Image == "" {
		c.Required(field+".Image", "name the image of the step")
	}
	if mem < 0 {
		c.Invalid(field+".Memory", mem, "a size can't be negative", "leave it zero for 1Gi")
	}
	if cpu.Sign() < 0 {
		c.Invalid(field+".CPU", cpu.String(), "a quantity can't be negative", "leave it zero for 500m")
	}
	if !cpu.IsZero() {
		fields.Resources.Requests = corev1.ResourceList{corev1.ResourceCPU: cpu}
	}
	if mem > 0 {
		overlay.Fill(&fields.Resources, memory(mem))
	}
	ctr := base.DeepCopy()
	for _, path := range overlay.Lay(ctr, fields.DeepCopy()) {
		c.Conflict(field+".Base."+path, "it is set here and by a field of the container", "set it in one place")
	}
	c.fillContainer(ctr)
	for _, name := range slices.Sorted(maps.Keys(ctr.Resources.Limits)) {
		request, limit := ctr.Resources.Requests[name], ctr.Resources.Limits[name]
		if request.Cmp(limit) > 0 {
			c.Conflict(field+".Base.Resources.Limits["+string(name)+"]", fmt.Sprintf("the container asks for %s and may use %s only", request.String(), limit.String()), "raise the limit, or ask for less")
		}
	}
	return ctr
}

// fillContainer fills in the defaults below what is set, unless the template
// is to say no more than it was told.
func (c *check) fillContainer(ctr *corev1.Container) {
	if !c.template.Plain {
		overlay.Fill(ctr, containerDefaults(ctr))
	}
}

// memory asks for an amount and limits it to the same.
func memory(b millrace.Bytes) *corev1.ResourceRequirements {
	return &corev1.ResourceRequirements{
		Requests: corev1.ResourceList{corev1.ResourceMemory: b.Quantity()},
		Limits:   corev1.ResourceList{corev1.ResourceMemory: b.Quantity()},
	}
}
