package spark

import (
	"strings"
)

const (
	keyOwnPVC  = "spark.kubernetes.driver.ownPersistentVolumeClaim"
	keyWaitPVC = "spark.kubernetes.driver.waitToReusePersistentVolumeClaim"
)

// checkConfConflict reports settings of which one makes the other useless, or
// keeps Spark from starting.
func checkConfConflict(a application, report func(field, detail string)) {
	a.checkOffHeapConf(report)
	a.checkVolumeConf(report)
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
