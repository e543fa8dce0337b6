package policy_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/policy"
)

// invented are the values that operators make up.
var invented = []string{
	"driver", "executor", "connect-server", "main", "true", "false", "Never", "OnFailure", "IfNotPresent", "ClusterFirstWithHostNet",
	"ReadWriteOncePod", "ReadWriteOnce", "/etc/hadoop/conf", "HADOOP_CONF_DIR", "hadoop-configmap-volume", "/etc/spark/conf",
	"SPARK_CONF_DIR", "spark-configmap-volume", "GOOGLE_APPLICATION_CREDENTIALS", "HADOOP_TOKEN_FILE_LOCATION", "keytab-volume",
	// What a node pool of a golden file has from its Kafka.
	"registry/kafka:4.3.1", "A", "b", "daily",
}

// look calls visit for everything that the rules look at, as they see it.
func look(b *millrace.Bundle, visit func(*millrace.Pass)) {
	policy.Production().With(millrace.Rule{ID: "test/pods", Check: visit}).Check(b)
}

// misplaced returns what the fields of a bundle's pods don't lead to, and how
// many pods there are by their owners' kinds.
func misplaced(t *testing.T, b *millrace.Bundle) (wrong []string, seen map[string]int) {
	t.Helper()
	seen = make(map[string]int)
	look(b, func(pass *millrace.Pass) {
		for _, p := range pass.Pods {
			seen[p.Owner.Kind]++
			for _, w := range podtest.Misplaced(t, pass.Object, p, invented...) {
				wrong = append(wrong, p.Owner.String()+" "+p.Role+": "+w)
			}
		}
	})
	return wrong, seen
}

// Every value of every pod of the golden files stands where its field says.
func TestPodsStandWhereTheySay(t *testing.T) {
	var files []string
	for _, noun := range []string{"spark", "workflow", "kafka"} {
		found, err := filepath.Glob(filepath.Join("..", noun, "testdata", "*.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	kinds := make(map[string]int)
	for _, file := range files {
		if filepath.Base(file) == "corpus-findings.yaml" {
			continue
		}
		b, err := millrace.Load(file)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		wrong, seen := misplaced(t, b)
		for _, w := range wrong {
			t.Errorf("%s: %s", file, w)
		}
		for kind, n := range seen {
			kinds[kind] += n
		}
	}
	for _, kind := range []string{"SparkApplication", "Workflow", "WorkflowTemplate", "KafkaNodePool", "Kafka",
		"KafkaConnect", "KafkaMirrorMaker2", "KafkaBridge"} {
		if kinds[kind] == 0 {
			t.Errorf("no pods of %s among %v", kind, kinds)
		}
	}
}

// Rules see the pods of what stands inside of a workflow as the workflow's, and
// those of the whole bundle.
func TestPodsOfABundle(t *testing.T) {
	b, err := millrace.LoadReader("x.yaml", strings.NewReader(`
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: t, namespace: data}
spec:
  entrypoint: a
  templates:
  - name: a
    resource:
      action: create
      manifest: |
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata: {name: "{{workflow.name}}-a"}
        spec:
          sparkVersion: 3.5.1
          driver: {memory: "{{workflow.parameters.memory}}"}
          executor: {instances: 3}
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata: {name: broker, namespace: data, labels: {strimzi.io/cluster: events}}
spec: {replicas: 3, roles: [broker], storage: {type: ephemeral}}
---
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: events, namespace: data}
spec: {kafka: {image: "registry/kafka:4", listeners: []}}
`))
	if err != nil {
		t.Fatal(err)
	}
	var own, all []string
	line := func(p millrace.Pod) string {
		out := []string{p.Owner.String(), p.Role, "in", p.Namespace}
		for _, c := range p.Template.Spec.Containers {
			out = append(out, c.Image)
		}
		return strings.Join(out, " ")
	}
	look(b, func(pass *millrace.Pass) {
		own = append(own, fmt.Sprintf("%T", pass.Object))
		for _, p := range pass.Pods {
			own = append(own, line(p))
		}
		all = nil
		for _, p := range pass.BundlePods {
			all = append(all, line(p))
		}
	})
	want := []string{
		"*v1alpha1.WorkflowTemplate", "WorkflowTemplate data/t a in data",
		"*v1beta2.SparkApplication", "WorkflowTemplate data/t driver in data ", "WorkflowTemplate data/t executor in data ",
		// What a pool has from its Kafka is found in the bundle.
		"*strimziv1.KafkaNodePool", "KafkaNodePool data/broker  in data registry/kafka:4",
		"*strimziv1.Kafka",
	}
	if diff := cmp.Diff(want, own); diff != "" {
		t.Errorf("seen (-want +got):\n%s", diff)
	}
	want = []string{"WorkflowTemplate data/t a in data", "WorkflowTemplate data/t driver in data ", "WorkflowTemplate data/t executor in data ",
		"KafkaNodePool data/broker  in data registry/kafka:4"}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("of the bundle (-want +got):\n%s", diff)
	}
}

// The claims of a StatefulSet stand beside its template.
func TestClaimsOfAStatefulSet(t *testing.T) {
	set := &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: "db", Namespace: "data"}}
	set.Spec.VolumeClaimTemplates = []corev1.PersistentVolumeClaim{{}, {Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: new("ssd")}}}
	b, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{set}})
	if err != nil {
		t.Fatal(err)
	}
	var got []millrace.Reference
	look(b, func(pass *millrace.Pass) {
		for _, p := range pass.Pods {
			got = append(got, p.References()...)
		}
	})
	want := []millrace.Reference{{Kind: "StorageClass", Name: "ssd", Field: "spec.volumeClaimTemplates[1].spec.storageClassName"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
}
