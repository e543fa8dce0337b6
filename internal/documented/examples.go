package documented

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"
)

// EveryNameHasAnExample holds the house to its style: whoever looks up a type,
// a function or a method finds it used in an example. Except are types whose
// example is that of what they are the type of.
func EveryNameHasAnExample(t *testing.T, pkg string, except ...string) {
	t.Helper()
	used := usedInExamples(t, pkg)
	for name, f := range Parsed(t, Code) {
		names, _ := Exported(f)
		for _, n := range names {
			if !used[n] && !slices.Contains(except, n) {
				t.Errorf("%s: no example uses %s", name, n)
			}
			if used[n] && slices.Contains(except, n) {
				t.Errorf("%s: %s is used in an example, and needs no exception", name, n)
			}
		}
	}
	// What only the tests can reach is no example either.
	for name, f := range Parsed(t, isTest) {
		if f.Name.Name != pkg {
			continue
		}
		names, _ := Exported(f)
		for _, n := range names {
			if !strings.HasPrefix(n, ".") && used[n] {
				t.Errorf("an example uses %s of %s, which is for tests only", n, name)
			}
		}
	}
}

// usedInExamples are the names that examples are called after or use.
func usedInExamples(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	used := make(map[string]bool)
	for name, f := range Parsed(t, Examples) {
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
				if x, ok := s.X.(*ast.Ident); ok && x.Name == pkg {
					used[s.Sel.Name] = true
				}
			}
			return true
		})
	}
	return used
}

// ExamplesPrint finds examples that are compiled, but not run, and those that
// don't say what they show.
func ExamplesPrint(t *testing.T) {
	t.Helper()
	files := Parsed(t, Examples)
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
