package spark_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// targets are all that a job may render for.
func targets() []spark.Target {
	return []spark.Target{spark.SparkOperator{}, spark.ApacheOperator{}, spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}}
}

// valueBases are the values that a field of the job may hold, each one valid
// and with everything that its fields depend on.
func valueBases() map[string]func() (*spark.Job, any) {
	store := func(s spark.Store) func() (*spark.Job, any) {
		return func() (*spark.Job, any) {
			j := minimal()
			j.Version, j.Stores = "4.1.2", []spark.Store{s}
			return j, s
		}
	}
	credentials := func(c spark.AWSCredentials) func() (*spark.Job, any) {
		return func() (*spark.Job, any) {
			j, _ := store(spark.S3A{Credentials: c})()
			return j, c
		}
	}
	azure := func(c spark.AzureCredentials) func() (*spark.Job, any) {
		return func() (*spark.Job, any) {
			j, _ := store(spark.ABFS{Account: "lake", Credentials: c})()
			return j, c
		}
	}
	metrics := func(m spark.Metrics) func() (*spark.Job, any) {
		return func() (*spark.Job, any) {
			j := minimal()
			j.Observe.Metrics = m
			return j, m
		}
	}
	secret := spark.SecretKey{Name: "azure", Key: "value"}
	return map[string]func() (*spark.Job, any){
		"Stores[0] S3A":                          store(spark.S3A{Encryption: spark.S3Encryption{Algorithm: spark.SSEKMS}}),
		"Stores[0] GCS":                          store(spark.GCS{}),
		"Stores[0] ABFS":                         store(spark.ABFS{}),
		"Stores[0].Credentials WebIdentity":      credentials(spark.WebIdentity{}),
		"Stores[0].Credentials PodIdentity":      credentials(spark.PodIdentity{}),
		"Stores[0].Credentials InstanceProfile":  credentials(spark.InstanceProfile{}),
		"Stores[0].Credentials Anonymous":        credentials(spark.Anonymous{}),
		"Stores[0].Credentials CredentialsClass": credentials(spark.CredentialsClass{Name: "com.company.Credentials"}),
		"Stores[0].Credentials AccessKeys":       credentials(spark.AccessKeys{Secret: "s3"}),
		"Stores[0].Credentials AssumedRole":      credentials(spark.AssumedRole{ARN: "arn:aws:iam::123456789012:role/etl"}),
		"Stores[0].Credentials WorkloadIdentity": azure(spark.WorkloadIdentity{}),
		"Stores[0].Credentials ManagedIdentity":  azure(spark.ManagedIdentity{}),
		"Stores[0].Credentials ServicePrincipal": azure(spark.ServicePrincipal{Tenant: "t", ClientID: "c", Secret: secret}),
		"Stores[0].Credentials AccountKey":       azure(spark.AccountKey{Secret: secret}),
		"Stores[0].Credentials SASToken":         azure(spark.SASToken{Secret: secret}),
		"Stores[0].Credentials GoogleIdentity": func() (*spark.Job, any) {
			j, _ := store(spark.GCS{Credentials: spark.GoogleIdentity{}})()
			return j, spark.GoogleIdentity{}
		},
		"Stores[0].Credentials KeyFile": func() (*spark.Job, any) {
			j, _ := store(spark.GCS{Credentials: spark.KeyFile{Secret: "gcs"}})()
			return j, spark.KeyFile{Secret: "gcs"}
		},
		"Observe.Metrics PrometheusServlet":             metrics(spark.PrometheusServlet{}),
		"Observe.Metrics JMXExporter with a config map": metrics(spark.JMXExporter{Jar: "/opt/agent.jar", ConfigMap: "jmx"}),
		"Observe.Metrics JMXExporter":                   metrics(spark.JMXExporter{Jar: "/opt/agent.jar", Config: "/opt/agent.yaml"}),
	}
}

// place puts a changed value back to where its base has it.
func place(j *spark.Job, at string, value any) {
	switch v := value.(type) {
	case spark.Store:
		j.Stores[0] = v
	case spark.Metrics:
		j.Observe.Metrics = v
	case spark.AWSCredentials:
		s := j.Stores[0].(spark.S3A)
		s.Credentials = v
		j.Stores[0] = s
	case spark.AzureCredentials:
		s := j.Stores[0].(spark.ABFS)
		s.Credentials = v
		j.Stores[0] = s
	case spark.GoogleCredentials:
		s := j.Stores[0].(spark.GCS)
		s.Credentials = v
		j.Stores[0] = s
	default:
		panic(fmt.Sprintf("%s: %T has no place", at, value))
	}
}

// valueSamples are valid values for fields of values, by type and field.
var valueSamples = map[string]any{
	"S3A.Credentials": spark.InstanceProfile{}, "GCS.Credentials": spark.KeyFile{Secret: "gcs"}, "ABFS.Credentials": spark.ManagedIdentity{},
	"S3A.Bucket": "data-lake", "S3A.Encryption.Algorithm": spark.SSES3, "S3A.Encryption.Key": "arn:aws:kms:eu-central-1:123456789012:key/x",
	"S3A.Upload.Buffer": "bytebuffer", "S3A.Upload.PartSize": 64 * millrace.MiB,
	"AssumedRole.ARN": "arn:aws:iam::123456789012:role/other", "AssumedRole.From": spark.InstanceProfile{},
	"AssumedRole.Duration": time.Hour, "GCS.Impersonate": "etl@p.iam.gserviceaccount.com",
	"PrometheusServlet.Path": "/prometheus", "JMXExporter.Port": int32(9404), "JMXExporter.Jar": "/opt/other.jar", "JMXExporter.Config": "/opt/other.yaml",
}

