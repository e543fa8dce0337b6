package workflow

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// texts rewrites every text of a value in place. The paths that rewrite is told
// are those of Go's fields: "Container.Args[1]". skip names what is left alone.
type texts struct {
	rewrite func(path, text string) string
	skip    map[string]bool
}

// rewrite rewrites every text of a part of a manifest that may hold references.
func (c *check) rewrite(of any, rewrite func(path, text string) string) {
	w := texts{rewrite: rewrite, skip: skipped}
	w.walk("", reflect.ValueOf(of).Elem())
}

// cutPath cuts the first field off a path.
func cutPath(path string) (first, rest string, ok bool) {
	return strings.Cut(path, ".")
}

func (w *texts) walk(path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			w.walk(path, v.Elem())
		}
	case reflect.Struct:
		w.fields(path, v)
	case reflect.Slice:
		w.items(path, v)
	case reflect.Map:
		w.entries(path, v)
	case reflect.String:
		if s := v.String(); strings.Contains(s, "{{") {
			v.SetString(w.rewrite(path, s))
		}
	}
}

func (w *texts) fields(path string, v reflect.Value) {
	typ := v.Type()
	for i := range typ.NumField() {
		f := v.Field(i)
		if !f.CanSet() || f.IsZero() {
			continue
		}
		field := typ.Field(i)
		inner := path
		if !field.Anonymous {
			inner = strings.TrimPrefix(path+"."+field.Name, ".")
		}
		if !w.skip[inner] {
			w.walk(inner, f)
		}
	}
}

func (w *texts) items(path string, v reflect.Value) {
	switch v.Type().Elem().Kind() {
	case reflect.Uint8:
		if raw, ok := v.Interface().(json.RawMessage); ok && strings.Contains(string(raw), "{{") {
			v.SetBytes([]byte(w.rewrite(path, string(raw))))
		}
		return
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Bool, reflect.Float64:
		return
	}
	for i := range v.Len() {
		w.walk(path+"["+strconv.Itoa(i)+"]", v.Index(i))
	}
}

func (w *texts) entries(path string, v reflect.Value) {
	of, ok := v.Interface().(map[string]string)
	if !ok {
		return // quantities and their like
	}
	for _, key := range slices.Sorted(maps.Keys(of)) {
		if s := of[key]; strings.Contains(s, "{{") {
			of[key] = w.rewrite(path+"["+key+"]", s)
		}
		if strings.Contains(key, "{{") {
			w.rewrite(path+"["+key+"]", key) // for what is wrong with it
		}
	}
}
