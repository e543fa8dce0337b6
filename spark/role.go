package spark

import (
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
)

// role is one of the two kinds of pods, spelled as in Spark's settings.
type role string

const (
	driverRole   role = "driver"
	executorRole role = "executor"
)

var roles = [...]role{driverRole, executorRole}

// field is the role as a field of Job.
func (r role) field() string {
	if r == driverRole {
		return "Driver"
	}
	return "Executor"
}

// container is the name by which Spark finds its own container in a template.
// Source: Spark operator, pkg/common/spark.go.
func (r role) container() string { return "spark-kubernetes-" + string(r) }

// pod returns what both roles have in a spec.
func (r role) pod(spec *v1beta2.SparkApplicationSpec) *v1beta2.SparkPodSpec {
	if r == driverRole {
		return &spec.Driver.SparkPodSpec
	}
	return &spec.Executor.SparkPodSpec
}

// coreRequest is in both roles, though not in what they have in common.
func (r role) coreRequest(spec *v1beta2.SparkApplicationSpec) *string {
	if r == driverRole {
		return spec.Driver.CoreRequest
	}
	return spec.Executor.CoreRequest
}

func (r role) javaOptions(spec *v1beta2.SparkApplicationSpec) **string {
	if r == driverRole {
		return &spec.Driver.JavaOptions
	}
	return &spec.Executor.JavaOptions
}

func (r role) priorityClass(spec *v1beta2.SparkApplicationSpec) *string {
	if r == driverRole {
		return spec.Driver.PriorityClassName
	}
	return spec.Executor.PriorityClassName
}

func (r role) ports(spec *v1beta2.SparkApplicationSpec) []v1beta2.Port {
	if r == driverRole {
		return spec.Driver.Ports
	}
	return spec.Executor.Ports
}

func (r role) lifecycle(spec *v1beta2.SparkApplicationSpec) *corev1.Lifecycle {
	if r == driverRole {
		return spec.Driver.Lifecycle
	}
	return spec.Executor.Lifecycle
}

func lower(s string) string { return strings.ToLower(s) }

// deref returns what p points to, or the zero value.
func deref[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

// nonZero returns a pointer to v, or nil for the zero value.
func nonZero[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// first returns the first value that is not empty.
func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
