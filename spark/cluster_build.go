package spark

import (
	"maps"
	"reflect"
	"strconv"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/spark/apachev1"
)

const (
	// maxClusterName leaves room for "-worker" and the hash of a revision in the
	// 63 characters of a label. Source: Kubernetes issue 64023.
	maxClusterName = 63 - len("-worker") - len("-0123456789")
	// The sizes of a cluster, which are those of a Job's executors where they
	// mean the same. Source: Spark, spark-standalone, SPARK_DAEMON_MEMORY.
	defaultWorkers     = defaultInstances
	daemonMemory       = millrace.GiB
	defaultMasterCores = 1

	// Source: Apache Spark Kubernetes Operator, SparkClusterResourceSpec.java.
	masterContainer, workerContainer = "master", "worker"
	scaleUpSeconds, scaleDownSeconds = 60, 600

	keyImage         = "spark.kubernetes.container.image"
	keyWorkerCleanup = "spark.worker.cleanup.enabled"
)

// Build checks the cluster and returns its SparkCluster.
func (c *Cluster) Build() (millrace.Parts, error) {
	out, err := c.SparkCluster()
	if err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: []millrace.Object{out}, PlacedOn: c.placedOn()}, nil
}

// SparkCluster checks the cluster and returns its SparkCluster.
func (c *Cluster) SparkCluster() (*apachev1.SparkCluster, error) {
	p := &millrace.Problems{Object: millrace.Ref{Kind: "spark.Cluster"}}
	if c == nil {
		p.Required("", "the *spark.Cluster is nil: leave it out")
		return nil, p.Err()
	}
	p.Object.Namespace, p.Object.Name = c.Namespace, c.Name
	c = transformer{func(path, s string) string {
		checkString(p, path, s, alone)
		return s
	}}.value(reflect.ValueOf(c), "").Interface().(*Cluster)
	c.check(p)
	spec := c.Base
	own := c.fields()
	for _, path := range overlay.Lay(&spec, &own) {
		p.Conflict("Base."+path, "the cluster's own field says it as well", "leave one of the two out")
	}
	c.finish(&spec)
	c.checkSpec(p, &spec)
	if err := p.Err(); err != nil {
		return nil, err
	}
	return &apachev1.SparkCluster{
		TypeMeta:   metav1.TypeMeta{APIVersion: apachev1.GroupVersion.String(), Kind: "SparkCluster"},
		ObjectMeta: metav1.ObjectMeta{Name: c.Name, Namespace: c.Namespace, Labels: c.Labels, Annotations: c.Annotations},
		Spec:       &spec,
	}, nil
}

// fields returns what the cluster's own fields say.
func (c *Cluster) fields() apachev1.ClusterSpec {
	master, worker := c.template(masterContainer, c.Master.Pod), c.template(workerContainer, c.Workers.Pod)
	c.Master.size(master)
	c.Workers.size(worker)
	s := apachev1.ClusterSpec{
		RuntimeVersions: apachev1.RuntimeVersions{SparkVersion: c.Version},
		ClusterTolerations: apachev1.ClusterTolerations{InstanceConfig: apachev1.WorkerInstanceConfig{
			InitWorkers: int64(c.Workers.Initial), MinWorkers: int64(c.Workers.Min), MaxWorkers: int64(c.Workers.Max),
		}},
		SparkConf:  maps.Clone(c.Conf),
		MasterSpec: &apachev1.MasterSpec{StatefulSetSpec: &appsv1.StatefulSetSpec{Template: *master}},
		WorkerSpec: &apachev1.WorkerSpec{StatefulSetSpec: &appsv1.StatefulSetSpec{Template: *worker}},
	}
	if c.Image != "" {
		put(&s.SparkConf, keyImage, c.Image)
	}
	if c.Workers.TargetCPU != 0 {
		s.WorkerSpec.HorizontalPodAutoscalerSpec = c.autoscaler()
	}
	return s
}

// placement returns where a pod runs: its own placement, or the cluster's.
func (c *Cluster) placement(pod ClusterPod) millrace.Placement {
	if pod.Placement.Empty() {
		// Both pods may take the cluster's, and must not share its memory.
		return c.Placement.Clone()
	}
	return pod.Placement
}

// placedOn returns the pools that the cluster's pods are placed on.
func (c *Cluster) placedOn() []millrace.NodeShape {
	return millrace.PlacedOn(c.placement(c.Workers.Pod), c.placement(c.Master.Pod))
}

// template returns what the fields of a pod say, in the container of a name.
func (c *Cluster) template(container string, pod ClusterPod) *corev1.PodTemplateSpec {
	placement := c.placement(pod)
	parts := podParts{labels: pod.Labels, priorityClass: pod.PriorityClass, placement: placement, annotations: pod.Annotations,
		env: pod.Env, envFrom: pod.EnvFrom, volumes: pod.Volumes, security: pod.Security}
	fields := podFields(executorRole, "", parts)
	t := fields.Template
	if t == nil {
		t = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{}}}}
	}
	t.Labels, t.Annotations = fields.Labels, fields.Annotations
	t.Spec.ServiceAccountName = pod.ServiceAccount
	own := &t.Spec.Containers[0]
	own.Name, own.ImagePullPolicy = container, corev1.PullPolicy(c.PullPolicy)
	for _, name := range c.PullSecrets {
		t.Spec.ImagePullSecrets = append(t.Spec.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	}
	if dirs := scratchDirs(pod.Volumes); container == workerContainer && dirs != "" {
		own.Env = append(own.Env, corev1.EnvVar{Name: "SPARK_LOCAL_DIRS", Value: dirs})
	}
	return t
}

