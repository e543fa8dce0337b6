package nodefit

import (
	"cmp"
	"math"
	"slices"
)

// Batch is a number of equal pods.
type Batch struct {
	Pod   Room
	Count int
}

// Nodes returns how many nodes the pods take together, and whether all of them
// fit on one at all; those that don't aren't counted. The largest go first, each
// to the first node that has room, which takes at most a few more nodes than
// the best order of all, and is much what the scheduler does.
func Nodes(have Room, batches ...Batch) (int, bool) {
	var nodes []group
	all := true
	for _, b := range have.largestFirst(batches) {
		left := b.Count
		nodes, left = place(nodes, b.Pod, left)
		if left <= 0 {
			continue
		}
		if n, _ := have.Holds(b.Pod); n == 0 {
			all = false
			continue
		}
		// As many as could be needed; those that stay empty go again.
		fresh := []group{{left: have, nodes: left}}
		fresh, _ = place(fresh, b.Pod, left)
		nodes = append(nodes, slices.DeleteFunc(fresh, func(g group) bool { return g.left == have })...)
	}
	sum := 0
	for _, g := range nodes {
		sum += g.nodes
	}
	return sum, all
}

// Left puts the pods onto so many nodes, the largest first, and returns those
// for which there is no room.
func Left(have Room, nodes int, batches ...Batch) []Batch {
	on := []group{{left: have, nodes: nodes}}
	var out []Batch
	for _, b := range have.largestFirst(batches) {
		on, b.Count = place(on, b.Pod, b.Count)
		if b.Count > 0 {
			out = append(out, b)
		}
	}
	return out
}

// largestFirst returns the batches in the order of the shares that their pods
// take of a node.
func (r Room) largestFirst(batches []Batch) []Batch {
	return slices.SortedStableFunc(slices.Values(batches), func(a, b Batch) int { return cmp.Compare(r.share(b.Pod), r.share(a.Pod)) })
}

// share is the largest share of a node that the pod takes of any resource.
func (r Room) share(pod Room) float64 {
	of := func(need, have int64, unbounded bool) float64 {
		switch {
		case unbounded || need <= 0:
			return 0
		case have <= 0:
			return math.MaxFloat64
		}
		return float64(need) / float64(have)
	}
	return max(of(pod.CPU, r.CPU, false), of(pod.Memory, r.Memory, false), of(pod.Disk, r.Disk, r.AnyDisk), of(pod.Pods, r.Pods, r.AnyPods))
}

// group is a number of nodes that have the same left.
type group struct {
	left  Room
	nodes int
}

// place puts n pods onto the nodes, and returns them as they are then and how
// many pods found no room.
func place(nodes []group, pod Room, n int) ([]group, int) {
	var out []group
	for _, g := range nodes {
		each, _ := g.left.Holds(pod)
		if each == 0 || n <= 0 {
			out = append(out, g)
			continue
		}
		full := min(n/each, g.nodes)
		add := func(nodes, pods int) {
			if nodes > 0 {
				out = append(out, group{g.left.Without(pod, pods), nodes})
				n -= nodes * pods
				g.nodes -= nodes
			}
		}
		add(full, each)
		if g.nodes > 0 && n > 0 {
			add(1, n)
		}
		if g.nodes > 0 {
			out = append(out, g)
		}
	}
	return out, n
}
