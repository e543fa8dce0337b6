package crdgen

import corev1 "k8s.io/api/core/v1"

// Karpenter returns how package nodepool/karpenterv1 is made of the NodePool
// CRD in the Go module sigs.k8s.io/karpenter v1.14.1, directory pkg/apis/crds.
//
// Type names are those of Karpenter's own Go API.
func Karpenter() Config {
	return Config{
		Package: "karpenterv1",
		Group:   "karpenter.sh",
		Source:  "Karpenter 1.14.1",
		Files:   []string{"karpenter.sh_nodepools.yaml"},
		Names: map[string]string{
			"NodePool.spec.disruption":                            "Disruption",
			"NodePool.spec.disruption.budgets[]":                  "Budget",
			"NodePool.spec.disruption.budgets[].reasons[]":        "DisruptionReason",
			"NodePool.spec.disruption.consolidationPolicy":        "ConsolidationPolicy",
			"NodePool.spec.template":                              "NodeClaimTemplate",
			"NodePool.spec.template.metadata":                     "ObjectMeta",
			"NodePool.spec.template.spec":                         "NodeClaimTemplateSpec",
			"NodePool.spec.template.spec.nodeClassRef":            "NodeClassReference",
			"NodePool.spec.template.spec.requirements[]":          "NodeSelectorRequirementWithMinValues",
			"NodePool.spec.template.spec.requirements[].operator": "NodeSelectorOperator",
		},
		Mappings: append(Kubernetes(),
			of[corev1.ResourceList]("NodePool.spec.limits"),
			of[corev1.ResourceList]("NodePool.status.resources"),
		),
	}
}
