package spark

import "github.com/millrace/millrace"

// confRules are about what Spark's settings may hold.
func confRules() []millrace.Rule {
	return append(settingRules(), shuffleRules()...)
}

// settingRules are about single settings, and those that don't go together.
func settingRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "spark/conf-value",
			Severity: millrace.Error,
			Summary:  "Settings have values that Spark can read.",
			Reason:   "Spark checks a value when it first reads it: the driver is scheduled, starts and fails, or fails hours later.",
			Fix:      "write true or false, whole numbers, times as 30s and sizes as 64m, in the units that Spark knows",
			Source:   "apache/spark 3.5, 4.0 and 4.1, ConfigBuilder and JavaUtils",
			Check:    confRule(checkConfValue),
		},
		{
			ID:       "spark/conf-since",
			Severity: millrace.Warning,
			Summary:  "Settings are ones that the job's Spark version has.",
			Reason:   "Spark ignores a setting of another version without a word, and what it was to prevent happens.",
			Fix:      "leave the setting out, or use a Spark version that has it",
			Source:   "apache/spark 3.5, 4.0 and 4.1, the versions in ConfigBuilder",
			Check:    confRule(checkConfSince),
		},
		{
			ID:       "spark/conf-override",
			Severity: millrace.Warning,
			Summary:  "A setting and a field of the spec don't say the same thing twice, and differently.",
			Reason:   "The operator hands both to spark-submit, and the later one wins: most fields over sparkConf, sparkConf over the others.",
			Fix:      "say it in the field alone",
			Source:   "Spark operator v2.5.1, internal/controller/sparkapplication/submission.go",
			Check:    checkConfOverride,
		},
		{
			ID:       "spark/conf-denied",
			Severity: millrace.Error,
			Summary:  "Settings don't say who runs the job, where, and with what image.",
			Reason:   "From v2.5.2 on the operator's webhook refuses such settings, since they go around what a namespace may do.",
			Fix:      "use the fields of the spec: image, driver.serviceAccount, executor.serviceAccount",
			Source:   "Spark operator v2.5.2, internal/webhook/sparkconf_validator.go",
			Check:    kubeflowOnly(checkConfDenied),
		},
		{
			ID:       "spark/pod-template-conf",
			Severity: millrace.Error,
			Summary:  "Pod templates stand in the fields of the driver and the executor.",
			Reason:   "The operator writes template files of its own and replaces the setting without a word: tolerations, affinity and security context of the file are lost.",
			Fix:      "move the template to driver.template and executor.template, or driverSpec.podTemplateSpec and executorSpec.podTemplateSpec",
			Source:   "Spark operator v2.5.1, submission.go, driverPodTemplateOption",
			Check:    checkPodTemplateFile,
		},
		{
			ID:       "spark/heartbeat",
			Severity: millrace.Error,
			Summary:  "Executors send heartbeats more often than the network's timeout.",
			Reason:   "Spark refuses to start otherwise.",
			Fix:      "raise spark.network.timeout, and leave spark.executor.heartbeatInterval alone",
			Source:   "apache/spark, SparkConf.validateSettings",
			Check:    rule(checkHeartbeat),
		},
		{
			ID:       "spark/conf-conflict",
			Severity: millrace.Error,
			Summary:  "Settings don't contradict each other.",
			Reason:   "Spark refuses some pairs when the driver starts, and of others it ignores one.",
			Fix:      "change one of the two",
			Source:   "apache/spark, MemoryManager, ExecutorPodsAllocator",
			Check:    rule(checkConfConflict),
		},
		{
			ID:       "spark/output-committer",
			Severity: millrace.Error,
			Summary:  "Jobs that write to S3 don't use version 2 of Hadoop's file committer.",
			Reason:   "It moves the files of each task as the task ends, and a move on S3 is a copy: a job that fails leaves half of its output behind, as if it were whole.",
			Fix:      "leave the setting out, and use the S3A committer magic or a table format",
			Source:   "Hadoop, hadoop-aws, committers",
			Check:    rule(checkOutputCommitter),
		},
	}
}

// shuffleRules are about where shuffle data goes.
func shuffleRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "spark/external-shuffle",
			Severity: millrace.Error,
			Summary:  "Jobs don't ask for Spark's external shuffle service.",
			Reason:   "Kubernetes has none: executors fail to register with it, and the job makes no progress.",
			Fix:      "leave the setting out; Celeborn and Uniffle stand in for the service",
			Source:   "Spark, running on Kubernetes, \"Future Work\"",
			Check:    rule(checkExternalShuffle),
		},
		{
			ID:       "spark/push-shuffle",
			Severity: millrace.Warning,
			Summary:  "Jobs don't count on push-based shuffle (Magnet).",
			Reason:   "Spark turns it on only on YARN with an external shuffle service, and goes on without it.",
			Fix:      "leave the setting out; Celeborn and Uniffle do what it does",
			Source:   "apache/spark, Utils.isPushBasedShuffleEnabled",
			Check:    rule(checkPushShuffle),
		},
		{
			ID:       "spark/remote-shuffle",
			Severity: millrace.Error,
			Summary:  "A remote shuffle service has the settings that it depends on.",
			Reason:   "Celeborn and Uniffle replace a part of Spark, and the rest must know: otherwise executors read shuffle data where there is none, are kept for nothing, or are taken away too early.",
			Fix:      "set Shuffle to spark.Celeborn or spark.Uniffle, which write out what the Spark version needs",
			Source:   "Apache Celeborn 0.7, README and deploy.md; Apache Uniffle 0.10, README",
			Check:    rule(checkRemoteShuffle),
		},
	}
}
