package nodepool

import "time"

// GKE makes the pool a node pool of Google Kubernetes Engine, as a Terraform
// resource google_container_node_pool in the file terraform/<name>.tf, or as an
// object of Config Connector (Format).
//
// The number of nodes is the autoscaler's: node_count is never written, and
// changes of initial_node_count, which would replace the pool, are ignored.
//
// Cluster, Location, Project and ServiceAccount take a literal or a Terraform
// reference. A value with a dot, and with none of '/', ':' and '@', is a
// reference and must be one: var.region, local.cluster, module.gke.name,
// data.google_container_cluster.main. All others are literals: "europe-west1",
// "spark@project.iam.gserviceaccount.com". A reference to a whole resource
// gets the attribute that is meant: google_container_cluster.main renders
// google_container_cluster.main.name in Cluster, and .location in Location.
type GKE struct {
	// Cluster is the cluster that the pool belongs to.
	//
	// Required. Rendered as cluster; a resource gets .name behind it.
	Cluster string
	// Location is the cluster's region or zone.
	//
	// Required. Rendered as location; a resource gets .location behind it.
	Location string
	// Project is the project of the cluster.
	//
	// Empty leaves it to Terraform's provider block. Rendered as project; a
	// resource gets .project_id behind it.
	Project string

	// Format says what the pool is written as.
	//
	// Empty means Terraform. ConfigConnector is an object ContainerNodePool in
	// place of the file: all values are literals then, and Cluster is the name of
	// the ContainerCluster, or its path in Google Cloud ("projects/…"). Config
	// Connector refuses changes of initialNodeCount, and with it of Min, once the
	// pool is there. What it finds in Google Cloud it doesn't write into the spec
	// (cnrm.cloud.google.com/state-into-spec: absent), or it would hold the number
	// of nodes against the autoscaler.
	Format Format
	// Namespace is where Config Connector's object is.
	//
	// Empty leaves it to the one who applies the manifest. With ConfigConnector
	// only. Rendered as metadata.namespace.
	Namespace string

	// TotalCounts makes Min and Max count the nodes of all zones together.
	//
	// False counts them in each zone, as GKE does by default: a pool of 50 in
	// a region of three zones can have 150 nodes.
	// Rendered as total_min_node_count and total_max_node_count, instead of
	// min_node_count and max_node_count.
	TotalCounts bool
	// LocationPolicy says how new nodes are spread over zones.
	//
	// Empty means LocationBalanced, and for spot pools LocationAny, which
	// goes where spot machines are least likely to be taken back.
	// Rendered as autoscaling.location_policy.
	// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler, location policy.
	LocationPolicy LocationPolicy
	// ManualUpgrades keeps GKE from upgrading the nodes by itself. A cluster
	// in a release channel doesn't allow it.
	//
	// False means that they follow the control plane. Rendered as
	// management.auto_upgrade; auto_repair is always on.
	ManualUpgrades bool

	// Upgrade bounds how upgrades of the nodes disturb what runs on them.
	Upgrade GKEUpgrade
	// Provisioning says from where the machines come, when, and how near to each
	// other they are.
	Provisioning GKEProvisioning

	// ServiceAccount is what the nodes run as, by its e-mail address.
	//
	// Empty means the project's default one, which often may do too much.
	// Rendered as node_config.service_account; a resource gets .email behind
	// it.
	ServiceAccount string
	// OAuthScopes limit what the nodes' service account may do.
	//
	// Empty means https://www.googleapis.com/auth/cloud-platform, which
	// leaves it to IAM.
	// Rendered as node_config.oauth_scopes.
	// Source: https://cloud.google.com/kubernetes-engine/docs/how-to/access-scopes.
	OAuthScopes []string
	// WorkloadIdentity gives pods their own identities and hides the nodes'
	// from them. The cluster must have Workload Identity Federation.
	//
	// False leaves it to GKE, which turns it on for new pools of a cluster
	// that has it, and which refuses it in one that doesn't.
	// Rendered as node_config.workload_metadata_config.mode GKE_METADATA.
	WorkloadIdentity bool

	// LocalSSDs is the number of local SSDs of a node, which then hold
	// emptyDirs and images: fast scratch space for shuffles.
	//
	// Zero means those that the machine type comes with (names that end in
	// lssd), which Disk.LocalNVMe writes out, and otherwise none: scratch space
	// is on the boot disk. At most 48; which numbers are possible depends on the
	// machine type, and an impossible one is refused where that is known.
	// Rendered as node_config.ephemeral_storage_local_ssd_config.
	// Source: https://cloud.google.com/compute/docs/disks/local-ssd.
	LocalSSDs int
	// SecondaryBootDisks are disk images that hold container images, so that
	// nodes have these from the start. Each is the name
	// "projects/<project>/global/images/<image>" or a reference to a
	// google_compute_image.
	//
	// Empty means none. Pool.ImageStreaming must be on.
	// Rendered as node_config.secondary_boot_disks, mode CONTAINER_IMAGE_CACHE.
	// Source: https://cloud.google.com/kubernetes-engine/docs/how-to/data-container-image-preloading.
	SecondaryBootDisks []string
	// MaxPods is the largest number of pods on a node; each costs an address of
	// the pods' network, whether it runs or not.
	//
	// Zero means the cluster's default, usually 110. From 8 to 256. Changing
	// it replaces the pool.
	// Rendered as max_pods_per_node.
	MaxPods int
	// SecureBoot refuses kernel modules that aren't signed.
	//
	// False leaves GKE's default: off. Rendered as
	// node_config.shielded_instance_config.enable_secure_boot.
	SecureBoot bool
	// GVNIC uses Google's virtual network card, for higher bandwidth.
	//
	// False leaves it to the machine type. Rendered as node_config.gvnic.
	GVNIC bool
	// ResourceLabels are labels of the machines in Google Cloud, by which bills
	// are split. They are no labels of the nodes.
	//
	// Empty means none but GKE's own. At most 64; keys and values are lower case.
	// Rendered as node_config.resource_labels.
	// Source: https://cloud.google.com/kubernetes-engine/docs/how-to/creating-managing-labels.
	ResourceLabels map[string]string
	// NetworkTags are what firewall rules and routes know the machines by.
	//
	// Empty means GKE's own. At most 64.
	// Rendered as node_config.tags.
	NetworkTags []string
}

