package argo

import (
	"math"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// template checks the fields of one template. The templateDefaults are one
// too, which others complete.
func (f *fields) template(path string, t *wfv1.Template) {
	whole := t != f.Spec.TemplateDefaults
	f.duration(RuleValue, path, ".timeout", t.Timeout)
	f.deadline(path, t.ActiveDeadlineSeconds)
	atLeast(f, RuleValue, path, ".parallelism", t.Parallelism, 1, "Argo takes it for no limit at all")
	f.podSpecPatch(path, t.PodSpecPatch)
	if t.RetryStrategy != nil {
		f.retry(path+".retryStrategy", t.RetryStrategy, !whole || f.defaults().RetryStrategy != nil)
	}
	if t.Synchronization != nil {
		f.locks(path+".synchronization", t.Synchronization)
	}
	if t.Metrics != nil {
		f.metrics(path+".metrics", t.Metrics)
	}
	if t.Memoize != nil {
		f.memoize(path+".memoize", t.Memoize, !whole || f.defaults().Memoize != nil)
	}
	f.inputs(path, t)
	f.outputs(path, t)
	if l := t.ArchiveLocation; l != nil {
		f.location(path+".archiveLocation", l, true)
		f.keyless(path+".archiveLocation", l)
	}
	f.mounts(path, t)
	f.names(path, t)
	f.token(path, t)
	f.work(path, t, whole)
	f.steps(path, t)
}

// work checks what is said of what a template runs.
func (f *fields) work(path string, t *wfv1.Template, whole bool) {
	switch {
	case t.Suspend != nil:
		f.seconds(RuleValue, path, ".suspend.duration", t.Suspend.Duration)
	case t.Resource != nil:
		f.resource(path, t)
	case t.HTTP != nil:
		f.http(path+".http", t.HTTP, !whole || f.defaults().HTTP != nil)
	case t.Data != nil:
		f.data(path+".data", t.Data)
	case t.Plugin != nil:
		f.plugin(path+".plugin", t.Plugin)
	case t.ContainerSet != nil && t.ContainerSet.RetryStrategy != nil:
		f.setRetry(path+".containerSet.retryStrategy", t.ContainerSet.RetryStrategy)
	}
}

// steps checks what a template passes to those that it calls.
func (f *fields) steps(path string, t *wfv1.Template) {
	if t.DAG != nil {
		list := path + ".dag.tasks"
		for i := range t.DAG.Tasks {
			f.loopArguments(list, i, &t.DAG.Tasks[i].Arguments)
		}
	}
	for i := range t.Steps {
		for j := range t.Steps[i].Steps {
			if a := &t.Steps[i].Steps[j].Arguments; !a.IsEmpty() {
				f.loopArguments(at(path+".steps", i), j, a)
			}
		}
	}
}

// loopArguments checks the arguments of a task or step. Most have none, and
// their path isn't written.
func (f *fields) loopArguments(list string, i int, a *wfv1.Arguments) {
	if !a.IsEmpty() {
		f.arguments(at(list, i)+".arguments", a)
	}
}

// deadline checks that of a template, which becomes the pod's.
func (f *fields) deadline(path string, d *intstr.IntOrString) {
	const field = ".activeDeadlineSeconds"
	f.number(RuleValue, path, field, d, 1, "the API server refuses the pod")
	if d != nil && d.Type == intstr.String && len(d.StrVal) > len("2147483647") && !hasTag(d.StrVal) {
		f.report(RuleValue, path+field, "shorten it", "%s is more than %d", shown(d.StrVal), math.MaxInt32)
	}
}

// argoName reports whether Argo has a container of the name in every pod.
func argoName(name string) bool { return name == "init" || name == "wait" }

// names checks those of the containers beside the main one. That two of a set
// have one name is for names.
func (f *fields) names(path string, t *wfv1.Template) {
	taken := make(map[string]bool)
	if set := t.ContainerSet; set == nil {
		taken["main"] = true
	} else {
		for i := range set.Containers {
			if name := set.Containers[i].Name; argoName(name) {
				f.taken(at(path+".containerSet.containers", i), name)
			}
			taken[set.Containers[i].Name] = true
		}
	}
	check := func(field string, c *corev1.Container) {
		if taken[c.Name] || argoName(c.Name) {
			f.taken(field, c.Name)
		}
		taken[c.Name] = c.Name != "" && !hasTag(c.Name)
	}
	for i := range t.InitContainers {
		check(at(path+".initContainers", i), &t.InitContainers[i].Container)
	}
	for i := range t.Sidecars {
		field := at(path+".sidecars", i)
		if t.Sidecars[i].Name == "" {
			f.report(RuleValue, field+".name", "name the container", "it is not set, and the API server refuses the pod")
		}
		check(field, &t.Sidecars[i].Container)
	}
}

func (f *fields) taken(field, name string) {
	f.report(RuleValue, field+".name", "rename it", "another container of the pod is called %s", shown(name))
}
