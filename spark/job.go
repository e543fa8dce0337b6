package spark

import (
	"time"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
)

// Job is one Spark application that runs once and ends.
//
// Name, Image, Version, Main and, for Java and Scala, Class are required
// unless Base sets them. Every other zero field is the production default
// that its comment names.
//
// A Job that is the Run of a workflow's task has no Name, since the task
// names it, and may hold parameter references ("{{workflow.parameters.date}}")
// wherever it holds text. Anywhere else such a reference is a mistake,
// because nothing would fill it in.
//
// Build and the other methods neither change the Job nor keep memory in
// common with it; they may be called concurrently.
type Job struct {
	// Name is the name of the SparkApplication, and the prefix of its pods.
	//
	// Required, except in a workflow's task. At most 63 lower-case letters,
	// digits and dashes, the first one a letter: the operator's webhook
	// refuses others.
	//
	// Rendered as metadata.name; by Submit as --name and in the file names.
	Name string
	// Namespace is where the driver and the executors run.
	//
	// Zero leaves it to whoever applies the manifest.
	//
	// Rendered as metadata.namespace; by Submit as spark.kubernetes.namespace.
	Namespace string
	// Labels go onto the SparkApplication, and from there, by the operator,
	// onto every pod.
	//
	// Rendered as metadata.labels; by Submit on the pods alone.
	Labels map[string]string
	// Annotations go onto the SparkApplication only, not onto its pods.
	//
	// Rendered as metadata.annotations. Submit makes no object to annotate.
	Annotations map[string]string

	// Image is the container image of the driver and the executors, with
	// Spark and the job's code in it.
	//
	// Required. Give it a version's tag or a digest (rule spark/latest-tag).
	//
	// Rendered as spec.image.
	Image string
	// Version is the Spark version in the image: "3.5.1".
	//
	// Required, 3.0 or later, because older ones have no pod templates. It
	// decides which settings exist, so it can't be a parameter.
	//
	// Rendered as spec.sparkVersion.
	Version string
	// Language is what the job is written in.
	//
	// Zero reads it off Main: ".py" is Python, ".R" is R, ".sql" is SQL, ".jar"
	// is Scala, which Spark treats as it treats Java.
	//
	// Rendered as spec.type.
	Language Language
	// Main is the jar, Python file, R file or SQL script that the driver runs. A
	// path in the image starts with local://.
	//
	// Required.
	//
	// Rendered as spec.mainApplicationFile.
	Main string
	// Class is the main class in a jar: "com.company.etl.ExtractOrders".
	//
	// Required for Java and Scala, and for nothing else.
	//
	// Rendered as spec.mainClass.
	Class string
	// Args are passed to the job as they are.
	//
	// Rendered as spec.arguments.
	Args []string
	// Deps is what has to be fetched before the job can start.
	Deps Deps

	// Driver is the pod that plans the work.
	Driver Driver
	// Executor is the pods that do the work.
	Executor Executor
	// Placement says on which nodes both run. A Placement of the Driver's or
	// the Executor's own replaces it for that role; one on spot nodes is for
	// the Executor alone (rule spark/driver-on-spot).
	//
	// Zero is any node, beside every other workload (rule spark/executor-pool).
	//
	// Rendered into the pod templates, so that it holds even where the
	// operator's mutating webhook doesn't run.
	Placement millrace.Placement
	// Shuffle says how shuffle data outlives the executor that wrote it.
	//
	// Zero is Decommission: an executor that is told to go moves its blocks
	// to the others first. The settings are left out below Spark 3.1, which
	// can't do it.
	Shuffle Shuffle

	// Conf holds Spark settings that have no field here:
	// "spark.sql.shuffle.partitions". It overrides millrace's defaults. A key
	// that a field of the Job governs is a conflict, because the operator
	// lets the field win without a word; so is a spark.kubernetes key that
	// Spark doesn't know, because Spark ignores it without a word. A value
	// must be one that Spark reads: "30s", "64m", "true".
	//
	// Rendered as spec.sparkConf.
	Conf map[string]string
	// HadoopConf holds Hadoop settings, without the prefix "spark.hadoop.":
	// "fs.s3a.endpoint". One that a Store governs is a conflict.
	//
	// Rendered as spec.hadoopConf.
	HadoopConf map[string]string
	// Tuning says how the work is divided, and when a part is tried again.
	Tuning Tuning
	// Stores are the object stores that the job reads and writes, with the
	// identity by which it does.
	Stores []Store
	// Observe is what can be seen of the job: event log, metrics, lineage.
	Observe Observe
	// Scheduler starts the job's pods together, or when their turn has come.
	//
	// Zero leaves them to the scheduler of Kubernetes, one by one.
	Scheduler Scheduler
	// Lifecycle says how often the job is tried, and what remains of it.
	Lifecycle Lifecycle

	// Target is what runs the job.
	//
	// Zero is SparkOperator.
	Target Target
	// NoDefaults leaves out what millrace fills in where a field is zero, so
	// that the manifest says what the job says and nothing else. It is for
	// jobs that were made of manifests and commands (FromApplication,
	// ParseSubmit): they render as they were, until it is taken away.
	NoDefaults bool
	// Base reaches every field of the upstream spec that has no field here:
	// monitoring, sidecars. What the Job's own fields say is laid over it; a
	// field set in both is a conflict.
	Base v1beta2.SparkApplicationSpec
}

// Language is what a job is written in. It decides how much memory Spark
// leaves beside the heap: 10% for the JVM, 40% for Python and R.
type Language string

