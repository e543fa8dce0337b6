package nodepool

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// NodesOf returns the shape of the nodes of a Karpenter NodePool, one that was
// loaded from a manifest for instance. Its labels are what every node has:
// those of the template, those of requirements with one value, and the names
// of the pool and its node class. All other requirements, such as the zones
// of a pool in three of them, are the shape's too. Startup taints are none of
// its taints: nodes lose them.
//
// Where only the names of machine types or families tell the architecture, as
// those of EC2 do, it is a requirement too.
//
// A nil pool has the zero shape. The result shares no memory with the pool.
// Source: Karpenter 1.14.1, pkg/controllers/provisioning/scheduling/nodeclaimtemplate.go.
func NodesOf(pool *karpenterv1.NodePool) millrace.NodeShape {
	if pool == nil {
		return millrace.NodeShape{}
	}
	shape := millrace.NodeShape{Pool: pool.Name, Labels: map[string]string{}}
	template := &pool.Spec.Template
	if template.Metadata != nil {
		for key, value := range template.Metadata.Labels {
			shape.Labels[key] = value
		}
	}
	shape.Labels[nodePoolLabel] = pool.Name
	if class := template.Spec.NodeClassRef; class.Kind != "" {
		shape.Labels[class.Group+"/"+strings.ToLower(class.Kind)] = class.Name
	}
	for _, r := range template.Spec.Requirements {
		if r.Key == capacityLabel && r.Operator == karpenterv1.NodeSelectorOperatorIn && slices.Contains(r.Values, spot) {
			shape.Spot = true
			shape.Notice = spotNotices[template.Spec.NodeClassRef.Group]
		}
		if _, taken := shape.Labels[r.Key]; !taken && r.Operator == karpenterv1.NodeSelectorOperatorIn && len(r.Values) == 1 {
			shape.Labels[r.Key] = r.Values[0]
			continue
		}
		shape.Requirements = append(shape.Requirements, nodeRequirement(r))
	}
	if r, ok := archOf(pool); ok {
		shape.Requirements = append(shape.Requirements, r)
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

// spotNotices are the notices of the clouds, by the groups of their node
// classes.
var spotNotices = map[string]time.Duration{
	awsGroup:   noticeAWS,
	autoGroup:  noticeAWS,
	azureGroup: noticeAzure,
	gcpGroup:   noticeGKE,
}

// nodeRequirement writes one of Karpenter's requirements as Kubernetes does,
// which has no "at least" and "at most".
func nodeRequirement(r karpenterv1.NodeSelectorRequirementWithMinValues) corev1.NodeSelectorRequirement {
	out := corev1.NodeSelectorRequirement{Key: r.Key, Operator: corev1.NodeSelectorOperator(r.Operator), Values: slices.Clone(r.Values)}
	var step int64
	switch r.Operator {
	case karpenterv1.NodeSelectorOperatorGte:
		out.Operator, step = corev1.NodeSelectorOpGt, -1
	case karpenterv1.NodeSelectorOperatorLte:
		out.Operator, step = corev1.NodeSelectorOpLt, 1
	default:
		return out
	}
	if len(r.Values) != 1 {
		return out
	}
	n, err := strconv.ParseInt(r.Values[0], 10, 64)
	switch {
	case err != nil:
	case n == 0 && step < 0, n == math.MaxInt64 && step > 0:
		// Every number is, and what is no number isn't.
		out.Operator, out.Values = corev1.NodeSelectorOpLt, []string{strconv.FormatInt(math.MaxInt64, 10)}
	default:
		out.Values[0] = strconv.FormatInt(n+step, 10)
	}
	return out
}
