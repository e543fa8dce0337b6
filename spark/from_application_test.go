package spark_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/spark"
)

// operatorExamples returns the manifests that come with the operator.
func operatorExamples(t *testing.T) []string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/kubeflow/spark-operator/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, pattern := range []string{"examples/*.yaml", "examples/*/*.yaml", "config/samples/v1*.yaml", "test/e2e/bad_examples/*.yaml"} {
		found, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) != 19 {
		t.Fatalf("the operator has %d examples, not 19: %s", len(files), files)
	}
	return files
}

// notConverted are the operator's examples that are no job, and why.
var notConverted = map[string]string{
	"fail-application.yaml":                  `"non-existent": not a class name`,
	"spark-pi-prometheus.yaml":               "not a manifest",
	"spark-pi-pod-template.yaml":             `unknown field "spec.driver.template.spec.securityContext.allowPrivilegeEscalation"`,
	"spark-pi-scheduled.yaml":                "not a SparkApplication",
	"v1beta2_scheduledsparkapplication.yaml": "not a SparkApplication",
	"spark-connect.yaml":                     "not a SparkApplication",
}

func TestFromApplicationOfUpstreamExamples(t *testing.T) {
	converted := 0
	for _, file := range operatorExamples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want := notConverted[filepath.Base(file)]
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "app.yaml")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			bundle, err := millrace.Load(path)
			if err != nil {
				if want != "not a manifest" {
					t.Fatal(err)
				}
				return
			}
			objects := bundle.Objects()
			loaded := objects[len(objects)-1] // what it needs goes before
			job, err := spark.FromApplication(loaded)
			if want != "" {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("got %v, want %q", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			converted++
			again, err := job.SparkApplication()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tree(t, loaded), tree(t, again)); diff != "" {
				t.Errorf("it renders otherwise (-original +job):\n%s", diff)
			}
			if !reflect.DeepEqual(job.Base.Driver.Cores, (*int32)(nil)) || job.Image == "" && job.Base.Image != nil {
				t.Errorf("what has a field stands in Base: %+v", job.Base)
			}
		})
	}
	if converted != 13 {
		t.Errorf("%d examples became jobs", converted)
	}
}

