package spark

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// toCome reports whether a workflow is yet to fill a value in.
func toCome(value string) bool { return strings.Contains(value, "{{") }

func checkCores(a application, report func(field, detail string)) {
	cores := make(map[role]int)
	for _, r := range roles {
		n, at, err := a.cores(r)
		// Of the field itself the API server asks for one core, as the policy's
		// rule schema/bounds says.
		if err != nil && !toCome(err.Error()) && at != a.path(string(r), "cores") {
			report(at, strings.TrimPrefix(err.Error(), "spark resources: "))
		}
		cores[r] = n
	}
	task := a.SparkConf[keyTaskCPUs]
	if task == "" || toCome(task) {
		return
	}
	each, err := wholeNumber(keyTaskCPUs, task)
	switch {
	case err != nil:
		report(a.confPath(keyTaskCPUs), strings.TrimPrefix(err.Error(), "spark resources: "))
	case cores[executorRole] > 0 && each > cores[executorRole]:
		report(a.confPath(keyTaskCPUs), fmt.Sprintf("a task takes %d cores, and an executor has %d", each, cores[executorRole]))
	}
}

func checkCPULimit(p millrace.Pod, _ string, report func(field, detail string)) {
	i := own(p, roleOf(p))
	c := p.Template.Spec.Containers[i]
	limit, ok := c.Resources.Limits[corev1.ResourceCPU]
	if request := c.Resources.Requests.Cpu(); ok && limit.Cmp(*request) < 0 {
		report(p.Field(fmt.Sprintf("spec.containers[%d].resources.limits.cpu", i)),
			fmt.Sprintf("the limit %s is below the request %s", limit.String(), request))
	}
}

// said is what is said of sizes or factors, by the paths.
type said map[string]string

// add takes in what counts: the field, or the first of the settings that says
// anything. What a field hides never reaches Spark.
func (s said) add(a application, field *string, at string, keys ...string) {
	if value, at := a.setting(field, at, keys...); value != "" && !toCome(value) {
		s[at] = value
	}
}

// checkSizes reports what is no size as Spark reads it.
func (s said) checkSizes(report func(field, detail string)) {
	for _, at := range slices.Sorted(maps.Keys(s)) {
		value := s[at]
		if _, ok := parseSize(value, "m"); ok {
			continue
		}
		detail := quoted(value) + " is no size"
		if better, ok := respellSize(value); ok {
			detail += ": Spark writes it " + better
		}
		report(at, detail)
	}
}

// respellSize writes a size of Kubernetes, or a fraction, as Spark does.
func respellSize(s string) (string, bool) {
	s = strings.TrimSuffix(strings.ReplaceAll(lower(s), " ", ""), "i")
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz")
	f, err := strconv.ParseFloat(number, 64)
	unit, ok := parseSize("1"+s[len(number):], "")
	if err != nil || !ok || f <= 0 || f*float64(unit) > float64(maxMemory) {
		return "", false
	}
	return (millrace.Bytes(f*float64(unit)) / millrace.MiB * millrace.MiB).JVM(), f*float64(unit) >= float64(millrace.MiB)
}

func checkMemoryFormat(a application, report func(field, detail string)) {
	sizes := make(said)
	for _, r := range roles {
		sizes.add(a, r.pod(a.SparkApplicationSpec).Memory, a.path(string(r), "memory"), r.key(restMemory))
	}
	sizes.add(a, nil, "", keyPythonMemory)
	sizes.add(a, nil, "", keyOffHeapSize)
	sizes.checkSizes(report)
	for _, r := range roles {
		limit := deref(r.pod(a.SparkApplicationSpec).MemoryLimit)
		if _, ok := parseMemoryLimit(limit); limit != "" && !ok && !toCome(limit) {
			report(a.path(string(r), "memoryLimit"), quoted(limit)+" is no size")
		}
	}
}

