package policy_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/tenancy"
)

// onCloud is a provider with machines for drivers and for executors.
type onCloud struct {
	provider     func(pool string) nodepool.Provider
	small, large []string
	zones        []string
	// loads says that what it renders can be loaded.
	loads bool
}

var onClouds = map[string]onCloud{
	"GKE": {provider: func(string) nodepool.Provider {
		return nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region", TotalCounts: true}
	}, small: []string{"n2-standard-8", "e2-standard-8"}, large: []string{"n2-highmem-16", "n2d-highmem-32"}, zones: []string{"europe-west1-b", "europe-west1-c"}},
	"GKEComputeClass": {provider: func(string) nodepool.Provider { return nodepool.GKEComputeClass{} },
		small: []string{"n2-standard-8"}, large: []string{"n2-highmem-16", "c3-highmem-22"}, zones: []string{"europe-west1-b"}, loads: true},
	"EKS": {provider: func(string) nodepool.Provider {
		return nodepool.EKS{Cluster: "aws_eks_cluster.main", Role: "aws_iam_role.nodes", Subnets: []string{"aws_subnet.private[*]"}}
	}, small: []string{"m7i.2xlarge", "m6i.2xlarge"}, large: []string{"r7i.4xlarge", "r6id.8xlarge"}, zones: []string{"eu-west-1a", "eu-west-1b"}},
	"AKS": {provider: func(pool string) nodepool.Provider {
		return nodepool.AKS{Cluster: "azurerm_kubernetes_cluster.main", MaxPods: 110}
	}, small: []string{"Standard_D8s_v5"}, large: []string{"Standard_E16s_v5", "Standard_E32ds_v5"}, zones: []string{"1", "2"}},
	"Karpenter": {provider: func(string) nodepool.Provider {
		return nodepool.Karpenter{EC2: &nodepool.EC2NodeClass{AMI: "al2023@v20251112", Role: "data-nodes", Discovery: "data"}}
	}, small: []string{"m7i.2xlarge"}, large: []string{"r7i.4xlarge", "r6id.8xlarge"}, zones: []string{"eu-west-1a", "eu-west-1b"}, loads: true},
}

// randomScene is a tenant with a job on pools of one cloud.
type randomScene struct {
	builders           []millrace.Builder
	drivers, executors *nodepool.Pool
}

// compose makes a random one. Only what is right is in its choices.
func (c onCloud) compose(r *rand.Rand, name string) randomScene {
	pick := func(of []string) string { return of[r.IntN(len(of))] }
	pool := func(of, machine string) *nodepool.Pool {
		p := &nodepool.Pool{Name: of, Machine: machine, Max: 20 + r.IntN(20), Zones: []string{pick(c.zones)}, Disk: nodepool.Disk{Size: 400 * millrace.GiB}, Provider: c.provider(of)}
		if name == "GKEComputeClass" {
			p.Max = 0
		}
		if r.IntN(2) == 0 {
			p.Labels = map[string]string{"team": "sales"}
		}
		return p
	}
	s := randomScene{drivers: pool("drivers", pick(c.small)), executors: pool("executors", pick(c.large))}
	if name != "Karpenter" && r.IntN(2) == 0 { // which wants 15 types for spot
		s.executors.Capacity = nodepool.Spot
	}
	platform := &tenancy.Platform{}
	tenant := &tenancy.Tenant{Name: "sales", Platform: platform, Quota: tenancy.Quota{Cores: 200, Memory: 2000 * millrace.GiB}}
	job := &spark.Job{
		Name: "orders", Namespace: tenant.Name, Image: "registry.company.com/etl:1.4.2", Version: pick([]string{"3.5.1", "4.0.1"}),
		Main: "local:///opt/etl.jar", Class: "com.company.Etl",
		Driver: spark.Driver{Cores: 1, Memory: millrace.Bytes(1+r.IntN(4)) * millrace.GiB, Placement: s.drivers.Placement(),
			ServiceAccount: tenant.DriverAccount(), PriorityClass: tenant.DriverPriority()},
		Executor: spark.Executor{Cores: int32(1 + r.IntN(4)), Memory: millrace.Bytes(2+r.IntN(24)) * millrace.GiB, Instances: int32(1 + r.IntN(20)), Placement: s.executors.Placement(),
			ServiceAccount: tenant.ExecutorAccount(), PriorityClass: tenant.ExecutorPriority()},
		Observe: spark.Observe{EventLog: spark.EventLog{Dir: "s3a://logs/spark-events/"}},
	}
	s.builders = []millrace.Builder{platform, tenant, s.drivers, s.executors, job}
	return s
}

