package spark

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// image sets what Spark always sets, whatever the template says.
func (m *podMaker) image() {
	c := m.container()
	image, from := m.setting(m.fields.Image, m.path("image"))
	if image == "" {
		image, from = m.setting(m.Image, m.application.path("image"), m.kubernetes("container.image"), "spark.kubernetes.container.image")
	}
	if image != "" {
		c.Image = image
		m.from(m.at("image"), from)
	}
	const pull = "spark.kubernetes.container.image.pullPolicy"
	policy, from := m.setting(nil, m.application.path("imagePullPolicy"), pull)
	c.ImagePullPolicy = corev1.PullPolicy(first(policy, deref(m.ImagePullPolicy), string(corev1.PullIfNotPresent)))
	m.from(m.at("imagePullPolicy"), from)

	spec := &m.pod.Template.Spec
	secret := func(name, from string) {
		m.from(fmt.Sprintf("spec.imagePullSecrets[%d]", len(spec.ImagePullSecrets)), from)
		m.from(fmt.Sprintf("spec.imagePullSecrets[%d].name", len(spec.ImagePullSecrets)), from)
		spec.ImagePullSecrets = append(spec.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	}
	const secrets = "spark.kubernetes.container.image.pullSecrets"
	if names := m.SparkConf[secrets]; names != "" {
		for name := range strings.SplitSeq(names, ",") {
			secret(strings.TrimSpace(name), m.confPath(secrets))
		}
		return
	}
	for i, name := range m.ImagePullSecrets {
		secret(name, m.application.path(fmt.Sprintf("imagePullSecrets[%d]", i)))
	}
}

// resources sets CPU and memory as Spark does, over those of the template, and
// leaves out what is no quantity yet.
func (m *podMaker) resources() {
	role := string(m.role)
	cores := ""
	if m.fields.Cores != nil {
		cores = strconv.Itoa(int(*m.fields.Cores))
	}
	request, from := m.setting(m.role.coreRequest(m.SparkApplicationSpec), m.path("coreRequest"), m.kubernetes("request.cores"))
	if request == "" {
		request, from = m.setting(&cores, m.path("cores"), "spark."+role+".cores")
	}
	m.amount("requests", corev1.ResourceCPU, first(request, sparkCores), from)
	if limit, from := m.setting(m.fields.CoreLimit, m.path("coreLimit"), m.kubernetes("limit.cores")); limit != "" {
		m.amount("limits", corev1.ResourceCPU, limit, from)
	} else if _, ok := m.container().Resources.Limits[corev1.ResourceCPU]; !ok {
		m.from(m.at("resources.limits.cpu"), from) // where it is to be said
	}

	memory, err := m.memory(m.role)
	_, from = m.setting(m.fields.Memory, m.path("memory"), "spark."+role+".memory")
	total := resource.NewQuantity(int64(memory.total()), resource.BinarySI).String()
	if err != nil {
		total = ""
	}
	m.amount("requests", corev1.ResourceMemory, total, from)
	m.amount("limits", corev1.ResourceMemory, total, from)
	if limit := deref(m.fields.MemoryLimit); limit != "" {
		if b, ok := parseMemoryLimit(limit); ok {
			limit = resource.NewQuantity(int64(b), resource.BinarySI).String()
		}
		m.amount("limits", corev1.ResourceMemory, limit, m.path("memoryLimit"))
	}

	m.settings("spark."+role+".resource.", func(rest, amount, from string) {
		name, ok := strings.CutSuffix(rest, ".amount")
		if vendor := m.SparkConf["spark."+role+".resource."+name+".vendor"]; ok && vendor != "" {
			m.amount("limits", corev1.ResourceName(vendor+"/"+name), amount, from)
		}
	})
	m.gpu()
}

// gpu asks for the accelerators of the field, as the webhook does.
func (m *podMaker) gpu() {
	if g := m.fields.GPU; g != nil && g.Name != "" && g.Quantity > 0 {
		m.amount("limits", corev1.ResourceName(g.Name), strconv.FormatInt(g.Quantity, 10), m.path("gpu.quantity"))
	}
}

// sparkCores is how many CPUs a role has where nothing says it.
// Source: Spark configuration, spark.driver.cores, spark.executor.cores.
const sparkCores = "1"

// amount sets a request or a limit. What is no quantity takes the place of the
// template's as well, and is unknown.
func (m *podMaker) amount(kind string, name corev1.ResourceName, text, from string) {
	list := &m.container().Resources.Requests
	if kind == "limits" {
		list = &m.container().Resources.Limits
	}
	q, err := resource.ParseQuantity(text)
	if err != nil {
		delete(*list, name)
		m.pod.Whole = false
		return
	}
	put(list, name, q)
	at := m.at("%s.%s", "resources."+kind, name)
	if strings.ContainsAny(string(name), "./") {
		at = m.at("%s[%s]", "resources."+kind, name)
	}
	m.from(at, from)
}

// parseMemoryLimit reads a size in Spark's spelling or in Kubernetes', as the
// operator's webhook does.
func parseMemoryLimit(s string) (millrace.Bytes, bool) {
	if b, ok := parseSize(s, "b"); ok {
		return b, true
	}
	q, err := resource.ParseQuantity(s)
	return millrace.Bytes(q.Value()), err == nil
}

// executors returns the least and the most executors; no most is zero.
func (a application) executors() (least, most int) {
	number := func(field *int32, key string, otherwise int) int {
		if field != nil {
			return max(int(*field), 0)
		}
		if n, err := strconv.Atoi(a.SparkConf[key]); err == nil {
			return max(n, 0)
		}
		return otherwise
	}
	d := a.DynamicAllocation
	if (d == nil || !d.Enabled) && a.SparkConf["spark.dynamicAllocation.enabled"] != "true" {
		n := number(a.Executor.Instances, "spark.executor.instances", operatorInstances)
		return n, n
	}
	if d == nil || !d.Enabled { // the operator then passes its numbers over
		d = &v1beta2.DynamicAllocation{}
	}
	least = number(d.MinExecutors, "spark.dynamicAllocation.minExecutors", 0)
	return least, number(d.MaxExecutors, "spark.dynamicAllocation.maxExecutors", 0)
}

// operatorInstances is how many executors there are where nothing says it.
// Source: Spark operator v2.5.1, api/v1beta2/defaults.go.
const operatorInstances = 1

// environment adds Spark's variables, and those of the webhook after them.
func (m *podMaker) environment() {
	values := make(map[string]string)
	origins := make(map[string]string)
	set := func(name, value, from string) { values[name], origins[name] = value, from }
	prefix := "spark.kubernetes.driverEnv."
	if m.role == executorRole {
		prefix = "spark.executorEnv."
	}
	m.settings(prefix, set)
	for name, value := range m.fields.EnvVars {
		set(name, value, m.path("envVars["+name+"]"))
	}
	for i, s := range m.fields.Secrets {
		from := m.path(fmt.Sprintf("secrets[%d].path", i))
		if variable, file := secretFile(s); variable != "" {
			set(variable, file, from)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		m.env(corev1.EnvVar{Name: name, Value: values[name]}, origins[name], "name", "value")
	}

	refs := make(map[string]v1beta2.NameKey)
	clear(origins)
	m.settings(m.kubernetes("secretKeyRef."), func(name, value, from string) {
		secret, key, _ := strings.Cut(value, ":")
		refs[name], origins[name] = v1beta2.NameKey{Name: secret, Key: key}, from
	})
	for name, ref := range m.fields.EnvSecretKeyRefs {
		refs[name], origins[name] = ref, m.path("envSecretKeyRefs["+name+"]")
	}
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		fixed := []string{"name", "valueFrom", "valueFrom.secretKeyRef"}
		if _, field := m.fields.EnvSecretKeyRefs[name]; !field {
			fixed = append(fixed, "valueFrom.secretKeyRef.name", "valueFrom.secretKeyRef.key")
		}
		m.env(corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: refs[name].Name}, Key: refs[name].Key,
		}}}, origins[name], fixed...)
	}

	for i, e := range m.fields.Env {
		m.env(e, m.path(fmt.Sprintf("env[%d]", i)))
	}
	c := m.container()
	for i, e := range m.fields.EnvFrom {
		m.from(m.at("envFrom[%d]", len(c.EnvFrom)), m.path(fmt.Sprintf("envFrom[%d]", i)))
		c.EnvFrom = append(c.EnvFrom, e)
	}
}

