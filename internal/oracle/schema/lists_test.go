package schema_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/millrace/millrace/internal/schema"
)

// TestLists aims at sets and map keys: short lists and long ones, keys that are
// missing, null, there by default, of another type, or whole objects.
func TestLists(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	r := rand.New(rand.NewPCG(5, 5))
	pick := func(values ...any) any { return runtime.DeepCopyJSONValue(values[r.IntN(len(values))]) }
	many := func(item func() any) []any {
		out := []any{}
		for range r.IntN(3 + 20*r.IntN(2)) {
			out = append(out, item())
		}
		return out
	}
	set := func(m map[string]any, name string, values ...any) {
		if v := pick(values...); v != "absent" {
			m[name] = v
		}
	}
	spark := schema.GVK{Group: "sparkoperator.k8s.io", Version: "v1beta2", Kind: "SparkApplication"}
	job := load(t, "../../../spark/testdata/everything.yaml", "SparkApplication")
	pool, nodes := base(t, "NodePool")
	for range 20 * *mutations {
		odd := func() any {
			return pick(nil, "x", map[string]any{}, map[string]any{"containerPort": nil}, []any{}, int64(3))
		}
		port := func() any {
			if r.IntN(40) == 0 {
				return odd()
			}
			m := map[string]any{}
			set(m, "containerPort", int64(1), int64(2), int64(3), int64(1+r.IntN(30)), 1.0, "1", nil, "absent")
			set(m, "protocol", "TCP", "UDP", nil, "absent", "absent")
			return m
		}
		variable := func() any {
			m := map[string]any{}
			set(m, "name", "a", "b", "c", fmt.Sprint(r.IntN(30)), fmt.Sprint(r.IntN(30)), nil, int64(1), 1.0, true, map[string]any{"a": int64(1)}, map[string]any{"a": 1.0}, []any{"a"}, "absent")
			return m
		}
		obj := runtime.DeepCopyJSON(job)
		obj["spec"].(map[string]any)["driver"].(map[string]any)["sidecars"] = []any{map[string]any{"name": "x", "ports": many(port), "env": many(variable)}}
		v.compare(t, spark, obj, "ports")

		obj = runtime.DeepCopyJSON(nodes)
		reason := func() any {
			return pick("Underutilized", "Empty", "Drifted", fmt.Sprint(r.IntN(30)), nil, int64(1), 1.0, map[string]any{"a": int64(1)}, map[string]any{"a": 1.0}, []any{"a", nil}, []any{})
		}
		obj["spec"].(map[string]any)["disruption"] = map[string]any{"consolidateAfter": "0s", "budgets": []any{map[string]any{"nodes": "1", "reasons": many(reason)}}}
		v.compare(t, pool, obj, "reasons")
	}
	v.log(t)
}
