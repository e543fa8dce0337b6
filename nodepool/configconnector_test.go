package nodepool_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// connected is a pool as Config Connector has it.
func connected(p *nodepool.Pool, edit func(*nodepool.GKE)) *nodepool.Pool {
	g := p.Provider.(nodepool.GKE)
	g.Format = nodepool.ConfigConnector
	g.Cluster, g.Location, g.Project, g.ServiceAccount = "main", "europe-west1", "", ""
	edit(&g)
	p.Provider = g
	return p
}

// fullConnector sets all that Config Connector has.
func fullConnector() *nodepool.Pool {
	return connected(fullGKE(), func(g *nodepool.GKE) {
		g.Namespace, g.Project, g.Cluster = "infra", "data-platform", "projects/data-platform/locations/europe-west1/clusters/main"
		g.ServiceAccount, g.SecondaryBootDisks = "nodes@data-platform.iam.gserviceaccount.com", nil
		g.Upgrade = nodepool.GKEUpgrade{Surge: new(0), Unavailable: 2}
		g.Provisioning = nodepool.GKEProvisioning{NoReservation: true, Compact: true}
	})
}

func TestConfigConnector(t *testing.T) {
	nothing := func(*nodepool.GKE) {}
	golden(t, "gke/connector.yaml", render(t, connected(gkePool(), nothing)))
	golden(t, "gke/connector-full.yaml", render(t, fullConnector()))
	golden(t, "gke/connector-queued.yaml", render(t, connected(queuedGKE(), func(g *nodepool.GKE) {
		g.Provisioning = nodepool.GKEProvisioning{Queued: true}
	})))
}

// TestConfigConnectorShape: the nodes are the same, whoever makes them.
func TestConfigConnectorShape(t *testing.T) {
	terraform, err := gkePool().Build()
	if err != nil {
		t.Fatal(err)
	}
	connector, err := connected(gkePool(), func(*nodepool.GKE) {}).Build()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(terraform.Nodes, connector.Nodes); diff != "" {
		t.Errorf("(-terraform +connector):\n%s", diff)
	}
	if len(connector.Files) > 0 {
		t.Errorf("files: %v", connector.Files)
	}
}

// TestContainerNodePool: the typed object, and what is said of other pools.
func TestContainerNodePool(t *testing.T) {
	object, err := connected(gkePool(), func(*nodepool.GKE) {}).ContainerNodePool()
	if err != nil {
		t.Fatal(err)
	}
	// From zero: the zero is written, and no first number.
	if n := object.Spec.Autoscaling.MinNodeCount; n == nil || *n != 0 || object.Spec.InitialNodeCount != nil {
		t.Errorf("%+v", object.Spec)
	}
	for _, p := range []*nodepool.Pool{gkePool(), karpenterPool()} {
		_, err := p.ContainerNodePool()
		if found := findings(t, err); len(found) != 1 || found[0].Rule != millrace.RuleUnsupported || !strings.Contains(found[0].Fix, "ConfigConnector") {
			t.Errorf("%T: %v", p.Provider, err)
		}
	}
	if _, err := connected(gkePool(), func(*nodepool.GKE) {}).Terraform(); err == nil {
		t.Error("Config Connector made Terraform")
	}
}

func TestConfigConnectorMistakes(t *testing.T) {
	for field, edit := range map[string]func(*nodepool.GKE){
		"Provider.Cluster":                func(g *nodepool.GKE) { g.Cluster = "google_container_cluster.main" },
		"Provider.Location":               func(g *nodepool.GKE) { g.Location = "var.region" },
		"Provider.Project":                func(g *nodepool.GKE) { g.Project = "data.google_project.this" },
		"Provider.ServiceAccount":         func(g *nodepool.GKE) { g.ServiceAccount = "google_service_account.nodes" },
		"Provider.Upgrade.Grace":          func(g *nodepool.GKE) { g.Upgrade.Grace = time.Minute },
		"Provider.Upgrade.BudgetTimeout":  func(g *nodepool.GKE) { g.Upgrade.BudgetTimeout = time.Minute },
		"Provider.Upgrade.KeepBudgets":    func(g *nodepool.GKE) { g.Upgrade.KeepBudgets = true },
		"Provider.Provisioning.FlexStart": func(g *nodepool.GKE) { g.Provisioning.FlexStart = true },
		"Provider.Provisioning.MaxRun":    func(g *nodepool.GKE) { g.Provisioning.MaxRun = time.Hour },
		"Provider.SecondaryBootDisks":     func(g *nodepool.GKE) { g.SecondaryBootDisks = []string{"projects/p/global/images/i"} },
	} {
		t.Run(field, func(t *testing.T) {
			p := connected(gkePool(), edit)
			p.ImageStreaming = true
			checkFindings(t, p, field, millrace.RuleUnsupported)
		})
	}
	checkFindings(t, connected(gkePool(), func(g *nodepool.GKE) { g.Namespace = "In Fra" }), "Provider.Namespace", millrace.RuleInvalid)
}
