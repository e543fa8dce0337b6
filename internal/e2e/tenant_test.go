package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/tenancy"
	"github.com/millrace/millrace/workflow"
)

// laboratory is a tenant with room for one small job, and those who use it.
func laboratory(namespace string) *tenancy.Tenant {
	return &tenancy.Tenant{
		Name: namespace, Platform: &tenancy.Platform{},
		Quota:  tenancy.Quota{Cores: 2, Memory: 4 * millrace.GiB},
		Limits: tenancy.Limits{Max: tenancy.Amount{Memory: 2 * millrace.GiB}},
		Access: tenancy.Access{Submitter: tenancy.Team{Account: "submitter"}, Reader: tenancy.Team{Account: "reader"}},
	}
}

// give makes the tenant's namespace, as an administrator does.
func give(t *testing.T, c *e2e.Cluster, tenant *tenancy.Tenant) {
	t.Helper()
	submit(t, c, tenant.Platform, tenant)
	if t.Failed() {
		t.FailNow()
	}
}

// tenantPi is the distribution's Pi as the tenant runs it: with the accounts and
// the classes that the tenant made.
func tenantPi(tenant *tenancy.Tenant) *spark.Job {
	return &spark.Job{
		Image: e2e.SparkImage, Version: e2e.SparkVersion,
		Main: "local:///opt/spark/examples/src/main/python/pi.py", Args: []string{"2"},
		Driver: spark.Driver{Cores: 1, CoreRequest: "100m", Memory: 512 * millrace.MiB,
			ServiceAccount: tenant.DriverAccount(), PriorityClass: tenant.DriverPriority()},
		Executor: spark.Executor{Cores: 1, CoreRequest: "100m", Memory: 512 * millrace.MiB, Instances: 1, PriorityClass: tenant.ExecutorPriority()},
		Base:     v1beta2.SparkApplicationSpec{Executor: v1beta2.ExecutorSpec{SparkPodSpec: v1beta2.SparkPodSpec{ServiceAccount: new(tenant.ExecutorAccount())}}},
	}
}

// tenantRuns: who may submit to a tenant runs a workflow whose task is a real
// Spark job, with the rights that the tenant gives and no more: nobody is
// refused anything, and nothing is left behind.
func tenantRuns(t *testing.T, c *e2e.Cluster) {
	ns := e2e.TenantNamespace
	tenant := laboratory(ns)
	give(t, c, tenant)
	pipeline := &workflow.Template{Name: "pi", Namespace: ns, ServiceAccount: tenant.WorkflowAccount(),
		Tasks: []*workflow.Task{{Name: "pi", Run: tenantPi(tenant)}}}
	as := c.As(t, ns, tenant.SubmitterAccount())
	run, name := submitAs(t, as, pipeline, &workflow.Run{Template: pipeline})
	tooLarge(t, as, tenant)
	if err := wait(t, run); err != nil {
		dump(t, c, ns)
		t.Log(c.Log("node/spark-controller"))
		t.Fatal(err)
	}
	client, err := kubernetes.NewForConfig(as)
	if err != nil {
		t.Fatal(err)
	}
	log, err := client.CoreV1().Pods(ns).GetLogs(name+"-pi-driver", &corev1.PodLogOptions{}).DoRaw(t.Context())
	if err != nil || !strings.Contains(string(log), "Pi is roughly 3.") || strings.Contains(strings.ToLower(string(log)), "forbidden") {
		t.Errorf("the driver says %s, %v", log, err)
	}
	eventually(t, "the executors are gone, with what was theirs", func() error { return leftovers(t.Context(), c, ns, "spark-role=executor") })
	deleteAs(t, as, workflows, ns, name)
	eventually(t, "all that the job made is gone", func() error { return leftovers(t.Context(), c, ns, "") })
	audited(t, c, ns, tenant)
}

// tooLarge submits a job whose driver is more than the tenant's limits allow, and
// is told so.
func tooLarge(t *testing.T, as *rest.Config, tenant *tenancy.Tenant) {
	t.Helper()
	job := tenantPi(tenant)
	job.Name, job.Namespace = "large", tenant.Name
	job.Driver.Memory, job.Lifecycle.Restart = 3*millrace.GiB, spark.Never
	run, _ := submitAs(t, as, job)
	err := wait(t, run)
	if failure, ok := errors.AsType[*cluster.Failure](err); !ok || !strings.Contains(failure.Message, "maximum memory usage per Container is 2Gi") {
		t.Errorf("Wait returned %v, want a *Failure about the limit", err)
	}
	objects, clientErr := dynamic.NewForConfig(as)
	client, plainErr := kubernetes.NewForConfig(as)
	app, getErr := objects.Resource(sparkApplications).Namespace(tenant.Name).Get(t.Context(), job.Name, metav1.GetOptions{})
	if err := errors.Join(clientErr, plainErr, getErr); err != nil {
		t.Fatal(err)
	}
	if causes := spark.Diagnose(evidence(t, client, app)); len(causes) != 1 || causes[0].ID != "spark/pod-invalid" || !strings.Contains(causes[0].Detail, "LimitRange") {
		t.Errorf("the causes are %v", causes)
	}
	deleteAs(t, as, sparkApplications, tenant.Name, "large")
}

