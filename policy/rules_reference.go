package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/closest"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

func referenceRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "reference/undeclared", Severity: millrace.Warning,
			Summary: "What objects need by name is in the bundle: service accounts, secrets, config maps, claims, priority and storage classes.",
			Reason:  "Pods that name a thing which isn't there are refused or never start (CreateContainerConfigError, FailedMount), and their owner waits for them.",
			Fix:     "correct the name, add the object, or tell the profile that it is there: Existing(millrace.Ref{...})",
			Source:  "Kubernetes, tasks/debug/debug-application/debug-pods",
			Check:   checkUndeclared,
		},
		{
			ID: "reference/missing-key", Severity: millrace.Error,
			Summary: "The entry of a secret or config map that a pod needs is in there.",
			Reason:  "The container never starts: CreateContainerConfigError, \"couldn't find key\".",
			Fix:     "correct the key, add the entry, or mark the reference optional",
			Source:  "Kubernetes, concepts/configuration/secret, \"Optional Secrets\"",
			Check:   checkMissingKey,
		},
		{
			ID: "reference/namespace", Severity: millrace.Warning,
			Summary: "Where the bundle declares namespaces, its objects are in one of them.",
			Reason:  "The API server refuses objects in a namespace that isn't there; in the wrong one, they find neither their secrets nor their quota.",
			Fix:     "correct the name, add the Namespace, or tell the profile that it is there: Existing(millrace.Ref{...})",
			Source:  "Kubernetes, concepts/overview/working-with-objects/namespaces",
			Check:   checkNamespace,
		},
	}
}

// needsKey is the key for what an object needs.
type needsKey struct{ object millrace.Object }

// referencesOf returns what the object of a pass needs by name.
func referencesOf(pass *millrace.Pass) []millrace.Reference {
	return once(pass, needsKey{pass.Object}, func() []millrace.Reference {
		var out []millrace.Reference
		for _, pod := range pass.Pods {
			out = append(out, pod.References()...)
		}
		return slices.Concat(out, spark.References(pass.Object), kafka.References(pass.Object), workflow.References(pass.Object), builtinReferences(pass.Object))
	})
}

// builtinReferences returns what Kubernetes' own kinds need beside their pods.
func builtinReferences(o millrace.Object) []millrace.Reference {
	var out []millrace.Reference
	add := func(kind, namespace, name, format string, args ...any) {
		if name != "" {
			out = append(out, millrace.Reference{Kind: kind, Namespace: namespace, Name: name, Field: fmt.Sprintf(format, args...)})
		}
	}
	subjects := func(subjects []rbacv1.Subject) {
		for i, s := range subjects {
			// Those of the control plane are no one's to declare.
			if s.Kind == rbacv1.ServiceAccountKind && !byItself("Namespace", s.Namespace) {
				add(s.Kind, s.Namespace, s.Name, "subjects[%d].name", i)
			}
		}
	}
	switch o := o.(type) {
	case *corev1.PersistentVolumeClaim:
		if c := o.Spec.StorageClassName; c != nil {
			add("StorageClass", "", *c, "spec.storageClassName")
		}
	case *corev1.ServiceAccount:
		for i, s := range o.ImagePullSecrets {
			add("Secret", o.Namespace, s.Name, "imagePullSecrets[%d].name", i)
		}
	case *rbacv1.RoleBinding:
		subjects(o.Subjects)
	case *rbacv1.ClusterRoleBinding:
		subjects(o.Subjects)
	case *networkingv1.Ingress:
		for key := range maps.Keys(o.Annotations) {
			if strings.HasPrefix(key, "cert-manager.io/") || key == "kubernetes.io/tls-acme" {
				return nil // cert-manager makes the secrets
			}
		}
		for i, t := range o.Spec.TLS {
			add("Secret", o.Namespace, t.SecretName, "spec.tls[%d].secretName", i)
		}
	}
	return out
}

func checkUndeclared(pass *millrace.Pass) {
	d := declaredIn(pass)
	owner := sceneOf(pass).subject(pass.Object).owner
	for _, r := range referencesOf(pass) {
		ref := millrace.Ref{Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}
		if r.Optional || !r.Known() || byItself(r.Kind, r.Name) || strings.Contains(r.Namespace, "{{") {
			continue
		}
		if _, ok := d.find(r.Kind, r.Namespace, r.Name); ok || !d.first(owner, r) {
			continue
		}
		detail := ref.String() + " is declared nowhere in the bundle"
		if name, ok := d.meant(r.Kind, r.Namespace, r.Name); ok {
			detail += "; did you mean " + name + "?"
		} else if namespace, ok := d.elsewhere(r.Kind, r.Name); ok {
			if meant, ok := d.meant("Namespace", "", r.Namespace); ok && meant == namespace {
				continue // reference/namespace says so of the namespace
			}
			detail += fmt.Sprintf("; there is one in namespace %s, and namespaces don't share them", namespace)
		}
		pass.Report(r.Field, detail)
	}
}

func checkMissingKey(pass *millrace.Pass) {
	d := declaredIn(pass)
	owner := sceneOf(pass).subject(pass.Object).owner
	for _, r := range referencesOf(pass) {
		t, ok := d.find(r.Kind, r.Namespace, r.Name)
		if !ok || r.Key == "" || r.Optional || t.keys == nil || t.keys[r.Key] || !d.first(owner, r) {
			continue
		}
		detail := fmt.Sprintf("%s has no entry %s", millrace.Ref{Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}, r.Key)
		if key, ok := closest.Name(r.Key, maps.Keys(t.keys)); ok {
			detail += "; did you mean " + key + "?"
		}
		field := r.Field
		if ref, ok := strings.CutSuffix(field, "KeyRef.name"); ok {
			field = ref + "KeyRef.key"
		}
		pass.Report(field, detail)
	}
}

type namespacesKey struct{}

// checkNamespace reports each namespace once, with the first object in it.
func checkNamespace(pass *millrace.Pass) {
	missing := once(pass, namespacesKey{}, func() map[string]int {
		d := declaredIn(pass)
		out := make(map[string]int)
		if len(pass.Bundle.OfKind(referredKinds["Namespace"])) == 0 {
			return out // they are declared elsewhere
		}
		for _, o := range sceneOf(pass).subjects {
			if _, ok := d.find("Namespace", "", o.where); !ok && o.where != "" && !byItself("Namespace", o.where) && !strings.Contains(o.where, "{{") {
				out[o.where]++
			}
		}
		return out
	})
	namespace := pass.Object.GetNamespace()
	n := missing[namespace]
	if n == 0 {
		return
	}
	delete(missing, namespace)
	detail := fmt.Sprintf("the namespace %s is declared nowhere in the bundle, though others are", namespace)
	if n > 1 {
		detail += fmt.Sprintf("; it holds %d objects", n)
	}
	if name, ok := declaredIn(pass).meant("Namespace", "", namespace); ok {
		detail += "; did you mean " + name + "?"
	}
	pass.Report("metadata.namespace", detail)
}
