package workflow_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/workflow"
)

func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := sigsyaml.UnmarshalStrict(data, into); err != nil {
		t.Fatal(err)
	}
}

// The golden file has every value of every pod and where it is written.
func TestPods(t *testing.T) {
	var scattered wfv1.Workflow
	readYAML(t, filepath.Join("testdata", "scattered.yaml"), &scattered)
	var daily, upkeep wfv1.WorkflowTemplate
	readYAML(t, filepath.Join("testdata", "daily-etl-pipeline.yaml"), &daily)
	readYAML(t, filepath.Join("testdata", "table-upkeep.yaml"), &upkeep)
	for name, o := range map[string]millrace.Object{"scattered": &scattered, "daily-etl-pipeline": &daily, "table-upkeep": &upkeep} {
		t.Run(name, func(t *testing.T) {
			var lines []string
			for _, p := range workflow.Pods(o) {
				lines = append(lines, podtest.Lines(t, p)...)
				if wrong := podtest.Misplaced(t, o, p, "Never", "OnFailure", "main", "false"); len(wrong) > 0 {
					t.Errorf("%s: not where the field says:\n%s", p.Role, strings.Join(wrong, "\n"))
				}
			}
			golden(t, name+".pods.txt", strings.Join(lines, "\n")+"\n")
		})
	}
}

// Pods leaves the object as it was, and the memory behind its lists.
func TestPodsChangeNothing(t *testing.T) {
	for _, defaults := range []bool{true, false} {
		var w, want wfv1.Workflow
		for _, o := range []*wfv1.Workflow{&w, &want} {
			readYAML(t, "testdata/scattered.yaml", o)
			if !defaults {
				o.Spec.TemplateDefaults = nil
			}
			c := &o.Spec.Templates[4].ContainerSet.Containers[1]
			c.VolumeMounts = append(make([]corev1.VolumeMount, 0, 4), c.VolumeMounts...)
		}
		workflow.Pods(&w)
		workflow.Pods(&w)
		if diff := cmp.Diff(want, w); diff != "" {
			t.Errorf("changed (-want +got):\n%s", diff)
		}
		if spare := w.Spec.Templates[4].ContainerSet.Containers[1].VolumeMounts[:2][1]; spare.Name != "" {
			t.Errorf("written behind a list: %v", spare)
		}
	}
}

func TestPodsOfNothing(t *testing.T) {
	for _, o := range []millrace.Object{nil, (*wfv1.Workflow)(nil), &corev1.Pod{}, &wfv1.Workflow{}, &wfv1.CronWorkflow{},
		&wfv1.Workflow{Spec: wfv1.WorkflowSpec{WorkflowTemplateRef: &wfv1.WorkflowTemplateRef{Name: "x"}}}} {
		if got := workflow.Pods(o); got != nil {
			t.Errorf("%T: %v", o, got)
		}
	}
}

// Where the templates stand, for each of the kinds.
func TestPodsOfKinds(t *testing.T) {
	spec := wfv1.WorkflowSpec{Entrypoint: "a", Templates: []wfv1.Template{{Name: "a", Container: &corev1.Container{Image: "x:1"}}}}
	meta := metav1.ObjectMeta{Name: "w", Namespace: "n"}
	for want, o := range map[string]millrace.Object{
		"n: spec.templates[0].container.image":              &wfv1.Workflow{ObjectMeta: meta, Spec: spec},
		"n: spec.templates[0].container.image ":             &wfv1.WorkflowTemplate{ObjectMeta: meta, Spec: spec},
		": spec.templates[0].container.image":               &wfv1.ClusterWorkflowTemplate{ObjectMeta: metav1.ObjectMeta{Name: "w"}, Spec: spec},
		"n: spec.workflowSpec.templates[0].container.image": &wfv1.CronWorkflow{ObjectMeta: meta, Spec: wfv1.CronWorkflowSpec{WorkflowSpec: spec}},
	} {
		pods := workflow.Pods(o)
		if len(pods) != 1 || !pods[0].Ends || pods[0].Whole {
			t.Fatalf("%T: %v", o, pods)
		}
		if got := pods[0].Namespace + ": " + pods[0].Field("spec.containers[0].image"); got != strings.TrimSpace(want) {
			t.Errorf("%T: %s, want %s", o, got, want)
		}
	}
}

