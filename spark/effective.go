package spark

import (
	"fmt"
	"maps"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// application is a spec as a rule reads it, wherever a setting stands: in a
// field, in a pod template or in the settings.
type application struct {
	*v1beta2.SparkApplicationSpec
	at string // the path of the spec in its object
}

// applicationIn returns the spec of an object of either operator. That of
// Apache's is a view: what is said of its fields goes through ownField.
func applicationIn(o millrace.Object) (application, bool) {
	switch o := o.(type) {
	case *v1beta2.SparkApplication:
		if o != nil {
			return application{&o.Spec, "spec"}, true
		}
	case *v1beta2.ScheduledSparkApplication:
		if o != nil {
			return application{&o.Spec.Template, "spec.template"}, true
		}
	case *apachev1.SparkApplication:
		if o != nil {
			return application{apacheView(o), "spec"}, true
		}
	}
	return application{}, false
}

func (a application) path(parts ...string) string {
	return a.at + "." + strings.Join(parts, ".")
}

func (a application) confPath(key string) string { return a.at + ".sparkConf[" + key + "]" }

// template returns a role's pod template, empty if there is none.
func (a application) template(r role) *corev1.PodTemplateSpec {
	if t := r.pod(a.SparkApplicationSpec).Template; t != nil {
		return t
	}
	return &corev1.PodTemplateSpec{}
}

// nodeSelector joins what all places ask for, and returns where to change it.
func (a application) nodeSelector(r role) (map[string]string, string) {
	out := maps.Clone(a.template(r).Spec.NodeSelector)
	if out == nil {
		out = make(map[string]string)
	}
	for _, prefix := range []string{"spark.kubernetes.node.selector.", "spark.kubernetes." + string(r) + ".node.selector."} {
		for key, value := range a.SparkConf {
			if label, ok := strings.CutPrefix(key, prefix); ok {
				out[label] = value
			}
		}
	}
	maps.Copy(out, a.NodeSelector)
	pod := r.pod(a.SparkApplicationSpec)
	maps.Copy(out, pod.NodeSelector)
	switch {
	case len(pod.NodeSelector) > 0:
		return out, a.path(string(r), "nodeSelector")
	case len(a.NodeSelector) > 0:
		return out, a.path("nodeSelector")
	}
	return out, a.path(string(r), "template.spec.nodeSelector")
}

// tolerations joins those of the field and the template, as the operator
// does, and returns where to change them.
func (a application) tolerations(r role) ([]corev1.Toleration, string) {
	field, template := r.pod(a.SparkApplicationSpec).Tolerations, a.template(r).Spec.Tolerations
	at := a.path(string(r), "template.spec.tolerations")
	if len(field) > 0 {
		at = a.path(string(r), "tolerations")
	}
	out := make([]corev1.Toleration, 0, len(field)+len(template))
	return append(append(out, template...), field...), at
}

// containers visits what a role's pod template holds and what the operator
// puts beside it, with the paths.
func (a application) containers(r role, visit func(at string, c *corev1.Container)) {
	pod, template := r.pod(a.SparkApplicationSpec), &a.template(r).Spec
	for _, list := range []struct {
		at         string
		containers []corev1.Container
	}{
		{"template.spec.initContainers", template.InitContainers},
		{"template.spec.containers", template.Containers},
		{"initContainers", pod.InitContainers},
		{"sidecars", pod.Sidecars},
	} {
		for i := range list.containers {
			visit(a.path(string(r), fmt.Sprintf("%s[%d]", list.at, i)), &list.containers[i])
		}
	}
}

// images returns every image by its path.
func (a application) images() map[string]string {
	out := map[string]string{
		a.path("image"):             deref(a.Image),
		a.path("driver", "image"):   deref(a.Driver.Image),
		a.path("executor", "image"): deref(a.Executor.Image),
	}
	for _, key := range []string{"spark.kubernetes.container.image", "spark.kubernetes.driver.container.image", "spark.kubernetes.executor.container.image"} {
		out[a.confPath(key)] = a.SparkConf[key]
	}
	maps.DeleteFunc(out, func(_, image string) bool { return image == "" })
	return out
}
