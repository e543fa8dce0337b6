package kafka

import (
	"fmt"
	"maps"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
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
	if own, ok := meta.Labels[clusterLabel]; ok && own != cluster {
		p.Conflict("Labels["+clusterLabel+"]", fmt.Sprintf("it says %q, the field Cluster says %q", own, cluster), "leave the label out")
	}
	if meta.Labels == nil {
		meta.Labels = map[string]string{}
	}
	meta.Labels[clusterLabel] = cluster
}

// alone is what a builder of one object returns.
func alone[T millrace.Object](made T, err error) (millrace.Parts, error) {
	if err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: []millrace.Object{made}}, nil
}

// nilBuilder is what a nil pointer to a builder is told.
func nilBuilder(kind string) error {
	p := millrace.Problems{Object: millrace.Ref{Kind: kind}}
	p.Required("", "it is nil: leave it out")
	return p.Err()
}
