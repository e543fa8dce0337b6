package millrace

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/millrace/millrace/internal/yaml"
)

// Builder is anything that can be part of a composition: every noun of the
// sibling packages, Parts, and a Bundle that was built before.
type Builder interface {
	// Build checks the builder and returns what it makes. It neither changes
	// the builder nor keeps memory in common with it. Mistakes come back as
	// a *BuildError that holds all of them.
	Build() (Parts, error)
}

// Parts is what one builder contributes. As a Builder itself it brings
// objects and files into a composition that millrace has no noun for:
//
//	millrace.Build(pipeline, millrace.Parts{Objects: []millrace.Object{priorityClass}})
type Parts struct {
	// Objects are Kubernetes objects, in the order in which they are rendered.
	// Each needs a name and, unless its type is one of k8s.io/api, its
	// TypeMeta.
	Objects []Object
	// Files are what a bundle holds beside objects: Terraform, scripts.
	Files []File
	// Nodes are the shapes of node pools, for rules that ask where pods land.
	Nodes []NodeShape
	// PlacedOn are the shapes of node pools that pods of the parts are placed on
	// (Placement.Nodes), and that are elsewhere. What Nodes says of the same pool,
	// of whichever builder, goes before.
	PlacedOn []NodeShape
}

// Build returns a deep copy of the parts.
func (p Parts) Build() (Parts, error) {
	var problems Problems
	out := Parts{Files: slices.Clone(p.Files), Nodes: cloneShapes(p.Nodes), PlacedOn: cloneShapes(p.PlacedOn)}
	for i, o := range p.Objects {
		if isNil(o) {
			problems.Object = Ref{Kind: "millrace.Parts"}
			problems.Required(fmt.Sprintf("Objects[%d]", i), "it is nil: leave it out")
			continue
		}
		c, err := copyObject(o)
		if err != nil {
			problems.Object = RefOf(o)
			problems.Add(RuleInvalid, "", err.Error(), "give it values that JSON has")
			continue
		}
		out.Objects = append(out.Objects, c)
	}
	for i := range out.Files {
		out.Files[i].Data = slices.Clone(out.Files[i].Data)
	}
	return out, problems.Err()
}

// copyObject returns a deep copy. The own DeepCopy of unstructured objects
// panics on values that it does not expect, such as a Go int or a
// map[string]string, which people do write into them.
func copyObject(o Object) (Object, error) {
	u, ok := o.(*unstructured.Unstructured)
	if !ok {
		return o.DeepCopyObject().(Object), nil
	}
	tree, err := copyTree(u.Object)
	if err != nil {
		return nil, err
	}
	object, _ := tree.(map[string]any)
	return &unstructured.Unstructured{Object: object}, nil
}

// copyTree returns a deep copy of a value as JSON would read it.
func copyTree(v any) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		if v == nil {
			return v, nil
		}
		out := make(map[string]any, len(v))
		for key, item := range v {
			c, err := copyTree(item)
			if err != nil {
				return nil, err
			}
			out[key] = c
		}
		return out, nil
	case []any:
		if v == nil {
			return v, nil
		}
		out := make([]any, len(v))
		for i, item := range v {
			c, err := copyTree(item)
			if err != nil {
				return nil, err
			}
			out[i] = c
		}
		return out, nil
	case nil, string, bool, int64, float64, json.Number:
		return v, nil
	}
	data, err := yaml.AppendJSON(nil, v)
	if err != nil {
		return nil, err
	}
	var out any
	err = utiljson.Unmarshal(data, &out)
	return out, err
}

// File is one rendered file that is not a manifest.
type File struct {
	// Path is where WriteDir puts it, relative to the directory and with
	// slashes: "terraform/spark-executor-pool.tf".
	Path string
	// Data is its content.
	Data []byte
	// Executable marks scripts: WriteDir gives them mode 0755, not 0644.
	Executable bool
}

// Bundle is a checked composition: what Build returns, and what is checked
// against a policy, rendered, and submitted. It never changes; what its
// methods return must not be changed either. Safe for concurrent use.
//
// The zero Bundle is empty.
type Bundle struct {
	parts  Parts
	byName map[identity]Object
	byKind map[schema.GroupKind][]Object
	// What only Load knows: where objects were read, and what it passed over.
	origins map[*unstructured.Unstructured]origin
	notes   []LoadProblem
}

// identity tells objects apart as an API server does: group, not version.
type identity struct {
	kind            schema.GroupKind
	namespace, name string
}

// Objects returns the objects in the order in which they were composed.
func (b *Bundle) Objects() []Object { return b.parts.Objects }

// Files returns what is not a Kubernetes object, in the order of composition.
func (b *Bundle) Files() []File { return b.parts.Files }

