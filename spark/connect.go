package spark

import (
	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"

	"github.com/millrace/millrace"
)

// ConnectServer is a Spark Connect server: one driver that stays, with its
// executors, for clients that send it their queries. It makes one SparkConnect
// (sparkoperator.k8s.io/v1alpha1) for the Spark operator of Kubeflow.
//
// Clients in the cluster find it under Remote, and need nothing of Spark but a
// client of the server's version:
//
//	SparkSession.builder.remote("sc://<name>-server.<namespace>.svc:15002").getOrCreate()
//
// Whoever reaches that port runs code as the server's service account: Spark
// Connect asks nobody who they are. Let a network policy say who may.
//
// The operator starts the server by a line of shell, into which it writes the
// settings without quotes. What a shell would take apart is a mistake that
// Build reports.
//
// Build and the other methods neither change the ConnectServer nor keep memory
// in common with it; they may be called concurrently.
// Source: Spark operator v2.5.1, internal/controller/sparkconnect.
type ConnectServer struct {
	// Name is the name of the SparkConnect, and the prefix of its pods.
	//
	// Required. At most 56 lower-case letters, digits and dashes, the first one
	// a letter: the server's pod and service are called <name>-server.
	//
	// Rendered as metadata.name.
	Name string
	// Namespace is where the server and the executors run.
	//
	// Zero leaves it to whoever applies the manifest.
	//
	// Rendered as metadata.namespace.
	Namespace string
	// Labels go onto the SparkConnect, and from there, by the operator, onto
	// the executors. Those of the server's pod are Server.Labels.
	//
	// Rendered as metadata.labels.
	Labels map[string]string
	// Annotations go onto the SparkConnect only.
	//
	// Rendered as metadata.annotations.
	Annotations map[string]string

	// Image is the container image of the server and the executors.
	//
	// Required. Before Spark 4.0 the server is no part of Spark's own images:
	// put org.apache.spark:spark-connect_2.12 into it, or into Deps.Packages.
	//
	// Rendered as spec.image.
	Image string
	// Version is the Spark version in the image: "4.0.1".
	//
	// Required, 3.4 or later, because older ones have no Spark Connect.
	//
	// Rendered as spec.sparkVersion.
	Version string
	// Deps is what the server fetches before it starts, and how the image is
	// pulled. Rendered as spark.jars, spark.jars.packages and their like in
	// spec.sparkConf, and in spec.server.template.
	Deps Deps

	// Server is the pod of the server, which is a driver to its executors: a
	// Driver's defaults hold. The operator makes the pod of its template alone,
	// so what a driver requests (Cores, Memory and the overhead beside it)
	// stands there as the container's resources, and the pod is ready once it
	// listens.
	//
	// Rendered as spec.server.
	Server Driver
	// Executor is the pods that do the work; an Executor's defaults hold. Their
	// overhead is Python's, 40% of the heap, as functions that clients write in
	// Python run beside it; Spark would leave 10%, because the server is no
	// Python program. "spark.executor.memoryOverheadFactor" in Conf changes
	// that. PythonMemory is refused, since Spark gives it no room in the pods.
	//
	// Rendered as spec.executor, spec.dynamicAllocation and, what has no field
	// there, in spec.sparkConf and spec.executor.template.
	// Source: apache/spark, BasicDriverFeatureStep, which client mode passes
	// over, and BasicExecutorFeatureStep.
	Executor Executor
	// Placement says on which nodes both run, unless the Server or the Executor
	// has its own.
	//
	// Zero is any node. Rendered into the pod templates.
	Placement millrace.Placement
	// Shuffle is as in a Job.
	Shuffle Shuffle
	// Conf holds Spark settings that have no field here, as in a Job. Those
	// that the operator sets itself are conflicts: the driver's host and ports,
	// the names of pods, another port for clients.
	//
	// Rendered as spec.sparkConf.
	Conf map[string]string
	// HadoopConf holds Hadoop settings, without the prefix "spark.hadoop.".
	//
	// Rendered as spec.hadoopConf.
	HadoopConf map[string]string
	// Tuning is as in a Job.
	Tuning Tuning
	// Stores are as in a Job.
	Stores []Store
	// Observe is as in a Job; the page stays at port 4040.
	Observe Observe

	// NoDefaults leaves out what millrace fills in where a field is zero.
	NoDefaults bool
	// Base reaches every field of the upstream spec, such as the Service by
	// which the server is reached. What the fields here say is laid over it; a
	// field set in both is a conflict.
	Base v1alpha1.SparkConnectSpec
}

// Build checks the ConnectServer and returns its SparkConnect. The error is a
// *millrace.BuildError with every mistake.
func (c *ConnectServer) Build() (millrace.Parts, error) {
	conn, err := c.SparkConnect()
	if err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: []millrace.Object{conn}, PlacedOn: c.job().placedOn()}, nil
}

// Remote returns what clients in the cluster connect to:
// "sc://<name>-server.<namespace>.svc:15002". Without a Namespace it holds in
// the server's own.
func (c *ConnectServer) Remote() string {
	host := c.Name + serverSuffix
	if s := c.Base.Server.Service; s != nil && s.Name != "" {
		host = s.Name
	}
	if c.Namespace != "" {
		host += "." + c.Namespace + ".svc"
	}
	return "sc://" + host + ":" + decimal(connectPort)
}
