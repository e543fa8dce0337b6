package diagnosis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

func (q *inquiry) lookAtPods() {
	if q.driver != nil {
		q.lookAtPod(q.driver, driver)
		q.lookAtSidecars(q.driver)
	}
	for _, p := range q.executors {
		q.lookAtPod(p, executor)
	}
}

func (q *inquiry) lookAtPod(p *corev1.Pod, r role) {
	if q.lookAtDisruption(p, r) {
		return // how its containers ended is a consequence
	}
	q.lookAtScheduling(p, r)
	main := mainStatus(p, r)
	at := place{role: r, object: q.ref(p), key: q.keyOf(p, r), pod: p}
	for _, s := range slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses) {
		t := ended(s)
		if w := s.State.Waiting; w != nil && (t == nil || s.Name != main.Name) {
			at.where = fmt.Sprintf("%s: container %s waiting", at.object, s.Name)
			q.waiting(at, w.Reason, w.Message)
			continue
		}
		if t == nil {
			continue
		}
		at.where = fmt.Sprintf("%s: container %s terminated", at.object, s.Name)
		switch {
		case s.Name == main.Name:
			q.exited(at, t.Reason, t.ExitCode)
		case t.ExitCode != 0 && isInit(p, s.Name):
			q.note(note{id: ContainerConfig, role: r, likelihood: millrace.Certain, object: at.object, key: at.key,
				detail: fmt.Sprintf("the init container %s of the %s failed with exit code %d", s.Name, r, t.ExitCode),
				fix:    "look at the log of that container; the pod does not start without it",
				where:  at.where, what: fmt.Sprintf("%s, exit code %d: %s", t.Reason, t.ExitCode, t.Message)})
		}
	}
}

// place is where something was seen.
type place struct {
	role   role
	object millrace.Ref
	// key is what it happened to; executors are known by their ids.
	key   string
	pod   *corev1.Pod
	where string
	// what is what stood there; empty where it is told by reason and code.
	what string
}

func (q *inquiry) keyOf(p *corev1.Pod, r role) string {
	if r == executor {
		return executorID(p)
	}
	return ""
}

// mainStatus returns the status of Spark's own container; the first one's if
// none has a name that Spark gives, as a template may name it otherwise.
func mainStatus(p *corev1.Pod, r role) corev1.ContainerStatus {
	all := p.Status.ContainerStatuses
	for _, s := range all {
		if s.Name == "spark-kubernetes-"+string(r) || s.Name == string(r) {
			return s
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return corev1.ContainerStatus{}
}

// ended returns how a container ended that does not run. One that is started
// again and again, as a Connect server is, waits in between.
func ended(s corev1.ContainerStatus) *corev1.ContainerStateTerminated {
	if w := s.State.Waiting; w != nil && w.Reason == "CrashLoopBackOff" {
		return s.LastTerminationState.Terminated
	}
	return s.State.Terminated
}

func isInit(p *corev1.Pod, name string) bool {
	return slices.ContainsFunc(p.Status.InitContainerStatuses, func(s corev1.ContainerStatus) bool { return s.Name == name })
}

// started reports whether Spark's container has run: whatever kept it from it
// before is over.
func started(p *corev1.Pod) bool {
	s := mainStatus(p, roleOf(p)).State
	return p.Status.Phase == corev1.PodRunning && s.Waiting == nil || p.Status.Phase == corev1.PodSucceeded ||
		s.Running != nil || s.Terminated != nil
}

// lookAtSidecars finds the containers that keep a driver's pod running after
// the driver itself has ended.
func (q *inquiry) lookAtSidecars(p *corev1.Pod) {
	main := mainStatus(p, driver)
	t := main.State.Terminated
	if t == nil {
		return
	}
	var running []string
	for _, s := range p.Status.ContainerStatuses {
		if s.State.Running != nil {
			running = append(running, s.Name)
		}
	}
	if len(running) == 0 {
		return
	}
	names := strings.Join(running, ", ")
	for _, name := range running {
		q.note(note{id: Sidecar, role: driver, likelihood: millrace.Certain, object: q.ref(p),
			detail: fmt.Sprintf("the driver has ended with exit code %d, and the pod goes on running because of %s", t.ExitCode, names),
			fix: "make it a native sidecar (an init container with restartPolicy Always), or keep it out of the pod " +
				`(for Istio the annotation sidecar.istio.io/inject: "false" in Driver.Annotations)`,
			where: fmt.Sprintf("%s: container %s", q.ref(p), name), what: "running"})
	}
}

// patience is how long the first step of anything may take: a pod that no
// scheduler looked at, an application that no operator looked at.
const patience = 30 * time.Second

// memoryOf says how much memory a pod had, as far as that is known.
func (q *inquiry) memoryOf(at place) string {
	heap, known := q.heap(at.role)
	if at.pod != nil {
		for _, c := range at.pod.Spec.Containers {
			limit, ok := c.Resources.Limits[corev1.ResourceMemory]
			if !ok || c.Name != mainContainer(at.pod, at.role) {
				continue
			}
			has := fmt.Sprintf("the pod had %s", mebibytes(limit.Value()))
			if beside := limit.Value() - heap; known && beside > 0 {
				has += fmt.Sprintf(", %s of it beside the heap", mebibytes(beside))
			}
			return has + ": "
		}
	}
	if known {
		return fmt.Sprintf("the heap is %s: ", mebibytes(heap))
	}
	return ""
}

func mainContainer(p *corev1.Pod, r role) string {
	for _, c := range p.Spec.Containers {
		if c.Name == "spark-kubernetes-"+string(r) || c.Name == string(r) {
			return c.Name
		}
	}
	if len(p.Spec.Containers) > 0 {
		return p.Spec.Containers[0].Name
	}
	return ""
}

func mebibytes(n int64) string { return fmt.Sprintf("%dMi", n>>20) }

// heap returns the size of the JVM's heap that the application asks for.
func (q *inquiry) heap(r role) (int64, bool) {
	s := q.text("spec", string(r), "memory")
	if s == "" {
		s = q.conf("spark." + string(r) + ".memory")
	}
	return javaSize(s)
}

// javaSize reads a size as the JVM writes it: "4g", "512m", "4096".
func javaSize(s string) (int64, bool) {
	s = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(s)), "b")
	digits := strings.TrimRight(s, "kmgt")
	shift, ok := map[string]uint{"": 20, "k": 10, "m": 20, "g": 30, "t": 40}[s[len(digits):]]
	if !ok || digits == "" || len(digits) > 6 {
		return 0, false
	}
	var n int64
	for _, d := range digits {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + int64(d-'0')
	}
	return n << shift, true
}
