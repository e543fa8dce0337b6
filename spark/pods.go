package spark

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Driver is the pod that plans the work. A job that loses it starts again
// from nothing, so it is kept from eviction by default.
type Driver struct {
	// Cores is how many CPUs the driver uses.
	//
	// Zero means 1. At least 1.
	//
	// Rendered as spec.driver.cores.
	// Source: Spark configuration, spark.driver.cores.
	Cores int32
	// CoreRequest is the CPU that the scheduler reserves, where it is not
	// Cores: "1800m".
	//
	// Zero reserves Cores CPUs.
	//
	// Rendered as spec.driver.coreRequest.
	CoreRequest string
	// CoreLimit is the CPU at which the pod is throttled; at least what it
	// requests.
	//
	// Zero means no limit, as a throttled driver misses heartbeats.
	//
	// Rendered as spec.driver.coreLimit.
	CoreLimit string
	// Memory is the heap of the driver's JVM, before Spark's overhead.
	//
	// Zero means 2 GiB. At least 512 MiB, in whole MiB. The pod requests 10%
	// more, 40% for Python and R, and at least 384 MiB more: see PodResources.
	//
	// Rendered as spec.driver.memory ("4g").
	Memory millrace.Bytes
	// MemoryOverhead is what the pod gets beside the heap.
	//
	// Zero leaves it to Spark's factor. In whole MiB.
	//
	// Rendered as spec.driver.memoryOverhead.
	MemoryOverhead millrace.Bytes
	// ServiceAccount must be allowed to create, watch and delete pods,
	// services, config maps and claims in the namespace. The executors use it
	// as well, unless Executor.ServiceAccount names theirs.
	//
	// Zero is the namespace's default account, which as a rule may not (rule
	// spark/driver-service-account).
	//
	// Rendered as spec.driver.serviceAccount.
	ServiceAccount string
	// PriorityClass keeps the driver from being preempted or evicted before
	// its executors.
	//
	// Zero names none, as no class of that kind exists in every cluster (rule
	// spark/driver-priority-class).
	//
	// Rendered as spec.driver.template.spec.priorityClassName.
	PriorityClass string
	// Placement replaces the Job's for the driver, unless it is empty.
	//
	// Rendered as nodeSelector, tolerations and affinity of
	// spec.driver.template, and as spec.driver.annotations.
	Placement millrace.Placement
	// Labels of the pod. Rendered as spec.driver.labels.
	Labels map[string]string
	// Annotations of the pod. They go before those of the placement, and
	// those before millrace.EvictionGuards, which are there by default.
	//
	// Rendered as spec.driver.annotations.
	Annotations map[string]string
	// Env holds environment variables, also those that come from a secret's
	// or a config map's key.
	//
	// Rendered in spec.driver.template, in the container
	// spark-kubernetes-driver.
	Env []corev1.EnvVar
	// EnvFrom turns all keys of a secret or config map into environment
	// variables. Rendered beside Env.
	EnvFrom []corev1.EnvFromSource
	// Volumes are mounted into the driver.
	Volumes []Volume
	// Scratch is where the driver keeps what doesn't fit into memory: results
	// that it collects, broadcast tables.
	//
	// Zero is Spark's own: a directory on the node's root disk.
	Scratch Scratch
	// Security is the pod's security context.
	Security Security
	// GracePeriod is the time between the request to end and the kill.
	//
	// Zero means Kubernetes' 30 s. Whole seconds.
	//
	// Rendered as spec.driver.template.spec.terminationGracePeriodSeconds.
	GracePeriod time.Duration
	// JavaOptions go to the driver's JVM; the heap's size is not among them.
	// An agent that Observe.Metrics names comes after them.
	//
	// Zero leaves the JVM as it is. Rendered as spec.driver.javaOptions.
	JavaOptions string
}

