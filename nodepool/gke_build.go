package nodepool

import (
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
type gkeValues struct{ cluster, location, project, serviceAccount terraformValue }

func (g GKE) values(problems *millrace.Problems) gkeValues {
	read := func(field, value, attribute string) terraformValue {
		if value == "" {
			return terraformValue{}
		}
		return readTerraform(problems, "Provider."+field, value, attribute)
	}
	return gkeValues{
		cluster:        read("Cluster", g.Cluster, "name"),
		location:       read("Location", g.Location, "location"),
		project:        read("Project", g.Project, "project_id"),
		serviceAccount: read("ServiceAccount", g.ServiceAccount, "email"),
	}
}

func (g GKE) parts(p *Pool, problems *millrace.Problems) millrace.Parts {
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

	scaling := block(body, "autoscaling")
	prefix := ""
	if g.TotalCounts {
		prefix = "total_"
	}
	scaling.SetAttributeValue(prefix+"min_node_count", number(p.Min))
	scaling.SetAttributeValue(prefix+"max_node_count", number(p.Max))
	policy := LocationBalanced
	if p.spot() {
		policy = LocationAny
	}
	scaling.SetAttributeValue("location_policy", cty.StringVal(string(orDefault(g.LocationPolicy, policy))))

	management := block(body, "management")
	management.SetAttributeValue("auto_repair", cty.True)
	management.SetAttributeValue("auto_upgrade", cty.BoolVal(!g.ManualUpgrades))

	g.nodeConfig(p, values, block(body, "node_config"))

	if initial > 0 {
		// Changing initial_node_count makes Terraform replace the pool, and
		// GKE changes it when somebody resizes the pool.
		block(body, "lifecycle").SetAttributeRaw("ignore_changes",
			hclwrite.TokensForTuple([]hclwrite.Tokens{hclwrite.TokensForTraversal(hcl.Traversal{hcl.TraverseRoot{Name: "initial_node_count"}})}))
	}
	return hclwrite.Format(file.Bytes())
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
	diskType := defaultDiskType
	if gkeHyperdiskOnly.MatchString(p.Machine) {
		diskType = hyperdisk
	}
	node.SetAttributeValue("machine_type", cty.StringVal(p.Machine))
	if p.spot() {
		node.SetAttributeValue("spot", cty.True)
	}
	node.SetAttributeValue("disk_size_gb", number(int(orDefault(p.Disk.Size, defaultDiskSize)/millrace.GiB)))
	node.SetAttributeValue("disk_type", cty.StringVal(orDefault(p.Disk.Type, diskType)))
	if g.ServiceAccount != "" {
		values.serviceAccount.writeTo(node, "service_account")
	}
	scopes := g.OAuthScopes
	if len(scopes) == 0 {
		scopes = []string{defaultScope}
	}
	node.SetAttributeValue("oauth_scopes", stringsValue(scopes))
	node.AppendNewline()
	node.SetAttributeRaw("labels", objectTokens(p.labels()))

	for _, t := range append(p.ownTaints(), g.writtenTaints(p)...) {
		taint := block(node, "taint")
		taint.SetAttributeValue("key", cty.StringVal(t.Key))
		taint.SetAttributeValue("value", cty.StringVal(t.Value))
		taint.SetAttributeValue("effect", cty.StringVal(gkeEffects[t.Effect]))
	}
	if g.LocalSSDs > 0 {
		block(node, "ephemeral_storage_local_ssd_config").SetAttributeValue("local_ssd_count", number(g.LocalSSDs))
	}
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
		Disk: orDefault(p.Disk.Size, defaultDiskSize), LocalNVMe: p.Disk.LocalNVMe || g.LocalSSDs > 0, LocalDisks: g.LocalSSDs,
	})
	return shape
}

// block appends a block after an empty line.
func block(body *hclwrite.Body, name string) *hclwrite.Body {
	body.AppendNewline()
	return body.AppendNewBlock(name, nil).Body()
}

func number(n int) cty.Value { return cty.NumberIntVal(int64(n)) }
