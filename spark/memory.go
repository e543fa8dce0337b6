package spark

import (
	"fmt"
	"math"
	"regexp"
	"strconv"

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
)

// Memory returns how much memory the driver's pod and each executor's pod
// request, which is also their limit. It computes as Spark does: the heap,
// the overhead, and for executors off-heap memory and the Python processes.
//
// The error names a setting that is no size or number.
func Memory(spec *v1beta2.SparkApplicationSpec) (driver, executor millrace.Bytes, err error) {
	if spec == nil {
		return 0, 0, fmt.Errorf("spark memory: no spec")
	}
	d, err := roleMemory(spec, driverRole)
	if err != nil {
		return 0, 0, err
	}
	e, err := roleMemory(spec, executorRole)
	if err != nil {
		return 0, 0, err
	}
	return d.total(), e.total(), nil
}

// podMemory is what Spark adds up for one pod.
type podMemory struct {
	heap     millrace.Bytes
	overhead millrace.Bytes
	// usual is the overhead that Spark would give without anyone's setting.
	usual   millrace.Bytes
	offHeap millrace.Bytes
	python  millrace.Bytes
}

func (m podMemory) total() millrace.Bytes { return m.heap + m.overhead + m.offHeap + m.python }

// roleMemory follows BasicDriverFeatureStep and ResourceProfile of Spark.
func roleMemory(spec *v1beta2.SparkApplicationSpec, r role) (podMemory, error) {
	pod, conf, v := r.pod(spec), spec.SparkConf, parseVersion(spec.SparkVersion)
	read := sizeReader{}
	var m podMemory
	m.heap = read.mib(first(deref(pod.Memory), conf["spark."+string(r)+".memory"]), "spark."+string(r)+".memory", sparkMemory)

	least := minOverhead
	if v.atLeast(minOverheadSince) {
		key := "spark." + string(r) + ".minMemoryOverhead"
		least = read.mib(conf[key], key, minOverhead)
	}
	usual := jvmFactor
	if spec.Type == v1beta2.SparkApplicationTypePython || spec.Type == v1beta2.SparkApplicationTypeR {
		usual = otherFactor
	}
	const general = "spark.kubernetes.memoryOverheadFactor"
	factor := read.factor(first(conf[general], deref(spec.MemoryOverheadFactor)), general, usual)
	if !v.known() || v.atLeast(factorSince) {
		key := "spark." + string(r) + ".memoryOverheadFactor"
		factor = read.factor(conf[key], key, factor)
	}
	m.usual = overhead(m.heap, usual, minOverhead)
	key := "spark." + string(r) + ".memoryOverhead"
	m.overhead = read.mib(first(deref(pod.MemoryOverhead), conf[key]), key, overhead(m.heap, factor, least))

	if r == executorRole {
		if conf["spark.memory.offHeap.enabled"] == "true" {
			m.offHeap = read.size(conf["spark.memory.offHeap.size"], "spark.memory.offHeap.size", 1, 0) / millrace.MiB * millrace.MiB
		}
		if spec.Type == v1beta2.SparkApplicationTypePython {
			m.python = read.mib(conf["spark.executor.pyspark.memory"], "spark.executor.pyspark.memory", 0)
		}
	}
	return m, read.err
}

// overhead rounds down to whole MiB, as Spark does.
func overhead(heap millrace.Bytes, factor float64, least millrace.Bytes) millrace.Bytes {
	mib := factor * float64(heap/millrace.MiB)
	if mib >= float64(mostMiB) {
		return mostMiB * millrace.MiB
	}
	return max(millrace.Bytes(mib)*millrace.MiB, least)
}

// mostMiB keeps sums of sizes within an int64.
const mostMiB = millrace.Bytes(math.MaxInt64>>4) / millrace.MiB

// sizeReader reads Spark's sizes and keeps the first mistake.
type sizeReader struct{ err error }

func (r *sizeReader) fail(key, value, why string) {
	if r.err == nil {
		r.err = fmt.Errorf("spark memory: %s: %q: %s", key, value, why)
	}
}

// mib reads a size whose bare number means MiB, in whole MiB.
func (r *sizeReader) mib(value, key string, otherwise millrace.Bytes) millrace.Bytes {
	return r.size(value, key, millrace.MiB, otherwise) / millrace.MiB * millrace.MiB
}

func (r *sizeReader) size(value, key string, unit, otherwise millrace.Bytes) millrace.Bytes {
	if value == "" {
		return otherwise
	}
	b, ok := parseSize(value, unit)
	if !ok {
		r.fail(key, value, "not a size such as 512m or 4g")
	}
	return b
}

func (r *sizeReader) factor(value, key string, otherwise float64) float64 {
	if value == "" {
		return otherwise
	}
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || f < 0 {
		r.fail(key, value, "not a factor such as 0.1")
		return otherwise
	}
	return f
}

// sizeFormat is Spark's, whose units are binary: "4g" is what Kubernetes
// calls 4Gi, and "4Gi" is a mistake.
var sizeFormat = regexp.MustCompile(`^\s*(\d+)\s*([a-zA-Z]*)\s*$`)

var sizeUnits = map[string]millrace.Bytes{
	"b": 1, "k": millrace.KiB, "kb": millrace.KiB, "m": millrace.MiB, "mb": millrace.MiB,
	"g": millrace.GiB, "gb": millrace.GiB, "t": millrace.TiB, "tb": millrace.TiB,
	"p": 1024 * millrace.TiB, "pb": 1024 * millrace.TiB,
}

// parseSize reads a size as Spark does; unit is what a bare number counts.
func parseSize(s string, unit millrace.Bytes) (millrace.Bytes, bool) {
	m := sizeFormat.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	if m[2] != "" {
		var ok bool
		if unit, ok = sizeUnits[lower(m[2])]; !ok {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || millrace.Bytes(n) > mostMiB*millrace.MiB/unit {
		return 0, false
	}
	return millrace.Bytes(n) * unit, true
}
