package nodepool_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// podOf is a pod that requests so much.
func podOf(role, cpu, memory string, least, most int) millrace.Pod {
	p := millrace.Pod{Role: role, Min: least, Max: most}
	requests := corev1.ResourceList{}
	for name, amount := range map[corev1.ResourceName]string{"cpu": cpu, "memory": memory} {
		if amount != "" {
			requests[name] = resource.MustParse(amount)
		}
	}
	p.Template.Spec.Containers = []corev1.Container{{Name: "main", Resources: corev1.ResourceRequirements{Requests: requests}}}
	return p
}

// placedPod sends the pod to the pool.
func placedPod(p millrace.Pod, on millrace.Placement) millrace.Pod {
	p.Template.Spec.NodeSelector, p.Template.Spec.Tolerations = on.NodeSelector, on.Tolerations
	return p
}

// executorOf is an executor with a heap of so many GiB, and Spark's overhead of
// a tenth.
func executorOf(cpu string, heap float64) millrace.Pod {
	return podOf("executor", cpu, fmt.Sprintf("%dMi", int(heap*1024*1.1)), 8, 8)
}

// TestFitOfExecutors is the table of four executors on four machines: how many
// go on a node, and what share of it they leave, the agents' 300m and 600Mi
// among that.
func TestFitOfExecutors(t *testing.T) {
	pools := map[string]*nodepool.Existing{
		"n2-highmem-16":    {Cloud: nodepool.OnGKE},
		"r6id.4xlarge":     {Cloud: nodepool.OnKarpenter},
		"Standard_E16s_v5": {Cloud: nodepool.OnAKS, Allocatable: corev1.ResourceList{"cpu": resource.MustParse("15740m"), "memory": resource.MustParse("123Gi")}},
		"n2-highmem-32":    {Cloud: nodepool.OnGKE},
	}
	for machine, want := range map[string][4]string{
		"n2-highmem-16":    {"3: 24/21", "3: 28/21", "4: 4/5", "3: 6/4"},
		"r6id.4xlarge":     {"3: 24/20", "3: 28/20", "4: 4/5", "3: 6/3"},
		"Standard_E16s_v5": {"3: 24/25", "3: 28/25", "4: 3/11", "3: 5/9"},
		"n2-highmem-32":    {"7: 12/10", "7: 16/10", "8: 5/8", "6: 6/6"},
	} {
		pool := pools[machine]
		pool.Name, pool.Machine = "spark", machine
		for i, executor := range []millrace.Pod{executorOf("4", 28), executorOf("3800m", 28), executorOf("3800m", 25), executorOf("5", 34)} {
			fit, err := pool.Fit(placedPod(executor, pool.Placement()))
			if err != nil {
				t.Fatal(machine, err)
			}
			f := fit.Pods[0]
			lost := func(name corev1.ResourceName) float64 {
				left, agents, all := f.Unused[name], fit.Agents[name], fit.Allocatable[name]
				left.Add(agents)
				return math.Round(100 * left.AsApproximateFloat64() / all.AsApproximateFloat64())
			}
			if got := fmt.Sprintf("%d: %.0f/%.0f", f.PerNode, lost("cpu"), lost("memory")); got != want[i] {
				t.Errorf("%s, executor %d: %s, want %s\n%s", machine, i, got, want[i], fit)
			}
		}
	}
}

// sized is a pool with nodes of 16 CPUs and 64 GiB for pods and no agents.
func sized() millrace.NodeShape {
	return millrace.NodeShape{Pool: "etl", Max: 10, Agents: corev1.ResourceList{}, Allocatable: corev1.ResourceList{
		"cpu": resource.MustParse("16"), "memory": resource.MustParse("64Gi"), "ephemeral-storage": resource.MustParse("100Gi"), "pods": resource.MustParse("30")}}
}

