package kafka

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// PodTemplate is what the pods of a component get beside what Strimzi gives
// them. Where they run is said by Placement. Every component takes all of it;
// host aliases, DNS and the rest are in the Base of the noun.
type PodTemplate struct {
	// Labels and Annotations go to the pods.
	//
	// Rendered in template.pod.metadata.
	Labels, Annotations map[string]string

	// PriorityClass is the name of the priority class of the pods; brokers
	// should have one that batch jobs can't preempt. Empty means the
	// cluster's default.
	//
	// Rendered as template.pod.priorityClassName.
	PriorityClass string

	// Scheduler is the name of the scheduler that places the pods.
	//
	// Empty means Kubernetes' own.
	//
	// Rendered as template.pod.schedulerName.
	Scheduler string

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

	// ContainerSecurity is the security context of the component's container.
	//
	// Nil means Strimzi's own, by the operator's pod security provider.
	//
	// Rendered as securityContext of the container's template.
	ContainerSecurity *corev1.SecurityContext

	// TmpSize is how large /tmp may get, which is in memory.
	//
	// Zero means Strimzi's 5 MiB.
	//
	// Rendered as template.pod.tmpDirSizeLimit.
	TmpSize millrace.Bytes

	// Env are environment variables of the component's container: values, or
	// keys of a secret or a config map. One that Strimzi sets itself stays as
	// it is.
	//
	// Rendered as env of the container's template.
	Env []corev1.EnvVar

	// Mounts are volumes in the component's container.
	//
	// Rendered as template.pod.volumes, and as volumeMounts of the container's
	// template.
	Mounts []Mount
}

// Mount is a volume in a component's container.
//
// Rendered as one of template.pod.volumes, and as one of volumeMounts of the
// component's container.
type Mount struct {
	// Name is that of the volume: a DNS label, unique in the pod. Required.
	Name string

	// Path is where it is mounted: below /mnt, which is all that Strimzi
	// allows. Required.
	Path string

	// Source is what it holds: a Secret, ConfigMap, EmptyDir,
	// PersistentVolumeClaim, CSI or Image. Strimzi has no other. Required.
	Source corev1.VolumeSource

	// SubPath is the part of the volume that is mounted; empty means all of it.
	SubPath string

	// ReadOnly mounts it read-only.
	ReadOnly bool
}

