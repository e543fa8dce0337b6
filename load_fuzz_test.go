package millrace_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
)

// nonSpecific tags ("! x") mean another thing to sigs.k8s.io/yaml; see
// internal/manifest.
var nonSpecific = regexp.MustCompile(`!([\s,\]}]|$)`)

// FuzzLoad holds that no input makes LoadReader panic, that whatever it loads
// comes back from Render as it was, and that it reads one document as
// sigs.k8s.io/yaml does, which kubectl reads with.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(unknownKind))
	f.Add([]byte(manifestOf("a") + "---\n" + manifestOf("b")))
	f.Add([]byte("apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: &m {name: a, labels: {a: b}}\n- {apiVersion: v1, kind: Service, metadata: {<<: *m, name: c}}\n"))
	f.Add([]byte("{\"apiVersion\": \"v1\",\n\"kind\": \"Pod\", \"spec\": {\"a\": [1, 2.5, null, \"\\u0000\\ud83d\\ude00\"]}}"))
	f.Add([]byte("apiVersion: v1\nkind: Pod\nmetadata:\nspec:\n  a: |\n    b: c\n\n  d: >-\n    e\n     f\n  g: 'h''i'\n"))
	for _, s := range []string{"a: [", "\ta: b", "a: *b", "a: 1\na: 2\n", "\xff", "kind: A", "apiVersion: v1\nkind: PodList\nitems: [{}, 1]\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := millrace.LoadReader("fuzz", bytes.NewReader(data))
		if le, ok := errors.AsType[*millrace.LoadError](err); err != nil && (!ok || len(le.Problems) == 0 || le.Error() == "") {
			t.Fatalf("error %T %v", err, err)
		}
		for _, o := range b.Objects() {
			if at, ok := b.Position(o, string(data)); !ok || at.Line < 1 {
				t.Errorf("position %v, %v", at, ok)
			}
		}
		same(t, b, data)
		if err == nil && len(b.Objects()) == 1 && !nonSpecific.Match(data) {
			sameAsKubectl(t, b, data)
		}
	})
}

// sameAsKubectl compares the one object of a bundle with what
// sigs.k8s.io/yaml makes of its text, where that is one object as well.
func sameAsKubectl(t *testing.T, b *millrace.Bundle, data []byte) bool {
	t.Helper()
	want, err := yaml.YAMLToJSON(bytes.TrimPrefix(data, []byte("\ufeff")))
	var object struct {
		Kind  string          `json:"kind"`
		Items json.RawMessage `json:"items"`
	}
	if err != nil || json.Unmarshal(want, &object) != nil || object.Kind == "" || object.Items != nil || json.Valid(bytes.TrimSpace(data)) {
		return false
	}
	got, err := json.Marshal(b.Objects()[0].(*unstructured.Unstructured).Object)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%q:\nsigs.k8s.io/yaml reads %s\nLoad reads             %s", data, want, got)
	}
	return true
}

// FuzzLoadKustomization holds that no kustomization makes Load panic, hang or
// leave its directory for a file.
func FuzzLoadKustomization(f *testing.F) {
	f.Add([]byte("resources: [a.yaml, sub]\nnamespace: x\nnamePrefix: y\n"))
	f.Add([]byte("resources: [., .., ../.., /, '', 5, ~, https://x, ../out.yaml]\nbases: {a: b}\n"))
	dir := f.TempDir()
	if err := errors.Join(
		os.MkdirAll(filepath.Join(dir, "k/sub"), 0o755),
		os.WriteFile(filepath.Join(dir, "out.yaml"), []byte(manifestOf("out")), 0o644),
		os.WriteFile(filepath.Join(dir, "k/a.yaml"), []byte(manifestOf("a")), 0o644),
		os.WriteFile(filepath.Join(dir, "k/sub/kustomization.yaml"), []byte("resources: [..]\n"), 0o644),
	); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, "k/kustomization.yaml"), data, 0o644); err != nil {
			t.Fatal(err)
		}
		b, _ := millrace.Load(filepath.Join(dir, "k"))
		for _, o := range b.Objects() {
			if o.GetName() == "out" {
				t.Error("a file outside of the directory was loaded")
			}
		}
	})
}
