package terraform_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/pooltest"
)

// goldenFiles are those of package nodepool.
const goldenFiles = "../../../nodepool/testdata/*.tf"

var providers = map[string]struct{ name, prefix, resource string }{
	"GKE": {"google", "gke-", "google_container_node_pool"},
	"EKS": {"aws", "eks-", "aws_eks_node_group"},
	"AKS": {"azurerm", "aks-", "azurerm_kubernetes_cluster_node_pool"},
}

// TestTerraform has Terraform format, validate and plan the golden files and
// pools made at random. What it plans is what was put in.
func TestTerraform(t *testing.T) {
	const pools = 60
	for kind, maker := range pooltest.Makers {
		t.Run(kind, func(t *testing.T) {
			of := providers[kind]
			e := start(t, of.name)
			r := rand.New(rand.NewPCG(3, 1))
			given := map[string]map[string]string{}
			for i := 0; len(given) < pools; i++ {
				p := maker(r, fmt.Sprintf("pool-%d", i))
				parts, err := p.Build()
				if err != nil {
					continue
				}
				e.write(t, p.Name+".tf", parts.Files[0].Data)
				given[of.resource+"."+strings.ReplaceAll(p.Name, "-", "_")] = pooltest.Given(p)
			}
			if e.goldens(t, of.prefix) < 2 {
				t.Error("no golden files")
			}
			e.run(t, "fmt", "-check", "-diff")
			e.run(t, "validate", "-no-color")
			if diff := cmp.Diff(given, e.plan(t, given)); diff != "" {
				t.Errorf("given and planned (-want +got):\n%s", diff)
			}
		})
	}
}

var block = regexp.MustCompile(`(?m)^(?:resource|data) "(\w+)" "(\w+)"`)

// goldens copies a provider's golden files, with names of their own, as many
// of them have the same.
func (e *engine) goldens(t *testing.T, prefix string) int {
	t.Helper()
	files, err := filepath.Glob(goldenFiles)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i, path := range files {
		base := filepath.Base(path)
		if !strings.HasPrefix(base, prefix) && (prefix != "gke-" || base != "article.tf") {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		src := string(data)
		for _, m := range block.FindAllStringSubmatch(src, -1) {
			own := fmt.Sprintf("%s_%d", m[2], i)
			src = strings.NewReplacer(fmt.Sprintf("%q %q", m[1], m[2]), fmt.Sprintf("%q %q", m[1], own), m[1]+"."+m[2]+".", m[1]+"."+own+".").Replace(src)
		}
		e.write(t, base, []byte(src))
		n++
	}
	return n
}

// plan returns what Terraform would make of the pools.
func (e *engine) plan(t *testing.T, of map[string]map[string]string) map[string]map[string]string {
	t.Helper()
	e.run(t, "plan", "-no-color", "-input=false", "-refresh=false", "-out=plan")
	var plan struct {
		Values struct {
			Root struct {
				Resources []struct {
					Address string
					Values  map[string]any
				}
			} `json:"root_module"`
		} `json:"planned_values"`
	}
	if err := json.Unmarshal([]byte(e.run(t, "show", "-json", "plan")), &plan); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for _, r := range plan.Values.Root.Resources {
		if of[r.Address] != nil {
			out[r.Address] = pooltest.Written(r.Values)
		}
	}
	return out
}

// TestTerraformRefuses changes golden files: Terraform must see it, or the
// other tests say nothing.
func TestTerraformRefuses(t *testing.T) {
	for _, tc := range []struct{ provider, file, old, changed, want string }{
		{"google", "article.tf", `"NO_SCHEDULE"`, `"NoSchedule"`, `"NoSchedule" is none of`},
		{"google", "article.tf", "max_node_count", "max_nodes", "Unsupported argument"},
		{"google", "article.tf", "autoscaling {", "autoscale {", "Unsupported block type"},
		{"google", "article.tf", "google_container_cluster.main", "google_container_cluster.other", "Reference to undeclared resource"},
		{"google", "article.tf", "disk_size_gb = 200", `disk_size_gb = "large"`, "a number is required"},
		{"google", "gke-full.tf", "ignore_changes = [initial_node_count]", "ignore_changes = [initial_nodes]", "has no argument"},
		{"aws", "eks-minimal.tf", "  scaling_config {", "  update_config {", "Insufficient scaling_config blocks"},
		{"aws", "eks-minimal.tf", "latest_version", "newest_version", "has no argument"},
		{"aws", "eks-minimal.tf", "each.key", "each.name", "Invalid"},
		{"azurerm", "aks-spot.tf", `"Delete"`, `"Evict"`, `"Evict" is none of`},
		{"azurerm", "aks-full.tf", "$${", "${", "Extra characters after interpolation"},
	} {
		t.Run(tc.provider+" "+tc.changed, func(t *testing.T) {
			e := start(t, tc.provider)
			data, err := os.ReadFile(filepath.Join(filepath.Dir(goldenFiles), tc.file))
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.Replace(string(data), tc.old, tc.changed, 1)
			e.write(t, tc.file, []byte(changed))
			out, err := e.try(t, "validate", "-no-color")
			if changed == string(data) || err == nil || !strings.Contains(strings.Join(strings.Fields(out), " "), tc.want) {
				t.Errorf("want %q, got %v\n%s", tc.want, err, out)
			}
		})
	}
}
