package policy

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// builtinPods returns the pods of Kubernetes' own kinds.
func builtinPods(o millrace.Object) []millrace.Pod {
	pod := func(path, count string, template corev1.PodTemplateSpec, replicas *int32, claims ...corev1.PersistentVolumeClaim) []millrace.Pod {
		n := 1
		if replicas != nil {
			n = int(max(*replicas, 0))
		}
		return []millrace.Pod{{
			Owner: millrace.RefOf(o), Namespace: o.GetNamespace(), Template: template, Whole: true,
			Min: n, Max: n, Claims: claims, Path: path, Count: count,
		}}
	}
	ends := func(pods []millrace.Pod) []millrace.Pod {
		for i := range pods {
			pods[i].Ends = true
		}
		return pods
	}
	switch o := o.(type) {
	case *corev1.Pod:
		out := pod("", "", corev1.PodTemplateSpec{ObjectMeta: o.ObjectMeta, Spec: o.Spec}, nil)
		if p := o.Spec.RestartPolicy; p == corev1.RestartPolicyNever || p == corev1.RestartPolicyOnFailure {
			return ends(out)
		}
		return out
	case *appsv1.Deployment:
		return pod("spec.template", "spec.replicas", o.Spec.Template, o.Spec.Replicas)
	case *appsv1.ReplicaSet:
		return pod("spec.template", "spec.replicas", o.Spec.Template, o.Spec.Replicas)
	case *appsv1.StatefulSet:
		out := pod("spec.template", "spec.replicas", o.Spec.Template, o.Spec.Replicas, o.Spec.VolumeClaimTemplates...)
		out[0].Fields = map[string]string{"claims": "spec.volumeClaimTemplates"}
		return out
	case *appsv1.DaemonSet:
		out := pod("spec.template", "", o.Spec.Template, nil)
		out[0].Max = 0 // as many as there are nodes
		return out
	case *batchv1.Job:
		return ends(pod("spec.template", "spec.parallelism", o.Spec.Template, parallel(&o.Spec)))
	case *batchv1.CronJob:
		return ends(pod("spec.jobTemplate.spec.template", "spec.jobTemplate.spec.parallelism", o.Spec.JobTemplate.Spec.Template, parallel(&o.Spec.JobTemplate.Spec)))
	}
	return nil
}

// parallel is how many pods of a Job run at once.
func parallel(j *batchv1.JobSpec) *int32 {
	n := int32(1)
	if j.Parallelism != nil {
		n = *j.Parallelism
	}
	if j.Completions != nil {
		n = min(n, *j.Completions)
	}
	return &n
}
