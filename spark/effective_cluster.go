package spark

import (
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// clusterPods returns the master and the workers of a SparkCluster. The operator
// lays what it needs over their templates.
// Source: Apache Spark Kubernetes Operator, SparkClusterResourceSpec.java.
func clusterPods(o *apachev1.SparkCluster) []millrace.Pod {
	spec := deref(o.Spec)
	n := spec.ClusterTolerations.InstanceConfig
	least, most := int(n.MinWorkers), int(n.MaxWorkers)
	if least >= most { // nothing scales
		least, most = int(n.InitWorkers), int(n.InitWorkers)
	}
	var master, worker *appsv1.StatefulSetSpec
	if s := spec.MasterSpec; s != nil {
		master = s.StatefulSetSpec
	}
	if s := spec.WorkerSpec; s != nil {
		worker = s.StatefulSetSpec
	}
	return []millrace.Pod{
		clusterPod(o, &spec, masterContainer, master, 1, 1),
		clusterPod(o, &spec, workerContainer, worker, max(least, 0), max(most, 0)),
	}
}

func clusterPod(o *apachev1.SparkCluster, spec *apachev1.ClusterSpec, role string, set *appsv1.StatefulSetSpec, least, most int) millrace.Pod {
	at := "spec." + role + "Spec"
	p := millrace.Pod{
		Owner: millrace.RefOf(o), Role: role, Namespace: o.Namespace, Whole: true, Min: least, Max: most,
		Path: at + ".statefulSetSpec.template", Fields: make(map[string]string),
	}
	if set != nil {
		p.Template = *set.Template.DeepCopy()
		for i, claim := range set.VolumeClaimTemplates {
			p.Claims = append(p.Claims, *claim.DeepCopy())
			p.Fields[fmt.Sprintf("claims[%d]", i)] = fmt.Sprintf("%s.statefulSetSpec.volumeClaimTemplates[%d]", at, i)
		}
	}
	label := func(key, value, from string) {
		put(&p.Template.Labels, key, value)
		p.Fields["metadata.labels["+key+"]"] = from
	}
	label(labelRole, role, at)
	label("spark-version", spec.RuntimeVersions.SparkVersion, "spec.runtimeVersions.sparkVersion")
	if o.Name != "" {
		label(labelApacheCluster, o.Name, "metadata.name")
	}
	pod := &p.Template.Spec
	conf := func(key string) string { return "spec.sparkConf[" + key + "]" }
	const scheduler = "spark.kubernetes.scheduler.name"
	pod.SchedulerName = first(spec.SparkConf[scheduler], corev1.DefaultSchedulerName)
	p.Fields["spec.schedulerName"] = conf(scheduler)
	pod.TerminationGracePeriodSeconds = new(int64(0))
	p.Fields["spec.terminationGracePeriodSeconds"] = at
	own := slices.IndexFunc(pod.Containers, func(c corev1.Container) bool { return c.Name == role })
	if own < 0 {
		own = len(pod.Containers)
		pod.Containers = append(pod.Containers, corev1.Container{Name: role})
		p.Fields[fmt.Sprintf("spec.containers[%d]", own)] = at
		p.Fields[fmt.Sprintf("spec.containers[%d].name", own)] = at
	}
	c := &pod.Containers[own]
	c.Image = strings.ReplaceAll(spec.SparkConf[keyImage], versionMark, spec.RuntimeVersions.SparkVersion)
	p.Fields[fmt.Sprintf("spec.containers[%d].image", own)] = conf(keyImage)
	p.Whole = c.Image != "" // the operator has an image of its own
	return p
}
