package millrace

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
	for i := 1; i < len(files); i++ {
		if files[i].Path == files[i-1].Path {
			return nil, &BuildError{Findings: []Finding{{Rule: RuleDuplicate, Object: Ref{Kind: "millrace.File", Name: files[i].Path}, Field: "Path",
				Detail: "an object's manifest, or kustomization.yaml, goes to the same path", Fix: "put the file elsewhere"}}}
		}
	}
	return files, nil
}

type kustomization struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Resources  []string `json:"resources"`
}

// objectPath returns "<namespace or _cluster>/<kind>-<name>.yaml". RBAC names
// may hold characters that file names can't; they become "_", and a hash
// tells them apart where that makes two names one.
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
	return dir + "/" + base + ".yaml"
}

// identityHash tells two objects apart that would share a path: kinds of one
// name in two API groups, RBAC names that differ in their case.
func identityHash(o Object) string {
	gvk := kindOf(o)
	sum := sha256.Sum256([]byte(gvk.Group + "\x00" + gvk.Kind + "\x00" + o.GetNamespace() + "\x00" + o.GetName()))
	return hex.EncodeToString(sum[:4])
}
