package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/spark"
)

// sizeFindings returns what the rules about sizes find, as "rule field: detail".
func sizeFindings(b *millrace.Bundle) []string {
	out := []string{}
	for _, f := range policy.Production().Only("placement/too-large", "placement/waste", "placement/pool-size", "spark/node-waste").Check(b).Findings {
		out = append(out, fmt.Sprintf("%s %s: %s", f.Rule, f.Field, f.Detail))
	}
	return out
}

// roomy is a pool for Spark with nodes of 16 CPUs and 64 GiB beside the agents.
func roomy(most int) millrace.NodeShape {
	pool := tainted("spark-pool", "spark")
	pool.Max, pool.Agents = most, corev1.ResourceList{}
	pool.Allocatable = corev1.ResourceList{"cpu": resource.MustParse("16"), "memory": resource.MustParse("64Gi"), "ephemeral-storage": resource.MustParse("100Gi")}
	return pool
}

func onSpark() millrace.Placement {
	return selecting(map[string]string{"workload": "spark"}, corev1.Toleration{Key: "workload", Value: "spark", Effect: corev1.TaintEffectNoSchedule})
}

func requesting(d *appsv1.Deployment, replicas int32, list ...string) *appsv1.Deployment {
	requests := corev1.ResourceList{}
	for i := 0; i < len(list); i += 2 {
		requests[corev1.ResourceName(list[i])] = resource.MustParse(list[i+1])
	}
	d.Spec.Replicas = &replicas
	d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "main", Resources: corev1.ResourceRequirements{Requests: requests}}}
	return d
}

func TestPlacementSizes(t *testing.T) {
	const at = "spec.template.spec.containers[0].resources.requests"
	unknown, larger, small := roomy(10), roomy(10), roomy(10)
	unknown.Allocatable = nil
	larger.Pool, larger.Allocatable["cpu"] = "large", resource.MustParse("18")
	small.Pool, small.Allocatable = "small", corev1.ResourceList{"cpu": resource.MustParse("2"), "memory": resource.MustParse("8Gi")}
	zonal := roomy(0)
	zonal.MaxPerZone = 2
	agents := roomy(10)
	agents.Agents = nil
	shared := roomy(10)
	shared.Taints = nil
	oneZone := onSpark()
	oneZone.NodeSelector[corev1.LabelTopologyZone] = "a"
	for name, tc := range map[string]struct {
		pools     []millrace.NodeShape
		placement millrace.Placement
		replicas  int32
		requests  []string
		want      []string
	}{
		"it fits":                 {[]millrace.NodeShape{roomy(10)}, onSpark(), 4, []string{"cpu", "4", "memory", "16Gi"}, nil},
		"too many cores":          {[]millrace.NodeShape{roomy(10)}, onSpark(), 1, []string{"cpu", "17", "memory", "1Gi"}, []string{"placement/too-large " + at + "[cpu]: the pod requests 17 CPU, 1Gi of memory, and a node of spark-pool has 16 CPU, 64Gi of memory, 100Gi of disk, of which the cluster's agents take 0 CPU, 0Gi of memory"}},
		"too much memory":         {[]millrace.NodeShape{roomy(10)}, onSpark(), 1, []string{"memory", "65Gi"}, []string{"placement/too-large " + at + "[memory]"}},
		"too much disk":           {[]millrace.NodeShape{roomy(10)}, onSpark(), 1, []string{"ephemeral-storage", "101Gi"}, []string{"placement/too-large " + at + "[ephemeral-storage]"}},
		"no room beside agents":   {[]millrace.NodeShape{agents}, onSpark(), 1, []string{"cpu", "15800m"}, []string{"placement/too-large " + at + "[cpu]"}},
		"the larger one is named": {[]millrace.NodeShape{small, roomy(10)}, onSpark(), 1, []string{"cpu", "17"}, []string{"placement/too-large " + at + "[cpu]: the pod requests 17 CPU, 0Gi of memory, and a node of spark-pool"}},
		"a larger pool":           {[]millrace.NodeShape{roomy(10), larger}, onSpark(), 1, []string{"cpu", "17", "memory", "55Gi"}, nil},
		"a pool of unknown size":  {[]millrace.NodeShape{roomy(10), unknown}, onSpark(), 1, []string{"cpu", "17", "memory", "55Gi"}, nil},
		"tied to nothing":         {[]millrace.NodeShape{roomy(10)}, millrace.Placement{}, 1, []string{"cpu", "17"}, nil},
		"on no pool":              {[]millrace.NodeShape{tainted("kafka", "kafka")}, onSpark(), 1, []string{"cpu", "17", "memory", "55Gi"}, nil},
		"no pools":                {nil, onSpark(), 1, []string{"cpu", "17", "memory", "55Gi"}, nil},

		"waste of CPU":           {[]millrace.NodeShape{roomy(10)}, onSpark(), 6, []string{"cpu", "6", "memory", "31Gi"}, []string{"placement/waste " + at + "[cpu]: 2 times the pod fits on a node of spark-pool, and leaves 25% of its CPU and 3% of its memory unused"}},
		"waste of memory":        {[]millrace.NodeShape{roomy(10)}, onSpark(), 8, []string{"cpu", "4", "memory", "8Gi"}, []string{"placement/waste " + at + "[memory]"}},
		"fewer than fill a node": {[]millrace.NodeShape{roomy(10)}, onSpark(), 1, []string{"cpu", "6", "memory", "31Gi"}, nil},
		"others may use it":      {[]millrace.NodeShape{shared}, selecting(map[string]string{"workload": "spark"}), 6, []string{"cpu", "6", "memory", "31Gi"}, nil},

		"as many as it holds":    {[]millrace.NodeShape{roomy(10)}, onSpark(), 40, []string{"cpu", "4", "memory", "16Gi"}, nil},
		"one more than it holds": {[]millrace.NodeShape{roomy(10)}, onSpark(), 41, []string{"cpu", "4", "memory", "16Gi"}, []string{"placement/pool-size spec.replicas: 41 pods are there at the most, and the 10 nodes that spark-pool may have hold 40 of them"}},
		"two pools":              {[]millrace.NodeShape{roomy(10), larger}, onSpark(), 80, []string{"cpu", "4", "memory", "16Gi"}, nil},
		"too many for two pools": {[]millrace.NodeShape{roomy(10), larger}, onSpark(), 81, []string{"cpu", "4", "memory", "16Gi"}, []string{"placement/pool-size spec.replicas: 81 pods are there at the most, and the 20 nodes that spark-pool and large may have hold 80 of them"}},
		"a pool without a bound": {[]millrace.NodeShape{roomy(0)}, onSpark(), 410, []string{"cpu", "4", "memory", "16Gi"}, nil},
		"in one zone":            {[]millrace.NodeShape{zonal}, oneZone, 9, []string{"cpu", "4", "memory", "16Gi"}, []string{"placement/pool-size spec.replicas: 9 pods are there at the most, and the 2 nodes"}},
		"in any zone":            {[]millrace.NodeShape{zonal}, onSpark(), 9, []string{"cpu", "4", "memory", "16Gi"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{requesting(placed(tc.placement), tc.replicas, tc.requests...)}}, millrace.Parts{Nodes: tc.pools})
			if err != nil {
				t.Fatal(err)
			}
			got := sizeFindings(b)
			ok := len(got) == len(tc.want)
			for i := range got {
				ok = ok && strings.HasPrefix(got[i], tc.want[i])
			}
			if !ok {
				t.Errorf("%s", cmp.Diff(tc.want, got))
			}
		})
	}
}