// A field of a value that nothing renders must be impossible, as in the job
// itself, on every target.
func TestEveryFieldOfValuesIsRendered(t *testing.T) {
	seen := 0
	for name, base := range valueBases() {
		words := strings.Fields(name)
		at, typeName := words[0], words[1]
		_, value := base()
		typ := reflect.TypeOf(value)
		if typ.Name() != typeName {
			t.Fatalf("%s holds a %s", name, typ.Name())
		}
		for _, target := range targets() {
			j, _ := base()
			j.Target = target
			plain := *j
			plain.Stores, plain.Observe.Metrics = nil, nil
			if err := changes(&plain, j, at); err != nil {
				t.Errorf("%s, target %T: as a whole: %v", name, target, err)
			}
		}
		var walk func(typ reflect.Type, field string, path []int)
		walk = func(typ reflect.Type, field string, path []int) {
			for i := range typ.NumField() {
				f := typ.Field(i)
				name := field + "." + f.Name
				full := append(append([]int(nil), path...), i)
				if f.Type.Kind() == reflect.Struct {
					walk(f.Type, name, full)
					continue
				}
				sample, ok := valueSamples[typeName+name]
				if !ok {
					sample = sampleTypes[f.Type]
				}
				if sample == nil {
					t.Errorf("%s%s: the test has no sample of %s", typeName, name, f.Type)
					continue
				}
				for _, target := range targets() {
					seen++
					without, _ := base()
					with, value := base()
					without.Target, with.Target = target, target
					changed := reflect.New(reflect.TypeOf(value)).Elem()
					changed.Set(reflect.ValueOf(value))
					changed.FieldByIndex(full).Set(reflect.ValueOf(sample))
					place(with, at, changed.Interface())
					if err := changes(without, with, at+name); err != nil {
						t.Errorf("%s%s, target %T: %v", typeName, name, target, err)
					}
				}
			}
		}
		walk(typ, "", nil)
	}
	if seen < 60 {
		t.Errorf("the test saw %d fields only", seen)
	}
}

// built returns the settings of a job as spark-submit gets them, with Hadoop's
// under their full names, and the two pods.
func built(t *testing.T, j *spark.Job) (conf map[string]string, driver, executor corev1.PodSpec) {
	t.Helper()
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	conf = map[string]string{}
	for k, v := range app.Spec.SparkConf {
		conf[k] = v
	}
	for k, v := range app.Spec.HadoopConf {
		conf["spark.hadoop."+k] = v
	}
	return conf, app.Spec.Driver.Template.Spec, app.Spec.Executor.Template.Spec
}

// wantConf compares the settings that are named; empty stands for none.
func wantConf(t *testing.T, got, want map[string]string) {
	t.Helper()
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s = %q, want %q", k, got[k], v)
		}
	}
}

// refused builds a job and returns its findings.
func refused(t *testing.T, j *spark.Job) []string {
	t.Helper()
	_, err := j.Build()
	var be *millrace.BuildError
	if err != nil && !errors.As(err, &be) {
		t.Fatal(err)
	}
	return findings(t, err)
}

// groups is a job with all of its groups set.
func groups() *spark.Job {
	j := ordersDaily()
	j.Name = "groups"
	j.Version, j.Image = "4.0.1", "company-registry/spark:4.0.1-python3.11"
	j.Driver.JavaOptions = "-XX:+UseG1GC"
	j.Driver.Labels = map[string]string{"role": "plans"}
	j.Tuning = spark.Tuning{
		ShufflePartitions: 400, NetworkTimeout: 5 * time.Minute, TaskFailures: 8,
		Adaptive:    spark.Adaptive{PartitionSize: 128 * millrace.MiB, SkewFactor: 3},
		Speculation: spark.Speculation{On: true, Quantile: 0.95},
		Allocation:  spark.Allocation{Batch: 50, APITimeout: 2 * time.Minute},
	}
	j.Stores = []spark.Store{
		spark.S3A{Region: "eu-central-1", MagicCommitter: true, Encryption: spark.S3Encryption{Algorithm: spark.SSEKMS, Key: "arn:aws:kms:eu-central-1:123456789012:key/lake"}},
		spark.S3A{Bucket: "partner-drop", Credentials: spark.AssumedRole{ARN: "arn:aws:iam::210987654321:role/drop"}},
		spark.S3A{Bucket: "on-site", Endpoint: "https://minio.storage:9000", PathStyle: true, Credentials: spark.AccessKeys{Secret: "minio"}},
		spark.GCS{Credentials: spark.KeyFile{Secret: "bigquery"}},
		spark.ABFS{Account: "lake"},
	}
	j.Observe = spark.Observe{
		EventLog: spark.EventLog{Dir: "s3a://data-platform-logs/spark-events/"},
		UI:       spark.UI{RetainedQueries: 100},
		Metrics:  spark.JMXExporter{Jar: "/prometheus/jmx_prometheus_javaagent.jar", ConfigMap: "spark-jmx"},
		Lineage:  lineage(),
	}
	return j
}
