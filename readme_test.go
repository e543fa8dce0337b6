package millrace_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadme holds the Go code in README.md and in the guides to programs and
// examples that are compiled and run: every block must stand in one of them,
// letter for letter. So must every block of text, in what an example prints.
func TestReadme(t *testing.T) {
	for page, sources := range map[string][]string{
		"README.md":         {"examples/*/*.go"},
		"docs/workflows.md": {"examples/*/*.go", "workflow/example_*_test.go"},
		"docs/spark.md":     {"examples/*/*.go", "spark/example_*_test.go"},
		"docs/kafka.md":     {"examples/*/*.go", "kafka/example_*_test.go"},
		"docs/nodepools.md": {"examples/*/*.go", "nodepool/example_*_test.go", "nodepool/image/example_test.go"},
		"docs/tenancy.md":   {"examples/*/*.go", "tenancy/example_*_test.go"},
	} {
		t.Run(page, func(t *testing.T) { checkBlocks(t, page, sources) })
	}
}

func checkBlocks(t *testing.T, page string, sources []string) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var programs strings.Builder
	for _, pattern := range sources {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files (%v)", pattern, err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			programs.Write(source)
		}
	}
	blocks := strings.Split(string(text), "```go\n")[1:]
	if len(blocks) == 0 {
		t.Fatalf("%s shows no code", page)
	}
	for _, b := range blocks {
		code, _, closed := strings.Cut(b, "```")
		if !closed || !strings.Contains(programs.String(), code) {
			t.Errorf("this block of %s is in no example:\n%s", page, code)
		}
	}
	for _, b := range strings.Split(string(text), "```text\n")[1:] {
		said, _, closed := strings.Cut(b, "```")
		if !closed || !strings.Contains(programs.String(), asOutput(said)) {
			t.Errorf("no example prints this block of %s:\n%s", page, said)
		}
	}
}

// asOutput writes a text as the comment of an example's output.
func asOutput(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		b.WriteString(strings.TrimRight("\t// "+line, " ") + "\n")
	}
	return b.String()
}
