package spark

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/nodefit"
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
		if _, ok := nodefit.Of(shape); !ok {
			known = false
		}
	}
	return out, known && len(out) > 0
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
		if f.PerNode == 0 || s.MaxExecutors > 0 && s.MaxExecutors < f.PerNode || !f.muchUnused() {
			continue
		}
		at := first(s.Executor.Heap.Field, s.path("executor.memory"))
		if f.CPUUnused > f.MemoryUnused {
			at = first(s.Executor.CPUField, s.path("executor.cores"))
		}
		detail := fmt.Sprintf("%s fit on a node of %s, and leave %s of its CPU and %s of its memory unused",
			plural(f.PerNode, "executor"), f.Pool, nodefit.Percent(f.CPUUnused), nodefit.Percent(f.MemoryUnused))
		if f.Better == nil {
			pass.Report(at, detail)
			continue
		}
		pass.Suggest(at, detail, "try "+f.Better.String())
	}
}
