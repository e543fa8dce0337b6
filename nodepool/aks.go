package nodepool

import (
	"time"
)

// AKS makes the pool a node pool of Azure Kubernetes Service, as a Terraform
// resource azurerm_kubernetes_cluster_node_pool in the file
// terraform/<name>.tf, for the hashicorp/azurerm provider 4 and later. It is a
// pool of mode User, which can go down to no nodes.
//
// Cluster, Subnet and PodSubnet take a resource ID, which begins with
// /subscriptions/, or a Terraform reference: var.cluster_id,
// module.aks.cluster_id, azurerm_kubernetes_cluster.main. A reference to a
// whole resource gets .id behind it.
//
// Azure's spot machines have the label and the taint
// kubernetes.azure.com/scalesetpriority=spot:NoSchedule, which Azure puts by
// itself. They are written too: Terraform would take them off again.
//
// Disk.LocalNVMe is an OS disk on the machine itself (os_disk_type
// "Ephemeral"), which holds images and emptyDirs. It must fit there, on one
// disk. What else the machine has of local disks stays unused; see
// TemporaryDisk, and Azure Container Storage for volumes on all of them.
type AKS struct {
	// Cluster is the cluster that the pool belongs to.
	//
	// Required. Rendered as kubernetes_cluster_id; a resource gets .id behind
	// it.
	Cluster string
	// PoolName is the pool's name on Azure: at most 12 lower-case letters and
	// digits, a letter first.
	//
	// Empty means Pool.Name without its dashes. Rendered as name, and the label
	// kubernetes.azure.com/agentpool.
	PoolName string
	// TemporaryName is what a second pool is called by while azurerm replaces
	// this one, which it does when the machine, the disk, the zones, MaxPods or
	// the subnets change. It deletes the nodes without draining them, so that
	// whatever runs there is lost.
	//
	// Empty means that Terraform refuses such a change. Spelled as PoolName is.
	// Rendered as temporary_name_for_rotation.
	TemporaryName string

	// Subnet is the subnet of the nodes.
	//
	// Empty means the one of the cluster's network. Rendered as vnet_subnet_id;
	// a resource gets .id behind it.
	Subnet string
	// PodSubnet is the subnet of the pods, where the cluster's network gives
	// them one of their own.
	//
	// Empty leaves it to the cluster. Rendered as pod_subnet_id; a resource gets
	// .id behind it.
	PodSubnet string
	// MaxPods is how many pods a node takes. AKS keeps 20 MB of memory for each
	// of them, up to a quarter of the machine's, whether it comes or not.
	//
	// Zero leaves it to AKS: 30, 110 or 250, by the cluster's network. From 10
	// to 250. Rendered as max_pods.
	MaxPods int

	// OS is the kind of Linux.
	//
	// Empty means OSUbuntu, AKS' own default. Rendered as os_sku.
	OS AKSOS
	// Version is the nodes' version of Kubernetes: "1.33" or "1.33.3".
	//
	// Empty leaves it to AKS and the cluster's upgrades. Rendered as
	// orchestrator_version.
	Version string
	// TemporaryDisk keeps the kubelet's directory, and with it every emptyDir,
	// on the machine's temporary disk, and images on the OS disk. With
	// Disk.LocalNVMe it takes a second local disk; a machine that has only one
	// can't start then.
	//
	// False keeps both on the OS disk.
	// Rendered as kubelet_disk_type "Temporary".
	// Source: Azure/AgentBaker, cloud-init/artifacts/bind-mount.sh and
	// format-mount-nvme-root.sh.
	TemporaryDisk bool
	// HostEncryption encrypts local disks and caches too.
	//
	// False leaves them as they are. The subscription must have the feature
	// EncryptionAtHost. Rendered as host_encryption_enabled.
	HostEncryption bool
	// FIPS uses machine images whose cryptography is FIPS 140 validated.
	//
	// False means the usual images. Rendered as fips_enabled.
	FIPS bool

	// SpotMaxPrice is what an hour of a spot machine may cost, in US dollars.
	//
	// Zero means no bound but the price on demand, so that no machine goes for
	// its price. At most five decimal places. It can't be changed later.
	// Rendered as spot_max_price, where zero is -1.
	// Source: Azure, AKS spot node pools, SpotMaxPrice.
	SpotMaxPrice float64
	// Upgrade says how nodes are replaced when their version or image changes.
	Upgrade AKSUpgrade
	// Tags are put on Azure's resources: the machines, their disks and networks.
	//
	// At most 50. Rendered as tags.
	Tags map[string]string
}

// AKSOS is a Linux that AKS' nodes can run.
type AKSOS string

// The kinds of Linux. AKS moves those without a version to a newer one with
// the version of Kubernetes.
const (
	OSUbuntu      AKSOS = "Ubuntu"
	OSUbuntu2204  AKSOS = "Ubuntu2204"
	OSUbuntu2404  AKSOS = "Ubuntu2404"
	OSAzureLinux  AKSOS = "AzureLinux"
	OSAzureLinux3 AKSOS = "AzureLinux3"
)

// AKSUpgrade says how AKS replaces nodes. Spot pools have none of it: their
// nodes go without being drained, and without others in their place.
type AKSUpgrade struct {
	// MaxSurge is how many nodes more there are during an upgrade, as a number
	// ("2") or a share of the nodes ("33%").
	//
	// Empty means "10%", so that few of a job's nodes go at once. From 1, or
	// from 1% to 100%; with them the pool may have more nodes than Max.
	// Rendered as upgrade_settings.max_surge.
	// Source: default of AKS for new pools, https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling
	// and its SDKs (AgentPoolUpgradeSettings.MaxSurge).
	MaxSurge string
	// DrainTimeout is how long a node waits for its pods, and for their
	// disruption budgets, before the upgrade fails.
	//
	// Zero means 30 minutes, AKS' own default. Whole minutes, at least 5, at
	// most 24 hours. Rendered as upgrade_settings.drain_timeout_in_minutes.
	DrainTimeout time.Duration
	// Soak is how long AKS waits from one drained node to the next.
	//
	// Zero means not at all. Whole minutes, at most 30.
	// Rendered as upgrade_settings.node_soak_duration_in_minutes.
	Soak time.Duration
}
