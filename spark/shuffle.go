package spark

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
)

// Shuffle says how shuffle data outlives the executor that wrote it:
// Decommission, ReusePVC, Celeborn or Uniffle. They exclude each other.
//
// Magnet, Spark's push-based shuffle, is not among them: Spark turns it on
// only on YARN with an external shuffle service, and Kubernetes has none.
// Source: apache/spark, Utils.isPushBasedShuffleEnabled.
type Shuffle interface{ shuffle() }

// Decommission lets an executor that is told to go move its shuffle and cache
// blocks to the others first. It needs nothing but Spark 3.1, and helps where
// nodes announce their end and the grace period suffices: AWS measures it as
// saving less than half of the data on spot nodes.
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
}

// ReusePVC gives every executor a volume for its shuffle data, which the
// driver owns and hands on to the executor that comes in place of a lost one.
// It needs Spark 3.4, and the driver's service account must be allowed to
// create and list persistent volume claims. Zonal volumes don't go well with
// dynamic allocation.
// Source: EMR on EKS best practices, PVC reuse.
type ReusePVC struct {
	// StorageClass should bind WaitForFirstConsumer and reclaim with Delete.
	//
	// Required. Rendered, like Size, in
	// spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.
	StorageClass string
	// Size of each executor's volume. Required, in whole MiB.
	Size millrace.Bytes
}

// Celeborn keeps shuffle data on the workers of Apache Celeborn, outside the
// executors. Its client's jar must be among the image's own, in
// /opt/spark/jars. From Spark 4.0 on it may be in Deps.Packages as well:
// "org.apache.celeborn:celeborn-client-spark-4-shaded_2.13:0.7.0". Executors
// before that start their shuffle before they fetch anything.
//
// Every block is kept on two workers, which Conf may turn off where there is
// only one. With dynamic allocation it needs Spark 3.5.
// Source: Apache Celeborn 0.7, README and deploy.md.
type Celeborn struct {
	// Masters are the host:port pairs of the masters. At least one.
	//
	// Rendered as spark.celeborn.master.endpoints in spec.sparkConf.
	Masters []string
}

// Uniffle keeps shuffle data on the servers of Apache Uniffle, outside the
// executors. Its client's jar must be where Celeborn's must be. With dynamic
// allocation it needs Spark 3.5.
// Source: Apache Uniffle 0.10, README.
type Uniffle struct {
	// Coordinators are the host:port pairs of the coordinators. At least one.
	//
	// Rendered as spark.rss.coordinator.quorum in spec.sparkConf.
	Coordinators []string
}

func (Decommission) shuffle() {}
func (ReusePVC) shuffle()     {}
func (Celeborn) shuffle()     {}
func (Uniffle) shuffle()      {}

const (
	kryo               = "org.apache.spark.serializer.KryoSerializer"
	celebornManager    = "org.apache.spark.shuffle.celeborn.SparkShuffleManager"
	celebornDataIO     = "org.apache.spark.shuffle.celeborn.CelebornShuffleDataIO"
	uniffleManager     = "org.apache.spark.shuffle.RssShuffleManager"
	uniffleDataIO      = "org.apache.spark.shuffle.RssShuffleDataIo"
	localDiskDataIO    = "org.apache.spark.shuffle.KubernetesLocalDiskShuffleDataIO"
	reusedVolume       = "spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1."
	keyServiceEnabled  = "spark.shuffle.service.enabled"
	keyShuffleManager  = "spark.shuffle.manager"
	keyShuffleDataIO   = "spark.shuffle.sort.io.plugin.class"
	keyDecommission    = "spark.decommission.enabled"
	keyBlockMigration  = "spark.storage.decommission.enabled"
	keyShuffleBlocks   = "spark.storage.decommission.shuffleBlocks.enabled"
	keyLocalReader     = "spark.sql.adaptive.localShuffleReader.enabled"
	keyReusePVC        = "spark.kubernetes.driver.reusePersistentVolumeClaim"
	keyPushShuffle     = "spark.shuffle.push.enabled"
	retainedExecutors  = "20"
	migrateSince       = "3.1"
	cleanUpSince       = "3.2"
	retainSince        = "3.4"
	reusePVCSince      = "3.4"
	remoteDynamicSince = "3.5"
	// fetchedClientSince is the first Spark whose executors fetch jars before
	// they start their shuffle. Source: SPARK-45762.
	fetchedClientSince = "4.0"
)

