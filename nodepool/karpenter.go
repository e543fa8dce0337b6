package nodepool

import (
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// Karpenter makes the pool a NodePool of karpenter.sh/v1.
//
// The node class holds what is the cloud's own: images, subnets, disks. The pool
// refers to one that somebody else makes (NodeClass), or makes its own on AWS
// (EC2).
type Karpenter struct {
	// NodeClass is the node class that the nodes are made by, where the pool
	// doesn't make it.
	//
	// Its Name is required, unless EC2 is set.
	// Rendered as spec.template.spec.nodeClassRef.
	NodeClass NodeClass
	// EC2 makes the node class too, for Karpenter on AWS. Pool.Disk and
	// Pool.ImageStreaming are its matter.
	//
	// Nil means NodeClass. One of both.
	// Rendered as an object of its own, EC2NodeClass of karpenter.k8s.aws/v1,
	// and as spec.template.spec.nodeClassRef.
	EC2 *EC2NodeClass
	// Requirements narrow down which machines may be bought, beside or
	// instead of Pool.Machine: instance families, generations, sizes.
	//
	// A requirement on kubernetes.io/arch, kubernetes.io/os or
	// karpenter.sh/capacity-type replaces the pool's own, where the pool's
	// field is empty. Labels of machines are those of the node class's provider:
	// karpenter.k8s.aws/instance-family for an EC2NodeClass,
	// eks.amazonaws.com/instance-family for EKS Auto Mode,
	// karpenter.azure.com/sku-family for an AKSNodeClass.
	// Rendered in spec.template.spec.requirements, after the pool's own.
	Requirements []karpenterv1.NodeSelectorRequirementWithMinValues
	// Base is laid under all of the above, for what has no field here:
	// static pools, further budgets. A field set in both is a
	// mistake; requirements, taints and limits are joined by their keys.
	Base karpenterv1.NodePoolSpec
}

// NodeClass refers to a node class. Rendered as spec.template.spec.nodeClassRef.
type NodeClass struct {
	// Name is the object's name. Required.
	Name string
	// Kind is its kind: EC2NodeClass (AWS), NodeClass (EKS Auto Mode),
	// AKSNodeClass (Azure), GCENodeClass (Google Cloud).
	//
	// Empty means EC2NodeClass. It can't be changed later.
	Kind string
	// Group is the API group of the kind.
	//
	// Empty means that of the kinds named above, and is required for others.
	Group string
}
