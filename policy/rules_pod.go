package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/builtin"
	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/spark/apachev1"
)

func podRules() []millrace.Rule {
	return []millrace.Rule{{
		ID: "pod/refused", Severity: millrace.Error,
		Summary: "The pods that operators make of a custom resource are ones that the API server takes.",
		Reason:  "No schema of a custom resource checks the pods in it as the API server does. The operator finds out when it creates them: the job stays submitted, the step pending.",
		Fix:     "correct the part of the pod that the object writes",
		Source:  "Kubernetes 1.37, pkg/apis/core/validation",
		Check:   checkPods,
	}}
}

// saidOfCPU reports whether spark/cpu-limit says already that Spark's container
// requests more CPU than its limit.
func saidOfCPU(pass *millrace.Pass, pod millrace.Pod, p schema.Problem) bool {
	switch pass.Object.(type) {
	case *v1beta2.SparkApplication, *v1beta2.ScheduledSparkApplication, *v1alpha1.SparkConnect, *apachev1.SparkApplication:
	default:
		return false
	}
	i := slices.IndexFunc(pod.Template.Spec.Containers, func(c corev1.Container) bool {
		return c.Name == "spark-kubernetes-driver" || c.Name == "spark-kubernetes-executor"
	})
	return p.Path == fmt.Sprintf("spec.containers[%d].resources.requests", i) && strings.Contains(p.Detail, " cpu, above the limit")
}

// checkPods holds the pods of custom resources against what the API server
// asks of a pod. Those of Kubernetes' own kinds are checked with their object,
// under the ids "schema/…".
func checkPods(pass *millrace.Pass) {
	if _, own := builtin.Of(pass.Object); own {
		return
	}
	said := make(map[string]bool)
	for _, pod := range pass.Pods {
		builtin.PodTemplate(&pod.Template, false, func(p schema.Problem) {
			field := pod.Field(p.Path)
			// What a workflow fills in can be judged only once it is, and what
			// all pods of an object share is said once.
			if strings.Contains(p.Detail, "{{") || said[field+p.Detail] || saidOfCPU(pass, pod, p) {
				return
			}
			said[field+p.Detail] = true
			pass.Suggest(field, "it "+p.Detail, p.Fix)
		})
	}
}
