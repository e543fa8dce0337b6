package spark

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// maxWorkers is beyond any cluster, and what the fields of Kubernetes hold.
const maxWorkers = 1_000_000

// check reports what is wrong with the cluster's own fields.
func (c *Cluster) check(p *millrace.Problems) {
	switch {
	case c.Name == "":
		p.Required("Name", "give it a name")
	case len(validation.IsDNS1035Label(c.Name)) > 0 || len(c.Name) > maxClusterName:
		p.Invalid("Name", c.Name, fmt.Sprintf("not a DNS label of at most %d characters that starts with a letter", maxClusterName),
			"use lower-case letters, digits and '-', a letter first")
	}
	p.Namespace("Namespace", c.Namespace)
	p.Labels("Labels", c.Labels)
	p.Annotations("Annotations", c.Annotations)
	if strings.ContainsAny(c.Image, " \t\r\n") {
		p.Invalid("Image", c.Image, "holds white space", "write it as registry/name:tag")
	}
	checkPull(p, "", c.PullPolicy, c.PullSecrets)
	c.Placement.Check(p, "Placement")
	m, w := &c.Master, &c.Workers
	checkSizes(p, "Master.", m.Cores, m.Memory)
	checkClusterPod(p, "Master.Pod.", m.Pod, "SPARK_DAEMON_MEMORY", "SPARK_MASTER_OPTS")
	checkSizes(p, "Workers.", w.Cores, w.Memory)
	checkClusterPod(p, "Workers.Pod.", w.Pod, "SPARK_WORKER_CORES", "SPARK_WORKER_MEMORY", "SPARK_WORKER_OPTS", "SPARK_LOCAL_DIRS", "SPARK_LOG_DIR")
	for i, v := range m.Pod.Volumes {
		if v.Scratch {
			p.Unsupported(fmt.Sprintf("Master.Pod.Volumes[%d].Scratch", i), "a master has no use for it", "put it into Workers.Pod.Volumes")
		}
	}
	for _, n := range []struct {
		field string
		value int32
	}{{"Min", w.Min}, {"Initial", w.Initial}, {"Max", w.Max}} {
		if n.value < 0 || n.value > maxWorkers {
			p.Invalid("Workers."+n.field, n.value, "not a number of workers", "use at least 1")
		}
	}
	if w.TargetCPU < 0 || w.TargetCPU > 100 {
		p.Invalid("Workers.TargetCPU", w.TargetCPU, "not a share of the CPU in percent", "use 1 to 100")
	}
	checkClusterConf(p, "Conf", c.Conf)
	checkClusterConf(p, "Base.SparkConf", c.Base.SparkConf)
}

func checkSizes(p *millrace.Problems, at string, cores int32, memory millrace.Bytes) {
	if cores < 0 {
		p.Invalid(at+"Cores", cores, "less than one", "use at least 1")
	}
	if memory != 0 {
		checkSize(p, at+"Memory", memory, minMemory)
	}
}

// checkClusterPod reports what is wrong with a pod, and variables that others
// set.
func checkClusterPod(p *millrace.Problems, at string, pod ClusterPod, taken ...string) {
	if pod.ServiceAccount != "" {
		p.Name(at+"ServiceAccount", pod.ServiceAccount)
	}
	if pod.PriorityClass != "" {
		p.Name(at+"PriorityClass", pod.PriorityClass)
	}
	pod.Placement.Check(p, at+"Placement")
	p.Labels(at+"Labels", pod.Labels)
	for _, key := range []string{labelRole, labelApacheOperator, labelApacheCluster} {
		if _, ok := pod.Labels[key]; ok {
			p.Conflict(at+"Labels["+key+"]", "the operator finds its pods by it", "leave it out")
		}
	}
	p.Annotations(at+"Annotations", pod.Annotations)
	checkEnv(p, at, pod.Env, pod.EnvFrom)
	for i, e := range pod.Env {
		if slices.Contains(taken, e.Name) {
			p.Conflict(fmt.Sprintf("%sEnv[%d]", at, i), "the operator or another field sets "+e.Name, "use Cores, Memory, Volumes or Conf")
		}
	}
	checkVolumes(p, at+"Volumes", pod.Volumes)
}

