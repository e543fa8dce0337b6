package workflow_test

import (
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/workflow"
)

var otherSidecar = workflow.Sidecar{Name: "other", Container: workflow.Container{Image: "other:1", Command: []string{"x"}}}

// settingsSamples are those of the settings' own types.
var settingsSamples = map[reflect.Type]any{
	reflect.TypeFor[*bool]():                          new(true),
	reflect.TypeFor[[]float64]():                      []float64{1, 2},
	reflect.TypeFor[*time.Duration]():                 new(time.Minute),
	reflect.TypeFor[workflow.Expression]():            workflow.Expr("true"),
	reflect.TypeFor[map[string]workflow.Expression](): map[string]workflow.Expression{"other": workflow.Expr("workflow.name")},
	reflect.TypeFor[map[string]workflow.Location]():   map[string]workflow.Location{"other": workflow.Bucket("other")},
	reflect.TypeFor[workflow.Location]():              workflow.Bucket("other"),
	reflect.TypeFor[[]workflow.Lock]():                []workflow.Lock{workflow.Mutex{Name: "other"}},
	reflect.TypeFor[*workflow.Memoize]():              &workflow.Memoize{Key: "other", ConfigMap: "other"},
	reflect.TypeFor[[]workflow.Metric]():              []workflow.Metric{{Name: "other", Help: "other", Type: workflow.Counter{Value: "1"}}},
	reflect.TypeFor[workflow.MetricType]():            workflow.Histogram{Value: "2", Buckets: []float64{1}},
	reflect.TypeFor[[]workflow.Sidecar]():             []workflow.Sidecar{otherSidecar},
	reflect.TypeFor[workflow.GaugeOperation]():        workflow.GaugeAdd,
	reflect.TypeFor[workflow.PodGCStrategy]():         workflow.PodGCOnPodCompletion,
	reflect.TypeFor[workflow.ClaimGCStrategy]():       workflow.ClaimGCOnWorkflowCompletion,
	reflect.TypeFor[workflow.ArtifactGCStrategy]():    workflow.ArtifactGCNever,
	reflect.TypeFor[corev1.DNSPolicy]():               corev1.DNSDefault,
	reflect.TypeFor[*corev1.PodDNSConfig]():           &corev1.PodDNSConfig{Searches: []string{"other"}},
	reflect.TypeFor[*corev1.PodSecurityContext]():     &corev1.PodSecurityContext{FSGroup: new(int64(3))},
	reflect.TypeFor[*corev1.PodSpec]():                &corev1.PodSpec{Hostname: "other"},
	reflect.TypeFor[[]corev1.HostAlias]():             []corev1.HostAlias{{IP: "10.0.0.1", Hostnames: []string{"other"}}},
	reflect.TypeFor[[]corev1.Volume]():                []corev1.Volume{{Name: "other"}},
	reflect.TypeFor[[]workflow.Claim]():               []workflow.Claim{{Name: "other", Size: millrace.GiB}},
	reflect.TypeFor[*metav1.LabelSelector]():          &metav1.LabelSelector{MatchLabels: map[string]string{"other": "x"}},
	reflect.TypeFor[*intstr.IntOrString]():            new(intstr.FromInt32(3)),
}

// The tests of Template's and Task's fields meet the same types.
func init() { maps.Copy(samples, settingsSamples) }

// rendered writes what settings make, or returns the error.
func rendered(t *testing.T, v any, err error) (string, error) {
	t.Helper()
	if err != nil {
		return "", err
	}
	out, err := yaml.Append(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), nil
}

