package builtin_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/millrace/millrace/internal/oracle/mutation"
)

// podMaker makes pods, workloads and their parts at random, of plausible and
// implausible values.
type podMaker struct {
	*rand.Rand
	// tame is how often, of 100, a value is the first of its list, which is
	// a valid one.
	tame int
}

func (m *podMaker) pick(list []any) any {
	if m.IntN(100) < m.tame {
		return runtime.DeepCopyJSONValue(list[0])
	}
	return runtime.DeepCopyJSONValue(list[m.IntN(len(list))])
}

// oneOfs are the structs of which one field is to be set.
var oneOfs = map[reflect.Type]bool{
	reflect.TypeFor[corev1.VolumeSource]():     true,
	reflect.TypeFor[corev1.EnvVarSource]():     true,
	reflect.TypeFor[corev1.ProbeHandler]():     true,
	reflect.TypeFor[corev1.LifecycleHandler](): true,
	reflect.TypeFor[corev1.VolumeProjection](): true,
}

// wide are structs with so many fields that only some are set.
const wide = 8

// needed are the fields that a struct makes no sense without.
var needed = map[reflect.Type][]string{
	reflect.TypeFor[corev1.Container]():                 {"name", "image"},
	reflect.TypeFor[corev1.PodSpec]():                   {"containers"},
	reflect.TypeFor[corev1.PersistentVolumeClaimSpec](): {"accessModes", "resources"},
	reflect.TypeFor[batchv1.CronJobSpec]():              {"schedule", "jobTemplate"},
	reflect.TypeFor[appsv1.DeploymentSpec]():            {"selector", "template"},
	reflect.TypeFor[appsv1.ReplicaSetSpec]():            {"selector", "template"},
	reflect.TypeFor[appsv1.StatefulSetSpec]():           {"selector", "template"},
	reflect.TypeFor[appsv1.DaemonSetSpec]():             {"selector", "template"},
	reflect.TypeFor[batchv1.JobSpec]():                  {"template"},
	reflect.TypeFor[corev1.PodTemplateSpec]():           {"metadata", "spec"},
}

// jsonFields returns the fields of a struct by their names, with those of the
// structs in it.
func jsonFields(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case name == "" && f.Anonymous || strings.Contains(options, "inline"):
			maps.Copy(out, jsonFields(f.Type))
		default:
			out[name] = f.Type
		}
	}
	return out
}

