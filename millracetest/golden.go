package millracetest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// Golden holds got against the file at path, which is what it was when
// somebody last looked at it, and fails the test with the difference. With
// MILLRACE_UPDATE=1 in the environment, or -update where the test program has
// such a flag, it writes the file instead:
//
//	MILLRACE_UPDATE=1 go test ./...
func Golden(t TB, path string, got []byte) {
	t.Helper()
	if updating() {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatalf("golden: %v", err)
			return
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatalf("golden: %v", err)
			return
		}
		t.Logf("golden: wrote %s", path)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("golden: %v: run with MILLRACE_UPDATE=1 to write it", err)
		return
	}
	if bytes.Equal(want, got) {
		return
	}
	diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n"))
	t.Fatalf("golden: %s differs (- file, + test); if the change is right, run with MILLRACE_UPDATE=1:\n%s", path, diff)
}

func updating() bool {
	switch os.Getenv("MILLRACE_UPDATE") {
	case "1", "true":
		return true
	}
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}
