package cluster

import "strings"

// hint returns what to do about a failure, or nothing if it is not a known
// one. kind is the kind that failed, resource that of the object behind it.
func hint(kind, resource, reason, message string) string {
	switch reason {
	case ReasonDeleted:
		return "find out who deletes it (a time to live, garbage collection of its owner, a person), and submit it again"
	case ReasonReplaced:
		return "let only one program submit under this name"
	case ReasonInvalidSpec:
		return "correct what the controller names; policy.Production().Check finds most of it before submission"
	case "ReconciliationPaused":
		return "take the annotation strimzi.io/pause-reconciliation away"
	case "ResourceConflict":
		return "another KafkaTopic object manages the same topic: keep one of them, or set Topic.TopicName"
	}
	if resource == "" {
		resource = kind
	}
	for _, h := range hints {
		if (h.kind == "" || h.kind == resource) && (strings.Contains(message, h.text) || strings.Contains(reason, h.text)) {
			return h.fix
		}
	}
	return ""
}

// hints are tried from the top: the specific ones come before the general.
// Sources: the messages of kubeflow/spark-operator v2.5.1 (controller.go),
// Spark's exit codes (SparkExitCode.scala), the kubelet's and the API server's
// own, Argo's executor (resource.go) and controller (operator.go).
var hints = []struct{ kind, text, fix string }{
	{"SparkApplication", "OOMKilled", "give the driver more memory: raise Driver.Memory or its overhead, and keep results out of the driver (collect, broadcast joins: spark.sql.autoBroadcastJoinThreshold=-1)"},
	{"SparkApplication", "ExitCode: 137", "the driver was killed, most likely for its memory: raise Driver.Memory or its overhead"},
	{"SparkApplication", "ExitCode: 52", "the JVM of the driver ran out of heap: raise Driver.Memory"},
	{"SparkApplication", "ExitCode: 11", "too many executors failed: look at why the first one did, mostly memory (Executor.Memory and its overhead)"},
	{"SparkApplication", "ExitCode: 101", "the main class was not found: check Class and that the jar of Main is in the image"},
	{"SparkApplication", "ExitCode: 126", "the image has the wrong architecture, or its entry point can't be executed"},
	{"SparkApplication", "ExitCode: 143", "the driver was stopped from outside: keep it off spot nodes, and give it a PriorityClass"},
	{"SparkApplication", "ExitCode: 1,", "the job itself failed: look at the log of the driver pod"},
	{"SparkApplication", "driver pod not found", "the driver was evicted, preempted, or its node went away: run it on nodes that stay, with a PriorityClass and guards against eviction"},
	{"SparkApplication", "driver container status missing", "the driver was evicted before it ended: run it on nodes that stay, with a PriorityClass and guards against eviction"},
	{"SparkApplication", "driver pod already exist", "delete the stale pod <name>-driver, or give the run a name of its own"},
	{"", "exceeded quota", "ask for less, wait until others are done, or raise the ResourceQuota"},
	{"", "failed quota", "set requests and limits for what the ResourceQuota counts, or give the namespace a LimitRange"},
	{"SparkApplication", "error looking up service account", "create the service account of the driver in this namespace"},
	{"SparkApplication", "must be no more than 63 characters", "use a shorter name"},
	{"SparkApplication", "is forbidden", "grant the Spark operator, or the driver's service account, what the message names"},
	{"SparkApplication", "failed to submit spark application", "spark-submit refused it before anything ran: the message is its own"},
	{"SparkApplication", "failed to process batch scheduler", "install the batch scheduler that the job names, or leave it out"},
	{"SparkApplication", "failed to configure web UI", "grant the Spark operator services and ingresses, or turn the UI off"},

	{"", "low on resource: ephemeral-storage", "give the pod ephemeral storage, or a volume for what it spills"},
	{"", "low on resource: memory", "raise the memory request to what the pod uses"},
	{"", "ImagePullBackOff", "check the name and tag of the image, and the pull secret"},
	{"", "ErrImagePull", "check the name and tag of the image, and the pull secret"},
	{"", "InvalidImageName", "check the name of the image"},
	{"", "OOMKilled", "raise the memory of the task"},

	{"Workflow", "workflowtaskresults", "grant the workflow's service account create and patch on workflowtaskresults"},
	{"Workflow", "is forbidden", "grant the workflow's service account what the message names"},
	{"Workflow", "has been deleted while its status was still being checked", "find out who deletes what the task creates (its time to live, its owner, a person)"},
	{"Workflow", "Step exceeded its deadline", "raise the task's timeout, or find out what it waits for"},
	{"Workflow", "Max duration limit exceeded", "raise the retry strategy's maximum duration, or find out why the tries fail"},
	{"Workflow", "exceeded its deadline", "raise the workflow's timeout, or find out what it waits for"},
	{"Workflow", "pod deleted", "the pod was evicted, or its node went away: retry on errors, and guard it against eviction"},
	{"Workflow", "failed to resolve {{", "declare the parameter, and pass it to the task"},
	{"Workflow", "failed to evaluate expression", "correct the expression: it names something that does not exist"},
	{"Workflow", "Stopped with strategy", "the workflow was stopped by hand: submit it again under another name"},
	{"Workflow", "workflow shutdown", "the workflow was stopped by hand: submit it again under another name"},

	{"KafkaTopic", "Replication factor", "ask for no more replicas than there are brokers"},
	{"KafkaTopic", "NotSupported", "the topic operator can't do this change: partitions can only grow, and a topic can't be renamed"},
	{"KafkaTopic", "Decreasing partitions", "partitions can only grow: make a new topic"},
	{"Kafka", "InvalidResource", "correct the field that the message names"},
	{"NodePool", "NodeClass", "create the node class that the pool refers to, and see that it is ready"},
	{"Job", "BackoffLimitExceeded", "look at the log of the last pod of the job"},
	{"Job", "DeadlineExceeded", "raise activeDeadlineSeconds, or find out what it waits for"},
}
