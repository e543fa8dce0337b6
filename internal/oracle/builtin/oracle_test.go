package builtin_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/builtin"
	ours "github.com/millrace/millrace/internal/schema"
)

var bracketed = regexp.MustCompile(`\[([^\]]*)\]`)

// plain writes a path in one way: the server has three for the key of a map.
func plain(path string) string {
	path = bracketed.ReplaceAllStringFunc(path, func(s string) string {
		inner := s[1 : len(s)-1]
		if strings.Trim(inner, "0123456789") == "" && inner != "" {
			return s
		}
		return "." + inner
	})
	return strings.TrimPrefix(path, ".")
}

// engine is what the engine under test says: the rules by path. It says
// nothing of what it can't decode.
func engine(tb testing.TB, gvk schema.GroupVersionKind, tree map[string]any) map[string]string {
	tb.Helper()
	obj, err := scheme.Scheme.New(gvk)
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string]string{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(tree, obj); err != nil {
		return out
	}
	builtin.Check(obj, func(p ours.Problem) {
		path := plain(p.Path)
		out[path] = out[path] + p.Rule + " "
	})
	return out
}

// disagree says where the two differ, and is empty where they don't.
func disagree(want verdict, got map[string]string) string {
	var out []string
	if len(want.types)+len(want.unknown) > 0 {
		return "" // STEP 2
	}
	for path, why := range want.all() {
		if got[path] == "" && !strings.HasPrefix(path, "metadata.") {
			out = append(out, fmt.Sprintf("only the server: %s: %s", path, why))
		}
	}
	for path, rule := range got {
		if want.all()[path] == "" {
			out = append(out, fmt.Sprintf("only the engine: %s: %s", path, rule))
		}
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

var _ metav1.Object
