package millracetest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/util/jsonpath"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/millrace/millrace/millracetest"
)

// print prints an object by a template of jsonpath; what is missing is empty.
func printed(t testing.TB, u *unstructured.Unstructured, template string) string {
	t.Helper()
	if u == nil {
		return "nothing"
	}
	p := jsonpath.New("test").AllowMissingKeys(true)
	if err := p.Parse(template); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := p.Execute(&b, u.Object); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// summary lists a workflow's nodes: name, type, phase and message.
func summary(u *unstructured.Unstructured) map[string]string {
	out := make(map[string]string)
	nodes, _, _ := unstructured.NestedMap(u.Object, "status", "nodes")
	for _, n := range nodes {
		n := n.(map[string]any)
		line := n["type"].(string) + " " + n["phase"].(string)
		if m, ok := n["message"].(string); ok {
			line += ": " + m
		}
		out[n["name"].(string)] = line
	}
	return out
}

// runWorkflow runs a workflow to its end.
func runWorkflow(t *testing.T, spec string, fails map[string]string) (*millracetest.Cluster, *unstructured.Unstructured) {
	t.Helper()
	c := millracetest.NewCluster(t)
	for name, message := range fails {
		c.Fail(name, message)
	}
	u := object(t, "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: w, namespace: data, labels: {team: etl}}\nspec:\n"+spec)
	must(t, c.Kubernetes().Create(t.Context(), u))
	c.Settle()
	return c, c.Object(workflowKind, "data", "w")
}

func TestWorkflows(t *testing.T) {
	const pods = `
  - {name: a, container: {image: x}}
  - {name: b, container: {image: x}}
  - {name: c, script: {image: x, source: "true"}}
`
	for name, test := range map[string]struct {
		spec  string
		fails map[string]string
		phase string
		nodes map[string]string
	}{
		"a pod": {`  {entrypoint: a, templates: [{name: a, container: {image: x}}]}`, nil, "Succeeded", map[string]string{"w": "Pod Succeeded"}},
		"a pod that fails": {`  {entrypoint: a, templates: [{name: a, container: {image: x}}]}`, map[string]string{"w": "exit 1"}, "Failed: exit 1",
			map[string]string{"w": "Pod Failed: exit 1"}},
		"no entrypoint":      {`  {entrypoint: z, templates: [{name: a, container: {image: x}}]}`, nil, `Failed: invalid spec: spec.entrypoint: there is no template "z"`, map[string]string{}},
		"nothing to run":     {`  {entrypoint: a, templates: [{name: a}]}`, nil, `Error: template "a" has nothing to run`, map[string]string{"w": `Pod Error: template "a" has nothing to run`}},
		"a missing argument": {`  {entrypoint: a, arguments: {parameters: [{name: date}]}, templates: [{name: a, container: {image: x}}]}`, nil, "Failed: invalid spec: spec.arguments.date.value is required", map[string]string{}},
		"a missing template": {`  {workflowTemplateRef: {name: none}}`, nil, `Failed: invalid spec: workflowtemplates.argoproj.io "none" not found`, map[string]string{}},
		"a field that is not simulated": {`  {entrypoint: a, templates: [{name: a, memoize: {key: x}, container: {image: x}}]}`, nil,
			"Failed: invalid spec: millracetest does not simulate spec.templates[0].memoize", map[string]string{}},
		"a hook that is not simulated": {`  {entrypoint: a, hooks: {running: {template: a, expression: "true"}}, templates: [{name: a, container: {image: x}}]}`, nil,
			"Failed: invalid spec: millracetest does not simulate the hook spec.hooks.running: only exit", map[string]string{}},
		"a DAG": {`
  entrypoint: main
  templates:` + pods + `
  - name: main
    dag:
      tasks:
      - {name: one, template: a}
      - {name: two-b, template: b, depends: one.Succeeded}
      - {name: three, template: c, dependencies: [one, two-b]}
      - {name: rescue, template: a, depends: one.Failed || two-b.Failed}
`, map[string]string{}, "Succeeded", map[string]string{"w": "DAG Succeeded", "w.one": "Pod Succeeded", "w.two-b": "Pod Succeeded", "w.three": "Pod Succeeded",
			"w.rescue": "Skipped Omitted: omitted: depends condition not met"}},
		"a DAG that fails": {`
  entrypoint: main
  templates:` + pods + `
  - name: main
    dag:
      tasks:
      - {name: one, template: a}
      - {name: two, template: b, depends: one}
`, map[string]string{"one": "no"}, "Failed", map[string]string{"w": "DAG Failed", "w.one": "Pod Failed: no", "w.two": "Skipped Omitted: omitted: depends condition not met"}},
		"a DAG that is rescued": {`
  entrypoint: main
  templates:` + pods + `
  - name: main
    dag:
      tasks:
      - {name: one, template: a}
      - {name: rescue, template: b, depends: one.Failed}
`, map[string]string{"one": "no"}, "Succeeded", map[string]string{"w": "DAG Succeeded", "w.one": "Pod Failed: no", "w.rescue": "Pod Succeeded"}},
		"a bad depends": {`
  entrypoint: main
  templates:` + pods + `
  - name: main
    dag: {tasks: [{name: one, template: a, depends: nobody.Succeeded}]}
`, nil, `Error: invalid depends of task one: there is no task "nobody" to wait for`, map[string]string{"w": `DAG Error: invalid depends of task one: there is no task "nobody" to wait for`}},
		"a bad result": {`
  entrypoint: main
  templates:` + pods + `
  - name: main
    dag: {tasks: [{name: one, template: a}, {name: two, template: a, depends: one.Done}]}
`, nil, `Error: invalid depends of task two: "Done" is no result of a task`, map[string]string{"w": `DAG Error: invalid depends of task two: "Done" is no result of a task`}},
		"a missing task template": {`
  entrypoint: main
  templates:
  - name: main
    dag: {tasks: [{name: one, template: nowhere}]}
`, nil, "Error", map[string]string{"w": "DAG Error", "w.one": `Skipped Error: template "nowhere" not found`}},
		"when": {`
  entrypoint: main
  arguments: {parameters: [{name: day, value: sunday}]}
  templates:` + pods + `
  - name: main
    dag:
      tasks:
      - {name: one, template: a, when: "{{workflow.parameters.day}} == sunday"}
      - {name: two, template: b, when: "'{{workflow.parameters.day}}' != 'sunday'"}
      - {name: three, template: c, when: "{{=workflow.parameters.day == 'sunday'}}"}
      - {name: four, template: c, when: "{{workflow.parameters.day}} =~ x"}
`, nil, "Error", map[string]string{"w": "DAG Error", "w.one": "Pod Succeeded", "w.two": "Skipped Skipped: when ''sunday' != 'sunday'' evaluated false",
			"w.three": "Pod Succeeded", "w.four": `Skipped Error: millracetest does not simulate the when clause "sunday =~ x": only a comparison of two words`}},
		"steps": {`
  entrypoint: main
  templates:` + pods + `
  - name: main
    steps:
    - - {name: one, template: a}
      - {name: two, template: b}
    - - {name: three, template: c}
`, nil, "Succeeded", map[string]string{"w": "Steps Succeeded", "w[0]": "StepGroup Succeeded", "w[1]": "StepGroup Succeeded",
			"w[0].one": "Pod Succeeded", "w[0].two": "Pod Succeeded", "w[1].three": "Pod Succeeded"}},
		"items": {`
  entrypoint: main
  templates:
  - {name: a, inputs: {parameters: [{name: country}]}, container: {image: x}}
  - name: main
    dag:
      tasks:
      - {name: each, template: a, withItems: [de, fr], arguments: {parameters: [{name: country, value: "{{item}}"}]}}
      - {name: both, template: a, depends: each, withParam: '[{"c": "de"}]', arguments: {parameters: [{name: country, value: "{{item.c}}"}]}}
`, map[string]string{}, "Succeeded", map[string]string{"w": "DAG Succeeded", "w.each": "TaskGroup Succeeded", "w.each(0:de)": "Pod Succeeded", "w.each(1:fr)": "Pod Succeeded",
			"w.both": "TaskGroup Succeeded", "w.both(0:c:de)": "Pod Succeeded"}},
		"an input that is missing": {`
  entrypoint: main
  templates:
  - {name: a, inputs: {parameters: [{name: country}]}, container: {image: x}}
  - name: main
    dag: {tasks: [{name: one, template: a}]}
`, nil, "Error", map[string]string{"w": "DAG Error", "w.one": "Pod Error: inputs.parameters.country was not supplied"}},
		"a variable that is missing": {`
  entrypoint: main
  templates:
  - {name: a, inputs: {parameters: [{name: country}]}, container: {image: x}}
  - name: main
    dag: {tasks: [{name: one, template: a, arguments: {parameters: [{name: country, value: "{{workflow.parameters.land}}"}]}}]}
`, nil, "Error", map[string]string{"w": "DAG Error", "w.one": "Pod Error: arguments.parameters.country: failed to resolve {{workflow.parameters.land}}"}},
		"retries": {`
  entrypoint: a
  templates:
  - {name: a, retryStrategy: {limit: "2", backoff: {duration: 1m, factor: 2}}, container: {image: x}}
`, map[string]string{"w": "no"}, "Failed: No more retries left", map[string]string{"w": "Retry Failed: No more retries left",
			"w(0)": "Pod Failed: no", "w(1)": "Pod Failed: no", "w(2)": "Pod Failed: no"}},
		"retries on errors only": {`
  entrypoint: a
  templates:
  - {name: a, retryStrategy: {limit: 2, retryPolicy: OnError}, container: {image: x}}
`, map[string]string{"w": "no"}, "Failed: no", map[string]string{"w": "Retry Failed: no", "w(0)": "Pod Failed: no"}},
		"retries by expression": {`
  entrypoint: a
  templates:
  - {name: a, retryStrategy: {limit: 9, expression: 'asInt(retries) < 2 && lastRetry.message contains "no"'}, container: {image: x}}
`, map[string]string{"w": "no"}, "Failed: retryStrategy.expression evaluated to false", map[string]string{
			"w": "Retry Failed: retryStrategy.expression evaluated to false", "w(0)": "Pod Failed: no", "w(1)": "Pod Failed: no", "w(2)": "Pod Failed: no"}},
		"a suspension": {`  {entrypoint: a, templates: [{name: a, suspend: {duration: "3600"}}]}`, nil, "Succeeded", map[string]string{"w": "Suspend Succeeded"}},
		"an exit handler": {`
  entrypoint: a
  onExit: bye
  templates:` + pods + `
  - name: bye
    steps:
    - - {name: cheer, template: b, when: "{{workflow.status}} == Succeeded"}
      - {name: cry, template: c, when: "{{workflow.status}} != Succeeded"}
`, map[string]string{"w": "no"}, "Failed: no", map[string]string{"w": "Pod Failed: no", "w.onExit": "Steps Succeeded", "w.onExit[0]": "StepGroup Succeeded",
			"w.onExit[0].cheer": "Skipped Skipped: when 'Failed == Succeeded' evaluated false", "w.onExit[0].cry": "Pod Succeeded"}},
		"an exit hook that fails": {`
  entrypoint: a
  hooks: {exit: {template: b}}
  templates:` + pods, map[string]string{"w.onExit": "no bye"}, "Failed: no bye", map[string]string{"w": "Pod Succeeded", "w.onExit": "Pod Failed: no bye"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, wf := runWorkflow(t, test.spec, test.fails)
			got := printed(t, wf, "{.status.phase}")
			if m := printed(t, wf, "{.status.message}"); m != "" {
				got += ": " + m
			}
			if !strings.HasPrefix(got, test.phase) || test.nodes != nil && got != test.phase {
				t.Errorf("it is %s, not %s", got, test.phase)
			}
			if test.nodes != nil {
				if diff := cmp.Diff(test.nodes, summary(wf)); diff != "" {
					t.Error(diff)
				}
			}
			if printed(t, wf, `{.metadata.labels['workflows\.argoproj\.io/completed']}`) != "true" || printed(t, wf, "{.status.finishedAt}") == "" {
				t.Errorf("it is not marked as completed: %v", wf.Object["metadata"])
			}
		})
	}
}

// TestResources runs resource templates: what becomes of the object, and of
// the node.
func TestResources(t *testing.T) {
	resource := func(text string) string {
		return "  entrypoint: a\n  serviceAccountName: sa\n  arguments: {parameters: [{name: p, value: 'a \"b\" {{c}}'}]}\n  templates:\n  - name: a\n    resource:\n      " +
			strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n      ") + "\n"
	}
	const object = `manifest: |
  {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "{{workflow.name}}-x"}, "spec": {"text": %}}`
	for name, test := range map[string]struct{ spec, node, want string }{
		"create":          {"action: create\n" + strings.Replace(object, "%", `"v"`, 1), "Pod Succeeded", "v"},
		"toJson":          {"action: create\n" + strings.Replace(object, "%", `{{=replace(toJson("--p=" + workflow.parameters.p), "{", "\\u007b")}}`, 1), "Pod Succeeded", `--p=a "b" {{c}}`},
		"names":           {"action: create\n" + strings.Replace(object, "%", `"{{workflow.namespace}} {{ workflow.serviceAccountName }} {{workflow.labels.team}} {{=workflow.name}} {{pod.name}} {{user.name}}"`, 1), "Pod Succeeded", "data sa etl w w {{user.name}}"},
		"numbers":         {"action: create\n" + strings.Replace(object, "%", `"{{=asInt("3") + 4}} {{=[1,2]}} {{=asFloat("1.5")}}"`, 1), "Pod Succeeded", "7 [1,2] 1.5"},
		"a second pass":   {"action: create\n" + strings.Replace(object, "%", `"{{='{{workflow.'}}name}}"`, 1), "Pod Succeeded", "w"},
		"unknown":         {"action: create\n" + strings.Replace(object, "%", `{{=toJson(workflow.parameters.q)}}`, 1), `Pod Error: failed to evaluate expression "toJson(workflow.parameters.q)": workflow.parameters.q is missing`, ""},
		"sprig":           {"action: create\n" + strings.Replace(object, "%", `"{{=sprig.upper("x")}}"`, 1), `Pod Error: failed to evaluate expression "sprig.upper(\"x\")": sprig.upper is missing`, ""},
		"unresolved":      {"action: create\n" + strings.Replace(object, "%", `"{{inputs.parameters.z}}"`, 1), "Pod Error: failed to resolve {{inputs.parameters.z}}", ""},
		"syntax":          {"action: create\n" + strings.Replace(object, "%", `"{{=1 +}}"`, 1), `Pod Error: failed to evaluate expression "1 +": unexpected token EOF`, ""},
		"injection":       {"action: create\n" + strings.Replace(object, "%", `"{{workflow.parameters.p}}"`, 1), "Pod Failed: Error (exit code 1): the manifest can't be read", ""},
		"no name":         {"action: create\nmanifest: '{apiVersion: v1, kind: ConfigMap}'", "Pod Failed: Error (exit code 1): resource name may not be empty", ""},
		"apply":           {"action: apply\n" + strings.Replace(object, "%", `"v"`, 1), "Pod Succeeded", "v"},
		"get":             {"action: get\n" + strings.Replace(object, "%", `"v"`, 1), `Pod Failed: Error (exit code 1): Error from server (NotFound): Widget "w-x" not found`, ""},
		"delete":          {"action: delete\n" + strings.Replace(object, "%", `"v"`, 1), "Pod Succeeded", ""},
		"patch":           {"action: patch\nmergeStrategy: merge\n" + strings.Replace(object, "%", `"v"`, 1), "Pod Failed: Error (exit code 1): Error from server (NotFound)", ""},
		"unknown action":  {"action: bless\n" + strings.Replace(object, "%", `"v"`, 1), `Pod Error: millracetest does not simulate the action "bless"`, ""},
		"unknown flag":    {"action: apply\nflags: [--bless]\n" + strings.Replace(object, "%", `"v"`, 1), `Pod Error: millracetest does not simulate the flag "--bless"`, ""},
		"known flag":      {"action: apply\nflags: [--server-side]\n" + strings.Replace(object, "%", `"v"`, 1), "Pod Succeeded", "v"},
		"generated name":  {"action: create\nmanifest: '{apiVersion: v1, kind: ConfigMap, metadata: {generateName: x-}}'", "Pod Succeeded", ""},
		"bad condition":   {"action: create\nsuccessCondition: a || b\n" + strings.Replace(object, "%", `"v"`, 1), "Pod Failed: Error (exit code 1): condition 'a || b' failed to parse", ""},
		"met condition":   {"action: create\nsuccessCondition: spec.text == v, metadata.name\n" + strings.Replace(object, "%", `"v"`, 1), "Pod Succeeded", "v"},
		"failure first":   {"action: create\nsuccessCondition: spec.text == v\nfailureCondition: spec.text in (u, v)\n" + strings.Replace(object, "%", `"v"`, 1), "Pod Failed: Error (exit code 1): failure condition '{spec.text in [u v]}' evaluated true", "v"},
		"absent is not v": {"action: create\nsuccessCondition: spec.text == v\nfailureCondition: status.x != v\n" + strings.Replace(object, "%", `"v"`, 1), "Pod Failed: Error (exit code 1): failure condition", "v"},
		"no manifest":     {"action: create", `Pod Error: millracetest does not simulate the action "create" without a manifest`, ""},
		"delete nothing":  {"action: delete\nflags: [widget]", "Pod Failed: Error (exit code 1): resource(s) were provided, but no name was specified", ""},
		"delete by name":  {"action: delete\nflags: [widget, w-x, --wait=false]", "Pod Succeeded", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, wf := runWorkflow(t, resource(test.spec), nil)
			if got := summary(wf)["w"]; !strings.HasPrefix(got, test.node) {
				t.Errorf("the node is %s, not %s", got, test.node)
			}
			live := c.Object(widgetKind, "data", "w-x")
			if test.want != "" {
				if got := printed(t, live, "{.spec.text}"); got != test.want {
					t.Errorf("the object has %q, not %q", got, test.want)
				}
			} else if live != nil {
				t.Errorf("there is %v", live.Object)
			}
		})
	}
}

