package workflow_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/workflow"
)

// upstream reads a template of one of Argo's examples.
func upstream(t *testing.T, dir, file, name string) *wfv1.Template {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	var w wfv1.Workflow
	if err := sigsyaml.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	out := w.GetTemplateByName(name)
	if out == nil {
		t.Fatalf("%s has no template %q", file, name)
	}
	return out
}

// work is what a template does, with the manifest read.
func work(t *testing.T, tmpl *wfv1.Template) map[string]any {
	t.Helper()
	text, err := json.Marshal(wfv1.Template{Container: tmpl.Container, Script: tmpl.Script, Resource: tmpl.Resource, Suspend: tmpl.Suspend,
		HTTP: tmpl.HTTP, Data: tmpl.Data, ContainerSet: tmpl.ContainerSet, Plugin: tmpl.Plugin})
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	if r, ok := out["resource"].(map[string]any); ok && r["manifest"] != nil {
		w := &wfv1.Workflow{Spec: wfv1.WorkflowSpec{Templates: []wfv1.Template{*tmpl}}}
		read := workflow.Embedded(w)
		if len(read) != 1 || read[0].Err != nil {
			t.Fatalf("%+v", read)
		}
		var manifest any
		if err := json.Unmarshal(read[0].JSON, &manifest); err != nil {
			t.Fatal(err)
		}
		r["manifest"] = manifest
	}
	return out
}

const (
	say    = "argoproj/argosay:v2"
	python = "python:alpine3.6"
)

// chained is a ContainerSet of argosay, each container of which waits for others.
func chained(after ...[]int) workflow.ContainerSet {
	var out workflow.ContainerSet
	for i, before := range after {
		ctr := &workflow.SetContainer{Name: string(rune('a' + i)), Container: workflow.Container{Image: say}}
		for _, b := range before {
			ctr.After = append(ctr.After, out.Containers[b])
		}
		out.Containers = append(out.Containers, ctr)
	}
	return out
}

// randomJob is the job of k8s-orchestration, as a type.
func randomJob() *batchv1.Job {
	return &batchv1.Job{
		TypeMeta:   metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"},
		ObjectMeta: metav1.ObjectMeta{GenerateName: "rand-num-"},
		Spec: batchv1.JobSpec{Completions: new(int32(10)), Parallelism: new(int32(10)), Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Name: "rand"},
			Spec: corev1.PodSpec{RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{
				Name: "rand", Image: python, Command: []string{"python", "-c", "import random; import time; print(random.randint(1, 1000)); time.sleep(10)"},
			}}},
		}},
	}
}

