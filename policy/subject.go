package policy

import (
	"sync"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/builtin"
	"github.com/millrace/millrace/workflow"
)

// subject is one thing that rules look at: an object of the bundle, or one
// inside of it, such as the manifest of a workflow's task.
type subject struct {
	owner millrace.Ref    // the object of the bundle
	where string          // the namespace that it is in, or is made in
	field string          // where in it; empty for the object itself
	raw   millrace.Object // as it was composed or loaded; nil if err is set
	read  millrace.Object // as the struct that rules expect; nil if err is set
	tree  treeOf          // raw as the API server reads it
	err   error           // why it can't be read
	makes bool            // it will be in the cluster: no manifest that a task only reads or deletes
	pods  []millrace.Pod
}

// treeOf returns an object as JSON decodes it, which is done once.
type treeOf func() (map[string]any, error)

func newTreeOf(o millrace.Object) treeOf {
	return sync.OnceValues(func() (map[string]any, error) { return content(o) })
}

// subjects returns an object and what is embedded in it. read is the object
// as its struct, or err says why it has none.
func subjects(a around, o, read millrace.Object, err error) []subject {
	owner := millrace.RefOf(o)
	if err != nil {
		return []subject{{owner: owner, where: o.GetNamespace(), makes: true, raw: o, tree: newTreeOf(o), err: err}}
	}
	out := []subject{{owner: owner, where: o.GetNamespace(), makes: true, raw: o, read: read, tree: newTreeOf(o), pods: a.podsOf(read)}}
	for _, e := range workflow.Embedded(read) {
		if names(e.Action) {
			continue
		}
		s := subject{owner: owner, where: o.GetNamespace(), makes: e.Makes(), field: e.Path}
		raw, err := untyped(e.JSON, e.Err)
		if err == nil {
			s.raw, s.tree = raw, newTreeOf(raw)
			s.read, err = typed(raw)
			if _, ok := builtin.For(gvkOf(raw)); ok && err != nil && placeholder(raw.Object) {
				s.read, err = raw, nil // a number may yet be one
			}
		}
		if err == nil && raw.GetNamespace() != "" {
			s.where = raw.GetNamespace()
		}
		if s.err = err; err == nil && s.makes {
			if s.read != s.raw {
				s.read.SetNamespace(s.where)
			}
			s.pods = a.podsOf(s.read)
			for i := range s.pods {
				s.pods[i].Owner = owner
			}
		}
		out = append(out, s)
	}
	return out
}

// names reports whether an action of a task is for an object that its manifest
// only names, or has a part of.
func names(action string) bool { return action == "get" || action == "delete" || action == "patch" }

// at returns where a field of the subject stands in the bundle's object.
func (s subject) at(field string) string {
	switch {
	case s.field == "":
		return field
	case field == "":
		return s.field
	}
	return s.field + "." + field
}
