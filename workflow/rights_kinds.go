package workflow

import "strings"

// ownResources are the resources of Kubernetes and Argo that may be named
// without their group: by plural, singular or short name.
var ownResources = byAnyName(
	"pods pod po", "services service svc", "configmaps configmap cm", "secrets secret", "serviceaccounts serviceaccount sa",
	"persistentvolumeclaims persistentvolumeclaim pvc", "persistentvolumes persistentvolume pv", "events event ev",
	"namespaces namespace ns", "nodes node no", "endpoints ep", "replicationcontrollers replicationcontroller rc",
	"deployments.apps deployment deploy", "statefulsets.apps statefulset sts", "daemonsets.apps daemonset ds", "replicasets.apps replicaset rs",
	"jobs.batch job", "cronjobs.batch cronjob cj", "ingresses.networking.k8s.io ingress ing", "networkpolicies.networking.k8s.io networkpolicy netpol",
	"horizontalpodautoscalers.autoscaling horizontalpodautoscaler hpa", "poddisruptionbudgets.policy poddisruptionbudget pdb",
	"roles.rbac.authorization.k8s.io role", "rolebindings.rbac.authorization.k8s.io rolebinding",
	"workflows.argoproj.io workflow wf", "cronworkflows.argoproj.io cronworkflow cwf cronwf",
	"workflowtemplates.argoproj.io workflowtemplate wftmpl", "clusterworkflowtemplates.argoproj.io clusterworkflowtemplate clusterwftmpl cwft",
)

// byAnyName maps each name of a resource to its plural with its group.
func byAnyName(rows ...string) map[string]string {
	out := make(map[string]string)
	for _, row := range rows {
		all := strings.Fields(row)
		plural, _, _ := strings.Cut(all[0], ".")
		for _, name := range append(all[1:], plural) {
			out[name] = all[0]
		}
	}
	return out
}

// clusterScoped are the resources without a namespace, with their groups.
var clusterScoped = setOf(
	"namespaces.", "nodes.", "persistentvolumes.",
	"storageclasses.storage.k8s.io", "volumeattachments.storage.k8s.io", "csidrivers.storage.k8s.io", "csinodes.storage.k8s.io",
	"priorityclasses.scheduling.k8s.io", "runtimeclasses.node.k8s.io", "ingressclasses.networking.k8s.io",
	"clusterroles.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io",
	"customresourcedefinitions.apiextensions.k8s.io", "apiservices.apiregistration.k8s.io",
	"mutatingwebhookconfigurations.admissionregistration.k8s.io", "validatingwebhookconfigurations.admissionregistration.k8s.io",
	"validatingadmissionpolicies.admissionregistration.k8s.io", "validatingadmissionpolicybindings.admissionregistration.k8s.io",
	"certificatesigningrequests.certificates.k8s.io",
	"clusterworkflowtemplates.argoproj.io", "nodepools.karpenter.sh", "nodeclaims.karpenter.sh", "ec2nodeclasses.karpenter.k8s.aws",
	"computeclasses.cloud.google.com", "volumesnapshotclasses.snapshot.storage.k8s.io", "volumesnapshotcontents.snapshot.storage.k8s.io",
	"clusterissuers.cert-manager.io", "clustersecretstores.external-secrets.io",
)

func setOf(names ...string) map[string]bool {
	out := make(map[string]bool)
	for _, name := range names {
		out[name] = true
	}
	return out
}
