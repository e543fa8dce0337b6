package kafka

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/millrace/millrace"
)

// unknownFields calls visit for each field of a tree that an object's type has
// no place for: decoding would drop it, and so does the API server. What is
// below such a field isn't visited. visit may delete the field.
func unknownFields(tree map[string]any, of millrace.Object, visit func(parent map[string]any, key, path string)) {
	strangers{known: make(map[reflect.Type]map[string]reflect.StructField), visit: visit}.value(tree, reflect.TypeOf(of), "")
}

type strangers struct {
	// known are the fields of the structs seen so far.
	known map[reflect.Type]map[string]reflect.StructField
	visit func(parent map[string]any, key, path string)
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

func (s strangers) value(v any, t reflect.Type, path string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(unmarshaler) {
		return // it reads its text itself
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			at := joinPath(path, key)
			switch t.Kind() {
			case reflect.Map:
				s.value(v[key], t.Elem(), at)
			case reflect.Struct:
				if field, ok := s.fields(t)[key]; ok {
					s.value(v[key], field.Type, at)
				} else {
					s.visit(v, key, at)
				}
			}
		}
	case []any:
		if t.Kind() == reflect.Slice {
			for i, item := range v {
				s.value(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
			}
		}
	}
}

// fields returns the fields of a struct by their names in JSON.
func (s strangers) fields(t reflect.Type) map[string]reflect.StructField {
	if known, ok := s.known[t]; ok {
		return known
	}
	s.known[t] = jsonFields(t)
	return s.known[t]
}
