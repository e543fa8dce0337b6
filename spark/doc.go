// Package spark makes Spark jobs on Kubernetes from a struct literal.
//
//	job := &spark.Job{
//		Name:      "etl-orders-daily",
//		Namespace: "data-platform",
//		Image:     "company-registry/spark-etl:3.5.1",
//		Version:   "3.5.1",
//		Main:      "local:///opt/spark/jobs/etl.jar",
//		Class:     "com.company.etl.ExtractOrders",
//		Args:      []string{"--date=2026-01-31"},
//		Driver:    spark.Driver{Cores: 2, Memory: 4 * millrace.GiB, ServiceAccount: "spark-executor"},
//		Executor:  spark.Executor{Cores: 4, Memory: 8 * millrace.GiB, Instances: 8},
//		Placement: pool.Placement(),
//	}
//	bundle, err := millrace.Build(job)
//
// # What it makes
//
//   - With the target SparkOperator, which is the default: a SparkApplication
//     of sparkoperator.k8s.io/v1beta2, for the Spark operator of Kubeflow,
//     version 2.4 and later.
//   - With the target ApacheOperator: a SparkApplication of spark.apache.org/v1,
//     for the Spark operator of Apache, version 1.0 and later, whose types are in
//     spark/apachev1.
//   - With the target Submit: a shell script around spark-submit and the pod
//     templates, in cluster or client mode, and with Volcano its pod group; or a
//     Submission, the same for Go programs that start spark-submit themselves.
//   - From a ScheduledJob: a ScheduledSparkApplication, which runs a job by the
//     clock. From a ConnectServer: a SparkConnect of v1alpha1, to which clients
//     send their queries.
//   - From a Cluster: a SparkCluster of spark.apache.org/v1, a standalone cluster.
//   - As the Run of a workflow's task: a SparkApplication without a name, and
//     the conditions by which the task knows how it ended (Runnable).
//
// It reads as well: FromApplication and ParseSubmit make jobs of manifests and
// commands, Pods and Resources say what an application comes to, Job.Explain
// why, Rules what production asks of it, and Diagnose why a live one fails.
// docs/spark.md in the repository is the guide, and says for every field of the
// operators' where it is here.
//
// # The zero value
//
// A zero field is the production default, which its comment names with its
// source: both eviction guards on driver and executors, the restricted Pod
// Security profile, the whole restart policy, a time to live, decommissioning
// of executors, no broadcast joins by guessed sizes, API timeouts that a busy
// server can meet. Only Name, Image, Version, Main and, for the JVM, Class
// have none.
//
// # Where settings go
//
// Placement, priority class, security context, grace period, environment and
// volumes are rendered into the pod templates, and not into the fields of the
// same names, which reach the pods only through the operator's mutating
// webhook. spark-submit has no other way at all: settings such as
// spark.kubernetes.executor.tolerations don't exist, and Spark ignores them.
//
// What Base says in those fields stays there for the operator. For Submit it
// goes where the rest goes: what the operator's code says to spark-submit into
// settings, and what its webhook writes into pods into the pod templates. The
// two agree, key by key, on the operator's examples and on every field. What
// neither can say is a mistake with the field's name: what Spark overwrites
// (memoryLimit, sparkConfigMap), and what is no part of a pod (restarts,
// Services, pod groups).
//
// # Secrets
//
// No manifest holds one. What a store or a lineage server asks for is a key of
// a secret of Kubernetes, which the pods get as a variable or a file; the
// settings refer to it, as Hadoop reads ${env.NAME} from its own process.
// Identities that the cloud gives to the job's service account need none.
//
// # The files
//
//   - job.go, pods.go, target.go, scheduled.go, connect.go: the nouns
//   - job_build.go, template.go, defaults.go, role.go, sql.go: how they become a SparkApplication
//   - scheduled_build.go, schedule.go: a ScheduledSparkApplication
//   - connect_build.go, connect_check.go: a SparkConnect
//   - submission.go, submit*.go: how that becomes what spark-submit is told
//   - script.go, quote.go: the script
//   - apache.go, apache_*.go: the target ApacheOperator, and what it says of the job
//   - cluster.go, cluster_*.go: the noun Cluster
//   - check.go, check_code.go, check_pod.go, check_spec.go, conf.go, version.go: what is refused
//   - text.go: copies, and the references that a workflow fills in
//   - settings.go, settings_values.go, secret.go: how tuning, stores, scheduler,
//     scratch, shuffle and what is observed reach settings and pods
//   - tuning.go, scheduler*.go, scratch.go, shuffle*.go: four of these
//   - store.go, store_s3a.go, store_aws.go, store_gcs.go, store_abfs.go: object
//     stores, and the identities by which a job comes to them
//   - observe.go, metrics.go, lineage.go: event log, web page, Prometheus, OpenLineage
//   - from_*.go: jobs from SparkApplications, and schedules from theirs; parse_*.go: jobs from spark-submit commands
//   - memory.go, memory_size.go: Spark's formula; resources.go: what pods request in all;
//     fit.go: how executors fit on nodes; explain.go, explain_text.go: both, told,
//     with defaults_reasons.go: why each default
//   - effective_*.go: Pods, the pods of an application; references.go: what it needs beside
//     them; typed.go: applications that were loaded
//   - diagnose.go: why a live application fails
//   - rules.go and rules_*.go, effective.go: the policy rules
package spark
