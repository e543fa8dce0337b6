package nodepool

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/cnrmv1beta1"
)

const (
	// cnrmProject names the project that a resource is made in.
	cnrmProject = "cnrm.cloud.google.com/project-id"
	// cnrmState "absent" keeps Config Connector from writing what it finds in
	// Google Cloud into the spec, the number of nodes among it, which it would
	// hold against the autoscaler from then on.
	// Source: https://cloud.google.com/config-connector/docs/concepts/ignore-unspecified-fields.
	cnrmState = "cnrm.cloud.google.com/state-into-spec"
)

// ContainerNodePool builds the pool and returns Config Connector's object.
// With another provider, or another Format of GKE, the error says so.
func (p *Pool) ContainerNodePool() (*cnrmv1beta1.ContainerNodePool, error) {
	return objectOf[*cnrmv1beta1.ContainerNodePool](p, "ContainerNodePool", "use nodepool.GKE with Format nodepool.ConfigConnector")
}

// checkConnector checks what Config Connector can't do.
func (g GKE) checkConnector(problems *millrace.Problems) {
	literal := func(value, field string) {
		if isReference(value) {
			problems.Unsupported("Provider."+field, "a reference of Terraform means nothing to Config Connector", "write the value itself")
		}
	}
	literal(g.Cluster, "Cluster")
	literal(g.Location, "Location")
	literal(g.Project, "Project")
	literal(g.ServiceAccount, "ServiceAccount")
	problems.Namespace("Provider.Namespace", g.Namespace)
	no := func(set bool, field string) {
		if set {
			problems.Unsupported("Provider."+field, "Config Connector's ContainerNodePool has no such field", "leave it out, or use nodepool.Terraform")
		}
	}
	no(len(g.SecondaryBootDisks) > 0, "SecondaryBootDisks")
	no(g.Upgrade.Grace != 0, "Upgrade.Grace")
	no(g.Upgrade.BudgetTimeout != 0, "Upgrade.BudgetTimeout")
	no(g.Upgrade.KeepBudgets, "Upgrade.KeepBudgets")
	no(g.Provisioning.FlexStart, "Provisioning.FlexStart")
	no(g.Provisioning.MaxRun != 0, "Provisioning.MaxRun")
}

// connector makes the object.
func (g GKE) connector(p *Pool) *cnrmv1beta1.ContainerNodePool {
	out := &cnrmv1beta1.ContainerNodePool{
		TypeMeta:   metav1.TypeMeta{APIVersion: cnrmv1beta1.GroupVersion.String(), Kind: "ContainerNodePool"},
		ObjectMeta: metav1.ObjectMeta{Name: p.Name, Namespace: g.Namespace, Annotations: map[string]string{cnrmState: "absent"}},
	}
	if g.Project != "" {
		out.Annotations[cnrmProject] = g.Project
	}
	spec := &out.Spec
	spec.ClusterRef = cnrmv1beta1.ResourceRef{Name: g.Cluster}
	if strings.Contains(g.Cluster, "/") {
		spec.ClusterRef = cnrmv1beta1.ResourceRef{External: g.Cluster}
	}
	spec.Location = g.Location
	spec.NodeLocations = append(spec.NodeLocations, p.Zones...)
	spec.InitialNodeCount = count(g.initialNodes(p))
	spec.MaxPodsPerNode = count(g.MaxPods)
	spec.Autoscaling = &cnrmv1beta1.NodePoolAutoscaling{LocationPolicy: string(g.locationPolicy(p))}
	least, most := new(int32(p.Min)), new(int32(p.Max))
	if g.TotalCounts {
		spec.Autoscaling.TotalMinNodeCount, spec.Autoscaling.TotalMaxNodeCount = least, most
	} else {
		spec.Autoscaling.MinNodeCount, spec.Autoscaling.MaxNodeCount = least, most
	}
	spec.Management = &cnrmv1beta1.NodePoolManagement{AutoRepair: new(g.Provisioning.repairs()), AutoUpgrade: new(!g.ManualUpgrades)}
	if g.Upgrade.surges() {
		spec.UpgradeSettings = &cnrmv1beta1.NodePoolUpgradeSettings{Strategy: "SURGE",
			MaxSurge: new(int32(g.Upgrade.surge())), MaxUnavailable: new(int32(g.Upgrade.Unavailable))}
	}
	if g.Provisioning.Compact {
		spec.PlacementPolicy = &cnrmv1beta1.NodePoolPlacementPolicy{Type: "COMPACT"}
	}
	spec.QueuedProvisioning = enabled(g.Provisioning.Queued)
	spec.NodeConfig = g.connectorNode(p)
	return out
}

// connectorNode makes spec.nodeConfig.
func (g GKE) connectorNode(p *Pool) *cnrmv1beta1.NodePoolNodeConfig {
	node := &cnrmv1beta1.NodePoolNodeConfig{
		MachineType: p.Machine,
		DiskSizeGb:  new(int32(p.Disk.gib())),
		DiskType:    gkeDiskType(p.Disk, p.Machine),
		OauthScopes: g.scopes(),
		Labels:      p.labels(),
		Taint:       connectorTaints(g.allTaints(p)),
		Gvnic:       enabled(g.GVNIC),
		GcfsConfig:  enabled(p.ImageStreaming),
	}
	if p.spot() {
		node.Spot = new(true)
	}
	if g.ServiceAccount != "" {
		node.ServiceAccountRef = &cnrmv1beta1.ResourceRef{External: g.ServiceAccount}
	}
	node.Tags = append(node.Tags, g.NetworkTags...)
	for key, value := range g.ResourceLabels {
		if node.ResourceLabels == nil {
			node.ResourceLabels = map[string]string{}
		}
		node.ResourceLabels[key] = value
	}
	if n := g.localSSDs(p); n > 0 {
		node.EphemeralStorageLocalSsdConfig = &cnrmv1beta1.LocalSsdConfig{LocalSsdCount: int32(n)}
	}
	if kind, key, value := g.Provisioning.affinity(); kind != "" {
		node.ReservationAffinity = &cnrmv1beta1.ReservationAffinity{ConsumeReservationType: kind, Key: key}
		if value != "" {
			node.ReservationAffinity.Values = []string{value}
		}
	}
	if g.WorkloadIdentity {
		node.WorkloadMetadataConfig = &cnrmv1beta1.WorkloadMetadataConfig{Mode: "GKE_METADATA"}
	}
	if g.SecureBoot {
		node.ShieldedInstanceConfig = &cnrmv1beta1.ShieldedInstanceConfig{EnableIntegrityMonitoring: new(true), EnableSecureBoot: new(true)}
	}
	return node
}

func connectorTaints(taints []corev1.Taint) []cnrmv1beta1.NodeTaint {
	var out []cnrmv1beta1.NodeTaint
	for _, t := range taints {
		out = append(out, cnrmv1beta1.NodeTaint{Key: t.Key, Value: t.Value, Effect: gkeEffects[t.Effect]})
	}
	return out
}

// count is a number that isn't written where it is zero.
func count(n int) *int32 {
	if n == 0 {
		return nil
	}
	return new(int32(n))
}

// enabled is what turns something on, and nothing where it stays off.
func enabled(on bool) *cnrmv1beta1.Enabled {
	if !on {
		return nil
	}
	return &cnrmv1beta1.Enabled{Enabled: true}
}