// TestEverySettingCounts is TestEveryFieldCounts for what is rendered in a
// template, or in the spec of a workflow.
func TestEverySettingCounts(t *testing.T) {
	type noun struct {
		field string
		value func() any
		// settings puts the value into those that are rendered.
		settings func(v any) any
	}
	mutex, semaphore := func() any { return &workflow.Mutex{Name: "a"} }, func() any { return &workflow.Semaphore{ConfigMap: "a", Key: "b"} }
	lock := func(v any) any { return workflow.Settings{Locks: []workflow.Lock{v.(workflow.Lock)}} }
	metric := func(v any) any {
		return workflow.Settings{Metrics: []workflow.Metric{{Name: "a", Help: "b", Type: v.(workflow.MetricType)}}}
	}
	for name, n := range map[string]noun{
		"Settings":    {"Settings", func() any { return &workflow.Settings{} }, func(v any) any { return *v.(*workflow.Settings) }},
		"RunSettings": {"Runs", func() any { return &workflow.RunSettings{} }, func(v any) any { return *v.(*workflow.RunSettings) }},
		"RunPods":     {"Pods", func() any { return &workflow.RunPods{} }, func(v any) any { return *v.(*workflow.RunPods) }},
		"Mutex":       {"Settings.Locks[0]", mutex, lock},
		"Semaphore":   {"Settings.Locks[0]", semaphore, lock},
		"Memoize": {"Settings.Memoize", func() any { return &workflow.Memoize{Key: "a", ConfigMap: "b"} },
			func(v any) any { return workflow.Settings{Memoize: v.(*workflow.Memoize)} }},
		"Metric": {"Settings.Metrics[0]", func() any { return &workflow.Metric{Name: "a", Help: "b", Type: workflow.Counter{Value: "1"}} },
			func(v any) any { return workflow.Settings{Metrics: []workflow.Metric{*v.(*workflow.Metric)}} }},
		"Counter":   {"Settings.Metrics[0].Type", func() any { return &workflow.Counter{Value: "1"} }, metric},
		"Gauge":     {"Settings.Metrics[0].Type", func() any { return &workflow.Gauge{Value: "{{duration}}"} }, metric},
		"Histogram": {"Settings.Metrics[0].Type", func() any { return &workflow.Histogram{Value: "1", Buckets: []float64{5}} }, metric},
		"Sidecar": {"Settings.Pod.Sidecars[0]", func() any {
			return &workflow.Sidecar{Name: "a", Container: workflow.Container{Image: "b", Command: []string{"c"}}}
		}, func(v any) any {
			return workflow.Settings{Pod: workflow.PodSettings{Sidecars: []workflow.Sidecar{*v.(*workflow.Sidecar)}}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			write := func(v any) (string, error) {
				switch s := n.settings(v).(type) {
				case workflow.RunSettings:
					spec, err := workflow.RenderRuns(s)
					return rendered(t, spec, err)
				case workflow.RunPods:
					spec, err := workflow.RenderPods(s)
					return rendered(t, spec, err)
				case workflow.Settings:
					tmpl, err := workflow.RenderSettings(s, wfv1.Template{})
					return rendered(t, tmpl, err)
				default:
					t.Fatalf("%T", s)
					return "", nil
				}
			}
			plain, err := write(n.value())
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range paths(reflect.TypeOf(n.value()).Elem(), nil) {
				v := n.value()
				set(t, reflect.ValueOf(v).Elem().FieldByIndex(path.index), name+"."+path.name)
				got, err := write(v)
				if err != nil {
					named := false
					for _, f := range findings(t, err) {
						named = named || strings.HasPrefix(f.Field, n.field+"."+path.name)
					}
					if !named {
						t.Errorf("%s.%s: no finding names it: %v", name, path.name, err)
					}
					continue
				}
				// What pods are placed on is the template's, and in no setting.
				if got == plain && !strings.HasSuffix(path.name, "Placement.Nodes") {
					t.Errorf("%s.%s changes nothing", name, path.name)
				}
			}
		})
	}
}

// deep are values for fields whose samples lead to nothing, or are in the way
// of others.
var deep = map[string]any{
	"Labels":             map[string]string{"other": "{{workflow.name}}"},
	"Volumes":            []corev1.Volume{{Name: "other", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{DefaultMode: new(int32(3))}}}},
	"Claims":             []workflow.Claim{{Name: "claim", Size: millrace.GiB, Base: corev1.PersistentVolumeClaim{Spec: corev1.PersistentVolumeClaimSpec{VolumeMode: new(corev1.PersistentVolumeFilesystem)}}}},
	"LabelsFrom":         map[string]workflow.Expression{"from": workflow.Expr("true")},
	"Placement.Affinity": &corev1.Affinity{PodAffinity: &corev1.PodAffinity{RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{{TopologyKey: "other"}}}},
	"InitContainers":     []workflow.Sidecar{{Name: "first", Container: otherSidecar.Container}},
	// Of those that exclude each other, one.
	"Patch.Text":                      nil,
	"DisruptionBudget.MaxUnavailable": nil,
	"Defaults.Locks":                  nil,
}

