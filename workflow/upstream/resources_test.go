package upstream_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
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

// TestStatefulSet makes a service and a stateful set, waits for them, uses
// them, and deletes them at the end, however that was.
func TestStatefulSet(t *testing.T) {
	does := func(name string, action workflow.Action, o millrace.Object) *workflow.Task {
		step := workflow.Resource{Action: action, Object: o}
		if action == workflow.Delete {
			step.Flags = []string{"--ignore-not-found"}
		}
		return &workflow.Task{Name: name, Step: define(name, step)}
	}
	app := args{"app": "nginx"}
	// What is read or deleted needs its kind and name only.
	service := &metav1.PartialObjectMetadata{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Service"}, ObjectMeta: metav1.ObjectMeta{Name: "nginx"},
	}
	set := &metav1.PartialObjectMetadata{
		TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "StatefulSet"}, ObjectMeta: metav1.ObjectMeta{Name: "web"},
	}
	newService := &corev1.Service{
		TypeMeta: service.TypeMeta, ObjectMeta: metav1.ObjectMeta{Name: service.Name, Labels: app},
		Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{{Port: 80, Name: "web"}}, ClusterIP: corev1.ClusterIPNone, Selector: app},
	}
	newSet := &appsv1.StatefulSet{TypeMeta: set.TypeMeta, ObjectMeta: set.ObjectMeta}
	newSet.Spec = appsv1.StatefulSetSpec{
		Selector: &metav1.LabelSelector{MatchLabels: app}, ServiceName: "nginx",
		Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: app},
			Spec: corev1.PodSpec{
				TerminationGracePeriodSeconds: new(int64(10)),
				Containers: []corev1.Container{{
					Name: "nginx", Image: "registry.k8s.io/nginx-slim:0.8",
					Ports: []corev1.ContainerPort{{ContainerPort: 80, Name: "web"}},
				}},
			},
		},
	}
	wait := &workflow.Task{Name: "wait-stateful-set", Step: define("wait-stateful-set", workflow.Resource{
		Action: workflow.Get, Object: set, Succeeded: "status.readyReplicas == 1",
	})}
	run := running(define("create-wait-and-test", workflow.Steps{
		{does("create-service", workflow.Create, newService), does("create-stateful-set", workflow.Create, newSet)},
		{wait},
		{{Name: "test", Step: define("test", shell("curlimages/curl:latest", "curl nginx"))}},
	}))
	run.Template.OnExit = define("delete", workflow.Steps{
		{does("delete-service", workflow.Delete, service), does("delete-stateful-set", workflow.Delete, set)},
	})
	same(t, "daemoned-stateful-set-with-service.yaml", run)
}

// TestOwned makes objects that are deleted with the run. Argo names the owner in
// a manifest that is a text; millrace does in one that is an object.
func TestOwned(t *testing.T) {
	same(t, "k8s-set-owner-reference.yaml", running(define("k8s-set-owner-reference", workflow.Resource{
		Action: workflow.Create, Owned: true,
		Manifest: `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "owned-eg-"}, "data": {"some": "value"}}`,
	})))
	run := running(define("main", workflow.Resource{
		Action: workflow.Create, Owned: true,
		Manifest: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: owned-eg-}
spec:
  entrypoint: main
  templates: [{name: main, container: {image: "argoproj/argosay:v2"}}]
`,
	}))
	run.Labels = tested
	same(t, "k8s-owner-reference.yaml", run)
}

// TestPatchOfOwnPod changes the pod of the step itself, which its flags name.
func TestPatchOfOwnPod(t *testing.T) {
	run := running(define("main", workflow.Resource{
		Action: workflow.Patch, MergeStrategy: workflow.Merge, Flags: []string{"pod", workflow.PodName.Ref()},
		Manifest: `{"metadata": {"annotations": {"foo": "bar"}}}`,
	}))
	run.Labels = tested
	same(t, "k8s-patch-merge-pod.yaml", run)
}
