package argo

import (
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// template checks one template, and the inline ones in it. around is the scope
// of the task that an inline one stands in.
func (r *resolver) template(at *place, t *wfv1.Template, around *scope, depth int) {
	if around == nil {
		r.fieldName(at, t.Name)
		r.podName(at, t)
	}
	kinds := kindsOf(t)
	r.kind(at, t, kinds)
	r.inputs(at.field("inputs"), t)
	r.outputs(at.field("outputs"), t)
	g, tasks := r.graphOf(at, t)
	s := r.scopeOf(t, around)
	r.strings(at, s, t)

	inside := *s
	if !leaf(t) {
		inside.graph = g
	}
	r.strings(at.field("outputs"), &inside, &t.Outputs)
	if t.Metrics != nil {
		metrics := *s
		metrics.metrics = true
		metrics.extra = []string{"status", "duration", "exitCode", "resourcesDuration"}
		r.strings(at.field("metrics"), &metrics, t.Metrics)
	}
	if t.DAG != nil {
		r.text(at.field("dag").field("target"), &inside, plainText, t.DAG.Target)
	}
	for i, task := range tasks {
		r.task(task, i, &inside)
		if task.Inline != nil && depth < maxInline {
			below := inside
			below.asker = i
			if task.loops() {
				below.loop = task
			}
			r.template(task.at.field("inline"), task.Inline, &below, depth+1)
		}
	}
}

// scopeOf is what the texts of a template may refer to.
func (r *resolver) scopeOf(t *wfv1.Template, around *scope) *scope {
	s := &scope{tmpl: t, asker: anyone, early: r.early[t]}
	if around != nil {
		s.outer = around.tmpl
		s.loop = around.loop
		s.own = true // tags of others are not the loop's business here
		s.retries = around.retries
	}
	s.inputs = inputsOf(t, s.outer)
	defaults := r.Spec.TemplateDefaults
	s.retries = s.retries || t.RetryStrategy != nil || r.Spec.RetryStrategy != nil || defaults != nil && defaults.RetryStrategy != nil
	return s
}

// podName reports a template whose pods could not be called by its name. The
// pod of the entrypoint has the name of the workflow alone.
// Source: Argo Workflows v3.7.14, workflow/util/pod_name.go.
func (r *resolver) podName(at *place, t *wfv1.Template) {
	lower := strings.ToLower(t.Name)
	makesPod := t.Container != nil || t.Script != nil || t.Resource != nil || t.Data != nil || t.ContainerSet != nil
	if makesPod && lower != t.Name && t.Name != r.Spec.Entrypoint {
		r.report(RuleName, at.field("name").String(), "call it "+lower, "pods have it in their names, and the API server refuses capitals there")
	}
}

// leaf: the template runs something itself.
func leaf(t *wfv1.Template) bool { return t.DAG == nil && len(t.Steps) == 0 }

// kindsOf lists the kinds of work that a template has.
func kindsOf(t *wfv1.Template) []string {
	var kinds []string
	for _, k := range []struct {
		name string
		set  bool
	}{
		{"container", t.Container != nil}, {"containerSet", t.ContainerSet != nil}, {"steps", len(t.Steps) > 0},
		{"script", t.Script != nil}, {"resource", t.Resource != nil}, {"dag", t.DAG != nil}, {"suspend", t.Suspend != nil},
		{"data", t.Data != nil}, {"http", t.HTTP != nil}, {"plugin", t.Plugin != nil},
	} {
		if k.set {
			kinds = append(kinds, k.name)
		}
	}
	return kinds
}

// kind checks that a template has one kind of work, and only what that kind knows.
func (r *resolver) kind(at *place, t *wfv1.Template, kinds []string) {
	switch len(kinds) {
	case 0:
		r.report(RuleTemplate, at.String(), "set one of container, script, dag, steps, resource, containerSet, suspend, data, http, plugin", "the template does nothing")
		return
	case 1:
	default:
		r.report(RuleTemplate, at.String(), "keep one of them", "%s exclude each other", strings.Join(kinds, " and "))
		return
	}
	switch kinds[0] {
	case "dag", "steps":
		const fix = "set it in the templates that it runs"
		if t.ActiveDeadlineSeconds != nil {
			r.report(RuleTemplate, at.field("activeDeadlineSeconds").String(), fix, "a template of %s has no activeDeadlineSeconds", kinds[0])
		}
		if t.Timeout != "" {
			r.report(RuleTemplate, at.field("timeout").String(), fix, "a template of %s has no timeout", kinds[0])
		}
	default:
		if t.Parallelism != nil {
			r.report(RuleTemplate, at.field("parallelism").String(), "take it out", "only a template of dag or steps has a parallelism")
		}
		if kinds[0] == "suspend" && t.Timeout != "" {
			r.report(RuleTemplate, at.field("timeout").String(), "use suspend.duration", "a template of suspend has no timeout")
		}
	}
	r.images(at, t)
	for i := range t.InitContainers {
		if t.InitContainers[i].Name == "" {
			r.report(RuleName, at.field("initContainers").item(i).field("name").String(), "name it", "it is required")
		}
	}
}

func (r *resolver) images(at *place, t *wfv1.Template) {
	d := r.Spec.TemplateDefaults
	if r.Kind == kindClusterTemplate || d == nil {
		d = &wfv1.Template{} // validation doesn't look at the defaults of this kind
	}
	if t.Container != nil && t.Container.Image == "" && (d.Container == nil || d.Container.Image == "") {
		r.report(RuleTemplate, at.field("container").field("image").String(), "set it, or that of templateDefaults", "it is required")
	}
	if t.Script != nil && t.Script.Image == "" && (d.Script == nil || d.Script.Image == "") {
		r.report(RuleTemplate, at.field("script").field("image").String(), "set it, or that of templateDefaults", "it is required")
	}
	if t.ContainerSet != nil {
		r.containerSet(at.field("containerSet"), t)
	}
}

// containerSet checks the containers of one pod, which wait for each other as
// tasks do.
func (r *resolver) containerSet(at *place, t *wfv1.Template) {
	list := t.ContainerSet.Containers
	at = at.field("containers")
	if len(list) == 0 {
		r.report(RuleTemplate, at.String(), "add a container", "a set without containers")
	}
	g := &graph{index: make(map[string]int, len(list)), nodes: make([]node, len(list))}
	for i := range list {
		r.fieldName(at.item(i), list[i].Name)
		if _, twice := g.index[list[i].Name]; !twice {
			g.index[list[i].Name] = i
		}
		g.nodes[i].name = list[i].Name
		if list[i].Image == "" && t.PodSpecPatch == "" && r.Spec.PodSpecPatch == "" && r.Spec.TemplateDefaults == nil {
			r.report(RuleTemplate, at.item(i).field("image").String(), "set it", "it is required")
		}
	}
	r.unique(at.parent, "containers", len(list), func(i int) string { return list[i].Name })
	for i := range list {
		for j, name := range list[i].Dependencies {
			where := at.item(i).field("dependencies").item(j)
			if to, ok := g.index[name]; !ok {
				r.report(RuleGraph, where.String(), g.like(name), "there is no container %s", quoted(name))
			} else if to == i {
				r.report(RuleGraph, where.String(), "take it out", "the container waits for itself")
			} else {
				g.nodes[i].deps = append(g.nodes[i].deps, int32(to))
			}
		}
	}
	for _, cycle := range g.sort() {
		r.report(RuleGraph, at.item(int(cycle[0])).field("dependencies").String(), "take out one of the edges", "the containers wait for each other: %s", g.writeCycle(cycle))
	}
	moves := len(t.Inputs.Artifacts) + len(t.Outputs.Parameters) + len(t.Outputs.Artifacts)
	if moves > 0 && !slices.ContainsFunc(list, func(c wfv1.ContainerNode) bool { return c.Name == "main" }) {
		r.report(RuleTemplate, at.String(), "call one of the containers main", "inputs and outputs are those of the container main, which is not there")
	}
}