// GKEUpgrade bounds how upgrades, and Terraform when it replaces a pool,
// disturb what runs on its nodes.
type GKEUpgrade struct {
	// Surge is how many nodes an upgrade may add beside the pool's, so that
	// pods have somewhere to go. It may go beyond Max.
	//
	// Nil means 1; zero means none, and Unavailable must be above it then.
	// Together they are at most 20.
	// Rendered as upgrade_settings.max_surge.
	// Source: the default of GKE, https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies.
	Surge *int
	// Unavailable is how many nodes an upgrade may take away at the same time.
	//
	// Zero means none. Rendered as upgrade_settings.max_unavailable.
	Unavailable int
	// Grace is the longest that a drained node waits for a pod to end.
	//
	// Zero leaves it to GKE: an hour, and less where the pod says so. Whole
	// seconds. Not with ConfigConnector; the provider hashicorp/google has it
	// since June 2026.
	// Rendered as node_drain_config.grace_termination_duration.
	Grace time.Duration
	// BudgetTimeout is how long a drained node waits for disruption budgets of
	// the pods, which are broken then.
	//
	// Zero leaves it to GKE: an hour. Whole seconds. Not with ConfigConnector;
	// the provider hashicorp/google has it since June 2026.
	// Rendered as node_drain_config.pdb_timeout_duration.
	BudgetTimeout time.Duration
	// KeepBudgets makes the disruption budgets of the pods hold while the pool is
	// deleted, too, which happens when Terraform replaces it.
	//
	// False means that they don't hold then. Not with ConfigConnector; the
	// provider hashicorp/google has it since 7.17.
	// Rendered as node_drain_config.respect_pdb_during_node_pool_deletion.
	KeepBudgets bool
}

// GKEProvisioning says from where the machines come and when: at once, in a
// queue, from a reservation.
type GKEProvisioning struct {
	// Reservation is the one reservation that all machines come from, by its
	// name; "projects/<project>/reservations/<name>" for one of another project.
	//
	// Empty means any reservation that fits and is open to all, and else
	// machines on demand. Not for spot machines.
	// Rendered as node_config.reservation_affinity.
	Reservation string
	// NoReservation leaves reservations to others.
	//
	// False means that they are used. Rendered as
	// node_config.reservation_affinity with NO_RESERVATION.
	NoReservation bool
	// FlexStart waits for machines that are hard to get, and cheaper, and have
	// an end: MaxRun. GKE has them for accelerators and for the series H4D.
	//
	// False means machines at once. The pool begins with none, uses no
	// reservations, and its nodes aren't repaired. Not for spot machines, nor
	// with ConfigConnector.
	// Rendered as node_config.flex_start.
	// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/dws.
	FlexStart bool
	// Queued gives out nodes to ProvisioningRequests only: all of the machines
	// that one asks for, or none.
	//
	// False means nodes for whatever pods wait. As for FlexStart, there are no
	// reservations and no repairs.
	// Rendered as queued_provisioning.
	// Source: https://cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest.
	Queued bool
	// MaxRun is the age at which a machine ends, whatever runs on it.
	//
	// Zero means never, and seven days with FlexStart. Whole seconds, at most
	// seven days. Not with ConfigConnector.
	// Rendered as node_config.max_run_duration ("3600s").
	MaxRun time.Duration
	// Compact puts the machines near to each other in their zone, for shuffles
	// with less latency. They can't be moved then when their hosts are
	// maintained, and there are fewer of them.
	//
	// False leaves it to the cloud. At most 1500 nodes, of the series C2, C2D,
	// C3, C3D, C4A, C4D, C4N, H3, H4D, N2, N2D and Z4D and those with
	// accelerators. Rendered as placement_policy with type COMPACT.
	// Source: https://cloud.google.com/kubernetes-engine/docs/how-to/compact-placement.
	Compact bool
}

// LocationPolicy says how GKE spreads new nodes over zones.
type LocationPolicy string

// The location policies.
const (
	// LocationBalanced keeps the zones about equal.
	LocationBalanced LocationPolicy = "BALANCED"
	// LocationAny goes where there is capacity.
	LocationAny LocationPolicy = "ANY"
)
