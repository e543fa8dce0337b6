package tenancy

import "github.com/millrace/millrace"

const (
	// objectName is what the quota and the limits are called: there is one of
	// each.
	objectName = "tenant"

	// defaultLevel is the strictest: Spark, Argo and Strimzi's clients keep to it
	// as their builders here make them.
	defaultLevel = Restricted
	// defaultHeadroom is for what runs beside the jobs for a while: a retry whose
	// pods start before the old ones are gone, somebody who looks into data.
	defaultHeadroom = 20

	// defaultMilliCPU and defaultMemory are what a container gets that says
	// nothing, as those that Argo puts beside each step: its controller sets no
	// requests, and asks for 100m and 64Mi in its own examples, which is too
	// little for artifacts.
	defaultMilliCPU = 100
	defaultMemory   = 512 * millrace.MiB

	defaultDriver   = "spark-driver"
	defaultExecutor = "spark-executor"
	defaultWorkflow = "workflow"

	// sparkOperatorGroup is the API group of kubeflow's operator.
	sparkOperatorGroup = "sparkoperator.k8s.io"
	argoGroup          = "argoproj.io"

	// The ports of Spark on Kubernetes.
	// Source: Spark, deploy/k8s/Constants.scala, and configuration, spark.ui.port.
	driverPort       = 7078
	blockManagerPort = 7079
	uiPort           = 4040
	// exporterPort is the default of the Spark operator's spec.monitoring.
	exporterPort = 8090
	// connectPort is the default of spark.connect.grpc.binding.port.
	connectPort = 15002
	// tlsPort is the port that Strimzi's documentation gives the listener with TLS.
	tlsPort   = 9093
	httpsPort = 443
	// kubeAPIPort is where API servers listen that no service stands before: where
	// a network plugin looks behind the service "kubernetes", it sees this one.
	kubeAPIPort = 6443

	// executorValue keeps executors below all pods that name no class, which have
	// 0, and above -10: Cluster Autoscaler makes no nodes for what is below.
	// Source: Cluster Autoscaler FAQ, --expendable-pods-priority-cutoff.
	executorValue = -5
	// driverValue is that of pods that name no class: drivers push executors
	// aside, and nobody's services.
	driverValue = 0
	// autoscalerCutoff is the lowest priority for which Cluster Autoscaler makes
	// nodes.
	autoscalerCutoff = -10
	// highestPriority is the highest that isn't the system's own.
	// Source: Kubernetes, scheduling.HighestUserDefinablePriority.
	highestPriority = 1000000000
)

// orDefault returns value, or what stands for its zero.
func orDefault[T comparable](value, def T) T {
	var zero T
	if value == zero {
		return def
	}
	return value
}
