package e2e_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
// submits it, and driver and executor are pods with a JVM each. It is the one
// in Python, as PyPI's package lacks the jar with the one in Scala.
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

// nativeSpark runs the script that the target Submit renders: spark-submit
// itself makes the driver of our pod template, which makes the executors of
// theirs.
func nativeSpark(t *testing.T, c *e2e.Cluster) {
	ns := e2e.SparkNamespace
	c.Allow(t, ns, "spark-native", rbacv1.PolicyRule{APIGroups: []string{""},
		Resources: []string{"pods", "services", "configmaps", "persistentvolumeclaims"}, Verbs: []string{"*"}})
	bundle, err := millrace.Build(&spark.Job{
		Name: "native-pi", Namespace: ns, Image: e2e.SparkImage, Version: e2e.SparkVersion,
		Main: "local:///opt/spark/examples/src/main/python/pi.py", Args: []string{"2"},
		Driver: spark.Driver{Cores: 1, CoreRequest: "100m", Memory: 512 * millrace.MiB, ServiceAccount: "spark-native",
			Env: []corev1.EnvVar{{Name: "MARK", Value: "it's $HOME"}}},
		Executor: spark.Executor{Cores: 1, CoreRequest: "100m", Memory: 512 * millrace.MiB, Instances: 1},
		Conf:     map[string]string{"spark.kubernetes.executor.deleteOnTermination": "false"},
		Target:   spark.Submit{Master: "k8s://" + c.Direct().Host},
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := millrace.WriteDir(dir, bundle); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), pipelinePatience)
	defer cancel()
	said, err := c.SparkSubmit(ctx, filepath.Join(dir, "scripts", "native-pi.sh"))
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	pods, err := c.Admin().CoreV1().Pods(ns).List(ctx, metav1.ListOptions{LabelSelector: "spark-app-name=native-pi,spark-role=driver"})
	if err != nil || len(pods.Items) != 1 {
		t.Fatalf("%v, drivers: %v", err, pods)
	}
	// Executors have the name that the program gives itself.
	pods, err = c.Admin().CoreV1().Pods(ns).List(ctx, metav1.ListOptions{LabelSelector: "spark-app-selector=" + pods.Items[0].Labels["spark-app-selector"]})
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string]corev1.Pod{}
	for _, p := range pods.Items {
		roles[p.Labels["spark-role"]] = p
	}
	driver, executor := roles["driver"], roles["executor"]
	log, err := c.Admin().CoreV1().Pods(ns).GetLogs(driver.Name, &corev1.PodLogOptions{}).DoRaw(ctx)
	if err != nil || !strings.Contains(string(log), "Pi is roughly 3.1") {
		t.Errorf("the driver says %s, %v", log, err)
	}
	for role, p := range map[string]corev1.Pod{"driver": driver, "executor": executor} {
		if p.Name == "" {
			t.Errorf("no %s among %d pods", role, len(pods.Items))
			continue
		}
		if p.Annotations[millrace.DoNotDisrupt] != "true" || p.Spec.SecurityContext.RunAsUser == nil {
			t.Errorf("the %s is not of its template: %v, %v", role, p.Annotations, p.Spec.SecurityContext)
		}
		// 512 MiB and Spark's 384 at the least; 40% of a heap of 512 is less.
		if got := p.Spec.Containers[0].Resources.Requests.Memory().String(); got != "896Mi" {
			t.Errorf("the %s requests %s", role, got)
		}
	}
	if driver.Name != "" && !slices.ContainsFunc(driver.Spec.Containers[0].Env, func(e corev1.EnvVar) bool { return e.Name == "MARK" && e.Value == "it's $HOME" }) {
		t.Errorf("the driver's environment: %v", driver.Spec.Containers[0].Env)
	}
}

// webhookChanges: the operator's webhook accepts what is rendered and leaves it
// as it is.
func webhookChanges(t *testing.T, c *e2e.Cluster) {
	r := newRaw(t, c.Config())
	count := 0
	for _, file := range rendered(t) {
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
			count++
			if diff := cmp.Diff(pruned(sent.Object["spec"]), pruned(got.Object["spec"])); diff != "" {
				t.Errorf("%s: what was sent (-), and what the server has (+):\n%s", filepath.Base(file), diff)
			}
		}
	}
	if count < 6 {
		t.Errorf("only %d applications", count)
	}
}

// pruned is a value without what says nothing: the webhook reads and writes
// Go structs, which leaves empty objects and nulls behind.
func pruned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			if x = pruned(x); x != nil {
				out[k] = x
			}
		}
		if len(out) > 0 {
			return out
		}
		return nil
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = pruned(x)
		}
		return out
	}
	return v
}
