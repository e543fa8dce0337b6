package builtin

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/millrace/millrace/internal/schema"
)

// object is a typed object of Kubernetes' own kinds.
type object interface {
	metav1.Object
	runtime.Object
}

// Check reports what the API server would refuse an object of Kubernetes' own
// kinds for, were it created; nothing for other kinds. The object isn't
// changed or kept.
func Check(o runtime.Object, report func(schema.Problem)) {
	c := &checker{report: report}
	switch o.(type) {
	default:
		_ = c
	}
}
