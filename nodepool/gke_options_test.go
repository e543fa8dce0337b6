package nodepool_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// queuedGKE is a pool whose machines have to be waited for.
func queuedGKE() *nodepool.Pool {
	return &nodepool.Pool{Name: "training", Machine: "h4d-highmem-192-lssd", Max: 8, Disk: nodepool.Disk{LocalNVMe: true, Type: "hyperdisk-balanced"},
		Provider: nodepool.GKE{Cluster: "main", Location: "europe-west4", TotalCounts: true,
			Provisioning: nodepool.GKEProvisioning{FlexStart: true, Queued: true, MaxRun: 36 * time.Hour}}}
}

func TestGKEOptions(t *testing.T) {
	golden(t, "gke-queued.tf", render(t, queuedGKE()))
	reserved := gkePool()
	reserved.Provider = nodepool.GKE{Cluster: "main", Location: "europe-west1",
		Upgrade:      nodepool.GKEUpgrade{Unavailable: 3},
		Provisioning: nodepool.GKEProvisioning{Reservation: "projects/shared/reservations/spark"}}
	_, got := decodeGKE(t, render(t, reserved))
	affinity := got.GetAttr("node_config").GetAttr("reservation_affinity")
	if affinity.GetAttr("consume_reservation_type").AsString() != "SPECIFIC_RESERVATION" ||
		affinity.GetAttr("values").AsValueSlice()[0].AsString() != "projects/shared/reservations/spark" {
		t.Errorf("reservation_affinity: %#v", affinity)
	}
	// What isn't said is written: GKE takes both numbers, or neither.
	if got := got.GetAttr("upgrade_settings").GetAttr("max_surge"); got.AsBigFloat().String() != "1" {
		t.Errorf("max_surge: %#v", got)
	}
}

