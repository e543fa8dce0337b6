package machine

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

const (
	mib = 1 << 20
	gib = 1 << 30
)

// bracket is a share that holds up to a bound, from the end of the bracket
// before it.
type bracket struct{ upTo, perMille int64 }

// share adds up what the brackets take of n.
func share(n int64, brackets []bracket) int64 {
	var sum, from int64
	for _, b := range brackets {
		if n <= from {
			break
		}
		sum += (min(n, b.upTo) - from) * b.perMille
		from = b.upTo
	}
	return sum / 1000
}

const unbounded = 1 << 52

// kubeCPUShare is the share of the first four cores, in thousandths of one,
// that GKE and EKS keep for the kubelet, the runtime and the system; of those
// above it is a quarter of a percent.
var kubeCPUShare = []bracket{{1000, 60}, {2000, 10}, {4000, 5}}

// kubeCPU is what pods can have of that many cores, in thousandths.
func kubeCPU(cpus int64) int64 {
	// In ten-thousandths, so that a quarter of a percent is a whole number.
	return cpus - share(cpus, kubeCPUShare) - max(cpus-4000, 0)*25/10000
}

// kubeMemoryShare is the share of the memory, in MiB, that GKE, and AKS before
// Kubernetes 1.29, keep for the kubelet, the runtime and the system.
// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes,
// which says that later versions may have another formula.
var kubeMemoryShare = []bracket{{4 << 10, 250}, {8 << 10, 200}, {16 << 10, 100}, {128 << 10, 60}, {unbounded, 20}}

// kernel is the memory that Linux keeps to itself, so that a node has less than
// its machine. Part of it is measured and has no known cause.
// Source: kubernetes/autoscaler, cloudprovider/gce/gce_reserved.go,
// CalculateKernelReserved, for Container-Optimized OS. It agrees with nodes of AKS
// that people have shown to 0.4% of their memory.
func kernel(memory int64) int64 {
	kept := memory/64 + 16*mib + min(memory*175/100000, 248*mib)
	if memory > 3*gib {
		kept += 64 * mib
	}
	if memory <= 8*gib {
		kept += 8 * mib
	}
	return kept
}

// estimate collects what is known of a node; what isn't is left out of it.
type estimate corev1.ResourceList

func (e estimate) cpu(milli int64) {
	e[corev1.ResourceCPU] = *resource.NewMilliQuantity(max(milli, 0), resource.DecimalSI)
}

func (e estimate) memory(bytes int64) {
	e[corev1.ResourceMemory] = millrace.Bytes(max(bytes, 0)).Quantity()
}

func (e estimate) pods(n int64) {
	e[corev1.ResourcePods] = *resource.NewQuantity(n, resource.DecimalSI)
}

func (e estimate) storage(bytes int64) {
	e[corev1.ResourceEphemeralStorage] = millrace.Bytes(max(bytes, 0)).Quantity()
}

func (e estimate) by(formula string) Estimate {
	return Estimate{Allocatable: corev1.ResourceList(e), Formula: formula}
}
