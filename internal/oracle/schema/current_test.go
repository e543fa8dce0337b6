package schema_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/millrace/millrace/internal/schema"
)

// TestEmbeddedIsCurrent: the embedded schemas are what schemagen makes of the
// CRDs that this module holds them against.
func TestEmbeddedIsCurrent(t *testing.T) {
	out := t.TempDir()
	cmd := exec.Command("go", append([]string{"run", "./internal/schema/cmd/schemagen", "-out", out}, crdDirs(t)...)...)
	cmd.Dir = "../../.."
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	made, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	if len(made) != len(schema.Kinds()) {
		t.Errorf("schemagen makes %d files, %d are embedded", len(made), len(schema.Kinds()))
	}
	size := 0
	for _, f := range made {
		want, err := os.ReadFile(filepath.Join(out, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		size += len(want)
		got, err := os.ReadFile(filepath.Join("../../schema/data", f.Name()))
		if err != nil || !bytes.Equal(want, got) {
			t.Errorf("%s is not what schemagen makes: %v", f.Name(), err)
		}
	}
	t.Logf("%d files, %d bytes", len(made), size)
}
