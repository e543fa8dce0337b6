//go:build corpus

package kedav1alpha1_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/crdgen"
	"github.com/millrace/millrace/internal/crdgen/crdgentest"
)

// foreign is what the Kubernetes types drop: an empty list of scaling policies,
// which Kubernetes takes for none.
var foreign = [][]string{{"v2.HPAScalingRules.policies: drops an empty list"}, nil}

// Every property of the schemas has a Go field of a fitting type that keeps
// its zero, and every Go field has a property.
func TestTypesFitTheSchemas(t *testing.T) {
	defs, err := crdgen.Load(crdgentest.KEDACRDs(t), crdgen.KEDA().Files)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range kinds() {
		got, err := defs[i].Compare(reflect.TypeOf(o).Elem())
		if err != nil {
			t.Fatal(err)
		}
		want := crdgen.Comparison{Properties: got.Properties, Foreign: foreign[i]}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%T: %s", o, diff)
		}
		t.Logf("%T: %d schema properties", o, got.Properties)
	}
}
