package builtin_test

import (
	"flag"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/builtin"
	ours "github.com/millrace/millrace/internal/schema"
)

var bracketed = regexp.MustCompile(`\[([^\]]*)\]`)

// plain writes a path in one way: the server has three for the key of a map.
func plain(path string) string {
	return strings.TrimPrefix(bracketed.ReplaceAllString(path, ".$1"), ".")
}

// engine is what the engine under test says: the rules by path.
func engine(tb testing.TB, gvk schema.GroupVersionKind, tree map[string]any) map[string]string {
	tb.Helper()
	kind, ok := builtin.For(gvk.Group, gvk.Version, gvk.Kind)
	if !ok {
		tb.Fatalf("the engine has no %v", gvk)
	}
	out := map[string]string{}
	kind.Check(tree, func(p ours.Problem) {
		path := plain(p.Path)
		out[path] = out[path] + p.Rule + " "
	})
	return out
}

// structural are the rules of what can't be decoded, or has no place.
var structural = []string{ours.RuleType, ours.RuleFormat, ours.RuleKind, ours.RuleUnknown}

// disagree says where the two differ, and is empty where they don't.
//
// What can't be decoded the server doesn't validate. There only the structure
// is compared: the engine may say more, about metadata.
func disagree(want verdict, got map[string]string) string {
	var out []string
	all := want.all()
	if *structureOnly {
		maps.DeleteFunc(all, func(k, _ string) bool { return want.values[k] != "" && !strings.HasPrefix(k, "metadata.") })
	}
	for path, why := range all {
		if got[path] == "" {
			out = append(out, fmt.Sprintf("only the server: %s: %s", path, why))
		}
	}
	for path, rules := range got {
		if all[path] != "" {
			continue
		}
		if len(want.types) > 0 && !slices.ContainsFunc(structural, func(rule string) bool { return strings.Contains(rules, rule) }) {
			continue
		}
		out = append(out, fmt.Sprintf("only the engine: %s: %s", path, rules))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// parse reads one YAML document as the server does.
func parse(text []byte) (map[string]any, error) {
	data, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(data); err != nil {
		return nil, err
	}
	return u.Object, nil
}

var structureOnly = flag.Bool("structure", false, "compare structure and metadata only")
