package tenancy_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/builtin"
	"github.com/millrace/millrace/internal/schema"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/tenancy"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// minimal is the smallest valid tenant.
func minimal() *tenancy.Tenant {
	return &tenancy.Tenant{Name: "sales", Quota: tenancy.Quota{Cores: 100, Memory: 800 * millrace.GiB}}
}

// full sets whatever a tenant can have at once.
func full() *tenancy.Tenant {
	return &tenancy.Tenant{
		Name:                 "sales",
		Labels:               map[string]string{"team": "sales"},
		Annotations:          map[string]string{"company.com/contact": "sales-data@company.com"},
		NamespaceLabels:      map[string]string{"istio-injection": "disabled"},
		NamespaceAnnotations: map[string]string{"company.com/cost-center": "4711"},
		PodSecurity:          tenancy.PodSecurity{Enforce: tenancy.Baseline, Warn: tenancy.Restricted, Version: "v1.34"},
		Quota: tenancy.Quota{
			Cores: 200, LimitCores: 400, Memory: 1600 * millrace.GiB, LimitMemory: 2000 * millrace.GiB, Scratch: 4 * millrace.TiB,
			Storage: 10 * millrace.TiB, Claims: 50, Pods: 500, LoadBalancers: 1, NodePorts: 2,
			Other: corev1.ResourceList{"requests.nvidia.com/gpu": resource.MustParse("4"), "count/sparkapplications.sparkoperator.k8s.io": resource.MustParse("100")},
		},
		Limits: tenancy.Limits{
			Request:  tenancy.Amount{MilliCPU: 250, Memory: 1 * millrace.GiB, Scratch: 1 * millrace.GiB},
			Limit:    tenancy.Amount{MilliCPU: 2000, Memory: 2 * millrace.GiB, Scratch: 10 * millrace.GiB},
			Max:      tenancy.Amount{MilliCPU: 16000, Memory: 120 * millrace.GiB, Scratch: 400 * millrace.GiB},
			MaxClaim: 500 * millrace.GiB,
		},
		Access: tenancy.Access{
			Driver:   tenancy.Account{Name: "etl-driver", Annotations: map[string]string{"iam.gke.io/gcp-service-account": "etl@p.iam.gserviceaccount.com"}},
			Executor: tenancy.Account{Name: "etl-executor", Annotations: map[string]string{"iam.gke.io/gcp-service-account": "etl@p.iam.gserviceaccount.com"}},
			Workflow: tenancy.Account{Name: "etl-workflow", Rules: []rbacv1.PolicyRule{{APIGroups: []string{"batch"}, Resources: []string{"jobs"}, Verbs: []string{"create", "get"}}}},
			Submitter: tenancy.Team{Account: "submitter", Groups: []string{"sales-data"}, Accounts: []string{"ci/deployer"},
				Rules: []rbacv1.PolicyRule{{APIGroups: []string{"kafka.strimzi.io"}, Resources: []string{"kafkatopics"}, Verbs: []string{"get", "list"}}}},
			Reader:      tenancy.Team{Users: []string{"ada@company.com"}},
			SparkGroups: []string{"sparkoperator.k8s.io", "spark.apache.org"},
		},
		Network: tenancy.Network{
			DNSAddresses:     []string{"10.96.0.10/32"},
			APIServer:        []string{"172.16.0.2/32"},
			Stores:           []tenancy.Peer{{CIDRs: []string{"199.36.153.8/30"}}, {Namespace: "minio", Pods: map[string]string{"app": "minio"}, Ports: []int32{9000}}},
			Brokers:          []tenancy.Peer{tenancy.KafkaCluster("kafka", "events")},
			Shuffle:          []tenancy.Peer{{Namespace: "celeborn"}},
			Identity:         tenancy.GKEWorkloadIdentity,
			Prometheus:       []tenancy.Peer{{Namespace: "monitoring", Pods: map[string]string{"app.kubernetes.io/name": "prometheus"}}},
			Clients:          []tenancy.Peer{{Namespace: "notebooks"}},
			BlockManagerPort: 7079,
			Policies:         map[string]networkingv1.NetworkPolicySpec{"egress-proxy": {PolicyTypes: []networkingv1.PolicyType{"Egress"}, Egress: []networkingv1.NetworkPolicyEgressRule{{To: []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "10.1.2.3/32"}}}}}}},
		},
		Queue:    tenancy.Kueue{Name: "batch", ClusterQueue: "data"},
		Platform: platform(),
	}
}

