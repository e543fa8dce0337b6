//go:build corpus

package strimziv1_test

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/crdgen"
	"github.com/millrace/millrace/internal/crdgen/crdgentest"
)

var update = flag.Bool("update", false, "write the golden files in testdata")

// Every property of the ten schemas has a Go field of a fitting type that keeps
// its zero, and every Go field has a property, apart from what the Kubernetes
// types bring along.
func TestTypesFitTheSchemas(t *testing.T) {
	cfg := crdgen.Strimzi()
	defs, err := crdgen.Load(crdgentest.StrimziCRDs(t), cfg.Files)
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]reflect.Type{}
	for _, o := range kinds() {
		types[reflect.TypeOf(o).Elem().Name()] = reflect.TypeOf(o).Elem()
	}
	properties := 0
	extra, foreign := map[string]bool{}, map[string]bool{}
	for _, d := range defs {
		kind := d.CRD.Spec.Names.Kind
		c, err := d.Compare(types[kind])
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range append(c.Missing, c.Unfaithful...) {
			t.Error(m)
		}
		properties += c.Properties
		for _, f := range c.Extra {
			extra[f] = true
		}
		for _, f := range c.Foreign {
			foreign[f] = true
		}
		delete(types, kind)
	}
	if len(types) > 0 {
		t.Errorf("kinds without a CRD: %v", types)
	}
	t.Logf("%d kinds, %d schema properties", len(defs), properties)

	// The Kubernetes types of this version that are wider than Strimzi's copy.
	wantExtra := set(
		"v1.ConfigMapVolumeSource.defaultUser",
		"v1.EmptyDirVolumeSource.mode",
		"v1.KeyToPath.user",
		"v1.SecretVolumeSource.defaultUser",
		"v1.VolumeMount.bindMountOptions",
	)
	if diff := cmp.Diff(wantExtra, extra); diff != "" {
		t.Errorf("fields beyond the schema: %s", diff)
	}

	// What the Kubernetes types do to zero values. None of it changes a
	// meaning: a dropped zero is the default there, and a written one stands
	// where Kubernetes requires a value that Strimzi's schema does not ask for.
	got := strings.Join(slices.Sorted(maps.Keys(foreign)), "\n") + "\n"
	const golden = "testdata/kubernetes-zeros.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("zero values in Kubernetes types: %s", diff)
	}
}

func set(members ...string) map[string]bool {
	out := map[string]bool{}
	for _, m := range members {
		out[m] = true
	}
	return out
}

// Strimzi's own examples come back as they went in.
func TestExamplesRoundTrip(t *testing.T) {
	types := map[string]reflect.Type{}
	for _, o := range kinds() {
		types[reflect.TypeOf(o).Elem().Name()] = reflect.TypeOf(o).Elem()
	}
	count := map[string]int{}
	total := 0
	root := filepath.Join(crdgentest.Corpus(t), "corpus", "strimzi-1.2.0")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		r := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
		for {
			doc, err := r.Read()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			var meta metav1.TypeMeta
			if err := sigsyaml.Unmarshal(doc, &meta); err != nil {
				return err
			}
			if !strings.HasSuffix(meta.GroupVersionKind().Group, "strimzi.io") {
				continue
			}
			typ := types[meta.Kind]
			if typ == nil {
				t.Errorf("%s: no type for %s", path, meta.Kind)
				continue
			}
			diffs, err := crdgentest.RoundTrip(doc, reflect.New(typ).Interface())
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			for _, d := range diffs {
				t.Errorf("%s: %s%s", path, meta.Kind, d)
			}
			count[meta.Kind]++
			total++
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if total == 0 {
		t.Error("no documents")
	}
	t.Logf("%d documents: %v", total, count)
}
