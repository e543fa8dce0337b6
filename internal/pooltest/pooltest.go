// Package pooltest makes node pools at random, for the tests of what is
// rendered of them. Not all are valid. Their references lead to what the
// tests of nodepool, and the oracle for Terraform, declare.
package pooltest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// Makers are those of pools for Terraform. The same numbers make the same pool.
var Makers = map[string]func(r *rand.Rand, name string) *nodepool.Pool{
	"GKE": GKE, "EKS": EKS, "AKS": AKS,
}

func oneOf[T any](r *rand.Rand, values ...T) T { return values[r.IntN(len(values))] }

// some sets a value one time of n.
func some[T any](r *rand.Rand, n int, to *T, value T) {
	if r.IntN(n) == 0 {
		*to = value
	}
}

// Text returns what HCL takes for something else, in parts and together.
func Text(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(6) {
		b.WriteString(oneOf(r, "${", "%{", "}", `"`, `\`, `\u00e9`, "$", "%", "~", " ", "<<EOT", "#", "//", "/*", "*/", "'", "=",
			"a", "for", "null", "true", "1e3", "é", "日本", "\u00a0", "\u200b", "\ufeff", "e\u0301", "\U0001f980", "var.region", "[*]", "{", ","))
	}
	return b.String()
}

func words(r *rand.Rand) string {
	return oneOf(r, "a", "for", "if", "in", "null", "true", "1e3", "0x1F", "1.0", "data-platform", "A_b.c", "each.value", "x"+fmt.Sprint(r.IntN(1000)))
}

// texts returns a map, with values and at times keys of free text.
func texts(r *rand.Rand, key, value func(*rand.Rand) string) map[string]string {
	m := map[string]string{}
	for range r.IntN(4) {
		m[key(r)] = value(r)
	}
	return m
}

func taints(r *rand.Rand, prefix string) []corev1.Taint {
	var out []corev1.Taint
	for i := range r.IntN(4) {
		t := corev1.Taint{Key: fmt.Sprintf("%s%s-%d", prefix, oneOf(r, "a", "for", "true", "b.c"), i), Value: words(r),
			Effect: oneOf(r, corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute)}
		some(r, 10, &t.Value, "")
		out = append(out, t)
	}
	return out
}

// pool sets what all providers have.
func pool(r *rand.Rand, name string) *nodepool.Pool {
	p := &nodepool.Pool{Name: name, Max: 1 + r.IntN(200), Labels: texts(r, labelKey, words), Taints: taints(r, "company.com/")}
	some(r, 2, &p.Workload, words(r))
	some(r, 3, &p.Min, r.IntN(p.Max+1))
	some(r, 3, &p.Capacity, nodepool.Spot)
	some(r, 6, &p.Shared, true)
	some(r, 3, &p.Disk.Size, millrace.Bytes(30+r.IntN(1000))*millrace.GiB)
	return p
}

func labelKey(r *rand.Rand) string {
	return oneOf(r, "team", "for", "null", "true", "if", "cost-center", "A_b.c", "1e3", "company.com/a", "x.y/for", "endfor")
}

// GKE makes a pool for google_container_node_pool.
func GKE(r *rand.Rand, name string) *nodepool.Pool {
	p := pool(r, name)
	p.Machine = oneOf(r, "n2-highmem-16", "e2-standard-8", "c3-standard-8-lssd", "n4-standard-8", "h4d-highmem-192-lssd", "c4a-highmem-16")
	if p.Machine == "c4a-highmem-16" {
		p.Arch = nodepool.ARM64
	}
	some(r, 3, &p.Zones, []string{"europe-west1-b", "europe-west1-c"})
	some(r, 4, &p.ImageStreaming, true)
	some(r, 6, &p.Disk.Type, oneOf(r, "pd-ssd", "hyperdisk-balanced"))
	some(r, 4, &p.StartupTaints, taints(r, "startup-taint.cluster-autoscaler.kubernetes.io/"))
	g := nodepool.GKE{
		Cluster: oneOf(r, "main", "projects/p.x/locations/europe-west1/clusters/c", "google_container_cluster.main", "google_container_cluster.main.id",
			"google_container_cluster.many[0]", `google_container_cluster.named["blue"]`, "data.google_container_cluster.main", "local.cluster",
			`var.clusters["a.b/c"]`, "module.gke.name"),
		Location: oneOf(r, "europe-west1", "var.region", "google_container_cluster.main"),
	}
	some(r, 3, &g.Project, oneOf(r, "example.com:project", "var.project", "data.google_project.this"))
	some(r, 3, &g.TotalCounts, true)
	some(r, 3, &g.LocationPolicy, oneOf(r, nodepool.LocationAny, nodepool.LocationBalanced))
	some(r, 3, &g.ManualUpgrades, true)
	some(r, 3, &g.Upgrade, nodepool.GKEUpgrade{Surge: new(r.IntN(4)), Unavailable: r.IntN(4)})
	some(r, 3, &g.Upgrade.Grace, time.Duration(1+r.IntN(7200))*time.Second)
	some(r, 3, &g.Upgrade.BudgetTimeout, time.Duration(1+r.IntN(7200))*time.Second)
	some(r, 3, &g.Upgrade.KeepBudgets, true)
	some(r, 3, &g.ServiceAccount, oneOf(r, "google_service_account.nodes", "nodes@project.iam.gserviceaccount.com"))
	if r.IntN(3) == 0 {
		g.OAuthScopes = []string{"https://x/" + strings.Map(graphic, Text(r)), "storage-ro"}
	}
	some(r, 3, &g.WorkloadIdentity, true)
	some(r, 6, &g.LocalSSDs, 1+r.IntN(4))
	some(r, 3, &g.MaxPods, 8+r.IntN(249))
	some(r, 3, &g.SecureBoot, true)
	some(r, 3, &g.GVNIC, true)
	some(r, 3, &g.NetworkTags, []string{"spark", "for"})
	if r.IntN(3) == 0 {
		g.ResourceLabels = texts(r, func(*rand.Rand) string { return oneOf(r, "for", "null", "cost-center") }, func(*rand.Rand) string { return oneOf(r, "", "1e3", "true") })
	}
	if p.ImageStreaming {
		some(r, 2, &g.SecondaryBootDisks, []string{"projects/data/global/images/spark-4-1", "google_compute_image.spark"})
	}
	provision(r, p, &g.Provisioning)
	p.Provider = g
	return p
}

func provision(r *rand.Rand, p *nodepool.Pool, to *nodepool.GKEProvisioning) {
	some(r, 6, &to.MaxRun, time.Duration(1+r.IntN(600000))*time.Second)
	some(r, 6, &to.Compact, p.Machine != "e2-standard-8")
	switch r.IntN(10) {
	case 0:
		to.NoReservation = true
	case 1:
		to.Reservation = oneOf(r, "spark", "projects/shared/reservations/spark")
	case 2:
		to.Queued = true
	case 3:
		to.FlexStart = true
	}
}

// graphic leaves of a text what an OAuth scope may have.
func graphic(c rune) rune {
	if c <= ' ' || c > '~' {
		return -1
	}
	return c
}

// EKS makes a pool for aws_eks_node_group.
func EKS(r *rand.Rand, name string) *nodepool.Pool {
	p := pool(r, name)
	p.Machine, p.OtherMachines = "r6i.4xlarge", oneOf(r, nil, []string{"r6a.4xlarge", "r7i.4xlarge"})
	switch r.IntN(3) {
	case 0:
		p.Machine, p.OtherMachines, p.Arch = "r7g.4xlarge", nil, nodepool.ARM64
	case 1:
		p.Machine, p.OtherMachines = "r6id.4xlarge", nil
		some(r, 2, &p.Disk.LocalNVMe, true)
	}
	some(r, 4, &p.ImageStreaming, true)
	some(r, 3, &p.Zones, []string{"eu-west-1a", "eu-west-1b"})
	some(r, 4, &p.StartupTaints, taints(r, "node.cilium.io/"))
	e := nodepool.EKS{
		Cluster: oneOf(r, "main", "var.cluster", "aws_eks_cluster.main"),
		Role:    oneOf(r, "arn:aws:iam::111122223333:role/a.b/n+o=d,e@s", "aws_iam_role.nodes"),
		Subnets: oneOf(r, []string{"subnet-01234567"}, []string{"aws_subnet.private[*]"}, []string{"aws_subnet.private[*].id", "var.subnets", "subnet-01234567"},
			[]string{"aws_subnet.private[1]", "aws_subnet.one"}, []string{"module.vpc.subnets"}, []string{"data.aws_subnets.private.ids", "var.subnet"}),
	}
	some(r, 4, &e.Version, oneOf(r, "1.34", "aws_eks_cluster.main"))
	some(r, 4, &e.ReleaseVersion, oneOf(r, "1.34.1-20251112", "data.aws_ssm_parameter.release"))
	some(r, 4, &e.DependsOn, []string{"aws_iam_role_policy_attachment.worker", "module.cni"})
	some(r, 4, &e.MaxPods, 1+r.IntN(250))
	some(r, 4, &e.HopLimit, 1+r.IntN(64))
	some(r, 4, &e.KMSKey, oneOf(r, "aws_kms_key.disks", "0a1b2c3d-0000-1111-2222-333344445555"))
	some(r, 4, &e.IOPS, 4000+r.IntN(8000))
	some(r, 4, &e.Throughput, 600+r.IntN(400))
	some(r, 4, &e.MaxUnavailable, oneOf(r, "1", "10%", "100%"))
	some(r, 4, &e.ForceUpdates, true)
	some(r, 4, &e.NoRepair, true)
	tag := func(r *rand.Rand) string {
		return oneOf(r, "for", "null", "cost center", "a=b", "é", "日本", "x:y/z@1", "1e3", "+.")
	}
	some(r, 2, &e.Tags, texts(r, tag, tag))
	p.Provider = e
	return p
}

// AKS makes a pool for azurerm_kubernetes_cluster_node_pool.
func AKS(r *rand.Rand, name string) *nodepool.Pool {
	p := pool(r, name)
	p.Machine = "Standard_E16ds_v5"
	if r.IntN(4) == 0 {
		p.Machine, p.Arch = "Standard_E16pds_v5", nodepool.ARM64
	}
	some(r, 3, &p.Zones, oneOf(r, []string{"westeurope-1", "westeurope-3"}, []string{"2"}))
	some(r, 4, &p.Disk.LocalNVMe, true)
	const network = "/subscriptions/12345678-1234-9876-4563-123456789012/resourceGroups/data.platform_(eu)/providers/Microsoft."
	a := nodepool.AKS{PoolName: fmt.Sprintf("p%x", r.IntN(1<<24)),
		Cluster: oneOf(r, "azurerm_kubernetes_cluster.main", "data.azurerm_kubernetes_cluster.main", "var.cluster_id", "module.aks.aks_id",
			network+"ContainerService/managedClusters/main")}
	some(r, 4, &a.TemporaryName, "tmp")
	some(r, 4, &a.Subnet, oneOf(r, "azurerm_subnet.nodes", network+"Network/virtualNetworks/v/subnets/nodes"))
	some(r, 4, &a.PodSubnet, "data.azurerm_subnet.pods")
	some(r, 4, &a.MaxPods, 10+r.IntN(241))
	some(r, 4, &a.OS, oneOf(r, nodepool.OSUbuntu2204, nodepool.OSAzureLinux3))
	some(r, 4, &a.Version, oneOf(r, "1.33", "1.33.3"))
	some(r, 4, &a.TemporaryDisk, true)
	some(r, 4, &a.HostEncryption, true)
	some(r, 4, &a.FIPS, true)
	if p.Capacity == nodepool.Spot {
		some(r, 3, &a.SpotMaxPrice, float64(1+r.IntN(1e6))/1e5)
	} else {
		some(r, 4, &a.Upgrade.MaxSurge, oneOf(r, "2", "33%"))
		some(r, 4, &a.Upgrade.DrainTimeout, time.Duration(5+r.IntN(1436))*time.Minute)
		some(r, 4, &a.Upgrade.Soak, time.Duration(1+r.IntN(30))*time.Minute)
	}
	key := func(r *rand.Rand) string {
		return strings.NewReplacer("<", "", "%", "", `\`, "", "/", "").Replace(Text(r)) + "k"
	}
	some(r, 2, &a.Tags, texts(r, key, Text))
	p.Provider = a
	return p
}
