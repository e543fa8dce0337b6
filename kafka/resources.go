package kafka

import (
	"math"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// Resources are memory and CPU of a node, or of another component's pod.
type Resources struct {
	// Memory is requested, and is the limit as well.
	//
	// Zero means 8 GiB for brokers and 4 GiB for nodes that are controllers
	// only; other components have their own.
	//
	// Rendered as spec.resources.requests.memory and limits.memory.
	// Source: Strimzi, con-common-configuration-properties.
	Memory millrace.Bytes

	// CPU is the number of cores that are requested; 0.5 is half of one.
	//
	// Zero means 2 for brokers and 1 for nodes that are controllers only.
	//
	// Rendered as spec.resources.requests.cpu.
	CPU float64

	// CPULimit is the number of cores that can't be exceeded.
	//
	// Zero means none: a broker that is throttled falls out of the in-sync
	// replicas.
	//
	// Rendered as spec.resources.limits.cpu.
	CPULimit float64
}

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
