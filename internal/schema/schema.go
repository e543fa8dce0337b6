package schema

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/millrace/millrace/internal/schema/wire"
)

//go:embed data
var data embed.FS

// GVK is the group, version and kind of a resource.
type GVK struct {
	Group, Version, Kind string

	// Release is that of the operator whose CRD it is, where two releases
	// differ in what they take as one version: "4" for Argo Workflows 4. Empty
	// for the oldest.
	Release string
}

func (g GVK) apiVersion() string {
	if g.Group == "" {
		return g.Version
	}
	return g.Group + "/" + g.Version
}

// A Schema is what a CRD demands of one version of one kind, or what the Go
// struct of one can hold. It may be used concurrently.
type Schema struct {
	gvk        GVK
	apiVersion string
	namespaced bool
	names      NameForm
	generation bool // the server minds a negative one
	nameless   bool // the server makes a name where there is none
	strict     bool // finalizers have a domain, or are the server's
	status     bool
	replicas   []string
	root       *node
}

// FileName is where the schema of a version is embedded.
func FileName(g GVK) string {
	name := g.Group + "_" + g.Version + "_" + g.Kind
	if g.Release != "" {
		name += "_" + g.Release
	}
	return name + ".json.gz"
}

// kinds has a function for each embedded schema that reads it once.
var kinds = sync.OnceValue(func() map[GVK]func() *Schema {
	out := map[GVK]func() *Schema{}
	entries, err := data.ReadDir("data")
	if err != nil {
		return out
	}
	for _, e := range entries {
		parts := strings.Split(strings.TrimSuffix(e.Name(), ".json.gz"), "_")
		if len(parts) == 3 {
			parts = append(parts, "")
		}
		if len(parts) != 4 {
			continue
		}
		out[GVK{parts[0], parts[1], parts[2], parts[3]}] = sync.OnceValue(func() *Schema {
			s, err := read(e.Name())
			if err != nil {
				return nil
			}
			return s
		})
	}
	return out
})

func read(name string) (*Schema, error) {
	text, err := data.ReadFile(path.Join("data", name))
	if err != nil {
		return nil, err
	}
	k, err := wire.Decode(text)
	if err != nil {
		return nil, err
	}
	return Compile(k)
}

// For returns the schema of a kind, and false for one that isn't known. The
// first call for a kind decompresses and compiles its schema.
func For(g GVK) (*Schema, bool) {
	read, ok := kinds()[g]
	if !ok {
		return nil, false
	}
	s := read()
	return s, s != nil
}

// Kinds returns what For knows, sorted.
func Kinds() []GVK {
	var out []GVK
	for g := range kinds() {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b GVK) int {
		return strings.Compare(a.Group+"/"+a.Kind+"/"+a.Version+"/"+a.Release, b.Group+"/"+b.Kind+"/"+b.Version+"/"+b.Release)
	})
	return out
}

// Argo4 returns the schema of one of Argo Workflows' kinds as release 4 has it,
// and false for any other kind. It is stricter than that of release 3.
func Argo4(kind string) (*Schema, bool) {
	return For(GVK{"argoproj.io", "v1alpha1", kind, "4"})
}

// GVK returns the group, version and kind that the schema is of.
func (s *Schema) GVK() GVK { return s.gvk }

// Compile makes a schema of its embedded form. It returns an error for a
// pattern that is no regular expression, an unknown format, or an unknown rule.
func Compile(k *wire.Kind) (*Schema, error) {
	nodes := make([]*node, len(k.Nodes))
	for i := range k.Nodes {
		n, err := compile(&k.Nodes[i], nodes[:i])
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", k.Group, k.Kind, err)
		}
		nodes[i] = n
	}
	root := *nodes[len(nodes)-1]
	root.props = map[string]field{}
	for name, f := range nodes[len(nodes)-1].props {
		root.props[name] = f
	}
	// The server adds these three to every schema.
	root.props["apiVersion"] = field{node: &node{types: tString}}
	root.props["kind"] = field{node: &node{types: tString}}
	root.props["metadata"] = field{node: metadata}
	root.required = slices.DeleteFunc(slices.Clone(root.required), func(name string) bool {
		return name == "apiVersion" || name == "kind" || name == "metadata"
	})
	for _, name := range root.required {
		f := root.props[name]
		f.required = true
		root.props[name] = f
	}
	root.table = newFieldTable(root.props)
	g := GVK{k.Group, k.Version, k.Kind, k.Release}
	return &Schema{gvk: g, apiVersion: g.apiVersion(), namespaced: k.Namespaced, status: k.Status, replicas: k.Replicas, root: &root}, nil
}
