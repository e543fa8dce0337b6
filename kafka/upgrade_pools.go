package kafka

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	// migratedPool is what the pool of a cluster must be called that had none:
	// only then do pods and disks keep their names, <cluster>-kafka-0 and
	// data-<cluster>-kafka-0.
	// Source: Strimzi 0.45, proc-migrating-clusters-node-pools.
	migratedPool = "kafka"
	// controllerPool is a new one, and may have any name.
	// Source: Strimzi 0.45, proc-deploy-migrate-kraft.
	controllerPool = "controller"

	sourcePools = "Strimzi 0.45, proc-migrating-clusters-node-pools"
	sourceKRaft = "Strimzi 0.45, proc-deploy-migrate-kraft"
	sourceRack  = "Strimzi, CHANGELOG 0.49.0; proc-distributing-brokers-across-zones"
)

// newPool is a KafkaNodePool in the making.
type newPool struct {
	tree map[string]any
	ref  millrace.Ref
}

// pool makes a node pool of the Kafka, and returns its spec.
func (c *conversion) pool(name string, role strimziv1.ProcessRole) section {
	meta := map[string]any{"name": name, "labels": map[string]any{clusterLabel: c.ref.Name}}
	if c.ref.Namespace != "" {
		meta["namespace"] = c.ref.Namespace
	}
	pool := &newPool{
		ref: millrace.Ref{Kind: poolKind.Kind, Namespace: c.ref.Namespace, Name: name},
		tree: map[string]any{"apiVersion": strimziv1.GroupVersion.String(), "kind": poolKind.Kind, "metadata": meta,
			"spec": map[string]any{"roles": []any{string(role)}}},
	}
	c.pools = append(c.pools, pool)
	c.changed(UpgradeChange{Kind: UpgradeAdded, In: pool.ref, To: "spec.roles", Detail: fmt.Sprintf("the nodes of role %s are a pool of their own", role), Source: sourcePools})
	return section{c: c, m: pool.tree, in: pool.ref}.sub("spec")
}

// nodePools takes the nodes out of a Kafka: brokers, and controllers in the
// place of ZooKeeper.
func (c *conversion) nodePools(spec section, nodes nodesOf) {
	kafka, zookeeper := spec.sub("kafka"), spec.sub("zookeeper")
	if nodes.pooled || zookeeper.m == nil && !kafka.has("replicas") && !kafka.has("storage") {
		const why = "the cluster has node pools, and they say it"
		kafka.drop("replicas", why, sourceConverter)
		kafka.drop("storage", why, sourceConverter)
		c.sharedResources(kafka)
	} else {
		for _, key := range []string{"replicas", "storage"} {
			if !kafka.has(key) {
				c.faults.Required(kafka.at(key), "say it, or label the node pools of the cluster and upgrade them together with it")
			}
		}
		c.spread(kafka, c.brokers(kafka), brokerRoleLabel)
		if zookeeper.m == nil {
			c.decide("spec.kafka", UpgradeDecision{Question: "nothing says how many controllers there are, and on what disks", Taken: "no pool of controllers, without which the cluster doesn't start",
				Options: []string{"add a KafkaNodePool with the role controller, three replicas, and a disk each"}, Source: sourceKRaft})
		}
	}
	if nodes.kraft || zookeeper.m == nil {
		spec.drop("zookeeper", "the cluster is in KRaft mode", sourceZooKeeper)
		return
	}
	c.spread(kafka, c.controllers(spec, zookeeper), controllerRoleLabel)
	c.migration(nodes.pooled)
}

// migration asks whether the cluster runs, since ZooKeeper has its metadata
// then.
func (c *conversion) migration(pooled bool) {
	steps := []string{"bring the operator to Strimzi 0.45, and Kafka to 3.9"}
	if !pooled {
		steps = append(steps, "apply the pool "+migratedPool+" as v1beta2, and annotate the Kafka with strimzi.io/node-pools: enabled")
	}
	steps = append(steps,
		"apply the pool "+controllerPool+" as v1beta2, and annotate the Kafka with strimzi.io/kraft: migration",
		"once its status.kafkaMetadataState is KRaftPostMigration, annotate it with strimzi.io/kraft: enabled (there is no way back after that), and wait for KRaft",
		"bring the operator to 0.49 or later, with its CRDs, and apply the manifests")
	for i := range steps {
		steps[i] = fmt.Sprintf("%d. %s", i+1, steps[i])
	}
	c.decide("spec.zookeeper", UpgradeDecision{
		Question: "a running cluster has its metadata in ZooKeeper, and must be in KRaft mode before an operator of Strimzi 0.46 or later sees it",
		Taken:    "the manifests of a cluster in KRaft mode, right as they are for a new one",
		Options:  []string{"a new cluster: apply the manifests", "a running one: " + strings.Join(steps, "; ")},
		Source:   sourceKRaft,
	})
}

