package spark_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/spark"
)

// samples are valid values for the fields whose type alone doesn't say one.
var samples = map[string]any{
	"Name": "other", "Namespace": "data-platform", "Image": "company-registry/other:1", "Version": "4.1.2",
	"Language": spark.Python, "Main": "local:///other.jar", "Class": "com.company.Other",
	"Labels": map[string]string{"team": "x"}, "Annotations": map[string]string{"note": "x"},
	"Deps.Packages": []string{"a:b:1"}, "Deps.ExcludePackages": []string{"a:b"}, "Deps.PullPolicy": spark.PullAlways,
	"Conf": map[string]string{"spark.sql.shuffle.partitions": "4"}, "HadoopConf": map[string]string{"fs.x": "y"},
	"Lifecycle.Restart": spark.Always, "Observe.EventLog.Dir": "s3a://logs/spark", "Observe.EventLog.MaxFileSize": 30 * millrace.MiB,
	"Shuffle":        spark.Uniffle{Coordinators: []string{"a:1"}},
	"Scheduler":      spark.YuniKorn{},
	"Driver.Scratch": spark.EmptyDir{Size: millrace.GiB}, "Executor.Scratch": spark.EmptyDir{Size: millrace.GiB},
	"Target":             spark.Submit{Master: "k8s://https://k8s-api.internal:6443"},
	"Base":               v1beta2.SparkApplicationSpec{Suspend: new(true)},
	"Driver.CoreRequest": "300m", "Driver.CoreLimit": "7", "Executor.CoreRequest": "300m", "Executor.CoreLimit": "7",
	"Driver.Env": []corev1.EnvVar{{Name: "A", Value: "b"}}, "Executor.Env": []corev1.EnvVar{{Name: "A", Value: "b"}},
	"Driver.EnvFrom":                     []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "a"}}}},
	"Executor.EnvFrom":                   []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "a"}}}},
	"Volumes[0].Source":                  corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/mnt"}},
	"Volumes[0].Path":                    "/other",
	"Volumes[0].SubPath":                 "part",
	"Executor.DynamicAllocation.Initial": int32(1),

	"Tuning.TaskCPUs": int32(2), "Tuning.NetworkTimeout": 300 * time.Second,
	"Tuning.Speculation.Quantile": 0.5,
	"Observe.Metrics":             spark.PrometheusServlet{},
	"Observe.Lineage.URL":         "http://datahub:8080", "Observe.Lineage.Parent.RunID": "01234567-89ab-cdef-0123-456789abcdef",
	"Observe.UI.Port": int32(4050),
	"Stores":          []spark.Store{spark.GCS{}},
}

var sampleTypes = map[reflect.Type]any{
	reflect.TypeFor[string]():                     "x1",
	reflect.TypeFor[[]string]():                   []string{"x1"},
	reflect.TypeFor[map[string]string]():          map[string]string{"k": "v"},
	reflect.TypeFor[int32]():                      int32(3),
	reflect.TypeFor[*int32]():                     new(int32(7)),
	reflect.TypeFor[bool]():                       true,
	reflect.TypeFor[*bool]():                      new(false),
	reflect.TypeFor[time.Duration]():              7 * time.Second,
	reflect.TypeFor[millrace.Bytes]():             3 * millrace.GiB,
	reflect.TypeFor[*millrace.Bytes]():            new(3 * millrace.MiB),
	reflect.TypeFor[float64]():                    3.5,
	reflect.TypeFor[[]millrace.NodeShape]():       []millrace.NodeShape{{Pool: "x1"}},
	reflect.TypeFor[[]corev1.Toleration]():        []corev1.Toleration{{Key: "a", Operator: corev1.TolerationOpExists}},
	reflect.TypeFor[*corev1.Affinity]():           &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{}},
	reflect.TypeFor[*corev1.PodSecurityContext](): &corev1.PodSecurityContext{RunAsUser: new(int64(7))},
	reflect.TypeFor[*corev1.SecurityContext]():    &corev1.SecurityContext{ReadOnlyRootFilesystem: new(true)},
}

// A field that nothing renders must be impossible: each one, set alone,
// changes the output or is refused by name, whatever the target.
func TestEveryFieldIsRendered(t *testing.T) {
	bases := map[string]func() *spark.Job{
		"Volumes": func() *spark.Job {
			j := minimal()
			v := spark.Volume{Name: "data", Path: "/data", Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}
			j.Driver.Volumes, j.Executor.Volumes = []spark.Volume{v}, []spark.Volume{v}
			return j
		},
		"MaxFileSize": withEventLog, "Compress": withEventLog,
		"Kryo.MaxBuffer": func() *spark.Job {
			j := minimal()
			j.Tuning.Kryo.On = true
			return j
		},
		"Speculation.": func() *spark.Job {
			j := minimal()
			j.Tuning.Speculation.On = true
			return j
		},
		"Lineage.": func() *spark.Job {
			j := minimal()
			j.Observe.Lineage = lineage()
			return j
		},
		"DynamicAllocation": func() *spark.Job {
			j := minimal()
			j.Executor.DynamicAllocation.Max = 5
			return j
		},
	}
	seen := 0
	var walk func(typ reflect.Type, at string, path []int)
	walk = func(typ reflect.Type, at string, path []int) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name := strings.TrimPrefix(at+"."+f.Name, ".")
			full := append(append([]int(nil), path...), i)
			sample, explicit := sampleFor(name)
			switch {
			case f.Type == reflect.TypeFor[[]spark.Volume]():
				walk(reflect.TypeFor[spark.Volume](), name+"[0]", append(full, -1))
				continue
			case f.Type.Kind() == reflect.Struct && !explicit:
				walk(f.Type, name, full)
				continue
			case !explicit:
				sample = sampleTypes[f.Type]
			}
			if sample == nil {
				t.Errorf("%s: the test has no sample of %s", name, f.Type)
				continue
			}
			base := minimal
			for part, special := range bases {
				if strings.Contains(name, "."+part) {
					base = special
				}
			}
			for _, target := range targets() {
				seen++
				without, with := base(), base()
				without.Target, with.Target = target, target
				v := reflect.ValueOf(with).Elem()
				for _, step := range full {
					if step < 0 {
						v = v.Index(0)
						continue
					}
					v = v.Field(step)
				}
				if reflect.DeepEqual(v.Interface(), sample) {
					continue // the base has it already, and would not be valid without it
				}
				v.Set(reflect.ValueOf(sample))
				if err := changes(without, with, name); err != nil {
					t.Errorf("%s, target %T: %v", name, target, err)
				}
			}
		}
	}
	walk(reflect.TypeFor[spark.Job](), "", nil)
	if seen < 150 {
		t.Errorf("the test saw %d fields only", seen)
	}
}

