package crdgen

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	sigsyaml "sigs.k8s.io/yaml"
)

// Config says how a set of CRDs becomes one Go package.
type Config struct {
	// Package is the name of the Go package that is written.
	Package string

	// Group is the API group whose version is the package's GroupVersion.
	// Kinds of another group register under a GroupVersion prefixed with the
	// first label of that group: core.strimzi.io becomes CoreGroupVersion.
	Group string

	// Source names the origin and version of the CRDs in doc comments, for
	// example "Strimzi 1.2.0".
	Source string

	// Files are the names of the CRD files, below the directory that Load is
	// given. Their order is the order of the output.
	Files []string

	// Names maps a schema path to the Go name of its struct or enum type. A
	// key is a whole path ("Kafka.spec.kafka.listeners[]") or "*." and the end
	// of one ("*.livenessProbe"); the longest key that fits wins. A path that
	// no key fits shares the type of an equal schema, or else is named by its
	// path.
	Names map[string]string

	// Mappings are the Kubernetes types that may stand for a schema.
	Mappings []Mapping
}

// A Definition is one CRD as read from a file.
type Definition struct {
	CRD *apiextensionsv1.CustomResourceDefinition

	// root is the same document with its keys in the order of the file, which
	// the typed form loses.
	root *yaml.Node
}

// Load reads the named CRD files of dir, one CRD a file.
//
// It returns the operating system's error for a file that cannot be read, and
// an error that names the file for one that is not a CRD.
func Load(dir string, files []string) ([]Definition, error) {
	defs := make([]Definition, 0, len(files))
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		def, err := Parse(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		defs = append(defs, def)
	}
	return defs, nil
}

// Parse reads one CRD document. Unknown fields are errors.
func Parse(data []byte) (Definition, error) {
	crd := &apiextensionsv1.CustomResourceDefinition{}
	if err := sigsyaml.UnmarshalStrict(data, crd); err != nil {
		return Definition{}, err
	}
	if crd.Kind != "CustomResourceDefinition" || crd.APIVersion != apiextensionsv1.SchemeGroupVersion.String() {
		return Definition{}, fmt.Errorf("%s %s is no %s CustomResourceDefinition", crd.APIVersion, crd.Kind, apiextensionsv1.SchemeGroupVersion)
	}
	root := &yaml.Node{}
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(root); err != nil {
		return Definition{}, err
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 {
		return Definition{}, fmt.Errorf("want one YAML document")
	}
	return Definition{CRD: crd, root: root.Content[0]}, nil
}

// Version returns the version that the CRD stores, which is the one that Go
// types are made of.
func (d Definition) Version() (*apiextensionsv1.CustomResourceDefinitionVersion, error) {
	for i := range d.CRD.Spec.Versions {
		v := &d.CRD.Spec.Versions[i]
		if v.Storage {
			if v.Schema == nil || v.Schema.OpenAPIV3Schema == nil {
				return nil, fmt.Errorf("%s: version %s has no schema", d.CRD.Name, v.Name)
			}
			return v, nil
		}
	}
	return nil, fmt.Errorf("%s: no storage version", d.CRD.Name)
}

// schemaNode returns the ordered form of the schema that Version returns.
func (d Definition) schemaNode(version string) *yaml.Node {
	versions := child(child(d.root, "spec"), "versions")
	if versions == nil {
		return nil
	}
	for _, v := range versions.Content {
		if name := child(v, "name"); name != nil && name.Value == version {
			return child(child(v, "schema"), "openAPIV3Schema")
		}
	}
	return nil
}

// child returns the value of a key of a mapping node, nil where there is none.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// A File is one file of the generated package.
type File struct {
	Name string
	Data []byte
}

// Generate writes the Go package of the CRDs: the same input gives the same
// bytes. It returns an error for a schema that has no faithful Go type.
func Generate(cfg Config, defs []Definition) ([]File, error) {
	for _, m := range cfg.Mappings {
		if importName(m.Type) == "" {
			return nil, fmt.Errorf("mapping %s: package %s is not among the imports", m.Path, m.Type.PkgPath())
		}
	}
	r := newResolver(cfg)
	for _, d := range defs {
		if err := r.addKind(d); err != nil {
			return nil, err
		}
	}
	if err := r.unused(); err != nil {
		return nil, err
	}
	files, err := emit(cfg, r)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	return files, nil
}

// Write puts the files into dir and removes the generated files there that are
// no longer made. It touches no file without the zz_generated prefix.
func Write(dir string, files []File) error {
	old, err := filepath.Glob(filepath.Join(dir, filePrefix+"*.go"))
	if err != nil {
		return err
	}
	for _, name := range old {
		stale := !slices.ContainsFunc(files, func(f File) bool { return f.Name == filepath.Base(name) })
		if stale {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	for _, f := range files {
		if !strings.HasPrefix(f.Name, filePrefix) {
			return fmt.Errorf("write %s: generated files are named %s*", f.Name, filePrefix)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
