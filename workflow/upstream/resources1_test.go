package upstream_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/workflow"
)

// owned is what Resource.Owned says in Argo's own way, which also keeps the run
// from being deleted before the object.
var owned = wfv1.ResourceTemplate{SetOwnerReference: true}

// A job that is created and waited for, and what becomes of it.
func TestJob(t *testing.T) {
	job := &batchv1.Job{
		TypeMeta:   metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"},
		ObjectMeta: metav1.ObjectMeta{GenerateName: "rand-num-"},
		Spec: batchv1.JobSpec{Completions: new(int32(3)), Parallelism: new(int32(3)), Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Name: "rand"},
			Spec: corev1.PodSpec{RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{
				Name: "rand", Image: "python:alpine3.6",
				Command: []string{"python", "-c", "import random; import time; print(random.randint(1, 1000)); time.sleep(10)"},
			}}},
		}},
	}
	same(t, "k8s-jobs.yaml", running(&workflow.Definition{
		Name:    "rand-num",
		Step:    workflow.Resource{Action: workflow.Create, Object: job, Base: owned, Succeeded: "status.succeeded > 2", Failed: "status.failed > 1"},
		Outputs: putting(workflow.Output{Name: "job-name", JSONPath: "{.metadata.name}"}, workflow.Output{Name: "job-obj", JQ: "."}),
	}))
}

// Patches of a pod by itself: as the object, and as operations.
func TestPatchOfPod(t *testing.T) {
	same(t, "k8s-patch-pod.yaml", labelled(running(define("main", workflow.Resource{Action: workflow.Patch, Object: &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: workflow.PodName.Ref(), Annotations: map[string]string{"foo": "bar"}},
	}}))))
	same(t, "k8s-patch-json-pod.yaml", labelled(running(define("main", workflow.Resource{
		Action: workflow.Patch, MergeStrategy: workflow.JSON, Flags: []string{"pod", workflow.PodName.Ref()},
		Manifest: `[{"op": "add", "path": "/metadata/annotations/foo", "value": "bar"}]`,
	}))))
}

// A workflow that starts another one and waits for it.
func TestWaitForWorkflow(t *testing.T) {
	types := metav1.TypeMeta{APIVersion: "argoproj.io/v1alpha1", Kind: "Workflow"}
	name := workflow.Input{Name: "wf-name"}
	create := &workflow.Task{Name: "create-wf", Step: &workflow.Definition{
		Name: "create-wf", Outputs: putting(workflow.Output{Name: "wf-name", JSONPath: "{.metadata.name}"}),
		Step: workflow.Resource{Action: workflow.Create, Object: &wfv1.Workflow{
			TypeMeta: types, ObjectMeta: metav1.ObjectMeta{GenerateName: "sleep-"},
			Spec: wfv1.WorkflowSpec{Entrypoint: "sleep", Templates: []wfv1.Template{{
				Name: "sleep", Container: &corev1.Container{Image: "alpine:latest", Command: []string{"sleep", "20"}},
			}}},
		}},
	}}
	wait := &workflow.Definition{Name: "wait-wf", Inputs: taking(name), Step: workflow.Resource{
		Action: workflow.Get, Object: &wfv1.Workflow{TypeMeta: types, ObjectMeta: metav1.ObjectMeta{Name: name.Ref()}},
		Succeeded: "status.phase == Succeeded", Failed: "status.phase in (Failed, Error)",
	}}
	same(t, "k8s-wait-wf.yaml", running(define("k8s-wait-wf", workflow.Steps{
		{create}, {call("wait-wf", wait, "wf-name", create.Output("wf-name").Ref())},
	})))
}

// What is deleted is chosen by flags.
func TestDelete(t *testing.T) {
	selector := workflow.Input{Name: "selector"}
	create := define("create-configmap", workflow.Resource{Action: workflow.Create, Object: &corev1.ConfigMap{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{Name: "resource-delete-with-flags", Labels: map[string]string{"cleanup": "true"}},
		Data:       map[string]string{"key": "value"},
	}})
	remove := &workflow.Definition{Name: "delete-resource", Inputs: taking(selector), Step: workflow.Resource{
		Action: workflow.Delete, Flags: []string{"configmap", "--selector", selector.Ref()},
	}}
	same(t, "resource-delete-with-flags.yaml", running(define("main", workflow.Steps{
		{{Name: "submit-resource", Step: create}}, {call("delete-resource", remove, "selector", "cleanup=true")},
	})))
}
