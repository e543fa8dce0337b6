package policy_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/tenancy"
	"github.com/millrace/millrace/workflow"
)

// team is a tenant, and what runs in its namespace.
type team struct {
	platform *tenancy.Platform
	tenant   *tenancy.Tenant
	// pods tells the tenant what it is to run.
	pods bool
}

func (c team) job(name string) *spark.Job {
	return &spark.Job{
		Name: name, Namespace: c.tenant.Name, Image: "registry.company.com/etl:1.4.2", Version: "3.5.1",
		Main: "local:///opt/etl.jar", Class: "com.company.Etl",
		Driver:   spark.Driver{Cores: 1, Memory: 2 * millrace.GiB, ServiceAccount: c.tenant.DriverAccount(), PriorityClass: c.tenant.DriverPriority()},
		Executor: spark.Executor{Cores: 2, Memory: 4 * millrace.GiB, Instances: 3, PriorityClass: c.tenant.ExecutorPriority()},
		Observe:  spark.Observe{EventLog: spark.EventLog{Dir: "s3a://logs/spark-events/"}},
		Base:     v1beta2.SparkApplicationSpec{Executor: v1beta2.ExecutorSpec{SparkPodSpec: v1beta2.SparkPodSpec{ServiceAccount: new(c.tenant.ExecutorAccount())}}},
	}
}

// builders are the tenant with a job, a workflow that runs one, and a consumer.
func (c team) builders(t *testing.T) []millrace.Builder {
	t.Helper()
	job := c.job("adhoc")
	pipeline := &workflow.Template{Name: "nightly", Namespace: c.tenant.Name, ServiceAccount: c.tenant.WorkflowAccount(),
		Tasks: []*workflow.Task{{Name: "load", Run: c.job("")}}}
	consumer := &kafka.Consumer{Name: "projector", Namespace: c.tenant.Name, Image: "registry.company.com/projector:1.4.2", Replicas: new(2),
		Kafka:  kafka.Connection{Trusted: []kafka.Trusted{{Secret: "events-ca", Certificate: "ca.crt"}}},
		Topics: []*kafka.Topic{{Name: "orders", Cluster: "events", Namespace: "kafka", Partitions: 12}}}
	out := []millrace.Builder{job, pipeline, consumer}
	if c.pods {
		b := build(t, out...)
		tenant := *c.tenant
		for _, o := range b.Objects() {
			tenant.Pods = slices.Concat(tenant.Pods, spark.Pods(o), workflow.Pods(o))
			if d, ok := o.(*appsv1.Deployment); ok {
				n := int(*d.Spec.Replicas)
				tenant.Pods = append(tenant.Pods, millrace.Pod{Owner: millrace.RefOf(d), Template: d.Spec.Template, Min: n, Max: n, Whole: true})
			}
		}
		for _, o := range build(t, c.job("inside-of-the-workflow")).Objects() {
			tenant.Pods = append(tenant.Pods, spark.Pods(o)...)
		}
		c.tenant = &tenant
	}
	return append([]millrace.Builder{c.platform, c.tenant}, out...)
}

// complaints are what Production has against a bundle that is there to be
// given to a team.
func complaints(b *millrace.Bundle) []string {
	var out []string
	for _, f := range policy.Production().Check(b).Findings {
		// Names of nodes and secrets are for others to bring along.
		if f.Severity == millrace.Info || strings.HasPrefix(f.Rule, "reference/") || f.Rule == "spark/executor-pool" {
			continue
		}
		out = append(out, f.String())
	}
	return out
}

func newTeam(change func(*team)) team {
	c := team{platform: &tenancy.Platform{}}
	c.tenant = &tenancy.Tenant{Name: "sales", Platform: c.platform, Quota: tenancy.Quota{Cores: 200, Memory: 1600 * millrace.GiB, Storage: millrace.TiB},
		Network: tenancy.Network{Brokers: []tenancy.Peer{tenancy.KafkaCluster("kafka", "events")}}}
	if change != nil {
		change(&c)
	}
	return c
}

// TestTenantInProduction holds a tenant with its jobs to every rule.
func TestTenantInProduction(t *testing.T) {
	for name, change := range map[string]func(*team){
		"as it comes":      nil,
		"computed quota":   func(c *team) { c.tenant.Quota, c.pods = tenancy.Quota{}, true },
		"limits of CPU":    func(c *team) { c.tenant.Quota.LimitCores, c.tenant.Limits.Limit.MilliCPU = 800, 4000 },
		"API server named": func(c *team) { c.tenant.Network.APIServer = []string{"172.16.0.2/32"} },
		"stores named":     func(c *team) { c.tenant.Network.Stores = []tenancy.Peer{{CIDRs: []string{"199.36.153.8/30"}}} },
		"Kueue":            func(c *team) { c.tenant.Queue = tenancy.Kueue{ClusterQueue: "data"} },
		"YuniKorn":         func(c *team) { c.tenant.Queue = tenancy.YuniKorn{} },
		"Volcano":          func(c *team) { c.tenant.Queue = tenancy.Volcano{} },
		"GKE":              func(c *team) { c.tenant.Network.Identity = tenancy.GKEWorkloadIdentity },
		"GKE Dataplane V2": func(c *team) { c.tenant.Network.Identity = tenancy.GKEDataplaneV2 },
		"EKS Pod Identity": func(c *team) { c.tenant.Network.Identity = tenancy.EKSPodIdentity },
	} {
		t.Run(name, func(t *testing.T) {
			b := build(t, newTeam(change).builders(t)...)
			if got := complaints(b); len(got) > 0 {
				t.Errorf("%s", strings.Join(got, "\n"))
			}
			if len(b.OfKind(corev1.SchemeGroupVersion.WithKind("Namespace").GroupKind())) != 1 {
				t.Error("there is no namespace")
			}
		})
	}
}

