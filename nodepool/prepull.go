package nodepool

import (
	appsv1 "k8s.io/api/apps/v1"

	"github.com/millrace/millrace"
)

// Prepull keeps images on the nodes of pools: a DaemonSet pulls each of them
// once a node is there, and holds it there, so that pods which come later start
// at once.
//
// It helps nodes that stay: those of Pool.Min, those that outlive a job
// (Disruption.After), all nodes when a job moves to a new image. It does little
// for nodes that are made because a job needs them: the job's pods are bound to
// such a node as soon as this one, and both wait for the same image. For pools
// that begin with no nodes make the image small (package image), or stream it
// (Pool.ImageStreaming).
//
// Every image is run once, as an init container whose command ends at once. As
// many images have no shell and no "true", the command is a static binary that
// Helper brings along in an emptyDir. Behind them a container sleeps. Nodes
// keep images as long as a pod has used them.
//
// What it takes of every node is what one of its containers requests, 10m CPU
// and 16Mi of memory. It passes the Pod Security Standard restricted.
type Prepull struct {
	// Name is the DaemonSet's name.
	//
	// Required: at most 63 lower-case letters, digits and dashes.
	// Rendered as metadata.name and the label app.kubernetes.io/instance.
	Name string
	// Namespace is where its pods run. PullSecrets must be there.
	//
	// Empty leaves it to the context. Rendered as metadata.namespace.
	Namespace string
	// Images are the images to pull, the first one first. One that can't be
	// pulled holds up those behind it.
	//
	// Required. They must be built for the architectures of all pools.
	// Rendered as spec.template.spec.initContainers[].image.
	Images []string
	// Placements are the pools, by their Placement(). Pools with different
	// labels are alternatives; the taints of all of them are tolerated. Guards
	// against eviction are left out, as they would keep idle nodes.
	//
	// Required. Each must ask for labels of its pool: a DaemonSet without any
	// pulls onto all nodes of the cluster.
	// Rendered as required node affinity, one term for each, and tolerations.
	Placements []millrace.Placement
	// PullSecrets are the names of Secrets with credentials for the registries.
	//
	// Empty means that nodes have what they need.
	// Rendered as spec.template.spec.imagePullSecrets.
	PullSecrets []string
	// PriorityClass is the priority of its pods.
	//
	// Empty means none, so that they displace nothing. They find no room then on
	// nodes that are full.
	// Rendered as spec.template.spec.priorityClassName.
	PriorityClass string
	// AtOnce is on how many nodes at most images are replaced at the same time,
	// as a number ("5") or a share ("10%", rounded up): they all ask the
	// registry.
	//
	// Empty means "10%". At least 1, or 1%.
	// Rendered as spec.updateStrategy.rollingUpdate.maxUnavailable.
	AtOnce string
	// Helper is an image with /bin/cp and a static /bin/true, which runs in
	// every other image.
	//
	// Empty means "docker.io/library/busybox:1.37.0-musl" (2 MB); the variant
	// without "-musl" isn't static.
	// Rendered as the first of spec.template.spec.initContainers.
	Helper string
	// Pause is the image of the container that sleeps.
	//
	// Empty means "registry.k8s.io/pause:3.10", which many nodes have already.
	// Rendered in spec.template.spec.containers.
	Pause string
	// Base is laid under all of the above, for what has no field here. A field
	// set in both is a mistake.
	Base appsv1.DaemonSetSpec
}
