package workflow_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

const needy = `
metadata: {name: w, namespace: etl}
spec:
  arguments:
    parameters:
    - name: a
      valueFrom: {configMapKeyRef: {name: settings, key: a}}
    - name: b
      valueFrom: {configMapKeyRef: {name: settings, key: b}, default: x}
    artifacts:
    - name: in
      s3: {accessKeySecret: {name: s3, key: access}, secretKeySecret: {name: s3, key: secret}}
  artifactRepositoryRef: {key: lake}
  executor: {serviceAccountName: executor}
  artifactGC: {serviceAccountName: gc}
  synchronization:
    semaphores:
    - configMapKeyRef: {name: locks, key: etl}
      namespace: shared
  volumes:
  - name: v
    secret: {secretName: told by the pods}
  templates:
  - name: main
    dag:
      tasks:
      - name: t
        arguments:
          artifacts:
          - name: code
            git: {repo: x, sshPrivateKeySecret: {name: "{{workflow.parameters.key}}", key: id}}
        inline:
          inputs:
            artifacts:
            - name: h
              hdfs: {krbConfigConfigMap: {name: krb5, key: krb5.conf}}
          container:
            image: x:1
            env:
            - name: A
              valueFrom: {secretKeyRef: {name: told by the pods, key: x}}
  - name: call
    http:
      url: https://company.com
      headers:
      - name: Authorization
        valueFrom: {secretKeyRef: {name: api, key: token}}
    memoize:
      key: k
      cache: {configMap: {name: cache, key: ignored}}
  - name: get
    archiveLocation:
      gcs: {serviceAccountKeySecret: {name: gcs, key: key, optional: true}}
    executor: {serviceAccountName: own}
    script: {image: x:1, source: y, envFrom: [{secretRef: {name: told by the pods}}]}
`

func TestReferences(t *testing.T) {
	var w wfv1.Workflow
	if err := sigsyaml.UnmarshalStrict([]byte(needy), &w); err != nil {
		t.Fatal(err)
	}
	ref := func(kind, name, key, field string) millrace.Reference {
		return millrace.Reference{Kind: kind, Namespace: "etl", Name: name, Key: key, Field: field}
	}
	optional := func(r millrace.Reference) millrace.Reference {
		r.Optional = true
		return r
	}
	locks := ref("ConfigMap", "locks", "etl", "spec.synchronization.semaphores[0].configMapKeyRef.name")
	locks.Namespace = "shared"
	want := []millrace.Reference{
		ref("Secret", "api", "token", "spec.templates[1].http.headers[0].valueFrom.secretKeyRef.name"),
		optional(ref("ConfigMap", "cache", "", "spec.templates[1].memoize.cache.configMap.name")),
		optional(ref("Secret", "gcs", "key", "spec.templates[2].archiveLocation.gcs.serviceAccountKeySecret.name")),
		ref("ServiceAccount", "own", "", "spec.templates[2].executor.serviceAccountName"),
		ref("ConfigMap", "settings", "a", "spec.arguments.parameters[0].valueFrom.configMapKeyRef.name"),
		optional(ref("ConfigMap", "settings", "b", "spec.arguments.parameters[1].valueFrom.configMapKeyRef.name")),
		ref("Secret", "s3", "access", "spec.arguments.artifacts[0].s3.accessKeySecret.name"),
		ref("Secret", "s3", "secret", "spec.arguments.artifacts[0].s3.secretKeySecret.name"),
		ref("ServiceAccount", "executor", "", "spec.executor.serviceAccountName"),
		optional(ref("ConfigMap", "artifact-repositories", "lake", "spec.artifactRepositoryRef.configMap")),
		locks,
		ref("ServiceAccount", "gc", "", "spec.artifactGC.serviceAccountName"),
	}
	inline := ref("ConfigMap", "krb5", "krb5.conf", "spec.templates[0].dag.tasks[0].inline.inputs.artifacts[0].hdfs.krbConfigConfigMap.name")
	want = append([]millrace.Reference{inline}, want...)
	if diff := cmp.Diff(want, workflow.References(&w)); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
	cron := &wfv1.CronWorkflow{Spec: wfv1.CronWorkflowSpec{WorkflowSpec: w.Spec}}
	if got := workflow.References(cron); len(got) != len(want) || got[0].Field != "spec.workflowSpec.templates[0].dag.tasks[0].inline.inputs.artifacts[0].hdfs.krbConfigConfigMap.name" || got[0].Namespace != "" {
		t.Errorf("of a schedule: %v", got)
	}
	for _, o := range []millrace.Object{nil, &wfv1.Workflow{}, &corev1.Pod{}, (*wfv1.Workflow)(nil)} {
		if got := workflow.References(o); got != nil {
			t.Errorf("%T: %v", o, got)
		}
	}
}
