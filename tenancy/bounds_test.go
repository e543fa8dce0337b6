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

// TestTenantBounds: the last value that is taken, and the first that isn't.
func TestTenantBounds(t *testing.T) {
	type tenant = tenancy.Tenant
	peer := func(p tenancy.Peer) func(*tenant) {
		return func(c *tenant) { c.Network.Brokers = []tenancy.Peer{p} }
	}
	port := func(n int32) func(*tenant) {
		return peer(tenancy.Peer{Namespace: "kafka", Ports: []int32{n}})
	}
	none := "none"
	for name, tc := range map[string]struct {
		change func(*tenant)
		want   string
	}{
		"a port":               {port(1), none},
		"the last port":        {port(65535), none},
		"no port":              {port(0), invalid + " Network.Brokers[0].Ports[0]"},
		"beyond all ports":     {port(65536), invalid + " Network.Brokers[0].Ports[0]"},
		"the first of Spark's": {func(c *tenant) { c.Network.BlockManagerPort = 1024 }, none},
		"below":                {func(c *tenant) { c.Network.BlockManagerPort = 1023 }, invalid + " Network.BlockManagerPort"},
		"the last of Spark's":  {func(c *tenant) { c.Network.BlockManagerPort = 65535 }, none},
		"beyond":               {func(c *tenant) { c.Network.BlockManagerPort = 65536 }, invalid + " Network.BlockManagerPort"},
		"a peer's namespace":   {peer(tenancy.Peer{Namespace: "Kafka_"}), invalid + " Network.Brokers[0].Namespace"},
		"a peer's pods":        {peer(tenancy.Peer{Namespace: "kafka", Pods: map[string]string{"a b": "c"}}), invalid + " Network.Brokers[0].Pods[a b]"},
		"a peer's range":       {peer(tenancy.Peer{CIDRs: []string{"10.0.0.1/8"}}), invalid + " Network.Brokers[0].CIDRs[0]"},
		"a policy's name":      {func(c *tenant) { c.Network.Policies = map[string]networkingv1.NetworkPolicySpec{"A_": {}} }, invalid + " Network.Policies[A_]"},

		"a kibibyte":        {func(c *tenant) { c.Limits.Request.Memory = millrace.KiB }, none},
		"a byte less":       {func(c *tenant) { c.Limits.Request.Memory = millrace.KiB - 1 }, invalid + " Limits.Request.Memory"},
		"less than nothing": {func(c *tenant) { c.Limits.Max.Scratch = -1 }, invalid + " Limits.Max.Scratch"},
		"claims of a byte":  {func(c *tenant) { c.Quota.Storage, c.Limits.MaxClaim = millrace.GiB, 1 }, invalid + " Limits.MaxClaim"},
		"limits as requests": {func(c *tenant) {
			c.Quota.LimitMemory, c.Quota.LimitCores, c.Limits.Limit.MilliCPU = c.Quota.Memory, c.Quota.Cores, 500
		}, none},
		"limits below": {func(c *tenant) { c.Quota.LimitMemory = c.Quota.Memory - 1 }, conflict + " Quota.LimitMemory"},
		"cores below":  {func(c *tenant) { c.Quota.LimitCores, c.Limits.Limit.MilliCPU = c.Quota.Cores-1, 500 }, conflict + " Quota.LimitCores"},
		"nothing of other": {func(c *tenant) {
			c.Quota.Other = corev1.ResourceList{"requests.nvidia.com/gpu": resource.MustParse("0")}
		}, none},
		"less of other": {func(c *tenant) {
			c.Quota.Other = corev1.ResourceList{"requests.nvidia.com/gpu": resource.MustParse("-1")}
		}, invalid + " Quota.Other[requests.nvidia.com/gpu]"},
		"no quota of memory": {func(c *tenant) { c.Quota.Memory = 0 }, required + " Quota.Memory"},
		"no quota of CPU":    {func(c *tenant) { c.Quota.Cores = 0 }, required + " Quota.Cores"},
		"unlimited, headroom": {func(c *tenant) { c.Quota, c.Headroom = tenancy.Quota{Unlimited: true}, new(20) },
			conflict + " Headroom"},
		"unlimited, other": {func(c *tenant) {
			c.Quota = tenancy.Quota{Unlimited: true, Other: corev1.ResourceList{"count/jobs.batch": resource.MustParse("5")}}
		}, conflict + " Quota.Other"},

		"an account's name":                         {func(c *tenant) { c.Access.Driver.Name = "Driver_" }, invalid + " Access.Driver.Name"},
		"an account's annotation":                   {func(c *tenant) { c.Access.Workflow.Annotations = map[string]string{"a b": "c"} }, invalid + " Access.Workflow.Annotations[a b]"},
		"a left out account may have anyone's name": {func(c *tenant) { c.Access.Executor.Without, c.Access.Driver.Name = true, c.ExecutorAccount() }, none},
		"the submitter's account":                   {func(c *tenant) { c.Access.Submitter.Account = "CI_" }, invalid + " Access.Submitter.Account"},
		"the submitter's is a job's": {func(c *tenant) { c.Access.Submitter.Account = c.DriverAccount() },
			conflict + " Access.Submitter.Account"},
		"the submitter's rules": {func(c *tenant) {
			c.Access.Submitter.Users = []string{"eva"}
			c.Access.Submitter.Rules = []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"*"}, Verbs: []string{"get"}}}
		}, "tenancy/rights Access.Submitter.Rules[0]"},
		"an account's namespace elsewhere": {func(c *tenant) { c.Access.Submitter.Accounts = []string{"C_I/deployer"} }, invalid + " Access.Submitter.Accounts[0]"},
		"an account's name elsewhere":      {func(c *tenant) { c.Access.Submitter.Accounts = []string{"ci/De_ployer"} }, invalid + " Access.Submitter.Accounts[0]"},

		"a local queue":   {func(c *tenant) { c.Queue = tenancy.Kueue{Name: "a b", ClusterQueue: "c"} }, invalid + " Queue.Name"},
		"a cluster queue": {func(c *tenant) { c.Queue = tenancy.Kueue{Name: "a", ClusterQueue: "b c"} }, invalid + " Queue.ClusterQueue"},
	} {
		t.Run(name, func(t *testing.T) {
			c := minimal()
			tc.change(c)
			want := []string{tc.want}
			if tc.want == none {
				want = nil
			}
			if diff := cmp.Diff(want, mistakes(t, c)); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlatformBounds(t *testing.T) {
	type platform = tenancy.Platform
	queue := func(change func(*tenancy.ClusterQueue, *tenancy.Flavor)) func(*platform) {
		return func(p *platform) {
			q, f := tenancy.ClusterQueue{Name: "a"}, tenancy.Flavor{Name: "f", Cores: 1, Memory: millrace.GiB}
			change(&q, &f)
			q.Flavors = []tenancy.Flavor{f}
			p.Queues = []tenancy.ClusterQueue{q}
		}
	}
	class := func(name string, disks tenancy.Disks) func(*platform) {
		return func(p *platform) { p.Storage = []tenancy.StorageClass{{Name: name, Disks: disks}} }
	}
	eight := map[string]string{"1": "", "2": "", "3": "", "4": "", "5": "", "6": "", "7": "", "8": ""}
	none := "none"
	for name, tc := range map[string]struct {
		change func(*platform)
		want   string
	}{
		"labels":         {func(p *platform) { p.Labels = map[string]string{"a b": "c"} }, invalid + " Labels[a b]"},
		"a class's name": {class("Fast_", tenancy.EBS{}), invalid + " Storage[0].Name"},
		"throughput":     {class("fast", tenancy.EBS{Throughput: -1}), invalid + " Storage[0].Disks.Throughput"},
		"a driver":       {class("fast", tenancy.Provisioner{Name: "a b"}), invalid + " Storage[0].Disks.Name"},
		"a zone's label": {class("fast", tenancy.Provisioner{Name: "ceph.com/rbd", ZoneLabel: "a b"}), invalid + " Storage[0].Disks.ZoneLabel"},
		"the highest":    {func(p *platform) { p.Drivers.Value = new(int32(1_000_000_000)) }, none},
		"higher":         {func(p *platform) { p.Drivers.Value = new(int32(1_000_000_001)) }, invalid + " Drivers.Value"},
		"the lowest":     {func(p *platform) { p.Executors.Value = new(int32(-10)) }, none},
		"lower":          {func(p *platform) { p.Executors.Value = new(int32(-11)) }, invalid + " Executors.Value"},
		"a queue's name": {queue(func(q *tenancy.ClusterQueue, _ *tenancy.Flavor) { q.Name = "a b" }), invalid + " Queues[0].Name"},
		"a cohort":       {queue(func(q *tenancy.ClusterQueue, _ *tenancy.Flavor) { q.Cohort = "a b" }), invalid + " Queues[0].Cohort"},
		"a placement": {queue(func(_ *tenancy.ClusterQueue, f *tenancy.Flavor) {
			f.Placement.NodeSelector = map[string]string{"a b": "c"}
		}), invalid + " Queues[0].Flavors[0].Placement.NodeSelector[a b]"},
		"as many labels":      {queue(func(_ *tenancy.ClusterQueue, f *tenancy.Flavor) { f.Placement.NodeSelector = eight }), none},
		"as many tolerations": {queue(func(_ *tenancy.ClusterQueue, f *tenancy.Flavor) { f.Placement.Tolerations = make8() }), none},
		"a byte":              {queue(func(_ *tenancy.ClusterQueue, f *tenancy.Flavor) { f.Memory = 1 }), invalid + " Queues[0].Flavors[0].Memory"},
		"nothing of other": {queue(func(_ *tenancy.ClusterQueue, f *tenancy.Flavor) {
			f.Other = corev1.ResourceList{"nvidia.com/gpu": resource.MustParse("0")}
		}), none},
	} {
		t.Run(name, func(t *testing.T) {
			p := &platform{}
			tc.change(p)
			want := []string{tc.want}
			if tc.want == none {
				want = nil
			}
			if diff := cmp.Diff(want, mistakes(t, p)); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

func make8() []corev1.Toleration {
	var out []corev1.Toleration
	for range 8 {
		out = append(out, corev1.Toleration{Key: string(rune('a' + len(out))), Operator: corev1.TolerationOpExists})
	}
	return out
}
