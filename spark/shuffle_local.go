package spark

import (
	"fmt"
	"strings"
	"time"

	"github.com/millrace/millrace"
)

// Decommission lets an executor that is told to go move its shuffle and cache
// blocks to the others first. It needs nothing but Spark 3.1, and helps where
// nodes announce their end and Executor.GracePeriod suffices: AWS measures it
// as saving less than half of the data on spot nodes.
// Source: EMR on EKS best practices, node decommission.
type Decommission struct {
	// Fallback is where blocks go that no executor has room for:
	// "s3a://data-platform-shuffle/".
	//
	// Zero has no such place. It is cleaned up at the end of the job, which
	// needs Spark 3.2. A slash is put at its end where there is none, since
	// Spark refuses to start without.
	//
	// Rendered as spark.storage.decommission.fallbackStorage.path and
	// .cleanUp in spec.sparkConf.
	Fallback string
	// KillInterval is how long after the notice the node is gone. Tasks that
	// won't be done by then are started elsewhere beside it, where speculation
	// is on.
	//
	// Zero leaves them where they are. Whole seconds, at most the executors'
	// grace period, after which the kubelet ends them in any case.
	//
	// Rendered as spark.executor.decommission.killInterval in spec.sparkConf.
	// Source: Spark, core/internal/config, EXECUTOR_DECOMMISSION_KILL_INTERVAL.
	KillInterval time.Duration
}

// ReusePVC gives every executor a volume for its shuffle data, which the
// driver owns and hands on to the executor that comes in place of a lost one.
// It needs Spark 3.4, and the driver's service account must be allowed to
// create and list persistent volume claims. Zonal volumes don't go well with
// dynamic allocation (rule spark/reuse-claims-dynamic).
// Source: EMR on EKS best practices, PVC reuse.
type ReusePVC struct {
	// StorageClass should bind WaitForFirstConsumer and reclaim with Delete.
	//
	// Required. Rendered as
	// spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.options.storageClass
	// in spec.sparkConf.
	StorageClass string
	// Size of each executor's volume. Required, in whole MiB. Rendered
	// beside StorageClass, as options.sizeLimit.
	Size millrace.Bytes
}

const (
	keyDecommission   = "spark.decommission.enabled"
	keyBlockMigration = "spark.storage.decommission.enabled"
	keyShuffleBlocks  = "spark.storage.decommission.shuffleBlocks.enabled"
	keyRDDBlocks      = "spark.storage.decommission.rddBlocks.enabled"
	keyReusePVC       = "spark.kubernetes.driver.reusePersistentVolumeClaim"
	reusedVolume      = "spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1."

	// retainedExecutors is of how many decommissioned executors the driver
	// remembers that a fetch from them fails.
	retainedExecutors = "20"
	migrateSince      = "3.1"
	cleanUpSince      = "3.2"
	retainSince       = "3.4"
	reusePVCSince     = "3.4"

	// reusedVolumePath is where a reused volume is mounted. Spark looks for the
	// shuffle data of lost executors in directories spark-*/* two levels above its
	// local directory; under any other path it finds none, and says nothing.
	// Source: apache/spark, KubernetesLocalDiskShuffleExecutorComponents.recoverDiskStore;
	// Spark, running on Kubernetes, "Local Storage".
	reusedVolumePath = "/data/spark-x/executor-x"
)

func (Decommission) remote() bool { return false }
func (ReusePVC) remote() bool     { return false }

func (d Decommission) check(c partCheck) {
	c.needs(migrateSince, "Decommission")
	if d.Fallback != "" {
		checkURL(c.Problems, c.field("Fallback"), d.Fallback)
	}
	checkDuration(c.Problems, c.field("KillInterval"), d.KillInterval, time.Second)
	grace := c.job.Executor.GracePeriod
	if grace == 0 {
		grace = c.job.defaultGrace()
	}
	if d.KillInterval > grace {
		c.Conflict(c.field("KillInterval"), fmt.Sprintf("the kubelet ends executors after their grace period of %s", grace), "lower it, or raise Executor.GracePeriod")
	}
}

