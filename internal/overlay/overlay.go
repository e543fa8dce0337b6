// Package overlay lays one struct over another of the same type. The nouns
// use it for their Base fields: what the user's own fields say is laid over
// Base, and the production defaults are filled in below both.
//
// A field counts as set when it is not its zero value; a pointer to a zero is
// set. Maps are joined key by key, and lists whose Go tag names a
// patchMergeKey (containers, volumes, tasks) item by item. Every other list is
// one value.
package overlay

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// Lay sets in dst what src sets. It returns the Go paths of the fields that
// both set, such as "Driver.Memory": there dst keeps its value, and the
// caller owes the user a finding. src must not be used afterwards, as dst may
// share memory with it.
func Lay[T any](dst, src *T) (conflicts []string) {
	l := layer{report: true}
	l.lay(reflect.ValueOf(dst).Elem(), reflect.ValueOf(src).Elem(), "")
	return l.conflicts
}

// Fill sets in dst what src sets and dst does not. src must not be used
// afterwards.
func Fill[T any](dst, src *T) {
	var l layer
	l.lay(reflect.ValueOf(dst).Elem(), reflect.ValueOf(src).Elem(), "")
}

type layer struct {
	report    bool
	conflicts []string
}

func (l *layer) lay(dst, src reflect.Value, path string) {
	switch {
	case src.IsZero():
	case dst.IsZero():
		dst.Set(src)
	case dst.Kind() == reflect.Struct && !isLeaf(dst.Type()):
		for i := range dst.NumField() {
			f := dst.Type().Field(i)
			at := f.Name
			if path != "" {
				at = path + "." + f.Name
			}
			if f.Anonymous {
				at = path
			}
			if key := f.Tag.Get("patchMergeKey"); key != "" && f.Type.Kind() == reflect.Slice {
				l.layList(dst.Field(i), src.Field(i), key, at)
				continue
			}
			l.lay(dst.Field(i), src.Field(i), at)
		}
	case dst.Kind() == reflect.Pointer && dst.Type().Elem().Kind() == reflect.Struct && !isLeaf(dst.Type().Elem()):
		l.lay(dst.Elem(), src.Elem(), path)
	case dst.Kind() == reflect.Map:
		first := len(l.conflicts)
		for it := src.MapRange(); it.Next(); {
			if dst.MapIndex(it.Key()).IsValid() {
				l.conflict(fmt.Sprintf("%s[%v]", path, it.Key()))
				continue
			}
			dst.SetMapIndex(it.Key(), it.Value())
		}
		slices.Sort(l.conflicts[first:])
	case dst.Kind() == reflect.Slice && dst.Len() == 0:
		dst.Set(src)
	default:
		l.conflict(path)
	}
}

// layList joins two lists item by item, by the field whose JSON name is key.
func (l *layer) layList(dst, src reflect.Value, key, path string) {
	own := dst.Len() // items of src never meet each other
	for i := range src.Len() {
		name := mergeKey(src.Index(i), key)
		found := false
		for j := range own {
			if name.IsValid() && !name.IsZero() && mergeKey(dst.Index(j), key).Equal(name) {
				l.layItem(dst.Index(j), src.Index(i), key, fmt.Sprintf("%s[%d]", path, j))
				found = true
				break
			}
		}
		if !found {
			dst.Set(reflect.Append(dst, src.Index(i)))
		}
	}
}

// layItem joins two items of one key; the key itself is in both by nature.
func (l *layer) layItem(dst, src reflect.Value, key, path string) {
	rest := reflect.New(src.Type()).Elem()
	rest.Set(src)
	if k := mergeKey(rest, key); k.CanSet() {
		k.SetZero()
	}
	l.lay(dst, rest, path)
}

// mergeKey returns the field of a struct whose JSON name is key.
func mergeKey(item reflect.Value, key string) reflect.Value {
	if item.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	for i := range item.NumField() {
		if f := item.Type().Field(i); jsonName(f) == key {
			return item.Field(i)
		}
	}
	return reflect.Value{}
}

func jsonName(f reflect.StructField) string {
	tag := f.Tag.Get("json")
	for i := range len(tag) {
		if tag[i] == ',' {
			return tag[:i]
		}
	}
	return tag
}

func (l *layer) conflict(path string) {
	if l.report {
		l.conflicts = append(l.conflicts, path)
	}
}

var marshaler = reflect.TypeFor[json.Marshaler]()

// isLeaf reports whether a struct is one value, like a quantity or a time,
// though Go sees fields in it.
func isLeaf(t reflect.Type) bool {
	if t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
		return true
	}
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			return true
		}
	}
	return false
}
