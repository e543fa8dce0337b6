package nodepool_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// TestMistakesOnce: one mistake is one finding, with each provider.
func TestMistakesOnce(t *testing.T) {
	const required, invalid, unsupported = millrace.RuleRequired, millrace.RuleInvalid, millrace.RuleUnsupported
	counted := []string{"GKE", "EKS", "AKS"}
	all := append([]string{"GKEComputeClass", "Karpenter"}, counted...)
	for name, tc := range map[string]struct {
		of     []string
		change func(*nodepool.Pool)
		want   []string
	}{
		"architecture":    {all, func(p *nodepool.Pool) { p.Arch = "x86_64" }, []string{"Arch " + invalid}},
		"priority":        {append(counted, "GKEComputeClass"), func(p *nodepool.Pool) { p.Priority = 101 }, []string{"Priority " + unsupported}},
		"priority, taken": {[]string{"Karpenter"}, func(p *nodepool.Pool) { p.Priority = 101 }, []string{"Priority " + invalid}},
		"machines":        {[]string{"GKE", "AKS"}, func(p *nodepool.Pool) { p.OtherMachines = []string{p.Machine, ""} }, []string{"OtherMachines " + unsupported}},
		"counts":          {[]string{"GKEComputeClass"}, func(p *nodepool.Pool) { p.Min, p.Max = 20, 10 }, []string{"Min " + unsupported, "Max " + unsupported}},
		"disk's unit":     {all, func(p *nodepool.Pool) { p.Disk.Size = 200 }, []string{"Disk.Size " + invalid}},
		"lifetime":        {counted, func(p *nodepool.Pool) { p.Lifetime = -time.Hour }, []string{"Lifetime " + unsupported}},
		"resources": {all, func(p *nodepool.Pool) {
			p.Allocatable = corev1.ResourceList{"mem": resource.MustParse("1Gi"), "cpu": resource.MustParse("1"), "nvidia.com/gpu": resource.MustParse("1")}
			p.Agents = corev1.ResourceList{"CPU": resource.MustParse("1"), "memory": resource.MustParse("0"), "hugepages-2Mi": resource.MustParse("1Gi")}
		}, []string{"Allocatable[mem] " + invalid, "Agents[CPU] " + invalid}},
		"a key that is kept": {all, func(p *nodepool.Pool) { p.Labels = map[string]string{"kubernetes.io/hostname": "a b"} }, []string{"Labels[kubernetes.io/hostname] " + unsupported}},
		"no machine":         {all, func(p *nodepool.Pool) { p.Machine = "" }, []string{"Machine " + required}},
	} {
		for _, provider := range tc.of {
			p := onEach(provider)
			tc.change(p)
			_, err := p.Build()
			var got []string
			for _, f := range findings(t, err) {
				got = append(got, f.Field+" "+f.Rule)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s on %s (-want +got):\n%s", name, provider, diff)
			}
		}
	}
}

// onEach is a pool of a few fields on a provider.
func onEach(provider string) *nodepool.Pool {
	p := &nodepool.Pool{Name: "etl", Machine: "n2-highmem-16", Max: 10}
	switch provider {
	case "GKE":
		p.Provider = nodepool.GKE{Cluster: "main", Location: "var.region"}
	case "GKEComputeClass":
		p.Max, p.Provider = 0, nodepool.GKEComputeClass{}
	case "EKS":
		p.Machine, p.Provider = "r7i.4xlarge", nodepool.EKS{Cluster: "aws_eks_cluster.main", Role: "aws_iam_role.nodes", Subnets: []string{"aws_subnet.private[*]"}}
	case "AKS":
		p.Machine, p.Provider = "Standard_E16s_v5", nodepool.AKS{Cluster: "azurerm_kubernetes_cluster.main"}
	case "Karpenter":
		p.Machine, p.Provider = "r7i.4xlarge", nodepool.Karpenter{EC2: &nodepool.EC2NodeClass{AMI: "al2023@v20251112", Role: "data-nodes", Discovery: "data"}}
	}
	return p
}

// TestMisspeltMachines: a machine type that isn't the cloud's, or all but one.
func TestMisspeltMachines(t *testing.T) {
	for name, tc := range map[string]struct {
		provider string
		change   func(*nodepool.Pool)
		want     string
	}{
		"class":                {"GKE", func(p *nodepool.Pool) { p.Machine = "n2-himem-16" }, `Machine: "n2-himem-16": there is no such machine type of Google Cloud; use n2-highmem-16`},
		"class, dropped":       {"GKEComputeClass", func(p *nodepool.Pool) { p.OtherMachines = []string{"c3-standrd-8-lssd"} }, "OtherMachines[0]: \"c3-standrd-8-lssd\": there is no such machine type of Google Cloud; use c3-standard-8-lssd"},
		"right":                {"GKE", func(p *nodepool.Pool) { p.Machine = "c3-standard-8-lssd" }, ""},
		"unknown series":       {"GKE", func(p *nodepool.Pool) { p.Machine = "n9-himem-16" }, ""},
		"accelerators":         {"GKE", func(p *nodepool.Pool) { p.Machine = "a2-highgpu-1g" }, ""},
		"another class":        {"GKE", func(p *nodepool.Pool) { p.Machine = "n2-hypercalc-16" }, ""},
		"custom":               {"GKE", func(p *nodepool.Pool) { p.Machine = "n2-custom-8-16384" }, ""},
		"another cloud's":      {"Karpenter", func(p *nodepool.Pool) { p.Machine = "Standard_D4s_v5" }, `Machine: "Standard_D4s_v5": it is no machine type of EC2`},
		"another cloud's, too": {"Karpenter", func(p *nodepool.Pool) { p.OtherMachines = []string{"n2-highmem-16"} }, `OtherMachines[0]: "n2-highmem-16": it is no machine type of EC2`},
		"elsewhere": {"Karpenter", func(p *nodepool.Pool) {
			p.Machine, p.Provider = "Standard_D4s_v5", nodepool.Karpenter{NodeClass: nodepool.NodeClass{Kind: "AKSNodeClass", Name: "a"}}
		}, ""},
		"elsewhere, AWS'": {"Karpenter", func(p *nodepool.Pool) {
			p.Provider = nodepool.Karpenter{NodeClass: nodepool.NodeClass{Kind: "AKSNodeClass", Name: "a"}}
		}, "it is no machine size of Azure"},
		"zone":          {"Karpenter", func(p *nodepool.Pool) { p.Zones = []string{"europe-west1-b"} }, `Zones[0]: "europe-west1-b": it is no availability zone of AWS`},
		"zones":         {"Karpenter", func(p *nodepool.Pool) { p.Zones = []string{"eu-west-1a", "us-west-2-lax-1a"} }, ""},
		"no local disk": {"AKS", func(p *nodepool.Pool) { p.Disk.LocalNVMe = true }, `Machine: "Standard_E16s_v5": has no local disk; use a size with a d`},
		"a local disk":  {"AKS", func(p *nodepool.Pool) { p.Machine, p.Disk.LocalNVMe = "Standard_E16ds_v5", true }, ""},
		"one of old":    {"AKS", func(p *nodepool.Pool) { p.Machine, p.Disk.LocalNVMe = "Standard_E16s_v3", true }, ""},
	} {
		p := onEach(tc.provider)
		tc.change(p)
		_, err := p.Build()
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want) || len(findings(t, err)) != 1) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}
