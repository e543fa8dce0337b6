package spark

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// Pods returns the pods that a SparkApplication of either operator, a
// ScheduledSparkApplication or a SparkConnect makes, the driver or the server and
// the executors, and those of a SparkCluster, the master and the workers. It
// takes the operators' own types and what millrace.Load reads, and returns nothing
// for other objects.
//
// A pod holds what the fields, the settings and the pod template say of it,
// one going before the other as in the operator and in Spark, and the memory
// and CPU that Spark computes (see Resources). What Spark adds for itself is left
// out: the config map of its settings, an emptyDir for scratch, variables such
// as SPARK_USER. So are numbers that a workflow fills in, {{…}}; the pod then
// isn't Whole. The pods may share memory with the object, and must not be
// changed.
func Pods(o millrace.Object) []millrace.Pod {
	o, err := typed(o)
	if err != nil {
		return nil
	}
	if c, ok := o.(*apachev1.SparkCluster); ok && c != nil {
		return clusterPods(c)
	}
	var out []millrace.Pod
	if c, ok := o.(*v1alpha1.SparkConnect); ok && c != nil {
		out = connectPods(c)
	} else if app, ok := applicationIn(o); ok {
		for _, r := range roles {
			m := app.podMaker(r, o)
			m.make()
			out = append(out, m.pod)
		}
	}
	for i := range out {
		out[i].Path, out[i].Count = ownField(o, out[i].Path), ownField(o, out[i].Count)
		for at, field := range out[i].Fields {
			out[i].Fields[at] = ownField(o, field)
		}
	}
	return out
}

// podMaker lays over a role's pod template what the fields and the settings
// say. The order of its steps is Spark's, then that of the operator's webhook.
// Source: apache/spark, resource-managers/kubernetes, features; Spark operator
// v2.5.1, internal/controller/sparkapplication/submission.go and
// internal/webhook/sparkpod_defaulter.go.
type podMaker struct {
	application
	owner  millrace.Object
	role   role
	fields *v1beta2.SparkPodSpec
	keys   []string // of the settings, sorted
	pod    millrace.Pod
	own    int // the index of Spark's own container
}

func (a application) podMaker(r role, owner millrace.Object) *podMaker {
	m := &podMaker{application: a, owner: owner, role: r, fields: r.pod(a.SparkApplicationSpec), keys: slices.Sorted(maps.Keys(a.SparkConf))}
	m.pod = millrace.Pod{
		Owner: millrace.RefOf(owner), Role: string(r), Namespace: owner.GetNamespace(),
		Template: *a.template(r).DeepCopy(), Whole: true, Ends: true,
		Path: m.path("template"), Fields: make(map[string]string), RunLabels: runLabels(r),
	}
	containers := &m.pod.Template.Spec.Containers
	// Spark takes the first container where none has the name.
	m.own = max(slices.IndexFunc(*containers, func(c corev1.Container) bool { return c.Name == r.container() }), 0)
	if len(*containers) == 0 {
		*containers = []corev1.Container{{Name: r.container()}}
		m.from(m.at("name"), a.path(string(r)))
	}
	return m
}

// runLabels are the labels whose values Spark and the operator know when they
// make a pod.
// Source: apache/spark, resource-managers/kubernetes, Constants.scala; Spark
// operator v2.5.1, pkg/common/spark.go.
func runLabels(r role) []string {
	out := []string{"spark-app-selector", "spark-app-name", "spark-version", "sparkoperator.k8s.io/submission-id"}
	if r == executorRole {
		out = append(out, "spark-exec-id", "spark-exec-resourceprofile-id")
	}
	return out
}

func (m *podMaker) make() {
	m.metadata()
	m.scheduling()
	m.sandbox()
	m.image()
	m.resources()
	m.environment()
	m.volumes()
	m.containers()
	m.count()
}

// path is where a field of the role stands.
func (m *podMaker) path(field string) string { return m.application.path(string(m.role), field) }

// from notes where something in the pod comes from.
func (m *podMaker) from(path, field string) { m.pod.Fields[path] = field }

// container is Spark's own.
func (m *podMaker) container() *corev1.Container { return &m.pod.Template.Spec.Containers[m.own] }

// at is the path of something in Spark's own container.
func (m *podMaker) at(format string, args ...any) string {
	return fmt.Sprintf("spec.containers[%d].", m.own) + fmt.Sprintf(format, args...)
}

