package workflow_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

var count = workflow.Parameter{Name: "count", Default: new("1")}

// stepping is a pipeline of one step.
func stepping(step workflow.Step) *workflow.Template {
	return &workflow.Template{
		Name: "kinds", Namespace: "data-platform", ServiceAccount: "etl", Parameters: []workflow.Parameter{count},
		Tasks: []*workflow.Task{{Name: "step", Step: step}},
	}
}

// taking is a pipeline of one step that has inputs.
func taking(step workflow.Step, inputs ...string) *workflow.Template {
	p := stepping(nil)
	p.Tasks = nil
	p.Entrypoint = &workflow.Definition{Name: "step", Step: step}
	for _, name := range inputs {
		p.Entrypoint.Inputs.Parameters = append(p.Entrypoint.Inputs.Parameters, workflow.Input{Name: name, Default: new("x")})
	}
	return p
}

// stepped builds a pipeline of one step, and returns the template of that.
func stepped(step workflow.Step) (*wfv1.Template, error) {
	w, err := stepping(step).WorkflowTemplate()
	if err != nil {
		return nil, err
	}
	return w.GetTemplateByName("step"), nil
}

func configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Data:       map[string]string{"count": count.Ref()},
	}
}

var bucket = wfv1.ArtifactLocation{S3: &wfv1.S3Artifact{S3Bucket: wfv1.S3Bucket{Bucket: "logs"}, Key: "2026/"}}

// Each kind of step with all of its fields; the reflection test and the golden
// file start from them.
func kinds() map[string]workflow.Step {
	fetch := &workflow.SetContainer{Name: "fetch", Container: workflow.Container{Image: "company-registry/tool:1", Command: []string{"fetch"}}}
	main := &workflow.SetContainer{Name: "main", Container: workflow.Container{Image: "company-registry/tool:1", Command: []string{"load"}, Memory: 256 * millrace.MiB}, After: []*workflow.SetContainer{fetch}}
	return map[string]workflow.Step{
		"script": &workflow.Script{
			Image: "python:3.13", Command: []string{"python"}, Args: []string{"--count=" + count.Ref()},
			Source: "import sys\nprint(sys.argv, \"{{workflow.name}}\")\n", Env: []corev1.EnvVar{{Name: "COUNT", Value: count.Ref()}},
		},
		"resource": &workflow.Resource{Action: workflow.Create, Object: configMap("kinds-{{workflow.name}}"), Owned: true},
		"manifest": &workflow.Resource{
			Action: workflow.Get, Manifest: "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n",
			Succeeded: "status.phase == Succeeded", Failed: "status.phase == Failed", Flags: []string{"--ignore-not-found"},
		},
		"patch":   &workflow.Resource{Action: workflow.Patch, Object: configMap("kinds")},
		"suspend": &workflow.Suspend{Duration: 20 * time.Minute},
		"http": &workflow.HTTP{
			Method: http.MethodPost, URL: "https://example.com/runs", Body: `{"run": "{{workflow.name}}"}`,
			Headers: []workflow.Header{
				{Name: "Content-Type", Value: "application/json"},
				{Name: "Authorization", Secret: &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "runs"}, Key: "token"}},
			},
			Success: workflow.Expr("response.statusCode == 201"),
		},
		"data": &workflow.Data{
			Source:    workflow.Artifact{Name: "logs", Base: wfv1.Artifact{ArtifactLocation: *bucket.DeepCopy()}},
			Transform: []workflow.Expression{workflow.Expr(`filter(data, {# endsWith ".log"})`)},
		},
		"containers": &workflow.ContainerSet{
			Containers: []*workflow.SetContainer{fetch, main},
			Retry:      workflow.SetRetry{Attempts: 2, Backoff: 5 * time.Second},
			Mounts:     []corev1.VolumeMount{{Name: "work", MountPath: "/work"}},
		},
		"plugin": &workflow.Plugin{Name: "hello", Config: map[string]any{"text": "hello"}},
		"raw": &workflow.Raw{
			Metadata:  wfv1.Metadata{Labels: map[string]string{"team": "data-platform"}},
			Container: &corev1.Container{Image: "company-registry/tool:1", Command: []string{"tool"}},
		},
	}
}