func TestPodsCount(t *testing.T) {
	task := func(template string, edit ...func(*wfv1.DAGTask)) wfv1.DAGTask {
		out := wfv1.DAGTask{Name: template, Template: template}
		for _, e := range edit {
			e(&out)
		}
		return out
	}
	items := func(n int) func(*wfv1.DAGTask) {
		return func(t *wfv1.DAGTask) { t.WithItems = make([]wfv1.Item, n) }
	}
	param := func(p string) func(*wfv1.DAGTask) { return func(t *wfv1.DAGTask) { t.WithParam = p } }
	sequence := func(s wfv1.Sequence) func(*wfv1.DAGTask) { return func(t *wfv1.DAGTask) { t.WithSequence = &s } }
	dag := func(name string, tasks ...wfv1.DAGTask) wfv1.Template {
		return wfv1.Template{Name: name, DAG: &wfv1.DAGTemplate{Tasks: tasks}}
	}
	step := func(template string) wfv1.WorkflowStep { return wfv1.WorkflowStep{Name: template, Template: template} }
	work := wfv1.Template{Name: "work", Container: &corev1.Container{Image: "x:1"}}
	of := func(templates ...wfv1.Template) wfv1.WorkflowSpec {
		return wfv1.WorkflowSpec{Entrypoint: "main", Templates: append(templates, work)}
	}
	with := func(s wfv1.WorkflowSpec, edit func(*wfv1.WorkflowSpec)) wfv1.WorkflowSpec {
		edit(&s)
		return s
	}
	for name, tc := range map[string]struct {
		spec        wfv1.WorkflowSpec
		least, most int
	}{
		"once":                {of(dag("main", task("work"))), 1, 1},
		"twice":               {of(dag("main", task("work"), task("work"))), 1, 2},
		"three items":         {of(dag("main", task("work", items(3)))), 1, 3},
		"no items":            {of(dag("main", task("work", items(0)))), 0, 1},
		"an unknown list":     {of(dag("main", task("work", param("{{tasks.a.outputs.result}}")))), 0, 0},
		"one of them unknown": {of(dag("main", task("work", items(3)), task("work", param("{{item}}")))), 1, 0},
		"a list":              {of(dag("main", task("work", param(`["a", "b"]`)))), 1, 2},
		"a sequence":          {of(dag("main", task("work", sequence(wfv1.Sequence{Count: new(intstr.FromString("4"))})))), 1, 4},
		"from three to five":  {of(dag("main", task("work", sequence(wfv1.Sequence{Start: new(intstr.FromInt32(3)), End: new(intstr.FromInt32(5))})))), 1, 3},
		"down to zero":        {of(dag("main", task("work", sequence(wfv1.Sequence{Start: new(intstr.FromInt32(3))})))), 1, 4},
		"an unknown sequence": {of(dag("main", task("work", sequence(wfv1.Sequence{Count: new(intstr.FromString("{{x}}"))})))), 0, 0},
		"perhaps":             {of(dag("main", task("work", func(t *wfv1.DAGTask) { t.When = "a == b" }))), 0, 1},
		"elsewhere":           {of(dag("main", task("work", func(t *wfv1.DAGTask) { t.TemplateRef = &wfv1.TemplateRef{} }))), 0, 1},
		"after each":          {of(dag("main", task("other", items(3), func(t *wfv1.DAGTask) { t.OnExit = "work" }))), 1, 3},
		"a hook":              {of(dag("main", task("other", func(t *wfv1.DAGTask) { t.Hooks = wfv1.LifecycleHooks{"running": {Template: "work"}} }))), 0, 1},
		"a hook elsewhere": {of(dag("main", task("other", func(t *wfv1.DAGTask) {
			t.Hooks = wfv1.LifecycleHooks{"exit": {Template: "work", TemplateRef: &wfv1.TemplateRef{}}}
		}))), 0, 1},
		"loops multiply":       {of(dag("main", task("inner", items(3))), dag("inner", task("work", items(4)))), 1, 12},
		"one at a time":        {of(with2(dag("main", task("work", items(9))), 2)), 1, 2},
		"bounded and unknown":  {of(with2(dag("main", task("work", param("{{x}}"))), 2)), 0, 2},
		"inner parallelism":    {of(dag("main", task("inner", items(3))), with2(dag("inner", task("work", items(4))), 2)), 1, 6},
		"workflow parallelism": {with(of(dag("main", task("work", items(9)))), func(s *wfv1.WorkflowSpec) { s.Parallelism = new(int64(4)) }), 1, 4},
		"steps one by one": {of(wfv1.Template{Name: "main", Steps: []wfv1.ParallelSteps{
			{Steps: []wfv1.WorkflowStep{step("work"), step("work")}}, {Steps: []wfv1.WorkflowStep{step("work")}}}}), 1, 2},
		"a template that calls itself": {of(wfv1.Template{Name: "main", Steps: []wfv1.ParallelSteps{
			{Steps: []wfv1.WorkflowStep{step("work")}}, {Steps: []wfv1.WorkflowStep{step("main")}}}}), 1, 1},
		"never":                      {of(dag("main", task("other"))), 0, 1},
		"the exit handler":           {with(of(dag("main")), func(s *wfv1.WorkflowSpec) { s.OnExit = "work" }), 1, 1},
		"the exit hook":              {with(of(dag("main")), func(s *wfv1.WorkflowSpec) { s.Hooks = wfv1.LifecycleHooks{"exit": {Template: "work"}} }), 1, 1},
		"another hook":               {with(of(dag("main")), func(s *wfv1.WorkflowSpec) { s.Hooks = wfv1.LifecycleHooks{"running": {Template: "work"}} }), 0, 1},
		"entrypoint and exit":        {with(of(dag("main", task("work", items(3)))), func(s *wfv1.WorkflowSpec) { s.OnExit = "work" }), 1, 3},
		"templates for others":       {with(of(dag("main", task("work"))), func(s *wfv1.WorkflowSpec) { s.Entrypoint = "" }), 0, 0},
		"an entrypoint that is lost": {with(of(dag("main", task("work"))), func(s *wfv1.WorkflowSpec) { s.Entrypoint = "lost" }), 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			pods := workflow.Pods(&wfv1.Workflow{Spec: tc.spec})
			if len(pods) != 1 {
				t.Fatalf("%d pods", len(pods))
			}
			if got := pods[0]; got.Min != tc.least || got.Max != tc.most {
				t.Errorf("%d to %d, want %d to %d", got.Min, got.Max, tc.least, tc.most)
			}
		})
	}
}

