package workflow_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/workflow"
)

// samples are valid values for the fields whose type does not say one.
var samples = map[reflect.Type]any{
	reflect.TypeFor[string]():                       "other",
	reflect.TypeFor[int]():                          3,
	reflect.TypeFor[bool]():                         true,
	reflect.TypeFor[*int]():                         new(7),
	reflect.TypeFor[*string]():                      new("other"),
	reflect.TypeFor[[]string]():                     []string{"other"},
	reflect.TypeFor[map[string]string]():            map[string]string{"other": "x"},
	reflect.TypeFor[time.Duration]():                time.Minute,
	reflect.TypeFor[millrace.Bytes]():               3 * millrace.GiB,
	reflect.TypeFor[resource.Quantity]():            resource.MustParse("3"),
	reflect.TypeFor[[]millrace.NodeShape]():         []millrace.NodeShape{{Pool: "other"}},
	reflect.TypeFor[[]corev1.Toleration]():          []corev1.Toleration{{Key: "other", Operator: corev1.TolerationOpExists}},
	reflect.TypeFor[[]corev1.EnvVar]():              []corev1.EnvVar{{Name: "OTHER", Value: "x"}},
	reflect.TypeFor[[]corev1.VolumeMount]():         []corev1.VolumeMount{{Name: "other", MountPath: "/other"}},
	reflect.TypeFor[*corev1.Affinity]():             &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{}},
	reflect.TypeFor[wfv1.WorkflowSpec]():            wfv1.WorkflowSpec{Priority: new(int32(3))},
	reflect.TypeFor[wfv1.CronWorkflowSpec]():        wfv1.CronWorkflowSpec{WorkflowSpec: wfv1.WorkflowSpec{Priority: new(int32(3))}},
	reflect.TypeFor[time.Time]():                    time.Date(2026, 1, 31, 6, 0, 0, 0, time.UTC),
	reflect.TypeFor[corev1.Container]():             corev1.Container{WorkingDir: "/other"},
	reflect.TypeFor[workflow.Runner]():              &job{Class: "other"},
	reflect.TypeFor[workflow.Step]():                workflow.Container{Image: "other:1", Command: []string{"x"}},
	reflect.TypeFor[[]workflow.Parameter]():         []workflow.Parameter{date, {Name: "other"}},
	reflect.TypeFor[[]*workflow.Task]():             []*workflow.Task{{Name: "other", Run: &job{}}},
	reflect.TypeFor[workflow.Expression]():          workflow.Expr("true"),
	reflect.TypeFor[workflow.Loop]():                workflow.Items{"a", 1},
	reflect.TypeFor[*workflow.Retry]():              &workflow.Retry{Backoff: time.Hour},
	reflect.TypeFor[*workflow.Definition]():         &workflow.Definition{Name: "other", Step: workflow.Container{Image: "other:1", Command: []string{"x"}}},
	reflect.TypeFor[[]*workflow.Definition]():       []*workflow.Definition{{Name: "other", Step: workflow.Container{Image: "other:1", Command: []string{"x"}}}},
	reflect.TypeFor[map[string]workflow.Hook]():     map[string]workflow.Hook{"other": {When: workflow.Expr("true"), Step: workflow.Container{Image: "other:1", Command: []string{"x"}}}},
	reflect.TypeFor[map[string]workflow.Location](): map[string]workflow.Location{"other": workflow.From("x")},
	reflect.TypeFor[*int32]():                       new(int32(0o600)),
	reflect.TypeFor[*bool]():                        new(false),
	reflect.TypeFor[workflow.ConfigMapKey]():        workflow.ConfigMapKey{Name: "other", Key: "x"},
	reflect.TypeFor[workflow.Archive]():             workflow.Zip{},
	reflect.TypeFor[workflow.Deletion]():            workflow.DeleteNever,
	reflect.TypeFor[[]workflow.Output]():            []workflow.Output{{Name: "other", JSONPath: "{.status.phase}"}},
	reflect.TypeFor[workflow.RetryPolicy]():         workflow.RetryOnError,
	reflect.TypeFor[workflow.RunSettings]():         workflow.RunSettings{Priority: 3},
	reflect.TypeFor[workflow.RunPods]():             workflow.RunPods{Scheduler: "other"},
	reflect.TypeFor[workflow.Settings]():            workflow.Settings{Timeout: time.Hour},
	reflect.TypeFor[workflow.Outputs]():             workflow.Outputs{Parameters: []workflow.Output{{Name: "other", Path: "/other"}}},
	reflect.TypeFor[workflow.Inputs]():              workflow.Inputs{Parameters: []workflow.Input{{Name: "other", Default: new("x")}}},
	reflect.TypeFor[wfv1.Template]():                wfv1.Template{SchedulerName: "other"},
	reflect.TypeFor[[]corev1.VolumeMount]():         []corev1.VolumeMount{{Name: "other", MountPath: "/other"}},
	reflect.TypeFor[[]workflow.Artifact]():          []workflow.Artifact{{Name: "other", Path: "/other"}},
	reflect.TypeFor[*workflow.Template]():           &workflow.Template{Name: "other", ServiceAccount: "x", Parameters: []workflow.Parameter{date}, Tasks: []*workflow.Task{{Name: "other", Run: &job{}}}},
}

