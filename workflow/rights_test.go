package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	sigsyaml "sigs.k8s.io/yaml"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// lines writes rights one a line, and what is unknown after them.
func lines(o millrace.Object, templates ...millrace.Object) []string {
	rights, unknown := workflow.Rights(o, templates...)
	out := []string{}
	for _, r := range rights {
		where := r.Namespace
		if r.ClusterWide {
			where = "*"
		}
		line := fmt.Sprintf("%s@%s %s", r.Account, where, strings.Trim(r.Resource+"."+r.Group, "."))
		if len(r.Names) > 0 {
			line += fmt.Sprint(r.Names)
		}
		line += ": " + strings.Join(r.Verbs, " ")
		if r.Enforced {
			line += " (enforced)"
		}
		out = append(out, line)
	}
	for _, u := range unknown {
		out = append(out, fmt.Sprintf("? %s %s: %s", u.Account, u.Field, u.Detail))
	}
	return out
}

// hand reads templates of a hand-written workflow with the account a in ns.
func hand(t *testing.T, templates string) *wfv1.Workflow {
	t.Helper()
	w := &wfv1.Workflow{TypeMeta: metav1.TypeMeta{APIVersion: "argoproj.io/v1alpha1", Kind: "Workflow"}, ObjectMeta: metav1.ObjectMeta{Name: "w", Namespace: "ns"}}
	w.Spec.Entrypoint, w.Spec.ServiceAccountName = "x", "a"
	if err := sigsyaml.UnmarshalStrict([]byte(templates), &w.Spec.Templates); err != nil {
		t.Fatal(err)
	}
	for i := range w.Spec.Templates {
		if w.Spec.Templates[i].Name == "" {
			w.Spec.Templates[i].Name = fmt.Sprint("t", i)
		}
	}
	return w
}

const reportsResults = "a@ns workflowtaskresults.argoproj.io: create patch"