func TestFitOn(t *testing.T) {
	disk := podOf("", "1", "1Gi", 1, 1)
	disk.Template.Spec.Containers[0].Resources.Requests["ephemeral-storage"] = resource.MustParse("40Gi")
	limits := podOf("", "", "", 1, 1)
	limits.Template.Spec.Containers[0].Resources.Limits = corev1.ResourceList{"cpu": resource.MustParse("5"), "memory": resource.MustParse("1Gi")}
	sidecar := podOf("", "2", "1Gi", 1, 1)
	sidecar.Template.Spec.InitContainers = []corev1.Container{{RestartPolicy: new(corev1.ContainerRestartPolicyAlways),
		Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("2")}}}}
	start := podOf("", "2", "1Gi", 1, 1)
	start.Template.Spec.InitContainers = []corev1.Container{{Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("8")}}}}
	overhead := podOf("", "3", "1Gi", 1, 1)
	overhead.Template.Spec.Overhead = corev1.ResourceList{"cpu": resource.MustParse("5")}
	for name, tc := range map[string]struct {
		pod    millrace.Pod
		node   int
		by     corev1.ResourceName
		better string
	}{
		"CPU":            {podOf("", "3", "8Gi", 1, 0), 5, "cpu", "request 2600m of CPU and 10752Mi of memory: 6 on a node, 3% of the CPU and 2% of the memory unused"},
		"memory":         {podOf("", "1", "30Gi", 1, 1), 2, "memory", ""},
		"disk":           {disk, 2, "ephemeral-storage", ""},
		"pods":           {podOf("", "100m", "100Mi", 1, 1), 30, "pods", ""},
		"nothing":        {podOf("", "", "", 1, 1), 30, "pods", ""},
		"limits only":    {limits, 3, "cpu", ""},
		"a sidecar":      {sidecar, 4, "cpu", ""},
		"init container": {start, 2, "cpu", ""},
		"overhead":       {overhead, 2, "cpu", ""},
		"too large":      {podOf("", "17", "1Gi", 1, 1), 0, "cpu", ""},
		"one more fits":  {podOf("", "4100m", "15Gi", 8, 8), 3, "cpu", "request 4 of CPU: 4 on a node, 0% of the CPU and 6% of the memory unused"},
		"less memory":    {podOf("", "3900m", "17Gi", 8, 8), 3, "memory", "request 16Gi of memory: 4 on a node, 3% of the CPU and 0% of the memory unused"},
		"use the memory": {podOf("", "4", "8Gi", 8, 8), 4, "cpu", "request 16Gi of memory: 4 on a node, 0% of the CPU and 0% of the memory unused"},
		"use the CPU":    {podOf("", "1", "16Gi", 8, 8), 4, "memory", "request 4 of CPU: 4 on a node, 0% of the CPU and 0% of the memory unused"},
		"both":           {podOf("", "4100m", "10Gi", 8, 8), 3, "cpu", "request 4 of CPU and 16Gi of memory: 4 on a node, 0% of the CPU and 0% of the memory unused"},
		"good":           {podOf("", "4", "15Gi", 8, 8), 4, "cpu", ""},
		"too few to ask": {podOf("", "4", "8Gi", 1, 2), 4, "cpu", ""},
	} {
		t.Run(name, func(t *testing.T) {
			fit, err := nodepool.FitOn(sized(), tc.pod)
			if err != nil {
				t.Fatal(err)
			}
			f := fit.Pods[0]
			better := ""
			if f.Better != nil {
				better = f.Better.String()
			}
			if f.PerNode != tc.node || f.BoundBy != tc.by || better != tc.better {
				t.Errorf("%d by %s, better %q; want %d by %s, better %q", f.PerNode, f.BoundBy, better, tc.node, tc.by, tc.better)
			}
		})
	}
}