// TestPoolsAtRandom: on each cloud, what is composed right has no error and no
// warning, its pods are taken by their own pool and by no other, they fit as
// they do one by one, and what is loaded says the same as what was composed.
func TestPoolsAtRandom(t *testing.T) {
	for name, c := range onClouds {
		for seed := range uint64(15) {
			s := c.compose(rand.New(rand.NewPCG(seed, 1)), name)
			bundle, err := millrace.Build(s.builders...)
			if err != nil {
				t.Fatalf("%s %d: %v", name, seed, err)
			}
			found := told(policy.Production().Check(bundle))
			for _, f := range found {
				if !strings.HasPrefix(f, "info") {
					t.Errorf("%s %d: %s", name, seed, f)
				}
			}
			checkTaken(t, fmt.Sprintf("%s %d", name, seed), bundle)
			checkFits(t, fmt.Sprintf("%s %d", name, seed), s.executors, bundle)
			if !c.loads {
				continue
			}
			var text bytes.Buffer
			if err := millrace.Render(&text, bundle); err != nil {
				t.Fatal(err)
			}
			loaded, err := millrace.LoadReader("all.yaml", &text)
			if err != nil {
				t.Fatalf("%s %d: %v", name, seed, err)
			}
			// Of pools that are loaded nobody knows the size.
			found = slices.DeleteFunc(found, func(f string) bool { return strings.Contains(f, " spark/node-waste ") })
			if diff := cmp.Diff(found, told(policy.Production().Check(loaded)), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s %d: composed and loaded (-composed +loaded):\n%s", name, seed, diff)
			}
		}
	}
}

// told are the findings of a report, wherever they were read.
func told(report *policy.Report) []string {
	var out []string
	for _, f := range report.Findings {
		out = append(out, fmt.Sprintf("%s %s %s %s", f.Severity, f.Rule, f.Object.Name, f.Field))
	}
	slices.Sort(out)
	return out
}

// checkTaken wants each pod on the pool of its role.
func checkTaken(t *testing.T, at string, bundle *millrace.Bundle) {
	t.Helper()
	for _, pod := range policy.Pods(bundle) {
		for _, nodes := range bundle.Nodes() {
			if takes := nodes.Refuses(pod.Placement()).Empty(); takes != (nodes.Pool == pod.Role+"s") {
				t.Errorf("%s: %s takes the %s: %v", at, nodes.Pool, pod.Role, takes)
			}
		}
	}
}

// checkFits puts executors onto a node one after another, until there is no
// room.
func checkFits(t *testing.T, at string, pool *nodepool.Pool, bundle *millrace.Bundle) {
	t.Helper()
	for _, pod := range policy.Pods(bundle) {
		if pod.Role != "executor" {
			continue
		}
		fit, err := pool.Fit(pod)
		if err != nil {
			t.Fatalf("%s: %v", at, err)
		}
		left, n := fit.Allocatable.DeepCopy(), 0
		for name, q := range fit.Agents {
			if have, ok := left[name]; ok {
				have.Sub(q)
				left[name] = have
			}
		}
		for ; n < 1000; n++ {
			short := false
			for name, q := range pod.Template.Spec.Containers[0].Resources.Requests {
				if have, ok := left[name]; ok {
					have.Sub(q)
					left[name] = have
					short = short || have.Sign() < 0
				}
			}
			if pods, ok := left["pods"]; ok && int64(n+1) > pods.Value() {
				short = true
			}
			if short {
				break
			}
		}
		if fit.Pods[0].PerNode != n {
			t.Errorf("%s: %d executors fit on a node, and %d by putting them there", at, fit.Pods[0].PerNode, n)
		}
	}
}

// TestSlips: what is mixed up in a tenant's job is found, once.
func TestSlips(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*spark.Job, *tenancy.Tenant)
		want   []string
	}{
		"nothing": {func(*spark.Job, *tenancy.Tenant) {}, nil},
		"priorities": {func(j *spark.Job, c *tenancy.Tenant) {
			j.Driver.PriorityClass, j.Executor.PriorityClass = c.ExecutorPriority(), c.DriverPriority()
		}, []string{"warning spark/driver-priority-class orders spec.driver.template.spec.priorityClassName"}},
		"accounts": {func(j *spark.Job, c *tenancy.Tenant) {
			j.Driver.ServiceAccount, j.Executor.ServiceAccount = c.ExecutorAccount(), c.DriverAccount()
		}, []string{"error spark/rights orders spec.driver.serviceAccount", "info tenancy/executor-account orders spec.executor.serviceAccount"}},
		"namespace": {func(j *spark.Job, _ *tenancy.Tenant) { j.Namespace = "sale" }, []string{"warning reference/namespace orders metadata.namespace"}},
		"a pool of everybody's": {func(j *spark.Job, _ *tenancy.Tenant) {
			pool := &nodepool.Existing{Name: "all", Cloud: nodepool.OnGKE, Machine: "n2-highmem-16"}
			j.Executor.Placement = pool.Placement()
		}, []string{"error spark/executor-pool orders spec.executor.template.spec.tolerations"}},
	} {
		s := onClouds["GKE"].compose(rand.New(rand.NewPCG(7, 1)), "GKE")
		shared := &nodepool.Existing{Name: "all", Cloud: nodepool.OnGKE, Machine: "n2-highmem-16"}
		tc.change(s.builders[4].(*spark.Job), s.builders[1].(*tenancy.Tenant))
		bundle, err := millrace.Build(append(s.builders, shared)...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := slices.DeleteFunc(told(policy.Production().Check(bundle)), func(f string) bool { return strings.Contains(f, "waste") })
		if diff := cmp.Diff(tc.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
