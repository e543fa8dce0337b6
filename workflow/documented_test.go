package workflow_test

import (
	"go/ast"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// renderedAs finds where a doc comment says that its field is rendered; the
// first word is a path when it begins with a small letter.
var renderedAs = regexp.MustCompile(`Rendered as ([a-z][A-Za-z]*(?:\.[a-zA-Z]+|\[\])*)(?:[ ,.;]|$)`)

// words stand where a path could: they begin a sentence about more than a path.
var words = []string{"a", "an", "the", "one", "kind"}

// TestEveryFieldIsDocumented finds exported fields without a comment, and
// comments that render a field as what Argo and Kubernetes don't have.
func TestEveryFieldIsDocumented(t *testing.T) {
	// Quantities are keys of a map.
	known := map[string]bool{"spec": true, "cpu": true, "memory": true, "storage": true}
	jsonNames(reflect.TypeFor[wfv1.WorkflowTemplate](), known, make(map[reflect.Type]bool))
	jsonNames(reflect.TypeFor[wfv1.CronWorkflow](), known, make(map[reflect.Type]bool))
	paths := 0
	for name, f := range parsed(t, func(name string) bool { return !strings.HasSuffix(name, "_test.go") }) {
		for of, doc := range fieldDocs(f) {
			if doc == "" {
				t.Errorf("%s: %s has no comment", name, of)
			}
			for _, path := range pathsIn(doc) {
				paths++
				for part := range strings.SplitSeq(path, ".") {
					if !known[part] {
						t.Errorf("%s: %s is rendered as %s, says its comment: Argo has no %q", name, of, path, part)
					}
				}
			}
		}
	}
	if paths < 150 {
		t.Errorf("only %d paths found", paths)
	}
}

// fieldDocs are the comments of a file's exported fields, by their names.
func fieldDocs(f *ast.File) map[string]string {
	out := make(map[string]string)
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if st, ok := s.Type.(*ast.StructType); ok && s.Name.IsExported() {
			for _, field := range st.Fields.List {
				if len(field.Names) > 0 && field.Names[0].IsExported() {
					out[s.Name.Name+"."+field.Names[0].Name] = field.Doc.Text()
				}
			}
		}
		return false
	})
	return out
}

// pathsIn are the places in a manifest that a comment names, without their [].
func pathsIn(doc string) []string {
	var out []string
	for _, m := range renderedAs.FindAllStringSubmatch(doc, -1) {
		if !slices.Contains(words, m[1]) {
			out = append(out, strings.ReplaceAll(m[1], "[]", ""))
		}
	}
	return out
}

// jsonNames collects the names of the fields of a type in JSON, and of what lies
// in it.
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
