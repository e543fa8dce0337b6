package main

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/tenancy"
)

// cloud is what differs between the providers: the machines, and who makes
// them.
type cloud struct {
	name string
	// small is for drivers, large for executors; more do as well as large.
	small, large string
	more         []string
	zone         string
	provider     func(pool string) nodepool.Provider
	// disks are what volumes are made of, identity where pods get their own
	// from, registry where images are.
	disks    tenancy.Disks
	identity tenancy.Identity
	registry string
	// events is where the history server finds the jobs' event logs.
	events string
}

var clouds = []cloud{
	{
		name: "gke", small: "n2-standard-8", large: "n2-highmem-16", zone: "europe-west1-b",
		provider: func(string) nodepool.Provider {
			return nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region", WorkloadIdentity: true, TotalCounts: true}
		},
		disks: tenancy.GCEDisk{}, identity: tenancy.GKEWorkloadIdentity, registry: "europe-docker.pkg.dev/data/spark",
		events: "gs://sales-logs/spark-events/",
	},
	{
		name: "karpenter", small: "m7i.2xlarge", large: "r7i.4xlarge", zone: "eu-west-1a",
		more: []string{"r6i.4xlarge", "r6id.4xlarge", "r6in.4xlarge", "r6idn.4xlarge", "r6a.4xlarge", "r7a.4xlarge", "r7iz.4xlarge", "r5.4xlarge",
			"r5d.4xlarge", "r5n.4xlarge", "r5dn.4xlarge", "r5a.4xlarge", "r5ad.4xlarge", "r5b.4xlarge", "r8i.4xlarge"},
		provider: func(string) nodepool.Provider {
			return nodepool.Karpenter{EC2: &nodepool.EC2NodeClass{AMI: "al2023@v20251112", Role: "data-nodes", Discovery: "data"}}
		},
		disks: tenancy.EBS{}, identity: tenancy.EKSPodIdentity, registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
		events: "s3a://sales-logs/spark-events/",
	},
	{
		name: "eks", small: "m7i.2xlarge", large: "r7i.4xlarge", zone: "eu-west-1a", more: []string{"r6i.4xlarge", "r6id.4xlarge", "r5.4xlarge"},
		provider: func(string) nodepool.Provider {
			return nodepool.EKS{Cluster: "aws_eks_cluster.main", Role: "aws_iam_role.nodes", Subnets: []string{"aws_subnet.private[*]"}}
		},
		disks: tenancy.EBS{}, identity: tenancy.EKSPodIdentity, registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
		events: "s3a://sales-logs/spark-events/",
	},
	{
		name: "aks", small: "Standard_D8s_v5", large: "Standard_E16s_v5", zone: "1",
		provider: func(pool string) nodepool.Provider {
			return nodepool.AKS{Cluster: "azurerm_kubernetes_cluster.main", PoolName: map[string]string{"spark-drivers": "drivers", "spark-executors": "executors", "spark-spot": "spot"}[pool], MaxPods: 110}
		},
		disks: tenancy.AzureDisk{}, registry: "data.azurecr.io",
		events: "abfss://spark-events@saleslogs.dfs.core.windows.net/",
	},
}

func names() []string {
	var out []string
	for _, c := range clouds {
		out = append(out, c.name)
	}
	return out
}

// pool is one of the team's: named, and of one sort of machine.
func (c cloud) pool(name, machine string, size millrace.Bytes, most int) *nodepool.Pool {
	return &nodepool.Pool{
		Name: name, Machine: machine, Max: most, Zones: []string{c.zone}, Disk: nodepool.Disk{Size: size},
		Labels: map[string]string{"team": team}, Provider: c.provider(name),
	}
}
