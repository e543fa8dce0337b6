package nodepool

import (
	"fmt"
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

const (
	karpenterDomain = "karpenter.sh"
	nodePoolLabel   = karpenterDomain + "/nodepool"
	capacityLabel   = karpenterDomain + "/capacity-type"
	spot            = "spot"
	onDemand        = "on-demand"
	awsGroup        = "karpenter.k8s.aws"
	autoGroup       = "eks.amazonaws.com"
	azureGroup      = "karpenter.azure.com"
	gcpGroup        = "karpenter.k8s.gcp"
	nodesResource   = corev1.ResourceName("nodes")
)

// nodeClassGroups are the API groups of the node classes that exist.
var nodeClassGroups = map[string]string{
	"EC2NodeClass": awsGroup,
	"NodeClass":    autoGroup,
	"AKSNodeClass": azureGroup,
	"GCENodeClass": gcpGroup,
}

// awsArch tells Graviton machines from others.
func awsArch(name string) Arch { return Arch(machine.AWSArch(name)) }

// reference returns the reference with its defaults.
func (n NodeClass) reference() karpenterv1.NodeClassReference {
	kind := orDefault(n.Kind, "EC2NodeClass")
	return karpenterv1.NodeClassReference{Group: orDefault(n.Group, nodeClassGroups[kind]), Kind: kind, Name: n.Name}
}

// reference refers to the node class of the pool.
func (k Karpenter) reference(p *Pool) karpenterv1.NodeClassReference {
	if k.EC2 != nil {
		return NodeClass{Name: k.EC2.name(p)}.reference()
	}
	return k.NodeClass.reference()
}

func (k Karpenter) parts(p *Pool, problems *millrace.Problems) millrace.Parts {
	pool := k.nodePool(p, problems)
	parts := millrace.Parts{Objects: []millrace.Object{pool}, Nodes: []millrace.NodeShape{k.shape(p, pool)}}
	if k.EC2 != nil {
		// The class comes first: Karpenter takes no pool without one.
		parts.Objects = slices.Insert(parts.Objects, 0, millrace.Object(k.EC2.object(p, problems)))
	}
	return parts
}

func (k Karpenter) nodes(p *Pool) millrace.NodeShape {
	return k.shape(p, k.nodePool(p, &millrace.Problems{}))
}

// nodePool makes the object.
func (k Karpenter) nodePool(p *Pool, problems *millrace.Problems) *karpenterv1.NodePool {
	return &karpenterv1.NodePool{
		TypeMeta:   metav1.TypeMeta{APIVersion: karpenterv1.GroupVersion.String(), Kind: "NodePool"},
		ObjectMeta: metav1.ObjectMeta{Name: p.Name},
		Spec:       k.spec(p, problems),
	}
}

// shape is what the object tells of the nodes, and what the pool does beside it.
func (k Karpenter) shape(p *Pool, pool *karpenterv1.NodePool) millrace.NodeShape {
	shape := NodesOf(pool)
	k.measure(p, pool, &shape)
	return shape
}

// spec lays the pool over Base and fills in the defaults.
func (k Karpenter) spec(p *Pool, problems *millrace.Problems) karpenterv1.NodePoolSpec {
	spec := *k.Base.DeepCopy()
	requirements := k.joinRequirements(p, spec.Template.Spec.Requirements, &millrace.Problems{})
	limits := k.joinLimits(p, spec.Limits, problems)
	spec.Template.Spec.Requirements, spec.Template.Spec.Taints, spec.Limits = nil, nil, nil

	own := karpenterv1.NodePoolSpec{
		Template: karpenterv1.NodeClaimTemplate{
			Metadata: &karpenterv1.ObjectMeta{Labels: p.labels()},
			Spec:     karpenterv1.NodeClaimTemplateSpec{NodeClassRef: k.reference(p)},
		},
		Disruption: p.Disruption.own(),
	}
	if p.Lifetime != 0 {
		own.Template.Spec.ExpireAfter = new(durationOrNever(p.Lifetime))
	}
	if p.Disruption.Grace != 0 && p.Disruption.Grace != Forever {
		own.Template.Spec.TerminationGracePeriod = new(durationOrNever(p.Disruption.Grace))
	}
	for _, t := range p.StartupTaints {
		own.Template.Spec.StartupTaints = append(own.Template.Spec.StartupTaints, *t.DeepCopy())
	}
	if p.Priority != 0 {
		own.Weight = new(p.Priority)
	}
	for _, field := range overlay.Lay(&spec, &own) {
		problems.Conflict("Provider.Base."+field, "the pool sets it too", "set it in one place")
	}
	defaults := karpenterv1.NodePoolSpec{
		Template: karpenterv1.NodeClaimTemplate{Spec: karpenterv1.NodeClaimTemplateSpec{
			ExpireAfter: new(durationOrNever(k.lifetime())),
		}},
		Disruption: &karpenterv1.Disruption{
			ConsolidationPolicy: karpenterv1.ConsolidationPolicy(defaultConsolidation),
			ConsolidateAfter:    durationOrNever(defaultAfter),
			Budgets:             []karpenterv1.Budget{{Nodes: defaultAtOnce}},
		},
	}
	if p.Disruption.Grace != Forever {
		defaults.Template.Spec.TerminationGracePeriod = new(durationOrNever(defaultGrace))
	}
	overlay.Fill(&spec, &defaults)
	spec.Template.Spec.Requirements, spec.Template.Spec.Taints = requirements, p.taints()
	if len(limits) > 0 {
		spec.Limits = limits
	}
	return spec
}

// lifetime is the age that nodes reach by default.
func (k Karpenter) lifetime() time.Duration {
	if k.reference(new(Pool)).Group == autoGroup {
		return autoLifetime
	}
	return defaultLifetime
}

// own returns what the user set of spec.disruption. The budget without a
// schedule is written as soon as there is another one.
func (d Disruption) own() *karpenterv1.Disruption {
	out := &karpenterv1.Disruption{ConsolidationPolicy: karpenterv1.ConsolidationPolicy(d.Consolidation)}
	if d.After != 0 {
		out.ConsolidateAfter = durationOrNever(d.After)
	}
	if d.AtOnce != "" || len(d.Quiet) > 0 {
		out.Budgets = []karpenterv1.Budget{{Nodes: orDefault(d.AtOnce, defaultAtOnce)}}
	}
	for _, w := range d.Quiet {
		out.Budgets = append(out.Budgets, karpenterv1.Budget{
			Nodes: "0", Schedule: new(w.Schedule), Duration: new(durationOrNever(w.Duration)),
		})
	}
	return out
}

// joinLimits lays the pool's limits over those of Base, resource by resource.
func (k Karpenter) joinLimits(p *Pool, base corev1.ResourceList, problems *millrace.Problems) corev1.ResourceList {
	limits := corev1.ResourceList{}
	if p.Max > 0 {
		limits[nodesResource] = *resource.NewQuantity(int64(p.Max), resource.DecimalSI)
	}
	if p.Limits.CPU > 0 {
		limits[corev1.ResourceCPU] = *resource.NewQuantity(int64(p.Limits.CPU), resource.DecimalSI)
	}
	if p.Limits.Memory > 0 {
		limits[corev1.ResourceMemory] = p.Limits.Memory.Quantity()
	}
	for _, name := range slices.Sorted(maps.Keys(base)) {
		if _, ok := limits[name]; ok {
			problems.Conflict(fmt.Sprintf("Provider.Base.Limits[%s]", name), "the pool sets it too", "set it in one place")
		}
		limits[name] = base[name]
	}
	return limits
}

// spotTaints keeps pods off spot machines that don't ask for the pool.
func (k Karpenter) spotTaints(p *Pool) []corev1.Taint {
	if !p.spot() {
		return nil
	}
	return []corev1.Taint{{Key: capacityLabel, Value: spot, Effect: corev1.TaintEffectNoSchedule}}
}

func (k Karpenter) taints(p *Pool) []corev1.Taint {
	taints := k.spotTaints(p)
	for _, t := range k.Base.Template.Spec.Taints {
		taints = append(taints, *t.DeepCopy())
	}
	return taints
}
