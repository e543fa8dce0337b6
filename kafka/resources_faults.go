package kafka

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

const resourcesRule = "kafka/resources"

// resources reports what the operator refuses of a component's resources,
// which stand at a path.
// Source: Strimzi, ModelUtils.validateComputeResources.
func (f *faults) resources(path string, r *corev1.ResourceRequirements) {
	if r == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(r.Requests)) {
		q := r.Requests[name]
		f.positive(at(path+".requests", string(name)), &q)
		if limit, ok := r.Limits[name]; ok && limit.Sign() > 0 && limit.Cmp(q) < 0 {
			f.add(resourcesRule, millrace.RuleInvalid, at(path+".limits", string(name)), fmt.Sprintf("%s: it is less than the request, %s", &limit, &q), "raise the limit or lower the request")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Limits)) {
		q := r.Limits[name]
		f.positive(at(path+".limits", string(name)), &q)
	}
}

func (f *faults) positive(path string, q *resource.Quantity) {
	if q.Sign() <= 0 {
		f.add(resourcesRule, millrace.RuleInvalid, path, fmt.Sprintf("%s: it is not positive", q), "give it a size, or leave it out")
	}
}
