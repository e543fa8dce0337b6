package policy_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/spark"
)

func diskFindings(t *testing.T, b ...millrace.Builder) []string {
	t.Helper()
	bundle, err := millrace.Build(b...)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range policy.Production().Only("placement/ephemeral-storage", "spark/scratch-size").Check(bundle).Findings {
		out = append(out, fmt.Sprintf("%s %s: %s", f.Rule, f.Field, f.Detail))
	}
	return out
}

// TestPlacementDisk: four pods of 4 CPUs fit on a node, which has 100Gi of disk.
func TestPlacementDisk(t *testing.T) {
	found := func(times, scratch, requests string) []string {
		return []string{fmt.Sprintf("placement/ephemeral-storage spec.template.spec.containers[0].resources.requests[ephemeral-storage]: "+
			"%s the pod fits on a node of spark-pool, which has 100Gi of disk, and may write %s each time to its emptyDirs, of which it requests %s", times, scratch, requests)}
	}
	limit := func(size string) func(*appsv1.Deployment) {
		return func(d *appsv1.Deployment) {
			d.Spec.Template.Spec.Containers[0].Resources.Limits = corev1.ResourceList{"ephemeral-storage": resource.MustParse(size)}
		}
	}
	medium := func(m corev1.StorageMedium) func(*appsv1.Deployment) {
		return func(d *appsv1.Deployment) { d.Spec.Template.Spec.Volumes[0].EmptyDir.Medium = m }
	}
	same := func(*appsv1.Deployment) {}
	unknown := roomy(10)
	delete(unknown.Allocatable, "ephemeral-storage")
	for name, tc := range map[string]struct {
		pool     millrace.NodeShape
		replicas int32
		dirs     []string
		requests string
		edit     func(*appsv1.Deployment)
		want     []string
	}{
		"as much as there is":    {roomy(10), 8, []string{"25Gi"}, "0", same, nil},
		"more than there is":     {roomy(10), 8, []string{"26Gi"}, "0", same, found("4 times", "26Gi", "0Gi")},
		"of two directories":     {roomy(10), 8, []string{"20Gi", "20Gi"}, "1Gi", same, found("4 times", "40Gi", "1Gi")},
		"all of it is requested": {roomy(10), 8, []string{"40Gi"}, "40Gi", same, nil},
		"few pods":               {roomy(10), 3, []string{"30Gi"}, "0", same, nil},
		"one pod":                {roomy(10), 1, []string{"101Gi"}, "0", same, found("once", "101Gi", "0Gi")},
		"requests bound them":    {roomy(10), 8, []string{"45Gi"}, "40Gi", same, nil},
		"without a bound":        {roomy(10), 8, []string{""}, "0", same, nil},
		"in memory":              {roomy(10), 8, []string{"40Gi"}, "0", medium(corev1.StorageMediumMemory), nil},
		"an unknown disk":        {unknown, 8, []string{"40Gi"}, "0", same, nil},
		"limited":                {roomy(10), 8, []string{"40Gi"}, "1Gi", limit("25Gi"), nil},
		"limited to too much":    {roomy(10), 8, []string{"40Gi"}, "1Gi", limit("30Gi"), found("4 times", "30Gi", "1Gi")},
	} {
		t.Run(name, func(t *testing.T) {
			d := requesting(placed(onSpark()), tc.replicas, "cpu", "4", "memory", "8Gi", "ephemeral-storage", tc.requests)
			for i, size := range tc.dirs {
				dir := &corev1.EmptyDirVolumeSource{}
				if size != "" {
					dir.SizeLimit = new(resource.MustParse(size))
				}
				d.Spec.Template.Spec.Volumes = append(d.Spec.Template.Spec.Volumes, corev1.Volume{Name: fmt.Sprintf("scratch-%d", i), VolumeSource: corev1.VolumeSource{EmptyDir: dir}})
			}
			tc.edit(d)
			if diff := cmp.Diff(tc.want, diskFindings(t, millrace.Parts{Objects: []millrace.Object{d}, Nodes: []millrace.NodeShape{tc.pool}})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSparkScratch: spark.Job requests what its scratch directory may hold, so
// that the scheduler counts it; written by hand, nothing does.
func TestSparkScratch(t *testing.T) {
	pool := &nodepool.Existing{Name: "executors", Cloud: nodepool.OnGKE, Machine: "n2-highmem-16", Max: 20, Labels: map[string]string{"workload": "spark"}}
	job := &spark.Job{
		Name: "etl", Namespace: "data", Image: "company/etl:1", Version: "3.5.1", Main: "local:///etl.jar", Class: "com.company.ETL",
		Executor: spark.Executor{Cores: 3, Memory: 8 * millrace.GiB, Instances: 6, Placement: pool.Placement(), Scratch: spark.EmptyDir{Size: 20 * millrace.GiB}},
		Driver:   spark.Driver{ServiceAccount: "spark"},
	}
	if got := diskFindings(t, job); len(got) > 0 {
		t.Errorf("it requests it: %q", got)
	}
	app, err := job.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	delete(app.Spec.Executor.Template.Spec.Containers[0].Resources.Requests, corev1.ResourceEphemeralStorage)
	parts, err := job.Build()
	if err != nil {
		t.Fatal(err)
	}
	got := diskFindings(t, millrace.Parts{Objects: []millrace.Object{app}, PlacedOn: parts.PlacedOn})
	if len(got) != 1 {
		t.Fatalf("by hand: %q", got)
	}
	const want = `placement/ephemeral-storage spec.executor.template.spec.containers[0].resources.requests[ephemeral-storage]: 5 times the pod "executor" fits on a node of executors, which has 43.19Gi of disk, and may write 20Gi each time to its emptyDirs, of which it requests 0Gi`
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