// TestKinds: the golden file has every kind, in a template that Argo takes.
func TestKinds(t *testing.T) {
	pipeline := stepping(nil)
	pipeline.Tasks = nil
	pipeline.Base.Volumes = []corev1.Volume{{Name: "work", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
	steps := kinds()
	for _, name := range []string{"script", "resource", "manifest", "patch", "suspend", "http", "data", "containers", "plugin", "raw"} {
		pipeline.Tasks = append(pipeline.Tasks, &workflow.Task{Name: name, Step: steps[name]})
		delete(steps, name)
	}
	if len(steps) > 0 {
		t.Errorf("not in the golden file: %v", steps)
	}
	golden(t, "kinds.yaml", render(t, pipeline))
}

// kindSamples are other values than those of kinds, for fields whose type does
// not say one.
var kindSamples = map[reflect.Type]any{
	reflect.TypeFor[[]byte]():                    []byte("other"),
	reflect.TypeFor[any]():                       map[string]any{"other": 1},
	reflect.TypeFor[workflow.Action]():           workflow.Apply,
	reflect.TypeFor[workflow.MergeStrategy]():    workflow.Merge,
	reflect.TypeFor[millrace.Object]():           configMap("other"),
	reflect.TypeFor[workflow.Expression]():       workflow.Expr("true"),
	reflect.TypeFor[[]workflow.Expression]():     []workflow.Expression{workflow.Expr("true")},
	reflect.TypeFor[[]workflow.Header]():         []workflow.Header{{Name: "Other"}},
	reflect.TypeFor[*corev1.SecretKeySelector](): &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "other"}, Key: "other"},
	reflect.TypeFor[[]corev1.VolumeMount]():      []corev1.VolumeMount{{Name: "other", MountPath: "/other"}},
	reflect.TypeFor[[]*workflow.SetContainer]():  []*workflow.SetContainer{},
	reflect.TypeFor[workflow.Location]():         workflow.From("tasks.other.outputs.artifacts.x"),
	reflect.TypeFor[wfv1.Artifact]():             wfv1.Artifact{ArtifactLocation: wfv1.ArtifactLocation{ArchiveLogs: new(true), S3: bucket.S3}},
	reflect.TypeFor[wfv1.ScriptTemplate]():       wfv1.ScriptTemplate{Container: corev1.Container{WorkingDir: "/other"}},
	reflect.TypeFor[wfv1.ResourceTemplate]():     wfv1.ResourceTemplate{SetOwnerReference: true},
	reflect.TypeFor[wfv1.SuspendTemplate]():      wfv1.SuspendTemplate{Duration: "7"},
	reflect.TypeFor[wfv1.HTTP]():                 wfv1.HTTP{InsecureSkipVerify: true},
	reflect.TypeFor[wfv1.Data]():                 wfv1.Data{Transformation: wfv1.Transformation{{Expression: "other"}}},
	reflect.TypeFor[wfv1.ContainerSetTemplate](): wfv1.ContainerSetTemplate{VolumeMounts: []corev1.VolumeMount{{Name: "other", MountPath: "/other"}}},
}

// kindSample returns another value for a field.
func kindSample(typ reflect.Type) (any, bool) {
	if sample, ok := kindSamples[typ]; ok {
		return sample, true
	}
	sample, ok := samples[typ]
	return sample, ok
}

// TestEveryFieldOfAKindCounts sets each exported field alone: the output must
// change, or a finding name the field.
func TestEveryFieldOfAKindCounts(t *testing.T) {
	for name, parts := range map[string]func(workflow.Step) map[string]reflect.Value{
		"script": nil, "resource": nil, "manifest": nil, "patch": nil, "suspend": nil, "data": nil, "plugin": nil,
		"http": func(s workflow.Step) map[string]reflect.Value {
			return map[string]reflect.Value{"Headers[0]": reflect.ValueOf(&s.(*workflow.HTTP).Headers[0]).Elem()}
		},
		"containers": func(s workflow.Step) map[string]reflect.Value {
			set := s.(*workflow.ContainerSet)
			return map[string]reflect.Value{"Containers[1]": reflect.ValueOf(set.Containers[1]).Elem()}
		},
	} {
		t.Run(name, func(t *testing.T) {
			plain := text(t, stepping(kinds()[name]))
			values := func(s workflow.Step) map[string]reflect.Value {
				out := map[string]reflect.Value{"": reflect.ValueOf(s).Elem()}
				if parts != nil {
					for field, v := range parts(s) {
						out[field+"."] = v
					}
				}
				return out
			}
			for prefix, v := range values(kinds()[name]) {
				for _, path := range kindPaths(v.Type(), nil) {
					step := kinds()[name]
					field := values(step)[prefix].FieldByIndex(path.index)
					sample, ok := kindSample(field.Type())
					if !ok {
						t.Fatalf("%s%s: add a sample of %v", prefix, path.name, field.Type())
					}
					if field.Type() == reflect.TypeFor[bool]() && field.Bool() {
						sample = false
					}
					field.Set(reflect.ValueOf(sample))
					counts(t, step, prefix+path.name, plain)
				}
			}
		})
	}
}

