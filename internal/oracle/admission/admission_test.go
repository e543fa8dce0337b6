package admission_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	quota "k8s.io/apiserver/pkg/quota/v1"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	api "k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install" // registers the defaults
	apiv1 "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/kubernetes/pkg/quota/v1/evaluator/core"
	"k8s.io/kubernetes/plugin/pkg/admission/limitranger"
	"k8s.io/utils/clock"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
)

// maker makes objects at random, the same ones for a seed.
type maker struct{ *rand.Rand }

func (m maker) often() bool  { return m.IntN(3) > 0 }
func (m maker) seldom() bool { return m.IntN(5) == 0 }

func pick[T any](m maker, of ...T) T { return of[m.IntN(len(of))] }

func (m maker) list(values ...string) corev1.ResourceList {
	out := corev1.ResourceList{}
	for _, name := range []corev1.ResourceName{"cpu", "memory", "ephemeral-storage"} {
		if m.often() {
			out[name] = resource.MustParse(pick(m, values...))
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (m maker) container(name string) corev1.Container {
	c := corev1.Container{Name: name}
	c.Resources.Requests = m.list("0", "500m", "1", "2")
	if m.often() {
		c.Resources.Limits = m.list("2", "3")
	}
	return c
}

func (m maker) pod() *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: "data"}}
	for i := range m.IntN(3) {
		c := m.container(fmt.Sprintf("init-%d", i))
		if m.seldom() {
			c.RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
		}
		p.Spec.InitContainers = append(p.Spec.InitContainers, c)
	}
	for i := range 1 + m.IntN(2) {
		p.Spec.Containers = append(p.Spec.Containers, m.container(fmt.Sprintf("main-%d", i)))
	}
	if m.seldom() {
		p.Spec.ActiveDeadlineSeconds = new(int64(60))
	}
	if m.seldom() {
		p.Spec.PriorityClassName = pick(m, "high", "low")
	}
	if m.seldom() {
		p.Spec.Resources = &corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("8")}, Limits: corev1.ResourceList{"cpu": resource.MustParse("9")}}
		if m.often() {
			p.Spec.Resources.Requests = nil
		}
	}
	return p
}

func (m maker) limitRange() *corev1.LimitRange {
	r := &corev1.LimitRange{ObjectMeta: metav1.ObjectMeta{Name: "bounds", Namespace: "data"}}
	for range 1 + m.IntN(2) {
		l := corev1.LimitRangeItem{Type: pick(m, corev1.LimitTypeContainer, corev1.LimitTypeContainer, corev1.LimitTypePod)}
		if m.seldom() {
			l.Min = m.list("100m", "1")
		}
		if m.seldom() {
			l.Max = m.list("2", "4")
		}
		if m.seldom() {
			l.MaxLimitRequestRatio = m.list("1500m", "3")
		}
		if l.Type == corev1.LimitTypeContainer {
			l.Default, l.DefaultRequest = m.list("1", "3"), m.list("500m", "1")
		}
		r.Spec.Limits = append(r.Spec.Limits, l)
	}
	return r
}

func (m maker) quota() *corev1.ResourceQuota {
	q := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "budget", Namespace: "data"}}
	for range m.IntN(2) {
		q.Spec.Scopes = append(q.Spec.Scopes, pick(m, corev1.ResourceQuotaScopeTerminating, corev1.ResourceQuotaScopeNotTerminating,
			corev1.ResourceQuotaScopeBestEffort, corev1.ResourceQuotaScopeNotBestEffort, corev1.ResourceQuotaScopePriorityClass))
	}
	if m.seldom() {
		e := corev1.ScopedResourceSelectorRequirement{ScopeName: corev1.ResourceQuotaScopePriorityClass,
			Operator: pick(m, corev1.ScopeSelectorOpIn, corev1.ScopeSelectorOpNotIn, corev1.ScopeSelectorOpExists, corev1.ScopeSelectorOpDoesNotExist)}
		if e.Operator == corev1.ScopeSelectorOpIn || e.Operator == corev1.ScopeSelectorOpNotIn {
			e.Values = []string{"high"}
		}
		q.Spec.ScopeSelector = &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{e}}
	}
	return q
}

// hardNames are the lines of a quota that pods fill.
var hardNames = []corev1.ResourceName{"cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage",
	"limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods", "count/pods"}

// verdict is what the server says of a pod: why it is refused, and what it
// takes of a quota otherwise.
type verdict struct {
	outOfRange, unset error
	counted           bool
	usage             corev1.ResourceList
}

