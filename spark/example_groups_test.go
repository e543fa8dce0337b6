package spark_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// hadoop prints the settings of Hadoop, and what the driver is given.
func hadoop(job *spark.Job) {
	app, err := job.SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, key := range slices.Sorted(maps.Keys(app.Spec.HadoopConf)) {
		fmt.Println(key, "=", app.Spec.HadoopConf[key])
	}
	for _, e := range app.Spec.Driver.Template.Spec.Containers[0].Env {
		from := e.Value
		if e.ValueFrom != nil {
			from = "secret " + e.ValueFrom.SecretKeyRef.Name + ", key " + e.ValueFrom.SecretKeyRef.Key
		}
		fmt.Println(e.Name, "from", from)
	}
	for key, value := range app.Spec.Driver.Labels {
		fmt.Println("label", key, "=", value)
	}
}

// A job that comes to S3 with the role of its service account (IRSA), and
// writes without renaming.
func ExampleS3A() {
	hadoop(&spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Driver: spark.Driver{ServiceAccount: "sessions"}, // annotated with eks.amazonaws.com/role-arn
		Stores: []spark.Store{spark.S3A{Region: "eu-central-1", MagicCommitter: true}},
	})
	// Output:
	// fs.s3a.aws.credentials.provider = com.amazonaws.auth.WebIdentityTokenCredentialsProvider
	// fs.s3a.buffer.dir = ${env.SPARK_LOCAL_DIRS:-${hadoop.tmp.dir}/s3a}
	// fs.s3a.committer.magic.enabled = true
	// fs.s3a.committer.name = magic
	// fs.s3a.endpoint.region = eu-central-1
	// mapreduce.outputcommitter.factory.scheme.s3a = org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory
}

// One bucket lies in a store of one's own, whose keys stay in their secret.
func ExampleAccessKeys() {
	hadoop(&spark.Job{
		Name: "sessions", Image: "company-registry/spark:4.1.2", Version: "4.1.2", Main: "local:///opt/jobs/sessions.py",
		Stores: []spark.Store{
			spark.S3A{},
			spark.S3A{Bucket: "raw", Endpoint: "https://minio.storage:9000", PathStyle: true, Credentials: spark.AccessKeys{Secret: "minio"}},
		},
	})
	// Output:
	// fs.s3a.aws.credentials.provider = software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider
	// fs.s3a.bucket.raw.access.key = ${env.S3A_RAW_ACCESS_KEY_ID}
	// fs.s3a.bucket.raw.aws.credentials.provider = org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider
	// fs.s3a.bucket.raw.buffer.dir = ${env.SPARK_LOCAL_DIRS:-${hadoop.tmp.dir}/s3a}
	// fs.s3a.bucket.raw.endpoint = https://minio.storage:9000
	// fs.s3a.bucket.raw.path.style.access = true
	// fs.s3a.bucket.raw.secret.key = ${env.S3A_RAW_SECRET_ACCESS_KEY}
	// fs.s3a.buffer.dir = ${env.SPARK_LOCAL_DIRS:-${hadoop.tmp.dir}/s3a}
	// S3A_RAW_ACCESS_KEY_ID from secret minio, key AWS_ACCESS_KEY_ID
	// S3A_RAW_SECRET_ACCESS_KEY from secret minio, key AWS_SECRET_ACCESS_KEY
}

// Workload Identity of GKE needs no key.
func ExampleGCS() {
	hadoop(&spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Stores: []spark.Store{spark.GCS{Project: "data-platform-prod"}},
	})
	// Output:
	// fs.AbstractFileSystem.gs.impl = com.google.cloud.hadoop.fs.gcs.GoogleHadoopFS
	// fs.gs.auth.type = APPLICATION_DEFAULT
	// fs.gs.impl = com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem
	// fs.gs.project.id = data-platform-prod
}

// Azure's webhook finds the pods by their label, and the settings refer to the
// variables that it sets.
func ExampleABFS() {
	hadoop(&spark.Job{
		Name: "sessions", Image: "company-registry/spark:4.1.2", Version: "4.1.2", Main: "local:///opt/jobs/sessions.py",
		Stores: []spark.Store{spark.ABFS{}},
	})
	// Output:
	// fs.azure.account.auth.type = OAuth
	// fs.azure.account.oauth.provider.type = org.apache.hadoop.fs.azurebfs.oauth2.WorkloadIdentityTokenProvider
	// fs.azure.account.oauth2.client.id = ${env.AZURE_CLIENT_ID}
	// fs.azure.account.oauth2.msi.tenant = ${env.AZURE_TENANT_ID}
	// label azure.workload.identity/use = true
}

// A store that the version can't come to is a finding, with the way out.
func ExampleS3A_mistakes() {
	job := &spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Stores:     []spark.Store{spark.S3A{Credentials: spark.PodIdentity{}}, spark.S3A{}},
		HadoopConf: map[string]string{"mapreduce.fileoutputcommitter.algorithm.version": "2"},
	}
	_, err := job.Build()
	for line := range strings.Lines(err.Error()) {
		fmt.Print(strings.Replace(line, "spark.Job sessions: ", "", 1))
	}
	// Output:
	// build: 3 mistakes:
	//   Stores[1]: Stores[0] is about all buckets of S3 as well; join the two, or give each a bucket or account of its own [build/duplicate]
	//   HadoopConf[mapreduce.fileoutputcommitter.algorithm.version]: a task that fails while it commits leaves parts of its files in an object store; leave it out [build/conflict]
	//   Stores[0].Credentials: Spark has it since 4.0, the job has 3.5.1; leave it out, or use a later Spark [build/unsupported]
}

