// Package machine tells what the clouds' machine types have, and how much of
// it the nodes made of them leave to pods.
//
// A type's size is read from its name by the rules of its family, with tables of
// which families and sizes there are and of the exceptions. A name that is in no
// table is unknown, and never a guess, and so is most of what has accelerators.
// The tests hold the tables to what the clouds say of all their machine types.
// What a node leaves to pods is an estimate by the provider's published formula,
// which says which one it is.
//
// machine.go has the types; gcp.go, aws.go and azure.go read names, each with
// its tables in a file <cloud>_table.go (aws_irregular.go too), disks.go local
// disks; gke.go, eks.go (Karpenter on AWS too), aks.go and karpenter_azure.go
// have the formulas, reserve.go what they share.
package machine

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Type is what one machine of a machine type has.
type Type struct {
	// Name is the machine type's name; empty for one whose size somebody gave.
	Name string
	// CPUs is the number of virtual CPUs.
	CPUs int64
	// Memory is all of the machine's memory.
	Memory millrace.Bytes
	// Arch is its architecture, as kubernetes.io/arch spells it; empty if that
	// isn't known.
	Arch string
	// Shared says that its cores are shared with other machines, so that GKE
	// keeps more of them.
	Shared bool
	// LocalDisks and LocalDisk are the number of local NVMe disks that the
	// machine always comes with, and the size of each; LocalDisks is zero where
	// there are none, or where the user chooses.
	LocalDisks int
	LocalDisk  millrace.Bytes
	// MaxPods is how many pods the cloud's network gives addresses to; zero
	// where the machine type doesn't bound them, and where it isn't known.
	MaxPods int
}

// Node is what a node is made of.
type Node struct {
	Type Type
	// Disk is the size of its boot disk; zero for unknown.
	Disk millrace.Bytes
	// LocalNVMe says that local disks hold the pods' files in place of the boot
	// disk, LocalDisks how many; zero for those that the type comes with.
	LocalNVMe  bool
	LocalDisks int
	// MaxPods is how many pods the node is set to take; zero for the provider's
	// default.
	MaxPods int
}

// Estimate is what a node is expected to leave to pods.
type Estimate struct {
	// Allocatable is what all pods can request together. A resource that isn't
	// known is not in it; nil if none is.
	Allocatable corev1.ResourceList
	// Formula names the formula and its version.
	Formula string
}
