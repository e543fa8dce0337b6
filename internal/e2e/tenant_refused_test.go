package e2e_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/tenancy"
)

// tenantRefuses: what the API server refuses in a tenant's namespace is what
// package policy reports of tenant and pod together, and nothing else.
func tenantRefuses(t *testing.T, c *e2e.Cluster) {
	throttled := laboratory("throttled")
	throttled.Quota.LimitCores = 3
	throttled.Limits.Request = tenancy.Amount{MilliCPU: 500}
	throttled.Limits.Limit = tenancy.Amount{MilliCPU: 1000, Memory: millrace.GiB}
	throttled.PodSecurity.Enforce = tenancy.Baseline
	open := laboratory("open")
	open.Limits.Max = tenancy.Amount{}
	open.PodSecurity = tenancy.PodSecurity{Enforce: tenancy.Privileged}
	open.Quota.LoadBalancers, open.Quota.NodePorts, open.Quota.Storage = 1, 1, 10*millrace.GiB
	r := newRaw(t, c.Config())
	for _, tenant := range []*tenancy.Tenant{laboratory("strict"), throttled, open} {
		give(t, c, tenant)
		waitForTenant(t, c, tenant.Name)
		seen := map[string]int{}
		for _, o := range slices.Concat(tenantPods(tenant.Name), tenantServices(tenant.Name)) {
			refused := r.dryRun(t.Context(), asUnstructured(t, o))
			said := objections(t, tenant, o)
			if (refused == nil) != (len(said) == 0) {
				t.Errorf("%s: %s: the server says %v, policy %q", tenant.Name, describe(o), refused, said)
			}
			why := reason(refused)
			seen[why]++
			if rule := ruleOf[why]; rule != "" && !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, rule) }) {
				t.Errorf("%s: %s: the server says %v, and policy %q, but not %s", tenant.Name, describe(o), refused, said, rule)
			}
		}
		t.Logf("%s: %v", tenant.Name, seen)
		for _, why := range []string{"", "exceeded quota"} {
			if seen[why] == 0 {
				t.Errorf("%s: nothing is refused for %q", tenant.Name, why)
			}
		}
	}
}

// ruleOf is which rule of policy tells what the API server says.
var ruleOf = map[string]string{"violates PodSecurity": "pod-security/enforced", "exceeded quota": "quota/", "must specify": "quota/unset", "usage per": "quota/limit-range"}

// reason returns what of a refusal is always said.
func reason(err error) string {
	if err == nil {
		return ""
	}
	for why := range ruleOf {
		if strings.Contains(err.Error(), why) {
			return why
		}
	}
	return "invalid"
}

