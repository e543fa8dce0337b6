package policy

import (
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/internal/yaml"
)

// Schema returns the profile of what the API server itself checks, and
// nothing more: the schemas of the custom resources that millrace knows, with
// their CEL rules. Production checks the same beside its rules.
//
// The ids are "schema/…", as in schema/required and schema/unknown-field, and
// one for each CEL rule.
func Schema() Profile { return Profile{name: "schema", schema: true} }

// schemaRules are the ids that every kind has. Waivers may name them.
var schemaRules = []string{
	schema.RuleRequired, schema.RuleType, schema.RuleEnum, schema.RulePattern, schema.RuleBounds, schema.RuleFormat,
	schema.RuleUnknown, schema.RuleDuplicate, schema.RuleOneOf, schema.RuleKind, schema.RuleMetadata, schema.RuleTooMany,
	schema.RuleInvalid, schema.RuleForbidden,
}

// checkSchema holds an object against the schema of its kind, if there is one.
func checkSchema(o millrace.Object, report func(schema.Problem)) error {
	gvk := o.GetObjectKind().GroupVersionKind()
	s, ok := schema.For(gvk.Group, gvk.Version, gvk.Kind)
	if !ok {
		return nil
	}
	tree, err := content(o)
	if err != nil {
		return err
	}
	s.Check(tree, func(p schema.Problem) {
		// What a workflow fills in can be judged only once it is.
		if text, ok := lookup(tree, p.Path).(string); ok && strings.Contains(text, "{{") || p.Rule == schema.RuleMetadata && strings.Contains(p.Detail, "{{") {
			return
		}
		report(p)
	})
	return nil
}

// content returns an object as the API server reads it.
func content(o millrace.Object) (map[string]any, error) {
	if u, ok := o.(*unstructured.Unstructured); ok {
		return u.Object, nil
	}
	data, err := yaml.AppendJSON(nil, o)
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	err = utiljson.Unmarshal(data, &tree)
	return tree, err
}

// lookup returns what stands at a path of the schema's: "a.b[0].c[key]".
func lookup(v any, path string) any {
	for path != "" && v != nil {
		var step string
		if rest, ok := strings.CutPrefix(path, "["); ok {
			step, path, _ = strings.Cut(rest, "]")
		} else {
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			step, path = path[:end], path[end:]
		}
		path = strings.TrimPrefix(path, ".")
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}
