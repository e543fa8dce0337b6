package tenancy_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/documented"
	"github.com/millrace/millrace/internal/netpolicy"
	"github.com/millrace/millrace/tenancy"
)

func guide(t *testing.T) string { return documented.Guide(t, "tenancy.md") }

// TestGuideNamesWhatThereIs holds the guide's own names to the package.
func TestGuideNamesWhatThereIs(t *testing.T) {
	if found := documented.HoldNames(t, guide(t), nil); found < 80 {
		t.Errorf("only %d names found", found)
	}
	if found := documented.HoldRules(t, guide(t)); found < 25 {
		t.Errorf("only %d rules found", found)
	}
}

// smallest is the guide's first tenant, with its platform.
func smallest() (*tenancy.Platform, *tenancy.Tenant) {
	platform := &tenancy.Platform{}
	return platform, &tenancy.Tenant{
		Name:     "sales",
		Quota:    tenancy.Quota{Cores: 200, Memory: 1600 * millrace.GiB},
		Access:   tenancy.Access{Submitter: tenancy.Team{Groups: []string{"sales-data"}}},
		Network:  tenancy.Network{Brokers: []tenancy.Peer{tenancy.KafkaCluster("kafka", "events")}},
		Platform: platform,
	}
}

// TestGuideListsWhatIsRendered holds the guide's table of objects to those of its
// first tenant.
func TestGuideListsWhatIsRendered(t *testing.T) {
	_, rows := documented.Rows(guide(t), "What is rendered")
	var said []string
	for _, row := range rows {
		its := objectsOf(row[0])
		said = append(said, its...)
		for _, field := range documented.InCode(row[1]) {
			without, ok := closed[field]
			if !ok {
				t.Fatalf("the guide says that %s leaves something out", field)
			}
			platform, sales := smallest()
			without(platform, sales)
			for _, name := range made(t, platform, sales) {
				if slices.Contains(its, name) {
					t.Errorf("%s is there with %s", name, field)
				}
			}
		}
	}
	platform, sales := smallest()
	slices.Sort(said)
	if diff := cmp.Diff(made(t, platform, sales), said); diff != "" {
		t.Errorf("objects (-made +guide):\n%s", diff)
	}
}

// objectsOf are the objects of a row: "Role a, RoleBinding a, b".
func objectsOf(cell string) (out []string) {
	kind := ""
	for part := range strings.SplitSeq(cell, ", ") {
		if before, name, ok := strings.Cut(part, " "); ok {
			kind, part = before, name
		}
		out = append(out, kind+" "+part)
	}
	return out
}

// made are the kinds and names of what they make, sorted.
func made(t *testing.T, platform *tenancy.Platform, tenant *tenancy.Tenant) (out []string) {
	t.Helper()
	for _, o := range slices.Concat(objects(t, platform), objects(t, tenant)) {
		out = append(out, o.GetObjectKind().GroupVersionKind().Kind+" "+o.GetName())
	}
	slices.Sort(out)
	return out
}

// closed are the fields without which the guide says that objects aren't there.
var closed = map[string]func(*tenancy.Platform, *tenancy.Tenant){
	"Quota.Unlimited":       func(_ *tenancy.Platform, c *tenancy.Tenant) { c.Quota = tenancy.Quota{Unlimited: true} },
	"Access.Driver":         func(_ *tenancy.Platform, c *tenancy.Tenant) { c.Access.Driver.Without = true },
	"Access.Executor":       func(_ *tenancy.Platform, c *tenancy.Tenant) { c.Access.Executor.Without = true },
	"Access.Workflow":       func(_ *tenancy.Platform, c *tenancy.Tenant) { c.Access.Workflow.Without = true },
	"Access.Submitter":      func(_ *tenancy.Platform, c *tenancy.Tenant) { c.Access.Submitter = tenancy.Team{} },
	"Network.Open":          func(_ *tenancy.Platform, c *tenancy.Tenant) { c.Network = tenancy.Network{Open: true} },
	"Network.NoStores":      func(_ *tenancy.Platform, c *tenancy.Tenant) { c.Network.NoStores = true },
	"Network.Brokers":       func(_ *tenancy.Platform, c *tenancy.Tenant) { c.Network.Brokers = nil },
	"Platform.NoPriorities": func(p *tenancy.Platform, _ *tenancy.Tenant) { p.NoPriorities = true },
}

