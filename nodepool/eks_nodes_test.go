package nodepool_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

func TestEKSShapes(t *testing.T) {
	single := eksctlPool()
	single.Zones = []string{"eu-west-1a"}
	for name, tc := range map[string]struct {
		pool *nodepool.Pool
		want millrace.NodeShape
	}{
		"one machine type, one zone": {single, millrace.NodeShape{
			Pool: "etl", Max: 10,
			Labels: map[string]string{"workload": "etl", "eks.amazonaws.com/nodegroup": "etl", "eks.amazonaws.com/capacityType": "ON_DEMAND",
				"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "node.kubernetes.io/instance-type": "r6i.4xlarge", "topology.kubernetes.io/zone": "eu-west-1a",
				"alpha.eksctl.io/nodegroup-name": "etl", "alpha.eksctl.io/cluster-name": "main"},
			Requirements: []corev1.NodeSelectorRequirement{onNodes("karpenter.sh/nodepool", "DoesNotExist")},
			Taints:       []corev1.Taint{{Key: "workload", Value: "etl", Effect: "NoSchedule"}},
		}},
		"several of them": {fullEKS(), millrace.NodeShape{
			Pool: "spark-executor-arm", Max: 20, Spot: true, Notice: 2 * time.Minute,
			Labels: map[string]string{"workload": "spark-executor", "team": "data-platform", "company.com/cost-center": "4711",
				"eks.amazonaws.com/nodegroup": "spark-executor-arm", "eks.amazonaws.com/capacityType": "SPOT", "kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64"},
			Requirements: []corev1.NodeSelectorRequirement{onNodes("karpenter.sh/nodepool", "DoesNotExist"),
				onNodes("node.kubernetes.io/instance-type", "In", "r6g.4xlarge", "r7g.4xlarge", "r8g.4xlarge"),
				onNodes("topology.kubernetes.io/zone", "In", "eu-west-1a", "eu-west-1b")},
			Taints: []corev1.Taint{
				{Key: "workload", Value: "spark-executor", Effect: "NoSchedule"},
				{Key: "company.com/nightly", Effect: "PreferNoSchedule"},
				{Key: "drain", Value: "slow", Effect: "NoExecute"},
				{Key: "karpenter.sh/capacity-type", Value: "spot", Effect: "NoSchedule"},
			},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			parts, err := tc.pool.Build()
			if err != nil {
				t.Fatal(err)
			}
			sizes := cmpopts.IgnoreFields(millrace.NodeShape{}, "Allocatable", "Formula") // see TestEKSAllocatable
			if diff := cmp.Diff([]millrace.NodeShape{tc.want}, parts.Nodes, sizes); diff != "" {
				t.Errorf("nodes (-want +got):\n%s", diff)
			}
			placement := tc.pool.Placement()
			if refusal := parts.Nodes[0].Refuses(placement); !refusal.Empty() {
				t.Errorf("the pool refuses its own pods: %+v", refusal)
			}
			for _, toleration := range placement.Tolerations {
				if strings.HasPrefix(toleration.Key, "node.cilium.io/") {
					t.Error("pods tolerate a start-up taint, and start before the node is ready")
				}
			}
		})
	}
}

// TestEKSAllocatable: of several machine types it is what all of them have.
func TestEKSAllocatable(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*nodepool.Pool)
		cpu  string // empty for unknown
	}{
		"the machine's":    {func(*nodepool.Pool) {}, "15890m"},
		"a larger one's":   {func(p *nodepool.Pool) { p.Machine = "r6i.8xlarge" }, "31850m"},
		"an unknown one's": {func(p *nodepool.Pool) { p.Machine = "x9.4xlarge" }, ""},
		"one is unknown":   {func(p *nodepool.Pool) { p.OtherMachines = []string{"x9.4xlarge"} }, ""},
		"told": {func(p *nodepool.Pool) {
			p.Machine, p.Shape = "x9.4xlarge", nodepool.Shape{CPUs: 16, Memory: 61 * millrace.GiB}
		}, "15890m"},
	} {
		t.Run(name, func(t *testing.T) {
			p := eksPool()
			tc.edit(p)
			parts, err := p.Build()
			if err != nil {
				t.Fatal(err)
			}
			cpu, known := parts.Nodes[0].Allocatable[corev1.ResourceCPU]
			if known != (tc.cpu != "") || known && cpu.String() != tc.cpu {
				t.Errorf("cpu %s, want %s", cpu.String(), tc.cpu)
			}
			if known := parts.Nodes[0].Formula != ""; known != (tc.cpu != "") {
				t.Errorf("formula %q", parts.Nodes[0].Formula)
			}
		})
	}
	one, other := eksPool(), eksPool()
	one.Machine, one.OtherMachines = "r4.4xlarge", []string{"r6i.4xlarge"}
	other.Machine, other.OtherMachines = "r6i.4xlarge", []string{"r4.4xlarge"}
	least := one.Placement().Nodes[0].Allocatable
	if diff := cmp.Diff(least, other.Placement().Nodes[0].Allocatable); diff != "" {
		t.Errorf("the order of the machine types counts:\n%s", diff)
	}
	if all := eksPool().Placement().Nodes[0].Allocatable; least.Memory().Cmp(*all.Memory()) >= 0 {
		t.Errorf("of a type with 122 GiB and one with 128 GiB all have %s, of the latter alone %s", least.Memory(), all.Memory())
	}
}

