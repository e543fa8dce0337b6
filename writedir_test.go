package millrace_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

func mustBuild(t *testing.T, builders ...millrace.Builder) *millrace.Bundle {
	t.Helper()
	b, err := millrace.Build(builders...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// contents returns the files below dir by slash path.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func names(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

var pair = millrace.Parts{
	Objects: []millrace.Object{
		configMap("data", "b"),
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "data"}},
		configMap("data", "a"),
	},
	Files: []millrace.File{
		{Path: "terraform/pool.tf", Data: []byte("# tf\n")},
		{Path: "scripts/run.sh", Data: []byte("#!/bin/sh\n"), Executable: true},
	},
}

func ExampleWriteDir() {
	bundle, err := millrace.Build(pair)
	if err != nil {
		panic(err)
	}
	dir, err := os.MkdirTemp("", "manifests")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	changes, err := millrace.WriteDir(dir, bundle)
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.Join(changes.Added, "\n"))
	kustomization, _ := os.ReadFile(filepath.Join(dir, "kustomization.yaml"))
	fmt.Print(string(kustomization))
	// Output:
	// _cluster/namespace-data.yaml
	// data/configmap-a.yaml
	// data/configmap-b.yaml
	// kustomization.yaml
	// scripts/run.sh
	// terraform/pool.tf
	// apiVersion: kustomize.config.k8s.io/v1beta1
	// kind: Kustomization
	// resources:
	// - _cluster/namespace-data.yaml
	// - data/configmap-a.yaml
	// - data/configmap-b.yaml
}

func TestWriteDirTwiceChangesNothing(t *testing.T) {
	dir := t.TempDir()
	if _, err := millrace.WriteDir(dir, mustBuild(t, pair)); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	changes, err := millrace.WriteDir(dir, mustBuild(t, pair))
	if err != nil || !changes.Empty() {
		t.Errorf("second call: %+v, %v; want no changes", changes, err)
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("the second call changed files:\n%s", diff)
	}
	if _, err := millrace.WriteDir(dir, mustBuild(t, pair), millrace.Check); err != nil {
		t.Errorf("Check after writing: %v", err)
	}
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(dir, "scripts/run.sh"))
		if err != nil || info.Mode().Perm()&0o100 == 0 {
			t.Errorf("the script isn't executable: %v, %v", info.Mode(), err)
		}
	}
}

func TestWriteDirRemovesOnlyItsOwn(t *testing.T) {
	dir := t.TempDir()
	if _, err := millrace.WriteDir(dir, mustBuild(t, pair)); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(dir, "data", "mine.yaml")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	changes, err := millrace.WriteDir(dir, mustBuild(t, objects(configMap("data", "a"))))
	if err != nil {
		t.Fatal(err)
	}
	want := millrace.Changes{
		Changed: []string{"kustomization.yaml"},
		Removed: []string{"_cluster/namespace-data.yaml", "data/configmap-b.yaml", "scripts/run.sh", "terraform/pool.tf"},
	}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{".millrace", "data/configmap-a.yaml", "data/mine.yaml", "kustomization.yaml"}, names(contents(t, dir))); diff != "" {
		t.Errorf("files left (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(dir, "scripts")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the empty directory scripts is still there: %v", err)
	}
}

func TestWriteDirEmptyBundle(t *testing.T) {
	dir := t.TempDir()
	if _, err := millrace.WriteDir(dir, mustBuild(t, pair)); err != nil {
		t.Fatal(err)
	}
	if _, err := millrace.WriteDir(dir, mustBuild(t)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{".millrace"}, names(contents(t, dir))); diff != "" {
		t.Errorf("files left (-want +got):\n%s", diff)
	}
}

func TestWriteDirLeavesForeignFilesAlone(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "kustomization.yaml")
	if err := os.WriteFile(foreign, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	changes, err := millrace.WriteDir(dir, mustBuild(t, pair))
	if !changes.Empty() {
		t.Errorf("nothing was written, and %v reported", changes)
	}
	if err == nil || !strings.Contains(err.Error(), "kustomization.yaml") {
		t.Errorf("error = %v, want one that names kustomization.yaml", err)
	}
	if diff := cmp.Diff(map[string]string{"kustomization.yaml": "mine"}, contents(t, dir)); diff != "" {
		t.Errorf("the directory changed:\n%s", diff)
	}
}

// A lost inventory is no obstacle as long as the files are as rendered.
func TestWriteDirAdopts(t *testing.T) {
	dir := t.TempDir()
	if _, err := millrace.WriteDir(dir, mustBuild(t, pair)); err != nil {
		t.Fatal(err)
	}
	inventory := filepath.Join(dir, millrace.Inventory)
	before, err := os.ReadFile(inventory)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(inventory); err != nil {
		t.Fatal(err)
	}
	if _, err := millrace.WriteDir(dir, mustBuild(t, pair)); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(inventory)
	if err != nil || string(after) != string(before) {
		t.Errorf("the inventory is %q, %v; want %q", after, err, before)
	}
}