// Prometheus finds the driver by its annotations. A PodMonitor selects
// spark-role=driver and the port spark-ui, with both paths.
func ExamplePrometheusServlet() {
	job := &spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Observe: spark.Observe{Metrics: spark.PrometheusServlet{}},
	}
	settings(job, "spark.metrics", "spark.ui")
	app, err := job.SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, key := range []string{"scrape", "port", "path"} {
		fmt.Println("prometheus.io/"+key, "=", app.Spec.Driver.Annotations["prometheus.io/"+key])
	}
	// Output:
	// spark.metrics.conf.*.sink.prometheusServlet.class = org.apache.spark.metrics.sink.PrometheusServlet
	// spark.metrics.conf.*.sink.prometheusServlet.path = /metrics/prometheus
	// spark.metrics.conf.*.source.jvm.class = org.apache.spark.metrics.source.JvmSource
	// spark.metrics.namespace = spark
	// spark.ui.prometheus.enabled = true
	// prometheus.io/scrape = true
	// prometheus.io/port = 4040
	// prometheus.io/path = /metrics/prometheus
}

// The agent is in the image, its configuration in a config map. A PodMonitor
// names the port jmx-exporter.
func ExampleJMXExporter() {
	job := &spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Driver: spark.Driver{JavaOptions: "-XX:+UseG1GC"},
		Observe: spark.Observe{Metrics: spark.JMXExporter{
			Jar: "/prometheus/jmx_prometheus_javaagent.jar", ConfigMap: "spark-jmx",
		}},
	}
	app, err := job.SparkApplication()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*app.Spec.Driver.JavaOptions)
	fmt.Println(*app.Spec.Executor.JavaOptions)
	for _, port := range app.Spec.Executor.Template.Spec.Containers[0].Ports {
		fmt.Println(port.Name, port.ContainerPort)
	}
	// Output:
	// -XX:+UseG1GC -javaagent:/prometheus/jmx_prometheus_javaagent.jar=8090:/etc/metrics/conf/prometheus.yaml
	// -javaagent:/prometheus/jmx_prometheus_javaagent.jar=8090:/etc/metrics/conf/prometheus.yaml
	// jmx-exporter 8090
}

// Lineage as a part of the workflow that runs the job.
func ExampleOpenLineage() {
	job := &spark.Job{
		Image: "company-registry/spark:4.1.2", Version: "4.1.2", Main: "local:///opt/jobs/sessions.py",
		Deps: spark.Deps{Packages: []string{"io.openlineage:openlineage-spark_2.13:1.32.0"}},
		Observe: spark.Observe{Lineage: spark.OpenLineage{
			URL: "http://marquez.lineage:5000", Namespace: "data-platform", JobName: "sessions",
			APIKey: spark.SecretKey{Name: "marquez", Key: "api-key"},
			Parent: spark.LineageParent{Namespace: "data-platform", Name: "daily-etl-pipeline", RunID: "{{workflow.uid}}"},
		}},
		Conf: map[string]string{"spark.extraListeners": "com.company.AuditListener"},
	}
	task, err := job.Runnable("data-platform")
	if err != nil {
		fmt.Println(err)
		return
	}
	app := task.Object.(*v1beta2.SparkApplication)
	for _, key := range slices.Sorted(maps.Keys(app.Spec.SparkConf)) {
		if strings.Contains(key, "ineage") || strings.Contains(key, "Listeners") {
			fmt.Println(key, "=", app.Spec.SparkConf[key])
		}
	}
	// Output:
	// spark.extraListeners = com.company.AuditListener,io.openlineage.spark.agent.OpenLineageSparkListener
	// spark.openlineage.appName = sessions
	// spark.openlineage.namespace = data-platform
	// spark.openlineage.parentJobName = daily-etl-pipeline
	// spark.openlineage.parentJobNamespace = data-platform
	// spark.openlineage.parentRunId = {{workflow.uid}}
	// spark.openlineage.transport.type = http
	// spark.openlineage.transport.url = http://marquez.lineage:5000
}

// A large job: parts of a useful size, a second try for slow ones, and an API
// server that has time to answer.
func ExampleTuning() {
	settings(&spark.Job{
		Name: "sessions", Image: "company-registry/spark:3.5.1", Version: "3.5.1", Main: "local:///opt/jobs/sessions.py",
		Executor: spark.Executor{Cores: 4, Memory: 16 * millrace.GiB, Instances: 400},
		Tuning: spark.Tuning{
			ShufflePartitions: 4000,
			Adaptive:          spark.Adaptive{PartitionSize: 128 * millrace.MiB},
			Speculation:       spark.Speculation{On: true, Quantile: 0.95},
			NetworkTimeout:    5 * time.Minute,
			Allocation:        spark.Allocation{Batch: 50, APITimeout: 2 * time.Minute},
		},
	}, "spark.sql.adaptive.advisory", "spark.sql.shuffle", "spark.speculation", "spark.network", "spark.kubernetes.allocation", "spark.kubernetes.driver.request")
	// Output:
	// spark.kubernetes.allocation.batch.size = 50
	// spark.kubernetes.driver.requestTimeout = 120000
	// spark.network.timeout = 300s
	// spark.speculation = true
	// spark.speculation.quantile = 0.95
	// spark.sql.adaptive.advisoryPartitionSizeInBytes = 128m
	// spark.sql.shuffle.partitions = 4000
}
