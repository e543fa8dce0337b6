package schema_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/millrace/millrace/internal/oracle/mutation"
	"github.com/millrace/millrace/internal/schema"
)

var mutations = flag.Int("mutations", 60, "how many mutations of each document and of each made object")

// generate returns a value that the schema may or may not allow: mostly the right
// type, with fields that the corpus never has.
func generate(r *rand.Rand, s *structural.Structural, depth int) any {
	if s == nil || r.IntN(60) == 0 {
		return mutation.Value(r)
	}
	if v := s.ValueValidation; v != nil && len(v.Enum) > 0 && r.IntN(20) > 0 {
		return runtime.DeepCopyJSONValue(v.Enum[r.IntN(len(v.Enum))].Object)
	}
	switch {
	case s.XIntOrString:
		return []any{int64(r.IntN(10)), "1Gi", "500m", "50%"}[r.IntN(4)]
	case s.Type == "object":
		return generateObject(r, s, depth)
	case s.Type == "array":
		out := []any{}
		for range r.IntN(4) {
			out = append(out, generate(r, s.Items, depth+1))
		}
		return out
	case s.Type == "string":
		if v := s.ValueValidation; v != nil && v.Format == "date-time" {
			return "2026-01-02T15:04:05Z"
		}
		return []any{"a", "b", "c", "name-1", "http", "karpenter.sh/capacity-type", "In", "10m"}[r.IntN(8)]
	case s.Type == "integer":
		return int64(r.IntN(100))
	case s.Type == "number":
		return []any{int64(r.IntN(100)), r.Float64()}[r.IntN(2)]
	case s.Type == "boolean":
		return r.IntN(2) == 0
	}
	return mutation.Value(r)
}

func generateObject(r *rand.Rand, s *structural.Structural, depth int) any {
	out := map[string]any{}
	if s.AdditionalProperties != nil {
		for range r.IntN(3) {
			out[[]string{"a", "b", "nodes", "app.kubernetes.io/name"}[r.IntN(4)]] = generate(r, s.AdditionalProperties.Structural, depth+1)
		}
	}
	var required []string
	if s.ValueValidation != nil {
		required = s.ValueValidation.Required
	}
	// Deep objects take few of their fields, or they would not end.
	odds := 1 + depth*len(s.Properties)/8
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if slices.Contains(required, name) && r.IntN(30) > 0 || r.IntN(odds) == 0 {
			child := s.Properties[name]
			out[name] = generate(r, &child, depth+1)
		}
	}
	return out
}

// newObject makes an object of a kind.
func newObject(r *rand.Rand, s *server) map[string]any {
	obj, ok := generate(r, s.structural, 1).(map[string]any)
	if !ok {
		obj = map[string]any{}
	}
	obj["apiVersion"], obj["kind"] = s.gvk.Group+"/"+s.gvk.Version, s.gvk.Kind
	obj["metadata"] = map[string]any{
		"name": "x", "labels": map[string]any{"a": "b", "app.kubernetes.io/name": "x"},
		"annotations":     map[string]any{"a": "any text"},
		"finalizers":      []any{"example.com/x"},
		"ownerReferences": []any{map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": "u", "controller": true}},
	}
	return obj
}

// verdicts holds what a run found.
type verdicts struct {
	cases, invalid, differ int
	rules                  map[string]int
}

func (v *verdicts) compare(t *testing.T, g schema.GVK, obj map[string]any, what string) {
	t.Helper()
	want := servers(t)[g].create(obj)
	got := engine(t, g, obj)
	v.cases++
	if len(want.paths) > 0 {
		v.invalid++
	}
	for _, rules := range got {
		for rule := range strings.FieldsSeq(rules) {
			v.rules[rule]++
		}
	}
	if diff := disagree(want, got); diff != "" {
		if v.differ++; v.differ <= 20 {
			t.Errorf("%v: %s:\n%s", g, what, diff)
		}
	}
}

func (v *verdicts) log(t *testing.T) {
	t.Helper()
	t.Logf("%d objects, %d of them invalid, %d disagreements", v.cases, v.invalid, v.differ)
	for _, rule := range slices.Sorted(maps.Keys(v.rules)) {
		t.Logf("%7d %s", v.rules[rule], rule)
	}
}

// TestMutations: both say the same, at the same paths, of every document of the
// corpus after one, two or three random changes.
func TestMutations(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	for i, d := range documents(t) {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		for range *mutations {
			obj := runtime.DeepCopyJSON(d.obj)
			var what []string
			for range 1 + r.IntN(3) {
				what = append(what, mutation.Object(r, obj))
			}
			v.compare(t, d.gvk, obj, d.file+": "+strings.Join(what, ", "))
		}
	}
	v.log(t)
	if v.cases < 5000 {
		t.Errorf("only %d mutations", v.cases)
	}
}

// TestMade does the same with objects made of the schemas, whose fields the
// corpus doesn't have.
func TestMade(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	all := servers(t)
	for i, g := range sortedGVKs(all) {
		r := rand.New(rand.NewPCG(2, uint64(i)))
		for j := range 4 * *mutations {
			obj := newObject(r, all[g])
			var what []string
			for range r.IntN(3) {
				what = append(what, mutation.Object(r, obj))
			}
			v.compare(t, g, obj, fmt.Sprintf("made %d, %s", j, strings.Join(what, ", ")))
		}
	}
	v.log(t)
}
