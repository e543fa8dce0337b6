package documented

import (
	"go/ast"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Comments is what the comments of a package's fields are held to.
type Comments struct {
	// Types are those that manifests are of, and Words are what else a path in
	// a manifest may name.
	Types []reflect.Type
	Words []string
	// Results are types that the package fills: their fields have no zero of
	// the reader's, and are rendered nowhere.
	Results []string
	// Whole are fields that are about the whole spec, as Base is.
	Whole []string
	// Setting finds the names of settings, and Known says which there are.
	Setting *regexp.Regexp
	Known   func(name string) bool
	// Paths and Settings are how many of them must be found at least, so that
	// the test notices when it reads nothing.
	Paths, Settings int
}

var (
	saysZero     = regexp.MustCompile(`(?i)\b(zero|nil|required|empty|false)\b`)
	saysRendered = regexp.MustCompile(`(?i)\brendered\b`)
	// structZero and structRendered are sentences about all fields of a struct.
	structZero     = regexp.MustCompile(`(?i)\b(zero fields|an empty one)\s`)
	structRendered = regexp.MustCompile(`(?m)(^|\. )Rendered `)
	manifestPath   = regexp.MustCompile(`\b(?:spec|metadata)(?:\.[a-z][A-Za-z]*)+`)
)

// Hold holds the fields of a package to comments that say what zero means and
// where they are rendered, in their own words or in those of their struct. A field whose type is one of the package's leaves both to that type;
// no labels, no arguments and false need no word on zero.
func (c Comments) Hold(t *testing.T) {
	t.Helper()
	known := map[string]bool{"metadata": true, "annotations": true, "labels": true, "name": true, "namespace": true}
	for _, word := range c.Words {
		known[word] = true
	}
	for _, of := range c.Types {
		JSONNames(of, known)
	}
	files := Parsed(t, Code)
	types := declared(files)
	paths, settings := 0, 0
	for name, f := range files {
		for _, field := range Fields(f) {
			of := name + ": " + field.Of + "." + field.Name
			paths += holdPaths(t, of, field.Doc, known)
			settings += c.holdSettings(t, of, field.Doc)
			switch {
			case field.Doc == "":
				t.Errorf("%s has no comment", of)
			case slices.Contains(c.Results, field.Of) || slices.Contains(c.Whole, field.Name) || ownType(field.Type, types):
			default:
				if !saysZero.MatchString(field.Doc) && !emptySays(field.Type) && !structZero.MatchString(types[field.Of]) {
					t.Errorf("%s doesn't say what zero means", of)
				}
				if !saysRendered.MatchString(field.Doc) && !structRendered.MatchString(types[field.Of]) {
					t.Errorf("%s doesn't say where it is rendered", of)
				}
			}
		}
	}
	if paths < c.Paths || settings < c.Settings {
		t.Errorf("only %d paths and %d settings found", paths, settings)
	}
}

// holdPaths holds the paths that a comment names to the types, and counts them.
func holdPaths(t *testing.T, of, doc string, known map[string]bool) int {
	t.Helper()
	paths := manifestPath.FindAllString(doc, -1)
	for _, path := range paths {
		for part := range strings.SplitSeq(path, ".") {
			if !known[part] {
				t.Errorf("%s names %s: no type has %q", of, path, part)
			}
		}
	}
	return len(paths)
}

func (c Comments) holdSettings(t *testing.T, of, doc string) int {
	t.Helper()
	settings := c.Setting.FindAllString(doc, -1)
	for _, key := range settings {
		if !c.Known(key) {
			t.Errorf("%s names the setting %s, which there isn't", of, key)
		}
	}
	return len(settings)
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

// ownType reports whether a type is one of the package.
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
