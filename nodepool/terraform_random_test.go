package nodepool_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/millrace/millrace/internal/pooltest"
	"github.com/millrace/millrace/nodepool"
)

// terraformVariables is what references of each provider's pools lead to.
var terraformVariables = map[string]func(name string) *hcl.EvalContext{
	"GKE": func(string) *hcl.EvalContext { return variables() },
	"EKS": awsVariables,
	"AKS": func(string) *hcl.EvalContext { return aksVariables() },
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
				if diff := cmp.Diff(given(p), decoded(got)); diff != "" {
					t.Fatalf("given and decoded (-want +got):\n%s\n%s", diff, parts.Files[0].Data)
				}
			}
			if valid < *randomPools/2 {
				t.Errorf("only %d of %d pools are valid", valid, *randomPools)
			}
		})
	}
}

// given is what a user put into a pool that is a text of his own: labels and
// tags, taints, and scopes.
func given(p *nodepool.Pool) map[string]string {
	out := map[string]string{}
	add := func(what string, m map[string]string) {
		for k, v := range m {
			out[what+" "+k] = v
		}
	}
	workload := p.Workload
	if workload == "" {
		workload = p.Name
	}
	add("label", p.Labels)
	out["label workload"] = workload
	if !p.Shared {
		out["taint workload"] = workload
	}
	out["name"] = p.Name
	for _, t := range p.Taints {
		out["taint "+t.Key] = t.Value
	}
	for _, t := range p.StartupTaints {
		out["taint "+t.Key] = t.Value
	}
	switch provider := p.Provider.(type) {
	case nodepool.GKE:
		add("tag", provider.ResourceLabels)
		for _, scope := range provider.OAuthScopes {
			out["scope "+scope] = ""
		}
	case nodepool.EKS:
		add("tag", provider.Tags)
	case nodepool.AKS:
		add("tag", provider.Tags)
		out["name"] = provider.PoolName
	}
	return out
}

// decoded is the same of the resources, without what was added.
func decoded(resources map[string]cty.Value) map[string]string {
	out := map[string]string{}
	add := func(what string, v cty.Value) {
		if !v.IsNull() {
			for k, v := range v.AsValueMap() {
				out[what+" "+k] = v.AsString()
			}
		}
	}
	taint := func(key, value string) { out["taint "+key] = value }
	blocks := func(list cty.Value) {
		for _, v := range list.AsValueSlice() {
			value := ""
			if v := v.GetAttr("value"); !v.IsNull() {
				value = v.AsString()
			}
			taint(v.GetAttr("key").AsString(), value)
		}
	}
	name := ""
	if v, ok := resources["google_container_node_pool"]; ok {
		node := v.GetAttr("node_config")
		add("label", node.GetAttr("labels"))
		add("tag", node.GetAttr("resource_labels"))
		blocks(node.GetAttr("taint"))
		for _, scope := range node.GetAttr("oauth_scopes").AsValueSlice() {
			out["scope "+scope.AsString()] = ""
		}
		name = v.GetAttr("name").AsString()
	}
	if v, ok := resources["aws_eks_node_group"]; ok {
		add("label", v.GetAttr("labels"))
		add("tag", v.GetAttr("tags"))
		blocks(v.GetAttr("taint"))
		name = v.GetAttr("node_group_name").AsString()
	}
	if v, ok := resources["azurerm_kubernetes_cluster_node_pool"]; ok {
		add("label", v.GetAttr("node_labels"))
		add("tag", v.GetAttr("tags"))
		name = v.GetAttr("name").AsString()
		if v := v.GetAttr("node_taints"); !v.IsNull() {
			for _, v := range v.AsValueSlice() {
				text, _, _ := strings.Cut(v.AsString(), ":")
				key, value, _ := strings.Cut(text, "=")
				taint(key, value)
			}
		}
	}
	out["name"] = name
	for _, key := range added {
		delete(out, key)
	}
	return out
}

// added are those that pools have of their capacity, and by default.
var added = []string{
	"taint cloud.google.com/gke-spot", "scope https://www.googleapis.com/auth/cloud-platform",
	"taint karpenter.sh/capacity-type",
	"label kubernetes.azure.com/scalesetpriority", "taint kubernetes.azure.com/scalesetpriority",
}
