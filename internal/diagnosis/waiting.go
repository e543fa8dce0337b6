package diagnosis

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace"
)

// The reasons for which a container waits, beside the ordinary ones.
// Source: k8s.io/kubernetes v1.37.2, pkg/kubelet/images/types.go,
// pkg/kubelet/kuberuntime, pkg/kubelet/container/sync_result.go.
var (
	imageReasons = map[string]bool{"ErrImagePull": true, "ImagePullBackOff": true, "InvalidImageName": true,
		"ErrImageNeverPull": true, "ImageInspectError": true, "RegistryUnavailable": true, "SignatureValidationFailed": true}
	configReasons = map[string]bool{"CreateContainerConfigError": true, "CreateContainerError": true, "RunContainerError": true,
		"PreCreateHookError": true, "PreStartHookError": true, "PostStartHookError": true, "CrashLoopBackOff": true}
)

// waiting explains why a container waits.
func (q *inquiry) waiting(at place, reason, message string) {
	n := note{role: at.role, likelihood: millrace.Certain, object: at.object, key: at.key, where: at.where, what: reason + ": " + message}
	switch {
	case imageReasons[reason]:
		n.image(reason, message)
	case configReasons[reason]:
		n.id = ContainerConfig
		n.detail, n.fix = configTrouble(at.role, reason, message)
		n.kind = n.fix
	default:
		return
	}
	q.note(n)
}

// image says that an image can't be had, by the reason of a container that
// waits for it.
func (n *note) image(reason, message string) {
	n.id = Image
	n.detail, n.fix = imageTrouble(n.role, reason, message)
	if reason == "InvalidImageName" || reason == "ErrImageNeverPull" {
		n.kind = reason
	}
}

// imageTrouble reads why an image can't be had. The texts are those of
// containerd and of registries.
func imageTrouble(r role, reason, message string) (detail, fix string) {
	detail = fmt.Sprintf("the image of the %s can't be pulled (%s)", r, reason)
	low := strings.ToLower(message)
	has := func(texts ...string) bool {
		for _, t := range texts {
			if strings.Contains(low, t) {
				return true
			}
		}
		return false
	}
	switch {
	case reason == "InvalidImageName":
		return fmt.Sprintf("the name of the %s's image is none", r), "correct Image"
	case reason == "ErrImageNeverPull":
		return fmt.Sprintf("the image of the %s is not on the node, and Deps.PullPolicy is Never", r), "set Deps.PullPolicy to PullIfNotPresent"
	case has("no match for platform", "no matching manifest", "exec format"):
		return detail, "the image has no variant for the node's architecture: build it for that too, or choose nodes of the other one"
	case has("toomanyrequests", "too many requests", "rate limit", "429"):
		return detail, "the registry limits pulls: use a mirror, and leave Deps.PullPolicy at PullIfNotPresent"
	case has("unauthorized", "authentication required", "denied", "401", "403", "forbidden"):
		return detail, "the registry refuses the node: name a pull secret in Deps.PullSecrets, or check the image's name, as registries say the same for one that does not exist"
	case has("not found", "manifest unknown", "does not exist"):
		return detail, "there is no such image: check the name and the tag of Image, and that it was pushed"
	case has("no such host", "timeout", "connection refused", "deadline exceeded", "x509"):
		return detail, "the node does not reach the registry: check its name, the network and the certificates"
	default:
		return detail, "check Image, that it was pushed, and Deps.PullSecrets"
	}
}

// configTrouble reads why a container can't be made or started.
// Source: k8s.io/kubernetes v1.37.2, pkg/kubelet/kubelet_pods.go,
// security_context_others.go.
func configTrouble(r role, reason, message string) (detail, fix string) {
	detail = fmt.Sprintf("the container of the %s can't be started (%s)", r, reason)
	low := strings.ToLower(message)
	switch {
	case strings.Contains(low, "couldn't find key"):
		return detail, "the secret or config map lacks the key that the environment asks for: add it, or correct " + r.field() + ".Env"
	case strings.Contains(low, "secret ") && strings.Contains(low, "not found"), strings.Contains(low, "configmap ") && strings.Contains(low, "not found"):
		return detail, "create the secret or config map in this namespace, or correct its name in " + r.field() + ".Env, EnvFrom or Volumes"
	case strings.Contains(low, "runasnonroot"), strings.Contains(low, "non-numeric user"):
		return detail, "the image runs as root or names its user: leave " + r.field() + ".Security at its default, which is the user 185 of Spark's images, or set runAsUser"
	case strings.Contains(low, "exec format error"):
		return detail, "the image is for another architecture than the node's: build it for that too"
	case strings.Contains(low, "no such file or directory"), strings.Contains(low, "executable file not found"):
		return detail, "the image has no such entry point: it must be made from a Spark image"
	case reason == "CrashLoopBackOff":
		return fmt.Sprintf("a container of the %s ends again and again", r), "look at the log of that container; the pod is not ready without it"
	default:
		return detail, "correct what the message names"
	}
}
