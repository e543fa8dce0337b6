package kafka

import (
	"maps"
	"reflect"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// PodTemplate is what the pods of a component get beside what Strimzi gives
// them. Where they run is said by Placement.
type PodTemplate struct {
	// Labels and Annotations go to the pods.
	//
	// Rendered in template.pod.metadata.
	Labels      map[string]string
	Annotations map[string]string

	// PriorityClass is the name of the priority class of the pods; brokers
	// should have one that batch jobs can't preempt.
	//
	// Rendered as template.pod.priorityClassName.
	PriorityClass string

	// GracePeriod is how long a pod has for an orderly end. Whole seconds.
	//
	// Nil means Strimzi's 30 seconds; new(time.Duration(0)) kills at once.
	//
	// Rendered as template.pod.terminationGracePeriodSeconds.
	GracePeriod *time.Duration

	// PullSecrets are the names of the secrets that images are pulled with.
	//
	// Rendered as template.pod.imagePullSecrets.
	PullSecrets []string

	// Security is the security context of the pods.
	//
	// Nil means Strimzi's own, by the operator's pod security provider.
	//
	// Rendered as template.pod.securityContext.
	Security *corev1.PodSecurityContext
}

// make writes the template of pods that also have a place, nil for nothing. at
// is the field that holds the template, place that of the placement.
func (t PodTemplate) make(p *millrace.Problems, field string, placement millrace.Placement, place string) *strimziv1.StatefulPodTemplate {
	placement.Check(p, place)
	p.Labels(field+".Labels", t.Labels)
	p.Annotations(field+".Annotations", t.Annotations)
	if t.PriorityClass != "" {
		p.Name(field+".PriorityClass", t.PriorityClass)
	}
	at := placement.Clone()
	out := &strimziv1.StatefulPodTemplate{
		Tolerations:       at.Tolerations,
		Affinity:          withNodeSelector(at.Affinity, at.NodeSelector),
		PriorityClassName: text(t.PriorityClass),
		SecurityContext:   t.Security.DeepCopy(),
	}
	annotations := at.Annotations
	for key, value := range t.Annotations {
		if other, ok := annotations[key]; ok && other != value {
			p.Conflict(field+".Annotations["+key+"]", "the placement sets it too", "use one of the two")
		}
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations[key] = value
	}
	if len(annotations) > 0 || len(t.Labels) > 0 {
		out.Metadata = &strimziv1.MetadataTemplate{Labels: maps.Clone(t.Labels), Annotations: annotations}
	}
	if g := t.GracePeriod; g != nil {
		if *g < 0 || *g%time.Second != 0 {
			p.Invalid(field+".GracePeriod", *g, "Kubernetes counts whole seconds", "round it")
		}
		out.TerminationGracePeriodSeconds = new(int64(*g / time.Second))
	}
	for _, name := range t.PullSecrets {
		p.Name(field+".PullSecrets", name)
		out.ImagePullSecrets = append(out.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	}
	if reflect.ValueOf(*out).IsZero() {
		return nil
	}
	return out
}

// plain writes the template of a pod set's pods as that of a Deployment's.
func plain(t *strimziv1.StatefulPodTemplate) *strimziv1.PodTemplate {
	if t == nil {
		return nil
	}
	out := new(strimziv1.PodTemplate)
	sameFields(out, t)
	return out
}

// sameFields copies the fields that two structs have in common, by their names.
func sameFields(to, from any) {
	dst, src := reflect.ValueOf(to).Elem(), reflect.ValueOf(from).Elem()
	for i := range dst.NumField() {
		if field := src.FieldByName(dst.Type().Field(i).Name); field.IsValid() {
			dst.Field(i).Set(field)
		}
	}
}
