// Package nodepool makes pools of nodes for data workloads, and sends pods to
// them.
//
//	pool := &nodepool.Pool{
//		Name:     "spark-executor-pool",
//		Machine:  "n2-highmem-16",
//		Max:      50,
//		Disk:     nodepool.Disk{Size: 200 * millrace.GiB, Type: "pd-ssd"},
//		Labels:   map[string]string{"team": "data-platform"},
//		Provider: nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"},
//	}
//	job.Placement = pool.Placement()           // its selector, tolerations and eviction guards
//	bundle, err := millrace.Build(pool, job)   // its Terraform and its shape
//	fit, err := pool.Fit(spark.Pods(app)...)   // how many go on a node, and what is left over
//
// # Providers
//
// A pool is described once, whatever the cloud; its Provider says who makes
// the nodes:
//
//	GKE              google_container_node_pool, in terraform/<name>.tf for the
//	                 hashicorp/google provider 5 and later; or a
//	                 ContainerNodePool for Config Connector
//	                 (container.cnrm.cloud.google.com/v1beta1)
//	GKEComputeClass  ComputeClass (cloud.google.com/v1), of which GKE 1.33 and
//	                 later makes node pools by itself
//	EKS              aws_eks_node_group with its launch template and the tags for
//	                 Cluster Autoscaler, in terraform/<name>.tf for the
//	                 hashicorp/aws provider 5.83 and later; or
//	                 eksctl/<name>.yaml
//	AKS              azurerm_kubernetes_cluster_node_pool, in terraform/<name>.tf
//	                 for the hashicorp/azurerm provider 4 and later
//	Karpenter        NodePool (karpenter.sh/v1), as the CRD of Karpenter 1.14 has
//	                 it; on AWS also the EC2NodeClass
//	                 (karpenter.k8s.aws/v1). Node classes of EKS Auto Mode, Azure
//	                 and Google Cloud are referred to
//
// What a provider can't express is a finding, never left out.
//
// # What a pool knows
//
// Placement carries the pool to the builders of jobs: selector, tolerations,
// guards against both autoscalers, and the shape of the nodes. Existing does the
// same for a pool that somebody else has made; ExistingOf reads it from a node.
// NodesOf and NodesOfComputeClass tell the nodes of a NodePool and of a ComputeClass
// that were loaded.
//
// Fit says how many pods go on a node, what they leave unused and what request
// would leave less. Disruptions says how many nodes Karpenter may take at each
// time of a week; DisruptionsOf does so for a NodePool that was loaded.
//
// Prepull keeps images on the nodes of pools. Package nodepool/image looks at
// them in their registries: their sizes, and whether they are built for the
// pools' architectures.
//
// # Zero values
//
// A zero field is safe in production; its comment says what it means, and why.
// On every provider, nodes are dedicated (a taint that only the pool's own
// Placement tolerates), on demand, x86-64, of one sort, and gone when there is
// nothing to do; disks that the pool describes have 100 GiB or more. Beside that:
//
//	GKE              repaired and upgraded by GKE, one node more at a time
//	GKEComputeClass  no other machines than those named; idle nodes go after 5
//	                 minutes
//	EKS              encrypted disks, a metadata service that pods can't reach,
//	                 repaired, one node replaced at a time
//	AKS              upgraded with a tenth of the nodes more, each drained first
//	Karpenter        nodes go only when they are empty, for 5 minutes, 10% of them
//	                 at once; they are replaced after 30 days (EKS Auto Mode: 14)
//	                 and have one day for it. With EC2: encrypted disks, and a
//	                 metadata service that pods can't reach
//
// How many nodes there may be has no safe zero and must be set: Max, or with
// Karpenter Limits. A GKEComputeClass knows no such bound.
//
// # Checks
//
// Build reports what the provider would refuse, and what would leave pods
// Pending: machines of another architecture, labels that the provider keeps for
// itself, taints that the autoscaler doesn't know before there is a node. Rules
// has what works but shouldn't be in production, for NodePools and EC2NodeClasses
// that others wrote. Rules across pods and pools are in package policy
// (placement/…).
//
// docs/nodepools.md is the guide: the same pool on each cloud, what of it each
// renders, fit, disruptions, spot machines, local disks, images.
//
// # Files
//
//	pool.go, requirement.go          the noun, and Karpenter's requirements
//	pool_build.go                    Build, and the checks that all providers share
//	placement.go, startuptaints.go   its other half: what pods need to get there
//	defaults.go                      what zero means, and why
//	format.go, sizes.go              as what a provider writes a pool, and sizes
//	gke*.go, configconnector.go      GKE, and its object for Config Connector
//	computeclass*.go                 GKEComputeClass
//	eks*.go, eksctl.go               EKS, and its file for eksctl
//	aks*.go                          AKS
//	terraform.go                     literals, references, and how HCL is written
//	karpenter.go, karpenter_build.go,
//	karpenter_check.go,
//	karpenter_labels.go,
//	karpenter_measure.go             Karpenter
//	ec2.go, ec2_*.go                 its node class on AWS
//	ebs.go                           volumes of AWS, for it and for EKS
//	estimate.go                      what a node has for pods
//	existing*.go                     Existing: pools that others made
//	shape.go                         NodesOf: the nodes of a NodePool
//	implied.go                       what the names of EC2's machines tell
//	fit*.go                          Fit
//	disruption*.go                   Disruptions
//	schedule.go, window.go           cron expressions, when they are open, and the
//	                                 gaps that they leave
//	prepull*.go                      Prepull
//	rules*.go                        rules for production
//	image/                           images in their registries
//	karpenterv1/, karpenterawsv1/,
//	computeclassv1/                  types, generated from the CRDs
//	cnrmv1beta1/                     types of Config Connector
package nodepool
