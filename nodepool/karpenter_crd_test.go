//go:build corpus

package nodepool_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// nodePoolSchema reads the schema of karpenter.sh/v1 NodePool from the CRD in
// Karpenter's own module.
func nodePoolSchema(t *testing.T) *apiextensionsv1.JSONSchemaProps {
	return crdSchema(t, "sigs.k8s.io/karpenter@v1.14.1", "karpenter.sh_nodepools.yaml")
}

// crdSchema reads the schema of a CRD from a module.
func crdSchema(t *testing.T, version, file string) *apiextensionsv1.JSONSchemaProps {
	t.Helper()
	out, err := exec.Command("go", "mod", "download", "-json", version).Output()
	if err != nil {
		t.Fatalf("the module isn't available: %v", err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(module.Dir, "pkg/apis/crds", file))
	if err != nil {
		t.Fatal(err)
	}
	var crd apiextensionsv1.CustomResourceDefinition
	if err := yaml.Unmarshal(data, &crd); err != nil {
		t.Fatal(err)
	}
	return crd.Spec.Versions[0].Schema.OpenAPIV3Schema
}

// violations checks a value against a schema: unknown and missing fields,
// types, enums, patterns, bounds. It doesn't run CEL.
func violations(s *apiextensionsv1.JSONSchemaProps, v any, path string) (out []string) {
	bad := func(format string, args ...any) { out = append(out, path+": "+fmt.Sprintf(format, args...)) }
	if s.XIntOrString {
		if _, ok := v.(map[string]any); ok {
			bad("is an object")
		}
		v = strings.Trim(fmt.Sprint(v), `"`)
	}
	switch v := v.(type) {
	case map[string]any:
		if s.Type != "object" {
			bad("is an object, not a %s", s.Type)
			return out
		}
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				bad("%s is missing", name)
			}
		}
		if s.MaxProperties != nil && int64(len(v)) > *s.MaxProperties {
			bad("has %d properties", len(v))
		}
		for name, value := range v {
			switch property, ok := s.Properties[name]; {
			case ok:
				out = append(out, violations(&property, value, path+"."+name)...)
			case s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil:
				out = append(out, violations(s.AdditionalProperties.Schema, value, path+"["+name+"]")...)
			case path != ".metadata":
				bad("%s is unknown", name)
			}
		}
	case []any:
		if s.Type != "array" || s.Items == nil || s.Items.Schema == nil {
			bad("is a list, not a %s", s.Type)
			return out
		}
		if s.MaxItems != nil && int64(len(v)) > *s.MaxItems {
			bad("has %d items", len(v))
		}
		for i, item := range v {
			out = append(out, violations(s.Items.Schema, item, fmt.Sprintf("%s[%d]", path, i))...)
		}
	case string:
		if s.Type != "string" && !s.XIntOrString {
			bad("is a string, not a %s", s.Type)
		}
		if s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
			bad("%q doesn't match %s", v, s.Pattern)
		}
		if s.MaxLength != nil && int64(len(v)) > *s.MaxLength || s.MinLength != nil && int64(len(v)) < *s.MinLength {
			bad("%q is too long or too short", v)
		}
		if len(s.Enum) > 0 && !slices.ContainsFunc(s.Enum, func(e apiextensionsv1.JSON) bool { return string(e.Raw) == fmt.Sprintf("%q", v) }) {
			bad("%q is none of the enum", v)
		}
	case float64:
		if s.Type != "integer" && s.Type != "number" {
			bad("is a number, not a %s", s.Type)
		}
		if s.Minimum != nil && v < *s.Minimum || s.Maximum != nil && v > *s.Maximum {
			bad("%v is out of bounds", v)
		}
	case nil:
		bad("is null")
	}
	return out
}

// TestGoldenFilesFitTheCRDs checks what the golden files hold.
func TestGoldenFilesFitTheCRDs(t *testing.T) {
	pools := nodePoolSchema(t)
	schemas := map[any]*apiextensionsv1.JSONSchemaProps{
		"NodePool":     pools,
		"EC2NodeClass": crdSchema(t, "github.com/aws/karpenter-provider-aws@v1.14.1", "karpenter.k8s.aws_ec2nodeclasses.yaml"),
	}
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d golden files, %v", len(files), err)
	}
	seen := map[any]int{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range strings.Split(string(data), "\n---\n") {
			var object map[string]any
			if err := yaml.UnmarshalStrict([]byte(doc), &object); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			schema := schemas[object["kind"]]
			if schema == nil {
				continue // Another provider's.
			}
			seen[object["kind"]]++
			for _, v := range violations(schema, object, "") {
				t.Errorf("%s: %s", file, v)
			}
		}
	}
	if seen["NodePool"] < 5 || seen["EC2NodeClass"] < 3 {
		t.Errorf("too few objects: %v", seen)
	}
	if got := violations(pools, map[string]any{"spec": map[string]any{"templates": 1.0, "weight": "x"}}, ""); len(got) != 3 {
		t.Errorf("the check is blind: %v", got)
	}
}

// TestRandomNodePoolsFitTheCRD checks what many valid pools make.
func TestRandomNodePoolsFitTheCRD(t *testing.T) {
	schema := nodePoolSchema(t)
	valid := 0
	eachRandomPool(2000, func(p *nodepool.Pool) {
		np, err := p.NodePool()
		if err != nil {
			return
		}
		valid++
		data, err := json.Marshal(np)
		if err != nil {
			t.Fatal(err)
		}
		var object map[string]any
		if err := json.Unmarshal(data, &object); err != nil {
			t.Fatal(err)
		}
		for _, v := range violations(schema, object, "") {
			t.Error(v)
		}
	})
	if valid < 300 {
		t.Errorf("only %d valid pools", valid)
	}
}

// TestAWSLabelsAreThoseOfTheCRD reads the labels that the AWS provider's copy of
// the NodePool CRD takes, out of its CEL.
func TestAWSLabelsAreThoseOfTheCRD(t *testing.T) {
	crd := crdSchema(t, "github.com/aws/karpenter-provider-aws@v1.14.1", "karpenter.sh_nodepools.yaml")
	template := crd.Properties["spec"].Properties["template"]
	key := template.Properties["spec"].Properties["requirements"].Items.Schema.Properties["key"]
	var listed []string
	for _, rule := range key.XValidations {
		if strings.Contains(rule.Message, "karpenter.k8s.aws") {
			for _, m := range regexp.MustCompile(`"(karpenter\.k8s\.aws/[a-z0-9-]+)"`).FindAllStringSubmatch(rule.Rule, -1) {
				listed = append(listed, m[1])
			}
		}
	}
	if len(listed) < 25 {
		t.Fatalf("the CRD lists only %v", listed)
	}
	pool := karpenterPool()
	k := pool.Provider.(nodepool.Karpenter)
	k.Requirements = []karpenterv1.NodeSelectorRequirementWithMinValues{requirement("karpenter.k8s.aws/none", "Exists")}
	pool.Provider = k
	_, err := pool.Build()
	known := findings(t, err)[0].Fix
	for _, label := range listed {
		if !strings.Contains(known+",", " "+label+",") {
			t.Errorf("%s is refused", label)
		}
	}
	if n := strings.Count(known, "karpenter.k8s.aws/"); n != len(listed) {
		t.Errorf("%d labels are known, and the CRD has %d", n, len(listed))
	}
}
