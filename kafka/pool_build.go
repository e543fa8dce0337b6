package kafka

import (
	"fmt"
	"math"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// nodeIDDigits is how long the number at the end of a pod's name may get.
const nodeIDDigits = 3

// Build checks the pool and makes its KafkaNodePool.
func (b *BrokerPool) Build() (millrace.Parts, error) {
	pool, err := b.KafkaNodePool()
	if err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: []millrace.Object{pool}}, nil
}

// KafkaNodePool makes the pool's object. The error is a *millrace.BuildError
// with every mistake. The pool is not changed, and shares no memory with the
// object.
func (b *BrokerPool) KafkaNodePool() (*strimziv1.KafkaNodePool, error) {
	if b == nil {
		return nil, nilBuilder("kafka.BrokerPool")
	}
	p := &millrace.Problems{Object: millrace.Ref{Kind: "kafka.BrokerPool", Namespace: b.Namespace, Name: b.name()}}
	p.Namespace("Namespace", b.Namespace)
	checkCluster(p, b.Cluster, "name the Kafka object, or put the pool into Cluster.Pools")
	b.Spread.check(p, "Spread")
	pool := b.build(p, nil)
	if err := p.Err(); err != nil {
		return nil, err
	}
	return pool, nil
}

// build makes the object and reports what is wrong with it. shared is what the
// cluster says of all pods: a pool that says anything of its own would hide it.
func (b *BrokerPool) build(p *millrace.Problems, shared *strimziv1.StatefulPodTemplate) *strimziv1.KafkaNodePool {
	name := b.name()
	p.LabelName("Name", name)
	meta := objectMeta(p, name, b.Namespace, b.Labels, b.Annotations)
	labelCluster(p, &meta, b.Cluster)
	if longest := len(b.Cluster) + len(name) + len("--") + nodeIDDigits; longest > validation.DNS1123LabelMaxLength {
		p.Invalid("Name", name, fmt.Sprintf("pods would be named %s-%s-0, which leaves fewer than %d digits of the 63 characters of a name", b.Cluster, name, nodeIDDigits),
			"shorten the name of the pool or of the cluster")
	}

	spec := *b.Base.DeepCopy()
	fields := strimziv1.KafkaNodePoolSpec{
		Roles:      b.roles(p),
		Storage:    b.storage(p),
		Resources:  b.Resources.fields(p, "Resources"),
		JVMOptions: heap(p, "Heap", b.Heap),
	}
	if pod := b.Pod.make(p, "Pod", b.Placement, "Placement"); pod != nil {
		fields.Template = &strimziv1.KafkaNodePoolTemplate{Pod: pod}
	}
	if b.Replicas != nil {
		if *b.Replicas < 0 || *b.Replicas > math.MaxInt32 {
			p.Invalid("Replicas", *b.Replicas, "it is out of range", "use 0 or more, or leave it out")
		}
		fields.Replicas = int64(*b.Replicas)
		if spec.Replicas != 0 {
			p.Conflict("Base.Replicas", "the field Replicas sets it too", "use one of the two, the builder's field for choice")
			spec.Replicas = 0
		}
	}
	if len(b.Volumes) > 0 && !isZero(spec.Storage) {
		p.Conflict("Base.Storage", "the field Volumes sets it too", "use one of the two, the builder's field for choice")
		spec.Storage = strimziv1.Storage{}
	}
	lay(p, "Base", &spec, &fields)
	if shared != nil {
		overlay.Fill(&spec, &strimziv1.KafkaNodePoolSpec{Template: &strimziv1.KafkaNodePoolTemplate{Pod: shared.DeepCopy()}})
	}
	b.defaults(p, &spec)
	b.check(p, &spec)
	return &strimziv1.KafkaNodePool{TypeMeta: typeMeta("KafkaNodePool"), ObjectMeta: meta, Spec: spec}
}

// name returns the pool's name, or what pools of its roles are called.
func (b *BrokerPool) name() string {
	if b.Name != "" {
		return b.Name
	}
	roles := b.effectiveRoles()
	switch {
	case len(roles) > 1:
		return "dual-role"
	case slices.Contains(roles, strimziv1.ProcessRoleController):
		return "controller"
	}
	return "broker"
}

