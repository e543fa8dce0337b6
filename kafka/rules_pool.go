package kafka

import (
	"fmt"
	"slices"

	storagev1 "k8s.io/api/storage/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

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
