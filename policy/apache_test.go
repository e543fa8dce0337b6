package policy_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

// linesOf returns the findings of rules whose ids begin so.
func linesOf(b *millrace.Bundle, ids ...string) []string {
	var out []string
	for _, line := range lines(policy.Production().Check(b)) {
		rule := line[strings.LastIndexByte(line, '|')+1:]
		if slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(rule, id) }) {
			out = append(out, line)
		}
	}
	return out
}

// What package spark makes for Apache's operator is what its CRDs take.
func TestApacheObjectsFitTheirSchemas(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.apache.yaml", "*.cluster.yaml"} {
		more, err := filepath.Glob(filepath.Join("..", "spark", "testdata", pattern))
		if err != nil || len(more) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(more), err)
		}
		files = append(files, more...)
	}
	for _, file := range files {
		b, err := millrace.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range linesOf(b, "schema/", "policy/unchecked") {
			t.Errorf("%s: %s", file, line)
		}
		wrong, seen := misplaced(t, b)
		for _, w := range wrong {
			t.Errorf("%s: %s", file, w)
		}
		if seen["SparkApplication"]+seen["SparkCluster"] != 2 {
			t.Errorf("%s: pods of %v", file, seen)
		}
	}
}

// The schemas of Apache's operator see slips.
func TestApacheSchemaFindings(t *testing.T) {
	b := loadText(t, `
apiVersion: spark.apache.org/v1
kind: SparkApplication
metadata: {name: etl, namespace: data}
spec:
  runtimeVersions: {sparkVersion: 4.1.2}
  applicationTolerations: {resourceRetainPolicy: Sometimes}
  driverSpec: {podTemplateSpec: {spec: {tolerance: []}}}
---
apiVersion: spark.apache.org/v1
kind: SparkCluster
metadata: {name: adhoc, namespace: data}
spec:
  runtimeVersions: {sparkVersion: 4.1.2}
  clusterTolerations: {instanceConfig: {initWorkers: 1, minWorkers: one}}
`)
	got := linesOf(b, "schema/")
	want := []string{
		"SparkApplication data/etl|spec.applicationTolerations.resourceRetainPolicy|schema/enum",
		"SparkApplication data/etl|spec.driverSpec.podTemplateSpec.spec.tolerance|schema/unknown-field",
		"SparkCluster data/adhoc|spec.clusterTolerations.instanceConfig.maxWorkers|schema/required",
		"SparkCluster data/adhoc|spec.clusterTolerations.instanceConfig.minWorkers|schema/type",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Rules about pods see those of Apache's operator, and the config maps that it
// makes for them.
func TestApachePodsAndConfigMaps(t *testing.T) {
	b := loadText(t, `
apiVersion: v1
kind: ConfigMap
metadata: {name: other, namespace: data}
---
apiVersion: spark.apache.org/v1
kind: SparkApplication
metadata: {name: etl, namespace: data}
spec:
  runtimeVersions: {sparkVersion: 4.1.2}
  jars: local:///etl.jar
  configMapSpecs: [{name: metrics, data: {metrics.properties: a}}]
  executorSpec:
    podTemplateSpec:
      spec:
        volumes: [{name: metrics, configMap: {name: metrics}}, {name: gone, configMap: {name: gone}}]
        containers: [{name: spark-kubernetes-executor, env: [{name: DB_PASSWORD, value: hunter2-hunter2}]}]
  sparkConf: {spark.kubernetes.container.image: "apache/spark:4.1.2"}
---
apiVersion: spark.apache.org/v1
kind: SparkCluster
metadata: {name: adhoc, namespace: data}
spec:
  runtimeVersions: {sparkVersion: 4.1.2}
  clusterTolerations: {instanceConfig: {initWorkers: 1, minWorkers: 1, maxWorkers: 1}}
  workerSpec:
    statefulSetSpec:
      template:
        spec:
          containers: [{name: worker, env: [{name: DB_PASSWORD, value: hunter2-hunter2}]}]
`)
	got := linesOf(b, "reference/undeclared", "secrets/plaintext-env", "spark/plaintext-secret")
	want := []string{
		"SparkApplication data/etl|spec.executorSpec.podTemplateSpec.spec.containers[0].env[0].value|spark/plaintext-secret",
		"SparkApplication data/etl|spec.executorSpec.podTemplateSpec.spec.volumes[1].configMap.name|reference/undeclared",
		"SparkCluster data/adhoc|spec.workerSpec.statefulSetSpec.template.spec.containers[0].env[0].value|secrets/plaintext-env",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A workflow's task runs a job of Apache's operator, and the rules see it inside.
func TestApacheInAWorkflow(t *testing.T) {
	b, err := millrace.Build(&workflow.Template{
		Name: "daily", Namespace: "data", ServiceAccount: "argo",
		Tasks: []*workflow.Task{{Name: "etl", Run: &spark.Job{
			Image: "company-registry/etl:4.1.2", Version: "4.1.2", Main: "local:///etl.py", Target: spark.ApacheOperator{},
			Args: []string{"--run={{workflow.name}}"},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := millrace.Render(&text, b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"successCondition: status.currentState.currentStateSummary == ResourceReleased, !metadata.deletionTimestamp",
		"failureCondition: status.currentState.currentStateSummary == TerminatedWithoutReleaseResources\n",
		`"apiVersion": "spark.apache.org/v1"`,
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %s in\n%s", want, text.String())
		}
	}
	_, seen := misplaced(t, b)
	if seen["WorkflowTemplate"] < 2 {
		t.Errorf("pods of %v", seen)
	}
	for _, line := range linesOf(b, "schema/", "policy/unchecked") {
		t.Error(line)
	}
	if len(linesOf(b, "spark/driver-service-account")) == 0 {
		t.Error("no rule sees that the driver inside has no account")
	}
}