// roles returns what the fields say.
func (b *BrokerPool) roles(p *millrace.Problems) []strimziv1.ProcessRole {
	var out []strimziv1.ProcessRole
	for i, role := range b.Roles {
		at := fmt.Sprintf("Roles[%d]", i)
		as := strimziv1.ProcessRole(role)
		switch {
		case role != Broker && role != Controller:
			p.Invalid(at, string(role), "no node does that", "use kafka.Broker or kafka.Controller")
		case slices.Contains(out, as):
			p.Add(millrace.RuleDuplicate, at, string(role)+" is there already", "remove it")
		}
		out = append(out, as)
	}
	return out
}

// effectiveRoles returns the roles as they are rendered.
func (b *BrokerPool) effectiveRoles() []strimziv1.ProcessRole {
	switch {
	case len(b.Roles) > 0:
		var unused millrace.Problems
		return b.roles(&unused)
	case len(b.Base.Roles) > 0:
		return b.Base.Roles
	}
	return []strimziv1.ProcessRole{strimziv1.ProcessRoleBroker}
}

// has reports whether the pool's nodes have a role.
func (b *BrokerPool) has(role strimziv1.ProcessRole) bool {
	return slices.Contains(b.effectiveRoles(), role)
}

// nodes is the number of nodes as it is rendered.
func (b *BrokerPool) nodes() int64 {
	switch {
	case b.Replicas != nil:
		return max(0, int64(*b.Replicas))
	case b.Base.Replicas != 0:
		return b.Base.Replicas
	}
	return defaultNodes
}

// defaults fills in what neither the fields nor Base say.
func (b *BrokerPool) defaults(p *millrace.Problems, spec *strimziv1.KafkaNodePoolSpec) {
	if b.Replicas == nil && spec.Replicas == 0 {
		spec.Replicas = defaultNodes
	}
	if len(spec.Roles) == 0 {
		spec.Roles = b.effectiveRoles()
	}
	memory, cpu := brokerMemory, float64(brokerCPU)
	if !slices.Contains(spec.Roles, strimziv1.ProcessRoleBroker) {
		memory, cpu = controllerMemory, controllerCPU
	}
	if spec.Resources == nil {
		spec.Resources = &corev1.ResourceRequirements{}
	}
	fillResources(spec.Resources, memory, cpu)

	if base := b.Base.Template; b.Spread.Zone != "" && base != nil && base.Pod != nil && base.Pod.TopologySpreadConstraints != nil {
		p.Conflict("Base.Template.Pod.TopologySpreadConstraints", "the field Spread.Zone sets it too", "use one of the two, the builder's field for choice")
	}
	if pod := b.Spread.pod(b.Cluster, spec.Roles); pod != nil {
		overlay.Fill(spec, &strimziv1.KafkaNodePoolSpec{Template: &strimziv1.KafkaNodePoolTemplate{Pod: pod}})
	}
}

// check reports what the operator would refuse in the spec as it is rendered.
func (b *BrokerPool) check(p *millrace.Problems, spec *strimziv1.KafkaNodePoolSpec) {
	if b.Replicas == nil && spec.Replicas < 0 {
		p.Invalid("Base.Replicas", spec.Replicas, "it is negative", "use 0 or more")
	}
	for i, role := range b.Base.Roles {
		if role != strimziv1.ProcessRoleBroker && role != strimziv1.ProcessRoleController {
			p.Invalid(fmt.Sprintf("Base.Roles[%d]", i), string(role), "no node does that", "use broker or controller")
		}
	}
	if len(b.Volumes) > 0 {
		checkStorage(p, &spec.Storage, "Volumes", "Metadata")
	} else {
		checkStorage(p, &spec.Storage, "Base.Storage.Volumes", "KRaftMetadata")
	}
	checkResources(p, spec.Resources, b.Resources)
	if memory, ok := spec.Resources.Limits[corev1.ResourceMemory]; ok && b.Heap > 0 && int64(b.Heap) >= memory.Value() {
		p.Invalid("Heap", b.Heap, fmt.Sprintf("the node has %s of memory, and needs some of it for more than the heap", &memory),
			"use about half of the memory")
	}
}
