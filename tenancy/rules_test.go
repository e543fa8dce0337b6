package tenancy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/tenancy"
)

// broken returns "id Kind field" of every rule that objects break, with these
// pods in the bundle.
func broken(t *testing.T, pods []millrace.Pod, objects ...millrace.Object) []string {
	t.Helper()
	var out []string
	for _, f := range said(t, pods, objects...) {
		if f.Detail == "" {
			t.Errorf("%s says nothing", f.Rule)
		}
		out = append(out, f.Rule+" "+f.Object.Kind+" "+f.Field)
	}
	slices.Sort(out)
	return out
}

// said returns what the rules say of objects, sorted by the rules' ids.
func said(t *testing.T, pods []millrace.Pod, objects ...millrace.Object) []millrace.Finding {
	t.Helper()
	b, err := millrace.Build(millrace.Parts{Objects: objects})
	if err != nil {
		t.Fatal(err)
	}
	var out []millrace.Finding
	shared := map[any]any{}
	for _, o := range b.Objects() {
		var own []millrace.Pod
		for _, p := range pods {
			if p.Owner == millrace.RefOf(o) {
				own = append(own, p)
			}
		}
		for _, rule := range tenancy.Rules() {
			rule.Check(&millrace.Pass{Object: o, Bundle: b, Pods: own, BundlePods: pods, Shared: shared, Report: func(field, detail string) {
				out = append(out, millrace.Finding{Rule: rule.ID, Object: millrace.RefOf(o), Field: field, Detail: detail})
			}})
		}
	}
	slices.SortFunc(out, func(a, b millrace.Finding) int { return strings.Compare(a.Rule, b.Rule) })
	return out
}

// sparkPods are the pods of a SparkApplication in a namespace.
func sparkPods(namespace, account string) []millrace.Pod {
	pod := millrace.Pod{Owner: millrace.Ref{Kind: "SparkApplication", Namespace: namespace, Name: "etl"}, Namespace: namespace, Role: "executor", Path: "spec.executor"}
	pod.Template.Labels = map[string]string{"spark-role": "executor"}
	pod.Template.Spec.ServiceAccountName = account
	return []millrace.Pod{pod}
}

func application(namespace string) millrace.Object {
	return &unstructured.Unstructured{Object: map[string]any{"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication", "metadata": map[string]any{"name": "etl", "namespace": namespace}}}
}

func meta(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name}
}

func bind(namespace, kind, role string, subjects ...rbacv1.Subject) millrace.Object {
	ref := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: kind, Name: role}
	if namespace == "" {
		return &rbacv1.ClusterRoleBinding{ObjectMeta: meta("", "b"), RoleRef: ref, Subjects: subjects}
	}
	return &rbacv1.RoleBinding{ObjectMeta: meta(namespace, "b"), RoleRef: ref, Subjects: subjects}
}

func account(namespace, name string) rbacv1.Subject {
	return rbacv1.Subject{Kind: "ServiceAccount", Namespace: namespace, Name: name}
}

