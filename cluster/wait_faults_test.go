package cluster_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
)

// TestFaults has the API server fail in every way that is to be survived, and
// the topic become ready while it does.
func TestFaults(t *testing.T) {
	type faults = interceptor.Funcs
	watching := func(fault func(n int) (watch.Interface, error)) faults {
		var n counter
		return faults{Watch: func(ctx context.Context, next client.WithWatch, list client.ObjectList, opts ...client.ListOption) (watch.Interface, error) {
			if w, err := fault(n.next()); w != nil || err != nil {
				return w, err
			}
			return next.Watch(ctx, list, opts...)
		}}
	}
	reading := func(fault func(n int, since time.Duration) error) faults {
		var n counter
		began := time.Now()
		return faults{Get: func(ctx context.Context, next client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
			if err := fault(n.next(), time.Since(began)); err != nil {
				return err
			}
			return next.Get(ctx, key, o, opts...)
		}}
	}
	for name, plan := range map[string]func() faults{
		"none": func() faults { return faults{} },
		"closed watches": func() faults {
			return watching(func(n int) (watch.Interface, error) {
				if n <= 5 {
					return closed(), nil
				}
				return nil, nil
			})
		},
		"410 when a watch begins": func() faults {
			return watching(func(n int) (watch.Interface, error) {
				if n == 1 || n == 3 {
					return nil, gone
				}
				return nil, nil
			})
		},
		"410 in a watch": func() faults {
			return watching(func(n int) (watch.Interface, error) {
				if n <= 3 {
					return failing(gone), nil
				}
				return nil, nil
			})
		},
		"500 in a watch": func() faults {
			return watching(func(n int) (watch.Interface, error) {
				if n <= 3 {
					return failing(apierrors.NewInternalError(io.EOF)), nil
				}
				return nil, nil
			})
		},
		"EOF when a watch begins": func() faults {
			return watching(func(n int) (watch.Interface, error) {
				if n <= 3 {
					return nil, io.EOF
				}
				return nil, nil
			})
		},
		"watching is forbidden": func() faults {
			return watching(func(int) (watch.Interface, error) { return nil, forbidden })
		},
		"watching is forbidden for a moment": func() faults {
			return watching(func(n int) (watch.Interface, error) {
				if n == 1 {
					return nil, forbidden
				}
				return nil, nil
			})
		},
		"watching is not implemented": func() faults {
			return watching(func(int) (watch.Interface, error) {
				return nil, apierrors.NewMethodNotSupported(topicKind.GroupVersion().WithResource("kafkatopics").GroupResource(), "watch")
			})
		},
		"a watch that says nothing": func() faults {
			return watching(func(int) (watch.Interface, error) { return watch.NewFake(), nil })
		},
		"the network at first": func() faults {
			return reading(func(n int, _ time.Duration) error {
				if n <= 5 {
					return io.ErrUnexpectedEOF
				}
				return nil
			})
		},
		"a restart: refused, 403, 410": func() faults {
			f := reading(func(n int, since time.Duration) error {
				switch {
				case n == 1 || since > 25*time.Second:
					return nil
				case since < 10*time.Second:
					return unavailable
				default:
					return forbidden
				}
			})
			w := watching(func(n int) (watch.Interface, error) {
				if n <= 2 {
					return failing(gone), nil
				}
				return nil, nil
			})
			f.Watch = w.Watch
			return f
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := millracetest.NewCluster(t)
				run := submit(t, over(t, c, plan()), idle("orders"))
				time.AfterFunc(40*time.Second, func() { readyTopic(t, c, "orders") })
				var out bytes.Buffer
				if err := run.Wait(within(t, time.Hour), cluster.Progress(&out)); err != nil {
					t.Fatal(err)
				}
				if got := out.String(); got != "kafkatopic orders: Unclaimed: it has no label strimzi.io/cluster, so no operator looks at it\nkafkatopic orders: Ready\n" {
					t.Errorf("it printed %q", got)
				}
			})
		})
	}
}

// TestRefused has the API server refuse for good.
func TestRefused(t *testing.T) {
	for name, test := range map[string]struct {
		works  int
		err    error
		atMost time.Duration
	}{
		"forbidden from the first":  {0, forbidden, time.Second},
		"bad token":                 {0, apierrors.NewUnauthorized("expired"), time.Second},
		"forbidden later":           {1, forbidden, time.Minute},
		"nonsense from the first":   {0, errors.New("no codec"), time.Second},
		"not served from the first": {0, &noSuchKind, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := millracetest.NewCluster(t)
				var n counter
				run := submit(t, over(t, c, interceptor.Funcs{
					Get: func(ctx context.Context, next client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
						if n.next() > test.works {
							return test.err
						}
						return next.Get(ctx, key, o, opts...)
					},
					Watch: func(context.Context, client.WithWatch, client.ObjectList, ...client.ListOption) (watch.Interface, error) {
						return nil, forbidden
					},
				}), idle("orders"))
				began := time.Now()
				err := run.Wait(within(t, time.Hour))
				took := time.Since(began)
				e, ok := errors.AsType[*cluster.Error](err)
				if !ok || e.Op != "read" || e.Object.String() != "KafkaTopic kafka/orders" || !errors.Is(err, test.err) {
					t.Errorf("got %v", err)
				}
				if took > test.atMost || test.works > 0 && took < 30*time.Second {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

var noSuchKind = apierrors.StatusError{ErrStatus: metav1.Status{Code: 404, Reason: metav1.StatusReasonNotFound,
	Message: "the server could not find the requested resource", Details: &metav1.StatusDetails{Causes: []metav1.StatusCause{{Type: metav1.CauseTypeUnexpectedServerResponse}}}}}

// TestLastError has the network fail until the wait ends, which the error then
// says.
func TestLastError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		run := submit(t, over(t, c, interceptor.Funcs{
			Get: func(context.Context, client.WithWatch, client.ObjectKey, client.Object, ...client.GetOption) error {
				return io.ErrUnexpectedEOF
			},
		}), idle("orders"))
		err := run.Wait(within(t, time.Minute))
		e, ok := errors.AsType[*cluster.WaitError](err)
		if !ok || !errors.Is(e.LastError, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "(last API error: read KafkaTopic kafka/orders: unexpected EOF)") {
			t.Errorf("got %v", err)
		}
	})
}
