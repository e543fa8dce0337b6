package millrace

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace/internal/manifest"
)

// MaxFile is the length of the longest file or stream that Load reads, 64 MiB.
// A document in it may have 4 MiB, somewhat more than an API server takes, and
// 500 levels; what its aliases expand to counts as written out.
const MaxFile = 64 << 20

// Load reads manifests, YAML or JSON, from files and directories:
//
//   - A file may hold many documents, and Lists, whose items are taken out.
//     A document that is no Kubernetes object is a problem.
//   - A directory is read with all below it: *.yaml, *.yml and *.json, in
//     alphabetical order, without hidden files and without following links
//     out of it. Documents that have neither apiVersion nor kind are passed
//     over, and so are Helm charts.
//   - A directory with a kustomization file is read through its resources,
//     bases and components; so is a kustomization file itself. kustomize
//     isn't run: the namespace that it sets is applied, since references
//     depend on it, and whatever else it would change is not. What is on the
//     network is not fetched.
//
// The objects are unstructured, whatever their kind, and hold what kubectl
// would send. Names and labels are not checked, as Build would do: the
// manifests are not millrace's. Render writes them back without loss, as
// canonical manifests: without comments, status and null creationTimestamp.
//
// The bundle remembers the file and line of every value: see Position. What
// Load passed over or did not apply is in the bundle's LoadNotes.
//
// The error is a *LoadError with everything that is wrong, and the bundle
// beside it holds all that could be read: it is never nil. Two objects of one
// kind, namespace and name in one file are an error, and the first is kept; in
// two files they are a note, as they may be for two clusters, and both are
// kept. One document that two paths or kustomizations lead to is one object.
func Load(paths ...string) (*Bundle, error) {
	l := newLoader()
	for _, path := range paths {
		l.path(path)
	}
	return l.result()
}

// LoadReader reads one stream of manifests as Load reads a file. The name is
// what findings and problems call it: "stdin".
func LoadReader(name string, r io.Reader) (*Bundle, error) {
	l := newLoader()
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	switch {
	case err != nil:
		l.problem(LoadProblem{File: name, Detail: err.Error(), Err: err})
	case len(data) > MaxFile:
		l.tooLong(name)
	default:
		l.stream(source{file: name, named: true}, data)
	}
	return l.result()
}

// loader collects what one call of Load reads.
type loader struct {
	bundle   *Bundle
	problems []LoadProblem
	// said are the problems and notes so far: what two kustomizations name
	// is read twice.
	said map[string]bool
	// visited are the files and kustomizations that were read, each under the
	// namespace that a kustomization put it into.
	visited map[visit]bool
}

type visit struct{ path, namespace string }

// first reports whether a visit is the first of its kind.
func (l *loader) first(v visit) bool {
	if l.visited[v] {
		return false
	}
	l.visited[v] = true
	return true
}

// source is where a stream comes from, and what becomes of its objects.
type source struct {
	file string
	// named: somebody named the file, so that each document must be an object.
	named bool
	// namespace is that of a kustomization, or empty.
	namespace string
}

func newLoader() *loader {
	return &loader{
		bundle: &Bundle{
			byName:  make(map[identity]Object),
			byKind:  make(map[schema.GroupKind][]Object),
			origins: make(map[*unstructured.Unstructured]origin),
		},
		said:    make(map[string]bool),
		visited: make(map[visit]bool),
	}
}

func (l *loader) result() (*Bundle, error) {
	if len(l.problems) > 0 {
		return l.bundle, &LoadError{Problems: l.problems}
	}
	return l.bundle, nil
}

func (l *loader) problem(p LoadProblem) {
	if key := "problem " + p.String(); !l.said[key] {
		l.said[key] = true
		l.problems = append(l.problems, p)
	}
}

func (l *loader) note(p LoadProblem) {
	if key := "note " + p.String(); !l.said[key] {
		l.said[key] = true
		l.bundle.notes = append(l.bundle.notes, p)
	}
}

func (l *loader) tooLong(file string) {
	l.problem(LoadProblem{File: file, Detail: fmt.Sprintf("it has more than %d MiB, and nothing of it was read: split it", MaxFile>>20)})
}

// file reads a file of manifests, once for each namespace.
func (l *loader) file(s source) {
	if !l.first(visit{s.file, s.namespace}) {
		return
	}
	if data, ok := l.read(s.file); ok {
		l.stream(s, data)
	}
}

// read returns the content of a file, or reports why it can't.
func (l *loader) read(path string) ([]byte, bool) {
	f, err := os.Open(path)
	if err != nil {
		l.unreadable(path, err)
		return nil, false
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > MaxFile {
		l.tooLong(path)
		return nil, false
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		l.unreadable(path, err)
		return nil, false
	}
	if len(data) > MaxFile {
		l.tooLong(path)
		return nil, false
	}
	return data, true
}

// unreadable reports what the file system says about a path.
func (l *loader) unreadable(path string, err error) {
	detail := err.Error()
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		detail = pe.Err.Error()
	}
	l.problem(LoadProblem{File: path, Detail: detail, Err: err})
}

// stream takes the objects of a stream into the bundle.
func (l *loader) stream(s source, data []byte) {
	docs, problems := manifest.Read(data)
	for _, p := range problems {
		l.problem(LoadProblem{File: s.file, Line: p.Line, Column: p.Column, Detail: p.Detail})
	}
	for _, doc := range docs {
		l.document(s, doc.Value, doc.Lines, doc.Line)
	}
}
