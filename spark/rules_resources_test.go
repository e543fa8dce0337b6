package spark_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// resourceRules are those that these tests are about.
var resourceRules = []string{"spark/node-waste", "spark/cores", "spark/cpu-limit", "spark/memory-format",
	"spark/overhead-format", "spark/tmpfs", "spark/allocation-order", "spark/allocation-survival", "spark/api-timeouts"}

// checkResources returns what the rules about resources find.
func checkResources(bundle *millrace.Bundle) []string {
	var out []string
	for _, s := range check(bundle) {
		if id, _, _ := strings.Cut(s, " "); slices.Contains(resourceRules, id) {
			out = append(out, s)
		}
	}
	return out
}

func TestResourceRules(t *testing.T) {
	conf := func(kv ...string) func(*v1beta2.SparkApplicationSpec) {
		return func(s *v1beta2.SparkApplicationSpec) {
			for i := 0; i < len(kv); i += 2 {
				s.SparkConf[kv[i]] = kv[i+1]
			}
		}
	}
	dynamic := func(least, start, most int32) func(*v1beta2.SparkApplicationSpec) {
		return func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Instances = nil
			s.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true, MinExecutors: &least, InitialExecutors: &start, MaxExecutors: &most}
		}
	}
	memory := func(name string) corev1.Volume {
		return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{Medium: "Memory"}}}
	}
	for name, tc := range map[string]struct {
		edit func(*v1beta2.SparkApplicationSpec)
		want []string
	}{
		"nothing": {func(*v1beta2.SparkApplicationSpec) {}, nil},

		"no cores":             {func(s *v1beta2.SparkApplicationSpec) { s.Executor.Cores = new(int32(0)) }, nil}, // schema/bounds
		"no cores in settings": {func(s *v1beta2.SparkApplicationSpec) { s.Driver.Cores = nil; conf("spark.driver.cores", "-1")(s) }, []string{"spark/cores spec.sparkConf[spark.driver.cores]"}},
		"a fraction of a core": {func(s *v1beta2.SparkApplicationSpec) { s.Executor.Cores = nil; conf("spark.executor.cores", "0.5")(s) }, []string{"spark/cores spec.sparkConf[spark.executor.cores]"}},
		"cores to come": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Cores = nil
			conf("spark.executor.cores", "{{x}}")(s)
		}, nil},
		"tasks of too many":       {conf("spark.task.cpus", "9"), []string{"spark/cores spec.sparkConf[spark.task.cpus]"}},
		"tasks of none":           {conf("spark.task.cpus", "0"), []string{"spark/cores spec.sparkConf[spark.task.cpus]"}},
		"tasks of two cores":      {conf("spark.task.cpus", "2"), nil},
		"limit below the request": {func(s *v1beta2.SparkApplicationSpec) { s.Executor.CoreLimit = new("2") }, []string{"spark/cpu-limit spec.executor.coreLimit"}},
		"limit below the cores": {func(s *v1beta2.SparkApplicationSpec) {
			s.Driver.Cores, s.Driver.CoreRequest, s.Driver.CoreLimit = new(int32(2)), nil, new("1500m")
		}, []string{"spark/cpu-limit spec.driver.coreLimit"}},
		"limit in a setting":         {conf("spark.kubernetes.executor.limit.cores", "1"), []string{"spark/cpu-limit spec.sparkConf[spark.kubernetes.executor.limit.cores]"}},
		"limit equal to the request": {func(s *v1beta2.SparkApplicationSpec) { s.Executor.CoreLimit = new("3") }, nil},

		"Kubernetes' unit":        {func(s *v1beta2.SparkApplicationSpec) { s.Driver.Memory = new("4Gi") }, []string{"spark/memory-format spec.driver.memory"}},
		"a fraction":              {func(s *v1beta2.SparkApplicationSpec) { s.Executor.Memory = new("1.5g") }, []string{"spark/memory-format spec.executor.memory"}},
		"what the field hides":    {conf("spark.executor.memory", "4Gi", "spark.executor.memoryOverhead", "1Gi"), []string{"spark/overhead-format spec.sparkConf[spark.executor.memoryOverhead]"}},
		"Python's memory":         {conf("spark.executor.pyspark.memory", "2Gi"), []string{"spark/memory-format spec.sparkConf[spark.executor.pyspark.memory]"}},
		"off-heap":                {conf("spark.memory.offHeap.enabled", "true", "spark.memory.offHeap.size", "2Gi"), []string{"spark/memory-format spec.sparkConf[spark.memory.offHeap.size]"}},
		"off-heap to come":        {conf("spark.memory.offHeap.enabled", "true", "spark.memory.offHeap.size", "{{x}}"), nil},
		"memory limit":            {func(s *v1beta2.SparkApplicationSpec) { s.Executor.MemoryLimit = new("lots") }, []string{"spark/memory-format spec.executor.memoryLimit"}},
		"sizes as Spark has them": {conf("spark.executor.pyspark.memory", "2G", "spark.memory.offHeap.enabled", "true", "spark.memory.offHeap.size", "1073741824"), nil},

		"overhead that is a factor": {func(s *v1beta2.SparkApplicationSpec) { s.Executor.MemoryOverhead = new("0.2") }, []string{"spark/overhead-format spec.executor.memoryOverhead"}},
		"overhead in a setting":     {conf("spark.driver.memoryOverhead", "1Gi"), []string{"spark/overhead-format spec.sparkConf[spark.driver.memoryOverhead]"}},
		"least overhead in Spark 3": {conf("spark.driver.minMemoryOverhead", "half"), nil},
		"least overhead": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkVersion = "4.0.0"
			conf("spark.driver.minMemoryOverhead", "half")(s)
		}, []string{"spark/overhead-format spec.sparkConf[spark.driver.minMemoryOverhead]"}},
		"factor that is a size":     {func(s *v1beta2.SparkApplicationSpec) { s.MemoryOverheadFactor = new("1g") }, []string{"spark/overhead-format spec.memoryOverheadFactor"}},
		"factor of zero for a role": {conf("spark.executor.memoryOverheadFactor", "0"), []string{"spark/overhead-format spec.sparkConf[spark.executor.memoryOverheadFactor]"}},
		"factor of a role in Spark 3.2": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkVersion = "3.2.0"
			conf("spark.executor.memoryOverheadFactor", "x")(s)
		}, nil},
		"the setting goes before the field": {func(s *v1beta2.SparkApplicationSpec) {
			s.MemoryOverheadFactor = new("1g")
			conf("spark.kubernetes.memoryOverheadFactor", "0.4")(s)
		}, nil},
		"factor of zero for both": {func(s *v1beta2.SparkApplicationSpec) { conf("spark.kubernetes.memoryOverheadFactor", "0")(s) }, nil},
		"overhead as it should be": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.MemoryOverhead, s.MemoryOverheadFactor = new("4g"), new("0.4")
		}, nil},

		"tmpfs":                  {conf("spark.kubernetes.local.dirs.tmpfs", "true"), []string{"spark/tmpfs spec.sparkConf[spark.kubernetes.local.dirs.tmpfs]"}},
		"tmpfs with room for it": {conf("spark.kubernetes.local.dirs.tmpfs", "true", "spark.executor.memoryOverheadFactor", "0.6"), nil},
		"tmpfs that no directory uses": {func(s *v1beta2.SparkApplicationSpec) {
			conf("spark.kubernetes.local.dirs.tmpfs", "true")(s)
			s.Volumes = []corev1.Volume{{Name: "spark-local-dir-1"}}
		}, nil},
		"a template's volume in memory": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Template.Spec.Volumes = []corev1.Volume{memory("spark-local-dir-1")}
		}, []string{"spark/tmpfs spec.executor.template.spec.volumes[0]"}},
		"a volume in memory": {func(s *v1beta2.SparkApplicationSpec) {
			s.Volumes = []corev1.Volume{memory("cache"), memory("spark-local-dir-1")}
		}, []string{"spark/tmpfs spec.volumes[1]"}},
		"a setting's volume in memory": {conf("spark.kubernetes.executor.volumes.emptyDir.spark-local-dir-1.mount.path", "/x",
			"spark.kubernetes.executor.volumes.emptyDir.spark-local-dir-1.options.medium", "Memory"),
			[]string{"spark/tmpfs spec.sparkConf[spark.kubernetes.executor.volumes.emptyDir.spark-local-dir-1.options.medium]"}},

		"in order":          {dynamic(1, 2, 3), nil},
		"all alike":         {dynamic(3, 3, 3), nil},
		"least above most":  {dynamic(4, 4, 3), []string{"spark/allocation-order spec.dynamicAllocation.initialExecutors", "spark/allocation-order spec.dynamicAllocation.minExecutors"}},
		"start above most":  {dynamic(1, 4, 3), []string{"spark/allocation-order spec.dynamicAllocation.initialExecutors"}},
		"start below least": {dynamic(2, 1, 3), []string{"spark/allocation-order spec.dynamicAllocation.initialExecutors"}},
		"no most":           {dynamic(0, 0, 0), []string{"spark/allocation-order spec.dynamicAllocation.maxExecutors"}},
		"least below none":  {dynamic(-1, 1, 3), []string{"spark/allocation-order spec.dynamicAllocation.minExecutors"}},
		"order of settings": {conf("spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.minExecutors", "5", "spark.dynamicAllocation.maxExecutors", "3"),
			[]string{"spark/allocation-order spec.sparkConf[spark.dynamicAllocation.minExecutors]"}},
		"more instances than the most": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Instances = nil
			conf("spark.dynamicAllocation.enabled", "true", "spark.executor.instances", "5", "spark.dynamicAllocation.maxExecutors", "3")(s)
		}, []string{"spark/allocation-order spec.sparkConf[spark.executor.instances]"}},
		"a field before a setting": {func(s *v1beta2.SparkApplicationSpec) {
			dynamic(1, 1, 3)(s)
			conf("spark.dynamicAllocation.minExecutors", "5")(s)
		}, nil},

		"nothing keeps the data": {func(s *v1beta2.SparkApplicationSpec) {
			dynamic(1, 2, 3)(s)
			s.DynamicAllocation.ShuffleTrackingEnabled = new(false)
			conf("spark.decommission.enabled", "false")(s)
		}, []string{"spark/allocation-survival spec.dynamicAllocation.shuffleTrackingEnabled"}},
		"decommissioning keeps it": {func(s *v1beta2.SparkApplicationSpec) {
			dynamic(1, 2, 3)(s)
			s.DynamicAllocation.ShuffleTrackingEnabled = new(false)
		}, nil},
		"a service keeps it": {func(s *v1beta2.SparkApplicationSpec) {
			dynamic(1, 2, 3)(s)
			s.DynamicAllocation.ShuffleTrackingEnabled = new(false)
			conf("spark.decommission.enabled", "false", "spark.shuffle.manager", "org.apache.spark.shuffle.RssShuffleManager")(s)
		}, nil},
		"an older Spark tracks nothing by itself": {func(s *v1beta2.SparkApplicationSpec) {
			s.SparkVersion = "3.3.0"
			conf("spark.decommission.enabled", "false", "spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.maxExecutors", "3")(s)
		}, []string{"spark/allocation-survival spec.sparkConf[spark.dynamicAllocation.shuffleTracking.enabled]"}},
		"a later one does": {conf("spark.decommission.enabled", "false", "spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.maxExecutors", "3"), nil},

		"many executors": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Instances = new(int32(51))
			delete(s.SparkConf, "spark.kubernetes.driver.requestTimeout")
			conf("spark.kubernetes.driver.connectionTimeout", "10000")(s)
		}, []string{"spark/api-timeouts spec.sparkConf[spark.kubernetes.driver.connectionTimeout]", "spark/api-timeouts spec.sparkConf[spark.kubernetes.driver.requestTimeout]"}},
		"fifty executors": {func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Instances = new(int32(50))
			delete(s.SparkConf, "spark.kubernetes.driver.requestTimeout")
		}, nil},
		"many executors with time": {func(s *v1beta2.SparkApplicationSpec) { s.Executor.Instances = new(int32(500)) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			app := good(t)
			tc.edit(&app.Spec)
			got := ids(checkResources(bundleOf(t, app)))
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// sizedPool is the pool of the executors, with nodes of a known size.
func sizedPool(cpu, memory string, most int) millrace.NodeShape {
	pool := taintedPool()
	pool.Max = most
	pool.Allocatable = corev1.ResourceList{"cpu": resource.MustParse(cpu), "memory": resource.MustParse(memory)}
	return pool
}

func TestNodeRules(t *testing.T) {
	shape := func(cores int32, request, memory string, instances int32) func(*v1beta2.SparkApplicationSpec) {
		return func(s *v1beta2.SparkApplicationSpec) {
			s.Executor.Cores, s.Executor.Memory, s.Executor.Instances = &cores, &memory, &instances
			if s.Executor.CoreRequest = &request; request == "" {
				s.Executor.CoreRequest = nil
			}
		}
	}
	n2 := sizedPool("15890m", "116Gi", 10)
	unknown := taintedPool()
	for name, tc := range map[string]struct {
		edit  func(*v1beta2.SparkApplicationSpec)
		pools []millrace.NodeShape
		want  []string
	}{
		"a pool of unknown size": {shape(4, "", "20g", 8), []millrace.NodeShape{n2, unknown}, nil},
		"it fits":                {shape(4, "3800m", "20g", 4), []millrace.NodeShape{n2}, nil},

		"four cores, three times":  {shape(4, "", "26g", 8), []millrace.NodeShape{n2}, []string{"spark/node-waste spec.executor.cores"}},
		"memory that nobody uses":  {shape(4, "3800m", "8g", 8), []millrace.NodeShape{n2}, []string{"spark/node-waste spec.executor.memory"}},
		"fewer than fill a node":   {shape(4, "", "20g", 2), []millrace.NodeShape{n2}, nil},
		"waste on an unknown pool": {shape(4, "", "20g", 8), []millrace.NodeShape{unknown}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			app := good(t)
			app.Spec.Driver.Template.Spec.NodeSelector = map[string]string{"workload": "spark-executor"}
			app.Spec.Driver.Template.Spec.Tolerations = app.Spec.Executor.Template.Spec.Tolerations
			tc.edit(&app.Spec)
			if diff := cmp.Diff(tc.want, ids(checkResources(bundleOf(t, app, tc.pools...)))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
	// What is tied to no pool may land on nodes that the bundle doesn't have.
	app := good(t)
	shape(4, "", "20g", 8)(&app.Spec)
	app.Spec.Executor.Template.Spec.NodeSelector, app.Spec.Executor.Template.Spec.Affinity = nil, nil
	if got := checkResources(bundleOf(t, app, n2)); got != nil {
		t.Errorf("of what is tied to no pool: %v", got)
	}
}

// TestNodeWasteSays what would do better, in numbers.
func TestNodeWasteSays(t *testing.T) {
	app := good(t)
	app.Spec.Executor.Cores, app.Spec.Executor.CoreRequest, app.Spec.Executor.Memory = new(int32(4)), nil, new("20g")
	app.Spec.MainApplicationFile = new("local:///etl.jar")
	bundle := bundleOf(t, app, sizedPool("15890m", "116Gi", 10))
	var got []string
	for _, r := range spark.Rules() {
		if r.ID == "spark/node-waste" {
			r.Check(&millrace.Pass{Object: bundle.Objects()[0], Bundle: bundle, ReportFix: func(field, detail, fix string) { got = append(got, field, detail, fix) }})
		}
	}
	want := []string{"spec.executor.memory", "3 executors fit on a node of spark-executor-pool, and leave 23% of its CPU and 43% of its memory unused",
		"try CoreRequest 3800m and Memory 26g: 4 on a node, 3% of the CPU and 1% of the memory unused"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
