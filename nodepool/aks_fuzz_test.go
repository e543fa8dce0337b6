package nodepool_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclwrite"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/nodepool"
)

// FuzzAKS puts arbitrary text everywhere: it is refused, or it comes back as
// it was.
func FuzzAKS(f *testing.F) {
	f.Add("etl", "Standard_E16ds_v5", aksClusterID, "team", "data", "k", "v", "cost center", "4711", "westeurope-1")
	f.Add("e", "Standard_D2_v5", "var.cluster_id", "company.com/a", "", "a.b/c", "x", "for", "${evil} %{ if x }\"\\", "1")
	f.Add("x-1", "Standard_L8s_v3", "module.aks.id", "true", "null", "if", "0", "é", "$${x}", "eastus2-3")
	f.Add("pool", "Standard_A1", `azurerm_kubernetes_cluster.many["a.b"]`, "for", "1e3", "null", "true", "<<EOT", "ü", "")
	f.Fuzz(func(t *testing.T, name, machine, cluster, key, value, taint, taintValue, tag, tagValue, zone string) {
		p := &nodepool.Pool{Name: name, Machine: machine, Max: 3, Labels: map[string]string{key: value}, Zones: []string{zone},
			Taints:   []corev1.Taint{{Key: taint, Value: taintValue, Effect: "NoSchedule"}},
			Provider: nodepool.AKS{Cluster: cluster, Tags: map[string]string{tag: tagValue}}}
		parts, err := p.Build()
		placement := p.Placement()
		if err != nil {
			if len(findings(t, err)) == 0 {
				t.Error("an error without findings")
			}
			return
		}
		if !parts.Nodes[0].Refuses(placement).Empty() {
			t.Errorf("the pool refuses its own pods: %v %v", parts.Nodes, placement)
		}
		src := parts.Files[0].Data
		if again := hclwrite.Format(src); string(again) != string(src) {
			t.Errorf("not as terraform fmt has it:\n%s", cmp.Diff(string(again), string(src)))
		}
		file, diags := hclparse.NewParser().ParseHCL(src, "pool.tf")
		if diags.HasErrors() {
			t.Fatalf("%v\n%s", diags, src)
		}
		content, diags := file.Body.Content(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "resource", LabelNames: []string{"type", "name"}}}})
		if diags.HasErrors() || len(content.Blocks) != 1 || content.Blocks[0].Labels[1] != strings.ReplaceAll(name, "-", "_") {
			t.Fatalf("%v\n%s", diags, src)
		}
		schema := &hcl.BodySchema{}
		for _, a := range []string{"name", "vm_size", "kubernetes_cluster_id", "node_labels", "node_taints", "tags", "zones"} {
			schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: a, Required: true})
		}
		body, _, diags := content.Blocks[0].Body.PartialContent(schema)
		if diags.HasErrors() {
			t.Fatalf("%v\n%s", diags, src)
		}
		equal := func(what, want, got string) {
			if got != want {
				t.Errorf("%s: got %q, want %q\n%s", what, got, want, src)
			}
		}
		// A reference has no value here; its root must be the user's.
		if vars := body.Attributes["kubernetes_cluster_id"].Expr.Variables(); len(vars) > 0 {
			if len(vars) != 1 || !strings.HasPrefix(cluster, vars[0].RootName()) || !strings.Contains(string(src), cluster) {
				t.Errorf("a reference to %v, want %q\n%s", vars[0].RootName(), cluster, src)
			}
			delete(body.Attributes, "kubernetes_cluster_id")
		}
		for what, a := range body.Attributes {
			v, diags := a.Expr.Value(nil)
			if diags.HasErrors() {
				t.Fatalf("%s: %v\n%s", what, diags, src)
			}
			switch what {
			case "name":
				equal(what, strings.ReplaceAll(name, "-", ""), v.AsString())
			case "vm_size":
				equal(what, machine, v.AsString())
			case "kubernetes_cluster_id":
				equal(what, cluster, v.AsString())
			case "node_labels":
				equal(what, value, v.AsValueMap()[key].AsString())
			case "node_taints":
				equal(what, taint+"="+taintValue+":NoSchedule", v.AsValueSlice()[1].AsString())
			case "tags":
				equal(what, tagValue, v.AsValueMap()[tag].AsString())
			case "zones":
				equal(what, zone[len(zone)-1:], v.AsValueSlice()[0].AsString())
			}
		}
	})
}
