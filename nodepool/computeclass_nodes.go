package nodepool

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
	"github.com/millrace/millrace/nodepool/computeclassv1"
)

// NodesOfComputeClass returns the shape of the nodes of a ComputeClass of GKE, one
// that was loaded from a manifest for instance. Labels and taints are the
// class's own, those of spec.nodePoolConfig, and those that every priority
// has; where its priorities differ, in machine types or zones, the shape's
// requirements say what there is. Where the class names node pools, their
// machines may be any.
//
// A nil class has the zero shape. The result shares no memory with the class.
// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes.
func NodesOfComputeClass(class *computeclassv1.ComputeClass) millrace.NodeShape {
	if class == nil {
		return millrace.NodeShape{}
	}
	shape := millrace.NodeShape{Pool: class.Name, Labels: map[string]string{}}
	spec := &class.Spec
	if spec.NodePoolConfig != nil {
		maps.Copy(shape.Labels, spec.NodePoolConfig.NodeLabels)
		for _, t := range spec.NodePoolConfig.Taints {
			if !strings.HasPrefix(t.Key, startupTaintPrefix) {
				shape.Taints = append(shape.Taints, *t.DeepCopy())
			}
		}
	}
	shape.Labels[computeClassLabel] = class.Name
	shape.Labels[corev1.LabelOSStable] = string(corev1.Linux)
	own := []corev1.Taint{{Key: computeClassLabel, Value: class.Name, Effect: corev1.TaintEffectNoSchedule}}
	classMachines(spec, &shape, &own)
	shape.Taints = append(own, shape.Taints...)
	commonToAll(spec.Priorities, &shape)
	return shape
}

// classMachines tells of the machines, and adds the taints that go with them.
func classMachines(spec *computeclassv1.ComputeClassSpec, shape *millrace.NodeShape, taints *[]corev1.Taint) {
	var types, zones []string
	var cheap, steady, arm bool
	open := len(spec.Priorities) == 0 || spec.WhenUnsatisfiable == computeclassv1.WhenUnsatisfiableScaleUpAnyway
	allTyped, allZoned := !open, !open
	for i := range spec.Priorities {
		one := &spec.Priorities[i]
		spotMachine := one.Spot != nil && *one.Spot
		cheap, steady = cheap || spotMachine, steady || !spotMachine
		if len(one.Nodepools) > 0 {
			open, steady = true, true
		}
		name := ""
		if one.MachineType != nil {
			name = *one.MachineType
			types = append(types, name)
		} else if one.MachineFamily != nil {
			name = *one.MachineFamily + "-x"
		}
		arm = arm || gkeArm.MatchString(name)
		allTyped = allTyped && one.MachineType != nil
		if allZoned = allZoned && one.Location != nil && len(one.Location.Zones) > 0; allZoned {
			zones = append(zones, one.Location.Zones...)
		}
	}
	if cheap {
		*taints = append(*taints, corev1.Taint{Key: gkeSpotLabel, Value: "true", Effect: corev1.TaintEffectNoSchedule})
		shape.Spot, shape.Notice = true, noticeGKE
	}
	if arm {
		*taints = append(*taints, corev1.Taint{Key: corev1.LabelArchStable, Value: string(ARM64), Effect: corev1.TaintEffectNoSchedule})
	}
	switch {
	case open:
	case cheap && !steady:
		shape.Labels[gkeSpotLabel] = "true"
	case !cheap:
		shape.Requirements = append(shape.Requirements, corev1.NodeSelectorRequirement{Key: gkeSpotLabel, Operator: corev1.NodeSelectorOpDoesNotExist})
	}
	shape.Requirements = append(shape.Requirements, corev1.NodeSelectorRequirement{Key: nodePoolLabel, Operator: corev1.NodeSelectorOpDoesNotExist})
	if allTyped {
		oneOf(shape, corev1.LabelInstanceTypeStable, types)
	}
	if allZoned {
		oneOf(shape, corev1.LabelTopologyZone, zones)
	}
}

// oneOf tells what values a label has: one that all nodes have, or one of some.
func oneOf(shape *millrace.NodeShape, key string, values []string) {
	values = slices.Compact(slices.Sorted(slices.Values(values)))
	if len(values) == 1 {
		shape.Labels[key] = values[0]
		return
	}
	shape.Requirements = append(shape.Requirements, corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpIn, Values: values})
}

// commonToAll adds the labels and taints that each priority has.
func commonToAll(priorities []computeclassv1.Priority, shape *millrace.NodeShape) {
	if len(priorities) == 0 {
		return
	}
	for key, value := range priorities[0].NodeLabels {
		if !slices.ContainsFunc(priorities, func(p computeclassv1.Priority) bool {
			have, ok := p.NodeLabels[key]
			return !ok || have != value
		}) {
			shape.Labels[key] = value
		}
	}
	for _, t := range priorities[0].Taints {
		if !slices.ContainsFunc(priorities, func(p computeclassv1.Priority) bool {
			return !slices.ContainsFunc(p.Taints, func(have corev1.Taint) bool { return have.MatchTaint(&t) && have.Value == t.Value })
		}) {
			shape.Taints = append(shape.Taints, *t.DeepCopy())
		}
	}
}

// nodes describes the nodes. Of machines of several sizes the smallest counts:
// what fits there fits on all.
func (c GKEComputeClass) nodes(p *Pool) millrace.NodeShape {
	shape := NodesOfComputeClass(c.class(p, &millrace.Problems{}))
	if !c.ScaleUpAnyway && len(c.NodePools) == 0 {
		shape.Labels[corev1.LabelArchStable] = string(p.arch())
	}
	if p.Allocatable == nil && p.Shape.CPUs == 0 && (len(c.Families) > 0 || len(c.NodePools) > 0 || c.ScaleUpAnyway) {
		return shape // Any size.
	}
	for i, name := range append([]string{p.Machine}, p.OtherMachines...) {
		one, of := *p, millrace.NodeShape{}
		one.Machine = name
		one.measure(&of, machine.GCP, machine.GKE, machine.Node{Disk: orDefault(p.Disk.Size, defaultDiskSize),
			LocalNVMe: p.Disk.LocalNVMe || c.LocalSSDs > 0, LocalDisks: GKE{LocalSSDs: c.LocalSSDs}.localSSDs(&one), MaxPods: c.MaxPods})
		if of.Allocatable == nil {
			shape.Allocatable, shape.Formula = nil, ""
			break
		}
		if i == 0 {
			shape.Allocatable, shape.Formula = of.Allocatable, of.Formula
			continue
		}
		for resource, least := range shape.Allocatable {
			if q, ok := of.Allocatable[resource]; !ok {
				delete(shape.Allocatable, resource)
			} else if q.Cmp(least) < 0 {
				shape.Allocatable[resource] = q
			}
		}
	}
	return shape
}
