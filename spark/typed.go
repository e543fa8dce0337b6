package spark

import (
	"fmt"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// typed returns an object that was loaded, or comes from a server, as the
// operators' own type, and others as they are.
func typed(o millrace.Object) (millrace.Object, error) { return decode(o, false) }

// strictly is typed for objects of a kind, and refuses fields that the type
// doesn't have.
func strictly(o millrace.Object, kind string) (millrace.Object, error) {
	if u, ok := o.(*unstructured.Unstructured); ok && u != nil && u.GetKind() != kind {
		return o, nil
	}
	return decode(o, true)
}

func decode(o millrace.Object, strict bool) (millrace.Object, error) {
	u, ok := o.(*unstructured.Unstructured)
	if !ok || u == nil {
		return o, nil
	}
	into := empty(u.GroupVersionKind())
	if into == nil {
		return o, nil
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(u.Object, into, strict); err != nil {
		return o, fmt.Errorf("%s: %w", millrace.RefOf(u), err)
	}
	return into, nil
}

// empty is a new object of one of the operators' kinds, nil for other kinds.
func empty(kind schema.GroupVersionKind) millrace.Object {
	switch kind {
	case v1beta2.SchemeGroupVersion.WithKind("SparkApplication"):
		return new(v1beta2.SparkApplication)
	case v1beta2.SchemeGroupVersion.WithKind("ScheduledSparkApplication"):
		return new(v1beta2.ScheduledSparkApplication)
	case v1alpha1.SchemeGroupVersion.WithKind("SparkConnect"):
		return new(v1alpha1.SparkConnect)
	case apachev1.GroupVersion.WithKind("SparkApplication"):
		return new(apachev1.SparkApplication)
	case apachev1.GroupVersion.WithKind("SparkCluster"):
		return new(apachev1.SparkCluster)
	}
	return nil
}
