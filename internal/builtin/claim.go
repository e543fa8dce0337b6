package builtin

import (
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"

	"github.com/millrace/millrace/internal/schema"
)

func (c *checker) persistentVolumeClaim(o *corev1.PersistentVolumeClaim) {
	c.enter("spec")
	defer c.leave()
	s := &o.Spec
	c.claimSpec(s)
	c.dataSources(s)
}

// claimSpec checks what a claim asks for, but for what it is filled from; the
// path stands at the spec.
func (c *checker) claimSpec(s *corev1.PersistentVolumeClaimSpec) {
	c.accessModes(s.AccessModes)
	c.labelSelector("selector", s.Selector)
	if q, ok := s.Resources.Requests[corev1.ResourceStorage]; !ok {
		c.required("resources.requests[storage]", "say how much")
	} else if q.Sign() <= 0 {
		c.bounds("resources.requests[storage]", q.String(), "above 0")
	}
	c.className("storageClassName", s.StorageClassName)
	c.className("volumeAttributesClassName", s.VolumeAttributesClassName)
	amongIfSet(c, "volumeMode", s.VolumeMode, corev1.PersistentVolumeBlock, corev1.PersistentVolumeFilesystem)
}

func (c *checker) className(field string, name *string) {
	if name != nil && *name != "" {
		c.dnsName(field, *name)
	}
}

func (c *checker) accessModes(modes []corev1.PersistentVolumeAccessMode) {
	if len(modes) == 0 {
		c.required("accessModes", "use ReadWriteOnce, or what the storage can")
	}
	pod, other := false, false
	for _, m := range modes {
		switch m {
		case corev1.ReadWriteOncePod:
			pod = true
		case corev1.ReadWriteOnce, corev1.ReadOnlyMany, corev1.ReadWriteMany:
			other = true
		default:
			among(c, "accessModes", m, corev1.ReadWriteOnce, corev1.ReadOnlyMany, corev1.ReadWriteMany, corev1.ReadWriteOncePod)
		}
	}
	if pod && other {
		c.forbidden("accessModes", "has ReadWriteOncePod beside others", "keep one of them")
	}
}

// dataSources checks what a volume is filled from. There are two fields for
// it. The old one takes claims and snapshots; anything else the server drops,
// where the new one isn't set. The new one with a namespace it drops as well,
// as no gate opens that by default.
func (c *checker) dataSources(s *corev1.PersistentVolumeClaimSpec) {
	old, ref := s.DataSource, s.DataSourceRef
	if ref != nil && ref.Namespace != nil && *ref.Namespace != "" {
		ref = nil
	}
	if old != nil && ref == nil && !claimOrSnapshot(old) {
		old = nil
	}
	if old != nil {
		c.dataSource("dataSource", old.APIGroup, old.Kind, old.Name)
	}
	if ref != nil {
		c.dataSource("dataSourceRef", ref.APIGroup, ref.Kind, ref.Name)
	}
	if old == nil || ref == nil {
		return
	}
	c.sameSources(old, ref)
}

func (c *checker) sameSources(old *corev1.TypedLocalObjectReference, ref *corev1.TypedObjectReference) {
	sameGroup := (old.APIGroup == nil) == (ref.APIGroup == nil) && (old.APIGroup == nil || *old.APIGroup == *ref.APIGroup)
	if !sameGroup || old.Kind != ref.Kind || old.Name != ref.Name {
		c.problem("", schema.RuleInvalid, "has a dataSource that is not dataSourceRef", "keep dataSourceRef")
	}
}

func claimOrSnapshot(d *corev1.TypedLocalObjectReference) bool {
	group := ""
	if d.APIGroup != nil {
		group = *d.APIGroup
	}
	return d.Kind == "PersistentVolumeClaim" && group == "" || d.Kind == "VolumeSnapshot" && group == "snapshot.storage.k8s.io"
}

func (c *checker) dataSource(field string, group *string, kind, name string) {
	c.enter(field)
	defer c.leave()
	c.present("name", name, "name the object")
	c.present("kind", kind, "say of which kind it is")
	switch {
	case group != nil && *group != "":
		c.held("apiGroup", *group, apivalidation.NameIsDNSSubdomain(*group, false), aName)
	case kind != "PersistentVolumeClaim":
		c.invalid("", kind, "be PersistentVolumeClaim where there is no apiGroup", "set apiGroup")
	}
}
