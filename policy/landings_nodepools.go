package policy

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// onNodePools are the pods of a bundle by the NodePools that take them.
type onNodePools struct {
	*landings
	made []*karpenterv1.NodePool
	at   map[*karpenterv1.NodePool]int
	pods [][]landed
}

// landed is a pod that a NodePool takes, with the subject that makes it.
type landed struct {
	millrace.Pod
	of *subject
}

// podsByNodePool puts the pods of a bundle, whose place can be said, onto its
// NodePools.
func podsByNodePool(pass *millrace.Pass) *onNodePools {
	type key struct{}
	return once(pass, key{}, func() *onNodePools {
		var made []*karpenterv1.NodePool
		for _, pool := range nodePools(pass) {
			made = append(made, pool)
		}
		return putOnNodePools(sceneOf(pass), made...)
	})
}

func putOnNodePools(s *scene, made ...*karpenterv1.NodePool) *onNodePools {
	out := &onNodePools{made: made, at: map[*karpenterv1.NodePool]int{}, pods: make([][]landed, len(made))}
	var shapes []millrace.NodeShape
	for i, pool := range made {
		out.at[pool] = i
		shapes = append(shapes, nodepool.NodesOf(pool))
	}
	out.landings = newLandings(shapes)
	for i := range s.subjects {
		for _, pod := range s.subjects[i].pods {
			if !free(pod) {
				continue
			}
			for _, at := range out.on(pod) {
				out.pods[at] = append(out.pods[at], landed{pod, &s.subjects[i]})
			}
		}
	}
	return out
}

// podsOn returns the pods of the bundle that a NodePool takes.
func podsOn(pass *millrace.Pass, pool *karpenterv1.NodePool) []landed {
	all := podsByNodePool(pass)
	if i, ok := all.at[pool]; ok {
		return all.pods[i]
	}
	return putOnNodePools(sceneOf(pass), pool).pods[0] // It lies in another object.
}
