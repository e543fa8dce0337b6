package spark

import (
	"fmt"
	"maps"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
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

// applicationIn returns the spec of an object of either operator. Those of
// Apache's and of a SparkConnect are views: what is said of their fields goes
// through ownField.
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
	case *v1alpha1.SparkConnect:
		if o != nil {
			return application{connectView(o), "spec"}, true
		}
	}
	return application{}, false
}

func (a application) path(parts ...string) string {
	return a.at + "." + strings.Join(parts, ".")
}

func (a application) confPath(key string) string { return a.at + ".sparkConf[" + key + "]" }

// ownField returns where a field of a view stands in the object that it is a
// view of, or where it would: the rules and Pods speak of Kubeflow's fields.
func ownField(o millrace.Object, field string) string {
	var fields map[string]string
	switch o := o.(type) {
	case *apachev1.SparkApplication:
		fields = apacheFields
		if field == "spec.mainApplicationFile" || field == "spec.type" {
			spec := deref(deref(o).Spec)
			own, _, _ := apacheMain(&spec)
			return "spec." + own
		}
	case *v1alpha1.SparkConnect:
		fields = connectFields
	}
	rest, inSpec := strings.CutPrefix(field, "spec.")
	if !inSpec {
		return field
	}
	for at := rest; at != "" && fields != nil; at = outer(at) {
		if to, ok := fields[at]; ok {
			return "spec." + moved(to, rest[len(at):])
		}
	}
	return field
}

// outer cuts the last step off a path.
func outer(path string) string {
	if strings.HasSuffix(path, "]") {
		return path[:max(strings.LastIndexByte(path, '['), 0)]
	}
	return path[:max(strings.LastIndexByte(path, '.'), 0)]
}

// moved joins where a field has gone with what is left of its path. In the name
// of a setting %s stands for a key; a setting holds nothing that could be left
// beside.
func moved(to, rest string) string {
	if strings.Contains(to, "%s") {
		key, ok := strings.CutPrefix(rest, "[")
		if !ok {
			return "sparkConf"
		}
		return fmt.Sprintf(to, strings.TrimSuffix(key, "]"))
	}
	if strings.HasPrefix(to, "sparkConf[") {
		return to
	}
	return to + rest
}

// template returns a role's pod template, empty if there is none.
func (a application) template(r role) *corev1.PodTemplateSpec {
	if t := r.pod(a.SparkApplicationSpec).Template; t != nil {
		return t
	}
	return &corev1.PodTemplateSpec{}
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
