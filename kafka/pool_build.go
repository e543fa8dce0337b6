package kafka

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Build checks the pool and makes its KafkaNodePool.
func (b *BrokerPool) Build() (millrace.Parts, error) {
	parts, err := alone(b.KafkaNodePool())
	if err == nil {
		parts.PlacedOn = placedOn(b)
	}
	return parts, err
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
	b.checkSpread(p)
	pool, _ := b.build(p, nil)
	if err := finish(p, b); err != nil {
		return nil, err
	}
	return pool, nil
}

// build makes the object and reports what is wrong with it. shared is what the
// cluster's Base says of all nodes.
func (b *BrokerPool) build(p *millrace.Problems, shared *strimziv1.KafkaClusterSpec) (*strimziv1.KafkaNodePool, origins) {
	name := b.name()
	p.LabelName("Name", name)
	of := newOrigins[strimziv1.KafkaNodePoolSpec]()
	of.add("metadata.name", "Name")
	meta := objectMeta(p, name, b.Namespace, b.Labels, b.Annotations)
	labelCluster(p, &meta, b.Cluster)
	b.annotateIDs(p, of, &meta.Annotations)

	spec := *b.Base.DeepCopy()
	layReplicas(p, "Replicas", b.Replicas, &spec.Replicas, defaultNodes)
	fields := b.fields(p, of)
	if len(b.Volumes) > 0 && !isZero(spec.Storage) {
		setTwice(p, "Base.Storage", "Volumes")
		spec.Storage = strimziv1.Storage{}
	}
	lay(p, "Base", &spec, fields)
	if shared != nil {
		overlay.Fill(&spec, sharedSpec(shared))
	}
	b.defaults(p, &spec)
	made := &strimziv1.KafkaNodePool{TypeMeta: typeMeta("KafkaNodePool"), ObjectMeta: meta, Spec: spec}
	faultsOf(made).report(p, of)
	return made, of
}

// fields is what the user's fields say, but for the number of nodes, of which
// none is one, too.
func (b *BrokerPool) fields(p *millrace.Problems, of origins) *strimziv1.KafkaNodePoolSpec {
	const jvm, pod, container = "spec.jvmOptions", "spec.template.pod", "spec.template.kafkaContainer"
	b.Resources.origins(of, "spec.resources", "Resources")
	b.Pod.origins(of, pod, container, "Pod")
	if b.Heap != 0 {
		of.add(jvm+".-Xmx", "Heap")
		of.add(jvm+".-Xms", "Heap")
	}
	if base := b.Base.Template; base == nil || base.KafkaContainer == nil {
		of.add(container+".env", "Pod.Env")
	}
	fields := &strimziv1.KafkaNodePoolSpec{
		Roles:      b.roles(of),
		Storage:    b.storage(p, of),
		Resources:  b.Resources.fields(p, "Resources"),
		JVMOptions: b.JVM.make(of, jvm, "JVM", heap(p, "Heap", b.Heap)),
	}
	template := strimziv1.KafkaNodePoolTemplate{
		Pod:            b.Pod.make(p, "Pod", b.Placement, "Placement"),
		KafkaContainer: b.Pod.container(p, "Pod"),
	}
	if !isZero(template) {
		fields.Template = &template
	}
	return fields
}

// sharedSpec is what a cluster says of all nodes, as a pool says it. A pool
// that says anything of a part would otherwise hide all of it.
// Source: Strimzi, KafkaPool.fromCrd.
func sharedSpec(k *strimziv1.KafkaClusterSpec) *strimziv1.KafkaNodePoolSpec {
	out := &strimziv1.KafkaNodePoolSpec{JVMOptions: k.JVMOptions.DeepCopy()}
	if t := k.Template; t != nil && (t.Pod != nil || t.KafkaContainer != nil || t.InitContainer != nil) {
		out.Template = &strimziv1.KafkaNodePoolTemplate{Pod: t.Pod.DeepCopy(), KafkaContainer: t.KafkaContainer.DeepCopy(), InitContainer: t.InitContainer.DeepCopy()}
	}
	return out
}

// checkSpread checks what a pool says of its nodes being apart.
func (b *BrokerPool) checkSpread(p *millrace.Problems) {
	b.Spread.check(p, "Spread")
	b.Spread.noVariable(p, "Spread")
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
func (b *BrokerPool) roles(of origins) []strimziv1.ProcessRole {
	var out []strimziv1.ProcessRole
	for i, role := range b.Roles {
		of.add(fmt.Sprintf("spec.roles[%d]", i), fmt.Sprintf("Roles[%d]", i))
		out = append(out, strimziv1.ProcessRole(role))
	}
	return out
}

// effectiveRoles returns the roles as they are rendered.
func (b *BrokerPool) effectiveRoles() []strimziv1.ProcessRole {
	switch {
	case len(b.Roles) > 0:
		return b.roles(newOrigins[strimziv1.KafkaNodePoolSpec]())
	case len(b.Base.Roles) > 0:
		return slices.Clone(b.Base.Roles)
	}
	return []strimziv1.ProcessRole{strimziv1.ProcessRoleBroker}
}

// defaults fills in what neither the fields nor Base say.
func (b *BrokerPool) defaults(p *millrace.Problems, spec *strimziv1.KafkaNodePoolSpec) {
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
		setTwice(p, "Base.Template.Pod.TopologySpreadConstraints", "Spread.Zone")
	}
	if pod := b.Spread.pod(b.Cluster, spec.Roles); pod != nil {
		overlay.Fill(spec, &strimziv1.KafkaNodePoolSpec{Template: &strimziv1.KafkaNodePoolTemplate{Pod: pod}})
	}
}
