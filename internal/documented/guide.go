package documented

import (
	"go/ast"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// Guide returns the text of a page in docs.
func Guide(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var goName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]+(\.[A-Z][A-Za-z0-9]+)*$`)

// HoldNames holds the Go names of a guide to the package: types, functions,
// constants, fields with their type, and methods. Bases are the types of the
// fields called Base, by their noun; that of "" is what Base alone stands for.
// It returns how many names it found.
func HoldNames(t testing.TB, text string, bases map[string]reflect.Type) int {
	t.Helper()
	known := map[string]bool{"Base": true}
	for _, f := range Parsed(t, Code) {
		names, fields := Exported(f)
		for _, n := range append(append(names, fields...), values(f)...) {
			known[n] = true
		}
	}
	// Line by line: the marks of a block of code would count as quotes.
	var names []string
	for line := range strings.SplitSeq(text, "\n") {
		names = append(names, InCode(line)...)
	}
	found := 0
	for _, said := range names {
		if !goName.MatchString(said) {
			continue
		}
		found++
		if noun, path, ok := strings.Cut(said, "Base."); ok {
			of := bases[strings.TrimSuffix(noun, ".")]
			if of == nil || !hasPath(of, strings.Split(path, ".")) {
				t.Errorf("the guide names %s, which its type doesn't have", said)
			}
			continue
		}
		of, method, _ := strings.Cut(said, ".")
		if !known[said] && !known["."+said] && (!known[of] || !known["."+method]) {
			t.Errorf("the guide names %s, which is not in the package", said)
		}
	}
	return found
}

// values are the exported constants and variables of a file.
func values(f *ast.File) []string {
	var out []string
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			v, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			for _, name := range v.Names {
				if name.IsExported() {
					out = append(out, name.Name)
				}
			}
		}
	}
	return out
}

// hasPath reports whether a struct has a field, and that one the next. What
// lies in lists is that of their elements.
func hasPath(of reflect.Type, path []string) bool {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if len(path) == 0 {
		return true
	}
	if of.Kind() != reflect.Struct {
		return false
	}
	f, ok := of.FieldByName(path[0])
	return ok && hasPath(f.Type, path[1:])
}
