package spark_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

func TestTuning(t *testing.T) {
	j := minimal()
	j.Executor.Cores = 4
	j.Tuning = spark.Tuning{
		ShufflePartitions: 400, MaxPartitionBytes: 256 * millrace.MiB, TaskFailures: 8, TaskCPUs: 2, ExecutorFailures: 50,
		FailureWindow: 2 * time.Hour, NetworkTimeout: 5 * time.Minute, Heartbeat: 20 * time.Second,
		Adaptive: spark.Adaptive{Enabled: new(true), Coalesce: new(false), PartitionSize: 128 * millrace.MiB, InitialPartitions: 1000,
			SkewJoin: new(true), SkewFactor: 2.5, SkewSize: 512 * millrace.MiB},
		Speculation: spark.Speculation{On: true, Multiplier: 3, Quantile: 0.95, MinRuntime: 1500 * time.Millisecond},
		Kryo:        spark.Kryo{On: true, MaxBuffer: 512 * millrace.MiB},
		Allocation:  spark.Allocation{Batch: 50, BatchDelay: 500 * time.Millisecond, MaxPending: 200, APITimeout: 2 * time.Minute},
	}
	conf, _, _ := built(t, j)
	wantConf(t, conf, map[string]string{
		"spark.sql.shuffle.partitions":                                "400",
		"spark.sql.files.maxPartitionBytes":                           "256m",
		"spark.task.maxFailures":                                      "8",
		"spark.task.cpus":                                             "2",
		"spark.executor.maxNumFailures":                               "50",
		"spark.executor.failuresValidityInterval":                     "7200s",
		"spark.network.timeout":                                       "300s",
		"spark.executor.heartbeatInterval":                            "20s",
		"spark.sql.adaptive.enabled":                                  "true",
		"spark.sql.adaptive.coalescePartitions.enabled":               "false",
		"spark.sql.adaptive.advisoryPartitionSizeInBytes":             "128m",
		"spark.sql.adaptive.coalescePartitions.initialPartitionNum":   "1000",
		"spark.sql.adaptive.skewJoin.enabled":                         "true",
		"spark.sql.adaptive.skewJoin.skewedPartitionFactor":           "2.5",
		"spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes": "512m",
		"spark.speculation":                                           "true",
		"spark.speculation.multiplier":                                "3",
		"spark.speculation.quantile":                                  "0.95",
		"spark.speculation.minTaskRuntime":                            "1500ms",
		"spark.serializer":                                            "org.apache.spark.serializer.KryoSerializer",
		"spark.kryoserializer.buffer.max":                             "512m",
		"spark.kubernetes.allocation.batch.size":                      "50",
		"spark.kubernetes.allocation.batch.delay":                     "500ms",
		"spark.kubernetes.allocation.maxPendingPods":                  "200",
		"spark.kubernetes.submission.connectionTimeout":               "120000",
		"spark.kubernetes.submission.requestTimeout":                  "120000",
		"spark.kubernetes.driver.connectionTimeout":                   "120000",
		"spark.kubernetes.driver.requestTimeout":                      "120000",
	})
}

// A stream's default gives way to what the job says.
func TestFailureWindowOfStreams(t *testing.T) {
	j := minimal()
	j.Lifecycle.Restart = spark.Always
	j.Tuning.FailureWindow = 10 * time.Minute
	conf, _, _ := built(t, j)
	wantConf(t, conf, map[string]string{"spark.executor.failuresValidityInterval": "600s"})
}

