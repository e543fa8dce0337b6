package nodepool

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/nodefit"
)

// Fit is how pods fit on the nodes of a pool. Its figures rest on what the
// nodes are expected to have: they are an estimate unless Pool.Allocatable says
// it.
type Fit struct {
	// Pool is the pool's name.
	Pool string
	// Allocatable is what all pods of one node can request together.
	Allocatable corev1.ResourceList
	// Formula names what Allocatable is estimated by; empty where somebody has
	// said it.
	Formula string
	// Agents is what the cluster's agents take of it on each node.
	Agents corev1.ResourceList
	// Pods are the sorts of pods, in the order in which they were given.
	Pods []PodFit
	// NodesMin and NodesMax are how many nodes all pods take together, when
	// there are the fewest and the most of them. NodesMax is zero where nothing
	// bounds them. Pods that the pool refuses, or that are larger than a node,
	// don't count.
	NodesMin, NodesMax int
	// Nodes is the most nodes that the pool may have, and NodesPerZone the most
	// in each zone; zero is unknown, or no such bound.
	Nodes, NodesPerZone int
}

// PodFit is how one sort of pod fits on a node.
type PodFit struct {
	// Role is Pod.Role.
	Role string
	// Min and Max are how many there are, as Pod says.
	Min, Max int
	// Requests is what one pod requests, with its init containers, sidecars and
	// overhead.
	Requests corev1.ResourceList
	// Refusal is what keeps the pods off the pool, whatever their size. Where it
	// isn't empty, nothing below is said.
	Refusal millrace.Refusal
	// PerNode is how many a node has room for beside the agents, if it has no
	// others. Zero means that a node is too small.
	PerNode int
	// BoundBy is the resource by which it isn't one more: cpu, memory,
	// ephemeral-storage, pods. Empty where the pods request nothing, so that any
	// number of them fits; PerNode is zero then.
	BoundBy corev1.ResourceName
	// By is how many there would be by each resource that bounds them. One that
	// the pods don't request, or that isn't known of the nodes, is not in it.
	By map[corev1.ResourceName]int
	// Unused is the CPU and the memory that a node full of these pods leaves.
	Unused corev1.ResourceList
	// CPUUnused and MemoryUnused are the same as shares, 0 to 1, of what a node
	// has beside the agents.
	CPUUnused, MemoryUnused float64
	// Better is a request that leaves less unused. Nil where the request is
	// good, where there aren't as many pods as would fill a node, or where none
	// is known.
	Better *BetterRequest
}

// BetterRequest is another size of a pod, near its own.
type BetterRequest struct {
	// Requests are the amounts that differ, of the pod with all its containers.
	Requests corev1.ResourceList
	// PerNode is how many pods then fit on a node.
	PerNode int
	// CPUUnused and MemoryUnused are the shares that then remain unused.
	CPUUnused, MemoryUnused float64
}

// UnknownSizeError says that nobody knows what the nodes of a pool have, so
// that nothing can be said of what fits on them.
type UnknownSizeError struct {
	// Pool is the pool's name.
	Pool string
	// Machine is its machine type; empty where it has none.
	Machine string
}

// Error says what isn't known, and what to do.
func (e *UnknownSizeError) Error() string {
	what := "its machines aren't known"
	if e.Machine != "" {
		what = fmt.Sprintf("unknown machine %q", e.Machine)
	}
	return fmt.Sprintf("fit on pool %s: %s: set Shape to what one has, or Allocatable to what a node shows", e.Pool, what)
}

// Fit builds the pool and says how the pods fit on its nodes. Pods come from
// spark.Pods, kafka.Pods, workflow.Pods, or are made by hand. Those of all
// together are counted as sharing the pool.
//
// The error is that of Build, or an *UnknownSizeError.
func (p *Pool) Fit(pods ...millrace.Pod) (Fit, error) {
	parts, err := p.Build()
	if err != nil {
		return Fit{}, err
	}
	if len(parts.Nodes) == 0 {
		return Fit{}, &UnknownSizeError{Pool: p.Name, Machine: p.Machine}
	}
	return FitOn(parts.Nodes[0], pods...)
}