// TestUpstreamKinds says Argo's own examples in the types of this package.
func TestUpstreamKinds(t *testing.T) {
	dir := argoDir(t)
	url := workflow.Input{Name: "url"}.Ref()
	configMap := "apiVersion: v1\nkind: ConfigMap\nmetadata:\n"
	route := "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: host-route}\nspec: {to: {kind: Service, name: service-name}}\n"
	workspace := chained(nil, nil)
	workspace.Containers[0].Container.Args = []string{"echo", "hi", "/workspace/out"}
	workspace.Containers[1].Name = "main"
	workspace.Mounts = []corev1.VolumeMount{{Name: "workspace", MountPath: "/workspace"}}

	for _, tc := range []struct {
		file, template string
		step           workflow.Step
	}{
		{"examples/scripts-bash.yaml", "gen-random-int", workflow.Script{Image: "debian:9.4", Command: []string{"bash"},
			Source: `cat /dev/urandom | od -N2 -An -i | awk -v f=1 -v r=100 '{printf "%i\n", f + r * $1 / 65536}'` + "\n"}},
		{"examples/scripts-javascript.yaml", "gen-random-int", workflow.Script{Image: "node:9.1-alpine", Command: []string{"node"},
			Source: "var rand = Math.floor(Math.random() * 100);\nconsole.log(rand);\n"}},
		{"examples/scripts-python.yaml", "gen-random-int", workflow.Script{Image: python, Command: []string{"python"},
			Source: "import random\ni = random.randint(1, 100)\nprint(i)\n"}},

		{"examples/k8s-orchestration.yaml", "random-number-job", workflow.Resource{Action: workflow.Create, Object: randomJob(),
			Succeeded: "status.succeeded > 9", Failed: "status.failed > 0"}},
		{"examples/k8s-orchestration.yaml", "delete-job", workflow.Resource{Action: workflow.Delete,
			Manifest: "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: " + workflow.Input{Name: "job-name"}.Ref()}},
		{"examples/k8s-jobs.yaml", "rand-num", workflow.Resource{Action: workflow.Create, Owned: true, Succeeded: "status.succeeded > 2", Failed: "status.failed > 1",
			Manifest: `{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"generateName": "rand-num-"}, "spec": {"completions": 3, "parallelism": 3,
				"template": {"metadata": {"name": "rand"}, "spec": {"restartPolicy": "Never", "containers": [{"name": "rand", "image": "python:alpine3.6",
				"command": ["python", "-c", "import random; import time; print(random.randint(1, 1000)); time.sleep(10)"]}]}}}}`}},
		{"examples/k8s-set-owner-reference.yaml", "k8s-set-owner-reference", workflow.Resource{Action: workflow.Create, Owned: true,
			Manifest: configMap + "  generateName: owned-eg-\ndata: {some: value}\n"}},
		{"examples/k8s-patch-json-pod.yaml", "main", workflow.Resource{Action: workflow.Patch, MergeStrategy: workflow.JSON, Flags: []string{"pod", "{{pod.name}}"},
			Manifest: "- {op: add, path: /metadata/annotations/foo, value: bar}\n"}},
		{"examples/k8s-patch-json-workflow.yaml", "main", workflow.Resource{Action: workflow.Patch, MergeStrategy: workflow.JSON, Flags: []string{"workflow", workflow.RunName.Ref()},
			Manifest: "- {op: add, path: /metadata/labels/foo, value: bar}\n"}},
		{"examples/k8s-patch-merge-pod.yaml", "main", workflow.Resource{Action: workflow.Patch, MergeStrategy: workflow.Merge, Flags: []string{"pod", "{{pod.name}}"},
			Manifest: "metadata: {annotations: {foo: bar}}\n"}},
		{"examples/k8s-patch-pod.yaml", "main", workflow.Resource{Action: workflow.Patch,
			Manifest: "apiVersion: v1\nkind: Pod\nmetadata: {name: {{pod.name}}, annotations: {foo: bar}}\n"}},
		{"examples/k8s-wait-wf.yaml", "wait-wf", workflow.Resource{Action: workflow.Get, Succeeded: "status.phase == Succeeded", Failed: "status.phase in (Failed, Error)",
			Manifest: "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: {{inputs.parameters.wf-name}}}\n"}},
		{"examples/resource-delete-with-flags.yaml", "create-configmap", workflow.Resource{Action: workflow.Create, Object: &corev1.ConfigMap{
			TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: metav1.ObjectMeta{Name: "resource-delete-with-flags", Labels: map[string]string{"cleanup": "true"}},
			Data: map[string]string{"key": "value"}}}},
		{"examples/resource-delete-with-flags.yaml", "delete-resource", workflow.Resource{Action: workflow.Delete,
			Flags: []string{"configmap", "--selector", workflow.Input{Name: "selector"}.Ref()}}},
		{"examples/resource-flags.yaml", "create-route", workflow.Resource{Action: workflow.Create, Manifest: route}},
		{"examples/resource-flags.yaml", "create-route-without-validation", workflow.Resource{Action: workflow.Create, Manifest: route, Flags: []string{"--validate=false"}}},

		{"examples/suspend-template.yaml", "approve", workflow.Suspend{}},
		{"examples/suspend-template.yaml", "delay", workflow.Suspend{Base: wfv1.SuspendTemplate{Duration: "20"}}},
		{"examples/suspend-template-outputs.yaml", "approve", workflow.Suspend{}},

		{"examples/http-hello-world.yaml", "http", workflow.HTTP{URL: url}},
		{"examples/http-success-condition.yaml", "http-status-is-201", workflow.HTTP{URL: url, Success: workflow.Expr("response.statusCode == 201")}},
		{"examples/http-success-condition.yaml", "http-body-contains-google", workflow.HTTP{URL: url, Success: workflow.Expr(`response.body contains "google"`)}},
		{"examples/http-success-condition.yaml", "http-headers-contains-cloudflare", workflow.HTTP{URL: url, Success: workflow.Expr(`response.headers["Server"][0] == "cloudflare"`)}},

		{"examples/data-transformations.yaml", "list-log-files", workflow.Data{
			Source:    workflow.Artifact{Name: "test-bucket", Base: wfv1.Artifact{ArtifactLocation: wfv1.ArtifactLocation{S3: &wfv1.S3Artifact{S3Bucket: wfv1.S3Bucket{Bucket: "my-bucket"}}}}},
			Transform: []workflow.Expression{workflow.Expr(`filter(data, {# endsWith "main.log"})`)}}},

		{"examples/container-set-template/graph-workflow.yaml", "main", chained(nil, []int{0}, []int{0}, []int{1, 2})},
		{"examples/container-set-template/parallel-workflow.yaml", "main", chained(nil, nil)},
		{"examples/container-set-template/sequence-workflow.yaml", "main", chained(nil, []int{0}, []int{1})},
		{"examples/container-set-template/workspace-workflow.yaml", "main", workspace},
		{"examples/container-set-template/outputs-result-workflow.yaml", "group", workflow.ContainerSet{Containers: []*workflow.SetContainer{{Name: "main",
			Container: workflow.Container{Image: python, Command: []string{"python", "-c"}, Args: []string{"print(\"hi\")\n"}}}}}},

		{"test/e2e/testdata/plugins/executor/template-executor-workflow.yaml", "main", workflow.Plugin{Name: "hello"}},
		{"examples/hello-world.yaml", "hello-world", workflow.Raw{Container: &corev1.Container{Image: "busybox", Command: []string{"echo"}, Args: []string{"hello world"}}}},
	} {
		t.Run(strings.TrimSuffix(filepath.Base(tc.file), ".yaml")+"/"+tc.template, func(t *testing.T) {
			example := upstream(t, dir, tc.file, tc.template)
			want := work(t, example)
			var inputs []string
			for _, p := range example.Inputs.Parameters {
				inputs = append(inputs, p.Name)
			}
			pipeline := taking(tc.step, inputs...)
			pipeline.Plain = true
			w, err := pipeline.WorkflowTemplate()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, work(t, w.GetTemplateByName("step"))); diff != "" {
				t.Errorf("-upstream +ours:\n%s", diff)
			}
		})
	}
}

