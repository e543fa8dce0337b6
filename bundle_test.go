package millrace_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
)

func configMap(namespace, name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Data: map[string]string{"k": "v"}}
}

func objects(os ...millrace.Object) millrace.Parts { return millrace.Parts{Objects: os} }

// failing is a builder with two mistakes.
type failing struct{}

func (failing) Build() (millrace.Parts, error) {
	p := millrace.Problems{Object: millrace.Ref{Kind: "test.Failing", Name: "f"}}
	p.Required("Image", "name an image")
	p.Invalid("Cores", -1, "must be positive", "use 1 or more")
	return millrace.Parts{}, p.Err()
}

type broken struct{}

func (broken) Build() (millrace.Parts, error) { return millrace.Parts{}, errors.New("no luck") }

func ExampleBuild() {
	_, err := millrace.Build(
		failing{},
		millrace.Parts{Objects: []millrace.Object{configMap("data", "Settings")}},
	)
	fmt.Println(err)
	// Output:
	// build: 3 mistakes:
	//   test.Failing f: Image: is required; name an image [build/required]
	//   test.Failing f: Cores: -1: must be positive; use 1 or more [build/invalid]
	//   ConfigMap data/Settings: metadata.name: "Settings": not a DNS name; use at most 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends [build/invalid]
}

// around is a builder with another one inside of it.
type around struct{ inner *faulty }

func (a around) Build() (millrace.Parts, error) {
	var p millrace.Problems
	p.Object = millrace.Ref{Kind: "test.Around", Name: "a"}
	_, err := a.inner.Build()
	p.Nested("Inner", err)
	return millrace.Parts{}, p.Err()
}

// faulty is a builder with mistakes of its own, and of one inside of it.
type faulty struct{}

func (*faulty) Build() (millrace.Parts, error) {
	var p, job millrace.Problems
	p.Object, job.Object = millrace.Ref{Kind: "test.Faulty", Name: "f"}, millrace.Ref{Kind: "test.Job"}
	p.Required("Name", "give it one")
	job.Required("Image", "name it")
	p.Nested("Job", job.Err())
	return millrace.Parts{}, p.Err()
}

