package schema_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/operation"
	"k8s.io/apimachinery/pkg/api/validate/content"
	metavalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/storage/names"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/crdgen/crdgentest"
	"github.com/millrace/millrace/internal/schema"
)

// server is the API server's own code for one version of one CRD.
type server struct {
	gvk        schema.GVK
	namespaced bool
	status     bool
	replicas   []string
	structural *structural.Structural
	schema     validation.SchemaValidator
	cel        *cel.Validator
}

// verdict is what the server says: where it would refuse the object.
type verdict struct {
	paths map[string]string // and why
	meta  bool              // it could not even decode the metadata
	none  map[string]bool   // objects with none of a oneOf's fields
}

// modules hold CRDs, and examples, of what millrace makes.
var modules = map[string]string{
	"spark":     "github.com/kubeflow/spark-operator/v2@v2.5.1",
	"argo":      "github.com/argoproj/argo-workflows/v3@v3.7.14",
	"argo4":     "github.com/argoproj/argo-workflows/v4@v4.0.2",
	"karpenter": "sigs.k8s.io/karpenter@v1.14.1",
	"aws":       "github.com/aws/karpenter-provider-aws@v1.14.1",
	"keda":      "github.com/kedacore/keda/v2@v2.21.0",
}

// directory returns where a module of that name is in the module cache; the go
// command downloads it where it is missing.
var directory = func() func(testing.TB, string) string {
	var mu sync.Mutex
	known := map[string]string{}
	return func(tb testing.TB, name string) string {
		tb.Helper()
		mu.Lock()
		defer mu.Unlock()
		if known[name] == "" {
			cmd := exec.Command("go", "mod", "download", "-json", modules[name])
			cmd.Dir = tb.TempDir() // outside of any module, so that go.sum stays as it is
			out, err := cmd.Output()
			if err != nil {
				tb.Fatalf("go mod download: %v\n%s", err, out)
			}
			var m struct{ Dir string }
			if err := json.Unmarshal(out, &m); err != nil {
				tb.Fatal(err)
			}
			known[name] = m.Dir
		}
		return known[name]
	}
}()

// corpus returns the directory that MILLRACE_CORPUS names.
func corpus(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("MILLRACE_CORPUS")
	if dir == "" {
		tb.Fatal("MILLRACE_CORPUS is not set: it names the directory that holds crds/ and corpus/")
	}
	return dir
}

// crdDirs are in the order, and with the releases, in which schemagen is given
// them.
func crdDirs(tb testing.TB) []string {
	return []string{
		filepath.Join(corpus(tb), "crds", "strimzi-1.2.0"),
		filepath.Join(corpus(tb), "crds", "spark-apache-1.0"),
		filepath.Join(directory(tb, "spark"), "config/crd/bases"),
		filepath.Join(directory(tb, "argo"), "manifests/base/crds/full"),
		"4=" + filepath.Join(directory(tb, "argo4"), "manifests/base/crds/full"),
		crdgentest.GKECRDs(tb),
		filepath.Join(directory(tb, "karpenter"), "pkg/apis/crds"),
		filepath.Join(directory(tb, "aws"), "pkg/apis/crds"),
		filepath.Join(directory(tb, "keda"), "config/crd/bases"),
	}
}