// Executor is the pods that do the work, all of them alike.
type Executor struct {
	// Cores is how many tasks an executor runs at once, and the CPU that it
	// requests.
	//
	// Zero means 2. At least 1.
	//
	// Rendered as spec.executor.cores.
	Cores int32
	// CoreRequest is the CPU that the scheduler reserves, where it is not
	// Cores: "3800m" fits four tasks on a node of four CPUs, which never has
	// all of them to give.
	//
	// Zero reserves Cores CPUs.
	//
	// Rendered as spec.executor.coreRequest.
	CoreRequest string
	// CoreLimit is the CPU at which the pod is throttled; at least what it
	// requests.
	//
	// Zero means no limit.
	//
	// Rendered as spec.executor.coreLimit.
	CoreLimit string
	// Memory is the heap of one executor, before Spark's overhead.
	//
	// Zero means 4 GiB. At least 512 MiB, in whole MiB; rule
	// spark/executor-memory asks for 1 GiB. The pod requests 10% more, 40% for Python
	// and R, and at least 384 MiB more: see PodResources.
	//
	// Rendered as spec.executor.memory ("8g").
	Memory millrace.Bytes
	// MemoryOverhead is what the pod gets beside the heap: threads, network
	// buffers, Python's processes.
	//
	// Zero leaves it to Spark's factor. In whole MiB.
	//
	// Rendered as spec.executor.memoryOverhead.
	MemoryOverhead millrace.Bytes
	// OffHeap is memory that Spark manages outside the heap; the pod requests
	// it on top.
	//
	// Zero means none.
	//
	// Rendered as spark.memory.offHeap.enabled and .size in spec.sparkConf.
	OffHeap millrace.Bytes
	// PythonMemory limits the Python processes of one executor; the pod
	// requests it on top.
	//
	// Zero means no limit. In whole MiB, for Python jobs only.
	//
	// Rendered as spark.executor.pyspark.memory in spec.sparkConf.
	PythonMemory millrace.Bytes
	// Broadcast bounds the tables that joins copy to every executor.
	Broadcast Broadcast
	// Instances is the number of executors.
	//
	// Zero means 2, Spark's own default. It does not go together with
	// DynamicAllocation.
	//
	// Rendered as spec.executor.instances.
	Instances int32
	// DynamicAllocation lets the number of executors follow the work.
	//
	// Zero keeps the number fixed.
	DynamicAllocation DynamicAllocation
	// ServiceAccount is the executors' own. They talk to their driver and not to
	// the API server, so an account without rights does.
	//
	// Zero is the driver's, whose rights an executor doesn't need. Where pods get
	// the cloud's credentials by their account, this one must have them as well.
	//
	// Rendered as spec.executor.serviceAccount.
	ServiceAccount string
	// PriorityClass should be below the driver's.
	//
	// Zero names none, which is the cluster's default class.
	//
	// Rendered as spec.executor.template.spec.priorityClassName.
	PriorityClass string
	// Placement replaces the Job's for the executors, unless it is empty.
	//
	// Rendered as nodeSelector, tolerations and affinity of
	// spec.executor.template, and as spec.executor.annotations.
	Placement millrace.Placement
	// Labels of the pods. Rendered as spec.executor.labels.
	Labels map[string]string
	// Annotations of the pods. They go before those of the placement, and
	// those before millrace.EvictionGuards, which are there by default:
	// without them Cluster Autoscaler evicts executors in the middle of a job.
	//
	// Rendered as spec.executor.annotations.
	Annotations map[string]string
	// Env holds environment variables, also those that come from a secret's
	// or a config map's key.
	//
	// Rendered in spec.executor.template, in the container
	// spark-kubernetes-executor.
	Env []corev1.EnvVar
	// EnvFrom turns all keys of a secret or config map into environment
	// variables. Rendered beside Env.
	EnvFrom []corev1.EnvFromSource
	// Volumes are mounted into every executor.
	Volumes []Volume
	// Scratch is where the executors keep shuffle data and what doesn't fit
	// into memory.
	//
	// Zero is Spark's own: a directory on the node's root disk, which it
	// shares with every other pod.
	Scratch Scratch
	// Security is the pods' security context.
	Security Security
	// GracePeriod is the time between the request to end and the kill, in
	// which a decommissioned executor moves its blocks away.
	//
	// Zero means 60 s, or less where Placement leads to spot nodes with a shorter
	// notice: 15 s on GKE. Whole seconds; spot nodes give no more than two
	// minutes.
	//
	// Rendered as spec.executor.template.spec.terminationGracePeriodSeconds,
	// and from Spark 4.1 also as the setting that overrides it.
	// Source: EMR on EKS best practices, node decommission.
	GracePeriod time.Duration
	// JavaOptions go to the executors' JVMs; the heap's size is not among
	// them. An agent that Observe.Metrics names comes after them.
	//
	// Zero leaves the JVM as it is. Rendered as spec.executor.javaOptions.
	JavaOptions string
}

