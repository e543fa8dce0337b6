package image

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

var (
	// ErrNotFound is what errors.Is finds in an *Error when the registry has no
	// such image.
	ErrNotFound = errors.New("the registry has no such image")
	// ErrDenied is what errors.Is finds in an *Error when the registry wants
	// other credentials. Some registries say it of images that they don't have.
	ErrDenied = errors.New("the registry wants other credentials")
)

// Error is an image that couldn't be looked at.
type Error struct {
	// Op is what was tried: "parse", "get", "get config".
	Op string
	// Ref is the image, as it was asked for.
	Ref string
	// Err is why. A registry's answer is in it as a *transport.Error of
	// go-containerregistry, and the end of a context as its error.
	Err error
}

// Error returns "get image <ref>: <why>".
func (e *Error) Error() string { return fmt.Sprintf("%s image %s: %v", e.Op, e.Ref, e.Err) }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether the target is ErrNotFound or ErrDenied and the registry
// answered so.
func (e *Error) Is(target error) bool {
	answer, ok := errors.AsType[*transport.Error](e.Err)
	if !ok {
		return false
	}
	switch answer.StatusCode {
	case http.StatusNotFound:
		return target == ErrNotFound
	case http.StatusUnauthorized, http.StatusForbidden:
		return target == ErrDenied
	}
	return false
}
