package cluster_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
)

func TestSubmitOrder(t *testing.T) {
	c := millracetest.NewCluster(t)
	run := submit(t, c.Client(),
		flow, app, topic, settings,
		`{apiVersion: argoproj.io/v1alpha1, kind: CronWorkflow, metadata: {name: c, namespace: data}}`,
		`{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: data}}`,
		`{apiVersion: argoproj.io/v1alpha1, kind: WorkflowTemplate, metadata: {name: t, namespace: data}}`,
		`{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {name: k, namespace: kafka}}`,
		`{apiVersion: kafka.strimzi.io/v1, kind: KafkaNodePool, metadata: {name: p, namespace: kafka}}`,
		`{apiVersion: karpenter.sh/v1, kind: NodePool, metadata: {name: spot}}`,
		`{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: r, namespace: data}}`,
		`{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: data}}`,
		`{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: high}, value: 1}`,
		`{apiVersion: v1, kind: Namespace, metadata: {name: data}}`,
		`{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: data}}`,
	)
	var got []string
	for _, o := range run.Objects() {
		if o.UID == "" {
			t.Errorf("%s has no uid", o.Object)
		}
		got = append(got, string(o.Action)+" "+o.Object.Kind)
	}
	want := []string{"applied Namespace", "applied PriorityClass", "applied ResourceQuota", "applied RoleBinding", "applied ConfigMap",
		"applied NodePool", "applied KafkaNodePool", "applied Kafka", "applied KafkaTopic", "applied WorkflowTemplate", "applied Widget",
		"applied CronWorkflow", "created Workflow", "created SparkApplication", "created Job"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSubmitNothing(t *testing.T) {
	c := millracetest.NewCluster(t).Client()
	if _, err := c.Submit(t.Context(), nil); err == nil {
		t.Error("a nil bundle was submitted")
	}
	files, err := millrace.Build(millrace.Parts{Files: []millrace.File{{Path: "main.tf"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Submit(t.Context(), files); err == nil || !strings.Contains(err.Error(), "no objects (and 1 files") {
		t.Errorf("got %v", err)
	}
	why := errors.New("the operator pressed ^C")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if _, err := c.Submit(ctx, bundle(t, topic)); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}

func TestSkipped(t *testing.T) {
	c := millracetest.NewCluster(t)
	b, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{object(t, settings)}, Files: []millrace.File{{Path: "main.tf", Data: []byte("x")}}})
	if err != nil {
		t.Fatal(err)
	}
	run, err := c.Client().Submit(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if got := run.Skipped(); len(got) != 1 || got[0].Path != "main.tf" {
		t.Errorf("skipped %v", got)
	}
}

// TestSubmitIsMinimal holds what is sent against what was set: a zero struct
// that is sent would become a field that the client owns.
func TestSubmitIsMinimal(t *testing.T) {
	c := millracetest.NewCluster(t)
	var sent []byte
	kube := over(t, c, interceptor.Funcs{Apply: func(ctx context.Context, next client.WithWatch, config runtime.ApplyConfiguration, opts ...client.ApplyOption) error {
		var o client.ApplyOptions
		o.ApplyOptions(opts)
		if o.FieldManager != "etl" || o.Force != nil {
			t.Errorf("field manager is %q, force %v", o.FieldManager, o.Force)
		}
		var err error
		if sent, err = json.Marshal(config); err != nil {
			t.Error(err)
		}
		return next.Apply(ctx, config, opts...)
	}}, cluster.FieldOwner("etl"))
	quota := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "q", Namespace: "data"},
		Spec: corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{"pods": resource.MustParse("10")}}}
	b, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{quota}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kube.Submit(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	want := `{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"q","namespace":"data"},"spec":{"hard":{"pods":"10"}}}`
	if string(sent) != want+"\n" && string(sent) != want {
		t.Errorf("sent %s", sent)
	}
}

func TestCreateIsStrict(t *testing.T) {
	c := millracetest.NewCluster(t)
	kube := over(t, c, interceptor.Funcs{Create: func(ctx context.Context, next client.WithWatch, o client.Object, opts ...client.CreateOption) error {
		var got client.CreateOptions
		got.ApplyOptions(opts)
		if got.FieldValidation != metav1.FieldValidationStrict || got.FieldManager != "millrace" {
			t.Errorf("got %+v", got)
		}
		if len(o.GetAnnotations()[cluster.ContentHash]) != 32 {
			t.Errorf("annotations are %v", o.GetAnnotations())
		}
		return next.Create(ctx, o, opts...)
	}})
	submit(t, kube, app)
}

func TestConflict(t *testing.T) {
	c := millracetest.NewCluster(t)
	other := clientOf(t, c.Kubernetes(), cluster.FieldOwner("helm"))
	submit(t, other, topic)
	changed := strings.Replace(topic, "partitions: 24", "partitions: 48", 1)
	_, err := c.Client().Submit(t.Context(), bundle(t, settings, changed))
	conflict, ok := errors.AsType[*cluster.ConflictError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	want := []cluster.FieldConflict{{Field: ".spec.partitions", Owner: `"helm"`}}
	if diff := cmp.Diff(want, conflict.Fields); diff != "" {
		t.Error(diff)
	}
	if got := err.Error(); got != `apply KafkaTopic kafka/orders: field .spec.partitions belongs to "helm"; leave it out, or submit with ForceOwnership; 1 of 2 objects were submitted before it` {
		t.Error(got)
	}
	if e, ok := errors.AsType[*cluster.Error](err); !ok || e.Op != "apply" || e.Object.Name != "orders" {
		t.Errorf("got %#v", e)
	}
	if _, err := c.Client().Submit(t.Context(), bundle(t, changed), cluster.ForceOwnership); err != nil {
		t.Fatal(err)
	}
	got, _, _ := unstructured.NestedInt64(c.Object(topicKind, "kafka", "orders").Object, "spec", "partitions")
	if got != 48 {
		t.Errorf("it has %d partitions", got)
	}
}

func TestPartial(t *testing.T) {
	c := millracetest.NewCluster(t)
	kube := over(t, c, interceptor.Funcs{Create: func(context.Context, client.WithWatch, client.Object, ...client.CreateOption) error {
		return apierrors.NewBadRequest(`strict decoding error: unknown field "spec.sparkConf.x"`)
	}})
	run, err := kube.Submit(t.Context(), bundle(t, app, topic, flow, settings))
	partial, ok := errors.AsType[*cluster.PartialError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	names := func(refs []millrace.Ref) (out []string) {
		for _, r := range refs {
			out = append(out, r.Kind)
		}
		return out
	}
	if diff := cmp.Diff([]string{"ConfigMap", "KafkaTopic"}, names(partial.Submitted)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"SparkApplication", "Workflow"}, names(partial.Rest)); diff != "" {
		t.Error(diff)
	}
	if len(run.Objects()) != 2 {
		t.Errorf("the run has %v", run.Objects())
	}
	if run, err := kube.Submit(t.Context(), bundle(t, app)); run != nil || err == nil {
		t.Errorf("got %v, %v", run, err)
	} else if _, ok := errors.AsType[*cluster.PartialError](err); ok {
		t.Errorf("nothing was submitted, and yet: %v", err)
	}
}

func TestPreflight(t *testing.T) {
	c := millracetest.NewCluster(t)
	kube := clientOf(t, refuses{c.Kubernetes(), []string{"KafkaTopic", "SparkApplication"}})
	lost := `{apiVersion: v1, kind: ConfigMap, metadata: {name: nowhere}}`
	misplaced := `{apiVersion: v1, kind: Namespace, metadata: {name: misplaced, namespace: data}}`
	_, err := kube.Submit(t.Context(), bundle(t, settings, topic, app, lost, misplaced))
	if err == nil {
		t.Fatal("it was submitted")
	}
	for _, want := range []string{
		"submit KafkaTopic kafka/orders: the cluster does not serve kafka.strimzi.io/v1 KafkaTopic: install its operator first",
		"submit SparkApplication data/etl: the cluster does not serve sparkoperator.k8s.io/v1beta2 SparkApplication",
		"submit ConfigMap nowhere: it has no namespace: set one in its builder, or give the client a cluster.Namespace",
		`submit Namespace data/misplaced: it has the namespace "data", but Namespace is a kind of the whole cluster: leave it out`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in:\n%v", want, err)
		}
	}
	if c.Object(schema.GroupVersionKind{Version: "v1", Kind: "ConfigMap"}, "data", "settings") != nil {
		t.Error("something was submitted all the same")
	}
}

// TestBringsDefinitions submits a kind together with its definition, which
// takes a moment to be served.
func TestBringsDefinitions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		var tries counter
		kube := clientOf(t, refuses{interceptor.NewClient(c.Kubernetes(), interceptor.Funcs{
			Apply: func(ctx context.Context, next client.WithWatch, config runtime.ApplyConfiguration, opts ...client.ApplyOption) error {
				if u, ok := config.(metav1.Object); ok && u.GetName() == "w" && tries.next() < 3 {
					return &meta.NoKindMatchError{}
				}
				return next.Apply(ctx, config, opts...)
			}}), []string{"Widget"}})
		run := submit(t, kube, `{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: data}}`,
			`{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: widgets.example.com}}`)
		if got := run.Objects(); got[0].Object.Kind != "CustomResourceDefinition" || tries.count() != 3 {
			t.Errorf("got %v after %d tries", got, tries.count())
		}
	})
}

