package machine

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// aksCPUShare is the share of the cores that AKS keeps.
var aksCPUShare = []bracket{{1000, 60}, {2000, 40}, {4000, 20}, {unbounded, 10}}

// aksPods is how many pods a node takes by default, on Azure CNI Overlay.
const aksPods = 250

// AKS estimates what a node of an AKS node pool leaves to pods.
func AKS(n Node) Estimate {
	cpus := n.Type.CPUs * 1000
	pods := int64(n.MaxPods)
	if pods == 0 {
		pods = aksPods
	}
	mib := int64(n.Type.Memory / millrace.MiB)
	kept := min(20*pods+50, mib/4) + 100
	return Estimate{
		Allocatable: corev1.ResourceList{
			corev1.ResourceCPU:    *resource.NewMilliQuantity(cpus-share(cpus, aksCPUShare), resource.DecimalSI),
			corev1.ResourceMemory: (millrace.Bytes(mib-kept) * millrace.MiB).Quantity(),
		},
		Formula: "AKS 1.29 and later",
	}
}
