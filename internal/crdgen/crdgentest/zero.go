package crdgentest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
)

// Zeros checks the zero-value promise on every struct type of the package of
// each object that the object reaches, and returns the number of fields
// checked:
//
//   - an empty struct writes its required fields and no other,
//   - an optional field that is set to zero or to empty is written, and comes
//     back as it was. metav1.Time is left out: its zero is null in JSON.
func Zeros(tb testing.TB, objects ...runtime.Object) int {
	tb.Helper()
	seen := map[reflect.Type]bool{}
	for _, o := range objects {
		t := reflect.TypeOf(o).Elem()
		collect(t, t.PkgPath(), seen)
	}
	checked := 0
	for t := range seen {
		empty := encode(tb, reflect.New(t).Interface())
		var want []string
		for f := range jsonFields(t) {
			if f.options == "" {
				want = append(want, f.json)
				if f.field.Type.Kind() == reflect.Pointer {
					tb.Errorf("%s.%s is written as null when unset", t, f.field.Name)
				}
			}
		}
		var got []string
		for name := range empty {
			got = append(got, name)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			tb.Errorf("empty %s writes %q, want the required fields %q", t, got, want)
		}
		for f := range jsonFields(t) {
			if f.field.Type == reflect.PointerTo(timeType) {
				continue
			}
			checked++
			v := reflect.New(t)
			setZero(v.Elem().Field(f.index))
			tree := encode(tb, v.Interface())
			value, ok := tree[f.json]
			wants := f.field.Type.Kind() == reflect.Pointer || f.field.Type.Kind() == reflect.Slice || f.field.Type.Kind() == reflect.Map
			if f.options != "" && ok != wants {
				tb.Errorf("%s.%s set to zero: written %v, want %v", t, f.field.Name, ok, wants)
			}
			if wants && string(value) == "null" {
				tb.Errorf("%s.%s set to zero is written as null", t, f.field.Name)
			}
			back := reflect.New(t)
			if err := json.Unmarshal(must(json.Marshal(v.Interface())), back.Interface()); err != nil {
				tb.Errorf("%s.%s: %v", t, f.field.Name, err)
			} else if wants && back.Elem().Field(f.index).IsNil() {
				tb.Errorf("%s.%s set to zero comes back unset", t, f.field.Name)
			}
		}
	}
	return checked
}

type jsonField struct {
	field         reflect.StructField
	index         int
	json, options string
}

// jsonFields yields the fields of a struct besides the embedded ones.
func jsonFields(t reflect.Type) func(func(jsonField) bool) {
	return func(yield func(jsonField) bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Anonymous {
				continue
			}
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !yield(jsonField{f, i, name, options}) {
				return
			}
		}
	}
}

// collect finds the struct types of a package that a type reaches.
func collect(t reflect.Type, pkg string, seen map[reflect.Type]bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		collect(t.Elem(), pkg, seen)
	case reflect.Struct:
		if t.PkgPath() != pkg || seen[t] {
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			collect(t.Field(i).Type, pkg, seen)
		}
	}
}

// setZero sets a field to a zero that is not unset.
func setZero(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
	}
}

func encode(tb testing.TB, v any) map[string]json.RawMessage {
	tb.Helper()
	var tree map[string]json.RawMessage
	if err := json.Unmarshal(must(json.Marshal(v)), &tree); err != nil {
		tb.Fatalf("%T: %v", v, err)
	}
	return tree
}

func must(data []byte, err error) []byte {
	if err != nil {
		return []byte(fmt.Sprintf("%q", err.Error()))
	}
	return data
}