func TestParallelism(t *testing.T) {
	c := millracetest.NewCluster(t)
	u := object(t, `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: w, namespace: data}
spec:
  entrypoint: main
  parallelism: 2
  templates:
  - {name: a, container: {image: x}}
  - name: main
    dag: {tasks: [{name: t1, template: a}, {name: t2, template: a}, {name: t3, template: a}, {name: t4, template: a}, {name: t5, template: a}]}
`)
	list := new(unstructured.UnstructuredList)
	list.SetAPIVersion("argoproj.io/v1alpha1")
	list.SetKind("WorkflowList")
	w, err := c.Kubernetes().Watch(t.Context(), list)
	must(t, err)
	defer w.Stop()
	must(t, c.Kubernetes().Create(t.Context(), u))
	most := 0
	for e := range w.ResultChan() {
		wf := e.Object.(*unstructured.Unstructured)
		busy := 0
		for name, line := range summary(wf) {
			if name != "w" && (line == "Pod Running" || line == "Pod Pending") {
				busy++
			}
		}
		most = max(most, busy)
		if printed(t, wf, "{.status.phase}") == "Succeeded" {
			break
		}
	}
	if most != 2 {
		t.Errorf("%d pods ran at once", most)
	}
}

// TestOutputs passes what a created object says on to the next task.
func TestOutputs(t *testing.T) {
	c, wf := runWorkflow(t, `
  entrypoint: main
  templates:
  - name: make
    outputs:
      parameters:
      - {name: pod, valueFrom: {jsonPath: "{.status.driverInfo.podName}"}}
    resource:
      action: create
      setOwnerReference: true
      manifest: '{"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication", "metadata": {"name": "{{workflow.name}}-x"}}'
      successCondition: status.applicationState.state == COMPLETED
  - name: use
    inputs: {parameters: [{name: pod}]}
    resource:
      action: create
      manifest: '{"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w-y"}, "spec": {"text": "{{inputs.parameters.pod}} {{=inputs.parameters.pod}}"}}'
  - name: main
    dag:
      tasks:
      - {name: make-it, template: make}
      - {name: use-it, template: use, depends: make-it.Succeeded, arguments: {parameters: [{name: pod, value: "{{tasks.make-it.outputs.parameters.pod}}"}]}}
`, nil)
	if got := printed(t, c.Object(widgetKind, "data", "w-y"), "{.spec.text}"); got != "w-x-driver w-x-driver" {
		t.Errorf("got %s in %v", got, summary(wf))
	}
	app := c.Object(sparkKind, "data", "w-x")
	if owner := app.GetOwnerReferences(); len(owner) != 1 || owner[0].UID != wf.GetUID() {
		t.Errorf("it belongs to %v", owner)
	}
	must(t, c.Kubernetes().Delete(t.Context(), wf))
	c.Settle()
	if c.Object(sparkKind, "data", "w-x") != nil {
		t.Error("it has outlived its owner")
	}
}

