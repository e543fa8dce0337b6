package strimziv1_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/crdgen/crdgentest"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// kinds returns an empty object of every kind.
func kinds() []runtime.Object {
	return []runtime.Object{
		&strimziv1.Kafka{}, &strimziv1.KafkaNodePool{}, &strimziv1.KafkaTopic{}, &strimziv1.KafkaUser{},
		&strimziv1.KafkaConnect{}, &strimziv1.KafkaConnector{}, &strimziv1.KafkaMirrorMaker2{},
		&strimziv1.KafkaBridge{}, &strimziv1.KafkaRebalance{}, &strimziv1.StrimziPodSet{},
	}
}

// The zero values that strimzi-go v0.10.0 loses, each against a default of
// Strimzi that is not zero.
func TestZeroValuesThatMatter(t *testing.T) {
	tests := []struct {
		name string
		in   any
		want string
	}{
		{
			"scale a pool to zero", strimziv1.KafkaNodePoolSpec{Replicas: 0, Roles: []strimziv1.ProcessRole{"broker"}, Storage: strimziv1.Storage{Type: "ephemeral"}},
			`{"replicas":0,"storage":{"type":"ephemeral"},"roles":["broker"]}`,
		},
		{
			"scale Connect to zero", strimziv1.KafkaConnectSpec{},
			`{"replicas":0,"bootstrapServers":"","groupId":"","configStorageTopic":"","statusStorageTopic":"","offsetStorageTopic":""}`,
		},
		{
			"scale MirrorMaker to zero", strimziv1.KafkaMirrorMaker2Spec{Mirrors: []strimziv1.KafkaMirrorMaker2MirrorSpec{}},
			`{"replicas":0,"target":{"alias":"","bootstrapServers":"","groupId":"","configStorageTopic":"","statusStorageTopic":"","offsetStorageTopic":""},"mirrors":[]}`,
		},
		{"scale the bridge to zero", strimziv1.KafkaBridgeSpec{BootstrapServers: "b:9092"}, `{"replicas":0,"bootstrapServers":"b:9092"}`},
		{
			"an own certificate authority", strimziv1.CertificateAuthority{GenerateCertificateAuthority: new(false), GenerateSecretOwnerReference: new(false)},
			`{"generateCertificateAuthority":false,"generateSecretOwnerReference":false}`,
		},
		{"a certificate authority left alone", strimziv1.CertificateAuthority{}, `{}`},
		{"a probe without delay", strimziv1.Probe{InitialDelaySeconds: new(int64(0))}, `{"initialDelaySeconds":0}`},
		{
			"a disruption budget with metadata only", strimziv1.PodDisruptionBudgetTemplate{Metadata: &strimziv1.MetadataTemplate{Labels: map[string]string{"a": "b"}}},
			`{"metadata":{"labels":{"a":"b"}}}`,
		},
		{"a disruption budget of zero", strimziv1.PodDisruptionBudgetTemplate{MaxUnavailable: new(int64(0))}, `{"maxUnavailable":0}`},
		{"no automatic restart", strimziv1.AutoRestart{Enabled: new(false)}, `{"enabled":false}`},
		{"no consumer endpoint", strimziv1.KafkaBridgeConsumerSpec{Enabled: new(false)}, `{"enabled":false}`},
		{"no producer endpoint", strimziv1.KafkaBridgeProducerSpec{Enabled: new(false)}, `{"enabled":false}`},
		{"a volume without id", strimziv1.StorageVolume{Type: "persistent-claim", Size: new("1Gi")}, `{"type":"persistent-claim","size":"1Gi"}`},
		{"a volume of id 0", strimziv1.StorageVolume{ID: new(int64(0)), Type: "ephemeral"}, `{"id":0,"type":"ephemeral"}`},
		{"no grace period", strimziv1.StatefulPodTemplate{TerminationGracePeriodSeconds: new(int64(0))}, `{"terminationGracePeriodSeconds":0}`},
		{"no grace period for the rest", strimziv1.PodTemplate{TerminationGracePeriodSeconds: new(int64(0))}, `{"terminationGracePeriodSeconds":0}`},
		{"an operator without settings", strimziv1.EntityOperatorSpec{TopicOperator: &strimziv1.EntityTopicOperatorSpec{}}, `{"topicOperator":{}}`},
		{"an empty string", strimziv1.ContainerEnvVar{Name: new("A"), Value: new("")}, `{"name":"A","value":""}`},
		{"an empty list", strimziv1.KafkaRebalanceSpec{Goals: []string{}}, `{"goals":[]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { crdgentest.Writes(t, tt.in, tt.want) })
	}
}

// The same, for every optional field of every type.
func TestEveryZeroValue(t *testing.T) {
	if n := crdgentest.Zeros(t, kinds()...); n < 450 {
		t.Errorf("only %d fields checked", n)
	}
}

func TestDeepCopy(t *testing.T) {
	crdgentest.DeepCopies(t, 20, kinds()...)
	crdgentest.DeepCopies(t, 5, &strimziv1.KafkaList{}, &strimziv1.KafkaTopicList{}, &strimziv1.StrimziPodSetList{})
}

func TestAddToScheme(t *testing.T) {
	s := runtime.NewScheme()
	if err := strimziv1.AddToScheme(s); err != nil {
		t.Fatal(err)
	}
	for _, o := range kinds() {
		name := reflect.TypeOf(o).Elem().Name()
		want := strimziv1.GroupVersion.WithKind(name)
		if name == "StrimziPodSet" {
			want = schema.GroupVersionKind{Group: "core.strimzi.io", Version: "v1", Kind: name}
		}
		got, _, err := s.ObjectKinds(o)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]schema.GroupVersionKind{want}, got); diff != "" {
			t.Error(diff)
		}
		want.Kind += "List"
		if !s.Recognizes(want) {
			t.Errorf("%s is not registered", want)
		}
	}
}

// The converter that server-side apply and fake clients use keeps what JSON
// keeps.
func TestUnstructuredConversion(t *testing.T) {
	in := &strimziv1.Kafka{
		TypeMeta:   metav1.TypeMeta{APIVersion: strimziv1.GroupVersion.String(), Kind: "Kafka"},
		ObjectMeta: metav1.ObjectMeta{Name: "c"},
		Spec: strimziv1.KafkaSpec{
			Kafka: strimziv1.KafkaClusterSpec{
				Listeners: []strimziv1.Listener{{Name: "tls", Port: 9093, Type: strimziv1.ListenerTypeInternal, TLS: true}},
				Config:    strimziv1.JSONMap{"num.partitions": int64(3), "ratio": 0.5, "on": false, "list": []any{"a", int64(1)}},
			},
			ClusterCA:              &strimziv1.CertificateAuthority{GenerateCertificateAuthority: new(false)},
			MaintenanceTimeWindows: []string{},
		},
	}
	got, err := runtime.DefaultUnstructuredConverter.ToUnstructured(in)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"apiVersion": "kafka.strimzi.io/v1",
		"kind":       "Kafka",
		"metadata":   map[string]any{"name": "c"},
		"spec": map[string]any{
			"kafka": map[string]any{
				"listeners": []any{map[string]any{"name": "tls", "port": int64(9093), "type": "internal", "tls": true}},
				"config":    map[string]any{"num.partitions": int64(3), "ratio": 0.5, "on": false, "list": []any{"a", int64(1)}},
			},
			"clusterCa":              map[string]any{"generateCertificateAuthority": false},
			"maintenanceTimeWindows": []any{},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	back := &strimziv1.Kafka{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation((&unstructured.Unstructured{Object: got}).Object, back, true); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, back); diff != "" {
		t.Errorf("round trip: %s", diff)
	}
}

func TestJSONMapNumbers(t *testing.T) {
	var m strimziv1.JSONMap
	if err := sigsyaml.UnmarshalStrict([]byte(`{i: 9223372036854775807, f: 0.5, "n": null, deep: [{i: 12345678901}]}`), &m); err != nil {
		t.Fatal(err)
	}
	want := strimziv1.JSONMap{"i": int64(9223372036854775807), "f": 0.5, "n": nil, "deep": []any{map[string]any{"i": int64(12345678901)}}}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(data), `{"deep":[{"i":12345678901}],"f":0.5,"i":9223372036854775807,"n":null}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestJSONMapUnmarshal(t *testing.T) {
	m := strimziv1.JSONMap{"old": 1}
	if err := json.Unmarshal([]byte(`{"new":1}`), &m); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strimziv1.JSONMap{"new": int64(1)}, m); diff != "" {
		t.Errorf("an earlier value stayed: %s", diff)
	}
	if err := json.Unmarshal([]byte("null"), &m); err != nil || m != nil {
		t.Errorf("null gives %v, %v", m, err)
	}
	for _, bad := range []string{"[]", `"a"`, "1"} {
		if err := json.Unmarshal([]byte(bad), &m); err == nil {
			t.Errorf("%s is no object, yet there is no error", bad)
		}
	}
}

// strimzi-go's copy is shallow, and runtime.DeepCopyJSON panics on an int.
func TestJSONMapDeepCopy(t *testing.T) {
	m := strimziv1.JSONMap{
		"int":     1,
		"strings": []string{"a"},
		"list":    []any{map[string]any{"x": "y"}},
		"map":     map[string]any{"deep": map[string]any{"x": "y"}},
		"typed":   strimziv1.JSONMap{"x": "y"},
		"pointer": new("p"),
		"nothing": nil,
		"nilMap":  map[string]any(nil),
	}
	c := m.DeepCopy()
	if diff := cmp.Diff(m, c); diff != "" {
		t.Fatal(diff)
	}
	c["int"] = 2
	c["strings"].([]string)[0] = "changed"
	c["list"].([]any)[0].(map[string]any)["x"] = "changed"
	c["map"].(map[string]any)["deep"].(map[string]any)["x"] = "changed"
	c["typed"].(strimziv1.JSONMap)["x"] = "changed"
	*c["pointer"].(*string) = "changed"
	want := strimziv1.JSONMap{
		"int":     1,
		"strings": []string{"a"},
		"list":    []any{map[string]any{"x": "y"}},
		"map":     map[string]any{"deep": map[string]any{"x": "y"}},
		"typed":   strimziv1.JSONMap{"x": "y"},
		"pointer": new("p"),
		"nothing": nil,
		"nilMap":  map[string]any(nil),
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("the original changed: %s", diff)
	}
	if got := strimziv1.JSONMap(nil).DeepCopy(); got != nil {
		t.Errorf("the copy of nil is %v", got)
	}
	if got := (strimziv1.JSONMap{}).DeepCopy(); got == nil {
		t.Error("the copy of an empty map is nil")
	}
}

// What Strimzi's schema calls a Kubernetes structure is one.
func TestKubernetesTypes(t *testing.T) {
	pod := strimziv1.StatefulPodTemplate{
		Affinity:    &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{}},
		Tolerations: []corev1.Toleration{{Key: "dedicated", Operator: corev1.TolerationOpExists}},
		DNSPolicy:   corev1.DNSClusterFirst,
		Volumes:     []strimziv1.AdditionalVolume{{Name: new("v"), EmptyDir: &corev1.EmptyDirVolumeSource{}}},
	}
	got, err := json.Marshal(pod)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"affinity":{"nodeAffinity":{}},"tolerations":[{"key":"dedicated","operator":"Exists"}],"dnsPolicy":"ClusterFirst","volumes":[{"name":"v","emptyDir":{}}]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func FuzzJSONMap(f *testing.F) {
	for _, seed := range []string{`{}`, `null`, `{"a":1,"b":[1.5,"x",null,{"c":true}]}`, `{"a":1e400}`, `{"a":18446744073709551616}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m strimziv1.JSONMap
		if err := m.UnmarshalJSON(data); err != nil {
			return
		}
		c := m.DeepCopy()
		if !reflect.DeepEqual(m, c) {
			t.Errorf("the copy differs: %s", cmp.Diff(m, c))
		}
		out, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var back strimziv1.JSONMap
		if err := back.UnmarshalJSON(out); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(out) {
			t.Errorf("%s became %s, %v", out, again, err)
		}
	})
}

func TestDocCommentNamesEveryKind(t *testing.T) {
	for _, o := range kinds() {
		name := reflect.TypeOf(o).Elem().Name()
		if !strings.Contains(docComment(t), name) {
			t.Errorf("doc.go does not name %s", name)
		}
	}
}
