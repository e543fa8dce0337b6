package tenancy

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
)

// Rules returns what must hold for namespaces that are given to data teams, for
// what their programs may do with the API, and for the classes that they share,
// whoever wrote them. The slice is the caller's own.
//
// A namespace is a team's if Spark applications or workflows run in it, or if
// the bundle runs nothing in it at all. Those of operators, brokers and other
// services are passed over.
func Rules() []millrace.Rule {
	return slices.Concat(namespaceRules(), rightsRules(), classRules())
}

func namespaceRules() []millrace.Rule {
	const tenants = "Kubernetes, concepts/security/multi-tenancy"
	return []millrace.Rule{
		{
			ID: "tenancy/pod-security", Severity: millrace.Warning,
			Summary: "A team's namespace enforces a Pod Security level, baseline or stricter.",
			Reason:  "Whoever may create a pod there can otherwise mount the node's disk and become root on it, and so can every job.",
			Fix:     "add the label pod-security.kubernetes.io/enforce: restricted, or let tenancy.Tenant make the namespace",
			Source:  tenants + "; Pod Security Admission",
			Check:   onNamespace(checkLevel),
		},
		{
			ID: "tenancy/quota", Severity: millrace.Warning,
			Summary: "A team's namespace has a ResourceQuota of CPU and memory.",
			Reason:  "One wrong number of executors takes the whole cluster, and what its autoscaler may buy.",
			Fix:     "add a ResourceQuota with requests.cpu and requests.memory, as Tenant.Quota makes it",
			Source:  tenants + "; concepts/policy/resource-quotas",
			Check:   onNamespace(checkHasQuota),
		},
		{
			ID: "tenancy/limit-range", Severity: millrace.Warning,
			Summary: "A namespace whose quota asks containers for something has a LimitRange that fills it in.",
			Reason:  "Containers that don't say it are refused: those that Argo and service meshes put beside one's own among them.",
			Fix:     "add a LimitRange with defaults for what the quota bounds, as Tenant.Limits makes it",
			Source:  "Kubernetes, concepts/policy/limit-range; spark-operator#810",
			Check:   onNamespace(checkFillsIn),
		},
		{
			ID: "tenancy/network", Severity: millrace.Warning,
			Summary: "A team's namespace has a NetworkPolicy that denies by default what comes in and what goes out.",
			Reason:  "Every job can otherwise talk to every service of the cluster and to the cloud's metadata server, and send data anywhere.",
			Fix:     "add a policy with an empty podSelector, both policyTypes and no rules, and further ones for what is needed; Tenant.Network makes them",
			Source:  "Kubernetes, concepts/services-networking/network-policies, default policies",
			Check:   onNamespace(checkDenies),
		},
	}
}

// onNamespace passes over all but namespaces of teams.
func onNamespace(check func(*millrace.Pass, *corev1.Namespace)) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		if ns, ok := pass.Object.(*corev1.Namespace); ok && ns != nil && !pass.Inside && teams(pass, ns.Name) {
			check(pass, ns)
		}
	}
}

type teamsKey struct{}

// runs says what the bundle runs in a namespace.
type runs struct{ jobs, others bool }

// teams reports whether a namespace is a team's.
func teams(pass *millrace.Pass, namespace string) bool {
	r := runsIn(pass, namespace)
	return !strings.HasPrefix(namespace, "kube-") && (r.jobs || !r.others)
}

func runsIn(pass *millrace.Pass, namespace string) runs {
	seen, _ := pass.Once(teamsKey{}, func() any {
		out := make(map[string]runs)
		for _, pod := range pass.BundlePods {
			r := out[pod.Namespace]
			if job(pod.Owner.Kind) {
				r.jobs = true
			} else {
				r.others = true
			}
			out[pod.Namespace] = r
		}
		return out
	}).(map[string]runs)
	return seen[namespace]
}

// job reports whether pods of the kind are Spark's or Argo's.
func job(kind string) bool {
	return slices.Contains([]string{
		"SparkApplication", "ScheduledSparkApplication", "SparkConnect", "SparkCluster",
		"Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow",
	}, kind)
}

// kindKey stands for the objects of a kind by their namespaces.
type kindKey schema.GroupKind

// in returns the objects of a kind in a namespace, as their typed structs.
func in[T millrace.Object](pass *millrace.Pass, kind schema.GroupKind, namespace string) []T {
	all, _ := pass.Once(kindKey(kind), func() any {
		out := make(map[string][]T)
		for _, o := range pass.Bundle.OfKind(kind) {
			if typed, ok := o.(T); ok {
				out[o.GetNamespace()] = append(out[o.GetNamespace()], typed)
			}
		}
		return out
	}).(map[string][]T)
	return all[namespace]
}

func checkLevel(pass *millrace.Pass, ns *corev1.Namespace) {
	const field = "metadata.labels[" + podSecurityPrefix + "enforce]"
	switch level := Level(ns.Labels[podSecurityPrefix+"enforce"]); level {
	case "":
		pass.Report(field, "the namespace enforces none")
	case Privileged:
		pass.Report(field, "the level privileged forbids nothing")
	}
}

func checkHasQuota(pass *millrace.Pass, ns *corev1.Namespace) {
	var missing []string
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		if !bounds(pass, ns.Name, name, "requests."+name, "limits."+name) {
			missing = append(missing, string(name))
		}
	}
	if len(missing) > 0 {
		pass.Report("metadata.name", "no ResourceQuota bounds its "+strings.Join(missing, " and its "))
	}
}

// bounds reports whether a quota of the namespace that counts all of its pods
// bounds one of these resources.
func bounds(pass *millrace.Pass, namespace string, names ...corev1.ResourceName) bool {
	for _, q := range in[*corev1.ResourceQuota](pass, schema.GroupKind{Kind: "ResourceQuota"}, namespace) {
		if len(q.Spec.Scopes) > 0 || q.Spec.ScopeSelector != nil {
			continue
		}
		for _, name := range names {
			if _, ok := q.Spec.Hard[name]; ok {
				return true
			}
		}
	}
	return false
}

func checkFillsIn(pass *millrace.Pass, ns *corev1.Namespace) {
	var limits, requests = map[corev1.ResourceName]bool{}, map[corev1.ResourceName]bool{}
	for _, r := range in[*corev1.LimitRange](pass, schema.GroupKind{Kind: "LimitRange"}, ns.Name) {
		for _, l := range r.Spec.Limits {
			if l.Type != corev1.LimitTypeContainer {
				continue
			}
			// Max stands for a default, a limit for a request.
			for _, list := range []corev1.ResourceList{l.Default, l.Max} {
				for name := range list {
					limits[name], requests[name] = true, true
				}
			}
			for _, list := range []corev1.ResourceList{l.DefaultRequest, l.Min} {
				for name := range list {
					requests[name] = true
				}
			}
		}
	}
	var missing []string
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		if !requests[name] && bounds(pass, ns.Name, name, "requests."+name) {
			missing = append(missing, "requests."+string(name))
		}
		if !limits[name] && bounds(pass, ns.Name, "limits."+name) {
			missing = append(missing, "limits."+string(name))
		}
	}
	if len(missing) > 0 {
		pass.Report("metadata.name", "its quota asks every container for "+strings.Join(missing, ", ")+", and no LimitRange fills that in")
	}
}
