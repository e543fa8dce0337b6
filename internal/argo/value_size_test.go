package argo_test

import (
	"fmt"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/internal/argo"
)

func TestSize(t *testing.T) {
	of := func(length int, entrypoint string) argo.Workflow {
		return argo.Workflow{Kind: "WorkflowTemplate", Path: "spec", Spec: &wfv1.WorkflowSpec{Entrypoint: entrypoint,
			Templates: []wfv1.Template{{Name: "a", Script: &wfv1.ScriptTemplate{Container: corev1.Container{Image: "x"}, Source: strings.Repeat("x", length)}}}}}
	}
	for _, tc := range []struct {
		length     int
		entrypoint string
		want       bool
	}{{1<<20 - 1000, "a", false}, {1 << 20, "a", true}, {1<<20 + 1, "", false}, {3<<19 - 1000, "", false}, {3 << 19, "", true}} {
		got := found(t, of(tc.length, tc.entrypoint))
		if len(got) > 0 != tc.want || tc.want && (got[0].Rule != argo.RuleSize || got[0].Path != "spec") {
			t.Errorf("%d with entrypoint %q: %+v", tc.length, tc.entrypoint, got)
		}
	}
}

// TestDensest: the form that is counted first is never so much shorter than
// JSON that a workflow which is too long passes.
func TestDensest(t *testing.T) {
	for _, d := range examples(t) {
		name, w := d.file, d.Workflow
		if packed, text := w.Spec.Size(), len(mustJSON(t, w.Spec)); text > 4*packed {
			t.Errorf("%s: %d bytes of JSON, %d packed", name, text, packed)
		}
	}
	bare := &wfv1.WorkflowSpec{Templates: make([]wfv1.Template, 10000)}
	tasks := &wfv1.DAGTemplate{Tasks: make([]wfv1.DAGTask, 20000)}
	for i := range bare.Templates {
		bare.Templates[i] = wfv1.Template{Name: fmt.Sprintf("%05d", i), Suspend: &wfv1.SuspendTemplate{}}
	}
	for i := range tasks.Tasks {
		tasks.Tasks[i] = wfv1.DAGTask{Name: fmt.Sprintf("%05d", i), Template: "00000"}
	}
	for _, spec := range []*wfv1.WorkflowSpec{bare, {Templates: []wfv1.Template{{DAG: tasks}}}, many(1000).Spec} {
		if packed, text := spec.Size(), len(mustJSON(t, spec)); text > 4*packed {
			t.Errorf("%d bytes of JSON, %d packed", text, packed)
		}
	}
}

func TestNodes(t *testing.T) {
	// Forty tasks that each run a template of forty, and so on: no loop at all.
	var wide strings.Builder
	for level, next := range []string{"b", "c", "p"} {
		fmt.Fprintf(&wide, "{name: %c, dag: {tasks: [", "abc"[level])
		for i := range 40 {
			fmt.Fprintf(&wide, "{name: t%d, template: %s}, ", i, next)
		}
		wide.WriteString("]}}, ")
	}
	cases{
		"many items":      {in: `{name: a, dag: {tasks: [{name: x, template: p, withSequence: {count: 20000}}]}}`},
		"too many":        {in: `{name: a, dag: {tasks: [{name: x, template: p, withSequence: {count: 24000}}]}}`, want: []string{".templates[0].dag.tasks[0].withSequence"}},
		"from and to":     {in: `{name: a, dag: {tasks: [{name: x, template: p, withSequence: {start: "30000", end: 0}}]}}`, want: []string{".templates[0].dag.tasks[0].withSequence"}},
		"not so many":     {in: `{name: a, dag: {tasks: [{name: x, template: p, withSequence: {start: 20000, end: "30000"}}]}}`},
		"half unknown":    {in: `{name: a, dag: {tasks: [{name: x, template: p, withSequence: {start: "{{n}}", end: 90000}}]}}`},
		"no end":          {in: `{name: a, dag: {tasks: [{name: x, template: p, withSequence: {start: 90000}}]}}`},
		"wide, no loop":   {in: strings.TrimSuffix(wide.String(), ", "), want: []string{".templates[2].dag.tasks[0]"}},
		"unknown":         {in: `{name: a, dag: {tasks: [{name: x, template: p, withSequence: {count: "{{n}}"}}, {name: z, template: p, withParam: "{{n}}"}]}}`},
		"nested":          {in: `{name: a, dag: {tasks: [{name: w, template: p}, {name: x, template: b, withSequence: {count: 200}}]}}, {name: b, steps: [[{name: z, template: p, withSequence: {count: 200}}]]}`, want: []string{".templates[0].dag.tasks[1].withSequence"}},
		"below":           {in: `{name: a, dag: {tasks: [{name: x, template: b}]}}, {name: b, steps: [[{name: w, template: p}], [{name: z, template: p, withSequence: {count: 24000}}]]}`, want: []string{".templates[1].steps[1][0].withSequence"}},
		"a list":          {in: `{name: a, dag: {tasks: [{name: x, template: b, withItems: [1, 2, 3]}]}}, {name: b, dag: {tasks: [{name: z, template: p, withSequence: {count: 8000}}]}}`, want: []string{".templates[0].dag.tasks[0].withItems"}},
		"a parameter":     {in: `{name: a, dag: {tasks: [{name: x, template: b, withParam: "[1, 2, 3]"}]}}, {name: b, dag: {tasks: [{name: z, template: p, withSequence: {count: 8000}}]}}`, want: []string{".templates[0].dag.tasks[0].withParam"}},
		"a condition":     {in: `{name: a, dag: {tasks: [{name: x, template: b, when: "false", withItems: [1, 2, 3]}]}}, {name: b, dag: {tasks: [{name: z, template: p, withSequence: {count: 8000}}]}}`},
		"inline":          {in: `{name: a, dag: {tasks: [{name: x, inline: {steps: [[{name: z, template: p, withSequence: {count: 24000}}]]}}]}}`, want: []string{".templates[0].dag.tasks[0].inline.steps[0][0].withSequence"}},
		"tries":           {in: `{name: a, dag: {tasks: [{name: x, template: r, withSequence: {count: 12000}}]}}, {name: r, retryStrategy: {limit: 1}, container: {image: x}}`, want: []string{".templates[0].dag.tasks[0].withSequence"}},
		"a set":           {in: `{name: a, dag: {tasks: [{name: x, template: r, withSequence: {count: 12000}}]}}, {name: r, containerSet: {containers: [{name: main, image: x}]}}`, want: []string{".templates[0].dag.tasks[0].withSequence"}},
		"recursive":       {in: `{name: a, dag: {tasks: [{name: x, template: a, withItems: [1, 2]}]}}`},
		"two in a circle": {in: `{name: a, steps: [[{name: x, template: b}]]}, {name: b, steps: [[{name: x, template: a}]]}`},
		"of no use":       {in: `{name: a, container: {image: x}}, {name: b, steps: [[{name: z, template: p, withSequence: {count: 24000}}]]}`},
		"without end":     {in: `{name: a, steps: [[{name: x, template: b, withSequence: {count: 1000000000}}]]}, {name: b, steps: [[{name: x, template: c, withSequence: {count: 1000000000}}]]}, {name: c, steps: [[{name: x, template: p, withSequence: {count: 1000000000}}]]}`, want: []string{".templates[0].steps[0][0].withSequence"}},
	}.run(t, argo.RuleSize, "spec", func(text string) string {
		return ofSpec("entrypoint: a\ntemplates: [" + text + ", {name: p, container: {image: x}}]")
	})
}

