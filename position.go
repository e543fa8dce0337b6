package millrace

import (
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace/internal/manifest"
)

// Position is a place in a file that Load read.
type Position struct {
	// File is the path as Load was given it, or found it.
	File string
	// Line counts from one.
	Line int
}

// String returns "file:line", or the file alone where no line is known.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}

// origin is where an object was read.
type origin struct {
	file  string
	lines manifest.Lines
}

// Position returns where a field of an object stands in the files that Load
// read: the line of its key, or of the list's item. Fields are paths as
// findings name them: "spec.driver.memory", "metadata.labels[a/b]",
// "spec.templates[2].resource.manifest.spec.driver" for what a manifest
// inside a literal block holds. A field that is not there has the line of
// what would hold it; the empty field is the object itself.
//
// The object may be the bundle's own, or another one of the same kind,
// namespace and name, such as the typed struct that a rule looks at. It is
// false for objects that Load did not read.
func (b *Bundle) Position(o Object, field string) (Position, bool) {
	if isNil(o) {
		return Position{}, false
	}
	u, ok := o.(*unstructured.Unstructured)
	from, known := b.origins[u]
	if !ok || !known {
		if u, ok = b.byName[identityOf(o)].(*unstructured.Unstructured); !ok {
			return Position{}, false
		}
		if from, known = b.origins[u]; !known {
			return Position{}, false
		}
	}
	return Position{from.file, from.lines.Line(u.Object, field)}, true
}

// LoadNotes returns what Load passed over without an error: documents of a
// directory that are no objects, and what kustomize would have done.
func (b *Bundle) LoadNotes() []LoadProblem { return slices.Clone(b.notes) }

// inherit takes over where the objects of another bundle were read; copies
// are these objects in this one.
func (b *Bundle) inherit(from *Bundle, copies []Object) {
	for i, o := range from.parts.Objects {
		u, ok := o.(*unstructured.Unstructured)
		if at, known := from.origins[u]; ok && known {
			if b.origins == nil {
				b.origins = make(map[*unstructured.Unstructured]origin)
			}
			b.origins[copies[i].(*unstructured.Unstructured)] = at
		}
	}
	b.notes = append(b.notes, from.notes...)
}

// identityOf returns what tells an object from all others.
func identityOf(o Object) identity {
	return identity{kindOf(o).GroupKind(), o.GetNamespace(), o.GetName()}
}
