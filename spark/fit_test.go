package spark_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// A better size is nearly as large in CPU and memory both, and names each field
// that has to change.
func TestBetterFit(t *testing.T) {
	for name, tc := range map[string]struct {
		executor spark.Executor
		perNode  int
		fields   string
	}{
		"half the CPU would be too little":     {spark.Executor{Cores: 12, Memory: 20 * millrace.GiB}, 1, "Cores 15"},
		"the request goes before the number":   {spark.Executor{Cores: 12, CoreRequest: "12", Memory: 20 * millrace.GiB}, 1, "Cores 15 with CoreRequest 15"},
		"slightly smaller, and one more of it": {spark.Executor{Cores: 4, Memory: 20 * millrace.GiB}, 4, "CoreRequest 3800m"},
	} {
		e, err := jvmJob(tc.executor).Explain(sizedPool("15890m", "119071Mi", 9))
		if err != nil {
			t.Fatal(err)
		}
		better := e.Nodes[0].Better
		if better == nil || better.PerNode != tc.perNode || better.Fields[0] != tc.fields {
			t.Errorf("%s: %+v", name, better)
		}
	}
}

// What is no scratch volume is none, what runs beside Spark is counted, and
// where nobody says how many cores, nobody does.
func TestExplainOddPods(t *testing.T) {
	j := jvmJob(spark.Executor{Memory: 4 * millrace.GiB, Volumes: []spark.Volume{{Name: "a", Path: "/a", Source: corev1.VolumeSource{
		EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: resource.NewQuantity(50<<30, resource.BinarySI)}}}}})
	j.NoDefaults = true
	j.Base.Executor.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{
		{Name: "spark-kubernetes-executor"},
		{Name: "logs", Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("100m"), "memory": resource.MustParse("1Gi")}}},
	}}}
	e, err := j.Explain()
	if err != nil {
		t.Fatal(err)
	}
	if e.Executor.Scratch != 0 || e.Executor.CPUField != "" {
		t.Errorf("scratch %s, CPU by %q", e.Executor.Scratch, e.Executor.CPUField)
	}
	for _, want := range []string{"with what runs beside Spark it requests 1100m CPU", "Spark's default, no limit"} {
		if !strings.Contains(e.String(), want) {
			t.Errorf("no %q in\n%s", want, e)
		}
	}
}

// The text of what is known in part only.
func TestExplanationText(t *testing.T) {
	list := corev1.ResourceList{"cpu": resource.MustParse("2"), "memory": resource.MustParse("4Gi"), "ephemeral-storage": resource.MustParse("10Gi")}
	size := spark.PodSize{Memory: 4 * millrace.GiB, MemoryLimit: 5 * millrace.GiB, CPU: resource.MustParse("2"), Requests: list}
	fit := spark.NodeFit{Pool: "a", Nodes: 5, Allocatable: list, PerNode: 1, NodesMin: 2, NodesMax: 5}
	unbounded := fit
	unbounded.NodesMax = 0
	e := &spark.Explanation{
		PodResources: spark.PodResources{Driver: size, Executor: size, MinExecutors: 2, Min: list},
		Nodes:        []spark.NodeFit{fit, unbounded},
	}
	text := e.String()
	for _, want := range []string{
		"a driver and 2 or more executors", "the limit is 5Gi", "together: 2 CPU, 4Gi of memory, 10Gi of disk at the least, and without a bound at the most",
		"in all     2 to 5 nodes of the 5 that the pool may have", "in all     2 nodes at the least of the 5 that the pool may have",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
