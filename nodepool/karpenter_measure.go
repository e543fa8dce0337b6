package nodepool

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// measure writes into the shape what the nodes have for pods: of several machine
// types, what each of them has at least. It is Karpenter's own estimate, as
// Karpenter buys no machine for pods that are larger than that, whatever the
// node would have in the end.
func (k Karpenter) measure(p *Pool, pool *karpenterv1.NodePool, shape *millrace.NodeShape) {
	if p.Allocatable != nil {
		shape.Allocatable = p.Allocatable.DeepCopy()
		return
	}
	var read func(string) (machine.Type, bool)
	var formula func(machine.Node) machine.Estimate
	switch k.reference(p).Group {
	case awsGroup:
		read, formula = machine.AWS, machine.Karpenter
	case azureGroup:
		read, formula = machine.Azure, machine.KarpenterAzure
	default:
		return // EKS Auto Mode says nowhere what it keeps.
	}
	names := machinesOf(pool)
	if p.Shape.CPUs > 0 {
		names = []string{p.Machine}
	}
	for i, name := range names {
		t, ok := read(name)
		if p.Shape.CPUs > 0 {
			t.CPUs, t.Memory, ok = int64(p.Shape.CPUs), p.Shape.Memory, true
			t.Arch = orDefault(t.Arch, string(p.arch()))
		}
		if !ok {
			shape.Allocatable, shape.Formula = nil, ""
			return
		}
		estimate := formula(k.node(p, t))
		list := k.without(estimate.Allocatable)
		if i == 0 {
			shape.Allocatable, shape.Formula = list, estimate.Formula
			continue
		}
		shape.Allocatable = least(shape.Allocatable, list)
	}
}

// machinesOf returns the machine types that a pool is sure to be made of.
func machinesOf(pool *karpenterv1.NodePool) []string {
	for _, r := range pool.Spec.Template.Spec.Requirements {
		if stableKey(r.Key) == corev1.LabelInstanceTypeStable && r.Operator == karpenterv1.NodeSelectorOperatorIn {
			return r.Values
		}
	}
	return nil
}

// node is what a node class makes of a machine.
func (k Karpenter) node(p *Pool, t machine.Type) machine.Node {
	n := machine.Node{Type: t}
	if k.EC2 == nil {
		return n
	}
	n.Disk, n.LocalNVMe = orDefault(p.Disk.Size, defaultDiskSize), p.Disk.LocalNVMe
	for _, kubelet := range []*karpenterawsv1.KubeletConfiguration{&k.EC2.Kubelet, k.EC2.Base.Kubelet} {
		if kubelet != nil && kubelet.MaxPods != nil {
			n.MaxPods = int(*kubelet.MaxPods)
		}
	}
	if n.MaxPods > 0 && k.EC2.family() == karpenterawsv1.AMIFamilyBottlerocket {
		// Others keep memory for as many pods as there are addresses.
		n.Type.MaxPods = n.MaxPods
	}
	return n
}

// without takes out what nobody can know: the disk that Base describes, and what
// the kubelet's own settings change.
func (k Karpenter) without(list corev1.ResourceList) corev1.ResourceList {
	if k.EC2 == nil {
		return list
	}
	if len(k.EC2.Base.BlockDeviceMappings) > 0 || ephemeralDevice(k.EC2.family()) == "" {
		delete(list, corev1.ResourceEphemeralStorage)
	}
	for _, kubelet := range []*karpenterawsv1.KubeletConfiguration{&k.EC2.Kubelet, k.EC2.Base.Kubelet} {
		if kubelet == nil {
			continue
		}
		if kubelet.PodsPerCore != nil {
			delete(list, corev1.ResourcePods)
			delete(list, corev1.ResourceMemory)
		}
		for key := range kubelet.KubeReserved {
			delete(list, corev1.ResourceName(key))
		}
		for signal, name := range map[string]corev1.ResourceName{"memory.available": corev1.ResourceMemory, "nodefs.available": corev1.ResourceEphemeralStorage} {
			if _, ok := kubelet.EvictionHard[signal]; ok {
				delete(list, name)
			}
		}
		reserve(list, kubelet.SystemReserved)
	}
	return list
}

// reserve takes off what is kept for the system.
func reserve(list corev1.ResourceList, reserved map[string]string) {
	for key, text := range reserved {
		name := corev1.ResourceName(key)
		have, ok := list[name]
		q, err := resource.ParseQuantity(text)
		switch {
		case !ok:
		case err != nil:
			delete(list, name)
		default:
			have.Sub(q)
			if have.Sign() <= 0 {
				delete(list, name)
				continue
			}
			list[name] = have
		}
	}
}

// least returns what both lists have, and of each resource the smaller amount.
func least(a, b corev1.ResourceList) corev1.ResourceList {
	out := corev1.ResourceList{}
	for name, have := range a {
		other, ok := b[name]
		switch {
		case !ok:
		case other.Cmp(have) < 0:
			out[name] = other
		default:
			out[name] = have
		}
	}
	return out
}
