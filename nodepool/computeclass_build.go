package nodepool

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/nodepool/computeclassv1"
)

// ComputeClass builds the pool and returns GKE's object. With another provider
// the error says so.
func (p *Pool) ComputeClass() (*computeclassv1.ComputeClass, error) {
	return objectOf[*computeclassv1.ComputeClass](p, "ComputeClass", "use nodepool.GKEComputeClass")
}

func (c GKEComputeClass) parts(p *Pool, problems *millrace.Problems) millrace.Parts {
	return millrace.Parts{Objects: []millrace.Object{c.class(p, problems)}, Nodes: []millrace.NodeShape{c.nodes(p)}}
}

// class makes the object.
func (c GKEComputeClass) class(p *Pool, problems *millrace.Problems) *computeclassv1.ComputeClass {
	return &computeclassv1.ComputeClass{
		TypeMeta:   metav1.TypeMeta{APIVersion: computeclassv1.GroupVersion.String(), Kind: "ComputeClass"},
		ObjectMeta: metav1.ObjectMeta{Name: p.Name},
		Spec:       c.spec(p, problems),
	}
}

// spec lays the pool over Base and fills in the defaults.
func (c GKEComputeClass) spec(p *Pool, problems *millrace.Problems) computeclassv1.ComputeClassSpec {
	spec := *c.Base.DeepCopy()
	own := computeclassv1.ComputeClassSpec{Priorities: c.priorities(p), NodePoolConfig: c.config(p)}
	if c.Description != "" {
		own.Description = new(c.Description)
	}
	if c.ScaleUpAnyway {
		own.WhenUnsatisfiable = computeclassv1.WhenUnsatisfiableScaleUpAnyway
	}
	if c.Migrate {
		own.ActiveMigration = &computeclassv1.ActiveMigration{OptimizeRulePriority: true}
	}
	if p.Disruption.After != 0 {
		own.AutoscalingPolicy = &computeclassv1.AutoscalingPolicy{ConsolidationDelayMinutes: new(int64(p.Disruption.After / time.Minute))}
	}
	for _, field := range overlay.Lay(&spec, &own) {
		problems.Conflict("Provider.Base."+field, "the pool sets it too", "set it in one place")
	}
	overlay.Fill(&spec, &computeclassv1.ComputeClassSpec{
		WhenUnsatisfiable: computeclassv1.WhenUnsatisfiableDoNotScaleUp,
		AutoscalingPolicy: &computeclassv1.AutoscalingPolicy{ConsolidationDelayMinutes: new(int64(defaultAfter / time.Minute))},
	})
	// Not laid over: what is off is as good as unset there.
	if spec.NodePoolAutoCreation == nil || c.ExistingOnly {
		spec.NodePoolAutoCreation = &computeclassv1.Enabled{Enabled: !c.ExistingOnly}
	}
	return spec
}

// config says what all nodes of the class have.
func (c GKEComputeClass) config(p *Pool) *computeclassv1.NodePoolConfig {
	out := &computeclassv1.NodePoolConfig{NodeLabels: p.labels()}
	for _, t := range append(p.ownTaints(), p.StartupTaints...) {
		out.Taints = append(out.Taints, *t.DeepCopy())
	}
	if c.ServiceAccount != "" {
		out.ServiceAccount = new(c.ServiceAccount)
	}
	if c.GVNIC {
		out.Gvnic = &computeclassv1.Enabled{Enabled: true}
	}
	if p.ImageStreaming {
		out.ImageStreaming = &computeclassv1.Enabled{Enabled: true}
	}
	return out
}

// priorities are the machines in the order in which they are tried.
func (c GKEComputeClass) priorities(p *Pool) []computeclassv1.Priority {
	var out []computeclassv1.Priority
	if len(c.NodePools) > 0 {
		out = append(out, computeclassv1.Priority{Nodepools: append([]string(nil), c.NodePools...)})
	}
	capacities := []bool{p.spot()}
	if p.Capacity == SpotFirst {
		capacities = []bool{true, false}
	}
	for _, cheap := range capacities {
		for _, name := range append([]string{p.Machine}, p.OtherMachines...) {
			if name != "" {
				one := c.priority(p, name, cheap)
				one.MachineType = new(name)
				out = append(out, one)
			}
		}
		for _, family := range c.Families {
			one := c.priority(p, family+"-", cheap)
			one.MachineFamily = new(family)
			if c.MinCPUs > 0 {
				one.MinCores = new(int64(c.MinCPUs))
			}
			if c.MinMemory > 0 {
				one.MinMemoryGb = new(int64(c.MinMemory / millrace.GiB))
			}
			out = append(out, one)
		}
	}
	return out
}

// priority is what one of them has beside its machines.
func (c GKEComputeClass) priority(p *Pool, machineType string, cheap bool) computeclassv1.Priority {
	var out computeclassv1.Priority
	policy := LocationBalanced
	if cheap {
		out.Spot, policy = new(true), LocationAny
	}
	out.Location = &computeclassv1.Location{LocationPolicy: computeclassv1.LocationPolicy(orDefault(c.LocationPolicy, policy))}
	out.Location.Zones = append(out.Location.Zones, p.Zones...)
	out.Storage = &computeclassv1.Storage{
		BootDiskSize: new(int64(p.Disk.gib())),
		BootDiskType: computeclassv1.BootDiskType(gkeDiskType(p.Disk, machineType)),
	}
	if c.LocalSSDs > 0 && machine.GCPLocalSSDs(machineType).Own == 0 {
		out.Storage.LocalSSDCount = new(int64(c.LocalSSDs))
	}
	for _, disk := range c.SecondaryBootDisks {
		if m := gkeImage.FindStringSubmatch(disk); m != nil {
			out.Storage.SecondaryBootDisks = append(out.Storage.SecondaryBootDisks, computeclassv1.SecondaryBootDisk{
				DiskImageName: m[2], Mode: gkeImageCache, Project: new(m[1])})
		}
	}
	if c.MaxPods > 0 {
		out.MaxPodsPerNode = new(int64(c.MaxPods))
	}
	if c.MaxRun > 0 {
		out.MaxRunDurationSeconds = new(int64(c.MaxRun / time.Second))
	}
	return out
}

// selector is the label of the class, by which GKE knows the pods that it makes
// nodes for.
func (c GKEComputeClass) selector(p *Pool) map[string]string {
	return map[string]string{computeClassLabel: p.Name}
}

// taints are those that GKE puts on the nodes, and those of Base.
func (c GKEComputeClass) taints(p *Pool) []corev1.Taint {
	return NodesOfComputeClass(c.class(p, &millrace.Problems{})).Taints
}
