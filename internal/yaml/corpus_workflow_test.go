package yaml_test

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func anyString(s string) *wfv1.AnyString { return new(wfv1.AnyString(s)) }

// workflowDAG is a Workflow of n tasks; 100 of them are about 36 KB of JSON.
func workflowDAG(n int) *wfv1.Workflow {
	tasks := make([]wfv1.DAGTask, n)
	for i := range tasks {
		t := wfv1.DAGTask{
			Name: fmt.Sprintf("extract-orders-%d", i), Template: "spark",
			Arguments: wfv1.Arguments{Parameters: []wfv1.Parameter{
				{Name: "class", Value: anyString("com.company.etl.ExtractOrders")},
				{Name: "date", Value: anyString("{{workflow.parameters.date}}")},
				{Name: "partition", Value: anyString(fmt.Sprint(i))},
				{Name: "output", Value: anyString(fmt.Sprintf("s3a://curated/orders/partition=%d", i))},
			}},
			ContinueOn: nil,
		}
		if i > 0 {
			t.Depends = fmt.Sprintf("extract-orders-%d.Succeeded", i-1)
		}
		if i > 10 {
			t.Depends += fmt.Sprintf(" && extract-orders-%d.Succeeded", i/2)
		}
		tasks[i] = t
	}
	w := &wfv1.Workflow{
		TypeMeta:   metav1.TypeMeta{APIVersion: "argoproj.io/v1alpha1", Kind: "Workflow"},
		ObjectMeta: metav1.ObjectMeta{Name: "daily-etl", Namespace: "data-platform", Labels: map[string]string{"team": "data-platform"}},
		Spec: wfv1.WorkflowSpec{
			Entrypoint: "main", ServiceAccountName: "argo-workflow-sa", Parallelism: new(int64(5)),
			Arguments:   wfv1.Arguments{Parameters: []wfv1.Parameter{{Name: "date", Value: anyString("2026-11-23")}}},
			TTLStrategy: &wfv1.TTLStrategy{SecondsAfterCompletion: new(int32(86400))},
			PodGC:       &wfv1.PodGC{Strategy: wfv1.PodGCOnPodSuccess},
			Templates: []wfv1.Template{
				{Name: "main", DAG: &wfv1.DAGTemplate{Tasks: tasks}},
				{
					Name:          "spark",
					Inputs:        wfv1.Inputs{Parameters: []wfv1.Parameter{{Name: "class"}, {Name: "date"}, {Name: "partition"}, {Name: "output", Default: anyString("")}}},
					RetryStrategy: &wfv1.RetryStrategy{Limit: new(intstr.FromInt32(2)), RetryPolicy: "OnFailure"},
					Container: &corev1.Container{
						Name: "main", Image: "company-registry/spark-etl:3.5.1",
						Command: []string{"/opt/spark/bin/spark-submit"},
						Args:    []string{"--class={{inputs.parameters.class}}", "--date={{inputs.parameters.date}}"},
						Resources: corev1.ResourceRequirements{
							Requests: corev1.ResourceList{"cpu": resource.MustParse("500m"), "memory": resource.MustParse("1Gi")},
							Limits:   corev1.ResourceList{"memory": resource.MustParse("1Gi")}},
					},
				},
			},
		},
	}
	return w
}

// workflowSteps uses what the DAG does not: steps, scripts, items, resources.
func workflowSteps() *wfv1.WorkflowTemplate {
	return &wfv1.WorkflowTemplate{
		TypeMeta:   metav1.TypeMeta{APIVersion: "argoproj.io/v1alpha1", Kind: "WorkflowTemplate"},
		ObjectMeta: metav1.ObjectMeta{Name: "steps"},
		Spec: wfv1.WorkflowSpec{
			Entrypoint: "main",
			VolumeClaimTemplates: []corev1.PersistentVolumeClaim{{
				TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolumeClaim"},
				ObjectMeta: metav1.ObjectMeta{Name: "scratch"},
				Spec: corev1.PersistentVolumeClaimSpec{AccessModes: []corev1.PersistentVolumeAccessMode{"ReadWriteOnce"},
					Resources: corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{"storage": resource.MustParse("10Gi")}}},
			}},
			Templates: []wfv1.Template{
				{Name: "main", Steps: []wfv1.ParallelSteps{
					{Steps: []wfv1.WorkflowStep{{Name: "a", Template: "script"}, {Name: "b", Template: "pause"}}},
					{Steps: []wfv1.WorkflowStep{{Name: "c", Template: "script", WithItems: []wfv1.Item{
						{Value: []byte(`{"z":1,"a":[null,{}],"n":1.50}`)}, {Value: []byte(`"no"`)}, {Value: []byte(`3`)}, {Value: []byte(`null`)}}}}},
				}},
				{Name: "pause", Suspend: &wfv1.SuspendTemplate{}},
				{Name: "script", Script: &wfv1.ScriptTemplate{
					Container: corev1.Container{Name: "main", Image: "alpine:3.20", Command: []string{"sh"}},
					Source:    "set -eu\n\tif true; then\n  echo '{{item}}'   \n\n\nfi\n"}},
				{Name: "apply", Resource: &wfv1.ResourceTemplate{Action: "create", SetOwnerReference: true,
					Manifest:         "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: x-\n",
					SuccessCondition: "status.applicationState.state == COMPLETED"}},
				{Name: "plugin", Plugin: &wfv1.Plugin{Object: wfv1.Object{Value: []byte(`{"hello":{"text":"x: y"}}`)}}},
			},
		},
	}
}
