package nodepool_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// TestEC2Mistakes composes node classes that are wrong in one way each.
func TestEC2Mistakes(t *testing.T) {
	type (
		pool   = nodepool.Pool
		class  = nodepool.EC2NodeClass
		subnet = karpenterawsv1.SubnetSelectorTerm
		group  = karpenterawsv1.SecurityGroupSelectorTerm
		ami    = karpenterawsv1.AMISelectorTerm
	)
	const (
		invalid, required, conflict, unsupported = millrace.RuleInvalid, millrace.RuleRequired, millrace.RuleConflict, millrace.RuleUnsupported

		at = "Provider.EC2."
	)
	own := func(c *class, terms ...ami) { c.AMI, c.Family, c.AMIs = "", karpenterawsv1.AMIFamilyAL2023, terms }
	tags := map[string]string{"a": "b"}
	for name, tc := range map[string]struct {
		change      func(*pool, *class)
		field, rule string
	}{
		"name":              {func(_ *pool, c *class) { c.Name = "My_Class" }, at + "Name", invalid},
		"no identity":       {func(_ *pool, c *class) { c.Role = "" }, at + "Role", required},
		"two identities":    {func(_ *pool, c *class) { c.InstanceProfile = "p" }, at + "InstanceProfile", conflict},
		"Base: identity":    {func(_ *pool, c *class) { c.Base.InstanceProfile = new("p") }, at + "Base.InstanceProfile", conflict},
		"ARN of a role":     {func(_ *pool, c *class) { c.Role = "arn:aws:iam::111122223333:role/nodes" }, at + "Role", invalid},
		"path of a profile": {func(_ *pool, c *class) { c.Role, c.InstanceProfile = "", "/data/nodes" }, at + "InstanceProfile", invalid},

		"no image":              {func(_ *pool, c *class) { c.AMI = "" }, at + "AMI", required},
		"latest image":          {func(_ *pool, c *class) { c.AMI = "al2023@latest" }, at + "AMI", invalid},
		"family alone":          {func(_ *pool, c *class) { c.AMI = "al2023" }, at + "AMI", invalid},
		"version of another":    {func(_ *pool, c *class) { c.AMI = "al2023@1.54.0" }, at + "AMI", invalid},
		"unknown image":         {func(_ *pool, c *class) { c.AMI = "ubuntu@v20260723" }, at + "AMI", invalid},
		"image in capitals":     {func(_ *pool, c *class) { c.AMI = "AL2023@v20260723" }, at + "AMI", invalid},
		"Windows":               {func(_ *pool, c *class) { c.AMI = "windows2022@v1" }, at + "AMI", unsupported},
		"family of Windows":     {func(_ *pool, c *class) { own(c, ami{ID: new("ami-1")}); c.Family = "Windows2022" }, at + "Family", unsupported},
		"family of another":     {func(_ *pool, c *class) { c.Family = karpenterawsv1.AMIFamilyBottlerocket }, at + "Family", conflict},
		"Base: family":          {func(_ *pool, c *class) { c.Base.AMIFamily = karpenterawsv1.AMIFamilyAL2 }, at + "Base.AMIFamily", conflict},
		"unknown family":        {func(_ *pool, c *class) { own(c, ami{ID: new("ami-1")}); c.Family = "Ubuntu" }, at + "Family", invalid},
		"images without family": {func(_ *pool, c *class) { own(c, ami{ID: new("ami-1")}); c.Family = "" }, at + "Family", required},
		"image twice":           {func(_ *pool, c *class) { c.AMIs = []ami{{ID: new("ami-1")}} }, at + "AMIs", conflict},
		"alias among images":    {func(_ *pool, c *class) { own(c, ami{Alias: new("al2023@latest")}) }, at + "AMIs[0].Alias", conflict},
		"empty image":           {func(_ *pool, c *class) { own(c, ami{}) }, at + "AMIs[0]", required},
		"owner alone":           {func(_ *pool, c *class) { own(c, ami{Owner: new("self")}) }, at + "AMIs[0]", required},
		"image id":              {func(_ *pool, c *class) { own(c, ami{ID: new("subnet-1")}) }, at + "AMIs[0].ID", invalid},
		"image id and name":     {func(_ *pool, c *class) { own(c, ami{ID: new("ami-1"), Name: new("x")}) }, at + "AMIs[0].ID", conflict},
		"image with no name":    {func(_ *pool, c *class) { own(c, ami{Name: new("")}) }, at + "AMIs[0]", invalid},
		"31 images":             {func(_ *pool, c *class) { own(c, slices.Repeat([]ami{{ID: new("ami-1")}}, 31)...) }, at + "AMIs", invalid},
		"Base: images":          {func(_ *pool, c *class) { c.Base.AMISelectorTerms = []ami{{ID: new("ami-1")}} }, at + "Base.AMISelectorTerms", conflict},

		"no subnets":            {func(_ *pool, c *class) { c.Discovery, c.SecurityGroups = "", []group{{Tags: tags}} }, at + "Subnets", required},
		"no groups":             {func(_ *pool, c *class) { c.Discovery, c.Subnets = "", []subnet{{Tags: tags}} }, at + "SecurityGroups", required},
		"discovery for nothing": {func(_ *pool, c *class) { c.Subnets, c.SecurityGroups = []subnet{{Tags: tags}}, []group{{Tags: tags}} }, at + "Discovery", conflict},
		"subnet id":             {func(_ *pool, c *class) { c.Subnets = []subnet{{ID: new("subnet-")}} }, at + "Subnets[0].ID", invalid},
		"subnet id and tags":    {func(_ *pool, c *class) { c.Subnets = []subnet{{ID: new("subnet-1"), Tags: tags}} }, at + "Subnets[0].ID", conflict},
		"empty subnet":          {func(_ *pool, c *class) { c.Subnets = []subnet{{}} }, at + "Subnets[0]", required},
		"subnet of no tags":     {func(_ *pool, c *class) { c.Subnets = []subnet{{Tags: map[string]string{}}} }, at + "Subnets[0].Tags", required},
		"tag of any value":      {func(_ *pool, c *class) { c.Subnets = []subnet{{Tags: map[string]string{"a": ""}}} }, at + "Subnets[0].Tags[a]", invalid},
		"group id":              {func(_ *pool, c *class) { c.SecurityGroups = []group{{ID: new("SG-1")}} }, at + "SecurityGroups[0].ID", invalid},
		"group id and name":     {func(_ *pool, c *class) { c.SecurityGroups = []group{{ID: new("sg-1"), Name: new("x")}} }, at + "SecurityGroups[0].ID", conflict},
		"group name and tags":   {func(_ *pool, c *class) { c.SecurityGroups = []group{{Tags: tags, Name: new("x")}} }, at + "SecurityGroups[0].Name", conflict},
		"empty group":           {func(_ *pool, c *class) { c.SecurityGroups = []group{{}} }, at + "SecurityGroups[0]", required},

		"disk type of Google":    {func(p *pool, _ *class) { p.Disk.Type = "pd-ssd" }, "Disk.Type", invalid},
		"disk that can't boot":   {func(p *pool, _ *class) { p.Disk.Type = "st1" }, "Disk.Type", invalid},
		"disk of half a GiB":     {func(p *pool, _ *class) { p.Disk.Size = 20*millrace.GiB + 1 }, "Disk.Size", invalid},
		"disk without unit":      {func(p *pool, _ *class) { p.Disk.Size = 200 }, "Disk.Size", invalid},
		"negative disk":          {func(p *pool, _ *class) { p.Disk.Size = -millrace.GiB }, "Disk.Size", invalid},
		"disk too large for gp2": {func(p *pool, _ *class) { p.Disk = nodepool.Disk{Type: "gp2", Size: 16385 * millrace.GiB} }, "Disk.Size", invalid},
		"io2 without IOPS":       {func(p *pool, _ *class) { p.Disk.Type = "io2" }, at + "IOPS", required},
		"IOPS of gp2":            {func(p *pool, c *class) { p.Disk.Type, c.IOPS = "gp2", 3000 }, at + "IOPS", unsupported},
		"few IOPS":               {func(_ *pool, c *class) { c.IOPS = 100 }, at + "IOPS", invalid},
		"many IOPS":              {func(_ *pool, c *class) { c.IOPS = 80001 }, at + "IOPS", invalid},
		"IOPS of a small disk":   {func(p *pool, c *class) { p.Disk.Type, c.IOPS = "io1", 5001 }, at + "IOPS", invalid},
		"throughput of gp2":      {func(p *pool, c *class) { p.Disk.Type, c.Throughput = "gp2", 250 }, at + "Throughput", unsupported},
		"little throughput":      {func(_ *pool, c *class) { c.Throughput = 124 }, at + "Throughput", invalid},
		"much throughput":        {func(_ *pool, c *class) { c.Throughput, c.IOPS = 2001, 16000 }, at + "Throughput", invalid},
		"throughput over IOPS":   {func(_ *pool, c *class) { c.Throughput = 751 }, at + "Throughput", invalid},
		"Base: disks": {func(p *pool, c *class) {
			p.Disk.Size, c.Base.BlockDeviceMappings = 200*millrace.GiB, []karpenterawsv1.BlockDeviceMapping{{}}
		}, at + "Base.BlockDeviceMappings", conflict},
		"disk of Custom": {func(p *pool, c *class) { p.Disk.Size, c.Family = 200*millrace.GiB, karpenterawsv1.AMIFamilyCustom }, "Disk", unsupported},

		"no local disks": {func(p *pool, _ *class) { p.Disk.LocalNVMe, p.Machine = true, "r6i.4xlarge" }, "Machine", invalid},
		"no local disks, another": {func(p *pool, _ *class) {
			p.Disk.LocalNVMe, p.OtherMachines = true, []string{"i4i.4xlarge", "m7i.4xlarge"}
		}, "OtherMachines[1]", invalid},
		"local disks of Custom": {func(p *pool, c *class) { p.Disk.LocalNVMe, c.Family = true, karpenterawsv1.AMIFamilyCustom }, "Disk.LocalNVMe", unsupported},
		"Base: local disks":     {func(p *pool, c *class) { p.Disk.LocalNVMe, c.Base.InstanceStorePolicy = true, "RAID0" }, at + "Base.InstanceStorePolicy", conflict},

		"streaming on AL2":            {func(p *pool, c *class) { p.ImageStreaming, c.AMI = true, "al2@v20251120" }, "ImageStreaming", unsupported},
		"streaming, old Bottlerocket": {func(p *pool, c *class) { p.ImageStreaming, c.AMI = true, "bottlerocket@1.43.0" }, "ImageStreaming", unsupported},
		"streaming, Bottlerocket, NVMe": {func(p *pool, c *class) {
			p.ImageStreaming, p.Disk.LocalNVMe, c.AMI = true, true, "bottlerocket@v1.45.0"
		}, "ImageStreaming", unsupported},
		"streaming on a small machine": {func(p *pool, _ *class) { p.ImageStreaming, p.Machine = true, "r6i.large" }, "ImageStreaming", unsupported},
		"streaming on a slow disk":     {func(p *pool, c *class) { p.ImageStreaming, c.Throughput = true, 300 }, at + "Throughput", conflict},
		"Base: streaming":              {func(p *pool, c *class) { p.ImageStreaming, c.Base.UserData = true, new("#!/bin/sh") }, at + "Base.UserData", conflict},

		"hop limit": {func(_ *pool, c *class) { c.HopLimit = 65 }, at + "HopLimit", invalid},
		"Base: hop limit": {func(_ *pool, c *class) {
			c.HopLimit, c.Base.MetadataOptions = 2, &karpenterawsv1.MetadataOptions{HTTPPutResponseHopLimit: new(int64(1))}
		}, at + "Base.MetadataOptions.HTTPPutResponseHopLimit", conflict},
		"tag of Karpenter":  {func(_ *pool, c *class) { c.Tags = map[string]string{"karpenter.sh/nodepool": "x"} }, at + "Tags[karpenter.sh/nodepool]", unsupported},
		"tag of a cluster":  {func(_ *pool, c *class) { c.Base.Tags = map[string]string{"kubernetes.io/cluster/x": "owned"} }, at + "Base.Tags[kubernetes.io/cluster/x]", unsupported},
		"tag of AWS":        {func(_ *pool, c *class) { c.Tags = map[string]string{"aws:name": "x"} }, at + "Tags[aws:name]", unsupported},
		"tag without a key": {func(_ *pool, c *class) { c.Tags = map[string]string{"": "x"} }, at + "Tags[]", invalid},
		"long tag":          {func(_ *pool, c *class) { c.Tags = map[string]string{"a": strings.Repeat("x", 257)} }, at + "Tags[a]", invalid},

		"no pods":            {func(_ *pool, c *class) { c.Kubelet.MaxPods = new(int32(0)) }, at + "Kubelet.MaxPods", invalid},
		"pods per core":      {func(_ *pool, c *class) { c.Kubelet.PodsPerCore = new(int32(-1)) }, at + "Kubelet.PodsPerCore", invalid},
		"of Bottlerocket":    {func(_ *pool, c *class) { c.AMI, c.Kubelet.PodsPerCore = "bottlerocket@1.54.0", new(int32(2)) }, at + "Kubelet.PodsPerCore", unsupported},
		"unknown reserve":    {func(_ *pool, c *class) { c.Kubelet.KubeReserved = map[string]string{"disk": "1Gi"} }, at + "Kubelet.KubeReserved[disk]", invalid},
		"no quantity":        {func(_ *pool, c *class) { c.Kubelet.SystemReserved = map[string]string{"memory": "1 GB"} }, at + "Kubelet.SystemReserved[memory]", invalid},
		"negative quantity":  {func(_ *pool, c *class) { c.Kubelet.SystemReserved = map[string]string{"memory": "-1Gi"} }, at + "Kubelet.SystemReserved[memory]", invalid},
		"empty quantity":     {func(_ *pool, c *class) { c.Kubelet.EvictionHard = map[string]string{"memory.available": ""} }, at + "Kubelet.EvictionHard[memory.available]", invalid},
		"percentage":         {func(_ *pool, c *class) { c.Kubelet.EvictionHard = map[string]string{"memory.available": "101%"} }, at + "Kubelet.EvictionHard[memory.available]", invalid},
		"signal":             {func(_ *pool, c *class) { c.Kubelet.EvictionHard = map[string]string{"memory": "5%"} }, at + "Kubelet.EvictionHard[memory]", invalid},
		"soft without grace": {func(_ *pool, c *class) { c.Kubelet.EvictionSoft = map[string]string{"memory.available": "5%"} }, at + "Kubelet.EvictionSoftGracePeriod[memory.available]", required},
		"grace without soft": {func(_ *pool, c *class) {
			c.Kubelet.EvictionSoftGracePeriod = map[string]string{"memory.available": "1m"}
		}, at + "Kubelet.EvictionSoftGracePeriod[memory.available]", conflict},
		"grace of no time": {func(_ *pool, c *class) {
			c.Kubelet.EvictionSoft, c.Kubelet.EvictionSoftGracePeriod = map[string]string{"pid.available": "5%"}, map[string]string{"pid.available": "60"}
		}, at + "Kubelet.EvictionSoftGracePeriod[pid.available]", invalid},
		"collection over 100": {func(_ *pool, c *class) { c.Kubelet.ImageGCHighThresholdPercent = new(int32(101)) }, at + "Kubelet.ImageGCHighThresholdPercent", invalid},
		"collection upside down": {func(_ *pool, c *class) {
			c.Kubelet.ImageGCHighThresholdPercent, c.Kubelet.ImageGCLowThresholdPercent = new(int32(70)), new(int32(70))
		}, at + "Kubelet.ImageGCHighThresholdPercent", conflict},
		"Base: kubelet": {func(_ *pool, c *class) {
			c.Kubelet.MaxPods, c.Base.Kubelet = new(int32(1)), &karpenterawsv1.KubeletConfiguration{MaxPods: new(int32(2))}
		}, at + "Base.Kubelet.MaxPods", conflict},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ec2With(tc.change).Build()
			found := findings(t, err)
			if len(found) != 1 || found[0].Field != tc.field || found[0].Rule != tc.rule || found[0].Fix == "" {
				t.Errorf("got %v, want one finding %s at %s", found, tc.rule, tc.field)
			}
		})
	}
}

