package builtin_test

import (
	"math/rand/v2"
	"testing"

	"github.com/millrace/millrace/internal/oracle/mutation"
)

// TestMetadata aims at names, labels, annotations, finalizers and owners.
func TestMetadata(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	r := rand.New(rand.NewPCG(6, 6))
	all := kinds()
	for range 50 * *mutations {
		g := all[r.IntN(len(all))]
		m := mutation.Metadata(r)
		if r.IntN(12) == 0 {
			text := func() any { return mutation.Text(r) }
			m["managedFields"] = []any{map[string]any{"operation": text(), "manager": text(), "time": text(), "fieldsV1": mutation.Value(r), "apiVersion": text()}}
		}
		obj := map[string]any{"metadata": m}
		obj["apiVersion"], obj["kind"] = g.ToAPIVersionAndKind()
		v.compare(t, g, obj, "metadata")
	}
	v.log(t)
}