func TestWriteDirCheck(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not-there")
	bundle := mustBuild(t, pair)
	_, err := millrace.WriteDir(dir, bundle, millrace.Check)
	if drift, ok := errors.AsType[*millrace.DriftError](err); !ok || len(drift.Changes.Added) != 6 {
		t.Errorf("Check of a missing directory: %v, want 6 files missing", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("Check made the directory: %v", err)
	}
	if _, err := millrace.WriteDir(dir, bundle); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"data/configmap-a.yaml": "edited", "data/mine.yaml": "mine"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "terraform/pool.tf")); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" {
		if err := os.Chmod(filepath.Join(dir, "scripts/run.sh"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	before := contents(t, dir)
	smaller := millrace.Parts{Objects: pair.Objects[1:], Files: pair.Files}
	changes, err := millrace.WriteDir(dir, mustBuild(t, smaller), millrace.Check)
	want := millrace.Changes{
		Added:   []string{"terraform/pool.tf"},
		Changed: []string{"data/configmap-a.yaml", "kustomization.yaml", "scripts/run.sh"},
		Removed: []string{"data/configmap-b.yaml"},
	}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	drift, ok := errors.AsType[*millrace.DriftError](err)
	if !ok {
		t.Fatalf("Check returned %v, want a *DriftError", err)
	}
	for _, line := range []string{"missing: terraform/pool.tf", "different: data/configmap-a.yaml", "no longer rendered: data/configmap-b.yaml"} {
		if !strings.Contains(drift.Error(), line) {
			t.Errorf("the error lacks %q: %v", line, drift)
		}
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("Check changed files:\n%s", diff)
	}
}

func TestWriteDirStaysInside(t *testing.T) {
	for name, line := range map[string]string{"parent": "../victim", "root": "/victim", "hidden": "data/../../victim", "itself": "."} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "out")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(parent, "victim"), nil, 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, millrace.Inventory), []byte("# head\n"+line+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := millrace.WriteDir(dir, mustBuild(t, pair))
			if err == nil || !strings.Contains(err.Error(), "line 2") {
				t.Errorf("error = %v, want one that names line 2", err)
			}
			if _, err := os.Stat(filepath.Join(parent, "victim")); err != nil {
				t.Errorf("the file outside is gone: %v", err)
			}
		})
	}
	t.Run("link", func(t *testing.T) {
		outside, dir := t.TempDir(), t.TempDir()
		if err := os.Symlink(outside, filepath.Join(dir, "data")); err != nil {
			t.Fatal(err)
		}
		if _, err := millrace.WriteDir(dir, mustBuild(t, pair)); err == nil {
			t.Error("a link that leads outside was followed")
		}
		if got := names(contents(t, outside)); len(got) > 0 {
			t.Errorf("files outside: %v", got)
		}
	})
}

func TestWriteDirTellsApartWhatSharesAPath(t *testing.T) {
	role := func(name string) *rbacv1.ClusterRole {
		return &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name}}
	}
	dir := t.TempDir()
	if _, err := millrace.WriteDir(dir, mustBuild(t, objects(role("Viewer"), role("viewer"), role("system:a")))); err != nil {
		t.Fatal(err)
	}
	var got []string
	for name := range contents(t, dir) {
		if strings.HasPrefix(name, "_cluster/") {
			got = append(got, name)
		}
	}
	if len(got) != 3 {
		t.Errorf("three roles went to %v", got)
	}
	if !slices.Contains(got, "_cluster/clusterrole-system_a.yaml") {
		t.Errorf("system:a is not at its plain path: %v", got)
	}
}

func TestWriteDirErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := millrace.WriteDir(file, mustBuild(t, pair)); err == nil {
		t.Error("a file was taken for a directory")
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "data", "configmap-a.yaml"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := millrace.WriteDir(dir, mustBuild(t, pair)); err == nil || !strings.Contains(err.Error(), "configmap-a.yaml") {
		t.Errorf("error = %v, want one that names the directory in the way", err)
	}
	clash := millrace.Parts{Objects: []millrace.Object{configMap("data", "a")}, Files: []millrace.File{{Path: "data/configmap-a.yaml"}}}
	if _, err := millrace.WriteDir(t.TempDir(), mustBuild(t, clash)); err == nil {
		t.Error("a file and a manifest went to one path")
	}
}

// TestWriteDirLongNames: names that Kubernetes takes, and file systems don't.
func TestWriteDirLongNames(t *testing.T) {
	dir := t.TempDir()
	long := strings.Repeat("a", 252)
	b := mustBuild(t, millrace.Parts{Objects: []millrace.Object{configMap("data", long+"b"), configMap("data", long+"c")}})
	if _, err := millrace.WriteDir(dir, b); err != nil {
		t.Fatal(err)
	}
	if got := names(contents(t, dir)); len(got) != 4 {
		t.Errorf("wrote %q", got)
	}
}

// TestWriteDirFileAsDirectory is refused before anything is written.
func TestWriteDirFileAsDirectory(t *testing.T) {
	dir := t.TempDir()
	b := mustBuild(t, millrace.Parts{Objects: []millrace.Object{configMap("data", "a")}, Files: []millrace.File{{Path: "data"}, {Path: "data-b"}}})
	_, err := millrace.WriteDir(dir, b)
	built, ok := errors.AsType[*millrace.BuildError](err)
	if !ok || len(built.Findings) != 1 || built.Findings[0].Rule != millrace.RuleConflict {
		t.Errorf("error %v", err)
	}
	if got := names(contents(t, dir)); len(got) != 0 {
		t.Errorf("wrote %q", got)
	}
}
