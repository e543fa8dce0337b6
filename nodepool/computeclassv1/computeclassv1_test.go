package computeclassv1_test

import (
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/millrace/millrace/internal/crdgen/crdgentest"
	"github.com/millrace/millrace/nodepool/computeclassv1"
)

func TestZeroValuesThatMatter(t *testing.T) {
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"machines on demand, said", computeclassv1.Priority{Spot: new(false)}, `{"spot":false}`},
		{"nothing is taken away", computeclassv1.AutoscalingPolicy{ConsolidationThreshold: new(int64(0))}, `{"consolidationThreshold":0}`},
		{"no pools are made", computeclassv1.Enabled{}, `{"enabled":false}`},
		{"no priorities, said", computeclassv1.ComputeClassSpec{WhenUnsatisfiable: "ScaleUpAnyway", Priorities: []computeclassv1.Priority{}},
			`{"whenUnsatisfiable":"ScaleUpAnyway","priorities":[]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { crdgentest.Writes(t, tt.in, tt.want) })
	}
}

func TestEveryZeroValue(t *testing.T) {
	if n := crdgentest.Zeros(t, &computeclassv1.ComputeClass{}); n < 100 {
		t.Errorf("only %d fields checked", n)
	}
}

func TestDeepCopy(t *testing.T) {
	crdgentest.DeepCopies(t, 100, &computeclassv1.ComputeClass{}, &computeclassv1.ComputeClassList{})
}

func TestAddToScheme(t *testing.T) {
	s := runtime.NewScheme()
	if err := computeclassv1.AddToScheme(s); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"ComputeClass", "ComputeClassList"} {
		if !s.Recognizes(computeclassv1.GroupVersion.WithKind(kind)) {
			t.Errorf("%s is not registered", kind)
		}
	}
}
