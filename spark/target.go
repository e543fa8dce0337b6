package spark

// Target is what runs a Job: SparkOperator, ApacheOperator or Submit. What a target can't
// express is a mistake that Build reports; nothing is dropped.
type Target interface{ target() }

// SparkOperator is the Spark operator of Kubeflow, version 2.4 and later. The
// Job becomes a SparkApplication of sparkoperator.k8s.io/v1beta2.
type SparkOperator struct{} //nolint:revive // the operator is called so; Apache has another one

// ApacheOperator is the Spark operator of Apache, version 1.0 and later. The
// Job becomes a SparkApplication of spark.apache.org/v1.
type ApacheOperator struct{}

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
// those of Args. Nothing repeats a failed run.
type Submit struct {
	// Master is the API server: "k8s://https://k8s-api.internal:6443".
	//
	// Required. The prefix k8s:// tells spark-submit that it is Kubernetes.
	//
	// Rendered as --master.
	Master string
}

func (SparkOperator) target()  {}
func (ApacheOperator) target() {}
func (Submit) target()         {}