// brokers makes the pool of the nodes that were in the Kafka itself.
func (c *conversion) brokers(kafka section) section {
	c.storageOverrides(kafka.sub("storage"))
	pool := c.pool(migratedPool, strimziv1.ProcessRoleBroker)
	const why = "pools have the nodes"
	kafka.move("replicas", pool, "replicas", why, sourcePools)
	kafka.move("storage", pool, "storage", why, sourcePools)
	kafka.move("resources", pool, "resources", why, sourceConverter)
	// In the Kafka, these would be the controllers' as well.
	const whyHere = "in the Kafka it would be the controllers' as well"
	kafka.move("jvmOptions", pool, "jvmOptions", whyHere, sourcePools)
	template := kafka.sub("template")
	c.selectors(template.sub("pod"), podName(c.ref.Name, "kafka"), brokerRoleLabel)
	for _, key := range []string{"pod", "podSet", "kafkaContainer", "initContainer", "persistentVolumeClaim"} {
		if template.has(key) {
			template.move(key, pool.need("template"), key, whyHere, sourcePools)
		}
	}
	if t := pool.sub("storage").text("type"); t != "" && t != "jbod" {
		c.decide("spec.kafka.storage", UpgradeDecision{Question: "storage of type " + t + " takes no second disk, and the type of existing disks can't be changed",
			Taken: "the type stays", Options: []string{"a new cluster: use type jbod with one volume, to which others can be added", "a running one: leave it"}, Source: "Strimzi, con-config-storage-kraft; StorageDiff.java"})
	}
	return pool
}

// controllers makes the pool of the nodes that take the place of ZooKeeper.
func (c *conversion) controllers(spec, zookeeper section) section {
	for _, key := range []string{"replicas", "storage"} {
		if !zookeeper.has(key) {
			c.faults.Required(zookeeper.at(key), "say it: the controllers take it over")
		}
	}
	c.storageOverrides(zookeeper.sub("storage"))
	pool := c.pool(controllerPool, strimziv1.ProcessRoleController)
	const why = "controllers take ZooKeeper's place"
	zookeeper.move("replicas", pool, "replicas", why, sourceKRaft)
	c.controllerDisk(zookeeper, pool)
	zookeeper.move("resources", pool, "resources", why, sourceKRaft)
	zookeeper.move("jvmOptions", pool, "jvmOptions", why, sourceKRaft)
	template := zookeeper.sub("template")
	c.selectors(template.sub("pod"), podName(c.ref.Name, "zookeeper"), controllerRoleLabel)
	for _, key := range []string{"pod", "podSet", "persistentVolumeClaim", "zookeeperContainer"} {
		if template.has(key) {
			template.move(key, pool.need("template"), strings.Replace(key, "zookeeper", "kafka", 1), why, sourceKRaft)
		}
	}
	if !pool.has("resources") {
		list := map[string]any{"memory": controllerMemory.String(), "cpu": fmt.Sprint(controllerCPU)}
		pool.add("resources", map[string]any{"requests": list, "limits": map[string]any{"memory": controllerMemory.String()}}, "ZooKeeper had none that the manifest says", "millrace's default for controllers")
		c.decide("spec.zookeeper", UpgradeDecision{Question: "nothing says what resources the controllers have", Taken: fmt.Sprintf("%s of memory and %d CPU, which millrace gives them", controllerMemory, controllerCPU),
			Options: []string{"size them by the number of partitions"}, Source: "kafka.BrokerPool"})
	}
	for _, key := range zookeeper.keys() {
		if key != "template" || template.m == nil {
			zookeeper.drop(key, "it was ZooKeeper's own", sourceZooKeeper)
		}
	}
	for _, key := range template.keys() {
		template.drop(key, "it was ZooKeeper's own", sourceZooKeeper)
	}
	delete(spec.m, "zookeeper")
	return pool
}

// controllerDisk makes the disk of the controllers. It is a new one, so that it
// can be of the type that takes further ones.
func (c *conversion) controllerDisk(zookeeper, pool section) {
	storage := zookeeper.sub("storage")
	if storage.m == nil {
		return
	}
	if storage.text("type") != "persistent-claim" {
		zookeeper.move("storage", pool, "storage", "controllers take ZooKeeper's place", sourceKRaft)
		return
	}
	volume := map[string]any{"id": int64(0), "kraftMetadata": "shared"}
	disk := section{c: c, m: volume, path: "spec.storage.volumes[0]", in: pool.in}
	pool.m["storage"] = map[string]any{"type": "jbod", "volumes": []any{volume}}
	storage.drop("id", "the volume has one", sourceKRaft)
	for _, key := range storage.keys() {
		storage.move(key, disk, key, "controllers take ZooKeeper's place, on disks of their own", sourceKRaft)
	}
	delete(zookeeper.m, "storage")
}

