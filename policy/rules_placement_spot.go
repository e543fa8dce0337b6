package policy

import (
	"fmt"
	"slices"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/spot"
	"github.com/millrace/millrace/spark/apachev1"
)

// checkOnSpot reports pods that may land on spot nodes and shouldn't.
func checkOnSpot(pass *millrace.Pass) {
	var found complaints
	for _, pod := range pass.Pods {
		if !free(pod) || !stays(pass, pod) {
			continue
		}
		if _, how := spot.Asked(pod); how != "" && isSparkJob(pass.Object) {
			continue // spark/driver-on-spot says so.
		}
		if onSpot := spotLandings(pass).shapes(pod); len(onSpot) > 0 {
			found.add(pod, placedAt(pod), "", fmt.Sprintf(" may land on spot nodes, of %s", poolNames(onSpot)))
		}
	}
	found.report(pass)
}

// spotLandings are those of the spot nodes of all pools.
func spotLandings(pass *millrace.Pass) *landings {
	type key struct{}
	return once(pass, key{}, func() *landings {
		var shapes []millrace.NodeShape
		for _, pool := range pass.Bundle.Nodes() {
			if nodes, ok := spot.Nodes(pool, isNodePool(pass, pool)); ok {
				shapes = append(shapes, nodes)
			}
		}
		return newLandings(shapes)
	})
}

// stays reports whether a pod is one that can't simply start over.
func stays(pass *millrace.Pass, pod millrace.Pod) bool {
	_, standalone := pass.Object.(*apachev1.SparkCluster)
	switch {
	case standalone:
		return pod.Role == "master"
	case isSparkJob(pass.Object):
		return pod.Role == "driver" || pod.Role == "server"
	case pod.Owner.Kind == "KafkaNodePool":
		return true
	case !pod.Ends:
		return len(pod.Claims) > 0
	}
	return waits(pass, pod)
}

// isSparkJob reports whether an object has a driver, or the server of a
// SparkConnect, which is one.
func isSparkJob(o millrace.Object) bool {
	switch o.(type) {
	case *v1beta2.SparkApplication, *v1beta2.ScheduledSparkApplication, *apachev1.SparkApplication, *v1alpha1.SparkConnect:
		return true
	}
	return false
}

// waits reports whether a pod of a workflow waits for other pods, which the
// manifest in its template has made.
func waits(pass *millrace.Pass, pod millrace.Pod) bool {
	type key struct{}
	type place struct {
		owner millrace.Ref
		path  string
	}
	makes := once(pass, key{}, func() map[place]bool {
		out := map[place]bool{}
		for _, s := range sceneOf(pass).subjects {
			if s.field != "" && len(s.pods) > 0 {
				out[place{s.owner, s.field}] = true
			}
		}
		return out
	})
	return makes[place{pod.Owner, pod.Path + ".resource.manifest"}]
}

// checkArchitecture reports pods whose nodes may be of an architecture that
// nobody has thought of.
func checkArchitecture(pass *millrace.Pass) {
	arch := func(of string) millrace.Placement {
		return millrace.Placement{NodeSelector: map[string]string{corev1.LabelArchStable: of}}
	}
	has := func(pool millrace.NodeShape, of string) bool { return len(pool.Refuses(arch(of)).Labels) == 0 }
	var found complaints
	for _, pod := range pass.Pods {
		if !free(pod) || !hasImage(pod) || namesArch(pod) {
			continue
		}
		var both, arm, amd []millrace.NodeShape
		for _, pool := range landingsOf(pass).shapes(pod) {
			switch {
			case !tellsArch(pool) && !isNodePool(pass, pool):
			case !has(pool, "arm64"):
				amd = append(amd, pool)
			case has(pool, "amd64"):
				both = append(both, pool)
			default:
				arm = append(arm, pool)
			}
		}
		switch {
		case len(both) > 0:
			found.add(pod, placedAt(pod), "", fmt.Sprintf(" may land on amd64 and on arm64 nodes: %s leaves the architecture open", poolNames(both)))
		case len(arm) > 0 && len(amd) > 0:
			found.add(pod, placedAt(pod), "", fmt.Sprintf(" may land on amd64 nodes, of %s, and on arm64 nodes, of %s", poolNames(amd), poolNames(arm)))
		case len(arm) > 0 && !pod.Placement().Tied():
			found.add(pod, placedAt(pod), "", fmt.Sprintf(" may land on arm64 nodes, of %s, without asking for them", poolNames(arm)))
		}
	}
	found.report(pass)
}

// isNodePool reports whether a pool is a NodePool of the bundle: what that
// doesn't tell of its nodes is open, and of others unknown.
func isNodePool(pass *millrace.Pass, pool millrace.NodeShape) bool {
	return nodePools(pass)[pool.Labels["karpenter.sh/nodepool"]] != nil
}

func tellsArch(pool millrace.NodeShape) bool {
	for key := range pool.Labels {
		if isArch(key) {
			return true
		}
	}
	return slices.ContainsFunc(pool.Requirements, func(r corev1.NodeSelectorRequirement) bool { return isArch(r.Key) })
}

func isArch(key string) bool {
	return key == corev1.LabelArchStable || key == "beta.kubernetes.io/arch"
}

// hasImage reports whether the object says what some container of the pod runs.
// Operators' own images are built for both architectures.
func hasImage(pod millrace.Pod) bool {
	for _, c := range containers(&pod.Template.Spec) {
		if c.Image != "" {
			return true
		}
	}
	return false
}

// namesArch reports whether a pod says anything of the architecture.
func namesArch(pod millrace.Pod) bool {
	for key := range pod.Template.Spec.NodeSelector {
		if isArch(key) {
			return true
		}
	}
	return slices.ContainsFunc(requiredTerms(pod), func(term corev1.NodeSelectorTerm) bool {
		return slices.ContainsFunc(term.MatchExpressions, func(r corev1.NodeSelectorRequirement) bool { return isArch(r.Key) })
	})
}
