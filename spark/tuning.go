package spark

import (
	"fmt"
	"strconv"
	"time"

	"github.com/millrace/millrace"
)

// Tuning says how the work is divided, when a part of it is tried again, and
// how long things may take. What joins may broadcast is Executor.Broadcast,
// since the executors' memory has to hold it.
//
// Zero leaves all of it to Spark, but for the defaults that Allocation names.
type Tuning struct {
	// ShufflePartitions is into how many parts joins and aggregations divide
	// their data; adaptive execution joins small ones together again.
	//
	// Zero means Spark's 200. At least 1.
	//
	// Rendered as spark.sql.shuffle.partitions in spec.sparkConf.
	// Source: Spark, SQL performance tuning.
	ShufflePartitions int32
	// MaxPartitionBytes is how much of the input files one task reads.
	//
	// Zero means Spark's 128 MiB. At least 1 MiB, in whole MiB.
	//
	// Rendered as spark.sql.files.maxPartitionBytes in spec.sparkConf.
	// Source: Spark, SQL performance tuning.
	MaxPartitionBytes millrace.Bytes
	// Adaptive changes the plan of a query while it runs.
	Adaptive Adaptive
	// Speculation runs slow tasks a second time elsewhere.
	Speculation Speculation
	// Kryo writes objects more densely than Java does.
	Kryo Kryo
	// TaskFailures is how often one task may fail until the job does.
	//
	// Zero means Spark's 4. At least 1, which allows no second try.
	//
	// Rendered as spark.task.maxFailures in spec.sparkConf.
	// Source: Spark configuration, spark.task.maxFailures.
	TaskFailures int32
	// TaskCPUs is how many of the executor's cores one task uses, for tasks
	// that start threads of their own.
	//
	// Zero means 1. It has to divide Executor.Cores, as what is left over
	// stays idle.
	//
	// Rendered as spark.task.cpus in spec.sparkConf.
	// Source: Spark configuration, spark.task.cpus.
	TaskCPUs int32
	// ExecutorFailures is how many executors may fail until the driver gives
	// up, with exit code 11.
	//
	// Zero means Spark's own: twice the executors, and at least 3. Spark 3.5
	// and later; before, Kubernetes had no such bound.
	//
	// Rendered as spark.executor.maxNumFailures in spec.sparkConf.
	// Source: Spark configuration, spark.executor.maxNumFailures.
	ExecutorFailures int32
	// FailureWindow is after how long a failed executor is forgotten.
	//
	// Zero means never, or an hour where Lifecycle.Restart is Always. Whole
	// seconds. Spark 3.5 and later.
	//
	// Rendered as spark.executor.failuresValidityInterval in spec.sparkConf.
	// Source: Spark configuration, spark.executor.failuresValidityInterval.
	FailureWindow time.Duration
	// NetworkTimeout is after how much silence driver and executors take each
	// other for lost.
	//
	// Zero means Spark's 120 s. Whole seconds, more than Heartbeat.
	//
	// Rendered as spark.network.timeout in spec.sparkConf.
	// Source: Spark configuration, spark.network.timeout.
	NetworkTimeout time.Duration
	// Heartbeat is how often executors report to the driver.
	//
	// Zero means Spark's 10 s. Whole seconds, well below NetworkTimeout: Spark
	// refuses to start otherwise.
	//
	// Rendered as spark.executor.heartbeatInterval in spec.sparkConf.
	// Source: Spark configuration, spark.executor.heartbeatInterval.
	Heartbeat time.Duration
	// Allocation says how Spark asks Kubernetes for executors.
	Allocation Allocation
}

// Adaptive changes the plan of a query while it runs, by what it has measured.
// Spark does so by default since 3.2.
type Adaptive struct {
	// Enabled turns it on or off.
	//
	// Nil means Spark's own: on since 3.2, off before.
	//
	// Rendered as spark.sql.adaptive.enabled in spec.sparkConf.
	// Source: Spark, SQL performance tuning; so for all of this struct.
	Enabled *bool
	// Coalesce joins small shuffle partitions together.
	//
	// Nil means true. Rendered as spark.sql.adaptive.coalescePartitions.enabled.
	Coalesce *bool
	// PartitionSize is what shuffle partitions are joined or split to.
	//
	// Zero means Spark's 64 MiB. At least 1 MiB, in whole MiB.
	//
	// Rendered as spark.sql.adaptive.advisoryPartitionSizeInBytes.
	PartitionSize millrace.Bytes
	// InitialPartitions is the number of shuffle partitions before they are
	// joined together.
	//
	// Zero means Tuning.ShufflePartitions. At least 1.
	//
	// Rendered as spark.sql.adaptive.coalescePartitions.initialPartitionNum.
	InitialPartitions int32
	// SkewJoin splits partitions that are much larger than the others.
	//
	// Nil means true. Rendered as spark.sql.adaptive.skewJoin.enabled.
	SkewJoin *bool
	// SkewFactor is how many times the median a partition has to be to be
	// skewed.
	//
	// Zero means Spark's 5. More than 1, and whole numbers only before 3.2.
	//
	// Rendered as spark.sql.adaptive.skewJoin.skewedPartitionFactor.
	SkewFactor float64
	// SkewSize is below what size no partition is skewed.
	//
	// Zero means Spark's 256 MiB. At least 1 MiB, in whole MiB.
	//
	// Rendered as spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes.
	SkewSize millrace.Bytes
}

