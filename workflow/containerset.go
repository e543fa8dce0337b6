package workflow

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
)

// ContainerSet is a step that runs several containers in one pod, which share
// its volumes, each as soon as those have ended that it waits for.
//
// The pod asks for what all of them ask for together, from its start to its
// end, even where one runs after the other: the scheduler adds up. Steps whose
// needs differ much are better off as tasks.
//
// Where the task has input artifacts or outputs, one of the containers is
// called "main": Argo takes them there.
type ContainerSet struct {
	// Containers are the containers, at least one.
	//
	// Rendered as containerSet.containers.
	Containers []*SetContainer
	// Retry is what happens when a container ends with an error. The zero one runs
	// each program once.
	//
	// Rendered as containerSet.retryStrategy.
	Retry SetRetry
	// Mounts are where every container sees the volumes of the template. Nil means
	// none.
	//
	// Rendered as containerSet.volumeMounts.
	Mounts []corev1.VolumeMount
	// Base holds what has no field of its own here.
	Base wfv1.ContainerSetTemplate
}

// SetContainer is one container of a ContainerSet.
type SetContainer struct {
	// Name is the container's name in the pod: a DNS label, and neither "init"
	// nor "wait", which are Argo's. Required.
	//
	// Rendered as name.
	Name string
	// Container is what it runs. Its defaults are those of a step of its own.
	Container Container
	// After lists the containers that must have succeeded before this one starts.
	// They belong in the same set. Nil lets it start at once.
	//
	// Rendered as dependencies.
	After []*SetContainer
}

// SetRetry is how the containers of a set are run again that ended with an
// error: their programs, in the same containers. Template.Retry is about the
// pod.
//
// Rendered as containerSet.retryStrategy.
type SetRetry struct {
	// Attempts is how often a program runs at most, the first time included.
	// Zero means once.
	//
	// Rendered as retries. Argo's documentation doesn't count the first time
	// there, but Argo does.
	// Source: Argo Workflows v3.7.14 cmd/argoexec/commands/emissary.go.
	Attempts int
	// Backoff is the time between two attempts. Zero means none. Whole seconds.
	//
	// Rendered as duration.
	Backoff time.Duration
}

// template implements Step.
func (s ContainerSet) template(c *check, field string, t *wfv1.Template) {
	out := s.Base.DeepCopy()
	fields := &wfv1.ContainerSetTemplate{VolumeMounts: s.Mounts, RetryStrategy: s.Retry.render(c, field+".Retry")}
	if len(s.Containers) == 0 && len(s.Base.Containers) == 0 {
		c.Required(field+".Containers", "add a container")
	}
	edges := c.setEdges(field, s.Containers, c.setNames(field, s.Containers))
	c.setCycle(field, s.Containers, edges)
	for i, ctr := range s.Containers {
		if ctr != nil {
			fields.Containers = append(fields.Containers, c.setContainer(at(field+".Containers", i), ctr))
		}
	}
	for _, path := range overlay.Lay(out, fields.DeepCopy()) {
		c.Conflict(field+".Base."+path, "it is set here and by a field of the set", "set it in one place")
	}
	c.setMounts(field, out)
	if len(s.Base.Containers) > 0 {
		if err := out.Validate(); err != nil {
			c.Add(ruleInvalid, field+".Base.Containers", err.Error(), "correct it")
		}
	}
	t.ContainerSet = out
}

// render is nil where nothing is said.
func (r SetRetry) render(c *check, field string) *wfv1.ContainerSetRetryStrategy {
	if r.Attempts < 0 || int64(r.Attempts) > math.MaxInt32 {
		c.Invalid(field+".Attempts", r.Attempts, "it is how often a program runs", "leave it zero for once")
	}
	c.seconds(field+".Backoff", r.Backoff)
	if r.Attempts <= 0 {
		if r.Backoff > 0 {
			c.Conflict(field+".Backoff", "there is one attempt only", "set Attempts")
		}
		return nil
	}
	out := &wfv1.ContainerSetRetryStrategy{Retries: new(intstr.FromInt32(int32(min(r.Attempts, math.MaxInt32))))}
	if r.Backoff > 0 {
		out.Duration = orDefault(r.Backoff, 0)
	}
	return out
}

