package spark

import (
	"slices"

	"github.com/millrace/millrace"
)

// lifecycleRules are about names, schedules, restarts and what remains of a job.
func lifecycleRules() []millrace.Rule {
	return slices.Concat(nameRules(), scheduleRules(), codeRules(), endRules(), startRules())
}

func nameRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "spark/name",
			Severity: millrace.Error,
			Summary:  "An application's name is a DNS label that starts with a letter, and its driver's pod has a DNS name.",
			Reason:   "The operator's webhook refuses the object; where the webhook doesn't run, the services of the application can't be made, and it fails at every submission.",
			Fix:      "use at most 63 lower-case letters, digits and dashes, a letter first",
			Source:   "Spark operator v2.5.1, sparkapplication_validator.go; its issues 465, 2509",
			Check:    endingOnly(checkName),
		},
		{
			ID:       "spark/scheduled-name",
			Severity: millrace.Error,
			Summary:  "The name of a scheduled application has at most 43 characters.",
			Reason:   "Its runs are called <name>-<19 digits>. The webhook checks the schedule's name only, so that every run fails when it is due.",
			Fix:      "shorten the name to 43 characters",
			Source:   "Spark operator v2.5.1, createSparkApplication; its issue 2602",
			Check:    checkScheduledName,
		},
		{
			ID:       "spark/connect-name",
			Severity: millrace.Error,
			Summary:  "The name of a Spark Connect server is a DNS label of at most 56 characters that starts with a letter.",
			Reason:   "Its service is called <name>-server, and a service's name has at most 63 characters.",
			Fix:      "use at most 56 lower-case letters, digits and dashes, a letter first",
			Source:   "Spark operator v2.5.1, sparkconnect_validator.go",
			Check:    checkConnectName,
		},
		{
			ID:       "spark/derived-names",
			Severity: millrace.Warning,
			Summary:  "Names leave room for those that are derived of them: <name>-driver, <prefix>-exec-<number>.",
			Reason:   "A pod's name of more than 63 characters is no label's value and is cut as a host name: what selects or collects by it finds another pod or none.",
			Fix:      "shorten the name to 56 characters, that of a schedule to 36, and a prefix of executors to 47",
			Source:   "Spark 3.3, running on Kubernetes, spark.kubernetes.executor.podNamePrefix; Kubernetes, labels and selectors",
			Check:    checkDerivedNames,
		},
	}
}

func scheduleRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "spark/concurrency-policy",
			Severity: millrace.Error,
			Summary:  "A schedule's concurrency policy is Allow, Forbid or Replace.",
			Reason:   "Where it is empty, or in other letters, the operator starts one run and never another. Neither the CRD nor the webhook checks it.",
			Fix:      "set concurrencyPolicy to Forbid",
			Source:   "Spark operator v2.5.1, shouldStartNextRun; its issue 787",
			Check:    checkConcurrencyPolicy,
		},
		{
			ID:       "spark/schedule",
			Severity: millrace.Error,
			Summary:  "A schedule can be read, comes to pass, and is in a time zone that there is.",
			Reason:   "The operator puts the schedule into FailedValidation and looks at it no more; on a history limit below zero it panics.",
			Fix:      `write five fields, such as "0 6 * * 1-5", "@daily" or "@every 6h"`,
			Source:   "Spark operator v2.5.1, internal/controller/scheduledsparkapplication; robfig/cron v3, ParseStandard",
			Check:    checkScheduleRule,
		},
		{
			ID:       "spark/suspended",
			Severity: millrace.Info,
			Summary:  "Nothing is suspended.",
			Reason:   "A suspended application never starts, and a suspended schedule starts no run, until somebody sets the field to false.",
			Fix:      "take suspend out; Kueue sets it by itself",
			Source:   "Spark operator v2.5.1, sparkapplication_types.go, scheduledsparkapplication_types.go",
			Check:    checkSuspended,
		},
	}
}

func codeRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "spark/main-class",
			Severity: millrace.Error,
			Summary:  "A Java or Scala application names its main class.",
			Reason:   "spark-submit can't look into a jar that is elsewhere, and refuses the submission.",
			Fix:      "set mainClass",
			Source:   "apache/spark 3.5 and 4.1, SparkSubmit; neither the operator's CRD nor its webhook asks for it",
			Check:    rule(checkMainClass),
		},
		{
			ID:       "spark/language",
			Severity: millrace.Warning,
			Summary:  "The type of an application is that of its main file.",
			Reason:   "Spark goes by the file. The operator's quotas and gangs go by the type, and reserve 10% beside the heap where Spark requests 40%, or the other way around.",
			Fix:      "set type to what the main file is: Python, R, Java or Scala",
			Source:   "apache/spark, SparkSubmit; Spark operator v2.5.1, internal/scheduler/yunikorn",
			Check:    rule(checkType),
		},
		{
			ID:       "spark/python-version",
			Severity: millrace.Warning,
			Summary:  "No application asks for a version of Python.",
			Reason:   "Spark 3.1 and later run the image's Python whatever it says, and refuse to start where it says 2; earlier ones run Python 2, which nobody maintains, when they are told to.",
			Fix:      "take it out; PYSPARK_PYTHON in the environment chooses among those of the image",
			Source:   "apache/spark 3.5.1, Config.scala, spark.kubernetes.pyspark.pythonVersion",
			Check:    rule(checkPythonVersion),
		},
		{
			ID:       "spark/deploy-mode",
			Severity: millrace.Error,
			Summary:  "An application is submitted in cluster mode.",
			Reason:   "In client mode the driver runs in the operator's own pod, takes its memory, and goes with it; the operator waits for a driver's pod that never comes.",
			Fix:      "set mode to cluster",
			Source:   "Spark operator, working with SparkApplications; its issue 580",
			Check:    endingOnly(checkMode),
		},
	}
}

func endRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "spark/always-restart",
			Severity: millrace.Warning,
			Summary:  "An application that always restarts has nobody who waits for its end.",
			Reason:   "It has none: a workflow's task waits for ever, a schedule starts no other run or adds one more each time, a time to live never begins.",
			Fix:      "use OnFailure or Never; for a stream take it out of the workflow or the schedule, and timeToLiveSeconds with it",
			Source:   "Spark operator v2.5.1, ShouldRetry",
			Check:    checkAlwaysRestart,
		},
		{
			ID:       "spark/time-to-live",
			Severity: millrace.Warning,
			Summary:  "An application goes some time after its end.",
			Reason:   "Otherwise it stays, with its driver's pod, until somebody deletes it: etcd fills up, and the operator lists them all.",
			Fix:      "set timeToLiveSeconds, or applicationTolerations.ttlAfterStopMillis: a day keeps what failed at night until somebody looks",
			Source:   "Spark operator, working with SparkApplications; EMR on EKS best practices, known factors",
			Check:    endingOnly(checkTimeToLive),
		},
		{
			ID:       "spark/legacy-retries",
			Severity: millrace.Warning,
			Summary:  "Retries are said in the restart policy.",
			Reason:   "failureRetries and retryInterval are of an earlier operator; that of version 2 reads neither, and never retries.",
			Fix:      "set restartPolicy with onFailureRetries and onFailureRetryInterval",
			Source:   "Spark operator v2.5.1, in whose controllers neither field occurs",
			Check:    rule(checkLegacyRetries),
		},
		{
			ID:       "spark/event-log",
			Severity: millrace.Warning,
			Summary:  "An application writes an event log to a place that outlives its pods.",
			Reason:   "Spark's UI goes with the driver: without an event log nobody can say afterwards which stage was slow, skewed or spilled.",
			Fix:      "set spark.eventLog.enabled and spark.eventLog.dir to a bucket that the history server reads (Job.Observe.EventLog)",
			Source:   "Running Data Workloads on Kubernetes; Spark, monitoring, \"Viewing After the Fact\"",
			Check:    rule(checkEventLog),
		},
	}
}

func startRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "spark/driver-ingress",
			Severity: millrace.Error,
			Summary:  "Every ingress of the driver has a port and a URL of its own.",
			Reason:   "The operator's webhook refuses others; where it doesn't run, one service takes the place of the other.",
			Fix:      "set servicePort and ingressURLFormat, different in each entry",
			Source:   "Spark operator v2.5.1, sparkapplication_validator.go",
			Check:    rule(checkDriverIngress),
		},
		{
			ID:       "spark/packages-at-runtime",
			Severity: millrace.Warning,
			Summary:  "Packages are in the image, and not fetched at each start.",
			Reason:   "They are resolved at every start, in the pod of Kubeflow's operator or the driver's: Maven Central, or the network to it, decides whether the job starts, and in a read-only home it can't.",
			Fix:      "put the jars into the image, in /opt/spark/jars; until then set spark.jars.ivy to /tmp/.ivy2",
			Source:   "Spark operator issues 1132, 2208",
			Check:    rule(checkPackages),
		},
		{
			ID:       "spark/image-pull",
			Severity: millrace.Warning,
			Summary:  "Many executors don't ask the registry for an image that their node has.",
			Reason:   "With the policy Always each of them asks when it starts: the registry throttles, and executors wait for it in ImagePullBackOff.",
			Fix:      "set imagePullPolicy to IfNotPresent, and give the image a tag that doesn't move",
			Source:   "Running Data Workloads on Kubernetes (slow pod startup); EMR on EKS best practices, known factors of the Spark operator",
			Check:    rule(checkImagePull),
		},
		{
			ID:       "spark/pending-claim",
			Severity: millrace.Warning,
			Summary:  "Volumes of pods come where the pods are: claims bind WaitForFirstConsumer, and executors share none that one node takes.",
			Reason:   "A disk that is made before its pod has a node may be made in another zone, and a disk that one node has isn't mounted on another: the pods stay Pending.",
			Fix:      "use a storage class with volumeBindingMode: WaitForFirstConsumer, and a claim for each executor (claimName: OnDemand)",
			Source:   "Running Data Workloads on Kubernetes (PVC provisioning delay); Kubernetes, storage classes, volume binding mode",
			Check:    checkPendingClaim,
		},
	}
}
