package e2e_test

import (
	"context"
	"slices"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/millrace/millrace/internal/e2e"
)

// attempt is something that somebody tries. What it is done to isn't there, so
// that nothing happens to whoever may.
type attempt struct {
	verb     string
	resource schema.GroupVersionResource
	kind     string
	sub      []string
}

func core(resource string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Version: "v1", Resource: resource}
}

var attempts = map[string]attempt{
	"see pods":             {"list", core("pods"), "", nil},
	"read a log":           {"get", core("pods"), "", []string{"log"}},
	"see jobs":             {"list", sparkApplications, "", nil},
	"see workflows":        {"list", workflows, "", nil},
	"submit a job":         {"create", sparkApplications, "SparkApplication", nil},
	"delete a job":         {"delete", sparkApplications, "", nil},
	"delete a workflow":    {"delete", workflows, "", nil},
	"write a config map":   {"create", core("configmaps"), "ConfigMap", nil},
	"make a pod":           {"create", core("pods"), "Pod", nil},
	"delete all pods":      {"deletecollection", core("pods"), "", nil},
	"log into a pod":       {"create", core("pods"), "Pod", []string{"exec"}},
	"debug a pod":          {"patch", core("pods"), "", []string{"ephemeralcontainers"}},
	"read a secret":        {"get", core("secrets"), "", nil},
	"list secrets":         {"list", core("secrets"), "", nil},
	"get a token":          {"create", core("serviceaccounts"), "ServiceAccount", []string{"token"}},
	"raise the quota":      {"patch", core("resourcequotas"), "", nil},
	"drop the limits":      {"delete", core("limitranges"), "", nil},
	"drop a policy":        {"delete", schema.GroupVersionResource{Group: "networking.k8s.io", Version: "v1", Resource: "networkpolicies"}, "", nil},
	"change a role":        {"patch", schema.GroupVersionResource{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "roles"}, "", nil},
	"bind a role":          {"create", schema.GroupVersionResource{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "rolebindings"}, "RoleBinding", nil},
	"report a task result": {"patch", schema.GroupVersionResource{Group: "argoproj.io", Version: "v1alpha1", Resource: "workflowtaskresults"}, "", nil},
}

var looking = []string{"see pods", "read a log", "see jobs", "see workflows"}

// tenantRights: each of a tenant's accounts may do what is listed for it, and
// nothing else; in another tenant's namespace none of them may do anything.
func tenantRights(t *testing.T, c *e2e.Cluster) {
	tenant := laboratory("roles")
	give(t, c, tenant)
	give(t, c, laboratory("others"))
	for account, may := range map[string][]string{
		tenant.Access.Reader.Account: looking,
		tenant.SubmitterAccount():    slices.Concat(looking, []string{"submit a job", "delete a job", "delete a workflow", "write a config map"}),
		tenant.WorkflowAccount():     {"see jobs", "submit a job", "delete a job", "report a task result"},
		tenant.DriverAccount():       {"see pods", "make a pod", "delete all pods", "write a config map"},
		tenant.ExecutorAccount():     nil,
		"default":                    nil,
	} {
		client, err := dynamic.NewForConfig(c.As(t, tenant.Name, account))
		if err != nil {
			t.Fatal(err)
		}
		for what, a := range attempts {
			err := a.try(t.Context(), client, tenant.Name)
			if may := slices.Contains(may, what); may == apierrors.IsForbidden(err) {
				t.Errorf("%s may %s: %v, and the server says %v", account, what, may, err)
			}
			if err := a.try(t.Context(), client, "others"); !apierrors.IsForbidden(err) {
				t.Errorf("%s may %s elsewhere: the server says %v", account, what, err)
			}
		}
	}
}

// try returns what the server says; "not found" and "invalid" are said to who
// may.
func (a attempt) try(ctx context.Context, all dynamic.Interface, ns string) error {
	const name = "absent"
	client := all.Resource(a.resource).Namespace(ns)
	dry := []string{metav1.DryRunAll}
	var err error
	switch a.verb {
	case "list":
		_, err = client.List(ctx, metav1.ListOptions{})
	case "get":
		_, err = client.Get(ctx, name, metav1.GetOptions{}, a.sub...)
	case "create":
		o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": a.resource.GroupVersion().String(), "kind": a.kind, "metadata": map[string]any{"name": name}}}
		_, err = client.Create(ctx, o, metav1.CreateOptions{DryRun: dry}, a.sub...)
	case "patch":
		_, err = client.Patch(ctx, name, "application/merge-patch+json", []byte(`{}`), metav1.PatchOptions{DryRun: dry}, a.sub...)
	case "delete":
		err = client.Delete(ctx, name, metav1.DeleteOptions{DryRun: dry})
	case "deletecollection":
		err = client.DeleteCollection(ctx, metav1.DeleteOptions{DryRun: dry}, metav1.ListOptions{LabelSelector: "absent"})
	}
	return err
}
