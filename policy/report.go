package policy

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

// Report is what a profile found in a bundle.
type Report struct {
	// Profile is the name of the profile.
	Profile string `json:"profile"`
	// Findings are sorted by object, then by severity and field. Waived ones
	// are among them.
	Findings []millrace.Finding `json:"findings"`

	rules []millrace.Rule
}

// Add puts further findings into the report, such as those of a
// *millrace.LoadError.
func (r *Report) Add(findings ...millrace.Finding) {
	r.Findings = append(r.Findings, findings...)
	slices.SortStableFunc(r.Findings, millrace.CompareFindings)
}

// Count returns the number of findings of a severity that are not waived.
func (r *Report) Count(s millrace.Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s && f.Waived == "" {
			n++
		}
	}
	return n
}

// Waived returns the number of waived findings.
func (r *Report) Waived() int {
	n := 0
	for _, f := range r.Findings {
		if f.Waived != "" {
			n++
		}
	}
	return n
}

// Err returns an *Error with the findings of severity error that are not
// waived, or nil where there are none.
func (r *Report) Err() error {
	e := &Error{Profile: r.Profile}
	for _, f := range r.Findings {
		if f.Severity == millrace.Error && f.Waived == "" {
			e.Findings = append(e.Findings, f)
		}
	}
	if len(e.Findings) == 0 {
		return nil
	}
	return e
}

// WriteText writes the report for people: one line a finding, and a line
// that counts them.
func (r *Report) WriteText(w io.Writer) error {
	_, err := io.WriteString(w, r.String())
	return err
}

// String returns the report as WriteText writes it.
func (r *Report) String() string {
	var b strings.Builder
	for _, f := range r.Findings {
		b.WriteString(f.String() + "\n")
	}
	fmt.Fprintf(&b, "%s: %s, %s, %s, %d waived\n", r.Profile,
		count(r.Count(millrace.Error), "error"), count(r.Count(millrace.Warning), "warning"), count(r.Count(millrace.Info), "note"), r.Waived())
	return b.String()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Error is a report that holds errors, for programs that stop there.
type Error struct {
	Profile  string
	Findings []millrace.Finding
}

// Error lists the findings, one a line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "check against %s: %s", e.Profile, count(len(e.Findings), "error"))
	for _, f := range e.Findings {
		b.WriteString("\n  " + strings.TrimPrefix(f.String(), "error: "))
	}
	return b.String()
}
