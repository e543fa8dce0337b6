package crdgen_test

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/internal/crdgen"
	"github.com/millrace/millrace/internal/crdgen/crdgentest"
	"github.com/millrace/millrace/internal/crdgen/internal/widgetv1"
)

var update = flag.Bool("update", false, "write the golden package internal/widgetv1")

// widgets is how the golden package is made.
func widgets() crdgen.Config {
	return crdgen.Config{
		Package: "widgetv1",
		Group:   "example.com",
		Source:  "Widgets 1.0",
		Files:   []string{"widgets.yaml", "gadgets.yaml"},
		Names: map[string]string{
			"Widget.spec.mode":      "Mode",
			"Widget.spec.roles[]":   "Role",
			"*.optional":            "Optional",
			"*.optional.type":       "Mode",
			"*.optional.groups{}[]": "Group",
			"Gadget.spec.nested":    "Nested",
			"*.nested":              "Nested",
		},
		Mappings: append(crdgen.Kubernetes(), crdgen.Mapping{
			Path: "*.dnsPolicy", Type: reflect.TypeFor[corev1.DNSPolicy](),
		}),
	}
}

func load(t *testing.T) []crdgen.Definition {
	t.Helper()
	defs, err := crdgen.Load("testdata", widgets().Files)
	if err != nil {
		t.Fatal(err)
	}
	return defs
}

// The golden package is Go, so the compiler and the tests below read it too.
func TestGenerateGolden(t *testing.T) {
	const dir = "internal/widgetv1"
	files, err := crdgen.Generate(widgets(), load(t))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := crdgen.Write(dir, files); err != nil {
			t.Fatal(err)
		}
	}
	crdgentest.SameFiles(t, dir, files)
}

