package builtin

import (
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/internal/schema"
)

// ephemeralMeta checks the metadata of the claim of an ephemeral volume, which
// has labels and annotations and nothing else.
func (c *checker) ephemeralMeta(m *metav1.ObjectMeta) {
	c.annotationKeys("metadata.annotations", m.Annotations)
	c.labels("metadata.labels", m.Labels)
	for _, f := range [...]setField{
		{"name", m.Name != ""}, {"generateName", m.GenerateName != ""}, {"namespace", m.Namespace != ""}, {"selfLink", m.SelfLink != ""}, //nolint:staticcheck // SA1019: the server still reads it
		{"uID", m.UID != ""}, {"resourceVersion", m.ResourceVersion != ""}, {"generation", m.Generation != 0},
		{"creationTimestamp", !m.CreationTimestamp.IsZero()}, {"deletionTimestamp", m.DeletionTimestamp != nil},
		{"deletionGracePeriodSeconds", m.DeletionGracePeriodSeconds != nil}, {"ownerReferences", m.OwnerReferences != nil},
		{"finalizers", m.Finalizers != nil}, {"managedFields", m.ManagedFields != nil},
	} {
		if f.set {
			c.forbidden("metadata."+f.name, "is set for the claim of an ephemeral volume, which has labels and annotations only", takeItOut)
		}
	}
}

// claimSpec checks what a claim asks for; the path stands at the spec.
func (c *checker) claimSpec(s *corev1.PersistentVolumeClaimSpec) {
	if len(s.AccessModes) == 0 {
		c.required("accessModes", "name one, such as ReadWriteOnce")
	}
	once, others := false, false
	for _, m := range s.AccessModes {
		switch m {
		case corev1.ReadWriteOncePod:
			once = true
		case corev1.ReadWriteOnce, corev1.ReadOnlyMany, corev1.ReadWriteMany:
			others = true
		default:
			oneOf(c, "accessModes", m, corev1.ReadWriteOnce, corev1.ReadOnlyMany, corev1.ReadWriteMany, corev1.ReadWriteOncePod)
		}
	}
	if once && others {
		c.forbidden("accessModes", "has ReadWriteOncePod beside others", "keep it alone, or take it out")
	}
	c.labelSelector("selector", s.Selector)
	if size, ok := s.Resources.Requests[corev1.ResourceStorage]; !ok {
		c.required("resources[storage]", "request a size in resources.requests.storage")
	} else if size.Sign() <= 0 {
		c.bounds("resources[storage]", size.String(), "more than nothing")
	}
	c.className("storageClassName", s.StorageClassName)
	c.className("volumeAttributesClassName", s.VolumeAttributesClassName)
	oneOfPointer(c, "volumeMode", s.VolumeMode, corev1.PersistentVolumeBlock, corev1.PersistentVolumeFilesystem)
	c.claimSource(s)
}

func (c *checker) className(field string, name *string) {
	if name != nil && *name != "" {
		c.dnsName(field, *name)
	}
}

// claimSource checks what the claim's volume is filled from.
func (c *checker) claimSource(s *corev1.PersistentVolumeClaimSpec) {
	source, ref := s.DataSource, s.DataSourceRef
	if source != nil {
		c.enter("dataSource")
		c.typedReference(source.APIGroup, source.Kind, source.Name)
		c.leave()
	}
	if ref == nil {
		return
	}
	c.enter("dataSourceRef")
	c.typedReference(ref.APIGroup, ref.Kind, ref.Name)
	elsewhere := ref.Namespace != nil && *ref.Namespace != ""
	if elsewhere {
		c.formed("namespace", *ref.Namespace, apivalidation.ValidateNamespaceName(*ref.Namespace, false), dnsLabelForm)
	}
	c.leave()
	switch {
	case source == nil:
	case elsewhere:
		c.problem("", schema.RuleInvalid, "has a dataSource beside a dataSourceRef of another namespace", "take dataSource out")
	case source.Kind != ref.Kind || source.Name != ref.Name || !samePointer(source.APIGroup, ref.APIGroup):
		c.problem("", schema.RuleInvalid, "has a dataSource that is not its dataSourceRef", "take dataSource out")
	}
}

func samePointer[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

func (c *checker) typedReference(group *string, kind, name string) {
	if name == "" {
		c.required("name", "name it")
	}
	if kind == "" {
		c.required("kind", "say what it is")
	}
	switch {
	case group != nil && *group != "":
		c.dnsName("apiGroup", *group)
	case kind != "PersistentVolumeClaim":
		c.invalid("", kind, "be a PersistentVolumeClaim when no apiGroup is set", "set the apiGroup")
	}
}
