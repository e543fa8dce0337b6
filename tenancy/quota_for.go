package tenancy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	helpers "k8s.io/component-helpers/resource"

	"github.com/millrace/millrace"
)

// QuotaFor returns what these pods need at their most, all at once: what they
// request and are limited to, and their claims. Containers that say nothing
// count as the zero Limits fill them in. It bounds neither limits of CPU nor
// scratch space.
//
// The error is a *millrace.BuildError: pods of which nobody says how many there
// are at most. The pods aren't changed.
func QuotaFor(pods ...millrace.Pod) (Quota, error) {
	problems := millrace.Problems{Object: millrace.Ref{Kind: "tenancy.QuotaFor"}}
	q := needOf(&problems, "pods", pods, Limits{}).quota()
	if err := problems.Err(); err != nil {
		return Quota{}, err
	}
	return q, nil
}

// Plus returns the quota with so many percent on top, cores and pieces rounded
// up to whole ones, and sizes to MiB.
func (q Quota) Plus(percent int) Quota {
	up := func(n, unit int64) int64 {
		n += n/100*int64(percent) + (n%100*int64(percent)+99)/100
		return (n + unit - 1) / unit * unit
	}
	for _, n := range []*int{&q.Cores, &q.LimitCores, &q.Claims, &q.Pods} {
		*n = int(up(int64(*n), 1))
	}
	for _, n := range []*millrace.Bytes{&q.Memory, &q.LimitMemory, &q.Scratch, &q.Storage} {
		*n = millrace.Bytes(up(int64(*n), int64(millrace.MiB)))
	}
	q.Other = q.Other.DeepCopy()
	for name, amount := range q.Other {
		q.Other[name] = *resource.NewQuantity(up(amount.Value(), 1), amount.Format)
	}
	return q
}

// need is what pods take of a quota, as quotas name it.
type need corev1.ResourceList

// add takes so many times a list in, under names with a prefix.
func (n need) add(prefix corev1.ResourceName, list corev1.ResourceList, times int) {
	for name, amount := range list {
		sum := n[prefix+name]
		amount = amount.DeepCopy()
		amount.Mul(int64(times))
		sum.Add(amount)
		n[prefix+name] = sum
	}
}

// needOf adds up what pods need. It reports those whose number isn't known, and
// containers that the limits refuse.
func needOf(problems *millrace.Problems, field string, pods []millrace.Pod, limits Limits) need {
	out := need{}
	shared := make(map[millrace.Ref]bool)
	for i, pod := range pods {
		at := fmt.Sprintf("%s[%d]", field, i)
		times := max(pod.Min, pod.Max)
		if pod.Max == 0 {
			problems.Add(millrace.RuleUnknown, at, fmt.Sprintf("nobody says how many pods of %s there are at most", called(pod)), "bound them there, or leave them out and set Quota")
			continue
		}
		filled := fillIn(problems, at, pod, limits)
		out.add("requests.", helpers.PodRequests(filled, helpers.PodResourcesOptions{}), times)
		out.add("limits.", helpers.PodLimits(filled, helpers.PodResourcesOptions{}), times)
		out.add("", corev1.ResourceList{corev1.ResourcePods: count(1)}, times)
		out.claims(claimsOf(pod), times)
		if !shared[pod.Owner] {
			shared[pod.Owner] = len(pod.Shared) > 0
			out.claims(pod.Shared, 1)
		}
	}
	return out
}

func (n need) claims(claims []corev1.PersistentVolumeClaim, times int) {
	for _, claim := range claims {
		n.add("", corev1.ResourceList{corev1.ResourcePersistentVolumeClaims: count(1), corev1.ResourceRequestsStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]}, times)
	}
}

// claimsOf are the claims that are made for each pod, those of its ephemeral
// volumes among them.
func claimsOf(pod millrace.Pod) []corev1.PersistentVolumeClaim {
	out := slices.Clone(pod.Claims)
	for _, v := range pod.Template.Spec.Volumes {
		if v.Ephemeral != nil && v.Ephemeral.VolumeClaimTemplate != nil {
			out = append(out, corev1.PersistentVolumeClaim{Spec: v.Ephemeral.VolumeClaimTemplate.Spec})
		}
	}
	return out
}

// called is what a person calls the pods.
func called(pod millrace.Pod) string {
	if pod.Role == "" {
		return pod.Owner.String()
	}
	return fmt.Sprintf("%s (%s)", pod.Owner, pod.Role)
}

