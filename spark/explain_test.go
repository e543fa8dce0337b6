package spark_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// jvmJob is a job on the JVM, tied to the pool of taintedPool.
func jvmJob(e spark.Executor) *spark.Job {
	return &spark.Job{
		Name: "etl", Image: "company-registry/spark-etl:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/etl.jar", Class: "com.company.Etl",
		Executor: e,
		Placement: millrace.Placement{NodeSelector: map[string]string{"workload": "spark-executor"},
			Tolerations: []corev1.Toleration{{Key: "workload", Value: "spark-executor"}}},
	}
}

func TestExplainFit(t *testing.T) {
	const gib = millrace.GiB
	n2 := sizedPool("15890m", "119071Mi", 50)
	small := n2
	small.Allocatable = corev1.ResourceList{"cpu": resource.MustParse("3920m"), "memory": resource.MustParse("13257Mi"), "ephemeral-storage": resource.MustParse("40Gi")}
	scratch := corev1.ResourceRequirements{Requests: corev1.ResourceList{"ephemeral-storage": resource.MustParse("30Gi")}}
	for name, tc := range map[string]struct {
		executor spark.Executor
		pool     millrace.NodeShape
		want     spark.NodeFit
		better   string
	}{
		"4 cores don't fit four times": {spark.Executor{Cores: 4, Memory: 26 * gib, Instances: 8}, n2,
			spark.NodeFit{ByCPU: 3, ByMemory: 4, ByDisk: -1, ByPods: -1, PerNode: 3, NodesMin: 3, NodesMax: 3}, "CoreRequest 3800m: 4 on a node, 3% of the CPU and 1% of the memory unused"},
		"3800m do": {spark.Executor{Cores: 4, CoreRequest: "3800m", Memory: 26 * gib, Instances: 8}, n2,
			spark.NodeFit{ByCPU: 4, ByMemory: 4, ByDisk: -1, ByPods: -1, PerNode: 4, NodesMin: 3, NodesMax: 3}, ""},
		"memory that is idle": {spark.Executor{Cores: 4, CoreRequest: "3", Memory: 8 * gib, Instances: 10}, n2,
			spark.NodeFit{ByCPU: 5, ByMemory: 13, ByDisk: -1, ByPods: -1, PerNode: 5, NodesMin: 3, NodesMax: 3}, "Memory 21g: 5 on a node, 4% of the CPU and 0% of the memory unused"},
		"CPU that is idle": {spark.Executor{Cores: 2, Memory: 50 * gib, Instances: 4}, n2,
			spark.NodeFit{ByCPU: 7, ByMemory: 2, ByDisk: -1, ByPods: -1, PerNode: 2, NodesMin: 2, NodesMax: 2}, "Cores 7: 2 on a node, 10% of the CPU and 5% of the memory unused"},
		"a little less of both": {spark.Executor{Cores: 4, Memory: 28 * gib, Instances: 4}, n2,
			spark.NodeFit{ByCPU: 3, ByMemory: 3, ByDisk: -1, ByPods: -1, PerNode: 3, NodesMin: 2, NodesMax: 2}, "CoreRequest 3800m and Memory 26g: 4 on a node, 3% of the CPU and 1% of the memory unused"},
		"no room": {spark.Executor{Cores: 4, Memory: 8 * gib, Instances: 4}, small, spark.NodeFit{ByCPU: 0, ByMemory: 1, ByDisk: -1, ByPods: -1}, ""},
		"from none to ten": {spark.Executor{Cores: 4, CoreRequest: "3800m", Memory: 26 * gib, DynamicAllocation: spark.DynamicAllocation{Max: 10}}, n2,
			spark.NodeFit{ByCPU: 4, ByMemory: 4, ByDisk: -1, ByPods: -1, PerNode: 4, NodesMin: 1, NodesMax: 3}, ""},
		"the driver beside them": {spark.Executor{Cores: 3, Memory: 20 * gib, Instances: 4}, n2,
			spark.NodeFit{ByCPU: 5, ByMemory: 5, ByDisk: -1, ByPods: -1, PerNode: 5, NodesMin: 1, NodesMax: 1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := jvmJob(tc.executor).Explain(tc.pool)
			if err != nil {
				t.Fatal(err)
			}
			got := e.Nodes[0]
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreFields(spark.NodeFit{}, "Pool", "Nodes", "Refusal", "Allocatable", "Agents", "CPUUnused", "MemoryUnused", "Better")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			better := ""
			if got.Better != nil {
				better = got.Better.String()
			}
			if diff := cmp.Diff(tc.better, better); diff != "" {
				t.Errorf("better (-want +got):\n%s", diff)
			}
		})
	}
	// Disks count where both sides tell of them.
	j := jvmJob(spark.Executor{Cores: 1, Memory: gib, Instances: 2})
	j.Base.Executor.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "spark-kubernetes-executor", Resources: scratch}}}}
	e, err := j.Explain(small)
	if err != nil {
		t.Fatal(err)
	}
	if f := e.Nodes[0]; f.ByDisk != 1 || f.PerNode != 1 || f.ByCPU != 3 {
		t.Errorf("%+v", f)
	}
	// The pool isn't changed, and nothing of it is kept.
	e.Nodes[0].Allocatable["cpu"] = resource.MustParse("1")
	if cpu := small.Allocatable["cpu"]; cpu.String() != "3920m" {
		t.Error("Explain keeps memory in common with the shape")
	}
}

