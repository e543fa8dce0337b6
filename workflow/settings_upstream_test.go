package workflow_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/workflow"
)

// exampleSpec reads one of Argo's own examples from the module cache.
func exampleSpec(t *testing.T, name string) *wfv1.WorkflowSpec {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(examples(t), name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var w wfv1.Workflow
	if err := sigsyaml.UnmarshalStrict(text, &w); err != nil {
		t.Fatal(err)
	}
	return &w.Spec
}

// tree is a value as JSON reads it, without what the writer leaves out.
func tree(t *testing.T, v any) (out any) {
	t.Helper()
	text, err := yaml.AppendJSON(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestUpstreamSettings: what Argo's examples set for a step can be said, and is
// rendered as they have it.
func TestUpstreamSettings(t *testing.T) {
	duration := func(name string) workflow.Metric {
		return workflow.Metric{Name: "duration_gauge", Help: "Duration gauge by name", Labels: map[string]string{"name": name},
			Type: workflow.Gauge{Value: "{{duration}}", Realtime: true}}
	}
	cpu := `{"containers":[{"name":"main", "resources":{"limits":{"cpu": "{{workflow.parameters.cpu-limit}}" }}}]}`
	for _, tc := range []struct {
		file, template string
		settings       workflow.Settings
	}{
		{"synchronization-tmpl-level", "acquire-lock", workflow.Settings{Locks: []workflow.Lock{workflow.Semaphore{ConfigMap: "my-config", Key: "template"}}}},
		{"synchronization-db-tmpl-level", "acquire-lock", workflow.Settings{Locks: []workflow.Lock{workflow.Semaphore{Key: "template", Database: true}}}},
		{"synchronization-mutex-tmpl-level", "acquire-lock", workflow.Settings{Locks: []workflow.Lock{workflow.Mutex{Name: "welcome"}}}},
		{"synchronization-db-mutex-tmpl-level", "acquire-lock", workflow.Settings{Locks: []workflow.Lock{workflow.Mutex{Name: "welcome", Database: true}}}},
		{"memoize-simple", "world-to-file", workflow.Settings{Memoize: &workflow.Memoize{Key: "cache-key", ConfigMap: "cache-config", MaxAge: 10 * time.Second}}},
		{"custom-metrics", "steps", metrics(duration("steps"))},
		{"custom-metrics", "random-int", metrics(
			workflow.Metric{Name: "random_int_step_histogram", Help: "Value of the int emitted by random-int at step level", When: workflow.Expr("{{status}} == Succeeded"),
				Type: workflow.Histogram{Value: "{{outputs.parameters.rand-int-value}}", Buckets: []float64{2.01, 4.01, 6.01, 8.01, 10.01}}},
			duration("random-int"),
		)},
		{"custom-metrics", "flakey", metrics(workflow.Metric{Name: "result_counter", Help: "Count of step execution by result status",
			Labels: map[string]string{"name": "flakey", "status": "{{status}}"}, Type: workflow.Counter{Value: "1"}})},
		{"pod-metadata", "print-message", pod(workflow.PodSettings{Labels: map[string]string{"app": "print-message", "tier": "demo"}, Annotations: map[string]string{"iam.amazonaws.com/role": "role-arn"}})},
		{"pod-spec-patch", "hello-world", pod(workflow.PodSettings{Patch: workflow.PodPatch{Text: cpu}})},
		{"daemon-nginx", "nginx-server", workflow.Settings{Daemon: true}},
		{"parallelism-template-limit", "parallelism-template-limit", workflow.Settings{Parallelism: 2}},
		{"archive-location", "hello-world", pod(workflow.PodSettings{ArchiveLogs: new(true)})},
		{"sidecar-nginx", "sidecar-nginx-example", pod(workflow.PodSettings{Sidecars: []workflow.Sidecar{{Name: "nginx", Container: workflow.Container{Image: "nginx:1.13", Command: []string{"nginx", "-g", "daemon off;"}}}}})},
		{"sidecar-dind", "dind-sidecar-example", pod(workflow.PodSettings{Sidecars: []workflow.Sidecar{{Name: "dind", MirrorMounts: true, Container: workflow.Container{
			Image: "docker:19.03.13-dind", Command: []string{"dockerd-entrypoint.sh"}, Env: []corev1.EnvVar{{Name: "DOCKER_TLS_CERTDIR"}},
			Base: corev1.Container{SecurityContext: &corev1.SecurityContext{Privileged: new(true)}},
		}}}})},
		{"init-container", "init-container-example", pod(workflow.PodSettings{InitContainers: []workflow.Sidecar{{Name: "hello", MirrorMounts: true, Container: workflow.Container{Image: "alpine:latest", Command: []string{"echo", "hello"}}}}})},
	} {
		t.Run(tc.file+"/"+tc.template, func(t *testing.T) {
			spec := exampleSpec(t, tc.file)
			var want wfv1.Template
			for _, tmpl := range spec.Templates {
				if tmpl.Name == tc.template {
					want = tmpl
				}
			}
			if want.Name == "" {
				t.Fatal("no such template")
			}
			// The work and what goes through it are others' business.
			want.Name, want.Inputs, want.Outputs, want.ActiveDeadlineSeconds = "", wfv1.Inputs{}, wfv1.Outputs{}, nil
			want.Container, want.Script, want.DAG, want.Steps = nil, nil, nil, nil
			got, err := workflow.RenderSettings(tc.settings, wfv1.Template{})
			if err != nil {
				t.Fatal(err)
			}
			// Containers have defaults beside what the example says.
			for i := range want.Sidecars {
				overlay.Fill(&want.Sidecars[i], got.Sidecars[i].DeepCopy())
			}
			for i := range want.InitContainers {
				overlay.Fill(&want.InitContainers[i], got.InitContainers[i].DeepCopy())
			}
			if diff := cmp.Diff(tree(t, want), tree(t, got)); diff != "" {
				t.Errorf("-upstream +got:\n%s", diff)
			}
		})
	}
}

// TestUpstreamSpecs does so for what they set for a whole workflow.
func TestUpstreamSpecs(t *testing.T) {
	lock := func(l workflow.Lock) workflow.RunSettings { return workflow.RunSettings{Locks: []workflow.Lock{l}} }
	memory := "containers:\n  - name: main\n    resources:\n      limits:\n        memory: \"{{workflow.parameters.mem-limit}}\"\n"
	for file, tc := range map[string]struct {
		runs workflow.RunSettings
		pods workflow.RunPods
	}{
		"synchronization-wf-level":          {runs: lock(workflow.Semaphore{ConfigMap: "my-config", Key: "workflow"})},
		"synchronization-db-wf-level":       {runs: lock(workflow.Semaphore{Key: "workflow", Database: true})},
		"synchronization-mutex-wf-level":    {runs: lock(workflow.Mutex{Name: "test"})},
		"synchronization-db-mutex-wf-level": {runs: lock(workflow.Mutex{Name: "test", Database: true})},
		"custom-metrics": {runs: workflow.RunSettings{Metrics: []workflow.Metric{{Name: "duration_gauge", Help: "Duration gauge by name",
			Labels: map[string]string{"name": "workflow"}, Type: workflow.Gauge{Value: "{{workflow.duration}}", Realtime: true}}}}},
		"label-value-from-workflow": {runs: workflow.RunSettings{LabelsFrom: map[string]workflow.Expression{"foo": workflow.Expr("workflow.parameters.foo")}}},
		"artifact-repository-ref":   {runs: workflow.RunSettings{ArtifactRepository: workflow.ArtifactRepository{Key: "my-key"}}},
		"artifact-gc-workflow":      {runs: workflow.RunSettings{ArtifactGC: workflow.ArtifactGC{Strategy: workflow.ArtifactGCOnWorkflowDeletion}}},
		"pod-gc-strategy":           {pods: workflow.RunPods{GC: workflow.PodGC{Strategy: workflow.PodGCOnPodSuccess, Delay: new(30 * time.Second)}}},
		"pod-gc-strategy-with-label-selector": {pods: workflow.RunPods{GC: workflow.PodGC{Strategy: workflow.PodGCOnPodSuccess, Delay: new(30 * time.Second),
			Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"should-be-deleted": "true"}}}}},
		"pod-metadata-wf-field":  {pods: workflow.RunPods{Labels: map[string]string{"app": "print-message", "tier": "demo"}, Annotations: map[string]string{"iam.amazonaws.com/role": "role-arn"}}},
		"pod-spec-patch-wf-tmpl": {pods: workflow.RunPods{Patch: workflow.PodPatch{Text: memory}}},
		"pod-spec-yaml-patch":    {pods: workflow.RunPods{Patch: workflow.PodPatch{Text: memory}}},
		"default-pdb-support":    {pods: workflow.RunPods{DisruptionBudget: workflow.DisruptionBudget{MinAvailable: new(intstr.FromInt32(9999))}}},
		"dns-config": {pods: workflow.RunPods{DNS: workflow.DNS{Config: &corev1.PodDNSConfig{
			Nameservers: []string{"1.2.3.4"}, Options: []corev1.PodDNSConfigOption{{Name: "ndots", Value: new("2")}}}}}},
		"image-pull-secrets": {pods: workflow.RunPods{ImagePullSecrets: []string{"docker-registry-secret"}}},
		"init-container":     {pods: workflow.RunPods{Volumes: []corev1.Volume{{Name: "foo", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}}},
		"volumes-pvc":        {pods: workflow.RunPods{Claims: []workflow.Claim{{Name: "workdir", Size: millrace.GiB}}}},
		"template-defaults":  {runs: workflow.RunSettings{Defaults: workflow.Settings{Timeout: 30 * time.Second}}},
	} {
		t.Run(file, func(t *testing.T) {
			want := exampleSpec(t, file)
			// These are Template's own fields.
			want.Templates, want.Entrypoint, want.ServiceAccountName, want.Arguments = nil, "", "", wfv1.Arguments{}
			if want.TemplateDefaults != nil {
				want.TemplateDefaults.RetryStrategy = nil
			}
			got, err := workflow.RenderRuns(tc.runs)
			if err != nil {
				t.Fatal(err)
			}
			pods, err := workflow.RenderPods(tc.pods)
			if err != nil {
				t.Fatal(err)
			}
			if both := overlay.Lay(got, pods); len(both) > 0 {
				t.Errorf("RunSettings and RunPods both set %v", both)
			}
			if diff := cmp.Diff(tree(t, want), tree(t, got)); diff != "" {
				t.Errorf("-upstream +got:\n%s", diff)
			}
		})
	}
}
