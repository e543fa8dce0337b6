package millrace_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadme holds the Go code in README.md to the programs that are compiled
// and run: every block must stand in one of them, letter for letter.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var programs strings.Builder
	err = filepath.WalkDir("examples", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		data, err := os.ReadFile(path)
		programs.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(readme), "```go\n")[1:]
	if len(blocks) == 0 {
		t.Fatal("README.md shows no code")
	}
	for _, b := range blocks {
		code, _, closed := strings.Cut(b, "```")
		if !closed || !strings.Contains(programs.String(), code) {
			t.Errorf("this block of README.md is in no example:\n%s", code)
		}
	}
}
