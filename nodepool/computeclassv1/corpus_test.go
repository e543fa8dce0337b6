//go:build corpus

package computeclassv1_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/crdgen"
	"github.com/millrace/millrace/internal/crdgen/crdgentest"
	"github.com/millrace/millrace/nodepool/computeclassv1"
)

// Every property of the schema has a Go field of a fitting type that keeps its
// zero, and every Go field has a property.
func TestTypesFitTheSchema(t *testing.T) {
	defs, err := crdgen.Load(crdgentest.GKECRDs(t), crdgen.ComputeClassV1().Files)
	if err != nil {
		t.Fatal(err)
	}
	got, err := defs[0].Compare(reflect.TypeFor[computeclassv1.ComputeClass]())
	if err != nil {
		t.Fatal(err)
	}
	want := crdgen.Comparison{
		Properties: got.Properties,
		// The API server sets it, and nobody else.
		Extra: []string{"v1.Taint.timeAdded"},
		// A taint without a value and one with an empty value are the same, and
		// no generation is 0.
		Foreign: []string{"v1.Condition.observedGeneration: drops a zero", "v1.Taint.value: drops a zero"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	t.Logf("%d schema properties", got.Properties)
}