// kubernetes is the name of one of the role's settings.
func (m *podMaker) kubernetes(rest string) string {
	return "spark.kubernetes." + string(m.role) + "." + rest
}

// settings calls visit for the settings with a prefix, in order, with the rest
// of the name and the path.
func (m *podMaker) settings(prefix string, visit func(rest, value, at string)) {
	for _, key := range m.keys {
		if rest, ok := strings.CutPrefix(key, prefix); ok && rest != "" {
			visit(rest, m.SparkConf[key], m.confPath(key))
		}
	}
}

// setting returns what a field says, or the first of the settings that says
// anything, and where.
func (a application) setting(field *string, at string, keys ...string) (value, from string) {
	if field != nil && *field != "" {
		return *field, at
	}
	for _, key := range keys {
		if v := a.SparkConf[key]; v != "" {
			return v, a.confPath(key)
		}
	}
	return "", at
}

// The labels that the operator and Spark select their pods by.
// Source: Spark operator v2.5.1, pkg/common/spark.go.
const (
	labelRole      = "spark-role"
	labelLaunched  = "sparkoperator.k8s.io/launched-by-spark-operator"
	labelApp       = "sparkoperator.k8s.io/app-name"
	labelScheduled = "sparkoperator.k8s.io/scheduled-app-name"
	labelConnect   = "sparkoperator.k8s.io/connect-name"
	// kueuePrefix starts the labels of an application that its pods don't get.
	kueuePrefix = "kueue.x-k8s.io/"
)

// labelByOperator adds the labels that say whose the pod is, and those of the
// application itself.
func (m *podMaker) labelByOperator() {
	if _, apache := m.owner.(*apachev1.SparkApplication); apache {
		m.label(labelApacheOperator, apacheName, m.application.path(string(m.role)))
		if m.owner.GetName() != "" {
			m.label(labelApacheApp, m.owner.GetName(), "metadata.name")
		}
		return
	}
	m.label(labelLaunched, "true", m.application.path(string(m.role)))
	name := labelApp
	switch m.owner.(type) {
	case *v1beta2.ScheduledSparkApplication:
		name = labelScheduled // which the application gets, and hands on
	case *v1alpha1.SparkConnect:
		name = labelConnect
	}
	if m.owner.GetName() != "" {
		m.label(name, m.owner.GetName(), "metadata.name")
	}
	for key, value := range m.owner.GetLabels() {
		if !strings.HasPrefix(key, kueuePrefix) {
			m.label(key, value, "metadata.labels["+key+"]")
		}
	}
}

func (m *podMaker) label(key, value, from string) {
	put(&m.pod.Template.Labels, key, value)
	m.from("metadata.labels["+key+"]", from)
}

func (m *podMaker) metadata() {
	meta := &m.pod.Template.ObjectMeta
	m.settings(m.kubernetes("label."), m.label)
	m.labelByOperator()
	for key, value := range m.fields.Labels {
		m.label(key, value, m.path("labels["+key+"]"))
	}
	m.label(labelRole, string(m.role), m.application.path(string(m.role)))

	annotate := func(key, value, from string) {
		put(&meta.Annotations, key, value)
		m.from("metadata.annotations["+key+"]", from)
	}
	m.settings(m.kubernetes("annotation."), annotate)
	for key, value := range m.fields.Annotations {
		annotate(key, value, m.path("annotations["+key+"]"))
	}
}

func (m *podMaker) scheduling() {
	spec := &m.pod.Template.Spec
	selectNode := func(key, value, from string) {
		put(&spec.NodeSelector, key, value)
		m.from("spec.nodeSelector["+key+"]", from)
	}
	m.settings("spark.kubernetes.node.selector.", selectNode)
	for key, value := range m.NodeSelector {
		selectNode(key, value, m.application.path("nodeSelector["+key+"]"))
	}
	m.settings(m.kubernetes("node.selector."), selectNode)
	for key, value := range m.fields.NodeSelector {
		selectNode(key, value, m.path("nodeSelector["+key+"]"))
	}
	for i, t := range m.fields.Tolerations {
		m.from(fmt.Sprintf("spec.tolerations[%d]", len(spec.Tolerations)), m.path(fmt.Sprintf("tolerations[%d]", i)))
		spec.Tolerations = append(spec.Tolerations, t)
	}
	if a := m.fields.Affinity; a != nil {
		spec.Affinity = a
		m.from("spec.affinity", m.path("affinity"))
	}
	if class := deref(m.role.priorityClass(m.SparkApplicationSpec)); class != "" {
		spec.PriorityClassName, spec.Priority, spec.PreemptionPolicy = class, nil, nil
		m.from("spec.priorityClassName", m.path("priorityClassName"))
	}
	scheduler, from := m.setting(m.fields.SchedulerName, m.path("schedulerName"), m.kubernetes("scheduler.name"), "spark.kubernetes.scheduler.name")
	if batch := deref(m.BatchScheduler); batch != "" {
		scheduler, from = batch, m.application.path("batchScheduler")
	}
	if scheduler != "" {
		spec.SchedulerName = scheduler
		m.from("spec.schedulerName", from)
	}
}

