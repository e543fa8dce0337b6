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
	ranges []limitRange
	// priority is the class of pods that name none.
	priority string
	// demands is empty where there are no quotas.
	demands []demand
}

// limitRange is a LimitRange with the defaults that the API server gives it.
type limitRange struct {
	*corev1.LimitRange
	// limits and requests are what it fills containers in with.
	limits, requests corev1.ResourceList
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
			if !o.makes {
				continue
			}
			switch read := o.read.(type) {
			case *corev1.ResourceQuota:
				of(o.where).quotas = append(of(o.where).quotas, read)
			case *corev1.LimitRange:
				of(o.where).ranges = append(of(o.where).ranges, newLimitRange(read))
			case *schedulingv1.PriorityClass:
				if read.GlobalDefault {
					priority = read.Name
				}
			}
		}
		for _, t := range out {
			t.priority = priority
			slices.SortFunc(t.ranges, func(a, b limitRange) int { return cmp.Compare(a.Name, b.Name) })
		}
		s.addDemands(out)
		return out
	})
}

// newLimitRange fills a LimitRange in as the API server does. Of two items, the
// later one goes before.
// Source: kubernetes, pkg/apis/core/v1/defaults.go, SetDefaults_LimitRangeItem;
// plugin/pkg/admission/limitranger, defaultContainerResourceRequirements.
func newLimitRange(r *corev1.LimitRange) limitRange {
	out := limitRange{LimitRange: r}
	for _, l := range r.Spec.Limits {
		if l.Type == corev1.LimitTypeContainer {
			limits := filled(l.Default, l.Max)
			out.limits = filled(limits, out.limits)
			out.requests = filled(filled(filled(l.DefaultRequest, limits), l.Min), out.requests)
		}
	}
	return out
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
// class fill in the rest, LimitRanges only where nobody else does (Pod.Whole).
// Nothing but resources and the priority class is changed; the template stays
// as it is.
// Source: kubernetes, SetDefaults_Pod; plugin/pkg/admission/limitranger.
func (t *tenant) admitted(of millrace.Pod) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: of.Template.ObjectMeta, Spec: of.Template.Spec}
	pod.Spec.InitContainers = slices.Clone(pod.Spec.InitContainers)
	pod.Spec.Containers = slices.Clone(pod.Spec.Containers)
	if pod.Spec.PriorityClassName == "" {
		pod.Spec.PriorityClassName = t.priority
	}
	for _, c := range containers(&pod.Spec) {
		c.Resources.Requests = filled(c.Resources.Requests, c.Resources.Limits)
		if !of.Whole {
			continue
		}
		for _, r := range t.ranges {
			c.Resources.Limits = filled(c.Resources.Limits, r.limits)
			c.Resources.Requests = filled(c.Resources.Requests, r.requests)
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
