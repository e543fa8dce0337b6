package nodepool

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

const (
	eksGroupLabel    = "eks.amazonaws.com/nodegroup"
	eksCapacityLabel = "eks.amazonaws.com/capacityType"
	eksSpot          = "SPOT"
	eksOnDemand      = "ON_DEMAND"

	eksGroupType    = "aws_eks_node_group"
	eksTemplateType = "aws_launch_template"
	eksTagType      = "aws_autoscaling_group_tag"
	eksSubnetsType  = "aws_subnets"
)

func (e EKS) parts(p *Pool, problems *millrace.Problems) millrace.Parts {
	parts := millrace.Parts{Nodes: []millrace.NodeShape{e.nodes(p)}}
	if e.Format == Eksctl {
		parts.Files = []millrace.File{{Path: "eksctl/" + p.Name + ".yaml", Data: e.eksctl(p, problems)}}
	} else {
		parts.Files = []millrace.File{{Path: "terraform/" + p.Name + ".tf", Data: e.terraform(p, e.values(problems), problems)}}
	}
	return parts
}

// taints are those that the pool writes for the provider.
func (e EKS) taints(p *Pool) []corev1.Taint {
	if !p.spot() {
		return nil
	}
	return []corev1.Taint{{Key: capacityLabel, Value: spot, Effect: corev1.TaintEffectNoSchedule}}
}

// capacity is how EKS spells the pool's capacity.
func (e EKS) capacity(p *Pool) string {
	if p.spot() {
		return eksSpot
	}
	return eksOnDemand
}

// nodes describes the nodes, with the labels that EKS is sure to add.
func (e EKS) nodes(p *Pool) millrace.NodeShape {
	shape := millrace.NodeShape{Pool: p.Name, Labels: p.labels(), Taints: p.taints(), Max: p.Max, Spot: p.spot()}
	shape.Requirements = []corev1.NodeSelectorRequirement{{Key: nodePoolLabel, Operator: corev1.NodeSelectorOpDoesNotExist}}
	shape.Labels[eksGroupLabel] = p.Name
	shape.Labels[eksCapacityLabel] = e.capacity(p)
	shape.Labels[corev1.LabelOSStable] = string(corev1.Linux)
	shape.Labels[corev1.LabelArchStable] = string(p.arch())
	if e.Format == Eksctl {
		shape.Labels["alpha.eksctl.io/nodegroup-name"] = p.Name
		shape.Labels["alpha.eksctl.io/cluster-name"] = e.Cluster
	}
	oneOf := func(key string, values []string) {
		switch len(values) {
		case 0:
		case 1:
			shape.Labels[key] = values[0]
		default:
			shape.Requirements = append(shape.Requirements, corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpIn, Values: values})
		}
	}
	oneOf(corev1.LabelInstanceTypeStable, e.machines(p))
	oneOf(corev1.LabelTopologyZone, slices.Clone(p.Zones))
	if shape.Spot {
		shape.Notice = noticeAWS
	}
	e.measure(p, &shape)
	return shape
}

func (e EKS) machines(p *Pool) []string { return append([]string{p.Machine}, p.OtherMachines...) }

// measure writes what a node of any of the machine types has at least.
func (e EKS) measure(p *Pool, shape *millrace.NodeShape) {
	node := machine.Node{Disk: orDefault(p.Disk.Size, defaultDiskSize), LocalNVMe: p.Disk.LocalNVMe, MaxPods: e.MaxPods}
	p.measure(shape, machine.AWS, machine.EKS, node)
	if p.Allocatable != nil || p.Shape.CPUs > 0 {
		return
	}
	for _, other := range p.OtherMachines {
		of, its := *p, millrace.NodeShape{}
		of.Machine = other
		of.measure(&its, machine.AWS, machine.EKS, node)
		maps.DeleteFunc(shape.Allocatable, func(name corev1.ResourceName, _ resource.Quantity) bool {
			_, known := its.Allocatable[name]
			return !known
		})
		for name, q := range its.Allocatable {
			if have, ok := shape.Allocatable[name]; ok && q.Cmp(have) < 0 {
				shape.Allocatable[name] = q
			}
		}
	}
	if len(shape.Allocatable) == 0 {
		shape.Allocatable, shape.Formula = nil, ""
	}
}