// TestGuideTellsRights holds the guide's table of rights to the roles.
func TestGuideTellsRights(t *testing.T) {
	c := minimal()
	c.Access.Submitter.Account, c.Access.Reader.Account = "submitter", "reader"
	made := objects(t, c)
	head, rows := documented.Rows(guide(t), "Who may do what")
	said := map[string]map[string]string{}
	for _, row := range rows {
		for i, cell := range row[1:] {
			if cell != "" {
				put(said, "tenant-"+strings.ToLower(head[i+1]), row[0], cell)
			}
		}
	}
	is := map[string]map[string]string{}
	for _, o := range made {
		role, ok := o.(*rbacv1.Role)
		if !ok {
			continue
		}
		for _, rule := range role.Rules {
			for _, resource := range rule.Resources {
				name := strings.TrimSuffix(resource+"."+rule.APIGroups[0], ".")
				put(is, role.Name, name, strings.Join(slices.Sorted(slices.Values(rule.Verbs)), ", "))
			}
		}
	}
	if diff := cmp.Diff(is, said); diff != "" {
		t.Errorf("rights (-roles +guide):\n%s", diff)
	}
	for _, o := range made {
		if b, ok := o.(*rbacv1.RoleBinding); ok && slices.ContainsFunc(b.Subjects, func(s rbacv1.Subject) bool { return s.Name == c.ExecutorAccount() }) {
			t.Errorf("executors have the rights of %s", b.Name)
		}
	}
}

func put(in map[string]map[string]string, role, resource, verbs string) {
	if in[role] == nil {
		in[role] = map[string]string{}
	}
	in[role][resource] = verbs
}

// TestGuideTellsQuota holds the guide's table of a quota's fields to the quota
// that has them all.
func TestGuideTellsQuota(t *testing.T) {
	_, rows := documented.Rows(guide(t), "Quota: how large")
	var said []string
	for _, row := range rows {
		said = append(said, documented.InCode(row[2])...)
	}
	hard := find[*corev1.ResourceQuota](t, objects(t, full()), "tenant").Spec.Hard
	for name := range full().Quota.Other {
		delete(hard, name)
	}
	var made []string
	for name := range hard {
		made = append(made, string(name))
	}
	slices.Sort(said)
	slices.Sort(made)
	if diff := cmp.Diff(made, said); diff != "" {
		t.Errorf("spec.hard (-made +guide):\n%s", diff)
	}
}

// called are the ends of connections as the guide calls them.
var called = map[string][]string{
	"drivers": {"driver", "connect server"}, "executors": {"executor"}, "steps": {"step"}, "other pods": {"consumer"},
	"Spark's pods": {"driver", "connect server", "executor"}, "every pod": {"driver", "connect server", "executor", "step", "consumer"},
	"DNS in kube-system": {"kube-dns"}, "NodeLocal DNSCache": {"node's DNS"}, "the service address of DNS": {"service of DNS"},
	"the API server": {"API server"}, "any address": {"internet", "internet 6"}, "any other address": {"internet"},
	"pods elsewhere by their addresses": {"some pod's address"},
	"the cloud's metadata server":       {"metadata"}, "GKE's server of identities": {"GKE metadata"}, "the agent of EKS Pod Identity": {"EKS agent"},
	"brokers": {"broker"}, "the shuffle service": {"celeborn"}, "Prometheus": {"prometheus"}, "notebooks elsewhere": {"notebook"},
	"Argo's controller": {"argo"}, "another tenant": {"neighbour"},
}

