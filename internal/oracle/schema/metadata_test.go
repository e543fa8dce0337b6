package schema_test

import (
	"math/rand/v2"
	"testing"

	"github.com/millrace/millrace/internal/oracle/mutation"
)

// TestMetadata aims at names, labels, annotations, finalizers and owners.
func TestMetadata(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	r := rand.New(rand.NewPCG(6, 6))
	kinds := sortedGVKs(servers(t))
	for range 100 * *mutations {
		g := kinds[r.IntN(len(kinds))]
		obj := map[string]any{"apiVersion": g.Group + "/" + g.Version, "kind": g.Kind, "metadata": mutation.Metadata(r), "spec": map[string]any{}}
		v.compare(t, g, obj, "metadata")
	}
	v.log(t)
}
