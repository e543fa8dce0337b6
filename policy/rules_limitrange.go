package policy

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	helpers "k8s.io/component-helpers/resource"

	"github.com/millrace/millrace"
)

func limitRangeRule() millrace.Rule {
	return millrace.Rule{
		ID: "quota/limit-range", Severity: millrace.Error,
		Summary: "Pods and claims keep to the LimitRange of their namespace, and to the limits that it gives them.",
		Reason:  "The API server refuses them, while the Deployment or the SparkApplication that wants them is taken without an error.",
		Fix:     "change the container's requests and limits, or the LimitRange",
		Source:  "Kubernetes, concepts/policy/limit-range; radanalytics/spark-operator#352",
		Check:   checkLimitRange,
	}
}

func checkLimitRange(pass *millrace.Pass) {
	if claim, ok := pass.Object.(*corev1.PersistentVolumeClaim); ok {
		if t := tenantsOf(pass)[claim.Namespace]; t != nil {
			t.checkClaim(claim, func(detail string) { pass.Report("spec.resources.requests[storage]", detail) })
		}
	}
	for _, pod := range pass.Pods {
		t := tenantsOf(pass)[pod.Namespace]
		if t == nil || len(t.ranges) == 0 {
			continue
		}
		admitted := t.admitted(pod)
		t.checkPod(pod, admitted, func(path, detail string) { pass.Report(pod.Field(path), roleOf(pod)+detail) })
		for i := range pod.Claims {
			t.checkClaim(&pod.Claims[i], func(detail string) {
				pass.Report(pod.Field(fmt.Sprintf("claims[%d].spec.resources.requests[storage]", i)), roleOf(pod)+detail)
			})
		}
	}
}

func (t *tenant) checkPod(pod millrace.Pod, admitted *corev1.Pod, report func(path, detail string)) {
	reported := make(map[string]bool) // requests above a bound
	for _, r := range t.ranges {
		for _, l := range r.Spec.Limits {
			switch l.Type {
			case corev1.LimitTypeContainer:
				for path, c := range containers(&admitted.Spec) {
					bounds{r.Name, l, "the container " + c.Name, pod.Whole}.check(c.Resources, func(name corev1.ResourceName, field, detail string) {
						at := fmt.Sprintf("%s.resources.%s[%s]", path, field, name)
						reported[at] = true
						report(at, detail)
					})
				}
			case corev1.LimitTypePod:
				sum := corev1.ResourceRequirements{
					Requests: helpers.PodRequests(admitted, helpers.PodResourcesOptions{ExcludeOverhead: true}),
					Limits:   helpers.PodLimits(admitted, helpers.PodResourcesOptions{ExcludeOverhead: true}),
				}
				bounds{r.Name, l, "the pod", pod.Whole}.check(sum, func(_ corev1.ResourceName, _, detail string) { report("spec", detail) })
			}
		}
	}
	before := make(map[string]corev1.ResourceList)
	for path, c := range containers(&pod.Template.Spec) {
		before[path] = c.Resources.Limits
	}
	for path, c := range containers(&admitted.Spec) {
		for _, name := range slices.Sorted(maps.Keys(c.Resources.Limits)) {
			request, limit := c.Resources.Requests[name], c.Resources.Limits[name]
			_, own := before[path][name]
			at := fmt.Sprintf("%s.resources.requests[%s]", path, name)
			if !own && request.Cmp(limit) > 0 && !reported[at] {
				report(at, fmt.Sprintf("the container %s requests %s %s, and LimitRange %s limits it to %s, as it sets no limit itself",
					c.Name, &request, name, t.limiting(name), &limit))
			}
		}
	}
}

// limiting returns the LimitRange that gives containers their limit of a
// resource.
func (t *tenant) limiting(name corev1.ResourceName) string {
	for _, r := range t.ranges {
		if _, ok := r.limits[name]; ok {
			return r.Name
		}
	}
	return ""
}

func (t *tenant) checkClaim(claim *corev1.PersistentVolumeClaim, report func(detail string)) {
	for _, r := range t.ranges {
		for _, l := range r.Spec.Limits {
			if l.Type != corev1.LimitTypePersistentVolumeClaim {
				continue
			}
			have := corev1.ResourceRequirements{Requests: claim.Spec.Resources.Requests, Limits: claim.Spec.Resources.Requests}
			bounds{r.Name, l, "the claim", true}.check(have, func(_ corev1.ResourceName, _, detail string) { report(detail) })
		}
	}
}

// bounds is one item of a LimitRange, applied to one thing.
type bounds struct {
	limitRange string
	corev1.LimitRangeItem
	what string
	// whole says that what the thing doesn't say, nobody says.
	whole bool
}

// check holds requests and limits against the bounds.
// Source: kubernetes, plugin/pkg/admission/limitranger/admission.go.
func (b bounds) check(have corev1.ResourceRequirements, report func(name corev1.ResourceName, field, detail string)) {
	bad := func(name corev1.ResourceName, field, format string, args ...any) {
		report(name, field, fmt.Sprintf("%s %s, and LimitRange %s %s", b.what, fmt.Sprintf(format, args[:len(args)-1]...), b.limitRange, args[len(args)-1]))
	}
	for _, name := range slices.Sorted(maps.Keys(b.Min)) {
		least := b.Min[name]
		allows := fmt.Sprintf("asks for %s at least", &least)
		request, asks := have.Requests[name]
		limit, limited := have.Limits[name]
		switch {
		case !asks:
			if b.whole {
				bad(name, "requests", "requests no %s", name, allows)
			}
		case request.Cmp(least) < 0:
			bad(name, "requests", "requests %s %s", &request, name, allows)
		case limited && limit.Cmp(least) < 0:
			bad(name, "limits", "is limited to %s %s", &limit, name, allows)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Max)) {
		most := b.Max[name]
		allows := fmt.Sprintf("allows %s", &most)
		request, asks := have.Requests[name]
		limit, limited := have.Limits[name]
		switch {
		case asks && request.Cmp(most) > 0:
			bad(name, "requests", "requests %s %s", &request, name, allows)
		case !limited:
			if b.whole {
				bad(name, "limits", "has no limit of %s", name, allows)
			}
		case limit.Cmp(most) > 0:
			bad(name, "limits", "is limited to %s %s", &limit, name, allows)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.MaxLimitRequestRatio)) {
		most := b.MaxLimitRequestRatio[name]
		allows := fmt.Sprintf("allows limits of %s times the request", &most)
		request, limit := have.Requests[name], have.Limits[name]
		switch {
		case request.IsZero() || limit.IsZero():
			if b.whole {
				bad(name, "limits", "has no request or no limit of %s", name, allows)
			}
		case ratio(limit, request) > most.AsApproximateFloat64():
			bad(name, "limits", "is limited to %s %s, %.3g times its request", &limit, name, ratio(limit, request), allows)
		}
	}
}

func ratio(limit, request resource.Quantity) float64 {
	return limit.AsApproximateFloat64() / request.AsApproximateFloat64()
}