// TestNamespaceRules takes away, one by one, what makes a namespace a tenant's.
func TestNamespaceRules(t *testing.T) {
	good := func(change func(*corev1.Namespace, *corev1.ResourceQuota, *corev1.LimitRange, *networkingv1.NetworkPolicy)) []millrace.Object {
		made := objects(t, minimal())
		ns, quota := find[*corev1.Namespace](t, made, "sales"), find[*corev1.ResourceQuota](t, made, "tenant")
		limits, deny := find[*corev1.LimitRange](t, made, "tenant"), find[*networkingv1.NetworkPolicy](t, made, "default-deny")
		change(ns, quota, limits, deny)
		return []millrace.Object{ns, quota, limits, deny}
	}
	type (
		namespace = corev1.Namespace
		quota     = corev1.ResourceQuota
		limits    = corev1.LimitRange
		deny      = networkingv1.NetworkPolicy
	)
	const level = "metadata.labels[pod-security.kubernetes.io/enforce]"
	for name, tc := range map[string]struct {
		change func(*namespace, *quota, *limits, *deny)
		want   []string
	}{
		"as it comes": {func(*namespace, *quota, *limits, *deny) {}, nil},
		"no level":    {func(n *namespace, _ *quota, _ *limits, _ *deny) { n.Labels = nil }, []string{"tenancy/pod-security Namespace " + level}},
		"privileged": {func(n *namespace, _ *quota, _ *limits, _ *deny) {
			n.Labels["pod-security.kubernetes.io/enforce"] = "privileged"
		}, []string{"tenancy/pod-security Namespace " + level}},
		"baseline": {func(n *namespace, _ *quota, _ *limits, _ *deny) {
			n.Labels["pod-security.kubernetes.io/enforce"] = "baseline"
		}, nil},
		"quota elsewhere":    {func(_ *namespace, q *quota, _ *limits, _ *deny) { q.Namespace = "other" }, []string{"tenancy/quota Namespace metadata.name"}},
		"quota of CPU alone": {func(_ *namespace, q *quota, _ *limits, _ *deny) { q.Spec.Hard = list("cpu", "10") }, []string{"tenancy/quota Namespace metadata.name"}},
		"quota of some pods": {func(_ *namespace, q *quota, _ *limits, _ *deny) {
			q.Spec.Scopes = []corev1.ResourceQuotaScope{"Terminating"}
		}, []string{"tenancy/quota Namespace metadata.name"}},
		"quota of limits": {func(_ *namespace, q *quota, _ *limits, _ *deny) {
			q.Spec.Hard = list("limits.cpu", "1", "memory", "1Gi")
		}, []string{"tenancy/limit-range Namespace metadata.name"}},
		"no limit range":   {func(_ *namespace, _ *quota, l *limits, _ *deny) { l.Namespace = "other" }, []string{"tenancy/limit-range Namespace metadata.name"}},
		"limits of claims": {func(_ *namespace, _ *quota, l *limits, _ *deny) { l.Spec.Limits[0].Type = "PersistentVolumeClaim" }, []string{"tenancy/limit-range Namespace metadata.name"}},
		"limits by max": {func(_ *namespace, _ *quota, l *limits, _ *deny) {
			l.Spec.Limits[0] = corev1.LimitRangeItem{Type: "Container", Max: list("cpu", "1", "memory", "1Gi")}
		}, nil},
		"policy elsewhere": {func(_ *namespace, _ *quota, _ *limits, d *deny) { d.Namespace = "other" }, []string{"tenancy/network Namespace metadata.name"}},
		"policy of some pods": {func(_ *namespace, _ *quota, _ *limits, d *deny) {
			d.Spec.PodSelector.MatchLabels = map[string]string{"a": "b"}
		}, []string{"tenancy/network Namespace metadata.name"}},
		"policy of one way": {func(_ *namespace, _ *quota, _ *limits, d *deny) {
			d.Spec.PolicyTypes = []networkingv1.PolicyType{"Ingress"}
		}, []string{"tenancy/network Namespace metadata.name"}},
		"policy without types": {func(_ *namespace, _ *quota, _ *limits, d *deny) { d.Spec.PolicyTypes = nil }, []string{"tenancy/network Namespace metadata.name"}},
		"types by its rules": {func(_ *namespace, _ *quota, _ *limits, d *deny) {
			d.Spec.PolicyTypes, d.Spec.Egress = nil, []networkingv1.NetworkPolicyEgressRule{{}}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, broken(t, nil, good(tc.change)...)); diff != "" {
				t.Errorf("broken (-want +got):\n%s", diff)
			}
		})
	}
}

