package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/walk"
)

// defaultRepositories is the config map of artifact repositories where the
// workflow doesn't name another.
// Source: Argo Workflows, artifact-repository-ref.
const defaultRepositories = "artifact-repositories"

// References returns what a Workflow, WorkflowTemplate,
// ClusterWorkflowTemplate or CronWorkflow needs by name beside what its Pods
// need: secrets of artifacts and HTTP headers, config maps of parameters and
// locks, and the service accounts that Argo's executor and its clean-up use. It
// returns nothing for other objects.
func References(o millrace.Object) []millrace.Reference {
	s, ok := specOf(o)
	if !ok {
		return nil
	}
	var out []millrace.Reference
	add := func(r millrace.Reference) {
		if r.Namespace == "" {
			r.Namespace = s.namespace
		}
		if r.Known() {
			out = append(out, r)
		}
	}
	key := func(c corev1.ConfigMapKeySelector, path string) millrace.Reference {
		return millrace.Reference{Kind: "ConfigMap", Name: c.Name, Key: c.Key, Optional: c.Optional != nil && *c.Optional, Field: path + ".name"}
	}
	var w walk.Walker
	// What is in the pods is told there.
	walk.Skip[corev1.Container](&w)
	walk.Skip[corev1.Volume](&w)
	walk.On(&w, func(path string, c corev1.SecretKeySelector) {
		add(millrace.Reference{Kind: "Secret", Name: c.Name, Key: c.Key, Optional: c.Optional != nil && *c.Optional, Field: path + ".name"})
	})
	walk.On(&w, func(path string, c corev1.ConfigMapKeySelector) { add(key(c, path)) })
	walk.On(&w, func(path string, v wfv1.ValueFrom) {
		if v.ConfigMapKeyRef != nil {
			r := key(*v.ConfigMapKeyRef, path+".configMapKeyRef")
			r.Optional = r.Optional || v.Default != nil
			add(r)
		}
	})
	walk.On(&w, func(path string, v wfv1.Cache) {
		if v.ConfigMap != nil {
			r := key(*v.ConfigMap, path+".configMap")
			r.Key, r.Optional = "", true // Argo makes it
			add(r)
		}
	})
	walk.On(&w, func(path string, v wfv1.SemaphoreRef) {
		if v.ConfigMapKeyRef != nil {
			r := key(*v.ConfigMapKeyRef, path+".configMapKeyRef")
			r.Namespace = v.Namespace
			add(r)
		}
	})
	walk.On(&w, func(path string, v wfv1.ArtifactRepositoryRef) {
		r := millrace.Reference{Kind: "ConfigMap", Name: v.ConfigMap, Key: v.Key, Field: path + ".configMap"}
		if r.Name == "" {
			r.Name = defaultRepositories
		}
		r.Optional = true // it may be in the controller's namespace
		add(r)
	})
	account := func(name, path string) {
		add(millrace.Reference{Kind: "ServiceAccount", Name: name, Field: path + ".serviceAccountName"})
	}
	walk.On(&w, func(path string, v wfv1.ExecutorConfig) { account(v.ServiceAccountName, path) })
	walk.On(&w, func(path string, v wfv1.ArtifactGC) { account(v.ServiceAccountName, path) })
	w.Walk(s.WorkflowSpec, s.path)
	return out
}
