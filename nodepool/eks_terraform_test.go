package nodepool_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// awsVariables is what references lead to: every value says its own address.
func awsVariables(name string) *hcl.EvalContext {
	object := func(address string, attributes ...string) cty.Value {
		m := map[string]cty.Value{}
		for _, a := range attributes {
			m[a] = cty.StringVal(address + "." + a)
		}
		return cty.ObjectVal(m)
	}
	in := func(name string, v cty.Value) cty.Value { return cty.ObjectVal(map[string]cty.Value{name: v}) }
	list := func(values ...string) cty.Value {
		var out []cty.Value
		for _, v := range values {
			out = append(out, cty.StringVal(v))
		}
		return cty.TupleVal(out)
	}
	asg := cty.TupleVal([]cty.Value{in("autoscaling_groups", cty.TupleVal([]cty.Value{in("name", cty.StringVal("the group's own"))}))})
	return &hcl.EvalContext{
		Variables: map[string]cty.Value{
			"var":             cty.ObjectVal(map[string]cty.Value{"cluster": cty.StringVal("var.cluster"), "role": cty.StringVal("var.role"), "subnet": cty.StringVal("var.subnet"), "id": list("var.id 0"), "subnets": list("var.subnets 0", "var.subnets 1")}),
			"module":          cty.ObjectVal(map[string]cty.Value{"vpc": in("subnets", list("module.vpc.subnets 0")), "cni": cty.StringVal("module.cni"), "roles": cty.StringVal("module.roles")}),
			"each":            object("each", "key", "value"),
			"aws_eks_cluster": in("main", object("aws_eks_cluster.main", "name", "version")),
			"aws_iam_role":    in("nodes", object("aws_iam_role.nodes", "arn")),
			"aws_kms_key":     in("disks", object("aws_kms_key.disks", "arn")),
			"aws_subnet": cty.ObjectVal(map[string]cty.Value{"one": object("aws_subnet.one", "id", "arn"),
				"private": cty.TupleVal([]cty.Value{object("aws_subnet.private[0]", "id"), object("aws_subnet.private[1]", "id")})}),
			"aws_iam_role_policy_attachment": in("worker", cty.StringVal("aws_iam_role_policy_attachment.worker")),
			"aws_launch_template":            in(name, object("aws_launch_template."+name, "id", "latest_version")),
			"aws_eks_node_group":             in(name, in("resources", asg)),
			"data": cty.ObjectVal(map[string]cty.Value{"aws_subnets": cty.ObjectVal(map[string]cty.Value{
				name: in("ids", list("the subnets of "+name)), "private": in("ids", list("data.aws_subnets.private.ids 0"))}),
				"aws_ssm_parameter": in("release", object("data.aws_ssm_parameter.release", "value"))}),
			"scaling_config": cty.TupleVal([]cty.Value{object("scaling_config[0]", "desired_size")}),
		},
		Functions: map[string]function.Function{
			"flatten": stdlib.FlattenFunc,
			"base64encode": function.New(&function.Spec{Params: []function.Parameter{{Type: cty.String}}, Type: function.StaticReturnType(cty.String),
				Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
					return cty.StringVal(base64.StdEncoding.EncodeToString([]byte(args[0].AsString()))), nil
				}}),
		},
	}
}

// eksSchema is that of what a pool renders.
func eksSchema(kind string, labels []string) (hcldec.Spec, *hcl.EvalContext) {
	spec, known := terraformSpecs[labels[0]]
	if !known || (kind == "data") != (labels[0] == "aws_subnets") {
		return nil, nil
	}
	return spec, awsVariables(labels[1])
}

// mustDecodeAWS reads what a pool rendered, by the types of its resources.
func mustDecodeAWS(t testing.TB, pool millrace.Builder) map[string]cty.Value {
	t.Helper()
	out := map[string]cty.Value{}
	for _, block := range mustDecode(t, render(t, pool), eksSchema) {
		out[block.labels[0]] = block.value
	}
	return out
}

