package spark_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/spark"
)

func scraped(annotations map[string]string) string {
	return annotations["prometheus.io/scrape"] + " " + annotations["prometheus.io/port"] + " " + annotations["prometheus.io/path"]
}

func TestPrometheusServlet(t *testing.T) {
	const sink = "spark.metrics.conf.*.sink.prometheusServlet."
	j := minimal()
	j.Observe.Metrics = spark.PrometheusServlet{}
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	wantConf(t, app.Spec.SparkConf, map[string]string{
		"spark.ui.prometheus.enabled": "true", "spark.metrics.namespace": "spark",
		sink + "class": "org.apache.spark.metrics.sink.PrometheusServlet", sink + "path": "/metrics/prometheus",
		"spark.metrics.conf.*.source.jvm.class": "org.apache.spark.metrics.source.JvmSource",
	})
	if got := scraped(app.Spec.Driver.Annotations); got != "true 4040 /metrics/prometheus" {
		t.Errorf("the driver is scraped at %q", got)
	}
	if got := scraped(app.Spec.Executor.Annotations); got != "  " {
		t.Errorf("executors have no web page, and are scraped at %q", got)
	}

	j.Observe.Metrics = spark.PrometheusServlet{Path: "/prom", Namespace: "${spark.app.name}", ProcessTree: true}
	j.Driver.Annotations = map[string]string{"prometheus.io/scrape": "false"}
	for name, edit := range map[string]func(){
		"the field":  func() { j.Observe.UI.Port = 4050 },
		"Conf":       func() { j.Observe.UI.Port, j.Conf = 0, map[string]string{"spark.ui.port": "4050"} },
		"Base's own": func() { j.Conf, j.Base.SparkConf = nil, map[string]string{"spark.ui.port": "4050"} },
	} {
		edit()
		if app, err = j.SparkApplication(); err != nil {
			t.Fatal(err)
		}
		if got := scraped(app.Spec.Driver.Annotations); got != "false 4050 /prom" {
			t.Errorf("the port by %s, and the user's annotation: %q", name, got)
		}
		j.Observe.UI.Port, j.Conf, j.Base.SparkConf = 0, nil, nil
	}
	wantConf(t, app.Spec.SparkConf, map[string]string{
		"spark.metrics.namespace": "${spark.app.name}", "spark.executor.processTreeMetrics.enabled": "true", sink + "path": "/prom",
	})
	if len(j.Driver.Annotations) != 1 {
		t.Errorf("Build changed the job: %v", j.Driver.Annotations)
	}
}

// The agent comes after the user's own options, and needs no webhook.
func TestJMXExporter(t *testing.T) {
	j := minimal()
	j.Driver.JavaOptions = "-XX:+UseZGC"
	j.Observe.Metrics = spark.JMXExporter{Jar: "/prometheus/agent.jar", ConfigMap: "jmx"}
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	const agent = "-javaagent:/prometheus/agent.jar=8090:/etc/metrics/conf/prometheus.yaml"
	if d, e := *app.Spec.Driver.JavaOptions, *app.Spec.Executor.JavaOptions; d != "-XX:+UseZGC "+agent || e != agent {
		t.Errorf("options %q and %q", d, e)
	}
	wantConf(t, app.Spec.SparkConf, map[string]string{"spark.metrics.conf.*.sink.jmx.class": "org.apache.spark.metrics.sink.JmxSink", "spark.metrics.namespace": "spark"})
	if app.Spec.Monitoring != nil {
		t.Error("spec.monitoring depends on the webhook")
	}
	for role, pod := range map[string]v1beta2.SparkPodSpec{"driver": app.Spec.Driver.SparkPodSpec, "executor": app.Spec.Executor.SparkPodSpec} {
		if got := scraped(pod.Annotations); got != "true 8090 /metrics" {
			t.Errorf("the %s is scraped at %q", role, got)
		}
		container := pod.Template.Spec.Containers[0]
		want := []corev1.ContainerPort{{Name: "jmx-exporter", ContainerPort: 8090, Protocol: corev1.ProtocolTCP}}
		if diff := cmp.Diff(want, container.Ports); diff != "" {
			t.Errorf("%s's ports (-want +got):\n%s", role, diff)
		}
		if v := pod.Template.Spec.Volumes; len(v) != 1 || v[0].ConfigMap.Name != "jmx" || container.VolumeMounts[0].MountPath != "/etc/metrics/conf" {
			t.Errorf("%s's configuration is not mounted: %v", role, v)
		}
	}

	j.Observe.Metrics = spark.JMXExporter{Jar: "/prometheus/agent.jar", Config: "/prometheus/config.yaml", Port: 9404}
	if app, err = j.SparkApplication(); err != nil {
		t.Fatal(err)
	}
	if got := *app.Spec.Executor.JavaOptions; got != "-javaagent:/prometheus/agent.jar=9404:/prometheus/config.yaml" {
		t.Errorf("options %q", got)
	}
	if v := app.Spec.Executor.Template.Spec.Volumes; len(v) != 0 {
		t.Errorf("a configuration in the image is mounted: %v", v)
	}
}