// with2 gives a template a parallelism.
func with2(t wfv1.Template, parallelism int64) wfv1.Template {
	t.Parallelism = &parallelism
	return t
}

// Defaults are merged as Argo merges them, with Kubernetes' own code.
func TestPodsMergeDefaults(t *testing.T) {
	defaults := wfv1.Template{
		NodeSelector: map[string]string{"a": "default", "b": "default"},
		Tolerations:  []corev1.Toleration{{Key: "x", Value: "default"}, {Key: "y", Value: "default"}},
		HostAliases:  []corev1.HostAlias{{IP: "10.0.0.1", Hostnames: []string{"default"}}, {IP: "10.0.0.3"}},
		Volumes:      []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
		Affinity:     &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{}, PodAffinity: &corev1.PodAffinity{}},
		Metadata:     wfv1.Metadata{Labels: map[string]string{"a": "default", "b": "default"}},
		Sidecars: []wfv1.UserContainer{
			{Container: corev1.Container{Name: "s", Image: "default:1", Env: []corev1.EnvVar{{Name: "A", Value: "default"}, {Name: "B", Value: "default"}}}},
			{Container: corev1.Container{Name: "more", Image: "default:1"}},
		},
		Container: &corev1.Container{
			Image: "default:1", WorkingDir: "/default",
			Resources:    corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": resource.MustParse("1"), "memory": resource.MustParse("1Gi")}},
			VolumeMounts: []corev1.VolumeMount{{Name: "v", MountPath: "/v"}, {Name: "v", MountPath: "/w", SubPath: "default"}},
			Env:          []corev1.EnvVar{{Name: "A", Value: "default"}, {Name: "B", Value: "default"}},
			EnvFrom:      []corev1.EnvFromSource{{Prefix: "DEFAULT"}},
			Args:         []string{"default"},
		},
		Script:            &wfv1.ScriptTemplate{Source: "default"},
		PriorityClassName: "default",
		SecurityContext:   &corev1.PodSecurityContext{RunAsUser: new(int64(1)), FSGroup: new(int64(1))},
	}
	own := wfv1.Template{
		Name:         "t",
		NodeSelector: map[string]string{"a": "own", "c": "own"},
		Tolerations:  []corev1.Toleration{{Key: "y", Effect: corev1.TaintEffectNoSchedule}},
		HostAliases:  []corev1.HostAlias{{IP: "10.0.0.1", Hostnames: []string{"own"}}, {IP: "10.0.0.2"}},
		Affinity:     &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{PreferredDuringSchedulingIgnoredDuringExecution: []corev1.PreferredSchedulingTerm{{Weight: 1}}}},
		Metadata:     wfv1.Metadata{Labels: map[string]string{"a": "own"}},
		Sidecars: []wfv1.UserContainer{
			{Container: corev1.Container{Name: "s", Env: []corev1.EnvVar{{Name: "A", Value: "own"}}}},
		},
		Container: &corev1.Container{
			Image:        "own:1",
			Resources:    corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": resource.MustParse("2")}},
			VolumeMounts: []corev1.VolumeMount{{Name: "v", MountPath: "/w"}},
			Env:          []corev1.EnvVar{{Name: "B", Value: "own"}, {Name: "C", Value: "own"}},
			EnvFrom:      []corev1.EnvFromSource{{Prefix: "OWN"}},
		},
		SecurityContext: &corev1.PodSecurityContext{RunAsUser: new(int64(2))},
	}
	applicable := defaults
	applicable.Script = nil // not the type of the template
	merged, err := strategicpatch.StrategicMergePatch(marshal(t, applicable), marshal(t, own), wfv1.Template{})
	if err != nil {
		t.Fatal(err)
	}
	var want wfv1.Template
	if err := json.Unmarshal(merged, &want); err != nil {
		t.Fatal(err)
	}

	values := func(spec wfv1.WorkflowSpec) []string {
		pods := workflow.Pods(&wfv1.Workflow{Spec: spec})
		if len(pods) != 1 {
			t.Fatalf("%d pods", len(pods))
		}
		// The order of merged lists is not the same, and means nothing.
		s := &pods[0].Template.Spec
		slices.SortFunc(s.HostAliases, func(a, b corev1.HostAlias) int { return strings.Compare(a.IP, b.IP) })
		slices.SortFunc(s.Tolerations, func(a, b corev1.Toleration) int { return strings.Compare(a.Key, b.Key) })
		for i := range s.Containers {
			c := &s.Containers[i]
			slices.SortFunc(c.Env, func(a, b corev1.EnvVar) int { return strings.Compare(a.Name, b.Name) })
			slices.SortFunc(c.VolumeMounts, func(a, b corev1.VolumeMount) int { return strings.Compare(a.MountPath, b.MountPath) })
		}
		slices.SortFunc(s.Containers[1:], func(a, b corev1.Container) int { return strings.Compare(a.Name, b.Name) })
		pods[0].Fields = nil
		return podtest.Lines(t, pods[0])
	}
	got := values(wfv1.WorkflowSpec{Entrypoint: "t", TemplateDefaults: &defaults, Templates: []wfv1.Template{own}})
	if diff := cmp.Diff(values(wfv1.WorkflowSpec{Entrypoint: "t", Templates: []wfv1.Template{want}}), got); diff != "" {
		t.Errorf("merged (-Kubernetes +got):\n%s", diff)
	}
	if defaults.Script == nil || own.Volumes != nil {
		t.Error("the object was changed")
	}
}

