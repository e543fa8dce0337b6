package spark

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// Cluster is a standalone Spark cluster: a master, to which applications are
// submitted as spark://<name>-master-svc:7077, and the workers that run their
// executors. Apache's Spark operator, version 1.0 and later, keeps it.
//
// Name, Image and Version are required. Every other zero field is the production
// default that its comment names.
//
// A worker that goes, by scaling down or with its node, has no time to move what
// it holds: the operator gives pods no grace period. What must be reliable runs
// as a Job, which has pods of its own.
//
// Build and SparkCluster neither change the Cluster nor keep memory in common
// with it; they may be called concurrently.
type Cluster struct {
	// Name is the name of the SparkCluster, and the prefix of its pods and
	// services.
	//
	// Required. At most 45 lower-case letters, digits and dashes, a letter first:
	// Kubernetes writes the workers' <name>-worker and a hash into a label.
	//
	// Rendered as metadata.name.
	// Source: Kubernetes issue 64023.
	Name string
	// Namespace is where the pods run.
	//
	// Zero leaves it to whoever applies the manifest.
	//
	// Rendered as metadata.namespace.
	Namespace string
	// Labels go onto the SparkCluster only. Rendered as metadata.labels.
	Labels map[string]string
	// Annotations go onto the SparkCluster only. Rendered as
	// metadata.annotations.
	Annotations map[string]string

	// Image is the container image of the master and the workers, with Spark in
	// /opt/spark.
	//
	// Required. Give it a version's tag or a digest.
	//
	// Rendered as spark.kubernetes.container.image in spec.sparkConf.
	Image string
	// Version is the Spark version in the image: "4.1.2".
	//
	// Required.
	//
	// Rendered as spec.runtimeVersions.sparkVersion.
	Version string
	// PullPolicy says when a node pulls the image.
	//
	// Zero means IfNotPresent.
	//
	// Rendered as imagePullPolicy of both containers.
	PullPolicy PullPolicy
	// PullSecrets name the secrets of a private registry. Rendered as
	// imagePullSecrets of both pod templates.
	PullSecrets []string

	// Master is the pod that hands out the workers' cores.
	Master Master
	// Workers are the pods in which executors run.
	Workers Workers
	// Placement says on which nodes both run. A Placement of the Master's or the
	// Workers' own replaces it there.
	//
	// Zero is any node. Rendered into both pod templates.
	Placement millrace.Placement

	// Conf holds Spark settings of the master and the workers:
	// "spark.deploy.recoveryMode". It overrides millrace's defaults. Of the
	// spark.kubernetes settings, the operator reads that of the scheduler only.
	//
	// The defaults are spark.worker.cleanup.enabled, so that workers delete what
	// ended applications leave on their disks, and spark.shuffle.service.enabled,
	// so that shuffle data outlives the executor that wrote it.
	//
	// Rendered as spec.sparkConf.
	// Source: Spark, spark-standalone; Apache Spark Kubernetes Operator,
	// SparkClusterSubmissionWorker.java.
	Conf map[string]string
	// Base reaches every field of the operator's spec that has no field here. What
	// the Cluster's own fields say is laid over it; a field set in both is a
	// conflict.
	Base apachev1.ClusterSpec
}

// Master is the pod that hands out the workers' cores to applications. There is
// one; applications that run go on without it, and new ones wait.
type Master struct {
	// Cores is the CPU that it requests. There is no limit.
	//
	// Zero means 1. At least 1.
	//
	// Rendered as the container's resources.
	Cores int32
	// Memory is the heap of its JVM. The pod requests 10% more, and at least
	// 384 MiB more; that is its limit as well.
	//
	// Zero means 1 GiB. At least 512 MiB, in whole MiB.
	//
	// Rendered as SPARK_DAEMON_MEMORY and as the container's resources.
	// Source: Spark, spark-standalone, SPARK_DAEMON_MEMORY.
	Memory millrace.Bytes
	// Pod is what its pod has beside its size. Rendered in
	// spec.masterSpec.statefulSetSpec.template.
	Pod ClusterPod
}

// Workers are the pods in which executors run.
type Workers struct {
	// Min is the least number of workers.
	//
	// Zero means Initial, or Max if that is less than 2, or else 2: the loss of
	// one doesn't stop the applications.
	//
	// Rendered as spec.clusterTolerations.instanceConfig.minWorkers.
	Min int32
	// Initial is their number at the start. Zero means Min.
	//
	// Rendered as spec.clusterTolerations.instanceConfig.initWorkers.
	Initial int32
	// Max is the most workers. Where it is more than Min, the operator makes a
	// HorizontalPodAutoscaler, which needs the cluster's metrics server.
	//
	// Zero means as many as Min and Initial say.
	//
	// Rendered as spec.clusterTolerations.instanceConfig.maxWorkers.
	Max int32
	// TargetCPU is the share of the requested CPU, in percent, above which there
	// are to be more workers: one a minute at the most, and one less in ten.
	//
	// Zero means the operator's 30%. At most 100, and only with Max.
	//
	// Rendered as spec.workerSpec.horizontalPodAutoscalerSpec.
	// Source: Apache Spark Kubernetes Operator, SparkClusterResourceSpec.java.
	TargetCPU int32
	// Cores is how many cores a worker lends to executors, and the CPU that it
	// requests. There is no limit.
	//
	// Zero means 2. At least 1.
	//
	// Rendered as SPARK_WORKER_CORES and as the container's resources. Without
	// the variable, a worker lends all cores of its node.
	// Source: Spark, spark-standalone, SPARK_WORKER_CORES.
	Cores int32
	// Memory is how much a worker lends to executors, which are the sum of their
	// heaps. The pod requests 10% more, and at least 384 MiB, for what the
	// executors need beside, and 1 GiB for the worker itself; that is its limit
	// as well.
	//
	// Zero means 4 GiB. At least 512 MiB, in whole MiB.
	//
	// Rendered as SPARK_WORKER_MEMORY and as the container's resources. Without
	// the variable, a worker lends all memory of its node but 1 GiB.
	// Source: Spark, spark-standalone, SPARK_WORKER_MEMORY.
	Memory millrace.Bytes
	// Pod is what their pods have beside their size. Its scratch volumes are where
	// executors keep shuffle data and what doesn't fit into memory, by
	// SPARK_LOCAL_DIRS. Rendered in spec.workerSpec.statefulSetSpec.template.
	Pod ClusterPod
}

// ClusterPod is what the pods of a Cluster have in common. Rendered in the pod
// template of the master or of the workers.
type ClusterPod struct {
	// ServiceAccount is the pod's. Standalone Spark doesn't use the API server, so
	// an account without rights does.
	//
	// Zero is the namespace's default account. Rendered as
	// spec.serviceAccountName.
	ServiceAccount string
	// PriorityClass keeps the pod from being preempted before others.
	//
	// Zero names none. Rendered as spec.priorityClassName.
	PriorityClass string
	// Placement replaces the Cluster's, unless it is empty. Rendered as
	// nodeSelector, tolerations and affinity, and as annotations.
	Placement millrace.Placement
	// Labels of the pod.
	Labels map[string]string
	// Annotations of the pod. They go before those of the placement, and those
	// before millrace.EvictionGuards, which are there by default.
	Annotations map[string]string
	// Env holds environment variables of Spark's container.
	Env []corev1.EnvVar
	// EnvFrom turns all keys of a secret or config map into environment variables.
	EnvFrom []corev1.EnvFromSource
	// Volumes are mounted into Spark's container.
	Volumes []Volume
	// Security is the pod's security context.
	Security Security
}
