package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/internal/e2e"
)

// TestFaults is the client and an API server that fails. The workflows here
// have no controller: the test writes their status.
func TestFaults(t *testing.T) {
	t.Parallel()
	c := e2e.Start(t)
	crds, err := e2e.ArgoMinimalCRDs.Path(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := e2e.InstallCRDs(t.Context(), c.Direct(), filepath.Join(crds, "argoproj.io_workflows.yaml")); err != nil {
		t.Fatal(err)
	}
	for _, proof := range []struct {
		name string
		f    func(*testing.T, *e2e.Cluster, string)
	}{
		{"a token without list or watch rights can wait", getOnly},
		{"a token without any rights is told so", noRights},
		{"two submitters at once start one run", twoSubmitters},
		{"what a quota counts twice at once is created once", quotaConflicts},
		{"cut connections lose nothing", cutConnections},
		{"a slow network is only slow", slowNetwork},
		{"an object that is deleted during the wait fails it", deletedDuringWait},
		{"an object that is replaced during the wait fails it", replacedDuringWait},
		{"a wait survives an expired watch", expiredWatch},
		{"a wait survives a killed API server", killedServer},
		{"a wait survives the 403 after a restart", forbiddenAfterRestart},
		{"a frozen API server holds nobody beyond a deadline", frozenServer},
		{"a wait survives a minute of refused connections", refusedMinute},
	} {
		e2e.Prove(t, proof.name, func(t *testing.T) { proof.f(t, c, c.Namespace(t)) })
	}
}

// spy counts what an API server said.
type spy struct{ forbidden, expired, quota atomic.Int64 }

func (s *spy) on(config *rest.Config) *rest.Config {
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return tripper(func(r *http.Request) (*http.Response, error) {
			answer, err := next.RoundTrip(r)
			if err == nil {
				if answer.StatusCode == http.StatusForbidden {
					s.forbidden.Add(1)
				}
				answer.Body = &spiedBody{ReadCloser: answer.Body, spy: s}
			}
			return answer, err
		})
	})
	return config
}

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type spiedBody struct {
	io.ReadCloser
	spy *spy
}

func (b *spiedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if bytes.Contains(p[:n], []byte(`"reason":"Expired"`)) || bytes.Contains(p[:n], []byte(`"reason":"Gone"`)) {
		b.spy.expired.Add(1)
	}
	if bytes.Contains(p[:n], []byte("Operation cannot be fulfilled on resourcequotas")) {
		b.spy.quota.Add(1)
	}
	return n, err
}

// oneWorkflow is a bundle that holds a workflow.
func oneWorkflow(t *testing.T, ns, name string) *millrace.Bundle {
	t.Helper()
	w := &wfv1.Workflow{
		TypeMeta:   metav1.TypeMeta{APIVersion: "argoproj.io/v1alpha1", Kind: "Workflow"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: ns},
		Spec:       wfv1.WorkflowSpec{WorkflowTemplateRef: &wfv1.WorkflowTemplateRef{Name: "any"}},
	}
	return build(t, w)
}

func build(t *testing.T, objects ...millrace.Object) *millrace.Bundle {
	t.Helper()
	b, err := millrace.Build(millrace.Parts{Objects: objects})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newClient(t *testing.T, config *rest.Config) *cluster.Client {
	t.Helper()
	client, err := cluster.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// patient is a context for what should take seconds.
func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), 3*time.Minute, errors.New("the test's patience is over"))
	t.Cleanup(cancel)
	return ctx
}

// started submits a workflow as a client and begins to wait for it. The wait
// has seen that it runs.
func started(t *testing.T, c *e2e.Cluster, config *rest.Config, ns string) <-chan error {
	t.Helper()
	run, err := newClient(t, config).Submit(t.Context(), oneWorkflow(t, ns, "run"))
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan cluster.Event, 100)
	done := make(chan error, 1)
	ctx := patient(t)
	go func() { done <- run.Wait(ctx, cluster.OnEvent(func(e cluster.Event) { seen <- e })) }()
	phase(t, c, ns, "Running")
	select {
	case <-seen:
	case err := <-done:
		t.Fatalf("Wait returned %v", err)
	case <-ctx.Done():
		t.Fatal("Wait does not see that the workflow runs")
	}
	return done
}

