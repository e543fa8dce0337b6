package millrace

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Reference is another object that an object needs by its name: the secret
// behind an environment variable, the claim behind a volume.
//
// Pod.References returns those of a pod; spark.References, kafka.References and
// workflow.References those that their kinds hold outside of pods.
type Reference struct {
	// Kind is Secret, ConfigMap, PersistentVolumeClaim, ServiceAccount,
	// PriorityClass or StorageClass.
	Kind string
	// Namespace is empty for the kinds of the whole cluster, and where the
	// object that refers doesn't say its own.
	Namespace string
	Name      string
	// Key is the one entry of a secret or a config map that is needed; empty
	// where it is the object. Two entries are two references.
	Key string
	// Optional says that it also works without.
	Optional bool
	// Field is where the name stands in the object that refers.
	Field string
}

// Known reports whether the reference names something that can be looked up:
// it is false for an empty name, and for one that a workflow fills in when it
// runs ("{{inputs.parameters.secret}}").
func (r Reference) Known() bool {
	return r.Name != "" && !strings.Contains(r.Name, "{{") && !strings.Contains(r.Key, "{{")
}

// References returns what the pod needs by name, in the order of its template:
// service account, pull secrets, priority class, volumes, environment, and the
// storage classes of its claims. All of them are Known.
func (p Pod) References() []Reference {
	r := references{pod: p}
	spec := &p.Template.Spec
	if spec.ServiceAccountName != "" {
		r.add("ServiceAccount", spec.ServiceAccountName, "", false, "spec.serviceAccountName")
	} else {
		r.add("ServiceAccount", spec.DeprecatedServiceAccount, "", false, "spec.serviceAccount")
	}
	for i, s := range spec.ImagePullSecrets {
		r.add("Secret", s.Name, "", false, fmt.Sprintf("spec.imagePullSecrets[%d].name", i))
	}
	r.add("PriorityClass", spec.PriorityClassName, "", false, "spec.priorityClassName")
	for i := range spec.Volumes {
		if p.claims(spec.Volumes[i].Name) {
			continue // the claim takes its place
		}
		r.volume(fmt.Sprintf("spec.volumes[%d]", i), &spec.Volumes[i])
	}
	for i := range spec.InitContainers {
		r.container(fmt.Sprintf("spec.initContainers[%d]", i), &spec.InitContainers[i])
	}
	for i := range spec.Containers {
		r.container(fmt.Sprintf("spec.containers[%d]", i), &spec.Containers[i])
	}
	for i := range p.Claims {
		r.claim(fmt.Sprintf("claims[%d].spec", i), &p.Claims[i].Spec)
	}
	for i := range p.Shared {
		r.claim(fmt.Sprintf("shared[%d].spec", i), &p.Shared[i].Spec)
	}
	return r.out
}

// claims reports whether a volume is one of the pod's claims.
func (p Pod) claims(volume string) bool {
	named := func(c corev1.PersistentVolumeClaim) bool { return c.Name == volume }
	return slices.ContainsFunc(p.Claims, named) || slices.ContainsFunc(p.Shared, named)
}

// references collects what a pod refers to.
type references struct {
	pod Pod
	out []Reference
}

func (r *references) add(kind, name, key string, optional bool, path string) {
	ref := Reference{Kind: kind, Namespace: r.pod.Namespace, Name: name, Key: key, Optional: optional, Field: r.pod.Field(path)}
	if kind == "PriorityClass" || kind == "StorageClass" {
		ref.Namespace = ""
	}
	if ref.Known() {
		r.out = append(r.out, ref)
	}
}

// items adds one reference for each entry, or one for all of them.
func (r *references) items(kind, name string, items []corev1.KeyToPath, optional *bool, path string) {
	if len(items) == 0 {
		r.add(kind, name, "", isTrue(optional), path)
	}
	for _, item := range items {
		r.add(kind, name, item.Key, isTrue(optional), path)
	}
}