// TestEveryFieldCounts sets each exported field alone: the output must change,
// or an error must name the field.
func TestEveryFieldCounts(t *testing.T) {
	type noun struct {
		build func() (millrace.Builder, reflect.Value)
		field string
		// samples are by the field's name here.
		samples map[string]any
	}
	for name, n := range map[string]noun{
		"Template": {build: func() (millrace.Builder, reflect.Value) {
			p := daily()
			p.Tasks = append(p.Tasks, &workflow.Task{Name: "tool", Step: workflow.Container{Image: "a:1", Command: []string{"a"}}})
			return p, reflect.ValueOf(p).Elem()
		}},
		"Parameter": {field: "Parameters[1]", build: func() (millrace.Builder, reflect.Value) {
			p := daily()
			p.Parameters = append(p.Parameters, workflow.Parameter{Name: "spare"})
			return p, reflect.ValueOf(&p.Parameters[1]).Elem()
		}},
		"Task": {field: "Tasks[0]", build: func() (millrace.Builder, reflect.Value) {
			p := daily()
			return p, reflect.ValueOf(p.Tasks[0]).Elem()
		}},
		"Container": {field: "Tasks[0].Step", build: func() (millrace.Builder, reflect.Value) {
			c := &workflow.Container{Image: "company-registry/tool:1", Command: []string{"tool"}}
			p := daily()
			p.Tasks[0].Run, p.Tasks[0].Step = nil, c
			return p, reflect.ValueOf(c).Elem()
		}},
		"Definition": {field: "Tasks[0].Step", build: func() (millrace.Builder, reflect.Value) {
			d := &workflow.Definition{Name: "shared", Step: workflow.Container{Image: "a:1", Command: []string{"a"}}}
			p := daily()
			p.Tasks[0].Run, p.Tasks[0].Step = nil, d
			return p, reflect.ValueOf(d).Elem()
		}},
		"Hook": {field: "Tasks[0].Hooks[h]", samples: map[string]any{"Arguments": map[string]string{"x": "other"}}, build: func() (millrace.Builder, reflect.Value) {
			d := &workflow.Definition{Name: "shared", Inputs: workflow.Inputs{Parameters: []workflow.Input{{Name: "x", Default: new("a")}}}, Step: workflow.Container{Image: "a:1", Command: []string{"a"}}}
			h := &workflow.Hook{When: workflow.Expr("false"), Step: d}
			p := daily()
			return later(func() (millrace.Parts, error) {
				p.Tasks[0].Hooks = map[string]workflow.Hook{"h": *h}
				return p.Build()
			}), reflect.ValueOf(h).Elem()
		}},
		"DAG": {field: "Tasks[0].Step", build: func() (millrace.Builder, reflect.Value) {
			d := &workflow.DAG{Tasks: []*workflow.Task{{Name: "a", Run: &job{}}}}
			p := daily()
			p.Tasks[0].Run, p.Tasks[0].Step = nil, d
			return p, reflect.ValueOf(d).Elem()
		}},
		"Sequence": {field: "Tasks[0].Loop", samples: map[string]any{"Start": "3", "End": "7", "Format": "n-%d"}, build: func() (millrace.Builder, reflect.Value) {
			s := &workflow.Sequence{End: "5"}
			p := daily()
			p.Tasks[0].Loop = s
			return p, reflect.ValueOf(s).Elem()
		}},
		"Retry": {field: "Tasks[0].Retry", build: func() (millrace.Builder, reflect.Value) {
			p := daily()
			r := new(workflow.Retry)
			p.Tasks[0].Retry, p.Tasks[0].Run, p.Tasks[0].Step = r, nil, workflow.Container{Image: "a:1", Command: []string{"a"}}
			return p, reflect.ValueOf(r).Elem()
		}},
		"TemplateRef": {field: "Tasks[0].Step", build: func() (millrace.Builder, reflect.Value) {
			r := &workflow.TemplateRef{Name: "shared", Template: "say"}
			p := daily()
			p.Tasks[0].Run, p.Tasks[0].Step = nil, r
			return p, reflect.ValueOf(r).Elem()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b, v := n.build()
			plain := text(t, b)
			for _, path := range paths(v.Type(), nil) {
				b, v := n.build()
				if sample, ok := n.samples[path.name]; ok {
					v.FieldByIndex(path.index).Set(reflect.ValueOf(sample))
				} else {
					set(t, v.FieldByIndex(path.index), name+"."+path.name)
				}
				parts, err := b.Build()
				if err != nil {
					want := strings.TrimPrefix(n.field+"."+path.name, ".")
					named := false
					for _, f := range findings(t, err) {
						named = named || strings.HasPrefix(f.Field, want)
					}
					if !named {
						t.Errorf("%s.%s: no finding names %s: %v", name, path.name, want, err)
					}
					continue
				}
				if write(t, parts) == plain {
					t.Errorf("%s.%s changes nothing", name, path.name)
				}
			}
		})
	}
}

