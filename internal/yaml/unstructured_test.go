package yaml_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

func unstructuredTopic() *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"status": map[string]any{"observedGeneration": int64(1)},
		"spec": map[string]any{
			"partitions": int64(24), "config": map[string]any{"retention.ms": int64(604800000), "cleanup.policy": "delete"},
			"null": nil, "empty": map[string]any{}, "list": []any{}, "ratio": 0.5, "nested": map[string]any{"status": "kept", "metadata": map[string]any{"creationTimestamp": nil}},
		},
		"data": "x",
		"metadata": map[string]any{
			"creationTimestamp": nil, "annotations": map[string]any{"b": "1"}, "labels": map[string]any{"a": "1"},
			"finalizers": []any{"f"}, "namespace": "kafka", "name": "orders", "generateName": "o-",
		},
		"kind": "KafkaTopic", "apiVersion": "kafka.strimzi.io/v1",
	}}
}

const topicYAML = `apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata:
  name: orders
  generateName: o-
  namespace: kafka
  labels:
    a: "1"
  annotations:
    b: "1"
  finalizers:
  - f
spec:
  config:
    cleanup.policy: delete
    retention.ms: 604800000
  empty: {}
  list: []
  nested:
    metadata:
      creationTimestamp: null
    status: kept
  "null": null
  partitions: 24
  ratio: 0.5
data: x
`

func TestUnstructured(t *testing.T) {
	topic := unstructuredTopic()
	for name, test := range map[string]struct {
		v    any
		want string
	}{
		"pointer": {topic, topicYAML},
		"value":   {*topic, topicYAML},
		"nil":     {(*unstructured.Unstructured)(nil), "null\n"},
		"zero":    {&unstructured.Unstructured{}, "null\n"},
		"empty":   {&unstructured.Unstructured{Object: map[string]any{"status": "x"}}, "{}\n"},
		"no metadata": {&unstructured.Unstructured{Object: map[string]any{"metadata": nil, "kind": "K", "a": 1, "z": true}},
			"kind: K\nmetadata: null\na: 1\nz: true\n"},
		"in an extension": {struct {
			A runtime.RawExtension `json:"a"`
		}{runtime.RawExtension{Object: &unstructured.Unstructured{Object: map[string]any{
			"status": "kept", "spec": 1, "kind": "K", "metadata": map[string]any{"creationTimestamp": nil}}}}},
			"a:\n  kind: K\n  metadata: {}\n  spec: 1\n  status: kept\n"},
		"list": {&unstructured.UnstructuredList{Object: map[string]any{"kind": "List", "apiVersion": "v1"},
			Items: []unstructured.Unstructured{{Object: map[string]any{"kind": "K", "apiVersion": "v1"}}}},
			"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: K\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := write(t, test.v)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			tree, err := readers["sigs.k8s.io/yaml"](got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tree, readJSON(t, writeJSON(t, test.v))); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
		})
	}
	if diff := cmp.Diff(unstructuredTopic(), topic); diff != "" {
		t.Errorf("the input has changed (-want +got):\n%s", diff)
	}
}

// TestJSONOrder shows that JSON has the order of the manifest.
func TestJSONOrder(t *testing.T) {
	const want = `{"apiVersion":"kafka.strimzi.io/v1","kind":"KafkaTopic","metadata":{"name":"orders","generateName":"o-","namespace":"kafka",` +
		`"labels":{"a":"1"},"annotations":{"b":"1"},"finalizers":["f"]},"spec":{"config":{"cleanup.policy":"delete","retention.ms":604800000},` +
		`"empty":{},"list":[],"nested":{"metadata":{"creationTimestamp":null},"status":"kept"},"null":null,"partitions":24,"ratio":0.5},"data":"x"}`
	if got := writeJSON(t, unstructuredTopic()); got != want {
		t.Errorf("got %s", got)
	}
	const wantTyped = `{"apiVersion":"v1","kind":"Widget","metadata":{"name":"<&>"},"spec":{},"extra":"a\u2028\"\\\n"}`
	got := writeJSON(t, &widget{TypeMeta: typeMeta, ObjectMeta: metav1.ObjectMeta{Name: "<&>"}, Extra: "a\u2028\"\\\n"})
	if got != wantTyped {
		t.Errorf("got %s", got)
	}
}
