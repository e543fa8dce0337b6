package spark

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
)

// agentPort is where the JMX exporter answers.
// Source: Spark operator v2.5.1, pkg/common/prometheus.go.
const agentPort = 8090

// takeMonitoring says the spec's monitoring in settings, where both files that
// it needs are in the image. Otherwise the operator makes a config map of
// them, which spark-submit doesn't, and the field stays.
// Source: Spark operator v2.5.1, internal/controller/sparkapplication/monitoring_config.go.
func (w *submission) takeMonitoring(app *v1beta2.SparkApplication) {
	s := w.spec
	m := s.Monitoring
	if m == nil || m.Prometheus == nil || deref(m.Prometheus.ConfigFile) == "" || deref(m.MetricsPropertiesFile) == "" {
		return
	}
	port := int32(agentPort)
	if m.Prometheus.Port != nil {
		port = *m.Prometheus.Port
	}
	agent := fmt.Sprintf("-javaagent:%s=%d:%s", m.Prometheus.JmxExporterJar, port, *m.Prometheus.ConfigFile)
	put(&s.SparkConf, "spark.metrics.namespace", strings.TrimPrefix(app.Namespace+"."+app.Name, "."))
	put(&s.SparkConf, "spark.metrics.conf", *m.MetricsPropertiesFile)
	expose := func(pod *v1beta2.SparkPodSpec, options **string) {
		for key, value := range map[string]string{"scrape": "true", "port": strconv.Itoa(int(port)), "path": "/metrics"} {
			put(&pod.Annotations, "prometheus.io/"+key, value)
		}
		*options = new(strings.TrimPrefix(deref(*options)+" "+agent, " "))
	}
	if m.ExposeDriverMetrics {
		expose(&s.Driver.SparkPodSpec, &s.Driver.JavaOptions)
	}
	if m.ExposeExecutorMetrics {
		expose(&s.Executor.SparkPodSpec, &s.Executor.JavaOptions)
	}
	if s.Mode == v1beta2.DeployModeClient {
		s.Driver.Annotations = nil // there is no pod to annotate
	}
	s.Monitoring = nil
}
