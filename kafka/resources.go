package kafka

import (
	"fmt"
	"maps"
	"math"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// origins registers where the fields stand, below a path.
func (r Resources) origins(of origins, path, field string) {
	for _, part := range [...]struct {
		set        bool
		path, name string
	}{
		{r.Memory != 0, ".requests[memory]", ".Memory"}, {r.Memory != 0, ".limits[memory]", ".Memory"},
		{r.CPU != 0, ".requests[cpu]", ".CPU"}, {r.CPULimit != 0, ".limits[cpu]", ".CPULimit"},
	} {
		if part.set {
			of.add(path+part.path, field+part.name)
		}
	}
}

// fields checks the resources and returns what they say, nil for nothing.
func (r Resources) fields(p *millrace.Problems, at string) *corev1.ResourceRequirements {
	out := &corev1.ResourceRequirements{}
	set := func(list *corev1.ResourceList, name corev1.ResourceName, q resource.Quantity) {
		if *list == nil {
			*list = corev1.ResourceList{}
		}
		(*list)[name] = q
	}
	if checkBytes(p, at+".Memory", r.Memory) && r.Memory > 0 {
		set(&out.Requests, corev1.ResourceMemory, r.Memory.Quantity())
		set(&out.Limits, corev1.ResourceMemory, r.Memory.Quantity())
	}
	if q, ok := cores(p, at+".CPU", r.CPU); ok {
		set(&out.Requests, corev1.ResourceCPU, q)
	}
	if q, ok := cores(p, at+".CPULimit", r.CPULimit); ok {
		set(&out.Limits, corev1.ResourceCPU, q)
	}
	if out.Requests == nil && out.Limits == nil {
		return nil
	}
	return out
}

// heap returns what a field says of a JVM's heap, nil for nothing. Strimzi takes
// only whole numbers with the suffixes m and g here.
func heap(p *millrace.Problems, field string, size millrace.Bytes) *strimziv1.JVMOptions {
	switch {
	case size == 0:
		return nil
	case size < 0 || size%millrace.MiB != 0:
		p.Invalid(field, size, "the JVM is given whole MiB", "round it")
		return nil
	}
	text := fmt.Sprintf("%dm", size/millrace.MiB)
	if size%millrace.GiB == 0 {
		text = fmt.Sprintf("%dg", size/millrace.GiB)
	}
	return &strimziv1.JVMOptions{Xms: new(text), Xmx: new(text)}
}

// cores turns a number of cores into a quantity; zero is unset.
func cores(p *millrace.Problems, at string, n float64) (resource.Quantity, bool) {
	const most = 1 << 16
	if n == 0 {
		return resource.Quantity{}, false
	}
	if !(n >= 0.001 && n <= most) {
		p.Invalid(at, n, "no node has that many cores", "use 0.001 or more, or leave it out")
		return resource.Quantity{}, false
	}
	return *resource.NewMilliQuantity(int64(math.Round(n*1000)), resource.DecimalSI), true
}

// fillResources adds the defaults: as much memory as a limit that is there
// already, and not more CPU than one.
func fillResources(r *corev1.ResourceRequirements, memory millrace.Bytes, cpu float64) {
	if r.Requests == nil {
		r.Requests = corev1.ResourceList{}
	}
	if r.Limits == nil {
		r.Limits = corev1.ResourceList{}
	}
	request, hasRequest := r.Requests[corev1.ResourceMemory]
	limit, hasLimit := r.Limits[corev1.ResourceMemory]
	switch {
	case hasRequest && hasLimit:
	case hasRequest:
		limit = request
	case hasLimit:
		request = limit
	default:
		request, limit = memory.Quantity(), memory.Quantity()
	}
	r.Requests[corev1.ResourceMemory], r.Limits[corev1.ResourceMemory] = request, limit

	if _, ok := r.Requests[corev1.ResourceCPU]; !ok {
		q := *resource.NewMilliQuantity(int64(cpu*1000), resource.DecimalSI)
		if limit, ok := r.Limits[corev1.ResourceCPU]; ok && limit.Cmp(q) < 0 {
			q = limit
		}
		r.Requests[corev1.ResourceCPU] = q
	}
}

// checkResources reports what the operator refuses.
// Source: Strimzi, ModelUtils.validateComputeResources.
func checkResources(p *millrace.Problems, r *corev1.ResourceRequirements, own Resources) {
	for _, name := range slices.Sorted(maps.Keys(r.Requests)) {
		q := r.Requests[name]
		if q.Sign() <= 0 {
			p.Invalid("Base.Resources.Requests["+string(name)+"]", &q, "it is not positive", "give it a size, or leave it out")
		}
		if limit, ok := r.Limits[name]; ok && limit.Cmp(q) < 0 {
			at := "Base.Resources.Limits[" + string(name) + "]"
			if name == corev1.ResourceCPU && own.CPULimit > 0 {
				at = "Resources.CPULimit"
			}
			p.Invalid(at, &limit, "it is less than the request, "+q.String(), "raise the limit or lower the request")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Limits)) {
		if q := r.Limits[name]; q.Sign() <= 0 {
			p.Invalid("Base.Resources.Limits["+string(name)+"]", &q, "it is not positive", "give it a size, or leave it out")
		}
	}
}
