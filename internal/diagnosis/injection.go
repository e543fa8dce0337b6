package diagnosis

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// injected are the fields of spec.driver and spec.executor that reach a pod
// through nothing but the operator's webhook, and whether a pod has them.
// Source: spark-operator v2.5.1, internal/webhook/sparkpod_defaulter.go.
var injected = []struct {
	field string
	in    func(p *corev1.Pod, main *corev1.Container, asked any) bool
}{
	{"tolerations", func(p *corev1.Pod, _ *corev1.Container, asked any) bool {
		return all(asked, "key", func(key string) bool {
			return slices.ContainsFunc(p.Spec.Tolerations, func(t corev1.Toleration) bool { return t.Key == key })
		})
	}},
	{"affinity", func(p *corev1.Pod, _ *corev1.Container, _ any) bool { return p.Spec.Affinity != nil }},
	{"priorityClassName", func(p *corev1.Pod, _ *corev1.Container, asked any) bool { return p.Spec.PriorityClassName == asked }},
	{"schedulerName", func(p *corev1.Pod, _ *corev1.Container, asked any) bool { return p.Spec.SchedulerName == asked }},
	{"nodeSelector", func(p *corev1.Pod, _ *corev1.Container, asked any) bool {
		m, _ := asked.(map[string]any)
		for key, value := range m {
			if p.Spec.NodeSelector[key] != value {
				return false
			}
		}
		return true
	}},
	{"volumeMounts", func(_ *corev1.Pod, main *corev1.Container, asked any) bool {
		return all(asked, "name", func(name string) bool {
			return slices.ContainsFunc(main.VolumeMounts, func(m corev1.VolumeMount) bool {
				return m.Name == name || strings.HasPrefix(name, "spark-local-dir-")
			})
		})
	}},
	{"env", func(_ *corev1.Pod, main *corev1.Container, asked any) bool {
		return all(asked, "name", func(name string) bool {
			return slices.ContainsFunc(main.Env, func(v corev1.EnvVar) bool { return v.Name == name })
		})
	}},
	{"envFrom", func(_ *corev1.Pod, main *corev1.Container, _ any) bool { return len(main.EnvFrom) > 0 }},
	{"sidecars", func(p *corev1.Pod, _ *corev1.Container, asked any) bool { return all(asked, "name", hasContainer(p)) }},
	{"initContainers", func(p *corev1.Pod, _ *corev1.Container, asked any) bool { return all(asked, "name", hasContainer(p)) }},
	{"securityContext", func(_ *corev1.Pod, main *corev1.Container, _ any) bool { return main.SecurityContext != nil }},
}

func hasContainer(p *corev1.Pod) func(string) bool {
	return func(name string) bool {
		return slices.ContainsFunc(slices.Concat(p.Spec.Containers, p.Spec.InitContainers), func(c corev1.Container) bool { return c.Name == name })
	}
}

// all reports whether f holds for one text of every item of a list.
func all(list any, key string, f func(string) bool) bool {
	items, _ := list.([]any)
	for _, item := range items {
		m, _ := item.(map[string]any)
		if s, _ := m[key].(string); !f(s) {
			return false
		}
	}
	return true
}

// empty reports whether nothing is asked for.
func empty(asked any) bool {
	switch v := asked.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	default:
		return false
	}
}

// lookAtInjection compares what the application asks for with what its pods
// have.
func (q *inquiry) lookAtInjection() {
	if q.group != kubeflowGroup || q.text("kind") != "SparkApplication" {
		return
	}
	if q.driver != nil {
		q.lookForInjected(q.driver, driver)
	}
	for _, p := range q.executors {
		q.lookForInjected(p, executor)
	}
}

func (q *inquiry) lookForInjected(p *corev1.Pod, r role) {
	var main *corev1.Container
	name := mainContainer(p, r)
	for i := range p.Spec.Containers {
		if p.Spec.Containers[i].Name == name {
			main = &p.Spec.Containers[i]
		}
	}
	if main == nil {
		return
	}
	var lacks []string
	for _, in := range injected {
		if asked := q.value("spec", string(r), in.field); !empty(asked) && !in.in(p, main, asked) {
			lacks = append(lacks, "spec."+string(r)+"."+in.field)
		}
	}
	if len(lacks) == 0 {
		return
	}
	what := "lacks " + strings.Join(lacks, ", ")
	if p.Labels[launchedLabel] == "true" && !slices.ContainsFunc(p.OwnerReferences, func(o metav1.OwnerReference) bool { return o.Kind == "SparkApplication" }) && r == driver {
		what += ", and has no owner reference to the application, which the webhook sets as well"
	}
	q.note(note{id: WebhookNotInject, role: r, likelihood: millrace.Certain, object: q.ref(p), key: q.keyOf(p, r),
		detail: fmt.Sprintf("the operator's webhook did not touch the %s: it lacks %s", r, strings.Join(lacks, ", ")),
		fix: "see that the webhook runs and serves the namespace " + p.Namespace + " (spark.jobNamespaces of the operator's chart); " +
			"a spark.Job needs no webhook, as it renders all this into the pod template",
		where: q.ref(p).String(), what: what})
}