// reusedVolumePath is where a reused volume is mounted. Spark looks for the
// shuffle data of lost executors in directories spark-*/* two levels above its
// local directory; under any other path it finds none, and says nothing.
// Source: apache/spark, KubernetesLocalDiskShuffleExecutorComponents.recoverDiskStore;
// Spark, running on Kubernetes, "Local Storage".
const reusedVolumePath = "/data/spark-x/executor-x"

// remote reports whether shuffle data lies outside the executors.
func remote(s Shuffle) bool {
	switch s.(type) {
	case Celeborn, Uniffle:
		return true
	}
	return false
}

// shuffleConf returns the settings that a shuffle can't do without, and those
// that Conf may override. An unset shuffle is a default throughout.
func shuffleConf(s Shuffle, v version, dynamic bool) (needed, defaults map[string]string) {
	switch s := s.(type) {
	case nil:
		if !v.atLeast(migrateSince) {
			return nil, nil
		}
		needed, defaults = shuffleConf(Decommission{}, v, dynamic)
		for k, value := range needed {
			defaults[k] = value
		}
		return nil, defaults
	case Decommission:
		needed = map[string]string{keyDecommission: "true", keyBlockMigration: "true"}
		// Early versions leave both kinds of blocks where they are by default.
		defaults = map[string]string{keyShuffleBlocks: "true", "spark.storage.decommission.rddBlocks.enabled": "true"}
		if v.atLeast(retainSince) {
			// A fetch from an executor that was decommissioned must not count
			// as a failure of the stage, which takes a memory of who was.
			// Both are off or zero before 4.0. Source: apache/spark PR 46308.
			defaults["spark.stage.ignoreDecommissionFetchFailure"] = "true"
			defaults["spark.scheduler.maxRetainedRemovedDecommissionExecutors"] = retainedExecutors
		}
		if s.Fallback != "" {
			needed["spark.storage.decommission.fallbackStorage.path"] = strings.TrimSuffix(s.Fallback, "/") + "/"
			if v.atLeast(cleanUpSince) {
				defaults["spark.storage.decommission.fallbackStorage.cleanUp"] = "true"
			}
		}
	case ReusePVC:
		needed = map[string]string{
			reusedVolume + "options.claimName":                 "OnDemand",
			reusedVolume + "options.storageClass":              s.StorageClass,
			reusedVolume + "options.sizeLimit":                 s.Size.String(),
			reusedVolume + "mount.path":                        reusedVolumePath,
			reusedVolume + "mount.readOnly":                    "false",
			"spark.kubernetes.driver.ownPersistentVolumeClaim": "true",
			keyReusePVC: "true",
			"spark.kubernetes.driver.waitToReusePersistentVolumeClaim": "true",
			keyShuffleDataIO: localDiskDataIO,
		}
	case Celeborn:
		needed = remoteConf(celebornManager, celebornDataIO, v, dynamic)
		needed["spark.celeborn.master.endpoints"] = strings.Join(s.Masters, ",")
		// Two copies, and retries that outlast the rolling restart of a worker.
		defaults = map[string]string{
			"spark.celeborn.client.push.replicate.enabled":         "true",
			"spark.celeborn.client.fetch.maxRetriesForEachReplica": "5",
			"spark.celeborn.data.io.retryWait":                     "15s",
			"spark.celeborn.client.rpc.maxRetries":                 "5",
		}
	case Uniffle:
		needed = remoteConf(uniffleManager, uniffleDataIO, v, dynamic)
		needed["spark.rss.coordinator.quorum"] = strings.Join(s.Coordinators, ",")
	}
	return needed, defaults
}

// remoteConf holds what both shuffle services ask for: a serializer whose
// records can be moved, and no shuffle data on local disks.
func remoteConf(manager, dataIO string, v version, dynamic bool) map[string]string {
	conf := map[string]string{
		keyShuffleManager:  manager,
		"spark.serializer": kryo,
		keyServiceEnabled:  "false",
		keyLocalReader:     "false",
	}
	if dynamic && v.atLeast(remoteDynamicSince) {
		conf[keyShuffleDataIO] = dataIO
	}
	return conf
}

