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
		kind, ok := builtin.For(ours.GVK{Group: d.gvk.Group, Version: d.gvk.Version, Kind: d.gvk.Kind})
		if !ok {
			b.Fatal(d.gvk)
		}
		fatal := func(p ours.Problem) { b.Fatal(p) }
		b.Run(d.gvk.Kind+"/engine", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				kind.Check(d.obj, fatal)
			}
		})
		b.Run(d.gvk.Kind+"/engine-typed", func(b *testing.B) {
			o := kind.New()
			if err := runtime.DefaultUnstructuredConverter.FromUnstructured(d.obj, o); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				kind.CheckTyped(o, fatal)
			}
		})
		obj, err := decode(d.obj)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(d.gvk.Kind+"/server", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				obj, err := decode(d.obj)
				if err != nil {
					b.Fatal(err)
				}
				if errs := validate(d.gvk, obj); len(errs) > 0 {
					b.Fatal(errs)
				}
			}
		})
		b.Run(d.gvk.Kind+"/server-decoded", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if errs := validate(d.gvk, obj.DeepCopyObject()); len(errs) > 0 {
					b.Fatal(errs)
				}
			}
		})
	}
}
