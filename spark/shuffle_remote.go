package spark

import (
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

// Celeborn keeps shuffle data on the workers of Apache Celeborn, outside the
// executors. Its client's jar must be among the image's own, in
// /opt/spark/jars. From Spark 4.0 on it may be in Deps.Packages as well:
// "org.apache.celeborn:celeborn-client-spark-4-shaded_2.13:0.7.0". Executors
// before that start their shuffle before they fetch anything.
//
// The settings are those of clients 0.4 to 0.7. With dynamic allocation it
// needs Spark 3.5, whose shuffle may say that it needs no executor.
// Source: Apache Celeborn 0.7, README and deploy.md.
type Celeborn struct {
	// Masters are the host:port pairs of the masters. At least one.
	//
	// Rendered as spark.celeborn.master.endpoints in spec.sparkConf.
	Masters []string
	// Writer is how executors divide what they write.
	//
	// Zero is Celeborn's own, HashWriter.
	//
	// Rendered as spark.celeborn.client.spark.shuffle.writer in spec.sparkConf.
	Writer CelebornWriter
	// Replicate keeps every block on two workers. A worker that ends takes the
	// only copy with it otherwise, and where its disks are the node's own, for
	// ever.
	//
	// Nil means true, which Conf may override. It takes two workers.
	//
	// Rendered as spark.celeborn.client.push.replicate.enabled in
	// spec.sparkConf.
	Replicate *bool
	// StageRerun lets Spark compute a stage again whose shuffle data is lost on
	// all workers. Without it the job fails.
	//
	// Nil is the client's own: on since 0.6, off before.
	//
	// Rendered as spark.celeborn.client.spark.fetch.throwsFetchFailure in
	// spec.sparkConf, the name that clients before and after 0.6 know.
	StageRerun *bool
	// LocalFallback lets a shuffle that Celeborn doesn't take, for want of
	// workers, quota or with too many partitions, stay on the executors. Under
	// dynamic allocation these go, and the data with them.
	//
	// Nil is the client's own, which is on, and off under dynamic allocation:
	// the job then fails where Celeborn isn't there. Client 0.5 and later.
	//
	// Rendered as spark.celeborn.client.spark.shuffle.fallback.policy, AUTO or
	// NEVER, in spec.sparkConf.
	// Source: Apache Celeborn, SparkShuffleManager.registerShuffle.
	LocalFallback *bool
}

// CelebornWriter is how an executor divides what it writes to Celeborn.
type CelebornWriter string

// The writers of Celeborn.
const (
	// HashWriter keeps a buffer for every partition: fast, and 64 KiB for each.
	HashWriter CelebornWriter = "hash"
	// SortWriter sorts first, for shuffles of many thousand partitions.
	SortWriter CelebornWriter = "sort"
)

// Uniffle keeps shuffle data on the servers of Apache Uniffle, outside the
// executors. Its client's jar must be where Celeborn's must be. With dynamic
// allocation it needs Spark 3.5.
//
// The settings are those of clients 0.9 and 0.10.
// Source: Apache Uniffle 0.10, README and Spark client guide.
type Uniffle struct {
	// Coordinators are the host:port pairs of the coordinators. At least one.
	//
	// Rendered as spark.rss.coordinator.quorum in spec.sparkConf.
	Coordinators []string
	// AccessID is by what the coordinators know the job. With it they decide
	// whether this job uses Uniffle at all; where they refuse, it keeps its
	// shuffle data on the executors.
	//
	// Zero uses Uniffle in any case. It doesn't go with dynamic allocation,
	// under which such data is lost.
	//
	// Rendered as spark.rss.access.id in spec.sparkConf, and makes
	// spark.shuffle.manager the DelegationRssShuffleManager.
	AccessID string
	// Replicas is on how many servers every block is kept.
	//
	// Zero is Uniffle's 1.
	//
	// Rendered as spark.rss.data.replica in spec.sparkConf.
	Replicas int32
	// WriteReplicas is how many of them must have a block before it counts as
	// written, and ReadReplicas from how many the list of blocks is read.
	// Together they are more than Replicas, so that every read sees every
	// write.
	//
	// Zero is the majority of Replicas.
	//
	// Rendered as spark.rss.data.replica.write and .read in spec.sparkConf.
	// Source: Apache Uniffle, RssUtils.checkQuorumSetting.
	WriteReplicas, ReadReplicas int32
	// Storage is where the servers keep the data; they must be set up for it.
	//
	// Zero takes what the coordinators say.
	//
	// Rendered as spark.rss.storage.type in spec.sparkConf.
	Storage UniffleStorage
	// StageRetry lets Spark compute a stage again whose shuffle data can't be
	// read or written.
	//
	// Zero fails the job, as Uniffle does by itself.
	//
	// Rendered as spark.rss.resubmit.stage in spec.sparkConf, the name that
	// clients 0.9 and 0.10 know.
	StageRetry bool
}

// UniffleStorage is where the servers of Uniffle keep shuffle data.
type UniffleStorage string

// The kinds of storage that Uniffle recommends: all of them keep in memory
// what they can.
const (
	MemoryLocalFile     UniffleStorage = "MEMORY_LOCALFILE"
	MemoryHDFS          UniffleStorage = "MEMORY_HDFS"
	MemoryLocalFileHDFS UniffleStorage = "MEMORY_LOCALFILE_HDFS"
)

const (
	kryo              = "org.apache.spark.serializer.KryoSerializer"
	celebornManager   = "org.apache.spark.shuffle.celeborn.SparkShuffleManager"
	celebornDataIO    = "org.apache.spark.shuffle.celeborn.CelebornShuffleDataIO"
	uniffleManager    = "org.apache.spark.shuffle.RssShuffleManager"
	uniffleDelegation = "org.apache.spark.shuffle.DelegationRssShuffleManager"
	uniffleDataIO     = "org.apache.spark.shuffle.RssShuffleDataIo"

	keyReplicate        = "spark.celeborn.client.push.replicate.enabled"
	keyCelebornFallback = "spark.celeborn.client.spark.shuffle.fallback.policy"

	// remoteDynamicSince is the first Spark whose shuffle can say that it needs
	// no executor. Source: SPARK-42689.
	remoteDynamicSince = "3.5"
	// fetchedClientSince is the first Spark whose executors fetch jars before
	// they start their shuffle. Source: SPARK-45762.
	fetchedClientSince = "4.0"
)

func (Celeborn) remote() bool { return true }
func (Uniffle) remote() bool  { return true }

func (s Celeborn) check(c partCheck) {
	checkEndpoints(c.Problems, c.field("Masters"), s.Masters, "9097")
	if s.Writer != "" && s.Writer != HashWriter && s.Writer != SortWriter {
		c.Invalid(c.field("Writer"), string(s.Writer), "no writer of Celeborn", "use spark.HashWriter or spark.SortWriter")
	}
	if deref(s.LocalFallback) && c.dynamic() {
		c.Conflict(c.field("LocalFallback"), "under dynamic allocation the executors go, and the shuffle data that fell back on them", "leave it out")
	}
	c.remoteShuffle()
}

func (s Celeborn) settings(w *settings) {
	w.remote(celebornManager, celebornDataIO)
	w.set("Masters", "spark.celeborn.master.endpoints", strings.Join(s.Masters, ","))
	if s.Writer != "" {
		w.set("Writer", "spark.celeborn.client.spark.shuffle.writer", string(s.Writer))
	}
	if s.Replicate != nil {
		w.set("Replicate", keyReplicate, boolean(*s.Replicate))
	} else {
		w.fallback(keyReplicate, "true")
	}
	if s.StageRerun != nil {
		w.set("StageRerun", "spark.celeborn.client.spark.fetch.throwsFetchFailure", boolean(*s.StageRerun))
	}
	switch {
	case s.LocalFallback != nil && *s.LocalFallback:
		w.set("LocalFallback", keyCelebornFallback, "AUTO")
	case s.LocalFallback != nil:
		w.set("LocalFallback", keyCelebornFallback, "NEVER")
	case w.dynamic:
		w.fallback(keyCelebornFallback, "NEVER")
	}
	// Retries that outlast the rolling restart of a worker.
	w.fallback("spark.celeborn.client.fetch.maxRetriesForEachReplica", "5")
	w.fallback("spark.celeborn.data.io.retryWait", "15s")
	w.fallback("spark.celeborn.client.rpc.maxRetries", "5")
}

func (Celeborn) pod(role, *podParts) {}

func (s Uniffle) check(c partCheck) {
	checkEndpoints(c.Problems, c.field("Coordinators"), s.Coordinators, "19999")
	if s.AccessID != "" && c.dynamic() {
		c.Conflict(c.field("AccessID"), "where the coordinators refuse the job, its shuffle data lies on executors, which dynamic allocation lets go", "leave it out")
	}
	if kinds := []UniffleStorage{"", MemoryLocalFile, MemoryHDFS, MemoryLocalFileHDFS}; !slices.Contains(kinds, s.Storage) {
		c.Invalid(c.field("Storage"), string(s.Storage), "no storage of Uniffle", "use spark.MemoryLocalFile, MemoryHDFS or MemoryLocalFileHDFS")
	}
	s.checkReplicas(c)
	c.remoteShuffle()
}

func (s Uniffle) checkReplicas(c partCheck) {
	n, write, read := s.replicas()
	for _, r := range []struct {
		field string
		own   int32
		value int32
	}{{"WriteReplicas", s.WriteReplicas, write}, {"ReadReplicas", s.ReadReplicas, read}} {
		if r.own < 0 || r.value > n {
			c.Invalid(c.field(r.field), r.own, fmt.Sprintf("not between 1 and Replicas, %d", n), "leave it out for the majority")
		}
	}
	switch {
	case s.Replicas < 0:
		c.Invalid(c.field("Replicas"), s.Replicas, "less than one", "leave it out for 1")
	case write+read <= n:
		c.Conflict(c.field("WriteReplicas"), fmt.Sprintf("with ReadReplicas it is %d, not more than Replicas, %d: reads may miss blocks, and Uniffle refuses to start", write+read, n), "leave both out for the majority")
	}
}

// replicas returns the numbers with their defaults in place.
func (s Uniffle) replicas() (n, write, read int32) {
	n, write, read = max(s.Replicas, 1), s.WriteReplicas, s.ReadReplicas
	if write == 0 {
		write = n/2 + 1
	}
	if read == 0 {
		read = n/2 + 1
	}
	return n, write, read
}

func (s Uniffle) settings(w *settings) {
	manager := uniffleManager
	if s.AccessID != "" {
		manager = uniffleDelegation
		w.set("AccessID", "spark.rss.access.id", s.AccessID)
	}
	w.remote(manager, uniffleDataIO)
	w.set("Coordinators", "spark.rss.coordinator.quorum", strings.Join(s.Coordinators, ","))
	if n, write, read := s.replicas(); s.Replicas != 0 || s.WriteReplicas != 0 || s.ReadReplicas != 0 {
		w.set("Replicas", "spark.rss.data.replica", decimal(n))
		w.set("WriteReplicas", "spark.rss.data.replica.write", decimal(write))
		w.set("ReadReplicas", "spark.rss.data.replica.read", decimal(read))
	}
	if s.Storage != "" {
		w.set("Storage", "spark.rss.storage.type", string(s.Storage))
	}
	if s.StageRetry {
		w.set("StageRetry", "spark.rss.resubmit.stage", "true")
	}
}

func (Uniffle) pod(role, *podParts) {}

// remote writes what both shuffle services ask for: a serializer whose records
// can be moved, and no shuffle data on local disks.
func (s *settings) remote(manager, dataIO string) {
	s.set("", keyShuffleManager, manager)
	s.set("", keySerializer, kryo)
	s.set("", keyServiceEnabled, "false")
	s.set("", keyLocalReader, "false")
	if s.dynamic && s.version.atLeast(remoteDynamicSince) {
		s.set("", keyShuffleDataIO, dataIO)
	}
}

// remoteShuffle reports what doesn't go with a shuffle service.
func (c partCheck) remoteShuffle() {
	if c.dynamic() {
		c.needs(remoteDynamicSince, "dynamic allocation with a remote shuffle service")
	}
	for _, conf := range []struct {
		field  string
		values map[string]string
	}{{"Conf", c.job.Conf}, {"Base.SparkConf", c.job.Base.SparkConf}} {
		if conf.values[keyDecommission] == "true" && conf.values[keyBlockMigration] == "true" && conf.values[keyShuffleBlocks] != "false" {
			c.Conflict(conf.field+"["+keyShuffleBlocks+"]", "no executor holds shuffle blocks to move, since the shuffle service has them", `set it to "false", or leave decommissioning out`)
		}
		if conf.values[keyShuffleDataIO] == localDiskDataIO {
			c.Conflict(conf.field+"["+keyShuffleDataIO+"]", "it recovers shuffle data from local disks, and the shuffle service holds it", "leave it out")
		}
		if conf.values[keyShuffleTracking] == "true" {
			c.Conflict(conf.field+"["+keyShuffleTracking+"]", "a remote shuffle service holds the shuffle data, and executors need not be kept for it", "leave it out")
		}
	}
	if !c.version.known() || c.version.atLeast(fetchedClientSince) {
		return
	}
	reportClients(c.Problems, "Deps.Packages", c.job.Deps.Packages)
	reportClients(c.Problems, "Deps.Jars", c.job.Deps.Jars)
	for _, key := range []string{"spark.driver.userClassPathFirst", "spark.executor.userClassPathFirst"} {
		if c.job.Conf[key] == "true" {
			c.Conflict("Conf["+key+"]", "the classes of the shuffle's client are then loaded twice, and don't know each other", "leave it out, or use Spark "+fetchedClientSince)
		}
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