func checkOverheadFormat(a application, report func(field, detail string)) {
	v, sizes, factors := parseVersion(a.SparkVersion), make(said), make(said)
	if a.SparkConf[keyFactor] == "" { // which goes before the field
		factors.add(a, a.MemoryOverheadFactor, a.path("memoryOverheadFactor"))
	}
	factors.add(a, nil, "", keyFactor)
	for _, r := range roles {
		sizes.add(a, r.pod(a.SparkApplicationSpec).MemoryOverhead, a.path(string(r), "memoryOverhead"), r.key(restOverhead))
		if v.atLeast(minOverheadSince) {
			sizes.add(a, nil, "", r.key(restLeastOverhead))
		}
		if !v.known() || v.atLeast(factorSince) {
			factors.add(a, nil, "", r.key(restFactor))
		}
	}
	sizes.checkSizes(report)
	for _, at := range slices.Sorted(maps.Keys(factors)) {
		value, read := factors[at], &sizeReader{}
		if f := read.factor(value, at, 0); read.err != nil {
			report(at, quoted(value)+" is no factor")
		} else if f == 0 && at != a.confPath(keyFactor) && at != a.path("memoryOverheadFactor") {
			report(at, "a factor of zero: Spark takes it for both roles together, and not here")
		}
	}
}

const keyTmpfs = "spark.kubernetes.local.dirs.tmpfs"

// checkTmpfs reports local directories in memory for which nothing is added.
func checkTmpfs(a application, report func(field, detail string)) {
	m, err := a.memory(executorRole)
	if err != nil || m.overhead.Size > m.usual {
		return
	}
	const wants = "local directories lie in memory, beside which there is Spark's usual overhead of %s and nothing for them"
	inVolumes := false
	for i, v := range slices.Concat(a.template(executorRole).Spec.Volumes, a.Volumes) {
		if !strings.HasPrefix(v.Name, scratchPrefix) {
			continue
		}
		inVolumes = true
		if v.EmptyDir != nil && v.EmptyDir.Medium == corev1.StorageMediumMemory {
			at := a.path(fmt.Sprintf("executor.template.spec.volumes[%d]", i))
			if n := len(a.template(executorRole).Spec.Volumes); i >= n {
				at = a.path(fmt.Sprintf("volumes[%d]", i-n))
			}
			report(at, fmt.Sprintf(wants, m.overhead.Size))
		}
	}
	const prefix = "spark.kubernetes.executor.volumes."
	for _, key := range slices.Sorted(maps.Keys(a.SparkConf)) {
		rest, ok := strings.CutPrefix(key, prefix)
		if !ok || !strings.Contains(rest, "."+scratchPrefix) {
			continue
		}
		inVolumes = true
		if strings.HasPrefix(rest, "emptyDir.") && strings.HasSuffix(rest, ".options.medium") && a.SparkConf[key] == string(corev1.StorageMediumMemory) {
			report(a.confPath(key), fmt.Sprintf(wants, m.overhead.Size))
		}
	}
	// The switch is for the directory that Spark makes where there is no volume.
	if !inVolumes && lower(strings.TrimSpace(a.SparkConf[keyTmpfs])) == "true" {
		report(a.confPath(keyTmpfs), fmt.Sprintf(wants, m.overhead.Size))
	}
}

// The settings of dynamic allocation.
const (
	keyDynamic   = "spark.dynamicAllocation.enabled"
	keyInstances = "spark.executor.instances"
	// trackingSince is the first Spark that tracks shuffles, and moves shuffle
	// blocks, unless it is told not to.
	trackingSince = "3.4"
)

// allocation returns the fields of dynamic allocation, empty where it is turned
// on by settings, and whether it is on.
func (a application) allocation() (v1beta2.DynamicAllocation, bool) {
	if d := a.DynamicAllocation; d != nil && d.Enabled {
		return *d, true
	}
	return v1beta2.DynamicAllocation{}, lower(strings.TrimSpace(a.SparkConf[keyDynamic])) == "true"
}

// count returns a number of executors, where it stands, and whether it is said.
func (a application) count(field *int32, name, key string) (n int, at string, ok bool) {
	if field != nil {
		return int(*field), a.path("dynamicAllocation", name), true
	}
	n, err := strconv.Atoi(strings.TrimSpace(a.SparkConf[key]))
	return n, a.confPath(key), err == nil
}