// deleteAs deletes an object, and with it what it made.
func deleteAs(t *testing.T, as *rest.Config, kind schema.GroupVersionResource, ns, name string) {
	t.Helper()
	client, err := dynamic.NewForConfig(as)
	if err != nil {
		t.Fatal(err)
	}
	background := metav1.DeletePropagationBackground
	if err := client.Resource(kind).Namespace(ns).Delete(t.Context(), name, metav1.DeleteOptions{PropagationPolicy: &background}); err != nil {
		t.Fatal(err)
	}
}

// leftovers returns an error that names the pods, config maps, services and
// claims of a namespace, those of everybody aside.
func leftovers(ctx context.Context, c *e2e.Cluster, ns, selector string) error {
	core, opts := c.Admin().CoreV1(), metav1.ListOptions{LabelSelector: selector}
	var left []string
	note := func(kind string, meta metav1.ObjectMeta) {
		if meta.Name != "kube-root-ca.crt" {
			left = append(left, kind+" "+meta.Name)
		}
	}
	pods, err := core.Pods(ns).List(ctx, opts)
	if err != nil {
		return err
	}
	for _, o := range pods.Items {
		note("pod", o.ObjectMeta)
	}
	maps, err := core.ConfigMaps(ns).List(ctx, opts)
	if err != nil {
		return err
	}
	for _, o := range maps.Items {
		note("config map", o.ObjectMeta)
	}
	services, err := core.Services(ns).List(ctx, opts)
	if err != nil {
		return err
	}
	for _, o := range services.Items {
		note("service", o.ObjectMeta)
	}
	if len(left) > 0 {
		return fmt.Errorf("there are %s", strings.Join(left, ", "))
	}
	return nil
}

// driverDoes is what the driver of a job with executors asks of the API server,
// and can't do without.
var driverDoes = []string{"create configmaps", "create pods", "deletecollection configmaps", "deletecollection persistentvolumeclaims",
	"deletecollection pods", "deletecollection services", "get pods", "list pods", "watch pods"}

// audited holds what the tenant's accounts asked of the API server against their
// roles: nothing was refused, and a driver did what its role is for.
func audited(t *testing.T, c *e2e.Cluster, ns string, tenant *tenancy.Tenant) {
	t.Helper()
	for role, account := range map[string]string{
		"tenant-driver": tenant.DriverAccount(), "tenant-workflow": tenant.WorkflowAccount(), "tenant-submitter": tenant.SubmitterAccount(),
	} {
		granted, used := rightsOf(t, c, ns, role), map[string]int{}
		for _, r := range c.Asked(t, ns, account) {
			right := r.Verb + " " + r.Resource
			// kubectl in Argo's executor asks whether the namespace is there when an
			// object isn't, and goes on without an answer.
			if used[right]++; r.Code == http.StatusForbidden && right != "get namespaces" {
				t.Errorf("%s: %s %s is refused", account, right, r.Name)
			}
			delete(granted, right)
		}
		t.Logf("%s did %v, and not %v", account, used, slices.Sorted(maps.Keys(granted)))
		for _, right := range driverDoes {
			if account == tenant.DriverAccount() && used[right] == 0 {
				t.Errorf("the driver didn't %s", right)
			}
		}
	}
	if asked := c.Asked(t, ns, tenant.ExecutorAccount()); len(asked) > 0 {
		t.Errorf("executors asked for %v", asked)
	}
}

// rightsOf returns what a role grants, as "verb resource".
func rightsOf(t *testing.T, c *e2e.Cluster, ns, name string) map[string]rbacv1.PolicyRule {
	t.Helper()
	role, err := c.Admin().RbacV1().Roles(ns).Get(t.Context(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]rbacv1.PolicyRule{}
	for _, rule := range role.Rules {
		for _, verb := range rule.Verbs {
			for _, resource := range rule.Resources {
				out[verb+" "+resource] = rule
			}
		}
	}
	return out
}