// Broadcast bounds the tables that joins copy whole to every executor, where
// they are held in memory beside everything else.
type Broadcast struct {
	// Static is the largest table that Spark broadcasts by its estimate of
	// the size, which is a guess from compressed files.
	//
	// Zero means never. Spark's own default is 10 MiB.
	//
	// Rendered as spark.sql.autoBroadcastJoinThreshold in spec.sparkConf.
	// Source: the fix for executors that run out of memory in "Running Data
	// Workloads on Kubernetes".
	Static millrace.Bytes
	// Measured is the largest table that adaptive execution broadcasts, by
	// the size that it has measured.
	//
	// Nil means 10 MiB, zero means never. Spark 3.2 and later.
	//
	// Rendered as spark.sql.adaptive.autoBroadcastJoinThreshold in
	// spec.sparkConf.
	// Source: Spark configuration, whose default it is for both thresholds.
	Measured *millrace.Bytes
}

// DynamicAllocation lets the number of executors follow the work.
type DynamicAllocation struct {
	// Min is the least number of executors. Zero lets all of them go.
	//
	// Rendered as spec.dynamicAllocation.minExecutors.
	Min int32
	// Initial is the number at the start. Zero means Min.
	//
	// Rendered as spec.dynamicAllocation.initialExecutors.
	Initial int32
	// Max is the most executors. Required, because Spark's default is two
	// thousand million.
	//
	// Rendered as spec.dynamicAllocation.maxExecutors.
	Max int32
	// ShuffleTracking keeps executors that hold shuffle data which is still
	// needed.
	//
	// Nil means true, or false with a remote shuffle service, which holds the
	// data instead.
	//
	// Rendered as spec.dynamicAllocation.shuffleTrackingEnabled.
	ShuffleTracking *bool
	// ShuffleTrackingTimeout lets such an executor go after all.
	//
	// Zero means never: the data goes when nothing refers to it any more.
	// Whole milliseconds.
	//
	// Rendered as spec.dynamicAllocation.shuffleTrackingTimeout.
	ShuffleTrackingTimeout time.Duration
	// IdleTimeout is how long an executor may have nothing to do.
	//
	// Zero means Spark's 60 s. Whole seconds.
	//
	// Rendered as spark.dynamicAllocation.executorIdleTimeout in
	// spec.sparkConf.
	IdleTimeout time.Duration
}

// Volume is a volume and where it is mounted.
//
// Rendered in the pod template, as a volume and a mount of Spark's container.
type Volume struct {
	// Name of the volume, a DNS label, unique in its pod. Required.
	Name string
	// Path is where it is mounted. Required, absolute.
	Path string
	// SubPath is the directory in the volume that is mounted; zero is its
	// root.
	SubPath string
	// ReadOnly mounts it so.
	ReadOnly bool
	// Scratch makes it a local directory of Spark, for shuffle and spill: its
	// name gets the prefix "spark-local-dir-", by which Spark knows it.
	Scratch bool
	// Source is what the volume is. Required.
	Source corev1.VolumeSource
}

// Security is a pod's security context.
//
// Zero is what the restricted Pod Security profile asks for: no root
// (runAsNonRoot, with user 185 of the official Spark images and fsGroup 185
// so that it can write to volumes), no privilege escalation, no capabilities,
// the runtime's seccomp profile. What is set here goes before these, field by
// field.
//
// Rendered in spec.driver.template and spec.executor.template.
// Source: Kubernetes, Pod Security Standards; Dockerfile of Apache Spark.
type Security struct {
	// Pod holds for all containers of the pod. Nil adds nothing.
	Pod *corev1.PodSecurityContext
	// Container holds for Spark's own container. Nil adds nothing.
	Container *corev1.SecurityContext
}
