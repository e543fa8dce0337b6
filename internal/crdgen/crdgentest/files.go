package crdgentest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/crdgen"
)

// SameFiles checks that the generated files of a directory are the given ones,
// byte for byte, and that it has no other.
func SameFiles(tb testing.TB, dir string, files []crdgen.File) {
	tb.Helper()
	there, err := filepath.Glob(filepath.Join(dir, "zz_generated.*.go"))
	if err != nil {
		tb.Fatal(err)
	}
	for _, name := range there {
		if !slices.ContainsFunc(files, func(f crdgen.File) bool { return f.Name == filepath.Base(name) }) {
			tb.Errorf("%s is no longer generated", name)
		}
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil {
			tb.Error(err)
			continue
		}
		if diff := cmp.Diff(string(data), string(f.Data)); diff != "" {
			tb.Errorf("%s is not what the generator makes (-file +generated):\n%s", f.Name, diff)
		}
	}
}
