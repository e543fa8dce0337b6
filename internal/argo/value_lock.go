package argo

import (
	"regexp"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
)

// locks checks what a workflow or template waits for. On a lock that has no
// name Argo's controller panics.
// Source: Argo Workflows v3.7.14, workflow/sync/lock_name.go.
func (f *fields) locks(path string, s *wfv1.Synchronization) {
	seen := make(map[string]string)
	if s.Mutex != nil {
		f.mutex(path+".mutex", s.Mutex, seen)
	}
	if s.Semaphore != nil {
		f.semaphore(path+".semaphore", s.Semaphore, seen)
	}
	const null = "it is null, and the task ends as an error"
	for i, m := range s.Mutexes {
		if field := at(path+".mutexes", i); m != nil {
			f.mutex(field, m, seen)
		} else {
			f.report(RuleLock, field, "take it out", null)
		}
	}
	for i, m := range s.Semaphores {
		if field := at(path+".semaphores", i); m != nil {
			f.semaphore(field, m, seen)
		} else {
			f.report(RuleLock, field, "take it out", null)
		}
	}
}

func (f *fields) mutex(path string, m *wfv1.Mutex, seen map[string]string) {
	if m.Name == "" {
		f.report(RuleLock, path+".name", "name the mutex", "it is not set")
		return
	}
	kind := "mutex"
	if m.Database {
		kind = "database mutex"
	}
	f.twice(path, strings.Join([]string{kind, m.Namespace, m.Name}, "\x00"), seen)
}

func (f *fields) semaphore(path string, s *wfv1.SemaphoreRef, seen map[string]string) {
	switch {
	case s.ConfigMapKeyRef != nil && s.Database != nil:
		f.report(RuleLock, path+".database", "keep one of the two", "it is set beside configMapKeyRef")
	case s.ConfigMapKeyRef != nil:
		f.configMapKey(path+".configMapKeyRef", s.ConfigMapKeyRef)
		f.twice(path, strings.Join([]string{"semaphore", s.Namespace, s.ConfigMapKeyRef.Name, s.ConfigMapKeyRef.Key}, "\x00"), seen)
	case s.Database == nil:
		f.report(RuleLock, path, "set configMapKeyRef", "it says nothing of where its limit stands")
	case s.Database.Key == "":
		f.report(RuleLock, path+".database.key", "name the semaphore", "it is not set")
	default:
		f.twice(path, strings.Join([]string{"database semaphore", s.Namespace, s.Database.Key}, "\x00"), seen)
	}
}

// twice reports a lock that is taken a second time.
func (f *fields) twice(path, lock string, seen map[string]string) {
	if first, ok := seen[lock]; ok {
		f.report(RuleLock, path, "take one of the two out", "it is the lock of %s once more", first[strings.LastIndexByte(first, '.')+1:])
		return
	}
	seen[lock] = path
}

// configMapKey checks a reference to a value in a config map.
func (f *fields) configMapKey(path string, ref *corev1.ConfigMapKeySelector) {
	check := func(field, value string) {
		switch {
		case value == "":
			f.report(RuleLock, path+field, "name it", "it is not set")
		case strings.Contains(value, "/") && !hasTag(value):
			f.report(RuleLock, path+field, "leave the '/' out", "%s can't be: config maps and their keys have no '/'", shown(value))
		}
	}
	check(".name", ref.Name)
	check(".key", ref.Key)
}

// cacheKey is what Argo takes for a key of its cache.
// Source: Argo Workflows v3.7.14, workflow/controller/cache/cache.go.
var cacheKey = regexp.MustCompile(`^[a-zA-Z0-9][-a-zA-Z0-9]*$`)

// memoize checks where results are kept. Others complete it if partial is set.
func (f *fields) memoize(path string, m *wfv1.Memoize, partial bool) {
	if (m.Key != "" || !partial) && !hasTag(m.Key) && !cacheKey.MatchString(m.Key) {
		f.report(RuleValue, path+".key", "use letters, digits and '-'", "Argo takes no key %s for its cache", shown(m.Key))
	}
	f.duration(RuleValue, path, ".maxAge", m.MaxAge)
	switch {
	case partial:
	case m.Cache == nil || m.Cache.ConfigMap == nil:
		f.report(RuleLock, path+".cache.configMap", "name the config map of the cache", "it is not set, on which the controller panics")
	case m.Cache.ConfigMap.Name == "":
		f.report(RuleLock, path+".cache.configMap.name", "name the config map of the cache", "it is not set")
	}
}