// The listener joins those that the job has, the key stays in its secret.
func TestOpenLineage(t *testing.T) {
	j := minimal()
	j.Conf = map[string]string{"spark.extraListeners": "com.company.Listener"}
	j.Observe.Lineage = lineage()
	j.Observe.Lineage.Namespace, j.Observe.Lineage.JobName, j.Observe.Lineage.Endpoint = "prod", "orders", "/lineage"
	conf, driver, executor := built(t, j)
	const key = "spark.openlineage."
	wantConf(t, conf, map[string]string{
		"spark.extraListeners": "com.company.Listener,io.openlineage.spark.agent.OpenLineageSparkListener",
		key + "transport.type": "http", key + "transport.url": "http://marquez.lineage:5000", key + "transport.endpoint": "/lineage",
		key + "namespace": "prod", key + "appName": "orders", key + "parentJobNamespace": "workflows", key + "parentJobName": "daily",
		key + "parentRunId": "00000000-0000-4000-8000-000000000000", key + "transport.auth.type": "", key + "transport.auth.apiKey": "",
	})
	want := []corev1.EnvVar{
		{Name: "OPENLINEAGE__TRANSPORT__TYPE", Value: "http"}, {Name: "OPENLINEAGE__TRANSPORT__AUTH__TYPE", Value: "api_key"},
		{Name: "OPENLINEAGE__TRANSPORT__AUTH__API_KEY", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: "marquez"}, Key: "key"}}},
	}
	if diff := cmp.Diff(want, driver.Containers[0].Env); diff != "" {
		t.Errorf("the driver's variables (-want +got):\n%s", diff)
	}
	if env := executor.Containers[0].Env; len(env) != 0 {
		t.Errorf("the listener runs in the driver, and the executors have %v", env)
	}
	for _, have := range []string{"", "io.openlineage.spark.agent.OpenLineageSparkListener"} {
		j.Conf = nil
		if have != "" {
			j.Conf = map[string]string{"spark.extraListeners": have}
		}
		conf, _, _ = built(t, j)
		wantConf(t, conf, map[string]string{"spark.extraListeners": "io.openlineage.spark.agent.OpenLineageSparkListener"})
	}
}

func TestEventLog(t *testing.T) {
	j := withEventLog()
	conf, _, _ := built(t, j)
	wantConf(t, conf, map[string]string{"spark.eventLog.compress": "true"})
	j.Conf = map[string]string{"spark.eventLog.compress": "false"}
	conf, _, _ = built(t, j)
	wantConf(t, conf, map[string]string{"spark.eventLog.compress": "false"})
	j.Observe.EventLog.Compress = new(false)
	if diff := cmp.Diff([]string{conflict + " Conf[spark.eventLog.compress]"}, refused(t, j)); diff != "" {
		t.Error(diff)
	}
}

