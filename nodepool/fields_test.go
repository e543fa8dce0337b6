package nodepool_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/computeclassv1"
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// samples are valid values for fields whose type doesn't tell one.
var samples = map[string]any{
	"Name":                                        "other",
	"Workload":                                    "spark",
	"Arch":                                        nodepool.ARM64,
	"Disk.Size":                                   20 * millrace.GiB,
	"Disk.Type":                                   "pd-ssd",
	"Allocatable":                                 corev1.ResourceList{"cpu": resource.MustParse("1")},
	"Agents":                                      corev1.ResourceList{"cpu": resource.MustParse("1")},
	"Labels":                                      map[string]string{"a": "b"},
	"Taints":                                      []corev1.Taint{{Key: "a", Value: "b", Effect: "NoSchedule"}},
	"StartupTaints":                               []corev1.Taint{{Key: "startup-taint.cluster-autoscaler.kubernetes.io/a", Value: "b", Effect: "NoSchedule"}},
	"Capacity":                                    nodepool.Spot,
	"Disruption.Consolidation":                    nodepool.Balanced,
	"Disruption.AtOnce":                           "1",
	"Disruption.Quiet":                            []nodepool.Window{{Schedule: "@daily", Duration: time.Hour}},
	"Provider.LocationPolicy":                     nodepool.LocationAny,
	"Provider.OAuthScopes":                        []string{"storage-ro"},
	"Provider.Project":                            "var.project",
	"Provider.ServiceAccount":                     "sa@p.iam.gserviceaccount.com",
	"Provider.ResourceLabels":                     map[string]string{"a": "b"},
	"Provider.Upgrade.Grace":                      time.Minute,
	"Provider.Format":                             nodepool.Format("other"),
	"Provider.Provisioning.Reservation":           "spark",
	"Provider.SecondaryBootDisks":                 []string{"projects/p/global/images/i"},
	"Provider.NodeClass.Kind":                     "AKSNodeClass",
	"Provider.PoolName":                           "other",
	"Provider.TemporaryName":                      "other",
	"Provider.Subnet":                             "var.subnet",
	"Provider.PodSubnet":                          "var.subnet",
	"Provider.MaxPods":                            30,
	"Provider.OS":                                 nodepool.OSAzureLinux,
	"Provider.Version":                            "1.33",
	"Provider.SpotMaxPrice":                       0.5,
	"Provider.Upgrade.MaxSurge":                   "2",
	"Provider.Upgrade.Soak":                       5 * time.Minute,
	"Provider.Tags":                               map[string]string{"a": "b"},
	"EKS:Machine":                                 "r7i.4xlarge",
	"EKS:OtherMachines":                           []string{"r7i.4xlarge"},
	"EKS:Zones":                                   []string{"eu-west-1a"},
	"EKS:Disk.Type":                               "gp2",
	"EKS:StartupTaints":                           []corev1.Taint{{Key: "node.cilium.io/agent-not-ready", Effect: "NoExecute"}},
	"EKS:Provider.Role":                           "var.role",
	"EKS:Provider.Subnets":                        []string{"var.subnets"},
	"EKS:Provider.DependsOn":                      []string{"module.roles"},
	"EKS:Provider.KMSKey":                         "aws_kms_key.disks",
	"EKS:Provider.IOPS":                           4000,
	"EKS:Provider.Throughput":                     200,
	"EKS:Provider.MaxUnavailable":                 "10%",
	"EKS:Provider.ReleaseVersion":                 "1.33.1-20251112",
	"eksctl:Machine":                              "r7i.4xlarge",
	"eksctl:Zones":                                []string{"eu-west-1a"},
	"eksctl:Provider.Region":                      "eu-west-2",
	"eksctl:Provider.Role":                        "arn:aws:iam::111122223333:role/nodes",
	"eksctl:Provider.Subnets":                     []string{"subnet-01234567"},
	"eksctl:Provider.KMSKey":                      "0a1b2c3d-0000-1111-2222-333344445555",
	"eksctl:Provider.IOPS":                        4000,
	"eksctl:Provider.Throughput":                  200,
	"eksctl:Provider.MaxUnavailable":              "10%",
	"eksctl:Provider.ReleaseVersion":              "1.33.1-20251112",
	"Provider.Requirements":                       []karpenterv1.NodeSelectorRequirementWithMinValues{requirement("a", "Exists")},
	"Provider.Base.Template.Spec.Requirements":    []karpenterv1.NodeSelectorRequirementWithMinValues{requirement("a", "Exists")},
	"Provider.Base.Template.Spec.Taints":          []corev1.Taint{{Key: "a", Effect: "NoSchedule"}},
	"Provider.Base.Template.Spec.StartupTaints":   []corev1.Taint{{Key: "a", Effect: "NoSchedule"}},
	"Provider.Base.Template.Metadata.Labels":      map[string]string{"a": "b"},
	"Provider.Base.Template.Metadata.Annotations": map[string]string{"a": "b"},
	"Provider.Base.Limits":                        corev1.ResourceList{"cpu": resource.MustParse("1")},
	"Provider.Base.Disruption.Budgets":            []karpenterv1.Budget{{Nodes: "1"}},

	"Provider.EC2.AMI":                                   "bottlerocket@v1.54.0",
	"Provider.EC2.AMIs":                                  []karpenterawsv1.AMISelectorTerm{{ID: new("ami-1")}},
	"Provider.EC2.Family":                                karpenterawsv1.AMIFamilyAL2023,
	"Provider.EC2.Subnets":                               []karpenterawsv1.SubnetSelectorTerm{{ID: new("subnet-1")}},
	"Provider.EC2.SecurityGroups":                        []karpenterawsv1.SecurityGroupSelectorTerm{{Name: new("nodes")}},
	"Provider.EC2.IOPS":                                  int64(6000),
	"Provider.EC2.Throughput":                            int64(250),
	"Provider.EC2.Tags":                                  map[string]string{"a": "b"},
	"Provider.EC2.Base.Tags":                             map[string]string{"a": "b"},
	"Provider.EC2.Base.AMISelectorTerms":                 []karpenterawsv1.AMISelectorTerm{{ID: new("ami-1")}},
	"Provider.EC2.Base.AMIFamily":                        karpenterawsv1.AMIFamilyAL2023,
	"Provider.EC2.Base.SubnetSelectorTerms":              []karpenterawsv1.SubnetSelectorTerm{{ID: new("subnet-1")}},
	"Provider.EC2.Base.SecurityGroupSelectorTerms":       []karpenterawsv1.SecurityGroupSelectorTerm{{Name: new("nodes")}},
	"Provider.EC2.Base.BlockDeviceMappings":              []karpenterawsv1.BlockDeviceMapping{{DeviceName: new("/dev/xvda")}},
	"Provider.EC2.Base.CapacityReservationSelectorTerms": []karpenterawsv1.CapacityReservationSelectorTerm{{ID: new("cr-1")}},
	"Provider.EC2.Base.NetworkInterfaces":                []karpenterawsv1.NetworkInterface{{}},

	"ComputeClass:Machine":                             "c3-highmem-22",
	"ComputeClass:OtherMachines":                       []string{"n2-highmem-8"},
	"ComputeClass:Provider.Families":                   []string{"n2d"},
	"ComputeClass:Provider.NodePools":                  []string{"reserved"},
	"ComputeClass:Disruption.After":                    time.Hour,
	"Provider.Base.NodePoolAutoCreation":               computeclassv1.Enabled{},
	"Provider.Base.PriorityDefaults":                   computeclassv1.PriorityDefaults{Location: &computeclassv1.Location{Zones: []string{"europe-west1-b"}}},
	"Provider.Base.Priorities":                         []computeclassv1.Priority{{}},
	"Provider.Base.NodePoolConfig.NodeLabels":          map[string]string{"a": "b"},
	"Provider.Base.NodePoolConfig.Taints":              []corev1.Taint{{Key: "a", Effect: "NoSchedule"}},
	"Provider.Base.NodePoolConfig.ResourceManagerTags": []computeclassv1.ResourceManagerTag{{Key: "a", Value: "b"}},
}