// later builds what is complete only then.
type later func() (millrace.Parts, error)

func (l later) Build() (millrace.Parts, error) { return l() }

type fieldPath struct {
	index []int
	name  string
}

// paths lists the exported fields of a struct, and those of the structs in it
// that are millrace's own.
func paths(typ reflect.Type, outer []int) []fieldPath {
	var out []fieldPath
	for i := range typ.NumField() {
		f := typ.Field(i)
		if !f.IsExported() {
			continue
		}
		index := append(append([]int(nil), outer...), i)
		if _, ok := samples[f.Type]; !ok && f.Type.Kind() == reflect.Struct {
			for _, inner := range paths(f.Type, index) {
				out = append(out, fieldPath{inner.index, f.Name + "." + inner.name})
			}
			continue
		}
		out = append(out, fieldPath{index, f.Name})
	}
	return out
}

func set(t *testing.T, v reflect.Value, name string) {
	t.Helper()
	sample, ok := samples[v.Type()]
	if !ok {
		t.Fatalf("%s: add a sample of %v", name, v.Type())
	}
	v.Set(reflect.ValueOf(sample))
}

func text(t *testing.T, b millrace.Builder) string {
	t.Helper()
	parts, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return write(t, parts)
}

func write(t *testing.T, parts millrace.Parts) string {
	t.Helper()
	var out []byte
	var err error
	for _, o := range parts.Objects {
		if out, err = yaml.Append(out, o); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range parts.PlacedOn {
		out = fmt.Appendf(out, "placed on %s\n", n.Pool)
	}
	return string(out)
}

// TestSharesNoMemory changes all that a template consists of after it was
// built, and what was built after that.
func TestSharesNoMemory(t *testing.T) {
	full := func() *workflow.Template {
		p := daily()
		p.Labels, p.Annotations = map[string]string{"a": "b"}, map[string]string{"a": "b"}
		p.Parameters[0].Default, p.Parameters[0].Enum = new("a"), []string{"a"}
		p.Retry.Limit = new(1)
		p.Placement = millrace.Placement{
			NodeSelector: map[string]string{"a": "b"}, Annotations: map[string]string{"a": "b"},
			Tolerations: []corev1.Toleration{{Key: "a", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: new(int64(1))}},
			Affinity:    &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{}},
		}
		p.Base = wfv1.WorkflowSpec{Priority: new(int32(1)), Volumes: []corev1.Volume{{Name: "a"}}, ImagePullSecrets: []corev1.LocalObjectReference{{Name: "a"}}}
		p.Tasks = append(p.Tasks, &workflow.Task{Name: "tool", Step: &workflow.Container{
			Image: "a:1", Command: []string{"a"}, Args: []string{"a"}, Env: []corev1.EnvVar{{Name: "A", Value: "a"}},
			Mounts: []corev1.VolumeMount{{Name: "b", MountPath: "/b"}},
			Base:   corev1.Container{VolumeMounts: []corev1.VolumeMount{{Name: "a", MountPath: "/a"}}},
		}})
		inner := &workflow.Task{Name: "inner", Step: tool(), Retry: &workflow.Retry{Limit: new(2)}}
		shared := &workflow.Definition{
			Name: "shared",
			Inputs: workflow.Inputs{
				Parameters: []workflow.Input{{Name: "x", Default: new("a"), Enum: []string{"a", "b"}}},
				Artifacts:  []workflow.Artifact{{Name: "z", Base: wfv1.Artifact{Optional: true}}},
			},
			Step:     &workflow.DAG{Tasks: []*workflow.Task{inner}, Target: []*workflow.Task{inner}, FailFast: new(false)},
			Settings: workflow.Settings{Annotations: map[string]string{"a": "b"}},
			Base:     wfv1.Template{Synchronization: &wfv1.Synchronization{Mutexes: []*wfv1.Mutex{{Name: "a"}}}},
		}
		p.Tasks = append(p.Tasks, &workflow.Task{
			Name: "shares", Step: shared, Arguments: map[string]string{"x": "b"}, Artifacts: map[string]workflow.Location{"z": &workflow.HTTPFile{URL: "http://a", Headers: map[string]string{"a": "b"}}},
			Loop:  workflow.Items{map[string]any{"a": []any{"b"}}, json.RawMessage(`"c"`)},
			Hooks: map[string]workflow.Hook{workflow.Exit: {Step: shared, Arguments: map[string]string{"x": "a"}}},
		}, &workflow.Task{Name: "hand", Step: &workflow.Raw{
			Metadata:  wfv1.Metadata{Labels: map[string]string{"a": "b"}},
			Container: &corev1.Container{Image: "a:1", Command: []string{"a"}},
		}})
		p.OnExit = &workflow.Steps{{{Name: "bye", Step: &workflow.Raw{HTTP: &wfv1.HTTP{URL: "http://a", Headers: wfv1.HTTPHeaders{{Name: "a", Value: "b"}}}}}}}
		p.Hooks = map[string]workflow.Hook{"late": {When: workflow.Expr("true"), Step: &workflow.Plugin{Name: "a", Config: map[string]any{"a": "b"}}}}
		return p
	}
	p := full()
	object, err := p.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	want := text(t, millrace.Parts{Objects: []millrace.Object{object}})
	scramble(reflect.ValueOf(p), map[uintptr]bool{})
	if got := text(t, millrace.Parts{Objects: []millrace.Object{object}}); got != want {
		t.Errorf("changing the template changed what was built:\n%s", got)
	}

	p = full()
	if object, err = p.WorkflowTemplate(); err != nil {
		t.Fatal(err)
	}
	scramble(reflect.ValueOf(object), map[uintptr]bool{})
	if got := text(t, p); got != want {
		t.Errorf("changing what was built changed the template:\n%s", got)
	}
}

