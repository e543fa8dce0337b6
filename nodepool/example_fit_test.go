package nodepool_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// Four cores don't fit four times on a node of sixteen, as a little of each node
// is never for pods. Pods come from spark.Pods, kafka.Pods or workflow.Pods, or
// are made by hand, as here.
func ExamplePool_Fit() {
	pool := &nodepool.Pool{
		Name: "spark-executors", Machine: "n2-highmem-16", Max: 10, Zones: []string{"europe-west1-b"},
		Provider: nodepool.GKE{Cluster: "data", Location: "europe-west1"},
	}
	executor := millrace.Pod{Role: "executor", Min: 2, Max: 12, Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
		NodeSelector: pool.Placement().NodeSelector, Tolerations: pool.Placement().Tolerations,
		Containers: []corev1.Container{{Name: "spark", Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{
			corev1.ResourceCPU: resource.MustParse("4"), corev1.ResourceMemory: resource.MustParse("28Gi")}}}},
	}}}
	fit, err := pool.Fit(executor)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(fit)
	// Output:
	// pool spark-executors
	//   node      15890m CPU, 116.3Gi of memory, 43.19Gi of disk for pods, an estimate by the formula of GKE, plan node sizes (2026)
	//   agents    take about 300m CPU, 600Mi of memory
	//
	//   executor  requests 4 CPU, 28Gi of memory
	//     fits    3 on a node: 3 by CPU, 4 by memory
	//     unused  23% of the CPU and 27% of the memory of a full node: 3590m CPU, 31.69Gi of memory
	//     better  request 3800m of CPU: 4 on a node, 3% of the CPU and 3% of the memory unused
	//
	//   in all    1 to 4 nodes of the 10 that the pool may have, 10 in each zone
}

// A pool that the platform team has made: jobs are sent there, and held against
// its nodes.
func ExampleExisting() {
	pool := &nodepool.Existing{
		Name: "batch", Cloud: nodepool.OnEKS, Machine: "r6i.4xlarge", Max: 20,
		Labels: map[string]string{"company.com/pool": "batch"},
		Taints: []corev1.Taint{{Key: "company.com/pool", Value: "batch", Effect: corev1.TaintEffectNoSchedule}},
	}
	placement := pool.Placement()
	fmt.Println(placement.NodeSelector)
	fmt.Println(placement.Nodes[0].Allocatable.Cpu(), "by the formula of", placement.Nodes[0].Formula)
	// Output:
	// map[company.com/pool:batch]
	// 15890m by the formula of EKS managed node group, nodeadm (2026)
}

// A node that the cluster has tells of its pool.
func ExampleExistingOf() {
	node := &corev1.Node{}
	node.Labels = map[string]string{"eks.amazonaws.com/nodegroup": "batch", "company.com/pool": "batch", "kubernetes.io/hostname": "ip-10-0-0-1"}
	node.Status.Allocatable = corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("15890m"), corev1.ResourceMemory: resource.MustParse("120Gi")}
	pool := nodepool.ExistingOf(node)
	pool.Max = 20
	fmt.Println(pool.Name, pool.Cloud, pool.Labels)
	// Output: batch EKS map[company.com/pool:batch]
}

// Nodes of a bundle are measured in the same way.
func ExampleFitOn() {
	shape := millrace.NodeShape{Pool: "kafka", Allocatable: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("8"), corev1.ResourceMemory: resource.MustParse("32Gi")}}
	broker := millrace.Pod{Role: "broker", Min: 3, Max: 3}
	broker.Template.Spec.Containers = []corev1.Container{{Name: "kafka", Resources: corev1.ResourceRequirements{
		Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("4"), corev1.ResourceMemory: resource.MustParse("16Gi")}}}}
	fit, err := nodepool.FitOn(shape, broker)
	if err != nil {
		fmt.Println(err)
		return
	}
	b := fit.Pods[0]
	fmt.Println(b.PerNode, "by", b.BoundBy, "and", fit.NodesMax, "nodes:", b.Better)
	// Output:
	// 1 by cpu and 3 nodes: request 3800m of CPU and 15872Mi of memory: 2 on a node, 1% of the CPU and 1% of the memory unused
}
