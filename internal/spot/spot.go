// Package spot knows spot nodes by their labels and taints, whatever cloud they
// are of.
package spot

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// capacityLabel is Karpenter's.
const capacityLabel = "karpenter.sh/capacity-type"

// marks are the labels, and for the most part the taints, of spot nodes.
// Source: Karpenter; EKS managed node groups; GKE, Spot VMs; AKS, Spot node pools.
var marks = map[string]string{
	capacityLabel:                           "spot",
	"eks.amazonaws.com/capacityType":        "SPOT",
	"cloud.google.com/gke-spot":             "true",
	"cloud.google.com/gke-preemptible":      "true",
	"kubernetes.azure.com/scalesetpriority": "spot",
	"kubernetes.azure.com/priority":         "spot",
}

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

// Notice is that of the cloud whose mark the pod asks for or tolerates; zero
// where the mark tells no cloud, as Karpenter's.
func Notice(p millrace.Pod) time.Duration {
	key, _, _ := asked(p)
	switch domain, _, _ := strings.Cut(key, "/"); domain {
	case "cloud.google.com":
		return NoticeGKE
	case "eks.amazonaws.com":
		return NoticeAWS
	case "kubernetes.azure.com":
		return NoticeAzure
	}
	return 0
}

// Asked says how a pod asks for spot nodes, or tolerates their taint, and where
// it says so; empty if it doesn't.
func Asked(p millrace.Pod) (at, how string) {
	_, at, how = asked(p)
	return at, how
}

// asked is Asked with the key of the mark.
func asked(p millrace.Pod) (mark, at, how string) {
	selector := p.Template.Spec.NodeSelector
	for _, key := range slices.Sorted(maps.Keys(selector)) {
		if value, ok := marks[key]; ok && selector[key] == value {
			return key, p.Field("spec.nodeSelector[" + key + "]"), fmt.Sprintf("asks for spot nodes, %s=%s", key, value)
		}
	}
	for i, t := range p.Template.Spec.Tolerations {
		value, ok := marks[t.Key]
		_, elsewhere := selector[t.Key]
		if ok && !elsewhere && (t.Value == value || t.Operator == corev1.TolerationOpExists) {
			return t.Key, p.Field(fmt.Sprintf("spec.tolerations[%d]", i)), "tolerates the taint of spot nodes, " + t.Key
		}
	}
	return "", "", ""
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
		if len(pool.Refuses(millrace.Placement{NodeSelector: map[string]string{key: marks[key]}}).Labels) > 0 {
			continue
		}
		out := pool.Clone()
		out.Requirements = append(out.Requirements, corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpIn, Values: []string{marks[key]}})
		return out, true
	}
	if pool.Spot {
		return pool.Clone(), true
	}
	return millrace.NodeShape{}, false
}
