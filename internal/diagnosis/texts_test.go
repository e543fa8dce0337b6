package diagnosis_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace/internal/diagnosis"
)

// waitingDriver returns a driver whose container waits.
func waitingDriver(reason, message string) corev1.Pod {
	p := corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "etl-driver", Namespace: "data"}}
	p.Spec.NodeName = "node-7"
	p.Spec.Containers = []corev1.Container{{Name: "spark-kubernetes-driver"}}
	p.Status.Phase = corev1.PodPending
	p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "spark-kubernetes-driver",
		State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}}}
	return p
}

// only returns the one cause, and fails if there is not exactly one.
func only(t *testing.T, e diagnosis.Evidence) (id, text string) {
	t.Helper()
	causes := diagnosis.Diagnose(e)
	if len(causes) != 1 {
		t.Fatalf("got %d causes: %v", len(causes), causes)
	}
	return causes[0].ID, causes[0].Detail + "; " + causes[0].Fix
}

// TestWaiting reads what the kubelet says of a container that waits.
func TestWaiting(t *testing.T) {
	for _, test := range []struct{ reason, message, id, want string }{
		{"ErrImagePull", "pull access denied, repository does not exist or may require authorization", diagnosis.Image, "Deps.PullSecrets"},
		{"ErrImagePull", "429 Too Many Requests - toomanyrequests: You have reached your pull rate limit", diagnosis.Image, "the registry limits pulls"},
		{"ErrImagePull", "manifest unknown: manifest unknown", diagnosis.Image, "there is no such image"},
		{"ErrImagePull", "dial tcp: lookup company-registry: no such host", diagnosis.Image, "does not reach the registry"},
		{"ErrImagePull", "no match for platform in manifest: not found", diagnosis.Image, "architecture"},
		{"ImagePullBackOff", `Back-off pulling image "x"`, diagnosis.Image, "check Image"},
		{"InvalidImageName", "couldn't parse image name", diagnosis.Image, "correct Image"},
		{"CreateContainerConfigError", `secret "warehouse" not found`, diagnosis.ContainerConfig, "create the secret or config map"},
		{"CreateContainerConfigError", `configmap "hadoop" not found`, diagnosis.ContainerConfig, "create the secret or config map"},
		{"CreateContainerConfigError", "couldn't find key password in Secret data/warehouse", diagnosis.ContainerConfig, "lacks the key"},
		{"CreateContainerConfigError", "container has runAsNonRoot and image will run as root", diagnosis.ContainerConfig, "Driver.Security"},
		{"RunContainerError", "exec /opt/entrypoint.sh: exec format error", diagnosis.ContainerConfig, "architecture"},
		{"CreateContainerError", `exec: "driver": executable file not found in $PATH`, diagnosis.ContainerConfig, "entry point"},
		{"RunContainerError", "something else", diagnosis.ContainerConfig, "correct what the message names"},
	} {
		t.Run(test.reason+" "+test.message, func(t *testing.T) {
			id, text := only(t, diagnosis.Evidence{Pods: []corev1.Pod{waitingDriver(test.reason, test.message)}})
			if id != test.id || !strings.Contains(text, test.want) {
				t.Errorf("got %s: %s", id, text)
			}
		})
	}
	for _, reason := range []string{"ContainerCreating", "PodInitializing"} {
		if got := diagnosis.Diagnose(diagnosis.Evidence{Pods: []corev1.Pod{waitingDriver(reason, "")}}); got != nil {
			t.Errorf("%s is named: %v", reason, got)
		}
	}
}

