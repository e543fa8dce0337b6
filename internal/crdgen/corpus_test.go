//go:build corpus

package crdgen_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/crdgen"
	"github.com/millrace/millrace/internal/crdgen/crdgentest"
)

// The checked-in packages are what the generator makes, twice.
func TestPackagesAreCurrent(t *testing.T) {
	tests := []struct {
		cfg  crdgen.Config
		crds string
		dir  string
	}{
		{crdgen.Strimzi(), crdgentest.StrimziCRDs(t), "../../kafka/strimziv1"},
		{crdgen.Karpenter(), crdgentest.KarpenterCRDs(t), "../../nodepool/karpenterv1"},
		{crdgen.KarpenterAWS(), crdgentest.KarpenterAWSCRDs(t), "../../nodepool/karpenterawsv1"},
		{crdgen.Apache(), crdgentest.ApacheCRDs(t), "../../spark/apachev1"},
		{crdgen.ComputeClassV1(), crdgentest.GKECRDs(t), "../../nodepool/computeclassv1"},
		{crdgen.KEDA(), crdgentest.KEDACRDs(t), "../../kafka/kedav1alpha1"},
	}
	for _, tt := range tests {
		t.Run(tt.cfg.Package, func(t *testing.T) {
			var first []crdgen.File
			for range 2 {
				defs, err := crdgen.Load(tt.crds, tt.cfg.Files)
				if err != nil {
					t.Fatal(err)
				}
				files, err := crdgen.Generate(tt.cfg, defs)
				if err != nil {
					t.Fatal(err)
				}
				crdgentest.SameFiles(t, tt.dir, files)
				if first == nil {
					first = files
				}
				if diff := cmp.Diff(first, files); diff != "" {
					t.Errorf("the second time differs: %s", diff)
				}
			}
		})
	}
}

func BenchmarkGenerateStrimzi(b *testing.B) {
	defs, err := crdgen.Load(crdgentest.StrimziCRDs(b), crdgen.Strimzi().Files)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := crdgen.Generate(crdgen.Strimzi(), defs); err != nil {
			b.Fatal(err)
		}
	}
}
