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
	app := application{connectView(c), "spec"}
	m := app.podMaker(executorRole, c)
	m.make()
	m.pod.Ends = false
	if image := connectImage(app.template(executorRole), executorRole); image != "" {
		m.container().Image = image
		delete(m.pod.Fields, m.at("image"))
	}
	return []millrace.Pod{connectServer(app, c), m.pod}
}

// serverRole is the driver of a SparkConnect.
const serverRole role = "server"

// roleOf returns the role of a pod, where a server is a driver.
func roleOf(p millrace.Pod) role {
	if role(p.Role) == serverRole {
		return driverRole
	}
	return role(p.Role)
}

// connectView writes a SparkConnect as an application whose driver is the
// server. Where a field of it stands in the object itself, connectFields tells.
func connectView(c *v1alpha1.SparkConnect) *v1beta2.SparkApplicationSpec {
	s := &v1beta2.SparkApplicationSpec{
		Mode: v1beta2.DeployModeClient, SparkVersion: c.Spec.SparkVersion, Image: c.Spec.Image, SparkConf: c.Spec.SparkConf, HadoopConf: c.Spec.HadoopConf,
		DynamicAllocation: (*v1beta2.DynamicAllocation)(c.Spec.DynamicAllocation),
	}
	for _, r := range roles {
		from, to := &c.Spec.Server.SparkPodSpec, r.pod(s)
		if r == executorRole {
			from = &c.Spec.Executor.SparkPodSpec
		}
		to.Cores, to.Memory, to.Template = from.Cores, from.Memory, from.Template
	}
	s.Executor.Instances = c.Spec.Executor.Instances
	if s.Executor.Instances == nil && s.SparkConf["spark.executor.instances"] == "" {
		s.Executor.Instances = new(int32(defaultInstances)) // no default of the operator's goes before Spark's
	}
	return s
}

// connectFields are the fields of the view that stand elsewhere in a
// SparkConnect, or would: what it has no field for is said in the pod
// templates, and by settings where Spark puts those over the templates.
var connectFields = connectFieldTable()

func connectFieldTable() map[string]string {
	out := map[string]string{
		"driver":             "server",
		"driver.javaOptions": "sparkConf[spark.driver.extraJavaOptions]",
		"deps.packages":      "sparkConf[spark.jars.packages]",
		"imagePullPolicy":    "sparkConf[spark.kubernetes.container.image.pullPolicy]",
		"imagePullSecrets":   "sparkConf[spark.kubernetes.container.image.pullSecrets]",

		"executor.javaOptions":    "sparkConf[spark.executor.extraJavaOptions]",
		"executor.memoryOverhead": "sparkConf[spark.executor.memoryOverhead]",
		"executor.coreRequest":    "sparkConf[spark.kubernetes.executor.request.cores]",
		"executor.coreLimit":      "sparkConf[spark.kubernetes.executor.limit.cores]",
		"memoryOverheadFactor":    "sparkConf[spark.kubernetes.memoryOverheadFactor]",
	}
	for _, r := range roles {
		name, own := string(r)+".", string(r)
		if r == driverRole {
			own = string(serverRole)
		}
		for field, in := range map[string]string{
			"annotations": "metadata.annotations", "labels": "metadata.labels", "serviceAccount": "spec.serviceAccountName", "schedulerName": "spec.schedulerName",
		} {
			out[name+field] = own + ".template." + in
		}
	}
	return out
}

// connectServer is the pod of the template, with what the operator adds. Its
// fields for memory and CPU bound the JVM and not the pod.
func connectServer(app application, c *v1alpha1.SparkConnect) millrace.Pod {
	m := app.podMaker(driverRole, c)
	m.pod.Role, m.pod.Ends, m.pod.Min, m.pod.Max = string(serverRole), false, 1, 1
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
