package spark

import (
	"reflect"
	"strconv"
	"time"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// scratchPrefix starts the names of volumes that Spark uses as local
// directories. Source: Spark, running on Kubernetes, "Local Storage".
const scratchPrefix = "spark-local-dir-"

// podParts are the fields that Driver and Executor have in common and that go
// into the pod template.
type podParts struct {
	labels        map[string]string
	priorityClass string
	placement     millrace.Placement
	annotations   map[string]string
	env           []corev1.EnvVar
	envFrom       []corev1.EnvFromSource
	volumes       []Volume
	ports         []corev1.ContainerPort
	security      Security
	gracePeriod   time.Duration
	uiPort        int32
	// scheduler is who places the pod; empty is Kubernetes' own.
	scheduler string
	// disk is what the pod asks of the node's own disk.
	disk millrace.Bytes
}

// ownPod returns the parts of a role as the role's own fields say them.
func (j *Job) ownPod(r role) podParts {
	if r == executorRole {
		e := &j.Executor
		return podParts{
			labels: e.Labels, priorityClass: e.PriorityClass, placement: e.Placement, annotations: e.Annotations,
			env: e.Env, envFrom: e.EnvFrom, volumes: e.Volumes, security: e.Security, gracePeriod: e.GracePeriod, uiPort: j.uiPort(),
		}
	}
	d := &j.Driver
	return podParts{
		labels: d.Labels, priorityClass: d.PriorityClass, placement: d.Placement, annotations: d.Annotations,
		env: d.Env, envFrom: d.EnvFrom, volumes: d.Volumes, security: d.Security, gracePeriod: d.GracePeriod, uiPort: j.uiPort(),
	}
}

// pod returns the parts of a role, with the job's placement where the role
// has none of its own, and what the parts of the job add.
func (j *Job) pod(r role) podParts {
	parts := j.ownPod(r)
	if parts.placement.Empty() {
		// Both roles may take the job's, and must not share its memory.
		parts.placement = j.Placement.Clone()
	}
	for _, p := range j.parts() {
		p.pod(r, &parts)
	}
	return parts
}

// podFields returns what Spark has settings for as fields, and the rest as a
// template.
func podFields(r role, coreLimit string, parts podParts) v1beta2.SparkPodSpec {
	annotations := parts.annotations
	for key, value := range parts.placement.Annotations {
		if _, own := annotations[key]; !own {
			put(&annotations, key, value)
		}
	}
	return v1beta2.SparkPodSpec{
		CoreLimit:   nonZero(coreLimit),
		Labels:      parts.labels,
		Annotations: annotations,
		Template:    parts.template(r),
	}
}

// template returns the pod template of a role, or nil if nothing goes there.
func (parts podParts) template(r role) *corev1.PodTemplateSpec {
	container := corev1.Container{
		Name:            r.container(),
		Env:             parts.env,
		EnvFrom:         parts.envFrom,
		Ports:           parts.ports,
		SecurityContext: parts.security.Container,
	}
	if parts.disk > 0 {
		container.Resources.Requests = corev1.ResourceList{corev1.ResourceEphemeralStorage: *quantity(parts.disk)}
	}
	t := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{
		NodeSelector:                  parts.placement.NodeSelector,
		Tolerations:                   parts.placement.Tolerations,
		Affinity:                      parts.placement.Affinity,
		SchedulerName:                 parts.scheduler,
		PriorityClassName:             parts.priorityClass,
		SecurityContext:               parts.security.Pod,
		TerminationGracePeriodSeconds: wholeSeconds(parts.gracePeriod),
	}}
	for _, v := range parts.volumes {
		t.Spec.Volumes = append(t.Spec.Volumes, corev1.Volume{Name: v.name(), VolumeSource: v.Source})
		container.VolumeMounts = append(container.VolumeMounts,
			corev1.VolumeMount{Name: v.name(), MountPath: v.Path, SubPath: v.SubPath, ReadOnly: v.ReadOnly})
	}
	if reflect.DeepEqual(container, corev1.Container{Name: r.container()}) {
		if reflect.DeepEqual(t, &corev1.PodTemplateSpec{}) {
			return nil
		}
	}
	t.Spec.Containers = []corev1.Container{container}
	return t
}

// name returns the volume's name in the pod.
func (v Volume) name() string {
	if v.Scratch {
		return scratchPrefix + v.Name
	}
	return v.Name
}

// jvm returns a size as Spark reads it, or nil for zero.
func jvm(b millrace.Bytes) *string {
	if b == 0 {
		return nil
	}
	return new(b.JVM())
}

// threshold returns a bound for broadcasts, where Spark writes never as -1.
func threshold(b millrace.Bytes) string {
	if b == 0 {
		return "-1"
	}
	return b.JVM()
}

func seconds(d time.Duration) string {
	return strconv.FormatInt(int64(d/time.Second), 10) + "s"
}

func boolean(b bool) string { return strconv.FormatBool(b) }

func decimal(n int32) string { return strconv.Itoa(int(n)) }

func wholeSeconds(d time.Duration) *int64 {
	return nonZero(int64(d / time.Second))
}
