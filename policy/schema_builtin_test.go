package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

const builtins = `apiVersion: apps/v1
kind: Deployment
metadata: {name: Web, namespace: data}
spec:
  replicas: two
  template:
    spec:
      containers:
      - name: web
        imagePullPolcy: Always
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: data}
spec:
  ports:
  - port: 80
    nodePort: 30000
  - {name: b, port: 80}
---
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: web, namespace: data}
spec: {minAvailable: 1, selecter: {}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: "etl:driver", namespace: data}
roleRef: {kind: Rolle, name: driver}
subjects: [{kind: ServiceAccount, name: etl}]
`

// Objects of Kubernetes' own kinds are held to what the API server would say,
// and findings have the line.
func TestSchemaOfBuiltinKinds(t *testing.T) {
	b, err := millrace.LoadReader("x.yaml", strings.NewReader(builtins))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"x.yaml:3 metadata.name schema/metadata",
		"x.yaml:5 spec.replicas schema/type",
		"x.yaml:10 spec.template.spec.containers[0].imagePullPolcy schema/unknown-field",
		"x.yaml:21 apiVersion schema/removed",
		"x.yaml:29 roleRef.kind schema/enum",
		"x.yaml:17 spec.ports[0].name schema/required",
		"x.yaml:18 spec.ports[0].nodePort schema/forbidden",
		"x.yaml:19 spec.ports[1] schema/duplicate",
	}
	if diff := cmp.Diff(want, places(policy.Schema().Check(b))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	production := strings.Join(places(policy.Production().Check(b)), "\n")
	for _, place := range want {
		if !strings.Contains(production, place) {
			t.Errorf("not in Production: %s", place)
		}
	}
}

// places writes where findings are, and their rules.
func places(r *policy.Report) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Rule != policy.RuleUnchecked { // of the same field
			out = append(out, strings.Join([]string{millrace.Position{File: f.File, Line: f.Line}.String(), f.Field, f.Rule}, " "))
		}
	}
	return out
}

// Structs made in Go are checked as well.
func TestSchemaOfStructs(t *testing.T) {
	b := build(t, millrace.Parts{Objects: []millrace.Object{&corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "data"},
		Spec:       corev1.ServiceSpec{Ports: []corev1.ServicePort{{Port: 70000}}},
	}}})
	want := []string{
		"Service data/web|spec.ports[0].port|schema/invalid",
		"Service data/web|spec.ports[0].targetPort|schema/invalid",
	}
	if diff := cmp.Diff(want, lines(policy.Schema().Check(b))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// What a workflow has yet to fill in is not judged, nor what depends on it;
// the rest is.
func TestSchemaOfUnfilledManifests(t *testing.T) {
	const head = `
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: t, namespace: data}
spec:
  templates:
  - name: a
    resource:
      action: create
      manifest: |
`
	for _, test := range []struct{ name, manifest, want string }{
		{"a name", `
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{workflow.name}}-x", labels: {run: "{{workflow.name}}"}}
spec:
  selector: {matchLabels: {run: "{{workflow.name}}"}}
  template: {metadata: {labels: {run: "{{workflow.name}}"}}, spec: {containers: [{name: a, image: "x:{{inputs.parameters.tag}}"}]}}
`, ""},
		{"a number", `
apiVersion: apps/v1
kind: Deployment
metadata: {name: x}
spec:
  replicas: "{{inputs.parameters.replicas}}"
  selector: {matchLabels: {run: a}}
  template: {metadata: {labels: {run: a}}, spec: {containers: [{name: a, image: x}]}}
`, ""},
		{"a number beside a mistake", `
apiVersion: apps/v1
kind: Deployment
metadata: {name: x}
spec:
  replicas: "{{inputs.parameters.replicas}}"
  selecter: {matchLabels: {run: a}}
`, "spec.selecter schema/unknown-field"},
		{"values that rules look at", `
apiVersion: v1
kind: Service
metadata: {name: "{{workflow.name}}"}
spec:
  type: "{{inputs.parameters.type}}"
  selector: {"{{inputs.parameters.key}}": "{{inputs.parameters.value}}"}
  ports: [{port: 80, targetPort: "{{inputs.parameters.port}}"}]
`, ""},
		{"a mistake beside them", `
apiVersion: v1
kind: Service
metadata: {name: "{{workflow.name}}"}
spec:
  selector: {app: "{{inputs.parameters.value}}"}
  ports: [{port: 0, targetPort: "{{inputs.parameters.port}}"}]
`, "spec.ports[0].port schema/invalid"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := head + strings.ReplaceAll(test.manifest, "\n", "\n        ")
			b, err := millrace.LoadReader("x.yaml", strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range policy.Schema().Check(b).Findings {
				got = append(got, strings.TrimPrefix(f.Field, "spec.templates[0].resource.manifest.")+" "+f.Rule)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