// checkShuffle reports what the shuffle lacks.
func (j *Job) checkShuffle(p *millrace.Problems, v version) {
	const field = "Shuffle"
	needs := func(since, what string) {
		if v.known() && !v.atLeast(since) {
			p.Unsupported(field, fmt.Sprintf("%s needs Spark %s, the job has %s", what, since, v), "use a later Spark, or another Shuffle")
		}
	}
	switch s := j.Shuffle.(type) {
	case nil:
	case Decommission:
		needs(migrateSince, "Decommission")
		if s.Fallback != "" {
			checkURL(p, field+".Fallback", s.Fallback)
		}
	case ReusePVC:
		needs(reusePVCSince, "ReusePVC")
		if s.StorageClass == "" {
			p.Required(field+".StorageClass", "name a storage class that binds WaitForFirstConsumer")
		} else {
			p.Name(field+".StorageClass", s.StorageClass)
		}
		if s.Size == 0 {
			p.Required(field+".Size", "say how large each executor's volume is, such as 100 * millrace.GiB")
		} else {
			checkSize(p, field+".Size", s.Size, millrace.MiB)
		}
		for i, vol := range j.Executor.Volumes {
			if vol.Scratch || strings.HasPrefix(vol.Name, scratchPrefix) {
				p.Conflict(fmt.Sprintf("Executor.Volumes[%d]", i), "ReusePVC recovers shuffle data from its own volumes only",
					"leave the scratch volume out, or use another Shuffle")
			}
		}
	case Celeborn:
		checkEndpoints(p, field+".Masters", s.Masters, "9097")
	case Uniffle:
		checkEndpoints(p, field+".Coordinators", s.Coordinators, "19999")
	default:
		p.Invalid(field, fmt.Sprintf("%T", s), "no kind of shuffle", "use a value of Decommission, ReusePVC, Celeborn or Uniffle, not a pointer")
	}
	if !remote(j.Shuffle) {
		return
	}
	if j.Executor.DynamicAllocation != (DynamicAllocation{}) {
		needs(remoteDynamicSince, "dynamic allocation with a remote shuffle service")
	}
	if v.known() && !v.atLeast(fetchedClientSince) {
		reportClients(p, "Deps.Packages", j.Deps.Packages)
		reportClients(p, "Deps.Jars", j.Deps.Jars)
	}
}

// reportClients reports clients of shuffle services that come too late.
func reportClients(p *millrace.Problems, field string, list []string) {
	for i, s := range list {
		if strings.Contains(s, "celeborn-client") || strings.Contains(s, "rss-client") {
			p.Unsupported(fmt.Sprintf("%s[%d]", field, i), "before Spark "+fetchedClientSince+" executors start their shuffle before they fetch this jar, and fail",
				"put it into the image, in /opt/spark/jars")
		}
	}
}

func checkEndpoints(p *millrace.Problems, field string, endpoints []string, port string) {
	if len(endpoints) == 0 {
		p.Required(field, "name at least one as host:"+port)
	}
	for i, e := range endpoints {
		host, number, err := net.SplitHostPort(e)
		n, convErr := strconv.ParseUint(number, 10, 16)
		if err != nil || convErr != nil || n == 0 || !isHost(host) {
			p.Invalid(fmt.Sprintf("%s[%d]", field, i), e, "not host:port", "write it as celeborn-master-0.celeborn:"+port)
		}
	}
}

func isHost(s string) bool {
	return net.ParseIP(s) != nil || len(validation.IsDNS1123Subdomain(s)) == 0
}

// checkURL asks for a file system that all pods share.
func checkURL(p *millrace.Problems, field, value string) {
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "" || strings.ContainsAny(value, " \t\n") {
		p.Invalid(field, value, "not a URL with a scheme", "write it as s3a://bucket/directory/")
		return
	}
	if u.Scheme == "file" || u.Scheme == "local" {
		p.Invalid(field, value, "that is the pod's own disk, which goes with it", "use a file system that all pods share, such as s3a://, gs:// or abfss://")
	}
}