// TestUnschedulable reads what schedulers and autoscalers say.
func TestUnschedulable(t *testing.T) {
	for _, test := range []struct{ message, id, want string }{
		{"0/5 nodes are available: 5 node(s) had untolerated taint {dedicated: spark}.", diagnosis.Unschedulable, "the taint dedicated: spark (5 nodes)"},
		{"0/1 nodes are available: 1 node(s) had untolerated taint(s).", diagnosis.Unschedulable, "the taint (1 node)"},
		{`incompatible with nodepool "a", daemonset overhead={"cpu":"1"}, did not tolerate dedicated=spark:NoSchedule`, diagnosis.Unschedulable, "the taint dedicated=spark:NoSchedule"},
		{"0/5 nodes are available: 5 Insufficient memory. preemption: not eligible", diagnosis.Unschedulable, "too little memory is free (5 nodes): let the pool grow (Pool.Max), use larger machines, or ask for less (Driver.Memory"},
		{"0/5 nodes are available: 5 Insufficient ephemeral-storage.", diagnosis.Unschedulable, "Driver.Volumes"},
		{"0/5 nodes are available: 5 Insufficient nvidia.com/gpu.", diagnosis.Unschedulable, "too little nvidia.com/gpu"},
		{"0/5 nodes are available: 5 node(s) didn't match Pod's node affinity/selector.", diagnosis.Unschedulable, "compare Placement with the pool's labels"},
		{"0/5 nodes are available: 5 node(s) didn't match pod anti-affinity rules.", diagnosis.Unschedulable, "loosen the affinity"},
		{"0/5 nodes are available: 5 node(s) didn't match pod topology spread constraints.", diagnosis.Unschedulable, "loosen the affinity"},
		{"0/5 nodes are available: 2 node(s) were unschedulable, 3 Too many pods.", diagnosis.Unschedulable, "cordoned (2 nodes)"},
		{`all available instance types exceed limits for nodepool: "spark"`, diagnosis.Unschedulable, "raise Pool.Max"},
		{"0/5 nodes are available: 5 node(s) had no available volume zone.", diagnosis.Claim, "WaitForFirstConsumer"},
		{"0/5 nodes are available: 5 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod.", diagnosis.Claim, "ReadWriteOncePod"},
		{"no words of ours", diagnosis.Unschedulable, "compare what the pod asks for"},
		{"", diagnosis.Unschedulable, "compare what the pod asks for"},
	} {
		t.Run(test.message, func(t *testing.T) {
			p := waitingDriver("", "")
			p.Spec.NodeName, p.Status.ContainerStatuses = "", nil
			p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: "Unschedulable", Message: test.message}}
			id, text := only(t, diagnosis.Evidence{Pods: []corev1.Pod{p}})
			if id != test.id || !strings.Contains(text, test.want) {
				t.Errorf("got %s: %s", id, text)
			}
		})
	}
}

// TestVolumes reads the kubelet's events about the volumes of a pod that waits.
func TestVolumes(t *testing.T) {
	for _, test := range []struct{ reason, message, id, want string }{
		{"FailedMount", `MountVolume.SetUp failed for volume "s" : secret "s3" not found`, diagnosis.ContainerConfig, "does not exist"},
		{"FailedMount", `MountVolume.SetUp failed for volume "s" : references non-existent secret key: password`, diagnosis.ContainerConfig, "lacks a key"},
		{"FailedMount", `MountVolume.SetUp failed for volume "spark-conf-volume-driver" : configmap "spark-drv-7d1f-conf-map" not found`, diagnosis.ContainerConfig, "does not exist"},
		{"FailedMount", `Unable to attach or mount volumes: unmounted volumes=[spark-local-dir-1]: timed out waiting for the condition`, diagnosis.Volume, "CSI driver"},
		{"FailedAttachVolume", `AttachVolume.Attach failed for volume "pvc-7f": rpc error`, diagnosis.Volume, "CSI driver"},
		{"FailedCreatePodSandBox", "plugin type=\"calico\" failed (add): connection refused", diagnosis.PodSandbox, "CNI plugin"},
		{"Failed", `Failed to pull image "x": not found`, diagnosis.Image, "there is no such image"},
		{"BackOff", `Back-off pulling image "x"`, diagnosis.Image, "ImagePullBackOff"},
	} {
		t.Run(test.reason+" "+test.message, func(t *testing.T) {
			// It has lasted for ten minutes.
			v := corev1.Event{Reason: test.reason, Message: test.message, Type: "Warning"}
			v.FirstTimestamp = metav1.Unix(1_772_359_200, 0)
			v.Series = &corev1.EventSeries{Count: 20, LastObservedTime: metav1.MicroTime{Time: v.FirstTimestamp.Add(600e9)}}
			v.InvolvedObject = corev1.ObjectReference{Kind: "Pod", Namespace: "data", Name: "etl-driver"}
			e := diagnosis.Evidence{Pods: []corev1.Pod{waitingDriver("ContainerCreating", "")}, Events: []corev1.Event{v}}
			id, text := only(t, e)
			if id != test.id || !strings.Contains(text, test.want) {
				t.Errorf("got %s: %s", id, text)
			}
			if got := diagnosis.Diagnose(e)[0].Evidence[0]; !strings.Contains(got, "(20 times)") {
				t.Errorf("the evidence is %q", got)
			}
			// Once the container has run, it does not matter any more.
			e.Pods[0].Status.Phase = corev1.PodRunning
			e.Pods[0].Status.ContainerStatuses[0].State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}
			if got := diagnosis.Diagnose(e); got != nil {
				t.Errorf("of a pod that runs it says %v", got)
			}
		})
	}
}

