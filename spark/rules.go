package spark

import (
	"slices"

	"github.com/millrace/millrace"
)

// Rules returns the policy rules of Spark jobs. They check the SparkApplications
// of both operators, the templates of ScheduledSparkApplications, SparkConnects
// and, where that makes sense, SparkClusters, also those that millrace didn't
// make, and read a setting wherever the operator takes it from. They pass over
// every other kind, and over what the target Submit makes, which are files. The
// slice is the caller's own.
func Rules() []millrace.Rule {
	rules := slices.Concat(jobRules(), confRules(), resourceRules(), lifecycleRules(), podRules(), storageRules(), networkRules(), rightsRules())
	for i := range rules {
		rules[i].Check = inOwnFields(rules[i].Check)
	}
	return rules
}

// jobRules are those that the article's failures ask for.
func jobRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "spark/eviction-guard",
			Severity: millrace.Error,
			Summary:  "Driver and executors ask both node autoscalers not to evict them.",
			Reason:   "Otherwise Cluster Autoscaler and Karpenter drain their nodes in the middle of the job: without its driver the job starts again, without executors tasks fail in cascades.",
			Fix:      `set the annotations cluster-autoscaler.kubernetes.io/safe-to-evict: "false" and karpenter.sh/do-not-disrupt: "true"`,
			Source:   "Running Data Workloads on Kubernetes; Cluster Autoscaler FAQ; Karpenter, concepts/disruption",
			Check:    checkEvictionGuards,
		},
		{
			ID:       "spark/driver-priority-class",
			Severity: millrace.Warning,
			Summary:  "The driver has a priority class, not below that of its executors.",
			Reason:   "Under pressure on the node or in the cluster, pods of lower priority go first; the driver's end is the job's.",
			Fix:      "name a PriorityClass above that of the executors",
			Source:   "Running Data Workloads on Kubernetes; Spark, running on Kubernetes, \"Priority Scheduling\"",
			Check:    checkDriverPriority,
		},
		{
			ID:       "spark/driver-on-spot",
			Severity: millrace.Warning,
			Summary:  "The driver doesn't run on spot nodes.",
			Reason:   "The cloud takes such a node back within seconds or minutes, whatever guards its pods; without its driver the job starts again from nothing.",
			Fix:      "give the driver a Placement of its own, on a pool of nodes on demand",
			Source:   "AWS data-on-eks, best practices for Spark; EMR on EKS best practices, cost optimization",
			Check:    podRule(checkDriverOnSpot, driverRole),
		},
		{
			ID:       "spark/driver-service-account",
			Severity: millrace.Warning,
			Summary:  "The driver has a service account of its own.",
			Reason:   "The namespace's default account may as a rule not create pods, and then the driver fails when it asks for its first executor.",
			Fix:      "name a service account that may manage pods, services, config maps and claims",
			Source:   "Spark, running on Kubernetes, \"RBAC\"; spark-operator issues 755, 947, 1270",
			Check:    podRule(checkServiceAccount, driverRole),
		},
		{
			ID:       "spark/executor-pool",
			Severity: millrace.Error,
			Summary:  "Executors run on a dedicated node pool, by node selector and toleration.",
			Reason:   "Executors beside API servers starve them of memory.",
			Fix:      "set the job's Placement to the Placement() of a pool that has a taint",
			Source:   "Running Data Workloads on Kubernetes",
			Check:    checkExecutorPool,
		},
		{
			ID:       "spark/executor-memory",
			Severity: millrace.Error,
			Summary:  "An executor has at least 1 GiB of heap, Spark's own overhead beside it, and a limit that holds both.",
			Reason:   "Otherwise the kernel kills it (exit code 137), and its tasks and shuffle data are lost.",
			Fix:      "raise memory, or leave memoryOverhead, the factors and memoryLimit to Spark",
			Source:   "Running Data Workloads on Kubernetes; apache/spark, BasicExecutorFeatureStep",
			Check:    rule(checkExecutorMemory),
		},
		{
			ID:       "spark/broadcast-threshold",
			Severity: millrace.Warning,
			Summary:  "Broadcast joins are bounded: statically off or at most 64 MiB.",
			Reason:   "Every executor holds a broadcast table whole, and Spark's estimate of its size comes from compressed files: executors run out of memory.",
			Fix:      `set spark.sql.autoBroadcastJoinThreshold to "-1", and leave broadcasts to adaptive execution, which measures`,
			Source:   "Running Data Workloads on Kubernetes",
			Check:    rule(checkBroadcast),
		},
		{
			ID:       "spark/shuffle-loss",
			Severity: millrace.Warning,
			Summary:  "Shuffle data outlives the executor that wrote it.",
			Reason:   "When a node goes, the shuffle data of its executors is computed again, stage after stage.",
			Fix:      "use decommissioning, reused volumes, or a remote shuffle service (Celeborn, Uniffle); Magnet works on YARN only",
			Source:   "Running Data Workloads on Kubernetes; EMR on EKS best practices, PVC reuse",
			Check:    rule(checkShuffleLoss),
		},
		{
			ID:       "spark/latest-tag",
			Severity: millrace.Warning,
			Summary:  "Images have a version's tag or a digest.",
			Reason:   "A tag that moves gives driver and executors different code, and yesterday's run can't be repeated.",
			Fix:      "name the version: company-registry/spark-etl:3.5.1",
			Source:   "EMR on EKS best practices, known factors of the Spark operator",
			Check:    checkLatestTag,
		},
		{
			ID:       "spark/restart-intervals",
			Severity: millrace.Error,
			Summary:  "A restart policy other than Never says how often and at what intervals.",
			Reason:   "Without the interval the application stays FAILING for ever, as the operator can't tell when to retry; without the number it never retries.",
			Fix:      "set all five fields of the restart policy",
			Source:   "Spark operator v2.5.1, pkg/util/sparkapplication.go, TimeUntilNextRetryDue",
			Check:    rule(checkRestart),
		},
		{
			ID:       "spark/ignored-conf",
			Severity: millrace.Warning,
			Summary:  "Settings are ones that Spark on Kubernetes has.",
			Reason:   "Spark ignores names that it doesn't know without a word: tolerations, affinity, priority class and security context are no settings, and the pods stay Pending or land elsewhere.",
			Fix:      "correct the name, or say it in the fields of the driver and the executor",
			Source:   "Running Data Workloads on Kubernetes; apache/spark 4.1.2, Config.scala; apache/spark PR 26505, 36360",
			Check:    confRule(checkIgnoredConf),
		},
		{
			ID:       "spark/allocation-bound",
			Severity: millrace.Warning,
			Summary:  "Dynamic allocation has a largest number of executors.",
			Reason:   "Spark's default is two thousand million: one query with many tasks fills the node pool, the quota or the invoice.",
			Fix:      "set dynamicAllocation.maxExecutors",
			Source:   "Spark configuration, spark.dynamicAllocation.maxExecutors; EMR on EKS best practices, dynamic resource allocation",
			Check:    rule(checkAllocationBound),
		},
		{
			ID:       "spark/plaintext-secret",
			Severity: millrace.Warning,
			Summary:  "No password or key stands in the manifest.",
			Reason:   "Whoever may read the Git repository, the SparkApplication, the pods or Spark's UI has it.",
			Fix:      "give the service account a cloud identity, or take the value from a Secret (env with valueFrom, envFrom)",
			Source:   "Kubernetes, good practices for Secrets; Hadoop, S3A, \"Authenticating with S3\"",
			Check:    confRule(checkPlaintextSecret),
		},
	}
}