// TestProviderLabels asks for labels of the right and the wrong provider.
func TestProviderLabels(t *testing.T) {
	const refused = ""
	for kind, labels := range map[string]map[string]string{
		"EC2NodeClass": {
			"karpenter.k8s.aws/instance-family":   "ok",
			"karpenter.k8s.aws/instance-tenancy":  "ok",
			"topology.k8s.aws/zone-id":            "ok",
			"company.com/x":                       "ok",
			"karpenter.k8s.aws/instance-colour":   refused,
			"my.karpenter.k8s.aws/x":              refused,
			"mykarpenter.k8s.aws/instance-family": refused,
			"karpenter.k8s.aws":                   refused,
			"eks.amazonaws.com/instance-family":   "use karpenter.k8s.aws/instance-family",
			"karpenter.azure.com/sku-cpu":         "use karpenter.k8s.aws/instance-cpu",
			"kubernetes.azure.com/mode":           refused,
			"cloud.google.com/gke-nodepool":       refused,
			"karpenter.k8s.gcp/instance-family":   "use karpenter.k8s.aws/instance-family",
			"karpenter.sh/registered":             refused,
			"kubernetes.io/hostname":              refused,
		},
		"NodeClass": {
			"eks.amazonaws.com/instance-family":  "ok",
			"eks.amazonaws.com/compute-type":     "ok",
			"karpenter.k8s.aws/instance-family":  "use eks.amazonaws.com/instance-family",
			"karpenter.k8s.aws/instance-tenancy": refused,
			"eks.amazonaws.com/nodegroup":        refused,
		},
		"AKSNodeClass": {
			"karpenter.azure.com/sku-family":            "ok",
			"kubernetes.azure.com/ebpf":                 "ok",
			"kubernetes.azure.com/agentpool":            refused,
			"agentpool":                                 refused,
			"karpenter.azure.com/sku-hyperv-generation": refused,
			"karpenter.k8s.aws/instance-memory":         "use karpenter.azure.com/sku-memory",
		},
		"GCENodeClass": {
			"karpenter.k8s.gcp/instance-shape":  "ok",
			"cloud.google.com/gke-accelerator":  "ok",
			"karpenter.k8s.aws/instance-family": "use karpenter.k8s.gcp/instance-family",
			"karpenter.azure.com/sku-version":   refused,
		},
	} {
		for _, key := range slices.Sorted(maps.Keys(labels)) {
			t.Run(kind+"/"+key, func(t *testing.T) {
				k := nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default", Kind: kind}}
				k.Requirements = []karpenterv1.NodeSelectorRequirementWithMinValues{requirement(key, "Exists")}
				byRequirement := &nodepool.Pool{Name: "etl", Max: 1, Provider: k}
				byLabel := &nodepool.Pool{Name: "etl", Machine: "x", Max: 1, Labels: map[string]string{key: "x"}, Provider: nodepool.Karpenter{NodeClass: k.NodeClass}}
				k = nodepool.Karpenter{NodeClass: k.NodeClass}
				k.Base.Template.Metadata = &karpenterv1.ObjectMeta{Labels: map[string]string{key: "x"}}
				byBase := &nodepool.Pool{Name: "etl", Machine: "x", Max: 1, Provider: k}
				for at, p := range map[string]*nodepool.Pool{
					"Provider.Requirements[0].Key": byRequirement, "Labels[" + key + "]": byLabel, "Provider.Base.Template.Metadata.Labels[" + key + "]": byBase,
				} {
					_, err := p.Build()
					found := findings(t, err)
					switch want := labels[key]; {
					case want == "ok" && len(found) == 0:
					case want == "ok" || len(found) != 1 || found[0].Field != at || want != "" && found[0].Fix != want:
						t.Errorf("%s: %v", at, found)
					}
				}
			})
		}
	}
	// What nobody knows, nobody refuses.
	other := karpenterPool()
	other.Provider = nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "x", Kind: "OCINodeClass", Group: "karpenter.k8s.oracle"},
		Requirements: []karpenterv1.NodeSelectorRequirementWithMinValues{requirement("karpenter.k8s.oracle/shape", "Exists"), requirement("karpenter.k8s.aws/x", "Exists")}}
	if _, err := other.Build(); err != nil {
		t.Error(err)
	}
}

