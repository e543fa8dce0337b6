package policy

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/workflow"
)

// podsOf returns the pods that an object makes, whatever its kind.
func podsOf(b *millrace.Bundle, o millrace.Object) []millrace.Pod {
	return slices.Concat(spark.Pods(o), workflow.Pods(o), kafka.Pods(b, o), scaledPods(b, o, builtinPods(o)))
}

// scaledPods are the pods of one of Kubernetes' own kinds, as many as KEDA makes
// of them.
// Source: KEDA 2.21.0, apis/keda/v1alpha1/scaledobject_types.go.
func scaledPods(b *millrace.Bundle, o millrace.Object, pods []millrace.Pod) []millrace.Pod {
	if len(pods) != 1 || b == nil {
		return pods
	}
	for _, found := range b.OfKind(schema.GroupKind{Group: "keda.sh", Kind: "ScaledObject"}) {
		s, ok := found.(*kedav1alpha1.ScaledObject)
		if !ok || s.Namespace != pods[0].Namespace || s.Spec.ScaleTargetRef.Name != o.GetName() {
			continue
		}
		kind := "Deployment"
		if k := s.Spec.ScaleTargetRef.Kind; k != nil && *k != "" {
			kind = *k
		}
		if kind != pods[0].Owner.Kind {
			continue
		}
		pods[0].Min, pods[0].Max = 0, 100
		if n := s.Spec.MinReplicaCount; n != nil {
			pods[0].Min = int(*n)
		}
		if s.Spec.IdleReplicaCount != nil {
			pods[0].Min = int(*s.Spec.IdleReplicaCount)
		}
		if n := s.Spec.MaxReplicaCount; n != nil {
			pods[0].Max = int(*n)
		}
	}
	return pods
}