// TestRetryCreates shows what deterministic names are good for: a second try
// of a create finds the object of the first.
func TestRetryCreates(t *testing.T) {
	_, wf := runWorkflow(t, `
  entrypoint: a
  templates:
  - name: a
    retryStrategy: {limit: 1}
    resource:
      action: create
      manifest: '{"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication", "metadata": {"name": "x"}}'
      successCondition: status.applicationState.state == COMPLETED
      failureCondition: status.applicationState.state == FAILED
`, map[string]string{"x": millracetest.OOMKilled})
	got := summary(wf)
	if !strings.Contains(got["w(0)"], "failure condition") || !strings.Contains(got["w(1)"], "AlreadyExists") {
		t.Errorf("got %v", got)
	}
}

func TestShutdown(t *testing.T) {
	for _, strategy := range []string{"Stop", "Terminate"} {
		c := millracetest.NewCluster(t)
		u := object(t, `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: w, namespace: data}
spec:
  entrypoint: main
  onExit: bye
  templates:
  - {name: wait, suspend: {}}
  - {name: bye, container: {image: x}}
  - name: main
    dag: {tasks: [{name: t1, template: wait}, {name: t2, template: wait, depends: t1}]}
`)
		must(t, c.Kubernetes().Create(t.Context(), u))
		c.Settle()
		must(t, c.Kubernetes().Patch(t.Context(), c.Object(workflowKind, "data", "w"), client.RawPatch("application/merge-patch+json", []byte(`{"spec": {"shutdown": "`+strategy+`"}}`))))
		c.Settle()
		wf := c.Object(workflowKind, "data", "w")
		if got := printed(t, wf, "{.status.phase}: {.status.message}"); got != "Failed: Stopped with strategy '"+strategy+"'" {
			t.Error(got)
		}
		if _, ran := summary(wf)["w.onExit"]; ran != (strategy == "Stop") {
			t.Errorf("%s: %v", strategy, summary(wf))
		}
	}
}