// Only namespaces of teams are looked at.
func TestWhoseNamespace(t *testing.T) {
	all := []string{"tenancy/network Namespace metadata.name", "tenancy/pod-security Namespace metadata.labels[pod-security.kubernetes.io/enforce]", "tenancy/quota Namespace metadata.name"}
	service := millrace.Pod{Owner: millrace.Ref{Kind: "Deployment", Namespace: "sales", Name: "api"}, Namespace: "sales"}
	for name, tc := range map[string]struct {
		namespace string
		pods      []millrace.Pod
		want      []string
	}{
		"with jobs":              {"sales", sparkPods("sales", ""), all},
		"with nothing":           {"sales", nil, all},
		"with jobs elsewhere":    {"sales", sparkPods("other", ""), all},
		"with services":          {"sales", []millrace.Pod{service}, nil},
		"with jobs and services": {"sales", append(sparkPods("sales", ""), service), all},
		"of the cluster":         {"kube-system", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, broken(t, tc.pods, &corev1.Namespace{ObjectMeta: meta("", tc.namespace)})); diff != "" {
				t.Errorf("broken (-want +got):\n%s", diff)
			}
		})
	}
	cilium := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": map[string]any{"name": "a", "namespace": "sales"}}}
	if diff := cmp.Diff(all[1:], broken(t, nil, &corev1.Namespace{ObjectMeta: meta("", "sales")}, cilium)); diff != "" {
		t.Errorf("with policies of Cilium (-want +got):\n%s", diff)
	}
}

