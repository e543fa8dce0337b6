//go:build corpus

package spark_test

import (
	"os"
	"path/filepath"
	"testing"
)

// Findings in the examples of Apache's operator are at places of theirs only.
func TestFindingsOfApacheExamples(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(os.Getenv("MILLRACE_CORPUS"), "corpus", "spark-apache-1.0", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if kinds, found := findingsOfFiles(t, files); kinds != 2 || found < 60 {
		t.Errorf("%d findings in %d kinds", found, kinds)
	}
}
