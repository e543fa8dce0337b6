package spark

import "github.com/millrace/millrace"

// resourceRules are about CPU, memory and the number of executors.
func resourceRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "spark/node-waste",
			Severity: millrace.Info,
			Summary:  "A node full of executors has no more than a fifth of its CPU or memory left over.",
			Reason:   "Nobody else may use what is left on a dedicated pool, and it is paid for: executors of 4 cores fit three times on a node of 16, as a little of it is never for pods.",
			Fix:      "make executors a little smaller so that one more fits, or larger so that they use what is left",
			Source:   "GKE, plan node sizes; EMR on EKS best practices, bin packing",
			Check:    checkNodeWaste,
		},
		{
			ID:       "spark/cores",
			Severity: millrace.Error,
			Summary:  "Cores are whole numbers, at least one, and a task has no more of them than an executor.",
			Reason:   "Spark counts tasks by them and refuses fractions; an executor with fewer cores than a task takes runs none.",
			Fix:      `use at least 1; a part of a CPU goes to coreRequest: "500m"`,
			Source:   "apache/spark, ResourceProfile; spark-operator issues 721, 874, 1458",
			Check:    rule(checkCores),
		},
		{
			ID:       "spark/cpu-limit",
			Severity: millrace.Error,
			Summary:  "The limit of CPU is at least what is requested.",
			Reason:   "The API server refuses the pod: the submission fails, or the driver waits for executors that never come.",
			Fix:      "raise coreLimit, leave it out, or lower coreRequest",
			Source:   "Kubernetes, resource management for pods and containers; spark-operator issues 1122, 1874",
			Check:    podRule(checkCPULimit, driverRole, executorRole),
		},
		{
			ID:       "spark/memory-format",
			Severity: millrace.Error,
			Summary:  "Sizes of memory are whole numbers with Spark's units: 512m, 4g.",
			Reason:   "Spark refuses \"4Gi\" and \"1.5g\", and the application fails before it starts.",
			Fix:      "write 4g for what Kubernetes calls 4Gi, and 1536m for one and a half GiB",
			Source:   "apache/spark, JavaUtils.byteStringAs; Spark configuration, \"Spark Properties\"",
			Check:    rule(checkMemoryFormat),
		},
		{
			ID:       "spark/overhead-format",
			Severity: millrace.Error,
			Summary:  "A memory overhead is a size, and its factor a number.",
			Reason:   "They are easily taken for each other: Spark refuses an overhead of \"0.2\", and a factor of \"1g\".",
			Fix:      "write memoryOverhead as 1g, and memoryOverheadFactor as 0.2",
			Source:   "Spark configuration, spark.executor.memoryOverhead; spark-operator issue 781",
			Check:    rule(checkOverheadFormat),
		},
		{
			ID:       "spark/tmpfs",
			Severity: millrace.Warning,
			Summary:  "Executors whose local directories lie in memory have an overhead for it.",
			Reason:   "Shuffle data and spill in a tmpfs count as the pod's memory, and Spark adds nothing for them: the kernel kills the executor (exit code 137) when they grow.",
			Fix:      "raise memoryOverhead by what the directories may hold, or keep them on disk",
			Source:   "Spark, running on Kubernetes, \"Using RAM for local storage\"",
			Check:    rule(checkTmpfs),
		},
		{
			ID:       "spark/allocation-order",
			Severity: millrace.Error,
			Summary:  "Under dynamic allocation the least, the first and the largest number of executors are in this order.",
			Reason:   "Spark stops with an exception when it starts, and no server checks it before.",
			Fix:      "bring the numbers into order: minExecutors, initialExecutors, maxExecutors",
			Source:   "apache/spark, ExecutorAllocationManager, SchedulerBackendUtils; spark-operator issue 3127",
			Check:    rule(checkAllocationOrder),
		},
		{
			ID:       "spark/allocation-survival",
			Severity: millrace.Error,
			Summary:  "Under dynamic allocation something keeps the shuffle data of executors that go.",
			Reason:   "Spark refuses to start without shuffle tracking, decommissioning of shuffle blocks, or a shuffle service.",
			Fix:      "leave shuffle tracking on, or turn decommissioning on",
			Source:   "apache/spark, ExecutorAllocationManager.validateSettings; EMR on EKS best practices, dynamic resource allocation",
			Check:    rule(checkAllocationSurvival),
		},
		{
			ID:       "spark/api-timeouts",
			Severity: millrace.Warning,
			Summary:  "A driver of more than 50 executors waits longer than 10 s for the API server.",
			Reason:   "A server that makes hundreds of pods answers late; the driver takes that for a failure, and ends or asks again.",
			Fix:      "set the connection and the request timeout of spark.kubernetes.driver to 60000 (milliseconds)",
			Source:   "Data on EKS, whose manifests use 60 to 120 s; Spark, running on Kubernetes",
			Check:    rule(checkAPITimeouts),
		},
	}
}