// TestExplainPools: pools that the executors can't use, and those of which
// nothing is known.
func TestExplainPools(t *testing.T) {
	other := sizedPool("4", "16Gi", 5)
	other.Pool, other.Labels, other.Taints = "other", map[string]string{"workload": "api"}, []corev1.Taint{{Key: "only", Value: "api", Effect: "NoSchedule"}}
	unknown, full, open := taintedPool(), sizedPool("15890m", "116Gi", 1), sizedPool("3", "16Gi", 9)
	unknown.Pool = "unknown"
	e, err := jvmJob(spark.Executor{Cores: 4, CoreRequest: "3800m", Memory: 24 * millrace.GiB, CoreLimit: "6", OffHeap: millrace.GiB,
		DynamicAllocation: spark.DynamicAllocation{Min: 1, Max: 10},
		Volumes: []spark.Volume{{Name: "a", Path: "/a", Scratch: true, Source: corev1.VolumeSource{
			EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: resource.NewQuantity(50<<30, resource.BinarySI)}}}},
	}).Explain(other, unknown, full, open)
	if err != nil {
		t.Fatal(err)
	}
	text := e.String()
	for _, want := range []string{
		"etl: a driver and 1 to 10 executors, 4 tasks at once in each",
		"off-heap 1Gi       memory that Spark manages outside of the heap:\n                       spec.sparkConf[spark.memory.offHeap.size]",
		"heap     2Gi       the JVM's heap, millrace's default: spec.driver.memory",
		"CPU        3800m     spec.executor.coreRequest, throttled at 6",
		"scratch    50Gi",
		"together: 4800m CPU, 29.77Gi of memory at the least, and 39 CPU, 276.4Gi of memory at the most",
		"pool other: not for the executors\n  it has workload=api, not spark-executor\n  its taint only=api:NoSchedule isn't tolerated\n",
		"pool unknown: the size of its nodes is not known\n",
		"in all     1 to 3 nodes, and the pool may have 1 only",
		"fits       no executor, which requests 3800m CPU, 27.4Gi of memory",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
	for line := range strings.Lines(text) {
		if len(line) > 101 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// explained are jobs that between them have every default.
func explained() map[string]*spark.Job {
	out := make(map[string]*spark.Job)
	for _, version := range []string{"3.0.3", "3.1.3", "3.5.1", "4.1.0"} {
		j := minimal()
		j.Version = version
		out[version] = j
	}
	with := func(name string, edit func(*spark.Job)) {
		j := minimal()
		edit(j)
		out[name] = j
	}
	with("a stream", func(j *spark.Job) { j.Lifecycle.Restart = spark.Always })
	with("never", func(j *spark.Job) { j.Lifecycle.Restart = spark.Never })
	with("packages", func(j *spark.Job) { j.Deps.Packages = []string{"a:b:1"} })
	with("dynamic", func(j *spark.Job) { j.Executor.DynamicAllocation.Max = 5 })
	with("submitted", func(j *spark.Job) { j.Target = spark.Submit{Master: "k8s://https://k8s-api.internal:6443"} })
	with("decommissioned", func(j *spark.Job) { j.Shuffle = spark.Decommission{Fallback: "s3a://x/"} })
	with("Celeborn", func(j *spark.Job) { j.Shuffle = spark.Celeborn{Masters: []string{"a:1"}} })
	with("groups", func(j *spark.Job) { *j = *groups() })
	with("everything", func(j *spark.Job) { *j = *everything() })
	return out
}

// TestEveryDefaultHasAReason: whatever millrace fills in, Explain says why, and
// no reason is left that nothing needs.
func TestEveryDefaultHasAReason(t *testing.T) {
	used := make(map[string]bool)
	for name, j := range explained() {
		e, err := j.Explain()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(e.Defaults) == 0 && name != "everything" {
			t.Errorf("%s: no defaults", name)
		}
		for _, d := range e.Defaults {
			used[d.Reason] = true
			if d.Reason == "" || d.Source == "" && !strings.HasPrefix(d.Reason, "goes with ") {
				t.Errorf("%s: %s is %s, and no reason says why", name, d.Field, d.Value)
			}
		}
	}
	for _, reason := range spark.Reasons() {
		if !used[reason] {
			t.Errorf("no default has the reason %q", reason)
		}
	}
}

// TestDefaultsAreNotTheJobs: what the job says is none of the defaults, and
// each default is in the manifest.
func TestDefaultsAreNotTheJobs(t *testing.T) {
	j := minimal()
	j.Driver.Cores, j.Lifecycle.Retries = 3, new(int32(1))
	j.Conf = map[string]string{"spark.kubernetes.allocation.batch.size": "7"}
	j.Base.TimeToLiveSeconds = new(int64(60))
	e, err := j.Explain()
	if err != nil {
		t.Fatal(err)
	}
	fields := make(map[string]string)
	for _, d := range e.Defaults {
		fields[d.Field] = d.Value
	}
	for _, own := range []string{"spec.driver.cores", "spec.restartPolicy.onFailureRetries", "spec.sparkConf[spark.kubernetes.allocation.batch.size]", "spec.timeToLiveSeconds", "spec.image"} {
		if v, ok := fields[own]; ok {
			t.Errorf("%s, %s, is the job's own", own, v)
		}
	}
	for field, want := range map[string]string{"spec.executor.memory": "4g", "spec.executor.cores": "2", "spec.executor.instances": "2",
		"spec.sparkConf[spark.sql.autoBroadcastJoinThreshold]":                        "-1",
		"spec.executor.template.spec.containers[0].securityContext.capabilities.drop": `["ALL"]`} {
		if fields[field] != want {
			t.Errorf("%s is %q, want %q", field, fields[field], want)
		}
	}
	if !slices.IsSortedFunc(e.Defaults, func(a, b spark.Default) int { return strings.Compare(a.Field, b.Field) }) {
		t.Error("the defaults are in no order")
	}
	j.NoDefaults, j.Base.TimeToLiveSeconds = true, nil
	if e, err = j.Explain(); err != nil || len(e.Defaults) != 1 || e.Defaults[0].Field != "spec.type" {
		t.Errorf("without defaults: %+v, %v", e.Defaults, err)
	}
}

func TestExplainRefuses(t *testing.T) {
	for name, j := range map[string]*spark.Job{"no job": nil, "an empty one": {}, "another's number": {
		Name: "x", Image: "x:1", Version: "3.5.1", Main: "local:///x.py", Base: v1beta2.SparkApplicationSpec{SparkConf: map[string]string{"spark.task.cpus": "none"}}}} {
		if e, err := j.Explain(); err == nil {
			t.Errorf("%s: %v", name, e)
		}
	}
}
