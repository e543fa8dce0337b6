package tenancy_test

import (
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
)

// details returns what one rule says of a team's namespace with these objects.
func details(t *testing.T, rule string, objects ...millrace.Object) string {
	t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: meta("", "sales")}
	var out []string
	for _, f := range said(t, sparkPods("sales", ""), append(objects, namespace)...) {
		if f.Rule == rule {
			out = append(out, f.Detail)
		}
	}
	return strings.Join(out, "; ")
}

func TestNamespaceDetails(t *testing.T) {
	policy := func(name string, types ...networkingv1.PolicyType) millrace.Object {
		return &networkingv1.NetworkPolicy{ObjectMeta: meta("sales", name), Spec: networkingv1.NetworkPolicySpec{PolicyTypes: types}}
	}
	quota := &corev1.ResourceQuota{ObjectMeta: meta("sales", "q"), Spec: corev1.ResourceQuotaSpec{Hard: list("requests.cpu", "1", "requests.memory", "1Gi", "limits.cpu", "2")}}
	cilium := func(kind, namespace string) millrace.Object {
		return &unstructured.Unstructured{Object: map[string]any{"apiVersion": "cilium.io/v2", "kind": kind, "metadata": map[string]any{"name": "deny", "namespace": namespace}}}
	}
	for name, tc := range map[string]struct {
		rule    string
		objects []millrace.Object
		want    string
	}{
		"nothing closed":   {"tenancy/network", nil, "no policy for all of its pods denies what comes in or what goes out"},
		"closed in":        {"tenancy/network", []millrace.Object{policy("a", "Ingress")}, "no policy for all of its pods denies what goes out"},
		"closed out":       {"tenancy/network", []millrace.Object{policy("a", "Egress")}, "no policy for all of its pods denies what comes in"},
		"closed by two":    {"tenancy/network", []millrace.Object{policy("a", "Ingress"), policy("b", "Egress")}, ""},
		"closed by three":  {"tenancy/network", []millrace.Object{policy("a", "Egress"), policy("b", "Ingress"), policy("c", "Egress")}, ""},
		"of Cilium":        {"tenancy/network", []millrace.Object{cilium("CiliumNetworkPolicy", "sales")}, ""},
		"Cilium's for all": {"tenancy/network", []millrace.Object{cilium("CiliumClusterwideNetworkPolicy", "")}, ""},
		"Cilium's elsewhere": {"tenancy/network", []millrace.Object{cilium("CiliumNetworkPolicy", "other")},
			"no policy for all of its pods denies what comes in or what goes out"},
		"nothing filled in": {"tenancy/limit-range", []millrace.Object{quota}, "its quota asks every container for requests.cpu, limits.cpu, requests.memory, and no LimitRange fills that in"},
		"no quota":          {"tenancy/quota", nil, "no ResourceQuota bounds its cpu and its memory"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := details(t, tc.rule, tc.objects...); got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

func TestWhoseAccount(t *testing.T) {
	here := rbacv1.Subject{Kind: "ServiceAccount", Name: "default"}
	driver := sparkPods("sales", "etl")
	driver[0].Template.Labels["spark-role"] = "driver"
	for name, tc := range map[string]struct {
		pods    []millrace.Pod
		objects []millrace.Object
		want    []string
	}{
		"of the binding's namespace": {sparkPods("sales", "x"), []millrace.Object{bind("sales", "Role", "r", here)}, []string{"tenancy/default-account"}},
		"of the system's":            {sparkPods("sales", "x"), []millrace.Object{bind("kube-system", "Role", "r", here, rbacv1.Subject{Kind: "Group", Name: "system:authenticated"})}, nil},
		"of executors that name none": {sparkPods("sales", ""), []millrace.Object{application("sales"), bind("sales", "Role", "r", here)},
			[]string{"tenancy/default-account", "tenancy/executor-account"}},
		"of another namespace": {sparkPods("sales", ""), []millrace.Object{application("sales"), bind("other", "Role", "r", here)}, []string{"tenancy/default-account"}},
		"of the driver":        {driver, []millrace.Object{application("sales"), bind("sales", "Role", "r", account("sales", "etl"))}, nil},
		"once for two bindings": {sparkPods("sales", "etl"), []millrace.Object{application("sales"), bind("sales", "Role", "r", account("sales", "etl")), bind("", "ClusterRole", "r", account("sales", "etl"))},
			[]string{"tenancy/executor-account"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range said(t, tc.pods, tc.objects...) {
				got = append(got, f.Rule)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("%v, want %v", got, tc.want)
			}
		})
	}
}
