package builtin_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// document is one object of the corpus.
type document struct {
	file string
	gvk  schema.GroupVersionKind
	obj  map[string]any
}

// documents returns every object of a known kind in testdata, and in
// millrace's own golden files.
func documents(tb testing.TB) []document {
	tb.Helper()
	var out []document
	for _, dir := range []string{"../../.."} {
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if d.IsDir() && strings.HasSuffix(path, "internal/yaml/testdata") {
				return filepath.SkipDir // strings of all kinds, at any place
			}
			if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for doc := range strings.SplitSeq(string(text), "\n---\n") {
				obj, err := parse([]byte(doc))
				if err != nil {
					continue // a comment, or no object
				}
				apiVersion, _ := obj["apiVersion"].(string)
				kind, _ := obj["kind"].(string)
				g := schema.FromAPIVersionAndKind(apiVersion, kind)
				if strategies[g] != nil {
					out = append(out, document{path, g, obj})
				}
			}
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	return out
}

// TestCorpus: both say the same of every document, and those in testdata are
// valid.
func TestCorpus(t *testing.T) {
	counts := map[schema.GroupVersionKind]int{}
	for _, d := range documents(t) {
		counts[d.gvk]++
		want := create(t, d.gvk, d.obj)
		if len(want.all()) > 0 && strings.Contains(d.file, "oracle/builtin/testdata/") {
			t.Errorf("%s: %v is invalid: %v", d.file, d.gvk, want.all())
		}
		if diff := disagree(want, engine(t, d.gvk, d.obj)); diff != "" {
			t.Errorf("%s: %v:\n%s", d.file, d.gvk, diff)
		}
	}
	for _, g := range kinds() {
		t.Logf("%4d %v", counts[g], g)
		if counts[g] == 0 {
			t.Errorf("no document of %v", g)
		}
	}
}
