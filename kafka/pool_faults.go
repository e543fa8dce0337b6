package kafka

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const poolRule = "kafka/pool"

// nodeIDDigits is how long the number at the end of a pod's name may get.
const nodeIDDigits = 3

// pool reports what the operator refuses or ignores in a pool.
// Source: Strimzi, NodePoolUtils.java and KafkaPool.fromCrd.
func (f *faults) pool(o *strimziv1.KafkaNodePool) {
	spec := &o.Spec
	f.podName(o.Labels[clusterLabel], o.Name)
	f.poolRoles(spec.Roles)
	if spec.Replicas < 0 {
		f.add(poolRule, millrace.RuleInvalid, "spec.replicas", fmt.Sprintf("%d: it is negative", spec.Replicas), "use 0 or more")
	}
	f.storage(&spec.Storage)
	f.resources("spec.resources", spec.Resources)
	f.jvm("spec.jvmOptions", spec.JVMOptions, spec.Resources)
	if t := spec.Template; t != nil {
		f.template("spec.template.pod", t.Pod, ownNodeVolumes,
			containerTemplate{"spec.template.kafkaContainer", t.KafkaContainer}, containerTemplate{"spec.template.initContainer", t.InitContainer})
	}
	f.nodeIDs(o.Annotations)
}

func (f *faults) podName(cluster, pool string) {
	if longest := len(cluster) + len(pool) + len("--") + nodeIDDigits; longest > validation.DNS1123LabelMaxLength {
		f.add(poolRule, millrace.RuleInvalid, "metadata.name", fmt.Sprintf("%q: pods would be named %s-%s-0, which leaves fewer than %d digits of the 63 characters of a name", pool, cluster, pool, nodeIDDigits),
			"shorten the name of the pool or of the cluster")
	}
}

func (f *faults) poolRoles(roles []strimziv1.ProcessRole) {
	if len(roles) == 0 {
		f.add(poolRule, millrace.RuleRequired, "spec.roles", "is required", "say what the nodes do: broker, controller or both")
	}
	for i, role := range roles {
		at := fmt.Sprintf("spec.roles[%d]", i)
		switch {
		case role != strimziv1.ProcessRoleBroker && role != strimziv1.ProcessRoleController:
			f.add(poolRule, millrace.RuleInvalid, at, fmt.Sprintf("%q: no node does that", role), "use broker or controller")
		case slices.Contains(roles[:i], role):
			f.add(poolRule, millrace.RuleDuplicate, at, string(role)+" is there already", "remove it")
		}
	}
}
