package millrace

import (
	"path"
	"reflect"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Object is a Kubernetes object of any kind: the typed structs of k8s.io/api,
// of the operators, and unstructured ones.
type Object interface {
	metav1.Object
	runtime.Object
}

// Ref names one thing in a composition: a Kubernetes object by its kind
// ("KafkaTopic"), or a builder by its Go type ("kafka.Topic").
type Ref struct {
	// Kind is the object's kind, or the builder's Go type.
	Kind string `json:"kind"`
	// Namespace is empty for what belongs to the whole cluster, and for
	// builders that leave it to the context.
	Namespace string `json:"namespace,omitempty"`
	// Name is empty only where a missing name is what the finding is about.
	Name string `json:"name"`
}

// RefOf returns the Ref of an object. One whose name the API server is to make
// is called by its generateName and a star.
func RefOf(o Object) Ref {
	name := o.GetName()
	if name == "" && o.GetGenerateName() != "" {
		name = o.GetGenerateName() + "*"
	}
	return Ref{Kind: kindOf(o).Kind, Namespace: o.GetNamespace(), Name: name}
}

// String returns "Kind namespace/name", without the parts that are empty.
func (r Ref) String() string {
	name := r.Name
	if name == "" {
		name = "(no name)"
	}
	if r.Namespace != "" {
		name = r.Namespace + "/" + name
	}
	if r.Kind == "" {
		return name
	}
	return r.Kind + " " + name
}

// kindOf returns the object's kind: as it says itself, or, for the types of
// k8s.io/api, from the package that it lies in.
func kindOf(o Object) schema.GroupVersionKind {
	gvk := o.GetObjectKind().GroupVersionKind()
	if gvk.Kind != "" && gvk.Version != "" {
		return gvk
	}
	t := reflect.TypeOf(o)
	if t.Kind() != reflect.Pointer {
		return gvk
	}
	rest, ok := strings.CutPrefix(t.Elem().PkgPath(), "k8s.io/api/")
	if !ok {
		return gvk
	}
	dir, version := path.Split(rest)
	dir = strings.TrimSuffix(dir, "/")
	group, ok := apiGroups[dir]
	if !ok {
		return gvk
	}
	return schema.GroupVersionKind{Group: group, Version: version, Kind: t.Elem().Name()}
}

// apiGroups maps a directory of k8s.io/api to its API group. Objects written
// as Go literals usually lack their TypeMeta, because client-go fills it in
// from a scheme; linking all of the schemes would cost more than this table.
var apiGroups = map[string]string{
	"core":                  "",
	"apps":                  "apps",
	"autoscaling":           "autoscaling",
	"batch":                 "batch",
	"policy":                "policy",
	"admissionregistration": "admissionregistration.k8s.io",
	"coordination":          "coordination.k8s.io",
	"discovery":             "discovery.k8s.io",
	"events":                "events.k8s.io",
	"flowcontrol":           "flowcontrol.apiserver.k8s.io",
	"networking":            "networking.k8s.io",
	"node":                  "node.k8s.io",
	"rbac":                  "rbac.authorization.k8s.io",
	"resource":              "resource.k8s.io",
	"scheduling":            "scheduling.k8s.io",
	"storage":               "storage.k8s.io",
}
