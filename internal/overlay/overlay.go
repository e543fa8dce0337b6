// Package overlay lays one struct over another of the same type. The nouns
// use it for their Base fields: what the user's own fields say is laid over
// Base, and the production defaults are filled in below both.
//
// A field counts as set when it is not its zero value; a pointer to a zero is
// set. Maps are joined key by key, and lists whose Go tag names a
// patchMergeKey (containers, volumes, tasks) item by item. Every other list is
// one value. That is how Argo merges defaults and patches into the templates
// of a workflow, too: Under and Over do so and tell where things come from.
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
	l.lay(reflect.ValueOf(dst).Elem(), reflect.ValueOf(src).Elem(), place{})
	return l.conflicts
}

// Fill sets in dst what src sets and dst does not. src must not be used
// afterwards.
func Fill[T any](dst, src *T) {
	var l layer
	l.lay(reflect.ValueOf(dst).Elem(), reflect.ValueOf(src).Elem(), place{})
}

// Under is Fill, and returns what came from src: the JSON paths in dst, such as
// "containers[1].env[0]", with those in src.
func Under[T any](dst, src *T) map[string]string {
	l := layer{origins: make(map[string]string)}
	l.lay(reflect.ValueOf(dst).Elem(), reflect.ValueOf(src).Elem(), place{})
	return l.origins
}

// Over sets in dst all that src sets, and returns it as Under does. src must
// not be used afterwards.
func Over[T any](dst, src *T) map[string]string {
	l := layer{origins: make(map[string]string), over: true}
	l.lay(reflect.ValueOf(dst).Elem(), reflect.ValueOf(src).Elem(), place{})
	return l.origins
}

type layer struct {
	report    bool
	conflicts []string
	over      bool
	origins   map[string]string // by JSON paths; nil where nobody asks
}

// place is where the layer is at work: in dst, and in src where origins are
// asked for.
type place struct{ to, from string }

// field goes into a field of a struct.
func (l *layer) field(p place, f reflect.StructField) place {
	if f.Anonymous {
		return p
	}
	if l.origins == nil {
		return place{to: join(p.to, f.Name)}
	}
	return place{join(p.to, jsonName(f)), join(p.from, jsonName(f))}
}

func join(outer, inner string) string {
	if outer == "" {
		return inner
	}
	return outer + "." + inner
}

// took notes that dst has its value from src.
func (l *layer) took(p place) {
	if l.origins != nil {
		l.origins[p.to] = p.from
	}
}

func (l *layer) lay(dst, src reflect.Value, at place) {
	switch {
	case src.IsZero():
	case dst.IsZero():
		dst.Set(src)
		l.took(at)
	case dst.Kind() == reflect.Struct && !isLeaf(dst.Type()):
		for i := range dst.NumField() {
			f := dst.Type().Field(i)
			in := l.field(at, f)
			if key := f.Tag.Get("patchMergeKey"); key != "" && f.Type.Kind() == reflect.Slice {
				l.layList(dst.Field(i), src.Field(i), key, in)
				continue
			}
			l.lay(dst.Field(i), src.Field(i), in)
		}
	case dst.Kind() == reflect.Pointer && dst.Type().Elem().Kind() == reflect.Struct && !isLeaf(dst.Type().Elem()):
		l.lay(dst.Elem(), src.Elem(), at)
	case dst.Kind() == reflect.Map:
		first := len(l.conflicts)
		for it := src.MapRange(); it.Next(); {
			key := fmt.Sprintf("[%v]", it.Key())
			in := place{at.to + key, at.from + key}
			if dst.MapIndex(it.Key()).IsValid() && !l.over {
				l.conflict(in.to)
				continue
			}
			dst.SetMapIndex(it.Key(), it.Value())
			l.took(in)
		}
		slices.Sort(l.conflicts[first:])
	case l.over || dst.Kind() == reflect.Slice && dst.Len() == 0:
		dst.Set(src)
		l.took(at)
	default:
		l.conflict(at.to)
	}
}

// layList joins two lists item by item, by the field whose JSON name is key.
func (l *layer) layList(dst, src reflect.Value, key string, at place) {
	own := dst.Len() // items of src never meet each other
	for i := range src.Len() {
		name := mergeKey(src.Index(i), key)
		in := place{from: fmt.Sprintf("%s[%d]", at.from, i)}
		found := false
		for j := range own {
			if name.IsValid() && !name.IsZero() && mergeKey(dst.Index(j), key).Equal(name) {
				in.to = fmt.Sprintf("%s[%d]", at.to, j)
				l.layItem(dst.Index(j), src.Index(i), key, in)
				found = true
				break
			}
		}
		if !found {
			in.to = fmt.Sprintf("%s[%d]", at.to, dst.Len())
			dst.Set(reflect.Append(dst, src.Index(i)))
			l.took(in)
		}
	}
}

// layItem joins two items of one key; the key itself is in both by nature.
func (l *layer) layItem(dst, src reflect.Value, key string, at place) {
	rest := reflect.New(src.Type()).Elem()
	rest.Set(src)
	if k := mergeKey(rest, key); k.CanSet() {
		k.SetZero()
	}
	l.lay(dst, rest, at)
}

// mergeKey returns the field of a struct whose JSON name is key.
func mergeKey(item reflect.Value, key string) reflect.Value {
	if item.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	for i := range item.NumField() {
		f := item.Type().Field(i)
		if jsonName(f) == key {
			return item.Field(i)
		}
		if f.Anonymous {
			if inner := mergeKey(item.Field(i), key); inner.IsValid() {
				return inner
			}
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