// TestFitNodes packs pods of several sorts.
func TestFitNodes(t *testing.T) {
	driver, executor := podOf("driver", "2", "8Gi", 1, 1), podOf("executor", "5", "20Gi", 2, 12)
	zonal := sized()
	zonal.Max, zonal.MaxPerZone = 0, 2
	for name, tc := range map[string]struct {
		shape       millrace.NodeShape
		pods        []millrace.Pod
		least, most int
		says        string
	}{
		"the driver beside executors": {sized(), []millrace.Pod{driver, executor}, 1, 5, "1 to 5 nodes of the 10 that the pool may have"},
		"executors alone":             {sized(), []millrace.Pod{executor}, 1, 4, "1 to 4 nodes of the 10"},
		"without a bound":             {sized(), []millrace.Pod{driver, podOf("executor", "5", "20Gi", 6, 0)}, 3, 0, "3 nodes at the least of the 10"},
		"more than there may be":      {sized(), []millrace.Pod{podOf("", "9", "1Gi", 11, 12)}, 11, 12, "11 to 12 nodes, and the pool may have 10 only"},
		"counted in each zone":        {zonal, []millrace.Pod{podOf("", "9", "1Gi", 5, 5)}, 5, 5, "5 nodes; the pool may have 2 in each zone, which takes 3 zones"},
		"too large ones don't count":  {sized(), []millrace.Pod{executor, podOf("", "17", "1Gi", 5, 5)}, 1, 4, "on no node, by its CPU"},
		"a hundred million":           {sized(), []millrace.Pod{podOf("", "8", "1Gi", 1, 100_000_000)}, 1, 50_000_000, "the pool may have 10 only"},
	} {
		t.Run(name, func(t *testing.T) {
			fit, err := nodepool.FitOn(tc.shape, tc.pods...)
			if err != nil {
				t.Fatal(err)
			}
			if fit.NodesMin != tc.least || fit.NodesMax != tc.most || !strings.Contains(fit.String(), tc.says) {
				t.Errorf("%d to %d nodes, want %d to %d and %q in\n%s", fit.NodesMin, fit.NodesMax, tc.least, tc.most, tc.says, fit)
			}
		})
	}
}

func TestFitRefuses(t *testing.T) {
	pool := gkePool()
	fit, err := pool.Fit(placedPod(podOf("executor", "4", "8Gi", 2, 2), pool.Placement()), podOf("api", "1", "1Gi", 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	if !fit.Pods[0].Refusal.Empty() || fit.Pods[1].Refusal.Empty() || fit.NodesMax != 1 || !strings.Contains(fit.String(), "its taint workload=etl:NoSchedule isn't tolerated") {
		t.Errorf("%+v\n%s", fit, fit)
	}
	if fit.Formula == "" || !strings.Contains(fit.String(), fit.Formula) {
		t.Errorf("no formula in\n%s", fit)
	}

	pool.Machine = "x9-huge-16"
	_, err = pool.Fit()
	unknown, ok := errors.AsType[*nodepool.UnknownSizeError](err)
	if !ok || unknown.Machine != "x9-huge-16" || unknown.Pool != "etl" || !strings.Contains(err.Error(), `unknown machine "x9-huge-16"`) {
		t.Errorf("an unknown machine: %v", err)
	}
	pool.Name = ""
	if _, err := pool.Fit(); !isBuildError(err) {
		t.Errorf("a pool without a name: %v", err)
	}
	if _, err := (*nodepool.Pool)(nil).Fit(); !isBuildError(err) {
		t.Errorf("a nil pool: %v", err)
	}
	if _, err := nodepool.FitOn(millrace.NodeShape{Pool: "x"}); err == nil || !strings.Contains(err.Error(), "set Shape") {
		t.Errorf("a shape of no size: %v", err)
	}
}

func isBuildError(err error) bool {
	_, ok := errors.AsType[*millrace.BuildError](err)
	return ok
}

// TestAgentsCount of the room that they leave.
func TestAgentsCount(t *testing.T) {
	perNode := func(agents corev1.ResourceList) int {
		pool := gkePool()
		pool.Agents = agents
		fit, err := pool.Fit(placedPod(podOf("", "5200m", "1Gi", 1, 1), pool.Placement()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(pool.Placement().Nodes[0].Agents, agents); diff != "" {
			t.Error(diff)
		}
		return fit.Pods[0].PerNode
	}
	// 15890m for pods: three of 5200m beside none, two beside the guess of 300m.
	if none, guess := perNode(corev1.ResourceList{}), perNode(nil); none != 3 || guess != 2 {
		t.Errorf("%d without agents, %d with those of a cluster as it comes", none, guess)
	}
}

// FitOn shares no memory with what it looks at.
func TestFitSharesNoMemory(t *testing.T) {
	shape, pod := sized(), podOf("a", "1", "1Gi", 1, 1)
	shape.Agents = corev1.ResourceList{"cpu": resource.MustParse("1")}
	fit, err := nodepool.FitOn(shape, pod)
	if err != nil {
		t.Fatal(err)
	}
	before := fit.String()
	shape.Agents["cpu"], shape.Allocatable["cpu"] = resource.MustParse("9"), resource.MustParse("99")
	pod.Template.Spec.Containers[0].Resources.Requests["cpu"] = resource.MustParse("7")
	if after := fit.String(); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}