// sandbox is what holds for all containers of the pod.
func (m *podMaker) sandbox() {
	spec := &m.pod.Template.Spec
	spec.RestartPolicy = corev1.RestartPolicyNever
	m.from("spec.restartPolicy", m.application.path(string(m.role)))
	if account, from := m.account(); account != "" {
		spec.ServiceAccountName, spec.DeprecatedServiceAccount = account, ""
		m.from("spec.serviceAccountName", from)
	}
	m.surround()
}

// surround sets what the webhook sets beside the containers.
func (m *podMaker) surround() {
	spec := &m.pod.Template.Spec
	if c := m.fields.PodSecurityContext; c != nil {
		spec.SecurityContext = c
		m.from("spec.securityContext", m.path("podSecurityContext"))
	}
	if deref(m.fields.HostNetwork) {
		spec.HostNetwork, spec.DNSPolicy = true, corev1.DNSClusterFirstWithHostNet
		m.from("spec.hostNetwork", m.path("hostNetwork"))
		m.from("spec.dnsPolicy", m.path("hostNetwork"))
	}
	if c := m.fields.DNSConfig; c != nil {
		spec.DNSConfig = c
		m.from("spec.dnsConfig", m.path("dnsConfig"))
	}
	if deref(m.fields.ShareProcessNamespace) {
		spec.ShareProcessNamespace = m.fields.ShareProcessNamespace
		m.from("spec.shareProcessNamespace", m.path("shareProcessNamespace"))
	}
	m.gracePeriod()
	for i, alias := range m.fields.HostAliases {
		m.from(fmt.Sprintf("spec.hostAliases[%d]", len(spec.HostAliases)), m.path(fmt.Sprintf("hostAliases[%d]", i)))
		spec.HostAliases = append(spec.HostAliases, alias)
	}
}

// gracePeriod sets the time to end in. Spark has a setting for executors since
// graceSince.
func (m *podMaker) gracePeriod() {
	spec := &m.pod.Template.Spec
	const key = "spark.kubernetes.executor.terminationGracePeriodSeconds"
	text := strings.TrimSuffix(m.SparkConf[key], "s")
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && m.role == executorRole && parseVersion(m.SparkVersion).atLeast(graceSince) {
		spec.TerminationGracePeriodSeconds = &n
		m.from("spec.terminationGracePeriodSeconds", m.confPath(key))
	}
	if s := m.fields.TerminationGracePeriodSeconds; s != nil {
		spec.TerminationGracePeriodSeconds = s
		m.from("spec.terminationGracePeriodSeconds", m.path("terminationGracePeriodSeconds"))
	}
}

// account returns the service account and where it is named. Executors that
// name none use the driver's.
func (m *podMaker) account() (name, from string) {
	const key = "spark.kubernetes.authenticate.%s.serviceAccountName"
	name, from = m.setting(m.fields.ServiceAccount, m.path("serviceAccount"), fmt.Sprintf(key, m.role))
	if name == "" && m.role == executorRole && m.pod.Template.Spec.ServiceAccountName == "" && m.pod.Template.Spec.DeprecatedServiceAccount == "" {
		name, from = m.setting(m.Driver.ServiceAccount, m.application.path("driver.serviceAccount"), fmt.Sprintf(key, driverRole))
	}
	return name, from
}

// count says how many executors there are.
func (m *podMaker) count() {
	m.pod.Min, m.pod.Max = 1, 1
	if m.role == executorRole {
		m.pod.Min, m.pod.Max = m.executors()
		m.pod.Count = m.countPath()
	}
}
