package builtin_test

import (
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace/internal/builtin"
	ours "github.com/millrace/millrace/internal/schema"
)

// BenchmarkCheck holds the engine beside the server's code, of an object that
// is as it should be. The engine gets it as a tree, and as a struct; the server
// as JSON, which it decodes, and decoded, as a copy, as it changes it.
func BenchmarkCheck(b *testing.B) {
	seen := map[schema.GroupVersionKind]bool{}
	for _, d := range documents(b) {
		if seen[d.gvk] || len(create(b, d.gvk, d.obj).all()) > 0 {
			continue
		}
		switch d.gvk.Kind {
		case "ResourceQuota", "NetworkPolicy", "Service", "HorizontalPodAutoscaler", "Deployment", "StatefulSet", "CronJob":
		default:
			continue
		}
		seen[d.gvk] = true
		b.Run(d.gvk.Kind, func(b *testing.B) { beside(b, d.gvk, d.obj) })
	}
}

// beside runs the engine and the server's code on one object.
func beside(b *testing.B, g schema.GroupVersionKind, tree map[string]any) {
	kind, ok := builtin.For(ours.GVK{Group: g.Group, Version: g.Version, Kind: g.Kind})
	if !ok {
		b.Fatal(g)
	}
	fatal := func(p ours.Problem) { b.Fatal(p) }
	b.Run("engine", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			kind.Check(tree, fatal)
		}
	})
	b.Run("engine-typed", func(b *testing.B) {
		o := kind.New()
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(tree, o); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			kind.CheckTyped(o, fatal)
		}
	})
	obj, err := decode(tree)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("server", func(b *testing.B) {
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
	b.Run("server-decoded", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if errs := validate(g, obj.DeepCopyObject()); len(errs) > 0 {
				b.Fatal(errs)
			}
		}
	})
}
