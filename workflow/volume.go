package workflow

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// Claim is a volume that each run gets for itself, and that is deleted with it.
//
// Rendered as volumeClaimTemplates. Argo deletes it when the run succeeds,
// and otherwise with the run.
type Claim struct {
	// Name is the name of the volume: a DNS label, unique among the volumes. The
	// PersistentVolumeClaim is called "<run>-<name>". Required.
	//
	// Rendered as metadata.name of the claim.
	Name string
	// Size is how much it holds at least. Required.
	//
	// Rendered as spec.resources.requests.storage.
	Size millrace.Bytes
	// StorageClass is what provides it. Empty means the cluster's default.
	//
	// Rendered as spec.storageClassName.
	StorageClass string
	// AccessMode is who may mount it at the same time. Empty means
	// ReadWriteOnce, which every provider has: the pods of one node. Tasks
	// that run side by side on several nodes need ReadWriteMany.
	//
	// Rendered as spec.accessModes.
	AccessMode corev1.PersistentVolumeAccessMode
	// Base holds what has no field of its own here. What both set is a mistake.
	Base corev1.PersistentVolumeClaim
}

// Mount mounts the volume at a path: an item of Container.Mounts.
func (cl Claim) Mount(path string) corev1.VolumeMount {
	return corev1.VolumeMount{Name: cl.Name, MountPath: path}
}

// Mount mounts another volume at a path: an item of Container.Mounts.
func Mount(volume corev1.Volume, path string) corev1.VolumeMount {
	return corev1.VolumeMount{Name: volume.Name, MountPath: path}
}

// defaultAccess is the mode that every kind of storage has. The others fail, or
// wait for ever, where the provider does not know them.
const defaultAccess = corev1.ReadWriteOnce

var accessModes = map[corev1.PersistentVolumeAccessMode]bool{
	corev1.ReadWriteOnce: true, corev1.ReadOnlyMany: true, corev1.ReadWriteMany: true, corev1.ReadWriteOncePod: true,
}

// renderClaims renders the volumes of each run.
func renderClaims(c *check, field string, claims []Claim) []corev1.PersistentVolumeClaim {
	var out []corev1.PersistentVolumeClaim
	seen := make(map[string]bool)
	for i, claim := range claims {
		field := at(field, i)
		rendered := claim.render(c, field)
		if seen[rendered.Name] && rendered.Name != "" {
			c.Add(millrace.RuleDuplicate, field+".Name", fmt.Sprintf("another volume is called %q", rendered.Name), "rename one of them")
		}
		seen[rendered.Name] = true
		out = append(out, rendered)
	}
	return out
}

func (cl Claim) render(c *check, field string) corev1.PersistentVolumeClaim {
	fields := &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: cl.Name}}
	if cl.Size != 0 {
		fields.Spec.Resources.Requests = corev1.ResourceList{corev1.ResourceStorage: cl.Size.Quantity()}
	}
	if cl.StorageClass != "" {
		c.Name(field+".StorageClass", cl.StorageClass)
		fields.Spec.StorageClassName = new(cl.StorageClass)
	}
	if cl.AccessMode != "" {
		fields.Spec.AccessModes = []corev1.PersistentVolumeAccessMode{cl.AccessMode}
	}
	out := joined(c, field, &cl.Base, fields)
	if len(out.Spec.AccessModes) == 0 {
		out.Spec.AccessModes = []corev1.PersistentVolumeAccessMode{defaultAccess}
	}
	if out.Name == "" {
		c.Required(field+".Name", "name the volume")
	} else {
		c.LabelName(field+".Name", out.Name)
	}
	switch size, ok := out.Spec.Resources.Requests[corev1.ResourceStorage]; {
	case !ok:
		c.Required(field+".Size", "say how much the volume holds")
	case size.Sign() <= 0:
		c.Invalid(field+".Size", size.String(), "a volume holds more than nothing", "say how much it is")
	}
	for _, mode := range out.Spec.AccessModes {
		if !accessModes[mode] {
			c.Invalid(field+".AccessMode", mode, "Kubernetes knows no such mode", "use ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod")
		}
	}
	return *out
}

// mounts checks what is mounted in a container.
func (c *check) mounts(field string, mounts []corev1.VolumeMount) {
	seen := make(map[string]bool)
	for i, m := range mounts {
		field := at(field, i)
		if m.Name == "" {
			c.Required(field+".Name", "name the volume")
		}
		switch {
		case m.MountPath == "":
			c.Required(field+".MountPath", "say where the volume is to be in the container")
		case strings.Contains(m.MountPath, ":"):
			c.Invalid(field+".MountPath", m.MountPath, "Kubernetes refuses ':' in it", "choose another path")
		case seen[m.MountPath]:
			c.Conflict(field+".MountPath", fmt.Sprintf("another volume is mounted at %s", m.MountPath), "choose another path")
		}
		seen[m.MountPath] = true
	}
}