// TestEKSDecodes reads the golden files with the resources' schemas.
func TestEKSDecodes(t *testing.T) {
	for name, pool := range eksGolden() {
		if strings.HasSuffix(name, ".tf") {
			t.Run(name, func(t *testing.T) { mustDecodeAWS(t, pool) })
		}
	}
	for _, name := range []string{"for", "true", "null", "a-1"} {
		p := eksPool()
		p.Name, p.Zones = name, []string{"eu-west-1a"}
		mustDecodeAWS(t, p)
	}
	src := string(render(t, fullEKS()))
	for old, broken := range map[string]string{
		"NO_EXECUTE": "NoExecute", "max_size": "max_nodes", "scaling_config {": "scaling {", "\"SPOT\"": "\"Spot\"",
		"cluster_name ": "cluster ", "volume_type ": "type ", "propagate_at_launch": "propagate", "  value ": "  values ",
	} {
		if wrong := strings.Replace(src, old, broken, 1); wrong == src {
			t.Errorf("%q isn't there", old)
		} else if _, err := decode([]byte(wrong), eksSchema); err == nil {
			t.Errorf("%q in the place of %q decodes", broken, old)
		}
	}
}

// TestEKSReferences tells literals from references, and completes the latter.
func TestEKSReferences(t *testing.T) {
	for _, tc := range []struct{ field, value, attribute, want string }{
		{"Cluster", "my_cluster-1", "cluster_name", "my_cluster-1"},
		{"Cluster", "var.cluster", "cluster_name", "var.cluster"},
		{"Cluster", "aws_eks_cluster.main", "cluster_name", "aws_eks_cluster.main.name"},
		{"Version", "1.34", "version", "1.34"},
		{"Version", "aws_eks_cluster.main", "version", "aws_eks_cluster.main.version"},
		{"ReleaseVersion", "1.34.1-20251112", "release_version", "1.34.1-20251112"},
		{"ReleaseVersion", "data.aws_ssm_parameter.release", "release_version", "data.aws_ssm_parameter.release.value"},
		{"Role", "arn:aws-cn:iam::111122223333:role/a.b/n+o=d,e@s", "node_role_arn", "arn:aws-cn:iam::111122223333:role/a.b/n+o=d,e@s"},
		{"Role", "aws_iam_role.nodes", "node_role_arn", "aws_iam_role.nodes.arn"},
	} {
		p, provider := eksPool(), eks
		switch tc.field {
		case "Cluster":
			provider.Cluster = tc.value
		case "Version":
			provider.Version = tc.value
		case "ReleaseVersion":
			provider.ReleaseVersion = tc.value
		case "Role":
			provider.Role = tc.value
		}
		p.Provider = provider
		if got := mustDecodeAWS(t, p)["aws_eks_node_group"].GetAttr(tc.attribute).AsString(); got != tc.want {
			t.Errorf("%s %s: got %q, want %q", tc.field, tc.value, got, tc.want)
		}
	}
	for _, tc := range []struct{ subnets, want string }{
		{"subnet-01234567", "subnet-01234567"},
		{"aws_subnet.one", "aws_subnet.one.id"},
		{"aws_subnet.private[1]", "aws_subnet.private[1].id"},
		{"aws_subnet.private[*]", "aws_subnet.private[0].id aws_subnet.private[1].id"},
		{"aws_subnet.private[*].id", "aws_subnet.private[0].id aws_subnet.private[1].id"},
		{"var.subnet", "var.subnet"},
		{"var.id", "var.id 0"},
		{"var.subnets aws_subnet.one", "aws_subnet.one.id var.subnets 0 var.subnets 1"},
		{"module.vpc.subnets", "module.vpc.subnets 0"},
		{"data.aws_subnets.private.ids", "data.aws_subnets.private.ids 0"},
	} {
		p, provider := eksPool(), eks
		provider.Subnets = strings.Fields(tc.subnets)
		p.Provider = provider
		var got []string
		for _, v := range mustDecodeAWS(t, p)["aws_eks_node_group"].GetAttr("subnet_ids").AsValueSlice() {
			got = append(got, v.AsString())
		}
		if slices.Sort(got); strings.Join(got, " ") != tc.want {
			t.Errorf("%s: got %q, want %q", tc.subnets, got, tc.want)
		}
		sure := strings.HasSuffix(tc.subnets, "]") || strings.HasSuffix(tc.subnets, "s") && strings.HasPrefix(tc.subnets, "data.")
		if flat := strings.Contains(string(render(t, p)), "flatten("); flat && sure {
			t.Errorf("%s is a list, and is made flat", tc.subnets)
		}
	}
}

