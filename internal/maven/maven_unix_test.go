//go:build unix

package maven_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/maven"
)

// TestClassPath has a script for a shell in Maven's place; the real one is run by the
// tests that need the jars.
func TestClassPath(t *testing.T) {
	t.Run("as asked for", func(t *testing.T) {
		fake(t, `for a; do case $a in -Dmdep.outputFile=*) echo "$*" >"${a#*=}";; esac; done`)
		got, err := maven.ClassPath(t.Context(), "some/pom.xml", "kafka.version=4.3.1")
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"-f some/pom.xml", "dependency:build-classpath", "-Dkafka.version=4.3.1"} {
			if !strings.Contains(got, want) {
				t.Errorf("Maven is called with %q, want %q in it", got, want)
			}
		}
	})
	t.Run("refused", func(t *testing.T) {
		fake(t, `echo "no such artifact"; exit 1`)
		_, err := maven.ClassPath(t.Context(), "some/pom.xml")
		if err == nil || !strings.Contains(err.Error(), "no such artifact") {
			t.Errorf("the error is %v", err)
		}
	})
	t.Run("missing", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		_, err := maven.ClassPath(t.Context(), "some/pom.xml")
		if err == nil || !strings.Contains(err.Error(), ".ci/java") {
			t.Errorf("the error is %v", err)
		}
	})
}

func fake(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mvn"), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil { //nolint:gosec // it is to be run
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}