func sampleFor(name string) (any, bool) {
	if s, ok := samples[name]; ok {
		return s, true
	}
	if _, rest, ok := strings.Cut(name, "."); ok {
		s, found := samples[rest]
		return s, found && strings.HasPrefix(rest, "Volumes")
	}
	return nil, false
}

// changes builds both, and reports when the second neither differs nor is
// refused because of the field.
func changes(without, with millrace.Builder, field string) error {
	a, err := without.Build()
	if err != nil {
		return fmt.Errorf("without the field: %w", err)
	}
	b, err := with.Build()
	if be, ok := errors.AsType[*millrace.BuildError](err); ok {
		for _, f := range be.Findings {
			if strings.HasPrefix(f.Field, field) || strings.HasPrefix(field, "Base") && strings.HasPrefix(f.Field, "Base") {
				return nil
			}
		}
		return fmt.Errorf("refused without naming the field: %w", err)
	}
	if reflect.DeepEqual(a, b) {
		return errors.New("nothing renders it")
	}
	return nil
}

// Every field of the upstream spec is reachable through Base, and what
// spark-submit can't say is refused by name.
func TestEveryBaseFieldIsRendered(t *testing.T) {
	// What the job itself requires is not Base's to say again, and legacy
	// fields are no exception.
	own := map[string]bool{"SparkVersion": true, "Image": true, "MainClass": true, "MainApplicationFile": true}
	count := 0
	var walk func(typ reflect.Type, at string, path []int)
	walk = func(typ reflect.Type, at string, path []int) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			full := append(append([]int(nil), path...), i)
			name := strings.TrimPrefix(at+"."+f.Name, ".")
			if f.Anonymous {
				walk(f.Type, at, full)
				continue
			}
			if f.Type.Kind() == reflect.Struct {
				walk(f.Type, name, full)
				continue
			}
			if own[name] {
				continue
			}
			for _, target := range targets() {
				count++
				without, with := minimal(), minimal()
				without.Target, with.Target = target, target
				podtest.Fill(reflect.ValueOf(&with.Base).Elem().FieldByIndex(full))
				if err := changes(without, with, "Base"); err != nil && !strings.Contains(err.Error(), "refused without naming") {
					t.Errorf("Base.%s, target %T: %v", name, target, err)
				}
			}
		}
	}
	walk(reflect.TypeFor[v1beta2.SparkApplicationSpec](), "", nil)
	if count < 150 {
		t.Errorf("the test saw %d fields only", count)
	}
}

// wantPure holds a noun to saying the same every time, and to keeping to itself:
// nothing changes it, neither Build nor who writes to what it made.
func wantPure(t *testing.T, noun, untouched millrace.Builder, build func() (any, error)) {
	t.Helper()
	first := render(t, noun)
	for range 20 {
		if again := render(t, noun); again != first {
			t.Fatal("rendered differently")
		}
	}
	if diff := cmp.Diff(untouched, noun); diff != "" {
		t.Errorf("Build changed its receiver:\n%s", diff)
	}
	out, err := build()
	if err != nil {
		t.Fatal(err)
	}
	scribble(out)
	if diff := cmp.Diff(untouched, noun); diff != "" {
		t.Errorf("what Build returned shares memory with its receiver:\n%s", diff)
	}
}

// scribble overwrites everything that can be reached from v.
func scribble(v any) { scribbleValue(reflect.ValueOf(v)) }

func scribbleValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			scribbleValue(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				scribbleValue(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			scribbleValue(v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			scribbleValue(v.MapIndex(key))
			v.SetMapIndex(key, reflect.Zero(v.Type().Elem()))
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString("scribbled")
		}
	case reflect.Int32, reflect.Int64:
		if v.CanSet() {
			v.SetInt(-99)
		}
	case reflect.Bool:
		if v.CanSet() {
			v.SetBool(!v.Bool())
		}
	}
}

func withEventLog() *spark.Job {
	j := minimal()
	j.Observe.EventLog.Dir = "s3a://logs/spark"
	return j
}

// lineage has all of its parts.
func lineage() spark.OpenLineage {
	return spark.OpenLineage{
		URL: "http://marquez.lineage:5000", APIKey: spark.SecretKey{Name: "marquez", Key: "key"},
		Parent: spark.LineageParent{Namespace: "workflows", Name: "daily", RunID: "00000000-0000-4000-8000-000000000000"},
	}
}
