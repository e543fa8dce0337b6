package tenancy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/tenancy"
)

func list(pairs ...string) corev1.ResourceList {
	out := corev1.ResourceList{}
	for i := 0; i < len(pairs); i += 2 {
		out[corev1.ResourceName(pairs[i])] = resource.MustParse(pairs[i+1])
	}
	return out
}

// jobPods are a driver and executors with a sidecar, an init container and
// claims.
func jobPods() []millrace.Pod {
	pod := func(role string, n int, containers ...corev1.Container) millrace.Pod {
		return millrace.Pod{Owner: millrace.Ref{Kind: "SparkApplication", Name: "etl"}, Role: role, Min: n, Max: n,
			Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: containers}}}
	}
	driver := pod("driver", 1, corev1.Container{Name: "driver", Resources: corev1.ResourceRequirements{Requests: list("cpu", "1500m", "memory", "4Gi"), Limits: list("memory", "4Gi")}})
	executor := pod("executor", 4,
		corev1.Container{Name: "executor", Resources: corev1.ResourceRequirements{Requests: list("cpu", "3800m", "memory", "9Gi"), Limits: list("memory", "10Gi", "nvidia.com/gpu", "1")}},
		corev1.Container{Name: "sidecar"})
	executor.Template.Spec.InitContainers = []corev1.Container{{Name: "big", Resources: corev1.ResourceRequirements{Requests: list("cpu", "5", "memory", "1Gi"), Limits: list("memory", "1Gi")}}}
	claim := func(size string) corev1.PersistentVolumeClaimSpec {
		return corev1.PersistentVolumeClaimSpec{Resources: corev1.VolumeResourceRequirements{Requests: list("storage", size)}}
	}
	executor.Claims = []corev1.PersistentVolumeClaim{{Spec: claim("100Gi")}}
	executor.Template.Spec.Volumes = []corev1.Volume{{Name: "more", VolumeSource: corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{VolumeClaimTemplate: &corev1.PersistentVolumeClaimTemplate{Spec: claim("1Gi")}}}}}
	return []millrace.Pod{driver, executor}
}

func TestQuotaFor(t *testing.T) {
	got, err := tenancy.QuotaFor(jobPods()...)
	if err != nil {
		t.Fatal(err)
	}
	// 1.5 and four times the larger one of 3.9 and the init container's 5.
	want := tenancy.Quota{Cores: 22, Memory: 42 * millrace.GiB, LimitMemory: 46 * millrace.GiB, Storage: 404 * millrace.GiB, Claims: 8,
		Other: list("requests.nvidia.com/gpu", "4")}
	want.Memory = 4*millrace.GiB + 4*(9*millrace.GiB+512*millrace.MiB)
	want.LimitMemory = 4*millrace.GiB + 4*(10*millrace.GiB+512*millrace.MiB)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("quota (-want +got):\n%s", diff)
	}
	more := got.Plus(10)
	if more.Cores != 25 || more.Claims != 9 || more.Memory != 47309*millrace.MiB {
		t.Errorf("with headroom it is %+v", more)
	}
	if gpus := more.Other["requests.nvidia.com/gpu"]; gpus.Value() != 5 {
		t.Errorf("with headroom there are %s GPUs", &gpus)
	}
	if q := got.Other["requests.nvidia.com/gpu"]; q.Value() != 4 {
		t.Error("Plus changed its receiver")
	}
	if got := got.Plus(0); got.Cores != 22 {
		t.Errorf("without headroom it is %+v", got)
	}
	_, err = tenancy.QuotaFor(worker(1, 0))
	if err == nil || !strings.Contains(err.Error(), "Deployment sales/work") {
		t.Errorf("pods without a bound: %v", err)
	}
}

// A claim that all pods of an owner share counts once.
func TestQuotaForSharedClaims(t *testing.T) {
	pods := []millrace.Pod{worker(1, 3), worker(1, 1)}
	for i := range pods {
		pods[i].Shared = []corev1.PersistentVolumeClaim{{Spec: corev1.PersistentVolumeClaimSpec{Resources: corev1.VolumeResourceRequirements{Requests: list("storage", "10Gi")}}}}
	}
	got, err := tenancy.QuotaFor(pods...)
	if err != nil || got.Storage != 10*millrace.GiB || got.Claims != 1 || got.Cores != 4 {
		t.Errorf("quota %+v, %v", got, err)
	}
}