// crdFiles reads the CRD of each kind that the engine knows.
func crdFiles(tb testing.TB) map[schema.GVK][]byte {
	tb.Helper()
	out := map[schema.GVK][]byte{}
	known := schema.Kinds()
	for _, dir := range crdDirs(tb) {
		release, rest, ok := strings.Cut(dir, "=")
		if ok {
			dir = rest
		} else {
			release = ""
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
		if err != nil || len(files) == 0 {
			tb.Fatalf("no CRDs in %s: %v", dir, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				tb.Fatal(err)
			}
			for doc := range strings.SplitSeq(string(text), "\n---\n") {
				var head struct {
					Kind string
					Spec struct {
						Group    string
						Names    struct{ Kind string }
						Versions []struct{ Name string }
					}
				}
				if yaml.Unmarshal([]byte(doc), &head) != nil || head.Kind != "CustomResourceDefinition" {
					continue
				}
				for _, v := range head.Spec.Versions {
					g := schema.GVK{Group: head.Spec.Group, Version: v.Name, Kind: head.Spec.Names.Kind, Release: release}
					if out[g] == nil && slices.Contains(known, g) {
						out[g] = []byte(doc)
					}
				}
			}
		}
	}
	return out
}

var (
	serverMu sync.Mutex
	serverOf = map[schema.GVK]*server{}
)

// servers compiles the server's code for each kind of the engine, once.
func servers(tb testing.TB) map[schema.GVK]*server {
	tb.Helper()
	serverMu.Lock()
	defer serverMu.Unlock()
	if len(serverOf) > 0 {
		return serverOf
	}
	for g, text := range crdFiles(tb) {
		serverOf[g] = newServer(tb, g, text)
	}
	if len(serverOf) != len(schema.Kinds()) {
		tb.Fatalf("CRDs of %d kinds, the engine knows %d", len(serverOf), len(schema.Kinds()))
	}
	return serverOf
}

func newServer(tb testing.TB, g schema.GVK, text []byte) *server {
	tb.Helper()
	crd := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(text, crd); err != nil {
		tb.Fatal(err)
	}
	for _, v := range crd.Spec.Versions {
		if v.Name != g.Version {
			continue
		}
		props := &apiextensions.JSONSchemaProps{}
		if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(v.Schema.OpenAPIV3Schema, props, nil); err != nil {
			tb.Fatal(err)
		}
		s, err := structural.NewStructural(props)
		if err != nil {
			tb.Fatal(err)
		}
		out := &server{gvk: g, namespaced: crd.Spec.Scope == apiextensionsv1.NamespaceScoped, structural: s}
		if v.Subresources != nil {
			out.status = v.Subresources.Status != nil
			if v.Subresources.Scale != nil {
				out.replicas = strings.Split(strings.TrimPrefix(v.Subresources.Scale.SpecReplicasPath, "."), ".")
			}
		}
		if out.schema, _, err = validation.NewSchemaValidator(props); err != nil {
			tb.Fatal(err)
		}
		out.cel = cel.NewValidator(s, true, celconfig.PerCallLimit)
		return out
	}
	tb.Fatalf("no version %s in %s", g.Version, crd.Name)
	return nil
}

// create runs what the server runs when a user creates the object with strict
// field validation, in the server's order: apiextensions-apiserver's
// unstructuredSchemaCoercer, unstructuredDefaulter and customResourceStrategy,
// apiserver's rest.BeforeCreate. Where the server stops at the first of these
// that complains, create goes on, to hear of everything.
func (s *server) create(object map[string]any) verdict {
	v := verdict{paths: map[string]string{}, none: map[string]bool{}}
	obj := runtime.DeepCopyJSON(object)
	u := &unstructured.Unstructured{Object: obj}
	if obj["kind"] != s.gvk.Kind {
		v.paths["kind"] = "another kind"
	}
	if obj["apiVersion"] != s.gvk.Group+"/"+s.gvk.Version {
		v.paths["apiVersion"] = "another version"
	}
	if len(v.paths) > 0 {
		return v
	}
	s.coerce(obj, &v)
	defaulting.Default(obj, s.structural)
	if s.status {
		delete(obj, "status")
	}
	u.SetUID("made-by-the-server")
	u.SetGeneration(1)
	if !s.namespaced {
		u.SetNamespace("")
	} else if u.GetNamespace() == "" {
		u.SetNamespace("default")
	}
	generated := u.GetName() == "" && u.GetGenerateName() != ""
	if generated {
		u.SetName(names.SimpleNameGenerator.GenerateName(u.GetGenerateName()))
	}
	ctx := context.Background()
	var errs field.ErrorList
	meta := &metav1.ObjectMeta{}
	if m, ok := obj["metadata"].(map[string]any); ok {
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(m, meta); err != nil {
			errs = append(errs, field.Invalid(field.NewPath("metadata"), m, err.Error()))
		}
	}
	errs = append(errs, validateMeta(ctx, meta, s.namespaced)...)
	errs = append(errs, validation.ValidateCustomResource(nil, obj, s.schema)...)
	errs = append(errs, s.scale(obj)...)
	errs = append(errs, objectmeta.Validate(ctx, nil, obj, s.structural, false)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, s.structural, obj)...)
	if s.cel != nil && !blocking(errs) && !v.meta {
		ruled, _ := s.cel.Validate(ctx, nil, s.structural, obj, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, ruled...)
	}
	for _, err := range errs {
		if err.Field == "metadata.name" && generated {
			err.Field = "metadata.generateName"
		}
	}
	v.add(errs)
	return v
}

