package kafka

import (
	"reflect"
	"slices"
	"strings"
)

// origins tells which field of a builder a path of the manifest is from, so
// that one check serves builders and loaded objects. What no field makes is in
// Base.
type origins struct {
	spec   reflect.Type // of Base
	fields map[string]string
	// exact are those of a path without what is below.
	exact map[string]string
}

func newOrigins[Spec any]() origins {
	return origins{reflect.TypeFor[Spec](), map[string]string{}, map[string]string{}}
}

// add records that a path ("spec.kafka.listeners[0].tls") and all below it is
// from a field ("Listeners[0].Plaintext").
func (o origins) add(path, field string) { o.fields[path] = field }

// addExact records what a path is from, and not what is below it.
func (o origins) addExact(path, field string) { o.exact[path] = field }

// origin is a path below another one, and the field below another one that it is
// from.
type origin struct{ path, field string }

// beside records the fields of a builder that lie over a part of Base: what
// Base says is from Base, what nobody says is missing in the field.
func (o origins) beside(path, field string, base any, fields []origin) {
	for _, f := range fields {
		if !isSet(reflect.ValueOf(base), f.path) {
			o.add(path+f.path, field+f.field)
		}
	}
}

// field returns the user's word for a path.
func (o origins) field(path string) string {
	steps := pathSteps(path)
	for _, of := range [...]map[string]string{o.exact, o.fields} {
		if field, ok := of[path]; ok {
			return field
		}
	}
	names := goNames(o.spec, steps)
	for n := len(steps) - 1; n > 0; n-- {
		if field, ok := o.fields[strings.Join(steps[:n], "")]; ok {
			return field + strings.Join(names[n:], "")
		}
	}
	if len(steps) > 0 && steps[0] == "spec" {
		return "Base" + strings.Join(names[1:], "")
	}
	return strings.Join(names, "")
}

// goNames writes the steps of a path as the fields of a Go type; the first one
// is the type itself.
func goNames(t reflect.Type, steps []string) []string {
	out := slices.Clone(steps)
	for i, step := range steps {
		if i == 0 || t == nil {
			continue
		}
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		name, isField := strings.CutPrefix(step, ".")
		switch {
		case !isField && (t.Kind() == reflect.Slice || t.Kind() == reflect.Map):
			t = t.Elem()
		case isField && t.Kind() == reflect.Struct:
			field, ok := jsonFields(t)[name]
			if !ok {
				return out
			}
			out[i], t = "."+field.Name, field.Type
		default:
			t = nil
		}
	}
	return out
}

// isSet reports whether a value has something at a path, by the names of its
// JSON: ".configuration.class". Of a list it is the whole that counts.
func isSet(v reflect.Value, path string) bool {
	for _, step := range pathSteps(path) {
		for v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return false
			}
			v = v.Elem()
		}
		if strings.HasPrefix(step, "[") {
			break
		}
		field, ok := jsonFields(v.Type())[strings.TrimPrefix(step, ".")]
		if !ok {
			return false
		}
		v = v.FieldByIndex(field.Index)
	}
	return !v.IsZero()
}
