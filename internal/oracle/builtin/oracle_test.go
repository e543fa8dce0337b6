package builtin_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
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

// engine is what the engine under test says: the rules by path. It says the
// same of the typed object, where there is one that holds all.
func engine(tb testing.TB, gvk schema.GroupVersionKind, tree map[string]any) map[string]string {
	tb.Helper()
	kind, ok := builtin.For(ours.GVK{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind})
	if !ok {
		tb.Fatalf("the engine has no %v", gvk)
	}
	out, typed := map[string]string{}, map[string]string{}
	collect := func(out map[string]string) func(ours.Problem) {
		return func(p ours.Problem) {
			path := coarse(gvk, plain(p.Path))
			out[path] = out[path] + p.Rule + " "
		}
	}
	whole := true
	kind.Check(tree, func(p ours.Problem) {
		whole = whole && !slices.Contains(structural, p.Rule)
		collect(out)(p)
	})
	if !whole {
		return out
	}
	o := kind.New()
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(tree, o); err != nil {
		tb.Fatal(err)
	}
	kind.CheckTyped(o, collect(typed))
	if !maps.Equal(out, typed) {
		tb.Errorf("%v: as a tree: %v\nas a struct: %v", gvk, out, typed)
	}
	return out
}

// structural are the rules of what can't be decoded, or has no place.
var structural = []string{ours.RuleType, ours.RuleFormat, ours.RuleKind, ours.RuleUnknown}

// disagree says where the two differ, and is empty where they don't.
//
// What can't be decoded the server doesn't validate. There only the structure
// is compared: the engine may say more, about metadata.
func disagree(want verdict, got map[string]string) string {
	if want.panics {
		if len(got) == 0 {
			return "the server panics, and the engine has nothing against it"
		}
		return ""
	}
	var out []string
	all := want.all()
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
