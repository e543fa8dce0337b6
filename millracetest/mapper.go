package millracetest

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// mapper says which kinds the cluster serves: all of them.
type mapper struct{ meta.RESTMapper }

func newMapper() mapper { return mapper{meta.NewDefaultRESTMapper(nil)} }

// clusterWide are the kinds without a namespace.
var clusterWide = []string{
	"APIService", "CSIDriver", "ClusterPolicy", "ClusterQueue", "ClusterRole", "ClusterRoleBinding", "ClusterWorkflowTemplate",
	"ComputeClass", "CustomResourceDefinition", "EC2NodeClass", "AKSNodeClass", "IngressClass", "MutatingWebhookConfiguration",
	"Namespace", "Node", "NodeClaim", "NodePool", "PersistentVolume", "PriorityClass", "ResourceFlavor", "RuntimeClass", "StorageClass",
	"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "WorkloadPriorityClass",
}

func (m mapper) RESTMapping(gk schema.GroupKind, versions ...string) (*meta.RESTMapping, error) {
	version := "v1"
	if len(versions) > 0 && versions[0] != "" {
		version = versions[0]
	}
	gvk := gk.WithVersion(version)
	plural, _ := meta.UnsafeGuessKindToResource(gvk)
	scope := meta.RESTScopeNamespace
	if slices.Contains(clusterWide, gk.Kind) {
		scope = meta.RESTScopeRoot
	}
	return &meta.RESTMapping{Resource: plural, GroupVersionKind: gvk, Scope: scope}, nil
}

func (m mapper) RESTMappings(gk schema.GroupKind, versions ...string) ([]*meta.RESTMapping, error) {
	mapping, err := m.RESTMapping(gk, versions...)
	return []*meta.RESTMapping{mapping}, err
}

// hasStatus are the kinds whose status is written through a subresource.
// Argo's Workflow is not among them.
var hasStatus = func() []schema.GroupVersionKind {
	var out []schema.GroupVersionKind
	add := func(group string, versions []string, kinds ...string) {
		for _, v := range versions {
			for _, k := range kinds {
				out = append(out, schema.GroupVersionKind{Group: group, Version: v, Kind: k})
			}
		}
	}
	add("sparkoperator.k8s.io", []string{"v1beta2", "v1alpha1"}, "SparkApplication", "ScheduledSparkApplication", "SparkConnect")
	add("spark.apache.org", []string{"v1", "v1beta1"}, "SparkApplication", "SparkCluster")
	add("kafka.strimzi.io", []string{"v1", "v1beta2"}, "Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser", "KafkaConnect",
		"KafkaConnector", "KafkaMirrorMaker2", "KafkaBridge", "KafkaRebalance")
	add("karpenter.sh", []string{"v1"}, "NodePool", "NodeClaim")
	add("karpenter.k8s.aws", []string{"v1"}, "EC2NodeClass")
	return out
}()