func TestNamespace(t *testing.T) {
	c := millracetest.NewCluster(t)
	kube := clientOf(t, c.Kubernetes(), cluster.Namespace("data"))
	run := submit(t, kube, `{apiVersion: v1, kind: ConfigMap, metadata: {name: here}}`, topic, `{apiVersion: v1, kind: Namespace, metadata: {name: data}}`)
	var got []string
	for _, o := range run.Objects() {
		got = append(got, o.Object.String())
	}
	if diff := cmp.Diff([]string{"Namespace data", "ConfigMap data/here", "KafkaTopic kafka/orders"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAttach(t *testing.T) {
	c := millracetest.NewCluster(t)
	first := submit(t, c.Client(), app).Objects()[0]
	second := submit(t, c.Client(), app).Objects()[0]
	if first.Action != cluster.Created || second.Action != cluster.Attached || first.UID != second.UID {
		t.Errorf("got %v, then %v", first, second)
	}

	changed := strings.Replace(app, "mode: cluster", "mode: client", 1)
	_, err := c.Client().Submit(t.Context(), bundle(t, changed))
	e, ok := errors.AsType[*cluster.SpecChangedError](err)
	if !ok || e.Have == "" || e.Want == "" || e.Have == e.Want || e.Object.Name != "etl" {
		t.Errorf("got %v", err)
	}

	if err := c.Kubernetes().Create(t.Context(), object(t, strings.Replace(app, "etl", "by-hand", 1))); err != nil {
		t.Fatal(err)
	}
	_, err = c.Client().Submit(t.Context(), bundle(t, strings.Replace(app, "etl", "by-hand", 1)))
	if e, ok := errors.AsType[*cluster.SpecChangedError](err); !ok || e.Have != "" || !strings.Contains(err.Error(), "not by millrace") {
		t.Errorf("got %v", err)
	}
}

func TestSubmitAtTheSameTime(t *testing.T) {
	c := millracetest.NewCluster(t)
	b := bundle(t, topic, app)
	var wg sync.WaitGroup
	actions := make(chan cluster.Action, 8)
	for range cap(actions) {
		wg.Go(func() {
			run, err := c.Client().Submit(t.Context(), b)
			if err != nil {
				t.Error(err)
				return
			}
			actions <- run.Objects()[1].Action
		})
	}
	wg.Wait()
	close(actions)
	created := 0
	for a := range actions {
		if a == cluster.Created {
			created++
		}
	}
	if created != 1 {
		t.Errorf("it was created %d times", created)
	}
}

// TestLostAnswer loses the answer of a create that worked: asked again, the
// server might refuse for a quota that the first create has used up.
func TestLostAnswer(t *testing.T) {
	for name, lost := range map[string]error{"EOF": io.EOF, "reset": syscall.ECONNRESET, "503": unavailable, "timeout": apierrors.NewTimeoutError("slow", 1)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := millracetest.NewCluster(t)
				var creates counter
				kube := over(t, c, interceptor.Funcs{Create: func(ctx context.Context, next client.WithWatch, o client.Object, opts ...client.CreateOption) error {
					creates.next()
					if err := next.Create(ctx, o, opts...); err != nil {
						return err
					}
					return lost
				}})
				got := submit(t, kube, app).Objects()[0]
				if got.Action != cluster.Created || got.UID == "" || creates.count() != 1 {
					t.Errorf("got %v after %d creates", got, creates.count())
				}
			})
		})
	}
}

func TestLostRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		var creates counter
		kube := over(t, c, interceptor.Funcs{Create: func(ctx context.Context, next client.WithWatch, o client.Object, opts ...client.CreateOption) error {
			if creates.next() <= 3 {
				return syscall.ECONNREFUSED
			}
			return next.Create(ctx, o, opts...)
		}})
		if got := submit(t, kube, app).Objects()[0]; got.Action != cluster.Created || creates.count() != 4 {
			t.Errorf("got %v after %d creates", got, creates.count())
		}
	})
}

func TestQuotaRace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		var creates counter
		kube := over(t, c, interceptor.Funcs{Create: func(ctx context.Context, next client.WithWatch, o client.Object, opts ...client.CreateOption) error {
			if creates.next() <= 2 {
				return apierrors.NewConflict(schema.GroupResource{Resource: "resourcequotas"}, "compute", errors.New("the object has been modified"))
			}
			return next.Create(ctx, o, opts...)
		}})
		if got := submit(t, kube, app).Objects()[0]; got.Action != cluster.Created || creates.count() != 3 {
			t.Errorf("got %v after %d creates", got, creates.count())
		}
	})
}

func TestRetryBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		var tries counter
		kube := over(t, c, interceptor.Funcs{
			Apply: func(context.Context, client.WithWatch, runtime.ApplyConfiguration, ...client.ApplyOption) error {
				tries.next()
				return unavailable
			}})
		began := time.Now()
		_, err := kube.Submit(t.Context(), bundle(t, topic))
		if took := time.Since(began); !apierrors.IsServiceUnavailable(err) || took < 90*time.Second || took > 2*time.Minute || tries.count() < 10 || tries.count() > 40 {
			t.Errorf("got %v after %v and %d tries", err, took, tries.count())
		}
	})
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		var tries counter
		kube := over(t, c, interceptor.Funcs{
			Apply: func(ctx context.Context, next client.WithWatch, config runtime.ApplyConfiguration, opts ...client.ApplyOption) error {
				if tries.next() == 1 {
					return apierrors.NewTooManyRequests("slow down", 30)
				}
				return next.Apply(ctx, config, opts...)
			}})
		began := time.Now()
		submit(t, kube, topic)
		if took := time.Since(began); took < 30*time.Second {
			t.Errorf("it came back after %v", took)
		}
	})
}

func TestSubmitIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		kube := over(t, c, interceptor.Funcs{Create: func(context.Context, client.WithWatch, client.Object, ...client.CreateOption) error { return io.EOF },
			Get: func(context.Context, client.WithWatch, client.ObjectKey, client.Object, ...client.GetOption) error {
				return io.EOF
			}})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := kube.Submit(ctx, bundle(t, app))
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, io.EOF) || !strings.Contains(err.Error(), "whether it was created is not known") {
			t.Errorf("got %v", err)
		}
	})
}

// TestBeingDeleted submits a run while the one before is on its way out.
func TestBeingDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		old := submit(t, c.Client(), app).Objects()[0]
		u := c.Object(sparkKind, "data", "etl")
		// Patches, as the scripted operator writes the status meanwhile.
		if err := c.Kubernetes().Patch(t.Context(), u, merge(t, []any{"example.com/slow"}, "metadata", "finalizers")); err != nil {
			t.Fatal(err)
		}
		if err := c.Kubernetes().Delete(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(3*time.Second, func() {
			u := c.Object(sparkKind, "data", "etl")
			if err := c.Kubernetes().Patch(context.Background(), u, merge(t, nil, "metadata", "finalizers")); err != nil {
				t.Error(err)
			}
		})
		if got := submit(t, c.Client(), app).Objects()[0]; got.Action != cluster.Created || got.UID == old.UID {
			t.Errorf("got %v, which was %v", got, old)
		}
	})
}

// TestHashIsStable pins the hash: another one would make every run that is
// under way look changed.
func TestHashIsStable(t *testing.T) {
	c := millracetest.NewCluster(t)
	submit(t, c.Client(), app)
	if got := c.Object(sparkKind, "data", "etl").GetAnnotations()[cluster.ContentHash]; got != "0907397922f36eb632bec7090b060309" {
		t.Errorf("the hash is %s", got)
	}
}

// TestTemplatesSettle: a run waits until Argo's controller can have seen a
// template that is new or has changed, and for nothing else.
func TestTemplatesSettle(t *testing.T) {
	const template = `{apiVersion: argoproj.io/v1alpha1, kind: WorkflowTemplate, metadata: {name: t, namespace: data}, spec: {entrypoint: a}}`
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		for _, tc := range []struct {
			name    string
			objects []string
			waits   bool
		}{
			{"a new template", []string{template, flow}, true},
			{"the same again", []string{template, flow}, false},
			{"a changed template", []string{strings.Replace(template, "entrypoint: a", "entrypoint: b", 1), flow}, true},
			{"a template alone", []string{strings.Replace(template, "entrypoint: a", "entrypoint: c", 1)}, false},
			{"a run alone", []string{flow}, false},
		} {
			before := time.Now()
			submit(t, c.Client(), tc.objects...)
			if took := time.Since(before); took >= time.Second != tc.waits {
				t.Errorf("%s: submitting took %s", tc.name, took)
			}
		}
	})
}