// TestNodesElsewhere: templates of other objects count too.
func TestNodesElsewhere(t *testing.T) {
	other := decode(t, `{kind: WorkflowTemplate, spec: {entrypoint: b, templates: [{name: b, steps: [[{name: z, template: p, withSequence: {count: 24000}}]]}, {name: p, container: {image: x}}]}}`)
	for text, path := range map[string]string{
		`{kind: Workflow, metadata: {namespace: etl}, spec: {entrypoint: a, templates: [{name: a, dag: {tasks: [{name: x, templateRef: {name: o, template: b}}]}}]}}`: "spec.templates[0].dag.tasks[0]",
		`{kind: Workflow, metadata: {namespace: etl}, spec: {workflowTemplateRef: {name: o}}}`:                                                                        "spec.workflowTemplateRef",
		`{kind: Workflow, metadata: {namespace: etl}, spec: {workflowTemplateRef: {name: o, clusterScope: true}}}`:                                                    "spec.workflowTemplateRef",
	} {
		w := decode(t, text)
		if got := found(t, w); got != nil {
			t.Errorf("without the other: %+v", got)
		}
		w.Templates = func(kind schema.GroupKind, namespace, name string) (*wfv1.WorkflowSpec, bool) {
			there := kind.String() == "WorkflowTemplate.argoproj.io" && namespace == "etl" || kind.String() == "ClusterWorkflowTemplate.argoproj.io" && namespace == ""
			return other.Spec, there && name == "o"
		}
		if got := found(t, w); len(got) != 1 || got[0].Rule != argo.RuleSize || got[0].Path != path {
			t.Errorf("want %s, got %+v", path, got)
		}
	}
}

// many is a workflow of n tasks, each with a template of its own.
func many(n int) argo.Workflow {
	spec := &wfv1.WorkflowSpec{Entrypoint: "main", Volumes: []corev1.Volume{{Name: "v"}}}
	dag := &wfv1.DAGTemplate{}
	for i := range n {
		name := fmt.Sprintf("task-%d", i)
		dag.Tasks = append(dag.Tasks, wfv1.DAGTask{Name: name, Template: name, Arguments: wfv1.Arguments{Parameters: []wfv1.Parameter{{Name: "p", Value: wfv1.AnyStringPtr(i)}}}})
		t := wfv1.Template{Name: name, Inputs: wfv1.Inputs{Parameters: []wfv1.Parameter{{Name: "p"}}}, RetryStrategy: &wfv1.RetryStrategy{
			Limit: new(intstr.FromInt32(2)), RetryPolicy: wfv1.RetryPolicyAlways, Backoff: &wfv1.Backoff{Duration: "30s", Cap: "5m"}}}
		if i%2 == 0 {
			t.Container = &corev1.Container{Image: "x", Command: []string{"run"}, VolumeMounts: []corev1.VolumeMount{{Name: "v", MountPath: "/v"}}}
		} else {
			t.Resource = &wfv1.ResourceTemplate{Action: "apply", SuccessCondition: "status.phase == Done",
				FailureCondition: "status.phase in (Failed, Error)", Manifest: `{"apiVersion": "a/v1", "kind": "B", "metadata": {"name": "{{workflow.name}}"}}`}
		}
		spec.Templates = append(spec.Templates, t)
	}
	spec.Templates = append(spec.Templates, wfv1.Template{Name: "main", DAG: dag})
	return argo.Workflow{Kind: "Workflow", Name: "a", Path: "spec", Spec: spec}
}

func BenchmarkValues(b *testing.B) {
	for _, n := range []int{100, 1000, 2000} {
		w := many(n)
		if got := argo.Check(w); len(got) != 0 {
			b.Fatalf("%+v", got[0])
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				argo.Check(w)
			}
		})
	}
}