func init() {
	for _, at := range []string{"Provider.EC2.Kubelet.", "Provider.EC2.Base.Kubelet."} {
		for _, name := range []string{"KubeReserved", "SystemReserved"} {
			samples[at+name] = map[string]string{"cpu": "100m"}
		}
		for _, name := range []string{"EvictionHard", "EvictionSoft"} {
			samples[at+name] = map[string]string{"memory.available": "5%"}
		}
		samples[at+"EvictionSoftGracePeriod"] = map[string]string{"memory.available": "1m"}
	}
}

// sampleFor returns the key of a provider's own sample, or of what all have.
func sampleFor(provider, path string) string {
	if _, ok := samples[provider+":"+path]; ok {
		return provider + ":" + path
	}
	return path
}

// everyProvider has a pool of each with what must be set, and one with all that
// can be.
var everyProvider = map[string]struct{ minimal, full func() *nodepool.Pool }{
	"AKS":              {aksPool, fullAKS},
	"ComputeClass":     {classPool, fullClass},
	"Config Connector": {func() *nodepool.Pool { return connected(gkePool(), func(*nodepool.GKE) {}) }, fullConnector},
	"EC2":              {ec2Pool, fullEC2},
	"EKS":              {eksPool, fullEKS},
	"GKE":              {gkePool, fullGKE},
	"Karpenter":        {karpenterPool, fullKarpenter},
	"eksctl":           {eksctlPool, fullEksctl},
}

// leaves returns the paths of the settable fields below v.
func leaves(t reflect.Type, path string) []string {
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		at := strings.TrimPrefix(path+"."+f.Name, ".")
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if _, ok := samples[at]; !ok && inner.Kind() == reflect.Struct {
			out = append(out, leaves(inner, at)...)
		} else {
			out = append(out, at)
		}
	}
	return out
}