// make writes the template of pods that also have a place, nil for nothing.
// field is the one that holds the template, place that of the placement. What
// is said of the container is written by container.
func (t PodTemplate) make(p *millrace.Problems, field string, placement millrace.Placement, place string) *strimziv1.StatefulPodTemplate {
	placement.Check(p, place)
	p.Labels(field+".Labels", t.Labels)
	p.Annotations(field+".Annotations", t.Annotations)
	if t.PriorityClass != "" {
		p.Name(field+".PriorityClass", t.PriorityClass)
	}
	at := placement.Clone()
	out := &strimziv1.StatefulPodTemplate{
		Metadata:          t.metadata(p, field, at.Annotations),
		Tolerations:       at.Tolerations,
		Affinity:          withNodeSelector(at.Affinity, at.NodeSelector),
		PriorityClassName: text(t.PriorityClass),
		SchedulerName:     text(t.Scheduler),
		SecurityContext:   t.Security.DeepCopy(),
	}
	out.TerminationGracePeriodSeconds = wholeSeconds(p, field+".GracePeriod", t.GracePeriod)
	if checkBytes(p, field+".TmpSize", t.TmpSize) && t.TmpSize > 0 {
		out.TmpDirSizeLimit = new(t.TmpSize.String())
	}
	for i, name := range t.PullSecrets {
		p.Name(fmt.Sprintf("%s.PullSecrets[%d]", field, i), name)
		out.ImagePullSecrets = append(out.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	}
	for i, mount := range t.Mounts {
		out.Volumes = append(out.Volumes, mount.volume(p, fmt.Sprintf("%s.Mounts[%d]", field, i)))
	}
	if isZero(*out) {
		return nil
	}
	return out
}

// metadata joins the labels and annotations with those of the placement, which
// are the caller's.
func (t PodTemplate) metadata(p *millrace.Problems, field string, annotations map[string]string) *strimziv1.MetadataTemplate {
	for key, value := range t.Annotations {
		if other, ok := annotations[key]; ok && other != value {
			p.Conflict(field+".Annotations["+key+"]", "the placement sets it too", "use one of the two")
		}
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations[key] = value
	}
	if len(annotations) == 0 && len(t.Labels) == 0 {
		return nil
	}
	return &strimziv1.MetadataTemplate{Labels: maps.Clone(t.Labels), Annotations: annotations}
}

// volume writes what is mounted. All sources but Strimzi's are reported.
func (m Mount) volume(p *millrace.Problems, field string) strimziv1.AdditionalVolume {
	s := m.Source.DeepCopy()
	out := strimziv1.AdditionalVolume{Name: text(m.Name)}
	// The fields of the two have the same names.
	dst := reflect.ValueOf(&out).Elem()
	src := reflect.ValueOf(s).Elem()
	for i := range src.NumField() {
		name := src.Type().Field(i).Name
		if src.Field(i).IsZero() {
			continue
		}
		if !dst.FieldByName(name).IsValid() {
			p.Unsupported(field+".Source."+name, "Strimzi mounts no such volume", "use a Secret, ConfigMap, EmptyDir, PersistentVolumeClaim, CSI or Image")
			continue
		}
		dst.FieldByName(name).Set(src.Field(i))
	}
	if isZero(*s) {
		p.Required(field+".Source", "say what is mounted, such as a Secret")
	}
	return out
}

// container writes what is said of the component's container, nil for nothing.
// Every component calls it beside make.
func (t PodTemplate) container(p *millrace.Problems, field string) *strimziv1.ContainerTemplate {
	out := &strimziv1.ContainerTemplate{SecurityContext: t.ContainerSecurity.DeepCopy()}
	for i, env := range t.Env {
		out.Env = append(out.Env, variable(p, fmt.Sprintf("%s.Env[%d]", field, i), env))
	}
	out.VolumeMounts = t.mounts()
	if isZero(*out) {
		return nil
	}
	return out
}

// mounts are where the volumes are in the container.
func (t PodTemplate) mounts() []corev1.VolumeMount {
	var out []corev1.VolumeMount
	for _, m := range t.Mounts {
		out = append(out, corev1.VolumeMount{Name: m.Name, MountPath: m.Path, SubPath: m.SubPath, ReadOnly: m.ReadOnly})
	}
	return out
}

// variable writes an environment variable; Strimzi has fewer sources of its
// value than Kubernetes.
func variable(p *millrace.Problems, field string, e corev1.EnvVar) strimziv1.ContainerEnvVar {
	out := strimziv1.ContainerEnvVar{Name: text(e.Name)}
	if from := e.ValueFrom; from != nil {
		if from.FieldRef != nil || from.ResourceFieldRef != nil || from.FileKeyRef != nil {
			p.Unsupported(field+".ValueFrom", "Strimzi takes no value from the pod or from a file", "use SecretKeyRef or ConfigMapKeyRef")
		}
		out.ValueFrom = &strimziv1.ContainerEnvVarSource{SecretKeyRef: from.SecretKeyRef.DeepCopy(), ConfigMapKeyRef: from.ConfigMapKeyRef.DeepCopy()}
	}
	if out.ValueFrom == nil || e.Value != "" {
		out.Value = new(e.Value)
	}
	return out
}

// origins registers where the fields stand, below the paths of the template
// and of the container's template.
func (t PodTemplate) origins(of origins, pod, container, field string) {
	for i := range t.Env {
		of.add(fmt.Sprintf("%s.env[%d]", container, i), fmt.Sprintf("%s.Env[%d]", field, i))
	}
	for i := range t.Mounts {
		at := fmt.Sprintf("%s.Mounts[%d]", field, i)
		of.add(fmt.Sprintf("%s.volumes[%d]", pod, i), at+".Source")
		of.add(fmt.Sprintf("%s.volumes[%d].name", pod, i), at+".Name")
		of.add(fmt.Sprintf("%s.volumeMounts[%d]", container, i), at)
		of.add(fmt.Sprintf("%s.volumeMounts[%d].name", container, i), at+".Name")
		of.add(fmt.Sprintf("%s.volumeMounts[%d].mountPath", container, i), at+".Path")
	}
}

// plain writes the template of a pod set's pods as that of a Deployment's:
// they have the same fields, and the former one more.
func plain(t *strimziv1.StatefulPodTemplate) *strimziv1.PodTemplate {
	return as[strimziv1.PodTemplate](t)
}

// stateful is the other way.
func stateful(t *strimziv1.PodTemplate) *strimziv1.StatefulPodTemplate {
	return as[strimziv1.StatefulPodTemplate](t)
}

// mountRoot is all that Strimzi mounts for others.
// Source: Strimzi, TemplateUtils.ALLOWED_MOUNT_PATH.
const mountRoot = "/mnt"

func mountable(path string) bool { return strings.HasPrefix(path, mountRoot) }