// TestOlderKeys writes a requirement by the older name of a label.
func TestOlderKeys(t *testing.T) {
	p := karpenterPool()
	k := p.Provider.(nodepool.Karpenter)
	k.Requirements = []karpenterv1.NodeSelectorRequirementWithMinValues{requirement("beta.kubernetes.io/arch", "In", "amd64")}
	p.Provider = k
	np, err := p.NodePool()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range np.Spec.Template.Spec.Requirements {
		if r.Key == "kubernetes.io/arch" {
			t.Errorf("there are two requirements on the architecture: %v", r)
		}
	}
}

// EKS Auto Mode replaces its nodes.
func TestAutoModeLifetime(t *testing.T) {
	for lifetime, want := range map[time.Duration]string{0: "336h", 504 * time.Hour: "504h", 505 * time.Hour: "", nodepool.Forever: ""} {
		p := karpenterPool()
		p.Lifetime, p.Provider = lifetime, nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default", Kind: "NodeClass"}}
		np, err := p.NodePool()
		switch {
		case want == "" && (err == nil || findings(t, err)[0].Field != "Lifetime"):
			t.Errorf("%s: %v", lifetime, err)
		case want != "" && (err != nil || *np.Spec.Template.Spec.ExpireAfter != want):
			t.Errorf("%s: %v", lifetime, err)
		}
	}
}
