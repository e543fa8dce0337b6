package spark

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Metrics are what Prometheus can read off a job's pods: PrometheusServlet or
// JMXExporter.
//
// Both put the annotations prometheus.io/scrape, port and path on the pods,
// where the pods' own Annotations don't hold them. A PodMonitor selects the
// pods by the label spark-role and names the port.
type Metrics interface {
	part
	metrics()
}

// PrometheusServlet lets Spark itself serve its metrics, on the driver's web
// page: the driver's own at Path, and those of all executors at
// /metrics/executors/prometheus. It needs nothing in the image. The port is
// called "spark-ui"; executors need not be scraped.
// Source: Spark, monitoring.
type PrometheusServlet struct {
	// Path is where the driver's metrics are.
	//
	// Zero means /metrics/prometheus. It starts with a slash.
	//
	// Rendered as spark.metrics.conf.*.sink.prometheusServlet.path in
	// spec.sparkConf, and in the annotations of the driver.
	Path string
	// Namespace is what the metrics' names start with, after "metrics_".
	//
	// Zero means spark. Spark's own default is the application's id, which
	// makes new series with every run; ${spark.app.name} makes new ones with
	// every job, and the code of a job may change it. What tells the jobs
	// apart are the labels of the pods.
	//
	// Rendered as spark.metrics.namespace in spec.sparkConf.
	Namespace string
	// ProcessTree adds the memory that the operating system counts for each
	// executor, Python included.
	//
	// Rendered as spark.executor.processTreeMetrics.enabled in spec.sparkConf.
	ProcessTree bool
}

// JMXExporter runs Prometheus' Java agent in the driver and in every executor.
// Its jar must be in the image.
//
// millrace doesn't use the field spec.monitoring of the Spark operator, whose
// configuration reaches the pods through the mutating webhook only. The port
// is called "jmx-exporter", as there.
// Source: prometheus/jmx_exporter, README; Spark operator,
// monitoring_config.go.
type JMXExporter struct {
	// Jar is the agent's path in the image:
	// "/prometheus/jmx_prometheus_javaagent.jar".
	//
	// Required. Rendered, like Port and Config, as -javaagent in
	// spec.driver.javaOptions and spec.executor.javaOptions, after those of
	// JavaOptions.
	Jar string
	// Port is where the agent listens, in every pod.
	//
	// Zero means 8090. From 1024 to 49151, which are the ports that the Spark
	// operator allows, and none of Spark's own. Rendered with Jar.
	Port int32
	// Config is the path of the agent's configuration in the image.
	//
	// Either this or ConfigMap is required. Rendered with Jar.
	Config string
	// ConfigMap holds the agent's configuration, under the key
	// prometheus.yaml. It has to be in the job's namespace already.
	//
	// Zero takes Config, which is in the image.
	//
	// Rendered as a volume at /etc/metrics/conf in the pod templates.
	ConfigMap string
	// Namespace is what the metrics' names start with; see PrometheusServlet.
	// The configuration that the Spark operator brings along expects
	// namespace.name.
	//
	// Zero means spark.
	//
	// Rendered as spark.metrics.namespace in spec.sparkConf.
	Namespace string
}

const (
	defaultServletPath      = "/metrics/prometheus"
	defaultMetricsNamespace = "spark"
	// defaultJMXPort is the operator's.
	// Source: Spark operator, pkg/common/prometheus.go; so for those below.
	defaultJMXPort = 8090
	maxJMXPort     = 49151
	jmxPortName    = "jmx-exporter"
	jmxConfigDir   = "/etc/metrics/conf"
	jmxConfigKey   = "prometheus.yaml"
	jmxVolume      = "jmx-exporter-config"
	jmxMetricsPath = "/metrics"

	scrapeOn   = "prometheus.io/scrape"
	scrapePort = "prometheus.io/port"
	scrapePath = "prometheus.io/path"

	keyMetricsNamespace = "spark.metrics.namespace"
	keyProcessTree      = "spark.executor.processTreeMetrics.enabled"
	keyUIPrometheus     = "spark.ui.prometheus.enabled"
	servletSink         = "spark.metrics.conf.*.sink.prometheusServlet."
)

// sparkPorts are those that Spark opens itself, beside its web page.
// Source: apache/spark, Constants.scala of the Kubernetes module.
var sparkPorts = []int32{7078, 7079, 15002}

func (PrometheusServlet) metrics() {}
func (JMXExporter) metrics()       {}

func checkMonitoring(c partCheck) {
	if c.job.Base.Monitoring != nil {
		c.Conflict("Base.Monitoring", "the field "+c.at+" says it as well", "leave one of the two out")
	}
}

func (m PrometheusServlet) check(c partCheck) {
	checkMonitoring(c)
	if m.Path != "" && (!path.IsAbs(m.Path) || strings.ContainsAny(m.Path, " \t\r\n?#")) {
		c.Invalid(c.field("Path"), m.Path, "not an absolute path", "write it as "+defaultServletPath)
	}
	c.text("Namespace", m.Namespace, defaultMetricsNamespace)
	if on, at := c.job.said("spark.ui.enabled"); on == "false" {
		c.Conflict(at, "the metrics are served by the web page of the driver, which this turns off", "leave it out, or use spark.JMXExporter")
	}
}