// terraform renders the group, and what belongs to it.
func (e EKS) terraform(p *Pool, values eksValues, problems *millrace.Problems) []byte {
	file := hclwrite.NewEmptyFile()
	name := resourceName(p.Name)
	if len(p.Zones) > 0 {
		e.subnetsOf(p, values, file.Body().AppendNewBlock("data", []string{eksSubnetsType, name}).Body())
		file.Body().AppendNewline()
	}
	e.template(p, values, file.Body().AppendNewBlock("resource", []string{eksTemplateType, name}).Body(), problems)
	file.Body().AppendNewline()
	e.group(p, values, file.Body().AppendNewBlock("resource", []string{eksGroupType, name}).Body())
	file.Body().AppendNewline()
	e.groupTags(p, file.Body().AppendNewBlock("resource", []string{eksTagType, name}).Body())
	return hclwrite.Format(file.Bytes())
}

// subnetsOf looks up which of the subnets are in the pool's zones.
func (e EKS) subnetsOf(p *Pool, values eksValues, body *hclwrite.Body) {
	ids := body.AppendNewBlock("filter", nil).Body()
	ids.SetAttributeValue("name", cty.StringVal("subnet-id"))
	ids.SetAttributeRaw("values", listTokens(values.subnets))
	zones := block(body, "filter")
	zones.SetAttributeValue("name", cty.StringVal("availability-zone"))
	zones.SetAttributeValue("values", stringsValue(p.Zones))
}

// group renders the node group. The numbers of nodes are the autoscaler's once
// the group is there.
func (e EKS) group(p *Pool, values eksValues, body *hclwrite.Body) {
	name := resourceName(p.Name)
	values.cluster.writeTo(body, "cluster_name")
	body.SetAttributeValue("node_group_name", cty.StringVal(p.Name))
	values.role.writeTo(body, "node_role_arn")
	if len(p.Zones) > 0 {
		body.SetAttributeTraversal("subnet_ids", address("data", eksSubnetsType, name, "ids"))
	} else {
		body.SetAttributeRaw("subnet_ids", listTokens(values.subnets))
	}
	if e.Version != "" {
		values.version.writeTo(body, "version")
	}
	if e.ReleaseVersion != "" {
		values.release.writeTo(body, "release_version")
	}
	if e.ForceUpdates {
		body.SetAttributeValue("force_update_version", cty.True)
	}
	body.SetAttributeValue("ami_type", cty.StringVal(e.amiType(p)))
	body.SetAttributeValue("capacity_type", cty.StringVal(e.capacity(p)))
	body.SetAttributeValue("instance_types", stringsValue(e.machines(p)))
	body.AppendNewline()
	body.SetAttributeRaw("labels", objectTokens(p.labels()))
	if len(e.Tags) > 0 {
		body.AppendNewline()
		body.SetAttributeRaw("tags", objectTokens(e.Tags))
	}
	if len(values.dependsOn) > 0 {
		body.AppendNewline()
		var on []hclwrite.Tokens
		for _, traversal := range values.dependsOn {
			on = append(on, hclwrite.TokensForTraversal(traversal))
		}
		body.SetAttributeRaw("depends_on", hclwrite.TokensForTuple(on))
	}

	scaling := block(body, "scaling_config")
	scaling.SetAttributeValue("min_size", number(p.Min))
	scaling.SetAttributeValue("max_size", number(p.Max))
	scaling.SetAttributeValue("desired_size", number(p.Min))

	template := block(body, "launch_template")
	template.SetAttributeTraversal("id", address(eksTemplateType, name, "id"))
	template.SetAttributeTraversal("version", address(eksTemplateType, name, "latest_version"))

	for _, t := range e.writtenTaints(p) {
		taint := block(body, "taint")
		taint.SetAttributeValue("key", cty.StringVal(t.Key))
		if t.Value != "" {
			taint.SetAttributeValue("value", cty.StringVal(t.Value))
		}
		taint.SetAttributeValue("effect", cty.StringVal(gkeEffects[t.Effect]))
	}

	unavailable, share := e.unavailable()
	attribute := "max_unavailable"
	if share {
		attribute = "max_unavailable_percentage"
	}
	block(body, "update_config").SetAttributeValue(attribute, number(unavailable))
	block(body, "node_repair_config").SetAttributeValue("enabled", cty.BoolVal(!e.NoRepair))

	desired := hcl.Traversal{hcl.TraverseRoot{Name: "scaling_config"}, hcl.TraverseIndex{Key: cty.NumberIntVal(0)}, hcl.TraverseAttr{Name: "desired_size"}}
	block(body, "lifecycle").SetAttributeRaw("ignore_changes", hclwrite.TokensForTuple([]hclwrite.Tokens{hclwrite.TokensForTraversal(desired)}))
}