// validateMeta is the validation of metadata, without the owners that stand
// there before, as the server's handler drops them.
func validateMeta(ctx context.Context, meta *metav1.ObjectMeta, namespaced bool) field.ErrorList {
	var kept []int
	all := meta.OwnerReferences
	meta.OwnerReferences = nil
	for i, ref := range all {
		if !slices.ContainsFunc(meta.OwnerReferences, func(before metav1.OwnerReference) bool { return equality.Semantic.DeepEqual(before, ref) }) {
			meta.OwnerReferences, kept = append(meta.OwnerReferences, ref), append(kept, i)
		}
	}
	errs := metavalidation.ValidateObjectMetaDeclaratively(ctx, operation.Create, meta, nil, namespaced, metavalidation.NameIsDNSSubdomain, field.NewPath("metadata"), false)
	errs = append(errs, metavalidation.ValidateObjectMeta(meta, namespaced, func(name string, prefix bool) []string {
		if prefix {
			return content.IsPathSegmentPrefix(name)
		}
		return content.IsPathSegmentName(name)
	}, field.NewPath("metadata"))...)
	for _, err := range errs {
		if rest, ok := strings.CutPrefix(err.Field, "metadata.ownerReferences["); ok {
			number, rest, _ := strings.Cut(rest, "]")
			if i, err2 := strconv.Atoi(number); err2 == nil {
				err.Field = fmt.Sprintf("metadata.ownerReferences[%d]%s", kept[i], rest)
			}
		}
	}
	return errs
}

// coerce is unstructuredSchemaCoercer.apply.
func (s *server) coerce(obj map[string]any, v *verdict) {
	_, hasMeta := obj["metadata"]
	meta, _, unknown, err := objectmeta.GetObjectMetaWithOptions(obj, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		v.meta = true
		v.paths["metadata"] = err.Error()
		meta, _, unknown, err = objectmeta.GetObjectMetaWithOptions(obj, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true, DropMalformedFields: true})
		if err != nil {
			meta = &metav1.ObjectMeta{}
		}
	}
	unknown = append(unknown, pruning.PruneWithOptions(obj, s.structural, true, structural.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})...)
	defaulting.PruneNonNullableNullsWithoutDefaults(obj, s.structural)
	for _, path := range unknown {
		v.paths[plain(path)] = "unknown field"
	}
	if hasMeta {
		if err := objectmeta.SetObjectMeta(obj, meta); err != nil {
			v.paths["metadata"] = err.Error()
		}
	}
}

// scale is customResourceValidator.ValidateScaleSpec.
func (s *server) scale(obj map[string]any) field.ErrorList {
	if s.replicas == nil {
		return nil
	}
	path := field.NewPath(strings.Join(s.replicas, "."))
	n, _, err := unstructured.NestedInt64(obj, s.replicas...)
	if err != nil {
		return field.ErrorList{field.Invalid(path, n, err.Error())}
	}
	if n < 0 || n > math.MaxInt32 {
		return field.ErrorList{field.Invalid(path, n, "out of range")}
	}
	return nil
}