// full sets every field of a settings struct.
func full[T any](t *testing.T) *T {
	t.Helper()
	v := new(T)
	values := cloneSamples(deep)
	for _, path := range paths(reflect.TypeFor[T](), nil) {
		field := reflect.ValueOf(v).Elem().FieldByIndex(path.index)
		if value, ok := ending(values, path.name); !ok {
			set(t, field, path.name)
		} else if value != nil {
			field.Set(reflect.ValueOf(value))
		}
	}
	return v
}

// ending returns the value of the longest end of a path that has one.
func ending(values map[string]any, path string) (any, bool) {
	for {
		if value, ok := values[path]; ok {
			return value, true
		}
		_, rest, ok := strings.Cut(path, ".")
		if !ok {
			return nil, false
		}
		path = rest
	}
}

// TestSettingsShareNoMemory changes all that settings consist of after they were
// rendered, and what was rendered after that.
func TestSettingsShareNoMemory(t *testing.T) {
	restore := samples
	defer func() { samples = restore }()
	for name, tc := range map[string]struct {
		value  func() any
		render func(any) (any, error)
	}{
		"Settings": {func() any { return full[workflow.Settings](t) }, func(v any) (any, error) {
			return workflow.RenderSettings(*v.(*workflow.Settings), wfv1.Template{})
		}},
		"RunSettings": {func() any { return full[workflow.RunSettings](t) }, func(v any) (any, error) { return workflow.RenderRuns(*v.(*workflow.RunSettings)) }},
		"RunPods":     {func() any { return full[workflow.RunPods](t) }, func(v any) (any, error) { return workflow.RenderPods(*v.(*workflow.RunPods)) }},
		"DisruptionBudget": {func() any {
			return &workflow.RunPods{DisruptionBudget: workflow.DisruptionBudget{MaxUnavailable: new(intstr.FromInt32(3))}}
		}, func(v any) (any, error) { return workflow.RenderPods(*v.(*workflow.RunPods)) }},
	} {
		t.Run(name, func(t *testing.T) {
			// Scrambling would spoil the samples for the tests after this one.
			samples = cloneSamples(restore)
			v := tc.value()
			out, err := tc.render(v)
			want, err := rendered(t, out, err)
			if err != nil {
				t.Fatal(err)
			}
			scramble(reflect.ValueOf(v), map[uintptr]bool{})
			if got, _ := rendered(t, out, nil); got != want {
				t.Errorf("changing the settings changed what was rendered:\n%s\nnot\n%s", got, want)
			}

			samples = cloneSamples(restore)
			v = tc.value()
			if out, err = tc.render(v); err != nil {
				t.Fatal(err)
			}
			scramble(reflect.ValueOf(out), map[uintptr]bool{})
			out, err = tc.render(v)
			got, err := rendered(t, out, err)
			if err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("changing what was rendered changed the settings:\n%s\nnot\n%s", got, want)
			}
		})
	}
}

// cloneSamples copies the samples as deep as scramble goes.
func cloneSamples[K comparable](samples map[K]any) map[K]any {
	out := make(map[K]any, len(samples))
	for key, sample := range samples {
		if out[key] = sample; sample != nil {
			out[key] = clone(reflect.ValueOf(sample)).Interface()
		}
	}
	return out
}

func clone(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(clone(v.Elem()))
		}
	case reflect.Interface:
		if !v.IsNil() {
			out.Set(clone(v.Elem()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if out.Field(i).CanSet() {
				out.Field(i).Set(clone(v.Field(i)))
			}
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(clone(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMap(v.Type()))
			for _, key := range v.MapKeys() {
				out.SetMapIndex(key, clone(v.MapIndex(key)))
			}
		}
	}
	return out
}