// platform sets whatever a platform can have at once.
func platform() *tenancy.Platform {
	return &tenancy.Platform{
		Labels: map[string]string{"team": "platform"}, Annotations: map[string]string{"company.com/contact": "platform@company.com"},
		Drivers: tenancy.Priority{Name: "spark-driver", Value: new(int32(0)), Description: "Drivers."}, Executors: tenancy.Priority{Name: "spark-executor", Value: new(int32(-3))},
		Priorities: []tenancy.Priority{{Name: "brokers", Value: new(int32(1000)), Preempts: new(true), Description: "Kafka's brokers."}, {Name: "backfill", Value: new(int32(-10))}},
		Storage: []tenancy.StorageClass{
			{Name: "balanced", Disks: tenancy.GCEDisk{}, Default: true},
			{Name: "brokers", Disks: tenancy.GCEDisk{Type: "pd-ssd", Regional: true, KMSKey: "projects/p/locations/l/keyRings/r/cryptoKeys/k"}, Retain: true, FileSystem: "xfs", Zones: []string{"europe-west1-b", "europe-west1-c"}, MountOptions: []string{"noatime"}},
			{Name: "ebs", Disks: tenancy.EBS{IOPS: 6000, Throughput: 500, KMSKey: "arn:aws:kms:eu-west-1:1:key/k"}, Parameters: map[string]string{"tagSpecification_1": "team=data"}},
			{Name: "per-gb", Disks: tenancy.EBS{Type: "io2"}, Parameters: map[string]string{"iopsPerGB": "50"}},
			{Name: "ultra", Disks: tenancy.AzureDisk{SKU: "UltraSSD_LRS"}},
			{Name: "auto", Disks: tenancy.EBS{AutoMode: true}, FixedSize: true},
			{Name: "azure", Disks: tenancy.AzureDisk{SKU: "Premium_ZRS", EncryptionSet: "/subscriptions/s"}},
			{Name: "local", Disks: tenancy.LocalDisk{}},
			{Name: "rook", Disks: tenancy.Provisioner{Name: "rook-ceph.rbd.csi.ceph.com", ZoneLabel: "topology.kubernetes.io/zone"}, Zones: []string{"a"}},
		},
		Queues: []tenancy.ClusterQueue{
			{Name: "data", Cohort: "all", Strict: true, Flavors: []tenancy.Flavor{
				{Name: "on-demand", Placement: etlPlacement(), Cores: 100, Memory: 800 * millrace.GiB},
				{Name: "gpu", Cores: 10, Memory: 100 * millrace.GiB, Other: corev1.ResourceList{"nvidia.com/gpu": resource.MustParse("4")}},
			}},
		},
	}
}

func etlPlacement() millrace.Placement {
	return millrace.Placement{
		NodeSelector: map[string]string{"workload": "etl"},
		Tolerations:  []corev1.Toleration{{Key: "workload", Operator: "Equal", Value: "etl", Effect: "NoSchedule"}, {Key: "drain", Operator: "Exists", Effect: "NoExecute", TolerationSeconds: new(int64(0))}},
		Annotations:  millrace.EvictionGuards(),
	}
}

// objects builds, or fails.
func objects(t testing.TB, b millrace.Builder) []millrace.Object {
	t.Helper()
	parts, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return parts.Objects
}

// find returns the object of a type and name.
func find[T millrace.Object](t testing.TB, objects []millrace.Object, name string) T {
	t.Helper()
	for _, o := range objects {
		if typed, ok := o.(T); ok && o.GetName() == name {
			return typed
		}
	}
	var none T
	t.Fatalf("there is no %T %s", none, name)
	return none
}

// render returns what a builder makes, as a file would hold it.
func render(t testing.TB, b millrace.Builder) string {
	t.Helper()
	var out []byte
	for i, o := range objects(t, b) {
		if i > 0 {
			out = append(out, "---\n"...)
		}
		var err error
		if out, err = yaml.Append(out, o); err != nil {
			t.Fatal(err)
		}
	}
	return string(out)
}

// refused returns what the API server would say of what a builder makes.
func refused(t testing.TB, b millrace.Builder) []string {
	t.Helper()
	var out []string
	for _, o := range objects(t, b) {
		builtin.Check(o, func(p schema.Problem) {
			out = append(out, millrace.RefOf(o).String()+": "+p.Path+": "+p.Detail)
		})
	}
	return out
}

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// findings returns the mistakes in an error of Build.
func findings(t testing.TB, err error) []millrace.Finding {
	t.Helper()
	if err == nil {
		return nil
	}
	be, ok := errors.AsType[*millrace.BuildError](err)
	if !ok {
		t.Fatalf("the error is a %T", err)
	}
	return be.Findings
}

// provisionerOf is who makes the disks of a storage class.
func provisionerOf(o millrace.Object) string {
	c, ok := o.(*storagev1.StorageClass)
	if !ok {
		return ""
	}
	return c.Provisioner
}