// Speculation runs a task that is slower than the others a second time
// elsewhere, and takes the result that comes first. It costs work, and it is
// nothing for tasks that write to somewhere else than Spark's own files.
//
// Zero is off, as in Spark.
type Speculation struct {
	// On turns it on. Rendered as spark.speculation in spec.sparkConf.
	// Source: Spark configuration, Scheduling; so for all of this struct.
	On bool
	// Multiplier is how many times slower than the median a task has to be.
	//
	// Zero means Spark's own: 3, and 1.5 before 4.0. More than 1.
	//
	// Rendered as spark.speculation.multiplier.
	Multiplier float64
	// Quantile is which part of the tasks must have ended before.
	//
	// Zero means Spark's own: 0.9, and 0.75 before 4.0. At most 1.
	//
	// Rendered as spark.speculation.quantile.
	Quantile float64
	// MinRuntime is how long every task may take.
	//
	// Zero means Spark's 100 ms. Whole milliseconds. Spark 3.2 and later.
	//
	// Rendered as spark.speculation.minTaskRuntime.
	MinRuntime time.Duration
}

// Kryo writes what RDDs shuffle and cache more densely than Java's own
// serialization. Data frames don't use either. Celeborn and Uniffle turn it on
// by themselves.
type Kryo struct {
	// On turns it on. Rendered as spark.serializer in spec.sparkConf.
	// Source: Spark, tuning guide.
	On bool
	// MaxBuffer bounds a single object.
	//
	// Zero means Spark's 64 MiB. In whole MiB, less than 2 GiB.
	//
	// Rendered as spark.kryoserializer.buffer.max in spec.sparkConf.
	// Source: Spark configuration, Compression and Serialization.
	MaxBuffer millrace.Bytes
}

// Allocation says how Spark asks Kubernetes for executors.
type Allocation struct {
	// Batch is how many executors are asked for at once.
	//
	// Zero means 20. At least 1.
	//
	// Rendered as spark.kubernetes.allocation.batch.size in spec.sparkConf.
	// Source: SPARK-54422, which made it Spark's own default.
	Batch int32
	// BatchDelay is the pause before more are asked for.
	//
	// Zero means Spark's 1 s. Whole milliseconds.
	//
	// Rendered as spark.kubernetes.allocation.batch.delay in spec.sparkConf.
	// Source: Spark, running on Kubernetes.
	BatchDelay time.Duration
	// MaxPending bounds the executors that wait for a node.
	//
	// Zero means no bound. Spark 3.2 and later.
	//
	// Rendered as spark.kubernetes.allocation.maxPendingPods in spec.sparkConf.
	// Source: Spark, running on Kubernetes.
	MaxPending int32
	// APITimeout is how long the API server may take to accept a connection,
	// and to answer.
	//
	// Zero means 60 s, where Spark's own is 10 s. Whole seconds.
	//
	// Rendered as spark.kubernetes.submission.connectionTimeout,
	// spark.kubernetes.submission.requestTimeout,
	// spark.kubernetes.driver.connectionTimeout and
	// spark.kubernetes.driver.requestTimeout in spec.sparkConf.
	// Source: Data on EKS, whose manifests use 60 to 120 s.
	APITimeout time.Duration
}

const (
	defaultHeartbeat      = 10 * time.Second
	defaultNetworkTimeout = 120 * time.Second
	// kryoBound is beyond what one array of the JVM can hold.
	kryoBound = 2 * millrace.GiB
)

