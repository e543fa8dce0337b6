package spark

import (
	"slices"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// connectPods returns the server and the executors of a SparkConnect. The
// operator makes the server from its template; the server makes the executors
// as a driver does.
// Source: Spark operator v2.5.1, internal/controller/sparkconnect.
func connectPods(c *v1alpha1.SparkConnect) []millrace.Pod {
	app := application{connectSpec(c), "spec"}
	m := app.podMaker(executorRole, c)
	m.make()
	m.pod.Ends = false
	if image := connectImage(app.template(executorRole), executorRole); image != "" {
		m.container().Image = image
		delete(m.pod.Fields, m.at("image"))
	}
	return []millrace.Pod{connectServer(app, c), m.pod}
}

// connectSpec writes a SparkConnect as an application, as far as executors go.
func connectSpec(c *v1alpha1.SparkConnect) *v1beta2.SparkApplicationSpec {
	s := &v1beta2.SparkApplicationSpec{
		Mode: v1beta2.DeployModeClient, SparkVersion: c.Spec.SparkVersion, Image: c.Spec.Image, SparkConf: c.Spec.SparkConf, HadoopConf: c.Spec.HadoopConf,
		DynamicAllocation: (*v1beta2.DynamicAllocation)(c.Spec.DynamicAllocation),
	}
	s.Driver.Template = c.Spec.Server.Template
	e := c.Spec.Executor
	s.Executor.Cores, s.Executor.Memory, s.Executor.Template, s.Executor.Instances = e.Cores, e.Memory, e.Template, e.Instances
	if s.Executor.Instances == nil && s.SparkConf["spark.executor.instances"] == "" {
		s.Executor.Instances = new(int32(defaultInstances)) // no default of the operator's goes before Spark's
	}
	return s
}

// connectServer is the pod of the template, with what the operator adds. Its
// fields for memory and CPU bound the JVM and not the pod.
func connectServer(app application, c *v1alpha1.SparkConnect) millrace.Pod {
	m := app.podMaker(driverRole, c)
	m.pod.Role, m.pod.Path, m.pod.Ends, m.pod.Min, m.pod.Max = "server", "spec.server.template", false, 1, 1
	if m.pod.Fields[m.at("name")] != "" {
		m.from(m.at("name"), "spec.server")
	}
	if m.container().Image == "" {
		m.container().Image = deref(c.Spec.Image)
		m.from(m.at("image"), "spec.image")
	}
	m.label(labelLaunched, "true", "spec.server")
	m.label(labelConnect, c.Name, "metadata.name")
	m.label(labelRole, "connect-server", "spec.server")
	m.label("spark-version", c.Spec.SparkVersion, "spec.sparkVersion")
	return m.pod
}

// connectImage is the image of the template's own container, which goes before
// the field.
func connectImage(t *corev1.PodTemplateSpec, r role) string {
	i := slices.IndexFunc(t.Spec.Containers, func(c corev1.Container) bool { return c.Name == r.container() })
	if i < 0 {
		return ""
	}
	return t.Spec.Containers[i].Image
}
