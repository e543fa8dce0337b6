package spark

// Target is what runs a Job: SparkOperator, ApacheOperator or Submit. What a
// target can't express is a mistake that Build reports; nothing is dropped.
type Target interface{ target() }

// SparkOperator is the Spark operator of Kubeflow, version 2.4 and later. The
// Job becomes a SparkApplication of sparkoperator.k8s.io/v1beta2.
type SparkOperator struct{} //nolint:revive // the operator is called so; Apache has another one

// Submit is spark-submit itself, for clusters without an operator. The Job
// becomes a shell script and the two pod templates that it refers to, and with
// Volcano as its Scheduler a pod group:
//
//	scripts/<name>.sh
//	scripts/<name>-driver.yaml
//	scripts/<name>-executor.yaml
//	scripts/<name>-podgroup.yaml
//
// The script finds the templates beside itself, runs the spark-submit of
// SPARK_HOME or of the PATH, and hands its own arguments on to the job, after
// those of Args. It waits for the job's end and ends with the driver's exit
// code. Nothing repeats a failed run. A Go program that starts spark-submit
// itself takes the same from Job.Submission.
//
// What Base says in the fields that the operator's webhook carries to the pods
// goes into the pod templates, as far as Spark leaves it there.
type Submit struct {
	// Master is the API server: "k8s://https://k8s-api.internal:6443".
	//
	// Required. The prefix k8s:// tells spark-submit that it is Kubernetes.
	//
	// Rendered as --master.
	Master string
	// Mode says where the driver runs.
	//
	// Zero is ClusterMode.
	//
	// Rendered as --deploy-mode.
	Mode Mode
	// NoWait lets spark-submit end when the driver's pod is there. Its exit
	// code then says nothing of the job.
	//
	// Zero waits for the job's end. For ClusterMode only: in ClientMode
	// spark-submit is the job.
	//
	// Rendered as spark.kubernetes.submission.waitAppCompletion=false.
	NoWait bool
	// Driver says where the executors find a driver that Kubernetes didn't
	// start. For ClientMode only.
	Driver ClientDriver
}

// Mode says where the driver runs.
type Mode string

// The modes of spark-submit.
const (
	// ClusterMode runs the driver in a pod of its own.
	ClusterMode Mode = "cluster"
	// ClientMode runs the driver where spark-submit runs: in a pod that is there
	// already, in a notebook, on somebody's machine. What a Job says of the
	// driver's pod has no meaning then, and is reported where it is set; heap,
	// Java options and settings remain. Placement and Labels go to the
	// executors alone. Variables that the job's stores need are asked for where
	// spark-submit runs: see Submission.Env.
	//
	// The driver has the rights of where it runs: of its pod's service
	// account, or of a kubeconfig. Spark's documentation has a setting
	// spark.kubernetes.authenticate.serviceAccountName for it, which no Spark
	// up to 4.1 reads.
	ClientMode Mode = "client"
)

// ClientDriver says where the executors find a driver that runs where
// spark-submit runs. Executors connect to their driver, and not the other way
// round.
//
// The zero value leaves it all to Spark, which is right for a machine whose
// name the cluster's pods can resolve.
type ClientDriver struct {
	// Host is the name or address of the driver, as executors reach it: for a
	// driver in a pod, the pod's IP, or the name of a headless Service that
	// selects that pod alone. The driver then listens on all addresses,
	// unless Conf says otherwise.
	//
	// Zero is the name of the machine. A pod's own name is not known to other
	// pods.
	//
	// Rendered as spark.driver.host, and spark.driver.bindAddress=0.0.0.0.
	Host string
	// Port is where the executors connect. 1024 to 65535.
	//
	// Zero is any that is free. Fix it, and BlockManagerPort, where a network
	// policy or a firewall stands between.
	//
	// Rendered as spark.driver.port.
	Port int32
	// BlockManagerPort is where the executors fetch blocks from. 1024 to
	// 65535.
	//
	// Zero is any that is free.
	//
	// Rendered as spark.driver.blockManager.port.
	BlockManagerPort int32
	// Pod is the name of the pod that the driver runs in, in the job's
	// Namespace. It becomes the owner of the executors, so that these go when
	// it goes. Spark doesn't start if there is no such pod.
	//
	// Zero leaves executors behind when the driver is killed.
	//
	// Rendered as spark.kubernetes.driver.pod.name.
	Pod string
}

func (SparkOperator) target() {}
func (Submit) target()        {}

// kubeflow reports whether the target is SparkOperator, which is the default.
func kubeflow(t Target) bool {
	_, ok := t.(SparkOperator)
	return ok || t == nil
}
