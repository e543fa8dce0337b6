package cluster

import (
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// Error is an operation on one object that did not work. Err holds the cause:
// a *ConflictError, a *SpecChangedError, or what the API server or the network
// said.
type Error struct {
	// Op is what was tried: "apply", "create", "wait".
	Op string
	// Object is what it was tried on.
	Object millrace.Ref
	// Err is the cause.
	Err error
}

// Error returns "op object: cause".
func (e *Error) Error() string { return fmt.Sprintf("%s %s: %v", e.Op, e.Object, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// PartialError says how far a Submit came before an error stopped it. What was
// submitted stays in the cluster; submitting the bundle again goes on.
type PartialError struct {
	// Submitted are the objects that are in the cluster now.
	Submitted []millrace.Ref
	// Rest are those that are not, the one that failed first.
	Rest []millrace.Ref
	// Err is what stopped it.
	Err error
}

// Error returns the cause and the count of what was submitted before it.
func (e *PartialError) Error() string {
	return fmt.Sprintf("%v; %d of %d objects were submitted before it", e.Err, len(e.Submitted), len(e.Submitted)+len(e.Rest))
}

// Unwrap returns the cause.
func (e *PartialError) Unwrap() error { return e.Err }

// FieldConflict is a field that someone else owns.
type FieldConflict struct {
	// Field is its path: ".spec.partitions".
	Field string
	// Owner is who owns it, as the API server names it: `"kubectl" using v1`.
	Owner string
}

// ConflictError says that applying an object would take fields away from other
// owners. Leave the fields out of the composition, let the owner let go of
// them, or submit with ForceOwnership.
type ConflictError struct {
	Fields []FieldConflict
}

// Error lists the fields with their owners.
func (e *ConflictError) Error() string {
	var b strings.Builder
	for i, f := range e.Fields {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "field %s belongs to %s", f.Field, f.Owner)
	}
	b.WriteString("; leave it out, or submit with ForceOwnership")
	return b.String()
}

// conflictError reads the API server's answer to an apply; nil if it is not
// about fields.
func conflictError(err error) *ConflictError {
	status, ok := apiStatus(err)
	if !ok || status.Details == nil || !apierrors.IsConflict(err) {
		return nil
	}
	var e ConflictError
	for _, c := range status.Details.Causes {
		if c.Type == metav1.CauseTypeFieldManagerConflict {
			owner := strings.TrimPrefix(c.Message, "conflict with ")
			e.Fields = append(e.Fields, FieldConflict{Field: c.Field, Owner: owner})
		}
	}
	if len(e.Fields) == 0 {
		return nil
	}
	return &e
}

// apiStatus returns what the API server answered.
func apiStatus(err error) (metav1.Status, bool) {
	var s apierrors.APIStatus
	if !errors.As(err, &s) {
		return metav1.Status{}, false
	}
	return s.Status(), true
}

// SpecChangedError says that an object that runs once exists under the name of
// the one to submit, and is not the same. Nothing was changed. Give the new
// run a name of its own, or delete the old one.
type SpecChangedError struct {
	// Object is the one that exists.
	Object millrace.Ref
	// Have is the hash of the content that it was submitted with; empty if
	// millrace did not submit it.
	Have string
	// Want is the hash of the content that was to be submitted.
	Want string
}

// Error names the object and both hashes.
func (e *SpecChangedError) Error() string {
	have := "without a content hash, so not by millrace"
	if e.Have != "" {
		have = "with content " + e.Have
	}
	return fmt.Sprintf("%s exists %s; this one has content %s: give it a name of its own, or delete the old one", e.Object, have, e.Want)
}
