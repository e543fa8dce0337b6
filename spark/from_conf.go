package spark

import (
	"errors"
	"maps"
	"reflect"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// confReader moves settings of a job's Conf into the fields that govern them.
// It moves only what these fields would write in the very same way.
type confReader struct {
	job     *Job
	version version
}

// try sets fields in a copy of the job, and keeps it if nothing else comes of
// it: what these fields write is in the settings already, where they are then
// said by the fields alone, and nobody refuses them.
func (c *confReader) try(set func(*Job)) {
	before, trial := c.job.settings(c.version), *c.job
	trial.Driver.Annotations = maps.Clone(trial.Driver.Annotations)
	set(&trial)
	after := trial.settings(c.version)
	for key, own := range before.own {
		if after.own[key].value != own.value {
			return
		}
	}
	trial.Conf = maps.Clone(trial.Conf)
	for key, own := range after.own {
		if _, old := before.own[key]; !old && c.job.Conf[key] != own.value {
			return
		}
		delete(trial.Conf, key)
	}
	for _, r := range roles {
		have, want := trial.pod(r), c.job.pod(r)
		if !reflect.DeepEqual(have.volumes, want.volumes) || !equality.Semantic.DeepEqual(have.annotations, want.annotations) {
			return
		}
	}
	if reflect.DeepEqual(before.java, after.java) && c.mistakes(&trial) <= c.mistakes(c.job) {
		*c.job = trial
	}
}

// mistakes counts what the parts of a job refuse.
func (c *confReader) mistakes(j *Job) int {
	p := &millrace.Problems{}
	j.checkParts(p, c.version, j.Language)
	if be, ok := errors.AsType[*millrace.BuildError](p.Err()); ok {
		return len(be.Findings)
	}
	return 0
}

// size calls set with the size that a setting holds. So do the others, with
// what they read.
func (c *confReader) size(key string, set func(*Job, millrace.Bytes)) {
	if b, ok := parseSize(c.job.Conf[key], "b"); ok {
		c.try(func(j *Job) { set(j, b) })
	}
}

func (c *confReader) count(key string, set func(*Job, int32)) {
	if n, err := strconv.ParseInt(c.job.Conf[key], 10, 32); err == nil && n > 0 {
		c.try(func(j *Job) { set(j, int32(n)) })
	}
}

func (c *confReader) flag(key string, set func(*Job, bool)) {
	if on, err := strconv.ParseBool(c.job.Conf[key]); err == nil {
		c.try(func(j *Job) { set(j, on) })
	}
}

func (c *confReader) factor(key string, set func(*Job, float64)) {
	if f, err := strconv.ParseFloat(c.job.Conf[key], 64); err == nil {
		c.try(func(j *Job) { set(j, f) })
	}
}

func (c *confReader) text(key string, set func(*Job, string)) {
	if text := c.job.Conf[key]; text != "" {
		c.try(func(j *Job) { set(j, text) })
	}
}

func (c *confReader) duration(key string, set func(*Job, time.Duration)) {
	text := c.job.Conf[key]
	d, ok := parseSeconds(text)
	if ms, found := strings.CutSuffix(text, "ms"); found {
		n, err := strconv.ParseInt(ms, 10, 32)
		d, ok = time.Duration(n)*time.Millisecond, err == nil
	}
	if ok {
		c.try(func(j *Job) { set(j, d) })
	}
}

func (c *confReader) read() {
	c.size("spark.memory.offHeap.size", func(j *Job, b millrace.Bytes) { j.Executor.OffHeap = b })
	c.size("spark.executor.pyspark.memory", func(j *Job, b millrace.Bytes) {
		if j.Language == Python {
			j.Executor.PythonMemory = b
		}
	})
	c.size(keyStaticBroadcast, func(j *Job, b millrace.Bytes) { j.Executor.Broadcast.Static = b })
	c.size(keyMeasuredBroadcast, func(j *Job, b millrace.Bytes) { j.Executor.Broadcast.Measured = &b })
	if c.job.Conf[keyMeasuredBroadcast] == "-1" {
		c.try(func(j *Job) { j.Executor.Broadcast.Measured = new(millrace.Bytes) })
	}
	if c.job.Executor.DynamicAllocation != (DynamicAllocation{}) {
		c.duration(keyIdleTimeout, func(j *Job, d time.Duration) { j.Executor.DynamicAllocation.IdleTimeout = d })
	}
	c.readShuffle()
	c.readScratch()
	c.readTuning()
	c.readObserve()
}

// readTuning comes after the shuffle, of which services use Kryo.
func (c *confReader) readTuning() {
	c.count("spark.sql.shuffle.partitions", func(j *Job, n int32) { j.Tuning.ShufflePartitions = n })
	c.size("spark.sql.files.maxPartitionBytes", func(j *Job, b millrace.Bytes) { j.Tuning.MaxPartitionBytes = b })
	c.count("spark.task.maxFailures", func(j *Job, n int32) { j.Tuning.TaskFailures = n })
	c.count(keyTaskCPUs, func(j *Job, n int32) { j.Tuning.TaskCPUs = n })
	c.count("spark.executor.maxNumFailures", func(j *Job, n int32) { j.Tuning.ExecutorFailures = n })
	c.duration("spark.executor.failuresValidityInterval", func(j *Job, d time.Duration) { j.Tuning.FailureWindow = d })
	c.duration("spark.network.timeout", func(j *Job, d time.Duration) { j.Tuning.NetworkTimeout = d })
	c.duration("spark.executor.heartbeatInterval", func(j *Job, d time.Duration) { j.Tuning.Heartbeat = d })

	c.flag("spark.sql.adaptive.enabled", func(j *Job, on bool) { j.Tuning.Adaptive.Enabled = &on })
	c.flag("spark.sql.adaptive.coalescePartitions.enabled", func(j *Job, on bool) { j.Tuning.Adaptive.Coalesce = &on })
	c.size("spark.sql.adaptive.advisoryPartitionSizeInBytes", func(j *Job, b millrace.Bytes) { j.Tuning.Adaptive.PartitionSize = b })
	c.count("spark.sql.adaptive.coalescePartitions.initialPartitionNum", func(j *Job, n int32) { j.Tuning.Adaptive.InitialPartitions = n })
	c.flag("spark.sql.adaptive.skewJoin.enabled", func(j *Job, on bool) { j.Tuning.Adaptive.SkewJoin = &on })
	c.factor("spark.sql.adaptive.skewJoin.skewedPartitionFactor", func(j *Job, f float64) { j.Tuning.Adaptive.SkewFactor = f })
	c.size("spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes", func(j *Job, b millrace.Bytes) { j.Tuning.Adaptive.SkewSize = b })

	c.flag("spark.speculation", func(j *Job, on bool) { j.Tuning.Speculation.On = on })
	c.factor("spark.speculation.multiplier", func(j *Job, f float64) { j.Tuning.Speculation.Multiplier = f })
	c.factor("spark.speculation.quantile", func(j *Job, f float64) { j.Tuning.Speculation.Quantile = f })
	c.duration("spark.speculation.minTaskRuntime", func(j *Job, d time.Duration) { j.Tuning.Speculation.MinRuntime = d })

	if c.job.Conf[keySerializer] == kryo {
		c.try(func(j *Job) { j.Tuning.Kryo.On = true })
	}
	c.size("spark.kryoserializer.buffer.max", func(j *Job, b millrace.Bytes) { j.Tuning.Kryo.MaxBuffer = b })

	c.count("spark.kubernetes.allocation.batch.size", func(j *Job, n int32) { j.Tuning.Allocation.Batch = n })
	c.duration("spark.kubernetes.allocation.batch.delay", func(j *Job, d time.Duration) { j.Tuning.Allocation.BatchDelay = d })
	c.count("spark.kubernetes.allocation.maxPendingPods", func(j *Job, n int32) { j.Tuning.Allocation.MaxPending = n })
	c.count("spark.kubernetes.driver.requestTimeout", func(j *Job, ms int32) {
		j.Tuning.Allocation.APITimeout = time.Duration(ms) * time.Millisecond
	})
}

func (c *confReader) readObserve() {
	c.text("spark.eventLog.dir", func(j *Job, dir string) { j.Observe.EventLog.Dir = dir })
	if c.job.Observe.EventLog.Dir != "" {
		c.size("spark.eventLog.rolling.maxFileSize", func(j *Job, b millrace.Bytes) { j.Observe.EventLog.MaxFileSize = b })
		c.flag("spark.eventLog.compress", func(j *Job, on bool) { j.Observe.EventLog.Compress = &on })
	}
	c.count(keyUIPort, func(j *Job, n int32) { j.Observe.UI.Port = n })
	c.count("spark.ui.retainedJobs", func(j *Job, n int32) { j.Observe.UI.RetainedJobs = n })
	c.count("spark.ui.retainedStages", func(j *Job, n int32) { j.Observe.UI.RetainedStages = n })
	c.count("spark.sql.ui.retainedExecutions", func(j *Job, n int32) { j.Observe.UI.RetainedQueries = n })
	if c.job.Base.Monitoring != nil {
		return
	}
	c.text(servletSink+"path", func(j *Job, at string) {
		m := PrometheusServlet{Path: nonDefault(at, defaultServletPath), Namespace: nonDefault(j.Conf[keyMetricsNamespace], defaultMetricsNamespace)}
		j.Observe.Metrics = m
		// The annotations are written again.
		without(&j.Driver.Annotations, scrapeOn, scrapePort, scrapePath)
	})
	c.flag(keyProcessTree, func(j *Job, on bool) {
		if m, ok := j.Observe.Metrics.(PrometheusServlet); ok {
			m.ProcessTree = on
			j.Observe.Metrics = m
		}
	})
}

// nonDefault returns what a field says of a text that stands for itself when it
// is not the default.
func nonDefault(text, standard string) string {
	if text == standard {
		return ""
	}
	return text
}

func (c *confReader) readShuffle() {
	switch conf := c.job.Conf; {
	case conf["spark.celeborn.master.endpoints"] != "":
		c.readCeleborn()
	case conf["spark.rss.coordinator.quorum"] != "":
		c.readUniffle()
	case conf[keyReusePVC] == "true":
		if size, err := resource.ParseQuantity(conf[reusedVolume+"options.sizeLimit"]); err == nil {
			c.try(func(j *Job) {
				j.Shuffle = ReusePVC{StorageClass: conf[reusedVolume+"options.storageClass"], Size: millrace.Bytes(size.Value())}
			})
		}
	case conf[keyDecommission] == "true":
		c.try(func(j *Job) {
			j.Shuffle = Decommission{Fallback: conf["spark.storage.decommission.fallbackStorage.path"]}
		})
		c.duration("spark.executor.decommission.killInterval", func(j *Job, d time.Duration) {
			edit(j, func(s *Decommission) { s.KillInterval = d })
		})
	}
}

func (c *confReader) readCeleborn() {
	c.text("spark.celeborn.master.endpoints", func(j *Job, all string) { j.Shuffle = Celeborn{Masters: strings.Split(all, ",")} })
	c.text("spark.celeborn.client.spark.shuffle.writer", func(j *Job, w string) {
		edit(j, func(s *Celeborn) { s.Writer = CelebornWriter(w) })
	})
	c.flag(keyReplicate, func(j *Job, on bool) { edit(j, func(s *Celeborn) { s.Replicate = &on }) })
	c.flag("spark.celeborn.client.spark.fetch.throwsFetchFailure", func(j *Job, on bool) {
		edit(j, func(s *Celeborn) { s.StageRerun = &on })
	})
	c.text(keyCelebornFallback, func(j *Job, policy string) {
		edit(j, func(s *Celeborn) { s.LocalFallback = new(policy == "AUTO") })
	})
}

func (c *confReader) readUniffle() {
	c.text("spark.rss.coordinator.quorum", func(j *Job, all string) {
		j.Shuffle = Uniffle{Coordinators: strings.Split(all, ","), AccessID: j.Conf["spark.rss.access.id"]}
	})
	c.count("spark.rss.data.replica", func(j *Job, n int32) {
		edit(j, func(s *Uniffle) { s.Replicas = n })
	})
	c.count("spark.rss.data.replica.write", func(j *Job, n int32) {
		read, err := strconv.ParseInt(j.Conf["spark.rss.data.replica.read"], 10, 32)
		edit(j, func(s *Uniffle) {
			if err == nil {
				all, _ := strconv.ParseInt(j.Conf["spark.rss.data.replica"], 10, 32)
				s.Replicas, s.WriteReplicas, s.ReadReplicas = int32(all), n, int32(read)
			}
		})
	})
	c.text("spark.rss.storage.type", func(j *Job, kind string) { edit(j, func(s *Uniffle) { s.Storage = UniffleStorage(kind) }) })
	c.flag("spark.rss.resubmit.stage", func(j *Job, on bool) { edit(j, func(s *Uniffle) { s.StageRetry = on }) })
}

// edit changes the job's shuffle if it is of a kind.
func edit[S Shuffle](j *Job, change func(*S)) {
	if s, ok := j.Shuffle.(S); ok {
		change(&s)
		j.Shuffle = s
	}
}

// readScratch reads the volumes that Spark claims.
func (c *confReader) readScratch() {
	for _, r := range roles {
		prefix := "spark.kubernetes." + string(r) + ".volumes.persistentVolumeClaim." + scratchPrefix
		claims := ScratchClaims{StorageClass: c.job.Conf[prefix+"1.options.storageClass"]}
		size, err := resource.ParseQuantity(c.job.Conf[prefix+"1.options.sizeLimit"])
		if err != nil {
			continue
		}
		claims.Size = millrace.Bytes(size.Value())
		n := int32(1)
		for ; c.job.Conf[prefix+decimal(n+1)+".options.claimName"] != ""; n++ {
		}
		if n > 1 {
			claims.Count = n
		}
		c.try(func(j *Job) {
			if r == driverRole {
				j.Driver.Scratch = claims
			} else {
				j.Executor.Scratch = claims
			}
		})
	}
}