// tree is an object as the API server would read it: without what is empty.
func tree(t *testing.T, o millrace.Object) any {
	t.Helper()
	data, err := yaml.AppendJSON(nil, o)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestFromApplicationLosesNothing fills every field of the spec alone.
func TestFromApplicationLosesNothing(t *testing.T) {
	count := 0
	var walk func(typ reflect.Type, path []int, name string)
	walk = func(typ reflect.Type, path []int, name string) {
		for i := range typ.NumField() {
			f, full := typ.Field(i), append(append([]int(nil), path...), i)
			if f.Type.Kind() == reflect.Struct {
				walk(f.Type, full, name+"."+f.Name)
				continue
			}
			app := bareApplication()
			podtest.Fill(reflect.ValueOf(&app.Spec).Elem().FieldByIndex(full))
			before := app.DeepCopy()
			job, err := spark.FromApplication(app)
			if diff := cmp.Diff(before, app); diff != "" {
				t.Errorf("%s%s: the original has changed:\n%s", name, f.Name, diff)
			}
			if _, refused := errors.AsType[*millrace.BuildError](err); refused {
				continue
			}
			if err != nil {
				t.Errorf("%s.%s: %v", name, f.Name, err)
				continue
			}
			count++
			again, err := job.SparkApplication()
			if err != nil {
				t.Errorf("%s.%s: %v", name, f.Name, err)
			} else if diff := cmp.Diff(app, again); diff != "" {
				t.Errorf("%s.%s (-original +job):\n%s", name, f.Name, diff)
			}
		}
	}
	walk(reflect.TypeFor[v1beta2.SparkApplicationSpec](), nil, "spec")
	if count < 100 {
		t.Errorf("%d fields were compared", count)
	}
}

func bareApplication() *v1beta2.SparkApplication {
	return &v1beta2.SparkApplication{
		TypeMeta:   metav1.TypeMeta{APIVersion: "sparkoperator.k8s.io/v1beta2", Kind: "SparkApplication"},
		ObjectMeta: metav1.ObjectMeta{Name: "etl", Namespace: "data"},
		Spec: v1beta2.SparkApplicationSpec{
			Type: v1beta2.SparkApplicationTypePython, SparkVersion: "4.1.2", Image: new("spark:4.1.2"), MainApplicationFile: new("local:///etl.py"),
		},
	}
}

// readBack makes a job of an application, and holds it to rendering the same.
func readBack(t *testing.T, app *v1beta2.SparkApplication) *spark.Job {
	t.Helper()
	job, err := spark.FromApplication(app)
	if err != nil {
		t.Fatal(err)
	}
	again, err := job.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(app, again); diff != "" {
		t.Errorf("it renders otherwise (-original +job):\n%s", diff)
	}
	return job
}

// TestFromApplicationFillsFields: what a Job's fields said is in the same
// fields again, and nothing of it in Base.
func TestFromApplicationFillsFields(t *testing.T) {
	for name, job := range map[string]*spark.Job{
		"everything": everything(), "minimal": minimal(), "article": ordersDaily(), "dynamic": dynamic(), "uniffle": uniffle(),
	} {
		t.Run(name, func(t *testing.T) {
			app, err := job.SparkApplication()
			if err != nil {
				t.Fatal(err)
			}
			got := readBack(t, app)
			for field, pair := range map[string][2]any{
				"Args": {job.Args, got.Args}, "Driver.Memory": {job.Driver.Memory, got.Driver.Memory}, "Driver.Env": {job.Driver.Env, got.Driver.Env},
				"Executor.OffHeap": {job.Executor.OffHeap, got.Executor.OffHeap}, "Observe": {job.Observe.EventLog.Dir, got.Observe.EventLog.Dir},
				"Executor.DynamicAllocation.Max": {job.Executor.DynamicAllocation.Max, got.Executor.DynamicAllocation.Max},
				"ServiceAccount":                 {job.Driver.ServiceAccount, got.Driver.ServiceAccount},
				"Executor.ServiceAccount":        {job.Executor.ServiceAccount, got.Executor.ServiceAccount},
			} {
				if reflect.ValueOf(pair[0]).IsZero() {
					continue // a default, which is said now
				}
				if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", field, diff)
				}
			}
			if got.Shuffle == nil {
				t.Error("the shuffle is not a field")
			}
			if got.Base.Driver.Memory != nil || got.Base.Executor.Cores != nil || got.Base.SparkConf != nil {
				t.Errorf("Base repeats what has a field: %+v", got.Base)
			}
		})
	}
}

// TestFromApplicationKeepsSettings: settings that a field would govern stay as
// they are where no field is set.
func TestFromApplicationKeepsSettings(t *testing.T) {
	app := bareApplication()
	app.Spec.SparkConf = map[string]string{
		"spark.executor.memory": "9g", "spark.executor.instances": "3", "spark.kubernetes.container.image.pullPolicy": "Always",
		"spark.decommission.enabled": "true", "spark.eventLog.enabled": "true", "spark.eventLog.dir": "s3a://logs",
		"spark.kubernetes.executor.terminationGracePeriodSeconds": "33s", "spark.sql.shuffle.partitions": "0400",
	}
	job := readBack(t, app)
	job.NoDefaults = false
	if _, err := job.SparkApplication(); err == nil || !strings.Contains(err.Error(), "Executor.Memory") {
		t.Errorf("a default would override spark.executor.memory, and nothing says so: %v", err)
	}
}

func TestFromApplicationRefuses(t *testing.T) {
	typo := bareApplication()
	typo.Spec.SparkConf = map[string]string{"spark.kubernetes.executor.tolerations": "[]"}
	job, err := spark.FromApplication(typo)
	if _, ok := errors.AsType[*millrace.BuildError](err); !ok || job == nil || !strings.Contains(err.Error(), "Executor.Placement.Tolerations") {
		t.Errorf("a setting that Spark doesn't know: job %v, %v", job, err)
	}
	for name, o := range map[string]millrace.Object{
		"nil": nil, "typed nil": (*v1beta2.SparkApplication)(nil), "a pod": &corev1.Pod{},
	} {
		if job, err := spark.FromApplication(o); err == nil || job != nil {
			t.Errorf("%s: job %v, error %v", name, job, err)
		}
	}
}
