package schema_test

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/internal/schema"
)

type word string

type inner struct {
	*other `json:",inline"`

	Name  string `json:"name"` // the outer one counts
	Inner word   `json:"inner"`
}

type other struct {
	Other word `json:"other,omitempty"`
	Name  int  `json:"name"`
}

// gadget has something of everything that kinds are made of.
type gadget struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`

	inner `json:",inline"`

	Self     *gadget              `json:"self"`
	List     []gadget             `json:"list"`
	Map      map[string][]word    `json:"map"`
	Flag     *bool                `json:"flag"`
	Small    int32                `json:"small"`
	Large    *int64               `json:"large"`
	Ratio    float64              `json:"ratio"`
	Bytes    map[string][]byte    `json:"bytes"`
	Time     metav1.Time          `json:"time"`
	Micro    metav1.MicroTime     `json:"micro"`
	Duration *metav1.Duration     `json:"duration"`
	Amounts  map[word]amount      `json:"amounts"`
	Port     intstr.IntOrString   `json:"port"`
	Raw      runtime.RawExtension `json:"raw"`
	Any      any                  `json:"any"`
	Own      own                  `json:"own"`
	Hidden   string               `json:"-"`
	Plain    string
	private  string
	Fields   *metav1.FieldsV1 `json:"fields"`
}

type amount = resource.Quantity

// own decodes itself.
type own struct{ text string }

func (o *own) UnmarshalJSON([]byte) error { return nil }

func gadgets() *schema.Schema {
	return schema.FromGo(schema.GoKind{GVK: schema.GVK{Version: "v1", Kind: "Gadget"}, Type: reflect.TypeFor[gadget]()})
}

func TestFromGo(t *testing.T) {
	_ = gadget{private: "", Own: own{text: ""}}
	for name, test := range map[string]struct {
		obj  string
		want []string
	}{
		"nothing":       {`{}`, nil},
		"null anywhere": {`{"self": null, "list": [null, {"map": {"a": null, "b": [null]}}], "small": null, "time": null, "amounts": {"a": null}, "port": null, "bytes": {"a": null}}`, nil},
		"all of it": {`{"self": {"self": {"name": "a", "inner": "b"}}, "list": [{"other": "c"}], "map": {"a": ["b"]}, "flag": true, "small": 1, "large": 2, "ratio": 0.5,
			"bytes": {"a": "YQ==", "b": [1, 255]}, "time": "2026-01-02T15:04:05Z", "micro": "2026-01-02T15:04:05.000001Z", "duration": "1m",
			"amounts": {"a": "1Gi", "b": 2, "c": 0.5}, "port": "http", "raw": {"a": [1]}, "any": [{"a": 1}], "own": [1], "fields": {"f:a": {}}, "Plain": "x"}`, nil},
		"unknown fields": {`{"Name": 1, "self": {"hidden": 1, "private": "", "Hidden": ""}, "list": [{"lst": []}], "": 1}`,
			[]string{"Name unknown-field", "[] unknown-field", "list[0].lst unknown-field", "self.Hidden unknown-field", "self.hidden unknown-field", "self.private unknown-field"}},
		"wrong types, into which nothing looks": {`{"name": {"x": 1}, "inner": 1, "other": [], "self": "a", "list": {"a": {"b": 1}}, "map": {"a": "b"}, "flag": "true", "small": "1"}`,
			[]string{"flag type", "inner type", "list type", "map[a] type", "name type", "other type", "self type", "small type"}},
		"numbers":  {`{"small": 2147483648, "large": 9223372036854775808, "ratio": "1"}`, []string{"large type", "ratio type", "small format"}},
		"fraction": {`{"small": 1.5}`, []string{"small type"}},
		"forms": {`{"bytes": {"a": "YQ", "b": [256, "x"]}, "time": "today", "micro": "2026-01-02T15:04:05", "duration": "1", "amounts": {"a": "1X", "b": true, "c": {}}, "port": 1.5}`,
			[]string{"amounts[a] format", "amounts[b] type", "amounts[c] type", "bytes[a] format", "bytes[b][0] format", "bytes[b][1] type", "duration format", "micro format", "port type", "time format"}},
		"metadata": {`{"metadata": {"labels": {"a": 1}, "managedFields": [{"operation": 1}], "lables": {}}}`,
			[]string{"metadata.labels[a] type", "metadata.lables unknown-field", "metadata.managedFields[0].operation type", "metadata.name required"}},
	} {
		t.Run(name, func(t *testing.T) {
			obj := object{"apiVersion": "v1", "kind": "Gadget", "metadata": object{"name": "a"}}
			if err := json.Unmarshal([]byte(test.obj), &obj); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append([]string{}, test.want...), check(gadgets(), obj)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A whole float is as good as an integer: in JSON it has no point.
func TestWholeFloats(t *testing.T) {
	obj := object{"apiVersion": "v1", "kind": "Gadget", "metadata": object{"name": "a", "generation": 2.0}, "small": 3.0, "large": 1e18}
	if got := check(gadgets(), obj); len(got) > 0 {
		t.Error(got)
	}
	obj["large"], obj["small"] = 1e19, 3e9
	if diff := cmp.Diff([]string{"large type", "small format"}, check(gadgets(), obj)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What a Go type decodes is told as it decodes it.
func FuzzForms(f *testing.F) {
	for _, s := range []string{"", "YQ==", "YQ=", "Y Q", "YWI=\r\n", "====", "1Gi", " 1 ", "1e3", "1.5Mi", "-0", "2026-01-02T15:04:05Z", "1h30m", "=YQ=", "YW=I", "Y\nQ=\n="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &s); err != nil { // without what is no UTF-8
			t.Fatal(err)
		}
		obj := object{
			"apiVersion": "v1", "kind": "Gadget", "metadata": object{"name": "a"},
			"bytes": object{"a": s}, "time": s, "amounts": object{"a": s}, "duration": s,
		}
		want := []string{}
		if json.Unmarshal(data, new(resource.Quantity)) != nil {
			want = append(want, "amounts[a] format")
		}
		if _, err := base64.StdEncoding.DecodeString(s); err != nil {
			want = append(want, "bytes[a] format")
		}
		if _, err := time.ParseDuration(s); err != nil {
			want = append(want, "duration format")
		}
		if json.Unmarshal(data, new(metav1.Time)) != nil {
			want = append(want, "time format")
		}
		if diff := cmp.Diff(want, check(gadgets(), obj)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", s, diff)
		}
	})
}

func TestNoAllocationsOfGoTypes(t *testing.T) {
	s := gadgets()
	for _, n := range []int{1, 1000} {
		items := list{}
		for range n {
			items = append(items, object{
				"name": "a", "metadata": object{"labels": object{"a": "b"}}, "small": int64(1), "port": "http",
				"bytes": object{"a": "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo="}, "amounts": object{"cpu": "500m", "memory": "2Gi"}, "time": "2026-01-02T15:04:05Z",
			})
		}
		obj := object{"apiVersion": "v1", "kind": "Gadget", "metadata": object{"name": "a"}, "list": items}
		s.Check(obj, func(p schema.Problem) { t.Fatal(p) })
		if got := testing.AllocsPerRun(100, func() { s.Check(obj, func(schema.Problem) {}) }); got > 1 {
			t.Errorf("%d items: %v allocations", n, got)
		}
	}
}