// What one sort of pod leaves, another may use.
func TestWasteIsShared(t *testing.T) {
	first, second := requesting(placed(onSpark()), 6, "cpu", "6", "memory", "31Gi"), requesting(placed(onSpark()), 1, "cpu", "4", "memory", "1Gi")
	second.Name = "other"
	for n, want := range map[*appsv1.Deployment]int{nil: 1, second: 0} {
		parts := millrace.Parts{Nodes: []millrace.NodeShape{roomy(10)}, Objects: []millrace.Object{first}}
		if n != nil {
			parts.Objects = append(parts.Objects, n)
		}
		b, err := millrace.Build(parts)
		if err != nil {
			t.Fatal(err)
		}
		if got := sizeFindings(b); len(got) != want {
			t.Errorf("%q, want %d", got, want)
		}
	}
}

// Jobs count what runs at once.
func TestPoolSizeOfJobs(t *testing.T) {
	pod := requesting(placed(onSpark()), 1, "cpu", "16", "memory", "60Gi").Spec.Template
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "many", Namespace: "data"}, Spec: batchv1.JobSpec{Parallelism: new(int32(11)), Completions: new(int32(100)), Template: pod}}
	b, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{job}, Nodes: []millrace.NodeShape{roomy(10)}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"placement/pool-size spec.parallelism: 11 pods are there at the most, and the 10 nodes that spark-pool may have hold 10 of them"}
	if diff := cmp.Diff(want, sizeFindings(b)); diff != "" {
		t.Error(diff)
	}
}

// TestSparkOnItsPool: a job brings the pool that it is placed on into the
// bundle, and is held against it, in Spark's own fields and said once.
func TestSparkOnItsPool(t *testing.T) {
	pool := &nodepool.Existing{Name: "executors", Cloud: nodepool.OnGKE, Machine: "n2-highmem-16", Max: 2, Labels: map[string]string{"workload": "spark"}}
	job := func(cores int32, memory millrace.Bytes, instances int32) *spark.Job {
		return &spark.Job{
			Name: "etl", Namespace: "data", Image: "company/etl:1", Version: "3.5.1", Main: "local:///etl.jar", Class: "com.company.ETL",
			Executor: spark.Executor{Cores: cores, Memory: memory, Instances: instances, Placement: pool.Placement()},
			Driver:   spark.Driver{ServiceAccount: "spark"},
		}
	}
	for name, tc := range map[string]struct {
		job  *spark.Job
		want []string
	}{
		"it fits":             {job(5, 32*millrace.GiB, 6), nil},
		"too many cores":      {job(16, 32*millrace.GiB, 1), []string{"placement/too-large spec.executor.cores"}},
		"too much memory":     {job(4, 110*millrace.GiB, 1), []string{"placement/too-large spec.executor.memory"}},
		"too many executors":  {job(5, 32*millrace.GiB, 7), []string{"placement/pool-size spec.executor.instances"}},
		"what Spark can tell": {job(4, 24*millrace.GiB, 6), []string{"spark/node-waste spec.executor.memory"}},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := millrace.Build(tc.job)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range sizeFindings(b) {
				head, _, _ := strings.Cut(f, ": ")
				got = append(got, head)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	// What is known from a placement alone isn't all that there is.
	other := requesting(placed(selecting(map[string]string{"workload": "flink"})), 1, "cpu", "1")
	b, err := millrace.Build(job(5, 32*millrace.GiB, 1), millrace.Parts{Objects: []millrace.Object{other}})
	if err != nil {
		t.Fatal(err)
	}
	if got := placementFindings(b); len(got) > 0 {
		t.Errorf("of a pool that is elsewhere: %q", got)
	}
}