// TestQuotaOfPods computes a quota, and holds the one that is set to the pods.
func TestQuotaOfPods(t *testing.T) {
	hard := func(change func(*tenancy.Tenant)) map[string]string {
		tenant := &tenancy.Tenant{Name: "sales", Pods: jobPods()}
		change(tenant)
		out := map[string]string{}
		for name, q := range find[*corev1.ResourceQuota](t, objects(t, tenant), "tenant").Spec.Hard {
			out[string(name)] = q.String()
		}
		return out
	}
	want := map[string]string{
		"requests.cpu": "27", "requests.memory": "51610Mi", "limits.memory": "56525Mi", "requests.storage": "496436Mi", "persistentvolumeclaims": "10",
		"requests.nvidia.com/gpu": "5", "services.loadbalancers": "0", "services.nodeports": "0",
	}
	got := hard(func(*tenancy.Tenant) {})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("quota (-want +got):\n%s", diff)
	}
	if got := hard(func(c *tenancy.Tenant) { c.Headroom = new(0) }); got["requests.cpu"] != "22" {
		t.Errorf("without headroom: %v", got)
	}
	if got := hard(func(c *tenancy.Tenant) { c.Limits.Request.MilliCPU = 2000 }); got["requests.cpu"] != "30" {
		t.Errorf("with larger defaults: %v", got)
	}
	// What is set beside Cores and Memory stays.
	if got := hard(func(c *tenancy.Tenant) { c.Quota.Pods, c.Quota.Storage = 9, millrace.TiB }); got["pods"] != "9" || got["requests.storage"] != "1Ti" {
		t.Errorf("with more of the quota: %v", got)
	}
}

func TestQuotaTooSmallForPods(t *testing.T) {
	tenant := &tenancy.Tenant{Name: "sales", Pods: jobPods(), Quota: tenancy.Quota{Cores: 20, Memory: 40 * millrace.GiB, Storage: 10 * millrace.GiB, Claims: 1, Pods: 2, Other: list("requests.nvidia.com/gpu", "1")}}
	want := []string{
		conflict + " Quota.Claims", conflict + " Quota.Pods", conflict + " Quota.Cores",
		conflict + " Quota.Memory", conflict + " Quota.Other[requests.nvidia.com/gpu]", conflict + " Quota.Storage",
	}
	if diff := cmp.Diff(want, mistakes(t, tenant)); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
	// A Memory that suffices for the requests, and not for the limits.
	pod := worker(1, 1)
	pod.Template.Spec.Containers[0].Resources.Limits = list("memory", "60Gi")
	tenant = &tenancy.Tenant{Name: "sales", Pods: []millrace.Pod{pod}, Quota: tenancy.Quota{Cores: 20, Memory: 40 * millrace.GiB}}
	if diff := cmp.Diff([]string{conflict + " Quota.LimitMemory"}, mistakes(t, tenant)); diff != "" {
		t.Errorf("limits alone (-want +got):\n%s", diff)
	}
}

// A container whose request is above the limit that the LimitRange gives it is
// refused by the API server.
func TestPodsAboveDefaultLimit(t *testing.T) {
	pod := worker(1, 1)
	pod.Template.Spec.Containers[0].Resources.Limits = nil
	tenant := minimal()
	tenant.Pods = []millrace.Pod{pod}
	if diff := cmp.Diff([]string{conflict + " Pods[0]"}, mistakes(t, tenant)); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
	if len(pod.Template.Spec.Containers[0].Resources.Limits) > 0 {
		t.Error("the pod changed")
	}
	pod = worker(1, 1)
	pod.Template.Spec.InitContainers = []corev1.Container{{Name: "fetch", Resources: corev1.ResourceRequirements{Requests: list("memory", "1Gi")}}}
	tenant.Pods = []millrace.Pod{pod}
	if diff := cmp.Diff([]string{conflict + " Pods[0]"}, mistakes(t, tenant)); diff != "" {
		t.Errorf("mistakes of an init container (-want +got):\n%s", diff)
	}
}

// What pods need is added to a copy of the quota.
func TestOtherStays(t *testing.T) {
	tenant := &tenancy.Tenant{Name: "sales", Pods: jobPods(), Quota: tenancy.Quota{Other: list("count/jobs.batch", "1")}}
	hard := find[*corev1.ResourceQuota](t, objects(t, tenant), "tenant").Spec.Hard
	if _, ok := hard["requests.nvidia.com/gpu"]; !ok || len(tenant.Quota.Other) != 1 {
		t.Errorf("%v of %v", hard, tenant.Quota.Other)
	}
}

func TestUnlimited(t *testing.T) {
	tenant := &tenancy.Tenant{Name: "sales", Quota: tenancy.Quota{Unlimited: true}}
	for _, o := range objects(t, tenant) {
		if _, ok := o.(*corev1.ResourceQuota); ok {
			t.Error("there is a quota")
		}
	}
	find[*corev1.LimitRange](t, objects(t, tenant), "tenant")
}

// Where Max says what Limit doesn't, the manifest says what the API server
// would make of it.
func TestMaxIsDefaultLimit(t *testing.T) {
	tenant := minimal()
	tenant.Limits.Max = tenancy.Amount{MilliCPU: 4000, Memory: 64 * millrace.GiB}
	item := find[*corev1.LimitRange](t, objects(t, tenant), "tenant").Spec.Limits[0]
	if diff := cmp.Diff(list("cpu", "4", "memory", "512Mi"), item.Default); diff != "" {
		t.Errorf("default (-want +got):\n%s", diff)
	}
}