func (d Decommission) settings(s *settings) {
	s.set("", keyDecommission, "true")
	s.set("", keyBlockMigration, "true")
	d.fallbacks(s.version, s.fallback)
	if d.Fallback != "" {
		s.set("Fallback", "spark.storage.decommission.fallbackStorage.path", strings.TrimSuffix(d.Fallback, "/")+"/")
		if s.version.atLeast(cleanUpSince) {
			s.fallback("spark.storage.decommission.fallbackStorage.cleanUp", "true")
		}
	}
	if d.KillInterval != 0 {
		s.set("KillInterval", "spark.executor.decommission.killInterval", seconds(d.KillInterval))
	}
}

// fallbacks are the settings that Conf may override.
func (Decommission) fallbacks(v version, set func(key, value string)) {
	// Early versions leave both kinds of blocks where they are by default.
	set(keyShuffleBlocks, "true")
	set(keyRDDBlocks, "true")
	if v.atLeast(retainSince) {
		// A fetch from an executor that was decommissioned must not count
		// as a failure of the stage, which takes a memory of who was.
		// Both are off or zero before 4.0. Source: apache/spark PR 46308.
		set("spark.stage.ignoreDecommissionFetchFailure", "true")
		set("spark.scheduler.maxRetainedRemovedDecommissionExecutors", retainedExecutors)
	}
}

// defaultShuffle is a Decommission of which Conf may override everything.
func defaultShuffle(v version, set func(key, value string)) {
	if !v.atLeast(migrateSince) {
		return
	}
	set(keyDecommission, "true")
	set(keyBlockMigration, "true")
	Decommission{}.fallbacks(v, set)
}

func (Decommission) pod(role, *podParts) {}

func (r ReusePVC) check(c partCheck) {
	c.needs(reusePVCSince, "ReusePVC")
	checkClaim(c, r.StorageClass, r.Size)
	for i, vol := range c.job.Executor.Volumes {
		if vol.Scratch || strings.HasPrefix(vol.Name, scratchPrefix) {
			c.Conflict(fmt.Sprintf("Executor.Volumes[%d]", i), "ReusePVC recovers shuffle data from its own volumes only",
				"leave the scratch volume out, or use another Shuffle")
		}
	}
	if !notAValue(c.job.Executor.Scratch) {
		c.Conflict("Executor.Scratch", "ReusePVC recovers shuffle data from its own volumes only", "leave Scratch out, or use another Shuffle")
	}
}

func (r ReusePVC) settings(s *settings) {
	claimSettings(reusedVolume, r.StorageClass, r.Size, reusedVolumePath, func(key, value string) { s.set("", key, value) })
	s.set("", "spark.kubernetes.driver.ownPersistentVolumeClaim", "true")
	s.set("", keyReusePVC, "true")
	s.set("", "spark.kubernetes.driver.waitToReusePersistentVolumeClaim", "true")
	s.set("", keyShuffleDataIO, localDiskDataIO)
}

func (ReusePVC) pod(role, *podParts) {}

// checkClaim reports what is wrong with the claims that Spark makes.
func checkClaim(c partCheck, class string, size millrace.Bytes) {
	if class == "" {
		c.Required(c.field("StorageClass"), "name a storage class that binds WaitForFirstConsumer")
	} else {
		c.Name(c.field("StorageClass"), class)
	}
	if size == 0 {
		c.Required(c.field("Size"), "say how large each executor's volume is, such as 100 * millrace.GiB")
	} else {
		checkSize(c.Problems, c.field("Size"), size, millrace.MiB)
	}
}

// claimSettings are those of a volume that Spark claims for each pod.
func claimSettings(prefix, class string, size millrace.Bytes, path string, set func(key, value string)) {
	set(prefix+"options.claimName", "OnDemand")
	set(prefix+"options.storageClass", class)
	set(prefix+"options.sizeLimit", size.String())
	set(prefix+"mount.path", path)
	set(prefix+"mount.readOnly", "false")
}
