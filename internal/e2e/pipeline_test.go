package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

var (
	sparkApplications = schema.GroupVersionResource{Group: "sparkoperator.k8s.io", Version: "v1beta2", Resource: "sparkapplications"}
	workflows         = schema.GroupVersionResource{Group: "argoproj.io", Version: "v1alpha1", Resource: "workflows"}
)

// account is the service account of the workflows here, with the rights that
// package workflow documents.
const account = "argo-workflow-sa"

func allowArgo(t *testing.T, c *e2e.Cluster, namespace string) {
	t.Helper()
	c.Allow(t, namespace, account,
		rbacv1.PolicyRule{APIGroups: []string{"argoproj.io"}, Resources: []string{"workflowtaskresults"}, Verbs: []string{"create", "patch"}},
		rbacv1.PolicyRule{APIGroups: []string{"sparkoperator.k8s.io"}, Resources: []string{"sparkapplications"}, Verbs: []string{"create", "get", "patch", "list", "delete"}})
}

// operator plays the Spark operator for one namespace: it takes every
// application through its states, and notes what it saw.
type operator struct {
	mu sync.Mutex
	// began are the applications in the order in which they were created.
	began []string
	// uids are how often each name was created.
	uids map[string]map[string]bool
	// specs are what was asked for.
	specs map[string]map[string]any
}

// play runs until the test ends. Applications whose name contains a key of
// fates come to that state, with a message; all others are COMPLETED.
func play(t *testing.T, c *e2e.Cluster, namespace string, fates map[string]string) *operator {
	t.Helper()
	client, err := dynamic.NewForConfig(c.Direct())
	if err != nil {
		t.Fatal(err)
	}
	o := &operator{uids: map[string]map[string]bool{}, specs: map[string]map[string]any{}}
	apps := client.Resource(sparkApplications).Namespace(namespace)
	again(t, 300*time.Millisecond, func(ctx context.Context) {
		if list, err := apps.List(ctx, metav1.ListOptions{}); err == nil {
			for i := range list.Items {
				o.step(ctx, apps, &list.Items[i], fates)
			}
		}
	})
	return o
}

// again does something over and over, until the test ends.
func again(t *testing.T, pause time.Duration, do func(context.Context)) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		for ctx.Err() == nil {
			do(ctx)
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
	})
	t.Cleanup(func() {
		cancel()
		done.Wait()
	})
}

// step moves an application one state on.
func (o *operator) step(ctx context.Context, apps dynamic.ResourceInterface, app *unstructured.Unstructured, fates map[string]string) {
	o.note(app)
	state, _, _ := unstructured.NestedString(app.Object, "status", "applicationState", "state")
	next := map[string]string{"": "SUBMITTED", "SUBMITTED": "RUNNING", "RUNNING": "COMPLETED"}[state]
	message := ""
	for part, fate := range fates {
		if next == "COMPLETED" && strings.Contains(app.GetName(), part) {
			next, message, _ = strings.Cut(fate, ": ")
		}
	}
	if next == "" || next == state {
		return
	}
	app.Object["status"] = map[string]any{
		"applicationState": map[string]any{"state": next, "errorMessage": message},
		"driverInfo":       map[string]any{}, "lastSubmissionAttemptTime": nil, "terminationTime": nil,
	}
	// What fails here, such as a conflict, is tried again.
	_, _ = apps.UpdateStatus(ctx, app, metav1.UpdateOptions{})
}

func (o *operator) note(app *unstructured.Unstructured) {
	o.mu.Lock()
	defer o.mu.Unlock()
	name := app.GetName()
	if o.uids[name] == nil {
		o.began = append(o.began, name)
		o.uids[name] = map[string]bool{}
		o.specs[name], _ = app.Object["spec"].(map[string]any)
	}
	o.uids[name][string(app.GetUID())] = true
}

// etl is a job whose application nobody runs for real.
func etl(args ...string) *spark.Job {
	return &spark.Job{
		Image: "company-registry/spark-etl:3.5.1", Version: "3.5.1",
		Main: "local:///opt/spark/jobs/etl.jar", Class: "com.company.etl.Job", Args: args,
		Driver: spark.Driver{ServiceAccount: "spark-executor"},
	}
}

