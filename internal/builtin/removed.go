package builtin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace/internal/schema"
)

// Removed reports a version of one of Kubernetes' own kinds that servers no
// longer have, and returns false for any other.
func Removed(gvk schema.GVK) (schema.Problem, bool) {
	for _, r := range removals {
		if r.group == gvk.Group && r.version == gvk.Version && slices.Contains(strings.Fields(r.kinds), gvk.Kind) {
			return schema.Problem{
				Path: "apiVersion", Rule: schema.RuleRemoved,
				Detail: fmt.Sprintf("is %s/%s, which no server has since Kubernetes 1.%d", r.group, r.version, r.release), Fix: r.fix(),
			}, true
		}
	}
	return schema.Problem{}, false
}

// removal is a version of some kinds that is gone.
type removal struct {
	group, version, kinds string
	release               int    // the first 1.x without it
	use                   string // the version to write instead; none where there is none
}

func (r removal) fix() string {
	if r.use == "" {
		return "use Pod Security admission: label the namespace with pod-security.kubernetes.io/enforce"
	}
	return "use " + r.use + ", and see what it calls the fields"
}

// removals are what k8s.io/api's lifecycles say, and of what that has no types
// any more, Kubernetes' guide to deprecated APIs:
// https://kubernetes.io/docs/reference/using-api/deprecation-guide/
var removals = []removal{
	{"extensions", "v1beta1", "DaemonSet Deployment ReplicaSet", 16, "apps/v1"},
	{"extensions", "v1beta1", "NetworkPolicy", 16, "networking.k8s.io/v1"},
	{"extensions", "v1beta1", "PodSecurityPolicy", 16, ""},
	{"extensions", "v1beta1", "Ingress", 22, "networking.k8s.io/v1"},
	{"apps", "v1beta1", "Deployment StatefulSet ControllerRevision", 16, "apps/v1"},
	{"apps", "v1beta2", "DaemonSet Deployment ReplicaSet StatefulSet ControllerRevision", 16, "apps/v1"},
	{"batch", "v2alpha1", "CronJob", 21, "batch/v1"},
	{"batch", "v1beta1", "CronJob", 25, "batch/v1"},
	{"autoscaling", "v2beta1", "HorizontalPodAutoscaler", 25, "autoscaling/v2"},
	{"autoscaling", "v2beta2", "HorizontalPodAutoscaler", 26, "autoscaling/v2"},
	{"policy", "v1beta1", "PodDisruptionBudget", 25, "policy/v1"},
	{"policy", "v1beta1", "PodSecurityPolicy", 25, ""},
	{"networking.k8s.io", "v1beta1", "Ingress IngressClass", 22, "networking.k8s.io/v1"},
	{"networking.k8s.io", "v1beta1", "IPAddress ServiceCIDR", 37, "networking.k8s.io/v1"},
	{"rbac.authorization.k8s.io", "v1beta1", "Role ClusterRole RoleBinding ClusterRoleBinding", 22, "rbac.authorization.k8s.io/v1"},
	{"scheduling.k8s.io", "v1beta1", "PriorityClass", 22, "scheduling.k8s.io/v1"},
	{"storage.k8s.io", "v1alpha1", "CSIStorageCapacity VolumeAttachment", 24, "storage.k8s.io/v1"},
	{"storage.k8s.io", "v1alpha1", "VolumeAttributesClass", 35, "storage.k8s.io/v1"},
	{"storage.k8s.io", "v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment", 22, "storage.k8s.io/v1"},
	{"storage.k8s.io", "v1beta1", "CSIStorageCapacity", 27, "storage.k8s.io/v1"},
	{"storage.k8s.io", "v1beta1", "VolumeAttributesClass", 37, "storage.k8s.io/v1"},
	{"admissionregistration.k8s.io", "v1beta1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration", 22, "admissionregistration.k8s.io/v1"},
	{"admissionregistration.k8s.io", "v1alpha1", "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding", 32, "admissionregistration.k8s.io/v1"},
	{"admissionregistration.k8s.io", "v1beta1", "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding", 34, "admissionregistration.k8s.io/v1"},
	{"apiextensions.k8s.io", "v1beta1", "CustomResourceDefinition", 22, "apiextensions.k8s.io/v1"},
	{"apiregistration.k8s.io", "v1beta1", "APIService", 22, "apiregistration.k8s.io/v1"},
	{"certificates.k8s.io", "v1beta1", "CertificateSigningRequest", 22, "certificates.k8s.io/v1"},
	{"certificates.k8s.io", "v1alpha1", "ClusterTrustBundle", 37, "certificates.k8s.io/v1"},
	{"coordination.k8s.io", "v1beta1", "Lease", 22, "coordination.k8s.io/v1"},
	{"discovery.k8s.io", "v1beta1", "EndpointSlice", 25, "discovery.k8s.io/v1"},
	{"events.k8s.io", "v1beta1", "Event", 25, "events.k8s.io/v1"},
	{"node.k8s.io", "v1beta1", "RuntimeClass", 25, "node.k8s.io/v1"},
	{"flowcontrol.apiserver.k8s.io", "v1beta1", "FlowSchema PriorityLevelConfiguration", 26, "flowcontrol.apiserver.k8s.io/v1"},
	{"flowcontrol.apiserver.k8s.io", "v1beta2", "FlowSchema PriorityLevelConfiguration", 29, "flowcontrol.apiserver.k8s.io/v1"},
	{"flowcontrol.apiserver.k8s.io", "v1beta3", "FlowSchema PriorityLevelConfiguration", 32, "flowcontrol.apiserver.k8s.io/v1"},
}
