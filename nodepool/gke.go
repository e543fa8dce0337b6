package nodepool

// GKE makes the pool a node pool of Google Kubernetes Engine, as a Terraform
// resource google_container_node_pool in the file terraform/<name>.tf.
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

	// LocalSSDs is the number of local SSDs, 375 GiB each, which then hold
	// emptyDirs and images: fast scratch space for shuffles.
	//
	// Zero means none; scratch space is on the boot disk. At most 32; which
	// numbers are possible depends on the machine.
	// Rendered as node_config.ephemeral_storage_local_ssd_config.
	LocalSSDs int
	// SecureBoot refuses kernel modules that aren't signed.
	//
	// False leaves GKE's default: off. Rendered as
	// node_config.shielded_instance_config.enable_secure_boot.
	SecureBoot bool
	// GVNIC uses Google's virtual network card, for higher bandwidth.
	//
	// False leaves it to the machine type. Rendered as node_config.gvnic.
	GVNIC bool
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
