package builtin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/millrace/millrace/internal/builtin"
	ours "github.com/millrace/millrace/internal/schema"
)

// TestRemoved: every version of a kind that k8s.io/api knows to be gone is
// known to be, since the same release; its successor is one that is there; and
// nothing is said to be gone that isn't.
func TestRemoved(t *testing.T) {
	const release = 37
	gone := 0
	for gvk := range scheme.Scheme.AllKnownTypes() {
		if strings.HasSuffix(gvk.Kind, "List") || strings.HasSuffix(gvk.Kind, "Review") || slices.Contains([]string{"Scale", "DeploymentRollback", "Eviction"}, gvk.Kind) {
			continue // no manifests
		}
		o, err := scheme.Scheme.New(gvk)
		if err != nil {
			t.Fatal(err)
		}
		p, removed := builtin.Removed(ours.GVK{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind})
		life, ok := o.(interface{ APILifecycleRemoved() (int, int) })
		if !ok {
			if removed {
				t.Errorf("%v is not gone", gvk)
			}
			continue
		}
		if _, minor := life.APILifecycleRemoved(); minor > release {
			if removed {
				t.Errorf("%v is there until 1.%d", gvk, minor)
			}
			continue
		} else if gone++; !removed || !strings.HasSuffix(p.Detail, fmt.Sprintf("since Kubernetes 1.%d", minor)) {
			t.Errorf("%v is gone since 1.%d, have %q", gvk, minor, p.Detail)
			continue
		}
		use := strings.TrimSuffix(strings.TrimPrefix(p.Fix, "use "), ", and see what it calls the fields")
		if next := schema.FromAPIVersionAndKind(use, gvk.Kind); !scheme.Scheme.Recognizes(next) {
			t.Errorf("%v: %v is not there to be used", gvk, next)
		}
		if r, ok := o.(interface {
			APILifecycleReplacement() schema.GroupVersionKind
		}); ok && r.APILifecycleReplacement().Group != strings.Split(use, "/")[0] {
			t.Errorf("%v: use %s, k8s.io/api says %v", gvk, use, r.APILifecycleReplacement())
		}
	}
	if gone < 40 {
		t.Errorf("only %d versions are gone", gone)
	}
}
