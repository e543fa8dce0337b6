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
	// Whole says that the operator adds nothing that a rule could miss: no
	// containers, images or security contexts.
	Whole bool
	// Min and Max are how many there are at once, at the least and at the most.
	// They are equal where nothing scales; Max is zero where it has no bound
	// that the object tells.
	Min, Max int
	// Ends says that the pod runs to its end, as that of a Job does, and isn't
	// there all the time.
	Ends bool
	// Claims are the volume claims that are made for each of the pods.
	Claims []corev1.PersistentVolumeClaim
	// Path is where the template stands in the object: "spec.template". Field
	// joins it with a path inside of the template.
	Path string
	// Fields are the paths of the template that stand elsewhere:
	// "spec.containers[0].env[1]" at "spec.driver.env[0]". What is below such a
	// path follows it.
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
// as "spec.containers[0].image" or "metadata.annotations[a/b]". The empty path
// is the template itself.
func (p Pod) Field(path string) string {
	for at := path; at != ""; at = parentField(at) {
		if field, ok := p.Fields[at]; ok {
			return joinField(field, strings.TrimPrefix(path[len(at):], "."))
		}
	}
	return joinField(p.Path, path)
}

// parentField takes the last step off a field's path.
func parentField(path string) string {
	if strings.HasSuffix(path, "]") {
		return path[:max(strings.LastIndexByte(path, '['), 0)]
	}
	return path[:max(strings.LastIndexByte(path, '.'), 0)]
}
