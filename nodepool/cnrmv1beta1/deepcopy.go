package cnrmv1beta1

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"
)

// DeepCopyObject returns a copy that shares no memory.
func (in *ContainerNodePool) DeepCopyObject() runtime.Object { return in.DeepCopy() }

// DeepCopy returns a copy that shares no memory.
func (in *ContainerNodePool) DeepCopy() *ContainerNodePool {
	if in == nil {
		return nil
	}
	out := *in
	in.DeepCopyInto(&out.ObjectMeta)
	out.Spec = *in.Spec.DeepCopy()
	return &out
}

// DeepCopy returns a copy that shares no memory.
func (in *ContainerNodePoolSpec) DeepCopy() *ContainerNodePoolSpec {
	if in == nil {
		return nil
	}
	out := *in
	out.NodeLocations = slices.Clone(in.NodeLocations)
	out.InitialNodeCount, out.MaxPodsPerNode = of(in.InitialNodeCount), of(in.MaxPodsPerNode)
	if out.Autoscaling = of(in.Autoscaling); out.Autoscaling != nil {
		a := out.Autoscaling
		a.MinNodeCount, a.MaxNodeCount = of(a.MinNodeCount), of(a.MaxNodeCount)
		a.TotalMinNodeCount, a.TotalMaxNodeCount = of(a.TotalMinNodeCount), of(a.TotalMaxNodeCount)
	}
	if out.Management = of(in.Management); out.Management != nil {
		out.Management.AutoRepair, out.Management.AutoUpgrade = of(in.Management.AutoRepair), of(in.Management.AutoUpgrade)
	}
	if out.UpgradeSettings = of(in.UpgradeSettings); out.UpgradeSettings != nil {
		out.UpgradeSettings.MaxSurge, out.UpgradeSettings.MaxUnavailable = of(in.UpgradeSettings.MaxSurge), of(in.UpgradeSettings.MaxUnavailable)
	}
	out.PlacementPolicy, out.QueuedProvisioning = of(in.PlacementPolicy), of(in.QueuedProvisioning)
	out.NodeConfig = in.NodeConfig.DeepCopy()
	return &out
}

// DeepCopy returns a copy that shares no memory.
func (in *NodePoolNodeConfig) DeepCopy() *NodePoolNodeConfig {
	if in == nil {
		return nil
	}
	out := *in
	out.Spot, out.DiskSizeGb, out.ServiceAccountRef = of(in.Spot), of(in.DiskSizeGb), of(in.ServiceAccountRef)
	out.OauthScopes, out.Tags, out.Taint = slices.Clone(in.OauthScopes), slices.Clone(in.Tags), slices.Clone(in.Taint)
	out.Labels, out.ResourceLabels = maps.Clone(in.Labels), maps.Clone(in.ResourceLabels)
	out.EphemeralStorageLocalSsdConfig = of(in.EphemeralStorageLocalSsdConfig)
	if out.ReservationAffinity = of(in.ReservationAffinity); out.ReservationAffinity != nil {
		out.ReservationAffinity.Values = slices.Clone(in.ReservationAffinity.Values)
	}
	out.WorkloadMetadataConfig = of(in.WorkloadMetadataConfig)
	if out.ShieldedInstanceConfig = of(in.ShieldedInstanceConfig); out.ShieldedInstanceConfig != nil {
		s := out.ShieldedInstanceConfig
		s.EnableIntegrityMonitoring, s.EnableSecureBoot = of(s.EnableIntegrityMonitoring), of(s.EnableSecureBoot)
	}
	out.Gvnic, out.GcfsConfig = of(in.Gvnic), of(in.GcfsConfig)
	return &out
}

// of copies what a pointer points to.
func of[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}