// sharesNothing changes all that a builder consists of after it was built, and
// what was built after that.
func sharesNothing(t *testing.T, full func() millrace.Builder) {
	t.Helper()
	b := full()
	parts, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	want := write(t, parts)
	scramble(reflect.ValueOf(b), map[uintptr]bool{})
	if got := write(t, parts); got != want {
		t.Errorf("changing the builder changed what was built:\n%s", got)
	}
	b = full()
	if parts, err = b.Build(); err != nil {
		t.Fatal(err)
	}
	scramble(reflect.ValueOf(parts.Objects), map[uintptr]bool{})
	if got := text(t, b); got != want {
		t.Errorf("changing what was built changed the builder:\n%s", got)
	}
}

// scramble overwrites everything that a value leads to through pointers, maps
// and slices.
func scramble(v reflect.Value, seen map[uintptr]bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() || v.Kind() == reflect.Pointer && seen[v.Pointer()] {
			return
		}
		if v.Kind() == reflect.Pointer {
			seen[v.Pointer()] = true
		}
		scramble(v.Elem(), seen)
	case reflect.Struct:
		for i := range v.NumField() {
			scramble(v.Field(i), seen)
		}
	case reflect.Slice:
		for i := range v.Len() {
			scramble(v.Index(i), seen)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			scramble(v.MapIndex(key), seen)
			if v.Type().Elem().Kind() == reflect.String && v.CanInterface() {
				v.SetMapIndex(key, reflect.ValueOf("scrambled").Convert(v.Type().Elem()))
			}
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString("scrambled")
		}
	case reflect.Int32, reflect.Int64, reflect.Int:
		if v.CanSet() {
			v.SetInt(42)
		}
	case reflect.Bool:
		if v.CanSet() {
			v.SetBool(!v.Bool())
		}
	}
}
