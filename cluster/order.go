package cluster

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// runsOnce reports whether objects of the kind do something once and end.
// They are created, not applied: applying a change to a SparkApplication that
// ran would run it again, and Argo has no status subresource, so an apply
// could wipe what the controller wrote.
func runsOnce(gk schema.GroupKind) bool {
	switch gk {
	case schema.GroupKind{Group: "argoproj.io", Kind: "Workflow"},
		schema.GroupKind{Group: "sparkoperator.k8s.io", Kind: "SparkApplication"},
		schema.GroupKind{Group: "spark.apache.org", Kind: "SparkApplication"},
		schema.GroupKind{Group: "batch", Kind: "Job"}:
		return true
	default:
		return false
	}
}

// order is what is submitted before what. Kinds that are not named go between
// the last of these and the workloads.
var order = []string{
	// What others need in order to exist at all.
	"CustomResourceDefinition", "Namespace", "PriorityClass", "StorageClass", "ClusterRole", "ClusterRoleBinding",
	// What limits and permits, before anything uses it up.
	"ResourceQuota", "LimitRange", "ServiceAccount", "Role", "RoleBinding", "NetworkPolicy",
	// What others mount or read.
	"Secret", "ConfigMap", "PersistentVolume", "PersistentVolumeClaim", "Service",
	// Where pods land.
	"EC2NodeClass", "ComputeClass", "NodePool",
	// Kafka: the cluster refers to its pools, everything else to the cluster.
	"KafkaNodePool", "Kafka", "KafkaTopic", "KafkaUser", "KafkaConnect", "KafkaConnector", "KafkaMirrorMaker2", "KafkaBridge",
	// What workflows refer to.
	"ClusterWorkflowTemplate", "WorkflowTemplate",
}

// last are the kinds that start work by themselves, after all others that live
// long.
var last = []string{"Deployment", "StatefulSet", "DaemonSet", "SparkConnect", "ScheduledSparkApplication", "CronWorkflow", "CronJob"}

// rank returns the place of a kind in the order of submission.
func rank(gk schema.GroupKind) int {
	if runsOnce(gk) {
		return len(order) + len(last) + 2
	}
	if i := slices.Index(order, gk.Kind); i >= 0 {
		return i
	}
	if i := slices.Index(last, gk.Kind); i >= 0 {
		return len(order) + 1 + i
	}
	return len(order)
}

// sorted returns the items in the order of submission; those of one rank stay
// in the order of composition.
func sorted(items []*item) []*item {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b *item) int {
		return cmp.Compare(rank(a.gvk.GroupKind()), rank(b.gvk.GroupKind()))
	})
	return items
}
