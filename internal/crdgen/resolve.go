package crdgen

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

type kind int

const (
	scalar kind = iota
	enum
	object
	external
	jsonMap
	list
	mapping
)

// A typ is a Go type of the output.
type typ struct {
	kind kind
	name string       // of a scalar, enum or object
	ext  reflect.Type // of an external type
	elem *typ         // of a list or mapping
}

// expr returns the type as Go source.
func (t *typ) expr() string {
	switch t.kind {
	case external:
		return importName(t.ext) + t.ext.Name()
	case jsonMap:
		return "JSONMap"
	case list:
		return "[]" + t.elem.expr()
	case mapping:
		return "map[string]" + t.elem.expr()
	}
	return t.name
}

// A field is a field of a struct.
type field struct {
	json     string
	name     string
	typ      *typ
	required bool
}

// pointer reports whether the field is a pointer, so that unset and zero differ.
//
// A nil list or map is unset as it stands, and an enum has no empty member.
func (f field) pointer() bool {
	return !f.required && !f.typ.nilable() && !f.typ.bareEnum()
}

// nilable reports whether the type is a list or a map, whose nil means unset.
func (t *typ) nilable() bool {
	switch t.kind {
	case list, mapping, jsonMap:
		return true
	case external:
		return t.ext.Kind() == reflect.Map || t.ext.Kind() == reflect.Slice
	}
	return false
}

// bareEnum reports whether the empty string means unset.
func (t *typ) bareEnum() bool {
	return t.kind == enum || t.kind == external && t.ext.Kind() == reflect.String
}

func (f field) goType() string {
	if f.pointer() {
		return "*" + f.typ.expr()
	}
	return f.typ.expr()
}

// tag returns the JSON tag. Lists and maps have omitzero, which drops nil and
// keeps a list that was set to be empty.
func (f field) tag() string {
	switch {
	case f.required:
		return f.json
	case f.typ.nilable():
		return f.json + ",omitzero"
	}
	return f.json + ",omitempty"
}

// A def is a struct or enum type of the output.
type def struct {
	name   string
	shape  string
	fields []field  // of a struct
	values []string // of an enum
	paths  []string // where it stands
	top    bool     // a kind or its list
}