// Nodes returns the node pools that the composition brings along, and behind
// them those that it doesn't but places pods on. Each of them is there once.
func (b *Bundle) Nodes() []NodeShape {
	if len(b.parts.PlacedOn) == 0 {
		return b.parts.Nodes
	}
	return append(slices.Clip(b.parts.Nodes), b.parts.PlacedOn...)
}

// OwnNodes returns the node pools that the composition brings along, without
// those that are known from placements only.
func (b *Bundle) OwnNodes() []NodeShape { return b.parts.Nodes }

// Find returns the object of that kind, namespace and name, whatever its API
// version. The namespace is empty for cluster-wide kinds.
func (b *Bundle) Find(kind schema.GroupKind, namespace, name string) (Object, bool) {
	o, ok := b.byName[identity{kind, namespace, name}]
	return o, ok
}

// OfKind returns the objects of a kind, whatever their API version, in the
// order of composition.
func (b *Bundle) OfKind(kind schema.GroupKind) []Object { return b.byKind[kind] }

// Convert returns the bundle with its objects in another form, such as typed
// structs in the place of unstructured ones. An object for which f returns
// nil, or another kind, namespace or name, stays as it is. f is called once for
// each object, in their order. The bundle itself does not change.
func (b *Bundle) Convert(f func(Object) Object) *Bundle {
	out := newBundle()
	out.parts.Files, out.parts.Nodes, out.parts.PlacedOn = b.parts.Files, b.parts.Nodes, b.parts.PlacedOn
	out.origins, out.notes = b.origins, b.notes
	for _, o := range b.parts.Objects {
		id := identityOf(o)
		if c := f(o); !isNil(c) && identityOf(c) == id {
			o = c
		}
		if _, taken := out.byName[id]; !taken {
			out.byName[id] = o
		}
		out.index(id, o)
	}
	return out
}

// WithNodes returns the bundle with further node pools, such as those that the
// cluster has already. The bundle itself does not change.
func (b *Bundle) WithNodes(nodes ...NodeShape) *Bundle {
	out := *b
	out.parts.Nodes = slices.Clip(b.parts.Nodes)
	out.addNodes(nodes)
	return &out
}

// addNodes takes node pools in that aren't there yet, in the place of what was
// known of them from placements.
func (b *Bundle) addNodes(nodes []NodeShape) {
	for _, n := range nodes {
		if !slices.ContainsFunc(b.parts.Nodes, func(have NodeShape) bool { return equality.Semantic.DeepEqual(have, n) }) {
			b.parts.Nodes = append(b.parts.Nodes, n)
		}
	}
	if len(nodes) > 0 {
		b.placeOn(nil)
	}
}

// placeOn takes node pools in that nobody says more of. What only they tell,
// the size of the nodes, is kept.
func (b *Bundle) placeOn(nodes []NodeShape) {
	if len(nodes)+len(b.parts.PlacedOn) == 0 {
		return
	}
	var placed []NodeShape
	for _, n := range append(slices.Clip(b.parts.PlacedOn), nodes...) {
		same := func(have NodeShape) bool { return have.samePool(n) }
		i := slices.IndexFunc(b.parts.Nodes, same)
		switch {
		case i >= 0 && b.parts.Nodes[i].Allocatable == nil && n.Allocatable != nil:
			own := slices.Clone(b.parts.Nodes)
			own[i].Allocatable, own[i].Formula, own[i].Agents = n.Allocatable, n.Formula, n.Agents
			b.parts.Nodes = own
		case i < 0 && !slices.ContainsFunc(placed, same):
			placed = append(placed, n)
		}
	}
	b.parts.PlacedOn = placed
}

func newBundle() *Bundle {
	return &Bundle{byName: make(map[identity]Object), byKind: make(map[schema.GroupKind][]Object)}
}

// index takes an object in; which one its name stands for is the caller's.
func (b *Bundle) index(id identity, o Object) {
	b.byKind[id.kind] = append(b.byKind[id.kind], o)
	b.parts.Objects = append(b.parts.Objects, o)
}

// Build returns the bundle's parts, so that a bundle can be composed into a
// larger one.
func (b *Bundle) Build() (Parts, error) { return b.parts.Build() }

// Build checks the builders and puts together what they make. The error is a
// *BuildError with every mistake of every builder, among them objects and
// files that two builders make under one name.
//
// Build reads no clock, environment or network: the same input gives the same
// bundle. It keeps no memory in common with the builders.
func Build(builders ...Builder) (*Bundle, error) {
	b := newBundle()
	m := mistakes{nested: make(map[int]Finding)}
	files := make(map[string]bool)
	for i, builder := range builders {
		if isNil(builder) {
			m.found = append(m.found, Finding{Rule: RuleRequired, Object: Ref{Kind: "millrace.Build", Name: fmt.Sprintf("argument %d", i+1)},
				Detail: fmt.Sprintf("the %T is nil", builder), Fix: "leave it out"})
			continue
		}
		parts, err := builder.Build()
		if err != nil {
			m.add(err, Ref{Kind: typeName(builder)})
			continue
		}
		for _, o := range parts.Objects {
			m.found = append(m.found, b.add(o)...)
		}
		if loaded, ok := builder.(*Bundle); ok {
			b.inherit(loaded, parts.Objects)
		}
		for _, f := range parts.Files {
			m.found = append(m.found, checkFile(f, files)...)
			b.parts.Files = append(b.parts.Files, f)
		}
		b.addNodes(parts.Nodes)
		if len(parts.PlacedOn) > 0 {
			b.placeOn(parts.PlacedOn)
		}
	}
	if len(m.found) > 0 {
		return nil, &BuildError{Findings: m.once()}
	}
	return b, nil
}

