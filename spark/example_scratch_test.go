package spark_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// printScratch prints where the executors of a job keep their scratch data.
func printScratch(s spark.Scratch) {
	job := batchJob(nil)
	job.Executor.Scratch = s
	app, err := job.SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	executor := spark.Pods(app)[1]
	for i, v := range executor.Template.Spec.Volumes {
		mount := executor.Template.Spec.Containers[0].VolumeMounts[i]
		switch {
		case v.HostPath != nil:
			fmt.Println(v.Name, mount.MountPath, "on", v.HostPath.Path)
		case v.EmptyDir != nil:
			fmt.Printf("%s %s with %s, medium %q\n", v.Name, mount.MountPath, v.EmptyDir.SizeLimit, v.EmptyDir.Medium)
		}
	}
	for _, c := range executor.Claims {
		fmt.Println(c.Name, *c.Spec.StorageClassName, c.Spec.Resources.Requests.Storage())
	}
	requests := executor.Template.Spec.Containers[0].Resources.Requests
	fmt.Println("memory", requests.Memory(), "disk", requests.StorageEphemeral())
}

// The NVMe disks of the node, one directory each.
func ExampleLocalDisks() {
	printScratch(spark.LocalDisks{Paths: []string{"/mnt/k8s-disks/0", "/mnt/k8s-disks/1"}})
	// Output:
	// spark-local-dir-1 /var/data/spark-local-dir-1 on /mnt/k8s-disks/0
	// spark-local-dir-2 /var/data/spark-local-dir-2 on /mnt/k8s-disks/1
	// memory 9011Mi disk 0
}

// A share of the node's own disk, which the scheduler reserves.
func ExampleEmptyDir() {
	printScratch(spark.EmptyDir{Size: 100 * millrace.GiB})
	// Output:
	// spark-local-dir-1 /var/data/spark-local-dir-1 with 100Gi, medium ""
	// memory 9011Mi disk 100Gi
}

// Memory: the pod gets as much more of it.
func ExampleTmpfs() {
	printScratch(spark.Tmpfs{Size: 2 * millrace.GiB})
	// Output:
	// spark-local-dir-1 /var/data/spark-local-dir-1 with 2Gi, medium "Memory"
	// memory 11059Mi disk 0
}

// Two volumes for every executor, which Spark claims.
func ExampleScratchClaims() {
	printScratch(spark.ScratchClaims{StorageClass: "premium-ssd", Size: 100 * millrace.GiB, Count: 2})
	// Output:
	// spark-local-dir-1 premium-ssd 100Gi
	// spark-local-dir-2 premium-ssd 100Gi
	// memory 9011Mi disk 0
}
