package millracetest

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
)

// karpenter plays Karpenter's controllers of pools.
type karpenter struct{ *environment }

func (k *karpenter) changed(c change) {
	gvk := c.object.GroupVersionKind()
	if c.kind == watch.Deleted || (gvk.Group != "karpenter.sh" || gvk.Kind != "NodePool") && gvk.Group != "karpenter.k8s.aws" {
		return
	}
	if k.seen(c.object) {
		return
	}
	k.later(c.object, time.Second, func(u *object) bool {
		if k.seen(u) {
			return false
		}
		ready := k.condition("Ready", "True", "Ready", "")
		if message, ok := k.fails(u); ok {
			ready = k.condition("Ready", "False", "NotReady", message)
		}
		ready["observedGeneration"] = u.GetGeneration()
		set(u, []any{ready}, "status", "conditions")
		return true
	})
}

func (k *karpenter) seen(u *object) bool {
	for _, c := range list(u, "status", "conditions") {
		if c, ok := c.(map[string]any); ok && c["type"] == "Ready" {
			return number(&object{Object: c}, "observedGeneration") == u.GetGeneration()
		}
	}
	return false
}

// builtin plays Kubernetes' own controllers, as far as a wait needs them.
type builtin struct{ *environment }

func (b *builtin) changed(c change) {
	gvk := c.object.GroupVersionKind()
	if c.kind == watch.Deleted {
		return
	}
	switch gvk.Group + "/" + gvk.Kind {
	case "apps/Deployment", "apps/StatefulSet":
		if !observed(c.object) {
			b.later(c.object, 10*time.Second, b.rollOut)
		}
	case "batch/Job":
		if len(list(c.object, "status", "conditions")) == 0 && !yes(c.object, "spec", "suspend") {
			b.later(c.object, time.Minute, b.finish)
		}
	}
}

func (b *builtin) rollOut(u *object) bool {
	if observed(u) {
		return false
	}
	replicas := number(u, "spec", "replicas")
	if _, ok, _ := unstructured.NestedFieldNoCopy(u.Object, "spec", "replicas"); !ok {
		replicas = 1
	}
	set(u, u.GetGeneration(), "status", "observedGeneration")
	if message, ok := b.fails(u); ok {
		set(u, []any{b.condition("Progressing", "False", "ProgressDeadlineExceeded", message)}, "status", "conditions")
		return true
	}
	for _, field := range []string{"replicas", "updatedReplicas", "readyReplicas", "availableReplicas"} {
		set(u, replicas, "status", field)
	}
	return true
}

func (b *builtin) finish(u *object) bool {
	if len(list(u, "status", "conditions")) > 0 {
		return false
	}
	if message, ok := b.fails(u); ok {
		set(u, []any{b.condition("Failed", "True", "BackoffLimitExceeded", message)}, "status", "conditions")
		set(u, int64(1), "status", "failed")
		return true
	}
	set(u, []any{b.condition("Complete", "True", "", "")}, "status", "conditions")
	set(u, int64(1), "status", "succeeded")
	return true
}
