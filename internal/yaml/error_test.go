package yaml_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/internal/yaml"
)

type (
	loop     struct{ Next *loop }
	self     *self
	selfList []selfList
	nilTime  struct{ *metav1.Time }
	panics   struct{}
	wrong    struct{}
	badText  struct{}
	badZero  struct {
		A panics `json:"a,omitzero"`
	}
	sameKey struct{ n int }
)

var errOwn = errors.New("own")

func (panics) MarshalJSON() ([]byte, error)  { panic("no") }
func (panics) IsZero() bool                  { panic("no") }
func (wrong) MarshalJSON() ([]byte, error)   { return nil, errOwn }
func (badText) MarshalText() ([]byte, error) { return nil, errOwn }
func (sameKey) MarshalText() ([]byte, error) { return []byte("same"), nil }

func TestErrors(t *testing.T) {
	cycle := &loop{}
	cycle.Next = cycle
	var me self
	me = &me
	list := selfList{nil}
	list[0] = list
	tree := map[string]any{}
	tree["x"] = []any{tree}

	for _, test := range []struct {
		name string
		v    any
		path string // a prefix for what nests without end
		text string
	}{
		{"channel", make(chan int), "", "type chan int has no JSON form"},
		{"func in a field", struct {
			F func() `json:"f"`
		}{}, "f", "type func() has no JSON form"},
		{"complex", []any{1i}, "[0]", "type complex128 has no JSON form"},
		{"NaN", &struct {
			A []float64 `json:"a"`
		}{[]float64{1, math.NaN()}}, "a[1]", "NaN has no JSON form"},
		{"infinity", map[string]any{"a": map[string]any{"b c": math.Inf(-1)}}, "a[b c]", "-Inf has no JSON form"},
		{"NaN in quotes", struct {
			A float64 `json:",string"`
		}{math.NaN()}, "A", "NaN"},
		{"map key", map[float64]int{1: 1}, "", "type map[float64]int has no JSON form"},
		{"map key any", map[any]int{}, "", "type map[interface {}]int has no JSON form"},
		{"duplicate key", map[sameKey]int{{1}: 1, {2}: 2}, "[same]", "two keys"},
		{"pointer cycle", cycle, "Next.Next.Next.", "contains itself"},
		{"pointer to itself", me, "", "contains itself"},
		{"list in itself", list, "[0][0][0]", "contains itself"},
		{"tree in itself", tree, "x[0].x[0].", "contains itself"},
		{"UTF-8 in a field", &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{}, {Env: []corev1.EnvVar{{Value: "\xff"}}}}}},
			"spec.containers[1].env[0].value", "not valid UTF-8"},
		{"UTF-8 in a map", &corev1.ConfigMap{Data: map[string]string{"a.txt": "x\ny\xc3"}}, "data[a.txt]", "not valid UTF-8"},
		{"UTF-8 in a key", &corev1.ConfigMap{Data: map[string]string{"\xff": ""}}, "data[\xff]", "not valid UTF-8"},
		{"UTF-8 in a tree", &unstructured.Unstructured{Object: map[string]any{"spec": []any{"\xff"}}}, "spec[0]", "not valid UTF-8"},
		{"UTF-8 in raw JSON", []json.RawMessage{json.RawMessage("\"\xff\"")}, "[0]", "not valid UTF-8"},
		{"UTF-8 in quotes", struct {
			A string `json:",string"`
		}{"\xff"}, "A", "not valid UTF-8"},
		{"raw JSON", &runtime.RawExtension{Raw: []byte(`{"a":`)}, "", "not JSON"},
		{"raw JSON twice", json.RawMessage("1 2"), "", "more than one value"},
		{"raw nothing", []any{runtime.RawExtension{Raw: []byte{}}}, "[0]", "unrecognized content type"},
		{"number", json.Number("1x"), "", "no JSON number"},
		{"large number", []any{json.Number("1e999")}, "[0]", "too large"},
		{"IntOrString", map[string]intstr.IntOrString{"a": {Type: 7}}, "[a]", "neither"},
		{"MarshalJSON fails", map[string]any{"a": wrong{}}, "a", "own"},
		{"MarshalText fails", map[string]any{"a": badText{}}, "a", "own"},
		{"MarshalJSON panics", []panics{{}}, "[0]", "MarshalJSON panics: no"},
		{"IsZero panics", badZero{}, "a", "IsZero panics: no"},
		{"promoted from nil", []any{nilTime{}}, "[0]", "MarshalJSON panics"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, errYAML := yaml.Append(nil, test.v)
			_, errJSON := yaml.AppendJSON(nil, test.v)
			for _, err := range []error{errYAML, errJSON} {
				var e *yaml.Error
				if !errors.As(err, &e) {
					t.Fatalf("error is %v", err)
				}
				if !strings.Contains(e.Err.Error(), test.text) {
					t.Errorf("error is %v, want %q", err, test.text)
				}
				if e.Path != test.path && !(strings.HasSuffix(test.text, "itself") && strings.HasPrefix(e.Path, test.path)) {
					t.Errorf("path is %.80q, want %q", e.Path, test.path)
				}
			}
			if test.text == "own" && !errors.Is(errYAML, errOwn) {
				t.Errorf("%v does not wrap its cause", errYAML)
			}
		})
	}
}

// TestErrorLeavesDestination shows that a failed call appends nothing, and
// that the next one starts anew.
func TestErrorLeavesDestination(t *testing.T) {
	dst := append(make([]byte, 0, 100), "kept"...)
	for _, d := range [][]byte{dst, dst[:4:4], nil} {
		out, err := yaml.Append(d, map[string]any{"a": 1, "b": map[string]any{"c": make(chan int)}})
		if err == nil || string(out) != string(d) {
			t.Errorf("Append = %q, %v; want %q and an error", out, err, d)
		}
		if err.Error() != "yaml: b.c: type chan int has no JSON form" {
			t.Errorf("error is %v", err)
		}
		if got := write(t, map[string]any{"a": 1}); got != "a: 1\n" {
			t.Errorf("after an error: %q", got)
		}
	}
}
