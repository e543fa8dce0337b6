package yaml_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/conversion"
	"k8s.io/apimachinery/pkg/runtime"
	sigs "sigs.k8s.io/yaml"
)

// TestCorpus holds the hand-made objects against sigs.k8s.io/yaml.
func TestCorpus(t *testing.T) {
	for name, v := range corpus() {
		t.Run(name, func(t *testing.T) { checkObject(t, v.(runtime.Object)) })
	}
}

// TestRandomObjects holds randomly filled objects against sigs.k8s.io/yaml.
func TestRandomObjects(t *testing.T) {
	objects := []runtime.Object{
		&v1beta2.SparkApplication{}, &v1beta2.ScheduledSparkApplication{},
		&wfv1.Workflow{}, &wfv1.WorkflowTemplate{}, &wfv1.CronWorkflow{},
		&corev1.Pod{}, &corev1.Secret{}, &corev1.ConfigMap{}, &corev1.Service{}, &corev1.ResourceQuota{},
		&appsv1.Deployment{}, &appsv1.StatefulSet{}, &appsv1.ControllerRevision{},
		&batchv1.CronJob{}, &networkingv1.NetworkPolicy{}, &networkingv1.Ingress{},
		&apiextensionsv1.CustomResourceDefinition{},
	}
	rounds := 12
	if testing.Short() {
		rounds = 2
	}
	for _, o := range objects {
		typ := reflect.TypeOf(o).Elem()
		t.Run(typ.Name(), func(t *testing.T) {
			for seed := range rounds {
				v := reflect.New(typ).Interface().(runtime.Object)
				filler(int64(seed)).Fill(v)
				checkObject(t, v)
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

// semantic compares objects as Kubernetes does, and raw JSON by what it says.
var semantic = func() conversion.Equalities {
	e := equality.Semantic.Copy()
	if err := e.AddFuncs(
		func(a, b json.RawMessage) bool { return sameJSON(a, b) },
		func(a, b runtime.RawExtension) bool { return sameJSON(a.Raw, b.Raw) },
		func(a, b apiextensionsv1.JSON) bool { return sameJSON(a.Raw, b.Raw) },
	); err != nil {
		panic(err)
	}
	return e
}()

func sameJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return bytes.Equal(a, b)
	}
	return cmp.Equal(x, y)
}

// checkObject checks that what the writer makes of v reads as what
// sigs.k8s.io/yaml makes of it, pruned, and decodes to v without its status.
func checkObject(t *testing.T, v runtime.Object) {
	t.Helper()
	before := v.DeepCopyObject()
	doc := write(t, v)
	if !semantic.DeepEqual(before, v) {
		t.Fatal("Append changes its input")
	}
	// sigs.k8s.io/yaml writes what it reads from this JSON; it fails on control
	// characters and changes line separators, so the JSON is the reference.
	reference, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	want := canonicalTree(v, readJSON(t, string(reference)))
	for name, read := range readers {
		got, err := read(doc)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, doc)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s reads something else (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(want, readJSON(t, writeJSON(t, v))); diff != "" {
		t.Errorf("AppendJSON differs (-want +got):\n%s", diff)
	}

	decoded := reflect.New(reflect.TypeOf(v).Elem()).Interface().(runtime.Object)
	if err := sigs.UnmarshalStrict([]byte(doc), decoded); err != nil {
		t.Fatalf("strict decoding: %v\n%s", err, doc)
	}
	if status := reflect.ValueOf(before).Elem().FieldByName("Status"); status.IsValid() {
		status.SetZero()
	}
	if !semantic.DeepEqual(before, decoded) {
		t.Errorf("decodes to something else (-want +got):\n%s", cmp.Diff(before, decoded))
	}
}
