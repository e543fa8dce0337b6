package policy

import (
	"fmt"
	"iter"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// scene is what a check looks at as a whole: the rules across nouns look
// things up in it. Every check has one.
type scene struct {
	// subjects are the objects of the bundle, and those inside of others.
	subjects []subject
	at       map[millrace.Object]int // subjects, by what is read
	// existing are the things that the profile was told of.
	existing []millrace.Ref
}

// subject returns the one that an object is read from.
func (s *scene) subject(read millrace.Object) subject {
	if s.at == nil {
		s.at = make(map[millrace.Object]int, len(s.subjects))
		for i := range s.subjects {
			s.at[s.subjects[i].read] = i
		}
	}
	i, ok := s.at[read]
	if !ok {
		return subject{owner: millrace.RefOf(read), where: read.GetNamespace(), raw: read, read: read, tree: newTreeOf(read)}
	}
	return s.subjects[i]
}

type sceneKey struct{}

// sceneOf returns the scene of a check. A rule that is called by hand sees the
// objects of its bundle.
func sceneOf(pass *millrace.Pass) *scene {
	return once(pass, sceneKey{}, func() *scene {
		s, nearby := new(scene), lookAround(pass.Bundle)
		for _, o := range pass.Bundle.Objects() {
			read, err := typed(o)
			s.subjects = append(s.subjects, subjects(nearby, o, read, err)...)
		}
		return s
	})
}

// once is Pass.Once for values of one type.
func once[T any](pass *millrace.Pass, key any, f func() T) T {
	v, _ := pass.Once(key, func() any { return f() }).(T)
	return v
}

// containers yields the containers of a pod with their paths, first those that
// run first.
func containers(spec *corev1.PodSpec) iter.Seq2[string, *corev1.Container] {
	return func(yield func(string, *corev1.Container) bool) {
		for i := range spec.InitContainers {
			if !yield(fmt.Sprintf("spec.initContainers[%d]", i), &spec.InitContainers[i]) {
				return
			}
		}
		for i := range spec.Containers {
			if !yield(fmt.Sprintf("spec.containers[%d]", i), &spec.Containers[i]) {
				return
			}
		}
	}
}
