package tenancy

import "github.com/millrace/millrace"

// Tenant is a namespace that a data team can be given: what its pods may use,
// what they may do with the API, and whom they may talk to.
//
// All of it is closed unless a field opens it. The accounts, the priority
// classes and the queue that the tenant makes are told by its methods
// (DriverAccount, QueueName, …), so that their names are written once.
type Tenant struct {
	// Name is the name of the namespace.
	//
	// Required: at most 63 lower-case letters, digits and dashes; no name that
	// begins with kube-, nor default.
	// Rendered as the name of the Namespace, and the namespace of all else.
	Name string
	// Labels and Annotations go to every object.
	//
	// Those of Pod Security, and kubernetes.io/metadata.name, are not for here.
	// Rendered in the metadata of each.
	Labels, Annotations map[string]string
	// NamespaceLabels and NamespaceAnnotations go to the Namespace alone, such as
	// the label that a service mesh looks for. Rendered in its metadata.
	NamespaceLabels, NamespaceAnnotations map[string]string

	// PodSecurity says what the pods may do to their nodes.
	//
	// Zero means restricted.
	PodSecurity PodSecurity

	// Quota is what the tenant may use in all.
	//
	// Required, unless Pods tell it: no amount is right for everybody.
	// Rendered as the ResourceQuota "tenant".
	Quota Quota
	// Pods are what the tenant is to run at once, as spark.Pods, workflow.Pods
	// and kafka.Pods tell it. A quota that is not set is computed from them, with
	// Headroom; one that is set must have room for them.
	//
	// Empty means that Quota says it all. Rendered in the quota only.
	Pods []millrace.Pod
	// Headroom is what a computed quota has on top, in percent of what Pods need.
	//
	// Nil means 20. From 0 to 1000. Rendered in the quota only.
	Headroom *int
	// Limits bound single containers and claims, and fill in what they don't
	// say.
	//
	// Rendered as the LimitRange "tenant".
	Limits Limits

	// Access says who may do what with the API.
	Access Access
	// Network says whom the pods may talk to.
	//
	// Zero means Spark among itself, DNS, the API server, and any address at
	// port 443.
	Network Network

	// Queue is where the tenant's jobs wait for their turn: Kueue, YuniKorn or
	// Volcano, by value.
	//
	// Nil means that there is none: what exceeds the quota is refused.
	Queue Queue
	// Platform has what all tenants of a cluster share. The tenant takes the
	// names of its priority classes from it; it is built once, beside them.
	//
	// Nil means that there is none. Rendered nowhere by the tenant.
	Platform *Platform
}

// Level is one of Kubernetes' Pod Security Standards.
type Level string

// The levels.
const (
	// Restricted is for programs that need nothing of their node.
	Restricted Level = "restricted"
	// Baseline lets programs run as root, but not out of their container.
	Baseline Level = "baseline"
	// Privileged forbids nothing.
	Privileged Level = "privileged"
)

// PodSecurity is what the API server holds the pods to.
type PodSecurity struct {
	// Enforce is the level beyond which pods are refused.
	//
	// Empty means Restricted.
	// Rendered as the label pod-security.kubernetes.io/enforce.
	Enforce Level
	// Warn is the level beyond which who makes a pod is warned, and the audit log
	// notes it.
	//
	// Empty means Restricted. Not laxer than Enforce.
	// Rendered as the labels pod-security.kubernetes.io/warn and audit.
	Warn Level
	// Version is the version of Kubernetes whose standards hold, "v1.34".
	//
	// Empty means "latest", those of the API server: an upgrade may forbid more.
	// Rendered as the labels …/enforce-version, warn-version and audit-version.
	Version string
}
