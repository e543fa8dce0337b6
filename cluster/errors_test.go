package cluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestConflictError(t *testing.T) {
	mixed := apierrors.NewApplyConflict([]metav1.StatusCause{
		{Type: metav1.CauseTypeFieldManagerConflict, Field: ".spec.a", Message: `conflict with "helm" using v1`},
		{Type: metav1.CauseTypeFieldValueInvalid, Field: ".spec.b", Message: "no"},
		{Type: metav1.CauseTypeFieldManagerConflict, Field: ".spec.c", Message: `conflict with "kubectl"`},
	}, "Apply failed with 2 conflicts")
	got := conflictError(fmt.Errorf("wrapped: %w", mixed))
	if got == nil || got.Error() != `field .spec.a belongs to "helm" using v1, field .spec.c belongs to "kubectl"; leave it out, or submit with ForceOwnership` {
		t.Errorf("got %v", got)
	}
	for _, err := range []error{nil, io.EOF, apierrors.NewConflict(schema.GroupResource{Resource: "pods"}, "x", io.EOF), apierrors.NewApplyConflict(nil, "uid"), apierrors.NewBadRequest("x")} {
		if got := conflictError(err); got != nil {
			t.Errorf("%v: got %v", err, got)
		}
	}
}

func TestPassing(t *testing.T) {
	status := func(code int32) error { return &apierrors.StatusError{ErrStatus: metav1.Status{Code: code}} }
	quota := apierrors.NewConflict(schema.GroupResource{Resource: "resourcequotas"}, "q", io.EOF)
	for _, test := range []struct {
		err                 error
		passing, unanswered bool
	}{
		{io.EOF, true, true},
		{io.ErrUnexpectedEOF, true, true},
		{syscall.ECONNREFUSED, true, true},
		{syscall.ECONNRESET, true, true},
		{&net.DNSError{Err: "no such host"}, true, true},
		{&url.Error{Op: "Post", URL: "x", Err: errors.New("http2: client connection lost")}, true, true},
		{errors.New("failed to get server groups: unexpected error when reading response body. Please retry. Original error: http2: client connection force closed via ClientConn.Close"), true, true},
		{&url.Error{Op: "Post", URL: "x", Err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}, false, false},
		{status(http.StatusInternalServerError), true, true},
		{status(http.StatusBadGateway), true, true},
		{status(http.StatusGatewayTimeout), true, true},
		{apierrors.NewServiceUnavailable("x"), true, true},
		{apierrors.NewTimeoutError("x", 1), true, true},
		{apierrors.NewServerTimeout(schema.GroupResource{}, "create", 1), true, true},
		{apierrors.NewTooManyRequests("x", 1), true, false},
		{quota, true, false},
		{fmt.Errorf("wrapped: %w", quota), true, false},
		{apierrors.NewConflict(schema.GroupResource{Resource: "pods"}, "x", io.EOF), false, false},
		{apierrors.NewForbidden(schema.GroupResource{}, "x", errors.New("exceeded quota")), false, false},
		{apierrors.NewBadRequest("x"), false, false},
		{apierrors.NewAlreadyExists(schema.GroupResource{}, "x"), false, false},
		{apierrors.NewUnauthorized("x"), false, false},
		{errors.New("can't encode"), false, false},
		{againError{errors.New("x")}, true, false},
	} {
		if got := passing(test.err); got != test.passing {
			t.Errorf("passing(%v) = %v", test.err, got)
		}
		if got := unanswered(test.err); got != test.unanswered {
			t.Errorf("unanswered(%v) = %v", test.err, got)
		}
	}
}

func TestBackoff(t *testing.T) {
	var b backoff
	for i := range 20 {
		base := min(minDelay<<min(i, 10), maxDelay)
		if got := b.next(io.EOF); got < base/2 || got >= base+base/2 {
			t.Errorf("delay %d is %v, base %v", i, got, base)
		}
	}
	b.reset()
	if got := b.next(nil); got >= maxDelay/2 {
		t.Errorf("after a reset it is %v", got)
	}
	if sleep(canceled(), time.Hour) {
		t.Error("it slept")
	}
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
