package workflow

import (
	"fmt"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Lock is what only so many may hold at a time. The types of this package
// implement it, and no others can: Mutex and Semaphore.
type Lock interface {
	// lock adds it to the others, and reports what is wrong.
	lock(c *check, field string, to *wfv1.Synchronization)
}

// Mutex is a lock that one run or step holds at a time.
//
// Rendered as synchronization.mutexes[]; Argo 4 drops the older mutex.
type Mutex struct {
	// Name is what the lock is called; whoever names the same one waits. It
	// may hold references. Required.
	//
	// Rendered as name.
	Name string
	// Namespace is where it is called so. Empty means that of the run.
	//
	// Rendered as namespace.
	Namespace string
	// Database keeps the lock in the database of Argo's controllers, so that
	// several clusters share it. False means that each controller has its own.
	// Argo 3.7 and later.
	//
	// Rendered as database.
	Database bool
}

// Semaphore is a lock that as many runs or steps hold at a time as a number
// says that is kept outside of the workflow.
//
// Rendered as synchronization.semaphores[]; Argo 4 drops the older semaphore.
type Semaphore struct {
	// ConfigMap is the ConfigMap with the number. Required, unless Database is
	// set.
	//
	// Rendered as configMapKeyRef.name.
	ConfigMap string
	// Key is where the number is: the key in the ConfigMap, or the name in the
	// database. Required.
	Key string
	// Namespace is that of the ConfigMap. Empty means that of the run.
	//
	// Rendered as namespace.
	Namespace string
	// Database keeps the number and the lock in the database of Argo's
	// controllers, so that several clusters share it. Argo 3.7 and later. False
	// means a ConfigMap.
	//
	// Rendered as database.
	Database bool
}

func (m Mutex) lock(c *check, field string, to *wfv1.Synchronization) {
	if m.Name == "" {
		c.Required(field+".Name", "name the lock")
	}
	c.lockNamespace(field, m.Namespace)
	to.Mutexes = append(to.Mutexes, &wfv1.Mutex{Name: m.Name, Namespace: m.Namespace, Database: m.Database})
}

func (s Semaphore) lock(c *check, field string, to *wfv1.Synchronization) {
	out := &wfv1.SemaphoreRef{Namespace: s.Namespace}
	switch {
	case s.Database && s.ConfigMap != "":
		c.Conflict(field+".Database", "the number is in a ConfigMap already", "leave one of them out")
	case s.Database:
		out.Database = &wfv1.SyncDatabaseRef{Key: s.Key}
	case s.ConfigMap == "":
		c.Required(field+".ConfigMap", "name the ConfigMap that holds the number")
	default:
		c.objectName(field+".ConfigMap", s.ConfigMap)
		out.ConfigMapKeyRef = &corev1.ConfigMapKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: s.ConfigMap}, Key: s.Key,
		}
	}
	if s.Key == "" {
		c.Required(field+".Key", "say where the number is")
	}
	c.lockNamespace(field, s.Namespace)
	to.Semaphores = append(to.Semaphores, out)
}

func (c *check) lockNamespace(field, namespace string) {
	if !refers(namespace) {
		c.Namespace(field+".Namespace", namespace)
	}
}

// locks renders what has to be held. Argo fails a step that asks for a lock
// twice. Source: Argo Workflows v3.7.14 workflow/sync/syncitems.go.
func (c *check) locks(field string, locks []Lock) *wfv1.Synchronization {
	out := &wfv1.Synchronization{}
	var seen []Lock
	for i, l := range locks {
		if isNil(l) {
			c.Required(at(field, i), "give a Mutex or a Semaphore")
			continue
		}
		if l = plainLock(l); slices.Contains(seen, l) {
			c.Add(millrace.RuleDuplicate, at(field, i), "the lock is in the list already", "leave it out")
			continue
		}
		seen = append(seen, l)
		l.lock(c, at(field, i), out)
	}
	return out
}

// plainLock returns the lock that a pointer leads to.
func plainLock(l Lock) Lock {
	switch l := l.(type) {
	case *Mutex:
		return *l
	case *Semaphore:
		return *l
	}
	return l
}

// deadlocks reports mutexes that a run, a DAG or steps hold while something in
// them waits for the same: it would wait for ever.
// Source: Argo Workflows v3.7.14 workflow/sync (holders are nodes).
func (c *check) deadlocks(spec *wfv1.WorkflowSpec) {
	calls := make(map[string][]string)
	locks := make(map[string]*wfv1.Synchronization)
	for i := range spec.Templates {
		t := &spec.Templates[i]
		calls[t.Name], locks[t.Name] = called(t), t.Synchronization
	}
	report := func(name, who string, held *wfv1.Synchronization) {
		from, made := c.names[name]
		if mutex := inBoth(held, locks[name]); mutex != "" && made {
			c.Conflict(strings.TrimSuffix(from, ".Name")+".Settings.Locks", fmt.Sprintf("%s holds the mutex %q already, so that this waits for ever", who, mutex),
				"leave one of them out, or give them different names")
		}
	}
	for i := range spec.Templates {
		outer := &spec.Templates[i]
		report(outer.Name, "the run", spec.Synchronization)
		if outer.Synchronization == nil {
			continue
		}
		seen := make(map[string]bool)
		for next := calls[outer.Name]; len(next) > 0; next = next[1:] {
			if name := next[0]; !seen[name] {
				seen[name] = true
				report(name, "the template "+outer.Name+" around", outer.Synchronization)
				next = append(next, calls[name]...)
			}
		}
	}
}

// called are the templates that the tasks of one call.
func called(t *wfv1.Template) (names []string) {
	if t.DAG != nil {
		for i := range t.DAG.Tasks {
			names = append(names, t.DAG.Tasks[i].Template)
		}
	}
	for _, group := range t.Steps {
		for i := range group.Steps {
			names = append(names, group.Steps[i].Template)
		}
	}
	return names
}

// inBoth returns a mutex that both hold. What a reference stands for is not
// known.
func inBoth(a, b *wfv1.Synchronization) string {
	if a == nil || b == nil {
		return ""
	}
	for _, m := range a.Mutexes {
		same := func(o *wfv1.Mutex) bool { return o != nil && m != nil && *o == *m }
		if m != nil && !refers(m.Name+m.Namespace) && slices.ContainsFunc(b.Mutexes, same) {
			return m.Name
		}
	}
	return ""
}
