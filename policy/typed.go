package policy

import (
	"encoding/json"
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/builtin"
	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
	"github.com/millrace/millrace/kafka/strimziv1"
	"github.com/millrace/millrace/nodepool/computeclassv1"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
	"github.com/millrace/millrace/nodepool/karpenterv1"
	"github.com/millrace/millrace/spark/apachev1"
)

// newTyped returns an empty struct for a kind that rules look at, or nil.
func newTyped(gvk schema.GVK) millrace.Object {
	switch gvk.Kind + "." + gvk.Group {
	case "SparkApplication.sparkoperator.k8s.io":
		return new(v1beta2.SparkApplication)
	case "ScheduledSparkApplication.sparkoperator.k8s.io":
		return new(v1beta2.ScheduledSparkApplication)
	case "SparkConnect.sparkoperator.k8s.io":
		return new(v1alpha1.SparkConnect)
	case "SparkApplication.spark.apache.org":
		return new(apachev1.SparkApplication)
	case "SparkCluster.spark.apache.org":
		return new(apachev1.SparkCluster)
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
	case "ScaledObject.keda.sh":
		return new(kedav1alpha1.ScaledObject)
	case "TriggerAuthentication.keda.sh":
		return new(kedav1alpha1.TriggerAuthentication)
	case "ComputeClass.cloud.google.com":
		return new(computeclassv1.ComputeClass)
	case "NodePool.karpenter.sh":
		return new(karpenterv1.NodePool)
	case "EC2NodeClass.karpenter.k8s.aws":
		return new(karpenterawsv1.EC2NodeClass)
	}
	if k, ok := builtin.For(gvk); ok {
		return k.New()
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
	out := newTyped(gvkOf(u))
	if out == nil {
		return o, nil
	}
	data, err := u.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, out); err != nil {
		if gv := u.GroupVersionKind().GroupVersion(); gv.Group == strimziv1.GroupVersion.Group && gv != strimziv1.GroupVersion {
			return o, nil // of a version that had it otherwise; rule kafka/version says so
		}
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