// TestPlainKinds: what is not said is not in a Plain template, and in others is.
func TestPlainKinds(t *testing.T) {
	for name, tc := range map[string]struct {
		step workflow.Step
		rest func(*wfv1.Template) any
		want any
	}{
		"script":        {workflow.Script{Image: "a:1", Command: []string{"a"}, Source: "x"}, func(t *wfv1.Template) any { return t.Script.Name }, "main"},
		"container set": {chained(nil), func(t *wfv1.Template) any { return t.ContainerSet.Containers[0].SecurityContext != nil }, true},
		"HTTP":          {workflow.HTTP{URL: "https://example.com"}, func(t *wfv1.Template) any { return t.HTTP.TimeoutSeconds != nil }, true},
		"patch":         {workflow.Resource{Action: workflow.Patch, Object: randomPatch()}, func(t *wfv1.Template) any { return t.Resource.MergeStrategy }, "strategic"},
	} {
		t.Run(name, func(t *testing.T) {
			if s, ok := tc.step.(workflow.ContainerSet); ok {
				s.Containers[0].Container.Command = []string{"a"}
			}
			for _, plain := range []bool{false, true} {
				pipeline := stepping(tc.step)
				pipeline.Plain = plain
				w, err := pipeline.WorkflowTemplate()
				if err != nil {
					t.Fatal(err)
				}
				if got := tc.rest(w.GetTemplateByName("step")); (got == tc.want) == plain {
					t.Errorf("Plain %t: %v", plain, got)
				}
			}
		})
	}
}

func randomPatch() *batchv1.Job {
	out := randomJob()
	out.Name, out.GenerateName = "rand-num", ""
	return out
}

// TestSuspendDurations: Argo reads what is written.
func TestSuspendDurations(t *testing.T) {
	for _, d := range []time.Duration{time.Second, 20 * time.Second, 90 * time.Second, time.Hour, 36 * time.Hour} {
		tmpl, err := stepped(workflow.Suspend{Duration: d})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := wfv1.ParseStringToDuration(tmpl.Suspend.Duration); err != nil || got != d {
			t.Errorf("%v is written %q: %v, %v", d, tmpl.Suspend.Duration, got, err)
		}
	}
}
