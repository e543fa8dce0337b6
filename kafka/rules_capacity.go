package kafka

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func checkMemory(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	const path = "spec.resources"
	r := deref(pool.Spec.Resources)
	request, hasRequest := r.Requests[corev1.ResourceMemory]
	limit, hasLimit := r.Limits[corev1.ResourceMemory]
	switch {
	case !hasRequest && !hasLimit:
		pass.Report(path, "the nodes request no memory")
	case !hasLimit:
		pass.Report(path+".limits[memory]", "the memory has no limit")
	case hasRequest && request.Cmp(limit) < 0: // Kubernetes makes the limit the request where there is none.
		pass.Report(path+".requests[memory]", fmt.Sprintf("%s are requested of the %s that the nodes may take", &request, &limit))
	}
}

func checkCPULimit(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	if q, ok := deref(pool.Spec.Resources).Limits[corev1.ResourceCPU]; ok {
		pass.Report("spec.resources.limits[cpu]", fmt.Sprintf("the nodes are throttled at %s cores", &q))
	}
}

// The shares of the memory that a heap may take: Strimzi's own for brokers,
// and that for its components which have no use for a page cache.
// Source: Strimzi, KafkaCluster.java and KafkaConnectCluster.java.
const (
	brokerHeapPercent     = 50
	controllerHeapPercent = 75
)

// sizingOff is what half of a size of the heap does.
// Source: Strimzi, JvmOptionUtils.heapOptions and dynamic_resources.sh.
const sizingOff = "turns off Strimzi's own sizing, and the JVM takes a quarter of the memory at most"

func checkPageCache(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	o := pool.Spec.JVMOptions
	if k, ok := clusterOf(pass.Bundle, pool); ok && o == nil {
		o = k.Spec.Kafka.JVMOptions // Strimzi takes one of the two.
	}
	if o == nil {
		return
	}
	const path = "spec.jvmOptions"
	most, least := deref(o.Xmx), deref(o.Xms)
	share, hasShare := o.XX[maxHeapShare]
	switch {
	case most == "" && !hasShare && least != "":
		pass.Report(path+".-Xms", "-Xms alone "+sizingOff)
		return
	case most == "" && !hasShare && o.XX[initialHeapShare] != "":
		pass.Report(at(path+".-XX", initialHeapShare), initialHeapShare+" alone "+sizingOff)
		return
	case most != "" && least != most:
		begin, ok := heapBytes(least)
		if end, _ := heapBytes(most); !ok || begin != end {
			pass.Report(path+".-Xms", fmt.Sprintf("the heap grows from %s to %s", cmp.Or(least, "the JVM's own size"), most))
		}
	}
	memory, ok := memoryLimit(pool.Spec.Resources)
	if !ok {
		return
	}
	allowed := int64(controllerHeapPercent)
	if slices.Contains(pool.Spec.Roles, strimziv1.ProcessRoleBroker) {
		allowed = brokerHeapPercent
	}
	if n, ok := heapBytes(most); ok && n < memory.Value() && float64(n)*100 > float64(memory.Value())*float64(allowed) {
		pass.Report(path+".-Xmx", fmt.Sprintf("%s of heap leave less than %d%% of %s for the page cache and the rest", most, 100-allowed, &memory))
	} else if percent, err := strconv.ParseFloat(share, 64); most == "" && err == nil && percent > float64(allowed) {
		pass.Report(at(path+".-XX", maxHeapShare), fmt.Sprintf("a heap of %s%% leaves less than %d%% of %s for the page cache and the rest", share, 100-allowed, &memory))
	}
}

func checkJBOD(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	if pool.Spec.Storage.Type == strimziv1.StorageTypePersistentClaim {
		pass.Report("spec.storage.type", "the pool can't get a second disk")
	}
}

// classes calls f for the storage class of each of a pool's disks that the
// bundle has.
func classes(pass *millrace.Pass, pool *strimziv1.KafkaNodePool, f func(d disk, class *storagev1.StorageClass)) {
	for _, d := range disks(pool) {
		if d.ephemeral || deref(d.class) == "" {
			continue
		}
		found, _ := pass.Bundle.Find(schema.GroupKind{Group: storagev1.GroupName, Kind: "StorageClass"}, "", *d.class)
		if class, ok := found.(*storagev1.StorageClass); ok {
			f(d, class)
		}
	}
}

func checkExpansion(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	classes(pass, pool, func(d disk, class *storagev1.StorageClass) {
		if !deref(class.AllowVolumeExpansion) {
			pass.Report(d.path+".class", fmt.Sprintf("the storage class %s doesn't let the disk grow", class.Name))
		}
	})
}

// fileProvisioners make volumes on file servers.
// Source: the drivers' own documentation.
var fileProvisioners = []string{
	"nfs.csi.k8s.io", "smb.csi.k8s.io", "efs.csi.aws.com", "filestore.csi.storage.gke.io", "file.csi.azure.com",
	"kubernetes.io/azure-file", "cephfs.csi.ceph.com", "rook-ceph.cephfs.csi.ceph.com", "fsx.csi.aws.com", "k8s-sigs.io/nfs-subdir-external-provisioner",
}

func checkFileStorage(pass *millrace.Pass, pool *strimziv1.KafkaNodePool) {
	classes(pass, pool, func(d disk, class *storagev1.StorageClass) {
		if slices.Contains(fileProvisioners, class.Provisioner) {
			pass.Report(d.path+".class", fmt.Sprintf("the storage class %s is of %s, a file server", class.Name, class.Provisioner))
		}
	})
}