func (t Tuning) check(c partCheck) {
	c.counts(countField{"ShufflePartitions", t.ShufflePartitions}, countField{"TaskFailures", t.TaskFailures},
		countField{"ExecutorFailures", t.ExecutorFailures}, countField{"Adaptive.InitialPartitions", t.Adaptive.InitialPartitions},
		countField{"Allocation.Batch", t.Allocation.Batch}, countField{"Allocation.MaxPending", t.Allocation.MaxPending})
	c.sizes(sizeField{"MaxPartitionBytes", t.MaxPartitionBytes}, sizeField{"Adaptive.PartitionSize", t.Adaptive.PartitionSize},
		sizeField{"Adaptive.SkewSize", t.Adaptive.SkewSize}, sizeField{"Kryo.MaxBuffer", t.Kryo.MaxBuffer})
	checkDuration(c.Problems, c.field("NetworkTimeout"), t.NetworkTimeout, time.Second)
	checkDuration(c.Problems, c.field("Heartbeat"), t.Heartbeat, time.Second)
	checkDuration(c.Problems, c.field("FailureWindow"), t.FailureWindow, time.Second)
	if t.ExecutorFailures != 0 {
		c.since("ExecutorFailures", failuresSince)
	}
	if t.FailureWindow != 0 {
		c.since("FailureWindow", failuresSince)
	}
	t.checkTimeouts(c)
	t.checkTaskCPUs(c)
	t.Adaptive.check(c)
	t.Speculation.check(c)
	t.Allocation.check(c)
	if t.Kryo.MaxBuffer >= kryoBound {
		c.Invalid(c.field("Kryo.MaxBuffer"), t.Kryo.MaxBuffer, "2 GiB or more, which Spark refuses", "use less")
	}
	if t.Kryo.MaxBuffer != 0 && !t.Kryo.On && !remote(c.job.Shuffle) {
		c.Required(c.field("Kryo.On"), "turn Kryo on, or leave MaxBuffer out")
	}
}

func (t Tuning) checkTimeouts(c partCheck) {
	if t.Heartbeat == 0 && t.NetworkTimeout == 0 {
		return
	}
	beat, timeout, field := t.Heartbeat, t.NetworkTimeout, "Heartbeat"
	if beat == 0 {
		beat, field = defaultHeartbeat, "NetworkTimeout"
	}
	if timeout == 0 {
		timeout = defaultNetworkTimeout
	}
	if beat >= timeout && timeout > 0 {
		c.Conflict(c.field(field), fmt.Sprintf("the heartbeat, every %s, must come more often than the network times out, after %s: Spark refuses to start", seconds(beat), seconds(timeout)),
			"shorten Heartbeat, or lengthen NetworkTimeout")
	}
}

func (t Tuning) checkTaskCPUs(c partCheck) {
	cores := int32(defaultExecutorCores)
	switch {
	case c.job.Executor.Cores != 0:
		cores = c.job.Executor.Cores
	case c.job.Base.Executor.Cores != nil:
		cores = *c.job.Base.Executor.Cores
	}
	switch n := t.TaskCPUs; {
	case n < 0:
		c.Invalid(c.field("TaskCPUs"), n, "less than one", "use at least 1")
	case n == 0 || cores < 1:
	case n > cores:
		c.Conflict(c.field("TaskCPUs"), fmt.Sprintf("an executor has %d cores, which is too few for one task", cores), "raise Executor.Cores")
	case cores%n != 0:
		c.Conflict(c.field("TaskCPUs"), fmt.Sprintf("%d of the executor's %d cores stay idle", cores%n, cores), "use a number that divides Executor.Cores")
	}
}

func (a Adaptive) check(c partCheck) {
	if a.SkewFactor != 0 && !(a.SkewFactor > 1 && a.SkewFactor < maxFactor) {
		c.Invalid(c.field("Adaptive.SkewFactor"), a.SkewFactor, "not more than 1", "use a number such as 5")
	}
	if a.SkewFactor != float64(int64(a.SkewFactor)) && c.version.known() && !c.version.atLeast("3.2") {
		c.Unsupported(c.field("Adaptive.SkewFactor"), "before Spark 3.2 it is a whole number", "round it")
	}
	if a.Enabled == nil || *a.Enabled {
		return
	}
	for _, set := range []struct {
		field string
		value bool
	}{
		{"Coalesce", a.Coalesce != nil}, {"PartitionSize", a.PartitionSize != 0}, {"InitialPartitions", a.InitialPartitions != 0},
		{"SkewJoin", a.SkewJoin != nil}, {"SkewFactor", a.SkewFactor != 0}, {"SkewSize", a.SkewSize != 0},
	} {
		if set.value {
			c.Conflict(c.field("Adaptive."+set.field), "adaptive execution is off", "leave it out, or leave Enabled out")
		}
	}
	if c.job.Executor.Broadcast.Measured != nil {
		c.Conflict("Executor.Broadcast.Measured", "adaptive execution is off, and nothing is measured", "use Static, or leave Tuning.Adaptive.Enabled out")
	}
}

// maxFactor is beyond any use of a factor, and within what Spark reads.
const maxFactor = 1e6

