package policy

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/nodefit"
)

// placementDiskRules hold what pods may write to the disks of the nodes that
// take them against the size of those. Scratch space without a bound is
// spark/scratch-size's.
func placementDiskRules() []millrace.Rule {
	return []millrace.Rule{{
		ID:       "placement/ephemeral-storage",
		Severity: millrace.Warning,
		Summary:  "The disk of a node holds what all the pods that fit there may write to it.",
		Reason:   "The scheduler counts what pods request of the disk, and not the sizeLimit of their emptyDirs. When the disk is full, the kubelet evicts those first that wrote more than they requested: all of them, if they requested nothing.",
		Fix:      "request as much ephemeral-storage as the sizeLimits let the pod write, or make the pool's disk larger (Pool.Disk)",
		Source:   "Kubernetes, local ephemeral storage; node-pressure eviction; spark-operator issues 772, 1546",
		Check:    checkScratchFits,
	}}
}

func checkScratchFits(pass *millrace.Pass) {
	var found complaints
	for _, pod := range pass.Pods {
		scratch := scratchOf(&pod.Template.Spec)
		requests := nodefit.Requests(&pod.Template)
		needs := nodefit.Needs(requests)
		if scratch <= needs.Disk || pod.Max == 0 {
			continue
		}
		pools, known := takers(pass, pod)
		if !known {
			continue
		}
		for _, pool := range pools {
			often, _ := pool.room.Holds(needs)
			if often = min(often, pod.Max); pool.room.AnyDisk || often == 0 || scratch <= pool.room.Disk/int64(often) {
				continue
			}
			found.add(pod, requestedAt(pod, corev1.ResourceEphemeralStorage), nodefit.Times(often)+" ", fmt.Sprintf(
				" fits on a node of %s, which has %s of disk, and may write %s each time to its emptyDirs, of which it requests %s",
				pool.Pool, nodefit.GiB(pool.room.Disk), nodefit.GiB(scratch), nodefit.GiB(needs.Disk)))
		}
	}
	found.report(pass)
}

// scratchOf returns how many bytes a pod may write to emptyDirs on the node's
// disk, as far as they have a bound: their own, or what the kubelet lets all
// the containers write together.
func scratchOf(spec *corev1.PodSpec) int64 {
	var dirs, limits int64
	for _, v := range spec.Volumes {
		if e := v.EmptyDir; e != nil && e.Medium == corev1.StorageMediumDefault && e.SizeLimit != nil {
			dirs += e.SizeLimit.Value()
		}
	}
	for i := range spec.Containers {
		limit, ok := spec.Containers[i].Resources.Limits[corev1.ResourceEphemeralStorage]
		if !ok {
			return dirs
		}
		limits += limit.Value()
	}
	return min(dirs, limits)
}
