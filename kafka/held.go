package kafka

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/millrace/millrace"
)

// held returns what a field of an interface type holds, without the pointer that
// it may hold it by, and false for nothing. It reports a pointer to nothing.
func held[T any](p *millrace.Problems, field string, v T) (T, bool) {
	of := reflect.ValueOf(v)
	if of.Kind() == reflect.Pointer {
		if of.IsNil() {
			p.Required(field, fmt.Sprintf("it is a nil %T: leave the field out, or give the value itself", v))
			return v, false
		}
		of = of.Elem()
	}
	if !of.IsValid() {
		return v, false
	}
	plain, ok := of.Interface().(T)
	return plain, ok
}

// finish returns the mistakes of a noun, and where there are none, what no
// manifest can hold: text that isn't UTF-8, numbers that aren't any.
func finish(p *millrace.Problems, noun any) error {
	if err := p.Err(); err != nil {
		return err
	}
	unwritable(p, "", reflect.ValueOf(noun).Elem())
	return p.Err()
}

// unwritable reports what can't be written of a value and what lies below it.
// Other nouns that it points at speak for themselves.
func unwritable(p *millrace.Problems, at string, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		writableText(p, at, v.String())
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			p.Invalid(at, f, "it is no number", "use one")
		}
	case reflect.Pointer, reflect.Interface:
		if _, noun := reflect.TypeAssert[millrace.Builder](v); !v.IsNil() && !noun {
			unwritable(p, at, v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			unwritable(p, fmt.Sprintf("%s[%d]", at, i), v.Index(i))
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			writableText(p, at, key.String())
			unwritable(p, at+"["+key.String()+"]", v.MapIndex(key))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				unwritable(p, joined(at, f), v.Field(i))
			}
		}
	}
}

// joined is the field of a struct below a path. What is embedded has no name of
// its own.
func joined(at string, f reflect.StructField) string {
	switch {
	case f.Anonymous:
		return at
	case at == "":
		return f.Name
	}
	return at + "." + f.Name
}

func writableText(p *millrace.Problems, at, text string) {
	if !utf8.ValidString(text) {
		p.Invalid(at, text, "it is not UTF-8, which is all that a manifest can hold", "write it in UTF-8, or bring it in a Secret")
	}
}