// mistakes are the findings of a build.
type mistakes struct {
	found []Finding
	// nested are those that a builder has from one inside of it, with the finding
	// as that one made it.
	nested map[int]Finding
}

func (m *mistakes) add(err error, object Ref) {
	if be, ok := errors.AsType[*BuildError](err); ok {
		for i, f := range be.nested {
			m.nested[len(m.found)+i] = f
		}
	}
	m.found = append(m.found, findingsIn(err, object)...)
}

// once leaves out what a builder says of one inside of it, such as a run of its
// template, where that was composed too and says it itself.
func (m *mistakes) once() []Finding {
	said := make(map[Finding]bool, len(m.found))
	for _, f := range m.found {
		said[f] = true
	}
	var out []Finding
	for i, f := range m.found {
		if inner, ok := m.nested[i]; !ok || !said[inner] {
			out = append(out, f)
		}
	}
	return out
}

// add takes one object into the bundle and says what is wrong with it.
func (b *Bundle) add(o Object) []Finding {
	gvk := kindOf(o)
	p := Problems{Object: RefOf(o)}
	if gvk.Kind == "" || gvk.Version == "" {
		p.Object.Kind = typeName(o)
		p.Required("TypeMeta", "set apiVersion and kind, which only the types of k8s.io/api can go without")
		return p.found
	}
	o.GetObjectKind().SetGroupVersionKind(gvk)
	if o.GetGenerateName() != "" {
		p.Add(RuleUnsupported, "metadata.generateName", "a generated name makes a new object each time, also when an answer of the server was lost",
			"set metadata.name")
	} else {
		checkObjectName(&p, gvk.GroupKind(), o.GetName())
	}
	p.Namespace("metadata.namespace", o.GetNamespace())
	p.Labels("metadata.labels", o.GetLabels())
	p.Annotations("metadata.annotations", o.GetAnnotations())
	id := identityOf(o)
	if _, ok := b.byName[id]; ok && id.name != "" {
		p.Add(RuleDuplicate, "metadata.name", "the composition holds another one of this kind and name", "rename one of them")
	}
	b.byName[id] = o
	b.index(id, o)
	return p.found
}

// checkObjectName checks a name as the API server would: RBAC names may hold
// what a path segment may, all others are DNS names.
func checkObjectName(p *Problems, kind schema.GroupKind, name string) {
	if kind.Group != "rbac.authorization.k8s.io" || name == "" {
		p.Name("metadata.name", name)
		return
	}
	if len(content.IsPathSegmentName(name)) > 0 {
		p.Invalid("metadata.name", name, "not a part of a path", "use no '/' and no '%', and neither '.' nor '..'")
	}
}

// checkFile says what is wrong with the path of a file. seen holds the paths
// before it, in lower case, since some file systems make no difference.
func checkFile(f File, seen map[string]bool) []Finding {
	p := Problems{Object: Ref{Kind: "millrace.File", Name: f.Path}}
	key := strings.ToLower(f.Path)
	switch {
	case f.Path == "":
		p.Required("Path", "name the file")
	case !fs.ValidPath(f.Path) || f.Path == "." || strings.ContainsAny(f.Path, "\\:"):
		p.Invalid("Path", f.Path, "it leads out of the directory or is not in its shortest form", `use a relative path with slashes, such as "terraform/pool.tf"`)
	case strings.HasPrefix(f.Path, "#") || strings.TrimSpace(f.Path) != f.Path || strings.ContainsFunc(f.Path, unicode.IsControl):
		p.Invalid("Path", f.Path, "the inventory can't hold it", "leave out control characters, spaces at the ends, and # at the beginning")
	case key == Inventory || key == "kustomization.yaml":
		p.Add(RuleDuplicate, "Path", "WriteDir writes a file of its own there", "put the file elsewhere")
	case seen[key]:
		p.Add(RuleDuplicate, "Path", "the composition holds another file of this path", "rename one of the builders")
	}
	seen[key] = true
	return p.found
}

// isNil tells nil interfaces and nil pointers in interfaces.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}

// typeName returns a value's type as users write it: "spark.Job".
func typeName(v any) string {
	return strings.TrimPrefix(fmt.Sprintf("%T", v), "*")
}
