package builtin

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	helper "k8s.io/component-helpers/resource"

	"github.com/millrace/millrace/internal/schema"
)

// podResources checks the requests and limits of the whole pod.
func (p *podCheck) podResources() {
	if p.spec.Resources == nil {
		return
	}
	if p.spec.OS != nil && p.spec.OS.Name == corev1.Windows {
		p.notOn(corev1.Windows, "resources")
		return
	}
	if p.spec.Resources.Claims != nil {
		p.forbidden("resources.claims", "is set for the whole pod", "move it to the containers")
	}
	containers := p.resourcesOfContainers()
	own := p.spec.Resources
	if p.opts.pod && len(own.Requests)+len(own.Limits) > 0 {
		own = own.DeepCopy()
		fillResources(own, containers)
	}
	p.enter("resources")
	p.resources(own, ofPod)
	p.leave()
	p.consistent(own, containers)
}

// ofPod says what a resource must be that a whole pod can ask for, and nothing
// where it is fine.
func ofPod(name string) (must string) {
	if !helper.IsSupportedPodLevelResource(corev1.ResourceName(name)) || len(qualified(name)) > 0 {
		return "be cpu, memory or hugepages-…"
	}
	return ""
}

// resourcesOfContainers returns a pod that has the containers with what the
// server counts for them, and nothing else.
func (p *podCheck) resourcesOfContainers() *corev1.Pod {
	list := func(containers []corev1.Container) []corev1.Container {
		out := make([]corev1.Container, len(containers))
		for i := range containers {
			r := corev1.ResourceRequirements{Limits: rounded(containers[i].Resources.Limits), Requests: rounded(containers[i].Resources.Requests)}
			if p.opts.pod {
				r.Requests = maps.Clone(r.Requests)
				fill(&r.Requests, r.Limits, func(corev1.ResourceName) bool { return true })
			}
			out[i] = corev1.Container{Resources: r, RestartPolicy: containers[i].RestartPolicy}
		}
		return out
	}
	return &corev1.Pod{Spec: corev1.PodSpec{Containers: list(p.spec.Containers), InitContainers: list(p.spec.InitContainers), EphemeralContainers: p.spec.EphemeralContainers}}
}

// rounded returns a list in thousandths, which most are already.
func rounded(list corev1.ResourceList) corev1.ResourceList {
	same := true
	for _, q := range list {
		same = same && q.Cmp(thousandths(q)) == 0
	}
	if same {
		return list
	}
	out := maps.Clone(list)
	for name, q := range out {
		out[name] = thousandths(q)
	}
	return out
}

// fill takes over what a list doesn't have and another has.
func fill(to *corev1.ResourceList, from corev1.ResourceList, wanted func(corev1.ResourceName) bool) {
	for name, q := range from {
		if _, ok := (*to)[name]; ok || !wanted(name) {
			continue
		}
		if *to == nil {
			*to = corev1.ResourceList{}
		}
		(*to)[name] = q
	}
}

// fillResources does what the server does for a Pod whose resources are set in
// part: it takes the others from the containers.
func fillResources(own *corev1.ResourceRequirements, containers *corev1.Pod) {
	limits := helper.AggregateContainerLimits(containers, helper.PodResourcesOptions{})
	fill(&own.Limits, limits, func(name corev1.ResourceName) bool {
		_, requested := own.Requests[name]
		return hugePages(name) && !requested
	})
	fill(&own.Requests, helper.AggregateContainerRequests(containers, helper.PodResourcesOptions{}), func(name corev1.ResourceName) bool {
		return helper.IsSupportedPodLevelResource(name) && overcommits(name)
	})
	fill(&own.Requests, own.Limits, helper.IsSupportedPodLevelResource)

	all := slices.Concat(containers.Spec.Containers, containers.Spec.InitContainers)
	for i := range containers.Spec.EphemeralContainers {
		all = append(all, corev1.Container(containers.Spec.EphemeralContainers[i].EphemeralContainerCommon))
	}
	for name, request := range own.Requests {
		limit, ok := limits[name]
		if _, set := own.Limits[name]; set || !ok || !helper.IsSupportedPodLevelResource(name) {
			continue
		}
		for i := range all {
			_, limited := all[i].Resources.Limits[name]
			ok = ok && limited
		}
		if !ok {
			continue
		}
		if request.Cmp(limit) > 0 {
			limit = request
		}
		fill(&own.Limits, corev1.ResourceList{name: limit}, helper.IsSupportedPodLevelResource)
	}
}

// consistent checks that the containers stay within what the pod has.
func (p *podCheck) consistent(own *corev1.ResourceRequirements, containers *corev1.Pod) {
	for name, sum := range helper.AggregateContainerRequests(containers, helper.PodResourcesOptions{}) {
		if q, ok := own.Requests[name]; ok && sum.Cmp(thousandths(q)) > 0 {
			p.problem("resources.requests["+string(name)+"]", schema.RuleInvalid, fmt.Sprintf("is %s, less than the containers' %s", q.String(), sum.String()), "raise it, or lower theirs")
		}
	}
	for name, sum := range helper.AggregateContainerLimits(containers, helper.PodResourcesOptions{}) {
		if q, ok := own.Limits[name]; ok && hugePages(name) && sum.Cmp(thousandths(q)) > 0 {
			p.problem("resources.limits["+string(name)+"]", schema.RuleInvalid, fmt.Sprintf("is %s, less than the containers' %s", q.String(), sum.String()), "raise it, or lower theirs")
		}
	}
	p.enter("containers")
	for i := range containers.Spec.Containers {
		p.item(i)
		for name, q := range containers.Spec.Containers[i].Resources.Limits {
			if most, ok := own.Limits[name]; ok && q.Cmp(thousandths(most)) > 0 {
				p.problem("resources.limits["+string(name)+"]", schema.RuleInvalid, fmt.Sprintf("is %s, more than the pod's %s", q.String(), most.String()), "lower it, or raise the pod's")
			}
		}
		p.leave()
	}
	p.leave()
}
