// Package walk finds the values of certain types inside of an object, with
// their paths as JSON has them. The nouns find with it what their kinds refer
// to: most of that stands deep inside, at more places than one would list.
package walk

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Walker calls a function for each value of a type.
type Walker struct {
	visit map[reflect.Type]func(path string, v any)
	skip  map[reflect.Type]bool
	// reaches says of a type whether a value of it may hold what is looked for.
	reaches map[reflect.Type]bool
}

// On sets what is called for the values of a struct type, with their paths:
// "spec.kafka.metricsConfig.valueFrom". The walk doesn't go on into them.
func On[T any](w *Walker, visit func(path string, v T)) {
	if w.visit == nil {
		w.visit = make(map[reflect.Type]func(string, any))
	}
	w.visit[reflect.TypeFor[T]()] = func(path string, v any) {
		if t, ok := v.(T); ok {
			visit(path, t)
		}
	}
}

// Skip keeps the walk out of the values of a type.
func Skip[T any](w *Walker) {
	if w.skip == nil {
		w.skip = make(map[reflect.Type]bool)
	}
	w.skip[reflect.TypeFor[T]()] = true
}

// Walk goes through a value that stands at a path, in the order of its fields.
func (w *Walker) Walk(v any, path string) {
	w.reaches = make(map[reflect.Type]bool)
	w.value(reflect.ValueOf(v), path)
}

func (w *Walker) value(v reflect.Value, path string) {
	if !v.IsValid() || !w.mayHold(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		w.value(v.Elem(), path)
	case reflect.Slice:
		for i := range v.Len() {
			w.value(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			w.value(v.MapIndex(key), fmt.Sprintf("%s[%v]", path, key))
		}
	case reflect.Struct:
		if visit, ok := w.visit[v.Type()]; ok {
			visit(path, v.Interface())
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			at := path
			if name != "" {
				at = strings.TrimPrefix(path+"."+name, ".")
			}
			if f.IsExported() && w.mayHold(f.Type) {
				w.value(v.Field(i), at)
			}
		}
	}
}

// mayHold reports whether a value of the type can be, or hold, one of those
// that are looked for.
func (w *Walker) mayHold(t reflect.Type) bool {
	if known, ok := w.reaches[t]; ok {
		return known
	}
	w.reaches[t] = true // for types that hold themselves
	found := false
	switch _, wanted := w.visit[t]; {
	case w.skip[t]:
	case wanted:
		found = true
	case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map:
		found = w.mayHold(t.Elem())
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			found = w.mayHold(t.Field(i).Type) || found
		}
	}
	w.reaches[t] = found
	return found
}
