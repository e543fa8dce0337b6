package policy

import (
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/builtin"
	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/internal/yaml"
)

// Schema returns the profile of what the API server itself checks, and
// nothing more: the schemas of the custom resources that millrace knows, with
// their CEL rules, and the fields and the validation of Kubernetes' own kinds,
// as Kubernetes 1.37 has them. Production checks the same beside its rules.
//
// The ids are "schema/…", as in schema/required and schema/unknown-field, and
// one for each CEL rule.
func Schema() Profile { return Profile{name: "schema", schema: true} }

// schemaRules are the rules that the schemas hold, with those ported from CEL.
// Waivers may name them. What breaks a rule of Argo 4 is found as
// workflow/argo-4, whatever rule it is.
func schemaRules() []schema.Rule {
	return slices.DeleteFunc(slices.Concat(schema.General(), schema.Rules()), func(r schema.Rule) bool { return strings.HasPrefix(r.ID, "argo/") })
}

// checkSchema holds a subject against the schema of its kind, if there is one.
// One that is embedded in a workflow is given the benefit of the doubt where a
// value is filled in later.
func checkSchema(s subject, report func(schema.Problem)) error {
	o := s.raw
	if k, ok := builtin.Of(o); ok {
		k.CheckTyped(o, report)
		return nil
	}
	gvk := gvkOf(o)
	if p, ok := builtin.Removed(gvk); ok {
		report(p)
		return nil
	}
	var check func(map[string]any, func(schema.Problem))
	if k, ok := builtin.For(gvk); ok {
		check = k.Check
	} else if k, ok := schema.For(gvk); ok {
		check = k.Check
	} else {
		return nil
	}
	tree, err := s.tree()
	if err != nil {
		return err
	}
	check(tree, func(p schema.Problem) {
		if s.field == "" || !filledIn(tree, p) {
			report(p)
		}
	})
	return nil
}

func gvkOf(o millrace.Object) schema.GVK {
	gvk := o.GetObjectKind().GroupVersionKind()
	return schema.GVK{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind}
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