func TestRightsRules(t *testing.T) {
	role := func(namespace string, rules ...rbacv1.PolicyRule) millrace.Object {
		if namespace == "" {
			return &rbacv1.ClusterRole{ObjectMeta: meta("", "r"), Rules: rules}
		}
		return &rbacv1.Role{ObjectMeta: meta(namespace, "r"), Rules: rules}
	}
	can := func(group, resource string, verbs ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: []string{resource}, Verbs: verbs}
	}
	one := can("", "secrets", "get")
	one.ResourceNames = []string{"password"}
	wide := []string{"tenancy/rights Role rules[0]"}
	jobs := sparkPods("sales", "etl")
	for name, tc := range map[string]struct {
		objects []millrace.Object
		want    []string
	}{
		"what is needed":              {[]millrace.Object{role("sales", can("", "pods", "create", "deletecollection"), one, can("", "resourcequotas", "get", "list"))}, nil},
		"every verb":                  {[]millrace.Object{role("sales", can("", "pods", "*"))}, wide},
		"every resource":              {[]millrace.Object{role("sales", can("", "*", "get"))}, wide},
		"every group":                 {[]millrace.Object{role("sales", can("*", "pods", "get"))}, wide},
		"all secrets":                 {[]millrace.Object{role("sales", can("", "secrets", "list"))}, wide},
		"secrets to write":            {[]millrace.Object{role("sales", can("", "secrets", "create"))}, nil},
		"bind":                        {[]millrace.Object{role("sales", can("rbac.authorization.k8s.io", "roles", "bind"))}, wide},
		"bindings":                    {[]millrace.Object{role("sales", can("rbac.authorization.k8s.io", "rolebindings", "create"))}, wide},
		"impersonate":                 {[]millrace.Object{role("sales", can("", "users", "impersonate"))}, wide},
		"tokens":                      {[]millrace.Object{role("sales", can("", "serviceaccounts/token", "create"))}, wide},
		"its own quota":               {[]millrace.Object{role("sales", can("", "resourcequotas", "patch"))}, wide},
		"its own network":             {[]millrace.Object{role("sales", can("networking.k8s.io", "networkpolicies", "delete"))}, wide},
		"of the cluster":              {[]millrace.Object{role("kube-system", can("*", "*", "*"))}, nil},
		"cluster role unbound":        {[]millrace.Object{role("", can("*", "*", "*"))}, nil},
		"cluster role of jobs":        {[]millrace.Object{role("", can("", "secrets", "list")), bind("sales", "ClusterRole", "r", account("sales", "etl"))}, []string{"tenancy/rights ClusterRole rules[0]"}},
		"cluster role of an operator": {[]millrace.Object{role("", can("", "secrets", "list")), bind("", "ClusterRole", "r", account("operator", "operator"))}, nil},

		"cluster-admin":             {[]millrace.Object{bind("", "ClusterRole", "cluster-admin", account("sales", "etl"))}, []string{"tenancy/admin ClusterRoleBinding subjects[0]"}},
		"cluster-admin of people":   {[]millrace.Object{bind("", "ClusterRole", "cluster-admin", rbacv1.Subject{Kind: "Group", Name: "admins"})}, nil},
		"cluster-admin of operator": {[]millrace.Object{bind("", "ClusterRole", "cluster-admin", account("operator", "operator"))}, nil},
		"admin of the namespace":    {[]millrace.Object{bind("sales", "ClusterRole", "admin", account("sales", "etl"))}, []string{"tenancy/admin RoleBinding subjects[0]"}},
		"view of the namespace":     {[]millrace.Object{bind("sales", "ClusterRole", "view", account("sales", "etl"))}, nil},

		"default":              {[]millrace.Object{bind("sales", "Role", "r", account("sales", "default"))}, []string{"tenancy/default-account RoleBinding subjects[0]"}},
		"default of elsewhere": {[]millrace.Object{bind("", "ClusterRole", "x", account("kube-system", "default"))}, nil},
		"default everywhere":   {[]millrace.Object{bind("", "ClusterRole", "x", account("sales", "default"))}, []string{"tenancy/default-account ClusterRoleBinding subjects[0]"}},
		"all accounts":         {[]millrace.Object{bind("sales", "Role", "r", rbacv1.Subject{Kind: "Group", Name: "system:serviceaccounts:sales"})}, []string{"tenancy/default-account RoleBinding subjects[0]"}},
		"everybody":            {[]millrace.Object{bind("sales", "Role", "r", rbacv1.Subject{Kind: "Group", Name: "system:authenticated"})}, []string{"tenancy/default-account RoleBinding subjects[0]"}},
		"a group":              {[]millrace.Object{bind("sales", "Role", "r", rbacv1.Subject{Kind: "Group", Name: "sales"})}, nil},

		"executor with rights":           {[]millrace.Object{application("sales"), bind("sales", "Role", "r", account("sales", "etl"))}, []string{"tenancy/executor-account SparkApplication spec.executor.spec.serviceAccountName"}},
		"executor with all rights":       {[]millrace.Object{application("sales"), bind("", "ClusterRole", "r", account("sales", "etl"))}, []string{"tenancy/executor-account SparkApplication spec.executor.spec.serviceAccountName"}},
		"executor with rights elsewhere": {[]millrace.Object{application("sales"), bind("other", "Role", "r", account("sales", "etl"))}, []string{"tenancy/executor-account SparkApplication spec.executor.spec.serviceAccountName"}},
		"executor without rights":        {[]millrace.Object{application("sales"), bind("sales", "Role", "r", account("sales", "driver"))}, nil},
		"executor of another place":      {[]millrace.Object{application("sales"), bind("other", "Role", "r", account("other", "etl"))}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, broken(t, jobs, tc.objects...)); diff != "" {
				t.Errorf("broken (-want +got):\n%s", diff)
			}
		})
	}
}

