package millrace

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/millrace/millrace/internal/yaml"
)

// clusterDir is where WriteDir puts objects without a namespace. No namespace
// can have this name.
const clusterDir = "_cluster"

// tree returns the files that WriteDir writes for a bundle, sorted by path.
func tree(b *Bundle) ([]File, error) {
	files := slices.Clone(b.Files())
	taken := make(map[string]int)
	for _, o := range b.Objects() {
		taken[objectPath(o)]++
	}
	var manifests []string
	for _, o := range b.Objects() {
		p := objectPath(o)
		if taken[p] > 1 {
			p = strings.TrimSuffix(p, ".yaml") + "-" + identityHash(o) + ".yaml"
		}
		data, err := yaml.Append(nil, o)
		if err != nil {
			return nil, fmt.Errorf("render %s: %w", RefOf(o), err)
		}
		files = append(files, File{Path: p, Data: data})
		manifests = append(manifests, p)
	}
	if len(manifests) > 0 {
		slices.Sort(manifests)
		data, err := yaml.Append(nil, kustomization{"kustomize.config.k8s.io/v1beta1", "Kustomization", manifests})
		if err != nil {
			return nil, fmt.Errorf("render kustomization.yaml: %w", err)
		}
		files = append(files, File{Path: "kustomization.yaml", Data: data})
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	var p Problems
	for i, f := range files {
		p.Object = Ref{Kind: "millrace.File", Name: f.Path}
		if i > 0 && f.Path == files[i-1].Path {
			p.Add(RuleDuplicate, "Path", "an object's manifest, or kustomization.yaml, goes to the same path", "put the file elsewhere")
		}
		for dir := path.Dir(f.Path); dir != "." && dir != "/"; dir = path.Dir(dir) {
			if _, taken := slices.BinarySearchFunc(files, dir, func(f File, p string) int { return strings.Compare(f.Path, p) }); taken {
				p.Conflict("Path", fmt.Sprintf("%s is a file, and would have to be a directory too", dir), "put one of the files elsewhere")
			}
		}
	}
	return files, p.Err()
}

type kustomization struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Resources  []string `json:"resources"`
}

// maxFileName leaves room for the endings that files have while they are written.
const maxFileName = 200

// objectPath returns "<namespace or _cluster>/<kind>-<name>.yaml". RBAC names
// may hold characters that file names can't; they become "_", and a hash
// tells them apart where that makes two names one. It also stands for the end
// of names that are too long for a file system, which takes 255 bytes.
func objectPath(o Object) string {
	dir := o.GetNamespace()
	if dir == "" {
		dir = clusterDir
	}
	base := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, strings.ToLower(kindOf(o).Kind+"-"+o.GetName()))
	if len(base) > maxFileName {
		base = base[:maxFileName] + "-" + identityHash(o)
	}
	return dir + "/" + base + ".yaml"
}

// identityHash tells two objects apart that would share a path: kinds of one
// name in two API groups, RBAC names that differ in their case.
func identityHash(o Object) string {
	gvk := kindOf(o)
	sum := sha256.Sum256([]byte(gvk.Group + "\x00" + gvk.Kind + "\x00" + o.GetNamespace() + "\x00" + o.GetName()))
	return hex.EncodeToString(sum[:4])
}
