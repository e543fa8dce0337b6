//go:build corpus

package policy_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

// TestApacheCorpus takes the examples of Apache's operator: each loads, is what
// its CRD takes, has its pods where the object says, and is seen by the rules.
// Upstream's placeholder {{SPARK_VERSION}} stands in the images.
func TestApacheCorpus(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(os.Getenv("MILLRACE_CORPUS"), "corpus", "spark-apache-1.0", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	// What is refused, with the error: nothing.
	want := map[string]string{}
	refused := map[string]string{}
	rules := map[string]int{}
	for _, file := range files {
		name := filepath.Base(file)
		b, err := millrace.Load(file)
		if err != nil {
			refused[name] = err.Error()
			continue
		}
		wrong, seen := misplaced(t, b)
		for _, w := range wrong {
			if !strings.Contains(w, "{{SPARK_VERSION}}") { // which the operator fills in
				t.Errorf("%s: %s", name, w)
			}
		}
		if seen["SparkApplication"]+seen["SparkCluster"] != 2 {
			t.Errorf("%s: pods of %v", name, seen)
		}
		guarded := 0
		for _, line := range lines(policy.Production().Check(b)) {
			rule := line[strings.LastIndexByte(line, '|')+1:]
			rules[rule]++
			switch {
			case strings.HasPrefix(rule, "schema/"), rule == "policy/unchecked":
				t.Errorf("%s: %s", name, line)
			case rule == "spark/eviction-guard":
				guarded++
			}
		}
		// None of upstream's applications guards its driver and its executors.
		if seen["SparkApplication"] > 0 && guarded != 2 {
			t.Errorf("%s: spark/eviction-guard reports %d times", name, guarded)
		}
	}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	if len(files) != 13 {
		t.Errorf("%d files", len(files))
	}
	t.Logf("%d files; findings: %v", len(files), rules)
}
