package policy

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/component-helpers/resource"

	"github.com/millrace/millrace"
)

// tenant is what bounds the pods of one namespace, and what asks for room in
// it.
type tenant struct {
	quotas []*corev1.ResourceQuota
	// ranges have the defaults that the API server gives them.
	ranges []*corev1.LimitRange
	// priority is the class of pods that name none.
	priority string
	// demands is empty where there are no quotas.
	demands []demand
}

type tenantsKey struct{}

// tenantsOf returns the namespaces for which the bundle has a ResourceQuota or
// a LimitRange.
func tenantsOf(pass *millrace.Pass) map[string]*tenant {
	return once(pass, tenantsKey{}, func() map[string]*tenant {
		out := make(map[string]*tenant)
		of := func(namespace string) *tenant {
			if out[namespace] == nil {
				out[namespace] = new(tenant)
			}
			return out[namespace]
		}
		priority := ""
		s := sceneOf(pass)
		for _, o := range s.subjects {
			switch read := o.read.(type) {
			case *corev1.ResourceQuota:
				of(o.where).quotas = append(of(o.where).quotas, read)
			case *corev1.LimitRange:
				of(o.where).ranges = append(of(o.where).ranges, withDefaults(read))
			case *schedulingv1.PriorityClass:
				if read.GlobalDefault {
					priority = read.Name
				}
			}
		}
		for _, t := range out {
			t.priority = priority
			slices.SortFunc(t.ranges, func(a, b *corev1.LimitRange) int { return cmp.Compare(a.Name, b.Name) })
		}
		s.addDemands(out)
		return out
	})
}

// withDefaults fills a LimitRange in as the API server does.
// Source: kubernetes, pkg/apis/core/v1/defaults.go, SetDefaults_LimitRangeItem.
func withDefaults(r *corev1.LimitRange) *corev1.LimitRange {
	r = r.DeepCopy()
	for i := range r.Spec.Limits {
		if l := &r.Spec.Limits[i]; l.Type == corev1.LimitTypeContainer {
			l.Default = filled(l.Default, l.Max)
			l.DefaultRequest = filled(filled(l.DefaultRequest, l.Default), l.Min)
		}
	}
	return r
}

// filled returns a list with what it lacks of another.
func filled(list, defaults corev1.ResourceList) corev1.ResourceList {
	if len(defaults) == 0 {
		return list
	}
	out := maps.Clone(defaults)
	maps.Copy(out, list)
	return out
}

// admitted returns a pod as the API server takes it in: limits without a
// request are requested, and the namespace's LimitRanges and its priority
// class fill in the rest. Nothing but resources and the priority class is
// changed; the template stays as it is.
// Source: kubernetes, SetDefaults_Pod; plugin/pkg/admission/limitranger.
func (t *tenant) admitted(template *corev1.PodTemplateSpec) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: template.ObjectMeta, Spec: template.Spec}
	pod.Spec.InitContainers = slices.Clone(template.Spec.InitContainers)
	pod.Spec.Containers = slices.Clone(template.Spec.Containers)
	if pod.Spec.PriorityClassName == "" {
		pod.Spec.PriorityClassName = t.priority
	}
	for _, c := range containers(&pod.Spec) {
		c.Resources.Requests = filled(c.Resources.Requests, c.Resources.Limits)
		for _, r := range t.ranges {
			for _, l := range r.Spec.Limits {
				if l.Type == corev1.LimitTypeContainer {
					c.Resources.Limits = filled(c.Resources.Limits, l.Default)
					c.Resources.Requests = filled(c.Resources.Requests, l.DefaultRequest)
				}
			}
		}
	}
	if whole := pod.Spec.Resources; whole != nil && len(whole.Limits) > 0 {
		whole = whole.DeepCopy()
		requests := resource.AggregateContainerRequests(pod, resource.PodResourcesOptions{})
		maps.DeleteFunc(requests, notForPods)
		limits := maps.Clone(whole.Limits)
		maps.DeleteFunc(limits, notForPods)
		whole.Requests = filled(filled(whole.Requests, requests), limits)
		pod.Spec.Resources = whole
	}
	return pod
}

// notForPods tells resources that only containers can ask for.
func notForPods[T any](name corev1.ResourceName, _ T) bool {
	return !resource.IsSupportedPodLevelResource(name) || strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix)
}