// sharedResources deals with resources in a Kafka whose nodes are in pools:
// pools without any had them from there.
func (c *conversion) sharedResources(kafka section) {
	if !kafka.has("resources") {
		return
	}
	resources := kafka.m["resources"]
	kafka.drop("resources", "v1 has resources in node pools only", sourceConverter)
	text, _ := yamlText(resources)
	c.decide("spec.kafka.resources", UpgradeDecision{Question: "node pools that have no resources of their own had these", Taken: "the pools are left as they are",
		Options: []string{"write them into each such pool, as spec.resources: " + text}, Source: sourceConverter})
}

// storageOverrides removes the storage classes of single brokers.
func (c *conversion) storageOverrides(storage section) {
	for _, disk := range append(storage.items("volumes"), storage) {
		if !disk.has("overrides") {
			continue
		}
		disk.drop("overrides", "a pool has one class for each of its disks", sourceConverter)
		c.decide(disk.at("overrides"), UpgradeDecision{Question: "some nodes had disks of another storage class", Taken: "all of the pool's new disks are of the class of its storage; disks that exist stay as they are",
			Options: []string{"make a pool for each class, and move the replicas there"}, Source: "Strimzi, CHANGELOG 0.43.0"})
	}
}

// selectors narrows those selectors of a pod's template that mean the pods of
// its own component: since brokers and controllers are both called
// <cluster>-kafka, they would mean the others as well.
func (c *conversion) selectors(pod section, component, role string) {
	const nameLabel = "strimzi.io/name"
	var visit func(p section)
	narrow := func(selector section) {
		labels := selector.sub("matchLabels")
		hit := labels.text(nameLabel) == component
		for _, e := range selector.items("matchExpressions") {
			values := texts(e.m["values"])
			hit = hit || e.text("key") == nameLabel && e.text("operator") == "In" && len(values) == 1 && values[0] == component
		}
		if !hit {
			return
		}
		delete(labels.m, nameLabel)
		var rest []any
		for _, e := range selector.items("matchExpressions") {
			if e.text("key") != nameLabel {
				rest = append(rest, e.m)
			}
		}
		if delete(selector.m, "matchExpressions"); rest != nil {
			selector.m["matchExpressions"] = rest
		}
		own := selector.need("matchLabels")
		own.m[clusterLabel], own.m[role] = c.ref.Name, "true"
		c.changed(UpgradeChange{Kind: UpgradeRewritten, Path: selector.path, To: selector.path,
			Detail: fmt.Sprintf("%s=%s means brokers and controllers now, or nobody; %s means those of this pool's role", nameLabel, component, role), Source: "Strimzi, KafkaPool.java"})
	}
	visit = func(p section) {
		if selector := p.sub("labelSelector"); selector.m != nil {
			narrow(selector)
		}
		p.each(visit)
	}
	visit(pod)
}

// spread keeps the nodes of a pool apart in racks, as the operator did by
// itself until Strimzi 0.48.
func (c *conversion) spread(kafka, pool section, role string) {
	key := kafka.sub("rack").text("topologyKey")
	if key == "" {
		return
	}
	for _, constraint := range pool.sub("template", "pod").items("topologySpreadConstraints") {
		if constraint.text("topologyKey") == key {
			return
		}
	}
	to := pool.need("template", "pod").push("topologySpreadConstraints", map[string]any{
		"maxSkew": int64(1), "topologyKey": key, "whenUnsatisfiable": string(corev1.ScheduleAnyway),
		"labelSelector": map[string]any{"matchLabels": map[string]any{clusterLabel: c.ref.Name, role: "true"}},
	})
	c.changed(UpgradeChange{Kind: UpgradeAdded, In: pool.in, To: to, Detail: "since Strimzi 0.49 the rack moves no pod", Source: sourceRack})
	if role == brokerRoleLabel {
		c.decide("spec.kafka.rack", UpgradeDecision{Question: "how strictly the nodes are spread over " + key, Taken: "as before: where there is room (ScheduleAnyway)",
			Options: []string{"DoNotSchedule: a new cluster, or one whose disks are evenly spread; a node whose disk is in a crowded zone would stay pending"}, Source: sourceRack})
	}
}
