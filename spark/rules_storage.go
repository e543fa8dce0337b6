package spark

import "github.com/millrace/millrace"

// storageRules are about shuffle data, scratch space and schedulers.
func storageRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "spark/volcano-resources",
			Severity: millrace.Warning,
			Summary:  "A job on Volcano says what its gang needs.",
			Reason:   "The operator reads Java's sizes as Kubernetes', so that \"8g\" of memory are none, and leaves out the overhead: drivers start without room for their executors, and hold what others wait for.",
			Fix:      "set batchSchedulerOptions.resources to what driver and executors request together; spark.Volcano counts it",
			Source:   "Spark operator v2.5.1, pkg/util/sparkapplication.go; spark-operator issue 2244",
			Check:    checkVolcanoResources,
		},
		{
			ID:       "spark/kueue-dynamic-allocation",
			Severity: millrace.Error,
			Summary:  "A job in a queue of Kueue keeps the number of its executors, or is elastic.",
			Reason:   "Kueue refuses a job under dynamic allocation; where only the settings turn that on, it doesn't see it, and the job grows beyond its quota.",
			Fix:      `use executor.instances, or the annotation kueue.x-k8s.io/elastic-job: "true" where Kueue has the feature gate`,
			Source:   "Kueue, sparkapplication_webhook.go",
			Check:    kubeflowOnly(checkKueue),
		},
		{
			ID:       "spark/scheduler-name",
			Severity: millrace.Warning,
			Summary:  "All that names a scheduler names the same one.",
			Reason:   "The operator's webhook puts batchScheduler into every pod, whatever else is said; without batchScheduler nothing makes a pod group, and its options say nothing.",
			Fix:      "name the scheduler in batchScheduler, and leave the other names out or alike",
			Source:   "Spark operator v2.5.1, internal/webhook/sparkpod_defaulter.go, addSchedulerName",
			Check:    rule(checkSchedulerName),
		},
		{
			ID:       "spark/local-dir",
			Severity: millrace.Error,
			Summary:  "Scratch volumes are ones that Spark can use.",
			Reason:   "Spark writes to volumes whose names start with spark-local-dir-, and mounts an emptyDir of its own elsewhere; of the application's volumes the operator hands on only emptyDir, hostPath, NFS and claims under that name, and drops the others.",
			Fix:      "name the volume spark-local-dir-1, or say it in the pod template; spark.Volume with Scratch does both",
			Source:   "apache/spark, LocalDirsFeatureStep; Spark operator v2.5.1, internal/controller/sparkapplication/submission.go",
			Check:    checkLocalDir,
		},
		{
			ID:       "spark/scratch-size",
			Severity: millrace.Warning,
			Summary:  "Scratch directories on the node's disk have a bound.",
			Reason:   "Executors fill the disk that all pods of the node share, and the kubelet evicts whom it likes: ephemeral-storage is low.",
			Fix:      "set sizeLimit, and request as much ephemeral-storage in the pod template; spark.EmptyDir does both",
			Source:   "EMR on EKS best practices, instance store; Kubernetes, local ephemeral storage",
			Check:    podRule(checkScratchBound, executorRole),
		},
		{
			ID:       "spark/reuse-claims-dynamic",
			Severity: millrace.Warning,
			Summary:  "Volumes that executors hand on don't go with dynamic allocation.",
			Reason:   "A volume of one zone holds the next executor there, where it may find no node, and waits for it: the job grows no more.",
			Fix:      "fix the number of executors, or use a remote shuffle service (Celeborn, Uniffle)",
			Source:   "EMR on EKS best practices, dynamic resource allocation, PVC reuse",
			Check:    rule(checkReuseDynamic),
		},
	}
}
