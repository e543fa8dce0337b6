package millrace_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

// files writes a tree of files and makes its directory the current one.
func files(t *testing.T, tree map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range tree {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// manifestOf is a ConfigMap of five lines.
func manifestOf(name string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n  namespace: data\n"
}

// loaded tells what Load returned: objects with their positions, then
// problems and notes.
func loaded(b *millrace.Bundle, err error) []string {
	var out []string
	for _, o := range b.Objects() {
		at, _ := b.Position(o, "")
		out = append(out, fmt.Sprintf("%s %s", at, millrace.RefOf(o)))
	}
	if le, ok := errors.AsType[*millrace.LoadError](err); ok {
		for _, p := range le.Problems {
			out = append(out, "problem "+p.String())
		}
	}
	for _, n := range b.LoadNotes() {
		out = append(out, "note "+n.String())
	}
	return out
}

func TestLoad(t *testing.T) {
	kustomize := func(text string) string {
		return "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n" + text
	}
	for name, test := range map[string]struct {
		files map[string]string
		paths []string
		want  []string
	}{
		"file": {
			map[string]string{"a.yaml": manifestOf("a") + "---\n" + manifestOf("b")}, []string{"a.yaml"},
			[]string{"a.yaml:1 ConfigMap data/a", "a.yaml:7 ConfigMap data/b"}},
		"any name": {
			map[string]string{"a.txt": manifestOf("a")}, []string{"./a.txt"},
			[]string{"a.txt:1 ConfigMap data/a"}},
		"JSON": {
			map[string]string{"a.json": "{\"apiVersion\": \"v1\",\n\"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"a\"}}"}, []string{"a.json"},
			[]string{"a.json:1 ConfigMap a"}},
		"paths in their order, each once": {
			map[string]string{"a.yaml": manifestOf("a"), "b.yaml": manifestOf("b")}, []string{"b.yaml", "a.yaml", "b.yaml"},
			[]string{"b.yaml:1 ConfigMap data/b", "a.yaml:1 ConfigMap data/a"}},
		"missing": {
			map[string]string{"a.yaml": manifestOf("a")}, []string{"none.yaml", "a.yaml"},
			[]string{"a.yaml:1 ConfigMap data/a", "problem none.yaml: no such file or directory"}},
		"bad documents beside good ones": {
			map[string]string{"a.yaml": "a: [\n---\n" + manifestOf("a") + "---\n\tx: 1\n"}, []string{"a.yaml"},
			[]string{"a.yaml:3 ConfigMap data/a", "problem a.yaml:1: did not find expected node content", "problem a.yaml:9:1: a tab indents the line: YAML indents with spaces"}},
		"no objects": {
			map[string]string{"a.yaml": "x: 1\n---\n[1]\n---\nkind: A\n---\napiVersion: v1\n---\napiVersion: 1\nkind: A\n---\napiVersion: v1\nkind: [A]\n---\nkind: A\napiVersion: a/b/c\n"}, []string{"a.yaml"},
			[]string{
				"problem a.yaml:1: it is no Kubernetes object: it has neither apiVersion nor kind",
				"problem a.yaml:3: it is no Kubernetes object: it is no mapping",
				"problem a.yaml:5: the object has no apiVersion, or none that is text",
				"problem a.yaml:7: the object has no kind, or none that is text",
				"problem a.yaml:9: the object has no apiVersion, or none that is text",
				"problem a.yaml:13: the object has no kind, or none that is text",
				`problem a.yaml:16: the apiVersion "a/b/c" is not <group>/<version>, nor v1`,
			}},
		"duplicates": {
			map[string]string{"a.yaml": manifestOf("a") + "---\n" + manifestOf("a"), "b.yaml": manifestOf("a")}, []string{"a.yaml", "b.yaml"},
			[]string{"a.yaml:1 ConfigMap data/a", "b.yaml:1 ConfigMap data/a",
				"problem a.yaml:10: ConfigMap data/a is already in a.yaml:4: rename one of them",
				"note b.yaml:4: ConfigMap data/a is also in a.yaml:4"}},
		"metadata": {
			map[string]string{"a.yaml": "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: on\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: 7\n---\napiVersion: v1\nkind: Pod\nmetadata: [a]\n---\napiVersion: v1\nkind: Pod\nmetadata:\n---\napiVersion: x/v1\nkind: Config\n"}, []string{"a.yaml"},
			[]string{"a.yaml:16 Pod (no name)", "a.yaml:20 Config (no name)", "problem a.yaml:4: metadata.name is true, which is no text: quote it",
				"problem a.yaml:10: metadata.namespace is 7, which is no text: quote it", "problem a.yaml:14: metadata is no mapping"}},
		"generated names": {
			map[string]string{"a.yaml": strings.Repeat("apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n---\n", 2)}, []string{"a.yaml"},
			[]string{"a.yaml:1 Pod a-*", "a.yaml:5 Pod a-*"}},
		"lists": {
			map[string]string{"a.yaml": "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n- x: 1\n- apiVersion: v1\n  kind: PodList\n  items:\n  - metadata:\n      name: b\n" +
				"---\napiVersion: v1\nkind: List\n---\napiVersion: x/v1\nkind: AllowList\nmetadata: {name: c}\nspec: {}\n"}, []string{"a.yaml"},
			[]string{"a.yaml:4 Pod a", "a.yaml:11 Pod b", "a.yaml:17 AllowList c", "problem a.yaml:7: it is no Kubernetes object: it has neither apiVersion nor kind"}},
		"directory": {
			map[string]string{"d/b.yaml": manifestOf("b"), "d/a/x.yml": manifestOf("x"), "d/c.json": "{}", "d/.hidden/y.yaml": "a: [", "d/.y.yaml": "a: [",
				"d/readme.md": "a: [", "d/values.yaml": "\nx: 1\n", "d/e.yaml": "kind: A\n", "d/chart/Chart.yaml": "apiVersion: v2\n", "d/chart/templates/x.yaml": "{{ if }}"}, []string{"d"},
			[]string{"d/a/x.yml:1 ConfigMap data/x", "d/b.yaml:1 ConfigMap data/b",
				"problem d/e.yaml:1: the object has no apiVersion, or none that is text",
				"note d/chart: passed over: it is a Helm chart; render it with helm template",
				"note d/c.json:1: passed over: it is no Kubernetes object: it has neither apiVersion nor kind",
				"note d/values.yaml:2: passed over: it is no Kubernetes object: it has neither apiVersion nor kind"}},
		"kustomization": {
			map[string]string{
				"k/kustomization.yaml": kustomize("resources:\n- a.yaml\n- sub\n- https://example.com/x.yaml\n- github.com/org/repo//base\ncomponents: [part]\nnamePrefix: x-\npatches:\n- path: patch.yaml\n"),
				"k/a.yaml":             manifestOf("a"), "k/patch.yaml": "kind: [", "k/not-listed.yaml": "a: [",
				"k/sub/Kustomization": "bases: [../../base]\n", "base/kustomization.yml": "resources: [b.yaml]\n", "base/b.yaml": manifestOf("b"),
				"k/part/kustomization.yaml": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nresources: [c.yaml]\n", "k/part/c.yaml": manifestOf("c"),
			}, []string{"k"},
			[]string{"k/a.yaml:1 ConfigMap data/a", "base/b.yaml:1 ConfigMap data/b", "k/part/c.yaml:1 ConfigMap data/c",
				"note k/kustomization.yaml:9: not applied: namePrefix; load what kustomize build prints to have it",
				"note k/kustomization.yaml:10: not applied: patches; load what kustomize build prints to have it",
				"note k/kustomization.yaml:6: passed over: https://example.com/x.yaml is not on this machine",
				"note k/kustomization.yaml:7: passed over: github.com/org/repo//base is not on this machine"}},
		"kustomization by its file": {
			map[string]string{"k/kustomization.yaml": "resources: [a.yaml]\n", "k/a.yaml": manifestOf("a")}, []string{"k/kustomization.yaml"},
			[]string{"k/a.yaml:1 ConfigMap data/a"}},
		"overlays": {
			map[string]string{
				"base/kustomization.yaml": "resources: [a.yaml]\nnamespace: base\n", "base/a.yaml": manifestOf("a") + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ns}\n",
				"overlays/dev/kustomization.yaml":  "namespace: dev\nresources: [../../base]\n",
				"overlays/prod/kustomization.yaml": "namespace: prod\nresources: [../../base]\n",
				"plain.yaml":                       manifestOf("p"),
			}, []string{"."},
			[]string{"base/a.yaml:1 ConfigMap dev/a", "base/a.yaml:7 Namespace ns", "base/a.yaml:1 ConfigMap prod/a", "plain.yaml:1 ConfigMap data/p"}},
		"overlay inside its base": {
			map[string]string{"kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": manifestOf("a"), "prod/kustomization.yaml": "resources: [..]\nnamespace: prod\n"}, []string{"."},
			[]string{"a.yaml:1 ConfigMap prod/a"}},
		"circle": {
			map[string]string{"a/kustomization.yaml": "resources: [../b, x.yaml]\n", "b/kustomization.yaml": "resources: [../a]\n", "a/x.yaml": manifestOf("x")}, []string{"."},
			[]string{"a/x.yaml:1 ConfigMap data/x", "problem a: kustomizations refer to each other in a circle: a -> b -> a"}},
		"bad kustomizations": {
			map[string]string{
				"a/kustomization.yaml": "resources:\n- none.yaml\n- /etc\n- ../x.yaml\n- 5\n- dir\nbases: x\n", "x.yaml": manifestOf("x"), "a/dir/y.txt": "",
				"b/kustomization.yaml": "[1]\n", "b/kustomization.yml": "", "c/kustomization.yaml": "[1]\n", "d/kustomization.yaml": "a: 1\na: 2\n", "e/kustomization.yaml": "# nothing\n",
			}, []string{"a", "b", "c", "d", "e"},
			[]string{
				"problem a/kustomization.yaml:5: the entry is not a path",
				"problem a/kustomization.yaml:7: bases is not a list of paths",
				"problem a/kustomization.yaml:2: there is no a/none.yaml",
				"problem a/kustomization.yaml:3: the path /etc is absolute, which kustomize refuses",
				"problem a/kustomization.yaml:4: the file ../x.yaml lies outside of the kustomization's directory, which kustomize refuses",
				"problem a/dir: the directory has no kustomization file",
				"problem b: the directory has more than one kustomization file: kustomization.yaml, kustomization.yml",
				"problem c/kustomization.yaml:1: a kustomization is one mapping",
				`problem d/kustomization.yaml:2:1: the key "a" stands here and on line 1`,
			}},
		"a kustomization under another name": {
			map[string]string{"d/k.yaml": kustomize("resources: []\n")}, []string{"d"},
			[]string{"note d/k.yaml:1: passed over: kustomize reads a Kustomization only from its own file"}},
	} {
		t.Run(name, func(t *testing.T) {
			files(t, test.files)
			b, err := millrace.Load(test.paths...)
			if diff := cmp.Diff(test.want, loaded(b, err)); diff != "" {
				t.Errorf("loaded (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadLinks(t *testing.T) {
	files(t, map[string]string{"d/..data/a.yaml": manifestOf("a"), "out/b.yaml": manifestOf("b"), "d/c.yaml": manifestOf("c")})
	for link, target := range map[string]string{"d/a.yaml": "..data/a.yaml", "d/b.yaml": "../out/b.yaml", "d/up": "..", "d/gone.yaml": "nothing", "to-d": "d", "d/readme": "c.yaml"} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"d/a.yaml:1 ConfigMap data/a", "d/c.yaml:1 ConfigMap data/c", "problem d/gone.yaml: no such file or directory",
		"note d/b.yaml: passed over: the link leads to a directory, or out of d; name its target",
		"note d/up: passed over: the link leads to a directory, or out of d; name its target"}
	if diff := cmp.Diff(want, loaded(millrace.Load("d"))); diff != "" {
		t.Errorf("loaded (-want +got):\n%s", diff)
	}
	if b, _ := millrace.Load("to-d"); len(b.Objects()) != 2 {
		t.Errorf("a link that was named was not followed: %v", loaded(b, nil))
	}
}

func TestLoadErrors(t *testing.T) {
	files(t, map[string]string{"a.yaml": "a: [\n"})
	_, err := millrace.Load("none", "a.yaml")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
	if want := "load: 2 problems:\n  none: no such file or directory\n  a.yaml:1: did not find expected node content"; err.Error() != want {
		t.Errorf("error = %q", err)
	}
	_, err = millrace.Load("a.yaml")
	if errors.Is(err, fs.ErrNotExist) || err == nil || err.Error() != "load a.yaml:1: did not find expected node content" {
		t.Errorf("error = %v", err)
	}
	b, err := millrace.Load()
	if err != nil || len(b.Objects()) != 0 {
		t.Errorf("nothing: %v, %v", b.Objects(), err)
	}
	broken := errors.New("broken pipe")
	if b, err = millrace.LoadReader("stdin", iotest.ErrReader(broken)); !errors.Is(err, broken) || b == nil {
		t.Errorf("error of a reader = %v", err)
	}
}

// endless is a stream without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "a\n"[i%2]
	}
	return len(p), nil
}

// TestLoadBounds gives Load more than it takes.
func TestLoadBounds(t *testing.T) {
	files(t, nil)
	f, err := os.Create("big.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(millrace.MaxFile+1), f.Close()); err != nil {
		t.Fatal(err)
	}
	fifty := "a: 1\n---\n" + manifestOf("a") + "data:\n  x: |\n" + strings.Repeat("    some text\n", 50<<20/14)
	deep := manifestOf("a") + "spec: " + strings.Repeat("[", 10000) + strings.Repeat("]", 10000)
	for name, test := range map[string]struct {
		load func() (*millrace.Bundle, error)
		want string
	}{
		"file":            {func() (*millrace.Bundle, error) { return millrace.Load("big.yaml") }, "load big.yaml: it has more than 64 MiB, and nothing of it was read: split it"},
		"stream":          {func() (*millrace.Bundle, error) { return millrace.LoadReader("stdin", endless{}) }, "load stdin: it has more than 64 MiB, and nothing of it was read: split it"},
		"50 MB document":  {func() (*millrace.Bundle, error) { return millrace.LoadReader("stdin", strings.NewReader(fifty)) }, "stdin:3: the document has 52428"},
		"10,000 deep one": {func() (*millrace.Bundle, error) { return millrace.LoadReader("stdin", strings.NewReader(deep)) }, "load stdin:6:507: the document has more than 500 levels"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := test.load()
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error = %.300v", name, err)
		}
		if allocated := (after.TotalAlloc - before.TotalAlloc) >> 20; allocated > 512 {
			t.Errorf("%s: %d MiB allocated", name, allocated)
		}
	}
}

const unknownKind = `apiVersion: example.com/v7
kind: Gadget
metadata:
  name: a
  namespace: data
  annotations: {}
  creationTimestamp: "2026-11-23T04:05:06Z"
data: null
empty: {}
list: []
nested:
- - 1
  - null
- {}
- ""
big: 9223372036854775807
bigger: 18446744073709551615
negative: -9223372036854775808
float: 1.5
tiny: 1e-9
huge: 1e30
yes: on
words: ["yes", "null", "1", "1.0", "0644", "~", "", " ", "2026-11-23", "a: b", "{{ x }}", "#"]
octal: 0644
text: |
  first

    second: {{ third }}
keep: |+
  x


folded: >-
  one
  two
odd: "tab\tnul\0 \u2028\u0085\ufeff \U0001F600 trailing  \r\n"
"key with: colon": 1
"": empty
2: two
spec:
  status: stays
  creationTimestamp: null
`

// TestLoadRender holds that a manifest of any kind comes back as it was.
func TestLoadRender(t *testing.T) {
	b, err := millrace.LoadReader("a.yaml", strings.NewReader(unknownKind))
	if err != nil {
		t.Fatal(err)
	}
	same(t, b, nil)
	o, ok := b.Find(schema.GroupKind{Group: "example.com", Kind: "Gadget"}, "data", "a")
	if !ok || len(b.OfKind(schema.GroupKind{Group: "example.com", Kind: "Gadget"})) != 1 {
		t.Fatal("the bundle doesn't find it")
	}
	if got := o.(*unstructured.Unstructured).Object["true"]; got != true {
		t.Errorf("yes: on is %v", got)
	}
}

// same renders a bundle, loads what comes out, and compares. Render leaves
// out the status, and a creationTimestamp that is null.
func same(t *testing.T, b *millrace.Bundle, source []byte) {
	t.Helper()
	var out bytes.Buffer
	if err := millrace.Render(&out, b); err != nil {
		t.Fatalf("render %q: %v", source, err)
	}
	again, err := millrace.LoadReader("rendered", bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatalf("load what was rendered of %q: %v\n%s", source, err, out.Bytes())
	}
	if diff := cmp.Diff(trees(b), trees(again)); diff != "" {
		t.Fatalf("%q came back changed (-first +second):\n%s", source, diff)
	}
}

func trees(b *millrace.Bundle) []map[string]any {
	var out []map[string]any
	for _, o := range b.Objects() {
		u := o.(*unstructured.Unstructured).DeepCopy()
		delete(u.Object, "status")
		if m, ok := u.Object["metadata"].(map[string]any); ok && m["creationTimestamp"] == nil {
			delete(m, "creationTimestamp")
		}
		out = append(out, u.Object)
	}
	return out
}

func TestPosition(t *testing.T) {
	b, err := millrace.LoadReader("a.yaml", strings.NewReader(manifestOf("a")+"data:\n  b.c: x\n"))
	if err != nil {
		t.Fatal(err)
	}
	typed := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "data"}}
	for _, o := range []millrace.Object{b.Objects()[0], b.Objects()[0].DeepCopyObject().(millrace.Object), typed} {
		for field, want := range map[string]string{"": "a.yaml:1", "metadata.name": "a.yaml:4", "data[b.c]": "a.yaml:7", "data[none]": "a.yaml:6", "spec.x": "a.yaml:1"} {
			if at, ok := b.Position(o, field); !ok || at.String() != want {
				t.Errorf("position of %T %q = %v, %v", o, field, at, ok)
			}
		}
	}
	for name, o := range map[string]millrace.Object{"nil": nil, "nil pointer": (*corev1.ConfigMap)(nil), "nil unstructured": (*unstructured.Unstructured)(nil),
		"other": &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "b"}}, "empty": new(unstructured.Unstructured)} {
		if at, ok := b.Position(o, ""); ok {
			t.Errorf("%s has the position %v", name, at)
		}
	}
	again, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "data"}}}}, b)
	if err != nil {
		t.Fatal(err)
	}
	if at, ok := again.Position(again.Objects()[1], "metadata.name"); !ok || at.String() != "a.yaml:4" {
		t.Errorf("composed into another bundle, it is in %v, %v", at, ok)
	}
	composed, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{typed}})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := composed.Position(typed, ""); ok {
		t.Error("a composed object has a position")
	}
	if _, ok := new(millrace.Bundle).Position(typed, ""); ok {
		t.Error("the zero bundle knows a position")
	}
}

