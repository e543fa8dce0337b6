package tenancy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// checkQuota reports what is wrong with quota and limits, and returns the quota
// that holds: the one that is set, or the one that the pods need.
func (t *Tenant) checkQuota(problems *millrace.Problems) Quota {
	t.Limits.check(problems)
	if h := t.Headroom; h != nil && (*h < 0 || *h > 1000) {
		problems.Invalid("Headroom", *h, "is out of range", "use 0 to 1000 percent")
	}
	quota := t.Quota.clone()
	quota.check(problems)
	set := quota.Cores != 0 || quota.Memory != 0
	switch {
	case quota.Unlimited:
		if t.Headroom != nil {
			problems.Conflict("Headroom", "Quota.Unlimited leaves the quota out", "leave it out")
		}
		return quota
	case set:
		if t.Headroom != nil {
			problems.Conflict("Headroom", "it is for a quota that is computed from Pods, and Quota is set", "leave one of them out")
		}
		quota.required(problems)
	case len(t.Pods) == 0:
		problems.Required("Quota.Cores", "say how much the team may use, list its Pods, or set Quota.Unlimited")
		problems.Required("Quota.Memory", "say how much the team may use, list its Pods, or set Quota.Unlimited")
		return quota
	}
	needed := needOf(problems, "Pods", t.Pods, t.Limits)
	if !set {
		percent := defaultHeadroom
		if t.Headroom != nil {
			percent = *t.Headroom
		}
		quota = quota.with(needed.quota().Plus(percent))
	} else {
		needed.fits(problems, quota)
	}
	t.checkAgree(problems, quota)
	return quota
}

// amounts are the fields of a quota that bound an amount, by their names.
func (q Quota) amounts() map[string]int64 {
	return map[string]int64{
		"Cores": int64(q.Cores), "LimitCores": int64(q.LimitCores), "Memory": int64(q.Memory), "LimitMemory": int64(q.LimitMemory),
		"Scratch": int64(q.Scratch), "Storage": int64(q.Storage), "Claims": int64(q.Claims), "Pods": int64(q.Pods), "LoadBalancers": int64(q.LoadBalancers),
		"NodePorts": int64(q.NodePorts),
	}
}

func (q Quota) check(problems *millrace.Problems) {
	amounts := q.amounts()
	for _, name := range slices.Sorted(maps.Keys(amounts)) {
		n, at := amounts[name], "Quota."+name
		switch {
		case n < 0:
			problems.Invalid(at, n, "is negative", "use 0 or more")
		case n > 0 && q.Unlimited:
			problems.Conflict(at, "Quota.Unlimited leaves the quota out", "leave one of them out")
		case n > 0 && n < int64(millrace.KiB) && slices.Contains([]string{"Memory", "LimitMemory", "Scratch", "Storage"}, name):
			problems.Invalid(at, n, "so many bytes are too few", fmt.Sprintf("give the unit: %d * millrace.GiB", n))
		}
	}
	if q.Unlimited && len(q.Other) > 0 {
		problems.Conflict("Quota.Other", "Quota.Unlimited leaves the quota out", "leave one of them out")
	}
	if q.LimitMemory > 0 && q.LimitMemory < q.Memory {
		problems.Conflict("Quota.LimitMemory", fmt.Sprintf("is less than Memory, %s, and no limit is below its request", q.Memory), "raise it, or leave it out")
	}
	if q.LimitCores > 0 && q.LimitCores < q.Cores {
		problems.Conflict("Quota.LimitCores", fmt.Sprintf("is less than Cores, %d, and no limit is below its request", q.Cores), "raise it, or leave it out")
	}
	if q.Claims > 0 && q.Storage == 0 {
		problems.Conflict("Quota.Claims", "without Storage every claim is refused", "set Storage, too")
	}
	own := q.hard()
	for _, name := range slices.Sorted(maps.Keys(q.Other)) {
		at := fmt.Sprintf("Quota.Other[%s]", name)
		amount := q.Other[name]
		if _, ok := own[name]; ok || slices.Contains(fielded, name) {
			problems.Conflict(at, "it has a field", "set the field of Quota")
		} else if amount.Sign() < 0 {
			problems.Invalid(at, amount.String(), "is negative", "use 0 or more")
		}
		if !strings.Contains(string(name), "/") && !counted(name) {
			problems.Invalid(at, string(name), "is nothing that Kubernetes counts", `use "requests.<domain>/<resource>" or "count/<resource>.<group>"`)
		}
	}
}

