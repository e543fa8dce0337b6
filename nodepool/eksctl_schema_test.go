//go:build corpus

package nodepool_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

// eksctlSchema reads the schema of a ClusterConfig from eksctl's own module.
func eksctlSchema(t *testing.T) *apiextensionsv1.JSONSchemaProps {
	t.Helper()
	out, err := exec.Command("go", "mod", "download", "-json", "github.com/weaveworks/eksctl@v0.215.0").Output()
	if err != nil {
		t.Fatalf("the module isn't available: %v", err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(module.Dir, "pkg/apis/eksctl.io/v1alpha5/assets/schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Definitions map[string]*apiextensionsv1.JSONSchemaProps
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	config := schema.Definitions["ClusterConfig"]
	for name := range config.Properties {
		switch name {
		case "apiVersion", "kind", "metadata", "managedNodeGroups":
		default:
			delete(config.Properties, name) // a pool has no business there
		}
	}
	inline(schema.Definitions, config, 0)
	return config
}

// inline puts definitions in the place of references to them.
func inline(definitions map[string]*apiextensionsv1.JSONSchemaProps, s *apiextensionsv1.JSONSchemaProps, depth int) {
	if s.Ref != nil {
		if d := definitions[strings.TrimPrefix(*s.Ref, "#/definitions/")]; d != nil {
			*s = *d.DeepCopy()
		}
	}
	if depth > 8 {
		return
	}
	if s.Type == "" && len(s.Properties) > 0 {
		s.Type = "object"
	}
	for name, property := range s.Properties {
		inline(definitions, &property, depth+1)
		s.Properties[name] = property
	}
	if s.Items != nil && s.Items.Schema != nil {
		inline(definitions, s.Items.Schema, depth+1)
	}
}

// TestEksctlSchema holds the golden files to eksctl's own schema, and breaks
// one in the ways that it must find.
func TestEksctlSchema(t *testing.T) {
	schema := eksctlSchema(t)
	read := func(src []byte) map[string]any {
		var v map[string]any
		if err := yaml.Unmarshal(src, &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	for name, pool := range eksGolden() {
		if strings.HasPrefix(name, "eksctl") {
			for _, v := range violations(schema, read(render(t, pool)), "") {
				t.Errorf("%s: %s", name, v)
			}
		}
	}
	src := string(render(t, fullEksctl()))
	for old, broken := range map[string]string{
		"volumeType: gp3": "volumeType: gp4", "minSize: 2": "minSize: many", "spot: true": "spots: true", "effect: ": "effects: ",
		"maxUnavailablePercentage": "maxUnavailableShare", "region: ": "zone: ", "volumeKmsKeyID": "volumeKMSKeyID",
	} {
		if wrong := strings.Replace(src, old, broken, 1); wrong == src || len(violations(schema, read([]byte(wrong)), "")) == 0 {
			t.Errorf("%q in the place of %q isn't found", broken, old)
		}
	}
}
