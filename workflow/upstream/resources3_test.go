package upstream_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

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