// secretFile returns the variable that says where the file of a secret is,
// for the secrets whose files have fixed names.
func secretFile(s v1beta2.SecretInfo) (variable, file string) {
	switch s.Type {
	case v1beta2.SecretTypeGCPServiceAccount:
		return "GOOGLE_APPLICATION_CREDENTIALS", path.Join(s.Path, "key.json")
	case v1beta2.SecretTypeHadoopDelegationToken:
		return "HADOOP_TOKEN_FILE_LOCATION", path.Join(s.Path, "hadoop.token")
	}
	return "", ""
}

// env adds a variable. The fixed parts of it stand at from itself, and not
// below it.
func (m *podMaker) env(e corev1.EnvVar, from string, fixed ...string) {
	c := m.container()
	at := m.at("env[%d]", len(c.Env))
	m.from(at, from)
	for _, part := range fixed {
		m.from(at+"."+part, from)
	}
	c.Env = append(c.Env, e)
}

// containers adds what the webhook adds to Spark's container and beside it.
func (m *podMaker) containers() {
	c := m.container()
	for i, p := range m.role.ports(m.SparkApplicationSpec) {
		m.from(m.at("ports[%d]", len(c.Ports)), m.path(fmt.Sprintf("ports[%d]", i)))
		c.Ports = append(c.Ports, corev1.ContainerPort{Name: p.Name, ContainerPort: p.ContainerPort, Protocol: corev1.Protocol(p.Protocol)})
	}
	if s := m.fields.SecurityContext; s != nil {
		c.SecurityContext = s
		m.from(m.at("securityContext"), m.path("securityContext"))
	}
	if l := m.role.lifecycle(m.SparkApplicationSpec); l != nil {
		c.Lifecycle = l
		m.from(m.at("lifecycle"), m.path("lifecycle"))
	}
	spec := &m.pod.Template.Spec
	m.beside(&spec.InitContainers, m.fields.InitContainers, "initContainers", "initContainers")
	m.beside(&spec.Containers, m.fields.Sidecars, "containers", "sidecars")
}

// beside adds the containers of a field, but for those that are there already.
func (m *podMaker) beside(list *[]corev1.Container, more []corev1.Container, path, field string) {
	for i, c := range more {
		if slices.ContainsFunc(*list, func(have corev1.Container) bool { return have.Name == c.Name && have.Image == c.Image }) {
			continue
		}
		m.from(fmt.Sprintf("spec.%s[%d]", path, len(*list)), m.path(fmt.Sprintf("%s[%d]", field, i)))
		*list = append(*list, c)
	}
}
