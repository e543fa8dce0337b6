package policy

import (
	"encoding/json"
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// newTyped returns an empty struct for a kind that rules look at, or nil.
func newTyped(gvk schema.GroupVersionKind) millrace.Object {
	switch gvk.GroupKind().String() {
	case "SparkApplication.sparkoperator.k8s.io":
		return new(v1beta2.SparkApplication)
	case "ScheduledSparkApplication.sparkoperator.k8s.io":
		return new(v1beta2.ScheduledSparkApplication)
	case "SparkConnect.sparkoperator.k8s.io":
		return new(v1alpha1.SparkConnect)
	case "Workflow.argoproj.io":
		return new(wfv1.Workflow)
	case "WorkflowTemplate.argoproj.io":
		return new(wfv1.WorkflowTemplate)
	case "ClusterWorkflowTemplate.argoproj.io":
		return new(wfv1.ClusterWorkflowTemplate)
	case "CronWorkflow.argoproj.io":
		return new(wfv1.CronWorkflow)
	case "Kafka.kafka.strimzi.io":
		return new(strimziv1.Kafka)
	case "KafkaNodePool.kafka.strimzi.io":
		return new(strimziv1.KafkaNodePool)
	case "KafkaTopic.kafka.strimzi.io":
		return new(strimziv1.KafkaTopic)
	case "KafkaUser.kafka.strimzi.io":
		return new(strimziv1.KafkaUser)
	case "KafkaConnect.kafka.strimzi.io":
		return new(strimziv1.KafkaConnect)
	case "KafkaConnector.kafka.strimzi.io":
		return new(strimziv1.KafkaConnector)
	case "KafkaMirrorMaker2.kafka.strimzi.io":
		return new(strimziv1.KafkaMirrorMaker2)
	case "KafkaBridge.kafka.strimzi.io":
		return new(strimziv1.KafkaBridge)
	case "NodePool.karpenter.sh":
		return new(karpenterv1.NodePool)
	case "StorageClass.storage.k8s.io":
		return new(storagev1.StorageClass)
	case "Namespace":
		return new(corev1.Namespace)
	case "ResourceQuota":
		return new(corev1.ResourceQuota)
	case "LimitRange":
		return new(corev1.LimitRange)
	case "ConfigMap":
		return new(corev1.ConfigMap)
	case "Secret":
		return new(corev1.Secret)
	case "ServiceAccount":
		return new(corev1.ServiceAccount)
	case "PersistentVolumeClaim":
		return new(corev1.PersistentVolumeClaim)
	case "Pod":
		return new(corev1.Pod)
	case "Deployment.apps":
		return new(appsv1.Deployment)
	case "ReplicaSet.apps":
		return new(appsv1.ReplicaSet)
	case "StatefulSet.apps":
		return new(appsv1.StatefulSet)
	case "DaemonSet.apps":
		return new(appsv1.DaemonSet)
	case "Job.batch":
		return new(batchv1.Job)
	case "CronJob.batch":
		return new(batchv1.CronJob)
	case "HorizontalPodAutoscaler.autoscaling":
		return new(autoscalingv2.HorizontalPodAutoscaler)
	case "Service":
		return new(corev1.Service)
	case "RoleBinding.rbac.authorization.k8s.io":
		return new(rbacv1.RoleBinding)
	case "ClusterRoleBinding.rbac.authorization.k8s.io":
		return new(rbacv1.ClusterRoleBinding)
	case "Ingress.networking.k8s.io":
		return new(networkingv1.Ingress)
	case "PriorityClass.scheduling.k8s.io":
		return new(schedulingv1.PriorityClass)
	}
	return nil
}

// typed returns the object as the struct that rules expect: itself, unless it
// is unstructured and of a kind that has one.
func typed(o millrace.Object) (millrace.Object, error) {
	u, ok := o.(*unstructured.Unstructured)
	if !ok {
		return o, nil
	}
	out := newTyped(u.GroupVersionKind())
	if out == nil {
		return o, nil
	}
	data, err := u.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, out); err != nil {
		return nil, fmt.Errorf("as %s: %w", u.GroupVersionKind().GroupVersion(), err)
	}
	return out, nil
}

// untyped reads one object from JSON.
func untyped(data []byte, err error) (*unstructured.Unstructured, error) {
	if err != nil {
		return nil, err
	}
	u := new(unstructured.Unstructured)
	return u, utiljson.Unmarshal(data, &u.Object)
}
