package workflow_test

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/workflow"
)

// No pod loses its node to a drain, and all that have ended go at once.
func ExampleRunPods() {
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl",
		Tasks: []*workflow.Task{{Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}}}},
		Pods: workflow.RunPods{
			ImagePullSecrets: []string{"company-registry"},
			GC:               workflow.PodGC{Strategy: workflow.PodGCOnPodCompletion, Delay: new(time.Duration(0))},
			DisruptionBudget: workflow.DisruptionBudget{MinAvailable: new(intstr.FromInt32(9999))},
			DNS:              workflow.DNS{Policy: corev1.DNSDefault},
		},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	spec := object.Spec
	fmt.Println(spec.ImagePullSecrets[0].Name, *spec.DNSPolicy)
	fmt.Println(spec.PodGC.Strategy, "after", spec.PodGC.DeleteDelayDuration)
	fmt.Println("at least", spec.PodDisruptionBudget.MinAvailable, "pods stay")
	// Output:
	// company-registry Default
	// OnPodCompletion after 0s
	// at least 9999 pods stay
}