// setContainer renders one container.
func (c *check) setContainer(field string, s *SetContainer) wfv1.ContainerNode {
	var t wfv1.Template
	own := s.Container
	own.Base.Name = s.Name // of a copy
	if s.Container.Base.Name != "" {
		c.Conflict(field+".Container.Base.Name", "the container has its name from the set", "set Name")
	}
	own.template(c, field+".Container", &t)
	out := wfv1.ContainerNode{Container: *t.Container}
	for _, before := range s.After {
		if before != nil {
			out.Dependencies = append(out.Dependencies, before.Name)
		}
	}
	return out
}

// setNames checks the names of the containers, and returns where each stands.
func (c *check) setNames(field string, set []*SetContainer) map[*SetContainer]int {
	index := make(map[*SetContainer]int, len(set))
	names := make(map[string]int, len(set))
	for i, ctr := range set {
		field := at(field+".Containers", i)
		first, listed := index[ctr]
		switch {
		case ctr == nil:
			c.Required(field, "it is nil: leave it out")
			continue
		case listed:
			c.Add(millrace.RuleDuplicate, field, fmt.Sprintf("it is the same container as Containers[%d]", first), "list every container once")
			continue
		case ctr.Name == "init" || ctr.Name == "wait":
			c.Invalid(field+".Name", ctr.Name, "Argo has a container of the name in every pod", "use another name")
		default:
			c.LabelName(field+".Name", ctr.Name)
		}
		if first, taken := names[ctr.Name]; taken && ctr.Name != "" {
			c.Add(millrace.RuleDuplicate, field+".Name", fmt.Sprintf("it is the name of Containers[%d] too", first), "rename one of them")
		}
		index[ctr], names[ctr.Name] = i, i
	}
	return index
}

// setEdges checks which container waits for which, and returns the edges
// between those that are there.
func (c *check) setEdges(field string, set []*SetContainer, index map[*SetContainer]int) [][]setEdge {
	edges := make([][]setEdge, len(set))
	for i, ctr := range set {
		if ctr == nil || index[ctr] != i {
			continue
		}
		for j, before := range ctr.After {
			field := at(at(field+".Containers", i)+".After", j)
			to, listed := index[before]
			switch {
			case before == nil:
				c.Required(field, "it is nil: leave it out")
			case !listed:
				c.Add(ruleUnknown, field, fmt.Sprintf("the container %q is not in Containers", before.Name), "add it there")
			case slices.Contains(ctr.After[:j], before):
				c.Add(millrace.RuleDuplicate, field, fmt.Sprintf("%s is in the list already", before.Name), "leave it out")
			default:
				edges[i] = append(edges[i], setEdge{to, j})
			}
		}
	}
	return edges
}

// setEdge is one entry of a container's After.
type setEdge struct {
	to, entry int
}

// setCycle reports a cycle of containers, if there is one: all of it would
// wait for ever.
func (c *check) setCycle(field string, set []*SetContainer, edges [][]setEdge) {
	starts := make([]bool, len(set))
	for again := true; again; {
		again = false
		for i := range set {
			if !starts[i] && !slices.ContainsFunc(edges[i], func(e setEdge) bool { return !starts[e.to] }) {
				starts[i], again = true, true
			}
		}
	}
	last := slices.Index(starts, false)
	if last < 0 {
		return
	}
	// Each that never starts waits for one that never does: they lead into the cycle.
	seen := make(map[int]int)
	names := []string{set[last].Name}
	for {
		seen[last] = len(names) - 1
		i := slices.IndexFunc(edges[last], func(e setEdge) bool { return !starts[e.to] })
		e := edges[last][i]
		names = append(names, set[e.to].Name)
		if first, ok := seen[e.to]; ok {
			c.Add(millrace.RuleCycle, at(at(field+".Containers", last)+".After", e.entry),
				"the containers wait for each other: "+strings.Join(names[first:], " after "), "remove one of the edges")
			return
		}
		last = e.to
	}
}

// setMounts checks that no container has two volumes at one place.
func (c *check) setMounts(field string, s *wfv1.ContainerSetTemplate) {
	taken := make(map[string]bool)
	for i, m := range s.VolumeMounts {
		if taken[m.MountPath] {
			c.Add(millrace.RuleDuplicate, at(field+".Mounts", i)+".MountPath", fmt.Sprintf("another volume is at %s already", m.MountPath), "mount it elsewhere")
		}
		taken[m.MountPath] = true
	}
	for _, ctr := range s.Containers {
		for _, m := range ctr.VolumeMounts {
			if taken[m.MountPath] {
				c.Conflict(field+".Mounts", fmt.Sprintf("the container %q has a volume of its own at %s", ctr.Name, m.MountPath), "mount one of them elsewhere")
			}
		}
	}
}
