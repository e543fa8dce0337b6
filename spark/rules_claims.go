package spark

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
)

// checkPendingClaim looks at the claims of an application's pods, as far as the
// composition has their classes and the claims that are there before.
func checkPendingClaim(pass *millrace.Pass) {
	if pass.Bundle == nil {
		return
	}
	podRule(func(p millrace.Pod, _ string, report func(field, detail string)) {
		early := func(path string, spec *corev1.PersistentVolumeClaimSpec) {
			if name := deref(spec.StorageClassName); bindsEarly(pass.Bundle, name) {
				report(p.Field(path+".storageClassName"), fmt.Sprintf("the storage class %s makes the disk before the pod has a node", name))
			}
		}
		for i := range p.Claims {
			early(fmt.Sprintf("claims[%d].spec", i), &p.Claims[i].Spec)
		}
		for i, v := range p.Template.Spec.Volumes {
			at := fmt.Sprintf("spec.volumes[%d]", i)
			if v.Ephemeral != nil && v.Ephemeral.VolumeClaimTemplate != nil {
				early(at+".ephemeral.volumeClaimTemplate.spec", &v.Ephemeral.VolumeClaimTemplate.Spec)
			}
			if v.PersistentVolumeClaim == nil {
				continue
			}
			claim := v.PersistentVolumeClaim.ClaimName
			if roleOf(p) == executorRole && p.Max != 1 && oneNode(pass.Bundle, p.Namespace, claim) {
				report(p.Field(at+".persistentVolumeClaim.claimName"), fmt.Sprintf("all executors mount the claim %s, which one node takes", claim))
			}
		}
	}, driverRole, executorRole)(pass)
}

// bindsEarly reports whether the composition has a storage class that binds at
// once, which is Kubernetes' default.
func bindsEarly(b *millrace.Bundle, name string) bool {
	found, _ := b.Find(schema.GroupKind{Group: storagev1.GroupName, Kind: "StorageClass"}, "", name)
	class, ok := found.(*storagev1.StorageClass)
	return ok && (class.VolumeBindingMode == nil || *class.VolumeBindingMode != storagev1.VolumeBindingWaitForFirstConsumer)
}

// oneNode reports whether the composition has a claim that is for one node or
// one pod only.
func oneNode(b *millrace.Bundle, namespace, name string) bool {
	found, _ := b.Find(schema.GroupKind{Kind: "PersistentVolumeClaim"}, namespace, name)
	claim, ok := found.(*corev1.PersistentVolumeClaim)
	return ok && len(claim.Spec.AccessModes) > 0 && !slices.ContainsFunc(claim.Spec.AccessModes, func(m corev1.PersistentVolumeAccessMode) bool {
		return m == corev1.ReadWriteMany || m == corev1.ReadOnlyMany
	})
}
