package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/e2e"
)

// raw talks to an API server about objects of any kind.
type raw struct {
	dynamic dynamic.Interface
	mapper  meta.ResettableRESTMapper
}

func newRaw(t *testing.T, config *rest.Config) *raw {
	t.Helper()
	d, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	disco, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return &raw{dynamic: d, mapper: restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(disco))}
}

// of returns the client for an object's kind and namespace.
func (r *raw) of(o *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	gvk := o.GroupVersionKind()
	m, err := r.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if err != nil {
		return nil, err
	}
	if m.Scope.Name() == meta.RESTScopeNameRoot {
		return r.dynamic.Resource(m.Resource), nil
	}
	if o.GetNamespace() == "" {
		o.SetNamespace("default")
	}
	return r.dynamic.Resource(m.Resource).Namespace(o.GetNamespace()), nil
}

// namespace makes sure that an object's namespace is there.
func (r *raw) namespace(ctx context.Context, name string) error {
	if name == "" {
		return nil
	}
	ns := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}}}
	_, err := r.dynamic.Resource(schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}).Create(ctx, ns, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

// dryRun returns what the server says to a create with strict validation.
func (r *raw) dryRun(ctx context.Context, o *unstructured.Unstructured) error {
	o = o.DeepCopy()
	client, err := r.of(o)
	if err != nil {
		return err
	}
	_, err = client.Create(ctx, o, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}, FieldValidation: metav1.FieldValidationStrict})
	return err
}

// apply applies an object as Submit does, with strict validation.
func (r *raw) apply(ctx context.Context, o *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	client, err := r.of(o)
	if err != nil {
		return nil, err
	}
	body, err := o.MarshalJSON()
	if err != nil {
		return nil, err
	}
	return client.Patch(ctx, o.GetName(), types.ApplyPatchType, body,
		metav1.PatchOptions{FieldManager: "millrace", FieldValidation: metav1.FieldValidationStrict})
}

// rendered returns where manifests are that the examples and the golden files
// of the tests hold; each path is a world of its own.
func rendered(t *testing.T) []string {
	t.Helper()
	var paths []string
	for _, noun := range []string{"spark", "kafka", "workflow", "nodepool", "nodepool/testdata/gke", "tenancy"} {
		dir := filepath.Join("..", "..", noun)
		if filepath.Base(filepath.Dir(dir)) != "testdata" {
			dir = filepath.Join(dir, "testdata")
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no golden files of %s: %v", noun, err)
		}
		for _, file := range files {
			if !slices.Contains(notRendered, filepath.Base(file)) {
				paths = append(paths, file)
			}
		}
	}
	for _, args := range [][]string{
		{"article"}, {"quickstart"}, {"kafka"}, {"kafka-upgrade", "examples/kafka-upgrade/testdata/article.yaml"},
		{"platform", "-provider=karpenter"}, {"platform", "-provider=gke"},
	} {
		dir := t.TempDir()
		cmd := exec.CommandContext(t.Context(), "go", append([]string{"run", "./examples/" + args[0], "-o", dir}, args[1:]...)...)
		cmd.Dir = filepath.Join("..", "..")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", args, err, out)
		}
		paths = append(paths, dir)
	}
	return paths
}

// notRendered are files beside the golden ones that no builder wrote.
var notRendered = []string{"corpus-findings.yaml", "scattered.yaml"}

// notServed are the groups of kinds that millrace makes and nobody serves here:
// the definitions of Config Connector's are in no module, and eksctl's is no
// kind of an API server.
var notServed = []string{"container.cnrm.cloud.google.com", "eksctl.io"}

