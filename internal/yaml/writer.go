package yaml

import "errors"

// writer holds one run of Append.
type writer struct {
	buf  []byte
	json bool

	pos    position
	indent int // column of the block that the next value belongs to
	depth  int // containers around the next value

	keys []string // stack of the sorted keys of the maps being written
	pool []byte   // buffer kept between runs
	room [64]byte // for short scalars

	err  error
	path []string // steps to the failed part, innermost first
}

// position says what stands before the next value.
type position uint8

const (
	atRoot    position = iota
	afterKey           // "key:"
	afterDash          // "-"
)

// outcome says what an encoder did. An encoder writes a whole value or, for
// absent and empty, nothing: then whoever asked decides whether to take back
// the key or to write null or {}.
type outcome uint8

const (
	written outcome = iota
	absent          // the value is null
	empty           // the value is a struct without a field to print
	failed          // w.err says why
)

// maxDepth is how deep a value may nest. No API type comes near; a pointer
// cycle passes it at once.
const maxDepth = 1000

var errDepth = errors.New("nests too deep, or contains itself")

func (w *writer) fail(err error) outcome {
	w.err = err
	return failed
}

// in notes a step of the path to a failed part.
func (w *writer) in(step string) outcome {
	w.path = append(w.path, step)
	return failed
}

// gap separates a scalar or an empty container from what stands before it.
func (w *writer) gap() {
	if !w.json && w.pos != atRoot {
		w.buf = append(w.buf, ' ')
	}
}

// end ends the line of a scalar or an empty container.
func (w *writer) end() {
	if !w.json {
		w.buf = append(w.buf, '\n')
	}
}

func (w *writer) literal(s string) outcome {
	w.gap()
	w.buf = append(w.buf, s...)
	w.end()
	return written
}

// settle writes what an encoder left out, where the value may not be dropped.
func (w *writer) settle(out outcome) outcome {
	switch out {
	case absent:
		return w.literal("null")
	case empty:
		return w.literal("{}")
	}
	return out
}

// lead starts an entry of a mapping or a list, whose opening bracket in JSON
// is open. pos is where the mapping or list stands.
func (w *writer) lead(pos position, first bool, open byte) {
	switch {
	case w.json && first:
		w.buf = append(w.buf, open)
	case w.json:
		w.buf = append(w.buf, ',')
	case !first:
		w.spaces(w.indent)
	case pos == afterKey:
		w.buf = append(w.buf, '\n')
		w.spaces(w.indent)
	case pos == afterDash:
		w.buf = append(w.buf, ' ')
	}
}

// block enters the entries of a mapping, and returns the column to return to.
func (w *writer) block() (outer int) {
	outer = w.indent
	if w.pos != atRoot {
		w.indent += 2
	}
	return outer
}

// list enters the entries of a list. After a key they stay in its column.
func (w *writer) list() (outer int) {
	outer = w.indent
	if w.pos == afterDash {
		w.indent += 2
	}
	return outer
}

// close leaves a mapping or a list that has entries.
func (w *writer) close(outer int, bracket byte) outcome {
	if w.json {
		w.buf = append(w.buf, bracket)
	}
	w.indent = outer
	w.depth--
	return written
}

const blanks = "                                                                "

func (w *writer) spaces(n int) {
	for n > len(blanks) {
		w.buf = append(w.buf, blanks...)
		n -= len(blanks)
	}
	w.buf = append(w.buf, blanks[:n]...)
}
