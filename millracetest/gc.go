package millracetest

import (
	"cmp"
	"context"
	"slices"

	"k8s.io/apimachinery/pkg/watch"
)

// collector deletes what a deleted object owned, as Kubernetes' garbage
// collector does.
type collector struct{ *environment }

func (c *collector) changed(ch change) {
	if ch.kind != watch.Deleted {
		return
	}
	delete(c.madeBy, keyOf(ch.object))
	owned := c.store.all()
	slices.SortFunc(owned, func(a, b *object) int { return cmp.Compare(keyOf(a).String(), keyOf(b).String()) })
	for _, u := range owned {
		for _, owner := range u.GetOwnerReferences() {
			if owner.UID == ch.object.GetUID() {
				c.troubled(c.store.client.Delete(context.Background(), u.DeepCopy()))
			}
		}
	}
}
