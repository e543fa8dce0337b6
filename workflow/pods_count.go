package workflow

import (
	"encoding/json"
	"strconv"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/internal/argo"
)

// count is how many pods there are at once; no most is zero.
type count struct{ least, most int }

// beside joins two counts of pods that may run at the same time.
func (c count) beside(d count) count {
	out := count{least: max(c.least, d.least), most: c.most + d.most}
	if c.most == 0 || d.most == 0 {
		out.most = 0
	}
	return out
}

// after joins two counts of pods that run one after the other.
func (c count) after(d count) count {
	out := count{max(c.least, d.least), max(c.most, d.most)}
	if c.most == 0 || d.most == 0 {
		out.most = 0
	}
	return out
}

// bound applies a parallelism.
func (c count) bound(most *int64) count {
	if most != nil && *most > 0 && (c.most == 0 || int64(c.most) > *most) {
		c.most = int(*most)
	}
	return c
}

// use is a template that runs in a pod, by its path, and the path of the DAG or
// the steps that call it, where these say where their pods are placed.
type use struct{ template, caller string }

// uses says how often the templates of a workflow are used.
type uses struct {
	spec
	byName  map[string]string           // the paths of the listed templates
	byPath  map[string]*wfv1.Template   // of all
	tasks   map[string]string           // the names of tasks with inline templates, by their paths
	callers map[string]*wfv1.Template   // those of a use
	seen    map[string]map[use]count    // what a DAG or steps use; nil while it is counted
	counts  map[string]map[string]count // by templates and callers
}

// uses follows a workflow from its entrypoint, its exit handler and its hooks.
func (s spec) uses() *uses {
	u := &uses{spec: s, byName: make(map[string]string), byPath: make(map[string]*wfv1.Template), tasks: make(map[string]string),
		callers: make(map[string]*wfv1.Template), seen: make(map[string]map[use]count), counts: make(map[string]map[string]count)}
	for i := range s.Templates {
		path := at(s.path+".templates", i)
		u.byName[s.Templates[i].Name] = path
		argo.Template(path, &s.Templates[i], func(path string, t *wfv1.Template) {
			u.byPath[path] = t
			for _, group := range calls(path, t) {
				for _, c := range group {
					u.tasks[c.path+".inline"] = c.name
				}
			}
		})
	}
	u.root(s.Entrypoint, true)
	u.root(s.OnExit, true)
	for name, hook := range s.Hooks {
		u.root(hook.Template, name == "exit")
	}
	return u
}

// root adds what a template uses that the workflow itself runs.
func (u *uses) root(name string, always bool) {
	for k, n := range u.count(u.byName[name], "") {
		if !always {
			n.least = 0
		}
		if have, ok := u.counts[k.template][k.caller]; ok {
			n = n.after(have)
		}
		if u.counts[k.template] == nil {
			u.counts[k.template] = make(map[string]count)
		}
		u.counts[k.template][k.caller] = n.bound(u.Parallelism)
	}
}

// of returns how many pods of a template there are, by their callers.
func (u *uses) of(path string) map[string]count {
	switch of := u.counts[path]; {
	case of != nil:
		return of
	case u.runsAlone(): // a run may be given another entrypoint
		return map[string]count{"": {0, 1}}
	}
	return map[string]count{"": {}}
}

// count returns what a template uses, itself if it runs in a pod.
func (u *uses) count(path, caller string) map[use]count {
	t := u.byPath[path]
	switch {
	case t == nil:
		return nil
	case makesPod(t) || usesAgent(t):
		u.callers[caller] = u.byPath[caller]
		return map[use]count{{path, caller}: {1, 1}}
	}
	if out, ok := u.seen[path]; ok {
		return out // nothing for a template that comes to itself again
	}
	u.seen[path] = nil
	next := ""
	if len(t.NodeSelector) > 0 || t.Affinity != nil || len(t.Tolerations) > 0 {
		next = path
	}
	out := make(map[use]count)
	for _, group := range calls(path, t) {
		together := make(map[use]count)
		for _, c := range group {
			u.add(together, c, next)
		}
		for k, n := range together {
			if have, ok := out[k]; ok {
				n = n.after(have)
			}
			out[k] = n.bound(t.Parallelism)
		}
	}
	u.seen[path] = out
	return out
}

// add adds what a task uses, and its hooks.
func (u *uses) add(to map[use]count, c call, caller string) {
	n, known, always := c.times()
	if known && n < 1 {
		return
	}
	put := func(path string, always bool) {
		for k, each := range u.count(path, caller) {
			if each.most *= n; !known {
				each.most = 0
			}
			if !always {
				each.least = 0
			}
			if have, ok := to[k]; ok {
				each = each.beside(have)
			}
			to[k] = each
		}
	}
	switch {
	case c.inline:
		put(c.path+".inline", always)
	case !c.elsewhere:
		put(u.byName[c.template], always)
	}
	put(u.byName[c.onExit], always)
	for name, hook := range c.hooks {
		if hook.TemplateRef == nil {
			put(u.byName[hook.Template], always && name == "exit")
		}
	}
}

// call is a task of a DAG or a step.
type call struct {
	path, name, template string
	inline, elsewhere    bool
	when                 string
	items                []wfv1.Item
	param                string
	sequence             *wfv1.Sequence
	onExit               string
	hooks                wfv1.LifecycleHooks
}

// calls returns the tasks of a template: groups that run one after the other,
// of tasks that may run at the same time.
func calls(path string, t *wfv1.Template) [][]call {
	var out [][]call
	if t.DAG != nil {
		var group []call
		for i := range t.DAG.Tasks {
			c := &t.DAG.Tasks[i]
			group = append(group, call{at(path+".dag.tasks", i), c.Name, c.Template, c.Inline != nil, c.TemplateRef != nil,
				c.When, c.WithItems, c.WithParam, c.WithSequence, c.OnExit, c.Hooks})
		}
		out = append(out, group)
	}
	for i := range t.Steps {
		var group []call
		for j := range t.Steps[i].Steps {
			c := &t.Steps[i].Steps[j]
			group = append(group, call{at(at(path+".steps", i), j), c.Name, c.Template, c.Inline != nil, c.TemplateRef != nil,
				c.When, c.WithItems, c.WithParam, c.WithSequence, c.OnExit, c.Hooks})
		}
		out = append(out, group)
	}
	return out
}

// times returns how often a task runs, if that is known, and whether it does so
// in every run.
func (c call) times() (n int, known, always bool) {
	n, known = 1, true
	switch {
	case c.items != nil:
		n = len(c.items)
	case c.param != "":
		var list []any
		known = json.Unmarshal([]byte(c.param), &list) == nil
		n = len(list)
	case c.sequence != nil:
		n, known = sequenceLength(c.sequence)
	}
	return n, known, known && c.when == ""
}

// sequenceLength is how many numbers a sequence has, if it says so itself.
func sequenceLength(s *wfv1.Sequence) (int, bool) {
	if s.Count != nil {
		return number(s.Count)
	}
	start, ok := 0, true
	if s.Start != nil {
		start, ok = number(s.Start)
	}
	end := 0
	if s.End != nil && ok {
		end, ok = number(s.End)
	}
	return max(end-start, start-end) + 1, ok
}

// number reads a number that may be text, or an expression.
func number(v *intstr.IntOrString) (int, bool) {
	if v == nil {
		return 0, false
	}
	n, err := strconv.Atoi(v.String())
	return n, err == nil
}
