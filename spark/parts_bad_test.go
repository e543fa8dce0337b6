package spark_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

func TestBadParts(t *testing.T) {
	submit := spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}
	dynamic := spark.DynamicAllocation{Min: 2, Max: 9}
	masters := []string{"a:9097"}
	for name, tc := range map[string]struct {
		edit func(*spark.Job)
		want []string
	}{
		"decommission after the kill": {func(j *spark.Job) { j.Shuffle = spark.Decommission{KillInterval: 61 * time.Second} }, []string{conflict + " Shuffle.KillInterval"}},
		"decommission before the kill": {func(j *spark.Job) {
			j.Executor.GracePeriod, j.Shuffle = 2*time.Minute, spark.Decommission{KillInterval: 110 * time.Second}
		}, nil},
		"half a second":      {func(j *spark.Job) { j.Shuffle = spark.Decommission{KillInterval: time.Second / 2} }, []string{invalid + " Shuffle.KillInterval"}},
		"a writer":           {func(j *spark.Job) { j.Shuffle = spark.Celeborn{Masters: masters, Writer: "fast"} }, []string{invalid + " Shuffle.Writer"}},
		"a storage":          {func(j *spark.Job) { j.Shuffle = spark.Uniffle{Coordinators: masters, Storage: "DISK"} }, []string{invalid + " Shuffle.Storage"}},
		"replicas":           {func(j *spark.Job) { j.Shuffle = spark.Uniffle{Coordinators: masters, Replicas: -1} }, []string{invalid + " Shuffle.Replicas"}},
		"more than replicas": {func(j *spark.Job) { j.Shuffle = spark.Uniffle{Coordinators: masters, Replicas: 3, WriteReplicas: 4} }, []string{invalid + " Shuffle.WriteReplicas"}},
		"reads that miss":    {func(j *spark.Job) { j.Shuffle = spark.Uniffle{Coordinators: masters, Replicas: 3, WriteReplicas: 1} }, []string{conflict + " Shuffle.WriteReplicas"}},
		"less than a replica": {func(j *spark.Job) {
			j.Shuffle = spark.Uniffle{Coordinators: masters, Replicas: 3, WriteReplicas: 3, ReadReplicas: -1}
		}, []string{invalid + " Shuffle.ReadReplicas", conflict + " Shuffle.WriteReplicas"}},
		"falling back on executors that go": {func(j *spark.Job) {
			j.Executor.DynamicAllocation, j.Shuffle = dynamic, spark.Celeborn{Masters: masters, LocalFallback: new(true)}
		}, []string{conflict + " Shuffle.LocalFallback"}},
		"refused, under dynamic allocation": {func(j *spark.Job) {
			j.Executor.DynamicAllocation, j.Shuffle = dynamic, spark.Uniffle{Coordinators: masters, AccessID: "etl"}
		}, []string{conflict + " Shuffle.AccessID"}},
		"refused, under Base's dynamic allocation": {func(j *spark.Job) {
			j.Base.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true, MaxExecutors: new(int32(3))}
			j.Shuffle = spark.Uniffle{Coordinators: masters, AccessID: "etl"}
		}, []string{conflict + " Shuffle.AccessID"}},
		"blocks that nobody has": {func(j *spark.Job) {
			j.Shuffle = spark.Celeborn{Masters: masters}
			j.Conf = map[string]string{"spark.decommission.enabled": "true", "spark.storage.decommission.enabled": "true"}
		}, []string{conflict + " Conf[spark.storage.decommission.shuffleBlocks.enabled]"}},
		"cached blocks alone": {func(j *spark.Job) {
			j.Shuffle = spark.Celeborn{Masters: masters}
			j.Conf = map[string]string{"spark.decommission.enabled": "true", "spark.storage.decommission.enabled": "true", "spark.storage.decommission.shuffleBlocks.enabled": "false"}
		}, nil},
		"recovery from disks": {func(j *spark.Job) {
			j.Shuffle = spark.Uniffle{Coordinators: masters}
			j.Conf = map[string]string{"spark.shuffle.sort.io.plugin.class": "org.apache.spark.shuffle.KubernetesLocalDiskShuffleDataIO", "spark.executor.userClassPathFirst": "true"}
		}, []string{conflict + " Conf[spark.shuffle.sort.io.plugin.class]", conflict + " Conf[spark.executor.userClassPathFirst]"}},

		"no size":       {func(j *spark.Job) { j.Executor.Scratch, j.Driver.Scratch = spark.EmptyDir{}, spark.Tmpfs{} }, []string{required + " Driver.Scratch.Size", required + " Executor.Scratch.Size"}},
		"size in bytes": {func(j *spark.Job) { j.Executor.Scratch = spark.EmptyDir{Size: 100} }, []string{invalid + " Executor.Scratch.Size"}},
		"no disks":      {func(j *spark.Job) { j.Executor.Scratch = spark.LocalDisks{} }, []string{required + " Executor.Scratch.Paths"}},
		"disks":         {func(j *spark.Job) { j.Executor.Scratch = spark.LocalDisks{Paths: []string{"mnt", "/", "/a", "/a/"}} }, []string{invalid + " Executor.Scratch.Paths[0]", invalid + " Executor.Scratch.Paths[1]", duplicate + " Executor.Scratch.Paths[3]"}},
		"claims":        {func(j *spark.Job) { j.Executor.Scratch = spark.ScratchClaims{Count: 17} }, []string{required + " Executor.Scratch.StorageClass", required + " Executor.Scratch.Size", invalid + " Executor.Scratch.Count"}},
		"claims of old": {func(j *spark.Job) {
			j.Version, j.Driver.Scratch = "3.0.3", spark.ScratchClaims{StorageClass: "a", Size: millrace.GiB}
		}, []string{unsupported + " Driver.Scratch"}},
		"scratch pointer": {func(j *spark.Job) { j.Executor.Scratch, j.Driver.Scratch = &spark.EmptyDir{}, (*spark.Tmpfs)(nil) }, []string{invalid + " Driver.Scratch", invalid + " Executor.Scratch"}},
		"scratch twice": {func(j *spark.Job) {
			j.Executor.Scratch = spark.EmptyDir{Size: millrace.GiB}
			j.Executor.Volumes = []spark.Volume{
				{Name: "a", Path: "/a", Scratch: true, Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
				{Name: "b", Path: "/var/data/", Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
				{Name: "c", Path: "/var/database", Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
			}
		}, []string{conflict + " Executor.Volumes[0]", conflict + " Executor.Volumes[1].Path"}},
		"scratch beside reused volumes": {func(j *spark.Job) {
			j.Executor.Scratch, j.Shuffle = spark.EmptyDir{Size: millrace.GiB}, spark.ReusePVC{StorageClass: "ssd", Size: millrace.GiB}
		}, []string{conflict + " Executor.Scratch"}},
		"memory without room": {func(j *spark.Job) {
			j.Executor.Scratch, j.Executor.MemoryOverhead = spark.Tmpfs{Size: 2 * millrace.GiB}, 2*millrace.GiB
			j.Driver.Scratch, j.Driver.MemoryOverhead = spark.Tmpfs{Size: 2 * millrace.GiB}, 3*millrace.GiB
		}, []string{conflict + " Executor.MemoryOverhead"}},

		"volcano": {func(j *spark.Job) {
			j.Scheduler = spark.Volcano{Queue: "A B", PriorityClass: "X", MinExecutors: new(int32(-1))}
		}, []string{invalid + " Scheduler.Queue", invalid + " Scheduler.PriorityClass", invalid + " Scheduler.MinExecutors"}},
		"a gang of more than all": {func(j *spark.Job) { j.Scheduler = spark.Volcano{MinExecutors: new(int32(3))} }, []string{conflict + " Scheduler.MinExecutors"}},
		"a gang of more than the first": {func(j *spark.Job) {
			j.Executor.DynamicAllocation, j.Scheduler = dynamic, spark.YuniKorn{MinExecutors: new(int32(3))}
		}, []string{conflict + " Scheduler.MinExecutors"}},
		"volcano for an old Spark": {func(j *spark.Job) { j.Target, j.Version, j.Scheduler = submit, "3.2.4", spark.Volcano{} }, []string{unsupported + " Scheduler"}},
		"two schedulers": {func(j *spark.Job) {
			j.Scheduler = spark.Volcano{}
			j.Base.BatchScheduler, j.Base.Driver.SchedulerName = new("yunikorn"), new("x")
			j.Conf = map[string]string{"spark.kubernetes.executor.scheduler.name": "x"}
			j.Base.SparkConf = map[string]string{"spark.kubernetes.scheduler.name": "x"}
		}, []string{conflict + " Base.BatchScheduler", conflict + " Base.Driver.SchedulerName", conflict + " Base.SparkConf[spark.kubernetes.scheduler.name]", conflict + " Conf[spark.kubernetes.executor.scheduler.name]"}},
		"yunikorn": {func(j *spark.Job) {
			j.Scheduler = spark.YuniKorn{Queue: "a b", MinExecutors: new(int32(-1)), PlaceTimeout: time.Millisecond}
		}, []string{invalid + " Scheduler.Queue", invalid + " Scheduler.MinExecutors", invalid + " Scheduler.PlaceTimeout"}},
		"yunikorn twice": {func(j *spark.Job) {
			j.Scheduler = spark.YuniKorn{}
			j.Driver.Labels = map[string]string{"queue": "x"}
			j.Executor.Annotations = map[string]string{"yunikorn.apache.org/task-group-name": "x"}
		}, []string{conflict + " Driver.Labels[queue]", conflict + " Executor.Annotations[yunikorn.apache.org/task-group-name]"}},
		"no scheduler's name":   {func(j *spark.Job) { j.Scheduler = spark.KubeScheduler{} }, []string{required + " Scheduler.Name"}},
		"another's name":        {func(j *spark.Job) { j.Scheduler = spark.KubeScheduler{Name: "volcano"} }, []string{conflict + " Scheduler.Name"}},
		"a scheduler's name":    {func(j *spark.Job) { j.Scheduler = spark.KubeScheduler{Name: "A"} }, []string{invalid + " Scheduler.Name"}},
		"coscheduling natively": {func(j *spark.Job) { j.Target, j.Scheduler = submit, spark.KubeScheduler{Name: "x"} }, []string{unsupported + " Scheduler"}},
		"no queue":              {func(j *spark.Job) { j.Scheduler = spark.Kueue{} }, []string{required + " Scheduler.Queue"}},
		"kueue":                 {func(j *spark.Job) { j.Scheduler = spark.Kueue{Queue: "a.b", PriorityClass: "a b"} }, []string{invalid + " Scheduler.Queue", invalid + " Scheduler.PriorityClass"}},
		"kueue and held back":   {func(j *spark.Job) { j.Scheduler, j.Lifecycle.Suspended = spark.Kueue{Queue: "etl"}, true }, []string{conflict + " Lifecycle.Suspended"}},
		"kueue natively and held back": {func(j *spark.Job) {
			j.Scheduler, j.Lifecycle.Suspended, j.Target = spark.Kueue{Queue: "etl"}, true, submit
		}, []string{unsupported + " Lifecycle.Suspended"}},
		"kueue with dynamic allocation": {func(j *spark.Job) {
			j.Executor.DynamicAllocation, j.Scheduler = dynamic, spark.Kueue{Queue: "a"}
		}, []string{conflict + " Executor.DynamicAllocation"}},
		"kueue with an elastic job": {func(j *spark.Job) {
			j.Executor.DynamicAllocation, j.Scheduler = dynamic, spark.Kueue{Queue: "a", Elastic: true}
		}, nil},
		"kueue natively with dynamic allocation": {func(j *spark.Job) {
			j.Target, j.Executor.DynamicAllocation, j.Scheduler = submit, dynamic, spark.Kueue{Queue: "a"}
		}, nil},
		"elastic for nothing": {func(j *spark.Job) { j.Scheduler = spark.Kueue{Queue: "a", Elastic: true} }, []string{conflict + " Scheduler.Elastic"}},
		"elastic natively":    {func(j *spark.Job) { j.Target, j.Scheduler = submit, spark.Kueue{Queue: "a", Elastic: true} }, []string{unsupported + " Scheduler.Elastic"}},
		"kueue twice": {func(j *spark.Job) {
			j.Scheduler = spark.Kueue{Queue: "a"}
			j.Labels = map[string]string{"kueue.x-k8s.io/queue-name": "b"}
			j.Annotations = map[string]string{"kueue.x-k8s.io/elastic-job": "false"}
		}, []string{conflict + " Labels[kueue.x-k8s.io/queue-name]", conflict + " Annotations[kueue.x-k8s.io/elastic-job]"}},
		"scheduler pointer": {func(j *spark.Job) { j.Scheduler = &spark.Volcano{} }, []string{invalid + " Scheduler"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := minimal()
			tc.edit(j)
			_, err := j.Build()
			if diff := cmp.Diff(tc.want, findings(t, err)); diff != "" {
				t.Errorf("findings (-want +got):\n%s\n%v", diff, err)
			}
		})
	}
}
