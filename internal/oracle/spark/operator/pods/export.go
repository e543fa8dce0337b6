//go:build upstream

// Package webhook has the operator's own sparkpod_defaulter.go beside this
// file.
package webhook

import (
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"github.com/kubeflow/spark-operator/v2/pkg/common"
	corev1 "k8s.io/api/core/v1"
	_ "sigs.k8s.io/controller-runtime/pkg/webhook/admission" // for sparkpod_defaulter.go
)

// Mutate returns a pod of a role as the webhook leaves it.
func Mutate(template corev1.PodTemplateSpec, role string, app *v1beta2.SparkApplication) (*corev1.Pod, error) {
	pod := &corev1.Pod{ObjectMeta: template.ObjectMeta, Spec: template.Spec}
	if pod.Labels == nil {
		pod.Labels = make(map[string]string)
	}
	pod.Labels[common.LabelSparkRole] = role
	err := mutateSparkPod(pod, app)
	delete(pod.Labels, common.LabelSparkRole)
	return pod, err
}
