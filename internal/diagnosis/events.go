package diagnosis

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/status"
)

// lookAtEvents reads the events of the application and its pods. Those of
// claims belong to lookAtClaims.
func (q *inquiry) lookAtEvents(events []corev1.Event) {
	for i := range events {
		e := &events[i]
		switch of := e.InvolvedObject; of.Kind {
		case "Pod":
			p := q.pods[of.Name]
			if p != nil && of.UID != "" && p.UID != "" && of.UID != p.UID {
				continue // of an earlier pod of the same name
			}
			q.lookAtPodEvent(e, q.placeOf(e, p))
		case "PersistentVolumeClaim":
			q.claimEvents[of.Name] = append(q.claimEvents[of.Name], e)
		default:
			q.lookAtAppEvent(e)
		}
	}
}

// placeOf returns where an event was seen. The pod may be gone; then its name
// says whose it was.
func (q *inquiry) placeOf(e *corev1.Event, p *corev1.Pod) place {
	of := e.InvolvedObject
	at := place{role: driver, object: millrace.Ref{Kind: of.Kind, Namespace: of.Namespace, Name: of.Name}, pod: p, where: eventWhere(e)}
	if p != nil && roleOf(p) == executor || p == nil && strings.Contains(of.Name, "-exec-") {
		at.role, at.key = executor, executorOfPod(of.Name)
		if p != nil {
			at.key = executorID(p)
		}
	}
	return at
}

func eventWhere(e *corev1.Event) string {
	of := e.InvolvedObject
	where := fmt.Sprintf("event on %s", millrace.Ref{Kind: of.Kind, Namespace: of.Namespace, Name: of.Name})
	if n := repeated(e); n > 1 {
		where += fmt.Sprintf(" (%d times)", n)
	}
	return where
}

func repeated(e *corev1.Event) int32 {
	if e.Series != nil {
		return max(e.Series.Count, e.Count)
	}
	return e.Count
}

// lookAtPodEvent reads one event of a pod.
// Source: k8s.io/kubernetes v1.37.2, pkg/kubelet/events/event.go; the
// scheduler; cluster-autoscaler; karpenter.
func (q *inquiry) lookAtPodEvent(e *corev1.Event, at place) {
	if _, ok := disruptions[e.Reason]; ok {
		if !strings.HasPrefix(e.Message, "Cancelling deletion") {
			q.disruption(at, e.Reason, e.Message)
		}
		return
	}
	switch e.Reason {
	case "Pulled":
		q.pulled(at, e.Message)
		return
	case "Pulling":
		q.pulling(at, e)
		return
	}
	// Whatever kept a pod from starting is over once it has, and of one that
	// is gone nobody knows whether it had.
	if at.pod == nil && q.state.Stage != status.Starting || at.pod != nil && started(at.pod) {
		return
	}
	n := note{role: at.role, likelihood: millrace.Certain, object: at.object, key: at.key, where: at.where, what: e.Reason + ": " + e.Message}
	switch e.Reason {
	case "FailedScheduling", "NotTriggerScaleUp":
		if at.pod == nil || at.pod.Spec.NodeName == "" {
			q.unschedulable(at, e.Reason, e.Message, millrace.Likely)
		}
		return
	case "TriggeredScaleUp", "Nominated":
		if at.pod != nil && at.pod.Spec.NodeName == "" {
			q.coming[at.role] = true
		}
		return
	case "FailedMount", "FailedAttachVolume", "FailedMapVolume":
		q.volume(n, e)
		return
	case "FailedCreatePodSandBox", "NetworkNotReady":
		n.id = PodSandbox
		n.detail, n.fix = sandboxTrouble(at.role, e.Message)
		n.kind = n.detail
	case "Failed", "BackOff", "InspectFailed", "ErrImageNeverPull":
		if !strings.Contains(e.Message, "image") || strings.Contains(e.Message, "Back-off restarting") {
			return
		}
		n.image(imageReason(e.Reason, e.Message), e.Message)
	default:
		return
	}
	q.note(n)
}

// imageReason says what the container's status calls what an event tells.
func imageReason(reason, message string) string {
	switch {
	case imageReasons[reason]:
		return reason
	case strings.Contains(message, "couldn't parse image name"):
		return "InvalidImageName"
	case strings.HasPrefix(message, "Back-off"):
		return "ImagePullBackOff"
	}
	return "ErrImagePull"
}

// earlyMount is how long Spark's own config map may be missing: spark-submit
// makes the pod first. Source: kubeflow/spark-operator#508.
const earlyMount = 2 * time.Minute

