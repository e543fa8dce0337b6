package spark

import (
	"slices"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
)

// takeTemplates makes the pod templates: those of the spec, with what the
// operator's webhook would write into the pods. It comes after take, when what
// settings say has left the spec. What stays now could not be said at all.
func (w *submission) takeTemplates(app *v1beta2.SparkApplication) {
	client := app.Spec.Mode == v1beta2.DeployModeClient
	w.templates = make(map[role]*corev1.PodTemplateSpec)
	used := make(map[string]bool)
	for _, r := range roles {
		if client && r == driverRole {
			continue
		}
		w.templates[r] = w.template(r, app)
		for _, v := range w.templates[r].Spec.Volumes {
			used[v.Name] = true
		}
	}
	w.spec.Volumes = slices.DeleteFunc(w.spec.Volumes, func(v corev1.Volume) bool { return used[v.Name] })
	for _, r := range roles {
		clearTemplated(r, w.spec, used)
	}
	w.spec.HadoopConfigMap = nil
}

// template returns a role's template. The steps are those by which Pods tells
// what the webhook makes.
func (w *submission) template(r role, app *v1beta2.SparkApplication) *corev1.PodTemplateSpec {
	spec := *w.spec
	// These have gone into settings, or can't be said.
	spec.SparkConf, spec.NodeSelector, spec.SparkConfigMap, spec.BatchScheduler = nil, nil, nil, nil
	m := application{&spec, "Base"}.podMaker(r, app)
	m.scheduling()
	m.surround()
	m.gpu()
	m.environment()
	m.volumes()
	m.containers()
	// The webhook takes only what Spark's own container mounts.
	pod := &m.pod.Template.Spec
	for _, v := range spec.Volumes {
		has := slices.ContainsFunc(pod.Volumes, func(have corev1.Volume) bool { return have.Name == v.Name })
		if !has && (mounts(pod.Containers, v.Name) || mounts(pod.InitContainers, v.Name)) {
			pod.Volumes = append(pod.Volumes, v)
		}
	}
	return &m.pod.Template
}

// clearTemplated clears the fields that the templates have taken.
func clearTemplated(r role, s *v1beta2.SparkApplicationSpec, volumes map[string]bool) {
	pod := r.pod(s)
	pod.Template = nil
	pod.NodeSelector, pod.SchedulerName, pod.Tolerations, pod.Affinity = nil, nil, nil, nil
	pod.SecurityContext, pod.PodSecurityContext, pod.TerminationGracePeriodSeconds = nil, nil, nil
	pod.HostNetwork, pod.HostAliases, pod.DNSConfig, pod.ShareProcessNamespace = nil, nil, nil, nil
	pod.Env, pod.EnvFrom, pod.ConfigMaps, pod.InitContainers, pod.Sidecars = nil, nil, nil, nil, nil
	if g := pod.GPU; g != nil && g.Name != "" && g.Quantity > 0 {
		pod.GPU = nil
	}
	pod.VolumeMounts = slices.DeleteFunc(pod.VolumeMounts, func(m corev1.VolumeMount) bool { return volumes[m.Name] })
	if r == driverRole {
		s.Driver.Ports, s.Driver.Lifecycle, s.Driver.PriorityClassName = nil, nil, nil
		return
	}
	s.Executor.Ports, s.Executor.Lifecycle, s.Executor.PriorityClassName = nil, nil, nil
}