func scratchDirs(volumes []Volume) string {
	var dirs []string
	for _, v := range volumes {
		if v.Scratch {
			dirs = append(dirs, v.Path)
		}
	}
	return strings.Join(dirs, ",")
}

// size says in a master's template how large it is, where that is set.
func (m Master) size(t *corev1.PodTemplateSpec) {
	cpu(t, m.Cores)
	if m.Memory != 0 {
		memory(t, "SPARK_DAEMON_MEMORY", m.Memory, m.Memory+overhead(m.Memory, jvmFactor, minOverhead))
	}
}

// size does so for a worker.
func (w Workers) size(t *corev1.PodTemplateSpec) {
	cpu(t, w.Cores)
	if w.Cores != 0 {
		c := &t.Spec.Containers[0]
		c.Env = append(c.Env, corev1.EnvVar{Name: "SPARK_WORKER_CORES", Value: strconv.Itoa(int(w.Cores))})
	}
	if w.Memory != 0 {
		memory(t, "SPARK_WORKER_MEMORY", w.Memory, w.Memory+overhead(w.Memory, jvmFactor, minOverhead)+daemonMemory)
	}
}

func cpu(t *corev1.PodTemplateSpec, cores int32) {
	if cores != 0 {
		put(&t.Spec.Containers[0].Resources.Requests, corev1.ResourceCPU, *resource.NewQuantity(int64(cores), resource.DecimalSI))
	}
}

func memory(t *corev1.PodTemplateSpec, variable string, heap, pod millrace.Bytes) {
	c := &t.Spec.Containers[0]
	c.Env = append(c.Env, corev1.EnvVar{Name: variable, Value: heap.JVM()})
	put(&c.Resources.Requests, corev1.ResourceMemory, *resource.NewQuantity(int64(pod), resource.BinarySI))
	put(&c.Resources.Limits, corev1.ResourceMemory, *resource.NewQuantity(int64(pod), resource.BinarySI))
}

// autoscaler scales by the CPU of the workers' own container. Its pace is that
// of the operator, which fills in the numbers of workers.
func (c *Cluster) autoscaler() *autoscalingv2.HorizontalPodAutoscalerSpec {
	pace := func(seconds int32) *autoscalingv2.HPAScalingRules {
		return &autoscalingv2.HPAScalingRules{Policies: []autoscalingv2.HPAScalingPolicy{{Type: autoscalingv2.PodsScalingPolicy, Value: 1, PeriodSeconds: seconds}}}
	}
	return &autoscalingv2.HorizontalPodAutoscalerSpec{
		Metrics: []autoscalingv2.MetricSpec{{
			Type: autoscalingv2.ContainerResourceMetricSourceType,
			ContainerResource: &autoscalingv2.ContainerResourceMetricSource{
				Name: corev1.ResourceCPU, Container: workerContainer,
				Target: autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: &c.Workers.TargetCPU},
			},
		}},
		Behavior: &autoscalingv2.HorizontalPodAutoscalerBehavior{ScaleUp: pace(scaleUpSeconds), ScaleDown: pace(scaleDownSeconds)},
	}
}

// finish fills the gaps of what Base and the fields say.
func (c *Cluster) finish(s *apachev1.ClusterSpec) {
	n := &s.ClusterTolerations.InstanceConfig
	if n.MinWorkers == 0 {
		n.MinWorkers = n.InitWorkers
	}
	if n.MinWorkers == 0 {
		n.MinWorkers = defaultWorkers
		if n.MaxWorkers > 0 {
			n.MinWorkers = min(n.MinWorkers, n.MaxWorkers)
		}
	}
	if n.InitWorkers == 0 {
		n.InitWorkers = n.MinWorkers
	}
	if n.MaxWorkers == 0 {
		n.MaxWorkers = max(n.MinWorkers, n.InitWorkers)
	}
	d := apachev1.ClusterSpec{
		SparkConf:  map[string]string{keyWorkerCleanup: "true", keyServiceEnabled: "true"},
		MasterSpec: &apachev1.MasterSpec{StatefulSetSpec: c.defaultSet(masterContainer)},
		WorkerSpec: &apachev1.WorkerSpec{StatefulSetSpec: c.defaultSet(workerContainer)},
	}
	Master{Cores: defaultMasterCores, Memory: daemonMemory}.size(&d.MasterSpec.StatefulSetSpec.Template)
	Workers{Cores: defaultExecutorCores, Memory: defaultExecutorMemory}.size(&d.WorkerSpec.StatefulSetSpec.Template)
	if s.WorkerSpec.HorizontalPodAutoscalerSpec != nil {
		d.WorkerSpec.HorizontalPodAutoscalerSpec = &autoscalingv2.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "StatefulSet", Name: c.Name + "-worker"},
			MinReplicas:    new(int32(n.MinWorkers)), MaxReplicas: int32(n.MaxWorkers),
		}
	}
	overlay.Fill(s, &d)
}

// defaultSet is the restricted Pod Security profile and the guards against
// eviction. Its selector tells the pods of two clusters in one namespace apart,
// by which the autoscaler counts: the operator's own has the role only.
func (c *Cluster) defaultSet(container string) *appsv1.StatefulSetSpec {
	t := defaultTemplate(driverRole, &v1beta2.SparkPodSpec{}, 0)
	t.Labels = map[string]string{labelApacheCluster: c.Name, labelRole: container}
	t.Annotations = millrace.EvictionGuards()
	t.Spec.Containers[0].Name = container
	t.Spec.Containers[0].ImagePullPolicy = corev1.PullIfNotPresent
	return &appsv1.StatefulSetSpec{
		ServiceName: c.Name + "-" + container + "-svc",
		Selector:    &metav1.LabelSelector{MatchLabels: maps.Clone(t.Labels)},
		Template:    *t,
	}
}