func (m PrometheusServlet) settings(s *settings) {
	s.set("", keyUIPrometheus, "true")
	s.set("", servletSink+"class", "org.apache.spark.metrics.sink.PrometheusServlet")
	s.set("Path", servletSink+"path", first(m.Path, defaultServletPath))
	s.set("Namespace", keyMetricsNamespace, first(m.Namespace, defaultMetricsNamespace))
	// Without it there is nothing about the heap.
	s.fallback("spark.metrics.conf.*.source.jvm.class", "org.apache.spark.metrics.source.JvmSource")
	if m.ProcessTree {
		s.set("ProcessTree", keyProcessTree, "true")
	}
}

func (m PrometheusServlet) pod(r role, pod *podParts) {
	if r == driverRole {
		pod.scrape(0, first(m.Path, defaultServletPath))
	}
}

// port returns where the agent listens.
func (m JMXExporter) port() int32 {
	if m.Port == 0 {
		return defaultJMXPort
	}
	return m.Port
}

func (m JMXExporter) check(c partCheck) {
	checkMonitoring(c)
	c.text("Namespace", m.Namespace, defaultMetricsNamespace)
	file := func(field, value, example string) {
		if !path.IsAbs(value) || strings.ContainsAny(value, " \t\r\n:=\"'") {
			c.Invalid(c.field(field), value, "not an absolute path in the image", "write it as "+example)
		}
	}
	if m.Jar == "" {
		c.Required(c.field("Jar"), "name the agent's jar in the image, such as /prometheus/jmx_prometheus_javaagent.jar")
	} else {
		file("Jar", m.Jar, "/prometheus/jmx_prometheus_javaagent.jar")
	}
	switch port := m.port(); {
	case port < minPort || port > maxJMXPort:
		c.Invalid(c.field("Port"), port, "not a port for an agent", "use one from 1024 to 49151")
	case slices.Contains(sparkPorts, port) || port == c.job.uiPort():
		c.Conflict(c.field("Port"), fmt.Sprintf("Spark itself listens at %d", port), "use another, such as 8090")
	}
	switch {
	case m.Config == "" && m.ConfigMap == "":
		c.Required(c.field("Config"), "name the agent's configuration in the image, or a ConfigMap")
	case m.Config != "" && m.ConfigMap != "":
		c.Conflict(c.field("ConfigMap"), "Config names a file in the image", "leave one of the two out")
	case m.Config != "":
		file("Config", m.Config, "/prometheus/config.yaml")
	default:
		c.Name(c.field("ConfigMap"), m.ConfigMap)
	}
	for _, r := range roles {
		options := c.job.Driver.JavaOptions
		if r == executorRole {
			options = c.job.Executor.JavaOptions
		}
		if m.Jar != "" && strings.Contains(options, "-javaagent:"+m.Jar) {
			c.Conflict(r.field()+".JavaOptions", "the field "+c.at+" loads this agent", "leave one of the two out")
		}
		if m.ConfigMap != "" {
			c.volume(r, m.volume())
		}
	}
}

func (m JMXExporter) settings(s *settings) {
	s.set("", "spark.metrics.conf.*.sink.jmx.class", "org.apache.spark.metrics.sink.JmxSink")
	s.set("Namespace", keyMetricsNamespace, first(m.Namespace, defaultMetricsNamespace))
	agent := fmt.Sprintf("-javaagent:%s=%d:%s", m.Jar, m.port(), first(m.Config, path.Join(jmxConfigDir, jmxConfigKey)))
	for _, r := range roles {
		s.javaOption(r, agent)
	}
}

func (m JMXExporter) pod(_ role, pod *podParts) {
	pod.ports = append(slices.Clip(pod.ports), corev1.ContainerPort{Name: jmxPortName, ContainerPort: m.port(), Protocol: corev1.ProtocolTCP})
	pod.scrape(m.port(), jmxMetricsPath)
	if m.ConfigMap != "" {
		pod.volumes = append(slices.Clip(pod.volumes), m.volume())
	}
}

func (m JMXExporter) volume() Volume {
	return Volume{
		Name: jmxVolume, Path: jmxConfigDir, ReadOnly: true,
		Source: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
			LocalObjectReference: corev1.LocalObjectReference{Name: m.ConfigMap},
		}},
	}
}

// scrape annotates a pod for a Prometheus that looks for such annotations.
// Port zero is that of the driver's web page.
func (parts *podParts) scrape(port int32, metricsPath string) {
	if port == 0 {
		port = parts.uiPort
	}
	annotations := maps.Clone(parts.annotations)
	for key, value := range map[string]string{
		scrapeOn:   "true",
		scrapePort: strconv.Itoa(int(port)),
		scrapePath: metricsPath,
	} {
		if _, own := annotations[key]; !own {
			put(&annotations, key, value)
		}
	}
	parts.annotations = annotations
}
