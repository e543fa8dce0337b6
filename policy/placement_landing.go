package policy

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/closest"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/computeclassv1"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// computeClass is the label, and the taint, of the nodes of GKE's ComputeClasses.
const computeClass = "cloud.google.com/compute-class"

// poolShapes returns the shapes of the NodePools of Karpenter and of the
// ComputeClasses of GKE that came without one: loaded from manifests, or
// composed as Parts.
func poolShapes(b *millrace.Bundle) []millrace.NodeShape {
	const name = "karpenter.sh/nodepool"
	told, toldClass := map[string]bool{}, map[string]bool{}
	for _, n := range b.OwnNodes() {
		told[n.Labels[name]], toldClass[n.Labels[computeClass]] = true, true
	}
	var out []millrace.NodeShape
	for _, o := range b.OfKind(schema.GroupKind{Group: "karpenter.sh", Kind: "NodePool"}) {
		if pool, ok := o.(*karpenterv1.NodePool); ok && !told[pool.Name] {
			out = append(out, nodepool.NodesOf(pool))
		}
	}
	for _, o := range b.OfKind(schema.GroupKind{Group: "cloud.google.com", Kind: "ComputeClass"}) {
		if class, ok := o.(*computeclassv1.ComputeClass); ok && !toldClass[class.Name] {
			out = append(out, nodepool.NodesOfComputeClass(class))
		}
	}
	return out
}

// admitted returns what the pod says of where it runs, as the API server takes
// it in: a pod that asks for a device tolerates the taint of that name, by the
// admission plugin ExtendedResourceToleration, which GKE and EKS run; and one
// that selects a ComputeClass tolerates the taints of its nodes, those of spot
// machines too, by GKE's own: it needs nothing but the selector.
// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes.
func admitted(pod millrace.Pod) millrace.Placement {
	out := pod.Placement()
	out.Tolerations = slices.Clip(out.Tolerations)
	for name := range devices(pod) {
		out.Tolerations = append(out.Tolerations, corev1.Toleration{Key: name, Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoSchedule})
	}
	if class, ok := out.NodeSelector[computeClass]; ok {
		for key, value := range map[string]string{computeClass: class, "cloud.google.com/gke-spot": "true"} {
			out.Tolerations = append(out.Tolerations, corev1.Toleration{Key: key, Operator: corev1.TolerationOpEqual, Value: value, Effect: corev1.TaintEffectNoSchedule})
		}
	}
	return out
}

// devices yields the extended resources that a pod asks for: "nvidia.com/gpu".
func devices(pod millrace.Pod) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, containers := range [][]corev1.Container{pod.Template.Spec.InitContainers, pod.Template.Spec.Containers} {
			for i := range containers {
				for _, list := range []corev1.ResourceList{containers[i].Resources.Requests, containers[i].Resources.Limits} {
					for name := range list {
						if domain, _, ok := strings.Cut(string(name), "/"); ok && domain != "kubernetes.io" && !yield(string(name)) {
							return
						}
					}
				}
			}
		}
	}
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

// dedicated returns those of a pod's tolerations that are for pools of its
// own, and not for all taints, for what nodes are (spot, Arm), or for devices,
// which tie the pod to the nodes that have them.
func dedicated(pod millrace.Pod) []corev1.Toleration {
	var out []corev1.Toleration
	for _, t := range pod.Template.Spec.Tolerations {
		if t.Key != "" && millrace.PoolLabel(t.Key) && !slices.Contains(slices.Collect(devices(pod)), t.Key) {
			out = append(out, t)
		}
	}
	return out
}

// lets returns the first of the tolerations that lets pods onto the pool, or
// nil if none is for one of its taints.
func lets(pool millrace.NodeShape, tolerations []corev1.Toleration) *corev1.Toleration {
	for i := range tolerations {
		for _, taint := range pool.Taints {
			one := millrace.NodeShape{Taints: []corev1.Taint{taint}}
			if len(one.Untolerated(nil)) > 0 && len(one.Untolerated(tolerations[i:i+1])) == 0 {
				return &tolerations[i]
			}
		}
	}
	return nil
}

// builtInClasses are the ComputeClasses that GKE has by itself, which no bundle
// holds.
// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/about-built-in-compute-classes
// and autopilot-compute-classes.
var builtInClasses = []string{"autopilot", "autopilot-spot", "Accelerator", "Balanced", "Performance", "Scale-Out"}

// undecided reports whether nothing can be said of where a pod lands: it names
// its node, a parameter decides, or GKE does.
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
	return spec.NodeName != "" || slices.Contains(builtInClasses, spec.NodeSelector[computeClass]) ||
		slices.ContainsFunc(spec.Tolerations, func(t corev1.Toleration) bool { return open(t.Key, t.Value) }) ||
		slices.ContainsFunc(requiredTerms(pod), func(term corev1.NodeSelectorTerm) bool {
			return len(term.MatchFields) > 0 || slices.ContainsFunc(term.MatchExpressions, func(r corev1.NodeSelectorRequirement) bool { return open(r.Key) || open(r.Values...) })
		})
}

// requiredTerms returns the terms of the required node affinity.
func requiredTerms(pod millrace.Pod) []corev1.NodeSelectorTerm {
	if required := pod.Placement().RequiredNodes(); required != nil {
		return required.NodeSelectorTerms
	}
	return nil
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

// complaints are what is wrong with the pods of one object. What stands in one
// place is one finding, for however many pods: a workflow's node selector is
// that of all its templates.
type complaints []complaint

type complaint struct {
	field, before, after string
	pods                 []string
}

// add notes what is wrong; the pods are named between before and after.
func (c *complaints) add(pod millrace.Pod, field, before, after string) {
	i := slices.IndexFunc(*c, func(have complaint) bool { return have.field == field && have.before == before && have.after == after })
	if i < 0 {
		i = len(*c)
		*c = append(*c, complaint{field: field, before: before, after: after})
	}
	if name := fmt.Sprintf("%q", pod.Role); !slices.Contains((*c)[i].pods, name) {
		(*c)[i].pods = append((*c)[i].pods, name)
	}
}

func (c complaints) report(pass *millrace.Pass) {
	const most = 3
	for _, one := range c {
		who := "the pod " + one.pods[0]
		switch n := len(one.pods); {
		case n > most:
			who = fmt.Sprintf("the pods %s and %d more", strings.Join(one.pods[:most], ", "), n-most)
		case n > 1:
			who = fmt.Sprintf("the pods %s and %s", strings.Join(one.pods[:n-1], ", "), one.pods[n-1])
		case one.pods[0] == `""`:
			who = "the pod"
		}
		pass.Report(one.field, one.before+who+one.after)
	}
}
