package nodepool_test

import (
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// TestEKSMistakes composes pools that are wrong in one way each.
func TestEKSMistakes(t *testing.T) {
	type (
		pool = nodepool.Pool
		e    = nodepool.EKS
	)
	terraform := func(change func(*pool, *e)) *pool {
		p, provider := eksPool(), eks
		change(p, &provider)
		p.Provider = provider
		return p
	}
	eksctl := func(change func(*pool, *e)) *pool {
		p := eksctlPool()
		provider := p.Provider.(e)
		change(p, &provider)
		p.Provider = provider
		return p
	}
	taint := func(key string) []corev1.Taint {
		return []corev1.Taint{{Key: key, Value: "true", Effect: corev1.TaintEffectNoSchedule}}
	}
	many := func(n int) map[string]string {
		out := map[string]string{}
		for i := range n {
			out[fmt.Sprintf("k%d", i)] = "v"
		}
		return out
	}
	const (
		required, invalid, conflict, unsupported, duplicate = millrace.RuleRequired, millrace.RuleInvalid, millrace.RuleConflict, millrace.RuleUnsupported, millrace.RuleDuplicate
	)
	for name, tc := range map[string]struct {
		pool        *pool
		field, rule string
	}{
		"format":        {terraform(func(_ *pool, e *e) { e.Format = nodepool.ConfigConnector }), "Provider.Format", unsupported},
		"digit first":   {terraform(func(p *pool, _ *e) { p.Name = "3-pool" }), "Name", invalid},
		"no machine":    {terraform(func(p *pool, _ *e) { p.Machine = "" }), "Machine", required},
		"machine":       {terraform(func(p *pool, _ *e) { p.Machine = "n2-highmem-16" }), "Machine", invalid},
		"other machine": {terraform(func(p *pool, _ *e) { p.OtherMachines = []string{"r7i"} }), "OtherMachines[0]", invalid},
		"other CPUs":    {terraform(func(p *pool, _ *e) { p.OtherMachines = []string{"r7i.2xlarge"} }), "OtherMachines[0]", invalid},
		"CPUs alone":    {terraform(func(p *pool, _ *e) { p.OtherMachines = []string{"m7i.8xlarge"} }), "OtherMachines[0]", invalid},
		"other memory":  {terraform(func(p *pool, _ *e) { p.OtherMachines = []string{"r6a.4xlarge", "m7i.4xlarge"} }), "OtherMachines[1]", invalid},
		"Graviton":      {terraform(func(p *pool, _ *e) { p.OtherMachines = []string{"r7g.4xlarge"} }), "OtherMachines[0]", invalid},
		"no disks":      {terraform(func(p *pool, _ *e) { p.Disk.LocalNVMe = true }), "Machine", invalid},
		"zone":          {terraform(func(p *pool, _ *e) { p.Zones = []string{"europe-west1-b"} }), "Zones[0]", invalid},
		"local zone":    {terraform(func(p *pool, _ *e) { p.Zones = []string{"us-west-2-lax-1a"} }), "Zones[0]", invalid},
		"two regions":   {terraform(func(p *pool, _ *e) { p.Zones = []string{"eu-west-1a", "eu-west-2a"} }), "Zones[1]", invalid},
		"region's zone": {eksctl(func(p *pool, _ *e) { p.Zones = []string{"eu-west-2a"} }), "Zones[0]", invalid},
		"zones, subnets": {eksctl(func(p *pool, e *e) {
			p.Zones, e.Subnets = []string{"eu-west-1a"}, []string{"subnet-01234567"}
		}), "Zones", conflict},
		"no maximum":     {terraform(func(p *pool, _ *e) { p.Max = 0 }), "Max", required},
		"huge maximum":   {terraform(func(p *pool, _ *e) { p.Max = 1 << 40 }), "Max", invalid},
		"disk's unit":    {terraform(func(p *pool, _ *e) { p.Disk.Size = 200 }), "Disk.Size", invalid},
		"small disk":     {terraform(func(p *pool, _ *e) { p.Disk.Size = 19 * millrace.GiB }), "Disk.Size", invalid},
		"large disk":     {terraform(func(p *pool, _ *e) { p.Disk.Size = 65 * millrace.TiB }), "Disk.Size", invalid},
		"large gp2":      {terraform(func(p *pool, _ *e) { p.Disk.Type, p.Disk.Size = "gp2", 17*millrace.TiB }), "Disk.Size", invalid},
		"odd disk":       {terraform(func(p *pool, _ *e) { p.Disk.Size = 20*millrace.GiB + 1 }), "Disk.Size", invalid},
		"disk type":      {terraform(func(p *pool, _ *e) { p.Disk.Type = "st1" }), "Disk.Type", invalid},
		"io2":            {terraform(func(p *pool, _ *e) { p.Disk.Type = "io2" }), "Provider.IOPS", required},
		"gp2 IOPS":       {terraform(func(p *pool, e *e) { p.Disk.Type, e.IOPS = "gp2", 3000 }), "Provider.IOPS", unsupported},
		"few IOPS":       {terraform(func(_ *pool, e *e) { e.IOPS = 100 }), "Provider.IOPS", invalid},
		"many IOPS":      {terraform(func(_ *pool, e *e) { e.IOPS = 80001 }), "Provider.IOPS", invalid},
		"IOPS per GiB":   {terraform(func(_ *pool, e *e) { e.IOPS = 50001 }), "Provider.IOPS", invalid},
		"eksctl's IOPS":  {eksctl(func(_ *pool, e *e) { e.IOPS = 16001 }), "Provider.IOPS", unsupported},
		"eksctl's rate":  {eksctl(func(_ *pool, e *e) { e.Throughput = 1001 }), "Provider.Throughput", unsupported},
		"IOPS for it":    {terraform(func(_ *pool, e *e) { e.IOPS, e.Throughput = 3000, 1000 }), "Provider.Throughput", invalid},
		"gp2 throughput": {terraform(func(p *pool, e *e) { p.Disk.Type, e.Throughput = "gp2", 200 }), "Provider.Throughput", unsupported},
		"throughput":     {terraform(func(_ *pool, e *e) { e.Throughput = 2001 }), "Provider.Throughput", invalid},
		"slow images":    {terraform(func(p *pool, e *e) { p.ImageStreaming, e.Throughput = true, 599 }), "Provider.Throughput", invalid},
		"images, gp2":    {terraform(func(p *pool, _ *e) { p.ImageStreaming, p.Disk.Type = true, "gp2" }), "Disk.Type", invalid},
		"images, small":  {terraform(func(p *pool, _ *e) { p.ImageStreaming, p.Machine = true, "r6i.large" }), "ImageStreaming", unsupported},

		"its label":  {terraform(func(p *pool, _ *e) { p.Labels = map[string]string{"eks.amazonaws.com/nodegroup": "x"} }), "Labels[eks.amazonaws.com/nodegroup]", unsupported},
		"role label": {terraform(func(p *pool, _ *e) { p.Labels = map[string]string{"node-role.kubernetes.io/etl": ""} }), "Labels[node-role.kubernetes.io/etl]", unsupported},
		"long key": {terraform(func(p *pool, _ *e) {
			p.Labels = map[string]string{"a." + strings.Repeat("b", 60) + "/" + strings.Repeat("c", 40): ""}
		}), "Labels[a." + strings.Repeat("b", 60) + "/" + strings.Repeat("c", 40) + "]", unsupported},
		"many labels":    {terraform(func(p *pool, _ *e) { p.Labels = many(40) }), "Labels", invalid},
		"its taint":      {terraform(func(p *pool, _ *e) { p.Taints = taint("eks.amazonaws.com/capacityType") }), "Taints[0].Key", unsupported},
		"k8s.io taint":   {terraform(func(p *pool, _ *e) { p.Taints = taint("x.k8s.io/y") }), "Taints[0].Key", unsupported},
		"long taint":     {terraform(func(p *pool, _ *e) { p.Taints = taint("company.com/" + strings.Repeat("a", 52)) }), "Taints[0].Key", invalid},
		"start-up":       {terraform(func(p *pool, _ *e) { p.StartupTaints = taint("startup-taint.cluster-autoscaler.kubernetes.io/x") }), "StartupTaints[0].Key", unsupported},
		"start-up twice": {terraform(func(p *pool, _ *e) { p.Taints, p.StartupTaints = taint("a"), taint("a") }), "StartupTaints[0]", duplicate},
		"spot taint": {terraform(func(p *pool, _ *e) {
			p.Capacity, p.Taints = nodepool.Spot, taint("karpenter.sh/capacity-type")
		}), "Taints[0]", duplicate},
		"two effects": {terraform(func(p *pool, _ *e) {
			p.Taints = append(taint("a"), corev1.Taint{Key: "a", Effect: corev1.TaintEffectNoExecute})
		}), "Taints[1].Key", unsupported},
		"workload's other effect": {terraform(func(p *pool, _ *e) {
			p.Taints = []corev1.Taint{{Key: "workload", Value: "etl", Effect: corev1.TaintEffectNoExecute}}
		}), "Taints[0].Key", unsupported},
		"effect": {terraform(func(p *pool, _ *e) { p.Taints = []corev1.Taint{{Key: "a", Effect: "NO_SCHEDULE"}} }), "Taints[0].Effect", invalid},
		"many taints": {terraform(func(p *pool, _ *e) {
			for key := range many(50) {
				p.StartupTaints = append(p.StartupTaints, taint(key)...)
			}
		}), "Taints", invalid},

		"no cluster":      {terraform(func(_ *pool, e *e) { e.Cluster = "" }), "Provider.Cluster", required},
		"cluster":         {terraform(func(_ *pool, e *e) { e.Cluster = "my cluster" }), "Provider.Cluster", invalid},
		"template":        {terraform(func(_ *pool, e *e) { e.Cluster = "${var.cluster}" }), "Provider.Cluster", invalid},
		"no role":         {terraform(func(_ *pool, e *e) { e.Role = "" }), "Provider.Role", required},
		"role's name":     {terraform(func(_ *pool, e *e) { e.Role = "nodes" }), "Provider.Role", invalid},
		"no subnets":      {terraform(func(_ *pool, e *e) { e.Subnets = nil }), "Provider.Subnets", required},
		"empty subnet":    {terraform(func(_ *pool, e *e) { e.Subnets = []string{""} }), "Provider.Subnets[0]", required},
		"subnet":          {terraform(func(_ *pool, e *e) { e.Subnets = []string{"vpc-01234567"} }), "Provider.Subnets[0]", invalid},
		"subnet twice":    {terraform(func(_ *pool, e *e) { e.Subnets = []string{"var.a", "var.a"} }), "Provider.Subnets[1]", duplicate},
		"splat of a list": {terraform(func(_ *pool, e *e) { e.Subnets = []string{"var.subnets[*]"} }), "Provider.Subnets[0]", invalid},
		"splat twice":     {terraform(func(_ *pool, e *e) { e.Subnets = []string{"aws_subnet.a[*].b[*].id"} }), "Provider.Subnets[0]", invalid},
		"splat, more":     {terraform(func(_ *pool, e *e) { e.Subnets = []string{"aws_subnet.a[*]x"} }), "Provider.Subnets[0]", invalid},
		"depends":         {terraform(func(_ *pool, e *e) { e.DependsOn = []string{"aws_iam_role.nodes.arn"} }), "Provider.DependsOn[0]", invalid},
		"version":         {terraform(func(_ *pool, e *e) { e.Version = "v1.34" }), "Provider.Version", invalid},
		"release":         {terraform(func(_ *pool, e *e) { e.ReleaseVersion = "1.34" }), "Provider.ReleaseVersion", invalid},
		"key":             {terraform(func(_ *pool, e *e) { e.KMSKey = "alias/disks" }), "Provider.KMSKey", invalid},
		"region":          {terraform(func(_ *pool, e *e) { e.Region = "eu-west-1" }), "Provider.Region", unsupported},
		"public":          {terraform(func(_ *pool, e *e) { e.Public = true }), "Provider.Public", unsupported},
		"image":           {terraform(func(_ *pool, e *e) { e.AMIType = "CUSTOM" }), "Provider.AMIType", invalid},
		"image's arch":    {terraform(func(_ *pool, e *e) { e.AMIType = "BOTTLEROCKET_ARM_64" }), "Provider.AMIType", invalid},
		"pods":            {terraform(func(_ *pool, e *e) { e.MaxPods = 251 }), "Provider.MaxPods", invalid},
		"hops":            {terraform(func(_ *pool, e *e) { e.HopLimit = 65 }), "Provider.HopLimit", invalid},
		"unavailable":     {terraform(func(_ *pool, e *e) { e.MaxUnavailable = "0" }), "Provider.MaxUnavailable", invalid},
		"all unavailable": {terraform(func(_ *pool, e *e) { e.MaxUnavailable = "11" }), "Provider.MaxUnavailable", invalid},
		"Bottlerocket 1":  {terraform(func(p *pool, e *e) { e.AMIType, p.ImageStreaming = "BOTTLEROCKET_x86_64", true }), "ImageStreaming", unsupported},
		"Bottlerocket 2": {terraform(func(p *pool, e *e) {
			e.AMIType, p.Machine, p.Disk.LocalNVMe = "BOTTLEROCKET_x86_64", "r6id.4xlarge", true
		}), "Disk.LocalNVMe", unsupported},
		"Bottlerocket 3": {terraform(func(_ *pool, e *e) { e.AMIType, e.MaxPods = "BOTTLEROCKET_x86_64", 10 }), "Provider.MaxPods", unsupported},
		"AWS' tag":       {terraform(func(_ *pool, e *e) { e.Tags = map[string]string{"aws:x": "y"} }), "Provider.Tags[aws:x]", invalid},
		"tag":            {terraform(func(_ *pool, e *e) { e.Tags = map[string]string{"a,b": "y"} }), "Provider.Tags[a,b]", invalid},
		"tag's value":    {terraform(func(_ *pool, e *e) { e.Tags = map[string]string{"a": "${x}"} }), "Provider.Tags[a]", invalid},
		"not in form C":  {terraform(func(_ *pool, e *e) { e.Tags = map[string]string{"a": "\u212b"} }), "Provider.Tags[a]", invalid},
		"no tag":         {terraform(func(_ *pool, e *e) { e.Tags = map[string]string{"": "y"} }), "Provider.Tags[]", required},
		"many tags":      {terraform(func(_ *pool, e *e) { e.Tags = many(41) }), "Provider.Tags", invalid},
		"the pool's tag": {terraform(func(_ *pool, e *e) {
			e.Tags = map[string]string{"k8s.io/cluster-autoscaler/node-template/label/workload": "y"}
		}), "Provider.Tags[k8s.io/cluster-autoscaler/node-template/label/workload]", conflict},

		"eksctl: no region": {eksctl(func(_ *pool, e *e) { e.Region = "" }), "Provider.Region", required},
		"eksctl: region":    {eksctl(func(_ *pool, e *e) { e.Region = "europe" }), "Provider.Region", invalid},
		"eksctl: reference": {eksctl(func(_ *pool, e *e) { e.Cluster = "aws_eks_cluster.main" }), "Provider.Cluster", unsupported},
		"eksctl: subnet":    {eksctl(func(_ *pool, e *e) { e.Subnets = []string{"aws_subnet.private[*]"} }), "Provider.Subnets[0]", invalid},
		"eksctl: version":   {eksctl(func(_ *pool, e *e) { e.Version = "1.34" }), "Provider.Version", unsupported},
		"eksctl: depends":   {eksctl(func(_ *pool, e *e) { e.DependsOn = []string{"module.x"} }), "Provider.DependsOn", unsupported},
		"eksctl: force":     {eksctl(func(_ *pool, e *e) { e.ForceUpdates = true }), "Provider.ForceUpdates", unsupported},
		"eksctl: hops":      {eksctl(func(_ *pool, e *e) { e.HopLimit = 3 }), "Provider.HopLimit", unsupported},
		"eksctl: image":     {eksctl(func(_ *pool, e *e) { e.AMIType = "BOTTLEROCKET_x86_64_FIPS" }), "Provider.AMIType", unsupported},
		"eksctl: many tags": {eksctl(func(_ *pool, e *e) { e.Tags = many(37) }), "Provider.Tags", invalid},

		"spot first": {terraform(func(p *pool, _ *e) { p.Capacity = nodepool.SpotFirst }), "Capacity", unsupported},
		"limits":     {terraform(func(p *pool, _ *e) { p.Limits.CPU = 1 }), "Limits.CPU", unsupported},
		"priority":   {terraform(func(p *pool, _ *e) { p.Priority = 1 }), "Priority", unsupported},
		"disruption": {terraform(func(p *pool, _ *e) { p.Disruption.AtOnce = "1" }), "Disruption.AtOnce", unsupported},
		"lifetime":   {terraform(func(p *pool, _ *e) { p.Lifetime = nodepool.Forever }), "Lifetime", unsupported},
	} {
		t.Run(name, func(t *testing.T) {
			parts, err := tc.pool.Build()
			found := findings(t, err)
			if len(parts.Files)+len(parts.Nodes) > 0 {
				t.Error("a pool with a mistake made something")
			}
			tc.pool.Placement() // must not panic
			for _, f := range found {
				if f.Detail == "" || f.Fix == "" {
					t.Errorf("incomplete finding: %+v", f)
				}
			}
			if len(found) != 1 || found[0].Field != tc.field || found[0].Rule != tc.rule {
				t.Errorf("want %s at %q alone, got %v", tc.rule, tc.field, err)
			}
		})
	}
}

// The empty pool and the empty provider say everything that is missing.
func TestEKSOfNothing(t *testing.T) {
	_, err := (&nodepool.Pool{Provider: nodepool.EKS{}}).Build()
	var fields []string
	for _, f := range findings(t, err) {
		fields = append(fields, f.Field)
	}
	if got, want := strings.Join(fields, " "), "Name Machine Max Provider.Cluster Provider.Role Provider.Subnets"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
