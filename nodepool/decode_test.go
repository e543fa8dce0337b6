package nodepool_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/millrace/millrace/internal/tfschema"
)

// terraformSpecs decode the resources that pools render, by the schemas of
// Terraform's providers.
var terraformSpecs = func() map[string]hcldec.ObjectSpec {
	resources, err := tfschema.Resources()
	if err != nil {
		panic(err)
	}
	specs := map[string]hcldec.ObjectSpec{}
	for name, r := range resources {
		specs[name] = r.Spec()
	}
	return specs
}()

// decoded is a block of Terraform, read by its schema.
type decoded struct {
	labels []string // its type and its name
	value  cty.Value
}

// blockSchema says how a block is read: by what, and what references lead to; a nil
// spec is of a block that isn't known.
type blockSchema func(kind string, labels []string) (hcldec.Spec, *hcl.EvalContext)

// decode reads rendered resources and data sources back.
func decode(src []byte, of blockSchema) ([]decoded, error) {
	file, diags := hclparse.NewParser().ParseHCL(src, "pool.tf")
	if diags.HasErrors() {
		return nil, diags
	}
	labels := []string{"type", "name"}
	content, diags := file.Body.Content(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "resource", LabelNames: labels}, {Type: "data", LabelNames: labels}}})
	if diags.HasErrors() {
		return nil, diags
	}
	var out []decoded
	for _, b := range content.Blocks {
		spec, variables := of(b.Type, b.Labels)
		if spec == nil {
			return nil, fmt.Errorf("unknown %s %s", b.Type, b.Labels[0])
		}
		value, diags := hcldec.Decode(b.Body, spec, variables)
		if diags.HasErrors() {
			return nil, diags
		}
		out = append(out, decoded{b.Labels, value})
	}
	return out, nil
}

// mustDecode reads blocks that are right, and written as terraform fmt has them.
func mustDecode(t testing.TB, src []byte, of blockSchema) []decoded {
	t.Helper()
	out, err := decode(src, of)
	if err == nil {
		err = formatted(src)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	return out
}

// formatted returns an error for what terraform fmt would change.
func formatted(src []byte) error {
	if again := hclwrite.Format(src); string(again) != string(src) {
		return fmt.Errorf("not as terraform fmt has it:\n%s", cmp.Diff(string(again), string(src)))
	}
	return nil
}

// onlyResource is the schema of one resource of that type, and nothing else.
func onlyResource(name string, variables *hcl.EvalContext) blockSchema {
	return func(kind string, labels []string) (hcldec.Spec, *hcl.EvalContext) {
		if kind != "resource" || labels[0] != name {
			return nil, nil
		}
		return terraformSpecs[name], variables
	}
}

// single returns the only block.
func single(t testing.TB, blocks []decoded) decoded {
	t.Helper()
	if len(blocks) != 1 {
		t.Fatalf("%d blocks", len(blocks))
	}
	return blocks[0]
}
