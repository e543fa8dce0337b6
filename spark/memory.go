package spark

import (
	"fmt"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
)

const (
	// jvmFactor and otherFactor are the share of the heap that Spark adds to
	// a pod's memory: threads and buffers of the JVM, and, for Python and R,
	// processes outside it.
	// Source: apache/spark, BasicDriverFeatureStep.
	jvmFactor   = 0.1
	otherFactor = 0.4
	// minOverhead is the least that Spark adds.
	// Source: apache/spark, ResourceProfile.MEMORY_OVERHEAD_MIN_MIB.
	minOverhead = 384 * millrace.MiB
	// sparkMemory is the heap where nothing says how large it is.
	// Source: Spark configuration, spark.driver.memory, spark.executor.memory.
	sparkMemory = millrace.GiB
	// minOverheadSince is the first Spark that lets one set the least overhead.
	minOverheadSince = "4.0"
	// factorSince is the first Spark with a factor for each role.
	factorSince = "3.3"
	// offHeapSince is the first Spark whose executors on Kubernetes request
	// their off-heap memory. Source: SPARK-33288.
	offHeapSince = "3.1"

	keyFactor         = "spark.kubernetes.memoryOverheadFactor"
	keyOffHeap        = "spark.memory.offHeap.enabled"
	keyOffHeapSize    = "spark.memory.offHeap.size"
	keyPythonMemory   = "spark.executor.pyspark.memory"
	restMemory        = ".memory"
	restOverhead      = ".memoryOverhead"
	restFactor        = ".memoryOverheadFactor"
	restLeastOverhead = ".minMemoryOverhead"
)

// key is one of the role's settings.
func (r role) key(rest string) string { return "spark." + string(r) + rest }

// podMemory is what Spark adds up for one pod.
type podMemory struct {
	heap, overhead, offHeap, python MemoryPart
	// usual is the overhead that Spark would give without anyone's setting.
	usual millrace.Bytes
}

func (m podMemory) total() millrace.Bytes {
	return m.heap.Size + m.overhead.Size + m.offHeap.Size + m.python.Size
}

// roleMemory returns what a role's pod requests, with the paths of what says it
// below "spec".
func roleMemory(spec *v1beta2.SparkApplicationSpec, r role) (podMemory, error) {
	return application{spec, "spec"}.memory(r)
}

// memory follows BasicDriverFeatureStep, BasicExecutorFeatureStep and
// ResourceProfile of Spark, with the operator's fields going before the
// settings, except for the general factor.
func (a application) memory(r role) (podMemory, error) {
	v := parseVersion(a.SparkVersion)
	read := &sizeReader{}
	var m podMemory
	value, at := a.setting(r.pod(a.SparkApplicationSpec).Memory, a.path(string(r), "memory"), r.key(restMemory))
	m.heap = MemoryPart{Size: read.mib(value, r.key(restMemory), sparkMemory), Field: at, Why: "the JVM's heap"}
	if value == "" {
		m.heap.Field, m.heap.Why = "", "the JVM's heap, Spark's default"
	}
	a.overhead(r, v, &m, read)
	if r == executorRole {
		a.offHeap(v, &m, read)
		a.python(&m, read)
	}
	return m, read.err
}

// overhead sets what a pod gets beside the heap: what is said outright, or a
// factor's share, but not less than the least.
func (a application) overhead(r role, v version, m *podMemory, read *sizeReader) {
	usual, reason := a.usualFactor()
	m.usual = overhead(m.heap.Size, usual, minOverhead)
	value, at := a.setting(r.pod(a.SparkApplicationSpec).MemoryOverhead, a.path(string(r), "memoryOverhead"), r.key(restOverhead))
	// Spark reads the factor even where it has no use for it.
	factor, from := a.factor(r, v, usual, read)
	least, leastAt := minOverhead, ""
	if key := r.key(restLeastOverhead); v.atLeast(minOverheadSince) && a.SparkConf[key] != "" {
		least, leastAt = read.mib(a.SparkConf[key], key, minOverhead), a.confPath(key)
	}
	if value != "" {
		m.overhead = MemoryPart{Size: read.mib(value, r.key(restOverhead), 0), Field: at, Why: "said outright, so that no factor counts"}
		return
	}
	share := overhead(m.heap.Size, factor, 0)
	m.overhead = MemoryPart{Size: max(share, least), Field: from, Why: fmt.Sprintf("%g%% of the heap", percent(factor))}
	if from == "" {
		m.overhead.Why += ", " + reason
	}
	if share < least {
		m.overhead.Field, m.overhead.Why = leastAt, fmt.Sprintf("the least that Spark gives, as %g%% of the heap are %s", percent(factor), share)
	}
}

