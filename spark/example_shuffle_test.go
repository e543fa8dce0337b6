package spark_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// settings prints the settings of a job that start with one of the prefixes.
func settings(job *spark.Job, prefixes ...string) {
	app, err := job.SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, key := range slices.Sorted(maps.Keys(app.Spec.SparkConf)) {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
			fmt.Println(key, "=", app.Spec.SparkConf[key])
		}
	}
}

// A job that grows and shrinks, with its shuffle data on Celeborn's workers.
func ExampleCeleborn() {
	settings(&spark.Job{
		Name:    "sessions",
		Image:   "company-registry/spark:3.5.1-python3.11",
		Version: "3.5.1",
		Main:    "local:///opt/spark/work-dir/jobs/sessions.py",
		Executor: spark.Executor{
			Cores: 4, Memory: 8 * millrace.GiB,
			DynamicAllocation: spark.DynamicAllocation{Min: 2, Max: 40, IdleTimeout: 5 * time.Minute},
		},
		Shuffle: spark.Celeborn{Masters: []string{"celeborn-master-0.celeborn:9097", "celeborn-master-1.celeborn:9097"}},
	}, "spark.celeborn", "spark.shuffle", "spark.serializer", "spark.dynamicAllocation", "spark.sql.adaptive.local")
	// Output:
	// spark.celeborn.client.fetch.maxRetriesForEachReplica = 5
	// spark.celeborn.client.push.replicate.enabled = true
	// spark.celeborn.client.rpc.maxRetries = 5
	// spark.celeborn.client.spark.shuffle.fallback.policy = NEVER
	// spark.celeborn.data.io.retryWait = 15s
	// spark.celeborn.master.endpoints = celeborn-master-0.celeborn:9097,celeborn-master-1.celeborn:9097
	// spark.dynamicAllocation.executorIdleTimeout = 300s
	// spark.serializer = org.apache.spark.serializer.KryoSerializer
	// spark.shuffle.manager = org.apache.spark.shuffle.celeborn.SparkShuffleManager
	// spark.shuffle.service.enabled = false
	// spark.shuffle.sort.io.plugin.class = org.apache.spark.shuffle.celeborn.CelebornShuffleDataIO
	// spark.sql.adaptive.localShuffleReader.enabled = false
}

// Every block is on three servers; Uniffle goes on while two of them are there.
func ExampleUniffle() {
	settings(&spark.Job{
		Name: "sessions", Image: "company-registry/spark:4.1.2", Version: "4.1.2", Main: "local:///opt/jobs/sessions.py",
		Shuffle: spark.Uniffle{Coordinators: []string{"uniffle-coordinator-0.uniffle:19999"}, Replicas: 3},
	}, "spark.rss", "spark.shuffle", "spark.serializer")
	// Output:
	// spark.rss.coordinator.quorum = uniffle-coordinator-0.uniffle:19999
	// spark.rss.data.replica = 3
	// spark.rss.data.replica.read = 2
	// spark.rss.data.replica.write = 2
	// spark.serializer = org.apache.spark.serializer.KryoSerializer
	// spark.shuffle.manager = org.apache.spark.shuffle.RssShuffleManager
	// spark.shuffle.service.enabled = false
}

// Executors take over the volumes of those that were lost.
func ExampleReusePVC() {
	settings(&spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Shuffle: spark.ReusePVC{StorageClass: "premium-ssd", Size: 200 * millrace.GiB},
	}, "spark.shuffle", "spark.kubernetes.driver.reuse", "spark.kubernetes.executor.volumes")
	// Output:
	// spark.kubernetes.driver.reusePersistentVolumeClaim = true
	// spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.mount.path = /data/spark-x/executor-x
	// spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.mount.readOnly = false
	// spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.options.claimName = OnDemand
	// spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.options.sizeLimit = 200Gi
	// spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.options.storageClass = premium-ssd
	// spark.shuffle.sort.io.plugin.class = org.apache.spark.shuffle.KubernetesLocalDiskShuffleDataIO
}

// Without a Shuffle, executors that are told to go move their blocks to the
// others; a fallback takes what nobody has room for.
func ExampleDecommission() {
	settings(&spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Shuffle: spark.Decommission{Fallback: "s3a://data-platform-shuffle/"},
	}, "spark.decommission", "spark.storage")
	// Output:
	// spark.decommission.enabled = true
	// spark.storage.decommission.enabled = true
	// spark.storage.decommission.fallbackStorage.cleanUp = true
	// spark.storage.decommission.fallbackStorage.path = s3a://data-platform-shuffle/
	// spark.storage.decommission.rddBlocks.enabled = true
	// spark.storage.decommission.shuffleBlocks.enabled = true
}
