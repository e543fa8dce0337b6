package spark_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/spark/apachev1"
)

func apacheApplication() *apachev1.SparkApplication {
	return &apachev1.SparkApplication{
		TypeMeta:   metav1.TypeMeta{APIVersion: "spark.apache.org/v1", Kind: "SparkApplication"},
		ObjectMeta: metav1.ObjectMeta{Name: "etl", Namespace: "data", Labels: map[string]string{"team": "data"}},
		Spec: &apachev1.ApplicationSpec{
			RuntimeVersions: apachev1.RuntimeVersions{SparkVersion: "4.1.2"},
			MainClass:       new("com.company.Etl"), Jars: new("local:///etl.jar"), DriverArgs: []string{"a"},
			SparkConf: map[string]string{"spark.kubernetes.container.image": "company-registry/etl:{{SPARK_VERSION}}"},
		},
	}
}

func TestFromApacheFillsFields(t *testing.T) {
	app := apacheApplication()
	app.Spec.SparkConf = map[string]string{
		"spark.kubernetes.container.image":                        "company-registry/etl:4.1.2",
		"spark.kubernetes.authenticate.driver.serviceAccountName": "spark",
		"spark.executor.memory":                                   "8g",
		"spark.executor.instances":                                "3",
		"spark.kubernetes.executor.label.tier":                    "batch",
		"spark.hadoop.fs.s3a.endpoint":                            "https://s3.company.com",
		"spark.kubernetes.driverEnv.LEVEL":                        "info",
		"spark.eventLog.enabled":                                  "true",
		"spark.eventLog.dir":                                      "s3a://logs/",
		"spark.x":                                                 "1",
	}
	before := app.DeepCopy()
	job, err := spark.FromApplication(app)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, app); diff != "" {
		t.Errorf("the original has changed:\n%s", diff)
	}
	for field, pair := range map[string][2]any{
		"Version": {"4.1.2", job.Version}, "Main": {"local:///etl.jar", job.Main}, "Class": {"com.company.Etl", job.Class}, "Args": {[]string{"a"}, job.Args},
		"ServiceAccount": {"spark", job.Driver.ServiceAccount}, "Memory": {8 * millrace.GiB, job.Executor.Memory}, "Instances": {int32(3), job.Executor.Instances},
		"Labels": {map[string]string{"tier": "batch"}, job.Executor.Labels}, "Hadoop": {"https://s3.company.com", job.HadoopConf["fs.s3a.endpoint"]},
		"EventLog": {"s3a://logs/", job.Observe.EventLog.Dir}, "Conf": {map[string]string{"spark.x": "1"}, job.Conf},
		"Base": {map[string]string{"spark.kubernetes.driverEnv.LEVEL": "info"}, job.Base.SparkConf},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", field, diff)
		}
	}
	again, err := job.ApacheApplication()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(app, again); diff != "" {
		t.Errorf("it renders otherwise (-original +job):\n%s", diff)
	}
}

// TestFromApacheLosesNothing fills every field of the spec alone.
func TestFromApacheLosesNothing(t *testing.T) {
	count := 0
	typ := reflect.TypeFor[apachev1.ApplicationSpec]()
	for i := range typ.NumField() {
		name := typ.Field(i).Name
		app := apacheApplication()
		podtest.Fill(reflect.ValueOf(app.Spec).Elem().Field(i))
		job, err := spark.FromApplication(app)
		if _, refused := errors.AsType[*millrace.BuildError](err); refused {
			t.Logf("%s: %v", name, err)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		count++
		again, err := job.ApacheApplication()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(app, again); diff != "" {
			t.Errorf("%s (-original +job):\n%s", name, diff)
		}
	}
	if count < 8 {
		t.Errorf("%d fields were compared", count)
	}
}