// phase writes the status of the workflow as its controller would, and keeps
// trying while the server is away.
func phase(t *testing.T, c *e2e.Cluster, ns, value string) {
	t.Helper()
	client, err := dynamic.NewForConfig(c.Direct())
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the phase "+value, func() error {
		patch := fmt.Appendf(nil, `{"status":{"phase":%q}}`, value)
		_, err := client.Resource(workflows).Namespace(ns).Patch(t.Context(), "run", "application/merge-patch+json", patch, metav1.PatchOptions{})
		return err
	})
}

// succeeds ends the workflow, and wants the wait to notice.
func succeeds(t *testing.T, c *e2e.Cluster, ns string, done <-chan error) {
	t.Helper()
	phase(t, c, ns, "Succeeded")
	if err := <-done; err != nil {
		t.Errorf("Wait returned %v", err)
	}
}

func getOnly(t *testing.T, c *e2e.Cluster, ns string) {
	c.Allow(t, ns, "getter", rbacv1.PolicyRule{APIGroups: []string{"argoproj.io"}, Resources: []string{"workflows"}, Verbs: []string{"create", "get"}})
	succeeds(t, c, ns, started(t, c, c.As(t, ns, "getter"), ns))
}

func noRights(t *testing.T, c *e2e.Cluster, ns string) {
	c.Allow(t, ns, "creator", rbacv1.PolicyRule{APIGroups: []string{"argoproj.io"}, Resources: []string{"workflows"}, Verbs: []string{"create"}})
	c.Allow(t, ns, "nobody")
	_, err := newClient(t, c.As(t, ns, "nobody")).Submit(t.Context(), oneWorkflow(t, ns, "run"))
	if e, ok := errors.AsType[*cluster.Error](err); !ok || e.Op != "create" || !apierrors.IsForbidden(err) {
		t.Errorf("Submit returned %v, want a *cluster.Error of op create that is a 403", err)
	}
	run, err := newClient(t, c.As(t, ns, "creator")).Submit(t.Context(), oneWorkflow(t, ns, "run"))
	if err != nil {
		t.Fatal(err)
	}
	err = run.Wait(patient(t))
	if _, ok := errors.AsType[*cluster.Error](err); !ok || !apierrors.IsForbidden(err) {
		t.Errorf("Wait returned %v, want a *cluster.Error that is a 403", err)
	}
}

func twoSubmitters(t *testing.T, c *e2e.Cluster, ns string) {
	const submitters = 8
	bundle := oneWorkflow(t, ns, "run")
	results := make(chan cluster.Submitted, submitters)
	var all sync.WaitGroup
	for range submitters {
		client := newClient(t, c.Config())
		all.Go(func() {
			run, err := client.Submit(t.Context(), bundle)
			if err != nil {
				t.Error(err)
				return
			}
			results <- run.Objects()[0]
		})
	}
	all.Wait()
	close(results)
	created, uids := 0, map[string]bool{}
	for r := range results {
		uids[string(r.UID)] = true
		if r.Action == cluster.Created {
			created++
		}
	}
	if created != 1 || len(uids) != 1 {
		t.Errorf("%d created it, and there are %d", created, len(uids))
	}
	// Another content under the same name is refused.
	changed := oneWorkflow(t, ns, "run")
	changed.Objects()[0].(*wfv1.Workflow).Spec.WorkflowTemplateRef.Name = "other"
	_, err := newClient(t, c.Config()).Submit(t.Context(), build(t, changed.Objects()...))
	if _, ok := errors.AsType[*cluster.SpecChangedError](err); !ok {
		t.Errorf("another content: got %v, want a *SpecChangedError", err)
	}
}

// job is a Job that the cluster takes; no node runs it here.
func job(ns, name string) *batchv1.Job {
	return &batchv1.Job{
		TypeMeta:   metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: ns},
		Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{Name: "main", Image: e2e.ShellImage}}}}},
	}
}

