package spark_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/diagnosis"
	"github.com/millrace/millrace/spark"
)

// TestDiagnoseObjects takes the application in every form in which a program
// may have it.
func TestDiagnoseObjects(t *testing.T) {
	const message = "failed to submit spark application: driver pod already exist"
	typed := &v1beta2.SparkApplication{ObjectMeta: metav1.ObjectMeta{Name: "etl", Namespace: "data"}}
	typed.Status.AppState = v1beta2.ApplicationState{State: v1beta2.ApplicationStateFailedSubmission, ErrorMessage: message}
	scheduled := &v1beta2.ScheduledSparkApplication{ObjectMeta: metav1.ObjectMeta{Name: "nightly", Namespace: "data"}}
	raw := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication", "metadata": map[string]any{"name": "etl", "namespace": "data"},
		"status": map[string]any{"applicationState": map[string]any{"state": "SUBMISSION_FAILED", "errorMessage": message}}}}
	var none *v1beta2.SparkApplication
	var nothing *unstructured.Unstructured
	for name, test := range map[string]struct {
		o    millrace.Object
		want []string
	}{
		"typed":       {typed, []string{"spark/name-clash SparkApplication data/etl"}},
		"raw":         {raw, []string{"spark/name-clash SparkApplication data/etl"}},
		"scheduled":   {scheduled, []string{"spark/concurrency-policy ScheduledSparkApplication data/nightly"}},
		"nil":         {nil, nil},
		"typed nil":   {none, nil},
		"raw nil":     {nothing, nil},
		"raw, no map": {new(unstructured.Unstructured), nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range spark.Diagnose(spark.Evidence{Application: test.o}) {
				got = append(got, c.ID+" "+c.Object.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDiagnoseIDs: the comment of Diagnose names every id, and no other.
func TestDiagnoseIDs(t *testing.T) {
	source, err := os.ReadFile("diagnose.go")
	if err != nil {
		t.Fatal(err)
	}
	named := make(map[string]bool)
	for _, id := range regexp.MustCompile(`spark/[a-z-]+`).FindAllString(string(source), -1) {
		named[id] = true
	}
	want := make(map[string]bool)
	for _, id := range diagnosis.IDs() {
		want[id] = true
	}
	if diff := cmp.Diff(want, named); diff != "" {
		t.Errorf("ids (-there +named):\n%s", diff)
	}
}

// TestDiagnoseFields: the fields that the fixes name exist.
func TestDiagnoseFields(t *testing.T) {
	paths, err := filepath.Glob("../internal/diagnosis/*.go")
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	field := regexp.MustCompile(`\b(?:Driver|Executor|Deps|Lifecycle|Shuffle)(?:\.[A-Z]\w*)+`)
	found := 0
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// What holds for both roles is put together from parts.
		text := strings.NewReplacer(`" + r.field() + ".`, "Executor.", `" + field + ".`, "Executor.").Replace(string(source))
		for _, name := range field.FindAllString(text, -1) {
			found++
			at := reflect.TypeFor[spark.Job]()
			for _, part := range strings.Split(name, ".") {
				f, ok := at.FieldByName(part)
				if !ok {
					t.Errorf("%s names %s, and %s has no field %s", path, name, at, part)
					break
				}
				at = f.Type
				if at.Kind() == reflect.Pointer {
					at = at.Elem()
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d fields were found", found)
	}
}
