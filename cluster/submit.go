package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
)

// ContentHash is the annotation that holds the hash of the content that an
// object which runs once was submitted with.
const ContentHash = "millrace.github.io/content-hash"

// submission is what the options of one Submit say.
type submission struct{ force bool }

// item is one object on its way to the cluster.
type item struct {
	ref  millrace.Ref
	gvk  schema.GroupVersionKind
	body *unstructured.Unstructured
	hash string // of objects that run once
	// brought says that the bundle may bring the definition of the kind.
	brought bool
}

// Submit brings a bundle to the cluster: what lives long is applied, what runs
// once is created, or attached to if the same content was submitted before.
// The bundle is not changed.
//
// Passing errors (the network, an API server that restarts, two requests that
// are counted against one quota) are tried again for 2 minutes an object. The
// first error that doesn't pass ends it. It is a *PartialError if objects were
// submitted before, with an *Error for the object within; both name a
// *ConflictError or *SpecChangedError as the cause. The Run that comes with a
// PartialError holds what was submitted. Mistakes that can be seen without
// changing anything, such as a kind that the cluster does not serve, are all
// reported before the first object is sent.
func (c *Client) Submit(ctx context.Context, bundle *millrace.Bundle, opts ...SubmitOption) (*Run, error) {
	if bundle == nil {
		return nil, errors.New("submit: the bundle is nil")
	}
	if len(bundle.Objects()) == 0 {
		return nil, fmt.Errorf("submit: the bundle holds no objects (and %d files, which are not the cluster's business)", len(bundle.Files()))
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("submit: nothing was sent: %w", context.Cause(ctx))
	}
	var s submission
	for _, o := range opts {
		if o != nil {
			o.applyToSubmit(&s)
		}
	}
	var warned warnings
	ctx = context.WithValue(unlogged(ctx), warningsKey{}, &warned)
	items, err := c.prepare(ctx, bundle)
	if err != nil {
		return nil, err
	}
	run := &Run{client: c, skipped: bundle.Files()}
	fresh := false
	for i, it := range items {
		if fresh && it.hash != "" {
			sleep(ctx, templatesSettle)
			fresh = false
		}
		before, matters := c.templateBefore(ctx, it, items[len(items)-1])
		live, action, err := c.send(ctx, it, s)
		run.warnings = warned.list()
		if err != nil {
			if i == 0 {
				return nil, err
			}
			return run, partial(items, i, err)
		}
		run.add(it, live, action)
		fresh = fresh || matters && !reflect.DeepEqual(before, live.Object["spec"])
	}
	return run, nil
}

// templatesSettle is the time that Argo's controller has to take notice of a
// template before a run of it is created. It reads templates from a cache of its
// own, which follows the API server by a moment: a run that comes first ends as
// an error, "workflowtemplates … not found", or does what the old template says.
const templatesSettle = time.Second

// templateBefore returns the spec that a template has before it is sent, nil if
// it is new, and whether runs of the same bundle may be of it.
func (c *Client) templateBefore(ctx context.Context, it, last *item) (spec any, matters bool) {
	if it.gvk.Group != "argoproj.io" || it.gvk.Kind != "WorkflowTemplate" && it.gvk.Kind != "ClusterWorkflowTemplate" || last.hash == "" {
		return nil, false
	}
	// Without an answer it counts as new.
	spec, _ = within(ctx, func() (any, error) {
		live := new(unstructured.Unstructured)
		live.SetGroupVersionKind(it.gvk)
		err := c.kube.Get(ctx, client.ObjectKeyFromObject(it.body), live)
		return live.Object["spec"], err
	})
	return spec, true
}

// partial reports that items[at] failed after others were submitted.
func partial(items []*item, at int, err error) error {
	e := &PartialError{Err: err}
	for i, it := range items {
		if i < at {
			e.Submitted = append(e.Submitted, it.ref)
		} else {
			e.Rest = append(e.Rest, it.ref)
		}
	}
	return e
}

