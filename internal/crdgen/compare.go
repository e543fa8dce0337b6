package crdgen

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var (
	quantityType    = reflect.TypeFor[resource.Quantity]()
	intOrStringType = reflect.TypeFor[intstr.IntOrString]()
	timeType        = reflect.TypeFor[metav1.Time]()
	microTimeType   = reflect.TypeFor[metav1.MicroTime]()
	objectMetaType  = reflect.TypeFor[metav1.ObjectMeta]()
)

// A Difference is what Compare finds: a schema path and what is wrong there.
type Difference struct {
	Path   string
	Reason string
}

func (d Difference) String() string { return d.Path + ": " + d.Reason }

// A Comparison is the result of Compare.
type Comparison struct {
	// Missing are schema properties that the Go type lacks or holds in a type
	// that does not fit.
	Missing []Difference

	// Extra are JSON fields of the Go type that the schema does not have, each
	// as "package.Type.field", sorted, each once.
	Extra []string

	// Unfaithful are fields of the package under test that lose a zero value,
	// or that write one that nobody set.
	Unfaithful []Difference

	// Properties counts the schema properties that were compared.
	Properties int
}

// Compare walks a schema and a Go type together, by JSON name.
//
// Types of the package whose import path is own must keep the zero-value
// promise as well: a pointer for every optional scalar except enums. Pass the
// empty string to skip that.
func Compare(path string, s *apiextensionsv1.JSONSchemaProps, t reflect.Type, own string) Comparison {
	c := comparer{own: own, extra: map[string]bool{}}
	c.compare(path, s, t)
	c.out.Extra = slices.Sorted(maps.Keys(c.extra))
	return c.out
}

type comparer struct {
	own   string
	extra map[string]bool
	out   Comparison
}

func (c *comparer) missing(path, format string, args ...any) {
	c.out.Missing = append(c.out.Missing, Difference{path, fmt.Sprintf(format, args...)})
}

func (c *comparer) compare(path string, s *apiextensionsv1.JSONSchemaProps, t reflect.Type) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	fits := false
	switch {
	case s.XIntOrString:
		fits = t == intOrStringType || t == quantityType && s.Pattern != ""
	case s.XPreserveUnknownFields != nil && *s.XPreserveUnknownFields:
		fits = t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Interface
	case s.Type == "string":
		fits = t.Kind() == reflect.String || t == quantityType ||
			s.Format == "date-time" && (t == timeType || t == microTimeType)
	case s.Type == "boolean":
		fits = t.Kind() == reflect.Bool
	case s.Type == "integer":
		fits = t.Kind() == reflect.Int64 || t.Kind() == reflect.Int32 && s.Format != "int64"
	case s.Type == "number":
		fits = t.Kind() == reflect.Float64
	case s.Type == "array":
		if fits = t.Kind() == reflect.Slice && s.Items != nil && s.Items.Schema != nil; fits {
			c.compare(path+"[]", s.Items.Schema, t.Elem())
		}
	case s.Type == "object" && s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil:
		if fits = t.Kind() == reflect.Map && t.Key().Kind() == reflect.String; fits {
			c.compare(path+"{}", s.AdditionalProperties.Schema, t.Elem())
		}
	case s.Type == "object":
		if t == objectMetaType && len(s.Properties) == 0 {
			return
		}
		if fits = t.Kind() == reflect.Struct && len(s.Properties) > 0; fits {
			c.compareStruct(path, s, t)
		}
	}
	if !fits {
		c.missing(path, "schema type %q (format %q) does not fit Go type %s", s.Type, s.Format, t)
	}
}

func (c *comparer) compareStruct(path string, s *apiextensionsv1.JSONSchemaProps, t reflect.Type) {
	fields := jsonFields(t)
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		c.out.Properties++
		f, ok := fields[name]
		if !ok {
			c.missing(path+"."+name, "no field in Go type %s", t)
			continue
		}
		if c.own != "" && t.PkgPath() == c.own {
			c.faithful(path+"."+name, &p, f, slices.Contains(s.Required, name))
		}
		c.compare(path+"."+name, &p, f.Type)
	}
	for name := range fields {
		if _, ok := s.Properties[name]; !ok {
			c.extra[t.String()+"."+name] = true
		}
	}
}

// faithful reports a field that cannot tell unset from a set zero.
func (c *comparer) faithful(path string, s *apiextensionsv1.JSONSchemaProps, f reflect.StructField, required bool) {
	if f.Anonymous || f.Type == objectMetaType {
		return
	}
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	want := "omitempty"
	kind := f.Type.Kind()
	switch {
	case required:
		want = ""
		if kind == reflect.Pointer {
			c.out.Unfaithful = append(c.out.Unfaithful, Difference{path, "a required field is a pointer"})
		}
	case kind == reflect.Slice || kind == reflect.Map:
		want = "omitzero"
	case kind == reflect.String && len(s.Enum) > 0:
		for _, v := range s.Enum {
			if string(v.Raw) == `""` {
				c.out.Unfaithful = append(c.out.Unfaithful, Difference{path, "an enum with an empty member is no pointer"})
			}
		}
	case kind != reflect.Pointer:
		c.out.Unfaithful = append(c.out.Unfaithful, Difference{path, "an optional field is no pointer"})
	}
	if path != "" && options != want && !(strings.HasSuffix(path, ".apiVersion") || strings.HasSuffix(path, ".kind")) {
		c.out.Unfaithful = append(c.out.Unfaithful, Difference{path, fmt.Sprintf("tag options %q, want %q", options, want)})
	}
}

// jsonFields returns the fields of a struct type by JSON name, those of inlined
// structs included.
func jsonFields(t reflect.Type) map[string]reflect.StructField {
	out := map[string]reflect.StructField{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case name == "" && (f.Anonymous || options == "inline"):
			maps.Copy(out, jsonFields(f.Type))
		case name == "":
			out[f.Name] = f
		default:
			out[name] = f
		}
	}
	return out
}
