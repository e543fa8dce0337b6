package main

import (
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// executorPool is the article's Terraform: nodes for Spark executors and for
// nothing else.
func executorPool() *nodepool.Pool {
	return &nodepool.Pool{
		Name:     "spark-executor-pool",
		Workload: "spark-executor",
		Machine:  "n2-highmem-16",
		Max:      50,
		Disk:     nodepool.Disk{Size: 200 * millrace.GiB, Type: "pd-ssd"},
		Labels:   map[string]string{"team": "data-platform"},
		Provider: nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"},
	}
}

const (
	highPriority = "high-priority"
	premiumSSD   = "premium-ssd"
)

// classes are two of the article's failure fixes: a priority class for
// drivers, and a storage class that makes a disk only once it is known where
// its pod runs.
func classes() []millrace.Builder {
	return []millrace.Builder{millrace.Parts{Objects: []millrace.Object{
		&schedulingv1.PriorityClass{
			ObjectMeta:       metav1.ObjectMeta{Name: highPriority},
			Value:            1_000_000,
			PreemptionPolicy: new(corev1.PreemptLowerPriority),
			Description:      "Spark drivers: losing one loses the job.",
		},
		&storagev1.StorageClass{
			ObjectMeta:           metav1.ObjectMeta{Name: premiumSSD},
			Provisioner:          "pd.csi.storage.gke.io",
			Parameters:           map[string]string{"type": "pd-ssd"},
			ReclaimPolicy:        new(corev1.PersistentVolumeReclaimRetain),
			AllowVolumeExpansion: new(true),
			VolumeBindingMode:    new(storagev1.VolumeBindingWaitForFirstConsumer),
		},
	}}}
}
