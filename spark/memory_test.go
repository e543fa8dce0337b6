package spark_test

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// memoryCase is a row of testdata/memory.json. internal/e2e/sparkpods holds
// the rows of its own Spark to that Spark's code.
type memoryCase struct {
	Name, Version, Main    string
	Client, Error          bool
	Conf                   map[string]string
	Driver, Executor       millrace.Bytes // in MiB
	DriverCPU, ExecutorCPU string
	DriverCPULimit         string
	ExecutorCPULimit       string
	Slots                  int
}

func (c memoryCase) application() *v1beta2.SparkApplication {
	app := &v1beta2.SparkApplication{Spec: v1beta2.SparkApplicationSpec{
		Mode: v1beta2.DeployModeCluster, SparkVersion: c.Version, MainApplicationFile: &c.Main, SparkConf: c.Conf}}
	if c.Client {
		app.Spec.Mode = v1beta2.DeployModeClient
	}
	return app
}

func TestResourcesTable(t *testing.T) {
	data, err := os.ReadFile("testdata/memory.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []memoryCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 60 {
		t.Errorf("%d cases", len(cases))
	}
	for _, c := range cases {
		got, err := spark.Resources(c.application())
		if c.Error {
			if err == nil {
				t.Errorf("%s: %s, which is no error", c.Name, got.Executor.Memory)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		if !c.Client && got.Driver.Memory != c.Driver*millrace.MiB || got.Executor.Memory != c.Executor*millrace.MiB {
			t.Errorf("%s: %s and %s, want %d and %d MiB", c.Name, got.Driver.Memory, got.Executor.Memory, c.Driver, c.Executor)
		}
		for _, cpu := range []struct {
			got  resource.Quantity
			want string
		}{{got.Driver.CPU, c.DriverCPU}, {got.Executor.CPU, c.ExecutorCPU}, {got.Driver.CPULimit, c.DriverCPULimit}, {got.Executor.CPULimit, c.ExecutorCPULimit}} {
			if cpu.want != "" && cpu.got.Cmp(resource.MustParse(cpu.want)) != 0 {
				t.Errorf("%s: %s CPU, want %s", c.Name, cpu.got.String(), cpu.want)
			}
		}
		if c.Slots > 0 && got.Executor.TaskSlots != c.Slots {
			t.Errorf("%s: %d tasks at once, want %d", c.Name, got.Executor.TaskSlots, c.Slots)
		}
		for _, s := range []spark.PodSize{got.Driver, got.Executor} {
			if sum := s.Heap.Size + s.Overhead.Size + s.OffHeap.Size + s.Python.Size; s.Memory != sum || s.MemoryLimit != sum {
				t.Errorf("%s: the parts make %s, the request is %s and the limit %s", c.Name, sum, s.Memory, s.MemoryLimit)
			}
		}
	}
}

// TestResourcesOfFields: what the operator's fields say, against the settings,
// and where each number comes from.
func TestResourcesOfFields(t *testing.T) {
	type parts struct{ heap, overhead, why string }
	for name, tc := range map[string]struct {
		edit func(*v1beta2.SparkApplicationSpec)
		mib  millrace.Bytes // of an executor
		want parts
	}{
		"nothing": {func(*v1beta2.SparkApplicationSpec) {}, 1408, parts{"", "", "the least that Spark gives, as 10% of the heap are 102Mi"}},
		"field before setting": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Memory, s.SparkConf = new("4g"), map[string]string{"spark.executor.memory": "8g"}
		}, 4505, parts{"spec.executor.memory", "", "10% of the heap, Spark's factor for the JVM"}},
		"a setting": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkConf = map[string]string{"spark.executor.memory": "8g"}
		}, 9011, parts{"spec.sparkConf[spark.executor.memory]", "", "10% of the heap, Spark's factor for the JVM"}},
		"explicit overhead": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Memory, s.Executor.MemoryOverhead = new("8g"), new("100m")
		}, 8292, parts{"spec.executor.memory", "spec.executor.memoryOverhead", "said outright, so that no factor counts"}},
		"the settings before the field, for the factor": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Memory, s.MemoryOverheadFactor = new("8g"), new("0.3")
			s.SparkConf = map[string]string{"spark.kubernetes.memoryOverheadFactor": "0.5"}
		}, 12288, parts{"spec.executor.memory", "spec.sparkConf[spark.kubernetes.memoryOverheadFactor]", "50% of the heap"}},
		"factor in the field": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Memory, s.MemoryOverheadFactor = new("8g"), new("0.29")
		}, 8192 + 2375, parts{"spec.executor.memory", "spec.memoryOverheadFactor", "29% of the heap"}},
		"Python by the type alone": {func(s *v1beta2.SparkApplicationSpec) {
			s.Type, s.Executor.Memory = v1beta2.SparkApplicationTypePython, new("8g")
		}, 11468, parts{"spec.executor.memory", "", "40% of the heap, Spark's factor for Python"}},
		"the file goes before the type": {func(s *v1beta2.SparkApplicationSpec) {
			s.Type, s.MainApplicationFile, s.Executor.Memory = v1beta2.SparkApplicationTypeScala, new("local:///x.R"), new("8g")
		}, 11468, parts{"spec.executor.memory", "", "40% of the heap, Spark's factor for R"}},
		"the least is set": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkVersion, s.SparkConf = "4.0.0", map[string]string{"spark.executor.minMemoryOverhead": "512m"}
		}, 1536, parts{"", "spec.sparkConf[spark.executor.minMemoryOverhead]", "the least that Spark gives, as 10% of the heap are 102Mi"}},
		"an unknown version has all settings but the least": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkVersion = "latest"
			s.SparkConf = map[string]string{"spark.executor.memory": "8g", "spark.executor.memoryOverheadFactor": "0.25",
				"spark.memory.offHeap.enabled": "true", "spark.memory.offHeap.size": "1g", "spark.executor.minMemoryOverhead": "8g"}
		}, 10240 + 1024, parts{"spec.sparkConf[spark.executor.memory]", "spec.sparkConf[spark.executor.memoryOverheadFactor]", "25% of the heap"}},
	} {
		app := &v1beta2.SparkApplication{Spec: v1beta2.SparkApplicationSpec{Type: v1beta2.SparkApplicationTypeScala, SparkVersion: "3.5.1"}}
		tc.edit(&app.Spec)
		got, err := spark.Resources(app)
		if err != nil || got.Executor.Memory != tc.mib*millrace.MiB {
			t.Errorf("%s: %s, %v, want %d MiB", name, got.Executor.Memory, err, tc.mib)
		}
		e := got.Executor
		if diff := cmp.Diff(tc.want, parts{e.Heap.Field, e.Overhead.Field, e.Overhead.Why}, cmp.AllowUnexported(parts{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		// The same in a schedule, where the template stands deeper.
		scheduled, err := spark.Resources(&v1beta2.ScheduledSparkApplication{Spec: v1beta2.ScheduledSparkApplicationSpec{Template: app.Spec}})
		if err != nil || scheduled.Executor.Memory != e.Memory || scheduled.Executor.Heap.Field != strings.Replace(e.Heap.Field, "spec.", "spec.template.", 1) {
			t.Errorf("%s: in a schedule %+v, %v", name, scheduled.Executor.Heap, err)
		}
	}
}

// TestPodResources: the whole of a job, with its sums.
func TestPodResources(t *testing.T) {
	j := minimal()
	j.Driver.Memory, j.Driver.Cores = 4*millrace.GiB, 2
	j.Executor = spark.Executor{Cores: 4, CoreRequest: "3800m", CoreLimit: "5", Memory: 8 * millrace.GiB, OffHeap: millrace.GiB,
		DynamicAllocation: spark.DynamicAllocation{Min: 2, Max: 10},
		Volumes: []spark.Volume{{Name: "a", Path: "/a", Scratch: true, Source: corev1.VolumeSource{
			EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: resource.NewQuantity(50<<30, resource.BinarySI)}}}}}
	j.Base.Executor.Sidecars = []corev1.Container{{Name: "log", Resources: corev1.ResourceRequirements{
		Requests: corev1.ResourceList{"cpu": resource.MustParse("200m"), "memory": resource.MustParse("100Mi")}}}}
	j.Name = "" // as in a task
	r, err := j.PodResources()
	if err != nil {
		t.Fatal(err)
	}
	e := r.Executor
	if r.MinExecutors != 2 || r.MaxExecutors != 10 || e.TaskSlots != 4 || r.Driver.TaskSlots != 0 || e.Scratch != 50*millrace.GiB {
		t.Errorf("%d to %d executors of %d tasks, with %s of scratch", r.MinExecutors, r.MaxExecutors, e.TaskSlots, e.Scratch)
	}
	const driver, executor = 4505, 9011 + 1024
	for name, tc := range map[string]struct {
		list corev1.ResourceList
		cpu  string
		mib  int64
	}{
		"an executor":    {e.Requests, "4", executor + 100},
		"its limits":     {e.Limits, "5", executor},
		"at the least":   {r.Min, "10", driver + 2*(executor+100)},
		"at the most":    {r.Max, "42", driver + 10*(executor+100)},
		"the driver":     {r.Driver.Requests, "2", driver},
		"driver's limit": {r.Driver.Limits, "0", driver},
	} {
		if tc.list.Cpu().Cmp(resource.MustParse(tc.cpu)) != 0 || tc.list.Memory().Value() != tc.mib<<20 {
			t.Errorf("%s: %s and %s, want %s and %dMi", name, tc.list.Cpu(), tc.list.Memory(), tc.cpu, tc.mib)
		}
	}
	if e.CPU.String() != "3800m" || e.CPULimit.String() != "5" {
		t.Errorf("Spark's own container: %s of %s", e.CPU.String(), e.CPULimit.String())
	}
}

func TestPodResourcesUnbounded(t *testing.T) {
	r, err := spark.Resources(&v1beta2.SparkApplication{Spec: v1beta2.SparkApplicationSpec{
		DynamicAllocation: &v1beta2.DynamicAllocation{Enabled: true}}})
	if err != nil || r.Max != nil || r.MaxExecutors != 0 || r.Min == nil {
		t.Errorf("%+v, %v", r, err)
	}
}

// A server of Spark Connect has what its template says; its executors are made
// as those of client mode are.
func TestResourcesOfConnect(t *testing.T) {
	c := &v1alpha1.SparkConnect{}
	c.Spec.SparkVersion = "4.0.1"
	c.Spec.Executor.Memory = new("8g")
	c.Spec.Server.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "spark-kubernetes-driver",
		Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{"memory": resource.MustParse("3Gi")}}}}}}
	r, err := spark.Resources(c)
	if err != nil || r.Driver.Memory != 3*millrace.GiB || r.Driver.Heap.Size != 0 || r.Executor.Memory != 9011*millrace.MiB || r.MaxExecutors != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestResourcesRefuses(t *testing.T) {
	for name, app := range map[string]millrace.Object{
		"nothing":              nil,
		"a nil application":    (*v1beta2.SparkApplication)(nil),
		"a nil server":         (*v1alpha1.SparkConnect)(nil),
		"another kind":         &corev1.Pod{},
		"what is to come":      &v1beta2.SparkApplication{Spec: v1beta2.SparkApplicationSpec{SparkConf: map[string]string{"spark.executor.memory": "{{workflow.parameters.memory}}"}}},
		"a request of nothing": &v1beta2.SparkApplication{Spec: v1beta2.SparkApplicationSpec{Executor: v1beta2.ExecutorSpec{CoreRequest: new("half")}}},
		"tasks of no core":     &v1beta2.SparkApplication{Spec: v1beta2.SparkApplicationSpec{SparkConf: map[string]string{"spark.task.cpus": "0"}}},
	} {
		if r, err := spark.Resources(app); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if _, err := (&spark.Job{Name: "x"}).PodResources(); err == nil {
		t.Error("a job without an image is no error")
	}
	if _, err := (*spark.Job)(nil).PodResources(); err == nil {
		t.Error("no job is no error")
	}
}

func FuzzMemory(f *testing.F) {
	f.Add("8g", "1g", "0.1", "2g")
	f.Add("9223372036854775807", "1p", "1e308", "")
	f.Fuzz(func(t *testing.T, memory, overhead, factor, offHeap string) {
		app := &v1beta2.SparkApplication{Spec: v1beta2.SparkApplicationSpec{Type: v1beta2.SparkApplicationTypePython, SparkConf: map[string]string{
			"spark.kubernetes.memoryOverheadFactor": factor, "spark.memory.offHeap.enabled": "true",
			"spark.memory.offHeap.size": offHeap, "spark.executor.pyspark.memory": memory,
		}}}
		s := &app.Spec
		s.Driver.Memory, s.Executor.Memory, s.Executor.MemoryOverhead = &memory, &memory, &overhead
		r, err := spark.Resources(app)
		if d, e := r.Driver.Memory, r.Executor.Memory; err == nil && (d < 0 || e < 0 || d > math.MaxInt64/2 || e > math.MaxInt64/2) {
			t.Errorf("%q %q %q %q: %d, %d", memory, overhead, factor, offHeap, d, e)
		}
	})
}