// submitJobs submits n jobs at once, each with a client of its own, and wants
// each to be there exactly once.
func submitJobs(t *testing.T, c *e2e.Cluster, config func() *rest.Config, ns, prefix string, n int) {
	t.Helper()
	ctx := patient(t)
	var all sync.WaitGroup
	for i := range n {
		name := fmt.Sprintf("%s-%d", prefix, i)
		bundle := build(t, job(ns, name))
		client := newClient(t, config())
		all.Go(func() {
			run, err := client.Submit(ctx, bundle)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if a := run.Objects()[0].Action; a != cluster.Created {
				t.Errorf("%s was %s", name, a)
			}
		})
	}
	all.Wait()
	list, err := c.Admin().BatchV1().Jobs(ns).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	there := 0
	for _, j := range list.Items {
		if strings.HasPrefix(j.Name, prefix+"-") {
			there++
		}
	}
	if there != n {
		t.Errorf("%d jobs are there, want %d", there, n)
	}
}

// limitJobs sets a quota, and waits until the API server goes by it.
func limitJobs(t *testing.T, c *e2e.Cluster, ns string, limit int) {
	t.Helper()
	quota := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "jobs"}, Spec: corev1.ResourceQuotaSpec{
		Hard: corev1.ResourceList{"count/jobs.batch": resource.MustParse(fmt.Sprint(limit))}}}
	quotas := c.Admin().CoreV1().ResourceQuotas(ns)
	eventually(t, "the quota", func() error {
		_, err := quotas.Update(t.Context(), quota, metav1.UpdateOptions{})
		if apierrors.IsNotFound(err) {
			_, err = quotas.Create(t.Context(), quota, metav1.CreateOptions{})
		}
		return err
	})
	eventually(t, "the quota counts", func() error {
		q, err := quotas.Get(t.Context(), "jobs", metav1.GetOptions{})
		if err != nil {
			return err
		}
		if hard, ok := q.Status.Hard["count/jobs.batch"]; !ok || hard.Value() != int64(limit) {
			return errors.New("not yet")
		}
		return nil
	})
}

func quotaConflicts(t *testing.T, c *e2e.Cluster, ns string) {
	limitJobs(t, c, ns, 1000)
	// Whoever else writes to the quota at that moment has the API server
	// refuse a create. Here the test does, until that has happened a few
	// times: for ever would be more than any client's patience.
	const enough = 5
	s := new(spy)
	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for i := range 6 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil && s.quota.Load() < enough; n++ {
				patch := fmt.Appendf(nil, `{"metadata":{"annotations":{"writer-%d":"%d"}}}`, i, n)
				_, _ = c.Admin().CoreV1().ResourceQuotas(ns).Patch(ctx, "jobs", types.MergePatchType, patch, metav1.PatchOptions{})
			}
		})
	}
	for round := 0; round < 20 && s.quota.Load() == 0; round++ {
		submitJobs(t, c, func() *rest.Config { return s.on(c.Config()) }, ns, fmt.Sprintf("job-%d", round), 30)
	}
	cancel()
	writers.Wait()
	t.Logf("the API server refused %d creates for a conflict over the quota", s.quota.Load())
	if s.quota.Load() == 0 {
		t.Error("no create was in conflict: the test proves nothing")
	}
	limitJobs(t, c, ns, 0)
	began := time.Now()
	_, err := newClient(t, c.Config()).Submit(t.Context(), build(t, job(ns, "one-too-many")))
	if !apierrors.IsForbidden(err) || time.Since(began) > 30*time.Second {
		t.Errorf("beyond the quota: %v after %v, want a 403 at once", err, time.Since(began))
	}
}

func cutConnections(t *testing.T, c *e2e.Cluster, ns string) {
	stop := make(chan struct{})
	var cutter sync.WaitGroup
	cutter.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(40 * time.Millisecond):
				c.Gate.Cut()
			}
		}
	})
	// The network heals after a while, so that the retries come to an end.
	time.AfterFunc(4*time.Second, func() { close(stop) })
	submitJobs(t, c, c.Config, ns, "job", 20)
	cutter.Wait()
}

func slowNetwork(t *testing.T, c *e2e.Cluster, ns string) {
	c.Gate.Slow(150 * time.Millisecond)
	defer c.Gate.Slow(0)
	succeeds(t, c, ns, started(t, c, c.Config(), ns))
}

func deletedDuringWait(t *testing.T, c *e2e.Cluster, ns string) {
	done := started(t, c, c.Config(), ns)
	remove(t, c, ns)
	fails(t, <-done, cluster.ReasonDeleted)
}

