package spark_test

import (
	"go/ast"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace/internal/documented"
	"github.com/millrace/millrace/internal/sparkconf"
	"github.com/millrace/millrace/spark/apachev1"
)

// results are what the package tells, and nobody fills.
var results = []string{"BetterFit", "Default", "Explanation", "MemoryPart", "NodeFit", "PodResources", "PodSize", "Submission", "TemplateFiles", "Evidence"}

var (
	// theirs are the settings of what is added to Spark.
	theirs = regexp.MustCompile(`^spark\.(celeborn|rss|openlineage)\.`)

	saysZero     = regexp.MustCompile(`(?i)\b(zero|nil|required|empty|false)\b`)
	saysRendered = regexp.MustCompile(`(?i)\brendered\b`)
	// structRendered is a sentence about all fields of a struct.
	structRendered = regexp.MustCompile(`(?m)(^|\. )Rendered `)
	// settingName is the name of a setting, and manifestPath a path in a manifest.
	settingName  = regexp.MustCompile(`\bspark(?:\.[a-z][A-Za-z0-9-]*){2,}`)
	manifestPath = regexp.MustCompile(`\b(?:spec|metadata)(?:\.[a-z][A-Za-z]*)+`)
)

// TestEveryFieldIsDocumented holds the fields of the nouns to comments that say
// what zero means and where they are rendered, the latter in their own words or
// in those of their struct. A field whose type is one of this package's leaves both to
// that type; no labels, no arguments and false need no word on zero. Base and
// NoDefaults are about the whole spec.
func TestEveryFieldIsDocumented(t *testing.T) {
	known := map[string]bool{"spec": true, "metadata": true, "annotations": true, "labels": true, "name": true, "namespace": true}
	for _, of := range []reflect.Type{reflect.TypeFor[v1beta2.SparkApplication](), reflect.TypeFor[v1beta2.ScheduledSparkApplication](),
		reflect.TypeFor[v1alpha1.SparkConnect](), reflect.TypeFor[apachev1.SparkApplication](), reflect.TypeFor[apachev1.SparkCluster]()} {
		documented.JSONNames(of, known)
	}
	files := documented.Parsed(t, documented.Code)
	types := declared(files)
	paths, settings := 0, 0
	for name, f := range files {
		for _, field := range documented.Fields(f) {
			of := field.Of + "." + field.Name
			if field.Doc == "" {
				t.Errorf("%s: %s has no comment", name, of)
			}
			for _, path := range manifestPath.FindAllString(field.Doc, -1) {
				paths++
				for part := range strings.SplitSeq(path, ".") {
					if !known[part] {
						t.Errorf("%s: %s names %s: no operator has %q", name, of, path, part)
					}
				}
			}
			for _, key := range settingName.FindAllString(field.Doc, -1) {
				settings++
				if !theirs.MatchString(key) && !sparkconf.Known(key) && !sparkconf.InFamily(key) {
					t.Errorf("%s: %s names %s, which Spark doesn't have", name, of, key)
				}
			}
			if slices.Contains(results, field.Of) || field.Name == "Base" || field.Name == "NoDefaults" {
				continue
			}
			own := ownType(field.Type, types)
			if !own && !saysZero.MatchString(field.Doc) && !emptySays(field.Type) {
				t.Errorf("%s: %s doesn't say what zero means", name, of)
			}
			if !own && !saysRendered.MatchString(field.Doc) && !structRendered.MatchString(types[field.Of]) {
				t.Errorf("%s: %s doesn't say where it is rendered", name, of)
			}
		}
	}
	if paths < 100 || settings < 60 {
		t.Errorf("only %d paths and %d settings found", paths, settings)
	}
}

// declared are the package's types and their comments.
func declared(files map[string]*ast.File) map[string]string {
	out := make(map[string]string)
	for _, f := range files {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				if s, ok := spec.(*ast.TypeSpec); ok {
					out[s.Name.Name] = g.Doc.Text() + s.Doc.Text()
				}
			}
		}
	}
	return out
}

// ownType reports whether a type is one of this package.
func ownType(x ast.Expr, types map[string]string) bool {
	if a, ok := x.(*ast.ArrayType); ok {
		x = a.Elt
	}
	id, ok := x.(*ast.Ident)
	if !ok {
		return false
	}
	_, own := types[id.Name]
	return own
}

// emptySays reports whether the zero of a type says itself what it means.
func emptySays(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.ArrayType, *ast.MapType:
		return true
	case *ast.Ident:
		return x.Name == "bool"
	}
	return false
}
