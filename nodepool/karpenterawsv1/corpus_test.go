//go:build corpus

package karpenterawsv1_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/crdgen"
	"github.com/millrace/millrace/internal/crdgen/crdgentest"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

// Every property of the schema has a Go field of a fitting type that keeps its
// zero, and every Go field has a property.
func TestTypesFitTheSchema(t *testing.T) {
	defs, err := crdgen.Load(crdgentest.KarpenterAWSCRDs(t), crdgen.KarpenterAWS().Files)
	if err != nil {
		t.Fatal(err)
	}
	got, err := defs[0].Compare(reflect.TypeFor[karpenterawsv1.EC2NodeClass]())
	if err != nil {
		t.Fatal(err)
	}
	want := crdgen.Comparison{
		Properties: got.Properties,
		// No generation is 0.
		Foreign: []string{"v1.Condition.observedGeneration: drops a zero"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	t.Logf("%d schema properties", got.Properties)
}
