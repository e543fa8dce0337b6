package millrace

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Pod is one sort of pod that an object makes, by itself or through its
// operator, as far as the object says what it will be: the executors of a
// SparkApplication, a template of a Workflow, the pods of a Deployment. Rules
// that ask where pods land, what they may do and what they need look at these,
// whatever object they come from.
//
// spark.Pods, kafka.Pods and workflow.Pods return them; package policy adds
// those of Kubernetes' own kinds and hands them to rules (Pass.Pods).
type Pod struct {
	// Owner is the object of the bundle that makes it.
	Owner Ref
	// Role tells it from the object's other pods: "driver", "executor", the
	// name of a workflow's template. Empty where there is only one sort.
	Role string
	// Namespace is where it runs; empty where the object doesn't say.
	Namespace string
	// Template is what the object says of the pod, with what its operator is
	// known to add: a Spark executor's memory request, for one.
	Template corev1.PodTemplateSpec
	// RunLabels are the keys of labels that each pod gets when it is made, with
	// values that only the run knows: spark-app-selector. They are not in
	// Template.
	RunLabels []string
	// Whole says that the operator adds nothing that a rule could miss: no
	// containers, images or security contexts.
	Whole bool
	// Min and Max are how many there are at once, at the least and at the most.
	// They are equal where nothing scales; Max is zero where it has no bound
	// that the object tells.
	Min, Max int
	// Count is where the object says how many there are, at the most; empty
	// where nothing says it.
	Count string
	// Ends says that the pod runs to its end, as that of a Job does, and isn't
	// there all the time.
	Ends bool
	// Claims are the volume claims that are made for each of the pods, named as
	// the volumes that they become: those of a StatefulSet, a Spark executor's
	// scratch disks.
	Claims []corev1.PersistentVolumeClaim
	// Shared are the claims that are made once for all pods of the owner, named
	// as their volumes: volumeClaimTemplates of a workflow. Every pod of the
	// owner lists all of them.
	Shared []corev1.PersistentVolumeClaim
	// Path is where the template stands in the object: "spec.template". Field
	// joins it with a path inside of the template.
	Path string
	// Fields are the paths of the template that stand elsewhere:
	// "spec.containers[0].env[1]" at "spec.driver.env[0]". What is below such a
	// path follows it. Paths of Claims begin with "claims[0]", of Shared with
	// "shared[0]".
	Fields map[string]string
}

// Placement returns what the pod's template says of where it runs. It shares
// memory with the template.
func (p Pod) Placement() Placement {
	return Placement{
		NodeSelector: p.Template.Spec.NodeSelector,
		Tolerations:  p.Template.Spec.Tolerations,
		Affinity:     p.Template.Spec.Affinity,
		Annotations:  p.Template.Annotations,
	}
}

// Field returns where in the object a path of the pod's template stands, such
// as "spec.containers[0].image" or "metadata.annotations[a/b]". A map's key may
// stand in brackets or behind a dot. The empty path is the template itself.
func (p Pod) Field(path string) string {
	for at := path; at != ""; at = parentField(at) {
		field, ok := p.Fields[at]
		if !ok {
			field, ok = p.Fields[respell(at)]
		}
		if ok {
			return joinField(field, strings.TrimPrefix(path[len(at):], "."))
		}
	}
	return joinField(p.Path, path)
}

// respell writes the last step of a path the other way: requests[memory] as
// requests.memory.
func respell(path string) string {
	if inner, ok := strings.CutSuffix(path, "]"); ok {
		if i := strings.LastIndexByte(inner, '['); i >= 0 {
			return inner[:i] + "." + inner[i+1:]
		}
		return path
	}
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		return path[:i] + "[" + path[i+1:] + "]"
	}
	return path
}

// parentField takes the last step off a field's path.
func parentField(path string) string {
	if strings.HasSuffix(path, "]") {
		return path[:max(strings.LastIndexByte(path, '['), 0)]
	}
	return path[:max(strings.LastIndexByte(path, '.'), 0)]
}
