package upstream_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A Job with pods whose logs the next step reads; the last step deletes it.
func TestJobInSteps(t *testing.T) {
	kind := metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"}
	job := &workflow.Task{Name: "random-number-job", Step: &workflow.Definition{
		Name: "random-number-job",
		Step: workflow.Resource{
			Action: workflow.Create, Succeeded: "status.succeeded > 9", Failed: "status.failed > 0",
			Object: &batchv1.Job{
				TypeMeta: kind, ObjectMeta: metav1.ObjectMeta{GenerateName: "rand-num-"},
				Spec: batchv1.JobSpec{Completions: new(int32(10)), Parallelism: new(int32(10)), Template: corev1.PodTemplateSpec{
					ObjectMeta: metav1.ObjectMeta{Name: "rand"},
					Spec: corev1.PodSpec{RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{
						Name: "rand", Image: "python:alpine3.6",
						Command: []string{"python", "-c", "import random; import time; print(random.randint(1, 1000)); time.sleep(10)"},
					}}},
				}},
			},
		},
		Outputs: workflow.Outputs{Parameters: []workflow.Output{
			{Name: "job-name", JSONPath: "{.metadata.name}"},
			{Name: "job-uid", JSONPath: "{.metadata.uid}"},
		}},
	}}
	uid, name := workflow.Input{Name: "job-uid"}, workflow.Input{Name: "job-name"}
	show := &workflow.Task{Name: "print-generated-numbers", Arguments: args{"job-uid": job.Output("job-uid").Ref()}, Step: &workflow.Definition{
		Name: "print-generated-numbers", Inputs: taking(uid), Step: shell("quay.io/argoproj/argoexec:latest",
			" for i in `kubectl get pods -l controller-uid="+uid.Ref()+" -o name`; do kubectl logs $i; done "),
	}}
	remove := &workflow.Task{Name: "delete-job", Arguments: args{"job-name": job.Output("job-name").Ref()}, Step: &workflow.Definition{
		Name: "delete-job", Inputs: taking(name),
		Step: workflow.Resource{Action: workflow.Delete, Object: &metav1.PartialObjectMetadata{TypeMeta: kind, ObjectMeta: metav1.ObjectMeta{Name: name.Ref()}}},
	}}
	same(t, "k8s-orchestration.yaml", running(&workflow.Definition{Name: "k8s-orchestrate", Step: workflow.Steps{{job}, {show}, {remove}}}))
}

// A list of operations on the run itself.
func TestJSONPatch(t *testing.T) {
	same(t, "k8s-patch-json-workflow.yaml", running(&workflow.Definition{Name: "main", Step: workflow.Resource{
		Action: workflow.Patch, MergeStrategy: workflow.JSON, Flags: []string{"workflow", workflow.RunName.Ref()},
		Manifest: "- op: add\n  path: /metadata/labels/foo\n  value: bar\n",
	}}))
}

// A custom resource whose pods are known as the run's, so that Argo shows their
// logs.
func TestCustomResource(t *testing.T) {
	job := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "kubeflow.org/v1", "kind": "TFJob", "metadata": map[string]any{"name": "tfjob-examples"},
		"spec": map[string]any{"tfReplicaSpecs": map[string]any{"Worker": map[string]any{
			"replicas": int64(2), "restartPolicy": "Never",
			"template": map[string]any{
				"metadata": map[string]any{"labels": map[string]any{"workflows.argoproj.io/workflow": workflow.RunName.Ref()}},
				"spec": map[string]any{"containers": []any{map[string]any{
					"name": "tensorflow", "image": "Placeholder for TensorFlow distributed training image",
				}}},
			},
		}}},
	}}
	same(t, "k8s-resource-log-selector.yaml", running(&workflow.Definition{Name: "tf-jobtmpl", Step: workflow.Resource{
		Action: workflow.Create, Object: job,
		Succeeded: "status.replicaStatuses.Worker.succeeded = 2", Failed: "status.replicaStatuses.Worker.failed > 0",
	}}))
}

// Tried with the checks of kubectl, and without them if those refuse it.
func TestFlagsOfKubectl(t *testing.T) {
	create := func(name string, flags ...string) *workflow.Definition {
		return &workflow.Definition{Name: name, Step: workflow.Resource{Action: workflow.Create, Flags: flags, Object: &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "route.openshift.io/v1", "kind": "Route", "metadata": map[string]any{"name": "host-route"},
			"spec": map[string]any{"to": map[string]any{"kind": "Service", "name": "service-name"}},
		}}}}
	}
	first := &workflow.Task{Name: "submit-resource", Step: create("create-route"), ContinueOn: workflow.ContinueOn{Failed: true}}
	second := &workflow.Task{Name: "submit-resource-without-validation", When: first.Failed(),
		Step: create("create-route-without-validation", "--validate=false")}
	same(t, "resource-flags.yaml", running(&workflow.Definition{Name: "resource-validate-example", Step: workflow.Steps{{first}, {second}}}))
}

// nested is a run that a step makes.
func nested(meta metav1.ObjectMeta, spec wfv1.WorkflowSpec) millrace.Object {
	return &wfv1.Workflow{TypeMeta: metav1.TypeMeta{APIVersion: "argoproj.io/v1alpha1", Kind: "Workflow"}, ObjectMeta: meta, Spec: spec}
}

// Runs of a template that is a parameter, one after the other.
func TestWorkflowOfWorkflows(t *testing.T) {
	template, message := workflow.Input{Name: "workflowtemplate"}, workflow.Input{Name: "message"}
	submit := func(name, prefix string, arguments wfv1.Arguments, inputs ...workflow.Input) *workflow.Definition {
		return &workflow.Definition{Name: name, Inputs: taking(inputs...), Step: workflow.Resource{
			Action: workflow.Create, Succeeded: "status.phase == Succeeded", Failed: "status.phase in (Failed, Error)",
			Object: nested(metav1.ObjectMeta{GenerateName: prefix}, wfv1.WorkflowSpec{
				WorkflowTemplateRef: &wfv1.WorkflowTemplateRef{Name: template.Ref()}, Arguments: arguments,
			}),
		}}
	}
	argument := wfv1.Arguments{Parameters: []wfv1.Parameter{{Name: "message", Value: wfv1.AnyStringPtr(message.Ref())}}}
	same(t, "workflow-of-workflows.yaml", running(&workflow.Definition{Name: "main", Step: workflow.Steps{
		{{Name: "workflow1", Arguments: args{"workflowtemplate": "workflow-template-submittable"},
			Step: submit("resource-without-argument", "workflow-of-workflows-1-", wfv1.Arguments{}, template)}},
		{{Name: "workflow2", Arguments: args{"workflowtemplate": "workflow-template-submittable", "message": "Welcome Argo"},
			Step: submit("resource-with-argument", "workflow-of-workflows-2-", argument, template, message)}},
	}}))
}