// percent keeps the rounding of binary fractions out of texts.
func percent(factor float64) float64 { return float64(int64(factor*1e6+0.5)) / 1e4 }

// usualFactor returns the factor where nobody sets one. Python and R get more
// from the step that makes the driver, which doesn't run in client mode.
func (a application) usualFactor() (float64, string) {
	switch language := a.runs(); {
	case a.client() || language != Python && language != R:
		return jvmFactor, "Spark's factor for the JVM"
	default:
		return otherFactor, "Spark's factor for " + string(language)
	}
}

// factor returns the factor of a role, and where it is set. Before factorSince
// there is one for both roles.
func (a application) factor(r role, v version, usual float64, read *sizeReader) (float64, string) {
	factor, from := usual, ""
	switch {
	case a.SparkConf[keyFactor] != "": // the operator lets the setting win here
		factor, from = read.factor(a.SparkConf[keyFactor], keyFactor, usual), a.confPath(keyFactor)
	case deref(a.MemoryOverheadFactor) != "":
		factor, from = read.factor(*a.MemoryOverheadFactor, keyFactor, usual), a.path("memoryOverheadFactor")
	}
	key := r.key(restFactor)
	if own := a.SparkConf[key]; own != "" && (!v.known() || v.atLeast(factorSince)) {
		factor, from = read.factor(own, key, factor), a.confPath(key)
		if factor == 0 {
			read.fail(key, own, "Spark takes no factor of zero here")
		}
	}
	return factor, from
}

// offHeap adds the memory that Spark manages itself.
func (a application) offHeap(v version, m *podMemory, read *sizeReader) {
	if !read.bool(a.SparkConf[keyOffHeap], keyOffHeap) {
		return
	}
	size := read.size(a.SparkConf[keyOffHeapSize], keyOffHeapSize, "b", 0) / millrace.MiB * millrace.MiB
	if size == 0 {
		read.fail(keyOffHeapSize, a.SparkConf[keyOffHeapSize], "Spark wants at least 1m where "+keyOffHeap+" is true")
	}
	if v.known() && !v.atLeast(offHeapSince) {
		return // the executors use it, and don't request it
	}
	m.offHeap = MemoryPart{Size: size, Field: a.confPath(keyOffHeapSize), Why: "memory that Spark manages outside of the heap"}
}

// python adds the bound of the Python processes. In client mode executors are
// not told that the job is one of Python.
func (a application) python(m *podMemory, read *sizeReader) {
	size := read.mib(a.SparkConf[keyPythonMemory], keyPythonMemory, 0)
	if size > 0 && a.runs() == Python && !a.client() {
		m.python = MemoryPart{Size: size, Field: a.confPath(keyPythonMemory), Why: "the bound of the Python processes"}
	}
}

// client reports whether the driver isn't one that Spark makes a pod for.
func (a application) client() bool {
	return strings.EqualFold(string(a.Mode), string(v1beta2.DeployModeClient)) || strings.EqualFold(string(a.Mode), string(v1beta2.DeployModeInClusterClient))
}

// runs returns what Spark takes the job's language for. The file decides; the
// operator's type only where the file tells nothing.
// Source: apache/spark, SparkSubmit.isPython, SparkSubmit.isR.
func (a application) runs() Language {
	main := deref(a.MainApplicationFile)
	switch {
	case strings.HasSuffix(main, ".py"), main == "pyspark-shell":
		return Python
	case strings.HasSuffix(main, ".R"), strings.HasSuffix(main, ".r"), main == "sparkr-shell":
		return R
	case strings.HasSuffix(main, ".jar"), main == noMain:
		return Scala
	}
	return Language(a.Type)
}

// overhead rounds down to whole MiB, as Spark does.
func overhead(heap millrace.Bytes, factor float64, least millrace.Bytes) millrace.Bytes {
	mib := factor * float64(heap/millrace.MiB)
	if mib >= float64(mostMiB) {
		return mostMiB * millrace.MiB
	}
	return max(millrace.Bytes(mib)*millrace.MiB, least)
}
