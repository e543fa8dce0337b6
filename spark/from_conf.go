package spark

import (
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// confReader moves settings into the fields of a job that govern them. It
// moves only what these fields would write in the very same way.
type confReader struct {
	job     *Job
	conf    map[string]string
	version version
}

// try sets fields in a copy of the job, and keeps it if everything that these
// fields write is in the settings already. There they are then said by the
// fields alone.
func (c *confReader) try(set func(*Job)) {
	before, trial := c.job.settings(c.version), *c.job
	set(&trial)
	after := trial.settings(c.version)
	for key, own := range after.own {
		if _, old := before.own[key]; !old && c.conf[key] != own.value {
			return
		}
	}
	*c.job = trial
	for key := range after.own {
		delete(c.conf, key)
	}
}

// size calls set with the size that a setting holds.
func (c *confReader) size(key string, set func(*Job, millrace.Bytes)) {
	if b, ok := parseSize(c.conf[key], 1); ok {
		c.try(func(j *Job) { set(j, b) })
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
	if c.conf[keyMeasuredBroadcast] == "-1" {
		c.try(func(j *Job) { j.Executor.Broadcast.Measured = new(millrace.Bytes) })
	}
	if c.job.Executor.DynamicAllocation != (DynamicAllocation{}) {
		if d, ok := parseSeconds(c.conf[keyIdleTimeout]); ok {
			c.try(func(j *Job) { j.Executor.DynamicAllocation.IdleTimeout = d })
		}
	}
	if n, err := strconv.ParseInt(c.conf["spark.sql.shuffle.partitions"], 10, 32); err == nil && n > 0 {
		c.try(func(j *Job) { j.Tuning.ShufflePartitions = int32(n) })
	}
	c.readEventLog()
	c.readShuffle()
}

func (c *confReader) readEventLog() {
	dir := c.conf["spark.eventLog.dir"]
	if dir == "" {
		return
	}
	c.try(func(j *Job) { j.Observe.EventLog.Dir = dir })
	if c.job.Observe.EventLog.Dir != "" {
		c.size("spark.eventLog.rolling.maxFileSize", func(j *Job, b millrace.Bytes) { j.Observe.EventLog.MaxFileSize = b })
	}
}

func (c *confReader) readShuffle() {
	switch conf := c.conf; {
	case conf["spark.celeborn.master.endpoints"] != "":
		c.try(func(j *Job) {
			j.Shuffle = Celeborn{Masters: strings.Split(conf["spark.celeborn.master.endpoints"], ",")}
		})
	case conf["spark.rss.coordinator.quorum"] != "":
		c.try(func(j *Job) {
			j.Shuffle = Uniffle{Coordinators: strings.Split(conf["spark.rss.coordinator.quorum"], ",")}
		})
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
	}
}
