package workflow

import (
	"strings"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
)

const (
	// defaultDeadline: a daily pipeline that has not ended when the next one
	// is due hangs. Argo's own default is no limit at all.
	defaultDeadline = 24 * time.Hour
	// defaultSuccessTTL: long enough to look at the last run, short enough
	// for the controller's memory, in which every kept run lives.
	defaultSuccessTTL = 24 * time.Hour
	// defaultFailureTTL: a failure of Friday evening is still there on Monday.
	defaultFailureTTL = 7 * 24 * time.Hour
	// podGCDelay: log shippers read the end of a pod's log within seconds.
	podGCDelay = "60s"

	// defaultRetries: a pod that is lost three times has another problem.
	// Source: Argo Workflows examples, which use 2 to 3 with a backoff.
	defaultRetries = 2
	// defaultBackoff: about the time that a replacement node takes to register.
	defaultBackoff = 30 * time.Second
	// backoffFactor doubles the wait each time.
	backoffFactor = 2

	// executorUser is the uid of Argo's own non-root images. Without it a pod
	// that must not run as root can't start the executor, whose image names
	// no user. Source: Argo Workflows v3.7.14 workflow/common/security_context.go.
	executorUser int64 = 8737

	// defaultMemory: a step that needs more should say so, and one without
	// any request is the first to be evicted.
	defaultMemory = millrace.GiB
	// defaultCPU: half a core keeps small steps packable.
	defaultCPU = "500m"

	// The most that one object may hold under the CRDs that Argo 4 installs.
	// Source: Argo Workflows v4.0.5 workflow_types.go, kubebuilder markers.
	maxTasks, maxTemplates, maxParameters = 200, 200, 500
	// maxSpec: every run keeps a copy of the template in its status, and Argo
	// ends a run as an error that is longer than 1 MiB. An eighth of that is
	// for what it notes about the tasks.
	// Source: Argo Workflows v3.7.14 workflow/packer/packer.go.
	maxSpec = 1<<20 - 128<<10
	// maxManifest: kubectl apply keeps the manifest in an annotation, and
	// Kubernetes limits annotations to 256 KiB.
	maxManifest = 256 << 10
	// maxTemplateName leaves 11 of a label's 63 characters to what runs
	// append: Run '-' and 8 digits, Argo's schedules '-' and 10.
	maxTemplateName = 63 - runSuffix
	// runSuffix is the longest ending that a run's name adds to the template's.
	runSuffix = 11
	// defaultNameBudget is the length of a label, into which most operators
	// put the names of their objects.
	defaultNameBudget = 63
)

// timedOut is true when a task's own deadline ended it. Its time is not to
// start again.
const timedOut = `lastRetry.message contains "specified deadline"`

// lostResourcePod is true when the pod that waits for a resource was lost:
// everything but the two ways in which the resource itself ends the task.
// The phase alone doesn't tell: Argo calls a deleted pod an error, but a pod
// that the kubelet evicted, or that was stopped with its node, a failure.
// Source: Argo Workflows v3.7.14 workflow/controller/operator.go
// (inferFailedReason), workflow/executor/resource.go (checkResourceState).
const lostResourcePod = `not (lastRetry.message contains "failure condition" or lastRetry.message contains "resource has been deleted" or ` + timedOut + `)`

// lostContainerPod is true when a container was stopped from outside: its pod
// is gone, it has no exit code, or it ended by SIGTERM or SIGKILL. One that ran
// out of memory was killed too, but would be again.
const lostContainerPod = `(lastRetry.status == "Error" or lastRetry.exitCode in ["-1", "137", "143"]) and not (lastRetry.message contains "OOMKilled" or ` + timedOut + `)`

// failedContainer is true for those and for errors of the container's own.
const failedContainer = `not (` + timedOut + `)`

// specDefaults are the settings of a workflow that are filled in below what
// the user sets, among it the given security context.
// Source: Argo Workflows, cost-optimisation, running-at-massive-scale,
// security and workflow-pod-security-context.
func specDefaults(set *corev1.PodSecurityContext) *wfv1.WorkflowSpec {
	security := &corev1.PodSecurityContext{
		RunAsNonRoot:   new(true),
		RunAsUser:      new(executorUser),
		SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
	}
	// Whoever asks for root means it: with one half of these only, the kubelet
	// would refuse every pod, or the images not run as root after all.
	if set != nil && (root(set.RunAsUser) || set.RunAsNonRoot != nil && !*set.RunAsNonRoot) {
		security.RunAsNonRoot, security.RunAsUser = nil, nil
	}
	return &wfv1.WorkflowSpec{
		ActiveDeadlineSeconds: new(int64(defaultDeadline / time.Second)),
		TTLStrategy: &wfv1.TTLStrategy{
			SecondsAfterCompletion: seconds32(defaultFailureTTL),
			SecondsAfterSuccess:    seconds32(defaultSuccessTTL),
			SecondsAfterFailure:    seconds32(defaultFailureTTL),
		},
		// Failed pods stay for their logs, until the run itself is deleted.
		PodGC:           &wfv1.PodGC{Strategy: wfv1.PodGCOnPodSuccess, DeleteDelayDuration: podGCDelay},
		SecurityContext: security,
	}
}

// claimDefaults let any user write to claims: a new volume belongs to root, and
// steps run as another user. The owner is changed at the first mount only, as
// what follows belongs to the group already.
// Source: Kubernetes, configure a security context for a Pod (fsGroup,
// fsGroupChangePolicy).
func claimDefaults() *corev1.PodSecurityContext {
	return &corev1.PodSecurityContext{
		FSGroup:             new(executorUser),
		FSGroupChangePolicy: new(corev1.FSGroupChangeOnRootMismatch),
	}
}

// containerDefaults are the settings that are filled in below those of a
// container, as far as they don't contradict them.
func containerDefaults(set *corev1.Container) *corev1.Container {
	out := &corev1.Container{
		// Argo's own name for it; empty is the same, but doesn't look it.
		Name: "main",
		SecurityContext: &corev1.SecurityContext{
			AllowPrivilegeEscalation: new(false),
			Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
		},
	}
	// Where only a limit is set, Kubernetes requests as much.
	requests, limits := set.Resources.Requests, set.Resources.Limits
	if !has(requests, corev1.ResourceCPU) && !has(limits, corev1.ResourceCPU) {
		out.Resources.Requests = corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(defaultCPU)}
	}
	if !has(requests, corev1.ResourceMemory) && !has(limits, corev1.ResourceMemory) {
		overlay.Fill(&out.Resources, memory(defaultMemory))
	}
	if s := set.SecurityContext; s != nil {
		if s.Privileged != nil && *s.Privileged {
			out.SecurityContext.AllowPrivilegeEscalation = nil // the API server refuses both
		}
		if root(s.RunAsUser) {
			out.SecurityContext.RunAsNonRoot = new(false) // the template says true
		}
	}
	return out
}

func has(list corev1.ResourceList, name corev1.ResourceName) bool {
	_, ok := list[name]
	return ok
}

func root(user *int64) bool { return user != nil && *user == 0 }

// orDefault writes a duration as people do: "10m", not "10m0s".
func orDefault(d, otherwise time.Duration) string {
	if d <= 0 {
		d = otherwise
	}
	s := d.String()
	if d%time.Minute == 0 {
		s = strings.TrimSuffix(s, "0s")
	}
	if d%time.Hour == 0 {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func seconds32(d time.Duration) *int32 {
	return new(int32(d / time.Second))
}
