package crdgen_test

import (
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/crdgen"
)

// wrap makes the CRD of a schema with that spec, and reads it.
func wrap(spec string) (crdgen.Definition, error) {
	about := crdgen.Bare{Group: "example.com", Version: "v1", Kind: "Thing", Plural: "things", File: "thing.json"}
	crd, err := crdgen.Wrap(about, []byte(`{"type": "object", "properties": {"status": {"type": "object"}, "spec": `+spec+`}}`))
	if err != nil {
		return crdgen.Definition{}, err
	}
	return crdgen.Parse(crd)
}

func TestWrap(t *testing.T) {
	def, err := wrap(`{"type": "object", "additionalProperties": false, "properties": {
		"level": {"type": "integer", "enum": [2, 0, 1]},
		"list": {"type": "array", "items": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "string", "enum": ["x"]}}}},
		"map": {"type": "object", "additionalProperties": {"type": "string"}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	if spec := def.CRD.Spec; def.CRD.Name != "things.example.com" || spec.Scope != "Cluster" || spec.Versions[0].Subresources.Status == nil {
		t.Errorf("%+v", spec)
	}
	spec := def.CRD.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]
	if level := spec.Properties["level"]; len(level.Enum) > 0 || *level.Minimum != 0 || *level.Maximum != 2 {
		t.Errorf("level: %+v", level)
	}
	if spec.AdditionalProperties != nil || spec.Properties["list"].Items.Schema.AdditionalProperties != nil {
		t.Errorf("closed: %+v", spec)
	}
	if spec.Properties["map"].AdditionalProperties == nil || len(spec.Properties["list"].Items.Schema.Properties["a"].Enum) != 1 {
		t.Errorf("more was taken out: %+v", spec)
	}
}

func TestWrapRefuses(t *testing.T) {
	for spec, want := range map[string]string{
		`{"type": "integer", "enum": [0, 2]}`:   "gaps",
		`{"type": "integer", "enum": [0, "a"]}`: "has a",
		`{`:                                     "thing.json",
		`{"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer", "enum": [1, 3]}}}}`: ".spec.a[]",
	} {
		if _, err := wrap(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", spec, err, want)
		}
	}
}
