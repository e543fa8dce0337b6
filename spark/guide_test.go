package spark_test

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace/internal/documented"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/spark/apachev1"
)

func guide(t *testing.T) string { return documented.Guide(t, "spark.md") }

// TestGuideHasEveryField compares the tables of the guide with the operators'
// types: an update of those that adds or drops a field fails it.
func TestGuideHasEveryField(t *testing.T) {
	documented.HoldTables(t, guide(t), v1beta2.SparkApplicationSpec{}, v1beta2.SparkPodSpec{}, v1beta2.DriverSpec{}, v1beta2.ExecutorSpec{},
		v1beta2.ScheduledSparkApplicationSpec{}, v1alpha1.SparkConnectSpec{}, apachev1.ApplicationSpec{}, apachev1.ClusterSpec{})
}

// TestGuideNamesWhatThereIs holds the guide's own names to the package.
func TestGuideNamesWhatThereIs(t *testing.T) {
	bases := map[string]reflect.Type{"": reflect.TypeFor[v1beta2.SparkApplicationSpec]()}
	if found := documented.HoldNames(t, guide(t), bases); found < 100 {
		t.Errorf("only %d names found", found)
	}
}

// TestGuideNamesRulesAndCauses holds the table of failures to the rules and to
// what Diagnose says that it returns.
func TestGuideNamesRulesAndCauses(t *testing.T) {
	rules := make(map[string]bool)
	for _, r := range spark.Rules() {
		rules[r.ID] = true
	}
	source, err := os.ReadFile("diagnose.go")
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(`spark/[a-z-]+`)
	causes := make(map[string]bool)
	for _, cause := range id.FindAllString(string(source), -1) {
		causes[cause] = true
	}
	rows := 0
	for line := range strings.SplitSeq(guide(t), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.Contains(line, "`spark/") || strings.HasPrefix(line, "| `") {
			for _, rule := range id.FindAllString(line, -1) {
				if strings.Contains(line, "`"+rule+"`") && !rules[rule] {
					t.Errorf("the guide names %s, which is no rule", rule)
				}
			}
			continue
		}
		rows++
		for _, rule := range id.FindAllString(cells[2], -1) {
			if !rules[rule] {
				t.Errorf("%s: %s is no rule", cells[1], rule)
			}
		}
		named := id.FindAllString(cells[3], -1)
		for _, cause := range named {
			if !causes[cause] {
				t.Errorf("%s: %s is no cause", cells[1], cause)
			}
		}
		if len(named) == 0 {
			t.Errorf("%s: nothing names it", cells[1])
		}
	}
	if rows < 10 {
		t.Errorf("only %d rows of %d causes found: %v", rows, len(causes), slices.Sorted(maps.Keys(causes)))
	}
}
