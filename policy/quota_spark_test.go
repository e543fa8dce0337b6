package policy_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/spark"
)

// TestQuotaAgreesWithResources: a quota that is what a job's PodResources come
// to at the most holds the job, and one that is a little less doesn't.
func TestQuotaAgreesWithResources(t *testing.T) {
	job := &spark.Job{
		Name: "etl", Namespace: "data", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/etl.py",
		Driver: spark.Driver{Cores: 2, Memory: 4 * millrace.GiB},
		Executor: spark.Executor{Cores: 4, CoreRequest: "3800m", Memory: 8 * millrace.GiB, PythonMemory: millrace.GiB, OffHeap: 512 * millrace.MiB,
			DynamicAllocation: spark.DynamicAllocation{Min: 2, Max: 7}},
	}
	r, err := job.PodResources()
	if err != nil {
		t.Fatal(err)
	}
	for name, one := range map[corev1.ResourceName]resource.Quantity{
		corev1.ResourceCPU:    resource.MustParse("1m"),
		corev1.ResourceMemory: resource.MustParse("1"),
	} {
		enough := r.Max[name]
		little := enough.DeepCopy()
		little.Sub(one)
		for _, tc := range []struct {
			hard resource.Quantity
			want bool
		}{{enough, false}, {little, true}} {
			quota := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "budget", Namespace: "data"},
				Spec: corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{"requests." + name: tc.hard}}}
			bundle, err := millrace.Build(job, millrace.Parts{Objects: []millrace.Object{quota}})
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, f := range policy.Production().Check(bundle).Findings {
				found = found || strings.HasPrefix(f.Rule, "quota/") && f.Rule != "quota/unset"
			}
			if found != tc.want {
				t.Errorf("a quota of %s %s is exceeded: %v, want %v", tc.hard.String(), name, found, tc.want)
			}
		}
	}
}
