package nodepool

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// Shape returns the shape of the nodes of a Karpenter NodePool, one that was
// loaded from a manifest for instance. It holds the labels that every node
// has: those of the template, those of requirements with one value, and the
// name of the pool. A label that nodes have in several values, such as the
// zone of a pool in three of them, is not there.
//
// A nil pool has the zero shape. The result shares no memory with the pool.
func Shape(pool *karpenterv1.NodePool) millrace.NodeShape {
	if pool == nil {
		return millrace.NodeShape{}
	}
	shape := millrace.NodeShape{Pool: pool.Name, Labels: map[string]string{nodePoolLabel: pool.Name}}
	template := &pool.Spec.Template
	for _, r := range template.Spec.Requirements {
		if r.Operator == karpenterv1.NodeSelectorOperatorIn && len(r.Values) == 1 {
			shape.Labels[r.Key] = r.Values[0]
		}
	}
	if template.Metadata != nil {
		for key, value := range template.Metadata.Labels {
			shape.Labels[key] = value
		}
	}
	for _, t := range template.Spec.Taints {
		shape.Taints = append(shape.Taints, *t.DeepCopy())
	}
	if q, ok := pool.Spec.Limits[nodesResource]; ok {
		shape.Max = int(max(q.Value(), 0))
	} else if n := pool.Spec.Replicas; n != nil {
		shape.Max = int(max(*n, 0))
	}
	return shape
}