// countPath is where the most executors are said, or are to be.
func (a application) countPath() string {
	if d, ok := a.allocation(); ok {
		_, at, _ := a.count(d.MaxExecutors, "maxExecutors", keyMaxExecutors)
		return at
	}
	if a.Executor.Instances == nil && a.SparkConf[keyInstances] != "" {
		return a.confPath(keyInstances)
	}
	return a.path("executor.instances")
}

func checkAllocationOrder(a application, report func(field, detail string)) {
	d, ok := a.allocation()
	if !ok {
		return
	}
	least, atLeast, hasLeast := a.count(d.MinExecutors, "minExecutors", keyMinExecutors)
	start, atStart, hasStart := a.count(d.InitialExecutors, "initialExecutors", keyInitialExecutors)
	most, atMost, hasMost := a.count(d.MaxExecutors, "maxExecutors", keyMaxExecutors)
	switch {
	case hasMost && most < 1:
		report(atMost, fmt.Sprintf("%d is no number of executors to end with", most))
		return
	case hasLeast && least < 0:
		report(atLeast, fmt.Sprintf("%d is no number of executors", least))
		return
	case hasMost && hasLeast && least > most:
		report(atLeast, fmt.Sprintf("%d is more than the largest number, %d", least, most))
	}
	if hasStart && hasMost && start > most {
		report(atStart, fmt.Sprintf("%d is more than the largest number, %d", start, most))
	}
	if hasStart && start < least {
		report(atStart, fmt.Sprintf("%d is less than the least number, %d, with which Spark then begins", start, least))
	}
	if n, err := strconv.Atoi(a.SparkConf[keyInstances]); err == nil && a.Executor.Instances == nil && hasMost && n > most {
		report(a.confPath(keyInstances), fmt.Sprintf("%d is more than the largest number, %d, and Spark begins with it", n, most))
	}
}

func checkAllocationSurvival(a application, report func(field, detail string)) {
	d, ok := a.allocation()
	if !ok {
		return
	}
	v := parseVersion(a.SparkVersion)
	later := !v.known() || v.atLeast(trackingSince)
	on := func(key string, otherwise bool) bool {
		value := lower(strings.TrimSpace(a.SparkConf[key]))
		return value == "true" || value == "" && otherwise || toCome(value)
	}
	tracking, at := on(keyShuffleTracking, later), a.confPath(keyShuffleTracking)
	if a.DynamicAllocation != nil && a.DynamicAllocation.Enabled {
		// The operator turns it on where the field doesn't turn it off.
		tracking, at = d.ShuffleTrackingEnabled == nil || *d.ShuffleTrackingEnabled, a.path("dynamicAllocation.shuffleTrackingEnabled")
	}
	manager := a.SparkConf[keyShuffleManager]
	switch {
	case tracking, on(keyDecommission, false) && on(keyShuffleBlocks, later):
	case a.SparkConf[keyShuffleDataIO] != "" && a.SparkConf[keyShuffleDataIO] != localDiskDataIO, strings.Contains(manager, "celeborn"), strings.Contains(manager, "Rss"):
		// A service tells Spark that its storage is reliable.
	default:
		report(at, "dynamic allocation is on, and nothing keeps the shuffle data of an executor that goes")
	}
}

// manyExecutors is where an API server begins to answer late.
const manyExecutors = 50

func checkAPITimeouts(a application, report func(field, detail string)) {
	if _, most := a.executors(); most <= manyExecutors {
		return
	}
	_, most := a.executors()
	for _, key := range []string{"spark.kubernetes.driver.connectionTimeout", "spark.kubernetes.driver.requestTimeout"} {
		value := a.SparkConf[key]
		if toCome(value) {
			continue
		}
		if ms, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), "ms")); value == "" || err == nil && ms <= 10000 {
			report(a.confPath(key), fmt.Sprintf("it is %s, 10 s at the most, for %d executors", orUnset(value), most))
		}
	}
}
