package kafka

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Workers are the pods of a Connect or a MirrorMaker: how many, what they run,
// and where.
type Workers struct {
	// Replicas is how many there are. Connectors and their tasks are spread
	// over them, and move to the others when one is gone.
	//
	// Nil means 3; new(0) stops all of them.
	//
	// Rendered as spec.replicas.
	// Source: Strimzi, KafkaConnectCluster.DEFAULT_REPLICAS.
	Replicas *int

	// Version is the version of Kafka that they are of, such as "4.3.1".
	//
	// Empty leaves it to the operator. From 4.1 on one can name the version of
	// a connector's class.
	//
	// Rendered as spec.version.
	Version string

	// Image is one's own image, built on Strimzi's, with plugins in it.
	//
	// Empty means Strimzi's own, or the one that Connect.Image builds.
	//
	// Rendered as spec.image.
	Image string

	// Resources are memory and CPU of each worker. Zero fields mean 3 GiB of
	// memory and one core, without a limit: tasks that are throttled fall
	// behind.
	//
	// Rendered as spec.resources.
	Resources Resources

	// Heap is the heap of the JVM.
	//
	// Zero leaves it to Strimzi: 75% of the memory. Whole MiB, and less than
	// the memory.
	//
	// Rendered as spec.jvmOptions, -Xms and -Xmx.
	// Source: Strimzi, con-common-configuration-properties.
	Heap millrace.Bytes

	// Rack is the node label by whose value consumers read from the replica
	// that is nearest, such as topology.kubernetes.io/zone. The brokers must
	// have replica.selector.class set to RackAwareReplicaSelector.
	//
	// Empty means that they read from the leader.
	//
	// Rendered as spec.rack.topologyKey.
	Rack string

	// Pod is what the pods get beside.
	//
	// Rendered in spec.template.pod.
	Pod PodTemplate

	// Placement says which nodes the pods run on. They are spread over zones
	// and hosts as well as that goes.
	//
	// Rendered in spec.template.pod; the node selector as a required node
	// affinity.
	Placement millrace.Placement

	// Loggers are the levels of the workers' loggers by their names, such as
	// "rootLogger.level": "INFO".
	//
	// None means Strimzi's own levels.
	//
	// Rendered as spec.logging of type inline.
	Loggers map[string]string

	// Metrics says how the workers' metrics are exported.
	//
	// Nil means Reporter{}; NoMetrics{} exports none.
	//
	// Rendered as spec.metricsConfig.
	Metrics Metrics

	// Tracing sends traces by OpenTelemetry; where to is said by environment
	// variables in Base.Template.ConnectContainer.
	//
	// Rendered as spec.tracing of type opentelemetry.
	Tracing bool
}

const (
	// defaultWorkers keep connectors going while one is moved: Strimzi's own
	// number before it had to be named.
	defaultWorkers = 3

	// workerMemory gives the JVM 2.25 GiB of heap, by Strimzi's 75%. Kafka's
	// own script starts a worker with 2 GB.
	// Source: Apache Kafka, connect-distributed.sh.
	workerMemory = 3 * millrace.GiB

	// workerCPU is enough for some dozens of tasks that wait for others.
	workerCPU = 1
)

// workerSpec is what the specs of a KafkaConnect and a KafkaMirrorMaker2 have
// in common, by the names of their fields.
type workerSpec struct {
	Version       *string
	Image         *string
	Replicas      int64
	Resources     *corev1.ResourceRequirements
	JVMOptions    *strimziv1.JVMOptions
	Logging       *strimziv1.Logging
	Rack          *strimziv1.Rack
	MetricsConfig *strimziv1.MetricsConfig
	Tracing       *strimziv1.Tracing
	Template      *strimziv1.KafkaConnectTemplate
}

// make writes the workers of an object, and what they need beside.
func (w Workers) make(p *millrace.Problems, o origins, of owner) (workerSpec, []millrace.Object) {
	return w.makeAs(p, o, of, "Workers.")
}

// unnamed stands for a name that is missing, which has been reported, in what is
// named after it.
const unnamed = "unnamed"

// makeAs is make where the fields of the workers begin in another way.
func (w Workers) makeAs(p *millrace.Problems, o origins, of owner, field string) (workerSpec, []millrace.Object) {
	o.add("spec.replicas", field+"Replicas")
	if w.Resources != (Resources{}) {
		o.add("spec.resources", field+"Resources")
		o.add("spec.resources.limits[cpu]", field+"Resources.CPULimit")
	}
	if w.Heap != 0 {
		o.add("spec.jvmOptions", field+"Heap")
		o.add("spec.jvmOptions.-Xmx", field+"Heap")
		o.add("spec.jvmOptions.-Xms", field+"Heap")
	}
	if w.Version != "" {
		o.add("spec.version", field+"Version")
	}
	if w.Image != "" {
		o.add("spec.image", field+"Image")
	}
	out := workerSpec{
		Version: text(w.Version), Image: text(w.Image),
		Resources:  w.Resources.fields(p, field+"Resources"),
		JVMOptions: heap(p, field+"Heap", w.Heap),
		Logging:    logging(p, field+"Loggers", w.Loggers),
	}
	if w.Rack != "" {
		p.LabelKey(field+"Rack", w.Rack)
		out.Rack = &strimziv1.Rack{TopologyKey: new(w.Rack)}
	}
	if w.Tracing {
		out.Tracing = &strimziv1.Tracing{Type: strimziv1.TracingTypeOpenTelemetry}
	}
	w.Pod.origins(o, "spec.template.pod", "spec.template.connectContainer", field+"Pod")
	template := strimziv1.KafkaConnectTemplate{Pod: w.Pod.make(p, field+"Pod", w.Placement, field+"Placement"), ConnectContainer: w.Pod.container(p, field+"Pod")}
	if !isZero(template) {
		out.Template = &template
	}
	metricsOrigins(o, "spec.metricsConfig", field+"Metrics", w.Metrics)
	var beside []millrace.Object
	out.MetricsConfig, beside = exportMetrics(p, field+"Metrics", w.Metrics, "", false, of)
	return out, beside
}

// filled is what workers have that neither the fields nor Base speak of.
func (w Workers) filled(cluster, component string) workerSpec {
	var metrics *strimziv1.MetricsConfig
	if w.Metrics == nil {
		metrics = defaultMetrics()
	}
	return workerSpec{MetricsConfig: metrics, Template: &strimziv1.KafkaConnectTemplate{Pod: &strimziv1.StatefulPodTemplate{TopologySpreadConstraints: spreadWorkers(cluster, component)}}}
}

// spreadWorkers spreads the pods of a component over zones and hosts. It is a preference: a worker
// that shares its host is better than one that waits.
func spreadWorkers(cluster, component string) []corev1.TopologySpreadConstraint {
	var out []corev1.TopologySpreadConstraint
	for _, over := range []string{defaultZoneLabel, hostLabel} {
		out = append(out, corev1.TopologySpreadConstraint{
			MaxSkew: 1, TopologyKey: over, WhenUnsatisfiable: corev1.ScheduleAnyway,
			LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{clusterLabel: cluster, nameLabel: component}},
		})
	}
	return out
}

// fillWorkerResources fills in memory and CPU.
func fillWorkerResources(r **corev1.ResourceRequirements) {
	if *r == nil {
		*r = &corev1.ResourceRequirements{}
	}
	fillResources(*r, workerMemory, workerCPU)
}