// blocking is hasBlockingErr of the server's strategy.
func blocking(errs field.ErrorList) bool {
	return slices.ContainsFunc(errs, func(err *field.Error) bool {
		switch err.Type {
		case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
			return true
		}
		return false
	})
}

// Two kinds of errors of kube-openapi carry their path in the text only.
var (
	inText = regexp.MustCompile(`value must be of type .* in (\S+)$`)
	quoted = regexp.MustCompile(`"([^"]*)" must validate (one and only one|at least one)`)
)

func (v *verdict) add(errs field.ErrorList) {
	for _, err := range errs {
		path := err.Field
		if path == "" || path == "<nil>" {
			if m := inText.FindStringSubmatch(err.Detail); m != nil {
				path = m[1]
			} else if m := quoted.FindStringSubmatch(err.Detail); m != nil {
				path = m[1]
				if strings.Contains(err.Detail, "(oneOf)") {
					v.none[plain(path)] = true
				}
			}
		}
		v.paths[plain(path)] = err.Error()
	}
}

var bracketed = regexp.MustCompile(`\[([^\]]*)\]`)

// plain writes a path in one way: the server has three for the key of a map.
func plain(path string) string {
	path = bracketed.ReplaceAllStringFunc(path, func(s string) string {
		inner := s[1 : len(s)-1]
		if strings.Trim(inner, "0123456789") == "" && inner != "" {
			return s
		}
		return "." + inner
	})
	return strings.TrimPrefix(path, ".")
}

// engine is what the engine under test says.
func engine(tb testing.TB, g schema.GVK, obj map[string]any) map[string]string {
	tb.Helper()
	s, ok := schema.For(g)
	if !ok {
		tb.Fatalf("the engine has no %v", g)
	}
	out := map[string]string{}
	s.Check(obj, func(p schema.Problem) {
		path := plain(p.Path)
		out[path] = out[path] + p.Rule + " "
	})
	return out
}

// alternatives are the fields that Strimzi's oneOfs name.
var alternatives = []string{"value", "secretKeyRef", "certificate", "valueFrom", "configMapKeyRef", "pattern"}

// disagree says where the two differ, and is empty where they don't.
//
// Two differences are known. Where none of a oneOf's fields is there, the
// server names the object and, beside it, the first of the fields as missing;
// the engine names the object and lists all of them. Metadata that the server
// can't decode it refuses as a whole; the engine says which field.
func disagree(want verdict, got map[string]string) string {
	var out []string
	for path, why := range want.paths {
		if got[path] != "" {
			continue
		}
		if want.meta && (path == "metadata" || strings.HasPrefix(path, "metadata.")) {
			continue
		}
		if parent, last, ok := cutLast(path); ok && want.none[parent] && slices.Contains(alternatives, last) {
			continue
		}
		out = append(out, fmt.Sprintf("only the server: %s: %s", path, why))
	}
	decoded := true
	for path, rule := range got {
		if strings.HasPrefix(path, "metadata") && want.meta {
			decoded = decoded && !strings.Contains(rule, schema.RuleType) && !strings.Contains(rule, schema.RuleFormat)
			continue
		}
		if _, ok := want.paths[path]; !ok {
			out = append(out, fmt.Sprintf("only the engine: %s: %s", path, rule))
		}
	}
	if want.meta && decoded {
		out = append(out, "only the server: metadata: "+want.paths["metadata"])
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func cutLast(path string) (parent, last string, ok bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

// decode reads YAML as the server does: JSON numbers without a point are int64.
func decode(text []byte) (map[string]any, error) {
	data, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(data); err != nil {
		return nil, err
	}
	return u.Object, nil
}

func sortedGVKs[V any](m map[schema.GVK]V) []schema.GVK {
	return slices.SortedFunc(maps.Keys(m), func(a, b schema.GVK) int {
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
}
