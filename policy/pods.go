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

// around is what decides on an object's pods beside the object itself.
type around struct {
	bundle *millrace.Bundle
	scaled map[scaledTarget][]*kedav1alpha1.ScaledObject
}

type scaledTarget struct{ namespace, kind, name string }

// lookAround reads the ScaledObjects of a bundle.
func lookAround(b *millrace.Bundle) around {
	out := around{b, map[scaledTarget][]*kedav1alpha1.ScaledObject{}}
	for _, found := range b.OfKind(schema.GroupKind{Group: "keda.sh", Kind: "ScaledObject"}) {
		if s, ok := found.(*kedav1alpha1.ScaledObject); ok {
			target := scaledTarget{s.Namespace, "Deployment", s.Spec.ScaleTargetRef.Name}
			if kind := s.Spec.ScaleTargetRef.Kind; kind != nil && *kind != "" {
				target.kind = *kind
			}
			out.scaled[target] = append(out.scaled[target], s)
		}
	}
	return out
}

// podsOf returns the pods that an object makes, whatever its kind.
func (a around) podsOf(o millrace.Object) []millrace.Pod {
	return slices.Concat(spark.Pods(o), workflow.Pods(o), kafka.Pods(a.bundle, o), a.scale(o, builtinPods(o)))
}

// scale returns the pods of one of Kubernetes' own kinds, as many as KEDA makes
// of them.
// Source: KEDA 2.21.0, apis/keda/v1alpha1/scaledobject_types.go.
func (a around) scale(o millrace.Object, pods []millrace.Pod) []millrace.Pod {
	if len(pods) != 1 {
		return pods
	}
	for _, s := range a.scaled[scaledTarget{pods[0].Namespace, pods[0].Owner.Kind, o.GetName()}] {
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