// counted are resources without a domain that a quota can count, beside those
// that have a field.
func counted(name corev1.ResourceName) bool {
	return slices.Contains([]corev1.ResourceName{
		corev1.ResourceServices, corev1.ResourceSecrets, corev1.ResourceConfigMaps, corev1.ResourceQuotas, corev1.ResourceReplicationControllers,
		corev1.ResourceLimitsEphemeralStorage,
	}, name) || strings.HasPrefix(string(name), "requests.hugepages-")
}

// fielded are other names of what has a field, and what a field may leave out.
var fielded = []corev1.ResourceName{
	corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage, corev1.ResourceLimitsCPU,
	corev1.ResourceRequestsEphemeralStorage, corev1.ResourcePods, corev1.ResourcePersistentVolumeClaims,
}

// required reports half a quota.
func (q Quota) required(problems *millrace.Problems) {
	if q.Cores == 0 {
		problems.Required("Quota.Cores", "say how many CPUs the team may use")
	}
	if q.Memory == 0 {
		problems.Required("Quota.Memory", "say how much memory the team may use")
	}
}

func (q Quota) clone() Quota {
	q.Other = q.Other.DeepCopy()
	return q
}

// with fills in what q doesn't say.
func (q Quota) with(needed Quota) Quota {
	q.Cores, q.LimitCores = orDefault(q.Cores, needed.Cores), orDefault(q.LimitCores, needed.LimitCores)
	q.Memory, q.LimitMemory = orDefault(q.Memory, needed.Memory), orDefault(q.LimitMemory, needed.LimitMemory)
	q.Scratch, q.Storage = orDefault(q.Scratch, needed.Scratch), orDefault(q.Storage, needed.Storage)
	q.Claims, q.Pods = orDefault(q.Claims, needed.Claims), orDefault(q.Pods, needed.Pods)
	for name, amount := range needed.Other {
		if _, ok := q.Other[name]; !ok {
			if q.Other == nil {
				q.Other = corev1.ResourceList{}
			}
			q.Other[name] = amount
		}
	}
	return q
}

func count(n int) resource.Quantity { return *resource.NewQuantity(int64(n), resource.DecimalSI) }

// hard is the quota as Kubernetes writes it.
func (q Quota) hard() corev1.ResourceList {
	out := corev1.ResourceList{
		corev1.ResourceRequestsCPU:           count(q.Cores),
		corev1.ResourceRequestsMemory:        q.Memory.Quantity(),
		corev1.ResourceLimitsMemory:          orDefault(q.LimitMemory, q.Memory).Quantity(),
		corev1.ResourceRequestsStorage:       q.Storage.Quantity(),
		corev1.ResourceServicesLoadBalancers: count(q.LoadBalancers),
		corev1.ResourceServicesNodePorts:     count(q.NodePorts),
	}
	optional := func(name corev1.ResourceName, set bool, amount resource.Quantity) {
		if set {
			out[name] = amount
		}
	}
	optional(corev1.ResourceLimitsCPU, q.LimitCores > 0, count(q.LimitCores))
	optional(corev1.ResourceRequestsEphemeralStorage, q.Scratch > 0, q.Scratch.Quantity())
	optional(corev1.ResourcePersistentVolumeClaims, q.Claims > 0 || q.Storage == 0, count(q.Claims))
	optional(corev1.ResourcePods, q.Pods > 0, count(q.Pods))
	return out
}

func (t *Tenant) resourceQuota(quota Quota) *corev1.ResourceQuota {
	hard := quota.hard()
	maps.Copy(hard, quota.Other.DeepCopy())
	return &corev1.ResourceQuota{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ResourceQuota"},
		ObjectMeta: t.meta(objectName),
		Spec:       corev1.ResourceQuotaSpec{Hard: hard},
	}
}