// set sets the field at a path to its sample, or to one that its type tells.
func set(t *testing.T, v reflect.Value, path, rest string) {
	t.Helper()
	name, rest, nested := strings.Cut(rest, ".")
	f := v.FieldByName(name)
	if f.Kind() == reflect.Pointer {
		if f.IsNil() {
			f.Set(reflect.New(f.Type().Elem()))
		}
		f = f.Elem()
	}
	if nested {
		set(t, f, path, rest)
		return
	}
	if sample, ok := samples[path]; ok {
		f.Set(reflect.ValueOf(sample))
		return
	}
	switch f.Kind() {
	case reflect.Bool:
		f.SetBool(true)
	case reflect.String:
		f.SetString("x-y-1")
	case reflect.Int, reflect.Int32, reflect.Int64:
		n := int64(2)
		if f.Type() == reflect.TypeFor[time.Duration]() {
			n = int64(2 * time.Hour)
		}
		f.SetInt(n)
	case reflect.Slice:
		f.Set(reflect.ValueOf([]string{"europe-west1-b"}))
	default:
		t.Fatalf("%s: no sample for a %s", path, f.Type())
	}
}

// TestEveryFieldCounts sets each field alone: the output must change, or a
// finding must name the field.
func TestEveryFieldCounts(t *testing.T) {
	for name, of := range everyProvider {
		minimal := of.minimal
		provider := reflect.TypeOf(minimal().Provider)
		paths := append(leaves(reflect.TypeFor[nodepool.Pool](), ""), leaves(provider, "Provider")...)
		if len(paths) < 30 {
			t.Errorf("%s: only %d fields", name, len(paths))
		}
		before := render(t, minimal())
		for _, path := range paths {
			if path == "Provider" || name == "Karpenter" && strings.HasPrefix(path, "Provider.EC2.") {
				continue
			}
			t.Run(name+"/"+path, func(t *testing.T) {
				pool := minimal()
				if rest, ok := strings.CutPrefix(path, "Provider."); ok {
					p := reflect.New(provider).Elem()
					p.Set(reflect.ValueOf(pool.Provider))
					set(t, p, sampleFor(name, path), rest)
					pool.Provider = p.Interface().(nodepool.Provider)
				} else {
					set(t, reflect.ValueOf(pool).Elem(), sampleFor(name, path), path)
				}
				parts, err := pool.Build()
				if strings.HasPrefix(path, "Shape.") && err == nil {
					t.Errorf("half a shape was taken")
				}
				if path == "Agents" { // as well
					if err != nil || !cmp.Equal(parts.Nodes[0].Agents, samples[path]) {
						t.Errorf("the shape has %v, %v", parts.Nodes, err)
					}
					return
				}
				if path == "Allocatable" { // of the shape, and rendered nowhere
					if err != nil || !cmp.Equal(parts.Nodes[0].Allocatable, samples[path]) {
						t.Errorf("the shape has %v, %v", parts.Nodes, err)
					}
					return
				}
				if err == nil {
					src := render(t, pool)
					if cmp.Equal(before, src) {
						t.Errorf("nothing renders it")
					}
					if terraformPools[name].schema != nil {
						if _, err := decodeTerraform(name, src); err != nil {
							t.Errorf("%v\n%s", err, src)
						}
					}
					if len(parts.Nodes) != 1 {
						t.Errorf("%d shapes", len(parts.Nodes))
					}
					return
				}
				for _, f := range findings(t, err) {
					if strings.HasPrefix(f.Field, path) || strings.HasPrefix(path, f.Field) || strings.Contains(f.Fix, path) {
						return
					}
				}
				t.Errorf("no finding names it: %v", err)
			})
		}
	}
}

// TestBuildKeepsNoMemory changes all that Build returned, and looks whether
// the pool or another Build noticed.
func TestBuildKeepsNoMemory(t *testing.T) {
	for name, of := range everyProvider {
		full := of.full
		t.Run(name, func(t *testing.T) {
			pool := full()
			first, err := pool.Build()
			if err != nil {
				t.Fatal(err)
			}
			placement := pool.Placement()
			want := fmt.Sprintf("%s %v %v", render(t, pool), first.Nodes, placement)
			scribble(reflect.ValueOf(&first), 0)
			scribble(reflect.ValueOf(&placement), 0)
			second, err := pool.Build()
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("%s %v %v", render(t, pool), second.Nodes, pool.Placement()); got != want {
				t.Errorf("the pool changed with what it made (-want +got):\n%s", cmp.Diff(want, got))
			}
			if diff := cmp.Diff(full(), pool); diff != "" {
				t.Errorf("the pool changed (-want +got):\n%s", diff)
			}
		})
	}
}

// scribble overwrites every string and number that can be reached.
func scribble(v reflect.Value, depth int) {
	if depth > 20 {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			scribble(v.Elem(), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				scribble(v.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			scribble(v.Index(i), depth+1)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if v.Type().Elem().Kind() == reflect.String {
				v.SetMapIndex(key, reflect.ValueOf("scribbled").Convert(v.Type().Elem()))
			} else {
				v.SetMapIndex(key, reflect.Value{})
			}
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString("scribbled")
		}
	case reflect.Uint8:
		if v.CanSet() {
			v.SetUint('x')
		}
	case reflect.Int, reflect.Int32, reflect.Int64:
		if v.CanSet() {
			v.SetInt(99)
		}
	}
}
