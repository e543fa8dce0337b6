package nodepool

import (
	"time"

	"github.com/millrace/millrace"
	notices "github.com/millrace/millrace/internal/spot"
)

const (
	// defaultArch: what images are built for unless somebody did more.
	defaultArch = AMD64
	// defaultDiskSize is GKE's own default, which holds some Spark images of
	// 3 to 5 GB and leaves the executors tens of GiB of scratch space.
	defaultDiskSize = 100 * millrace.GiB
	// defaultDiskType is GKE's default: half the price of pd-ssd.
	defaultDiskType = "pd-balanced"
	// hyperdisk is the only boot disk of machines that know no pd-*.
	hyperdisk = "hyperdisk-balanced"
	// defaultScope lets IAM alone decide what the nodes may do, as Google
	// recommends: scopes are the older, coarser mechanism.
	defaultScope = "https://www.googleapis.com/auth/cloud-platform"

	// defaultAKSSurge is what AKS takes for new pools. azurerm wants it written.
	defaultAKSSurge = "10%"

	// defaultPrepullHelper is the smallest image whose /bin/true needs no
	// library: that of busybox' musl variant is linked statically.
	// Source: https://hub.docker.com/_/busybox, variants.
	defaultPrepullHelper = "docker.io/library/busybox:1.37.0-musl"
	// defaultPrepullPause ends at once when it is told to, which a sleep that is
	// a container's first process doesn't.
	defaultPrepullPause = "registry.k8s.io/pause:3.10"
	// defaultPrepullAtOnce keeps a large pool from asking the registry for all of
	// its images at the same time.
	defaultPrepullAtOnce = "10%"
	// prepullSize is several times the size of the binary.
	prepullSize = 8 * millrace.MiB

	// defaultConsolidation never evicts a pod. Karpenter's own default does:
	// 19 of 21 evictions of one batch workload were consolidation
	// (kubernetes-sigs/karpenter#701 and reports linked there).
	defaultConsolidation = WhenEmpty
	// defaultAfter is five times spark.dynamicAllocation.executorIdleTimeout,
	// so that a node outlives the pause between two stages.
	defaultAfter = 5 * time.Minute
	// defaultAtOnce is the default of the NodePool CRD. It must be written
	// as soon as there is any other budget, which would replace it.
	defaultAtOnce = "10%"
	// defaultLifetime is the default of the NodePool CRD: 30 days.
	defaultLifetime = 720 * time.Hour
	// autoLifetime is the default of EKS Auto Mode, which also bounds it: no node
	// of its gets older than maxAutoLifetime.
	// Source: Amazon EKS, Create a node pool for EKS Auto Mode, Disruption;
	// EKS Auto Mode features.
	autoLifetime    = 336 * time.Hour
	maxAutoLifetime = 21 * 24 * time.Hour
	// defaultGrace lets a daily batch job end. Without any, a guarded pod
	// keeps an expired node alive without end (kubernetes-sigs/karpenter#1789).
	defaultGrace = 24 * time.Hour

	// The notices are how long the pods of a spot machine have.
	noticeGKE   = notices.NoticeGKE
	noticeAWS   = notices.NoticeAWS
	noticeAzure = notices.NoticeAzure

	// spotDiversity is how many machine types Karpenter wants before it
	// replaces one spot node with another.
	// Source: Karpenter, concepts/disruption, spot consolidation.
	spotDiversity = 15
)

// orDefault returns value, or what stands for its zero.
func orDefault[T comparable](value, def T) T {
	var zero T
	if value == zero {
		return def
	}
	return value
}
