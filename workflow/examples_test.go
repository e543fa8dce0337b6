package workflow_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// parsed are the Go files of this directory of which keep says so.
func parsed(t *testing.T, keep func(name string) bool) map[string]*ast.File {
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

func isExample(name string) bool {
	return strings.HasPrefix(name, "example_") && strings.HasSuffix(name, "_test.go")
}

// exported are the types, functions and methods that a file declares; methods
// stand as ".Name", as their receiver isn't known where they are used.
func exported(f *ast.File) (names, fields []string) {
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
					fields = append(fields, members(s)...)
				}
			}
		}
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

// members are the exported fields of a type: "Task.When".
func members(s *ast.TypeSpec) []string {
	st, ok := s.Type.(*ast.StructType)
	if !ok {
		return nil
	}
	var out []string
	for _, f := range st.Fields.List {
		for _, n := range f.Names {
			if n.IsExported() {
				out = append(out, s.Name.Name+"."+n.Name)
			}
		}
	}
	return out
}

// wordsOnly have no example of their own: what they are the type of has one.
var wordsOnly = []string{
	"PodGCStrategy", "ClaimGCStrategy", "ArtifactGCStrategy", "GaugeOperation", "Deletion", "Action", "Concurrency",
}

// TestEveryNameHasAnExample holds the house to its style: whoever looks up a
// type, a function or a method finds it used in an example.
func TestEveryNameHasAnExample(t *testing.T) {
	used := make(map[string]bool)
	for name, f := range parsed(t, isExample) {
		for _, i := range f.Imports {
			if strings.Contains(i.Path.Value, "/internal/") {
				t.Errorf("%s imports %s, which its readers can't", name, i.Path.Value)
			}
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil {
				of, _, _ := strings.Cut(strings.TrimPrefix(d.Name.Name, "Example"), "_")
				used[of] = true
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				used["."+s.Sel.Name] = true
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "workflow" {
					used[s.Sel.Name] = true
				}
			}
			return true
		})
	}
	for name, f := range parsed(t, func(name string) bool { return !strings.HasSuffix(name, "_test.go") }) {
		names, _ := exported(f)
		for _, n := range names {
			if !used[n] && !slices.Contains(wordsOnly, n) {
				t.Errorf("%s: no example uses %s", name, n)
			}
		}
	}
	// What only the tests can reach is no example either.
	for name, f := range parsed(t, func(name string) bool { return strings.HasSuffix(name, "_test.go") }) {
		if f.Name.Name != "workflow" {
			continue
		}
		names, _ := exported(f)
		for _, n := range names {
			if !strings.HasPrefix(n, ".") && used[n] {
				t.Errorf("an example uses %s of %s, which is for tests only", n, name)
			}
		}
	}
}

// TestExamplesPrint finds examples that are compiled, but not run.
func TestExamplesPrint(t *testing.T) {
	files := parsed(t, isExample)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, d := range files[name].Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Example") {
				continue
			}
			prints := slices.ContainsFunc(files[name].Comments, func(c *ast.CommentGroup) bool {
				return c.Pos() > f.Pos() && c.End() < f.End() && strings.HasPrefix(c.Text(), "Output:")
			})
			if !prints {
				t.Errorf("%s: %s has no Output and is not run", name, f.Name.Name)
			}
			if f.Doc == nil {
				t.Errorf("%s: %s doesn't say what it shows", name, f.Name.Name)
			}
		}
	}
}