func TestGenerateIsDeterministic(t *testing.T) {
	want, err := crdgen.Generate(widgets(), load(t))
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		got, err := crdgen.Generate(widgets(), load(t))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestGenerateCopiesNoDescription(t *testing.T) {
	files, err := crdgen.Generate(widgets(), load(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		for _, words := range []string{"Must not be copied", "Other words"} {
			if strings.Contains(string(f.Data), words) {
				t.Errorf("%s has the description %q", f.Name, words)
			}
		}
	}
}

func TestZeros(t *testing.T) {
	n := crdgentest.Zeros(t, &widgetv1.Widget{}, &widgetv1.Gadget{})
	if n < 40 {
		t.Errorf("only %d fields checked", n)
	}
}

func TestDeepCopy(t *testing.T) {
	crdgentest.DeepCopies(t, 100, &widgetv1.Widget{}, &widgetv1.Gadget{}, &widgetv1.WidgetList{}, &widgetv1.GadgetList{})
}

func TestCompareGolden(t *testing.T) {
	defs := load(t)
	for i, typ := range []reflect.Type{reflect.TypeFor[widgetv1.Widget](), reflect.TypeFor[widgetv1.Gadget]()} {
		c, err := defs[i].Compare(typ)
		if err != nil {
			t.Fatal(err)
		}
		want := crdgen.Comparison{Properties: c.Properties}
		if typ.Name() == "Widget" {
			want.Extra = []string{"v1.EmptyDirVolumeSource.mode"}
			want.Foreign = []string{
				"v1.EmptyDirVolumeSource.medium: drops a zero",
				"v1.Toleration.effect: drops a zero",
				"v1.Toleration.key: drops a zero",
				"v1.Toleration.operator: drops a zero",
				"v1.Toleration.value: drops a zero",
			}
		}
		if diff := cmp.Diff(want, c); diff != "" {
			t.Errorf("%s: %s", typ, diff)
		}
	}
}

// Types that break each promise once.
type (
	badWidget struct {
		Spec badSpec `json:"spec"`
	}
	badSpec struct {
		Name     *string      `json:"name"`               // required, yet a pointer
		Replicas int64        `json:"replicas,omitempty"` // required, yet dropped
		Ratio    string       `json:"ratio"`              // not a number
		Size     string       `json:"size"`               // not a quantity
		Unknown  string       `json:"unknown,omitempty"`  // not in the schema
		Optional *badOptional `json:"optional"`           // optional, yet written
	}
	badOptional struct {
		Zone        string          `json:"zone,omitempty"`        // loses ""
		EmptyMember string          `json:"emptyMember,omitempty"` // loses "", an enum member
		Port        int32           `json:"port,omitempty"`        // loses 0
		Matrix      [][]int64       `json:"matrix,omitempty"`      // loses []
		Nested      widgetv1.Nested `json:"nested"`                // optional, yet written
		Generation  *int32          `json:"generation,omitempty"`  // too narrow
		Opens       []int64         `json:"opens,omitzero"`        // not open
		Type        widgetv1.Mode   `json:"type,omitempty"`        // right: "" is no member
		Ratio       *float64        `json:"ratio,omitempty"`       // right
	}
)

func TestCompareFindsEachFault(t *testing.T) {
	c, err := load(t)[0].Compare(reflect.TypeFor[badWidget]())
	if err != nil {
		t.Fatal(err)
	}
	paths := func(ds []crdgen.Difference) []string {
		var out []string
		for _, d := range ds {
			out = append(out, d.Path)
		}
		return out
	}
	wantMissing := []string{
		"Widget.spec.enabled", "Widget.spec.labels", "Widget.spec.limit", "Widget.spec.mode", "Widget.spec.nested", "Widget.spec.open",
		"Widget.spec.optional.affinity", "Widget.spec.optional.dnsPolicy", "Widget.spec.optional.emptyDir",
		"Widget.spec.optional.enabled", "Widget.spec.optional.generation", "Widget.spec.optional.groups",
		"Widget.spec.optional.limit", "Widget.spec.optional.open", "Widget.spec.optional.opens[]",
		"Widget.spec.optional.size", "Widget.spec.optional.sizes", "Widget.spec.optional.tolerations",
		"Widget.spec.optional.until", "Widget.spec.ratio", "Widget.spec.roles", "Widget.spec.since", "Widget.spec.size",
		"Widget.spec.sorted", "Widget.status",
	}
	if diff := cmp.Diff(wantMissing, paths(c.Missing)); diff != "" {
		t.Errorf("missing: %s", diff)
	}
	wantUnfaithful := []string{
		"Widget.spec.name", "Widget.spec.optional",
		"Widget.spec.optional.emptyMember", "Widget.spec.optional.matrix", "Widget.spec.optional.nested",
		"Widget.spec.optional.port", "Widget.spec.optional.zone", "Widget.spec.replicas",
	}
	if diff := cmp.Diff(wantUnfaithful, paths(c.Unfaithful)); diff != "" {
		t.Errorf("unfaithful: %s", diff)
	}
	if diff := cmp.Diff([]string{"crdgen_test.badSpec.unknown"}, c.Extra); diff != "" {
		t.Errorf("extra: %s", diff)
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ name, doc, want string }{
		{"not YAML", "\t", "cannot start any token"},
		{"another kind", "apiVersion: v1\nkind: ConfigMap\n", "no apiextensions.k8s.io/v1 CustomResourceDefinition"},
		{"an unknown field", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspecs: {}\n", "unknown field"},
		{"nothing", "", "CustomResourceDefinition"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := crdgen.Parse([]byte(tt.doc))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestLoadErrors(t *testing.T) {
	if _, err := crdgen.Load("testdata", []string{"none.yaml"}); !os.IsNotExist(err) {
		t.Errorf("got %v for a file that is not there", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte("kind: A"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := crdgen.Load(dir, []string{"a.yaml"}); err == nil || !strings.HasPrefix(err.Error(), "a.yaml: ") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}

// thing is a CRD whose spec has the given properties.
func thing(t *testing.T, properties string) []crdgen.Definition {
	t.Helper()
	d, err := crdgen.Parse([]byte(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  names: {kind: Thing, plural: things}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: ` + properties + `}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	return []crdgen.Definition{d}
}

func TestGenerateErrors(t *testing.T) {
	tests := []struct {
		name, properties string
		names            map[string]string
		want             string
	}{
		{"an object of nothing", `{a: {type: object}}`, nil, "Thing.spec.a: no Go type"},
		{"no type", `{a: {}}`, nil, "Thing.spec.a: no Go type"},
		{"an array of nothing", `{a: {type: array}}`, nil, "Thing.spec.a: no Go type"},
		{"bytes", `{a: {type: string, format: byte}}`, nil, "Thing.spec.a: no Go type"},
		{"unknown fields beside known ones", `{a: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {b: {type: string}}}}`, nil, "Thing.spec.a: unknown fields"},
		{"unknown fields of any type", `{a: {x-kubernetes-preserve-unknown-fields: true}}`, nil, "Thing.spec.a: unknown fields"},
		{"one Go name for two properties", `{foo-bar: {type: string}, fooBar: {type: string}}`, nil, "foo-bar and fooBar have one Go name"},
		{"one Go name for two enum members", `{a: {type: string, enum: [b-c, b.c]}}`, nil, "two members have the Go name ThingABC"},
		{
			"one name for two schemas", `{a: {type: object, properties: {x: {type: string}}}, b: {type: object, properties: {z: {type: string}}}}`,
			map[string]string{"*.a": "Same", "*.b": "Same"}, "Thing.spec.b: type name Same is taken by a different schema at Thing.spec.a",
		},
		{
			"the name of the kind", `{a: {type: object, properties: {x: {type: string}}}}`,
			map[string]string{"*.a": "Thing"}, "type name Thing is taken by a different schema at a kind",
		},
		{"a name for nothing", `{a: {type: string}}`, map[string]string{"*.b": "B"}, "names for paths that no schema has: *.b"},
		{"a Kubernetes type that is wider than listed", `{hostAliases: {type: array, items: {type: object, properties: {ip: {type: string}}}}}`, nil, "fields that the schema lacks: v1.HostAlias.hostnames"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := crdgen.Config{Package: "p", Group: "example.com", Names: tt.names, Mappings: crdgen.Kubernetes()}
			_, err := crdgen.Generate(cfg, thing(t, tt.properties))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// A schema that fabric8 wrote has times without a format and quantities without
// a pattern. Kubernetes' types stand for it only where the mapping says so, and
// may lack what the mapping lists.
func TestGenerateBareSchemas(t *testing.T) {
	const ref = `{type: object, properties: {creationTimestamp: {type: string}, name: {type: string}}}`
	const limits = `{type: object, properties: {
  limits: {type: object, additionalProperties: {x-kubernetes-int-or-string: true}}, more: {type: string}}}`
	meta := crdgen.Mapping{Path: "*.meta", Type: reflect.TypeFor[metav1.ObjectMeta](), Wider: metaFields()}
	sizes := crdgen.Mapping{Path: "*.sizes", Type: reflect.TypeFor[corev1.ResourceRequirements](),
		Wider: []string{"v1.ResourceRequirements.claims", "v1.ResourceRequirements.requests", "v1.ResourceClaim.name", "v1.ResourceClaim.request"}}
	for name, tc := range map[string]struct {
		bare     bool
		narrower []string
		want     []string
	}{
		"as Kubernetes writes them": {false, []string{".more"}, nil},
		"bare":                      {true, []string{".more"}, []string{"metav1.ObjectMeta", "corev1.ResourceRequirements"}},
		"bare, and too narrow":      {true, nil, []string{"metav1.ObjectMeta"}},
	} {
		t.Run(name, func(t *testing.T) {
			meta.Bare, sizes.Bare, sizes.Narrower = tc.bare, tc.bare, tc.narrower
			files, err := crdgen.Generate(crdgen.Config{Package: "p", Group: "example.com", Mappings: []crdgen.Mapping{meta, sizes}},
				thing(t, `{meta: `+ref+`, sizes: `+limits+`}`))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range files {
				for _, typ := range []string{"metav1.ObjectMeta", "corev1.ResourceRequirements"} {
					if strings.HasSuffix(f.Name, "thing.go") && strings.Contains(string(f.Data), "*"+typ+" ") {
						got = append(got, typ)
					}
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// metaFields are the fields of metadata that the test's schema lacks.
func metaFields() []string {
	var out []string
	typ := reflect.TypeFor[metav1.ObjectMeta]()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		out = append(out, "v1.ObjectMeta."+name)
	}
	return out
}

func TestGenerateRefusesUnknownImport(t *testing.T) {
	cfg := crdgen.Config{Package: "p", Mappings: []crdgen.Mapping{{Path: "*.a", Type: reflect.TypeFor[crdgen.File]()}}}
	if _, err := crdgen.Generate(cfg, nil); err == nil || !strings.Contains(err.Error(), "not among the imports") {
		t.Errorf("got %v", err)
	}
}

func TestWriteRemovesStaleFilesOnly(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"zz_generated.old.go", "doc.go"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("package p\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := crdgen.Write(dir, []crdgen.File{{Name: "zz_generated.new.go", Data: []byte("package p\n")}}); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range names {
		names[i] = filepath.Base(names[i])
	}
	if diff := cmp.Diff([]string{"doc.go", "zz_generated.new.go"}, names); diff != "" {
		t.Error(diff)
	}
	if err := crdgen.Write(dir, []crdgen.File{{Name: "doc.go"}}); err == nil {
		t.Error("a file without the prefix was overwritten")
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range widgets().Files {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := crdgen.Parse(data)
		if err != nil {
			return
		}
		cfg := widgets()
		cfg.Names = nil
		first, err := crdgen.Generate(cfg, []crdgen.Definition{d})
		if err != nil {
			return
		}
		second, err := crdgen.Generate(cfg, []crdgen.Definition{d})
		if err != nil || !cmp.Equal(first, second) {
			t.Errorf("the second time differs: %v", err)
		}
	})
}

func BenchmarkGenerate(b *testing.B) {
	defs, err := crdgen.Load("testdata", widgets().Files)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := crdgen.Generate(widgets(), defs); err != nil {
			b.Fatal(err)
		}
	}
}