func elem(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// value makes what a field of a name and type may hold.
func (m *podMaker) value(t reflect.Type, name string) any {
	t = elem(t)
	if m.IntN(400) == 0 {
		return mutation.Value(m.Rand)
	}
	switch {
	case t.Kind() == reflect.Struct && podTypes[t] != nil && podWords[name] != nil: // a number or a text
		return m.pick(podWords[name])
	case podTypes[t] != nil:
		return m.pick(podTypes[t])
	case name == "labels" || name == "matchLabels" || name == "nodeSelector":
		return m.pick(podLabels)
	case name == "annotations":
		return m.pick(podAnnotations)
	case t == reflect.TypeFor[metav1.ObjectMeta]():
		return m.meta()
	case podWords[name] != nil && t.Kind() != reflect.Struct:
		return m.pick(podWords[name])
	}
	switch t.Kind() {
	case reflect.Struct:
		return m.object(t)
	case reflect.Map:
		out := map[string]any{}
		for range m.IntN(3) {
			out[fmt.Sprint(m.value(t.Key(), "key"))] = m.value(t.Elem(), "")
		}
		return out
	case reflect.Slice:
		out := []any{}
		for range 1 + m.IntN(2) {
			out = append(out, m.value(t.Elem(), name))
		}
		return out
	case reflect.Bool:
		return m.IntN(2) == 0
	case reflect.Int32, reflect.Int64:
		return m.pick([]any{int64(1), int64(0), int64(-1), int64(2), int64(100), int64(70000)})
	case reflect.String:
		return m.pick([]any{"a", "b", "", "A", "/x", "a b", "data"})
	}
	return nil
}

func (m *podMaker) meta() any {
	out := map[string]any{}
	if m.IntN(10) > 0 {
		out["labels"] = m.pick(podLabels)
	}
	if m.IntN(4) == 0 {
		out["annotations"] = m.pick(podAnnotations)
	}
	if m.IntN(8) == 0 {
		out["name"] = m.pick([]any{"data", "cache", "a.b", "", "x"})
	}
	if m.IntN(30) == 0 {
		name := m.pick([]any{"uid", "generateName", "namespace", "finalizers"}).(string)
		out[name] = "a"
		if name == "finalizers" {
			out[name] = []any{"a/b"}
		}
	}
	return out
}

func (m *podMaker) object(t reflect.Type) map[string]any {
	out := map[string]any{}
	all := jsonFields(t)
	names := slices.Sorted(maps.Keys(all))
	if oneOfs[t] {
		n := 1
		switch m.IntN(30) {
		case 0:
			n = 0
		case 1:
			n = 2
		}
		for range n {
			name := names[m.IntN(len(names))]
			out[name] = m.value(all[name], name)
		}
		return out
	}
	odds := 2
	if len(names) > wide {
		odds = len(names) / 4
	}
	for _, name := range names {
		must := slices.Contains(needed[t], name) && m.IntN(60) > 0
		if must || m.IntN(odds) == 0 {
			// What an embedded struct has is set through it.
			out[name] = m.value(all[name], name)
		}
	}
	m.embed(t, out)
	return out
}

// embed sets one field only of the structs in a struct of which one is enough.
func (m *podMaker) embed(t reflect.Type, out map[string]any) {
	for f := range t.Fields() {
		if f.Anonymous && oneOfs[f.Type] {
			for name := range jsonFields(f.Type) {
				delete(out, name)
			}
			maps.Copy(out, m.object(f.Type))
		}
	}
}

// podObject makes an object of a kind.
func (m *podMaker) podObject(tb testing.TB, gvk schema.GroupVersionKind) map[string]any {
	tb.Helper()
	typed, err := scheme.Scheme.New(gvk)
	if err != nil {
		tb.Fatal(err)
	}
	spec, _ := reflect.TypeOf(typed).Elem().FieldByName("Spec")
	obj := map[string]any{"metadata": m.meta(), "spec": m.object(spec.Type)}
	obj["apiVersion"], obj["kind"] = gvk.ToAPIVersionAndKind()
	name := m.pick([]any{"x", "x", "a.b", long, "A", dotted, strings.Repeat("a", 53), ""}).(string)
	obj["metadata"].(map[string]any)["name"] = name
	if name == "" {
		obj["metadata"].(map[string]any)["generateName"] = m.pick([]any{"x-", long, "a.b-", "A"})
	}
	return obj
}

// place is a struct within an object, or a list, and its type.
type typedPlace struct {
	object map[string]any
	list   []any
	set    func(any)
	t      reflect.Type
	name   string
}

// typedPlaces lists the structs and lists of an object.
func typedPlaces(v any, t reflect.Type, name string, set func(any), out []typedPlace) []typedPlace {
	t = elem(t)
	switch v := v.(type) {
	case map[string]any:
		switch t.Kind() {
		case reflect.Struct:
			if podTypes[t] != nil {
				return out
			}
			out = append(out, typedPlace{object: v, set: set, t: t, name: name})
			all := jsonFields(t)
			for _, k := range slices.Sorted(maps.Keys(v)) {
				if all[k] != nil {
					out = typedPlaces(v[k], all[k], k, func(x any) { v[k] = x }, out)
				}
			}
		case reflect.Map:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				out = typedPlaces(v[k], t.Elem(), k, func(x any) { v[k] = x }, out)
			}
		}
	case []any:
		if t.Kind() == reflect.Slice {
			out = append(out, typedPlace{list: v, set: set, t: t, name: name})
			for i := range v {
				out = typedPlaces(v[i], t.Elem(), name, func(x any) { v[i] = x }, out)
			}
		}
	}
	return out
}

// fill changes one thing: it sets a field anywhere, also one that nothing sets
// otherwise, takes one out, or adds an item to a list.
func (m *podMaker) fill(tb testing.TB, gvk schema.GroupVersionKind, obj map[string]any) string {
	tb.Helper()
	typed, err := scheme.Scheme.New(gvk)
	if err != nil {
		tb.Fatal(err)
	}
	all := typedPlaces(obj, reflect.TypeOf(typed).Elem(), "", func(any) {}, nil)
	all = slices.DeleteFunc(all, func(p typedPlace) bool {
		return p.t == reflect.TypeFor[metav1.ObjectMeta]() && p.name == "" || strings.HasSuffix(p.t.Name(), "Status")
	})
	p := all[m.IntN(len(all))]
	if p.list != nil {
		if len(p.list) > 0 && m.IntN(2) == 0 {
			p.set(append(slices.Clone(p.list), runtime.DeepCopyJSONValue(p.list[m.IntN(len(p.list))])))
			return "repeated in " + p.name
		}
		p.set(append(slices.Clone(p.list), m.value(p.t.Elem(), p.name)))
		return "added to " + p.name
	}
	fields := jsonFields(p.t)
	names := slices.Sorted(maps.Keys(fields))
	if len(names) == 0 {
		return "nothing"
	}
	name := names[m.IntN(len(names))]
	for name == "status" || name == "apiVersion" && p.name == "" || name == "kind" && p.name == "" {
		name = names[m.IntN(len(names))]
	}
	if _, ok := p.object[name]; ok && m.IntN(3) == 0 {
		delete(p.object, name)
		return "took " + p.name + "." + name + " out"
	}
	p.object[name] = m.value(fields[name], name)
	return "set " + p.name + "." + name
}