// TestExitCodes holds the codes of the driver against what Spark means by them.
func TestExitCodes(t *testing.T) {
	for code, want := range map[int32]string{
		3: "a path was not found", 10: "uncaught exception", 51: "while it was logged", 53: "temporary directory", 56: "heartbeats",
		126: "another architecture", 127: "entry point", 134: "the JVM aborted", 139: "segmentation fault", 255: "-1",
		130: "signal 2", 42: "the job itself chose", 101: "the main class", 52: "ran out of heap", 137: "SIGKILL", 143: "SIGTERM", 11: "too many executors",
	} {
		p := waitingDriver("", "")
		p.Status.Phase = corev1.PodFailed
		p.Status.ContainerStatuses[0].State = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "Error", ExitCode: code}}
		if _, text := only(t, diagnosis.Evidence{Pods: []corev1.Pod{p}}); !strings.Contains(text, want) {
			t.Errorf("%d: got %s", code, text)
		}
	}
}

// TestProvisioning reads why a claim gets no volume.
func TestProvisioning(t *testing.T) {
	for message, want := range map[string]string{
		`storageclass.storage.k8s.io "fast" not found`:                                  "no such StorageClass",
		"no persistent volumes available for this claim and no storage class is set":    "name a StorageClass",
		"VolumeLimitExceeded: the maximum of volumes, limit exceeded":                   "raise the quota",
		"failed to provision volume: zone europe-west3-c does not support pd-extreme":   "WaitForFirstConsumer",
		"rpc error: code = Internal desc = UnauthorizedOperation: not authorized":       "cloud permissions",
		"failed to provision volume with StorageClass \"gp3\": rpc error: deadline ...": "CSI driver of the StorageClass gp3",
	} {
		c := corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: "scratch", Namespace: "data"}}
		c.Spec.StorageClassName = new("gp3")
		c.Status.Phase = corev1.ClaimPending
		v := corev1.Event{Reason: "ProvisioningFailed", Message: message}
		v.InvolvedObject = corev1.ObjectReference{Kind: "PersistentVolumeClaim", Namespace: "data", Name: "scratch"}
		e := diagnosis.Evidence{Claims: []corev1.PersistentVolumeClaim{c}, Events: []corev1.Event{v}}
		if id, text := only(t, e); id != diagnosis.Claim || !strings.Contains(text, want) {
			t.Errorf("%s: got %s: %s", message, id, text)
		}
		e.Claims[0].Status.Phase = corev1.ClaimBound
		if got := diagnosis.Diagnose(e); got != nil {
			t.Errorf("of a claim that is bound it says %v", got)
		}
	}
}

// TestLimitRange reads what the API server says of a pod that its namespace's
// LimitRange doesn't take, in what spark-submit has said.
func TestLimitRange(t *testing.T) {
	for said, want := range map[string]string{
		"maximum memory usage per Container is 2Gi, but limit is 4300Mi.":                             "is 2Gi, but limit is 4300Mi; ask for less (Driver.Memory",
		"minimum cpu usage per Container is 1, but request is 100m.":                                  "is 1, but request is 100m; ask for more",
		"maximum cpu usage per Pod is 2.  No limit is specified.":                                     "No limit is specified; ask for less",
		"cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000.":          "provided ratio is 4.000000; bring requests and limits closer",
		"[maximum cpu usage per Pod is 2, but limit is 4, maximum memory usage per Pod is 1Gi, but…]": "per Pod is 2, but limit is 4; ask for less",
	} {
		app := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication", "metadata": map[string]any{"name": "large"},
			"status": map[string]any{"applicationState": map[string]any{"state": "FAILED", "errorMessage": "failed to run spark-submit: " +
				`Exception in thread "main" KubernetesClientException: Forbidden! pods "large-driver" is forbidden: ` + said + " at io.fabric8"}},
		}}
		id, text := only(t, diagnosis.Evidence{Application: app})
		if id != diagnosis.PodInvalid || !strings.Contains(text, want) {
			t.Errorf("%s: %s: %s", said, id, text)
		}
	}
}