// kinds returns the kinds whose schemas use the type, each once.
func (d *def) kinds() []string {
	var out []string
	for _, p := range d.paths {
		k, _, _ := strings.Cut(p, ".")
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// A kindDef is a top-level kind of the output.
type kindDef struct {
	Kind, ListKind, Group, Version, CRD string
	Namespaced                          bool
	fields                              []field // besides type and object metadata
}

type resolver struct {
	cfg      Config
	mappings map[string][]Mapping
	kinds    []kindDef
	defs     []*def // in order of first use, parents first
	byName   map[string]*def
	byShape  map[string]*def
	used     map[string]bool // keys of cfg.Names
	jsonMap  bool
}

func newResolver(cfg Config) *resolver {
	r := &resolver{
		cfg:      cfg,
		mappings: map[string][]Mapping{},
		byName:   map[string]*def{},
		byShape:  map[string]*def{},
		used:     map[string]bool{},
	}
	for _, m := range cfg.Mappings {
		r.mappings[m.Path] = append(r.mappings[m.Path], m)
	}
	return r
}

// unused reports the names that no schema took, which are most likely
// misspelled.
func (r *resolver) unused() error {
	var left []string
	for _, key := range slices.Sorted(maps.Keys(r.cfg.Names)) {
		if !r.used[key] {
			left = append(left, key)
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("names for paths that no schema has: %s", strings.Join(left, ", "))
	}
	return nil
}

func (r *resolver) addKind(d Definition) error {
	v, err := d.Version()
	if err != nil {
		return err
	}
	spec := d.CRD.Spec
	k := kindDef{
		Kind: spec.Names.Kind, ListKind: spec.Names.ListKind, Group: spec.Group, Version: v.Name, CRD: d.CRD.Name,
		Namespaced: spec.Scope == apiextensionsv1.NamespaceScoped,
	}
	if k.ListKind == "" {
		k.ListKind = k.Kind + "List"
	}
	for _, name := range []string{k.Kind, k.ListKind} {
		if r.byName[name] != nil {
			return fmt.Errorf("kind %s: the name is already a type", name)
		}
		r.byName[name] = &def{name: name, shape: "kind " + name, top: true}
	}
	s := v.Schema.OpenAPIV3Schema
	node := child(d.schemaNode(v.Name), "properties")
	for _, name := range order(s, node) {
		switch name {
		case "apiVersion", "kind", "metadata":
			continue
		}
		p := s.Properties[name]
		t, err := r.resolve(k.Kind+"."+name, &p, child(node, name))
		if err != nil {
			return err
		}
		k.fields = append(k.fields, field{json: name, name: goName(name), typ: t, required: slices.Contains(s.Required, name)})
	}
	r.kinds = append(r.kinds, k)
	return nil
}

// resolve returns the Go type of the schema at a path.
func (r *resolver) resolve(path string, s *apiextensionsv1.JSONSchemaProps, node *yaml.Node) (*typ, error) {
	if ext, err := r.mapped(path, s); err != nil || ext != nil {
		return &typ{kind: external, ext: ext}, err
	}
	preserve := s.XPreserveUnknownFields != nil && *s.XPreserveUnknownFields
	switch {
	case s.XIntOrString && s.Pattern == quantityPattern:
		return &typ{kind: external, ext: quantityType}, nil
	case s.XIntOrString:
		return &typ{kind: external, ext: intOrStringType}, nil
	case s.Type == "object" && preserve && len(s.Properties) == 0 && s.AdditionalProperties == nil:
		r.jsonMap = true
		return &typ{kind: jsonMap}, nil
	case preserve:
		return nil, fmt.Errorf("%s: unknown fields beside known ones, or of any type, have no faithful Go type", path)
	case s.Type == "string" && closed(s):
		return r.enum(path, s)
	case s.Type == "string" && s.Format == "date-time":
		return &typ{kind: external, ext: timeType}, nil
	case s.Type == "string" && s.Format != "byte":
		return &typ{name: "string"}, nil
	case s.Type == "boolean":
		return &typ{name: "bool"}, nil
	case s.Type == "integer" && s.Format == "int32":
		return &typ{name: "int32"}, nil
	case s.Type == "integer":
		return &typ{name: "int64"}, nil
	case s.Type == "number":
		return &typ{name: "float64"}, nil
	case s.Type == "array" && s.Items != nil && s.Items.Schema != nil:
		elem, err := r.resolve(path+"[]", s.Items.Schema, child(node, "items"))
		return &typ{kind: list, elem: elem}, err
	case s.Type == "object" && s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil && len(s.Properties) == 0:
		elem, err := r.resolve(path+"{}", s.AdditionalProperties.Schema, child(node, "additionalProperties"))
		return &typ{kind: mapping, elem: elem}, err
	case s.Type == "object" && len(s.Properties) > 0 && s.AdditionalProperties == nil:
		return r.object(path, s, child(node, "properties"))
	}
	return nil, fmt.Errorf("%s: no Go type for schema type %q, format %q", path, s.Type, s.Format)
}

func (r *resolver) enum(path string, s *apiextensionsv1.JSONSchemaProps) (*typ, error) {
	d := &def{}
	for _, raw := range s.Enum {
		var v string
		if err := json.Unmarshal(raw.Raw, &v); err != nil {
			return nil, fmt.Errorf("%s: enum member %s: %w", path, raw.Raw, err)
		}
		d.values = append(d.values, v)
	}
	d.shape = "enum " + strings.Join(d.values, "|")
	d, err := r.define(path, d)
	if err != nil {
		return nil, err
	}
	return &typ{kind: enum, name: d.name}, nil
}

func (r *resolver) object(path string, s *apiextensionsv1.JSONSchemaProps, node *yaml.Node) (*typ, error) {
	// Reserve the place in the output before the fields take theirs, so that
	// a type stands before the types of its fields.
	at := len(r.defs)
	r.defs = append(r.defs, nil)
	d := &def{}
	shape := strings.Builder{}
	for _, name := range order(s, node) {
		p := s.Properties[name]
		t, err := r.resolve(path+"."+name, &p, child(node, name))
		if err != nil {
			return nil, err
		}
		f := field{json: name, name: goName(name), typ: t, required: slices.Contains(s.Required, name)}
		if i := slices.IndexFunc(d.fields, func(g field) bool { return g.name == f.name }); i >= 0 {
			return nil, fmt.Errorf("%s: properties %s and %s have one Go name", path, d.fields[i].json, f.json)
		}
		d.fields = append(d.fields, f)
		fmt.Fprintf(&shape, "%s %s;", f.tag(), f.goType())
	}
	d.shape = shape.String()
	known, err := r.define(path, d)
	if err != nil {
		return nil, err
	}
	if known == d {
		r.defs[at] = d
	}
	return &typ{kind: object, name: known.name}, nil
}

// define gives a type its name, or returns the equal type that is already
// there. Enums enter the output here, structs at the place that object kept.
func (r *resolver) define(path string, d *def) (*def, error) {
	key, name, named := lookup(r.cfg.Names, path)
	if named {
		r.used[key] = true
	} else if same := r.byShape[d.shape]; same != nil {
		same.paths = append(same.paths, path)
		return same, nil
	} else {
		name = pathName(path)
	}
	if same := r.byName[name]; same != nil {
		if same.shape != d.shape {
			at := "a kind"
			if len(same.paths) > 0 {
				at = same.paths[0]
			}
			return nil, fmt.Errorf("%s: type name %s is taken by a different schema at %s", path, name, at)
		}
		same.paths = append(same.paths, path)
		return same, nil
	}
	d.name = name
	d.paths = []string{path}
	r.byName[name] = d
	if r.byShape[d.shape] == nil {
		r.byShape[d.shape] = d
	}
	if len(d.values) > 0 {
		r.defs = append(r.defs, d)
	}
	return d, nil
}

// order returns the property names in the order of the Go fields: that of the
// CRD file. A file in alphabetical order has lost its author's order; there the
// fields that say what the object is come first, then the required ones.
func order(s *apiextensionsv1.JSONSchemaProps, node *yaml.Node) []string {
	var names []string
	if node != nil {
		for i := 0; i+1 < len(node.Content); i += 2 {
			names = append(names, node.Content[i].Value)
		}
	}
	if len(names) != len(s.Properties) {
		// An alias or merge key in the file: the typed form alone is complete.
		names = slices.Sorted(maps.Keys(s.Properties))
	}
	if !slices.IsSorted(names) {
		return names
	}
	rank := func(name string) int {
		if i := slices.Index([]string{"metadata", "id", "type"}, name); i >= 0 {
			return i
		}
		if slices.Contains(s.Required, name) {
			return 10
		}
		return 11
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names
}
