package crdgentest

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"
	sigsyaml "sigs.k8s.io/yaml"
)

// RoundTrip decodes a YAML document into obj, a pointer, refusing unknown
// fields, encodes it again, and returns where the two JSON trees differ.
//
// Two spellings of one quantity are equal, at the fields that are quantities:
// "1000m" comes back as "1".
func RoundTrip(doc []byte, obj any) ([]string, error) {
	if err := sigsyaml.UnmarshalStrict(doc, obj); err != nil {
		return nil, err
	}
	before, err := tree(sigsyaml.YAMLToJSON(doc))
	if err != nil {
		return nil, err
	}
	after, err := tree(json.Marshal(obj))
	if err != nil {
		return nil, err
	}
	return differences("", before, after, reflect.TypeOf(obj)), nil
}

// tree decodes JSON with its numbers as they are written.
func tree(data []byte, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	var out any
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	err = d.Decode(&out)
	return out, err
}

func differences(path string, a, b any, t reflect.Type) []string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == quantityType && a != nil && b != nil {
		qa, errA := resource.ParseQuantity(fmt.Sprint(a))
		qb, errB := resource.ParseQuantity(fmt.Sprint(b))
		if errA == nil && errB == nil && qa.Cmp(qb) == 0 {
			return nil
		}
	}
	am, aok := a.(map[string]any)
	bm, bok := b.(map[string]any)
	if aok && bok {
		var out []string
		keys := maps.Clone(am)
		maps.Copy(keys, bm)
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			av, aok := am[k]
			bv, bok := bm[k]
			switch {
			case !aok:
				out = append(out, fmt.Sprintf("%s.%s: added %v", path, k, bv))
			case !bok:
				out = append(out, fmt.Sprintf("%s.%s: lost %v", path, k, av))
			default:
				out = append(out, differences(path+"."+k, av, bv, fieldType(t, k))...)
			}
		}
		return out
	}
	al, aok := a.([]any)
	bl, bok := b.([]any)
	if aok && bok && len(al) == len(bl) {
		var elem reflect.Type
		if t != nil && t.Kind() == reflect.Slice {
			elem = t.Elem()
		}
		var out []string
		for i := range al {
			out = append(out, differences(fmt.Sprintf("%s[%d]", path, i), al[i], bl[i], elem)...)
		}
		return out
	}
	if !reflect.DeepEqual(a, b) {
		return []string{fmt.Sprintf("%s: %v became %v", path, a, b)}
	}
	return nil
}

// fieldType returns the Go type of a JSON field, nil where there is none.
func fieldType(t reflect.Type, name string) reflect.Type {
	switch {
	case t == nil:
	case t.Kind() == reflect.Map:
		return t.Elem()
	case t.Kind() == reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			if json, _, _ := strings.Cut(f.Tag.Get("json"), ","); json == name {
				return f.Type
			}
		}
	}
	return nil
}

// Writes checks that a value is written as some JSON, and read from it again.
func Writes(tb testing.TB, in any, want string) {
	tb.Helper()
	got, err := json.Marshal(in)
	if err != nil {
		tb.Fatal(err)
	}
	if string(got) != want {
		tb.Errorf("got  %s\nwant %s", got, want)
	}
	back := reflect.New(reflect.TypeOf(in))
	if err := sigsyaml.UnmarshalStrict(got, back.Interface()); err != nil {
		tb.Fatal(err)
	}
	if diff := cmp.Diff(in, back.Elem().Interface()); diff != "" {
		tb.Errorf("round trip: %s", diff)
	}
}
