package builtin_test

import (
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/apis/apps"

	"github.com/millrace/millrace/internal/builtin"
	ours "github.com/millrace/millrace/internal/schema"
)

// fullDeployment is a Deployment whose pods use what the fullest document of a
// Pod does.
func fullDeployment(tb testing.TB) map[string]any {
	tb.Helper()
	var out, spec map[string]any
	for _, d := range documents(tb) {
		if !strings.HasSuffix(d.file, "oracle/builtin/testdata/pods.yaml") {
			continue
		}
		switch name := at(d.obj, "metadata.name"); {
		case d.gvk.Kind == "Deployment" && name == "web":
			out = runtime.DeepCopyJSON(d.obj)
		case d.gvk.Kind == "Pod" && name == "x":
			spec = runtime.DeepCopyJSON(d.obj)["spec"].(map[string]any)
		}
	}
	delete(spec, "activeDeadlineSeconds")
	delete(spec, "schedulingGates")
	out["spec"].(map[string]any)["template"].(map[string]any)["spec"] = spec
	delete(out["spec"].(map[string]any)["template"].(map[string]any)["metadata"].(map[string]any), "annotations")
	return out
}

// BenchmarkDeployment is a check of a full Deployment: by the engine, of the
// struct and of the tree, and by the server's code, of the object decoded and
// filled in already, and from the tree on.
func BenchmarkDeployment(b *testing.B) {
	g := schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"}
	tree := fullDeployment(b)
	if v := create(b, g, tree).all(); len(v) > 0 {
		b.Fatal(v)
	}
	kind, _ := builtin.For(ours.GVK{Group: g.Group, Version: g.Version, Kind: g.Kind})
	typed := &appsv1.Deployment{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(tree, typed); err != nil {
		b.Fatal(err)
	}
	report := func(p ours.Problem) { b.Fatal(p) }
	b.Run("engine/struct", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			kind.CheckTyped(typed, report)
		}
	})
	b.Run("engine/tree", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			kind.Check(tree, report)
		}
	})
	decoded, err := decode(tree)
	if err != nil {
		b.Fatal(err)
	}
	strategy := strategies[g]
	strategy.PrepareForCreate(b.Context(), decoded)
	b.Run("server/validate", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if errs := strategy.Validate(b.Context(), decoded.(*apps.Deployment)); len(errs) != 1 { // it has no namespace here
				b.Fatal(errs)
			}
		}
	})
	b.Run("server/create", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			obj, err := decode(tree)
			if err != nil {
				b.Fatal(err)
			}
			if errs := validate(g, obj); len(errs) > 0 {
				b.Fatal(errs)
			}
		}
	})
}
