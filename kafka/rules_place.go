package kafka

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func checkSeparateRoles(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	if slices.Contains(pool.Spec.Roles, strimziv1.ProcessRoleBroker) && slices.Contains(pool.Spec.Roles, strimziv1.ProcessRoleController) {
		pass.Report("spec.roles", "the nodes are brokers and controllers in one")
	}
}

func checkDisruptionBudget(pass *millrace.Pass, k *strimziv1.Kafka) {
	if k.Spec.Kafka.Template == nil || k.Spec.Kafka.Template.PodDisruptionBudget == nil || k.Spec.Kafka.Template.PodDisruptionBudget.MaxUnavailable == nil {
		return
	}
	const path = "spec.kafka.template.podDisruptionBudget.maxUnavailable"
	most := *k.Spec.Kafka.Template.PodDisruptionBudget.MaxUnavailable
	spare := clusterReplication(k) - clusterMinInSync(k)
	switch {
	case most == 0:
		pass.Report(path, "no node may be evicted, and nodes of Kubernetes that run one can't be drained")
	case most > 1 && most > spare:
		pass.Report(path, fmt.Sprintf("%d nodes may be evicted at once, of topics that can miss %d replicas", most, max(0, spare)))
	}
}

// checkDedicatedNodes looks at the node pools of the bundle that take the pods
// though these ask for none.
func checkDedicatedNodes(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	placement := poolPod(pass.Bundle, pool).Placement()
	if placement.Tied() {
		return
	}
	for _, shape := range pass.Bundle.Nodes() {
		if shape.Refuses(placement).Empty() {
			pass.Report("spec.template.pod.affinity", fmt.Sprintf("the pods ask for no node pool, and share the nodes of %s with whoever comes", shape.Pool))
			return
		}
	}
}

// checkZones counts the zones that brokers can run in, where all node pools
// that take them say in which they are.
func checkZones(pass *millrace.Pass, k *strimziv1.Kafka) {
	if k.Spec.Kafka.Rack == nil || k.Spec.Kafka.Rack.TopologyKey == nil {
		return
	}
	key := *k.Spec.Kafka.Rack.TopologyKey
	zones := map[string]bool{}
	for _, pool := range poolsOf(pass, k.Namespace, k.Name) {
		if !slices.Contains(pool.Spec.Roles, strimziv1.ProcessRoleBroker) || pool.Spec.Replicas == 0 {
			continue
		}
		placement := poolPod(pass.Bundle, pool).Placement()
		for _, shape := range pass.Bundle.Nodes() {
			if !shape.Refuses(placement).Empty() {
				continue
			}
			in, known := zonesOf(shape, key)
			if !known {
				return
			}
			for _, zone := range in {
				zones[zone] = true
			}
		}
	}
	if n := clusterReplication(k); len(zones) > 0 && int64(len(zones)) < n {
		pass.Report("spec.kafka.rack.topologyKey", fmt.Sprintf("the brokers can run in %d of the zones of %s, and topics have %d replicas", len(zones), key, n))
	}
}

// zonesOf returns the values that a label has on the nodes of a pool.
func zonesOf(shape millrace.NodeShape, key string) ([]string, bool) {
	if zone, ok := shape.Labels[key]; ok {
		return []string{zone}, true
	}
	for _, r := range shape.Requirements {
		if r.Key == key && r.Operator == corev1.NodeSelectorOpIn {
			return r.Values, true
		}
	}
	return nil, false
}