// TestRightsOfTemplate: what doc.go lists, and no more.
func TestRightsOfTemplate(t *testing.T) {
	w, err := daily().WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"argo-workflow-sa@data-platform workflowtaskresults.argoproj.io: create patch",
		"argo-workflow-sa@data-platform sparkapplications.sparkoperator.k8s.io: create delete get list patch",
	}
	if diff := cmp.Diff(want, lines(w)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestRightsOfResources: what kubectl and the executor ask for, by action.
func TestRightsOfResources(t *testing.T) {
	const job = `manifest: "{apiVersion: batch/v1, kind: Job, metadata: {name: x}}"`
	for name, tc := range map[string]struct {
		resource string
		want     string
	}{
		"create":           {`{action: create, ` + job + `}`, "a@ns jobs.batch: create"},
		"create and wait":  {`{action: create, successCondition: a == b, ` + job + `}`, "a@ns jobs.batch: create get"},
		"create, may fail": {`{action: create, failureCondition: a == b, ` + job + `}`, "a@ns jobs.batch: create get"},
		"apply":            {`{action: apply, ` + job + `}`, "a@ns jobs.batch: create get patch"},
		"replace":          {`{action: replace, ` + job + `}`, "a@ns jobs.batch: get update"},
		"replace by force": {`{action: replace, flags: [--force], ` + job + `}`, "a@ns jobs.batch: create delete get"},
		"patch":            {`{action: patch, ` + job + `}`, "a@ns jobs.batch: patch"},
		"patch by name":    {`{action: patch, flags: [job, x], manifest: "spec: {suspend: true}"}`, "a@ns jobs.batch: get patch"},
		"patch by JSON":    {`{action: patch, mergeStrategy: json, flags: [pod/x], manifest: "[{op: remove, path: /a}]"}`, "a@ns pods: get patch"},
		"get":              {`{action: get, ` + job + `}`, "a@ns jobs.batch: get"},
		"get by name":      {`{action: get, flags: [jobs.batch, x]}`, "a@ns jobs.batch: get"},
		"get all":          {`{action: get, flags: [jobs.v1.batch]}`, "a@ns jobs.batch: list"},
		"delete":           {`{action: delete, ` + job + `}`, "a@ns jobs.batch: delete get list watch"},
		"delete at once":   {`{action: delete, flags: [--wait=false], ` + job + `}`, "a@ns jobs.batch: delete"},
		"delete by label":  {`{action: delete, flags: [SparkApplication.v1beta2.sparkoperator.k8s.io, -l, a=b, --wait=false]}`, "a@ns sparkapplications.sparkoperator.k8s.io: delete list"},
		"a core kind":      {`{action: delete, flags: [ConfigMap.v1., x, --wait=false]}`, "a@ns configmaps: delete"},
		"a core plural":    {`{action: get, flags: [pods.v1, x]}`, "a@ns pods: get"},
		"a singular":       {`{action: get, flags: [kafka.kafka.strimzi.io, x]}`, "a@ns kafkas.kafka.strimzi.io: get"},
		"in the namespace": {`{action: get, flags: [po, x, --namespace, "{{workflow.namespace}}"]}`, "a@ns pods: get"},
		"elsewhere":        {`{action: get, flags: [-n, other, po, x]}`, "a@other pods: get"},
		"everywhere":       {`{action: get, flags: [po, -A]}`, "a@* pods: list"},
		"manifest says so": {`{action: create, manifest: "{apiVersion: v1, kind: Pod, metadata: {namespace: other}}"}`, "a@other pods: create"},
		"the run's own":    {`{action: create, manifest: "{apiVersion: v1, kind: Pod, metadata: {namespace: '{{workflow.namespace}}'}}"}`, "a@ns pods: create"},
		"of the cluster":   {`{action: create, manifest: "{apiVersion: karpenter.sh/v1, kind: NodePool, metadata: {name: x}}"}`, "a@* nodepools.karpenter.sh: create"},
		"no known kind":    {`{action: create, manifest: "{{inputs.parameters.m}}"}`, "? a spec.templates[0].resource: the kind of its object is known only when it runs"},
		"kind of a value":  {`{action: create, manifest: "{apiVersion: v1, kind: '{{x}}'}"}`, "? a spec.templates[0].resource: the kind of its object is known only when it runs"},
		"place of a value": {`{action: create, manifest: "{apiVersion: v1, kind: Pod, metadata: {namespace: '{{x}}'}}"}`, "? a spec.templates[0].resource: the namespace of its object is known only when it runs"},
		"flags of a value": {`{action: get, flags: ["-n={{x}}", po]}`, "? a spec.templates[0].resource.flags: the namespace is known only when it runs"},
		"flags name none":  {`{action: get, flags: ["{{x}}"]}`, "? a spec.templates[0].resource: the resource in its flags is known only when it runs"},
		"an unknown name":  {`{action: get, flags: [widgets]}`, `? a spec.templates[0].resource: the group of "widgets" in its flags is not said`},
		"a list":           {`{action: apply, manifest: "{apiVersion: v1, kind: List}"}`, "? a spec.templates[0].resource: its manifest is a list"},
		"an artifact":      {`{action: apply, manifestFrom: {artifact: {name: m}}}`, "? a spec.templates[0].resource: its manifest is an artifact"},
		"an unread one":    {`{action: apply, manifest: "a: [b"}`, "? a spec.templates[0].resource: its manifest can't be read: "},
	} {
		t.Run(name, func(t *testing.T) {
			got := lines(hand(t, "[{resource: "+tc.resource+"}]"))
			for i, line := range got {
				if strings.HasPrefix(line, tc.want) && strings.HasSuffix(tc.want, ": ") {
					got[i] = tc.want
				}
			}
			want := []string{reportsResults, tc.want}
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestRightsOfOthers: everything but resource templates.
func TestRightsOfOthers(t *testing.T) {
	for name, tc := range map[string]struct {
		templates string
		make      func(*wfv1.WorkflowSpec)
		want      []string
	}{
		"a container":   {templates: "[{container: {image: x}}, {script: {image: x, source: x}}]", want: []string{reportsResults}},
		"no pod":        {templates: "[{suspend: {}}, {steps: []}]", want: []string{}},
		"an inline one": {templates: "[{dag: {tasks: [{name: b, inline: {container: {image: x}}}]}}]", want: []string{reportsResults}},
		"accounts of templates": {templates: "[{container: {image: x}, serviceAccountName: b}, {container: {image: x}, executor: {serviceAccountName: c}, serviceAccountName: b}]",
			want: []string{"b@ns workflowtaskresults.argoproj.io: create patch", "c@ns workflowtaskresults.argoproj.io: create patch"}},
		"account of the executor": {templates: "[{container: {image: x}, serviceAccountName: b}]",
			make: func(s *wfv1.WorkflowSpec) { s.Executor = &wfv1.ExecutorConfig{ServiceAccountName: "c"} },
			want: []string{"c@ns workflowtaskresults.argoproj.io: create patch"}},
		"account of the defaults": {templates: "[{container: {image: x}}]",
			make: func(s *wfv1.WorkflowSpec) { s.TemplateDefaults = &wfv1.Template{ServiceAccountName: "c"} },
			want: []string{"c@ns workflowtaskresults.argoproj.io: create patch"}},
		"no account": {templates: "[{container: {image: x}}]",
			make: func(s *wfv1.WorkflowSpec) { s.ServiceAccountName = "" },
			want: []string{"default@ns workflowtaskresults.argoproj.io: create patch"}},
		"the agent": {templates: "[{http: {url: x, headers: [{name: h, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: i, value: j}]}, serviceAccountName: b}, {plugin: {p: {}}}]",
			want: []string{"a@ns secrets[s]: get", "a@ns workflowtasksets.argoproj.io: list watch", "a@ns workflowtasksets/status.argoproj.io: patch"}},
		"a header of a value": {templates: "[{http: {url: x, headers: [{name: h, valueFrom: {secretKeyRef: {name: '{{x}}', key: k}}}]}}]",
			want: []string{"a@ns workflowtasksets.argoproj.io: list watch", "a@ns workflowtasksets/status.argoproj.io: patch",
				"? a spec.templates[0].http.headers[0].valueFrom.secretKeyRef: its name is known only when it runs"}},
		"Kerberos": {templates: "[{container: {image: x}, inputs: {artifacts: [{name: b, path: /b, hdfs: {path: /b, krbConfigConfigMap: {name: krb5, key: k}}}]}}]",
			want: []string{"a@ns configmaps[krb5]: get", reportsResults}},
		"artifacts that go": {templates: "[{container: {image: x}, outputs: {artifacts: [{name: b, path: /b}, {name: c, path: /c, artifactGC: {serviceAccountName: d}}, {name: e, path: /e, artifactGC: {strategy: Never, serviceAccountName: f}}]}}]",
			make: func(s *wfv1.WorkflowSpec) {
				s.ArtifactGC = &wfv1.WorkflowLevelArtifactGC{ArtifactGC: wfv1.ArtifactGC{Strategy: wfv1.ArtifactGCOnWorkflowDeletion, ServiceAccountName: "c"}}
			},
			want: []string{reportsResults,
				"c@ns workflowartifactgctasks.argoproj.io: list watch", "c@ns workflowartifactgctasks/status.argoproj.io: patch",
				"d@ns workflowartifactgctasks.argoproj.io: list watch", "d@ns workflowartifactgctasks/status.argoproj.io: patch"}},
		"one artifact that goes": {templates: "[{container: {image: x}, outputs: {artifacts: [{name: b, path: /b, artifactGC: {strategy: OnWorkflowCompletion}}]}}]",
			want: []string{reportsResults, "default@ns workflowartifactgctasks.argoproj.io: list watch", "default@ns workflowartifactgctasks/status.argoproj.io: patch"}},
		"an owner": {templates: "[{resource: {action: create, setOwnerReference: true, manifest: '{apiVersion: v1, kind: Pod}'}}]",
			want: []string{"a@ns pods: create", "a@ns workflows/finalizers.argoproj.io: update (enforced)", reportsResults}},
		"an owner that waits": {templates: "[{resource: {action: create, manifest: '{apiVersion: v1, kind: Pod, metadata: {ownerReferences: [{apiVersion: apps/v1, kind: Deployment, blockOwnerDeletion: true}, {apiVersion: v1, kind: Node}]}}'}}]",
			want: []string{"a@ns pods: create", "a@ns deployments/finalizers.apps: update (enforced)", reportsResults}},
		"outputs": {templates: "[{resource: {action: create, manifest: '{apiVersion: v1, kind: Pod}'}, outputs: {parameters: [{name: b, valueFrom: {jsonPath: x}}]}}]",
			want: []string{"a@ns pods: create get", reportsResults}},
		"actions together": {templates: "[{resource: {action: create, manifest: '{apiVersion: v1, kind: Pod}'}}, {resource: {action: delete, flags: [pods, x, --wait=false]}}]",
			want: []string{"a@ns pods: create delete", reportsResults}},
		"only a reference": {templates: "[{container: {image: x}}]",
			make: func(s *wfv1.WorkflowSpec) { s.WorkflowTemplateRef = &wfv1.WorkflowTemplateRef{Name: "x"} }, want: []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			w := hand(t, tc.templates)
			if tc.make != nil {
				tc.make(&w.Spec)
			}
			if diff := cmp.Diff(tc.want, lines(w)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	if got := lines(&corev1.Pod{}); len(got) > 0 {
		t.Errorf("a Pod needs %v", got)
	}
}

// TestRightsOfReferences: what a template of another object does, it does with
// the account of the run, and so does what it calls in its turn.
func TestRightsOfReferences(t *testing.T) {
	other := &wfv1.WorkflowTemplate{ObjectMeta: metav1.ObjectMeta{Name: "other", Namespace: "ns"}}
	other.Spec = hand(t, `
- {name: called, steps: [[{name: b, template: next}, {name: c, template: called}]]}
- {name: next, resource: {action: create, manifest: '{apiVersion: v1, kind: Pod}'}}
- {name: not-called, resource: {action: create, manifest: '{apiVersion: v1, kind: Secret}'}}
`).Spec
	other.Spec.ServiceAccountName = "unused"
	everywhere := &wfv1.ClusterWorkflowTemplate{ObjectMeta: metav1.ObjectMeta{Name: "other"}, Spec: hand(t, "[{name: called, container: {image: x}, serviceAccountName: its-own}]").Spec}
	elsewhere := other.DeepCopy()
	elsewhere.Namespace = "elsewhere"
	w := hand(t, "[{dag: {tasks: [{name: b, templateRef: {name: other, template: called}}]}}]")
	if diff := cmp.Diff([]string{"a@ns pods: create", reportsResults}, lines(w, elsewhere, everywhere, other)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	missing := []string{`? a spec.templates[0].dag.tasks[0].templateRef: the template "other" is not here`}
	if diff := cmp.Diff(missing, lines(w, elsewhere, everywhere)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	w = hand(t, "[{steps: [[{name: b, template: x, hooks: {exit: {templateRef: {name: other, template: called, clusterScope: true}}}}]]}]")
	w.Spec.Hooks = wfv1.LifecycleHooks{"exit": {TemplateRef: &wfv1.TemplateRef{Name: "other", Template: "next"}}}
	want := []string{"a@ns pods: create", reportsResults, "its-own@ns workflowtaskresults.argoproj.io: create patch"}
	if diff := cmp.Diff(want, lines(w, other, everywhere)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestPlurals: the kinds for which a guess is most likely to go wrong.
func TestPlurals(t *testing.T) {
	for kind, want := range map[string]string{
		"Ingress": "ingresses", "NetworkPolicy": "networkpolicies", "Endpoints": "endpoints", "Gateway": "gateways",
		"KafkaMirrorMaker2": "kafkamirrormaker2s", "KafkaConnect": "kafkaconnects", "Prometheus": "prometheuses", "Mailbox": "mailboxes",
		"Patch": "patches", "PriorityClass": "priorityclasses", "ScheduledSparkApplication": "scheduledsparkapplications",
	} {
		got := lines(hand(t, "[{resource: {action: create, manifest: '{apiVersion: example.com/v1, kind: "+kind+"}'}}]"))
		if !slices.Contains(got, "a@ns "+want+".example.com: create") {
			t.Errorf("%s: %v", kind, got)
		}
	}
}
