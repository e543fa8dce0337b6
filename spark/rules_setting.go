package spark

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/sparkconf"
)

// inOwnRule are settings whose values another rule judges.
var inOwnRule = []string{
	keyStaticBroadcast, keyMeasuredBroadcast,
	"spark.driver.cores", "spark.executor.cores", keyTaskCPUs,
	"spark.driver.memory", "spark.executor.memory", keyPythonMemory, keyOffHeapSize,
	"spark.driver.memoryOverhead", "spark.executor.memoryOverhead", "spark.driver.minMemoryOverhead", "spark.executor.minMemoryOverhead",
	keyFactor, "spark.driver.memoryOverheadFactor", "spark.executor.memoryOverheadFactor",
}

func checkConfValue(a application, report func(field, detail string)) {
	v := parseVersion(a.SparkVersion)
	for _, key := range slices.Sorted(maps.Keys(a.SparkConf)) {
		if slices.Contains(inOwnRule, key) {
			continue
		}
		if s, ok := settingOf(key, v); ok {
			if why := s.Check(a.SparkConf[key]); why != "" {
				report(a.confPath(key), quoted(a.SparkConf[key])+" "+why+"; write "+example(s))
			}
		}
	}
}

func checkConfSince(a application, report func(field, detail string)) {
	v := parseVersion(a.SparkVersion)
	if !v.known() {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(a.SparkConf)) {
		entry, ok := sparkconf.Find(key)
		if !ok {
			continue
		}
		if _, ok := entry.In(v.text); ok {
			continue
		}
		switch gone := entry.Gone(); {
		case entry.Older:
			report(a.confPath(key), fmt.Sprintf("Spark doesn't read this name any more since %s: use %s", gone, entry.Key))
		case gone != "" && v.atLeast(gone):
			report(a.confPath(key), fmt.Sprintf("Spark has no such setting any more since %s, the job has %s", gone, v))
		case entry.Since() != "":
			report(a.confPath(key), fmt.Sprintf("Spark has it since %s, the job has %s", entry.Since(), v))
		}
	}
}

// deniedInConf are settings that the operator's webhook refuses from v2.5.2 on.
// Source: Spark operator v2.5.2, internal/webhook/sparkconf_validator.go.
var deniedInConf = append([]string{
	"spark.master", "spark.kubernetes.driver.master",
	"spark.kubernetes.container.image", "spark.kubernetes.driver.container.image", "spark.kubernetes.executor.container.image",
	"spark.kubernetes.authenticate.driver.serviceAccountName", "spark.kubernetes.authenticate.executor.serviceAccountName",
}, denied...)

func checkConfDenied(pass *millrace.Pass) {
	a, ok := applicationOf(pass)
	if !ok {
		return
	}
	for _, key := range deniedInConf {
		if _, ok := a.SparkConf[key]; ok {
			pass.Report(a.confPath(key), "the operator refuses it from v2.5.2 on")
		}
	}
	const key = "spark.kubernetes.namespace"
	own := pass.Object.GetNamespace()
	// Whoever applies an object without a namespace gives it one.
	if in, ok := a.SparkConf[key]; ok && own != "" && in != own && !strings.Contains(in, "{{") {
		pass.Report(a.confPath(key), fmt.Sprintf("%s is not the namespace of the object, %s, and the operator refuses it from v2.5.2 on", quoted(in), quoted(own)))
	}
}

const (
	keyHeartbeat      = "spark.executor.heartbeatInterval"
	keyNetworkTimeout = "spark.network.timeout"
)

func checkHeartbeat(a application, report func(field, detail string)) {
	heartbeat, okH := a.duration(keyHeartbeat)
	timeout, okT := a.duration(keyNetworkTimeout)
	if okH && okT && heartbeat >= timeout {
		at := keyHeartbeat
		if a.SparkConf[at] == "" {
			at = keyNetworkTimeout
		}
		report(a.confPath(at), fmt.Sprintf("heartbeats every %s are not within the network's timeout of %s", heartbeat, timeout))
	}
}

// duration returns a setting that is a time, or its default.
func (a application) duration(key string) (time.Duration, bool) {
	s, ok := settingOf(key, parseVersion(a.SparkVersion))
	if !ok {
		return 0, false
	}
	value, set := a.SparkConf[key]
	if !set {
		value = s.Default
	}
	return s.Duration(value)
}

const keyCommitter = "mapreduce.fileoutputcommitter.algorithm.version"

func checkOutputCommitter(a application, report func(field, detail string)) {
	if !a.usesS3() {
		return
	}
	const detail = "version 2 is not safe on S3, where a rename is a copy"
	if a.HadoopConf[keyCommitter] == "2" {
		report(a.path("hadoopConf["+keyCommitter+"]"), detail)
	}
	if a.SparkConf["spark.hadoop."+keyCommitter] == "2" {
		report(a.confPath("spark.hadoop."+keyCommitter), detail)
	}
}

// usesS3 reports whether anything in the spec speaks of S3.
func (a application) usesS3() bool {
	s3 := func(s string) bool {
		return strings.Contains(s, "fs.s3a.") || strings.Contains(s, "s3a://") || strings.Contains(s, "s3://")
	}
	for _, conf := range []map[string]string{a.SparkConf, a.HadoopConf} {
		for key, value := range conf {
			if s3(key) || s3(value) {
				return true
			}
		}
	}
	return s3(deref(a.MainApplicationFile)) || slices.ContainsFunc(a.Arguments, s3) || slices.ContainsFunc(a.Deps.Jars, s3) || slices.ContainsFunc(a.Deps.PyFiles, s3)
}
