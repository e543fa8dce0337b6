package cluster

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilnet "k8s.io/apimachinery/pkg/util/net"
)

const (
	// The first delay is about what one request takes; the last keeps a
	// thousand waiting clients below a hundred requests a second.
	minDelay = 200 * time.Millisecond
	maxDelay = 10 * time.Second
	// submitBudget bounds the retries of one object. A managed control plane
	// that restarts is away for a minute or two.
	submitBudget = 2 * time.Minute
)

// backoff counts the delays between tries. The zero value is ready.
type backoff struct{ last time.Duration }

// next returns how long to wait after err: doubling from minDelay to maxDelay,
// spread by half so that clients don't come back together, and never less than
// the server asks for.
func (b *backoff) next(err error) time.Duration {
	b.last = min(max(minDelay, b.last*2), maxDelay)
	delay := b.last/2 + rand.N(b.last)
	if seconds, ok := apierrors.SuggestsClientDelay(err); ok {
		delay = max(delay, time.Duration(seconds)*time.Second)
	}
	return delay
}

func (b *backoff) reset() { b.last = 0 }

// sleep waits, and returns false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// retry calls try until it returns an error that will not pass, the budget is
// spent, or ctx ends; it returns the last error.
func retry(ctx context.Context, try func() error) error {
	var b backoff
	deadline := time.Now().Add(submitBudget)
	for {
		err := try()
		if err == nil || !passing(err) {
			return err
		}
		delay := b.next(err)
		if time.Now().Add(delay).After(deadline) {
			return err
		}
		if !sleep(ctx, delay) {
			return &endedError{cause: context.Cause(ctx), last: err}
		}
	}
}

// within returns what f does, or the error of ctx when that ends first; f then
// goes on until it returns. Mappers ask the API server without a context, and
// a server that hangs holds them for half a minute.
func within[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

// endedError says that the context ended while there was something to retry.
type endedError struct{ cause, last error }

func (e *endedError) Error() string {
	return e.cause.Error() + " (last error: " + e.last.Error() + ")"
}

func (e *endedError) Unwrap() []error { return []error{e.cause, e.last} }

// againError marks an error as one that passes.
type againError struct{ error }

func (e againError) Unwrap() error { return e.error }

// passing reports whether trying again may help.
func passing(err error) bool {
	if _, ok := errors.AsType[againError](err); ok {
		return true
	}
	return unanswered(err) || apierrors.IsTooManyRequests(err) || quotaRace(err)
}

// quotaRace reports the conflict of two requests that were counted against one
// quota at the same time; the API server says so on creates as well.
// Source: kubernetes/kubernetes#67761.
func quotaRace(err error) bool {
	status, ok := apiStatus(err)
	if !ok || !apierrors.IsConflict(err) || status.Details == nil {
		return false
	}
	kind := status.Details.Kind
	return kind == "resourcequotas" || kind == "clusterresourcequotas"
}

// unanswered reports whether err leaves open what the server did: the network
// failed, or the server did.
func unanswered(err error) bool {
	if status, ok := apiStatus(err); ok {
		return status.Code >= http.StatusInternalServerError || apierrors.IsTimeout(err) || apierrors.IsServerTimeout(err)
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return false
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	if _, ok := errors.AsType[*url.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || utilnet.IsProbableEOF(err) ||
		utilnet.IsConnectionReset(err) || utilnet.IsConnectionRefused(err) || utilnet.IsHTTP2ConnectionLost(err) ||
		strings.Contains(err.Error(), brokenBody)
}

// brokenBody is in what client-go says of an answer that broke off, whose cause
// may be an error that has no type, such as that of a connection which was
// closed under it.
// Source: k8s.io/client-go v0.37.2, rest/request.go.
const brokenBody = "unexpected error when reading response body"

// expired reports that a resource version is too old to watch from.
func expired(err error) bool { return apierrors.IsGone(err) || apierrors.IsResourceExpired(err) }

// unserved reports that the server doesn't know the kind, as opposed to the
// object.
func unserved(err error) bool {
	return meta.IsNoMatchError(err) || apierrors.IsNotFound(err) && apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse)
}
