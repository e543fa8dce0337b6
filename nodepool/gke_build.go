package nodepool

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

// gkeEffects is how GKE's API, and with it Terraform, spells the effects.
var gkeEffects = map[corev1.TaintEffect]string{
	corev1.TaintEffectNoSchedule:       "NO_SCHEDULE",
	corev1.TaintEffectPreferNoSchedule: "PREFER_NO_SCHEDULE",
	corev1.TaintEffectNoExecute:        "NO_EXECUTE",
}

// gkeValues are the fields that take literals and references.
type gkeValues struct {
	cluster, location, project, serviceAccount terraformValue
	images                                     []terraformValue
}

func (g GKE) values(problems *millrace.Problems) gkeValues {
	read := func(field, value, attribute string) terraformValue {
		if value == "" {
			return terraformValue{}
		}
		return readTerraform(problems, "Provider."+field, value, attribute)
	}
	values := gkeValues{
		cluster:        read("Cluster", g.Cluster, "name"),
		location:       read("Location", g.Location, "location"),
		project:        read("Project", g.Project, "project_id"),
		serviceAccount: read("ServiceAccount", g.ServiceAccount, "email"),
	}
	for i, image := range g.SecondaryBootDisks {
		values.images = append(values.images, read(fmt.Sprintf("SecondaryBootDisks[%d]", i), image, "id"))
	}
	return values
}

func (g GKE) parts(p *Pool, problems *millrace.Problems) millrace.Parts {
	if g.Format == ConfigConnector {
		return millrace.Parts{Objects: []millrace.Object{g.connector(p)}, Nodes: []millrace.NodeShape{g.nodes(p)}}
	}
	values := g.values(problems)
	return millrace.Parts{
		Files: []millrace.File{{Path: "terraform/" + p.Name + ".tf", Data: g.terraform(p, values)}},
		Nodes: []millrace.NodeShape{g.nodes(p)},
	}
}

// terraform renders the resource. Attributes come before blocks, as
// Terraform's style guide has it.
func (g GKE) terraform(p *Pool, values gkeValues) []byte {
	file := hclwrite.NewEmptyFile()
	body := file.Body().AppendNewBlock("resource", []string{"google_container_node_pool", resourceName(p.Name)}).Body()
	body.SetAttributeValue("name", cty.StringVal(p.Name))
	if g.Project != "" {
		values.project.writeTo(body, "project")
	}
	values.cluster.writeTo(body, "cluster")
	values.location.writeTo(body, "location")
	if len(p.Zones) > 0 {
		body.SetAttributeValue("node_locations", stringsValue(p.Zones))
	}
	initial := g.initialNodes(p)
	if initial > 0 {
		body.SetAttributeValue("initial_node_count", number(initial))
	}

	if g.MaxPods > 0 {
		body.SetAttributeValue("max_pods_per_node", number(g.MaxPods))
	}

	scaling := block(body, "autoscaling")
	prefix := ""
	if g.TotalCounts {
		prefix = "total_"
	}
	scaling.SetAttributeValue(prefix+"min_node_count", number(p.Min))
	scaling.SetAttributeValue(prefix+"max_node_count", number(p.Max))
	scaling.SetAttributeValue("location_policy", cty.StringVal(string(g.locationPolicy(p))))

	management := block(body, "management")
	management.SetAttributeValue("auto_repair", cty.BoolVal(g.Provisioning.repairs()))
	management.SetAttributeValue("auto_upgrade", cty.BoolVal(!g.ManualUpgrades))

	g.poolBlocks(body)
	g.nodeConfig(p, values, block(body, "node_config"))

	if initial > 0 {
		// Changing initial_node_count makes Terraform replace the pool, and
		// GKE changes it when somebody resizes the pool.
		block(body, "lifecycle").SetAttributeRaw("ignore_changes",
			hclwrite.TokensForTuple([]hclwrite.Tokens{hclwrite.TokensForTraversal(hcl.Traversal{hcl.TraverseRoot{Name: "initial_node_count"}})}))
	}
	return hclwrite.Format(file.Bytes())
}

// locationPolicy says how new nodes are spread over zones. Spot machines, and
// those that have to be waited for, come from where there are any.
func (g GKE) locationPolicy(p *Pool) LocationPolicy {
	policy := LocationBalanced
	if p.spot() || !g.Provisioning.repairs() {
		policy = LocationAny
	}
	return orDefault(g.LocationPolicy, policy)
}

// initialNodes returns with how many nodes in each zone the pool begins, which
// the autoscaler doesn't raise to the minimum of itself. Zero means that
// it is unknown, or none.
func (g GKE) initialNodes(p *Pool) int {
	if !g.TotalCounts {
		return p.Min
	}
	if zones := len(p.Zones); zones > 0 {
		return (p.Min + zones - 1) / zones
	}
	return 0
}

