package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/internal/schema/wire"
)

// prose are the keywords that constrain nothing. x-kubernetes-map-type and
// atomic lists tell server-side apply how to merge; the server validates
// neither.
var prose = []string{"description", "example", "x-kubernetes-map-type"}

// add stores a schema and everything below it, and returns its reference.
func (t *table) add(path string, s map[string]any) (int, error) {
	n := &wire.Node{}
	for _, key := range slices.Sorted(maps.Keys(s)) {
		if slices.Contains(prose, key) {
			continue
		}
		if err := t.keyword(path, n, s, key); err != nil {
			return 0, fmt.Errorf("%s: %s: %w", path, key, err)
		}
	}
	if n.Preserve && (n.Items != 0 || n.Additional != 0) {
		return 0, fmt.Errorf("%s: unknown fields are kept beside items or additionalProperties", path)
	}
	// A field with a default is never missing.
	n.Required = slices.DeleteFunc(n.Required, func(name string) bool {
		at := n.Properties[name]
		return at > 0 && t.kind.Nodes[at-1].Defaulted
	})
	return t.place(n)
}

// keyword takes one keyword of a schema over into the node.
func (t *table) keyword(path string, n *wire.Node, s map[string]any, key string) (err error) {
	value := s[key]
	switch key {
	case "type":
		n.Type, err = as[string](value)
	case "nullable":
		n.Nullable, err = as[bool](value)
	case "format":
		n.Format, err = format(s)
	case "pattern":
		n.Pattern, err = as[string](value)
	case "minimum":
		n.Minimum, err = number(value)
	case "maximum":
		n.Maximum, err = number(value)
	case "minLength":
		n.MinLength, err = count(value)
	case "maxLength":
		n.MaxLength, err = count(value)
	case "minItems":
		n.MinItems, err = count(value)
	case "maxItems":
		n.MaxItems, err = count(value)
	case "minProperties":
		n.MinProps, err = count(value)
	case "maxProperties":
		n.MaxProps, err = count(value)
	case "required":
		n.Required, err = stringList(value)
	case "enum":
		n.Enum, err = stringList(value)
	case "default":
		n.Default, n.Defaulted = value, true
	case "x-kubernetes-int-or-string":
		n.IntOrString, err = as[bool](value)
	case "x-kubernetes-preserve-unknown-fields":
		n.Preserve, err = as[bool](value)
	case "x-kubernetes-list-map-keys":
		n.ListKeys, err = stringList(value)
	case "x-kubernetes-list-type":
		if n.ListType, err = as[string](value); n.ListType == "atomic" {
			n.ListType = ""
		}
	case "x-kubernetes-validations":
		n.Rules, err = t.rules(path, value)
	case "anyOf":
		if text, _ := json.Marshal(value); s["x-kubernetes-int-or-string"] != true || string(text) != `[{"type":"integer"},{"type":"string"}]` {
			err = fmt.Errorf("the engine doesn't know it")
		}
	case "oneOf":
		n.OneOf, err = oneOf(value)
	case "properties":
		n.Properties = map[string]int{}
		var fields map[string]any
		if fields, err = as[map[string]any](value); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if n.Properties[name], err = t.child(path+"."+name, fields[name]); err != nil {
				return err
			}
		}
	case "items":
		n.Items, err = t.child(path+"[]", value)
	case "additionalProperties":
		n.Additional, err = t.child(path+"{}", value)
	default:
		err = fmt.Errorf("the engine doesn't know it")
	}
	return err
}

func (t *table) child(path string, value any) (int, error) {
	s, err := as[map[string]any](value)
	if err != nil {
		return 0, err
	}
	return t.add(path, s)
}

// rules returns the ids of the Go rules that stand for the CEL rules. A rule
// that compares with the object before has nothing to say about a new one.
func (t *table) rules(path string, value any) ([]string, error) {
	list, err := as[[]any](value)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, item := range list {
		rule, err := as[map[string]any](item)
		if err != nil {
			return nil, err
		}
		text, err := as[string](rule["rule"])
		if err != nil {
			return nil, err
		}
		for key := range rule {
			if key != "rule" && key != "message" {
				return nil, fmt.Errorf("the engine doesn't know %q", key)
			}
		}
		id, ok := schema.RuleOf(text)
		if !ok {
			return nil, fmt.Errorf("no Go rule for %s at %s (digest %s)", text, path, schema.Digest(text))
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// oneOf returns the fields of which exactly one must be there. A single
// alternative without a constraint says nothing.
func oneOf(value any) ([]string, error) {
	list, err := as[[]any](value)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, item := range list {
		alternative, err := as[map[string]any](item)
		if err != nil {
			return nil, err
		}
		fields, err := as[map[string]any](alternative["properties"])
		if err != nil {
			return nil, err
		}
		for _, field := range fields {
			if s, err := as[map[string]any](field); err != nil || len(s) > 0 {
				return nil, fmt.Errorf("the engine knows alternatives of required fields only")
			}
		}
		if len(list) == 1 && len(alternative) == 1 {
			return nil, nil
		}
		required, err := stringList(alternative["required"])
		if err != nil || len(alternative) != 2 || len(required) != 1 || len(fields) != 1 {
			return nil, fmt.Errorf("the engine knows alternatives of one required field only")
		}
		names = append(names, required[0])
	}
	return names, nil
}

// format keeps the formats that the server knows for the type.
func format(s map[string]any) (string, error) {
	f, err := as[string](s["format"])
	if err != nil {
		return "", err
	}
	switch s["type"] {
	case "integer":
		if f == "int32" || f == "int64" {
			return f, nil
		}
	case "string":
		if f == "byte" || f == "date-time" {
			return f, nil
		}
	}
	return "", fmt.Errorf("the engine doesn't know %q of type %v", f, s["type"])
}

func as[T any](value any) (T, error) {
	v, ok := value.(T)
	if !ok {
		return v, fmt.Errorf("is %T, want %T", value, v)
	}
	return v, nil
}

func number(value any) (*float64, error) {
	switch v := value.(type) {
	case int:
		return new(float64(v)), nil
	case float64:
		return &v, nil
	}
	return nil, fmt.Errorf("is %T, want a number", value)
}

func count(value any) (*int, error) {
	v, err := as[int](value)
	return &v, err
}

func stringList(value any) ([]string, error) {
	list, err := as[[]any](value)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(list))
	for i, item := range list {
		if out[i], err = as[string](item); err != nil {
			return nil, err
		}
	}
	return out, nil
}