func TestClassRules(t *testing.T) {
	storage := func(change func(*storagev1.StorageClass)) millrace.Object {
		c := &storagev1.StorageClass{ObjectMeta: meta("", "fast"), Provisioner: "ebs.csi.aws.com", VolumeBindingMode: new(storagev1.VolumeBindingWaitForFirstConsumer), AllowVolumeExpansion: new(true)}
		change(c)
		return c
	}
	priority := func(value int32, change func(*schedulingv1.PriorityClass)) millrace.Object {
		c := &schedulingv1.PriorityClass{ObjectMeta: meta("", "high"), Value: value, PreemptionPolicy: new(corev1.PreemptLowerPriority)}
		change(c)
		return c
	}
	same := func(*schedulingv1.PriorityClass) {}
	claims := func(kind string) []millrace.Pod {
		return []millrace.Pod{{Owner: millrace.Ref{Kind: kind, Name: "a"}, Claims: []corev1.PersistentVolumeClaim{{Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: new("fast")}}}}}
	}
	atOnce := storage(func(c *storagev1.StorageClass) { c.VolumeBindingMode = nil })
	fixed := storage(func(c *storagev1.StorageClass) { c.AllowVolumeExpansion = nil })
	for name, tc := range map[string]struct {
		object millrace.Object
		pods   []millrace.Pod
		want   []string
	}{
		"good storage":       {storage(func(*storagev1.StorageClass) {}), nil, nil},
		"binds at once":      {atOnce, nil, []string{"tenancy/volume-binding StorageClass volumeBindingMode"}},
		"Kafka's own rule":   {atOnce, claims("KafkaNodePool"), nil},
		"Spark's own rule":   {atOnce, claims("ScheduledSparkApplication"), nil},
		"of a StatefulSet":   {atOnce, claims("StatefulSet"), []string{"tenancy/volume-binding StorageClass volumeBindingMode"}},
		"doesn't grow":       {fixed, claims("SparkApplication"), []string{"tenancy/volume-expansion StorageClass allowVolumeExpansion"}},
		"Kafka's other rule": {fixed, claims("Kafka"), nil},
		"local disks": {storage(func(c *storagev1.StorageClass) {
			c.AllowVolumeExpansion, c.Provisioner = nil, "kubernetes.io/no-provisioner"
		}), nil, nil},
		"good priority":       {priority(1000, same), nil, nil},
		"default that pushes": {priority(1000, func(c *schedulingv1.PriorityClass) { c.GlobalDefault, c.PreemptionPolicy = true, nil }), nil, []string{"tenancy/priority-default PriorityClass globalDefault"}},
		"default that waits": {priority(1000, func(c *schedulingv1.PriorityClass) {
			c.GlobalDefault, c.PreemptionPolicy = true, new(corev1.PreemptNever)
		}), nil, nil},
		"default below":      {priority(-5, func(c *schedulingv1.PriorityClass) { c.GlobalDefault = true }), nil, []string{"tenancy/priority-default PriorityClass globalDefault"}},
		"default of 0":       {priority(0, func(c *schedulingv1.PriorityClass) { c.GlobalDefault = true }), nil, nil},
		"preemption unsaid":  {priority(1, func(c *schedulingv1.PriorityClass) { c.PreemptionPolicy = nil }), nil, []string{"tenancy/priority-preemption PriorityClass preemptionPolicy"}},
		"expendable":         {priority(-11, same), nil, []string{"tenancy/priority-expendable PriorityClass value"}},
		"not yet expendable": {priority(-10, same), nil, nil},
		"the system's":       {&schedulingv1.PriorityClass{ObjectMeta: meta("", "system-node-critical"), Value: 2000001000}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, broken(t, tc.pods, tc.object)); diff != "" {
				t.Errorf("broken (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRulesSayEverything holds each rule to having its parts, and to a test
// above by what tenants and platforms keep: none of them.
func TestRulesSayEverything(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range tenancy.Rules() {
		if r.ID == "" || r.Summary == "" || r.Reason == "" || r.Fix == "" || r.Source == "" || r.Check == nil || seen[r.ID] {
			t.Errorf("%s lacks something, or is there twice", r.ID)
		}
		seen[r.ID] = true
	}
	if len(seen) != 13 {
		t.Errorf("%d rules", len(seen))
	}
	for name, b := range map[string]millrace.Builder{"minimal": minimal(), "platform": &tenancy.Platform{Storage: platform().Storage[:3]}} {
		if got := broken(t, nil, objects(t, b)...); len(got) > 0 {
			t.Errorf("%s breaks %v", name, got)
		}
	}
}
