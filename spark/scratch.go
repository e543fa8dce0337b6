package spark

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// Scratch is where a pod keeps shuffle data and what doesn't fit into memory:
// EmptyDir, LocalDisks, Tmpfs or ScratchClaims. Spark knows its volumes by their
// names, spark-local-dir-1 and so on, and spreads what it writes over all of
// them.
type Scratch interface {
	// checkScratch reports what is wrong with it.
	checkScratch(c partCheck)
	// scratch says what it means in the pods of a role.
	scratch(r role) scratchParts
}

// scratchParts is what a Scratch means.
type scratchParts struct {
	volumes []Volume
	// claims are settings, since no pod template can say a claim that Spark makes.
	claims map[string]string
	// disk is how much of the node's own disk it takes, memory how much of the
	// pod's memory.
	disk, memory millrace.Bytes
}

// EmptyDir is a directory on the node's own disk that goes with the pod. On
// nodes whose kubelet keeps its data on local NVMe, it is the fast disk: with
// Karpenter's instanceStorePolicy RAID0, or GKE's local SSDs for ephemeral
// storage.
// Source: EMR on EKS best practices, instance store.
type EmptyDir struct {
	// Size is how much may lie there, and what the pod asks of the node's disk;
	// the kubelet evicts a pod that writes more.
	//
	// Required: without it, executors fill the disk that all pods of a node
	// share, and the kubelet evicts whom it likes.
	//
	// Rendered as sizeLimit of the volume spark-local-dir-1 in the pod template,
	// and as the ephemeral-storage that Spark's container there requests. Stages
	// with a resource profile of their own lose that request: Spark leaves the
	// template's out.
	// Source: apache/spark, BasicExecutorFeatureStep.
	Size millrace.Bytes
}

// LocalDisks are disks of the node that are mounted as directories of its own,
// such as local NVMe under /mnt/k8s-disks. Pods share them, and what an executor
// leaves behind that is killed stays there. Their directories must be writable
// for the pod's user, which fsGroup doesn't see to, and the namespace must allow
// hostPath volumes: the baseline Pod Security profile doesn't.
// Source: EMR on EKS best practices, instance store.
type LocalDisks struct {
	// Paths are the directories on the node, one for each disk. At least one,
	// absolute; a node that lacks one doesn't start the pod.
	//
	// Rendered as hostPath volumes spark-local-dir-1 and so on in the pod
	// template.
	Paths []string
}

// Tmpfs keeps scratch data in memory. It is the fastest, and for small shuffles
// only: it takes from the pod's memory.
// Source: Spark, running on Kubernetes, "Using RAM for local storage".
type Tmpfs struct {
	// Size is how much may lie there.
	//
	// Required. The pod's memory overhead grows by it where the role's
	// MemoryOverhead is zero; where it is set, it must hold Size and what Spark
	// itself would take.
	//
	// Rendered as an emptyDir of medium Memory, spark-local-dir-1, in the pod
	// template, and in spec.executor.memoryOverhead or spec.driver.memoryOverhead.
	Size millrace.Bytes
}

// ScratchClaims give each pod volumes of its own, which Spark claims when it
// starts the pod and deletes at the job's end. It takes Spark 3.1 and a service
// account that may create claims. To recover what lies on them, use
// Shuffle: ReusePVC instead.
//
// From Spark 4.0 on the claims' access mode is ReadWriteOncePod, which the
// storage driver must know.
// Source: Spark, running on Kubernetes, "Using Kubernetes Volumes".
type ScratchClaims struct {
	// StorageClass should bind WaitForFirstConsumer and reclaim with Delete.
	//
	// Required. Rendered as
	// spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.options.storageClass
	// in spec.sparkConf, or as the driver's.
	StorageClass string
	// Size of each volume. Required, in whole MiB. Rendered beside
	// StorageClass, as options.sizeLimit.
	Size millrace.Bytes
	// Count is how many volumes a pod has, each with the throughput of one.
	//
	// Zero means 1. At most 16, as many as any machine attaches to a few pods.
	// Rendered as spark-local-dir-2 and so on beside the first.
	Count int32
}

const (
	// claimsSince is the first Spark that makes claims. Source: SPARK-33063.
	claimsSince = "3.1"
	// mostClaims keeps the volumes of a pod within what a machine can attach.
	// Source: AWS, Nitro volume limits (28 with network interfaces).
	mostClaims = 16
)

// scratchPath is where the n-th volume is mounted.
func scratchPath(n int) string { return fmt.Sprintf("/var/data/spark-local-dir-%d", n) }

// scratchVolume is the n-th volume.
func scratchVolume(n int, source corev1.VolumeSource) Volume {
	return Volume{Name: fmt.Sprint(n), Path: scratchPath(n), Scratch: true, Source: source}
}

func (d EmptyDir) checkScratch(c partCheck) { checkScratchSize(c, d.Size) }

func (d EmptyDir) scratch(role) scratchParts {
	return scratchParts{
		volumes: []Volume{scratchVolume(1, corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: quantity(d.Size)}})},
		disk:    d.Size,
	}
}