// The languages that Spark runs.
const (
	Java   Language = "Java"
	Scala  Language = "Scala"
	Python Language = "Python"
	R      Language = "R"
	// SQL is a script of statements, which Spark's SQL shell runs one after the
	// other, to the first that fails. Args are the shell's: "--hivevar",
	// "date=2026-01-31" for what the script calls ${date}.
	//
	// It is for ApacheOperator alone: in cluster mode, which the other targets
	// use, spark-submit refuses the shell. It is a Scala job to Spark.
	// Source: apache/spark 3.5 to 4.1, SparkSubmit.prepareSubmitEnvironment;
	// SparkSQLCLIDriver.
	SQL Language = "SQL"
)

// Deps is what a job needs beside Main: code and data that Spark fetches
// before it starts, and how the image is pulled.
//
// Zero fetches nothing. Whatever is in the image already, under a path that
// starts with local://, starts faster and can't fail to download.
type Deps struct {
	// Jars go onto the class path. Rendered as spec.deps.jars.
	Jars []string
	// Files are put into every working directory. Rendered as spec.deps.files.
	Files []string
	// PyFiles go onto the Python path: .py, .zip, .egg, .whl. Rendered as
	// spec.deps.pyFiles.
	PyFiles []string
	// Archives are unpacked into every executor's working directory. Rendered
	// as spec.deps.archives.
	Archives []string
	// Packages are Maven coordinates, "group:artifact:version". They are
	// resolved where spark-submit runs, which is the operator's pod, so that
	// pod needs the network. Rendered as spec.deps.packages.
	Packages []string
	// ExcludePackages are left out of what Packages pulls in,
	// "group:artifact". Rendered as spec.deps.excludePackages.
	ExcludePackages []string
	// Repositories are searched for Packages beside Maven Central. Rendered
	// as spec.deps.repositories.
	Repositories []string

	// PullPolicy says when a node pulls the image.
	//
	// Zero means IfNotPresent: tags should not move, and hundreds of
	// executors that ask the registry for what they have are its outage.
	//
	// Rendered as spec.imagePullPolicy.
	// Source: EMR on EKS best practices, known factors of the Spark operator.
	PullPolicy PullPolicy
	// PullSecrets name the secrets of a private registry. Rendered as
	// spec.imagePullSecrets.
	PullSecrets []string
}

// PullPolicy says when a node pulls an image.
type PullPolicy string

// The pull policies of Kubernetes.
const (
	PullIfNotPresent PullPolicy = "IfNotPresent"
	PullAlways       PullPolicy = "Always"
	PullNever        PullPolicy = "Never"
)

// Lifecycle says how often a job is tried, and what remains of it afterwards.
//
// All five fields of the operator's restart policy are always written out:
// without the intervals an application stays FAILING for ever, and without
// the numbers of retries there are none.
type Lifecycle struct {
	// Restart says when the job runs again.
	//
	// Zero means OnFailure. Choose Never for a job that must not run twice;
	// Always is for streams, which also forget after an hour which executors
	// they have lost (Spark 3.5 and later), so that losses don't add up until
	// Spark gives up.
	//
	// Rendered as spec.restartPolicy.type, and with Always as
	// spark.executor.failuresValidityInterval in spec.sparkConf.
	// Source: Spark operator, working with SparkApplications.
	Restart RestartPolicy
	// Retries is how often a failed run is repeated.
	//
	// Nil means 3, or 0 where Restart is Never.
	//
	// Rendered as spec.restartPolicy.onFailureRetries.
	Retries *int32
	// RetryInterval is the pause before a repeated run; it grows by itself
	// with every attempt.
	//
	// Zero means 30 s. Whole seconds, at least one.
	//
	// Rendered as spec.restartPolicy.onFailureRetryInterval.
	RetryInterval time.Duration
	// SubmissionRetries is how often a failed spark-submit is repeated.
	//
	// Nil means 5, or 0 where Restart is Never.
	//
	// Rendered as spec.restartPolicy.onSubmissionFailureRetries.
	SubmissionRetries *int32
	// SubmissionRetryInterval is the pause before a repeated spark-submit.
	//
	// Zero means 20 s. Whole seconds, at least one.
	//
	// Rendered as spec.restartPolicy.onSubmissionFailureRetryInterval.
	SubmissionRetryInterval time.Duration
	// TimeToLive is how long the SparkApplication is kept after its end.
	//
	// Zero means 24 h: over night, and not until etcd is full; with Always,
	// which has no end, and in a ScheduledJob, which counts what it keeps, it
	// means nothing. Whole seconds, longer than what waits for the job takes to
	// look.
	//
	// Rendered as spec.timeToLiveSeconds.
	// Source: Spark operator documentation; EMR on EKS, known factors.
	TimeToLive time.Duration
	// Suspended has the operator hold the job back, or stop it, until somebody
	// sets it to false; Kueue does both by itself, and needs it left out here.
	//
	// False starts it.
	//
	// Rendered as spec.suspend.
	Suspended bool
}

// RestartPolicy says when a job runs again.
type RestartPolicy string

// The restart policies of the operator.
const (
	// OnFailure repeats failed runs and failed submissions.
	OnFailure RestartPolicy = "OnFailure"
	// Never runs the job once.
	Never RestartPolicy = "Never"
	// Always runs it again also after success. Such a job never ends, so no
	// workflow's task can wait for it.
	Always RestartPolicy = "Always"
)
