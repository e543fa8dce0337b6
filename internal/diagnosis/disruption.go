package diagnosis

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// disruption is a way in which something outside takes a pod away.
type disruption struct {
	// how completes "the driver was …".
	how string
	// fix is what else to do about it than what holds for all of them.
	fix     string
	evicted bool
	// own says that the pod itself asked for it, so that nothing keeps it.
	own bool
}

const (
	byTheDriver = "keep the driver on nodes that stay: Driver.Placement without spot nodes, Driver.PriorityClass, and millrace.EvictionGuards, " +
		"which are on by default; Lifecycle.Restart OnFailure runs the job again"
	byExecutors = "keep millrace.EvictionGuards on the executors (they are there by default) and let their shuffle data outlive them: " +
		"Shuffle Decommission (the default), or a remote shuffle service (Celeborn, Uniffle)"
)

// disruptions are by the reason of a pod's condition DisruptionTarget, of its
// status, or of an event about it.
// Source: k8s.io/api v0.37.2, core/v1; k8s.io/kubernetes v1.37.2, pkg/kubelet
// (eviction, nodeshutdown, preemption), pkg/controller (tainteviction, podgc,
// nodelifecycle), cluster-autoscaler; karpenter.
var disruptions = map[string]disruption{
	corev1.PodReasonPreemptionByScheduler: {how: "preempted by a pod of higher priority", fix: "give it a PriorityClass above what else runs on these nodes"},
	"Preempted":                           {how: "preempted by a pod of higher priority", fix: "give it a PriorityClass above what else runs on these nodes"},
	"Preempting":                          {how: "preempted by the kubelet for a critical pod", fix: "leave room on the nodes for their system pods"},
	"EvictionByEvictionAPI":               {how: "drained from its node", fix: "a PodDisruptionBudget makes drains wait"},
	"ScaleDown":                           {how: "evicted because Cluster Autoscaler removed its node", fix: `the annotation cluster-autoscaler.kubernetes.io/safe-to-evict: "false" keeps it`},
	"Disrupted":                           {how: "evicted because Karpenter removed its node", fix: `the annotation karpenter.sh/do-not-disrupt: "true" keeps it`},
	"DeletionByTaintManager":              {how: "deleted because its node got a taint NoExecute that it does not tolerate", fix: "find out why the node got it: not ready, unreachable, reclaimed"},
	"TaintManagerEviction":                {how: "deleted because its node got a taint NoExecute that it does not tolerate", fix: "find out why the node got it: not ready, unreachable, reclaimed"},
	"DeletionByPodGC":                     {how: "deleted because its node is gone"},
	"NodeLost":                            {how: "lost with its node"},
	"NodeShutdown":                        {how: "refused by a node that was shutting down"},
	"Terminated":                          {how: "ended because its node was shut down"},
	"Shutdown":                            {how: "ended because its node was shut down"},
	"DeadlineExceeded":                    {how: "ended because its activeDeadlineSeconds had passed", fix: "raise the deadline in Base", own: true},
	corev1.PodReasonTerminationByKubelet:  {how: "ended by the kubelet"},
	"Evicted":                             {how: "evicted by the kubelet", evicted: true},
}

// lookAtDisruption reports whether something outside took the pod away.
func (q *inquiry) lookAtDisruption(p *corev1.Pod, r role) bool {
	at := place{role: r, object: q.ref(p), key: q.keyOf(p, r), pod: p}
	at.where = at.object.String() + ": status.reason"
	reason, message := p.Status.Reason, p.Status.Message
	if strings.HasPrefix(reason, "OutOf") || reason == "UnexpectedAdmissionError" || reason == "NodeAffinity" {
		q.driverTaken = q.driverTaken || r == driver
		q.note(note{id: Admission, role: r, likelihood: millrace.Certain, object: at.object, key: at.key,
			detail: fmt.Sprintf("the kubelet refused the %s: %s", r, reason),
			fix:    "let the run be repeated (Lifecycle.Retries): another pod had taken the room since the scheduler looked; if it happens again and again, something binds pods to nodes past the scheduler",
			where:  at.where, what: reason + ": " + message})
		return true
	}
	if _, ok := disruptions[reason]; ok && q.disruption(at, reason, message) {
		return true
	}
	for _, c := range p.Status.Conditions {
		if c.Type == corev1.DisruptionTarget && c.Status == corev1.ConditionTrue {
			at.where = at.object.String() + ": condition DisruptionTarget"
			return q.disruption(at, c.Reason, c.Message)
		}
	}
	return false
}

// disruption notes what took a pod away, and reports whether that is known to
// be a disruption.
func (q *inquiry) disruption(at place, reason, message string) bool {
	what := reason + ": " + message
	if reason == "Evicted" && strings.HasPrefix(message, "Evicted pod") {
		reason = "Disrupted" // Karpenter's word for it
	}
	d, ok := disruptions[reason]
	if !ok {
		return false
	}
	n := note{role: at.role, likelihood: millrace.Certain, object: at.object, key: at.key, where: at.where, what: what}
	id, keep := DriverDisrupted, byTheDriver
	if at.role == executor {
		id, keep = ExecutorDisrupted, byExecutors
		if q.disrupted[at.key] == "" {
			q.disrupted[at.key] = d.how
		}
		n.kind = q.disrupted[at.key]
	} else {
		q.driverTaken = true
	}
	n.id, n.detail, n.fix = id, fmt.Sprintf("the %s was %s", at.role, d.how), keep
	if at.what != "" {
		n.what = at.what
	}
	if d.own {
		n.fix = d.fix
	} else if d.fix != "" {
		n.fix = d.fix + "; " + keep
	}
	if d.evicted || reason == corev1.PodReasonTerminationByKubelet && strings.Contains(message, "low on resource") {
		n.id = DriverEvicted
		if at.role == executor {
			n.id = ExecutorEvicted
		}
		n.detail, n.fix = q.eviction(at, message)
		n.kind = ""
	}
	q.note(n)
	return true
}

// eviction explains why the kubelet evicted a pod.
// Source: k8s.io/kubernetes v1.37.2, pkg/kubelet/eviction/helpers.go.
func (q *inquiry) eviction(at place, message string) (detail, fix string) {
	guard := byExecutors
	if at.role == driver {
		guard = "the kubelet evicts pods of higher priority last: set Driver.PriorityClass"
	}
	switch {
	case strings.Contains(message, "EmptyDir volume"), strings.Contains(message, "ephemeral local storage usage exceeds"),
		strings.Contains(message, "local ephemeral storage limit"):
		return fmt.Sprintf("the %s was evicted because it wrote more to the node's disk than its own limit", at.role),
			fmt.Sprintf("raise the limit of its scratch space, or give it a claim of its own (%s)", scratch(at.role))
	case strings.Contains(message, "ephemeral-storage"), strings.Contains(message, "DiskPressure"):
		return fmt.Sprintf("the %s was evicted because the node's disk was full", at.role),
			fmt.Sprintf("shuffle and spill fill the node's disk: put them on a claim or a local disk (%s), or raise Pool.Disk; %s", scratch(at.role), guard)
	case strings.Contains(message, "low on resource: memory"), strings.Contains(message, "MemoryPressure"):
		return fmt.Sprintf("the %s was evicted because the node's memory was full", at.role),
			"pods on the node use more memory than they request: keep Spark on a pool of its own; " + guard
	default:
		return fmt.Sprintf("the %s was evicted by the kubelet", at.role), guard
	}
}

// scratch names the field that says where shuffle and spill go.
func scratch(r role) string {
	if r == driver {
		return "Driver.Volumes with Scratch"
	}
	return "Executor.Scratch"
}