// server takes the pod through defaults and both plugins, in their order.
func server(t *testing.T, pod *corev1.Pod, r *corev1.LimitRange, q *corev1.ResourceQuota) verdict {
	t.Helper()
	pod, q = pod.DeepCopy(), q.DeepCopy()
	legacyscheme.Scheme.Default(pod)
	var internal api.Pod
	if err := apiv1.Convert_v1_Pod_To_core_Pod(pod, &internal, nil); err != nil {
		t.Fatal(err)
	}
	var out verdict
	if r != nil {
		r = r.DeepCopy()
		legacyscheme.Scheme.Default(r)
		if err := limitranger.PodMutateLimitFunc(r, &internal); err != nil {
			t.Fatal(err)
		}
		out.outOfRange = limitranger.PodValidateLimitFunc(r, &internal)
	}
	evaluator := core.NewPodEvaluator(nil, clock.RealClock{})
	q.Status.Hard = q.Spec.Hard
	var err error
	if out.counted, err = evaluator.Matches(q, &internal); err != nil {
		t.Fatal(err)
	}
	out.unset = evaluator.Constraints(slices.Collect(maps.Keys(q.Spec.Hard)), &internal)
	if out.usage, err = evaluator.Usage(&internal); err != nil {
		t.Fatal(err)
	}
	return out
}

// found returns the ids of the rules that find something.
func found(t *testing.T, objects ...millrace.Object) map[string]bool {
	t.Helper()
	b, err := millrace.Build(millrace.Parts{Objects: objects})
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]bool)
	for _, f := range policy.Production().Only("quota/unset", "quota/exceeded", "quota/limit-range").Check(b).Findings {
		out[f.Rule] = true
	}
	return out
}

// TestPods: policy says of pods, quotas and limit ranges made at random what
// the server says.
func TestPods(t *testing.T) {
	const runs = 3000
	m := maker{rand.New(rand.NewPCG(1, 2))}
	var refused, unset, counted, full int
	for i := range runs {
		pod, q := m.pod(), m.quota()
		var r *corev1.LimitRange
		objects := []millrace.Object{pod}
		if m.often() {
			r = m.limitRange()
			objects = append(objects, r)
		}
		name := pick(m, hardNames...)
		q.Spec.Hard = corev1.ResourceList{name: resource.MustParse("1M")}
		want := server(t, pod, r, q)
		got := found(t, append(slices.Clone(objects), q)...)

		// The server compares requests to the limits that a LimitRange fills in
		// when it validates the pod, after LimitRanger.
		if outOfRange := want.outOfRange != nil; outOfRange && !got["quota/limit-range"] {
			t.Errorf("%d: no finding, and the server says: %v", i, want.outOfRange)
		} else if !outOfRange && got["quota/limit-range"] && !aboveLimit(pod, r) {
			t.Errorf("%d: quota/limit-range, and the server takes the pod:\n%v\n%v", i, pod.Spec, r.Spec)
		} else if outOfRange {
			refused++
		}
		if says := want.counted && want.unset != nil; says != got["quota/unset"] {
			t.Errorf("%d: quota/unset of %s: %t, and the server says: counted %t, %v", i, name, got["quota/unset"], want.counted, want.unset)
		} else if says {
			unset++
		}

		// As much as the pod takes is enough, and less is not.
		takes, ok := want.usage[name]
		if !want.counted || !ok || takes.IsZero() {
			continue
		}
		counted++
		q.Spec.Hard = quota.Mask(want.usage, []corev1.ResourceName{name})
		if found(t, append(slices.Clone(objects), q)...)["quota/exceeded"] {
			t.Errorf("%d: %s of %s is too little for policy", i, &takes, name)
		}
		takes.Sub(resource.MustParse("1m"))
		q.Spec.Hard = corev1.ResourceList{name: takes}
		if !found(t, append(slices.Clone(objects), q)...)["quota/exceeded"] {
			t.Errorf("%d: less than the pod takes of %s is enough for policy", i, name)
		} else {
			full++
		}
	}
	t.Logf("%d pods: %d out of range, %d without what a quota asks for, %d counted, %d too large", runs, refused, unset, counted, full)
	for what, n := range map[string]int{"out of range": refused, "unset": unset, "counted": counted, "too large": full} {
		if n < runs/30 {
			t.Errorf("only %d pods of %d are %s", n, runs, what)
		}
	}
}

// aboveLimit reports whether a container requests more than the limit that it
// has in the end.
func aboveLimit(pod *corev1.Pod, r *corev1.LimitRange) bool {
	pod, r = pod.DeepCopy(), r.DeepCopy()
	legacyscheme.Scheme.Default(pod)
	legacyscheme.Scheme.Default(r)
	var internal api.Pod
	if apiv1.Convert_v1_Pod_To_core_Pod(pod, &internal, nil) != nil || limitranger.PodMutateLimitFunc(r, &internal) != nil {
		return false
	}
	for _, c := range slices.Concat(internal.Spec.InitContainers, internal.Spec.Containers) {
		for name, limit := range c.Resources.Limits {
			if request, ok := c.Resources.Requests[name]; ok && request.Cmp(limit) > 0 {
				return true
			}
		}
	}
	return false
}
