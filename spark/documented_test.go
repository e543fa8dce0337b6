package spark_test

import (
	"reflect"
	"regexp"
	"testing"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace/internal/documented"
	"github.com/millrace/millrace/internal/sparkconf"
	"github.com/millrace/millrace/spark/apachev1"
)

// theirs are the settings of what is added to Spark.
var theirs = regexp.MustCompile(`^spark\.(celeborn|rss|openlineage)\.`)

func TestEveryFieldIsDocumented(t *testing.T) {
	documented.Comments{
		Types: []reflect.Type{reflect.TypeFor[v1beta2.SparkApplication](), reflect.TypeFor[v1beta2.ScheduledSparkApplication](),
			reflect.TypeFor[v1alpha1.SparkConnect](), reflect.TypeFor[apachev1.SparkApplication](), reflect.TypeFor[apachev1.SparkCluster]()},
		Results: []string{"BetterFit", "Default", "Explanation", "MemoryPart", "NodeFit", "PodResources", "PodSize", "Submission", "TemplateFiles", "Evidence"},
		Whole:   []string{"Base", "NoDefaults"},
		Setting: regexp.MustCompile(`\bspark(?:\.[a-z][A-Za-z0-9-]*){2,}`),
		Known: func(key string) bool {
			return theirs.MatchString(key) || sparkconf.Known(key) || sparkconf.InFamily(key)
		},
		Paths: 100, Settings: 60,
	}.Hold(t)
}