// TestSuspended resumes a workflow that was submitted asleep.
func TestSuspended(t *testing.T) {
	c, wf := runWorkflow(t, `  {entrypoint: a, suspend: true, templates: [{name: a, container: {image: x}}]}`, nil)
	if got := printed(t, wf, "{.status.phase}"); got != "" {
		t.Errorf("it is %s", got)
	}
	must(t, c.Kubernetes().Patch(t.Context(), wf, client.RawPatch("application/merge-patch+json", []byte(`{"spec": {"suspend": null}}`))))
	c.Settle()
	if got := printed(t, c.Object(workflowKind, "data", "w"), "{.status.phase}"); got != "Succeeded" {
		t.Errorf("it is %s", got)
	}
}

// TestDeletedWhileRunning takes away what a task waits for, and then the
// workflow itself.
func TestDeletedWhileRunning(t *testing.T) {
	c, wf := runWorkflow(t, `
  entrypoint: a
  templates:
  - name: a
    resource:
      action: create
      manifest: '{"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w-x"}}'
      successCondition: status.ready == true
`, nil)
	if got := summary(wf)["w"]; got != "Pod Running" {
		t.Fatalf("it is %s", got)
	}
	must(t, c.Kubernetes().Delete(t.Context(), c.Object(widgetKind, "data", "w-x")))
	c.Settle()
	if got := summary(c.Object(workflowKind, "data", "w"))["w"]; !strings.Contains(got, "has been deleted while its status was still being checked") {
		t.Errorf("it is %s", got)
	}
	must(t, c.Kubernetes().Delete(t.Context(), c.Object(workflowKind, "data", "w")))
	c.Settle()
}

