package nodepool_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// TestAKSMistakes composes pools of AKS that are wrong in one way each.
func TestAKSMistakes(t *testing.T) {
	type (
		pool = nodepool.Pool
		aks  = nodepool.AKS
	)
	taint := func(key, value string) []corev1.Taint {
		return []corev1.Taint{{Key: key, Value: value, Effect: corev1.TaintEffectNoSchedule}}
	}
	const invalid, unsupported, conflict, required = millrace.RuleInvalid, millrace.RuleUnsupported, millrace.RuleConflict, millrace.RuleRequired
	for name, tc := range map[string]struct {
		change      func(*pool, *aks)
		field, rule string
	}{
		"no cluster":             {func(_ *pool, a *aks) { a.Cluster = "" }, "Provider.Cluster", required},
		"a cluster's name":       {func(_ *pool, a *aks) { a.Cluster = "main" }, "Provider.Cluster", invalid},
		"another ID":             {func(_ *pool, a *aks) { a.Cluster = strings.Replace(aksClusterID, "managedClusters", "agentPools", 1) }, "Provider.Cluster", invalid},
		"ID with a quote":        {func(_ *pool, a *aks) { a.Cluster = aksClusterID + `"` }, "Provider.Cluster", invalid},
		"template":               {func(_ *pool, a *aks) { a.Cluster = "${azurerm_kubernetes_cluster.main.id}" }, "Provider.Cluster", invalid},
		"template in an ID":      {func(_ *pool, a *aks) { a.Cluster = "/subscriptions/${var.subscription}/x" }, "Provider.Cluster", invalid},
		"subnet of a network":    {func(_ *pool, a *aks) { a.Subnet = aksClusterID }, "Provider.Subnet", invalid},
		"a pod subnet's name":    {func(_ *pool, a *aks) { a.PodSubnet = "pods" }, "Provider.PodSubnet", invalid},
		"long name":              {func(p *pool, _ *aks) { p.Name = "spark-executor-pool" }, "Provider.PoolName", invalid},
		"digit first":            {func(p *pool, _ *aks) { p.Name = "3-etl" }, "Provider.PoolName", invalid},
		"dash in Azure's name":   {func(_ *pool, a *aks) { a.PoolName = "etl-spot" }, "Provider.PoolName", invalid},
		"temporary name":         {func(_ *pool, a *aks) { a.TemporaryName = "Temporary" }, "Provider.TemporaryName", invalid},
		"temporary name twice":   {func(_ *pool, a *aks) { a.TemporaryName = "etl" }, "Provider.TemporaryName", conflict},
		"no machine":             {func(p *pool, _ *aks) { p.Machine = "" }, "Machine", required},
		"machine of Google":      {func(p *pool, _ *aks) { p.Machine = "n2-highmem-16" }, "Machine", invalid},
		"Arm by surprise":        {func(p *pool, _ *aks) { p.Machine = "Standard_D16pls_v5" }, "Machine", invalid},
		"x86 for Arm":            {func(p *pool, _ *aks) { p.Arch = nodepool.ARM64 }, "Machine", invalid},
		"zone of Google":         {func(p *pool, _ *aks) { p.Zones = []string{"europe-west1-b"} }, "Zones[0]", invalid},
		"zones of two regions":   {func(p *pool, _ *aks) { p.Zones = []string{"westeurope-1", "eastus2-1"} }, "Zones[1]", invalid},
		"zones spelled two ways": {func(p *pool, _ *aks) { p.Zones = []string{"1", "westeurope-2"} }, "Zones[1]", invalid},
		"no Max":                 {func(p *pool, _ *aks) { p.Max = 0 }, "Max", required},
		"absurd Max":             {func(p *pool, _ *aks) { p.Max = 1001 }, "Max", invalid},
		"small disk":             {func(p *pool, _ *aks) { p.Disk.Size = 20 * millrace.GiB }, "Disk.Size", invalid},
		"huge disk":              {func(p *pool, _ *aks) { p.Disk.Size = 4 * millrace.TiB }, "Disk.Size", invalid},
		"half a GiB":             {func(p *pool, _ *aks) { p.Disk.Size = 100*millrace.GiB + millrace.MiB }, "Disk.Size", invalid},
		"disk without unit":      {func(p *pool, _ *aks) { p.Disk.Size = 200 }, "Disk.Size", invalid},
		"disk type":              {func(p *pool, _ *aks) { p.Disk.Type = "Premium_LRS" }, "Disk.Type", unsupported},
		"its label":              {func(p *pool, _ *aks) { p.Labels = map[string]string{"kubernetes.azure.com/mode": "user"} }, "Labels[kubernetes.azure.com/mode]", unsupported},
		"label of Kubernetes":    {func(p *pool, _ *aks) { p.Labels = map[string]string{"node.kubernetes.io/a": "b"} }, "Labels[node.kubernetes.io/a]", unsupported},
		"its taint":              {func(p *pool, _ *aks) { p.Taints = taint("kubernetes.azure.com/mode", "system") }, "Taints[0].Key", unsupported},
		"spot taint on demand":   {func(p *pool, _ *aks) { p.Taints = taint("kubernetes.azure.com/scalesetpriority", "spot") }, "Taints[0].Key", conflict},
		"spot taint twice": {func(p *pool, _ *aks) {
			p.Capacity, p.Taints = nodepool.Spot, taint("kubernetes.azure.com/scalesetpriority", "spot")
		}, "Taints[0]", millrace.RuleDuplicate},
		"taint without value": {func(p *pool, _ *aks) { p.Taints = taint("a", "") }, "Taints[0].Value", unsupported},
		"few pods":            {func(_ *pool, a *aks) { a.MaxPods = 9 }, "Provider.MaxPods", invalid},
		"many pods":           {func(_ *pool, a *aks) { a.MaxPods = 251 }, "Provider.MaxPods", invalid},
		"OS":                  {func(_ *pool, a *aks) { a.OS = "Windows2022" }, "Provider.OS", invalid},
		"version":             {func(_ *pool, a *aks) { a.Version = "v1.33" }, "Provider.Version", invalid},
		"price on demand":     {func(_ *pool, a *aks) { a.SpotMaxPrice = 1 }, "Provider.SpotMaxPrice", conflict},
		"negative price":      {func(p *pool, a *aks) { p.Capacity, a.SpotMaxPrice = nodepool.Spot, -1 }, "Provider.SpotMaxPrice", invalid},
		"no price":            {func(p *pool, a *aks) { p.Capacity, a.SpotMaxPrice = nodepool.Spot, math.NaN() }, "Provider.SpotMaxPrice", invalid},
		"fine price":          {func(p *pool, a *aks) { p.Capacity, a.SpotMaxPrice = nodepool.Spot, 0.123456 }, "Provider.SpotMaxPrice", invalid},
		"endless price":       {func(p *pool, a *aks) { p.Capacity, a.SpotMaxPrice = nodepool.Spot, math.Inf(1) }, "Provider.SpotMaxPrice", invalid},
		"surge":               {func(_ *pool, a *aks) { a.Upgrade.MaxSurge = "0" }, "Provider.Upgrade.MaxSurge", invalid},
		"surge of spot":       {func(p *pool, a *aks) { p.Capacity, a.Upgrade.MaxSurge = nodepool.Spot, "1" }, "Provider.Upgrade.MaxSurge", unsupported},
		"drain of spot":       {func(p *pool, a *aks) { p.Capacity, a.Upgrade.DrainTimeout = nodepool.Spot, time.Hour }, "Provider.Upgrade.DrainTimeout", unsupported},
		"short drain":         {func(_ *pool, a *aks) { a.Upgrade.DrainTimeout = time.Minute }, "Provider.Upgrade.DrainTimeout", invalid},
		"drain in seconds":    {func(_ *pool, a *aks) { a.Upgrade.DrainTimeout = 330 * time.Second }, "Provider.Upgrade.DrainTimeout", invalid},
		"long soak":           {func(_ *pool, a *aks) { a.Upgrade.Soak = time.Hour }, "Provider.Upgrade.Soak", invalid},
		"negative soak":       {func(_ *pool, a *aks) { a.Upgrade.Soak = -time.Minute }, "Provider.Upgrade.Soak", invalid},
		"tag without a name":  {func(_ *pool, a *aks) { a.Tags = map[string]string{"": "x"} }, "Provider.Tags[]", required},
		"tag":                 {func(_ *pool, a *aks) { a.Tags = map[string]string{"a/b": "x"} }, "Provider.Tags[a/b]", invalid},
		"many tags": {func(_ *pool, a *aks) {
			a.Tags = map[string]string{}
			for i := range 51 {
				a.Tags[fmt.Sprint("tag", i)] = ""
			}
		}, "Provider.Tags", invalid},
		"long tag":            {func(_ *pool, a *aks) { a.Tags = map[string]string{strings.Repeat("a", 513): "x"} }, "Provider.Tags[" + strings.Repeat("a", 513) + "]", invalid},
		"long value of a tag": {func(_ *pool, a *aks) { a.Tags = map[string]string{"a": strings.Repeat("x", 257)} }, "Provider.Tags[a]", invalid},
		"tag's value":         {func(_ *pool, a *aks) { a.Tags = map[string]string{"a": "x\ny"} }, "Provider.Tags[a]", invalid},
		"tag not in form C":   {func(_ *pool, a *aks) { a.Tags = map[string]string{"a": "e\u0301"} }, "Provider.Tags[a]", invalid},
		"key not in form C":   {func(_ *pool, a *aks) { a.Tags = map[string]string{"e\u0301": "a"} }, "Provider.Tags[e\u0301]", invalid},
		"disruption":          {func(p *pool, _ *aks) { p.Disruption.After = time.Minute }, "Disruption.After", unsupported},
		"limits":              {func(p *pool, _ *aks) { p.Limits.CPU = 1 }, "Limits.CPU", unsupported},
		"other machines":      {func(p *pool, _ *aks) { p.OtherMachines = []string{"Standard_E16s_v5"} }, "OtherMachines", unsupported},
		"spot first":          {func(p *pool, _ *aks) { p.Capacity = nodepool.SpotFirst }, "Capacity", unsupported},
		"priority":            {func(p *pool, _ *aks) { p.Priority = 1 }, "Priority", unsupported},
		"lifetime":            {func(p *pool, _ *aks) { p.Lifetime = time.Hour }, "Lifetime", unsupported},
		"image streaming":     {func(p *pool, _ *aks) { p.ImageStreaming = true }, "ImageStreaming", unsupported},
		"start-up taints":     {func(p *pool, _ *aks) { p.StartupTaints = taint("a", "b") }, "StartupTaints", unsupported},
	} {
		t.Run(name, func(t *testing.T) {
			p := aksPool()
			a := p.Provider.(nodepool.AKS)
			tc.change(p, &a)
			p.Provider = a
			wantMistake(t, p, tc.field, tc.rule)
		})
	}
}

// TestAKSNames wants a name that Azure takes made of one that it doesn't.
func TestAKSNames(t *testing.T) {
	for name, want := range map[string]string{
		"spark-executor-pool": `"sparkexecuto"`,
		"3-brokers":           `"brokers"`,
		"1234":                `"pool"`,
	} {
		p := aksPool()
		p.Name = name
		_, err := p.Build()
		f := findings(t, err)
		if len(f) != 1 || f[0].Field != "Provider.PoolName" || !strings.Contains(f[0].Fix, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := aksPool()
	p.Name = "etl-spot"
	if got := mustDecodeAKS(t, p).GetAttr("name").AsString(); got != "etlspot" {
		t.Errorf("name: %s", got)
	}
}