// TestFindingsOfLoaded follows a rule's finding to its line.
func TestFindingsOfLoaded(t *testing.T) {
	b, err := millrace.LoadReader("topic.yaml", strings.NewReader(`apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata:
  name: orders
  labels:
    strimzi.io/cluster: main
spec:
  replicas: 1
  partitions: 3
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range policy.Production().Check(b).Findings {
		if f.Field == "spec.replicas" {
			if f.File != "topic.yaml" || f.Line != 8 || !strings.HasPrefix(f.String(), "topic.yaml:8: ") {
				t.Errorf("finding %s in %s:%d", f, f.File, f.Line)
			}
			return
		}
	}
	t.Error("no rule found spec.replicas")
}

// TestLoadKeepsNothing changes what was loaded from after the call.
func TestLoadKeepsNothing(t *testing.T) {
	data := []byte(manifestOf("a"))
	b, err := millrace.LoadReader("a", bytes.NewBuffer(data))
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		data[i] = 'x'
	}
	if got := millrace.RefOf(b.Objects()[0]).String(); got != "ConfigMap data/a" {
		t.Errorf("the object is now %s", got)
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10000} {
		var text bytes.Buffer
		for i := range n {
			fmt.Fprintf(&text, "%sdata:\n  a: |\n    some text\n    and more\n  b: \"1\"\nspec:\n  template:\n    containers:\n    - name: main\n      image: busybox:1.37\n      env:\n      - {name: A, value: b}\n---\n", manifestOf(fmt.Sprintf("c-%d", i)))
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.SetBytes(int64(text.Len()))
			b.ReportAllocs()
			for b.Loop() {
				bundle, err := millrace.LoadReader("x", bytes.NewReader(text.Bytes()))
				if err != nil || len(bundle.Objects()) != n {
					b.Fatal(err)
				}
			}
		})
	}
}