// Defaults of another type than the template's are not for it.
func TestPodsPassOverDefaults(t *testing.T) {
	set := wfv1.Template{Name: "t", ContainerSet: &wfv1.ContainerSetTemplate{Containers: []wfv1.ContainerNode{{Container: corev1.Container{Name: "a", Image: "own:1"}}}}}
	script := wfv1.Template{Name: "t", Script: &wfv1.ScriptTemplate{Container: corev1.Container{Image: "own:1"}}}
	for name, own := range map[string]wfv1.Template{"container set": set, "script": script} {
		pods := workflow.Pods(&wfv1.Workflow{Spec: wfv1.WorkflowSpec{Templates: []wfv1.Template{own}, TemplateDefaults: &wfv1.Template{
			Container: &corev1.Container{Image: "default:1"}, Resource: &wfv1.ResourceTemplate{}, Data: &wfv1.Data{}, HTTP: &wfv1.HTTP{},
			Script:       &wfv1.ScriptTemplate{Source: "default"},
			ContainerSet: &wfv1.ContainerSetTemplate{VolumeMounts: []corev1.VolumeMount{{Name: "v"}}},
		}}})
		if len(pods) != 1 || len(pods[0].Template.Spec.Containers) != 1 || pods[0].Template.Spec.Containers[0].Image != "own:1" {
			t.Errorf("%s: %v", name, pods)
		}
	}
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Patches that are no patches, or about what isn't listed, change nothing.
func TestPodsPatches(t *testing.T) {
	for name, tc := range map[string]struct {
		patch string
		want  []string
	}{
		"nothing":               {"{}", nil},
		"not YAML":              {"a: [", nil},
		"no pod":                {"- a", nil},
		"wrong type":            {"containers: {}", nil},
		"a directive":           {"containers:\n- name: main\n  $patch: delete", nil},
		"Argo's own containers": {"containers:\n- name: wait\n  image: x\ninitContainers:\n- name: init\n  image: x", nil},
		"JSON": {`{"priorityClassName": "high"}`, []string{
			"+ spec.priorityClassName = high (spec.templates[0].podSpecPatch.priorityClassName)"}},
		"what is filled in": {"priorityClassName: '{{inputs.parameters.class}}'\ncontainers:\n- name: main\n  resources:\n    limits: {cpu: '{{inputs.parameters.cpu}}', memory: 1Gi}", []string{
			"+ spec.containers[0].resources.limits.memory = 1Gi (spec.templates[0].podSpecPatch.containers[0].resources.limits.memory)"}},
		"a container more": {"containers:\n- name: more\n  image: more:1\n- name: main\n  image: other:1", []string{
			"- spec.containers[0].image = x:1 (spec.templates[0].container.image)",
			"+ spec.containers[0].image = other:1 (spec.templates[0].podSpecPatch.containers[1].image)",
			"+ spec.containers[1].image = more:1 (spec.templates[0].podSpecPatch.containers[0].image)",
			"+ spec.containers[1].name = more (spec.templates[0].podSpecPatch.containers[0].name)",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := &wfv1.Workflow{Spec: wfv1.WorkflowSpec{Entrypoint: "t", Templates: []wfv1.Template{{Name: "t", Container: &corev1.Container{Image: "x:1"}}}}}
			before := workflow.Pods(w)[0]
			w.Spec.Templates[0].PodSpecPatch = tc.patch
			if diff := cmp.Diff(tc.want, podtest.Diff(t, before, workflow.Pods(w)[0])); diff != "" {
				t.Errorf("changed (-want +got):\n%s", diff)
			}
		})
	}
}

// unseen are the fields of templates and workflows that don't show in pods, and
// why.
var unseen = map[string]string{
	"Template.Inputs":          "parameters are values; secrets and config maps of artifacts are references",
	"Template.Outputs":         "as Inputs",
	"Template.Daemon":          "when the next task starts",
	"Template.ArchiveLocation": "secrets of artifacts are references",
	"Template.RetryStrategy":   "a retry is another pod of the same kind",
	"Template.FailFast":        "when a DAG ends",
	"Template.Parallelism":     "of what a template calls, which this one doesn't",
	"Template.Executor":        "an account beside the pod's, which is a reference",
	"Template.Metrics":         "of the controller",
	"Template.Synchronization": "locks; their config maps are references",
	"Template.Memoize":         "its config map is a reference",
	"Template.Timeout":         "how long the task may take, with its waiting",
	"Template.Annotations":     "of the node in the workflow's status",
	"Template.Suspend":         "makes no pod",

	"WorkflowSpec.Arguments":             "values",
	"WorkflowSpec.Executor":              "an account beside the pod's, which is a reference",
	"WorkflowSpec.ArtifactRepositoryRef": "a reference",
	"WorkflowSpec.Suspend":               "whether it starts",
	"WorkflowSpec.TTLStrategy":           "when the workflow is deleted",
	"WorkflowSpec.Priority":              "in the controller's queue",
	"WorkflowSpec.PodGC":                 "when pods are deleted",
	"WorkflowSpec.PodDisruptionBudget":   "an object beside the pods",
	"WorkflowSpec.Metrics":               "of the controller",
	"WorkflowSpec.Shutdown":              "whether it goes on",
	"WorkflowSpec.WorkflowTemplateRef":   "another object's templates",
	"WorkflowSpec.Synchronization":       "locks; their config maps are references",
	"WorkflowSpec.VolumeClaimGC":         "when claims are deleted",
	"WorkflowSpec.RetryStrategy":         "a retry is another pod of the same kind",
	"WorkflowSpec.ArchiveLogs":           "a setting of Argo's wait container",
	"WorkflowSpec.WorkflowMetadata":      "of workflows that a schedule makes",
	"WorkflowSpec.ArtifactGC":            "its account is a reference",
}

// sampleFields are values for the fields that a filled struct doesn't serve.
var sampleFields = map[string]any{
	"Template.PodSpecPatch":                     "priorityClassName: other",
	"WorkflowSpec.PodSpecPatch":                 "priorityClassName: other",
	"Template.AutomountServiceAccountToken":     new(false),
	"WorkflowSpec.AutomountServiceAccountToken": new(false),
	"Template.ActiveDeadlineSeconds":            new(intstr.FromInt32(3)),
	"Template.Steps":                            []wfv1.ParallelSteps{{Steps: []wfv1.WorkflowStep{{Inline: &wfv1.Template{Container: &corev1.Container{Image: "y:1"}}}}}},
	"Template.DAG":                              &wfv1.DAGTemplate{Tasks: []wfv1.DAGTask{{Inline: &wfv1.Template{Container: &corev1.Container{Image: "y:1"}}}}},
	"Template.Container":                        &corev1.Container{Image: "y:1"},
	"Template.Script":                           &wfv1.ScriptTemplate{Container: corev1.Container{Image: "y:1"}},
	"Template.ContainerSet":                     &wfv1.ContainerSetTemplate{Containers: []wfv1.ContainerNode{{Container: corev1.Container{Image: "y:1"}}}},
	"WorkflowSpec.Templates":                    []wfv1.Template{{Name: "other", Container: &corev1.Container{Image: "y:1"}}},
	"WorkflowSpec.Volumes":                      []corev1.Volume{{Name: "v"}},
	"WorkflowSpec.OnExit":                       "spare",
	"WorkflowSpec.Hooks":                        wfv1.LifecycleHooks{"exit": {Template: "spare"}},
	"WorkflowSpec.Parallelism":                  new(int64(2)),
	"WorkflowSpec.TemplateDefaults":             &wfv1.Template{PriorityClassName: "other"},
	"WorkflowSpec.DNSPolicy":                    new(corev1.DNSDefault),
}

// Every field of a template and of a workflow shows in the pods, or says above
// why not.
func TestPodsSeeEveryField(t *testing.T) {
	base := func() *wfv1.Workflow {
		return &wfv1.Workflow{Spec: wfv1.WorkflowSpec{Entrypoint: "main", Templates: []wfv1.Template{
			{Name: "tool", Container: &corev1.Container{Image: "x:1", VolumeMounts: []corev1.VolumeMount{{Name: "v", MountPath: "/v"}}}},
			{Name: "main", DAG: &wfv1.DAGTemplate{Tasks: []wfv1.DAGTask{{Name: "a", Template: "tool", WithItems: make([]wfv1.Item, 5)}}}},
			{Name: "spare", Container: &corev1.Container{Image: "x:1"}},
		}}}
	}
	seen := 0
	for typ, at := range map[reflect.Type]func(*wfv1.Workflow) reflect.Value{
		reflect.TypeFor[wfv1.Template]():     func(w *wfv1.Workflow) reflect.Value { return reflect.ValueOf(&w.Spec.Templates[0]).Elem() },
		reflect.TypeFor[wfv1.WorkflowSpec](): func(w *wfv1.Workflow) reflect.Value { return reflect.ValueOf(&w.Spec).Elem() },
	} {
		for i := range typ.NumField() {
			name := typ.Name() + "." + typ.Field(i).Name
			seen++
			w := base()
			if slices.Contains([]string{"Template.ContainerSet", "Template.Script", "Template.Resource", "Template.Data"}, name) {
				w.Spec.Templates[0].Container = nil // a template has one type
			}
			before := workflow.Pods(w)
			field := at(w).Field(i)
			if sample, ok := sampleFields[name]; ok {
				field.Set(reflect.ValueOf(sample))
			} else {
				podtest.Fill(field)
			}
			changed := !reflect.DeepEqual(before, workflow.Pods(w))
			if _, listed := unseen[name]; changed == listed {
				t.Errorf("%s: shows %v, is listed as unseen %v", name, changed, listed)
			}
		}
	}
	if seen < 60 {
		t.Errorf("the test saw %d fields only", seen)
	}
}