// waitForTenant waits until the API server knows the quota and the level of a
// namespace: it takes them from caches.
func waitForTenant(t *testing.T, c *e2e.Cluster, ns string) {
	t.Helper()
	eventually(t, "the quota counts", func() error {
		quota, err := c.Admin().CoreV1().ResourceQuotas(ns).Get(t.Context(), "tenant", metav1.GetOptions{})
		if err != nil || len(quota.Status.Hard) == len(quota.Spec.Hard) {
			return err
		}
		return fmt.Errorf("its status is %+v", quota.Status)
	})
	eventually(t, "a service of a port too many is refused", func() error {
		balancer := tenantService(ns, corev1.ServiceTypeNodePort, 7)
		_, err := c.Admin().CoreV1().Services(ns).Create(t.Context(), balancer, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
		if apierrors.IsForbidden(err) && strings.Contains(err.Error(), "exceeded quota") {
			return nil
		}
		return fmt.Errorf("the server says %w", err)
	})
}

// tenantPods are pods of every size, those that say nothing of it included, and
// of every sort of rights over their node.
func tenantPods(ns string) []millrace.Object {
	var out []millrace.Object
	sizes := []string{"", "256Mi", "1Gi", "3Gi", "5Gi"}
	for _, request := range sizes {
		for _, limit := range sizes {
			for _, cpu := range []string{"", "1", "3"} {
				out = append(out, tenantPod(ns, amounts(cpu, request), amounts("", limit), nil))
			}
		}
	}
	for _, cpu := range []string{"500m", "2", "4"} {
		out = append(out, tenantPod(ns, amounts("", "256Mi"), amounts(cpu, "1Gi"), nil))
	}
	for _, change := range []func(*corev1.PodSpec){
		func(s *corev1.PodSpec) {
			s.SecurityContext.RunAsNonRoot, s.SecurityContext.RunAsUser = nil, new(int64(0))
		},
		func(s *corev1.PodSpec) { s.SecurityContext = nil },
		func(s *corev1.PodSpec) { s.Containers[0].SecurityContext = nil },
		func(s *corev1.PodSpec) {
			s.Containers[0].SecurityContext.AllowPrivilegeEscalation = nil
			s.Containers[0].SecurityContext.Privileged = new(true)
		},
		func(s *corev1.PodSpec) { s.HostNetwork = true },
		func(s *corev1.PodSpec) {
			s.Volumes = []corev1.Volume{{Name: "disk", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/mnt/disks"}}}}
		},
		func(s *corev1.PodSpec) {
			first := s.Containers[0]
			first.Name, first.Resources = "first", corev1.ResourceRequirements{Requests: amounts("", "900Mi")}
			s.InitContainers = []corev1.Container{first}
		},
	} {
		out = append(out, tenantPod(ns, amounts("", "256Mi"), amounts("", "256Mi"), change))
	}
	return out
}

func amounts(cpu, memory string) corev1.ResourceList {
	out := corev1.ResourceList{}
	for name, amount := range map[corev1.ResourceName]string{corev1.ResourceCPU: cpu, corev1.ResourceMemory: memory} {
		if amount != "" {
			out[name] = resource.MustParse(amount)
		}
	}
	return out
}

// tenantPod keeps to the restricted level, but for what change does.
func tenantPod(ns string, requests, limits corev1.ResourceList, change func(*corev1.PodSpec)) *corev1.Pod {
	pod := &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: ns},
		Spec: corev1.PodSpec{
			SecurityContext: &corev1.PodSecurityContext{RunAsNonRoot: new(true), SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}},
			Containers: []corev1.Container{{Name: "main", Image: e2e.ShellImage, Resources: corev1.ResourceRequirements{Requests: requests, Limits: limits},
				SecurityContext: &corev1.SecurityContext{AllowPrivilegeEscalation: new(false), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}}}},
		},
	}
	if change != nil {
		change(&pod.Spec)
	}
	return pod
}

// tenantServices are what else a quota counts.
func tenantServices(ns string) []millrace.Object {
	out := []millrace.Object{
		tenantService(ns, corev1.ServiceTypeClusterIP, 2), tenantService(ns, corev1.ServiceTypeNodePort, 1),
		tenantService(ns, corev1.ServiceTypeLoadBalancer, 1), tenantService(ns, corev1.ServiceTypeLoadBalancer, 2),
	}
	for _, size := range []string{"1Gi", "100Gi"} {
		out = append(out, &corev1.PersistentVolumeClaim{
			TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolumeClaim"}, ObjectMeta: metav1.ObjectMeta{Name: "claim", Namespace: ns},
			Spec: corev1.PersistentVolumeClaimSpec{AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
				Resources: corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse(size)}}},
		})
	}
	return out
}

func tenantService(ns string, kind corev1.ServiceType, ports int32) *corev1.Service {
	s := &corev1.Service{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Service"}, ObjectMeta: metav1.ObjectMeta{Name: "ui", Namespace: ns},
		Spec: corev1.ServiceSpec{Type: kind, Selector: map[string]string{"app": "ui"}}}
	for i := range ports {
		s.Spec.Ports = append(s.Spec.Ports, corev1.ServicePort{Name: fmt.Sprintf("p%d", i), Port: 80 + i})
	}
	return s
}

func asUnstructured(t *testing.T, o millrace.Object) *unstructured.Unstructured {
	t.Helper()
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err != nil {
		t.Fatal(err)
	}
	delete(content, "status")
	return &unstructured.Unstructured{Object: content}
}

// objections are what policy says will be refused of an object beside the
// tenant, whose own findings there are none of.
func objections(t *testing.T, tenant *tenancy.Tenant, o millrace.Object) []string {
	t.Helper()
	bundle, err := millrace.Build(tenant.Platform, tenant, millrace.Parts{Objects: []millrace.Object{o}})
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, f := range policy.Production().Check(bundle).Findings {
		if f.Severity == millrace.Error && !strings.HasPrefix(f.Rule, "reference/") {
			out = append(out, f.String())
		}
	}
	return out
}

func describe(o millrace.Object) string {
	switch o := o.(type) {
	case *corev1.Pod:
		if spec, err := json.Marshal(o.Spec); err == nil {
			return "a pod with " + string(spec)
		}
	case *corev1.Service:
		return fmt.Sprintf("a %s with %d ports", o.Spec.Type, len(o.Spec.Ports))
	}
	return o.GetName()
}