func replacedDuringWait(t *testing.T, c *e2e.Cluster, ns string) {
	done := started(t, c, c.Config(), ns)
	c.Gate.Shut()
	remove(t, c, ns)
	if _, err := newClient(t, c.Direct()).Submit(t.Context(), oneWorkflow(t, ns, "run")); err != nil {
		t.Error(err)
	}
	if err := c.Gate.Open(); err != nil {
		t.Fatal(err)
	}
	fails(t, <-done, cluster.ReasonDeleted, cluster.ReasonReplaced)
}

func remove(t *testing.T, c *e2e.Cluster, ns string) {
	t.Helper()
	client, err := dynamic.NewForConfig(c.Direct())
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Resource(workflows).Namespace(ns).Delete(t.Context(), "run", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
}

func fails(t *testing.T, err error, reasons ...string) {
	t.Helper()
	failure, ok := errors.AsType[*cluster.Failure](err)
	if !ok || !slices.Contains(reasons, failure.Reason) {
		t.Errorf("Wait returned %v, want a *Failure with a reason of %v", err, reasons)
	}
}

// expiredWatch leaves the client behind a closed gate until neither the API
// server nor etcd knows the version that it watches from.
func expiredWatch(t *testing.T, c *e2e.Cluster, ns string) {
	s := new(spy)
	done := started(t, c, s.on(c.Config()), ns)
	c.Gate.Shut()
	for i := range 5 {
		phase(t, c, ns, fmt.Sprintf("Running%d", i))
	}
	c.KillServer()
	c.Compact(t)
	c.StartServer(t)
	phase(t, c, ns, "Running")
	if err := c.Gate.Open(); err != nil {
		t.Fatal(err)
	}
	succeeds(t, c, ns, done)
	if s.expired.Load() == 0 {
		t.Error("the API server expired no watch: the test proves nothing")
	}
}

func killedServer(t *testing.T, c *e2e.Cluster, ns string) {
	done := started(t, c, c.Config(), ns)
	for range 2 {
		c.KillServer()
		time.Sleep(2 * time.Second)
		c.StartServer(t)
	}
	succeeds(t, c, ns, done)
}

// forbiddenAfterRestart has a user with few rights wait while the API server
// restarts: until it has read the roles, it answers 403.
func forbiddenAfterRestart(t *testing.T, c *e2e.Cluster, ns string) {
	c.Allow(t, ns, "user", rbacv1.PolicyRule{APIGroups: []string{"argoproj.io"}, Resources: []string{"workflows"}, Verbs: []string{"create", "get", "list", "watch"}})
	s := new(spy)
	done := started(t, c, s.on(c.As(t, ns, "user")), ns)
	for range 5 {
		c.KillServer()
		c.LaunchServer(t)
		eventually(t, "the API server is ready", c.ServerReady)
		if s.forbidden.Load() > 0 {
			break
		}
	}
	t.Logf("the API server answered 403 %d times", s.forbidden.Load())
	succeeds(t, c, ns, done)
}

func frozenServer(t *testing.T, c *e2e.Cluster, ns string) {
	done := started(t, c, c.Config(), ns)
	other := newClient(t, c.Config())
	run, err := other.Submit(t.Context(), oneWorkflow(t, ns, "run"))
	if err != nil {
		t.Fatal(err)
	}
	c.FreezeServer(t)
	const deadline = 3 * time.Second
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	err = run.Wait(ctx)
	if e, ok := errors.AsType[*cluster.WaitError](err); !ok || len(e.Pending) != 1 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Wait returned %v, want a *WaitError with one pending", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), deadline)
	defer cancel()
	_, err = other.Submit(ctx, oneWorkflow(t, ns, "another"))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Submit returned %v, want the deadline's error", err)
	}
	if took := time.Since(began); took > 3*deadline {
		t.Errorf("two deadlines of %v took %v", deadline, took)
	}
	c.ThawServer(t)
	succeeds(t, c, ns, done)
}

func refusedMinute(t *testing.T, c *e2e.Cluster, ns string) {
	done := started(t, c, c.Config(), ns)
	c.Gate.Shut()
	phase(t, c, ns, "Succeeded")
	select {
	case err := <-done:
		t.Errorf("Wait returned %v", err)
	case <-time.After(time.Minute):
	}
	if err := c.Gate.Open(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("Wait returned %v", err)
	}
}