// TestNoNodeCount: nothing that a pool renders fights the autoscaler.
func TestNoNodeCount(t *testing.T) {
	for name, pool := range map[string]*nodepool.Pool{"minimal": gkePool(), "full": fullGKE(), "queued": queuedGKE()} {
		for line := range strings.Lines(string(render(t, pool))) {
			if strings.HasPrefix(strings.TrimSpace(line), "node_count") || strings.HasPrefix(strings.TrimSpace(line), "version") {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}

// TestStartupTaints: they are on the nodes of the Terraform, and no pod counts
// with them.
func TestStartupTaints(t *testing.T) {
	const key = "startup-taint.cluster-autoscaler.kubernetes.io/driver"
	p := gkePool()
	p.StartupTaints = []corev1.Taint{{Key: key, Value: "missing", Effect: corev1.TaintEffectNoExecute}}
	parts, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	if src := string(parts.Files[0].Data); !strings.Contains(src, key) || !strings.Contains(src, "NO_EXECUTE") {
		t.Errorf("no taint:\n%s", src)
	}
	of := func(t corev1.Taint) string { return t.Key }
	if slices.ContainsFunc(parts.Nodes[0].Taints, func(t corev1.Taint) bool { return of(t) == key }) {
		t.Errorf("the shape has it: %v", parts.Nodes[0].Taints)
	}
	if slices.ContainsFunc(p.Placement().Tolerations, func(t corev1.Toleration) bool { return t.Key == key }) {
		t.Errorf("pods tolerate it: %v", p.Placement().Tolerations)
	}
}

// TestLocalSSDs: which machine types take how many, and which bring them.
func TestLocalSSDs(t *testing.T) {
	const field = "Provider.LocalSSDs"
	for name, tc := range map[string]struct {
		machine string
		nvme    bool
		count   int
		want    int    // local_ssd_count; 0 for no block
		field   string // of the finding
	}{
		"none":                    {"n2-highmem-16", false, 0, 0, ""},
		"two of n2":               {"n2-highmem-16", true, 2, 2, ""},
		"count alone":             {"n2-highmem-16", false, 4, 4, ""},
		"no count":                {"n2-highmem-16", true, 0, 0, field},
		"one is too few":          {"n2-highmem-16", true, 1, 0, field},
		"three of n2":             {"n2-highmem-8", true, 3, 0, field},
		"three of n1":             {"n1-highmem-8", true, 3, 3, ""},
		"custom":                  {"custom-4-16384", true, 3, 3, ""},
		"large n2d":               {"n2d-highmem-96", true, 4, 0, field},
		"c2 at its end":           {"c2-standard-60", true, 8, 8, ""},
		"c3 brings two":           {"c3-standard-8-lssd", true, 0, 2, ""},
		"c3 with its own number":  {"c3-standard-8-lssd", true, 2, 2, ""},
		"c3 with another number":  {"c3-standard-8-lssd", true, 4, 0, field},
		"c3 without":              {"c3-standard-8", true, 0, 0, "Disk.LocalNVMe"},
		"c3 without, and a count": {"c3-standard-8", false, 1, 0, field},
		"c4":                      {"c4-highmem-32-lssd", true, 0, 5, ""},
		"c4d":                     {"c4d-standard-64-lssd", true, 0, 6, ""},
		"h4d":                     {"h4d-highmem-192-lssd", true, 0, 10, ""},
		"z3":                      {"z3-highmem-22-highlssd", true, 0, 3, ""},
		"z3 of bare metal":        {"z3-highmem-192-highlssd-metal", true, 0, 12, ""},
		"z3, unknown here":        {"z3-highmem-14-highlssd", true, 0, 0, field},
		"z3, said":                {"z3-highmem-14-highlssd", true, 1, 1, ""},
		"e2":                      {"e2-standard-8", true, 1, 0, field},
		"n4":                      {"n4-standard-8", true, 0, 0, "Disk.LocalNVMe"},
		"a machine of the future": {"n9-standard-8", true, 7, 7, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := gkePool()
			p.Machine, p.Disk.LocalNVMe = tc.machine, tc.nvme
			p.Provider = nodepool.GKE{Cluster: "main", Location: "europe-west1", LocalSSDs: tc.count}
			parts, err := p.Build()
			var fields []string
			for _, f := range findings(t, err) {
				fields = append(fields, f.Field)
			}
			if got := strings.Join(fields, " "); got != tc.field {
				t.Fatalf("findings at %q, want %q: %v", got, tc.field, err)
			}
			if err != nil {
				return
			}
			_, got := decodeGKE(t, parts.Files[0].Data)
			block := got.GetAttr("node_config").GetAttr("ephemeral_storage_local_ssd_config")
			have := 0
			if !block.IsNull() {
				n, _ := block.GetAttr("local_ssd_count").AsBigFloat().Int64()
				have = int(n)
			}
			if have != tc.want {
				t.Errorf("%d local SSDs, want %d", have, tc.want)
			}
		})
	}
}

func TestGKEOptionMistakes(t *testing.T) {
	type (
		pool = nodepool.Pool
		gke  = nodepool.GKE
	)
	taints := func(key, value string) []corev1.Taint {
		return []corev1.Taint{{Key: key, Value: value, Effect: "NoSchedule"}}
	}
	for name, tc := range map[string]struct {
		edit        func(*pool, *gke)
		field, rule string
	}{
		"format":         {func(_ *pool, g *gke) { g.Format = nodepool.Eksctl }, "Provider.Format", millrace.RuleUnsupported},
		"start-up taint": {func(p *pool, _ *gke) { p.StartupTaints = taints("a", "b") }, "StartupTaints[0].Key", millrace.RuleInvalid},
		"without value": {func(p *pool, _ *gke) {
			p.StartupTaints = taints("startup-taint.cluster-autoscaler.kubernetes.io/a", "")
		}, "StartupTaints[0].Value", millrace.RuleUnsupported},
		"SSDs":              {func(_ *pool, g *gke) { g.LocalSSDs = 49 }, "Provider.LocalSSDs", millrace.RuleInvalid},
		"few pods":          {func(_ *pool, g *gke) { g.MaxPods = 7 }, "Provider.MaxPods", millrace.RuleInvalid},
		"many pods":         {func(_ *pool, g *gke) { g.MaxPods = 257 }, "Provider.MaxPods", millrace.RuleInvalid},
		"image":             {func(p *pool, g *gke) { p.ImageStreaming, g.SecondaryBootDisks = true, []string{"spark"} }, "Provider.SecondaryBootDisks[0]", millrace.RuleInvalid},
		"image's reference": {func(p *pool, g *gke) { p.ImageStreaming, g.SecondaryBootDisks = true, []string{"var . x"} }, "Provider.SecondaryBootDisks[0]", millrace.RuleInvalid},
		"image unread":      {func(_ *pool, g *gke) { g.SecondaryBootDisks = []string{"projects/p/global/images/i"} }, "ImageStreaming", millrace.RuleRequired},
		"label's key":       {func(_ *pool, g *gke) { g.ResourceLabels = map[string]string{"Team": "x"} }, "Provider.ResourceLabels[Team]", millrace.RuleInvalid},
		"label's value":     {func(_ *pool, g *gke) { g.ResourceLabels = map[string]string{"team": "X"} }, "Provider.ResourceLabels[team]", millrace.RuleInvalid},
		"Google's label":    {func(_ *pool, g *gke) { g.ResourceLabels = map[string]string{"goog-gke-x": "x"} }, "Provider.ResourceLabels[goog-gke-x]", millrace.RuleConflict},
		"tag":               {func(_ *pool, g *gke) { g.NetworkTags = []string{"4u"} }, "Provider.NetworkTags[0]", millrace.RuleInvalid},
		"tag twice":         {func(_ *pool, g *gke) { g.NetworkTags = []string{"a", "a"} }, "Provider.NetworkTags[1]", millrace.RuleDuplicate},
		"tags":              {func(_ *pool, g *gke) { g.NetworkTags = manyTags(65) }, "Provider.NetworkTags", millrace.RuleInvalid},
		"surge":             {func(_ *pool, g *gke) { g.Upgrade.Surge = new(-1) }, "Provider.Upgrade.Surge", millrace.RuleInvalid},
		"no surge":          {func(_ *pool, g *gke) { g.Upgrade.Surge = new(0) }, "Provider.Upgrade.Surge", millrace.RuleInvalid},
		"much surge":        {func(_ *pool, g *gke) { g.Upgrade.Surge, g.Upgrade.Unavailable = new(11), 10 }, "Provider.Upgrade.Surge", millrace.RuleInvalid},
		"unavailable":       {func(_ *pool, g *gke) { g.Upgrade.Unavailable = -1 }, "Provider.Upgrade.Unavailable", millrace.RuleInvalid},
		"grace":             {func(_ *pool, g *gke) { g.Upgrade.Grace = time.Millisecond }, "Provider.Upgrade.Grace", millrace.RuleInvalid},
		"budgets":           {func(_ *pool, g *gke) { g.Upgrade.BudgetTimeout = nodepool.Forever }, "Provider.Upgrade.BudgetTimeout", millrace.RuleInvalid},
		"reservation":       {func(_ *pool, g *gke) { g.Provisioning.Reservation = "Spark" }, "Provider.Provisioning.Reservation", millrace.RuleInvalid},
		"reserved spot":     {func(p *pool, g *gke) { p.Capacity, g.Provisioning.Reservation = nodepool.Spot, "spark" }, "Provider.Provisioning.Reservation", millrace.RuleConflict},
		"reserved queue":    {func(_ *pool, g *gke) { g.Provisioning.Queued, g.Provisioning.Reservation = true, "spark" }, "Provider.Provisioning.Reservation", millrace.RuleConflict},
		"both":              {func(_ *pool, g *gke) { g.Provisioning.NoReservation, g.Provisioning.Reservation = true, "spark" }, "Provider.Provisioning.NoReservation", millrace.RuleConflict},
		"flexible spot":     {func(p *pool, g *gke) { p.Capacity, g.Provisioning.FlexStart = nodepool.Spot, true }, "Provider.Provisioning.FlexStart", millrace.RuleConflict},
		"flexible minimum":  {func(p *pool, g *gke) { p.Min, g.Provisioning.FlexStart = 1, true }, "Min", millrace.RuleConflict},
		"long run":          {func(_ *pool, g *gke) { g.Provisioning.MaxRun = 8 * 24 * time.Hour }, "Provider.Provisioning.MaxRun", millrace.RuleInvalid},
		"endless run":       {func(_ *pool, g *gke) { g.Provisioning.MaxRun = nodepool.Forever }, "Provider.Provisioning.MaxRun", millrace.RuleInvalid},
		"negative run":      {func(_ *pool, g *gke) { g.Provisioning.MaxRun = -time.Second }, "Provider.Provisioning.MaxRun", millrace.RuleInvalid},
		"compact E2":        {func(p *pool, g *gke) { p.Machine, g.Provisioning.Compact = "e2-standard-8", true }, "Provider.Provisioning.Compact", millrace.RuleUnsupported},
		"large and compact": {func(p *pool, g *gke) { p.Max, g.Provisioning.Compact = 1501, true }, "Max", millrace.RuleInvalid},
		"namespace":         {func(_ *pool, g *gke) { g.Namespace = "infra" }, "Provider.Namespace", millrace.RuleUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			p, g := gkePool(), gke{Cluster: "main", Location: "europe-west1"}
			tc.edit(p, &g)
			p.Provider = g
			checkFindings(t, p, tc.field, tc.rule)
		})
	}
}

// checkFindings builds a pool with one mistake.
func checkFindings(t *testing.T, p *nodepool.Pool, field, rule string) {
	t.Helper()
	parts, err := p.Build()
	found := findings(t, err)
	if len(found) != 1 || found[0].Field != field || found[0].Rule != rule || found[0].Detail == "" || found[0].Fix == "" {
		t.Errorf("want one %s at %s, got %v", rule, field, found)
	}
	if diff := cmp.Diff(millrace.Parts{}, parts); diff != "" {
		t.Errorf("a pool with a mistake made something:\n%s", diff)
	}
}

func manyTags(n int) []string {
	tags := make([]string, n)
	for i := range tags {
		tags[i] = strings.Repeat("a", i%60+1) + string(rune('a'+i/60))
	}
	return tags
}
