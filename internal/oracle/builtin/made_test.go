package builtin_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/millrace/millrace/internal/oracle/mutation"
)

// samples are what fields of some types hold, most of it valid.
var samples = map[reflect.Type][]any{
	reflect.TypeFor[resource.Quantity]():            {"1", "500m", "1Gi", int64(2), "-1", "1.5"},
	reflect.TypeFor[intstr.IntOrString]():           {int64(80), "http", "25%", int64(0), int64(1), "x y"},
	reflect.TypeFor[metav1.Time]():                  {"2026-01-02T15:04:05Z"},
	reflect.TypeFor[metav1.MicroTime]():             {"2026-01-02T15:04:05.000000Z"},
	reflect.TypeFor[metav1.Duration]():              {"1m", "2h"},
	reflect.TypeFor[metav1.FieldsV1]():              {map[string]any{"f:a": map[string]any{}}},
	reflect.TypeFor[runtime.RawExtension]():         {map[string]any{"a": "b"}},
	reflect.TypeFor[[]byte]():                       {"aGVsbG8=", ""},
	reflect.TypeFor[corev1.Protocol]():              {"TCP", "UDP", "SCTP"},
	reflect.TypeFor[corev1.RestartPolicy]():         {"Always", "OnFailure", "Never"},
	reflect.TypeFor[corev1.ResourceName]():          {"cpu", "memory", "storage", "ephemeral-storage", "pods", "requests.cpu", "example.com/gpu"},
	reflect.TypeFor[metav1.LabelSelectorOperator](): {"In", "NotIn", "Exists", "DoesNotExist"},
}

// words are what other strings hold.
var generic = []any{"a", "b", "name-1", "http", "example.com/a", "In", "10.0.0.1", "10.0.0.0/8", "/path", "v1", "", "A B"}

// generate returns a value of a type, with fields that the documents never
// have. Deep objects take few of their fields, or they would not end.
func generate(r *rand.Rand, t reflect.Type, depth int) any {
	if r.IntN(120) == 0 {
		return mutation.Value(r)
	}
	if some, ok := samples[t]; ok {
		return runtime.DeepCopyJSONValue(some[r.IntN(len(some))])
	}
	switch t.Kind() {
	case reflect.Pointer:
		return generate(r, t.Elem(), depth)
	case reflect.Struct:
		out := map[string]any{}
		fields(r, t, depth, out)
		return out
	case reflect.Map:
		out := map[string]any{}
		keys := generic
		if some, ok := samples[t.Key()]; ok {
			keys = some
		}
		for range r.IntN(3) {
			out[keys[r.IntN(len(keys))].(string)] = generate(r, t.Elem(), depth+1)
		}
		return out
	case reflect.Slice:
		out := []any{}
		for range r.IntN(3) {
			out = append(out, generate(r, t.Elem(), depth+1))
		}
		return out
	case reflect.String:
		return generic[r.IntN(len(generic))]
	case reflect.Bool:
		return r.IntN(2) == 0
	case reflect.Int, reflect.Int32, reflect.Int64:
		return []any{int64(0), int64(1), int64(2), int64(80), int64(r.IntN(100)), int64(-1), int64(70000)}[r.IntN(7)]
	}
	return mutation.Value(r)
}

func fields(r *rand.Rand, t reflect.Type, depth int, out map[string]any) {
	odds := 1 + depth*t.NumField()/8
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case name == "" && f.Anonymous || strings.Contains(options, "inline"):
			inner := f.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			fields(r, inner, depth, out)
		case !strings.Contains(options, "omitempty") && r.IntN(10) > 0 || r.IntN(odds) == 0:
			out[name] = generate(r, f.Type, depth+1)
		}
	}
}

// newObject makes an object of a kind.
func newObject(tb testing.TB, r *rand.Rand, gvk schema.GroupVersionKind) map[string]any {
	tb.Helper()
	typed, err := scheme.Scheme.New(gvk)
	if err != nil {
		tb.Fatal(err)
	}
	obj := map[string]any{}
	fields(r, reflect.TypeOf(typed).Elem(), 0, obj)
	obj["apiVersion"], obj["kind"] = gvk.ToAPIVersionAndKind()
	if r.IntN(4) > 0 {
		obj["metadata"] = map[string]any{"name": "x", "labels": map[string]any{"a": "b"}}
	}
	return obj
}

func kinds() []schema.GroupVersionKind {
	return slices.SortedFunc(maps.Keys(strategies), func(a, b schema.GroupVersionKind) int { return strings.Compare(a.String(), b.String()) })
}

// TestMade: both say the same of objects made at random of the kinds' types.
func TestMade(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	for i, g := range kinds() {
		r := rand.New(rand.NewPCG(2, uint64(i)))
		for j := range 2 * *mutations {
			obj := newObject(t, r, g)
			var what []string
			for range r.IntN(3) {
				what = append(what, mutate(r, obj))
			}
			v.compare(t, g, obj, fmt.Sprintf("made %d, %s", j, strings.Join(what, ", ")))
		}
	}
	v.log(t)
}
