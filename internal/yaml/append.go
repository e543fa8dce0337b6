package yaml

import (
	"reflect"
	"strings"
	"sync"
)

// Append appends v to dst as one document of canonical block YAML that ends
// with a newline, and returns the extended slice. It writes no "---".
//
// v is normally a pointer to an API object, but may be any value that
// encoding/json can print. It is not changed. On error, which is an [*Error],
// the result is dst as it came.
//
// Calls may run concurrently, as long as nobody changes v.
func Append(dst []byte, v any) ([]byte, error) {
	return run(dst, v, false)
}

// AppendJSON appends the content that [Append] writes, as compact JSON in the
// same order and without a newline. Characters that YAML cannot carry as they
// are come out as \u escapes, so the result may stand in a literal block.
func AppendJSON(dst []byte, v any) ([]byte, error) {
	return run(dst, v, true)
}

// Error says which part of a value cannot be written.
type Error struct {
	// Path leads from the root to the part: spec.tasks[1].args[name].
	// It is empty if the root itself cannot be written.
	Path string
	// Err is the reason.
	Err error
}

func (e *Error) Error() string {
	if e.Path == "" {
		return "yaml: " + e.Err.Error()
	}
	return "yaml: " + e.Path + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// maxPooled is the largest buffer a writer keeps for its next run. A workflow
// of several hundred tasks fits; a rare giant must not stay in memory.
const maxPooled = 1 << 18

var writers = sync.Pool{New: func() any { return new(writer) }}

func run(dst []byte, v any, json bool) ([]byte, error) {
	w := writers.Get().(*writer)
	// Without room in dst the document grows in the pooled buffer, and is
	// copied once to a slice of its exact size.
	pooled := cap(dst) == len(dst)
	if pooled {
		w.buf = w.pool[:0]
	} else {
		w.buf = dst
	}
	w.json, w.pos, w.indent, w.depth = json, atRoot, 0, 0

	out := w.settle(w.value(reflect.ValueOf(v)))
	switch {
	case out == failed:
	case pooled:
		dst = append(dst, w.buf...)
	default:
		dst = w.buf
	}
	var err error
	if out == failed {
		err = &Error{Path: w.failedPath(), Err: w.err}
	}
	w.release(pooled)
	return dst, err
}

// release empties w and puts it back, without references to what it wrote.
func (w *writer) release(pooled bool) {
	if pooled && cap(w.buf) <= maxPooled {
		w.pool = w.buf[:0]
	}
	w.buf, w.err = nil, nil
	clear(w.path)
	clear(w.keys[:cap(w.keys)])
	w.path, w.keys = w.path[:0], w.keys[:0]
	writers.Put(w)
}

// failedPath joins the steps that were noted on the way out.
func (w *writer) failedPath() string {
	var b strings.Builder
	for i := len(w.path) - 1; i >= 0; i-- {
		b.WriteString(w.path[i])
	}
	return strings.TrimPrefix(b.String(), ".")
}