func TestBadObserve(t *testing.T) {
	exporter := spark.JMXExporter{Jar: "/a.jar", Config: "/a.yaml"}
	port := func(n int32) func(*spark.Job) {
		return func(j *spark.Job) {
			m := exporter
			m.Port = n
			j.Observe.Metrics = m
		}
	}
	for name, tc := range map[string]struct {
		edit func(*spark.Job)
		want []string
	}{
		"event log without a place": {func(j *spark.Job) { j.Observe.EventLog.Compress = new(true) }, []string{required + " Observe.EventLog.Dir"}},
		"web page": {func(j *spark.Job) {
			j.Observe.UI = spark.UI{Port: 80, RetainedJobs: -1, RetainedStages: -1, RetainedQueries: -1}
		}, []string{invalid + " Observe.UI.RetainedJobs", invalid + " Observe.UI.RetainedStages", invalid + " Observe.UI.RetainedQueries", invalid + " Observe.UI.Port"}},
		"pointer": {func(j *spark.Job) { j.Observe.Metrics = &spark.PrometheusServlet{} }, []string{invalid + " Observe.Metrics"}},
		"servlet": {func(j *spark.Job) {
			j.Observe.Metrics = spark.PrometheusServlet{Path: "metrics", Namespace: "a b"}
			j.Base.SparkConf = map[string]string{"spark.ui.enabled": "false"}
			j.Base.Monitoring = &v1beta2.MonitoringSpec{}
		}, []string{conflict + " Base.Monitoring", invalid + " Observe.Metrics.Path", invalid + " Observe.Metrics.Namespace", conflict + " Base.SparkConf[spark.ui.enabled]"}},
		"servlet in Conf": {func(j *spark.Job) {
			j.Observe.Metrics = spark.PrometheusServlet{}
			j.Conf = map[string]string{"spark.metrics.namespace": "x"}
		}, []string{conflict + " Conf[spark.metrics.namespace]"}},
		"exporter": {func(j *spark.Job) { j.Observe.Metrics = spark.JMXExporter{Namespace: "a b"} },
			[]string{invalid + " Observe.Metrics.Namespace", required + " Observe.Metrics.Jar", required + " Observe.Metrics.Config"}},
		"exporter's files": {func(j *spark.Job) {
			j.Observe.Metrics = spark.JMXExporter{Jar: "local:///a.jar", Config: "a.yaml"}
			j.Base.Monitoring = &v1beta2.MonitoringSpec{}
		}, []string{conflict + " Base.Monitoring", invalid + " Observe.Metrics.Jar", invalid + " Observe.Metrics.Config"}},
		"exporter's config map": {func(j *spark.Job) {
			j.Observe.Metrics = spark.JMXExporter{Jar: "/a.jar", ConfigMap: "A"}
			j.Executor.Volumes = []spark.Volume{{Name: "jmx-exporter-config", Path: "/x", Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
		}, []string{invalid + " Observe.Metrics.ConfigMap", conflict + " Executor.Volumes[jmx-exporter-config]"}},
		"exporter's two configurations": {func(j *spark.Job) {
			j.Observe.Metrics = spark.JMXExporter{Jar: "/a.jar", Config: "/a.yaml", ConfigMap: "a"}
		}, []string{conflict + " Observe.Metrics.ConfigMap"}},
		"exporter's low port":    {port(80), []string{invalid + " Observe.Metrics.Port"}},
		"exporter's high port":   {port(49152), []string{invalid + " Observe.Metrics.Port"}},
		"exporter's port is RPC": {port(7078), []string{conflict + " Observe.Metrics.Port"}},
		"exporter's port is the web page's": {func(j *spark.Job) {
			port(4051)(j)
			j.Observe.UI.Port = 4051
		}, []string{conflict + " Observe.Metrics.Port"}},
		"exporter twice": {func(j *spark.Job) {
			j.Observe.Metrics = exporter
			j.Executor.JavaOptions = "-javaagent:/a.jar=1:/b"
		}, []string{conflict + " Executor.JavaOptions"}},
		"exporter and Base's options": {func(j *spark.Job) {
			j.Observe.Metrics = exporter
			j.Base.Driver.JavaOptions = new("-Dx=y")
		}, []string{conflict + " Base.Driver.JavaOptions"}},
		"lineage": {func(j *spark.Job) {
			j.Observe.Lineage = spark.OpenLineage{Endpoint: "a b", APIKey: spark.SecretKey{Name: "A"}, Parent: spark.LineageParent{RunID: "daily-1"}}
			j.Driver.Env = []corev1.EnvVar{{Name: "OPENLINEAGE__TRANSPORT__TYPE", Value: "console"}}
		}, []string{required + " Observe.Lineage.URL", invalid + " Observe.Lineage.Endpoint", invalid + " Observe.Lineage.APIKey.Name", required + " Observe.Lineage.APIKey.Key",
			required + " Observe.Lineage.Parent.Namespace", required + " Observe.Lineage.Parent.Name", invalid + " Observe.Lineage.Parent.RunID", conflict + " Observe.Lineage"}},
		"lineage's server":    {func(j *spark.Job) { j.Observe.Lineage.URL = "marquez:5000" }, []string{invalid + " Observe.Lineage.URL"}},
		"password of lineage": {func(j *spark.Job) { j.Observe.Lineage.URL = "https://me:secret@marquez" }, []string{invalid + " Observe.Lineage.URL"}},
		"listeners in Base": {func(j *spark.Job) {
			j.Observe.Lineage.URL = "http://marquez:5000"
			j.Base.SparkConf = map[string]string{"spark.extraListeners": "a.B"}
		}, []string{conflict + " Base.SparkConf[spark.extraListeners]"}},
		"jars of lineage": {func(j *spark.Job) {
			j.Version = "4.1.2"
			j.Observe.Lineage.URL = "http://marquez:5000"
			j.Deps.Packages = []string{"io.openlineage:openlineage-spark:1.8.0", "io.openlineage:openlineage-spark_2.12:1.32.0", "io.openlineage:openlineage-spark_2.13:1.32.0"}
		}, []string{unsupported + " Deps.Packages[0]", conflict + " Deps.Packages[1]"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := minimal()
			tc.edit(j)
			if diff := cmp.Diff(tc.want, refused(t, j)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// A workflow fills in the run that the job is a part of.
func TestLineageInTask(t *testing.T) {
	j := minimal()
	j.Name = ""
	j.Observe.Lineage = spark.OpenLineage{URL: "{{workflow.parameters.lineage}}", Parent: spark.LineageParent{Namespace: "argo", Name: "{{workflow.name}}", RunID: "{{workflow.uid}}"}}
	if _, err := j.Runnable("data-platform"); err != nil {
		t.Error(err)
	}
}
