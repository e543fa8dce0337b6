package millrace

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a finding means for the bundle.
type Severity int

const (
	// Error means that it will not work, or will lose work or data.
	Error Severity = iota
	// Warning means that it works until something ordinary happens: a node
	// is drained, a zone is lost, a tag moves.
	Warning
	// Info is worth knowing and may be right as it is.
	Info
)

var severityNames = [...]string{Error: "error", Warning: "warning", Info: "info"}

// String returns "error", "warning" or "info".
func (s Severity) String() string {
	if s < 0 || int(s) >= len(severityNames) {
		return fmt.Sprintf("Severity(%d)", int(s))
	}
	return severityNames[s]
}

// MarshalText writes the severity as its name, in JSON reports for one.
func (s Severity) MarshalText() ([]byte, error) {
	if s < 0 || int(s) >= len(severityNames) {
		return nil, fmt.Errorf("millrace: no severity has the number %d", int(s))
	}
	return []byte(severityNames[s]), nil
}

// UnmarshalText reads what MarshalText writes.
func (s *Severity) UnmarshalText(text []byte) error {
	i := slices.Index(severityNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("millrace: %q is no severity: use error, warning or info", text)
	}
	*s = Severity(i)
	return nil
}

// The rules that Build itself holds. Their ids are stable: match these, not
// the prose of a finding.
const (
	// RuleRequired: a field that has no safe default is empty.
	RuleRequired = "build/required"
	// RuleInvalid: a value that the field can't take.
	RuleInvalid = "build/invalid"
	// RuleDuplicate: two things under one name.
	RuleDuplicate = "build/duplicate"
	// RuleConflict: two settings that exclude each other, among them a
	// builder's field and the same field of its Base.
	RuleConflict = "build/conflict"
	// RuleUnknown: a name that nothing answers to: a task that is not listed,
	// a parameter that is not declared, a setting that does not exist.
	RuleUnknown = "build/unknown"
	// RuleCycle: things that wait for each other.
	RuleCycle = "build/cycle"
	// RuleUnsupported: what the chosen target or provider can't express.
	RuleUnsupported = "build/unsupported"
	// RuleManifest: a file that Load could not read as manifests.
	RuleManifest = "load/manifest"
)

// Finding is one thing that is wrong, where it is, and what to do about it.
type Finding struct {
	// Rule is the stable id of the rule: "spark/executor-memory".
	Rule string `json:"rule"`
	// Severity says how bad it is.
	Severity Severity `json:"severity"`
	// Object is the object or the builder that the finding is about. Empty
	// where a file is no object at all.
	Object Ref `json:"object,omitzero"`
	// Field is the path inside it: "spec.driver.memory" in an object,
	// "Driver.Memory" in a builder. Empty means the whole of it.
	Field string `json:"field,omitempty"`
	// File and Line are where Load read it; empty for what was composed.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Detail says what is wrong.
	Detail string `json:"detail"`
	// Fix says what to do.
	Fix string `json:"fix,omitempty"`
	// Waived is the reason why the finding is accepted; empty means that it
	// is not. A waived finding stays in the report.
	Waived string `json:"waived,omitempty"`
}

// String returns the finding on one line.
func (f Finding) String() string {
	var b strings.Builder
	if f.File != "" {
		fmt.Fprintf(&b, "%s: ", Position{f.File, f.Line})
	}
	b.WriteString(f.Severity.String() + ": ")
	if f.Object != (Ref{}) {
		b.WriteString(f.Object.String() + ": ")
	}
	if f.Field != "" {
		b.WriteString(f.Field + ": ")
	}
	b.WriteString(f.Detail)
	if f.Fix != "" {
		b.WriteString("; " + f.Fix)
	}
	fmt.Fprintf(&b, " [%s]", f.Rule)
	if f.Waived != "" {
		fmt.Fprintf(&b, " (waived: %s)", f.Waived)
	}
	return b.String()
}

// CompareFindings orders findings for people: by object, then by severity,
// field and rule.
func CompareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Object.Namespace, b.Object.Namespace),
		cmp.Compare(a.Object.Kind, b.Object.Kind),
		cmp.Compare(a.Object.Name, b.Object.Name),
		cmp.Compare(a.Severity, b.Severity),
		cmp.Compare(a.Field, b.Field),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Detail, b.Detail),
	)
}

// BuildError is what Build returns: every mistake of a composition at once,
// in the order in which the builders were given.
type BuildError struct {
	Findings []Finding

	// nested are those of builders inside of the one that failed, as they made
	// them, by their places.
	nested map[int]Finding
}

// Error lists the findings, one a line.
func (e *BuildError) Error() string {
	var b strings.Builder
	if len(e.Findings) == 1 {
		b.WriteString("build: ")
	} else {
		fmt.Fprintf(&b, "build: %d mistakes:\n  ", len(e.Findings))
	}
	for i, f := range e.Findings {
		if i > 0 {
			b.WriteString("\n  ")
		}
		b.WriteString(strings.TrimPrefix(f.String(), Error.String()+": "))
	}
	return b.String()
}

// findingsIn returns what err says as findings: those of a BuildError, or one
// that carries the text of any other error.
func findingsIn(err error, object Ref) []Finding {
	if err == nil {
		return nil
	}
	if be, ok := errors.AsType[*BuildError](err); ok {
		return be.Findings
	}
	return []Finding{{Rule: RuleInvalid, Object: object, Detail: err.Error()}}
}
