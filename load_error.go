package millrace

import (
	"fmt"
	"strconv"
	"strings"
)

// LoadProblem is one thing that is wrong with what Load was given, or that it
// passed over.
type LoadProblem struct {
	// File is the path as Load was given it, or found it.
	File string `json:"file"`
	// Line counts from one; zero means the whole file.
	Line int `json:"line,omitempty"`
	// Column counts characters from one; zero means the whole line.
	Column int `json:"column,omitempty"`
	// Detail says what is wrong.
	Detail string `json:"detail"`
	// Err is the cause where the file system reports one: fs.ErrNotExist.
	Err error `json:"-"`
}

// String returns the problem on one line: "file:line:column: detail".
func (p LoadProblem) String() string {
	at := Position{p.File, p.Line}.String()
	if p.Line > 0 && p.Column > 0 {
		at += ":" + strconv.Itoa(p.Column)
	}
	return at + ": " + p.Detail
}

// LoadError is what Load returns: everything that is wrong at once, in the
// order in which it was read.
type LoadError struct {
	Problems []LoadProblem
}

// Error lists the problems, one a line.
func (e *LoadError) Error() string {
	if len(e.Problems) == 1 {
		return "load " + e.Problems[0].String()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "load: %d problems:", len(e.Problems))
	for _, p := range e.Problems {
		b.WriteString("\n  " + p.String())
	}
	return b.String()
}

// Unwrap returns the causes, so that errors.Is(err, fs.ErrNotExist) tells a
// missing file from a malformed one.
func (e *LoadError) Unwrap() []error {
	var causes []error
	for _, p := range e.Problems {
		if p.Err != nil {
			causes = append(causes, p.Err)
		}
	}
	return causes
}

// Findings returns the problems as findings of rule load/manifest, for reports
// that hold what could not be read beside what was found wrong.
func (e *LoadError) Findings() []Finding {
	out := make([]Finding, len(e.Problems))
	for i, p := range e.Problems {
		out[i] = Finding{Rule: RuleManifest, File: p.File, Line: p.Line, Detail: p.Detail, Fix: "correct the file"}
	}
	return out
}
