package e2e_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

// realSpark runs the distribution's Pi as a task of a workflow: the operator
// submits it, and driver and executor are pods with a JVM each.
func realSpark(t *testing.T, c *e2e.Cluster) {
	ns := e2e.SparkNamespace
	allowArgo(t, c, ns)
	c.Allow(t, ns, "spark", rbacv1.PolicyRule{APIGroups: []string{""},
		Resources: []string{"pods", "services", "configmaps", "persistentvolumeclaims"}, Verbs: []string{"*"}})
	pi := &spark.Job{
		Image: e2e.SparkImage, Version: e2e.SparkVersion,
		Main: "local:///opt/spark/examples/src/main/python/pi.py", Args: []string{"4"},
		Driver:   spark.Driver{Cores: 1, CoreRequest: "100m", Memory: 512 * millrace.MiB, ServiceAccount: "spark"},
		Executor: spark.Executor{Cores: 1, CoreRequest: "100m", Memory: 512 * millrace.MiB, Instances: 1},
	}
	pipeline := &workflow.Template{Name: "pi", Namespace: ns, ServiceAccount: account,
		Tasks: []*workflow.Task{{Name: "pi", Run: pi}}}
	run, name := submit(t, c, pipeline, &workflow.Run{Template: pipeline})
	err := wait(t, run)
	driver := name + "-pi-driver"
	log, logErr := c.Admin().CoreV1().Pods(ns).GetLogs(driver, &corev1.PodLogOptions{}).DoRaw(t.Context())
	if err != nil {
		t.Logf("the driver says %s, %v", log, logErr)
		t.Log(c.Log("node/spark-controller"))
		t.Fatal(err)
	}
	if !strings.Contains(string(log), "Pi is roughly 3.1") {
		t.Errorf("the driver says %s, %v", log, logErr)
	}
	pods, err := c.Admin().CoreV1().Pods(ns).List(t.Context(), metav1.ListOptions{LabelSelector: "spark-role"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pods.Items {
		t.Logf("%s: %s", p.Name, p.Status.Phase)
	}
}

// webhookChanges: the operator's webhook accepts what is rendered, and adds
// nothing but what the operator would take for granted.
func webhookChanges(t *testing.T, c *e2e.Cluster) {
	r := newRaw(t, c.Config())
	files, err := filepath.Glob(filepath.Join("..", "..", "spark", "testdata", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		bundle, err := millrace.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range bundle.Objects() {
			sent, ok := o.(*unstructured.Unstructured)
			if !ok || sent.GroupVersionKind().Group != "sparkoperator.k8s.io" {
				continue
			}
			if err := r.namespace(t.Context(), sent.GetNamespace()); err != nil {
				t.Fatal(err)
			}
			client, err := r.of(sent)
			if err != nil {
				t.Fatal(err)
			}
			got, err := client.Create(t.Context(), sent, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}, FieldValidation: metav1.FieldValidationStrict})
			if err != nil {
				t.Errorf("%s: %v", filepath.Base(file), err)
				continue
			}
			for _, d := range differences("spec", sent.Object["spec"], got.Object["spec"]) {
				t.Errorf("%s: %s", filepath.Base(file), d)
			}
		}
	}
}

// differences lists where two values differ.
func differences(path string, sent, got any) (out []string) {
	s, ok1 := sent.(map[string]any)
	g, ok2 := got.(map[string]any)
	if ok1 && ok2 {
		for k, v := range g {
			out = append(out, differences(path+"."+k, s[k], v)...)
		}
		for k, v := range s {
			if _, there := g[k]; !there {
				out = append(out, differences(path+"."+k, v, nil)...)
			}
		}
		return out
	}
	a, _ := json.Marshal(sent)
	b, _ := json.Marshal(got)
	if string(a) != string(b) {
		out = append(out, fmt.Sprintf("%s: %s became %s", path, a, b))
	}
	return out
}
