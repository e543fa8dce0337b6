package nodepool_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	canonical "github.com/millrace/millrace/internal/yaml"
)

// changes are the paths whose values differ in what two builds render.
func changes(t *testing.T, before, after millrace.Parts) []string {
	t.Helper()
	was, is := flatten(t, before), flatten(t, after)
	var out []string
	for path, value := range is {
		if was[path] != value {
			out = append(out, path)
		}
	}
	for path := range was {
		if _, ok := is[path]; !ok {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// flatten returns every value that is rendered, by its path: blocks and fields
// from the outermost to the innermost. Elements of lists are called by their key
// where they have one.
func flatten(t *testing.T, parts millrace.Parts) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, f := range parts.Files {
		if !strings.HasSuffix(f.Path, ".tf") {
			flattenYAML(t, f.Data, out)
			continue
		}
		file, problems := hclsyntax.ParseConfig(f.Data, f.Path, hcl.InitialPos)
		if problems.HasErrors() {
			t.Fatal(problems)
		}
		flattenBody(file.Body.(*hclsyntax.Body), "", f.Data, out)
	}
	for _, o := range parts.Objects {
		data, err := canonical.Append(nil, o)
		if err != nil {
			t.Fatal(err)
		}
		flattenYAML(t, data, out)
	}
	return out
}

func flattenYAML(t *testing.T, data []byte, out map[string]string) {
	t.Helper()
	var value any
	if err := yaml.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	flattenValue(value, "", out)
}

func flattenBody(body *hclsyntax.Body, at string, source []byte, out map[string]string) {
	text := func(a *hclsyntax.Attribute) string { return string(a.Expr.Range().SliceBytes(source)) }
	if key, ok := body.Attributes["key"]; ok {
		at += "." + strings.Trim(text(key), `"`)
	}
	for name, a := range body.Attributes {
		out[at+"."+name] += text(a) + ";"
	}
	for _, b := range body.Blocks {
		name := b.Type
		if len(b.Labels) > 0 {
			name = b.Labels[0]
		}
		flattenBody(b.Body, at+"."+name, source, out)
	}
}

func flattenValue(value any, at string, out map[string]string) {
	switch value := value.(type) {
	case map[string]any:
		if key, ok := value["key"].(string); ok {
			at += "." + key
		}
		for name, v := range value {
			flattenValue(v, at+"."+name, out)
		}
	case []any:
		for _, v := range value {
			flattenValue(v, at, out)
		}
	default:
		out[at] += fmt.Sprint(value) + ";"
	}
}