// TestNodesOfTheController holds the nodes against what the real controller
// writes.
func TestNodesOfTheController(t *testing.T) {
	_, wf := runWorkflow(t, `
  entrypoint: main
  templates:
  - {name: a, inputs: {parameters: [{name: p, default: "1"}]}, retryStrategy: {limit: 1}, container: {image: x}}
  - name: main
    dag: {tasks: [{name: t1, template: a}, {name: t2, template: a, depends: t1}]}
`, nil)
	nodes, _, _ := unstructured.NestedMap(wf.Object, "status", "nodes")
	byName := make(map[string]map[string]any)
	for id, n := range nodes {
		n := n.(map[string]any)
		if n["id"] != id || id != "w" && !strings.HasPrefix(id, "w-") {
			t.Errorf("%s has the id %v", id, n["id"])
		}
		byName[n["name"].(string)] = n
	}
	// The id is the hash of the name, as the controller computes it.
	if got := byName["w.t1"]["id"]; got != "w-36060447" {
		t.Errorf("t1 has the id %v", got)
	}
	if diff := cmp.Diff([]any{byName["w.t1"]["id"]}, byName["w"]["children"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{byName["w.t1(0)"]["id"]}, byName["w.t1"]["children"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{byName["w.t2"]["id"]}, byName["w.t1(0)"]["children"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"retried": true}, byName["w.t1(0)"]["nodeFlag"]); diff != "" {
		t.Error(diff)
	}
	if byName["w.t1"]["boundaryID"] != "w" || byName["w.t1(0)"]["templateName"] != "a" {
		t.Errorf("got %v", byName["w.t1(0)"])
	}
}
