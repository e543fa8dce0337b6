package tenancy

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
)

// Kueue makes a LocalQueue of kueue.x-k8s.io/v1beta2 in the namespace, which
// gets its share from a ClusterQueue. Kueue lets jobs in that say the queue;
// all others it passes over, unless its manageJobsWithoutQueueName is set.
// Source: kubernetes-sigs/kueue, apis/kueue/v1beta2/localqueue_types.go and
// clusterqueue_types.go.
type Kueue struct {
	// Name of the LocalQueue. Empty means the tenant's name.
	// Rendered as metadata.name.
	Name string
	// ClusterQueue is where the share comes from: one of Platform.Queues, or one
	// that somebody else made. Its namespaceSelector must take in the tenant;
	// that of Platform.Queues looks for the label tenancy.millrace.github.io/cluster-queue,
	// which the Namespace gets.
	//
	// Required. Rendered as spec.clusterQueue.
	ClusterQueue string
}

const (
	kueueVersion   = "kueue.x-k8s.io/v1beta2"
	kueueQueueName = "kueue.x-k8s.io/queue-name"
	// clusterQueueLabel tells a ClusterQueue whose jobs it takes.
	clusterQueueLabel = "tenancy.millrace.github.io/cluster-queue"
)

func (k Kueue) check(t *Tenant, _ Quota, problems *millrace.Problems) {
	if k.Name != "" {
		problems.LabelName("Queue.Name", k.Name) // jobs carry it as a label
	}
	if k.ClusterQueue == "" {
		problems.Required("Queue.ClusterQueue", "name the ClusterQueue that the share comes from")
		return
	}
	problems.LabelName("Queue.ClusterQueue", k.ClusterQueue)
	if t.Platform != nil && len(t.Platform.Queues) > 0 && !slices.ContainsFunc(t.Platform.Queues, func(q ClusterQueue) bool { return q.Name == k.ClusterQueue }) {
		problems.Add(millrace.RuleUnknown, "Queue.ClusterQueue", "Platform.Queues has no "+k.ClusterQueue, "correct the name, or add the queue there")
	}
}

func (k Kueue) name(t *Tenant) string { return orDefault(k.Name, t.Name) }

func (k Kueue) labels(t *Tenant) map[string]string {
	return map[string]string{kueueQueueName: k.name(t)}
}

func (k Kueue) mark(ns *corev1.Namespace, _ Quota) {
	add(&ns.Labels, map[string]string{clusterQueueLabel: k.ClusterQueue})
}

func (k Kueue) objects(t *Tenant, _ Quota) []millrace.Object {
	o := custom(kueueVersion, "LocalQueue", k.name(t), t.Labels, t.Annotations, map[string]any{"clusterQueue": k.ClusterQueue})
	o.SetNamespace(t.Name)
	return []millrace.Object{o}
}

// custom makes an object of a kind whose types aren't linked.
func custom(version, kind, name string, labels, annotations map[string]string, spec map[string]any) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": version, "kind": kind, "spec": spec}}
	o.SetName(name)
	if len(labels) > 0 {
		o.SetLabels(maps.Clone(labels))
	}
	if len(annotations) > 0 {
		o.SetAnnotations(maps.Clone(annotations))
	}
	return o
}

// texts is a list of resources as custom objects hold it.
func texts(list corev1.ResourceList) map[string]any {
	out := make(map[string]any, len(list))
	for name, q := range list {
		out[string(name)] = q.String()
	}
	return out
}
