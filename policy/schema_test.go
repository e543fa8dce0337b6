package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/workflow"
)

const application = `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata:
  generateName: etl-job-
  namespace: data-platform
spec:
  type: scala
  mode: cluster
  image: company-registry/spark-etl:latest
  driver:
    cores: two
  executor:
    instnces: 8
---
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: t, namespace: data}
spec:
  templates:
  - name: a
    resource:
      action: create
      manifest: |
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata: {name: "{{workflow.name}}-a"}
        spec:
          type: "{{workflow.parameters.type}}"
          sparkVersion: 3.5.1
          mainApplicationFile: x.py
          driver: {coers: 1}
          executor: {}
`

// The schema profile says what the API server would, of manifests inside of
// tasks as well, and says nothing of what a workflow has yet to fill in.
func TestSchema(t *testing.T) {
	b, err := millrace.LoadReader("x.yaml", strings.NewReader(application))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range policy.Schema().Check(b).Findings {
		if f.Rule == policy.RuleUnchecked { // the word for a number
			continue
		}
		got = append(got, strings.Join([]string{millrace.Position{File: f.File, Line: f.Line}.String(), f.Field, f.Rule}, " "))
	}
	want := []string{
		"x.yaml:32 spec.templates[0].resource.manifest.spec.driver.coers schema/unknown-field",
		"x.yaml:12 spec.driver.cores schema/type",
		"x.yaml:14 spec.executor.instnces schema/unknown-field",
		"x.yaml:7 spec.mainApplicationFile schema/required",
		"x.yaml:7 spec.sparkVersion schema/required",
		"x.yaml:8 spec.type schema/enum",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestWaiveSchema(t *testing.T) {
	b, err := millrace.LoadReader("x.yaml", strings.NewReader(application))
	if err != nil {
		t.Fatal(err)
	}
	r := policy.Schema().Waive("schema/unknown-field", "a fork of the operator has it").Check(b)
	if r.Waived() != 2 {
		t.Errorf("%d findings are waived, want 2:\n%s", r.Waived(), r)
	}
	if policy.Production().With().Waive("schema/enumeration", "typo").Check(new(millrace.Bundle)).Err() == nil {
		t.Error("a waiver of no rule went unnoticed")
	}
}

// Rules that look beside their object see loaded ones as they see built ones.
func TestLoadedNeighbours(t *testing.T) {
	const manifests = `
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: main, namespace: kafka}
spec:
  kafka:
    listeners: [{name: tls, port: 9093, type: internal, tls: true}]
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata: {name: broker, namespace: kafka, labels: {strimzi.io/cluster: main}}
spec:
  replicas: 3
  roles: [broker]
  storage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: 1Gi, class: slow}]}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: slow}
provisioner: example.com/disks
volumeBindingMode: Immediate
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata: {name: orders, namespace: kafka, labels: {strimzi.io/cluster: main}}
spec: {partitions: 3, replicas: 5}
`
	b, err := millrace.LoadReader("x.yaml", strings.NewReader(manifests))
	if err != nil {
		t.Fatal(err)
	}
	got := lines(policy.Production().Only("kafka/topic-replicas", "kafka/storage-class").Check(b))
	want := []string{
		"KafkaNodePool kafka/broker|spec.storage.volumes[0].class|kafka/storage-class",
		"KafkaTopic kafka/orders|spec.replicas|kafka/topic-replicas",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestArgo4: what Argo 3.7 takes and Argo 4 doesn't, each said once.
func TestArgo4(t *testing.T) {
	var tasks, parameters strings.Builder
	for i := range 201 {
		fmt.Fprintf(&tasks, "      - {name: t%d, template: leaf}\n", i)
	}
	for i := range 501 {
		fmt.Fprintf(&parameters, "      - {name: p%d}\n", i)
	}
	manifests := `
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: a, namespace: data}
spec:
  synchronization: {mutex: {name: one}}
  arguments:
    parameters:
    - {name: "no name!", value: "3"}
  templates:
  - name: dag
    dag:
      tasks:
` + tasks.String() + `
  - name: leaf
    inputs:
      parameters:
` + parameters.String() + `
    resource: {action: "{{inputs.parameters.p0}}", manifest: "{kind: ConfigMap, apiVersion: v1, metadata: {name: a}}"}
---
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: b, namespace: data}
spec:
  templates:
  - name: dag
    timeout: 1m
    dag: {tasks: [{name: a, template: leaf}]}
`
	b, err := millrace.LoadReader("x.yaml", strings.NewReader(manifests))
	if err != nil {
		t.Fatal(err)
	}
	r := policy.Production().Only("schema/type", "schema/unknown-field", "workflow/argo-4", "workflow/argo-4-limits", "workflow/removed-fields").Check(b)
	want := []string{
		"WorkflowTemplate data/a|spec.arguments.parameters[0].name|workflow/argo-4",
		"WorkflowTemplate data/a|spec.synchronization.mutex|workflow/removed-fields",
		"WorkflowTemplate data/a|spec.templates[0].dag.tasks|workflow/argo-4-limits",
		"WorkflowTemplate data/a|spec.templates[1].inputs.parameters|workflow/argo-4-limits",
		"WorkflowTemplate data/a|spec.templates[1].resource.action|workflow/argo-4",
		"WorkflowTemplate data/b|spec.templates|workflow/argo-4",
	}
	if diff := cmp.Diff(want, lines(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s\n%s", diff, r)
	}
}

// TestSettingsHoldInBoth: what package workflow renders of caches and metrics
// is right under the CRDs of Argo 3.7 and of Argo 4.
func TestSettingsHoldInBoth(t *testing.T) {
	pipeline := &workflow.Template{Name: "a", Namespace: "data", ServiceAccount: "a", Tasks: []*workflow.Task{{
		Name: "a", Step: workflow.Container{Image: "a:1", Command: []string{"a"}},
		Settings: workflow.Settings{
			Memoize: &workflow.Memoize{Key: "a", ConfigMap: "cache"},
			Metrics: []workflow.Metric{
				{Name: "a", Help: "b", Type: workflow.Gauge{Value: "1"}},
				{Name: "c", Help: "d", Type: workflow.Counter{Value: "1"}},
				{Name: "e", Help: "f", Type: workflow.Histogram{Value: "1", Buckets: []float64{1, 2.5}}},
			},
		},
	}}}
	b := build(t, pipeline, &workflow.Run{Template: pipeline, Inline: true})
	for _, f := range policy.Production().Check(b).Findings {
		if strings.HasPrefix(f.Rule, "schema/") || strings.HasPrefix(f.Rule, "workflow/argo-4") {
			t.Error(f)
		}
	}
}