// FitOn says how the pods fit on nodes of a shape, such as one of
// Bundle.Nodes. The result shares no memory with them.
//
// The error is an *UnknownSizeError.
func FitOn(shape millrace.NodeShape, pods ...millrace.Pod) (Fit, error) {
	shape = shape.Clone()
	have, known := nodefit.Of(shape)
	if !known {
		return Fit{}, &UnknownSizeError{Pool: shape.Pool, Machine: shape.Labels[corev1.LabelInstanceTypeStable]}
	}
	out := Fit{
		Pool: shape.Pool, Allocatable: shape.Allocatable, Formula: shape.Formula, Agents: nodefit.Agents(shape).DeepCopy(),
		Nodes: shape.Max, NodesPerZone: shape.MaxPerZone,
	}
	var least, most []nodefit.Batch
	bounded := true
	for _, pod := range pods {
		f := fitPod(shape, have, pod)
		out.Pods = append(out.Pods, f)
		if !f.Refusal.Empty() {
			continue
		}
		needs := nodefit.Needs(f.Requests)
		least = append(least, nodefit.Batch{Pod: needs, Count: pod.Min})
		most = append(most, nodefit.Batch{Pod: needs, Count: pod.Max})
		bounded = bounded && pod.Max > 0
	}
	out.NodesMin, _ = nodefit.Nodes(have, least...)
	if bounded {
		out.NodesMax, _ = nodefit.Nodes(have, most...)
	}
	return out, nil
}

// fitPod says how one sort of pod fits.
func fitPod(shape millrace.NodeShape, have nodefit.Room, pod millrace.Pod) PodFit {
	f := PodFit{Role: pod.Role, Min: pod.Min, Max: pod.Max, Requests: nodefit.Requests(&pod.Template), Refusal: shape.Refuses(pod.Placement().Clone())}
	if !f.Refusal.Empty() {
		return f
	}
	needs := nodefit.Needs(f.Requests)
	f.By = have.Times(needs)
	if f.PerNode, f.BoundBy = have.Holds(needs); f.BoundBy == "" {
		f.PerNode = 0
	}
	if f.PerNode == 0 {
		return f
	}
	f.CPUUnused, f.MemoryUnused = have.Unused(needs, f.PerNode)
	rest := have.Without(needs, f.PerNode)
	f.Unused = corev1.ResourceList{
		corev1.ResourceCPU:    *resource.NewMilliQuantity(rest.CPU, resource.DecimalSI),
		corev1.ResourceMemory: *resource.NewQuantity(rest.Memory, resource.BinarySI),
	}
	if have.Fill(needs).Much() && (pod.Max == 0 || pod.Max >= f.PerNode) {
		f.Better = betterRequest(have, needs)
	}
	return f
}

// betterRequest looks for a request that leaves less unused.
func betterRequest(have, pod nodefit.Room) *BetterRequest {
	requests, filled, ok := nodefit.Better(have, pod, func(cpu, memory int64) (corev1.ResourceList, nodefit.Room, bool) {
		return resize(pod, cpu, memory)
	})
	if !ok {
		return nil
	}
	return &BetterRequest{Requests: requests, PerNode: filled.PerNode, CPUUnused: filled.CPUUnused, MemoryUnused: filled.MemoryUnused}
}

// resize brings a pod to at most an amount of CPU and memory, in numbers that
// people would write, and returns those that differ.
func resize(pod nodefit.Room, cpu, memory int64) (corev1.ResourceList, nodefit.Room, bool) {
	out := corev1.ResourceList{}
	if to, ok := round(pod.CPU, cpu, cpuSteps); ok {
		out[corev1.ResourceCPU] = *resource.NewMilliQuantity(to, resource.DecimalSI)
		pod.CPU = to
	}
	if to, ok := round(pod.Memory, memory, memorySteps); ok {
		out[corev1.ResourceMemory] = millrace.Bytes(to).Quantity()
		pod.Memory = to
	}
	return out, pod, len(out) > 0
}

// step is to which multiples amounts are rounded from a size on.
type step struct{ from, to int64 }

var (
	cpuSteps    = []step{{1000, 100}, {100, 10}, {0, 1}}
	memorySteps = []step{{int64(8 * millrace.GiB), int64(millrace.GiB / 2)}, {int64(millrace.GiB), int64(millrace.GiB / 8)}, {0, int64(16 * millrace.MiB)}}
)

// round returns an amount that replaces another: at most to, and false where
// nothing round lies between them.
func round(from, to int64, steps []step) (int64, bool) {
	rounded := to
	for _, s := range steps {
		if to >= s.from {
			rounded = to / s.to * s.to
			break
		}
	}
	return rounded, rounded > 0 && rounded != from && (rounded < from) == (to < from)
}