// nodeConfig renders the block node_config.
func (g GKE) nodeConfig(p *Pool, values gkeValues, node *hclwrite.Body) {
	node.SetAttributeValue("machine_type", cty.StringVal(p.Machine))
	if p.spot() {
		node.SetAttributeValue("spot", cty.True)
	}
	g.nodeAttributes(node)
	node.SetAttributeValue("disk_size_gb", number(p.Disk.gib()))
	node.SetAttributeValue("disk_type", cty.StringVal(gkeDiskType(p.Disk, p.Machine)))
	if g.ServiceAccount != "" {
		values.serviceAccount.writeTo(node, "service_account")
	}
	node.SetAttributeValue("oauth_scopes", stringsValue(g.scopes()))
	if len(g.NetworkTags) > 0 {
		node.SetAttributeValue("tags", stringsValue(g.NetworkTags))
	}
	node.AppendNewline()
	node.SetAttributeRaw("labels", objectTokens(p.labels()))
	if len(g.ResourceLabels) > 0 {
		node.AppendNewline()
		node.SetAttributeRaw("resource_labels", objectTokens(g.ResourceLabels))
	}

	for _, t := range g.allTaints(p) {
		taint := block(node, "taint")
		taint.SetAttributeValue("key", cty.StringVal(t.Key))
		taint.SetAttributeValue("value", cty.StringVal(t.Value))
		taint.SetAttributeValue("effect", cty.StringVal(gkeEffects[t.Effect]))
	}
	g.nodeBlocks(p, values, node)
	if g.WorkloadIdentity {
		block(node, "workload_metadata_config").SetAttributeValue("mode", cty.StringVal("GKE_METADATA"))
	}
	if g.SecureBoot {
		shielded := block(node, "shielded_instance_config")
		shielded.SetAttributeValue("enable_secure_boot", cty.True)
		shielded.SetAttributeValue("enable_integrity_monitoring", cty.True)
	}
	if g.GVNIC {
		block(node, "gvnic").SetAttributeValue("enabled", cty.True)
	}
	if p.ImageStreaming {
		block(node, "gcfs_config").SetAttributeValue("enabled", cty.True)
	}
}

// gib is the boot disk's size in GiB, and the default where there is none.
func (d Disk) gib() int { return int(orDefault(d.Size, defaultDiskSize) / millrace.GiB) }

// gkeDiskType returns the kind of a machine's boot disk.
func gkeDiskType(d Disk, machineType string) string {
	if gkeHyperdiskOnly.MatchString(machineType) {
		return orDefault(d.Type, hyperdisk)
	}
	return orDefault(d.Type, defaultDiskType)
}

// scopes are the OAuth scopes of the nodes.
func (g GKE) scopes() []string {
	if len(g.OAuthScopes) == 0 {
		return []string{defaultScope}
	}
	return slices.Clone(g.OAuthScopes)
}

// allTaints are all taints that the pool is made with, those among them that
// go away.
func (g GKE) allTaints(p *Pool) []corev1.Taint {
	return slices.Concat(p.ownTaints(), g.writtenTaints(p), p.StartupTaints)
}

// writtenTaints are the taints that the Terraform holds beside the pool's own.
func (g GKE) writtenTaints(p *Pool) []corev1.Taint {
	if !p.spot() {
		return nil
	}
	return []corev1.Taint{{Key: gkeSpotLabel, Value: "true", Effect: corev1.TaintEffectNoSchedule}}
}

// taints are those that the Terraform holds, and the one that GKE itself puts
// on Arm nodes (taint_config, architecture_taint_behavior).
func (g GKE) taints(p *Pool) []corev1.Taint {
	taints := g.writtenTaints(p)
	if gkeArch(p.Machine) == ARM64 {
		taints = append(taints, corev1.Taint{Key: corev1.LabelArchStable, Value: string(ARM64), Effect: corev1.TaintEffectNoSchedule})
	}
	return taints
}

// nodes describes the nodes, with the labels that GKE is sure to add, and
// those that are sure not to be there.
func (g GKE) nodes(p *Pool) millrace.NodeShape {
	labels := p.labels()
	labels[gkeNodePoolLabel] = p.Name
	labels[corev1.LabelOSStable] = string(corev1.Linux)
	labels[corev1.LabelArchStable] = string(p.arch())
	labels[corev1.LabelInstanceTypeStable] = p.Machine
	requirements := []corev1.NodeSelectorRequirement{{Key: nodePoolLabel, Operator: corev1.NodeSelectorOpDoesNotExist}}
	if p.spot() {
		labels[gkeSpotLabel] = "true"
	} else {
		requirements = append(requirements, corev1.NodeSelectorRequirement{Key: gkeSpotLabel, Operator: corev1.NodeSelectorOpDoesNotExist})
	}
	switch len(p.Zones) {
	case 0:
	case 1:
		labels[corev1.LabelTopologyZone] = p.Zones[0]
	default:
		requirements = append(requirements, corev1.NodeSelectorRequirement{
			Key: corev1.LabelTopologyZone, Operator: corev1.NodeSelectorOpIn, Values: slices.Clone(p.Zones)})
	}
	shape := millrace.NodeShape{Pool: p.Name, Labels: labels, Requirements: requirements, Taints: p.taints(), Max: p.Max, Spot: p.spot()}
	if !g.TotalCounts {
		// Without Zones only the cluster knows how many there are.
		shape.MaxPerZone, shape.Max = p.Max, p.Max*len(p.Zones)
	}
	if shape.Spot {
		shape.Notice = noticeGKE
	}
	p.measure(&shape, machine.GCP, machine.GKE, machine.Node{
		Disk: orDefault(p.Disk.Size, defaultDiskSize), LocalNVMe: p.Disk.LocalNVMe || g.LocalSSDs > 0, LocalDisks: g.localSSDs(p), MaxPods: g.MaxPods,
	})
	return shape
}

// block appends a block after an empty line.
func block(body *hclwrite.Body, name string) *hclwrite.Body {
	body.AppendNewline()
	return body.AppendNewBlock(name, nil).Body()
}

func number(n int) cty.Value { return cty.NumberIntVal(int64(n)) }
