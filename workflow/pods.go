package workflow

import (
	"maps"
	"reflect"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/argo"
)

// Pods returns the pods that a Workflow, WorkflowTemplate,
// ClusterWorkflowTemplate or CronWorkflow makes, and nothing for other objects:
// one for each template that runs in a pod, in their order, and one for the
// agent where a template makes HTTP calls or uses a plugin. Templates of other
// objects that it refers to are theirs.
//
// A pod holds what the workflow, its templateDefaults, the template and their
// podSpecPatches say of it. What Argo adds is left out, and no pod is Whole: its
// init and wait containers, the main container of resource and data templates,
// volumes for artifacts. Of a patch, so is what the workflow fills in, {{…}}.
//
// Min is 1 for templates that every run uses, and 0 for others. Max is how many
// may run at once, at the most, with loops and parallelism counted: 0 where a
// loop is over a list that only the run knows, and for the templates of an
// object without an entrypoint, which others use. The pods may share memory
// with the object, and must not be changed.
func Pods(o millrace.Object) []millrace.Pod {
	s, ok := specOf(o)
	if !ok {
		return nil
	}
	uses := s.uses()
	var out []millrace.Pod
	agent := count{}
	for i := range s.Templates {
		argo.Template(at(s.path+".templates", i), &s.Templates[i], func(path string, t *wfv1.Template) {
			if !makesPod(t) && !usesAgent(t) {
				return
			}
			of := uses.of(path)
			for _, caller := range slices.Sorted(maps.Keys(of)) {
				n := of[caller]
				if usesAgent(t) {
					agent = count{max(agent.least, n.least), 1}
					continue
				}
				m := s.podMaker(o, path, t, uses.tasks[path])
				m.merge()
				m.make(caller, uses.callers[caller])
				m.pod.Min, m.pod.Max = n.least, n.most
				out = append(out, m.pod)
			}
		})
	}
	if agent.most > 0 {
		out = append(out, s.agentPod(o, agent))
	}
	return out
}

// podMaker makes the pod of one template as Argo's controller does.
// Source: Argo Workflows v3.7.14, workflow/controller/workflowpod.go.
type podMaker struct {
	spec
	template *wfv1.Template
	at       string // the path of the template
	defaults map[string]string
	pod      millrace.Pod
}

// podMaker begins the pod of a template, which has the name of its task where
// it has none of its own.
func (s spec) podMaker(o millrace.Object, path string, t *wfv1.Template, task string) *podMaker {
	m := &podMaker{spec: s, template: t, at: path}
	name := t.Name
	if name == "" {
		name = task
	}
	m.pod = millrace.Pod{
		Owner: millrace.RefOf(o), Role: name, Namespace: s.namespace, Ends: true,
		Path: path, Fields: map[string]string{"spec": path, "metadata": path + ".metadata"},
	}
	const run = "workflows.argoproj.io/workflow"
	if w, ok := o.(*wfv1.Workflow); ok && w.Name != "" {
		m.label(run, w.Name, "metadata.name")
	} else {
		m.pod.RunLabels = []string{run}
	}
	m.label("workflows.argoproj.io/completed", "false", path)
	return m
}

// from notes where something in the pod comes from.
func (m *podMaker) from(path, field string) { m.pod.Fields[path] = field }

func (m *podMaker) label(key, value, from string) {
	put(&m.pod.Template.Labels, key, value)
	m.from("metadata.labels["+key+"]", from)
}

// put sets an entry of a map that may be nil.
func put[M ~map[K]V, K comparable, V any](m *M, key K, value V) {
	if *m == nil {
		*m = make(M)
	}
	(*m)[key] = value
}

func (m *podMaker) make(callerPath string, caller *wfv1.Template) {
	m.sandbox()
	m.metadata()
	m.scheduling(callerPath, caller)
	m.containers()
	m.volumes()
	m.placeDefaults()
	m.patch()
}

// source is a value and the path that holds its field.
type source[T any] struct {
	value T
	path  string
}

// first returns the first value that says anything, and notes for a path of the
// pod where it comes from.
func first[T any](m *podMaker, path, field string, sources ...source[T]) (value T) {
	for _, s := range sources {
		if says(s.value) {
			m.from(path, s.path+"."+field)
			return s.value
		}
	}
	return value
}

// says reports whether a value is not empty.
func says(v any) bool {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Map || r.Kind() == reflect.Slice {
		return r.Len() > 0
	}
	return !r.IsZero()
}

// sandbox is what holds for all containers of the pod.
func (m *podMaker) sandbox() {
	t, spec := m.template, &m.pod.Template.Spec
	spec.RestartPolicy = corev1.RestartPolicyNever
	m.from("spec.restartPolicy", m.at)
	spec.ServiceAccountName = first(m, "spec.serviceAccountName", "serviceAccountName",
		source[string]{t.ServiceAccountName, m.at}, source[string]{m.ServiceAccountName, m.path})
	mount := first(m, "spec.automountServiceAccountToken", "automountServiceAccountToken",
		source[*bool]{t.AutomountServiceAccountToken, m.at}, source[*bool]{m.AutomountServiceAccountToken, m.path})
	if mount != nil && !*mount {
		spec.AutomountServiceAccountToken = mount
	}
	spec.SecurityContext = first(m, "spec.securityContext", "securityContext",
		source[*corev1.PodSecurityContext]{t.SecurityContext, m.at}, source[*corev1.PodSecurityContext]{m.SecurityContext, m.path})
	for i, a := range m.HostAliases {
		m.from(at("spec.hostAliases", i), at(m.path+".hostAliases", i))
		spec.HostAliases = append(spec.HostAliases, a)
	}
	for i, a := range t.HostAliases {
		m.from(at("spec.hostAliases", len(spec.HostAliases)), at(m.at+".hostAliases", i))
		spec.HostAliases = append(spec.HostAliases, a)
	}
	m.wholeWorkflow()
	m.deadline()
}

