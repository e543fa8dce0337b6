// Package spot knows spot nodes by their labels and taints, whatever cloud they
// are of.
package spot

import (
	"fmt"
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// The notices are how long the pods of a spot machine have before the cloud
// takes it back. Of Google Cloud's 30 seconds GKE keeps the last 15 for pods
// that are critical to the system.
// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms;
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html;
// https://learn.microsoft.com/azure/aks/spot-node-pool.
const (
	NoticeGKE   = 15 * time.Second
	NoticeAWS   = 120 * time.Second
	NoticeAzure = 30 * time.Second
)

// capacityLabel is Karpenter's, on each of its clouds.
const capacityLabel = "karpenter.sh/capacity-type"

// mark is what spot nodes say.
type mark struct {
	value  string
	notice time.Duration
}

// marks are the labels, and for the most part the taints, of spot nodes.
// Source: Karpenter; EKS managed node groups; GKE, Spot VMs; AKS, Spot node pools.
var marks = map[string]mark{
	capacityLabel:                           {value: "spot"},
	"eks.amazonaws.com/capacityType":        {"SPOT", NoticeAWS},
	"cloud.google.com/gke-spot":             {"true", NoticeGKE},
	"cloud.google.com/gke-preemptible":      {"true", NoticeGKE},
	"kubernetes.azure.com/scalesetpriority": {"spot", NoticeAzure},
	"kubernetes.azure.com/priority":         {"spot", NoticeAzure},
}

// Wish is how a pod asks for spot nodes.
type Wish struct {
	// At is the field that says it, How what it says; empty for a pod that
	// doesn't ask.
	At, How string
	// Notice is that of the cloud whose mark it is; zero where several clouds
	// have the same.
	Notice time.Duration
}

// Asked says how a pod asks for spot nodes, or tolerates their taint.
func Asked(p millrace.Pod) Wish {
	selector := p.Template.Spec.NodeSelector
	for _, key := range slices.Sorted(maps.Keys(selector)) {
		if m, ok := marks[key]; ok && selector[key] == m.value {
			return Wish{p.Field("spec.nodeSelector[" + key + "]"), fmt.Sprintf("asks for spot nodes, %s=%s", key, m.value), m.notice}
		}
	}
	for i, t := range p.Template.Spec.Tolerations {
		m, ok := marks[t.Key]
		_, elsewhere := selector[t.Key]
		if ok && !elsewhere && (t.Value == m.value || t.Operator == corev1.TolerationOpExists) {
			return Wish{p.Field(fmt.Sprintf("spec.tolerations[%d]", i)), "tolerates the taint of spot nodes, " + t.Key, m.notice}
		}
	}
	return Wish{}
}

// Nodes returns the spot nodes among those of a pool, and false if it has none.
// Open says that a pool that tells nothing of its capacity buys spot machines
// too, as Karpenter's do.
// Source: karpenter-provider-aws 1.14.1, pkg/providers/instance/instance.go, getCapacityType.
func Nodes(pool millrace.NodeShape, open bool) (millrace.NodeShape, bool) {
	for _, key := range slices.Sorted(maps.Keys(marks)) {
		_, label := pool.Labels[key]
		told := label || slices.ContainsFunc(pool.Requirements, func(r corev1.NodeSelectorRequirement) bool { return r.Key == key })
		if !told && (!open || key != capacityLabel) {
			continue
		}
		if len(pool.Refuses(millrace.Placement{NodeSelector: map[string]string{key: marks[key].value}}).Labels) > 0 {
			continue
		}
		out := pool.Clone()
		out.Requirements = append(out.Requirements, corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpIn, Values: []string{marks[key].value}})
		return out, true
	}
	if pool.Spot {
		return pool.Clone(), true
	}
	return millrace.NodeShape{}, false
}
