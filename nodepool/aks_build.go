package nodepool

import (
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

func (a AKS) parts(p *Pool, problems *millrace.Problems) millrace.Parts {
	values := a.values(problems)
	return millrace.Parts{
		Files: []millrace.File{{Path: "terraform/" + p.Name + ".tf", Data: a.terraform(p, values)}},
		Nodes: []millrace.NodeShape{a.nodes(p)},
	}
}

// name returns what Azure calls the pool.
func (a AKS) name(p *Pool) string {
	return orDefault(a.PoolName, strings.ReplaceAll(p.Name, "-", ""))
}

// terraform renders the resource. It has no node_count: the autoscaler counts
// the nodes, and azurerm begins with min_count.
func (a AKS) terraform(p *Pool, values aksValues) []byte {
	file := hclwrite.NewEmptyFile()
	body := file.Body().AppendNewBlock("resource", []string{"azurerm_kubernetes_cluster_node_pool", resourceName(p.Name)}).Body()
	text := func(name, value string) {
		if value != "" {
			body.SetAttributeValue(name, cty.StringVal(value))
		}
	}
	yes := func(name string, value bool) {
		if value {
			body.SetAttributeValue(name, cty.True)
		}
	}
	text("name", a.name(p))
	text("temporary_name_for_rotation", a.TemporaryName)
	values.cluster.writeTo(body, "kubernetes_cluster_id")
	text("mode", "User")
	text("orchestrator_version", a.Version)
	text("vm_size", p.Machine)
	text("os_sku", string(a.OS))
	yes("fips_enabled", a.FIPS)
	yes("host_encryption_enabled", a.HostEncryption)
	if len(p.Zones) > 0 {
		body.SetAttributeValue("zones", stringsValue(azureZones(p.Zones)))
	}
	if a.MaxPods > 0 {
		body.SetAttributeValue("max_pods", number(a.MaxPods))
	}
	if a.Subnet != "" {
		values.subnet.writeTo(body, "vnet_subnet_id")
	}
	if a.PodSubnet != "" {
		values.podSubnet.writeTo(body, "pod_subnet_id")
	}

	body.AppendNewline()
	yes("auto_scaling_enabled", true)
	body.SetAttributeValue("min_count", number(p.Min))
	body.SetAttributeValue("max_count", number(p.Max))
	a.spot(p, body)
	a.disk(p, body)

	body.AppendNewline()
	body.SetAttributeRaw("node_labels", objectTokens(a.labels(p)))
	var taints []string
	for _, t := range append(p.ownTaints(), a.taints(p)...) {
		taints = append(taints, t.Key+"="+t.Value+":"+string(t.Effect))
	}
	if len(taints) > 0 {
		body.SetAttributeValue("node_taints", stringsValue(taints))
	}
	if len(a.Tags) > 0 {
		body.AppendNewline()
		body.SetAttributeRaw("tags", objectTokens(a.Tags))
	}
	a.upgrade(p, body)
	return hclwrite.Format(file.Bytes())
}

// spot renders how machines are bought. A machine that goes is deleted: one
// that is only stopped counts against the quota, and stands in the way of the
// autoscaler.
func (a AKS) spot(p *Pool, body *hclwrite.Body) {
	if !p.spot() {
		return
	}
	body.AppendNewline()
	body.SetAttributeValue("priority", cty.StringVal("Spot"))
	body.SetAttributeValue("eviction_policy", cty.StringVal("Delete"))
	body.SetAttributeValue("spot_max_price", cty.NumberFloatVal(orDefault(a.SpotMaxPrice, -1)))
}

// disk renders where images and the pods' files are.
func (a AKS) disk(p *Pool, body *hclwrite.Body) {
	if p.Disk.Size == 0 && !p.Disk.LocalNVMe && !a.TemporaryDisk {
		return
	}
	body.AppendNewline()
	if p.Disk.Size != 0 {
		body.SetAttributeValue("os_disk_size_gb", number(int(p.Disk.Size/millrace.GiB)))
	}
	if p.Disk.LocalNVMe {
		body.SetAttributeValue("os_disk_type", cty.StringVal("Ephemeral"))
	}
	if a.TemporaryDisk {
		body.SetAttributeValue("kubelet_disk_type", cty.StringVal("Temporary"))
	}
}

// upgrade renders the block upgrade_settings, which must say how many nodes
// more there are, and must not for a spot pool.
func (a AKS) upgrade(p *Pool, body *hclwrite.Body) {
	if p.spot() {
		return
	}
	settings := block(body, "upgrade_settings")
	settings.SetAttributeValue("max_surge", cty.StringVal(orDefault(a.Upgrade.MaxSurge, defaultAKSSurge)))
	if d := a.Upgrade.DrainTimeout; d > 0 {
		settings.SetAttributeValue("drain_timeout_in_minutes", number(int(d/time.Minute)))
	}
	if d := a.Upgrade.Soak; d > 0 {
		settings.SetAttributeValue("node_soak_duration_in_minutes", number(int(d/time.Minute)))
	}
}

// azureZones returns the zones as Terraform has them, without their region.
func azureZones(zones []string) []string {
	out := make([]string, len(zones))
	for i, zone := range zones {
		out[i] = zone[strings.LastIndexByte(zone, '-')+1:]
	}
	return out
}

// labels returns the labels that the Terraform holds.
func (a AKS) labels(p *Pool) map[string]string {
	labels := p.labels()
	if p.spot() {
		labels[aksSpotLabel] = spot
	}
	return labels
}

// taints are the one that Azure itself puts on spot machines. AKS puts none on
// Arm machines.
func (a AKS) taints(p *Pool) []corev1.Taint {
	if !p.spot() {
		return nil
	}
	return []corev1.Taint{{Key: aksSpotLabel, Value: spot, Effect: corev1.TaintEffectNoSchedule}}
}

// nodes describes the nodes, with the labels that AKS is sure to add, and
// those that are sure not to be there.
// Source: Azure, AKS use-labels, reserved system labels.
func (a AKS) nodes(p *Pool) millrace.NodeShape {
	labels := a.labels(p)
	labels[aksPoolLabel] = a.name(p)
	labels[aksModeLabel] = "user"
	labels[corev1.LabelOSStable] = string(corev1.Linux)
	labels[corev1.LabelArchStable] = string(p.arch())
	labels[corev1.LabelInstanceTypeStable] = p.Machine
	requirements := []corev1.NodeSelectorRequirement{{Key: nodePoolLabel, Operator: corev1.NodeSelectorOpDoesNotExist}}
	if !p.spot() {
		// Older nodes have the value "regular" there, others no label.
		requirements = append(requirements, corev1.NodeSelectorRequirement{Key: aksSpotLabel, Operator: corev1.NodeSelectorOpNotIn, Values: []string{spot}})
	}
	// Without the region the label of a zone isn't known.
	if len(p.Zones) > 0 && strings.Contains(p.Zones[0], "-") {
		if len(p.Zones) == 1 {
			labels[corev1.LabelTopologyZone] = p.Zones[0]
		} else {
			requirements = append(requirements, corev1.NodeSelectorRequirement{
				Key: corev1.LabelTopologyZone, Operator: corev1.NodeSelectorOpIn, Values: append([]string(nil), p.Zones...)})
		}
	}
	shape := millrace.NodeShape{Pool: p.Name, Labels: labels, Requirements: requirements, Taints: p.taints(), Max: p.Max, Spot: p.spot()}
	if shape.Spot {
		shape.Notice = noticeAzure
	}
	p.measure(&shape, machine.Azure, machine.AKS, machine.Node{
		Disk: orDefault(p.Disk.Size, aksDisk(p)), LocalNVMe: a.TemporaryDisk, MaxPods: a.MaxPods,
	})
	return shape
}

// aksDisk returns the size of the OS disk that AKS takes where nobody says it;
// zero for unknown. It goes by the machine's CPUs, and an ephemeral one by what
// the machine has.
// Source: Azure, AKS concepts-storage, default OS disk sizing.
func aksDisk(p *Pool) millrace.Bytes {
	cpus := int64(p.Shape.CPUs)
	if t, ok := machine.Azure(p.Machine); ok && cpus == 0 {
		cpus = t.CPUs
	}
	switch {
	case cpus <= 0 || p.Disk.LocalNVMe:
		return 0
	case cpus < 8:
		return 128 * millrace.GiB
	case cpus < 16:
		return 256 * millrace.GiB
	case cpus < 64:
		return 512 * millrace.GiB
	}
	return millrace.TiB
}