// wholeWorkflow is what only the workflow says.
func (m *podMaker) wholeWorkflow() {
	spec := &m.pod.Template.Spec
	spec.ImagePullSecrets, spec.DNSConfig = m.ImagePullSecrets, m.DNSConfig
	spec.HostNetwork = m.HostNetwork != nil && *m.HostNetwork
	if m.DNSPolicy != nil {
		spec.DNSPolicy = *m.DNSPolicy
	}
	for _, field := range []string{"imagePullSecrets", "hostNetwork", "dnsPolicy", "dnsConfig"} {
		m.from("spec."+field, m.path+"."+field)
	}
	m.pod.Shared = m.VolumeClaimTemplates
	m.from("shared", m.path+".volumeClaimTemplates")
}

// deadline sets the earlier of the template's and the workflow's.
func (m *podMaker) deadline() {
	const field = "activeDeadlineSeconds"
	var out *int64
	if n, ok := number(m.template.ActiveDeadlineSeconds); ok {
		out = new(int64(n))
		m.from("spec."+field, m.at+"."+field)
	}
	if whole := m.ActiveDeadlineSeconds; whole != nil && (out == nil || *whole < *out) {
		out = whole
		m.from("spec."+field, m.path+"."+field)
	}
	m.pod.Template.Spec.ActiveDeadlineSeconds = out
}

// metadata joins that of the workflow and that of the template.
func (m *podMaker) metadata() {
	meta := &m.pod.Template.ObjectMeta
	join := func(of wfv1.Metadata, path string) {
		for key, value := range of.Labels {
			m.label(key, value, path+".labels["+key+"]")
		}
		for key, value := range of.Annotations {
			put(&meta.Annotations, key, value)
			m.from("metadata.annotations["+key+"]", path+".annotations["+key+"]")
		}
	}
	if m.PodMetadata != nil {
		join(*m.PodMetadata, m.path+".podMetadata")
	}
	join(m.template.Metadata, m.at+".metadata")
}

// scheduling takes each part from the template, from the DAG or the steps that
// call it, or from the workflow.
func (m *podMaker) scheduling(callerPath string, caller *wfv1.Template) {
	t, spec := m.template, &m.pod.Template.Spec
	if caller == nil {
		caller = &wfv1.Template{}
	}
	spec.NodeSelector = first(m, "spec.nodeSelector", "nodeSelector", source[map[string]string]{t.NodeSelector, m.at},
		source[map[string]string]{caller.NodeSelector, callerPath}, source[map[string]string]{m.NodeSelector, m.path})
	spec.Affinity = first(m, "spec.affinity", "affinity", source[*corev1.Affinity]{t.Affinity, m.at},
		source[*corev1.Affinity]{caller.Affinity, callerPath}, source[*corev1.Affinity]{m.Affinity, m.path})
	spec.Tolerations = first(m, "spec.tolerations", "tolerations", source[[]corev1.Toleration]{t.Tolerations, m.at},
		source[[]corev1.Toleration]{caller.Tolerations, callerPath}, source[[]corev1.Toleration]{m.Tolerations, m.path})
	spec.SchedulerName = first(m, "spec.schedulerName", "schedulerName",
		source[string]{t.SchedulerName, m.at}, source[string]{m.SchedulerName, m.path})
	if spec.PriorityClassName = t.PriorityClassName; t.PriorityClassName != "" {
		m.from("spec.priorityClassName", m.at+".priorityClassName")
	} else if spec.PriorityClassName = m.PodPriorityClassName; m.PodPriorityClassName != "" {
		m.from("spec.priorityClassName", m.path+".podPriorityClassName")
	}
}

// agentPod is the one pod that makes the HTTP calls of a workflow and hosts its
// plugins: it has the workflow's settings alone.
// Source: Argo Workflows v3.7.14, workflow/controller/agent.go.
func (s spec) agentPod(o millrace.Object, n count) millrace.Pod {
	m := s.podMaker(o, s.path, &wfv1.Template{Name: "agent"}, "")
	m.from("metadata", s.path+".podMetadata")
	m.make("", nil)
	spec := &m.pod.Template.Spec
	spec.RestartPolicy, spec.HostNetwork, spec.ActiveDeadlineSeconds = corev1.RestartPolicyOnFailure, false, nil
	spec.AutomountServiceAccountToken = new(false)
	m.from("spec.automountServiceAccountToken", s.path)
	m.pod.Min, m.pod.Max = n.least, n.most
	return m.pod
}