// fillIn returns the pod as the LimitRange of the limits fills it in.
// Source: kubernetes, plugin/pkg/admission/limitranger/admission.go.
func fillIn(problems *millrace.Problems, at string, pod millrace.Pod, limits Limits) *corev1.Pod {
	l := limits.filled()
	out := &corev1.Pod{Spec: *pod.Template.Spec.DeepCopy()}
	of := func(containers []corev1.Container) {
		for i := range containers {
			c := &containers[i]
			own := fillList(c.Resources.Requests, c.Resources.Limits)
			c.Resources.Limits = fillList(c.Resources.Limits, l.Limit.list())
			c.Resources.Requests = fillList(own, l.Request.list())
			for _, d := range dimensions {
				request, limit, most := c.Resources.Requests[d.name], c.Resources.Limits[d.name], d.of(limits.Max)
				switch {
				case !most.IsZero() && (request.Cmp(most) > 0 || limit.Cmp(most) > 0):
					problems.Conflict(at, fmt.Sprintf("%s: the container %s wants more %s than Limits.Max allows, %s", called(pod), c.Name, d.name, &most), "raise Limits.Max."+d.field)
				case !limit.IsZero() && request.Cmp(limit) > 0:
					problems.Conflict(at, fmt.Sprintf("%s: the container %s requests %s %s and would be limited to %s, as it sets no limit itself", called(pod), c.Name, &request, d.name, &limit),
						"set its limit, or raise Limits.Limit."+d.field)
				}
			}
		}
	}
	of(out.Spec.InitContainers)
	of(out.Spec.Containers)
	return out
}

// fillList returns a list with what it lacks of another.
func fillList(list, defaults corev1.ResourceList) corev1.ResourceList {
	out := maps.Clone(defaults)
	if out == nil {
		return list
	}
	maps.Copy(out, list)
	return out
}

// quota is a quota that has room for the need.
func (n need) quota() Quota {
	whole := func(name corev1.ResourceName) int { q := n[name]; return int(q.Value()) } // Value rounds up
	size := func(name corev1.ResourceName) millrace.Bytes { q := n[name]; return millrace.Bytes(q.Value()) }
	q := Quota{
		Cores: whole(corev1.ResourceRequestsCPU), Memory: size(corev1.ResourceRequestsMemory),
		Storage: size(corev1.ResourceRequestsStorage), Claims: whole(corev1.ResourcePersistentVolumeClaims),
	}
	if limit := size(corev1.ResourceLimitsMemory); limit > q.Memory {
		q.LimitMemory = limit
	}
	for name, amount := range n {
		if strings.HasPrefix(string(name), "requests.") && strings.Contains(string(name), "/") {
			if q.Other == nil {
				q.Other = corev1.ResourceList{}
			}
			q.Other[name] = amount
		}
	}
	return q
}

// fits reports what the quota has no room for.
func (n need) fits(problems *millrace.Problems, quota Quota) {
	hard := quota.hard()
	maps.Copy(hard, quota.Other)
	fields := map[corev1.ResourceName]string{
		corev1.ResourceRequestsCPU: "Cores", corev1.ResourceLimitsCPU: "LimitCores", corev1.ResourceRequestsMemory: "Memory", corev1.ResourceLimitsMemory: "LimitMemory",
		corev1.ResourceRequestsEphemeralStorage: "Scratch", corev1.ResourceRequestsStorage: "Storage", corev1.ResourcePersistentVolumeClaims: "Claims", corev1.ResourcePods: "Pods",
	}
	for _, name := range slices.Sorted(maps.Keys(n)) {
		need, have := n[name], hard[name]
		if _, bounded := hard[name]; !bounded || need.Cmp(have) <= 0 {
			continue
		}
		requests, most := n[corev1.ResourceRequestsMemory], hard[corev1.ResourceRequestsMemory]
		if name == corev1.ResourceLimitsMemory && quota.LimitMemory == 0 && requests.Cmp(most) > 0 {
			continue // Memory bounds both, and is reported
		}
		field, ok := fields[name]
		if !ok {
			field = fmt.Sprintf("Other[%s]", name)
		}
		problems.Conflict("Quota."+field, fmt.Sprintf("Pods need %s of %s at their most, and the quota has %s", &need, name, &have), "raise it, or list fewer pods")
	}
}
