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
	fieldsV1Type    = reflect.TypeFor[metav1.FieldsV1]()
)

// quantityPattern is the pattern that controller-gen and Strimzi give to a
// resource.Quantity; an int-or-string with it is one.
const quantityPattern = `^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$`

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

	// Unfaithful are fields of the generated package that lose a zero value, or
	// that write one that nobody set.
	Unfaithful []Difference

	// Foreign are the fields of Kubernetes types that do so, each as
	// "package.Type.field: what it does", sorted, each once.
	Foreign []string

	// Properties counts the schema properties that were compared.
	Properties int
}

// Compare walks the schema of a kind and the Go type that was made of it
// together, by JSON name, apart from apiVersion, kind and metadata. It returns
// an error where the CRD has no schema.
func (d Definition) Compare(t reflect.Type) (Comparison, error) {
	v, err := d.Version()
	if err != nil {
		return Comparison{}, err
	}
	s := v.Schema.OpenAPIV3Schema.DeepCopy()
	var fields []reflect.StructField
	for i := range t.NumField() {
		if f := t.Field(i); !f.Anonymous {
			fields = append(fields, f)
		}
	}
	for _, name := range []string{"apiVersion", "kind", "metadata"} {
		delete(s.Properties, name)
	}
	c := comparer{own: t.PkgPath(), bare: true, extra: map[string]bool{}, foreign: map[string]bool{}}
	c.compareFields(d.CRD.Spec.Names.Kind, s, t, fields)
	return c.result(), nil
}

type comparer struct {
	own            string // import path of the generated package
	bare           bool   // see Mapping.Bare
	extra, foreign map[string]bool
	out            Comparison
}

func (c *comparer) result() Comparison {
	c.out.Extra = slices.Sorted(maps.Keys(c.extra))
	c.out.Foreign = slices.Sorted(maps.Keys(c.foreign))
	return c.out
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
		fits = t == intOrStringType || t == quantityType && (s.Pattern == quantityPattern || c.bare && s.Pattern == "")
	case s.XPreserveUnknownFields != nil && *s.XPreserveUnknownFields:
		fits = t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Interface
	case s.Type == "string":
		fits = t.Kind() == reflect.String || t == quantityType ||
			(s.Format == "date-time" || c.bare && s.Format == "") && (t == timeType || t == microTimeType)
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
	case s.Type == "object" && t == fieldsV1Type:
		fits = c.bare
	case s.Type == "object":
		if fits = t.Kind() == reflect.Struct && len(s.Properties) > 0; fits {
			c.compareFields(path, s, t, jsonFields(t))
		}
	}
	if !fits {
		c.missing(path, "schema type %q (format %q) does not fit Go type %s", s.Type, s.Format, t)
	}
}

// jsonFields returns the fields of a struct as JSON has them: those of an
// embedded struct that has no JSON name among its own.
func jsonFields(t reflect.Type) []reflect.StructField {
	var out []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); f.Anonymous && name == "" {
			out = append(out, jsonFields(f.Type)...)
			continue
		}
		out = append(out, f)
	}
	return out
}

func (c *comparer) compareFields(path string, s *apiextensionsv1.JSONSchemaProps, t reflect.Type, fields []reflect.StructField) {
	byName := map[string]reflect.StructField{}
	for _, f := range fields {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			byName[name] = f
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		c.out.Properties++
		f, ok := byName[name]
		if !ok {
			c.missing(path+"."+name, "no field in Go type %s", t)
			continue
		}
		required := slices.Contains(s.Required, name)
		if t.PkgPath() == c.own {
			if reason := unfaithful(&p, f, required); reason != "" {
				c.out.Unfaithful = append(c.out.Unfaithful, Difference{path + "." + name, reason})
			}
		} else if what := foreign(&p, f, required); what != "" {
			c.foreign[t.String()+"."+name+": "+what] = true
		}
		c.compare(path+"."+name, &p, f.Type)
	}
	for name := range byName {
		if _, ok := s.Properties[name]; !ok {
			c.extra[t.String()+"."+name] = true
		}
	}
}

// unfaithful says why a field of the generated package cannot tell unset from a
// set zero, and is empty where it can.
func unfaithful(s *apiextensionsv1.JSONSchemaProps, f reflect.StructField, required bool) string {
	kind := f.Type.Kind()
	want := ",omitempty"
	switch {
	case required && kind == reflect.Pointer:
		return "a required field is a pointer"
	case required:
		want = ""
	case kind == reflect.Slice || kind == reflect.Map:
		want = ",omitzero"
	case kind == reflect.String && closed(s):
	case kind != reflect.Pointer:
		return "an optional field is no pointer"
	}
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if got := strings.TrimPrefix(f.Tag.Get("json"), name); got != want {
		return fmt.Sprintf("tag options %q, want %q", got, want)
	}
	return ""
}

// foreign says what a field of a Kubernetes type does to zero values.
func foreign(s *apiextensionsv1.JSONSchemaProps, f reflect.StructField, required bool) string {
	kind := f.Type.Kind()
	omits := strings.Contains(f.Tag.Get("json"), ",omit")
	switch {
	case kind == reflect.Pointer || kind == reflect.Struct || kind == reflect.String && closed(s):
	case omits && kind == reflect.Slice:
		return "drops an empty list"
	case omits && kind == reflect.Map:
		return "drops an empty map"
	case omits:
		return "drops a zero"
	case !required:
		return "writes a zero that nobody set"
	}
	return ""
}

// closed reports whether the schema is an enum without an empty member, so that
// the empty string can mean unset.
func closed(s *apiextensionsv1.JSONSchemaProps) bool {
	return len(s.Enum) > 0 && !slices.ContainsFunc(s.Enum, func(v apiextensionsv1.JSON) bool { return string(v.Raw) == `""` })
}
