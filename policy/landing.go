package policy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/closest"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// poolShapes returns the shapes of the NodePools of Karpenter that came
// without one: loaded from manifests, or composed as Parts.
func poolShapes(b *millrace.Bundle) []millrace.NodeShape {
	const name = "karpenter.sh/nodepool"
	told := map[string]bool{}
	for _, n := range b.Nodes() {
		told[n.Labels[name]] = true
	}
	var out []millrace.NodeShape
	for _, o := range b.OfKind(schema.GroupKind{Group: "karpenter.sh", Kind: "NodePool"}) {
		if pool, ok := o.(*karpenterv1.NodePool); ok && !told[pool.Name] {
			out = append(out, nodepool.Shape(pool))
		}
	}
	return out
}

// refuses is what keeps pods off a pool, with what the cloud does about it:
// GKE tolerates its own taint on Arm nodes for pods that ask for Arm.
// Source: https://cloud.google.com/kubernetes-engine/docs/how-to/prepare-arm-workloads-for-deployment.
func refuses(pool millrace.NodeShape, placement millrace.Placement) millrace.Refusal {
	out := pool.Refuses(placement)
	if _, gke := pool.Labels["cloud.google.com/gke-nodepool"]; !gke || len(out.Taints) == 0 {
		return out
	}
	onOthers := millrace.NodeShape{Labels: map[string]string{corev1.LabelArchStable: "amd64"}}.Refuses(placement)
	if slices.ContainsFunc(onOthers.Labels, func(m millrace.Mismatch) bool { return m.Key == corev1.LabelArchStable }) {
		out.Taints = slices.DeleteFunc(out.Taints, func(t corev1.Taint) bool { return t.Key == corev1.LabelArchStable })
	}
	return out
}

// nearest returns the pool that comes nearest to taking the pod: the one with
// the fewest labels that are wrong or, worse, missing, among these the one
// whose value is spelled most alike, and then the one with the fewest taints.
func nearest(pools []millrace.NodeShape, refusals []millrace.Refusal) int {
	distance := func(i int) int {
		d := 0
		for _, m := range refusals[i].Labels {
			if d += 2; m.Missing() {
				d++
			}
		}
		return d
	}
	var best []int
	for i := range pools {
		if len(best) > 0 && distance(i) < distance(best[0]) {
			best = nil
		}
		if len(best) == 0 || distance(i) == distance(best[0]) {
			best = append(best, i)
		}
	}
	if labels := refusals[best[0]].Labels; len(labels) > 0 && len(labels[0].Asked) > 0 && len(labels[0].Asked[0].Values) == 1 {
		values := map[string]int{}
		for _, i := range best {
			if value, ok := pools[i].Labels[labels[0].Key]; ok {
				if _, taken := values[value]; !taken {
					values[value] = i
				}
			}
		}
		if value, ok := closest.Name(labels[0].Asked[0].Values[0], maps.Keys(values)); ok {
			return values[value]
		}
	}
	return slices.MinFunc(best, func(i, j int) int { return cmp.Compare(len(refusals[i].Taints), len(refusals[j].Taints)) })
}

// namesPool reports whether a toleration is for the taint of a pool, and not
// for all taints, or for what nodes are: spot, Arm.
func namesPool(t corev1.Toleration) bool { return t.Key != "" && millrace.PoolLabel(t.Key) }

// meant returns the index of the toleration that lets pods onto the pool in
// particular, or -1.
func meant(pool millrace.NodeShape, tolerations []corev1.Toleration) int {
	return slices.IndexFunc(tolerations, func(t corev1.Toleration) bool {
		return namesPool(t) && slices.ContainsFunc(pool.Taints, func(taint corev1.Taint) bool {
			one := millrace.NodeShape{Taints: []corev1.Taint{taint}}
			return len(one.Untolerated(nil)) > 0 && len(one.Untolerated([]corev1.Toleration{t})) == 0 && taint.Key == t.Key
		})
	})
}

// undecided reports whether nothing can be said of where a pod lands: it names
// its node, or a parameter decides.
func undecided(pod millrace.Pod) bool {
	spec := &pod.Template.Spec
	open := func(texts ...string) bool {
		return slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "{{") })
	}
	for key, value := range spec.NodeSelector {
		if open(key, value) {
			return true
		}
	}
	return spec.NodeName != "" ||
		slices.ContainsFunc(spec.Tolerations, func(t corev1.Toleration) bool { return open(t.Key, t.Value) }) ||
		slices.ContainsFunc(requiredTerms(pod), func(term corev1.NodeSelectorTerm) bool {
			return slices.ContainsFunc(term.MatchExpressions, func(r corev1.NodeSelectorRequirement) bool { return open(r.Key) || open(r.Values...) })
		})
}

// requiredTerms returns the terms of the required node affinity.
func requiredTerms(pod millrace.Pod) []corev1.NodeSelectorTerm {
	a := pod.Template.Spec.Affinity
	if a == nil || a.NodeAffinity == nil || a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution == nil {
		return nil
	}
	return a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms
}

// askedAt returns where the pod asks for nodes with a label that the function
// holds for; the whole of the node selector or affinity if it finds none.
func askedAt(pod millrace.Pod, which func(key string) bool) string {
	const required = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
	for _, key := range slices.Sorted(maps.Keys(pod.Template.Spec.NodeSelector)) {
		if which(key) {
			return pod.Field("spec.nodeSelector[" + key + "]")
		}
	}
	for i, term := range requiredTerms(pod) {
		for j, r := range term.MatchExpressions {
			if which(r.Key) {
				return pod.Field(fmt.Sprintf("%s.nodeSelectorTerms[%d].matchExpressions[%d]", required, i, j))
			}
		}
	}
	if len(pod.Template.Spec.NodeSelector) > 0 {
		return pod.Field("spec.nodeSelector")
	}
	return pod.Field(required)
}

// who names a pod in a finding.
func who(pod millrace.Pod) string {
	if pod.Role == "" {
		return "the pod"
	}
	return fmt.Sprintf("the pod %q", pod.Role)
}