// counts checks that a step no longer builds what it did.
func counts(t *testing.T, step workflow.Step, field, plain string) {
	t.Helper()
	parts, err := stepping(step).Build()
	for _, f := range findings(t, err) {
		if strings.HasPrefix(f.Field, "Tasks[0].Step."+field) || f.Detail == field+" is set too" {
			return
		}
	}
	if err != nil {
		t.Errorf("no finding names %s: %v", field, err)
		return
	}
	if write(t, parts) == plain {
		t.Errorf("%s changes nothing", field)
	}
}

// kindPaths is paths, by the samples of this file.
func kindPaths(typ reflect.Type, outer []int) []fieldPath {
	var out []fieldPath
	for i := range typ.NumField() {
		f := typ.Field(i)
		index := append(append([]int(nil), outer...), i)
		if _, ok := kindSample(f.Type); ok || f.Type.Kind() != reflect.Struct {
			out = append(out, fieldPath{index, f.Name})
			continue
		}
		for _, inner := range kindPaths(f.Type, index) {
			out = append(out, fieldPath{inner.index, f.Name + "." + inner.name})
		}
	}
	return out
}

// TestKindsShareNoMemory: neither what went in nor what came out changes the
// other.
func TestKindsShareNoMemory(t *testing.T) {
	full := kinds()
	full["set"] = &workflow.ContainerSet{Base: wfv1.ContainerSetTemplate{Containers: []wfv1.ContainerNode{{Container: corev1.Container{Name: "a", Image: "a:1"}}}}}
	full["bytes"] = &workflow.HTTP{URL: "https://example.com", BodyFrom: []byte("abc")}
	full["job"] = &workflow.Resource{Action: workflow.Create, Object: &batchv1.Job{
		TypeMeta: metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"}, ObjectMeta: metav1.ObjectMeta{GenerateName: "a-", Labels: map[string]string{"a": "b"}},
	}, Owned: true}
	for name, step := range full {
		t.Run(name, func(t *testing.T) {
			object, err := stepping(step).WorkflowTemplate()
			if err != nil {
				t.Fatal(err)
			}
			want := text(t, millrace.Parts{Objects: []millrace.Object{object}})
			scramble(reflect.ValueOf(object), map[uintptr]bool{})
			if got := text(t, stepping(step)); got != want {
				t.Errorf("changing what was built changed the step:\n%s", cmp.Diff(want, got))
			}
			object, err = stepping(step).WorkflowTemplate()
			if err != nil {
				t.Fatal(err)
			}
			scramble(reflect.ValueOf(step), map[uintptr]bool{})
			if got := text(t, millrace.Parts{Objects: []millrace.Object{object}}); got != want {
				t.Errorf("changing the step changed what was built:\n%s", cmp.Diff(want, got))
			}
		})
	}
}

// TestBytesAreCopied: scramble leaves bytes alone.
func TestBytesAreCopied(t *testing.T) {
	body := []byte("abc")
	tmpl, err := stepped(workflow.HTTP{URL: "https://example.com", BodyFrom: body})
	if err != nil {
		t.Fatal(err)
	}
	body[0] = 'x'
	if got := string(tmpl.HTTP.GetBodyBytes()); got != "abc" {
		t.Errorf("changing the body changed what was built: %s", got)
	}
}

// TestKindsThatWork: what looks like a mistake and is none.
func TestKindsThatWork(t *testing.T) {
	ref := count.Ref()
	for name, step := range map[string]workflow.Step{
		"request of references": workflow.HTTP{Method: ref, URL: ref, Headers: []workflow.Header{{Name: "X-" + ref, Value: ref}}, Timeout: time.Minute},
		"plugin of a type":      workflow.Plugin{Name: "a", Config: &metav1.LabelSelector{}},
		"containers by hand":    workflow.ContainerSet{Base: wfv1.ContainerSetTemplate{Containers: []wfv1.ContainerNode{{Container: corev1.Container{Name: "a", Image: "a:1"}}}}},
	} {
		if _, err := stepped(step); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestListAsItIs: the CRD wants a transformation, and Argo an expression in it.
func TestListAsItIs(t *testing.T) {
	tmpl, err := stepped(listed(bucket))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wfv1.Transformation{{Expression: "data"}}, tmpl.Data.Transformation); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestCircleOfContainers: the finding names the cycle, and not what leads to it.
func TestCircleOfContainers(t *testing.T) {
	_, err := stepped(waiting([2]int{0, 1}, [2]int{1, 2}, [2]int{2, 1}))
	found := findings(t, err)
	if len(found) != 1 || !strings.HasSuffix(found[0].Detail, ": b after c after b") {
		t.Error(err)
	}
}
