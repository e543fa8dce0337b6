package spark

import (
	"slices"
	"strings"
)

// reason is why a default is what it is.
type reason struct{ why, source string }

const restartSource = "Spark operator, working with SparkApplications, and v2.5.1, TimeUntilNextRetryDue"

// defaultReasons says of everything that millrace fills in why it is there, by
// the path in the spec. A path speaks for what is below it, and "pod" stands
// for both roles. What isn't here fails a test.
var defaultReasons = map[string]reason{
	"type":            {"read off the ending of Main", "Spark operator, SparkApplication API"},
	"mode":            {"the operator submits to the cluster, and nothing else", "Spark operator, SparkApplication API"},
	"imagePullPolicy": {"tags don't move, and hundreds of executors that ask the registry are its outage", "EMR on EKS best practices, known factors of the Spark operator"},

	"driver.cores":       {"the driver plans, which one core does for most jobs", "Spark configuration, spark.driver.cores"},
	"driver.memory":      {"twice Spark's, which results of some hundred tasks and one broadcast table fill", "Spark configuration, spark.driver.memory"},
	"executor.cores":     {"the least with which tasks share what is loaded once for each executor", "Spark, tuning"},
	"executor.memory":    {"2 GiB for each task; with the overhead it fits twice on a node of 16 GiB", "Spark, tuning, \"Memory Management Overview\""},
	"executor.instances": {"Spark's own: the loss of one doesn't stop the job", "apache/spark, SchedulerBackendUtils"},
	"pod.annotations": {"no node autoscaler takes the pod's node away in the middle of the job",
		"Running Data Workloads on Kubernetes; Cluster Autoscaler FAQ; Karpenter, concepts/disruption"},
	"pod.template.spec.securityContext": {"what the restricted Pod Security profile asks for, with the user of Spark's images",
		"Kubernetes, Pod Security Standards; Dockerfile of Apache Spark"},
	"pod.template.spec.containers.securityContext": {"what the restricted Pod Security profile asks for", "Kubernetes, Pod Security Standards"},
	"executor.template.spec.terminationGracePeriodSeconds": {"time to move blocks away, within the two minutes' notice of a spot node",
		"EMR on EKS best practices, node decommission"},

	"dynamicAllocation.shuffleTrackingEnabled": {"executors stay while their shuffle data is needed, unless a service holds it",
		"Spark configuration, spark.dynamicAllocation.shuffleTracking.enabled"},
	"restartPolicy.type":                             {"a driver that was lost is tried again", restartSource},
	"restartPolicy.onFailureRetries":                 {"unset, the operator never tries again", restartSource},
	"restartPolicy.onFailureRetryInterval":           {"unset, the application stays FAILING for ever", restartSource},
	"restartPolicy.onSubmissionFailureRetries":       {"an API server that is down for some minutes is waited for", restartSource},
	"restartPolicy.onSubmissionFailureRetryInterval": {"unset, the application stays as it is for ever", restartSource},
	"timeToLiveSeconds":                              {"what failed at night stays until somebody looks, and etcd stays small", "Spark operator documentation; EMR on EKS, known factors"},

	"sparkConf[" + keyStaticBroadcast + "]": {"the size of a table that Spark guesses from files is several times as large in memory",
		"Running Data Workloads on Kubernetes"},
	"sparkConf[" + keyMeasuredBroadcast + "]": {"Spark's own bound, applied to sizes that are measured", "Spark configuration, " + keyStaticBroadcast},
	"sparkConf[" + keyExecutorGrace + "]": {"from Spark 4.1 on it overrides the template's grace period",
		"apache/spark 4.1, BasicExecutorFeatureStep"},
	"sparkConf[spark.executor.failuresValidityInterval]": {"a stream forgets the executors that it lost long ago", "Spark configuration, spark.executor.failuresValidityInterval"},
	"sparkConf[spark.jars.ivy]":                          {"the home directory is read-only or missing where packages are resolved", "spark-operator issues 1132, 2208"},
	"sparkConf[spark.kubernetes.allocation.batch.size]":  {"Spark's default since 4.2; with fewer at once, hundreds take minutes to come", "SPARK-54422"},
}

// timeoutReason is that of all four timeouts.
var timeoutReason = reason{"a busy API server doesn't answer in Spark's 10 s when some hundred executors start", "Data on EKS, whose manifests use 60 to 120 s"}

// shuffleReasons are those of the settings of decommissioning, which is the
// default.
var shuffleReasons = map[string]reason{
	keyDecommission:   {"an executor that must go moves its shuffle data to the others first", "EMR on EKS best practices, node decommission"},
	keyBlockMigration: {"decommissioning moves blocks only where this is on", "Spark configuration, " + keyBlockMigration},
	keyShuffleBlocks:  {"early versions leave shuffle blocks where they are", "Spark configuration, " + keyShuffleBlocks},
	"spark.storage.decommission.rddBlocks.enabled":            {"early versions leave cached blocks where they are", "Spark configuration, spark.storage.decommission.rddBlocks.enabled"},
	"spark.stage.ignoreDecommissionFetchFailure":              {"a fetch from an executor that went is no failure, which takes a memory of who was there", "apache/spark PR 46308"},
	"spark.scheduler.maxRetainedRemovedDecommissionExecutors": {"a fetch from an executor that went is no failure, which takes a memory of who was there", "apache/spark PR 46308"},
}

// reasonFor returns why something that the job doesn't say stands at a path of
// the spec. with are the parts that settings go with.
func reasonFor(path string, with map[string]string) (reason, bool) {
	if name, ok := strings.CutPrefix(path, "hadoopConf["); ok {
		part := with[hadoopPrefix+strings.TrimSuffix(name, "]")]
		return reason{why: "goes with " + part}, part != ""
	}
	if key, ok := strings.CutPrefix(path, "sparkConf["); ok {
		key = strings.TrimSuffix(key, "]")
		if part := with[key]; part != "" {
			return reason{why: "goes with " + part}, true
		}
		if r, ok := shuffleReasons[key]; ok {
			return r, true
		}
		if strings.HasPrefix(key, "spark.kubernetes.") && (strings.HasSuffix(key, ".connectionTimeout") || strings.HasSuffix(key, ".requestTimeout")) {
			return timeoutReason, true
		}
		r, ok := defaultReasons[path]
		return r, ok
	}
	steps := strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' })
	steps = slices.DeleteFunc(steps, func(s string) bool { return strings.HasSuffix(s, "]") })
	for n := len(steps); n > 0; n-- {
		at := strings.Join(steps[:n], ".")
		if r, ok := defaultReasons[at]; ok {
			return r, true
		}
		if r, ok := defaultReasons["pod"+strings.TrimPrefix(strings.TrimPrefix(at, string(driverRole)), string(executorRole))]; ok {
			return r, true
		}
	}
	return reason{}, false
}
