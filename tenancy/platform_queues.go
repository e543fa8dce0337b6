package tenancy

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// mostPerFlavor is how many labels and tolerations a ResourceFlavor has room
// for.
// Source: Kueue, apis/kueue/v1beta2/resourceflavor_types.go.
const mostPerFlavor = 8

func (p *Platform) checkQueues(problems *millrace.Problems) {
	names := map[string]bool{}
	flavors := map[string]Flavor{}
	for i, q := range p.Queues {
		at := fmt.Sprintf("Queues[%d]", i)
		problems.LabelName(at+".Name", q.Name)
		distinct(problems, names, at, q.Name, "queue")
		if q.Cohort != "" {
			problems.Name(at+".Cohort", q.Cohort)
		}
		if len(q.Flavors) == 0 {
			problems.Required(at+".Flavors", "say what the queue has a share of")
		}
		own := map[string]bool{}
		for j, f := range q.Flavors {
			at := fmt.Sprintf("%s.Flavors[%d]", at, j)
			f.check(problems, at)
			if own[f.Name] {
				problems.Add(millrace.RuleDuplicate, at+".Name", "the queue has the flavor already", "make one of them")
			}
			own[f.Name] = true
			if other, ok := flavors[f.Name]; ok && !reflect.DeepEqual(flavorSpec(other), flavorSpec(f)) {
				problems.Conflict(at+".Placement", "another queue says that the flavor "+f.Name+" is elsewhere", "describe it alike, or rename one of them")
			}
			flavors[f.Name] = f
		}
	}
}

func (f Flavor) check(problems *millrace.Problems, at string) {
	problems.Name(at+".Name", f.Name)
	f.Placement.Check(problems, at+".Placement")
	if f.Placement.Affinity != nil {
		problems.Unsupported(at+".Placement.Affinity", "a flavor has node labels only", "use a node selector")
	}
	if n := len(f.Placement.NodeSelector); n > mostPerFlavor {
		problems.Unsupported(at+".Placement.NodeSelector", fmt.Sprintf("a flavor has at most %d labels, and these are %d", mostPerFlavor, n), "leave out those that follow from the others")
	}
	if n := len(f.Placement.Tolerations); n > mostPerFlavor {
		problems.Unsupported(at+".Placement.Tolerations", fmt.Sprintf("a flavor has at most %d tolerations, and these are %d", mostPerFlavor, n), "leave out those that the jobs have themselves")
	}
	if f.Cores <= 0 {
		problems.Required(at+".Cores", "say how many CPUs the queue has")
	}
	if f.Memory <= 0 {
		problems.Required(at+".Memory", "say how much memory the queue has")
	}
	checkSize(problems, at+".Memory", f.Memory)
	for _, name := range slices.Sorted(maps.Keys(f.Other)) {
		if q := f.Other[name]; q.Sign() < 0 {
			problems.Invalid(fmt.Sprintf("%s.Other[%s]", at, name), q.String(), "is negative", "use 0 or more")
		}
		if name == corev1.ResourceCPU || name == corev1.ResourceMemory {
			problems.Conflict(fmt.Sprintf("%s.Other[%s]", at, name), "it has a field", "set Cores or Memory")
		}
	}
}

// queues returns the flavors, each once, and the queues.
func (p *Platform) queues() []millrace.Object {
	var flavors, queues []millrace.Object
	made := map[string]bool{}
	for _, q := range p.Queues {
		for _, f := range q.Flavors {
			if !made[f.Name] {
				made[f.Name] = true
				flavors = append(flavors, custom(kueueVersion, "ResourceFlavor", f.Name, p.Labels, p.Annotations, flavorSpec(f)))
			}
		}
		queues = append(queues, custom(kueueVersion, "ClusterQueue", q.Name, p.Labels, p.Annotations, q.spec()))
	}
	return append(flavors, queues...)
}

func flavorSpec(f Flavor) map[string]any {
	spec := map[string]any{}
	if len(f.Placement.NodeSelector) > 0 {
		labels := map[string]any{}
		for key, value := range f.Placement.NodeSelector {
			labels[key] = value
		}
		spec["nodeLabels"] = labels
	}
	var tolerations []any
	for _, t := range f.Placement.Tolerations {
		out := map[string]any{}
		for key, value := range map[string]string{"key": t.Key, "operator": string(t.Operator), "value": t.Value, "effect": string(t.Effect)} {
			if value != "" {
				out[key] = value
			}
		}
		if t.TolerationSeconds != nil {
			out["tolerationSeconds"] = *t.TolerationSeconds
		}
		tolerations = append(tolerations, out)
	}
	if tolerations != nil {
		spec["tolerations"] = tolerations
	}
	return spec
}

// spec is that of the ClusterQueue. Kueue wants the same resources in the same
// order of all flavors.
func (q ClusterQueue) spec() map[string]any {
	covered := []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory}
	others := map[corev1.ResourceName]bool{}
	for _, f := range q.Flavors {
		for name := range f.Other {
			others[name] = true
		}
	}
	covered = append(covered, slices.Sorted(maps.Keys(others))...)
	var names, flavors []any
	for _, name := range covered {
		names = append(names, string(name))
	}
	for _, f := range q.Flavors {
		have := share(f.Cores, f.Memory)
		maps.Copy(have, f.Other)
		var resources []any
		for _, name := range covered {
			amount := have[name]
			resources = append(resources, map[string]any{"name": string(name), "nominalQuota": amount.String()})
		}
		flavors = append(flavors, map[string]any{"name": f.Name, "resources": resources})
	}
	spec := map[string]any{
		"namespaceSelector": map[string]any{"matchLabels": map[string]any{clusterQueueLabel: q.Name}},
		"resourceGroups":    []any{map[string]any{"coveredResources": names, "flavors": flavors}},
	}
	if q.Cohort != "" {
		spec["cohortName"] = q.Cohort
	}
	if q.Strict {
		spec["queueingStrategy"] = "StrictFIFO"
	}
	return spec
}