// TestEKSArm has the image follow the architecture.
func TestEKSArm(t *testing.T) {
	p := eksPool()
	p.Machine, p.Arch = "r7g.4xlarge", nodepool.ARM64
	if got := mustDecodeAWS(t, p)["aws_eks_node_group"].GetAttr("ami_type").AsString(); got != "AL2023_ARM_64_STANDARD" {
		t.Errorf("ami_type %s", got)
	}
}

// TestEKSZones lets Terraform take those of the subnets that are in the zones.
func TestEKSZones(t *testing.T) {
	p := eksPool()
	p.Zones = []string{"eu-west-1a"}
	got := mustDecodeAWS(t, p)
	if ids := got["aws_eks_node_group"].GetAttr("subnet_ids").AsValueSlice(); len(ids) != 1 || ids[0].AsString() != "the subnets of etl" {
		t.Errorf("subnet_ids: %#v", ids)
	}
	want := map[string]string{"subnet-id": "subnet-0123456789abcdef0", "availability-zone": "eu-west-1a"}
	for _, filter := range got["aws_subnets"].GetAttr("filter").AsValueSlice() {
		name, values := filter.GetAttr("name").AsString(), filter.GetAttr("values").AsValueSlice()
		if len(values) != 1 || values[0].AsString() != want[name] {
			t.Errorf("filter %s: %#v", name, values)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("no filter for %v", want)
	}
}

// TestEKSUserData reads what a node reads: a message whose lines begin where
// they must.
func TestEKSUserData(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*nodepool.Pool, *nodepool.EKS)
		want string
	}{
		"nothing": {func(*nodepool.Pool, *nodepool.EKS) {}, ""},
		"disks":   {func(p *nodepool.Pool, _ *nodepool.EKS) { p.Machine, p.Disk.LocalNVMe = "r6id.4xlarge", true }, "  instance:\n    localStorage:\n      strategy: RAID0\n"},
		"images":  {func(p *nodepool.Pool, _ *nodepool.EKS) { p.ImageStreaming = true }, "  featureGates:\n    FastImagePull: true\n"},
		"pods":    {func(_ *nodepool.Pool, e *nodepool.EKS) { e.MaxPods = 58 }, "  kubelet:\n    config:\n      maxPods: 58\n"},
	} {
		t.Run(name, func(t *testing.T) {
			p, provider := eksPool(), eks
			tc.edit(p, &provider)
			p.Provider = provider
			v := mustDecodeAWS(t, p)["aws_launch_template"].GetAttr("user_data")
			if v.IsNull() {
				if tc.want != "" {
					t.Error("there is none")
				}
				return
			}
			got, err := base64.StdEncoding.DecodeString(v.AsString())
			if err != nil {
				t.Fatal(err)
			}
			want := "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"//\"\n\n--//\nContent-Type: application/node.eks.aws\n\n" +
				"apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n" + tc.want + "\n--//--\n"
			if diff := cmp.Diff(want, string(got)); tc.want == "" || diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestEKSDisk looks at what is written of the disk, and what is left to EC2.
func TestEKSDisk(t *testing.T) {
	for name, tc := range map[string]struct {
		edit                   func(*nodepool.Pool, *nodepool.EKS)
		size, iops, throughput int64
		kind                   string
	}{
		"by default": {func(*nodepool.Pool, *nodepool.EKS) {}, 100, 0, 0, "gp3"},
		"images":     {func(p *nodepool.Pool, _ *nodepool.EKS) { p.ImageStreaming = true }, 100, 0, 600, "gp3"},
		"images on NVMe": {func(p *nodepool.Pool, _ *nodepool.EKS) {
			p.Machine, p.ImageStreaming, p.Disk.LocalNVMe = "r6id.4xlarge", true, true
		}, 100, 0, 0, "gp3"},
		"fast":               {func(_ *nodepool.Pool, e *nodepool.EKS) { e.Throughput = 1000 }, 100, 4000, 1000, "gp3"},
		"more than it needs": {func(_ *nodepool.Pool, e *nodepool.EKS) { e.IOPS, e.Throughput = 5000, 1000 }, 100, 5000, 1000, "gp3"},
		"many":               {func(p *nodepool.Pool, e *nodepool.EKS) { p.Disk.Size, e.IOPS = millrace.TiB, 16000 }, 1024, 16000, 0, "gp3"},
		"another kind":       {func(p *nodepool.Pool, e *nodepool.EKS) { p.Disk.Type, e.IOPS = "io2", 100000 }, 100, 100000, 0, "io2"},
		"as of 2025":         {func(p *nodepool.Pool, e *nodepool.EKS) { p.Disk.Size, e.Throughput = 17*millrace.TiB, 2000 }, 17408, 8000, 2000, "gp3"},
	} {
		t.Run(name, func(t *testing.T) {
			p, provider := eksPool(), eks
			tc.edit(p, &provider)
			p.Provider = provider
			ebs := mustDecodeAWS(t, p)["aws_launch_template"].GetAttr("block_device_mappings").AsValueSlice()[0].GetAttr("ebs")
			for attribute, want := range map[string]int64{"volume_size": tc.size, "iops": tc.iops, "throughput": tc.throughput} {
				if got := ebs.GetAttr(attribute); got.IsNull() != (want == 0) || want != 0 && !got.RawEquals(cty.NumberIntVal(want)) {
					t.Errorf("%s: got %#v, want %d", attribute, got, want)
				}
			}
			if ebs.GetAttr("encrypted").AsString() != "true" || ebs.GetAttr("volume_type").AsString() != tc.kind {
				t.Errorf("%#v", ebs)
			}
		})
	}
}

// FuzzEKS puts arbitrary text everywhere: it is refused, or it comes back as
// it was.
func FuzzEKS(f *testing.F) {
	f.Add("etl", "main", "arn:aws:iam::111122223333:role/nodes", "subnet-01234567", "team", "data", "k", "v", "cost center", "4711")
	f.Add("e", "var.cluster", "aws_iam_role.nodes", "aws_subnet.private[*]", "company.com/a", "", "a.b/c", "x", "for", "a=b")
	f.Add("x-1", "${evil}", "%{ if x }", "aws_subnet.a[*].b[0]", "é", "a\nb", "workload", "\"", "EOT", "$${x}")
	f.Add("pool", "a.b[*]", "var.x\n}", "[*]", "true", "null", "if", "0", "k8s.io/x", "<<-EOT")
	f.Fuzz(func(t *testing.T, name, cluster, role, subnet, key, value, taint, taintValue, tag, tagValue string) {
		p := &nodepool.Pool{Name: name, Machine: "r6i.4xlarge", Max: 3, Labels: map[string]string{key: value},
			Taints:   []corev1.Taint{{Key: taint, Value: taintValue, Effect: "NoSchedule"}},
			Provider: nodepool.EKS{Cluster: cluster, Role: role, Subnets: []string{subnet}, Tags: map[string]string{tag: tagValue}}}
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
		src := string(parts.Files[0].Data)
		if again := string(hclwrite.Format([]byte(src))); again != src {
			t.Errorf("not as terraform fmt has it:\n%s", cmp.Diff(again, src))
		}
		file, diags := hclparse.NewParser().ParseHCL([]byte(src), "pool.tf")
		if diags.HasErrors() {
			t.Fatalf("%v\n%s", diags, src)
		}
		content, _, _ := file.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "resource", LabelNames: []string{"type", "name"}}}})
		if len(content.Blocks) != 3 {
			t.Fatalf("%d resources:\n%s", len(content.Blocks), src)
		}
		attributes, _, _ := content.Blocks[1].Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "node_group_name"}, {Name: "cluster_name"}, {Name: "labels"}, {Name: "tags"}}})
		text := func(name string) cty.Value {
			v, _ := attributes.Attributes[name].Expr.Value(nil)
			return v
		}
		if got := text("node_group_name").AsString(); got != name {
			t.Errorf("name %q, want %q", got, name)
		}
		if len(attributes.Attributes["cluster_name"].Expr.Variables()) == 0 && text("cluster_name").AsString() != cluster {
			t.Errorf("cluster %#v, want %q", text("cluster_name"), cluster)
		}
		if got := text("labels").AsValueMap(); got[key].AsString() != value || len(got) != 2 {
			t.Errorf("labels %#v, want %q: %q", got, key, value)
		}
		if got := text("tags").AsValueMap(); got[tag].AsString() != tagValue || len(got) != 1 {
			t.Errorf("tags %#v, want %q: %q", got, tag, tagValue)
		}
	})
}