// TestOneCauseIsSaidOnce: what lies inside of a builder and is composed itself
// says its mistakes itself.
func TestOneCauseIsSaidOnce(t *testing.T) {
	inner := &faulty{}
	for name, tc := range map[string]struct {
		builders []millrace.Builder
		want     []string
	}{
		"inside only":        {[]millrace.Builder{around{inner}}, []string{"test.Around Inner.Name", "test.Around Inner.Job.Image"}},
		"composed, too":      {[]millrace.Builder{around{inner}, inner}, []string{"test.Faulty Name", "test.Faulty Job.Image"}},
		"twice inside alone": {[]millrace.Builder{around{inner}, around{inner}}, []string{"test.Around Inner.Name", "test.Around Inner.Job.Image", "test.Around Inner.Name", "test.Around Inner.Job.Image"}},
	} {
		_, err := millrace.Build(tc.builders...)
		var got []string
		if built, ok := errors.AsType[*millrace.BuildError](err); ok {
			for _, f := range built.Findings {
				got = append(got, f.Object.Kind+" "+f.Field)
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	unknown := &unstructured.Unstructured{Object: map[string]any{"metadata": map[string]any{"name": "x"}}}
	for name, tc := range map[string]struct {
		builders []millrace.Builder
		want     []string // object | field | rule
	}{
		"nil builder":       {[]millrace.Builder{nil}, []string{"millrace.Build argument 1||build/required"}},
		"nil pointer":       {[]millrace.Builder{(*nilBuilder)(nil)}, []string{"millrace.Build argument 1||build/required"}},
		"nil object":        {[]millrace.Builder{objects(nil)}, []string{"millrace.Parts (no name)|Objects[0]|build/required"}},
		"nil typed object":  {[]millrace.Builder{objects((*corev1.ConfigMap)(nil))}, []string{"millrace.Parts (no name)|Objects[0]|build/required"}},
		"plain error":       {[]millrace.Builder{broken{}}, []string{"millrace_test.broken (no name)||build/invalid"}},
		"no kind":           {[]millrace.Builder{objects(unknown)}, []string{"unstructured.Unstructured x|TypeMeta|build/required"}},
		"no name":           {[]millrace.Builder{objects(configMap("data", ""))}, []string{"ConfigMap data/(no name)|metadata.name|build/required"}},
		"bad namespace":     {[]millrace.Builder{objects(configMap("Data_1", "x"))}, []string{"ConfigMap Data_1/x|metadata.namespace|build/invalid"}},
		"same object twice": {[]millrace.Builder{objects(configMap("data", "x")), objects(configMap("data", "x"))}, []string{"ConfigMap data/x|metadata.name|build/duplicate"}},
		"generated name": {[]millrace.Builder{objects(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "x-"}})},
			[]string{"ConfigMap x-*|metadata.generateName|build/unsupported"}},
		"bad label": {[]millrace.Builder{objects(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "x", Labels: map[string]string{"a b": "c d"}}})},
			[]string{"ConfigMap x|metadata.labels[a b]|build/invalid", "ConfigMap x|metadata.labels[a b]|build/invalid"}},
		"bad annotation": {[]millrace.Builder{objects(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "x", Annotations: map[string]string{"a/b/c": ""}}})},
			[]string{"ConfigMap x|metadata.annotations[a/b/c]|build/invalid"}},
		"role name with slash": {[]millrace.Builder{objects(&rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "a/b"}})},
			[]string{"ClusterRole a/b|metadata.name|build/invalid"}},
		"file out of the tree":  {[]millrace.Builder{millrace.Parts{Files: []millrace.File{{Path: "../x"}}}}, []string{"millrace.File ../x|Path|build/invalid"}},
		"file with root":        {[]millrace.Builder{millrace.Parts{Files: []millrace.File{{Path: "/x"}}}}, []string{"millrace.File /x|Path|build/invalid"}},
		"file not clean":        {[]millrace.Builder{millrace.Parts{Files: []millrace.File{{Path: "a/./x"}}}}, []string{"millrace.File a/./x|Path|build/invalid"}},
		"file for Windows":      {[]millrace.Builder{millrace.Parts{Files: []millrace.File{{Path: `a\..\x`}}}}, []string{`millrace.File a\..\x|Path|build/invalid`}},
		"file that is the tree": {[]millrace.Builder{millrace.Parts{Files: []millrace.File{{Path: "."}}}}, []string{"millrace.File .|Path|build/invalid"}},
		"file of two lines":     {[]millrace.Builder{millrace.Parts{Files: []millrace.File{{Path: "a\nb"}}}}, []string{"millrace.File a\nb|Path|build/invalid"}},
		"file like a comment":   {[]millrace.Builder{millrace.Parts{Files: []millrace.File{{Path: "#a"}}}}, []string{"millrace.File #a|Path|build/invalid"}},
		"value that JSON lacks": {[]millrace.Builder{objects(&unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "data": make(chan int)}})},
			[]string{"ConfigMap (no name)||build/invalid"}},
		"file without name":     {[]millrace.Builder{millrace.Parts{Files: []millrace.File{{}}}}, []string{"millrace.File (no name)|Path|build/required"}},
		"file over inventory":   {[]millrace.Builder{millrace.Parts{Files: []millrace.File{{Path: ".millrace"}}}}, []string{"millrace.File .millrace|Path|build/duplicate"}},
		"same file, other case": {[]millrace.Builder{millrace.Parts{Files: []millrace.File{{Path: "a.tf"}, {Path: "A.tf"}}}}, []string{"millrace.File A.tf|Path|build/duplicate"}},
	} {
		t.Run(name, func(t *testing.T) {
			bundle, err := millrace.Build(tc.builders...)
			if bundle != nil {
				t.Error("Build returned a bundle beside its error")
			}
			be, ok := errors.AsType[*millrace.BuildError](err)
			if !ok {
				t.Fatalf("Build returned %v, want a *BuildError", err)
			}
			var got []string
			for _, f := range be.Findings {
				got = append(got, strings.Join([]string{f.Object.String(), f.Field, f.Rule}, "|"))
				if f.Detail == "" || f.Fix == "" && f.Detail != "no luck" {
					t.Errorf("finding without detail or fix: %s", f)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

type nilBuilder struct{}

func (b *nilBuilder) Build() (millrace.Parts, error) { panic("called on nil") }

func TestBundle(t *testing.T) {
	class := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "high"}, Value: 7}
	inner, err := millrace.Build(objects(configMap("data", "a")))
	if err != nil {
		t.Fatal(err)
	}
	b, err := millrace.Build(objects(class), inner, objects(configMap("data", "b")))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range b.Objects() {
		got = append(got, o.GetObjectKind().GroupVersionKind().String()+" "+o.GetName())
	}
	want := []string{"scheduling.k8s.io/v1, Kind=PriorityClass high", "/v1, Kind=ConfigMap a", "/v1, Kind=ConfigMap b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	kind := schema.GroupKind{Kind: "ConfigMap"}
	if o, ok := b.Find(kind, "data", "b"); !ok || o.GetName() != "b" {
		t.Errorf("Find = %v, %v; want ConfigMap b", o, ok)
	}
	if o, ok := b.Find(kind, "other", "b"); ok {
		t.Errorf("Find in another namespace = %v, want nothing", o)
	}
	if n := len(b.OfKind(kind)); n != 2 {
		t.Errorf("OfKind found %d config maps, want 2", n)
	}

	if class.Kind != "" {
		t.Error("Build wrote the kind into the caller's object")
	}
	class.Value = 8
	if b.Objects()[0].(*schedulingv1.PriorityClass).Value != 7 {
		t.Error("the bundle changed with the caller's object")
	}
}

// People write Go ints into unstructured objects, whose own DeepCopy panics.
func TestBundleTakesInts(t *testing.T) {
	u := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": "x"}, "data": map[string]any{"n": 3, "big": json.Number("18446744073709551615"), "list": []any{1.5, "a", nil}, "m": map[string]string{"k": "v"}}}}
	b := mustBuild(t, objects(u))
	want := map[string]any{"n": int64(3), "big": json.Number("18446744073709551615"), "list": []any{1.5, "a", nil}, "m": map[string]any{"k": "v"}}
	if diff := cmp.Diff(want, b.Objects()[0].(*unstructured.Unstructured).Object["data"]); diff != "" {
		t.Errorf("data (-want +got):\n%s", diff)
	}
	u.Object["data"].(map[string]any)["n"] = 4
	if got := b.Objects()[0].(*unstructured.Unstructured).Object["data"].(map[string]any)["n"]; got != int64(3) {
		t.Errorf("the bundle changed with the caller's object: %v", got)
	}
}

func TestConvert(t *testing.T) {
	kind := schema.GroupKind{Kind: "ConfigMap"}
	b := mustBuild(t, objects(configMap("data", "a"), configMap("data", "b"), configMap("data", "c")))
	out := b.Convert(func(o millrace.Object) millrace.Object {
		switch o.GetName() {
		case "a":
			u := &unstructured.Unstructured{}
			u.SetGroupVersionKind(o.GetObjectKind().GroupVersionKind())
			u.SetNamespace("data")
			u.SetName("a")
			return u
		case "b":
			return configMap("data", "other")
		default:
			return nil
		}
	})
	found, ok := out.Find(kind, "data", "a")
	if _, converted := found.(*unstructured.Unstructured); !ok || !converted {
		t.Errorf("a is a %T", found)
	}
	if out.Objects()[0] != found || out.OfKind(kind)[0] != found {
		t.Error("the object is not the same by name, by kind and in order")
	}
	for i, name := range []string{"b", "c"} {
		if out.Objects()[i+1] != b.Objects()[i+1] {
			t.Errorf("%s did not stay as it was", name)
		}
	}
	if _, changed := b.Objects()[0].(*unstructured.Unstructured); changed {
		t.Error("Convert changed the bundle")
	}
}

func TestBundleCopiesFiles(t *testing.T) {
	data := []byte("a")
	b, err := millrace.Build(millrace.Parts{Files: []millrace.File{{Path: "x", Data: data}}})
	if err != nil {
		t.Fatal(err)
	}
	data[0] = 'b'
	if got := string(b.Files()[0].Data); got != "a" {
		t.Errorf("the bundle's file is %q, want %q", got, "a")
	}
}

// BenchmarkBuild prints the cost of one object in bundles of growing size; it
// stays level as long as Build never searches all objects for each.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10000} {
		parts := millrace.Parts{}
		for i := range n {
			parts.Objects = append(parts.Objects, configMap("data", fmt.Sprintf("c%d", i)))
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := millrace.Build(parts); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/object")
		})
	}
}

func TestWithNodes(t *testing.T) {
	one := func(name string) millrace.Parts { return millrace.Parts{Nodes: []millrace.NodeShape{{Pool: name}}} }
	b := mustBuild(t, one("x"), one("y"), one("z"), one("x"))
	more := b.WithNodes(millrace.NodeShape{Pool: "b"})
	again := b.WithNodes(millrace.NodeShape{Pool: "c"})
	if len(b.Nodes()) != 3 || len(more.Nodes()) != 4 || more.Nodes()[3].Pool != "b" || again.Nodes()[3].Pool != "c" {
		t.Errorf("pools: %v, then %v and %v", b.Nodes(), more.Nodes(), again.Nodes())
	}
}