// learned is what Cluster Autoscaler makes of an Auto Scaling group's tags.
// Source: kubernetes/autoscaler, cloudprovider/aws/aws_manager.go,
// extractLabelsFromAsg, extractTaintsFromAsg, extractAllocatableResourcesFromAsg.
func learned(t *testing.T, tags map[string]string) (labels map[string]string, taints []corev1.Taint, has corev1.ResourceList) {
	t.Helper()
	labels, has = map[string]string{}, corev1.ResourceList{}
	for key, value := range tags {
		if len(key) > 128 || len(value) > 256 {
			t.Errorf("AWS refuses the tag %s=%s", key, value)
		}
		what, name, _ := strings.Cut(strings.TrimPrefix(key, "k8s.io/cluster-autoscaler/node-template/"), "/")
		switch what {
		case "label":
			labels[name] = value
		case "taint":
			v, effect, ok := strings.Cut(value, ":")
			if !ok || !slices.Contains([]string{"NoSchedule", "NoExecute", "PreferNoSchedule"}, effect) {
				t.Errorf("the autoscaler passes the taint %s=%s over", name, value)
			}
			taints = append(taints, corev1.Taint{Key: name, Value: v, Effect: corev1.TaintEffect(effect)})
		case "resources":
			has[corev1.ResourceName(name)] = resource.MustParse(value)
		default:
			t.Errorf("the autoscaler doesn't know %s", key)
		}
	}
	return labels, taints, has
}

// TestEKSFromZero holds what the autoscaler learns of a group without nodes to
// the shape of the nodes that it would get.
func TestEKSFromZero(t *testing.T) {
	for name, pool := range eksGolden() {
		t.Run(name, func(t *testing.T) {
			parts, err := pool.Build()
			if err != nil {
				t.Fatal(err)
			}
			shape, tags := parts.Nodes[0], map[string]string{}
			if strings.HasSuffix(name, ".tf") {
				resources := mustDecodeAWS(t, pool)
				for key, value := range resources["aws_autoscaling_group_tag"].GetAttr("for_each").AsValueMap() {
					tags[key] = value.AsString()
				}
				if got := resources["aws_autoscaling_group_tag"].GetAttr("autoscaling_group_name").AsString(); got != "the group's own" {
					t.Errorf("the tags are on %s", got)
				}
			} else {
				tags = eksctlTags(t, parts.Files[0].Data)
			}
			labels, taints, has := learned(t, tags)
			for key, value := range labels {
				if shape.Labels[key] != value {
					t.Errorf("label %s=%s isn't the nodes': %q", key, value, shape.Labels[key])
				}
			}
			placement := pool.Placement()
			template := millrace.NodeShape{Labels: labels, Taints: taints}
			if refusal := template.Refuses(placement); !refusal.Empty() {
				t.Errorf("no node is made for the pool's own pods: %+v", refusal)
			}
			byKey := cmpopts.SortSlices(func(a, b corev1.Taint) bool { return a.Key < b.Key })
			if diff := cmp.Diff(shape.Taints, taints, byKey); diff != "" {
				t.Errorf("taints (-nodes +learned):\n%s", diff)
			}
			disk, known := has[corev1.ResourceEphemeralStorage]
			if its, ok := shape.Allocatable[corev1.ResourceEphemeralStorage]; ok != known || known && (disk.Cmp(its) > 0 || its.Value()-disk.Value() >= 1<<30) {
				t.Errorf("the autoscaler learns of %s to write to, nodes have %s", disk.String(), its.String())
			}
		})
	}
	t.Run("of an unknown machine", func(t *testing.T) {
		p := eksPool()
		p.Machine = "x9.4xlarge"
		tags := mustDecodeAWS(t, p)["aws_autoscaling_group_tag"].GetAttr("for_each").AsValueMap()
		if got := tags["k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage"]; got.AsString() != "88Gi" {
			t.Errorf("ephemeral-storage %#v", got)
		}
	})
	t.Run("as told", func(t *testing.T) {
		p := nvmeEKS()
		p.Allocatable = corev1.ResourceList{corev1.ResourceEphemeralStorage: resource.MustParse("800Gi")}
		tags := mustDecodeAWS(t, p)["aws_autoscaling_group_tag"].GetAttr("for_each").AsValueMap()
		if got := tags["k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage"]; got.AsString() != "800Gi" {
			t.Errorf("ephemeral-storage %#v", got)
		}
	})
}

