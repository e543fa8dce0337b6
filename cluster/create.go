package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// create makes an object that runs once, exactly once. If one of its name is
// there already, the hash decides whether it is the same.
//
// A create whose answer was lost is looked up before it is tried again: a
// second create could be refused by a quota that the first one has used up.
func (c *Client) create(ctx context.Context, it *item) (live *unstructured.Unstructured, action Action, err error) {
	body := it.body.DeepCopy()
	annotations := maps.Clone(body.GetAnnotations())
	if annotations == nil {
		annotations = make(map[string]string)
	}
	annotations[ContentHash] = it.hash
	body.SetAnnotations(annotations)

	lost := false
	err = retry(ctx, func() error {
		if lost {
			live, err = c.same(ctx, it)
			if !apierrors.IsNotFound(err) {
				action = Created
				return err
			}
		}
		live = body.DeepCopy()
		err := c.kube.Create(ctx, live, client.FieldOwner(c.owner), client.FieldValidation(metav1.FieldValidationStrict))
		switch {
		case err == nil:
			action = Created
			return nil
		case apierrors.IsAlreadyExists(err):
			live, err = c.same(ctx, it)
			if apierrors.IsNotFound(err) {
				return againError{err} // deleted in between
			}
			action = Attached
			return err
		}
		lost = lost || unanswered(err)
		return it.patient(err)
	})
	if err == nil {
		return live, action, nil
	}
	if _, changed := errors.AsType[*SpecChangedError](err); lost && !changed {
		err = fmt.Errorf("%w (whether it was created is not known: submit the same bundle again to find out)", err)
	}
	return nil, "", err
}

// same returns the object of the item's name if it was submitted with the
// item's content.
func (c *Client) same(ctx context.Context, it *item) (*unstructured.Unstructured, error) {
	live := new(unstructured.Unstructured)
	live.SetGroupVersionKind(it.gvk)
	if err := c.kube.Get(ctx, client.ObjectKeyFromObject(it.body), live); err != nil {
		return nil, err
	}
	if have := live.GetAnnotations()[ContentHash]; have != it.hash {
		return nil, &SpecChangedError{Object: it.ref, Have: have, Want: it.hash}
	}
	if live.GetDeletionTimestamp() != nil {
		return nil, againError{errors.New("the one that exists is being deleted")}
	}
	return live, nil
}
