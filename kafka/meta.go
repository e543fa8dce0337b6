package kafka

import (
	"fmt"
	"maps"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/walk"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// objectMeta checks labels and annotations, and makes an object's metadata.
func objectMeta(p *millrace.Problems, name, namespace string, labels, annotations map[string]string) metav1.ObjectMeta {
	p.Labels("Labels", labels)
	p.Annotations("Annotations", annotations)
	return metav1.ObjectMeta{Name: name, Namespace: namespace, Labels: maps.Clone(labels), Annotations: maps.Clone(annotations)}
}

// checkCluster checks the name of the cluster that an object names.
func checkCluster(p *millrace.Problems, cluster, fix string) {
	if cluster == "" {
		p.Required("Cluster", fix)
		return
	}
	p.LabelName("Cluster", cluster)
}

// labelCluster labels an object with the cluster that it belongs to.
func labelCluster(p *millrace.Problems, meta *metav1.ObjectMeta, cluster string) {
	setMeta(p, &meta.Labels, "Labels", clusterLabel, cluster, "Cluster")
}

// setMeta sets the label or annotation that a field of the builder says.
func setMeta(p *millrace.Problems, into *map[string]string, list, key, value, field string) {
	if own, ok := (*into)[key]; ok && own != value {
		p.Conflict(at(list, key), fmt.Sprintf("it says %q, the field %s says %q", own, field, value), "leave it out of "+list)
	}
	if *into == nil {
		*into = map[string]string{}
	}
	(*into)[key] = value
}

// alone is what a builder of one object returns.
func alone[T millrace.Object](made T, err error) (millrace.Parts, error) {
	if err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: []millrace.Object{made}}, nil
}

// placedOn returns the pools that pods of a builder are placed on.
func placedOn(builder millrace.Builder) []millrace.NodeShape {
	var w walk.Walker
	var all []millrace.Placement
	walk.On(&w, func(_ string, p millrace.Placement) { all = append(all, p) })
	w.Walk(builder, "")
	return millrace.PlacedOn(all...)
}

// nilBuilder is what a nil pointer to a builder is told.
func nilBuilder(kind string) error {
	p := millrace.Problems{Object: millrace.Ref{Kind: kind}}
	p.Required("", "it is nil: leave it out")
	return p.Err()
}

func typeMeta(kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: strimziv1.GroupVersion.String(), Kind: kind}
}

// checkComponentName checks the name of what Strimzi makes services for.
func checkComponentName(p *millrace.Problems, name, longest string) {
	p.LabelName("Name", name)
	most := validation.DNS1123LabelMaxLength - len(longest)
	switch {
	case name == "":
	case name[0] >= '0' && name[0] <= '9':
		p.Invalid("Name", name, "services are named after it, and their names start with a letter", "put a letter first")
	case len(name) > most:
		p.Invalid("Name", name, fmt.Sprintf("what Strimzi calls %s%s would have more than 63 characters", name, longest), fmt.Sprintf("use at most %d", most))
	}
}