// article is the article's pipeline: two extracts, and a load after both.
func article(namespace, date string) []millrace.Builder {
	parameter := workflow.Parameter{Name: "date"}
	orders := &workflow.Task{Name: "extract-orders", Run: etl("--date=" + parameter.Ref())}
	customers := &workflow.Task{Name: "extract-customers", Run: etl("--date=" + parameter.Ref())}
	load := &workflow.Task{Name: "transform-and-load", Run: etl("--date=" + parameter.Ref()), After: []*workflow.Task{orders, customers}}
	pipeline := &workflow.Template{
		Name: "daily-etl-pipeline", Namespace: namespace, ServiceAccount: account, Parallelism: 5,
		Parameters: []workflow.Parameter{parameter}, Tasks: []*workflow.Task{orders, customers, load},
	}
	return []millrace.Builder{pipeline, &workflow.Run{Template: pipeline, Arguments: map[string]string{"date": date}}}
}

// submit builds and submits, and returns the run with the workflow's name.
func submit(t *testing.T, c *e2e.Cluster, builders ...millrace.Builder) (*cluster.Run, string) {
	t.Helper()
	return submitAs(t, c.Config(), builders...)
}

// submitAs is submit with the rights of a configuration.
func submitAs(t *testing.T, config *rest.Config, builders ...millrace.Builder) (*cluster.Run, string) {
	t.Helper()
	bundle, err := millrace.Build(builders...)
	if err != nil {
		t.Fatal(err)
	}
	client, err := cluster.New(config, cluster.FieldOwner("etl"))
	if err != nil {
		t.Fatal(err)
	}
	run, err := client.Submit(t.Context(), bundle)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range run.Objects() {
		if o.Object.Kind == "Workflow" {
			return run, o.Object.Name
		}
	}
	return run, ""
}

// pipelinePatience is for pipelines whose pods share two cores with a build.
const pipelinePatience = 6 * time.Minute

func wait(t *testing.T, run *cluster.Run) error {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), pipelinePatience, errors.New("the test's patience is over"))
	defer cancel()
	return run.Wait(ctx, cluster.OnEvent(func(e cluster.Event) { t.Log(e) }))
}

// TestPipelines is what needs pods, and Argo's controller.
func TestPipelines(t *testing.T) {
	t.Parallel()
	if !e2e.Pods(t) {
		return
	}
	c := e2e.Start(t, e2e.WithArgo(), e2e.WithSpark(), e2e.WithAudit(e2e.TenantNamespace))
	e2e.ProveBeside(t, "a tenant's job runs with the rights of its accounts", func(t *testing.T) { tenantRuns(t, c) })
	e2e.ProveBeside(t, "images are pulled ahead without a shell in them", func(t *testing.T) { pulledAhead(t, c, c.Namespace(t)) })
	e2e.ProveBeside(t, "a real Spark job completes as a task", func(t *testing.T) { realSpark(t, c) })
	e2e.ProveBeside(t, "the script around spark-submit runs a real Spark job", func(t *testing.T) { nativeSpark(t, c) })
	e2e.ProveBeside(t, "the Spark operator's webhook accepts what is rendered", func(t *testing.T) { webhookChanges(t, c) })
	e2e.ProveBeside(t, "a consumer runs under the restricted profile", func(t *testing.T) { runningConsumer(t, c, c.Namespace(t)) })
	prepareSmall(t, c)
	for name, proof := range map[string]func(*testing.T, *e2e.Cluster){
		"what fails is diagnosed from what the cluster shows":            diagnosed,
		"a schedule starts one run after the other":                      scheduled,
		"the operator makes a Connect server's pod as its template says": connected,
		"a job grows and shrinks, and its metrics are read":              elastic,
	} {
		e2e.ProveBeside(t, name, func(t *testing.T) { proof(t, c) })
	}
	for name, proof := range map[string]func(*testing.T, *e2e.Cluster, string){
		"the article's pipeline runs in order and succeeds": articlePipeline,
		"a failing job fails the wait with its message":     failingJob,
		"a stopped workflow deletes what it created":        stopped,
		"a retried task makes no duplicate":                 retried,
		"no parameter value changes a manifest's structure": hostile,
		"every kind of step runs":                           everyStep,
		"each item of a loop has a job of its own":          eachJob,
		"the derived rights are enough":                     rights,
		"a failing container fails the wait with its error": failingStep,
	} {
		e2e.ProveBeside(t, name, func(t *testing.T) {
			ns := c.Namespace(t)
			allowArgo(t, c, ns)
			defer func() {
				if t.Failed() {
					dump(t, c, ns)
				}
			}()
			proof(t, c, ns)
		})
	}
}

