package spark

import (
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
)

// Kueue lets a job start when the quota of its queue has room for driver and
// executors. Kueue itself suspends the application when it comes and takes that
// back when it is admitted, so that the manifest doesn't say suspend: applied
// again, it would stop the job. Kueue needs its feature gate
// SparkApplicationIntegration, and counts the executors that Executor.Instances
// says.
//
// With Submit, every pod is a workload of its own for Kueue's integration of
// plain pods: driver and executors aren't admitted together.
// Source: Kueue, "Run a SparkApplication" and "Run Spark with spark-submit using
// Plain Pods".
type Kueue struct {
	// Queue is a LocalQueue in the job's namespace. Required.
	//
	// Rendered as the label kueue.x-k8s.io/queue-name of the application, and by
	// Submit of its pods.
	Queue string
	// PriorityClass is a WorkloadPriorityClass: who goes first in the queue. It
	// has nothing to do with the priority of the pods.
	//
	// Zero names none.
	//
	// Rendered as the label kueue.x-k8s.io/priority-class beside the queue's.
	PriorityClass string
	// Elastic lets a job that is admitted grow and shrink, which dynamic
	// allocation takes: Kueue refuses such jobs otherwise. It needs the feature
	// gate ElasticJobsViaWorkloadSlices.
	//
	// Zero keeps the number of executors fixed. Submit has no use for it.
	//
	// Rendered as the annotation kueue.x-k8s.io/elastic-job of the application.
	// Source: Kueue, sparkapplication_webhook.go.
	Elastic bool
}

const (
	kueueQueue    = kueuePrefix + "queue-name"
	kueuePriority = kueuePrefix + "priority-class"
	kueueElastic  = kueuePrefix + "elastic-job"
	kueueManaged  = kueuePrefix + "managed"
	// kueueParent lets Kueue admit pods that another pod owns.
	kueueParent = kueuePrefix + "pod-suspending-parent"
)

func (k Kueue) check(c partCheck) {
	if k.Queue == "" {
		c.Required(c.field("Queue"), "name the LocalQueue of the job's namespace")
	} else {
		c.LabelName(c.field("Queue"), k.Queue)
	}
	if k.PriorityClass != "" {
		c.LabelValue(c.field("PriorityClass"), k.PriorityClass)
	}
	switch c.job.Target.(type) {
	case Submit:
		if k.Elastic {
			c.Unsupported(c.field("Elastic"), "every pod is a workload of its own, and comes and goes anyway", "leave it out")
		}
		for _, r := range roles {
			own := c.job.ownPod(r)
			c.free(r.field()+".Labels", own.labels, kueueQueue, kueuePriority, kueueManaged)
			c.free(r.field()+".Annotations", own.annotations, kueueParent)
		}
	case ApacheOperator:
		c.Unsupported(c.at, "Kueue doesn't know the applications of Apache's operator", "use spark.SparkOperator{} or spark.Submit")
	default:
		if c.job.Lifecycle.Suspended {
			c.Conflict("Lifecycle.Suspended", "Kueue suspends the job until its queue has room, and then starts it", "leave it out")
		}
		switch {
		case c.dynamic() && !k.Elastic:
			c.Conflict("Executor.DynamicAllocation", "Kueue refuses a job that grows unless it is elastic", "use Instances, or set Scheduler to a Kueue with Elastic")
		case k.Elastic && !c.dynamic():
			c.Conflict(c.field("Elastic"), "the number of executors is fixed", "leave it out, or set Executor.DynamicAllocation")
		}
	}
	c.free("Labels", c.job.Labels, kueueQueue, kueuePriority)
	c.free("Annotations", c.job.Annotations, kueueElastic)
}

func (Kueue) settings(*settings) {}

func (Kueue) pod(role, *podParts) {}

func (k Kueue) schedule(_ *millrace.Problems, app *v1beta2.SparkApplication, target Target) {
	if byOperator(target) {
		k.label(&app.Labels)
		if k.Elastic {
			put(&app.Annotations, kueueElastic, "true")
		}
		return
	}
	for _, r := range roles {
		k.label(&r.pod(&app.Spec).Labels)
	}
	put(&app.Spec.Executor.Labels, kueueManaged, "true")
	put(&app.Spec.Executor.Annotations, kueueParent, "spark-driver")
}

func (k Kueue) label(labels *map[string]string) {
	put(labels, kueueQueue, k.Queue)
	if k.PriorityClass != "" {
		put(labels, kueuePriority, k.PriorityClass)
	}
}
