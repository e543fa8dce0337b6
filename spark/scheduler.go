package spark

import "github.com/kubeflow/spark-operator/v2/api/v1beta2"

// Scheduler starts a job's pods together, or when their turn has come, in place
// of the scheduler of Kubernetes alone.
type Scheduler interface {
	part
	// schedule says it in the application once the defaults are in it, and what
	// the pods request is known. Not every target has the fields of the operator:
	// for Submit and ApacheOperator it is settings and labels.
	schedule(app *v1beta2.SparkApplication, target Target)
}
