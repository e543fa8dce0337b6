package workflow_test

import (
	"math"
	"slices"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// found lists the findings as "rule field".
func found(t *testing.T, err error) []string {
	t.Helper()
	var out []string
	for _, f := range findings(t, err) {
		if f.Detail == "" || f.Fix == "" {
			t.Errorf("%s says too little: %+v", f.Field, f)
		}
		out = append(out, f.Rule+" "+f.Field)
	}
	return out
}

func metrics(m ...workflow.Metric) workflow.Settings { return workflow.Settings{Metrics: m} }

func measure(typ workflow.MetricType) workflow.Settings {
	return metrics(workflow.Metric{Name: "a", Help: "b", Type: typ})
}

func pod(p workflow.PodSettings) workflow.Settings { return workflow.Settings{Pod: p} }

func beside(names ...string) (out []workflow.Sidecar) {
	for _, name := range names {
		out = append(out, workflow.Sidecar{Name: name, Container: workflow.Container{Image: "a:1", Command: []string{"a"}}})
	}
	return out
}

func TestBadSettings(t *testing.T) {
	const required, invalid, conflict, twice, unsupported = millrace.RuleRequired + " ", millrace.RuleInvalid + " ", millrace.RuleConflict + " ", millrace.RuleDuplicate + " ", millrace.RuleUnsupported + " "
	many := make([]workflow.Metric, 101)
	for i := range many {
		many[i] = workflow.Metric{Name: "a", Help: "b", Type: workflow.Counter{Value: "1"}}
	}
	for name, tc := range map[string]struct {
		settings workflow.Settings
		want     []string
	}{
		"nothing":              {},
		"parallelism":          {workflow.Settings{Parallelism: -1}, []string{invalid + "Settings.Parallelism"}},
		"timeout":              {workflow.Settings{Timeout: -time.Second}, []string{invalid + "Settings.Timeout"}},
		"part of a second":     {workflow.Settings{Timeout: time.Millisecond}, []string{invalid + "Settings.Timeout"}},
		"annotation of a step": {workflow.Settings{Annotations: map[string]string{"a b": ""}}, []string{invalid + "Settings.Annotations[a b]"}},

		"locks": {workflow.Settings{Locks: []workflow.Lock{
			nil, (*workflow.Mutex)(nil), workflow.Mutex{Namespace: "A"},
			workflow.Semaphore{}, workflow.Semaphore{ConfigMap: "A b", Key: "k", Namespace: "A"}, workflow.Semaphore{ConfigMap: "a", Key: "k", Database: true},
			workflow.Mutex{Name: "{{inputs.parameters.a}}"}, &workflow.Mutex{Name: "{{inputs.parameters.a}}"}, workflow.Mutex{Name: "{{inputs.parameters.a}}", Namespace: "b"},
		}}, []string{
			required + "Settings.Locks[0]", required + "Settings.Locks[1]", required + "Settings.Locks[2].Name", invalid + "Settings.Locks[2].Namespace",
			required + "Settings.Locks[3].ConfigMap", required + "Settings.Locks[3].Key", invalid + "Settings.Locks[4].ConfigMap", invalid + "Settings.Locks[4].Namespace", conflict + "Settings.Locks[5].Database",
			twice + "Settings.Locks[7]",
		}},
		"no cache":        {workflow.Settings{Memoize: &workflow.Memoize{}}, []string{required + "Settings.Memoize.Key", required + "Settings.Memoize.ConfigMap"}},
		"bad cache":       {workflow.Settings{Memoize: &workflow.Memoize{Key: "-a", ConfigMap: "A b", MaxAge: -1}}, []string{invalid + "Settings.Memoize.Key", invalid + "Settings.Memoize.ConfigMap", invalid + "Settings.Memoize.MaxAge"}},
		"cache by inputs": {workflow.Settings{Memoize: &workflow.Memoize{Key: "{{inputs.parameters.a}}_b", ConfigMap: "{{workflow.name}}"}}, nil},

		"no metric": {metrics(workflow.Metric{}), []string{required + "Settings.Metrics[0].Name", required + "Settings.Metrics[0].Help", required + "Settings.Metrics[0].Type"}},
		"names of a metric": {metrics(workflow.Metric{Name: "a:b", Help: "b", Labels: map[string]string{"1": "", "a-b": ""}, Type: workflow.Counter{Value: "1"}}),
			[]string{invalid + "Settings.Metrics[0].Name", invalid + "Settings.Metrics[0].Labels[1]", invalid + "Settings.Metrics[0].Labels[a-b]"}},
		"two metrics of a name": {metrics(
			workflow.Metric{Name: "a", Help: "b", Type: workflow.Counter{Value: "1"}},
			workflow.Metric{Name: "a", Help: "b", Type: &workflow.Counter{Value: "{{outputs.parameters.n}}"}},
			workflow.Metric{Name: "a", Help: "c", Type: workflow.Counter{Value: "1"}},
			workflow.Metric{Name: "a", Help: "b", Type: workflow.Gauge{Value: "1"}},
		), []string{conflict + "Settings.Metrics[2].Help", conflict + "Settings.Metrics[3].Type"}},
		"many metrics":        {metrics(many...), []string{invalid + "Settings.Metrics"}},
		"nil type":            {measure((*workflow.Gauge)(nil)), []string{required + "Settings.Metrics[0].Type"}},
		"counter of nothing":  {measure(workflow.Counter{}), []string{required + "Settings.Metrics[0].Type.Value"}},
		"counter of words":    {measure(workflow.Counter{Value: "one"}), []string{invalid + "Settings.Metrics[0].Type.Value"}},
		"counter that falls":  {measure(workflow.Counter{Value: "-1"}), []string{invalid + "Settings.Metrics[0].Type.Value"}},
		"gauge of nothing":    {measure(workflow.Gauge{}), []string{required + "Settings.Metrics[0].Type.Value"}},
		"gauge":               {measure(workflow.Gauge{Value: "-1.5e3", Operation: workflow.GaugeSub}), nil},
		"long gauge":          {measure(workflow.Gauge{Value: "{{" + string(make([]byte, 256)) + "}}"}), []string{invalid + "Settings.Metrics[0].Type.Value"}},
		"gauge's operation":   {measure(workflow.Gauge{Value: "1", Operation: "Mul"}), []string{invalid + "Settings.Metrics[0].Type.Operation"}},
		"in real time":        {measure(workflow.Gauge{Value: "{{ duration }}", Realtime: true}), nil},
		"not in real time":    {measure(workflow.Gauge{Value: "{{resourcesDuration.cpu}}", Realtime: true}), []string{invalid + "Settings.Metrics[0].Type.Value"}},
		"number in real time": {measure(workflow.Gauge{Value: "5", Realtime: true}), []string{invalid + "Settings.Metrics[0].Type.Value"}},
		"open in real time":   {measure(workflow.Gauge{Value: "{{duration", Realtime: true}), []string{invalid + "Settings.Metrics[0].Type.Value"}},
		"added in real time":  {measure(workflow.Gauge{Value: "{{duration}}", Realtime: true, Operation: workflow.GaugeAdd}), []string{conflict + "Settings.Metrics[0].Type.Operation"}},
		"histogram":           {measure(workflow.Histogram{}), []string{required + "Settings.Metrics[0].Type.Value", required + "Settings.Metrics[0].Type.Buckets"}},
		"unsorted":            {measure(workflow.Histogram{Value: "1", Buckets: []float64{1, 3, 2}}), []string{invalid + "Settings.Metrics[0].Type.Buckets[2]"}},
		"bucket without end":  {measure(workflow.Histogram{Value: "1", Buckets: []float64{1, math.Inf(1)}}), []string{invalid + "Settings.Metrics[0].Type.Buckets[1]"}},
		"labels":              {pod(workflow.PodSettings{Labels: map[string]string{"a": "{{workflow.name}}", "b": "x y", "-": "{{workflow.name}}"}}), []string{invalid + "Settings.Pod.Labels[-]", invalid + "Settings.Pod.Labels[b]"}},
		"annotations":         {pod(workflow.PodSettings{Annotations: map[string]string{"a b": ""}}), []string{invalid + "Settings.Pod.Annotations[a b]"}},
		"placement":           {pod(workflow.PodSettings{Placement: millrace.Placement{NodeSelector: map[string]string{"a b": ""}}}), []string{invalid + "Settings.Pod.Placement.NodeSelector[a b]"}},
		"placed by reference": {pod(workflow.PodSettings{Placement: millrace.Placement{
			NodeSelector: map[string]string{"a": "{{inputs.parameters.a}}"},
			Tolerations:  []corev1.Toleration{{Key: "a", Value: "{{inputs.parameters.a}}"}, {Operator: corev1.TolerationOpExists, Value: "{{inputs.parameters.a}}"}},
		}}), []string{invalid + "Settings.Pod.Placement.Tolerations[1].Value"}},
		"annotation twice":    {pod(workflow.PodSettings{Annotations: map[string]string{"a": "1", "b": "1"}, Placement: millrace.Placement{Annotations: map[string]string{"a": "2", "b": "1"}}}), []string{conflict + "Settings.Pod.Annotations[a]"}},
		"accounts":            {pod(workflow.PodSettings{ServiceAccount: "default", ExecutorAccount: "A b", PriorityClass: "A b"}), []string{invalid + "Settings.Pod.ServiceAccount", invalid + "Settings.Pod.ExecutorAccount", invalid + "Settings.Pod.PriorityClass"}},
		"no token":            {pod(workflow.PodSettings{Token: new(false)}), []string{required + "Settings.Pod.ExecutorAccount"}},
		"token":               {pod(workflow.PodSettings{Token: new(true)}), nil},
		"token of another":    {pod(workflow.PodSettings{Token: new(false), ExecutorAccount: "executor"}), nil},
		"hosts":               {pod(workflow.PodSettings{HostAliases: []corev1.HostAlias{{}, {IP: "10.0.0.1"}, {IP: "10.0.0.1"}}}), []string{required + "Settings.Pod.HostAliases[0].IP", twice + "Settings.Pod.HostAliases[2].IP"}},
		"volumes":             {pod(workflow.PodSettings{Volumes: []corev1.Volume{{}, {Name: "A"}, {Name: "a"}, {Name: "a"}}}), []string{required + "Settings.Pod.Volumes[0].Name", invalid + "Settings.Pod.Volumes[1].Name", twice + "Settings.Pod.Volumes[3].Name"}},
		"names in the pod":    {pod(workflow.PodSettings{InitContainers: beside("a", ""), Sidecars: beside("a", "wait", "b")}), []string{required + "Settings.Pod.InitContainers[1].Name", twice + "Settings.Pod.Sidecars[0].Name", invalid + "Settings.Pod.Sidecars[1].Name"}},
		"two names":           {pod(workflow.PodSettings{Sidecars: []workflow.Sidecar{{Name: "a", Container: workflow.Container{Image: "a:1", Command: []string{"a"}, Base: corev1.Container{Name: "b"}}}}}), []string{conflict + "Settings.Pod.Sidecars[0].Container.Base.Name"}},
		"what containers run": {pod(workflow.PodSettings{InitContainers: []workflow.Sidecar{{Name: "a"}}, Sidecars: []workflow.Sidecar{{Name: "b"}}}), []string{required + "Settings.Pod.InitContainers[0].Container.Image", required + "Settings.Pod.Sidecars[0].Container.Command", required + "Settings.Pod.Sidecars[0].Container.Image"}},
		"patch":               {pod(workflow.PodSettings{Patch: workflow.PodPatch{Text: "containers: main"}}), []string{invalid + "Settings.Pod.Patch.Text"}},
		"patch by reference":  {pod(workflow.PodSettings{Patch: workflow.PodPatch{Text: "{{inputs.parameters.patch}}"}}), nil},
		"two patches":         {pod(workflow.PodSettings{Patch: workflow.PodPatch{Text: "hostname: a", Spec: &corev1.PodSpec{}}}), []string{conflict + "Settings.Pod.Patch.Text"}},
		"patch of no text":    {pod(workflow.PodSettings{Patch: workflow.PodPatch{Spec: &corev1.PodSpec{Hostname: "\xff"}}}), []string{invalid + "Settings.Pod.Patch.Spec"}},
		"patch of no one":     {pod(workflow.PodSettings{Patch: workflow.PodPatch{Spec: &corev1.PodSpec{Containers: make([]corev1.Container, 1), InitContainers: make([]corev1.Container, 1)}}}), []string{required + "Settings.Pod.Patch.Spec.Containers[0].Name", required + "Settings.Pod.Patch.Spec.InitContainers[0].Name"}},
		"archived in another": {pod(workflow.PodSettings{ArchiveLocation: workflow.From("tasks.a.outputs.artifacts.b")}), []string{unsupported + "Settings.Pod.ArchiveLocation"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := workflow.RenderSettings(tc.settings, wfv1.Template{})
			if diff := cmp.Diff(tc.want, found(t, err)); diff != "" {
				t.Errorf("-want +got:\n%s\n%v", diff, err)
			}
		})
	}
}

// TestSettingsOfKinds: what a kind of step can't have is reported where the
// kind is known.
func TestSettingsOfKinds(t *testing.T) {
	all := workflow.Settings{Parallelism: 1, FailFast: true, Daemon: true, Timeout: time.Second, Pod: workflow.PodSettings{Scheduler: "a"}}
	placed := pod(workflow.PodSettings{Placement: millrace.Placement{NodeSelector: map[string]string{"a": "b"}, Annotations: millrace.EvictionGuards()}})
	noted := pod(workflow.PodSettings{Placement: millrace.Placement{Annotations: map[string]string{"a": "b"}}})
	for name, tc := range map[string]struct {
		settings workflow.Settings
		template wfv1.Template
		want     []string
	}{
		"unknown":              {all, wfv1.Template{}, nil},
		"container":            {all, wfv1.Template{Container: &corev1.Container{}}, []string{"Settings.Parallelism", "Settings.FailFast"}},
		"resource":             {all, wfv1.Template{Resource: &wfv1.ResourceTemplate{}}, []string{"Settings.Parallelism", "Settings.FailFast"}},
		"request":              {all, wfv1.Template{HTTP: &wfv1.HTTP{}}, []string{"Settings.Parallelism", "Settings.FailFast", "Settings.Daemon", "Settings.Pod"}},
		"suspend":              {all, wfv1.Template{Suspend: &wfv1.SuspendTemplate{}}, []string{"Settings.Parallelism", "Settings.FailFast", "Settings.Timeout", "Settings.Daemon", "Settings.Pod"}},
		"dag":                  {all, wfv1.Template{DAG: &wfv1.DAGTemplate{}}, []string{"Settings.Timeout", "Settings.Daemon", "Settings.Pod"}},
		"steps":                {all, wfv1.Template{Steps: make([]wfv1.ParallelSteps, 1)}, []string{"Settings.Timeout", "Settings.Daemon", "Settings.Pod"}},
		"placement of a dag":   {placed, wfv1.Template{DAG: &wfv1.DAGTemplate{}}, nil},
		"annotations of a dag": {noted, wfv1.Template{DAG: &wfv1.DAGTemplate{}}, []string{"Settings.Pod"}},
		"placement of a pause": {placed, wfv1.Template{Suspend: &wfv1.SuspendTemplate{}}, []string{"Settings.Pod"}},
	} {
		t.Run(name, func(t *testing.T) {
			var want []string
			for _, field := range tc.want {
				want = append(want, millrace.RuleUnsupported+" "+field)
			}
			_, err := workflow.RenderSettings(tc.settings, tc.template)
			if diff := cmp.Diff(want, found(t, err)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestSettingsJoin: what the template has already stays.
func TestSettingsJoin(t *testing.T) {
	got, err := workflow.RenderSettings(pod(workflow.PodSettings{
		Labels:      map[string]string{"c": "{{workflow.name}}"},
		Annotations: map[string]string{millrace.SafeToEvict: "true", "a": "b"}, Volumes: []corev1.Volume{{Name: "new"}},
	}), wfv1.Template{Metadata: wfv1.Metadata{Annotations: millrace.EvictionGuards()}, Volumes: []corev1.Volume{{Name: "old"}}, Timeout: "1m"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{millrace.SafeToEvict: "true", millrace.DoNotDisrupt: "true", "a": "b"}
	if diff := cmp.Diff(want, got.Metadata.Annotations); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
	if len(got.Volumes) != 2 || got.Volumes[0].Name != "old" || got.Timeout != "1m" || got.Metadata.Labels["c"] != "{{workflow.name}}" {
		t.Errorf("%+v", got)
	}
}

// TestExecutorAccountOfTheRun: one for all steps is enough.
func TestExecutorAccountOfTheRun(t *testing.T) {
	p := &workflow.Template{Base: wfv1.WorkflowSpec{Executor: &wfv1.ExecutorConfig{ServiceAccountName: "executor"}}}
	if _, err := workflow.RenderSettingsIn(p, pod(workflow.PodSettings{Token: new(false)}), wfv1.Template{}); err != nil {
		t.Error(err)
	}
}

// TestInitContainers need not name their program; all else is checked.
func TestInitContainers(t *testing.T) {
	got, err := workflow.RenderSettings(pod(workflow.PodSettings{InitContainers: []workflow.Sidecar{{Name: "a", Container: workflow.Container{Image: "a:1"}}}}), wfv1.Template{})
	if err != nil {
		t.Fatal(err)
	}
	if c := got.InitContainers[0]; c.Name != "a" || c.Image != "a:1" || c.Command != nil || c.Resources.Requests.Cpu().String() != "500m" {
		t.Errorf("%+v", c)
	}
}

func TestBadRunSettings(t *testing.T) {
	for name, tc := range map[string]struct {
		settings workflow.RunSettings
		want     []string
	}{
		"nothing": {},
		"labels": {workflow.RunSettings{
			Labels: map[string]string{"a": "x y", "b": "{{workflow.parameters.a}}"}, Annotations: map[string]string{"a b": ""},
			LabelsFrom: map[string]workflow.Expression{"a b": workflow.Expr("x"), "b": workflow.Expr("x"), "c": {}},
		}, []string{"invalid Runs.Labels[a]", "invalid Runs.Annotations[a b]", "invalid Runs.LabelsFrom[a b]", "conflict Runs.LabelsFrom[b]", "required Runs.LabelsFrom[c]"}},
		"locks":      {workflow.RunSettings{Locks: []workflow.Lock{nil}}, []string{"required Runs.Locks[0]"}},
		"metrics":    {workflow.RunSettings{Metrics: []workflow.Metric{{Name: "a", Help: "b"}}}, []string{"required Runs.Metrics[0].Type"}},
		"priority":   {workflow.RunSettings{Priority: math.MaxInt32 + 1}, []string{"invalid Runs.Priority"}},
		"claims":     {workflow.RunSettings{ClaimGC: "OnPodSuccess"}, []string{"invalid Runs.ClaimGC"}},
		"repository": {workflow.RunSettings{ArtifactRepository: workflow.ArtifactRepository{ConfigMap: "A b"}}, []string{"invalid Runs.ArtifactRepository.ConfigMap"}},
		"artifacts": {workflow.RunSettings{Artifacts: map[string]workflow.Location{"a": nil, "b": workflow.From("x"), "c d": workflow.Bucket("e")}},
			[]string{"required Runs.Artifacts[a]", "unsupported Runs.Artifacts[b]", "invalid Runs.Artifacts[c d]"}},
		"artifactGC": {workflow.RunSettings{ArtifactGC: workflow.ArtifactGC{Strategy: "OnPodSuccess", ServiceAccount: "default", Labels: map[string]string{"a": "x y"}, Patch: workflow.PodPatch{Text: "a"}}},
			[]string{"invalid Runs.ArtifactGC.Strategy", "invalid Runs.ArtifactGC.ServiceAccount", "invalid Runs.ArtifactGC.Labels[a]", "invalid Runs.ArtifactGC.Patch.Text"}},
		"defaults": {workflow.RunSettings{Defaults: workflow.Settings{Parallelism: -1, Locks: []workflow.Lock{workflow.Mutex{Name: "a"}}}},
			[]string{"invalid Runs.Defaults.Parallelism", "unsupported Runs.Defaults.Locks"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := workflow.RenderRuns(tc.settings)
			sameFindings(t, tc.want, err)
		})
	}
}

func TestBadRunPods(t *testing.T) {
	claim := func(name string) workflow.Claim { return workflow.Claim{Name: name, Size: millrace.GiB} }
	for name, tc := range map[string]struct {
		pods workflow.RunPods
		want []string
	}{
		"nothing": {},
		"metadata": {workflow.RunPods{Labels: map[string]string{"a": "x y"}, Annotations: map[string]string{"a b": ""}},
			[]string{"invalid Pods.Labels[a]", "invalid Pods.Annotations[a b]"}},
		"volumes": {workflow.RunPods{Volumes: []corev1.Volume{{Name: "a"}, {Name: "a"}}, Claims: []workflow.Claim{claim("a"), claim(""), claim("b")}},
			[]string{"duplicate Pods.Volumes[1].Name", "required Pods.Claims[1].Name", "duplicate Pods.Claims[0].Name"}},
		"no token": {workflow.RunPods{Token: new(false)}, []string{"required Pods.ExecutorAccount"}},
		"secrets":  {workflow.RunPods{ImagePullSecrets: []string{"a", "", "a"}}, []string{"required Pods.ImagePullSecrets[1]", "duplicate Pods.ImagePullSecrets[2]"}},
		"hosts":    {workflow.RunPods{HostAliases: []corev1.HostAlias{{}}}, []string{"required Pods.HostAliases[0].IP"}},
		"policy":   {workflow.RunPods{DNS: workflow.DNS{Policy: "Host"}}, []string{"invalid Pods.DNS.Policy"}},
		"no dns":   {workflow.RunPods{DNS: workflow.DNS{Policy: corev1.DNSNone}}, []string{"required Pods.DNS.Config.Nameservers"}},
		"patch":    {workflow.RunPods{Patch: workflow.PodPatch{Text: "a"}}, []string{"invalid Pods.Patch.Text"}},
		"gc": {workflow.RunPods{GC: workflow.PodGC{Strategy: "Never", Delay: new(-time.Second), Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"a b": ""}}}},
			[]string{"invalid Pods.GC.Strategy", "invalid Pods.GC.Selector", "invalid Pods.GC.Delay"}},
		"budget": {workflow.RunPods{DisruptionBudget: workflow.DisruptionBudget{MinAvailable: new(intstr.FromString("half")), MaxUnavailable: new(intstr.FromInt32(-1))}},
			[]string{"conflict Pods.DisruptionBudget.MaxUnavailable", "invalid Pods.DisruptionBudget.MinAvailable", "invalid Pods.DisruptionBudget.MaxUnavailable"}},
		"part": {workflow.RunPods{DisruptionBudget: workflow.DisruptionBudget{MinAvailable: new(intstr.FromString("50%"))}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := workflow.RenderPods(tc.pods)
			sameFindings(t, tc.want, err)
		})
	}
}

// sameFindings compares findings in any order; the wanted rules go without
// their prefix.
func sameFindings(t *testing.T, want []string, err error) {
	t.Helper()
	var full []string
	for _, w := range want {
		full = append(full, "build/"+w)
	}
	got := found(t, err)
	slices.Sort(full)
	slices.Sort(got)
	if diff := cmp.Diff(full, got); diff != "" {
		t.Errorf("-want +got:\n%s\n%v", diff, err)
	}
}

// TestPodGCAtOnce: a delay of zero is not the default.
func TestPodGCAtOnce(t *testing.T) {
	for delay, want := range map[time.Duration]string{0: "0s", 90 * time.Second: "1m30s", 2 * time.Hour: "2h"} {
		spec, err := workflow.RenderPods(workflow.RunPods{GC: workflow.PodGC{Delay: &delay}})
		if err != nil {
			t.Fatal(err)
		}
		if spec.PodGC.DeleteDelayDuration != want {
			t.Errorf("%v is rendered as %q", delay, spec.PodGC.DeleteDelayDuration)
		}
	}
}

// TestDisruptionBudget: each of the two arrives, a number as one and a part as
// a text.
func TestDisruptionBudget(t *testing.T) {
	for want, b := range map[string]workflow.DisruptionBudget{
		"minAvailable: 3\n":     {MinAvailable: new(intstr.FromInt32(3))},
		"maxUnavailable: 50%\n": {MaxUnavailable: new(intstr.FromString("50%"))},
	} {
		spec, err := workflow.RenderPods(workflow.RunPods{DisruptionBudget: b})
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := rendered(t, spec.PodDisruptionBudget, nil); got != want {
			t.Errorf("got %s, not %s", got, want)
		}
	}
}
