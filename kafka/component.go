package kafka

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// What the components beside the brokers have in common: Cruise Control, the
// entity operator, Kafka Exporter.

type resources = *corev1.ResourceRequirements

// left reports what is said of a component that is turned off.
func (m *making) left(component string, nothing bool) {
	if !nothing {
		m.Conflict(component+".Off", "other fields of "+component+" say how it is to run", "leave it out, or the others")
	}
}

// resourcesOf returns the resources that Base has for a component.
func resourcesOf[T any](base *T, of func(*T) resources) resources {
	if base == nil {
		return nil
	}
	return of(base)
}

// filledResources returns what is to be filled in where a component's fields
// and Base are silent, in sight of both: as much memory as a limit that is
// there, and not more CPU than one.
func filledResources(base, fields resources, memory millrace.Bytes, cpu float64) resources {
	out := new(corev1.ResourceRequirements)
	for _, have := range [...]resources{base, fields} {
		if have != nil {
			overlay.Fill(out, have.DeepCopy())
		}
	}
	fillResources(out, memory, cpu)
	return out
}

// run writes what a component beside the brokers is given: what its fields say,
// and what is filled in beside Base. Without a heap there is no JVM.
func (m *making) run(at, path string, base resources, r Resources, size, memory millrace.Bytes, cpu float64) (fields, filled resources, jvm *strimziv1.JVMOptions) {
	fields = r.fields(m.Problems, at+".Resources")
	filled = filledResources(base, fields, memory, cpu)
	r.origins(m.origins, path+".resources", at+".Resources")
	if size != 0 {
		m.origins.add(path+".jvmOptions.-Xmx", at+".Heap")
		m.origins.add(path+".jvmOptions.-Xms", at+".Heap")
	}
	return fields, filled, heap(m.Problems, at+".Heap", size)
}
