package spark

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	keyOffHeap     = "spark.memory.offHeap.enabled"
	keyOffHeapSize = "spark.memory.offHeap.size"
	keyTaskCPUs    = "spark.task.cpus"
	keyOwnPVC      = "spark.kubernetes.driver.ownPersistentVolumeClaim"
	keyWaitPVC     = "spark.kubernetes.driver.waitToReusePersistentVolumeClaim"
)

// checkConfConflict reports settings of which one makes the other useless, or
// keeps Spark from starting.
func checkConfConflict(a application, report func(field, detail string)) {
	a.checkAllocationConf(report)
	a.checkOffHeapConf(report)
	a.checkVolumeConf(report)
	cpus, at := a.number(keyTaskCPUs)
	cores, _ := a.number("spark.executor.cores")
	if cpus != nil && *cpus > deref(or(cores, 1)) {
		report(at, fmt.Sprintf("a task takes %d cores, and an executor has %d: Spark refuses to start", *cpus, deref(or(cores, 1))))
	}
}

func or(n *int64, otherwise int64) *int64 {
	if n == nil {
		return &otherwise
	}
	return n
}

// number returns a setting that is a whole number, nil where it isn't set or
// isn't a number.
func (a application) number(key string) (*int64, string) {
	value, at := a.effective(key)
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return nil, at
	}
	return &n, at
}

// checkAllocationConf compares the bounds of dynamic allocation where at least
// one of them stands in the settings.
func (a application) checkAllocationConf(report func(field, detail string)) {
	if !a.dynamic() {
		return
	}
	least, atLeast := a.number(keyMinExecutors)
	start, atStart := a.number(keyInitialExecutors)
	most, atMost := a.number(keyMaxExecutors)
	inConf := func(at string) bool { return strings.Contains(at, ".sparkConf[") }
	if most == nil {
		return
	}
	switch {
	case *most == 0 && inConf(atMost):
		report(atMost, "no executors are allowed: Spark refuses to start")
	case least != nil && *least > *most && (inConf(atLeast) || inConf(atMost)):
		report(atLeast, fmt.Sprintf("the least, %d, is more than the most, %d: Spark refuses to start", *least, *most))
	case start != nil && *start > *most && (inConf(atStart) || inConf(atMost)):
		report(atStart, fmt.Sprintf("it starts with %d executors, more than the most, %d", *start, *most))
	}
}

func (a application) checkOffHeapConf(report func(field, detail string)) {
	size, set := a.SparkConf[keyOffHeapSize]
	if strings.Contains(size, "{{") {
		return
	}
	empty := !set || strings.Trim(size, "0bkmgtpBKMGTP ") == "" && strings.HasPrefix(size, "0")
	switch on := a.SparkConf[keyOffHeap]; {
	case on == "true" && empty:
		report(a.confPath(keyOffHeapSize), "off-heap memory is on and has no size: Spark refuses to start")
	case !empty && on != "true" && !strings.Contains(on, "{{"):
		report(a.confPath(keyOffHeapSize), "off-heap memory has a size and is off: Spark doesn't use it; set "+keyOffHeap)
	}
}

// checkVolumeConf reports volumes that can't be reused.
func (a application) checkVolumeConf(report func(field, detail string)) {
	off := func(key string) bool { return a.SparkConf[key] == "false" }
	on := func(key string) bool { return a.SparkConf[key] == "true" }
	v := parseVersion(a.SparkVersion)
	if s, ok := settingOf(keyReusePVC, v); ok && a.SparkConf[keyShuffleDataIO] == localDiskDataIO {
		// Both are on by default since 3.4.
		if off(keyReusePVC) || a.SparkConf[keyReusePVC] == "" && s.Default != "true" {
			report(a.confPath(keyReusePVC), "the shuffle plugin for reused volumes refuses to start without it")
			return
		}
	}
	switch {
	case on(keyReusePVC) && off(keyOwnPVC):
		report(a.confPath(keyOwnPVC), "volumes belong to their executors and go with them, so that none is reused")
	case on(keyWaitPVC) && (off(keyOwnPVC) || off(keyReusePVC)):
		report(a.confPath(keyWaitPVC), "it waits for volumes to reuse, and they aren't kept or reused")
	}
}