// opened are the fields that the guide says change something, and how.
var opened = map[string]func(*tenancy.Network){
	"Network.BlockManagerPort": func(n *tenancy.Network) { n.BlockManagerPort = 7079 },
	"Network.DNSAddresses":     func(n *tenancy.Network) { n.DNSAddresses = []string{"10.96.0.10/32"} },
	"Network.APIServer":        func(n *tenancy.Network) { n.APIServer = []string{"172.16.0.2/32"} },
	"Network.Stores":           func(n *tenancy.Network) { n.Stores = []tenancy.Peer{{CIDRs: []string{"199.36.153.8/30"}}} },
	"Network.NoStores":         func(n *tenancy.Network) { n.NoStores = true },
	"Network.PodCIDRs":         func(n *tenancy.Network) { n.PodCIDRs = []string{"10.0.0.0/8"} },
	"GKEDataplaneV2":           func(n *tenancy.Network) { n.Identity = tenancy.GKEDataplaneV2 },
	"GKEWorkloadIdentity":      func(n *tenancy.Network) { n.Identity = tenancy.GKEWorkloadIdentity },
	"EKSPodIdentity":           func(n *tenancy.Network) { n.Identity = tenancy.EKSPodIdentity },
	"Network.Brokers":          func(n *tenancy.Network) { n.Brokers = []tenancy.Peer{tenancy.KafkaCluster("kafka", "events")} },
	"Network.Shuffle":          func(n *tenancy.Network) { n.Shuffle = []tenancy.Peer{{Namespace: "celeborn"}} },
	"Network.Prometheus":       func(n *tenancy.Network) { n.Prometheus = []tenancy.Peer{{Namespace: "monitoring"}} },
	"Network.Clients":          func(n *tenancy.Network) { n.Clients = []tenancy.Peer{{Namespace: "notebooks"}} },
}

// TestGuideTellsWhoReachesWhom holds each connection of the guide's table to the
// policies, at zero and with each of the fields that change it.
func TestGuideTellsWhoReachesWhom(t *testing.T) {
	_, rows := documented.Rows(guide(t), "Who reaches whom")
	used := map[string]bool{}
	for _, row := range rows {
		links := linksOf(t, row)
		want, other := yes, no
		if row[3] == "closed" {
			want, other = no, yes
		}
		holdLinks(t, minimal(), links, want)
		for _, field := range documented.InCode(row[4]) {
			set, ok := opened[field]
			if !ok {
				t.Fatalf("the guide says that %s changes something", field)
			}
			used[field] = true
			c := minimal()
			set(&c.Network)
			holdLinks(t, c, links, other)
		}
	}
	for field := range opened {
		if !used[field] {
			t.Errorf("the table lacks %s", field)
		}
	}
	if len(rows) < 20 {
		t.Errorf("only %d rows", len(rows))
	}
}

// linksOf are the connections of a row.
func linksOf(t *testing.T, row []string) []link {
	t.Helper()
	ends := func(cell string) (out []string) {
		parts := strings.Split(cell, ", ")
		if _, whole := called[strings.Join(parts, " ")]; whole {
			parts = []string{strings.Join(parts, " ")}
		}
		for _, name := range parts {
			if called[name] == nil {
				t.Fatalf("nobody is called %q", name)
			}
			out = append(out, called[name]...)
		}
		return out
	}
	var out []link
	for _, from := range ends(row[0]) {
		for _, to := range ends(row[1]) {
			for number := range strings.SplitSeq(row[2], ", ") {
				port := 41234
				if number != "any" {
					var err error
					if port, err = strconv.Atoi(number); err != nil {
						t.Fatal(err)
					}
				}
				out = append(out, link{from, to, int32(port)})
			}
		}
	}
	return out
}

func holdLinks(t *testing.T, c *tenancy.Tenant, links []link, want netpolicy.Verdict) {
	t.Helper()
	is := reached(t, c, links)
	for _, l := range slices.SortedFunc(maps.Keys(is), func(a, b link) int { return strings.Compare(a.from+a.to, b.from+b.to) }) {
		if is[l] != want {
			t.Errorf("%s to %s at %d: %s, and the guide says %s (%+v)", l.from, l.to, l.port, is[l], want, c.Network)
		}
	}
}
