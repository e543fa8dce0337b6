package nodepool

import (
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/computeclassv1"
)

// GKEComputeClass makes the pool a ComputeClass of Google Kubernetes Engine,
// cloud.google.com/v1: a list of machines in the order in which GKE is to try
// them, of which it makes node pools as pods need them. GKE 1.33 or later.
//
// The priorities are the pool's machines: Machine, OtherMachines and Families,
// in this order; with SpotFirst all of them as spot machines, and then all of
// them on demand.
//
// Nodes of a class have the label and the taint
// cloud.google.com/compute-class=<Name>, which GKE puts there. They take the
// place of the label and taint of Workload: Placement selects this label and
// tolerates this taint, the workload's label is on the nodes for people, and a
// class can't be Shared. What falls back on what stands in one class, not in
// two pools of one Workload.
//
// Nothing bounds how many nodes a class has but the limits of the cluster's
// node auto-provisioning, and quotas of the pods: Min, Max and Limits are
// refused.
type GKEComputeClass struct {
	// Families are series of machines, "n4", of which GKE picks the size that
	// the pods need. They come after Machine and OtherMachines.
	//
	// Empty means these machine types only. Pods don't know the size of their
	// nodes then, unless Pool.Allocatable says it.
	// Rendered as machineFamily in spec.priorities.
	Families []string
	// MinCPUs is the least number of CPUs of a node of Families.
	//
	// Zero means any. Rendered as minCores in spec.priorities.
	MinCPUs int
	// MinMemory is the least memory of a node of Families.
	//
	// Zero means any. Whole GiB. Rendered as minMemoryGb in spec.priorities.
	MinMemory millrace.Bytes
	// NodePools are node pools that exist, which are tried first. They must
	// have the label and the taint of the class and no other taints: of GKE, those
	// that are Shared, with both among their Labels and Taints. What this pool says
	// of its nodes is theirs to have.
	//
	// Empty means none. Rendered as nodepools of the first of spec.priorities.
	NodePools []string
	// ExistingOnly keeps GKE from making node pools: only those that exist grow.
	//
	// False lets it make them. Rendered as spec.nodePoolAutoCreation.
	ExistingOnly bool
	// ScaleUpAnyway takes other machines, of the cluster's default, when none of
	// these can be had.
	//
	// False leaves the pods Pending: other machines may be too small for them,
	// or on another bill. Rendered as spec.whenUnsatisfiable, always.
	// Source: the default of GKE from 1.33 on; earlier versions had the other.
	ScaleUpAnyway bool
	// Migrate moves pods to machines further up in the list when there are some
	// again, by draining the others. Pods with Placement's guards stay.
	//
	// False leaves them where they are. Rendered as spec.activeMigration.
	Migrate bool

	// LocationPolicy says how new nodes are spread over zones.
	//
	// Empty means LocationBalanced, and for spot machines LocationAny.
	// Rendered as location.locationPolicy in spec.priorities.
	LocationPolicy LocationPolicy
	// LocalSSDs is as GKE.LocalSSDs.
	//
	// Zero means those that the machine types come with.
	// Rendered as storage.localSSDCount in spec.priorities.
	LocalSSDs int
	// SecondaryBootDisks are disk images that hold container images, each as
	// "projects/<project>/global/images/<image>".
	//
	// Empty means none. Pool.ImageStreaming must be on.
	// Rendered as storage.secondaryBootDisks in spec.priorities, mode
	// CONTAINER_IMAGE_CACHE.
	SecondaryBootDisks []string
	// MaxPods is the largest number of pods on a node.
	//
	// Zero means the cluster's default. From 8 to 256.
	// Rendered as maxPodsPerNode in spec.priorities.
	MaxPods int
	// MaxRun is the age at which a machine ends, whatever runs on it.
	//
	// Zero means never. Whole seconds, at most seven days.
	// Rendered as maxRunDurationSeconds in spec.priorities.
	MaxRun time.Duration

	// ServiceAccount is what the nodes run as, by its e-mail address.
	//
	// Empty means the cluster's default. Rendered as
	// spec.nodePoolConfig.serviceAccount.
	ServiceAccount string
	// GVNIC uses Google's virtual network card, for higher bandwidth.
	//
	// False leaves it to the machine type. Rendered as spec.nodePoolConfig.gvnic.
	GVNIC bool
	// Description says to people what the class is for.
	//
	// Empty means nothing. Rendered as spec.description.
	Description string
	// Base is laid under all of the above, for what has no field here: GPUs,
	// kernel settings, the mode of Autopilot. A field set in both is a mistake,
	// and so are Priorities beside machines.
	Base computeclassv1.ComputeClassSpec
}
