package nodepool_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/millrace/millrace/internal/pooltest"
)

// terraformPools are the schemas of each provider, and the types of the pools
// themselves.
var terraformPools = map[string]struct {
	schema blockSchema
	pool   string
}{
	"GKE": {gkeSchema, "google_container_node_pool"},
	"EKS": {eksSchema, "aws_eks_node_group"},
	"AKS": {aksSchema, "azurerm_kubernetes_cluster_node_pool"},
}

// decodeTerraform reads all that a pool rendered, by the types of the
// resources.
func decodeTerraform(provider string, src []byte) (map[string]cty.Value, error) {
	blocks, err := decode(src, terraformPools[provider].schema)
	if err != nil {
		return nil, err
	}
	out := map[string]cty.Value{}
	for _, b := range blocks {
		out[b.labels[0]] = b.value
	}
	return out, formatted(src)
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
				text, err := json.Marshal(ctyjson.SimpleJSONValue{Value: got[terraformPools[provider].pool]})
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