// prepare turns the objects of a bundle into what is sent, in the order of
// submission, and reports everything that can't work.
func (c *Client) prepare(ctx context.Context, bundle *millrace.Bundle) ([]*item, error) {
	var items []*item
	var problems []error
	bring := len(bundle.OfKind(schema.GroupKind{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"})) > 0
	for _, o := range bundle.Objects() {
		it, err := newItem(o)
		if err == nil {
			err = c.place(ctx, it, bring)
		}
		if err != nil {
			problems = append(problems, &Error{Op: "submit", Object: millrace.RefOf(o), Err: err})
			continue
		}
		items = append(items, it)
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return sorted(items), nil
}

// newItem makes unstructured content of the object's canonical JSON. That form
// holds nothing that the builder did not set: a zero struct that is sent would
// become a field that the client owns.
func newItem(o millrace.Object) (*item, error) {
	data, err := yaml.AppendJSON(nil, o)
	if err != nil {
		return nil, err
	}
	body := new(unstructured.Unstructured)
	if err := body.UnmarshalJSON(data); err != nil {
		return nil, err
	}
	it := &item{ref: millrace.RefOf(o), gvk: body.GroupVersionKind(), body: body}
	if runsOnce(it.gvk.GroupKind()) {
		sum := sha256.Sum256(data)
		// 128 bits are beyond chance, and short enough to be read in an error.
		it.hash = hex.EncodeToString(sum[:16])
	}
	return it, nil
}

// place checks that the cluster serves the kind, unless the bundle brings
// definitions of its own, and fills in the namespace.
func (c *Client) place(ctx context.Context, it *item, bring bool) error {
	var mapping *meta.RESTMapping
	mapper := c.kube.RESTMapper()
	err := retry(ctx, func() (err error) {
		mapping, err = within(ctx, func() (*meta.RESTMapping, error) {
			return mapper.RESTMapping(it.gvk.GroupKind(), it.gvk.Version)
		})
		return err
	})
	if meta.IsNoMatchError(err) {
		if _, static := mapper.(*meta.DefaultRESTMapper); static {
			return nil // it knows no more than a test told it
		}
		if it.brought = bring; bring {
			return nil
		}
		return fmt.Errorf("the cluster does not serve %s %s: install its operator first: %w", it.gvk.GroupVersion(), it.gvk.Kind, err)
	}
	if err != nil {
		return err
	}
	namespaced := mapping.Scope.Name() == meta.RESTScopeNameNamespace
	switch {
	case namespaced && it.body.GetNamespace() == "" && c.namespace == "":
		return errors.New("it has no namespace: set one in its builder, or give the client a cluster.Namespace")
	case namespaced && it.body.GetNamespace() == "":
		it.body.SetNamespace(c.namespace)
		it.ref.Namespace = c.namespace
	case !namespaced && it.body.GetNamespace() != "":
		return fmt.Errorf("it has the namespace %q, but %s is a kind of the whole cluster: leave it out", it.body.GetNamespace(), it.gvk.Kind)
	}
	return nil
}

// send submits one object and returns it as the server has it.
func (c *Client) send(ctx context.Context, it *item, s submission) (*unstructured.Unstructured, Action, error) {
	if it.hash != "" {
		live, action, err := c.create(ctx, it)
		if err != nil {
			return nil, "", &Error{Op: "create", Object: it.ref, Err: err}
		}
		return live, action, nil
	}
	live, err := c.apply(ctx, it, s)
	if err != nil {
		return nil, "", &Error{Op: "apply", Object: it.ref, Err: err}
	}
	return live, Applied, nil
}

// apply sends an object by server-side apply. It can be repeated at will.
func (c *Client) apply(ctx context.Context, it *item, s submission) (*unstructured.Unstructured, error) {
	opts := []client.ApplyOption{client.FieldOwner(c.owner)}
	if s.force {
		opts = append(opts, client.ForceOwnership)
	}
	var live *unstructured.Unstructured
	err := retry(ctx, func() error {
		live = it.body.DeepCopy()
		err := c.kube.Apply(ctx, client.ApplyConfigurationFromUnstructured(live), opts...)
		if conflict := conflictError(err); conflict != nil {
			return conflict
		}
		return it.patient(err)
	})
	return live, err
}

// patient marks the error of a kind that is not served yet, because its
// definition was submitted a moment ago, as one that passes.
func (it *item) patient(err error) error {
	if it.brought && err != nil && unserved(err) {
		return againError{err}
	}
	return err
}
