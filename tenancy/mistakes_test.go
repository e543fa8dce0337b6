package tenancy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/tenancy"
)

const (
	required    = millrace.RuleRequired
	invalid     = millrace.RuleInvalid
	conflict    = millrace.RuleConflict
	unsupported = millrace.RuleUnsupported
	unknown     = millrace.RuleUnknown
	duplicate   = millrace.RuleDuplicate
)

// mistakes returns "rule field" of each finding.
func mistakes(t *testing.T, b millrace.Builder) []string {
	t.Helper()
	_, err := b.Build()
	var out []string
	for _, f := range findings(t, err) {
		out = append(out, f.Rule+" "+f.Field)
		if f.Fix == "" || f.Detail == "" {
			t.Errorf("%s says too little", f)
		}
	}
	return out
}

func TestTenantMistakes(t *testing.T) {
	type tenant = tenancy.Tenant
	for name, tc := range map[string]struct {
		change func(*tenant)
		want   []string
	}{
		"nothing":             {func(c *tenant) { *c = tenant{} }, []string{required + " Name", required + " Quota.Cores", required + " Quota.Memory"}},
		"bad name":            {func(c *tenant) { c.Name = "Sales.Team" }, []string{invalid + " Name"}},
		"system's namespace":  {func(c *tenant) { c.Name = "kube-sales" }, []string{invalid + " Name"}},
		"default":             {func(c *tenant) { c.Name = "default" }, []string{invalid + " Name"}},
		"bad label":           {func(c *tenant) { c.Labels = map[string]string{"a b": "c"} }, []string{invalid + " Labels[a b]"}},
		"bad annotation":      {func(c *tenant) { c.NamespaceAnnotations = map[string]string{"a b": "c"} }, []string{invalid + " NamespaceAnnotations[a b]"}},
		"label of a field":    {func(c *tenant) { c.Labels = map[string]string{"pod-security.kubernetes.io/enforce": "baseline"} }, []string{conflict + " Labels[pod-security.kubernetes.io/enforce]"}},
		"label of the server": {func(c *tenant) { c.NamespaceLabels = map[string]string{"kubernetes.io/metadata.name": "x"} }, []string{conflict + " NamespaceLabels[kubernetes.io/metadata.name]"}},
		"label of the queue": {func(c *tenant) {
			c.NamespaceLabels = map[string]string{"tenancy.millrace.github.io/cluster-queue": "x"}
		}, []string{conflict + " NamespaceLabels[tenancy.millrace.github.io/cluster-queue]"}},
		"label twice": {func(c *tenant) {
			c.Labels, c.NamespaceLabels = map[string]string{"a": "b"}, map[string]string{"a": "c"}
		}, []string{conflict + " NamespaceLabels[a]"}},

		"annotation twice": {func(c *tenant) {
			c.Annotations, c.NamespaceAnnotations = map[string]string{"a": "b"}, map[string]string{"a": "c"}
			c.Access.Driver.Annotations = map[string]string{"a": "d"}
		}, []string{conflict + " NamespaceAnnotations[a]", conflict + " Access.Driver.Annotations[a]"}},
		"annotation of the queue": {func(c *tenant) {
			c.Queue, c.NamespaceAnnotations = tenancy.YuniKorn{}, map[string]string{"yunikorn.apache.org/parentqueue": "root.x"}
		}, []string{conflict + " NamespaceAnnotations[yunikorn.apache.org/parentqueue]"}},

		"unknown level":   {func(c *tenant) { c.PodSecurity.Enforce = "strict" }, []string{invalid + " PodSecurity.Enforce"}},
		"laxer warning":   {func(c *tenant) { c.PodSecurity.Warn = tenancy.Privileged }, []string{conflict + " PodSecurity.Warn"}},
		"unknown version": {func(c *tenant) { c.PodSecurity.Version = "1.34" }, []string{invalid + " PodSecurity.Version"}},

		"half a quota":            {func(c *tenant) { c.Quota.Memory = 0 }, []string{required + " Quota.Memory"}},
		"negative quota":          {func(c *tenant) { c.Quota.Pods = -1 }, []string{invalid + " Quota.Pods"}},
		"bytes for gigabytes":     {func(c *tenant) { c.Quota.Memory = 800 }, []string{invalid + " Quota.Memory", conflict + " Limits.Request.Memory"}},
		"unlimited and limited":   {func(c *tenant) { c.Quota.Unlimited, c.Quota.Memory = true, 0 }, []string{conflict + " Quota.Cores"}},
		"limits below requests":   {func(c *tenant) { c.Quota.LimitMemory = millrace.GiB }, []string{conflict + " Quota.LimitMemory"}},
		"CPU limits below":        {func(c *tenant) { c.Quota.LimitCores = 10; c.Limits.Limit.MilliCPU = 100 }, []string{conflict + " Quota.LimitCores"}},
		"CPU limits of nobody":    {func(c *tenant) { c.Quota.LimitCores = 200 }, []string{conflict + " Quota.LimitCores"}},
		"CPU limits by max":       {func(c *tenant) { c.Quota.LimitCores = 200; c.Limits.Max.MilliCPU = 4000 }, nil},
		"claims without storage":  {func(c *tenant) { c.Quota.Claims = 3 }, []string{conflict + " Quota.Claims"}},
		"other that has a field":  {func(c *tenant) { c.Quota.Other = corev1.ResourceList{"requests.cpu": resource.MustParse("1")} }, []string{conflict + " Quota.Other[requests.cpu]", invalid + " Quota.Other[requests.cpu]"}},
		"other that is nothing":   {func(c *tenant) { c.Quota.Other = corev1.ResourceList{"gpus": resource.MustParse("1")} }, []string{invalid + " Quota.Other[gpus]"}},
		"other that is negative":  {func(c *tenant) { c.Quota.Other = corev1.ResourceList{"count/jobs.batch": resource.MustParse("-1")} }, []string{invalid + " Quota.Other[count/jobs.batch]"}},
		"headroom of a set quota": {func(c *tenant) { c.Headroom = new(10) }, []string{conflict + " Headroom"}},
		"headroom out of range": {func(c *tenant) {
			c.Headroom = new(-1)
			c.Quota = tenancy.Quota{}
			c.Pods = []millrace.Pod{worker(1, 1)}
		}, []string{invalid + " Headroom"}},
		"pods that don't fit":       {func(c *tenant) { c.Pods = []millrace.Pod{worker(1, 200)} }, []string{conflict + " Quota.Cores"}},
		"pods without a bound":      {func(c *tenant) { c.Pods = []millrace.Pod{worker(1, 0)} }, []string{unknown + " Pods[0]"}},
		"pods above max":            {func(c *tenant) { c.Pods = []millrace.Pod{worker(1, 1)}; c.Limits.Max.MilliCPU = 500 }, []string{conflict + " Pods[0]"}},
		"request above limit":       {func(c *tenant) { c.Limits.Request.Memory, c.Limits.Limit.Memory = 2*millrace.GiB, millrace.GiB }, []string{conflict + " Limits.Request.Memory"}},
		"limit above max":           {func(c *tenant) { c.Limits.Limit.MilliCPU, c.Limits.Max.MilliCPU = 2000, 1000 }, []string{conflict + " Limits.Limit.MilliCPU"}},
		"default request above max": {func(c *tenant) { c.Limits.Max.Memory = 100 * millrace.MiB }, []string{conflict + " Limits.Limit.Memory"}},
		"max above quota":           {func(c *tenant) { c.Limits.Max.MilliCPU = 200000 }, []string{conflict + " Limits.Max.MilliCPU"}},
		"limit above quota":         {func(c *tenant) { c.Limits.Limit.Memory = 2 * millrace.TiB }, []string{conflict + " Limits.Limit.Memory"}},
		"claim above quota":         {func(c *tenant) { c.Limits.MaxClaim = millrace.TiB }, []string{conflict + " Limits.MaxClaim"}},
		"negative limit":            {func(c *tenant) { c.Limits.Limit.MilliCPU = -1; c.Limits.Limit.Scratch = 5 }, []string{invalid + " Limits.Limit.MilliCPU", invalid + " Limits.Limit.Scratch"}},

		"default account":      {func(c *tenant) { c.Access.Driver.Name = "default" }, []string{invalid + " Access.Driver.Name"}},
		"one account for two":  {func(c *tenant) { c.Access.Executor.Name = "spark-driver" }, []string{conflict + " Access.Executor.Name"}},
		"account left out":     {func(c *tenant) { c.Access.Driver = tenancy.Account{Name: "x", Without: true} }, []string{conflict + " Access.Driver.Without"}},
		"executor with rights": {func(c *tenant) { c.Access.Executor.Rules = oneRule }, []string{unsupported + " Access.Executor.Rules"}},
		"everybody submits":    {func(c *tenant) { c.Access.Submitter.Groups = []string{"system:authenticated"} }, []string{invalid + " Access.Submitter.Groups[0]"}},
		"anybody reads":        {func(c *tenant) { c.Access.Reader.Users = []string{"system:anonymous"} }, []string{invalid + " Access.Reader.Users[0]"}},
		"account of nowhere":   {func(c *tenant) { c.Access.Reader.Accounts = []string{"deployer"} }, []string{invalid + " Access.Reader.Accounts[0]"}},
		"rules of nobody":      {func(c *tenant) { c.Access.Reader.Rules = oneRule }, []string{required + " Access.Reader.Users"}},
		"every right": {func(c *tenant) {
			c.Access.Driver.Rules = []rbacv1.PolicyRule{{APIGroups: []string{"*"}, Resources: []string{"*"}, Verbs: []string{"*"}}}
		}, []string{"tenancy/rights Access.Driver.Rules[0]", "tenancy/rights Access.Driver.Rules[0]", "tenancy/rights Access.Driver.Rules[0]"}},
		"all secrets": {func(c *tenant) {
			c.Access.Driver.Rules = []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get"}}}
		}, []string{"tenancy/rights Access.Driver.Rules[0]"}},
		"one secret": {func(c *tenant) {
			c.Access.Driver.Rules = []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"secrets"}, ResourceNames: []string{"a"}, Verbs: []string{"get"}}}
		}, nil},
		"half a rule": {func(c *tenant) { c.Access.Driver.Rules = []rbacv1.PolicyRule{{Verbs: []string{"get"}}} }, []string{required + " Access.Driver.Rules[0]"}},
		"URLs": {func(c *tenant) {
			c.Access.Driver.Rules = []rbacv1.PolicyRule{{NonResourceURLs: []string{"/metrics"}, Verbs: []string{"get"}}}
		}, []string{unsupported + " Access.Driver.Rules[0].NonResourceURLs"}},
		"bad group": {func(c *tenant) { c.Access.SparkGroups = []string{"Spark"} }, []string{invalid + " Access.SparkGroups[0]"}},

		"open and described":    {func(c *tenant) { c.Network.Open, c.Network.PodCIDRs = true, []string{"10.0.0.0/8"} }, []string{conflict + " Network.PodCIDRs"}},
		"not a range":           {func(c *tenant) { c.Network.APIServer = []string{"10.0.0.1", "10.0.0.1/8"} }, []string{invalid + " Network.APIServer[0]", invalid + " Network.APIServer[1]"}},
		"every address is pods": {func(c *tenant) { c.Network.PodCIDRs = []string{"0.0.0.0/0"} }, []string{invalid + " Network.PodCIDRs[0]"}},
		"stores and none":       {func(c *tenant) { c.Network.NoStores, c.Network.Stores = true, []tenancy.Peer{{Namespace: "minio"}} }, []string{conflict + " Network.NoStores"}},
		"peer of nobody":        {func(c *tenant) { c.Network.Brokers = []tenancy.Peer{{}} }, []string{required + " Network.Brokers[0].Namespace"}},
		"peer of two": {func(c *tenant) {
			c.Network.Brokers = []tenancy.Peer{{Namespace: "kafka", CIDRs: []string{"10.0.0.0/8"}}}
		}, []string{conflict + " Network.Brokers[0].CIDRs"}},
		"peer's port":       {func(c *tenant) { c.Network.Clients = []tenancy.Peer{{Namespace: "a", Ports: []int32{0}}} }, []string{invalid + " Network.Clients[0].Ports[0]"}},
		"unknown identity":  {func(c *tenant) { c.Network.Identity = "aws" }, []string{invalid + " Network.Identity"}},
		"low port":          {func(c *tenant) { c.Network.BlockManagerPort = 79 }, []string{invalid + " Network.BlockManagerPort"}},
		"policy of a field": {func(c *tenant) { c.Network.Policies = map[string]networkingv1.NetworkPolicySpec{"dns": {}} }, []string{conflict + " Network.Policies[dns]"}},

		"nil queue":                  {func(c *tenant) { c.Queue = (*tenancy.Kueue)(nil) }, []string{required + " Queue"}},
		"queue of nothing":           {func(c *tenant) { c.Queue = tenancy.Kueue{} }, []string{required + " Queue.ClusterQueue"}},
		"queue of no platform":       {func(c *tenant) { c.Queue, c.Platform = tenancy.Kueue{ClusterQueue: "x"}, platform() }, []string{unknown + " Queue.ClusterQueue"}},
		"queue of an empty platform": {func(c *tenant) { c.Queue, c.Platform = tenancy.Kueue{ClusterQueue: "x"}, &tenancy.Platform{} }, nil},
		"queue without root":         {func(c *tenant) { c.Queue = tenancy.YuniKorn{Parent: "data"} }, []string{invalid + " Queue.Parent"}},
		"queue of gaps":              {func(c *tenant) { c.Queue = tenancy.YuniKorn{Parent: "root..data"} }, []string{invalid + " Queue.Parent"}},
		"long queue": {func(c *tenant) {
			c.Queue = tenancy.YuniKorn{Parent: "root.data-platform-of-the-whole-company.production.batch.nightly"}
		}, []string{invalid + " Queue.Parent"}},
		"negative weight": {func(c *tenant) { c.Queue = tenancy.Volcano{Weight: -1, Cores: -1, Memory: 5} }, []string{invalid + " Queue.Weight", invalid + " Queue.Cores", invalid + " Queue.Memory"}},
		"root of queues":  {func(c *tenant) { c.Name, c.Queue = "root", tenancy.Volcano{} }, []string{conflict + " Queue"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := minimal()
			tc.change(c)
			if diff := cmp.Diff(tc.want, mistakes(t, c)); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
	if got := mistakes(t, (*tenant)(nil)); len(got) != 1 {
		t.Errorf("a nil tenant: %v", got)
	}
}

func TestPlatformMistakes(t *testing.T) {
	type p = tenancy.Platform
	class := func(c tenancy.StorageClass) func(*p) {
		return func(p *p) { p.Storage = []tenancy.StorageClass{c} }
	}
	flavor := func(change func(*tenancy.Flavor)) func(*p) {
		return func(p *p) {
			f := tenancy.Flavor{Name: "f", Cores: 1, Memory: millrace.GiB}
			change(&f)
			p.Queues = []tenancy.ClusterQueue{{Name: "a", Flavors: []tenancy.Flavor{f}}}
		}
	}
	nine := map[string]string{"1": "", "2": "", "3": "", "4": "", "5": "", "6": "", "7": "", "8": "", "9": ""}
	for name, tc := range map[string]struct {
		change func(*p)
		want   []string
	}{
		"default for all":        {func(p *p) { p.Annotations = map[string]string{"storageclass.kubernetes.io/is-default-class": "true"} }, []string{conflict + " Annotations[storageclass.kubernetes.io/is-default-class]"}},
		"class without a name":   {func(p *p) { p.Priorities = []tenancy.Priority{{}} }, []string{required + " Priorities[0].Name", required + " Priorities[0].Value"}},
		"class twice":            {func(p *p) { p.Executors.Name = "data-driver" }, []string{duplicate + " Executors.Name"}},
		"expendable":             {func(p *p) { p.Executors.Value = new(int32(-11)) }, []string{invalid + " Executors.Value"}},
		"the system's":           {func(p *p) { p.Drivers.Value = new(int32(1000000001)) }, []string{invalid + " Drivers.Value"}},
		"executors over drivers": {func(p *p) { p.Executors.Value = new(int32(0)) }, []string{conflict + " Executors.Value"}},
		"none and some":          {func(p *p) { p.NoPriorities, p.Drivers.Name = true, "x" }, []string{conflict + " Drivers"}},
		"no disks":               {class(tenancy.StorageClass{Name: "a"}), []string{required + " Storage[0].Disks"}},
		"nil disks":              {class(tenancy.StorageClass{Name: "a", Disks: (*tenancy.EBS)(nil)}), []string{required + " Storage[0].Disks"}},
		"two defaults": {func(p *p) {
			p.Storage = []tenancy.StorageClass{{Name: "a", Disks: tenancy.EBS{}, Default: true}, {Name: "b", Disks: tenancy.EBS{}, Default: true}}
		}, []string{conflict + " Storage[1].Default"}},
		"one name": {func(p *p) {
			p.Storage = []tenancy.StorageClass{{Name: "a", Disks: tenancy.EBS{}}, {Name: "a", Disks: tenancy.EBS{}}}
		}, []string{duplicate + " Storage[1].Name"}},
		"parameter of a field":  {class(tenancy.StorageClass{Name: "a", Disks: tenancy.EBS{}, Parameters: map[string]string{"type": "gp2", "": "x"}}), []string{invalid + " Storage[0].Parameters", conflict + " Storage[0].Parameters[type]"}},
		"throughput of io2":     {class(tenancy.StorageClass{Name: "a", Disks: tenancy.EBS{Type: "io2", Throughput: 1, IOPS: -1}}), []string{invalid + " Storage[0].Disks.IOPS", unsupported + " Storage[0].Disks.Throughput"}},
		"io2 without a number":  {class(tenancy.StorageClass{Name: "a", Disks: tenancy.EBS{Type: "io2"}}), []string{required + " Storage[0].Disks.IOPS"}},
		"cached ultra disk":     {class(tenancy.StorageClass{Name: "a", Disks: tenancy.AzureDisk{SKU: "UltraSSD_LRS"}, Parameters: map[string]string{"cachingMode": "ReadOnly"}}), []string{conflict + " Storage[0].Parameters[cachingMode]"}},
		"local disks of a zone": {class(tenancy.StorageClass{Name: "a", Disks: tenancy.LocalDisk{}, Zones: []string{"a"}, FileSystem: "xfs", FixedSize: true}), []string{unsupported + " Storage[0].Zones", unsupported + " Storage[0].Parameters", conflict + " Storage[0].FixedSize"}},
		"driver without a name": {class(tenancy.StorageClass{Name: "a", Disks: tenancy.Provisioner{}}), []string{required + " Storage[0].Disks.Name"}},
		"zone without a name":   {class(tenancy.StorageClass{Name: "a", Disks: tenancy.EBS{}, Zones: []string{""}}), []string{invalid + " Storage[0].Zones"}},
		"queue of no flavors":   {func(p *p) { p.Queues = []tenancy.ClusterQueue{{Name: "a"}} }, []string{required + " Queues[0].Flavors"}},
		"flavor of nothing":     {func(p *p) { p.Queues = []tenancy.ClusterQueue{{Name: "a", Flavors: []tenancy.Flavor{{}}}} }, []string{required + " Queues[0].Flavors[0].Name", required + " Queues[0].Flavors[0].Cores", required + " Queues[0].Flavors[0].Memory"}},
		"flavor with affinity":  {flavor(func(f *tenancy.Flavor) { f.Placement.Affinity = &corev1.Affinity{} }), []string{unsupported + " Queues[0].Flavors[0].Placement.Affinity"}},
		"flavor of nine labels": {flavor(func(f *tenancy.Flavor) { f.Placement.NodeSelector = nine }), []string{unsupported + " Queues[0].Flavors[0].Placement.NodeSelector"}},
		"flavor of nine taints": {flavor(func(f *tenancy.Flavor) {
			f.Placement.Tolerations = make([]corev1.Toleration, 9)
			for i := range f.Placement.Tolerations {
				f.Placement.Tolerations[i].Operator = "Exists"
			}
		}), []string{unsupported + " Queues[0].Flavors[0].Placement.Tolerations"}},
		"flavor with CPUs twice": {flavor(func(f *tenancy.Flavor) { f.Other = corev1.ResourceList{"cpu": resource.MustParse("-1")} }), []string{invalid + " Queues[0].Flavors[0].Other[cpu]", conflict + " Queues[0].Flavors[0].Other[cpu]"}},
		"flavor in two places": {func(p *p) {
			f := tenancy.Flavor{Name: "f", Cores: 1, Memory: millrace.GiB}
			g := f
			g.Placement.NodeSelector = map[string]string{"a": "b"}
			p.Queues = []tenancy.ClusterQueue{{Name: "a", Flavors: []tenancy.Flavor{f}}, {Name: "b", Flavors: []tenancy.Flavor{g}}}
		}, []string{conflict + " Queues[1].Flavors[0].Placement"}},
		"queue and flavor twice": {func(p *p) {
			f := tenancy.Flavor{Name: "f", Cores: 1, Memory: millrace.GiB}
			p.Queues = []tenancy.ClusterQueue{{Name: "a", Flavors: []tenancy.Flavor{f, f}}, {Name: "a", Flavors: []tenancy.Flavor{f}}}
		}, []string{duplicate + " Queues[0].Flavors[1].Name", duplicate + " Queues[1].Name"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := &tenancy.Platform{}
			tc.change(p)
			if diff := cmp.Diff(tc.want, mistakes(t, p)); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
	if got := mistakes(t, (*p)(nil)); len(got) != 1 {
		t.Errorf("a nil platform: %v", got)
	}
}

// worker is a pod that requests one CPU and 2 GiB, so often at least and at
// most.
func worker(least, most int) millrace.Pod {
	amount := corev1.ResourceList{"cpu": resource.MustParse("1"), "memory": resource.MustParse("2Gi")}
	return millrace.Pod{Owner: millrace.Ref{Kind: "Deployment", Namespace: "sales", Name: "work"}, Namespace: "sales", Min: least, Max: most, Whole: true,
		Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main",
			Resources: corev1.ResourceRequirements{Requests: amount, Limits: corev1.ResourceList{"memory": amount["memory"]}}}}}}}
}
