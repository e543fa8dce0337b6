package nodepool

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

// measure writes into the shape what the pool's nodes have for pods: what the
// user says, or what the provider's formula makes of the machine; nothing where
// the machine isn't known. read tells what a machine type of the cloud has, and
// the pool's Shape goes before that.
func (p *Pool) measure(shape *millrace.NodeShape, read func(name string) (machine.Type, bool), formula func(machine.Node) machine.Estimate, node machine.Node) {
	if p.Allocatable != nil {
		shape.Allocatable = p.Allocatable.DeepCopy()
		return
	}
	t, ok := read(p.Machine)
	if p.Shape.CPUs > 0 {
		t.CPUs, t.Memory, ok = int64(p.Shape.CPUs), p.Shape.Memory, true
	}
	if !ok {
		return
	}
	node.Type = t
	estimate := formula(node)
	shape.Allocatable, shape.Formula = estimate.Allocatable, estimate.Formula
}
