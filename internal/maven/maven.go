// Package maven gets the jars of Java programs that tests compare millrace
// with. It is for tests alone.
package maven

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// shortLived are options for programs of Java that are done before the better
// of its compilers would pay.
var shortLived = []string{"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"}

// ClassPath returns the class path of what a pom.xml depends on, by Maven,
// which downloads what isn't there yet. Properties are "name=value" and go
// before those of the file.
func ClassPath(ctx context.Context, pom string, properties ...string) (string, error) {
	dir, err := os.MkdirTemp("", "maven")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	list := filepath.Join(dir, "jars")
	args := []string{"-q", "-B", "-f", pom, "dependency:build-classpath", "-DincludeScope=runtime", "-Dmdep.outputFile=" + list}
	for _, p := range properties {
		args = append(args, "-D"+p)
	}
	cmd := exec.CommandContext(ctx, "mvn", args...)
	cmd.Env = append(os.Environ(), "MAVEN_OPTS="+strings.Join(append([]string{os.Getenv("MAVEN_OPTS")}, shortLived...), " "))
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("maven gets no jars of %s (.ci/java installs it): %w\n%s", pom, err, out)
	}
	path, err := os.ReadFile(list)
	return strings.TrimSpace(string(path)), err
}
