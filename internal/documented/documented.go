// Package documented holds a package's documentation to its code: every field
// has a comment, every name an example, and a guide names what there is. The
// tests of the nouns' packages use it, each in its own directory.
package documented

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Parsed returns the Go files of the test's directory of which keep says so, by
// their names.
func Parsed(t testing.TB, keep func(name string) bool) map[string]*ast.File {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]*ast.File)
	for _, name := range files {
		if !keep(name) {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if out[name], err = parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// Code says which files are the package itself.
func Code(name string) bool { return !isTest(name) }

// Examples says which files hold the package's examples.
func Examples(name string) bool { return strings.HasPrefix(name, "example_") && isTest(name) }

func isTest(name string) bool { return strings.HasSuffix(name, "_test.go") }

// Exported are the types, functions and methods that a file declares; methods
// stand as ".Name", as their receiver isn't known where they are used. Fields
// stand with their type: "Task.When".
func Exported(f *ast.File) (names, fields []string) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			switch {
			case !d.Name.IsExported():
			case d.Recv == nil:
				names = append(names, d.Name.Name)
			case ast.IsExported(receiver(d)):
				names = append(names, "."+d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() {
					names = append(names, s.Name.Name)
				}
			}
		}
	}
	for _, field := range Fields(f) {
		fields = append(fields, field.Of+"."+field.Name)
	}
	return names, fields
}

func receiver(d *ast.FuncDecl) string {
	x := d.Recv.List[0].Type
	if p, ok := x.(*ast.StarExpr); ok {
		x = p.X
	}
	return x.(*ast.Ident).Name
}

// A Field is one exported field of an exported struct.
type Field struct {
	// Of is its struct.
	Of, Name string
	// Doc is its comment, and Type what it holds, as the source says it.
	Doc  string
	Type ast.Expr
}

// Fields returns the exported fields that a file declares. Fields of one line
// share its comment.
func Fields(f *ast.File) []Field {
	var out []Field
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		st, ok := s.Type.(*ast.StructType)
		if !ok || !s.Name.IsExported() {
			return false
		}
		for _, field := range st.Fields.List {
			for _, name := range field.Names {
				if name.IsExported() {
					out = append(out, Field{Of: s.Name.Name, Name: name.Name, Doc: field.Doc.Text(), Type: field.Type})
				}
			}
		}
		return false
	})
	return out
}

// JSONNames adds the names of a type's fields in JSON, and of what lies in it.
func JSONNames(of reflect.Type, to map[string]bool) { jsonNames(of, to, make(map[reflect.Type]bool)) }

func jsonNames(of reflect.Type, to map[string]bool, seen map[reflect.Type]bool) {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		jsonNames(of.Elem(), to, seen)
	case reflect.Struct:
		if seen[of] {
			return
		}
		seen[of] = true
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			to[name] = true
			jsonNames(of.Field(i).Type, to, seen)
		}
	}
}

var inCode = regexp.MustCompile("`([^`]+)`")

// InCode are the pieces of a text that stand between backquotes.
func InCode(text string) []string {
	var out []string
	for _, m := range inCode.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// InTable are the names in the first column of the table below a heading.
func InTable(text, heading string) []string {
	_, rest, _ := strings.Cut(text, "\n### "+heading+"\n")
	table, _, _ := strings.Cut(rest, "\n#")
	var out []string
	for line := range strings.SplitSeq(table, "\n") {
		if strings.HasPrefix(line, "| `") {
			first, _, _ := strings.Cut(line[1:], "|")
			out = append(out, InCode(first)...)
		}
	}
	return out
}

// HoldTables compares the tables of a guide with the types that they are called
// after: an update of those that adds or drops a field fails the test. An
// embedded type has a table of its own.
func HoldTables(t testing.TB, text string, types ...any) {
	t.Helper()
	for _, of := range types {
		typ := reflect.TypeOf(of)
		var want []string
		for i := range typ.NumField() {
			f := typ.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name != "" {
				want = append(want, name)
			} else if !slices.ContainsFunc(types, func(other any) bool { return reflect.TypeOf(other) == f.Type }) {
				t.Errorf("%T embeds %s, which has no table", of, f.Type)
			}
		}
		got := InTable(text, typ.Name())
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
			t.Errorf("fields of %T in the guide (-type, +guide):\n%s", of, diff)
		}
	}
}
