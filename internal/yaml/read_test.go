package yaml_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"

	yaml3 "go.yaml.in/yaml/v3"
	sigs "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/yaml"
)

// write returns v as canonical YAML.
func write(t *testing.T, v any) string {
	t.Helper()
	out, err := yaml.Append(nil, v)
	if err != nil {
		t.Fatalf("Append: %v", err)
	}
	return string(out)
}

// writeJSON returns v as canonical JSON.
func writeJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := yaml.AppendJSON(nil, v)
	if err != nil {
		t.Fatalf("AppendJSON: %v", err)
	}
	return string(out)
}

// readers parse a document to a tree of map[string]any, []any, string,
// float64, bool and nil.
var readers = map[string]func(string) (any, error){
	"sigs.k8s.io/yaml": func(doc string) (tree any, err error) {
		err = sigs.UnmarshalStrict([]byte(doc), &tree)
		return tree, err
	},
	"go.yaml.in/yaml/v3": func(doc string) (tree any, err error) {
		d := yaml3.NewDecoder(bytes.NewReader([]byte(doc)))
		if err := d.Decode(&tree); err != nil {
			return nil, err
		}
		if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("no end after the first document: %w", err)
		}
		return plainNumbers(tree), nil
	},
}

// readJSON parses JSON to the same kind of tree.
func readJSON(t *testing.T, doc string) (tree any) {
	t.Helper()
	if err := json.Unmarshal([]byte(doc), &tree); err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	return tree
}

// plainNumbers turns the numbers of a tree into float64.
func plainNumbers(tree any) any {
	switch x := tree.(type) {
	case map[string]any:
		for k, v := range x {
			x[k] = plainNumbers(v)
		}
	case []any:
		for i, v := range x {
			x[i] = plainNumbers(v)
		}
	case int:
		return float64(x)
	case int64:
		return float64(x)
	case uint64:
		return float64(x)
	case json.Number:
		f, _ := x.Float64()
		return f
	}
	return tree
}
