package tenancy

import (
	"reflect"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Queue is where jobs wait for their turn: Kueue, YuniKorn or Volcano, by
// value. What a job says to get in, spark.Job.Scheduler says; it takes the
// name from Tenant.QueueName.
type Queue interface {
	check(t *Tenant, quota Quota, problems *millrace.Problems)
	// objects are what the queue is made of; mark writes into the Namespace what
	// that says of it.
	objects(t *Tenant, quota Quota) []millrace.Object
	mark(ns *corev1.Namespace, quota Quota)
	// name is what jobs call it, labels are what they carry.
	name(t *Tenant) string
	labels(t *Tenant) map[string]string
}

// hasQueue tells a queue from none, and from a nil pointer to one.
func (t *Tenant) hasQueue() bool {
	if t == nil {
		return false
	}
	v := reflect.ValueOf(t.Queue)
	return v.IsValid() && (v.Kind() != reflect.Pointer || !v.IsNil())
}

// QueueName is the queue as jobs name it: for spark.Kueue, spark.YuniKorn and
// spark.Volcano. Empty without a queue.
func (t *Tenant) QueueName() string {
	if !t.hasQueue() {
		return ""
	}
	return t.Queue.name(t)
}

// QueueLabels are the labels by which pods and jobs that no builder knows get
// into the queue: for Kueue on the job, for YuniKorn on its pods. Volcano has
// none: there it is the annotation scheduling.volcano.sh/queue-name. The map is
// the caller's own.
func (t *Tenant) QueueLabels() map[string]string {
	if !t.hasQueue() {
		return nil
	}
	return t.Queue.labels(t)
}