func (s Speculation) check(c partCheck) {
	if s.Multiplier != 0 && !(s.Multiplier > 1 && s.Multiplier < maxFactor) {
		c.Invalid(c.field("Speculation.Multiplier"), s.Multiplier, "not more than 1", "use a number such as 3")
	}
	if s.Quantile != 0 && !(s.Quantile > 0 && s.Quantile <= 1) {
		c.Invalid(c.field("Speculation.Quantile"), s.Quantile, "not a part of 1", "use a number such as 0.9")
	}
	checkDuration(c.Problems, c.field("Speculation.MinRuntime"), s.MinRuntime, time.Millisecond)
	if s.MinRuntime != 0 {
		c.since("Speculation.MinRuntime", "3.2")
	}
	if !s.On && s != (Speculation{}) {
		c.Required(c.field("Speculation.On"), "turn speculation on, or leave its other fields out")
	}
}

func (a Allocation) check(c partCheck) {
	checkDuration(c.Problems, c.field("Allocation.APITimeout"), a.APITimeout, time.Second)
	checkDuration(c.Problems, c.field("Allocation.BatchDelay"), a.BatchDelay, time.Millisecond)
	if a.APITimeout > maxAPITimeout {
		c.Invalid(c.field("Allocation.APITimeout"), a.APITimeout, "longer than a day", "use minutes")
	}
	if a.MaxPending != 0 {
		c.since("Allocation.MaxPending", "3.2")
	}
}

// maxAPITimeout keeps the milliseconds within the 32 bits in which Spark
// counts them.
const maxAPITimeout = 24 * time.Hour

func (t Tuning) settings(s *settings) {
	s.count("ShufflePartitions", "spark.sql.shuffle.partitions", t.ShufflePartitions)
	s.size("MaxPartitionBytes", "spark.sql.files.maxPartitionBytes", t.MaxPartitionBytes)
	s.count("TaskFailures", "spark.task.maxFailures", t.TaskFailures)
	s.count("TaskCPUs", "spark.task.cpus", t.TaskCPUs)
	s.count("ExecutorFailures", "spark.executor.maxNumFailures", t.ExecutorFailures)
	s.duration("FailureWindow", "spark.executor.failuresValidityInterval", t.FailureWindow)
	s.duration("NetworkTimeout", "spark.network.timeout", t.NetworkTimeout)
	s.duration("Heartbeat", "spark.executor.heartbeatInterval", t.Heartbeat)

	a := t.Adaptive
	s.flag("Adaptive.Enabled", "spark.sql.adaptive.enabled", a.Enabled)
	s.flag("Adaptive.Coalesce", "spark.sql.adaptive.coalescePartitions.enabled", a.Coalesce)
	s.size("Adaptive.PartitionSize", "spark.sql.adaptive.advisoryPartitionSizeInBytes", a.PartitionSize)
	s.count("Adaptive.InitialPartitions", "spark.sql.adaptive.coalescePartitions.initialPartitionNum", a.InitialPartitions)
	s.flag("Adaptive.SkewJoin", "spark.sql.adaptive.skewJoin.enabled", a.SkewJoin)
	s.factor("Adaptive.SkewFactor", "spark.sql.adaptive.skewJoin.skewedPartitionFactor", a.SkewFactor)
	s.size("Adaptive.SkewSize", "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes", a.SkewSize)

	if t.Speculation.On {
		s.set("Speculation.On", "spark.speculation", "true")
	}
	s.factor("Speculation.Multiplier", "spark.speculation.multiplier", t.Speculation.Multiplier)
	s.factor("Speculation.Quantile", "spark.speculation.quantile", t.Speculation.Quantile)
	s.duration("Speculation.MinRuntime", "spark.speculation.minTaskRuntime", t.Speculation.MinRuntime)

	if t.Kryo.On {
		s.set("Kryo.On", "spark.serializer", kryo)
	}
	s.size("Kryo.MaxBuffer", "spark.kryoserializer.buffer.max", t.Kryo.MaxBuffer)

	s.count("Allocation.Batch", "spark.kubernetes.allocation.batch.size", t.Allocation.Batch)
	s.duration("Allocation.BatchDelay", "spark.kubernetes.allocation.batch.delay", t.Allocation.BatchDelay)
	s.count("Allocation.MaxPending", "spark.kubernetes.allocation.maxPendingPods", t.Allocation.MaxPending)
	if d := t.Allocation.APITimeout; d != 0 {
		for _, side := range []string{"submission", "driver"} {
			for _, what := range []string{"connection", "request"} {
				s.set("Allocation.APITimeout", "spark.kubernetes."+side+"."+what+"Timeout", strconv.FormatInt(d.Milliseconds(), 10))
			}
		}
	}
}

func (t Tuning) pod(role, *podParts) {}
