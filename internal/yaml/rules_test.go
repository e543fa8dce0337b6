package yaml_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

type none struct {
	A string `json:"a,omitempty"`
}

type status struct {
	Phase string `json:"phase"`
}

// widget has its fields in an order that an object must not have.
type widget struct {
	Status            status `json:"status,omitempty"`
	Spec              none   `json:"spec"`
	metav1.TypeMeta   `json:",inline"`
	Extra             string `json:"extra,omitempty"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// plainStatus is no object, though it has a status.
type plainStatus struct {
	Status status `json:"status"`
}

var typeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Widget"}

// TestPruning shows what the writer leaves out and what it must not.
func TestPruning(t *testing.T) {
	for _, test := range []struct {
		name string
		v    any
		want string
	}{
		{"nil", nil, "null\n"},
		{"nil pointer", (*none)(nil), "null\n"},
		{"empty struct", none{}, "{}\n"},
		{"null fields", struct {
			A []string          `json:"a"`
			B map[string]string `json:"b"`
			C *int              `json:"c"`
			D any               `json:"d"`
			E metav1.Time       `json:"e"`
			F metav1.MicroTime  `json:"f"`
			G *metav1.Time      `json:"g"`
			H any               `json:"h"`
			I json.RawMessage   `json:"i"`
			J int               `json:"j"`
		}{G: new(metav1.Time{}), H: (*int)(nil)}, "j: 0\n"},
		{"empty struct fields", struct {
			A none `json:"a,omitempty"`
			B none `json:"b,omitzero"`
			C none `json:"c"`
			D struct {
				E struct {
					F none `json:"f,omitempty"`
				} `json:"e,omitempty"`
			} `json:"d,omitempty"`
			G struct {
				H none `json:"h"`
			} `json:"g,omitempty"`
		}{}, "c: {}\ng:\n  h: {}\n"},
		{"pointers to nothing", struct {
			A *none   `json:"a,omitempty"`
			B *string `json:"b,omitempty"`
			C *int    `json:"c,omitempty"`
			D **none  `json:"d,omitempty"`
			E any     `json:"e,omitempty"`
		}{new(none{}), new(""), new(0), new(new(none{})), none{}}, "a: {}\nb: \"\"\nc: 0\nd: {}\ne: {}\n"},
		{"empty collections", struct {
			A []int          `json:"a"`
			B []int          `json:"b,omitempty"`
			C map[string]int `json:"c"`
			D map[string]int `json:"d,omitempty"`
			E []byte         `json:"e"`
			F [0]int         `json:"f"`
		}{A: []int{}, B: []int{}, C: map[string]int{}, D: map[string]int{}, E: []byte{}}, "a: []\nc: {}\ne: \"\"\nf: []\n"},
		{"empty elements", map[string]any{
			"list": []none{{}, {A: "x"}}, "pointers": []*none{nil, {}}, "map": map[string]none{"k": {}}, "nulls": map[string][]byte{"k": nil},
		}, "list:\n- {}\n- a: x\nmap:\n  k: {}\nnulls:\n  k: null\npointers:\n- null\n- {}\n"},
		{"untyped", map[string]any{"a": nil, "b": []any{nil, map[string]any(nil), []any(nil)}, "c": map[string]any{}, "d": []any{}, "e": metav1.Time{}},
			"a: null\nb:\n- null\n- null\n- null\nc: {}\nd: []\ne: null\n"},
		{"root status", &widget{TypeMeta: typeMeta, Status: status{Phase: "Ready"}}, "apiVersion: v1\nkind: Widget\nspec: {}\n"},
		{"root status of a value", widget{TypeMeta: typeMeta, Status: status{Phase: "Ready"}}, "apiVersion: v1\nkind: Widget\nspec: {}\n"},
		{"status below", []widget{{TypeMeta: typeMeta, Spec: none{"x"}, Extra: "z", ObjectMeta: metav1.ObjectMeta{Name: "w"}, Status: status{"Ready"}}},
			"- apiVersion: v1\n  kind: Widget\n  metadata:\n    name: w\n  spec:\n    a: x\n  status:\n    phase: Ready\n  extra: z\n"},
		{"status of no object", &plainStatus{status{"Ready"}}, "status:\n  phase: Ready\n"},
		{"template", &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Hostname: "h"}}, "spec:\n  hostname: h\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, write(t, test.v)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			tree, err := readers["sigs.k8s.io/yaml"](test.want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tree, readJSON(t, writeJSON(t, test.v))); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRawJSON shows that what a user wrote as JSON stays, sorted.
func TestRawJSON(t *testing.T) {
	type raw struct {
		Extension runtime.RawExtension  `json:"extension,omitempty"`
		Default   *apiextensionsv1.JSON `json:"default,omitempty"`
		Message   json.RawMessage       `json:"message,omitempty"`
	}
	for _, test := range []struct {
		name string
		v    raw
		want string
	}{
		{"unset", raw{}, "{}\n"},
		{"null", raw{runtime.RawExtension{Raw: []byte("null")}, &apiextensionsv1.JSON{Raw: []byte(" null ")}, json.RawMessage("null")},
			"extension: null\ndefault: null\nmessage: null\n"},
		{"object", raw{Extension: runtime.RawExtension{Raw: []byte(`{"b":{},"a":[null,"no",1.50]}`)}},
			"extension:\n  a:\n  - null\n  - \"no\"\n  - 1.50\n  b: {}\n"},
		{"typed", raw{Extension: runtime.RawExtension{Object: &corev1.ConfigMap{TypeMeta: typeMeta}}},
			"extension:\n  apiVersion: v1\n  kind: Widget\n"},
		{"empty", raw{Extension: runtime.RawExtension{Raw: []byte("{}")}, Default: &apiextensionsv1.JSON{}}, "extension: {}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, write(t, &test.v)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	for _, test := range []struct {
		v          any
		yaml, json string
	}{
		{math.MinInt64, "-9223372036854775808", "-9223372036854775808"},
		{uint64(math.MaxUint64), "18446744073709551615", "18446744073709551615"},
		{1.0, "1", "1"}, {-0.5, "-0.5", "-0.5"}, {math.Copysign(0, -1), "-0.0", "-0"},
		{1e20, "100000000000000000000", "100000000000000000000"},
		{1e21, "1.0e+21", "1e+21"}, {1.5e-9, "1.5e-9", "1.5e-9"}, {1e-7, "1.0e-7", "1e-7"}, {float32(1e-7), "1.0e-7", "1e-7"},
		{float32(0.1), "0.1", "0.1"}, {math.MaxFloat64, "1.7976931348623157e+308", "1.7976931348623157e+308"},
		{json.Number("1E5"), "1.0e+5", "1E5"}, {json.Number("1.50"), "1.50", "1.50"}, {json.Number(""), "0", "0"}, {json.Number("-0"), "-0.0", "-0"},
		{true, "true", "true"}, {int8(-1), "-1", "-1"}, {uintptr(7), "7", "7"}, {time.Duration(5), "5", "5"},
		{metav1.Duration{Duration: 90 * time.Second}, "1m30s", `"1m30s"`},
	} {
		if got := write(t, test.v); got != test.yaml+"\n" {
			t.Errorf("Append(%v) = %q, want %q", test.v, got, test.yaml)
		}
		if got := writeJSON(t, test.v); got != test.json {
			t.Errorf("AppendJSON(%v) = %q, want %q", test.v, got, test.json)
		}
	}
}
