package nodepool

import (
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

// cloud is what is known of a cloud's nodes.
type cloud struct {
	// name is the label in which a node names its pool.
	name string
	// notice is that of its spot machines.
	notice  time.Duration
	read    func(name string) (machine.Type, bool)
	formula func(machine.Node) machine.Estimate
}

// clouds returns what is known of a cloud, and false of one that isn't known.
func clouds(of Cloud) (cloud, bool) {
	c, ok := map[Cloud]cloud{
		OnGKE:       {gkeNodePoolLabel, noticeGKE, machine.GCP, machine.GKE},
		OnEKS:       {eksGroupLabel, noticeAWS, machine.AWS, machine.EKS},
		OnAKS:       {aksPoolLabel, noticeAzure, machine.Azure, machine.AKS},
		OnKarpenter: {nodePoolLabel, noticeAWS, machine.AWS, machine.Karpenter},
	}[of]
	return c, ok
}

// shape describes the nodes.
func (e *Existing) shape() millrace.NodeShape {
	out := millrace.NodeShape{
		Pool: e.Name, Labels: map[string]string{}, Max: e.Max, MaxPerZone: e.MaxPerZone,
		Spot: e.Capacity == Spot || e.Capacity == SpotFirst, Agents: e.Agents.DeepCopy(),
	}
	maps.Copy(out.Labels, e.Labels)
	for _, t := range e.Taints {
		out.Taints = append(out.Taints, *t.DeepCopy())
	}
	if out.Max == 0 {
		out.Max = e.MaxPerZone * len(e.Zones)
	}
	one := func(key, value string) {
		if _, said := out.Labels[key]; !said && value != "" {
			out.Labels[key] = value
		}
	}
	one(corev1.LabelInstanceTypeStable, e.Machine)
	one(corev1.LabelArchStable, string(e.Arch))
	if len(e.Zones) == 1 {
		one(corev1.LabelTopologyZone, e.Zones[0])
	} else if len(e.Zones) > 1 {
		out.Requirements = append(out.Requirements, corev1.NodeSelectorRequirement{Key: corev1.LabelTopologyZone, Operator: corev1.NodeSelectorOpIn, Values: slices.Clone(e.Zones)})
	}
	e.measure(&out)
	return out
}

// measure writes into the shape what the cloud is known to leave to pods.
func (e *Existing) measure(shape *millrace.NodeShape) {
	c, ok := clouds(e.Cloud)
	if !ok {
		shape.Allocatable = e.Allocatable.DeepCopy()
		return
	}
	if shape.Spot {
		shape.Notice = c.notice
	}
	shape.Labels[c.name] = e.Name
	if t, known := c.read(e.Machine); known && shape.Labels[corev1.LabelArchStable] == "" && t.Arch != "" {
		shape.Labels[corev1.LabelArchStable] = t.Arch
	}
	e.pool().measure(shape, c.read, c.formula, machine.Node{Disk: orDefault(e.Disk, defaultDiskSize), LocalNVMe: e.LocalNVMe})
}