// writtenTaints are the taints that the group holds: the start-up ones too,
// which the nodes lose.
func (e EKS) writtenTaints(p *Pool) []corev1.Taint {
	return append(append(p.ownTaints(), e.taints(p)...), p.StartupTaints...)
}

// unavailable reads MaxUnavailable, which has been checked.
func (e EKS) unavailable() (n int, share bool) {
	text, share := strings.CutSuffix(orDefault(e.MaxUnavailable, defaultUnavailable), "%")
	n, _ = strconv.Atoi(text)
	return n, share
}

// groupTags renders the tags of the Auto Scaling group. Their keys are written
// out, as for_each must know them before there is a group.
func (e EKS) groupTags(p *Pool, body *hclwrite.Body) {
	body.SetAttributeRaw("for_each", objectTokens(e.scalingTags(p)))
	body.AppendNewline()
	group := address(eksGroupType, resourceName(p.Name), "resources")
	group = append(group, hcl.TraverseIndex{Key: cty.NumberIntVal(0)}, hcl.TraverseAttr{Name: "autoscaling_groups"},
		hcl.TraverseIndex{Key: cty.NumberIntVal(0)}, hcl.TraverseAttr{Name: "name"})
	body.SetAttributeTraversal("autoscaling_group_name", group)
	tag := block(body, "tag")
	tag.SetAttributeTraversal("key", address("each", "key"))
	tag.SetAttributeTraversal("value", address("each", "value"))
	tag.SetAttributeValue("propagate_at_launch", cty.False)
}

// scalingTags tell Cluster Autoscaler what a node has while there is none: it
// can ask EKS for labels and taints, but not all versions and roles of it can,
// and for the disk there is nothing else.
// Source: kubernetes/autoscaler, cloudprovider/aws/README.md and aws_manager.go.
func (e EKS) scalingTags(p *Pool) map[string]string {
	tags := map[string]string{
		eksLabelTag + eksGroupLabel:    p.Name,
		eksLabelTag + eksCapacityLabel: e.capacity(p),
	}
	for key, value := range p.labels() {
		tags[eksLabelTag+key] = value
	}
	for _, t := range p.taints() {
		tags[eksTaintTag+t.Key] = t.Value + ":" + string(t.Effect)
	}
	if disk := e.scratch(p); disk > 0 {
		tags[eksResourceTag+string(corev1.ResourceEphemeralStorage)] = strconv.FormatInt(int64(disk/millrace.GiB), 10) + "Gi"
	}
	return tags
}

// scratch is what pods can write to a node; zero where that isn't known.
func (e EKS) scratch(p *Pool) millrace.Bytes {
	allocatable := e.nodes(p).Allocatable
	if allocatable == nil && !p.Disk.LocalNVMe {
		// Whatever the machine is, the disk is the pool's.
		allocatable = machine.EKS(machine.Node{Disk: orDefault(p.Disk.Size, defaultDiskSize)}).Allocatable
	}
	q := allocatable[corev1.ResourceEphemeralStorage]
	return millrace.Bytes(q.Value())
}

// address is a reference to what the names lead to.
func address(root string, names ...string) hcl.Traversal {
	traversal := hcl.Traversal{hcl.TraverseRoot{Name: root}}
	for _, name := range names {
		traversal = append(traversal, hcl.TraverseAttr{Name: name})
	}
	return traversal
}
