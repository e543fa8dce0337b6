package schema_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/schema"
)

// document is one object of the corpus.
type document struct {
	file string
	gvk  schema.GVK
	obj  map[string]any
}

// documents returns every object of a known kind in upstream's examples, and
// in millrace's own golden files.
func documents(tb testing.TB) []document {
	tb.Helper()
	known := servers(tb)
	var out []document
	for _, dir := range []string{
		filepath.Join(corpus(tb), "corpus"),
		filepath.Join(directory(tb, "spark"), "examples"),
		filepath.Join(directory(tb, "argo"), "examples"),
		filepath.Join(directory(tb, "aws"), "examples"),
		"../../../spark/testdata", "../../../kafka/testdata", "../../../workflow/testdata", "../../../nodepool/testdata",
	} {
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for doc := range strings.SplitSeq(strings.ReplaceAll(string(text), "\n--- ", "\n---\n"), "\n---\n") {
				obj, err := decode([]byte(doc))
				if err != nil {
					continue // a comment, or no object
				}
				apiVersion, _ := obj["apiVersion"].(string)
				kind, _ := obj["kind"].(string)
				group, version, _ := strings.Cut(apiVersion, "/")
				for _, release := range []string{"", "4"} {
					g := schema.GVK{Group: group, Version: version, Kind: kind, Release: release}
					if known[g] != nil {
						out = append(out, document{path, g, obj})
					}
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

// TestCorpus: both say the same of every document, and most are valid.
func TestCorpus(t *testing.T) {
	docs := documents(t)
	valid := 0
	kinds := map[schema.GVK]int{}
	for _, d := range docs {
		kinds[d.gvk]++
		want := servers(t)[d.gvk].create(d.obj)
		if len(want.paths) == 0 {
			valid++
		} else {
			t.Logf("%s: %v", d.file, want.paths)
		}
		if diff := disagree(want, engine(t, d.gvk, d.obj)); diff != "" {
			t.Errorf("%s: %v:\n%s", d.file, d.gvk, diff)
		}
	}
	t.Logf("%d documents, %d valid", len(docs), valid)
	for _, g := range sortedGVKs(kinds) {
		t.Logf("%4d %v", kinds[g], g)
	}
	if len(docs) < 250 || valid < len(docs)*9/10 {
		t.Errorf("%d documents, %d valid: the corpus is not there", len(docs), valid)
	}
}
