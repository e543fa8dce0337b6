package crdgentest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/millrace/millrace/internal/crdgen"
)

// Corpus returns the directory that holds crds/ and corpus/, which the
// environment variable MILLRACE_CORPUS names. The test fails without it.
func Corpus(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("MILLRACE_CORPUS")
	if dir == "" {
		tb.Fatal("MILLRACE_CORPUS is not set: it names the directory that holds crds/ and corpus/")
	}
	return dir
}

// StrimziCRDs returns the directory of the CRDs that package strimziv1 is made
// of.
func StrimziCRDs(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(Corpus(tb), "crds", "strimzi-1.2.0")
}

// ApacheCRDs returns the directory of the CRDs that package apachev1 is made of.
func ApacheCRDs(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(Corpus(tb), "crds", "spark-apache-1.0")
}

// KarpenterCRDs returns the directory of the CRDs that package karpenterv1 is
// made of, in the module cache.
func KarpenterCRDs(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(module(tb, "sigs.k8s.io/karpenter@v1.14.1"), "pkg", "apis", "crds")
}

// KarpenterAWSCRDs returns the directory of the CRDs that package
// karpenterawsv1 is made of, in the module cache.
func KarpenterAWSCRDs(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(module(tb, "github.com/aws/karpenter-provider-aws@v1.14.1"), "pkg", "apis", "crds")
}

// GKECRDs returns a directory with the CRD that package computeclassv1 is made
// of.
func GKECRDs(tb testing.TB) string {
	tb.Helper()
	about := crdgen.ComputeClass
	schema, err := os.ReadFile(filepath.Join(Corpus(tb), "crds", "gke", about.File))
	if err != nil {
		tb.Fatal(err)
	}
	crd, err := crdgen.Wrap(about, schema)
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	if err := os.WriteFile(filepath.Join(dir, about.CRD()), crd, 0o600); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// KEDACRDs returns the directory of the CRDs that package kedav1alpha1 is made
// of, in the module cache.
func KEDACRDs(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(module(tb, "github.com/kedacore/keda/v2@v2.21.0"), "config", "crd", "bases")
}

// module returns where a module lies; the go command downloads it where it is
// missing.
func module(tb testing.TB, version string) string {
	tb.Helper()
	cmd := exec.Command("go", "mod", "download", "-json", version)
	// Outside of any module, so that go.sum stays as it is.
	cmd.Dir = tb.TempDir()
	out, err := cmd.Output()
	if err != nil {
		tb.Fatalf("go mod download: %v\n%s", err, out)
	}
	var known struct{ Dir string }
	if err := json.Unmarshal(out, &known); err != nil {
		tb.Fatal(err)
	}
	return known.Dir
}
