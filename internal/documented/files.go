package documented

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var fileName = regexp.MustCompile(`[a-z0-9_*]+\.go\b`)

// FileMap holds the list of files in doc.go, which comes last there, to the
// files: each one is in it, by its name or a pattern, and nothing else.
func FileMap(t *testing.T) {
	t.Helper()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	at := max(strings.LastIndex(string(doc), "// # The files\n"), strings.LastIndex(string(doc), "// # Files\n"))
	if at < 0 {
		t.Fatal("doc.go has no map of the files")
	}
	mapped := map[string]bool{"doc.go": true}
	for _, pattern := range fileName.FindAllString(string(doc[at:]), -1) {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, name := range files {
			found = found || Code(name)
			mapped[name] = true
		}
		if !found {
			t.Errorf("doc.go names %s, and there is no such file", pattern)
		}
	}
	for name := range Parsed(t, Code) {
		if !mapped[name] {
			t.Errorf("doc.go doesn't say what is in %s", name)
		}
	}
}
