package builtin_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// aims are values by path, by kind.
func aims(tb testing.TB) map[schema.GroupVersionKind]map[string][]any {
	tb.Helper()
	text, err := os.ReadFile("testdata/aims.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	obj, err := parse(append([]byte("apiVersion: v1\nkind: Aims\n"), text...))
	if err != nil {
		tb.Fatal(err)
	}
	out := map[schema.GroupVersionKind]map[string][]any{}
	for name, paths := range obj {
		gvk, _ := schema.ParseKindArg(name)
		if gvk == nil {
			parts := strings.SplitN(name, ".", 2)
			if len(parts) < 2 {
				continue // apiVersion and kind
			}
			gvk = &schema.GroupVersionKind{Kind: parts[0], Version: parts[1]}
		}
		if strategies[*gvk] == nil {
			tb.Fatalf("no kind %v", gvk)
		}
		out[*gvk] = map[string][]any{}
		for path, values := range paths.(map[string]any) {
			out[*gvk][path] = values.([]any)
		}
	}
	return out
}

// set puts a value at a path, and makes what it needs on the way.
func set(at map[string]any, path string, value any) {
	names := strings.Split(path, ".")
	for i, name := range names[:len(names)-1] {
		next, err := strconv.Atoi(names[i+1])
		if err != nil {
			m, ok := at[name].(map[string]any)
			if !ok {
				m = map[string]any{}
				at[name] = m
			}
			at = m
			continue
		}
		list, _ := at[name].([]any)
		for len(list) <= next {
			list = append(list, map[string]any{})
		}
		at[name] = list
		if i+2 == len(names) {
			list[next] = value
			return
		}
		m, ok := list[next].(map[string]any)
		if !ok {
			m = map[string]any{}
			list[next] = m
		}
		set(m, strings.Join(names[i+2:], "."), value)
		return
	}
	at[names[len(names)-1]] = value
}

// TestAimed puts objects together of fields that break rules and fields that
// keep them: each value alone in a document that has none of it, and many at a
// time.
func TestAimed(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	bases := map[schema.GroupVersionKind][]document{}
	for _, d := range documents(t) {
		if strings.Contains(d.file, "oracle/builtin/testdata/") {
			bases[d.gvk] = append(bases[d.gvk], d)
		}
	}
	all := aims(t)
	for i, g := range kinds() {
		if slices.Contains(podKinds, g) {
			continue // They have a table of their own.
		}
		if len(all[g]) == 0 || len(bases[g]) == 0 {
			t.Errorf("%v has %d aims and %d documents", g, len(all[g]), len(bases[g]))
			continue
		}
		paths := slices.Sorted(maps.Keys(all[g]))
		for _, path := range paths {
			for _, value := range all[g][path] {
				for _, d := range bases[g] {
					obj := runtime.DeepCopyJSON(d.obj)
					set(obj, path, runtime.DeepCopyJSONValue(value))
					v.compare(t, g, obj, path+" = "+text(value))
				}
			}
		}
		r := rand.New(rand.NewPCG(3, uint64(i)))
		for range 10 * *mutations {
			obj := runtime.DeepCopyJSON(bases[g][r.IntN(len(bases[g]))].obj)
			if r.IntN(2) == 0 {
				delete(obj, "spec")
			}
			var what []string
			for range 1 + r.IntN(6) {
				path := paths[r.IntN(len(paths))]
				value := all[g][path][r.IntN(len(all[g][path]))]
				set(obj, path, runtime.DeepCopyJSONValue(value))
				what = append(what, path+" = "+text(value))
			}
			if r.IntN(4) == 0 {
				what = append(what, mutate(r, obj))
			}
			v.compare(t, g, obj, strings.Join(what, ", "))
		}
	}
	v.log(t)
}

func text(v any) string {
	out, err := yaml.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(out))
}

// TestSizes goes up to what an object may weigh, and over.
func TestSizes(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	many := func(n int) map[string]any {
		out := map[string]any{}
		for i := range n {
			out["p"+strconv.Itoa(i)] = "x"
		}
		return out
	}
	for _, c := range []struct {
		gvk   schema.GroupVersionKind
		path  string
		value any
	}{
		{schema.GroupVersionKind{Version: "v1", Kind: "ConfigMap"}, "data", map[string]any{"a": strings.Repeat("x", 1<<20)}},
		{schema.GroupVersionKind{Version: "v1", Kind: "ConfigMap"}, "data", map[string]any{"a": strings.Repeat("x", 1<<20), "b": "x"}},
		{schema.GroupVersionKind{Version: "v1", Kind: "Secret"}, "stringData", map[string]any{"a": strings.Repeat("x", 1<<20)}},
		{schema.GroupVersionKind{Version: "v1", Kind: "Secret"}, "stringData", map[string]any{"a": strings.Repeat("x", 1<<20), "b": "x"}},
		{schema.GroupVersionKind{Group: "storage.k8s.io", Version: "v1", Kind: "StorageClass"}, "parameters", many(512)},
		{schema.GroupVersionKind{Group: "storage.k8s.io", Version: "v1", Kind: "StorageClass"}, "parameters", many(513)},
		{schema.GroupVersionKind{Group: "storage.k8s.io", Version: "v1", Kind: "StorageClass"}, "parameters", map[string]any{"a": strings.Repeat("x", 256<<10-1)}},
		{schema.GroupVersionKind{Group: "storage.k8s.io", Version: "v1", Kind: "StorageClass"}, "parameters", map[string]any{"a": strings.Repeat("x", 256<<10)}},
		{schema.GroupVersionKind{Group: "networking.k8s.io", Version: "v1", Kind: "IngressClass"}, "spec.controller", "a.b/" + strings.Repeat("x", 247)},
		{schema.GroupVersionKind{Version: "v1", Kind: "ServiceAccount"}, "metadata.annotations", map[string]any{"a": strings.Repeat("x", 256<<10)}},
	} {
		obj := map[string]any{"metadata": map[string]any{"name": "a", "namespace": "b"}}
		obj["apiVersion"], obj["kind"] = c.gvk.ToAPIVersionAndKind()
		if c.gvk.Kind == "StorageClass" {
			obj["provisioner"] = "a.b/c"
		}
		set(obj, c.path, c.value)
		v.compare(t, c.gvk, obj, c.path)
	}
	if v.invalid != 6 {
		t.Errorf("%d of the objects are too large, want 6", v.invalid)
	}
}
