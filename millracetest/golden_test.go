package millracetest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/millrace/millrace/millracetest"
)

// recorder is a TB that remembers.
type recorder struct{ fatal, log []string }

func (r *recorder) Helper()                      {}
func (r *recorder) Cleanup(func())               {}
func (r *recorder) Fatalf(f string, args ...any) { r.fatal = append(r.fatal, fmt.Sprintf(f, args...)) }
func (r *recorder) Logf(f string, args ...any)   { r.log = append(r.log, fmt.Sprintf(f, args...)) }

func TestGolden(t *testing.T) {
	t.Setenv("MILLRACE_UPDATE", "")
	path := filepath.Join(t.TempDir(), "sub", "golden.yaml")
	golden := func(got string) *recorder {
		r := new(recorder)
		millracetest.Golden(r, path, []byte(got))
		return r
	}
	if r := golden("a\nb\n"); len(r.fatal) != 1 || !strings.Contains(r.fatal[0], "MILLRACE_UPDATE=1") {
		t.Errorf("without a file: %v", r)
	}
	t.Setenv("MILLRACE_UPDATE", "1")
	if r := golden("a\nb\n"); len(r.fatal) != 0 || len(r.log) != 1 {
		t.Errorf("writing it: %v", r)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "a\nb\n" {
		t.Errorf("it holds %q, %v", data, err)
	}
	t.Setenv("MILLRACE_UPDATE", "0")
	if r := golden("a\nb\n"); len(r.fatal) != 0 {
		t.Errorf("the same: %v", r)
	}
	if r := golden("a\nc\n"); len(r.fatal) != 1 || !strings.Contains(r.fatal[0], `"b"`) || !strings.Contains(r.fatal[0], `"c"`) {
		t.Errorf("another: %v", r)
	}
}