// eksctlTags are the tags that eksctl puts on the Auto Scaling group: those for
// labels and taints, and over them the group's own.
// Source: eksctl 0.215, pkg/cfn/manager/nodegroup.go, propagateManagedNodeGroupTagsToASGTask.
func eksctlTags(t *testing.T, file []byte) map[string]string {
	t.Helper()
	var config struct {
		ManagedNodeGroups []struct {
			PropagateASGTags bool
			Labels, Tags     map[string]string
			Taints           []corev1.Taint
		}
	}
	if err := yaml.Unmarshal(file, &config); err != nil {
		t.Fatal(err)
	}
	group := config.ManagedNodeGroups[0]
	if !group.PropagateASGTags {
		t.Fatal("eksctl puts no tags on the group")
	}
	out := map[string]string{}
	for key, value := range group.Labels {
		out["k8s.io/cluster-autoscaler/node-template/label/"+key] = value
	}
	for _, taint := range group.Taints {
		if taint.Key != "node.cilium.io/agent-not-ready" { // no effect, so it is passed over
			out["k8s.io/cluster-autoscaler/node-template/taint/"+taint.Key] = taint.Value
		}
	}
	for key, value := range group.Tags {
		if strings.HasPrefix(key, "k8s.io/") {
			out[key] = value
		}
	}
	return out
}

// TestEKSScaling: the number of nodes is the autoscaler's, once they are there.
func TestEKSScaling(t *testing.T) {
	p := eksPool()
	p.Min = 3
	group := mustDecodeAWS(t, p)["aws_eks_node_group"]
	for attribute, want := range map[string]int64{"min_size": 3, "max_size": 10, "desired_size": 3} {
		if got, _ := group.GetAttr("scaling_config").GetAttr(attribute).AsBigFloat().Int64(); got != want {
			t.Errorf("%s is %d, want %d", attribute, got, want)
		}
	}
	ignored := group.GetAttr("lifecycle").GetAttr("ignore_changes").AsValueSlice()
	if len(ignored) != 1 || ignored[0].AsString() != "scaling_config[0].desired_size" {
		t.Errorf("Terraform sets the number of nodes back: %#v", ignored)
	}
	if file := render(t, eksctlPool()); strings.Contains(string(file), "desiredCapacity") || !strings.Contains(string(file), "minSize: 0") {
		t.Errorf("%s", file)
	}
}

// TestTaintEffects has each target spell the effects in its own way.
func TestTaintEffects(t *testing.T) {
	for name, tc := range map[string]struct {
		pool func() *nodepool.Pool
		want [3]string
	}{
		"GKE":       {gkePool, [3]string{`effect = "NO_SCHEDULE"`, `effect = "PREFER_NO_SCHEDULE"`, `effect = "NO_EXECUTE"`}},
		"EKS":       {eksPool, [3]string{`effect = "NO_SCHEDULE"`, `effect = "PREFER_NO_SCHEDULE"`, `effect = "NO_EXECUTE"`}},
		"eksctl":    {eksctlPool, [3]string{"effect: NoSchedule", "effect: PreferNoSchedule", "effect: NoExecute"}},
		"AKS":       {aksPool, [3]string{`"x=y:NoSchedule"`, `"x=y:PreferNoSchedule"`, `"x=y:NoExecute"`}},
		"Karpenter": {karpenterPool, [3]string{"effect: NoSchedule", "effect: PreferNoSchedule", "effect: NoExecute"}},
	} {
		for i, effect := range []corev1.TaintEffect{corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute} {
			p := tc.pool()
			p.Shared, p.Taints = true, []corev1.Taint{{Key: "x", Value: "y", Effect: effect}}
			if out := string(render(t, p)); !strings.Contains(out, tc.want[i]) {
				t.Errorf("%s has no %s:\n%s", name, tc.want[i], out)
			}
		}
	}
}
