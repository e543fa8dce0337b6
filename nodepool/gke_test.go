package nodepool_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/nodepool"
)

// variables is what references lead to: every value says its own address.
func variables() *hcl.EvalContext {
	object := func(kv ...any) cty.Value {
		m := map[string]cty.Value{}
		for i := 0; i < len(kv); i += 2 {
			if s, ok := kv[i+1].(string); ok {
				m[kv[i].(string)] = cty.StringVal(s)
			} else {
				m[kv[i].(string)] = kv[i+1].(cty.Value)
			}
		}
		return cty.ObjectVal(m)
	}
	cluster := object("name", "a cluster's name", "location", "a cluster's location", "id", "a cluster's id")
	return &hcl.EvalContext{Variables: map[string]cty.Value{
		"var":                      object("region", "a region", "project", "a project", "clusters", cty.MapVal(map[string]cty.Value{"a.b/c": cty.StringVal("one of many")})),
		"local":                    object("cluster", "a local"),
		"each":                     object("value", "each value"),
		"module":                   object("gke", object("name", "a module's output")),
		"google_container_cluster": object("main", cluster, "many", cty.TupleVal([]cty.Value{cluster}), "named", cty.MapVal(map[string]cty.Value{"blue": cluster})),
		"google_compute_image":     object("spark", object("id", "an image's id")),
		"google_service_account":   object("nodes", object("email", "an account's email")),
		"data": object("google_project", object("this", object("project_id", "a project's id")),
			"google_container_cluster", object("main", cluster)),
		"initial_node_count": cty.StringVal("initial_node_count"),
	}}
}

// gkeSchema is that of a node pool, and of nothing else.
var gkeSchema = onlyResource("google_container_node_pool", variables())

// decodeGKE reads a rendered pool back.
func decodeGKE(t testing.TB, src []byte) (labels []string, pool cty.Value) {
	t.Helper()
	block := single(t, mustDecode(t, src, gkeSchema))
	return block.labels, block.value
}

// TestTerraformDecodes reads the golden files with the resource's schema.
func TestTerraformDecodes(t *testing.T) {
	for name, pool := range map[string]*nodepool.Pool{"article": articlePool(), "minimal": gkePool(), "full": fullGKE(), "queued": queuedGKE()} {
		t.Run(name, func(t *testing.T) { decodeGKE(t, render(t, pool)) })
	}
	t.Run("the spec catches what it must", func(t *testing.T) {
		src := string(render(t, articlePool()))
		for _, broken := range []string{
			strings.Replace(src, "NO_SCHEDULE", "NoSchedule", 1),
			strings.Replace(src, "max_node_count", "max_nodes", 1),
			strings.Replace(src, "autoscaling {", "autoscale {", 1),
			strings.Replace(src, "BALANCED", "Balanced", 1),
			strings.Replace(src, "  cluster ", "  clusters ", 1),
		} {
			if broken == src {
				t.Fatal("the test broke nothing")
			}
			if _, err := decode([]byte(broken), gkeSchema); err == nil {
				t.Errorf("decoded:\n%s", broken)
			}
		}
	})
}

// TestArticle compares with the Terraform of the article, by value.
func TestArticle(t *testing.T) {
	labels, got := decodeGKE(t, render(t, articlePool()))
	if diff := cmp.Diff([]string{"google_container_node_pool", "spark_executor_pool"}, labels); diff != "" {
		t.Errorf("labels:\n%s", diff)
	}
	_, want := decodeGKE(t, []byte(hclwriteArticle))
	for name := range want.Type().AttributeTypes() {
		if w, g := want.GetAttr(name), got.GetAttr(name); !w.IsNull() && !w.RawEquals(g) {
			t.Errorf("%s: want %#v\ngot %#v", name, w, g)
		}
	}
}

const hclwriteArticle = `resource "google_container_node_pool" "spark_executor_pool" {
  name     = "spark-executor-pool"
  cluster  = google_container_cluster.main.name
  location = var.region
  autoscaling {
    min_node_count  = 0
    max_node_count  = 50
    location_policy = "BALANCED"
  }
  node_config {
    machine_type = "n2-highmem-16" # 16 vCPU, 128 GB RAM
    disk_size_gb = 200
    disk_type    = "pd-ssd"
    taint {
      key    = "workload"
      value  = "spark-executor"
      effect = "NO_SCHEDULE"
    }
    labels = {
      workload = "spark-executor"
      team     = "data-platform"
    }
    oauth_scopes = [
      "https://www.googleapis.com/auth/cloud-platform",
    ]
  }
}
`

