package nodepool_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/millrace/millrace/internal/pooltest"
)

// terraformVariables is what references of each provider's pools lead to.
var terraformVariables = map[string]func(name string) *hcl.EvalContext{
	"GKE": func(string) *hcl.EvalContext { return variables() },
	"EKS": awsVariables,
	"AKS": func(string) *hcl.EvalContext { return aksVariables() },
}

// poolResources are the types of the pools themselves.
var poolResources = map[string]string{
	"GKE": "google_container_node_pool", "EKS": "aws_eks_node_group", "AKS": "azurerm_kubernetes_cluster_node_pool",
}

// decodeTerraform reads all that a pool rendered, by the types of the
// resources. What isn't as terraform fmt would have it is an error.
func decodeTerraform(provider string, src []byte) (map[string]cty.Value, error) {
	file, diags := hclparse.NewParser().ParseHCL(src, "pool.tf")
	if diags.HasErrors() {
		return nil, diags
	}
	labels := []string{"type", "name"}
	content, diags := file.Body.Content(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "resource", LabelNames: labels}, {Type: "data", LabelNames: labels}}})
	out := map[string]cty.Value{}
	for _, b := range content.Blocks {
		spec, ok := terraformSpecs[b.Labels[0]]
		if !ok {
			return nil, fmt.Errorf("unknown resource %s", b.Labels[0])
		}
		v, more := hcldec.Decode(b.Body, spec, terraformVariables[provider](b.Labels[1]))
		out[b.Labels[0]], diags = v, append(diags, more...)
	}
	if diags.HasErrors() {
		return nil, diags
	}
	if again := hclwrite.Format(src); string(again) != string(src) {
		return nil, fmt.Errorf("not as terraform fmt has it:\n%s", cmp.Diff(string(again), string(src)))
	}
	return out, nil
}

var randomPools = flag.Int("pools", 200, "how many pools of each provider are made at random")

// TestTerraformAtRandom decodes pools with any of the fields set, by the
// schemas of the providers: what comes out is what was put in, whatever it
// looks like to HCL.
func TestTerraformAtRandom(t *testing.T) {
	for provider, maker := range pooltest.Makers {
		t.Run(provider, func(t *testing.T) {
			r := rand.New(rand.NewPCG(8, 6))
			valid := 0
			for i := range *randomPools {
				p := maker(r, fmt.Sprintf("pool-%d", i))
				parts, err := p.Build()
				if err != nil {
					if len(findings(t, err)) == 0 {
						t.Fatal("an error without findings")
					}
					continue
				}
				valid++
				got, err := decodeTerraform(provider, parts.Files[0].Data)
				if err != nil {
					t.Fatalf("%v\n%s", err, parts.Files[0].Data)
				}
				var written map[string]any
				text, err := json.Marshal(ctyjson.SimpleJSONValue{Value: got[poolResources[provider]]})
				if err == nil {
					err = json.Unmarshal(text, &written)
				}
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(pooltest.Given(p), pooltest.Written(written)); diff != "" {
					t.Fatalf("given and decoded (-want +got):\n%s\n%s", diff, parts.Files[0].Data)
				}
			}
			if valid < *randomPools/2 {
				t.Errorf("only %d of %d pools are valid", valid, *randomPools)
			}
		})
	}
}
