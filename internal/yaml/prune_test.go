package yaml_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// canonicalTree removes from tree, which is all that encoding/json prints of
// v, what a canonical manifest of v does not have. It is the rules of doc.go
// once more, on trees.
func canonicalTree(v any, tree any) any {
	root, _ := tree.(map[string]any)
	switch v := v.(type) {
	case *unstructured.Unstructured:
		delete(root, "status")
		if m, ok := root["metadata"].(map[string]any); ok && m["creationTimestamp"] == nil {
			delete(m, "creationTimestamp")
		}
		return root
	case runtime.Object:
		if !reflect.ValueOf(v).Elem().FieldByName("TypeMeta").IsValid() {
			panic("not an object")
		}
		delete(root, "status")
	}
	return prune(reflect.ValueOf(v), tree)
}

func prune(v reflect.Value, tree any) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return prune(v.Elem(), tree)
		}
	case reflect.Slice, reflect.Array:
		if list, ok := tree.([]any); ok {
			for i := range list {
				list[i] = prune(v.Index(i), list[i])
			}
		}
	case reflect.Map:
		if m, ok := tree.(map[string]any); ok {
			for iter := v.MapRange(); iter.Next(); {
				key := fmt.Sprint(iter.Key())
				m[key] = prune(iter.Value(), m[key])
			}
		}
	case reflect.Struct:
		if steps, ok := v.Interface().(wfv1.ParallelSteps); ok {
			return prune(reflect.ValueOf(steps.Steps), tree)
		}
		switch reflect.New(v.Type()).Interface().(type) {
		case json.Marshaler, encoding.TextMarshaler:
			return tree
		}
		pruneFields(v, tree.(map[string]any))
	}
	return tree
}

func pruneFields(v reflect.Value, m map[string]any) {
	for i := range v.NumField() {
		sf, fv := v.Type().Field(i), v.Field(i)
		name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if name == "" && sf.Anonymous {
			if fv.Kind() == reflect.Pointer && !fv.IsNil() {
				fv = fv.Elem()
			}
			pruneFields(fv, m)
			continue
		}
		child, ok := m[name]
		if !ok {
			continue
		}
		child = prune(fv, child)
		m[name] = child
		empty, isMap := child.(map[string]any)
		switch {
		case child == nil && !userNull(fv),
			isMap && len(empty) == 0 && fv.Kind() == reflect.Struct && strings.Contains(options, "omit"):
			delete(m, name)
		}
	}
}

// userNull reports whether v holds JSON text that says null.
func userNull(v reflect.Value) bool {
	switch x := v.Interface().(type) {
	case *apiextensionsv1.JSON:
		return x != nil && x.Raw != nil
	case runtime.RawExtension:
		return x.Raw != nil
	}
	return false
}
