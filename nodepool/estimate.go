package nodepool

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/machine"
)

// allocatable returns what the pool's nodes have for pods: what the user says,
// or what the provider's formula makes of the machine; nil where the machine
// isn't known. read tells what a machine type of the cloud has.
func (p *Pool) allocatable(read func(name string) (machine.Type, bool), formula func(machine.Node) machine.Estimate, node machine.Node) corev1.ResourceList {
	if p.Allocatable != nil {
		return p.Allocatable.DeepCopy()
	}
	t, ok := read(p.Machine)
	if p.Shape.CPUs > 0 {
		t.CPUs, t.Memory, ok = int64(p.Shape.CPUs), p.Shape.Memory, true
	}
	if !ok {
		return nil
	}
	node.Type = t
	return formula(node).Allocatable
}
