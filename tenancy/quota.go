package tenancy

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Quota is what all pods and claims of a tenant may have together. The API
// server refuses what goes beyond, and waits for nothing.
type Quota struct {
	// Unlimited leaves the quota out: one tenant can then take the whole cluster,
	// and what its autoscaler may buy.
	//
	// False means that the other fields count. Rendered by no ResourceQuota.
	Unlimited bool
	// Cores is the number of CPUs that all pods may request.
	//
	// Required. Rendered as requests.cpu.
	Cores int
	// LimitCores is the number of CPUs that all limits may come to. With it every
	// container needs a limit; see Limits.Limit.
	//
	// Zero means no bound: a limit of CPU throttles executors that could use what
	// is idle.
	// Rendered as limits.cpu.
	LimitCores int
	// Memory is what all pods may request.
	//
	// Required. Rendered as requests.memory.
	Memory millrace.Bytes
	// LimitMemory is what all limits of memory may come to, and at least Memory.
	//
	// Zero means Memory: Spark's limits are its requests, and memory that is
	// promised twice gets pods killed.
	// Rendered as limits.memory.
	LimitMemory millrace.Bytes
	// Scratch is how much of the nodes' own disks all pods may request.
	//
	// Zero means no bound. Rendered as requests.ephemeral-storage.
	Scratch millrace.Bytes
	// Storage is what all claims may request.
	//
	// Zero means none: claims are refused. Rendered as requests.storage.
	Storage millrace.Bytes
	// Claims is how many claims there may be.
	//
	// Zero means any number that Storage has room for, and none where it has
	// none. Rendered as persistentvolumeclaims.
	Claims int
	// Pods is how many pods there may be that haven't ended.
	//
	// Zero means no bound but Cores: each container requests some, as Limits
	// fills them in. Rendered as pods.
	Pods int
	// LoadBalancers is how many services may have an address outside of the
	// cluster, and NodePorts how many ports on the nodes all of them may have. A
	// load balancer takes one for each of its ports, unless its service sets
	// allocateLoadBalancerNodePorts: false.
	//
	// Zero means none: notebooks and UIs have no password of their own.
	// Rendered as services.loadbalancers and services.nodeports.
	LoadBalancers, NodePorts int
	// Other is whatever else is counted: "requests.nvidia.com/gpu",
	// "count/sparkapplications.sparkoperator.k8s.io".
	//
	// Empty means nothing else. Resources that have a field are refused here.
	// Rendered beside the others in spec.hard.
	Other corev1.ResourceList
}

// Limits bound each container and each claim. What a quota demands of every
// container, they fill in.
type Limits struct {
	// Request is what a container requests that says nothing.
	//
	// Zero means 100 thousandths of a CPU and 512 MiB: what Argo's own
	// containers need.
	// Rendered as defaultRequest.
	Request Amount
	// Limit is what a container is limited to that says nothing. A container
	// that requests more, and has no limit of its own, is refused.
	//
	// Zero means no limit of CPU, and as much memory as Request.
	// Rendered as default.
	Limit Amount
	// Max is the most that one container may request, and its highest limit.
	// Where Limit says nothing, it is the limit, too.
	//
	// Zero means no bound but the quota.
	// Rendered as max.
	Max Amount
	// MaxClaim is the largest claim.
	//
	// Zero means no bound but Quota.Storage.
	// Rendered as max of PersistentVolumeClaim.
	MaxClaim millrace.Bytes
}

// Amount is how much one container has.
type Amount struct {
	// MilliCPU is in thousandths of a CPU. Zero says nothing. Rendered as cpu.
	MilliCPU int64
	// Memory of the container. Zero says nothing. Rendered as memory.
	Memory millrace.Bytes
	// Scratch is space on the node's own disk, which emptyDir volumes, logs and
	// the container's own files take. Zero says nothing.
	// Rendered as ephemeral-storage.
	Scratch millrace.Bytes
}