// checkClusterConf reports settings that don't reach the master and the workers:
// the operator passes them on the command line, in quotes.
func checkClusterConf(p *millrace.Problems, field string, conf map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(conf)) {
		at := field + "[" + key + "]"
		switch {
		case key == keyImage:
			p.Conflict(at, "the field Image governs this setting", "set Image instead")
		case key == "spark.kubernetes.namespace":
			p.Conflict(at, "the operator overwrites it", "set Namespace instead")
		case strings.HasPrefix(key, "spark.kubernetes.") && key != "spark.kubernetes.scheduler.name":
			p.Add(millrace.RuleUnknown, at, "a standalone cluster has no such setting, and ignores it without a word", "leave it out; pods are described by Master.Pod, Workers.Pod and Base")
		case !strings.HasPrefix(key, "spark.") || strings.ContainsAny(key, " \t\r\n=\"\\"):
			p.Invalid(at, key, "not the name of a Spark setting", `start it with "spark."`)
		case strings.ContainsAny(conf[key], "\"\\\r\n"):
			p.Invalid(at, conf[key], "it would end the quotes in which the operator passes it to the JVM", "leave out '\"', '\\' and line breaks")
		}
	}
}

// checkSpec reports what is wrong once Base, fields and defaults are one.
func (c *Cluster) checkSpec(p *millrace.Problems, s *apachev1.ClusterSpec) {
	parseVersion(s.RuntimeVersions.SparkVersion).check(p)
	if s.SparkConf[keyImage] == "" {
		p.Required("Image", `name an image with Spark, such as "company-registry/spark:4.1.2"`)
	}
	n := s.ClusterTolerations.InstanceConfig
	if n.MinWorkers > n.MaxWorkers {
		p.Conflict("Workers.Min", fmt.Sprintf("%d is more than Max, %d", n.MinWorkers, n.MaxWorkers), "lower Min or raise Max")
	} else if n.InitWorkers < n.MinWorkers || n.InitWorkers > n.MaxWorkers {
		p.Conflict("Workers.Initial", fmt.Sprintf("%d does not lie between Min, %d, and Max, %d", n.InitWorkers, n.MinWorkers, n.MaxWorkers), "bring it between the two")
	}
	if n.MinWorkers == n.MaxWorkers && s.WorkerSpec.HorizontalPodAutoscalerSpec != nil {
		field := "Workers.TargetCPU"
		if c.Workers.TargetCPU == 0 {
			field = "Base.WorkerSpec.HorizontalPodAutoscalerSpec"
		}
		p.Conflict(field, "the number of workers is fixed, and the operator scales nothing", "set Workers.Max above Min")
	}
	if m := c.Base.MasterSpec; m != nil && m.StatefulSetSpec != nil {
		checkSet(p, "Base.MasterSpec.StatefulSetSpec.", m.StatefulSetSpec, masterContainer)
	}
	if w := c.Base.WorkerSpec; w != nil && w.StatefulSetSpec != nil {
		checkSet(p, "Base.WorkerSpec.StatefulSetSpec.", w.StatefulSetSpec, workerContainer)
	}
}

// checkSet reports what the operator overwrites in a StatefulSet.
// Source: Apache Spark Kubernetes Operator, SparkClusterResourceSpec.java.
func checkSet(p *millrace.Problems, at string, s *appsv1.StatefulSetSpec, container string) {
	pod := &s.Template.Spec
	own := slices.IndexFunc(pod.Containers, func(c corev1.Container) bool { return c.Name == container })
	var command, args []string
	image := ""
	if own >= 0 {
		command, args, image = pod.Containers[own].Command, pod.Containers[own].Args, pod.Containers[own].Image
	}
	spark := fmt.Sprintf("Template.Spec.Containers[%d].", max(own, 0))
	for _, of := range []struct {
		field string
		set   bool
		fix   string
	}{
		{"Replicas", s.Replicas != nil, "use Workers.Initial, Min and Max"},
		{"PodManagementPolicy", s.PodManagementPolicy != "", "leave it out"},
		{"Template.Spec.SchedulerName", pod.SchedulerName != "", "set spark.kubernetes.scheduler.name in Conf"},
		{"Template.Spec.TerminationGracePeriodSeconds", pod.TerminationGracePeriodSeconds != nil, "leave it out"},
		{"Template.Spec.DNSConfig", pod.DNSConfig != nil && container == workerContainer, "leave it out"},
		{spark + "Image", image != "", "use Image"},
		{spark + "Command", len(command) > 0, "leave it out: the operator adds its own behind it"},
		{spark + "Args", len(args) > 0, "leave it out: the operator adds its own behind it"},
	} {
		if of.set {
			p.Conflict(at+of.field, "the operator sets it", of.fix)
		}
	}
}