// TestTenantsAtRandom makes tenants of whatever is valid.
func TestTenantsAtRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	flip := func() bool { return r.IntN(2) == 0 }
	for i := range 40 {
		c := newTeam(func(c *team) {
			c.tenant.Name = fmt.Sprintf("team-%d", i)
			if flip() {
				c.tenant.Quota, c.pods = tenancy.Quota{}, true
				c.tenant.Headroom = new(r.IntN(100))
			} else {
				c.tenant.Quota = tenancy.Quota{Cores: 50 + r.IntN(500), Memory: millrace.Bytes(400+r.IntN(4000)) * millrace.GiB, Storage: millrace.Bytes(r.IntN(3)) * millrace.TiB, Pods: r.IntN(2) * 100}
			}
			if flip() {
				c.tenant.Limits.Request = tenancy.Amount{MilliCPU: int64(50 + r.IntN(500)), Memory: millrace.Bytes(64+r.IntN(1000)) * millrace.MiB}
			}
			if flip() {
				c.tenant.Limits.Max = tenancy.Amount{MilliCPU: int64(4000 + r.IntN(4000)), Memory: millrace.Bytes(16+r.IntN(4)) * millrace.GiB}
			}
			if flip() {
				c.tenant.Network.APIServer = []string{"10.0.0.1/32"}
			}
			if flip() {
				c.tenant.Network.PodCIDRs = []string{"10.4.0.0/14"}
			}
			if flip() {
				c.tenant.Access.Driver.Name, c.tenant.Access.Executor.Name, c.tenant.Access.Workflow.Name = "d", "e", "w"
			}
			if flip() {
				c.tenant.Access.Submitter = tenancy.Team{Account: "submit", Groups: []string{"data"}}
				c.tenant.Access.Reader = tenancy.Team{Users: []string{"ada"}}
			}
			if flip() {
				c.tenant.PodSecurity.Enforce = tenancy.Baseline
			}
			c.tenant.Network.Identity = []tenancy.Identity{"", tenancy.GKEWorkloadIdentity, tenancy.EKSPodIdentity}[r.IntN(3)]
			c.tenant.Queue = []tenancy.Queue{nil, tenancy.Kueue{ClusterQueue: "data"}, tenancy.YuniKorn{Parent: "root.data"}, tenancy.Volcano{}}[r.IntN(4)]
		})
		b := build(t, c.builders(t)...)
		if got := complaints(b); len(got) > 0 {
			t.Fatalf("tenant %d, %+v:\n%s", i, *c.tenant, strings.Join(got, "\n"))
		}
	}
}

// A tenant that was rendered and loaded again is as good.
func TestTenantLoaded(t *testing.T) {
	load := func(c team) *millrace.Bundle {
		var out strings.Builder
		if err := millrace.Render(&out, build(t, c.builders(t)...)); err != nil {
			t.Fatal(err)
		}
		return loadText(t, out.String())
	}
	if got := complaints(load(newTeam(nil))); len(got) > 0 {
		t.Error(strings.Join(got, "\n"))
	}
	open := load(newTeam(func(c *team) {
		c.tenant.Network, c.tenant.Quota = tenancy.Network{Open: true}, tenancy.Quota{Unlimited: true}
	}))
	var got []string
	for _, f := range policy.Production().Only("tenancy/network", "tenancy/quota").Check(open).Findings {
		got = append(got, f.Rule+" "+f.Object.String())
	}
	if diff := cmp.Diff([]string{"tenancy/network Namespace sales", "tenancy/quota Namespace sales"}, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestTenantGrantsWorkflowRights holds the account of workflows to what a
// pipeline with a Spark job needs, whoever says it.
func TestTenantGrantsWorkflowRights(t *testing.T) {
	c := newTeam(nil)
	b := build(t, c.builders(t)...)
	var rights []string
	for _, o := range b.Objects() {
		found, unknown := workflow.Rights(o)
		for _, r := range found {
			if !r.Enforced {
				rights = append(rights, fmt.Sprint(r.Account, " ", r.Resource, " ", r.Verbs))
			}
		}
		if len(unknown) > 0 {
			t.Errorf("unknown: %v", unknown)
		}
	}
	want := []string{"workflow workflowtaskresults [create patch]", "workflow sparkapplications [create delete get list patch]"}
	if diff := cmp.Diff(want, rights); diff != "" {
		t.Errorf("rights (-want +got):\n%s", diff)
	}
}

// TestTenantSpoiled takes away, one by one, what the rules ask of a tenant, so
// that a rule which looks nowhere shows.
func TestTenantSpoiled(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*team)
		want   string
	}{
		"no quota":        {func(c *team) { c.tenant.Quota = tenancy.Quota{Unlimited: true} }, "tenancy/quota"},
		"open network":    {func(c *team) { c.tenant.Network = tenancy.Network{Open: true} }, "tenancy/network"},
		"privileged":      {func(c *team) { c.tenant.PodSecurity.Enforce = tenancy.Privileged }, "tenancy/pod-security"},
		"small quota":     {func(c *team) { c.tenant.Quota.Cores = 3 }, "quota/exceeded"},
		"small container": {func(c *team) { c.tenant.Limits.Max.Memory = 2 * millrace.GiB }, "quota/limit-range"},
	} {
		t.Run(name, func(t *testing.T) {
			got := complaints(build(t, newTeam(tc.change).builders(t)...))
			if !strings.Contains(strings.Join(got, "\n"), "["+tc.want+"]") {
				t.Errorf("no finding of %s: %s", tc.want, strings.Join(got, "\n"))
			}
		})
	}
}
