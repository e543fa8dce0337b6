package spark

import (
	"fmt"
	"maps"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Scheduler starts a job's pods together, or when their turn has come, in place
// of the scheduler of Kubernetes alone: Volcano, YuniKorn, KubeScheduler or
// Kueue.
//
// With SparkOperator, Volcano and KubeScheduler are the operator's batch
// schedulers: its chart must have batchScheduler.enable. Where it doesn't, no pod
// group is made, and the pods wait in vain for whoever they name as their
// scheduler.
type Scheduler interface {
	part
	// schedule says it in the application once the defaults are in it, and what
	// the pods request is known. Not every target has the fields of the operator:
	// for Submit and ApacheOperator it is settings, labels and annotations.
	schedule(p *millrace.Problems, app *v1beta2.SparkApplication, target Target)
}

// KubeScheduler is a scheduler of Kubernetes with the coscheduling plugin, which
// starts a job only when there is room for it. The operator makes the PodGroup:
// it counts the cores right, and next to nothing of the memory, since it reads
// Java's sizes as Kubernetes' and "8g" is none. Volcano and YuniKorn get theirs
// from millrace.
// Source: Spark operator v2.5.1, internal/scheduler/kubescheduler.
type KubeScheduler struct {
	// Name of the scheduler, one of the operator's kube-scheduler-names. Required.
	//
	// Rendered as spec.batchScheduler, and as schedulerName in both pod
	// templates. Other targets have nobody who makes a PodGroup.
	Name string
}

func (k KubeScheduler) check(c partCheck) {
	c.soleScheduler()
	switch k.Name {
	case "":
		c.Required(c.field("Name"), "name the scheduler that has the coscheduling plugin")
	case volcanoName, yunikornName:
		c.Conflict(c.field("Name"), quoted(k.Name)+" is no scheduler of Kubernetes", "use spark.Volcano{} or spark.YuniKorn{}")
	default:
		c.Name(c.field("Name"), k.Name)
	}
	if !byOperator(c.job.Target) {
		c.Unsupported(c.at, "coscheduling takes a PodGroup, which only spark.SparkOperator makes", "use spark.YuniKorn{}, or name the scheduler in Base.Driver.Template and Base.Executor.Template")
	}
}

func (KubeScheduler) settings(*settings) {}

func (k KubeScheduler) pod(_ role, pod *podParts) { pod.scheduler = k.Name }

func (k KubeScheduler) schedule(_ *millrace.Problems, app *v1beta2.SparkApplication, _ Target) {
	app.Spec.BatchScheduler = new(k.Name)
}

// byOperator reports whether the target is the operator of Kubeflow.
func byOperator(target Target) bool {
	_, ok := target.(SparkOperator)
	return ok || target == nil
}

// soleScheduler reports other places that say who schedules the pods.
func (c partCheck) soleScheduler() {
	base := &c.job.Base
	if base.BatchScheduler != nil || base.BatchSchedulerOptions != nil {
		c.Conflict("Base.BatchScheduler", "the field "+c.at+" says it as well", "leave one of the two out")
	}
	for _, r := range roles {
		if r.pod(base).SchedulerName != nil {
			c.Conflict("Base."+r.field()+".SchedulerName", "the field "+c.at+" says it as well", "leave one of the two out")
		}
	}
	for _, key := range []string{"spark.kubernetes.scheduler.name", "spark.kubernetes.driver.scheduler.name", "spark.kubernetes.executor.scheduler.name"} {
		if c.job.Conf[key] != "" {
			c.Conflict("Conf["+key+"]", "the field "+c.at+" says it as well", "leave one of the two out")
		}
		if base.SparkConf[key] != "" {
			c.Conflict("Base.SparkConf["+key+"]", "the field "+c.at+" says it as well", "leave one of the two out")
		}
	}
}

// free reports labels of the job's that the part sets itself.
func (c partCheck) free(field string, labels map[string]string, keys ...string) {
	for _, key := range keys {
		if _, own := labels[key]; own {
			c.Conflict(field+"["+key+"]", "the field "+c.at+" says it as well", "leave one of the two out")
		}
	}
}

// gang is what must fit before a job starts.
type gang struct {
	driver, executor millrace.Pod
	executors        int // beside the driver
}

// gang returns the gang of an application; least is how many executors, nil for
// those that it starts with. It reports what can't be counted.
func newGang(p *millrace.Problems, app *v1beta2.SparkApplication, least *int32) (gang, bool) {
	var g gang
	for _, pod := range Pods(app) {
		if role(pod.Role) == driverRole {
			g.driver = pod
		} else {
			g.executor = pod
		}
	}
	g.executors = application{&app.Spec, ""}.initialExecutors()
	for _, pod := range []millrace.Pod{g.driver, g.executor} {
		have := podRequests(pod)
		if _, cpu := have[corev1.ResourceCPU]; cpu && have.Memory().Sign() > 0 {
			continue
		}
		if p.Err() == nil {
			p.Unsupported("Scheduler", "what the "+pod.Role+" requests is filled in later, and the gang can't be counted from it", "write the amounts out, or leave Scheduler out")
		}
		return g, false
	}
	if least == nil {
		return g, true
	}
	if int(*least) > g.executors {
		p.Conflict("Scheduler.MinExecutors", fmt.Sprintf("%d is more than the %d executors that the job starts with", *least, g.executors), "lower it, or leave it out for all of them")
	}
	g.executors = max(int(*least), 0)
	return g, true
}

// total is what the gang requests.
func (g gang) total() corev1.ResourceList {
	out := podRequests(g.driver)
	for name, q := range podRequests(g.executor) {
		if !q.Mul(int64(g.executors)) || q.IsZero() {
			continue
		}
		q.Add(out[name])
		out[name] = q
	}
	return out
}

// initialExecutors returns how many executors a job starts with.
// Source: apache/spark, SchedulerBackendUtils.getInitialTargetExecutorNumber.
func (a application) initialExecutors() int {
	least, _ := a.executors()
	if d := a.DynamicAllocation; d != nil && d.Enabled {
		return max(least, int(deref(d.InitialExecutors)), int(deref(a.Executor.Instances)))
	}
	return least
}

// podRequests returns what a pod's containers request together. What has a limit
// only is requested as well.
func podRequests(p millrace.Pod) corev1.ResourceList {
	out := make(corev1.ResourceList)
	for i := range p.Template.Spec.Containers {
		c := &p.Template.Spec.Containers[i].Resources
		own := maps.Clone(c.Limits)
		if own == nil {
			own = make(corev1.ResourceList)
		}
		maps.Copy(own, c.Requests)
		for name, q := range own {
			sum := q.DeepCopy()
			sum.Add(out[name])
			out[name] = sum
		}
	}
	return out
}

// checkMinExecutors reports a least number that is none.
func checkMinExecutors(c partCheck, n *int32) {
	if deref(n) < 0 {
		c.Invalid(c.field("MinExecutors"), *n, "less than zero", "use new(int32(0)) for the driver alone")
	}
}