// volume explains an event about a volume of a pod that has not started.
func (q *inquiry) volume(n note, e *corev1.Event) {
	if strings.Contains(e.Message, "spark-conf-volume-") || strings.Contains(e.Message, "pod-template-") {
		last := e.LastTimestamp
		if last.IsZero() && e.Series != nil {
			last.Time = e.Series.LastObservedTime.Time
		}
		if last.Sub(e.FirstTimestamp.Time) < earlyMount {
			return
		}
	}
	low := strings.ToLower(e.Message)
	field := n.role.field()
	n.id = Volume
	n.detail = fmt.Sprintf("a volume of the %s can't be mounted", n.role)
	switch {
	case strings.Contains(e.Message, "Multi-Attach error"):
		n.detail = fmt.Sprintf("a volume of the %s is attached to another node", n.role)
		n.fix = "a claim with ReadWriteOnce serves one node at a time: give each pod its own (claimName OnDemand), or wait until the other pod is gone"
	case strings.Contains(low, "secret ") && strings.Contains(low, "not found"), strings.Contains(low, "configmap ") && strings.Contains(low, "not found"):
		n.id = ContainerConfig
		n.detail = fmt.Sprintf("a secret or config map that the %s mounts does not exist", n.role)
		n.fix = "create it in this namespace, or correct its name in " + field + ".Volumes"
	case strings.Contains(low, "references non-existent secret key"), strings.Contains(low, "references non-existent config key"):
		n.id = ContainerConfig
		n.detail = fmt.Sprintf("a secret or config map that the %s mounts lacks a key", n.role)
		n.fix = "add the key, or correct it in " + field + ".Volumes"
	default:
		n.fix = "look at the claim and the CSI driver that the message names; " + field + ".Volumes makes the volume"
	}
	n.kind = n.detail
	q.note(n)
}

// sandboxTrouble reads why a pod gets no network.
func sandboxTrouble(r role, message string) (detail, fix string) {
	low := strings.ToLower(message)
	if strings.Contains(low, "assign an ip") || strings.Contains(low, "no ip addresses available") || strings.Contains(low, "no available ip") || strings.Contains(low, "exhausted") {
		return fmt.Sprintf("the %s gets no IP address: the subnet or the node has none left", r),
			"use larger or more subnets, or fewer and larger executors"
	}
	return fmt.Sprintf("the node can't make the network of the %s", r), "look at the CNI plugin on the node that the message names"
}

var pulledIn = regexp.MustCompile(`Successfully pulled image "([^"]*)" in (\S+)(?: \((\S+) including waiting\))?(?:\. Image size: (\d+) bytes)?`)

const (
	// slowPull is where a pull delays a job so much that it is worth naming.
	slowPull = time.Minute
	// largeImage is from where images are said to be large.
	// Source: "Running Data Workloads on Kubernetes", slow pod startup.
	largeImage = 2 * millrace.GiB
)

// pulled notices an image that took long to pull.
func (q *inquiry) pulled(at place, message string) {
	m := pulledIn.FindStringSubmatch(message)
	if m == nil || q.failed() {
		return
	}
	took, err := time.ParseDuration(cmp.Or(m[3], m[2]))
	if err != nil || took < slowPull {
		return
	}
	size := ""
	fix := "pull it to the nodes beforehand, or use a registry nearer to them"
	if bytes, err := strconv.ParseInt(m[4], 10, 64); err == nil && bytes > 0 {
		size = ", it has " + mebibytes(bytes)
		if millrace.Bytes(bytes) > largeImage {
			fix = "make it smaller than 2 GiB, or pull it to the nodes beforehand"
		}
	}
	q.note(note{id: SlowImage, role: at.role, object: at.object, key: at.key, where: at.where, what: "Pulled: " + message, fix: fix,
		detail: fmt.Sprintf("pulling the image of the %s took %s%s", at.role, took.Round(time.Second), size)})
}

// pulling notices an image that is being pulled for long already.
func (q *inquiry) pulling(at place, e *corev1.Event) {
	if at.pod == nil || started(at.pod) {
		return
	}
	w := mainStatus(at.pod, at.role).State.Waiting
	age, ok := q.age(e.LastTimestamp)
	if !ok || age < slowPull || w == nil || w.Reason != "ContainerCreating" {
		return
	}
	q.note(note{id: SlowImage, role: at.role, object: at.object, key: at.key, where: at.where, what: "Pulling: " + e.Message,
		detail: fmt.Sprintf("the image of the %s is being pulled for %s now", at.role, age.Round(time.Second)),
		fix:    "make it smaller than 2 GiB, or pull it to the nodes beforehand"})
}

// executorFailedEvent is what kubeflow's operator says of an executor.
// Source: spark-operator v2.5.1, internal/controller/sparkapplication/controller.go.
var executorFailedEvent = regexp.MustCompile(`^Executor (\S+) failed with ExitCode: (-?\d+), Reason: ([^,]*), Pod Message: ?((?s:.*))`)

// lookAtAppEvent reads one event of the application.
func (q *inquiry) lookAtAppEvent(e *corev1.Event) {
	at := place{role: driver, object: q.appRef, where: eventWhere(e)}
	if m := executorFailedEvent.FindStringSubmatch(e.Message); m != nil {
		at.role, at.key = executor, executorOfPod(m[1])
		at.object = millrace.Ref{Kind: "Pod", Namespace: e.InvolvedObject.Namespace, Name: m[1]}
		at.pod = q.pods[m[1]]
		at.what = e.Reason + ": " + e.Message
		if strings.Contains(m[4], "low on resource") || strings.Contains(m[4], "ephemeral") || strings.Contains(m[4], "EmptyDir") {
			q.disruption(at, "Evicted", m[4])
			return
		}
		if code, err := strconv.ParseInt(m[2], 10, 32); err == nil {
			q.exited(at, known(m[3]), int32(code))
		}
		return
	}
	if e.Type == corev1.EventTypeWarning && q.state.Stage != status.Running {
		at.what = e.Reason + ": "
		q.refusal(at, e.Message)
	}
}
