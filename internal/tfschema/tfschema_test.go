package tfschema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/zclconf/go-cty/cty"

	"github.com/millrace/millrace/internal/tfschema"
)

// TestResources looks for what tells one provider from another, and one kind
// of block from another.
func TestResources(t *testing.T) {
	resources, err := tfschema.Resources()
	if err != nil {
		t.Fatal(err)
	}
	if len(resources) != 6 || !resources["aws_subnets"].Data || resources["aws_launch_template"].Data {
		t.Errorf("%d resources", len(resources))
	}
	if got := resources["google_container_node_pool"].Later; !slices.Equal(got, []string{"node_drain_config"}) {
		t.Errorf("later: %v", got)
	}
	for path, want := range map[string]string{
		"google_container_node_pool cluster":                                     "string, required",
		"google_container_node_pool node_config.taint":                           "blocks",
		"google_container_node_pool node_config.taint.value":                     "string, required",
		"google_container_node_pool node_config.oauth_scopes":                    "set of string",
		"google_container_node_pool node_config.tags":                            "list of string",
		"google_container_node_pool upgrade_settings":                            "block",
		"google_container_node_pool node_drain_config":                           "blocks",
		"aws_eks_node_group scaling_config":                                      "block, required",
		"aws_eks_node_group taint.value":                                         "string",
		"aws_eks_node_group launch_template.id":                                  "string",
		"aws_launch_template block_device_mappings.ebs.encrypted":                "string",
		"aws_autoscaling_group_tag tag.propagate_at_launch":                      "bool, required",
		"azurerm_kubernetes_cluster_node_pool node_labels":                       "map of string",
		"azurerm_kubernetes_cluster_node_pool upgrade_settings.max_surge":        "string",
		"azurerm_kubernetes_cluster_node_pool spot_max_price":                    "number",
		"google_container_node_pool id":                                          "nothing",
		"google_container_node_pool node_config.containerd_config.no_such_thing": "nothing",
	} {
		name, rest, _ := strings.Cut(path, " ")
		if got := describe(&resources[name].Block, strings.Split(rest, ".")); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func describe(b *tfschema.Block, path []string) string {
	required := map[bool]string{true: ", required"}
	for _, a := range b.Attributes {
		if a.Name == path[0] && len(path) == 1 {
			return a.Type.FriendlyName() + required[a.Required]
		}
	}
	for _, nested := range b.Blocks {
		if nested.Name == path[0] && len(path) == 1 {
			return map[bool]string{true: "blocks", false: "block"}[nested.Many] + required[nested.Required]
		} else if nested.Name == path[0] {
			return describe(nested, path[1:])
		}
	}
	return "nothing"
}

const group = `
cluster_name  = "main"
node_role_arn = "arn"
subnet_ids    = ["subnet-1"]
scaling_config {
  min_size     = 0
  max_size     = 3
  desired_size = 0
}
taint {
  key    = "a"
  effect = "NO_SCHEDULE"
}
lifecycle {
  ignore_changes = []
}
`

// TestSpec decodes a resource, and mistakes in it.
func TestSpec(t *testing.T) {
	resources, err := tfschema.Resources()
	if err != nil {
		t.Fatal(err)
	}
	decode := func(src string) hcl.Diagnostics {
		file, diags := hclparse.NewParser().ParseHCL([]byte(src), "group.tf")
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		_, diags = hcldec.Decode(file.Body, resources["aws_eks_node_group"].Spec(), nil)
		return diags
	}
	if diags := decode(group); diags.HasErrors() {
		t.Fatal(diags)
	}
	for change, want := range map[string]string{
		`cluster_name  = -> cluster = `:          `"cluster" is not expected`,
		`cluster_name  = "main"->`:               `"cluster_name" is required`,
		`["subnet-1"]->"subnet-1"`:               "set of string required",
		`= 3->= "three"`:                         "a number is required",
		`max_size     = 3->max_size     = 0`:     "the value is less than 1",
		`"NO_SCHEDULE"->"NoSchedule"`:            `"NoSchedule" is none of NO_SCHEDULE`,
		`"a"->""`:                                "the length is less than 1",
		`"a"->"` + strings.Repeat("a", 64) + `"`: "the length is more than 63",
		"scaling_config->scaling":                "Missing scaling_config block",
		"taint {->scaling_config {":              "Duplicate scaling_config block",
		"ignore_changes->ignore":                 `"ignore" is not expected`,
		"taint {->" + strings.Repeat("taint {\n key = \"b\"\n effect = \"NO_EXECUTE\"\n}\n", 50) + "taint {": "Too many taint blocks",
	} {
		old, changed, _ := strings.Cut(change, "->")
		src := strings.Replace(group, old, changed, 1)
		says := func(d *hcl.Diagnostic) bool { return strings.Contains(d.Error(), want) }
		if diags := decode(src); src == group || !slices.ContainsFunc(diags, says) {
			t.Errorf("%s: got %v, want %s", change, diags, want)
		}
	}
}

// TestUnknown says nothing of what only a plan knows.
func TestUnknown(t *testing.T) {
	check := tfschema.Check{OneOf: []string{"a"}}
	for _, v := range []cty.Value{cty.UnknownVal(cty.String), cty.NullVal(cty.String), cty.StringVal("a")} {
		if got := check.Verdict(v); got != "" {
			t.Errorf("%#v: %s", v, got)
		}
	}
}