func TestBadTuning(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*spark.Job)
		want []string
	}{
		"numbers": {func(j *spark.Job) {
			j.Tuning = spark.Tuning{ShufflePartitions: -1, TaskFailures: -1, TaskCPUs: -1, ExecutorFailures: -1,
				Adaptive: spark.Adaptive{InitialPartitions: -1}, Allocation: spark.Allocation{Batch: -1, MaxPending: -1}}
		}, []string{invalid + " Tuning.ShufflePartitions", invalid + " Tuning.TaskFailures", invalid + " Tuning.ExecutorFailures",
			invalid + " Tuning.Adaptive.InitialPartitions", invalid + " Tuning.Allocation.Batch", invalid + " Tuning.Allocation.MaxPending", invalid + " Tuning.TaskCPUs"}},
		"sizes": {func(j *spark.Job) {
			j.Tuning = spark.Tuning{MaxPartitionBytes: 1, Adaptive: spark.Adaptive{PartitionSize: -1, SkewSize: millrace.MiB + 1}, Kryo: spark.Kryo{On: true, MaxBuffer: 2 * millrace.GiB}}
		}, []string{invalid + " Tuning.MaxPartitionBytes", invalid + " Tuning.Adaptive.PartitionSize", invalid + " Tuning.Adaptive.SkewSize", invalid + " Tuning.Kryo.MaxBuffer"}},
		"times": {func(j *spark.Job) {
			j.Tuning = spark.Tuning{NetworkTimeout: -time.Second, Heartbeat: time.Millisecond, FailureWindow: time.Millisecond,
				Allocation: spark.Allocation{BatchDelay: -time.Second, APITimeout: 25 * time.Hour}}
		}, []string{invalid + " Tuning.NetworkTimeout", invalid + " Tuning.Heartbeat", invalid + " Tuning.FailureWindow",
			invalid + " Tuning.Allocation.BatchDelay", invalid + " Tuning.Allocation.APITimeout"}},
		"fractions": {func(j *spark.Job) {
			j.Tuning.Allocation = spark.Allocation{BatchDelay: time.Second + 1, APITimeout: time.Millisecond}
			j.Tuning.Speculation = spark.Speculation{On: true, MinRuntime: 1}
		}, []string{invalid + " Tuning.Speculation.MinRuntime", invalid + " Tuning.Allocation.APITimeout", invalid + " Tuning.Allocation.BatchDelay"}},
		"heartbeat":                   {func(j *spark.Job) { j.Tuning.Heartbeat = 2 * time.Minute }, []string{conflict + " Tuning.Heartbeat"}},
		"timeout below the heartbeat": {func(j *spark.Job) { j.Tuning.NetworkTimeout = 10 * time.Second }, []string{conflict + " Tuning.NetworkTimeout"}},
		"heartbeat that fits":         {func(j *spark.Job) { j.Tuning.Heartbeat, j.Tuning.NetworkTimeout = 2*time.Minute, 10*time.Minute }, nil},
		"task CPUs":                   {func(j *spark.Job) { j.Executor.Cores, j.Tuning.TaskCPUs = 4, 3 }, []string{conflict + " Tuning.TaskCPUs"}},
		"task CPUs of the default":    {func(j *spark.Job) { j.Tuning.TaskCPUs = 3 }, []string{conflict + " Tuning.TaskCPUs"}},
		"task CPUs of Base":           {func(j *spark.Job) { j.Base.Executor.Cores, j.Tuning.TaskCPUs = new(int32(6)), 3 }, nil},
		"skew":                        {func(j *spark.Job) { j.Tuning.Adaptive.SkewFactor = 1 }, []string{invalid + " Tuning.Adaptive.SkewFactor"}},
		"skew of an old Spark":        {func(j *spark.Job) { j.Version, j.Tuning.Adaptive.SkewFactor = "3.1.3", 2.5 }, []string{unsupported + " Tuning.Adaptive.SkewFactor"}},
		"adaptive is off": {func(j *spark.Job) {
			j.Tuning.Adaptive = spark.Adaptive{Enabled: new(false), Coalesce: new(true), PartitionSize: millrace.MiB, InitialPartitions: 1, SkewJoin: new(true), SkewFactor: 2, SkewSize: millrace.MiB}
			j.Executor.Broadcast.Measured = new(millrace.MiB)
		}, []string{conflict + " Tuning.Adaptive.Coalesce", conflict + " Tuning.Adaptive.PartitionSize", conflict + " Tuning.Adaptive.InitialPartitions",
			conflict + " Tuning.Adaptive.SkewJoin", conflict + " Tuning.Adaptive.SkewFactor", conflict + " Tuning.Adaptive.SkewSize", conflict + " Executor.Broadcast.Measured"}},
		"speculation": {func(j *spark.Job) { j.Tuning.Speculation = spark.Speculation{Multiplier: 1, Quantile: 1.1} },
			[]string{invalid + " Tuning.Speculation.Multiplier", invalid + " Tuning.Speculation.Quantile", required + " Tuning.Speculation.On"}},
		"Kryo": {func(j *spark.Job) { j.Tuning.Kryo.MaxBuffer = millrace.GiB }, []string{required + " Tuning.Kryo.On"}},
		"Kryo of a shuffle service": {func(j *spark.Job) {
			j.Tuning.Kryo.MaxBuffer = millrace.GiB
			j.Shuffle = spark.Celeborn{Masters: []string{"a:1"}}
		}, nil},
		"versions": {func(j *spark.Job) {
			j.Version = "3.1.3"
			j.Tuning = spark.Tuning{ExecutorFailures: 5, FailureWindow: time.Hour, Speculation: spark.Speculation{On: true, MinRuntime: time.Second}, Allocation: spark.Allocation{MaxPending: 5}}
		}, []string{unsupported + " Tuning.ExecutorFailures", unsupported + " Tuning.FailureWindow", unsupported + " Tuning.Speculation.MinRuntime", unsupported + " Tuning.Allocation.MaxPending"}},
		"adaptive in Conf as well": {func(j *spark.Job) {
			j.Tuning.Adaptive.Enabled = new(false)
			j.Conf = map[string]string{"spark.sql.adaptive.enabled": "true"}
		}, []string{conflict + " Conf[spark.sql.adaptive.enabled]"}},
		"said in Conf": {func(j *spark.Job) {
			j.Tuning.Allocation.APITimeout = time.Minute
			j.Conf = map[string]string{"spark.kubernetes.driver.requestTimeout": "1"}
		}, []string{conflict + " Conf[spark.kubernetes.driver.requestTimeout]"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := minimal()
			tc.edit(j)
			if diff := cmp.Diff(tc.want, refused(t, j)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
