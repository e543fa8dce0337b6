package upstream_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write missing.txt")

// compared finds the examples that the tests here compare.
var compared = regexp.MustCompile(`same\(t, "([^"]+)"`)

// kinds are those of Argo that package workflow makes.
var kinds = regexp.MustCompile(`(?m)^kind: (Workflow|WorkflowTemplate|ClusterWorkflowTemplate|CronWorkflow)\s*$`)

// TestMissing keeps the list of what is not expressed yet.
func TestMissing(t *testing.T) {
	sources, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, path := range sources {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range compared.FindAllStringSubmatch(string(text), -1) {
			have[m[1]] = true
		}
	}
	dir, err := examples()
	if err != nil {
		t.Fatal(err)
	}
	var all, missing []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil || !kinds.Match(text) {
			return err
		}
		name, err := filepath.Rel(dir, path)
		name = filepath.ToSlash(name)
		all = append(all, name)
		if !have[name] {
			missing = append(missing, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range have {
		if !slices.Contains(all, name) {
			t.Errorf("there is no example %s", name)
		}
	}
	got := fmt.Sprintf("%d of %d examples are written in Go; these are not:\n%s\n", len(all)-len(missing), len(all), strings.Join(missing, "\n"))
	if *update {
		if err := os.WriteFile("missing.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("missing.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("missing.txt is not of today; run with -update (-file +today):\n%s", diff)
	}
}