func (r *references) container(path string, c *corev1.Container) {
	for i, e := range c.EnvFrom {
		at := fmt.Sprintf("%s.envFrom[%d]", path, i)
		if s := e.SecretRef; s != nil {
			r.add("Secret", s.Name, "", isTrue(s.Optional), at+".secretRef.name")
		}
		if m := e.ConfigMapRef; m != nil {
			r.add("ConfigMap", m.Name, "", isTrue(m.Optional), at+".configMapRef.name")
		}
	}
	for i, e := range c.Env {
		if e.ValueFrom == nil {
			continue
		}
		at := fmt.Sprintf("%s.env[%d].valueFrom", path, i)
		if s := e.ValueFrom.SecretKeyRef; s != nil {
			r.add("Secret", s.Name, s.Key, isTrue(s.Optional), at+".secretKeyRef.name")
		}
		if m := e.ValueFrom.ConfigMapKeyRef; m != nil {
			r.add("ConfigMap", m.Name, m.Key, isTrue(m.Optional), at+".configMapKeyRef.name")
		}
	}
}

func (r *references) volume(path string, v *corev1.Volume) {
	if s := v.Secret; s != nil {
		r.items("Secret", s.SecretName, s.Items, s.Optional, path+".secret.secretName")
	}
	if m := v.ConfigMap; m != nil {
		r.items("ConfigMap", m.Name, m.Items, m.Optional, path+".configMap.name")
	}
	if c := v.PersistentVolumeClaim; c != nil {
		r.add("PersistentVolumeClaim", c.ClaimName, "", false, path+".persistentVolumeClaim.claimName")
	}
	if e := v.Ephemeral; e != nil && e.VolumeClaimTemplate != nil {
		r.claim(path+".ephemeral.volumeClaimTemplate.spec", &e.VolumeClaimTemplate.Spec)
	}
	if p := v.Projected; p != nil {
		for i, s := range p.Sources {
			at := fmt.Sprintf("%s.projected.sources[%d]", path, i)
			if s := s.Secret; s != nil {
				r.items("Secret", s.Name, s.Items, s.Optional, at+".secret.name")
			}
			if m := s.ConfigMap; m != nil {
				r.items("ConfigMap", m.Name, m.Items, m.Optional, at+".configMap.name")
			}
		}
	}
	r.driver(path, v)
}

// driver adds the secrets that volumes of the older drivers, and of CSI, are
// mounted with.
func (r *references) driver(path string, v *corev1.Volume) {
	local := func(field string, ref *corev1.LocalObjectReference) {
		if ref != nil {
			r.add("Secret", ref.Name, "", false, path+"."+field+".name")
		}
	}
	switch {
	case v.CSI != nil:
		local("csi.nodePublishSecretRef", v.CSI.NodePublishSecretRef)
	case v.AzureFile != nil:
		r.add("Secret", v.AzureFile.SecretName, "", false, path+".azureFile.secretName")
	case v.CephFS != nil:
		local("cephfs.secretRef", v.CephFS.SecretRef)
	case v.Cinder != nil:
		local("cinder.secretRef", v.Cinder.SecretRef)
	case v.FlexVolume != nil:
		local("flexVolume.secretRef", v.FlexVolume.SecretRef)
	case v.ISCSI != nil:
		local("iscsi.secretRef", v.ISCSI.SecretRef)
	case v.RBD != nil:
		local("rbd.secretRef", v.RBD.SecretRef)
	case v.ScaleIO != nil:
		local("scaleIO.secretRef", v.ScaleIO.SecretRef)
	case v.StorageOS != nil:
		local("storageos.secretRef", v.StorageOS.SecretRef)
	}
}

func (r *references) claim(path string, c *corev1.PersistentVolumeClaimSpec) {
	if c.StorageClassName != nil {
		r.add("StorageClass", *c.StorageClassName, "", false, path+".storageClassName")
	}
	if d := c.DataSource; d != nil && d.Kind == "PersistentVolumeClaim" && (d.APIGroup == nil || *d.APIGroup == "") {
		r.add(d.Kind, d.Name, "", false, path+".dataSource.name")
	}
}

func isTrue(b *bool) bool { return b != nil && *b }
