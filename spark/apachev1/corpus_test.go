//go:build corpus

package apachev1_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/crdgen"
	"github.com/millrace/millrace/internal/crdgen/crdgentest"
	"github.com/millrace/millrace/internal/yaml"
)

func types() map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for _, o := range kinds() {
		out[reflect.TypeOf(o).Elem().Name()] = reflect.TypeOf(o).Elem()
	}
	return out
}

// Every property of both schemas has a Go field of a fitting type that keeps
// its zero, and every Go field has a property, apart from what the Kubernetes
// types bring along.
func TestTypesFitTheSchemas(t *testing.T) {
	cfg := crdgen.Apache()
	defs, err := crdgen.Load(crdgentest.ApacheCRDs(t), cfg.Files)
	if err != nil {
		t.Fatal(err)
	}
	wider := map[string]bool{}
	for _, m := range cfg.Mappings {
		for _, f := range m.Wider {
			wider[f] = true
		}
	}
	properties := 0
	for _, d := range defs {
		c, err := d.Compare(types()[d.CRD.Spec.Names.Kind])
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range c.Missing {
			// What the operator writes and Kubernetes has renamed since.
			if !strings.HasSuffix(m.Path, ".lastObservedDriverStatus.nodeAllocatableResourceClaimStatuses[].resources") {
				t.Error(m)
			}
		}
		for _, m := range c.Unfaithful {
			t.Error(m)
		}
		for _, f := range c.Extra {
			if !wider[f] {
				t.Errorf("the schema lacks %s", f)
			}
		}
		properties += c.Properties
	}
	if properties < 5000 {
		t.Errorf("only %d properties", properties)
	}
	t.Logf("%d kinds, %d schema properties", len(defs), properties)
}

// Upstream's own examples come back as they went in, through millrace's writer,
// which leaves out the nulls that the Kubernetes types make of lists.
func TestExamplesRoundTrip(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(crdgentest.Corpus(t), "corpus", "spark-apache-1.0", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, file := range files {
		doc, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var meta metav1.TypeMeta
		if err := sigsyaml.Unmarshal(doc, &meta); err != nil {
			t.Fatal(err)
		}
		o := reflect.New(types()[meta.Kind]).Interface()
		if err := sigsyaml.UnmarshalStrict(doc, o); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		back, err := yaml.AppendJSON(nil, o)
		if err != nil {
			t.Fatal(err)
		}
		// Kubernetes' type writes the name of a service that nobody named: it is
		// required there.
		back = bytes.ReplaceAll(back, []byte(`,"serviceName":""`), nil)
		var before, after any
		if err := sigsyaml.Unmarshal(doc, &before); err != nil {
			t.Fatal(err)
		}
		if err := json.NewDecoder(bytes.NewReader(back)).Decode(&after); err != nil {
			t.Fatal(err)
		}
		// "0.1" of a CPU comes back as "100m".
		if diff := cmp.Diff(before, after, cmp.FilterValues(sameAmount, cmp.Ignore())); diff != "" {
			t.Errorf("%s: %s", filepath.Base(file), diff)
		}
		count[meta.Kind]++
	}
	if diff := cmp.Diff(map[string]int{"SparkApplication": 10, "SparkCluster": 3}, count); diff != "" {
		t.Errorf("%v: %s", slices.Sorted(maps.Keys(count)), diff)
	}
}

func sameAmount(a, b string) bool { return min(a, b) == "0.1" && max(a, b) == "100m" }
