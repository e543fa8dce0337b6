//go:build corpus

package spark_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// Every application among the examples of Apache's operator becomes a job that
// renders as it was.
func TestFromApplicationOfApacheExamples(t *testing.T) {
	dir := os.Getenv("MILLRACE_CORPUS")
	if dir == "" {
		t.Fatal("MILLRACE_CORPUS is not set: set it to the directory that holds corpus/")
	}
	bundle, err := millrace.Load(filepath.Join(dir, "corpus", "spark-apache-1.0"))
	if err != nil {
		t.Fatal(err)
	}
	converted, others := 0, 0
	for _, o := range bundle.Objects() {
		if o.GetObjectKind().GroupVersionKind().Kind != "SparkApplication" {
			others++
			continue
		}
		t.Run(o.GetName(), func(t *testing.T) {
			job, err := spark.FromApplication(o)
			if err != nil {
				t.Fatal(err)
			}
			again, err := job.ApacheApplication()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tree(t, o), tree(t, again)); diff != "" {
				t.Errorf("it renders otherwise (-original +job):\n%s", diff)
			}
			converted++
		})
	}
	if converted != 10 || others != 3 {
		t.Errorf("%d applications became jobs, and %d objects are none", converted, others)
	}
}