func articlePipeline(t *testing.T, c *e2e.Cluster, ns string) {
	o := play(t, c, ns, nil)
	run, name := submit(t, c, article(ns, "2026-11-23")...)
	if err := wait(t, run); err != nil {
		t.Fatal(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.began) != 3 || o.began[2] != name+"-transform-and-load" {
		t.Errorf("the applications were created as %v", o.began)
	}
	for app, spec := range o.specs {
		if got := fmt.Sprint(spec["arguments"]); got != "[--date=2026-11-23]" {
			t.Errorf("%s has the arguments %s", app, got)
		}
	}
}

func failingJob(t *testing.T, c *e2e.Cluster, ns string) {
	o := play(t, c, ns, map[string]string{"extract-customers": "FAILED: driver container failed with ExitCode: 137, Reason: OOMKilled"})
	run, name := submit(t, c, article(ns, "2026-11-23")...)
	err := wait(t, run)
	failure, ok := errors.AsType[*cluster.Failure](err)
	if !ok {
		t.Fatalf("Wait returned %v, want a *Failure", err)
	}
	if failure.Task != "extract-customers" || !strings.Contains(failure.Message, "OOMKilled") || failure.Resource.Name != name+"-extract-customers" {
		t.Errorf("the failure is %+v", failure)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, app := range o.began {
		if strings.Contains(app, "transform-and-load") {
			t.Errorf("%s was created", app)
		}
	}
}

// stopped stops the workflow as "argo stop" does, while its applications run.
func stopped(t *testing.T, c *e2e.Cluster, ns string) {
	o := play(t, c, ns, map[string]string{"": "RUNNING"})
	run, name := submit(t, c, article(ns, "2026-11-23")...)
	client, err := dynamic.NewForConfig(c.Direct())
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "both extracts run", func() error {
		o.mu.Lock()
		defer o.mu.Unlock()
		if len(o.began) < 2 {
			return fmt.Errorf("created are %v", o.began)
		}
		return nil
	})
	stop := []byte(`{"spec":{"shutdown":"Stop"}}`)
	if _, err := client.Resource(workflows).Namespace(ns).Patch(t.Context(), name, "application/merge-patch+json", stop, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := wait(t, run); err == nil {
		t.Error("the wait for a stopped workflow succeeded")
	}
	eventually(t, "the applications are gone", func() error {
		list, err := client.Resource(sparkApplications).Namespace(ns).List(t.Context(), metav1.ListOptions{})
		if err == nil && len(list.Items) > 0 {
			err = fmt.Errorf("%d are there", len(list.Items))
		}
		return err
	})
}

// retried deletes the pod that waits for an application, as a drained node
// would, and wants the next one to take over the same application.
func retried(t *testing.T, c *e2e.Cluster, ns string) {
	fates := map[string]string{"only": "RUNNING"}
	o := play(t, c, ns, fates)
	pipeline := &workflow.Template{
		Name: "retried", Namespace: ns, ServiceAccount: account, Retry: workflow.Retry{Backoff: time.Second},
		Tasks: []*workflow.Task{{Name: "only", Run: etl()}},
	}
	run, name := submit(t, c, pipeline, &workflow.Run{Template: pipeline})
	pods := func() []corev1.Pod {
		list, err := c.Admin().CoreV1().Pods(ns).List(t.Context(), metav1.ListOptions{LabelSelector: "workflows.argoproj.io/workflow=" + name})
		if err != nil {
			t.Fatal(err)
		}
		return list.Items
	}
	eventually(t, "the application is there", func() error {
		o.mu.Lock()
		defer o.mu.Unlock()
		if len(o.began) == 0 {
			return errors.New("none")
		}
		return nil
	})
	first := pods()
	if len(first) != 1 {
		t.Fatalf("there are %d pods", len(first))
	}
	// As a drained node does, with less patience. Zero would have the kubelet
	// forget the pod while Argo's finalizer keeps it in the cluster.
	now := int64(1)
	if err := c.Admin().CoreV1().Pods(ns).Delete(t.Context(), first[0].Name, metav1.DeleteOptions{GracePeriodSeconds: &now}); err != nil {
		t.Fatal(err)
	}
	// If Argo had not seen it run, the next one has the same name.
	eventually(t, "another pod waits", func() error {
		if slices.ContainsFunc(pods(), func(p corev1.Pod) bool { return p.UID != first[0].UID }) {
			return nil
		}
		return errors.New("there is none")
	})
	finish(t, c, ns, name+"-only")
	if err := wait(t, run); err != nil {
		t.Fatal(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.began) != 1 || len(o.uids[name+"-only"]) != 1 {
		t.Errorf("the applications were %v", o.uids)
	}
}

// finish has an application complete.
func finish(t *testing.T, c *e2e.Cluster, ns, name string) {
	t.Helper()
	client, err := dynamic.NewForConfig(c.Direct())
	if err != nil {
		t.Fatal(err)
	}
	patch := []byte(`{"status":{"applicationState":{"state":"COMPLETED","errorMessage":""}}}`)
	if _, err := client.Resource(sparkApplications).Namespace(ns).Patch(t.Context(), name, "application/merge-patch+json", patch, metav1.PatchOptions{}, "status"); err != nil {
		t.Fatal(err)
	}
}

// hostileValues try to break out of the manifest.
var hostileValues = []string{
	`x", "image": "evil`, "x\ny: z", `{{=1+1}}`, `{{workflow.name}}`, `{{workflow.uid}}`, `\", \"a\": \"b`,
	"{{= sprig.env('HOME') }}", "\u2028</script>", `{"a": 1}`, "'", "}}", "{{",
}

func hostile(t *testing.T, c *e2e.Cluster, ns string) {
	o := play(t, c, ns, nil)
	value := workflow.Parameter{Name: "value"}
	pipeline := &workflow.Template{
		Name: "hostile", Namespace: ns, ServiceAccount: account,
		Parameters: []workflow.Parameter{value}, Tasks: []*workflow.Task{{Name: "only", Run: etl("--note=" + value.Ref())}},
	}
	builders := []millrace.Builder{pipeline}
	want := make(map[string]string)
	for i, v := range hostileValues {
		name := fmt.Sprintf("hostile-%d", i)
		builders = append(builders, &workflow.Run{Name: name, Template: pipeline, Arguments: map[string]string{"value": v}})
		want[name+"-only"] = "--note=" + v
	}
	run, _ := submit(t, c, builders...)
	if err := wait(t, run); err != nil {
		t.Fatal(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for name, arg := range want {
		args, _, _ := unstructured.NestedStringSlice(map[string]any{"spec": o.specs[name]}, "spec", "arguments")
		if len(args) != 1 || args[0] != arg {
			t.Errorf("%s has the arguments %q, want %q", name, args, arg)
		}
		if image := o.specs[name]["image"]; image != "company-registry/spark-etl:3.5.1" {
			t.Errorf("%s has the image %v", name, image)
		}
	}
}

// dump logs what a namespace's pods and workflows say, for tests that fail.
func dump(t *testing.T, c *e2e.Cluster, ns string) {
	t.Helper()
	client, err := dynamic.NewForConfig(c.Direct())
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []schema.GroupVersionResource{workflows, {Version: "v1", Resource: "pods"}} {
		list, err := client.Resource(kind).Namespace(ns).List(context.Background(), metav1.ListOptions{})
		if err != nil {
			t.Log(err)
			continue
		}
		for _, u := range list.Items {
			unstructured.RemoveNestedField(u.Object, "metadata", "managedFields")
			unstructured.RemoveNestedField(u.Object, "status", "storedWorkflowTemplateSpec")
			t.Logf("%s %s: metadata %v, status %v", u.GetKind(), u.GetName(), u.Object["metadata"], u.Object["status"])
		}
	}
}

// eventually polls until check returns nil.
func eventually(t *testing.T, what string, check func() error) {
	t.Helper()
	var err error
	for end := time.Now().Add(pipelinePatience); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}
	t.Fatalf("%s: %v", what, err)
}
