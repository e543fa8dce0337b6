package tenancy

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// dimension is one resource of an Amount.
type dimension struct {
	field string
	name  corev1.ResourceName
	of    func(Amount) resource.Quantity
}

var dimensions = []dimension{
	{"MilliCPU", corev1.ResourceCPU, func(a Amount) resource.Quantity { return *resource.NewMilliQuantity(a.MilliCPU, resource.DecimalSI) }},
	{"Memory", corev1.ResourceMemory, func(a Amount) resource.Quantity { return a.Memory.Quantity() }},
	{"Scratch", corev1.ResourceEphemeralStorage, func(a Amount) resource.Quantity { return a.Scratch.Quantity() }},
}

// list is the amount as Kubernetes writes it; nil for nothing.
func (a Amount) list() corev1.ResourceList {
	var out corev1.ResourceList
	for _, d := range dimensions {
		if q := d.of(a); !q.IsZero() {
			if out == nil {
				out = corev1.ResourceList{}
			}
			out[d.name] = q
		}
	}
	return out
}

// or fills in what an amount doesn't say.
func (a Amount) or(def Amount) Amount {
	return Amount{orDefault(a.MilliCPU, def.MilliCPU), orDefault(a.Memory, def.Memory), orDefault(a.Scratch, def.Scratch)}
}

// filled are the limits with their defaults: those that are set bound those
// that aren't.
func (l Limits) filled() Limits {
	l.Request = l.Request.or(Amount{MilliCPU: defaultMilliCPU, Memory: defaultMemory})
	if l.Limit.Memory == 0 {
		l.Limit.Memory = l.Request.Memory
	}
	// The API server does the same: a default limit that isn't said is max.
	l.Limit.MilliCPU = orDefault(l.Limit.MilliCPU, l.Max.MilliCPU)
	l.Limit.Scratch = orDefault(l.Limit.Scratch, l.Max.Scratch)
	return l
}

func (l Limits) check(problems *millrace.Problems) {
	for _, of := range []struct {
		field  string
		amount Amount
	}{{"Request", l.Request}, {"Limit", l.Limit}, {"Max", l.Max}} {
		of.amount.check(problems, "Limits."+of.field)
	}
	checkSize(problems, "Limits.MaxClaim", l.MaxClaim)
	l = l.sane()
	f := l.filled()
	for _, d := range dimensions {
		request, limit, most := d.of(f.Request), d.of(f.Limit), d.of(l.Max)
		if limit.Sign() > 0 && request.Cmp(limit) > 0 {
			problems.Conflict("Limits.Request."+d.field, fmt.Sprintf("%s is above the limit that containers get, %s: the API server refuses both", &request, &limit),
				"lower it, or raise Limits.Limit."+d.field)
		}
		if most.Sign() > 0 && limit.Cmp(most) > 0 {
			problems.Conflict("Limits.Limit."+d.field, fmt.Sprintf("%s is above Max, %s: the API server refuses both", &limit, &most),
				"lower it, or raise Limits.Max."+d.field)
		}
	}
}

// sane leaves out the sizes that have been reported as such, and needn't agree
// with others.
func (l Limits) sane() Limits {
	for _, a := range []*Amount{&l.Request, &l.Limit, &l.Max} {
		a.MilliCPU, a.Memory, a.Scratch = max(a.MilliCPU, 0), saneSize(a.Memory), saneSize(a.Scratch)
	}
	return l
}

func saneSize(size millrace.Bytes) millrace.Bytes {
	if size < millrace.KiB {
		return 0
	}
	return size
}

func (a Amount) check(problems *millrace.Problems, field string) {
	if a.MilliCPU < 0 {
		problems.Invalid(field+".MilliCPU", a.MilliCPU, "is negative", "use 0 or more")
	}
	checkSize(problems, field+".Memory", a.Memory)
	checkSize(problems, field+".Scratch", a.Scratch)
}

func checkSize(problems *millrace.Problems, field string, size millrace.Bytes) {
	switch {
	case size < 0:
		problems.Invalid(field, int64(size), "is negative", "use 0 or more")
	case size > 0 && size < millrace.KiB:
		problems.Invalid(field, int64(size), "so many bytes are too few", fmt.Sprintf("give the unit: %d * millrace.MiB", int64(size)))
	}
}

// checkAgree reports limits that the quota makes impossible, and what the quota
// demands that they don't fill in.
func (t *Tenant) checkAgree(problems *millrace.Problems, quota Quota) {
	t = &Tenant{Limits: t.Limits.sane()}
	quota.Memory, quota.LimitMemory, quota.Scratch = saneSize(quota.Memory), saneSize(quota.LimitMemory), saneSize(quota.Scratch)
	l := t.Limits.filled()
	requests := Amount{MilliCPU: int64(quota.Cores) * 1000, Memory: quota.Memory, Scratch: quota.Scratch}
	limits := Amount{MilliCPU: int64(quota.LimitCores) * 1000, Memory: orDefault(quota.LimitMemory, quota.Memory)}
	if quota.LimitCores > 0 && l.Limit.MilliCPU == 0 {
		problems.Conflict("Quota.LimitCores", "every container without a limit of CPU is refused, as the limits give it none", "set Limits.Limit.MilliCPU, or leave it out")
	}
	above := func(field, what string, d dimension, amount, bound Amount) {
		have, most := d.of(amount), d.of(bound)
		if most.Sign() > 0 && have.Cmp(most) > 0 {
			problems.Conflict(field+"."+d.field, fmt.Sprintf("%s for one container is more than %s, %s: it never starts", &have, what, &most), "lower it, or raise the quota")
		}
	}
	for _, d := range dimensions {
		above("Limits.Request", "the quota's requests", d, l.Request, requests)
		above("Limits.Limit", "the quota's limits", d, t.Limits.Limit, limits)
		above("Limits.Max", "the quota's requests", d, t.Limits.Max, requests)
	}
	if t.Limits.MaxClaim > quota.Storage {
		problems.Conflict("Limits.MaxClaim", fmt.Sprintf("%s for one claim is more than Quota.Storage, %s", t.Limits.MaxClaim, quota.Storage), "lower it, or raise Quota.Storage")
	}
}

func (t *Tenant) limitRange() *corev1.LimitRange {
	l := t.Limits.filled()
	items := []corev1.LimitRangeItem{{
		Type: corev1.LimitTypeContainer, Max: l.Max.list(), Default: l.Limit.list(), DefaultRequest: l.Request.list(),
	}}
	if l.MaxClaim > 0 {
		items = append(items, corev1.LimitRangeItem{
			Type: corev1.LimitTypePersistentVolumeClaim, Max: corev1.ResourceList{corev1.ResourceStorage: l.MaxClaim.Quantity()},
		})
	}
	return &corev1.LimitRange{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "LimitRange"},
		ObjectMeta: t.meta(objectName),
		Spec:       corev1.LimitRangeSpec{Limits: items},
	}
}
