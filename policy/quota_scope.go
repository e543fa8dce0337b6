package policy

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/component-helpers/resource"
)

// counts reports whether a quota counts a pod, or, where the pod is nil,
// something else.
// Source: kubernetes, pkg/quota/v1/evaluator/core/pods.go.
func counts(quota *corev1.ResourceQuota, pod *corev1.Pod) bool {
	selectors := make([]corev1.ScopedResourceSelectorRequirement, 0, len(quota.Spec.Scopes))
	for _, scope := range quota.Spec.Scopes {
		selectors = append(selectors, corev1.ScopedResourceSelectorRequirement{ScopeName: scope, Operator: corev1.ScopeSelectorOpExists})
	}
	if s := quota.Spec.ScopeSelector; s != nil {
		selectors = append(selectors, s.MatchExpressions...)
	}
	for _, s := range selectors {
		if pod == nil || !inScope(s, pod) {
			return false
		}
	}
	return true
}

func inScope(s corev1.ScopedResourceSelectorRequirement, pod *corev1.Pod) bool {
	deadline := pod.Spec.ActiveDeadlineSeconds
	switch s.ScopeName {
	case corev1.ResourceQuotaScopeTerminating:
		return deadline != nil && *deadline >= 0
	case corev1.ResourceQuotaScopeNotTerminating:
		return deadline == nil || *deadline < 0
	case corev1.ResourceQuotaScopeBestEffort:
		return bestEffort(pod)
	case corev1.ResourceQuotaScopeNotBestEffort:
		return !bestEffort(pod)
	case corev1.ResourceQuotaScopePriorityClass:
		return inPriorityScope(s, pod.Spec.PriorityClassName)
	case corev1.ResourceQuotaScopeCrossNamespacePodAffinity:
		return crossesNamespaces(pod.Spec.Affinity)
	}
	return false
}

func inPriorityScope(s corev1.ScopedResourceSelectorRequirement, class string) bool {
	const key = string(corev1.ResourceQuotaScopePriorityClass)
	op, ok := map[corev1.ScopeSelectorOperator]selection.Operator{
		corev1.ScopeSelectorOpIn: selection.In, corev1.ScopeSelectorOpNotIn: selection.NotIn,
		corev1.ScopeSelectorOpExists: selection.Exists, corev1.ScopeSelectorOpDoesNotExist: selection.DoesNotExist,
	}[s.Operator]
	if !ok {
		return false
	}
	requirement, err := labels.NewRequirement(key, op, s.Values)
	if err != nil {
		return false // the API server refuses such a quota
	}
	set := labels.Set{}
	if class != "" {
		set[key] = class
	}
	return requirement.Matches(set)
}

// bestEffort tells pods that ask for no processor and no memory.
func bestEffort(pod *corev1.Pod) bool {
	asks := func(r *corev1.ResourceRequirements) bool {
		for _, list := range []corev1.ResourceList{r.Requests, r.Limits} {
			for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
				if q, ok := list[name]; ok && !q.IsZero() {
					return true
				}
			}
		}
		return false
	}
	if resource.IsPodLevelResourcesSet(pod) {
		return !asks(pod.Spec.Resources)
	}
	for _, c := range containers(&pod.Spec) {
		if asks(&c.Resources) {
			return false
		}
	}
	return true
}

func crossesNamespaces(a *corev1.Affinity) bool {
	crosses := func(namespaces []string, selector *metav1.LabelSelector) bool {
		return len(namespaces) > 0 || selector != nil
	}
	terms := func(required []corev1.PodAffinityTerm, preferred []corev1.WeightedPodAffinityTerm) bool {
		for _, t := range required {
			if crosses(t.Namespaces, t.NamespaceSelector) {
				return true
			}
		}
		for _, t := range preferred {
			if crosses(t.PodAffinityTerm.Namespaces, t.PodAffinityTerm.NamespaceSelector) {
				return true
			}
		}
		return false
	}
	if a == nil {
		return false
	}
	return a.PodAffinity != nil && terms(a.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution, a.PodAffinity.PreferredDuringSchedulingIgnoredDuringExecution) ||
		a.PodAntiAffinity != nil && terms(a.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution, a.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution)
}