func (d LocalDisks) checkScratch(c partCheck) {
	if len(d.Paths) == 0 {
		c.Required(c.field("Paths"), `name the directories of the node's disks, such as "/mnt/k8s-disks/0"`)
	}
	for i, p := range d.Paths {
		at := fmt.Sprintf("%s[%d]", c.field("Paths"), i)
		switch {
		case !path.IsAbs(p) || strings.ContainsAny(p, ":,"):
			c.Invalid(at, p, "not an absolute path", "start it with '/', without ':' and ','")
		case path.Clean(p) == "/":
			c.Invalid(at, p, "that is the whole node", "name the directory of a disk")
		case slices.ContainsFunc(d.Paths[:i], func(o string) bool { return path.Clean(o) == path.Clean(p) }):
			c.Add(millrace.RuleDuplicate, at, quoted(p)+" is in the list before", "leave one of the two out")
		}
	}
}

func (d LocalDisks) scratch(role) scratchParts {
	var parts scratchParts
	for i, p := range d.Paths {
		parts.volumes = append(parts.volumes, scratchVolume(i+1, corev1.VolumeSource{
			// Directory, and not DirectoryOrCreate, which would make one on the root
			// disk of a node that lacks the other.
			HostPath: &corev1.HostPathVolumeSource{Path: p, Type: new(corev1.HostPathDirectory)},
		}))
	}
	return parts
}

func (t Tmpfs) checkScratch(c partCheck) { checkScratchSize(c, t.Size) }

func (t Tmpfs) scratch(role) scratchParts {
	return scratchParts{
		volumes: []Volume{scratchVolume(1, corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{
			Medium: corev1.StorageMediumMemory, SizeLimit: quantity(t.Size),
		}})},
		memory: t.Size,
	}
}

func (s ScratchClaims) checkScratch(c partCheck) {
	c.needs(claimsSince, "ScratchClaims")
	checkClaim(c, s.StorageClass, s.Size)
	if s.Count < 0 || s.Count > mostClaims {
		c.Invalid(c.field("Count"), s.Count, fmt.Sprintf("not between 1 and %d", mostClaims), "leave it out for 1")
	}
}

func (s ScratchClaims) scratch(r role) scratchParts {
	parts := scratchParts{claims: make(map[string]string)}
	for n := 1; n <= max(int(s.Count), 1); n++ {
		prefix := fmt.Sprintf("spark.kubernetes.%s.volumes.persistentVolumeClaim.%s%d.", r, scratchPrefix, n)
		claimSettings(prefix, s.StorageClass, s.Size, scratchPath(n), func(key, value string) { parts.claims[key] = value })
	}
	return parts
}

func checkScratchSize(c partCheck, size millrace.Bytes) {
	if size == 0 {
		c.Required(c.field("Size"), "say how much may lie there, such as 100 * millrace.GiB")
		return
	}
	checkSize(c.Problems, c.field("Size"), size, millrace.MiB)
}

func quantity(b millrace.Bytes) *resource.Quantity {
	return resource.NewQuantity(int64(b), resource.BinarySI)
}

// roleScratch is the scratch of one role.
type roleScratch struct {
	role role
	Scratch
}

// scratches returns the scratch of the roles that have one. A pointer stands for
// none: checkParts reports it.
func (j *Job) scratches() []roleScratch {
	var out []roleScratch
	for _, s := range []roleScratch{{driverRole, j.Driver.Scratch}, {executorRole, j.Executor.Scratch}} {
		if !notAValue(s.Scratch) {
			out = append(out, s)
		}
	}
	return out
}

func (s roleScratch) field() string { return s.role.field() + ".Scratch" }

func (s roleScratch) check(c partCheck) {
	s.checkScratch(c)
	parts, own := s.scratch(s.role), c.job.ownPod(s.role)
	for i, v := range own.volumes {
		at := fmt.Sprintf("%s.Volumes[%d]", s.role.field(), i)
		if v.Scratch || strings.HasPrefix(v.Name, scratchPrefix) {
			c.Conflict(at, s.field()+" says where the scratch data is", "leave one of the two out")
		}
		if within(v.Path, path.Dir(scratchPath(1))) {
			c.Conflict(at+".Path", s.field()+" is mounted there", "mount the volume elsewhere")
		}
	}
	overhead := c.job.Driver.MemoryOverhead
	if s.role == executorRole {
		overhead = c.job.Executor.MemoryOverhead
	}
	if overhead != 0 && parts.memory != 0 && overhead < parts.memory+minOverhead {
		c.Conflict(s.role.field()+".MemoryOverhead", fmt.Sprintf("it must hold the %s of %s and what Spark takes, at least %s", parts.memory, s.field(), minOverhead),
			"leave it out, or raise it")
	}
}

// within reports whether a path is a directory or lies below it.
func within(p, dir string) bool {
	p = path.Clean(p)
	return p == dir || strings.HasPrefix(p, dir+"/")
}

func (s roleScratch) settings(w *settings) {
	for key, value := range s.scratch(s.role).claims {
		w.set("", key, value)
	}
}

func (s roleScratch) pod(r role, pod *podParts) {
	if r == s.role {
		parts := s.scratch(r)
		pod.volumes = append(slices.Clone(pod.volumes), parts.volumes...)
		pod.disk = parts.disk
	}
}

// growOverhead makes room for scratch data in memory, once the spec is whole.
func (j *Job) growOverhead(spec *v1beta2.SparkApplicationSpec) {
	for _, s := range j.scratches() {
		size, pod := s.scratch(s.role).memory, s.role.pod(spec)
		if size == 0 || pod.MemoryOverhead != nil || spec.SparkConf["spark."+string(s.role)+".memoryOverhead"] != "" {
			continue
		}
		if m, err := roleMemory(spec, s.role); err == nil {
			pod.MemoryOverhead = new((m.overhead.Size + size).JVM())
		}
	}
}