// acceptsTwice: the server takes every object with strict validation, and the
// same object again without any change.
func acceptsTwice(t *testing.T, config *rest.Config, paths []string) {
	t.Helper()
	r := newRaw(t, config)
	count, kinds := 0, map[string]int{}
	for _, path := range paths {
		bundle, err := millrace.Load(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, o := range bundle.Objects() {
			u, ok := o.(*unstructured.Unstructured)
			if !ok {
				t.Fatalf("%s: %T", path, o)
			}
			if slices.Contains(notServed, u.GroupVersionKind().Group) {
				continue
			}
			count++
			kinds[u.GetKind()]++
			if err := r.twice(t.Context(), u); err != nil {
				t.Errorf("%s: %s: %v", filepath.Base(path), millrace.RefOf(o), err)
			}
		}
	}
	t.Logf("%d objects of %d files: %v", count, len(paths), kinds)
	for _, kind := range acceptedKinds {
		if kinds[kind] == 0 {
			t.Errorf("there is no %s", kind)
		}
	}
}

// acceptedKinds are what pools and tenants are made of, beside the jobs.
var acceptedKinds = []string{"SparkApplication", "WorkflowTemplate", "Kafka", "Deployment", "NodePool", "EC2NodeClass", "ComputeClass", "DaemonSet",
	"Namespace", "ResourceQuota", "LimitRange", "ServiceAccount", "Role", "RoleBinding", "NetworkPolicy", "PriorityClass", "StorageClass",
	"LocalQueue", "ClusterQueue", "ResourceFlavor", "Queue"}

func (r *raw) twice(ctx context.Context, u *unstructured.Unstructured) error {
	if err := r.namespace(ctx, u.GetNamespace()); err != nil {
		return err
	}
	// Others may live in a namespace already, or will; the account that every
	// namespace has is there.
	home := u.GetKind() == "Namespace" || u.GetKind() == "ServiceAccount" && u.GetName() == "default"
	if err := r.dryRun(ctx, u); err != nil && !(home && apierrors.IsAlreadyExists(err)) {
		return fmt.Errorf("create: %w", err)
	}
	first, err := r.apply(ctx, u)
	if err != nil {
		return fmt.Errorf("apply: %w", err)
	}
	if err := r.applyAgain(ctx, u, first); err != nil || home {
		return err
	}
	client, err := r.of(u)
	if err != nil {
		return err
	}
	return client.Delete(ctx, u.GetName(), metav1.DeleteOptions{})
}

// applyAgain wants an apply to change nothing. Of what the controllers look at
// they write the status meanwhile, and a Deployment's revision: it is applied
// until they have settled, and its spec doesn't change.
func (r *raw) applyAgain(ctx context.Context, u, before *unstructured.Unstructured) error {
	for range 100 {
		after, err := r.apply(ctx, u)
		if err != nil {
			return fmt.Errorf("apply again: %w", err)
		}
		if after.GetResourceVersion() == before.GetResourceVersion() {
			return nil
		}
		if g := after.GetGeneration(); g != before.GetGeneration() || !slices.Contains(controlled, u.GetKind()) {
			return fmt.Errorf("applied twice, the second changed it: generation %d and %d", before.GetGeneration(), g)
		}
		before = after
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("each apply changes it")
}

// controlled are the kinds whose objects a controller writes to here.
var controlled = []string{"Deployment", "DaemonSet", "PodDisruptionBudget", "ResourceQuota"}

// TestControlPlane is what an API server proves by itself, without pods.
func TestControlPlane(t *testing.T) {
	t.Parallel()
	c := e2e.Start(t)
	dirs, err := e2e.AllCRDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wrapped := t.TempDir()
	if err := e2e.WrapComputeClass(wrapped); err != nil {
		t.Fatal(err)
	}
	if err := e2e.InstallCRDs(t.Context(), c.Direct(), append(dirs, wrapped)...); err != nil {
		t.Fatal(err)
	}
	e2e.Prove(t, "what is rendered is accepted, strictly and twice", func(t *testing.T) {
		acceptsTwice(t, c.Config(), rendered(t))
	})
	e2e.Prove(t, "the schema engine says what the API server says", func(t *testing.T) {
		verdicts(t, c.Config())
	})
	e2e.Prove(t, "what a tenant's namespace refuses is what policy reports", func(t *testing.T) { tenantRefuses(t, c) })
	e2e.Prove(t, "a tenant's people may do what their roles say", func(t *testing.T) { tenantRights(t, c) })
	e2e.Prove(t, "pods go to the nodes of their pool alone, and drivers before executors", func(t *testing.T) { placed(t, c, c.Namespace(t)) })
	e2e.Prove(t, "Kafka's objects are submitted and waited for", func(t *testing.T) {
		submitKafka(t, c, c.Namespace(t))
	})
	e2e.Prove(t, "a consumer's pods are made, placed and counted", func(t *testing.T) {
		placedConsumer(t, c, c.Namespace(t))
	})
}
