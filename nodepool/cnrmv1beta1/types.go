package cnrmv1beta1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupVersion is the group and version of ContainerNodePool.
var GroupVersion = schema.GroupVersion{Group: "container.cnrm.cloud.google.com", Version: "v1beta1"}

// ContainerNodePool is the kind ContainerNodePool of
// container.cnrm.cloud.google.com/v1beta1.
type ContainerNodePool struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitzero"`

	Spec ContainerNodePoolSpec `json:"spec"`
}

// ContainerNodePoolSpec is the object at spec.
type ContainerNodePoolSpec struct {
	ClusterRef         ResourceRef              `json:"clusterRef"`
	Location           string                   `json:"location"`
	NodeLocations      []string                 `json:"nodeLocations,omitzero"`
	InitialNodeCount   *int32                   `json:"initialNodeCount,omitempty"`
	MaxPodsPerNode     *int32                   `json:"maxPodsPerNode,omitempty"`
	Autoscaling        *NodePoolAutoscaling     `json:"autoscaling,omitempty"`
	Management         *NodePoolManagement      `json:"management,omitempty"`
	UpgradeSettings    *NodePoolUpgradeSettings `json:"upgradeSettings,omitempty"`
	PlacementPolicy    *NodePoolPlacementPolicy `json:"placementPolicy,omitempty"`
	QueuedProvisioning *Enabled                 `json:"queuedProvisioning,omitempty"`
	NodeConfig         *NodePoolNodeConfig      `json:"nodeConfig,omitempty"`
}

// ResourceRef refers to another resource: by the name of its object, or by
// what Google Cloud calls it.
type ResourceRef struct {
	Name      string `json:"name,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	External  string `json:"external,omitempty"`
}

// NodePoolAutoscaling is the object at spec.autoscaling.
type NodePoolAutoscaling struct {
	MinNodeCount      *int32 `json:"minNodeCount,omitempty"`
	MaxNodeCount      *int32 `json:"maxNodeCount,omitempty"`
	TotalMinNodeCount *int32 `json:"totalMinNodeCount,omitempty"`
	TotalMaxNodeCount *int32 `json:"totalMaxNodeCount,omitempty"`
	LocationPolicy    string `json:"locationPolicy,omitempty"`
}

// NodePoolManagement is the object at spec.management.
type NodePoolManagement struct {
	AutoRepair  *bool `json:"autoRepair,omitempty"`
	AutoUpgrade *bool `json:"autoUpgrade,omitempty"`
}

// NodePoolUpgradeSettings is the object at spec.upgradeSettings.
type NodePoolUpgradeSettings struct {
	Strategy       string `json:"strategy,omitempty"`
	MaxSurge       *int32 `json:"maxSurge,omitempty"`
	MaxUnavailable *int32 `json:"maxUnavailable,omitempty"`
}

// NodePoolPlacementPolicy is the object at spec.placementPolicy.
type NodePoolPlacementPolicy struct {
	Type string `json:"type"`
}

// Enabled is an object that turns something on.
type Enabled struct {
	Enabled bool `json:"enabled"`
}

// NodePoolNodeConfig is the object at spec.nodeConfig.
type NodePoolNodeConfig struct {
	MachineType                    string                  `json:"machineType,omitempty"`
	Spot                           *bool                   `json:"spot,omitempty"`
	DiskSizeGb                     *int32                  `json:"diskSizeGb,omitempty"`
	DiskType                       string                  `json:"diskType,omitempty"`
	ServiceAccountRef              *ResourceRef            `json:"serviceAccountRef,omitempty"`
	OauthScopes                    []string                `json:"oauthScopes,omitzero"`
	Tags                           []string                `json:"tags,omitzero"`
	Labels                         map[string]string       `json:"labels,omitzero"`
	ResourceLabels                 map[string]string       `json:"resourceLabels,omitzero"`
	Taint                          []NodeTaint             `json:"taint,omitzero"`
	EphemeralStorageLocalSsdConfig *LocalSsdConfig         `json:"ephemeralStorageLocalSsdConfig,omitempty"`
	ReservationAffinity            *ReservationAffinity    `json:"reservationAffinity,omitempty"`
	WorkloadMetadataConfig         *WorkloadMetadataConfig `json:"workloadMetadataConfig,omitempty"`
	ShieldedInstanceConfig         *ShieldedInstanceConfig `json:"shieldedInstanceConfig,omitempty"`
	Gvnic                          *Enabled                `json:"gvnic,omitempty"`
	GcfsConfig                     *Enabled                `json:"gcfsConfig,omitempty"`
}

// NodeTaint is an item of spec.nodeConfig.taint, with the effect as GKE's API
// spells it: NO_SCHEDULE.
type NodeTaint struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Effect string `json:"effect"`
}

// LocalSsdConfig is the object at spec.nodeConfig.ephemeralStorageLocalSsdConfig.
type LocalSsdConfig struct {
	LocalSsdCount int32 `json:"localSsdCount"`
}

// ReservationAffinity is the object at spec.nodeConfig.reservationAffinity.
type ReservationAffinity struct {
	ConsumeReservationType string   `json:"consumeReservationType"`
	Key                    string   `json:"key,omitempty"`
	Values                 []string `json:"values,omitzero"`
}

// WorkloadMetadataConfig is the object at spec.nodeConfig.workloadMetadataConfig.
type WorkloadMetadataConfig struct {
	Mode string `json:"mode"`
}

// ShieldedInstanceConfig is the object at spec.nodeConfig.shieldedInstanceConfig.
type ShieldedInstanceConfig struct {
	EnableIntegrityMonitoring *bool `json:"enableIntegrityMonitoring,omitempty"`
	EnableSecureBoot          *bool `json:"enableSecureBoot,omitempty"`
}
