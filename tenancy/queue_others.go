package tenancy

import (
	"encoding/json"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/millrace/millrace"
)

// YuniKorn gives the namespace a queue of its own below Parent, with the
// tenant's quota as its bound: what exceeds it waits, in place of being refused.
// It makes the queue by itself; its placement rules must have one of tag
// namespace with create.
//
// The ResourceQuota holds as well, and counts the placeholders of a gang
// beside the pods that take their place: leave room for that, or set
// Quota.Unlimited and bound the queue by Cores and Memory here.
// Source: YuniKorn, user_guide/resource_quota_management and
// labels_and_annotations_in_yunikorn.
type YuniKorn struct {
	// Parent is the queue above, in full: "root.data".
	//
	// Empty means "root".
	// Rendered as the annotation yunikorn.apache.org/parentqueue of the Namespace.
	Parent string
	// Cores are how many CPUs the queue has.
	//
	// Zero means those of Quota. With an unlimited quota, zero is no bound.
	// Rendered in the annotation yunikorn.apache.org/namespace.quota.
	Cores int
	// Memory is how much memory the queue has.
	//
	// Zero means that of Quota, as for Cores, and it is rendered beside it.
	Memory millrace.Bytes
}

func (y YuniKorn) check(t *Tenant, _ Quota, problems *millrace.Problems) {
	for _, part := range strings.Split(y.parent(), ".") {
		if part == "" || strings.ContainsAny(part, " \t\n") {
			problems.Invalid("Queue.Parent", y.Parent, "not the name of a queue", `use its full name, such as "root.data"`)
			break
		}
	}
	if y.parent() != "root" && !strings.HasPrefix(y.Parent, "root.") {
		problems.Invalid("Queue.Parent", y.Parent, "isn't a full name", `begin with "root."`)
	}
	if len(y.name(t)) > content.LabelValueMaxLength {
		problems.Invalid("Queue.Parent", y.Parent, fmt.Sprintf("with the tenant's name it is longer than the %d characters of a label, which pods have it in", content.LabelValueMaxLength), "use shorter names")
	}
	if y.Cores < 0 {
		problems.Invalid("Queue.Cores", y.Cores, "is negative", "use 0 or more")
	}
	checkSize(problems, "Queue.Memory", y.Memory)
	said := map[string]string{parentQueue: "", namespaceQuota: ""}
	twice(problems, "Annotations", t.Annotations, "Queue", said)
	twice(problems, "NamespaceAnnotations", t.NamespaceAnnotations, "Queue", said)
}

// The annotations of a Namespace that YuniKorn reads.
const (
	parentQueue    = "yunikorn.apache.org/parentqueue"
	namespaceQuota = "yunikorn.apache.org/namespace.quota"
)

func (y YuniKorn) parent() string { return orDefault(y.Parent, "root") }

func (y YuniKorn) name(t *Tenant) string { return y.parent() + "." + t.Name }

func (y YuniKorn) labels(t *Tenant) map[string]string {
	return map[string]string{"queue": y.name(t)}
}

func (y YuniKorn) mark(ns *corev1.Namespace, quota Quota) {
	annotations := map[string]string{parentQueue: y.parent()}
	bound := share(orDefault(y.Cores, quota.Cores), orDefault(y.Memory, quota.Memory))
	if len(bound) > 0 {
		// Strings in a map of strings always have a form in JSON.
		text, _ := json.Marshal(texts(bound))
		annotations[namespaceQuota] = string(text)
	}
	add(&ns.Annotations, annotations)
}

func (YuniKorn) objects(*Tenant, Quota) []millrace.Object { return nil }

// share is an amount of CPU and memory; what is zero isn't in it.
func share(cores int, memory millrace.Bytes) corev1.ResourceList {
	return Amount{MilliCPU: int64(cores) * 1000, Memory: memory}.list()
}

// Volcano makes a Queue of scheduling.volcano.sh/v1beta1 with the tenant's name
// and its quota as the upper bound. Queues belong to the whole cluster.
// Source: volcano-sh/apis, pkg/apis/scheduling/v1beta1/types.go, QueueSpec.
type Volcano struct {
	// Weight is the queue's share beside the others', when there isn't enough
	// for all.
	//
	// Zero means 1. Rendered as spec.weight.
	Weight int32
	// Keep keeps other queues from taking back what this one has beyond its
	// share.
	//
	// False means that they may. Rendered as spec.reclaimable.
	Keep bool
	// Cores are the most CPUs that the queue may have.
	//
	// Zero means those of Quota. With an unlimited quota, zero is no bound.
	// Rendered as cpu in spec.capability.
	Cores int
	// Memory is the most memory that the queue may have.
	//
	// Zero means that of Quota, as for Cores. Rendered as memory in
	// spec.capability.
	Memory millrace.Bytes
}

func (v Volcano) check(t *Tenant, _ Quota, problems *millrace.Problems) {
	if v.Weight < 0 {
		problems.Invalid("Queue.Weight", v.Weight, "is negative", "use 1 or more")
	}
	if v.Cores < 0 {
		problems.Invalid("Queue.Cores", v.Cores, "is negative", "use 0 or more")
	}
	checkSize(problems, "Queue.Memory", v.Memory)
	if t.Name == "root" {
		problems.Conflict("Queue", "Volcano has a queue root of its own", "give the tenant another name")
	}
}

func (Volcano) name(t *Tenant) string { return t.Name }

func (Volcano) labels(*Tenant) map[string]string { return nil }

func (Volcano) mark(*corev1.Namespace, Quota) {}

func (v Volcano) objects(t *Tenant, quota Quota) []millrace.Object {
	spec := map[string]any{"weight": int64(orDefault(v.Weight, 1)), "reclaimable": !v.Keep}
	if bound := share(orDefault(v.Cores, quota.Cores), orDefault(v.Memory, quota.Memory)); len(bound) > 0 {
		spec["capability"] = texts(bound)
	}
	return []millrace.Object{custom("scheduling.volcano.sh/v1beta1", "Queue", t.Name, t.Labels, t.Annotations, spec)}
}