// TestReferences tells literals from references, and completes the latter.
func TestReferences(t *testing.T) {
	for value, want := range map[string]string{
		"main":                                   "main",
		"projects/p.x/locations/l/clusters/c":    "projects/p.x/locations/l/clusters/c",
		"example.com:project":                    "example.com:project",
		"var.region":                             "a region",
		`var.clusters["a.b/c"]`:                  "one of many",
		"local.cluster":                          "a local",
		"each.value":                             "each value",
		"module.gke.name":                        "a module's output",
		"google_container_cluster.main":          "a cluster's name",
		"google_container_cluster.main.id":       "a cluster's id",
		"google_container_cluster.many[0]":       "a cluster's name",
		`google_container_cluster.named["blue"]`: "a cluster's name",
		"data.google_container_cluster.main":     "a cluster's name",
	} {
		p := gkePool()
		p.Provider = nodepool.GKE{Cluster: value, Location: "europe-west1"}
		_, got := decodeGKE(t, render(t, p))
		if got.GetAttr("cluster").AsString() != want {
			t.Errorf("%s: got %q, want %q", value, got.GetAttr("cluster").AsString(), want)
		}
	}
	_, got := decodeGKE(t, render(t, &nodepool.Pool{Name: "etl", Machine: "n2-highmem-16", Max: 1, Provider: nodepool.GKE{
		Cluster: "data.google_container_cluster.main", Location: "google_container_cluster.main",
		Project: "data.google_project.this", ServiceAccount: "google_service_account.nodes"}}))
	for path, want := range map[string]string{"cluster": "a cluster's name", "location": "a cluster's location", "project": "a project's id"} {
		if got := got.GetAttr(path).AsString(); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	if got := got.GetAttr("node_config").GetAttr("service_account").AsString(); got != "an account's email" {
		t.Errorf("service_account: got %q", got)
	}
}

// TestScaling looks at the counts, which must never be node_count.
func TestScaling(t *testing.T) {
	for name, tc := range map[string]struct {
		min     int
		total   bool
		zones   []string
		initial int64
	}{
		"from zero":             {0, false, nil, 0},
		"in each zone":          {3, false, nil, 3},
		"in all, zones unknown": {3, true, nil, 0},
		"in all, rounded up":    {3, true, []string{"europe-west1-b", "europe-west1-c"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			p := gkePool()
			p.Min, p.Zones = tc.min, tc.zones
			p.Provider = nodepool.GKE{Cluster: "main", Location: "europe-west1", TotalCounts: tc.total}
			src := render(t, p)
			_, got := decodeGKE(t, src)
			scaling := got.GetAttr("autoscaling")
			if scaling.GetAttr("total_max_node_count").IsNull() == tc.total || scaling.GetAttr("max_node_count").IsNull() != tc.total {
				t.Errorf("wrong kind of counts:\n%s", src)
			}
			initial := got.GetAttr("initial_node_count")
			if initial.IsNull() != (tc.initial == 0) || !initial.IsNull() && !initial.RawEquals(cty.NumberIntVal(tc.initial)) {
				t.Errorf("initial_node_count: got %#v, want %d", initial, tc.initial)
			}
			if got.GetAttr("lifecycle").IsNull() != initial.IsNull() {
				t.Errorf("initial_node_count without ignore_changes replaces the pool:\n%s", src)
			}
		})
	}
}

// FuzzTerraform puts arbitrary text everywhere: it is refused, or it comes
// back as it was.
func FuzzTerraform(f *testing.F) {
	f.Add("etl", "spark", "team", "data", "main", "europe-west1", "https://x/y", "n2-highmem-16", "pd-ssd", "k", "v")
	f.Add("etl-3", "", "company.com/a", "", "var.clusters[\"a.b/c\"]", "var.region", "${evil} %{ if x }\"\\", "e2-custom-4-8192", "", "a.b/c", "x")
	f.Add("e", "A_b.c", "é", "ü", "a\nb", "${x}", "%{x}", "c4-a", "hyperdisk-extreme", "true", "null")
	f.Add("pool", "true", "for", "1e3", "google_container_cluster.many[0]", "local.cluster", "$${x}", "n2-b", "pd-x", "if", "0")
	f.Fuzz(func(t *testing.T, name, workload, key, value, cluster, location, scope, machine, disk, taint, taintValue string) {
		p := &nodepool.Pool{Name: name, Workload: workload, Machine: machine, Max: 3, Disk: nodepool.Disk{Type: disk},
			Labels:   map[string]string{key: value},
			Taints:   []corev1.Taint{{Key: taint, Value: taintValue, Effect: "NoSchedule"}},
			Provider: nodepool.GKE{Cluster: cluster, Location: location, OAuthScopes: []string{scope}}}
		parts, err := p.Build()
		if placement := p.Placement(); err == nil && !parts.Nodes[0].Refuses(placement).Empty() {
			t.Errorf("the pool refuses its own pods: %v %v", parts.Nodes, placement)
		}
		if err != nil {
			if len(findings(t, err)) == 0 {
				t.Error("an error without findings")
			}
			return
		}
		src := parts.Files[0].Data
		file, diags := hclparse.NewParser().ParseHCL(src, "pool.tf")
		if diags.HasErrors() {
			t.Fatalf("%v\n%s", diags, src)
		}
		if again := hclwrite.Format(src); string(again) != string(src) {
			t.Errorf("not as terraform fmt has it:\n%s", cmp.Diff(string(again), string(src)))
		}
		content, diags := file.Body.Content(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "resource", LabelNames: []string{"type", "name"}}}})
		if diags.HasErrors() {
			t.Fatalf("%v\n%s", diags, src)
		}
		block := content.Blocks[0]
		if block.Labels[1] != strings.ReplaceAll(name, "-", "_") {
			t.Errorf("labels %q", block.Labels)
		}
		attrs := func(body hcl.Body) map[string]hcl.Expression {
			out := map[string]hcl.Expression{}
			content, _, _ := body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "name"}, {Name: "cluster"}, {Name: "location"},
				{Name: "machine_type"}, {Name: "disk_type"}, {Name: "labels"}, {Name: "oauth_scopes"}, {Name: "key"}, {Name: "value"}}})
			for name, a := range content.Attributes {
				out[name] = a.Expr
			}
			return out
		}
		child := func(body hcl.Body, kind string) []*hcl.Block {
			content, _, _ := body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: kind}}})
			return content.Blocks
		}
		equal := func(what string, e hcl.Expression, want string) {
			t.Helper()
			v, diags := e.Value(nil)
			if diags.HasErrors() || v.AsString() != want {
				t.Errorf("%s: got %#v %v, want %q\n%s", what, v, diags, want, src)
			}
		}
		// A reference has no value here; its root must be the user's.
		either := func(what string, e hcl.Expression, want string) {
			t.Helper()
			if vars := e.Variables(); len(vars) > 0 {
				if len(vars) != 1 || !strings.HasPrefix(want, vars[0].RootName()) || !strings.Contains(string(src), want) {
					t.Errorf("%s: got a reference to %v, want %q\n%s", what, vars[0].RootName(), want, src)
				}
				return
			}
			equal(what, e, want)
		}
		top, node := attrs(block.Body), child(block.Body, "node_config")[0].Body
		config := attrs(node)
		equal("name", top["name"], name)
		either("cluster", top["cluster"], cluster)
		either("location", top["location"], location)
		equal("machine_type", config["machine_type"], machine)
		if disk != "" {
			equal("disk_type", config["disk_type"], disk)
		}
		scopes, diags := config["oauth_scopes"].Value(nil)
		if diags.HasErrors() || scopes.AsValueSlice()[0].AsString() != scope {
			t.Errorf("oauth_scopes: got %#v %v, want %q", scopes, diags, scope)
		}
		labels, diags := config["labels"].Value(nil)
		if diags.HasErrors() || labels.AsValueMap()[key].AsString() != value || len(labels.AsValueMap()) != 2 {
			t.Errorf("labels: got %#v %v, want %q: %q", labels, diags, key, value)
		}
		taints := child(node, "taint")
		last := attrs(taints[len(taints)-1].Body)
		equal("taint key", last["key"], taint)
		equal("taint value", last["value"], taintValue)
	})
}
