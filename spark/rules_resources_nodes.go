package spark

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// sizedIn returns the application of a pass with the sizes of its pods, and
// false where one isn't known.
func sizedIn(pass *millrace.Pass) (sized, bool) {
	app, ok := applicationOf(pass)
	if !ok || pass.Bundle == nil || len(pass.Bundle.Nodes()) == 0 {
		return sized{}, false
	}
	s, _ := pass.Once(sizedKey{pass.Object}, func() any {
		s, err := app.sized(podsOf(pass))
		if err != nil {
			return nil
		}
		return s
	}).(sized)
	return s, s.SparkApplicationSpec != nil
}

// sizedKey is the key of what the rules about nodes share.
type sizedKey struct{ millrace.Object }

// pools returns the shapes that take a placement, and whether the size of all
// of them is known. What asks for no pool can land on nodes that the bundle
// doesn't have.
func pools(b *millrace.Bundle, p millrace.Placement) (out []millrace.NodeShape, known bool) {
	known = p.Tied()
	for _, shape := range b.Nodes() {
		if !shape.Refuses(p).Empty() {
			continue
		}
		out = append(out, shape)
		if _, ok := roomOn(shape.Allocatable); !ok {
			known = false
		}
	}
	return out, known && len(out) > 0
}

// checkNodeFit reports pods that are larger than every node they may run on.
func checkNodeFit(pass *millrace.Pass) {
	s, ok := sizedIn(pass)
	if !ok {
		return
	}
	for _, p := range podsOf(pass) {
		requests, placement := s.Executor.Requests, s.executor
		if roleOf(p) == driverRole {
			requests, placement = s.Driver.Requests, s.driver
		}
		shapes, known := pools(pass.Bundle, placement)
		if !known {
			continue
		}
		pod := needs(requests)
		// The pool that comes nearest, by what it lacks.
		cpu, memory, disk := true, true, true
		for _, shape := range shapes {
			have, _ := roomOn(shape.Allocatable)
			onCPU, onMemory, onDisk := have.times(pod)
			cpu, memory, disk = cpu && onCPU == 0, memory && onMemory == 0, disk && onDisk == 0
			if onCPU > 0 && onMemory > 0 && onDisk != 0 {
				cpu, memory, disk = false, false, false
				shapes = nil
				break
			}
		}
		if shapes == nil {
			continue
		}
		reportFit(pass, p, requests, shapes, cpu, memory, disk)
	}
}

// reportFit names what is too much on every pool, or, where each lacks
// something else, the memory.
func reportFit(pass *millrace.Pass, p millrace.Pod, requests corev1.ResourceList, shapes []millrace.NodeShape, cpu, memory, disk bool) {
	what := corev1.ResourceMemory
	switch {
	case cpu && !memory:
		what = corev1.ResourceCPU
	case disk && !memory:
		what = corev1.ResourceEphemeralStorage
	}
	at := p.Field(fmt.Sprintf("spec.containers[%d].resources.requests.%s", own(p, roleOf(p)), what))
	largest := slices.MaxFunc(shapes, func(a, b millrace.NodeShape) int { return a.Allocatable.Memory().Cmp(*b.Allocatable.Memory()) })
	pass.Report(at, fmt.Sprintf("the %s requests %s, and a node of %s has %s, of which the cluster's agents take some",
		p.Role, amounts(requests), largest.Pool, amounts(largest.Allocatable)))
}

// checkNodeWaste reports executors that leave much of a node to nobody.
func checkNodeWaste(pass *millrace.Pass) {
	s, ok := sizedIn(pass)
	if !ok {
		return
	}
	shapes, known := pools(pass.Bundle, s.executor)
	if !known {
		return
	}
	for _, shape := range shapes {
		f := s.fit(shape)
		// Executors that don't fill a node leave room for other jobs.
		if f.PerNode == 0 || s.MaxExecutors > 0 && s.MaxExecutors < f.PerNode || f.CPUUnused <= muchUnused && f.MemoryUnused <= muchUnused {
			continue
		}
		at := first(s.Executor.Heap.Field, s.path("executor.memory"))
		if f.CPUUnused > f.MemoryUnused {
			at = first(s.Executor.CPUField, s.path("executor.cores"))
		}
		detail := fmt.Sprintf("%s fit on a node of %s, and leave %s of its CPU and %s of its memory unused",
			plural(f.PerNode, "executor"), f.Pool, percentage(f.CPUUnused), percentage(f.MemoryUnused))
		if f.Better == nil {
			pass.Report(at, detail)
			continue
		}
		pass.Suggest(at, detail, "try "+f.Better.String())
	}
}

// checkPoolSize reports more executors than the pools can have nodes for.
func checkPoolSize(pass *millrace.Pass) {
	s, ok := sizedIn(pass)
	if !ok || s.MaxExecutors == 0 {
		return
	}
	shapes, known := pools(pass.Bundle, s.executor)
	room, nodes := 0, 0
	for _, shape := range shapes {
		f := s.fit(shape)
		known = known && f.Nodes > 0
		room += f.PerNode * f.Nodes
		nodes += f.Nodes
	}
	if known && room > 0 && room < s.MaxExecutors {
		pass.Report(s.countPath(), fmt.Sprintf("%d executors are asked for, and %s hold %d of them", s.MaxExecutors, plural(nodes, "node"), room))
	}
}
