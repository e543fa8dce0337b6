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
	c.labelled("metadata.labels", m.Labels)
	for _, f := range [...]setField{
		{"name", m.Name != ""}, {"generateName", m.GenerateName != ""}, {"namespace", m.Namespace != ""}, {"selfLink", m.SelfLink != ""}, //nolint:staticcheck // SA1019: the server still reads it
		{"uid", m.UID != ""}, {"resourceVersion", m.ResourceVersion != ""}, {"generation", m.Generation != 0},
		{"creationTimestamp", !m.CreationTimestamp.IsZero()}, {"deletionTimestamp", m.DeletionTimestamp != nil},
		{"deletionGracePeriodSeconds", m.DeletionGracePeriodSeconds != nil}, {"ownerReferences", m.OwnerReferences != nil},
		{"finalizers", m.Finalizers != nil}, {"managedFields", m.ManagedFields != nil},
	} {
		if f.set {
			c.forbidden("metadata."+f.name, "is set for the claim of an ephemeral volume, which has labels and annotations only", takeItOut)
		}
	}
}

// templateSources checks what the volumes of a claim template are filled from.
// Of a template the server drops neither of the two fields.
func (c *checker) templateSources(s *corev1.PersistentVolumeClaimSpec) {
	old, ref := s.DataSource, s.DataSourceRef
	if old != nil {
		c.dataSource("dataSource", old.APIGroup, old.Kind, old.Name)
	}
	if ref == nil {
		return
	}
	c.dataSource("dataSourceRef", ref.APIGroup, ref.Kind, ref.Name)
	elsewhere := ref.Namespace != nil && *ref.Namespace != ""
	if elsewhere {
		c.held("dataSourceRef.namespace", *ref.Namespace, apivalidation.ValidateNamespaceName(*ref.Namespace, false), aLabel)
	}
	if old != nil && elsewhere {
		c.problem("", schema.RuleInvalid, "has a dataSource beside a dataSourceRef of another namespace", "keep dataSourceRef")
	} else if old != nil {
		c.sameSources(old, ref)
	}
}
