package kafka

import (
	"fmt"
	"slices"

	storagev1 "k8s.io/api/storage/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func poolRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/pool-cluster-label", Severity: millrace.Error,
			Summary: "Every pool names its cluster.",
			Reason:  "Without the label strimzi.io/cluster no operator looks at the pool: no pods, no status, no message.",
			Fix:     "add the label strimzi.io/cluster with the name of the Kafka object",
			Source:  "Strimzi, NodePoolUtils.java; strimzi-kafka-operator#8676",
			Check:   on(checkPoolLabel),
		},
		{
			ID: "kafka/controllers", Severity: millrace.Warning,
			Summary: "There are three controllers, or a larger odd number.",
			Reason:  "Two controllers or one stop the cluster when one is down, and a fourth adds nothing that a third had not. The number can't be changed later.",
			Fix:     "use three controllers in all",
			Source:  "Strimzi, assembly-kraft-mode; KafkaSpecChecker.java",
			Check:   on(checkControllers),
		},
		{
			ID: "kafka/empty-pool", Severity: millrace.Info,
			Summary: "Every pool has nodes.",
			Reason:  "A pool without nodes is right only for a while, when it is about to be removed or filled.",
			Fix:     "remove the pool, or set spec.replicas",
			Source:  "Strimzi, NodePoolUtils.java: pools without replicas don't count",
			Check:   on(checkEmptyPool),
		},
		{
			ID: "kafka/delete-claim", Severity: millrace.Warning,
			Summary: "Disks outlive their pool.",
			Reason:  "With deleteClaim, deleting the pool or the cluster, or scaling it down, deletes the data.",
			Fix:     "leave deleteClaim out",
			Source:  "Strimzi, con-config-storage-kraft",
			Check:   on(checkDeleteClaim),
		},
		{
			ID: "kafka/storage-class", Severity: millrace.Warning,
			Summary: "Disks are of a named class, which binds WaitForFirstConsumer.",
			Reason:  "The default class is another one in every Kubernetes cluster; one that binds at once makes the disk in a zone that the pod, held back by its spread constraint, may never get to.",
			Fix:     "name a storage class with volumeBindingMode: WaitForFirstConsumer",
			Source:  "Kubernetes, storage classes; strimzi-kafka-operator#6545, #10011",
			Check:   on(checkStorageClass),
		},
		{
			ID: "kafka/ephemeral-storage", Severity: millrace.Error,
			Summary: "Nodes have disks that outlive their pods.",
			Reason:  "A pod that is moved loses its data, and a rolling update moves all of them.",
			Fix:     "use type persistent-claim",
			Source:  "Strimzi, con-config-storage-kraft; KafkaSpecChecker.java",
			Check:   on(checkEphemeral),
		},
	}
}

func checkPoolLabel(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	if pool.Labels[clusterLabel] == "" {
		pass.Report(at("metadata.labels", clusterLabel), "the pool names no cluster")
	}
}

func checkControllers(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	if !slices.Contains(pool.Spec.Roles, strimziv1.ProcessRoleController) {
		return
	}
	n, ok := nodes(pass, pool.Namespace, pool.Labels[clusterLabel], strimziv1.ProcessRoleController)
	if !ok {
		n = pool.Spec.Replicas
	}
	switch {
	case n < defaultNodes:
		pass.Report("spec.replicas", fmt.Sprintf("the cluster has %d controllers in all, and stops when one of them is down", n))
	case n%2 == 0:
		pass.Report("spec.replicas", fmt.Sprintf("the cluster has %d controllers in all, an even number", n))
	}
}

func checkEmptyPool(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	if pool.Spec.Replicas == 0 {
		pass.Report("spec.replicas", "the pool has no nodes")
	}
}

// disk is one disk of a pool, and where it stands in the manifest.
type disk struct {
	path                    string
	class                   *string
	ephemeral, deletesClaim bool
}

// disks returns the disks of a pool, whatever the type of its storage.
func disks(pool *strimziv1.KafkaNodePool) []disk {
	s := pool.Spec.Storage
	if s.Type != strimziv1.StorageTypeJBOD {
		return []disk{{"spec.storage", s.Class, s.Type == strimziv1.StorageTypeEphemeral, s.DeleteClaim != nil && *s.DeleteClaim}}
	}
	var out []disk
	for i, v := range s.Volumes {
		out = append(out, disk{fmt.Sprintf("spec.storage.volumes[%d]", i), v.Class, v.Type == strimziv1.StorageVolumeTypeEphemeral, v.DeleteClaim != nil && *v.DeleteClaim})
	}
	return out
}

func checkDeleteClaim(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	for _, d := range disks(pool) {
		if d.deletesClaim && !d.ephemeral {
			pass.Report(d.path+".deleteClaim", "the disk is deleted with its node")
		}
	}
}

func checkStorageClass(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	for _, d := range disks(pool) {
		if !d.ephemeral && deref(d.class) == "" {
			pass.Report(d.path+".class", "the disk is of whatever class is the default")
		}
	}
	classes(pass, pool, func(d disk, class *storagev1.StorageClass) {
		if class.VolumeBindingMode == nil || *class.VolumeBindingMode != storagev1.VolumeBindingWaitForFirstConsumer {
			pass.Report(d.path+".class", fmt.Sprintf("the storage class %s binds before the pod has a node", class.Name))
		}
	})
}

func checkEphemeral(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	for _, d := range disks(pool) {
		if d.ephemeral {
			pass.Report(d.path+".type", "the disk goes when its pod goes")
		}
	}
}
