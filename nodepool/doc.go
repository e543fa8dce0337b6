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
//
// A pool is described once, whatever the cloud; its Provider says who makes
// the nodes:
//
//   - GKE: a Terraform resource google_container_node_pool, as the file
//     terraform/<name>.tf, for the hashicorp/google provider 5 and later; or a
//     ContainerNodePool of container.cnrm.cloud.google.com/v1beta1, for Config
//     Connector;
//   - GKEComputeClass: a ComputeClass of cloud.google.com/v1, a list of machines
//     of which GKE 1.33 and later makes node pools by itself;
//   - EKS: Terraform resources aws_eks_node_group, aws_launch_template and
//     aws_autoscaling_group_tag, as the file terraform/<name>.tf, for the
//     hashicorp/aws provider 5.83 and later; or a file eksctl/<name>.yaml;
//   - AKS: a Terraform resource azurerm_kubernetes_cluster_node_pool, as the
//     file terraform/<name>.tf, for the hashicorp/azurerm provider 4 and later;
//   - Karpenter: a NodePool of karpenter.sh/v1, as the CRD of Karpenter 1.14
//     has it, and on AWS the EC2NodeClass of karpenter.k8s.aws/v1 too. Node
//     classes of EKS Auto Mode, Azure and Google Cloud are referred to.
//
// What a provider can't express is a finding, never left out.
//
// Prepull keeps images on the nodes of pools. Package nodepool/image looks at
// them in their registries: their sizes, and whether they are built for the
// pools' architectures.
//
// A field's zero value is safe in production: dedicated nodes (a taint that
// only the pool's own Placement tolerates), on demand, x86-64, nothing
// running when there is nothing to do, repaired and upgraded on GKE; with
// Karpenter nodes that go only when they are empty, 10% of them at once, and
// that are replaced after 30 days within one more day. The number of nodes
// has no safe zero and must be set.
//
// The files: pool.go has the noun, placement.go its other half, pool_build.go
// the checks that all providers share. gke.go and the files beside it are one
// provider, with configconnector.go for its other format, terraform.go for
// literals and references, and estimate.go for what nodes have for pods;
// computeclass.go and the files beside it are the next; aks.go, aks_check.go,
// aks_own.go and aks_build.go are another; eks.go, the files beside it and
// eksctl.go are the fourth; karpenter.go, the files beside it and requirement.go
// are the last, with ec2.go and the files beside it for its node class. prepull.go,
// prepull_check.go and prepull_build.go keep images on nodes. shape.go reads
// NodePools that others wrote; rules.go, rules_requirements.go, rules_spot.go,
// karpenter_rules.go and ec2_rules.go have the rules for them and for their
// node classes, with implied.go for what the names of EC2's machines tell;
// disruption.go and disruption_table.go tell what Karpenter may disrupt in a
// week; schedule.go reads cron expressions, and window.go tells when they are
// open and the gaps that they leave. defaults.go says where each default comes
// from.
package nodepool
