package spark

import (
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// Volcano starts the driver only when there is room for it and its executors
// together, and the job's queue has its turn. What they need is counted as Spark
// counts it: the operator reads Java's sizes as Kubernetes' and finds that "8g"
// of memory are none, so that drivers start and wait for executors that never
// fit.
// Source: Spark operator v2.5.1, pkg/util/sparkapplication.go; spark-operator
// issue 2244.
//
// With Submit, Spark itself makes the group, from 3.3 on, with a spark-submit
// and an image that were built with Volcano (-Pvolcano). ApacheOperator makes no
// group: each pod waits in the queue for itself.
type Volcano struct {
	// Queue is Volcano's queue.
	//
	// Zero is its queue "default".
	//
	// Rendered as spec.batchSchedulerOptions.queue; by Submit in the pod group,
	// by ApacheOperator as an annotation of the pods.
	Queue string
	// PriorityClass says which jobs of a queue go first, and whose pods may be
	// preempted for them.
	//
	// Zero names none. ApacheOperator takes that of the pods.
	//
	// Rendered as spec.batchSchedulerOptions.priorityClassName; by Submit in the
	// pod group.
	PriorityClass string
	// MinExecutors is how many executors must have room beside the driver.
	//
	// Nil is all that the job starts with: Executor.Instances or, under dynamic
	// allocation, the larger one of Initial and Min. Zero is the driver alone.
	//
	// Rendered as the sum in spec.batchSchedulerOptions.resources; by Submit as
	// minResources of the pod group.
	MinExecutors *int32
}

const (
	volcanoName = "volcano"
	// volcanoStep makes the pod group and ties the pods to it.
	// Source: apache/spark, VolcanoFeatureStep.
	volcanoStep  = "org.apache.spark.deploy.k8s.features.VolcanoFeatureStep"
	volcanoQueue = "scheduling.volcano.sh/queue-name"
	podGroupFile = "spark.kubernetes.scheduler.volcano.podGroupTemplateFile"
	volcanoSince = "3.3"
)

func (v Volcano) check(c partCheck) {
	c.soleScheduler()
	if v.Queue != "" {
		c.Name(c.field("Queue"), v.Queue)
	}
	if v.PriorityClass != "" {
		c.Name(c.field("PriorityClass"), v.PriorityClass)
	}
	checkMinExecutors(c, v.MinExecutors)
	switch c.job.Target.(type) {
	case Submit:
		c.needs(volcanoSince, "Volcano without an operator")
	case ApacheOperator:
		const why = "ApacheOperator makes no pod group"
		if v.MinExecutors != nil {
			c.Unsupported(c.field("MinExecutors"), why, "leave it out, or use spark.YuniKorn{}")
		}
		if v.PriorityClass != "" {
			c.Unsupported(c.field("PriorityClass"), why, "set Driver.PriorityClass and Executor.PriorityClass")
		}
		for _, r := range roles {
			c.free(r.field()+".Annotations", c.job.ownPod(r).annotations, volcanoQueue)
		}
	}
}

func (v Volcano) settings(s *settings) {
	if _, ok := s.target.(Submit); ok {
		s.set("", "spark.kubernetes.driver.pod.featureSteps", volcanoStep)
		s.set("", "spark.kubernetes.executor.pod.featureSteps", volcanoStep)
	}
}

func (Volcano) pod(_ role, pod *podParts) { pod.scheduler = volcanoName }

func (v Volcano) schedule(p *millrace.Problems, app *v1beta2.SparkApplication, target Target) {
	if _, ok := target.(ApacheOperator); ok {
		for _, r := range roles {
			if v.Queue != "" {
				put(&r.pod(&app.Spec).Annotations, volcanoQueue, v.Queue)
			}
		}
		return
	}
	g, ok := newGang(p, app, v.MinExecutors)
	if ok && byOperator(target) {
		app.Spec.BatchScheduler = new(volcanoName)
		app.Spec.BatchSchedulerOptions = &v1beta2.BatchSchedulerConfiguration{
			Queue: nonZero(v.Queue), PriorityClassName: nonZero(v.PriorityClass), Resources: g.total(),
		}
	}
}

// podGroup is a PodGroup of Volcano, from which Spark makes the job's.
type podGroup struct {
	metav1.TypeMeta `json:",inline"`
	Spec            podGroupSpec `json:"spec"`
}

// podGroupSpec has one member at the least: the driver, who starts the others.
type podGroupSpec struct {
	MinMember         int32               `json:"minMember"`
	Queue             string              `json:"queue,omitempty"`
	PriorityClassName string              `json:"priorityClassName,omitempty"`
	MinResources      corev1.ResourceList `json:"minResources"`
}

// beside returns the pod group that a script hands to Spark.
func (v Volcano) beside(app *v1beta2.SparkApplication) []besideFile {
	g, ok := newGang(&millrace.Problems{}, app, v.MinExecutors)
	if !ok {
		return nil // schedule has reported it
	}
	return []besideFile{{setting: podGroupFile, suffix: podGroupSuffix, object: podGroup{
		TypeMeta: metav1.TypeMeta{APIVersion: "scheduling.volcano.sh/v1beta1", Kind: "PodGroup"},
		Spec:     podGroupSpec{MinMember: 1, Queue: v.Queue, PriorityClassName: v.PriorityClass, MinResources: g.total()},
	}}}
}
