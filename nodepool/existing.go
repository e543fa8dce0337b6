package nodepool

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Existing is a node pool that somebody else has made: the platform team, a
// Terraform module, the cluster's own default. It knows what a Pool knows of its
// nodes, so that jobs are sent there, and rules say whether they land and fit.
//
// Rendered nowhere: all of it becomes the shape of the nodes.
type Existing struct {
	// Name is what its cloud calls it.
	//
	// Required: at most 63 characters, as a label value. With Cloud it is also
	// the value of the label by which the cloud's nodes name their pool.
	Name string
	// Cloud is whose nodes they are, which decides by which formula a machine is
	// measured, what the name of a machine type means, and the notice of spot
	// machines.
	//
	// Empty is none of those: say Allocatable, or nothing is known of the size.
	Cloud Cloud

	// Labels are labels that every node of the pool has. Those that say which
	// pool a node belongs to, or whom it is for, are what Placement selects.
	//
	// At least one of these is required, unless Cloud names the pool. Labels
	// that nodes have of themselves (zone, architecture, machine type) count for
	// the shape only.
	Labels map[string]string
	// Taints keep other pods away; Placement tolerates them.
	//
	// Empty means that every pod may run there.
	Taints []corev1.Taint
	// Arch is the processor architecture.
	//
	// Empty is what the machine type tells, or not known.
	Arch Arch
	// Capacity says how the machines are bought. Spot and SpotFirst mark the
	// placement, so that nothing is sent there whose loss loses the work.
	//
	// Empty means OnDemand.
	Capacity Capacity
	// Zones are the zones that nodes may be in. Empty means not known.
	Zones []string

	// Max is the largest number of nodes. Zero means not known.
	Max int
	// MaxPerZone is the largest number in each zone, where the pool counts so, as
	// on GKE. With Zones it tells Max too. Zero means that it doesn't.
	MaxPerZone int

	// Machine is the machine type: "n2-highmem-16", "r6i.4xlarge".
	//
	// Empty means not known, or not the same for all nodes.
	Machine string
	// Shape is what one machine has, where the name of its type doesn't tell, or
	// tells it wrong. Zero means what the name tells.
	Shape Shape
	// Disk is the size of the boot disk, of which pods get their ephemeral
	// storage. Zero means 100 GiB.
	Disk millrace.Bytes
	// LocalNVMe says that the pods' files are on the machine's local disks in
	// place of the boot disk. False means the boot disk.
	LocalNVMe bool
	// Allocatable is what all pods of one node can request together, as
	// "kubectl get node -o yaml" shows it in status.allocatable.
	//
	// Nil means an estimate by the cloud's formula.
	Allocatable corev1.ResourceList
	// Agents is what the agents on each node request together. Nil means what
	// NodeShape.Agents says.
	Agents corev1.ResourceList
}

// Cloud is whose nodes a pool has.
type Cloud string

// The clouds.
const (
	// OnGKE are node pools of Google Kubernetes Engine.
	OnGKE Cloud = "GKE"
	// OnEKS are managed node groups of Amazon's EKS.
	OnEKS Cloud = "EKS"
	// OnAKS are node pools of Azure's AKS.
	OnAKS Cloud = "AKS"
	// OnKarpenter are nodes that Karpenter makes on AWS.
	OnKarpenter Cloud = "Karpenter"
)

// Build checks the pool and returns the shape of its nodes, and nothing that
// could be rendered. The error is a *millrace.BuildError with every mistake.
func (e *Existing) Build() (millrace.Parts, error) {
	problems := millrace.Problems{Object: millrace.Ref{Kind: "nodepool.Existing"}}
	if e == nil {
		problems.Required("", "the pool is nil: leave it out")
		return millrace.Parts{}, problems.Err()
	}
	problems.Object.Name = e.Name
	e.check(&problems)
	if err := problems.Err(); err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Nodes: []millrace.NodeShape{e.shape()}}, nil
}

// check reports what is wrong.
func (e *Existing) check(problems *millrace.Problems) {
	if e.Name == "" {
		problems.Required("Name", "give it the name that its cloud has")
	} else {
		checkValue(problems, "Name", e.Name)
	}
	if _, ok := clouds(e.Cloud); !ok && e.Cloud != "" {
		problems.Invalid("Cloud", string(e.Cloud), "unknown cloud", "use nodepool.OnGKE, OnEKS, OnAKS or OnKarpenter, or leave it out and set Allocatable")
	}
	problems.Labels("Labels", e.Labels)
	if c, ok := clouds(e.Cloud); ok {
		if value, set := e.Labels[c.name]; set && value != e.Name {
			problems.Conflict("Labels["+c.name+"]", fmt.Sprintf("it is %q, and the pool's name is %q", value, e.Name), "leave it out, or correct Name")
		}
	}
	if len(e.selector()) == 0 {
		problems.Required("Labels", "name a label that only this pool's nodes have, or set Cloud, whose nodes name their pool")
	}
	checkTaints(problems, "Taints", e.Taints, map[corev1.Taint]string{})
	e.checkCounts(problems)
	like := e.pool()
	like.checkMachines(problems)
	like.checkZones(problems)
	like.checkShape(problems)
	checkCapacity(problems, e.Capacity)
	checkSizes(problems, e.Allocatable, e.Agents)
	if e.Disk < 0 {
		problems.Invalid("Disk", e.Disk, "is negative", "use a size")
	}
}

// checkCounts checks the numbers of nodes.
func (e *Existing) checkCounts(problems *millrace.Problems) {
	if e.Max < 0 {
		problems.Invalid("Max", e.Max, "is negative", "use 1 or more, or 0 where it isn't known")
	}
	if e.MaxPerZone < 0 {
		problems.Invalid("MaxPerZone", e.MaxPerZone, "is negative", "use 1 or more, or 0 where the pool counts its nodes together")
	}
	if zones := len(e.Zones); zones > 0 && e.MaxPerZone > 0 && e.Max > e.MaxPerZone*zones {
		problems.Conflict("Max", fmt.Sprintf("is %d, and MaxPerZone allows %d in the zones that are named", e.Max, e.MaxPerZone*zones), "leave Max out")
	}
}

// pool is a Pool of the same machines.
func (e *Existing) pool() *Pool {
	return &Pool{Machine: e.Machine, Arch: e.Arch, Zones: e.Zones, Shape: e.Shape, Allocatable: e.Allocatable}
}

// Placement sends pods to the pool: it selects its labels, tolerates its taints
// and guards the pods against both autoscalers, as Pool.Placement does.
//
// Placement doesn't check the pool; Build does. A nil pool gives an empty
// placement. Each call returns memory of its own.
func (e *Existing) Placement() millrace.Placement {
	if e == nil {
		return millrace.Placement{}
	}
	return placementOn(e.selector(), e.Taints, e.shape())
}

// selector returns the labels by which pods find the pool.
func (e *Existing) selector() map[string]string {
	var out map[string]string
	put := func(key, value string) {
		if out == nil {
			out = map[string]string{}
		}
		out[key] = value
	}
	for key, value := range e.Labels {
		if millrace.PoolLabel(key) {
			put(key, value)
		}
	}
	if c, ok := clouds(e.Cloud); ok && len(out) == 0 && e.Name != "" {
		put(c.name, e.Name)
	}
	return out
}

// Fit builds the pool and says how the pods fit on its nodes; see Pool.Fit.
func (e *Existing) Fit(pods ...millrace.Pod) (Fit, error) {
	parts, err := e.Build()
	if err != nil {
		return Fit{}, err
	}
	return FitOn(parts.Nodes[0], pods...)
}
