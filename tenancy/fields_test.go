package tenancy_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/tenancy"
)

// samples are valid values for fields whose type doesn't tell one.
var samples = map[string]any{
	"Labels":                      map[string]string{"a": "b"},
	"NamespaceLabels":             map[string]string{"a": "b"},
	"Annotations":                 map[string]string{"a": "b"},
	"NamespaceAnnotations":        map[string]string{"a": "b"},
	"PodSecurity.Enforce":         tenancy.Baseline,
	"PodSecurity.Warn":            tenancy.Baseline,
	"PodSecurity.Version":         "v1.34",
	"Quota.LimitCores":            200,
	"Quota.LimitMemory":           900 * millrace.GiB,
	"Quota.Other":                 corev1.ResourceList{"requests.nvidia.com/gpu": resource.MustParse("1")},
	"Pods":                        []millrace.Pod{{Owner: millrace.Ref{Kind: "Deployment", Name: "a"}, Min: 1}},
	"Headroom":                    50,
	"Limits.Request.MilliCPU":     int64(200),
	"Limits.Request.Memory":       600 * millrace.MiB,
	"Limits.Limit.Memory":         2 * millrace.GiB,
	"Limits.Max.MilliCPU":         int64(4000),
	"Limits.Limit.MilliCPU":       int64(4000),
	"Access.SparkGroups":          []string{"spark.apache.org"},
	"Network.DNSAddresses":        []string{"10.96.0.10/32"},
	"Network.APIServer":           []string{"10.96.0.1/32"},
	"Network.PodCIDRs":            []string{"10.0.0.0/8"},
	"Network.Identity":            tenancy.EKSPodIdentity,
	"Network.BlockManagerPort":    int32(7079),
	"Network.Policies":            map[string]networkingv1.NetworkPolicySpec{"a": {}},
	"Queue":                       tenancy.Volcano{},
	"Access.Submitter.Accounts":   []string{"ci/deployer"},
	"Access.Reader.Accounts":      []string{"ci/deployer"},
	"Access.Driver.Annotations":   map[string]string{"a": "b"},
	"Access.Executor.Name":        "x",
	"Storage":                     []tenancy.StorageClass{{Name: "a", Disks: tenancy.EBS{}}},
	"Queues":                      []tenancy.ClusterQueue{{Name: "a", Flavors: []tenancy.Flavor{{Name: "f", Cores: 1, Memory: millrace.GiB}}}},
	"Priorities":                  []tenancy.Priority{{Name: "a", Value: new(int32(1))}},
	"Drivers.Value":               int32(7),
	"Executors.Value":             int32(-7),
	"Drivers.Preempts":            false,
	"Executors.Preempts":          true,
	"Queue.Weight":                int32(2),
	"Queue.Parent":                "root.data",
	"Storage.Disks":               tenancy.EBS{},
	"Storage.Parameters":          map[string]string{"a": "b"},
	"Storage.Value":               int32(5),
	"Queues.Flavors":              []tenancy.Flavor{{Name: "g", Cores: 1, Memory: millrace.GiB}},
	"Queues.Flavors.Other":        corev1.ResourceList{"a.b/c": resource.MustParse("1")},
	"Queues.Flavors.Placement":    etlPlacement(),
	"Priorities.Value":            int32(5),
	"Priorities.Preempts":         true,
	"Network.Stores.CIDRs":        []string{"10.0.0.0/8"},
	"Network.Stores.Pods":         map[string]string{"a": "b"},
	"Network.Stores.Ports":        []int32{9000},
	"Access.Driver.Rules":         oneRule,
	"Access.Workflow.Rules":       oneRule,
	"Access.Executor.Rules":       oneRule,
	"Access.Submitter.Rules":      oneRule,
	"Access.Reader.Rules":         oneRule,
	"Access.Workflow.Annotations": map[string]string{"a": "b"},
	"Access.Executor.Annotations": map[string]string{"a": "b"},
}

var oneRule = []rbacv1.PolicyRule{{APIGroups: []string{"batch"}, Resources: []string{"jobs"}, Verbs: []string{"get"}}}

// leaves returns the paths of the settable fields below a struct.
func leaves(t reflect.Type, path string) []string {
	var out []string
	for f := range t.Fields() {
		at := strings.TrimPrefix(path+"."+f.Name, ".")
		if f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[millrace.Placement]() {
			out = append(out, leaves(f.Type, at)...)
			continue
		}
		out = append(out, at)
	}
	return out
}

// set sets the field at a path to its sample, or to one that its type tells.
// keys are where samples are looked up.
func set(t *testing.T, v reflect.Value, key, path string) {
	t.Helper()
	name, rest, nested := strings.Cut(path, ".")
	f := v.FieldByName(name)
	if nested {
		set(t, f, key, rest)
		return
	}
	if f.Kind() == reflect.Pointer {
		f.Set(reflect.New(f.Type().Elem()))
		f = f.Elem()
	}
	if sample, ok := samples[key]; ok {
		f.Set(reflect.ValueOf(sample))
		return
	}
	switch f.Interface().(type) {
	case bool:
		f.SetBool(true)
	case string, tenancy.Level, tenancy.Identity:
		f.SetString("x-1")
	case millrace.Bytes:
		f.SetInt(int64(3 * millrace.GiB))
	case int, int32, int64:
		f.SetInt(2)
	case []string:
		f.Set(reflect.ValueOf([]string{"a-b"}))
	case []tenancy.Peer:
		f.Set(reflect.ValueOf([]tenancy.Peer{{Namespace: "elsewhere"}}))
	case tenancy.Platform:
		// Not rendered by the tenant: it tells names.
	default:
		t.Fatalf("%s: no sample for a %s", key, f.Type())
	}
}

// noun is one struct whose fields are tried, inside of a builder.
type noun struct {
	prefix string
	of     reflect.Type
	make   func() (millrace.Builder, reflect.Value)
}

// part makes a noun of a struct that lies in a slice or an interface of a
// builder: put puts it in.
func part[T any](prefix string, zero T, put func(T) millrace.Builder) noun {
	return noun{prefix, reflect.TypeFor[T](), func() (millrace.Builder, reflect.Value) {
		v := zero
		b := &lazy{func() millrace.Builder { return put(v) }}
		return b, reflect.ValueOf(&v).Elem()
	}}
}

// lazy builds what a function returns by then.
type lazy struct{ of func() millrace.Builder }

func (l *lazy) Build() (millrace.Parts, error) { return l.of().Build() }

func nouns() map[string]noun {
	withQueue := func(q tenancy.Queue) millrace.Builder { t := minimal(); t.Queue = q; return t }
	class := func(c tenancy.StorageClass) millrace.Builder {
		return &tenancy.Platform{Storage: []tenancy.StorageClass{c}}
	}
	disks := func(d tenancy.Disks) millrace.Builder { return class(tenancy.StorageClass{Name: "a", Disks: d}) }
	queue := func(q tenancy.ClusterQueue) millrace.Builder {
		return &tenancy.Platform{Queues: []tenancy.ClusterQueue{q}}
	}
	flavor := tenancy.Flavor{Name: "f", Cores: 1, Memory: millrace.GiB}
	return map[string]noun{
		"Tenant": {"", reflect.TypeFor[tenancy.Tenant](), func() (millrace.Builder, reflect.Value) { t := minimal(); return t, reflect.ValueOf(t).Elem() }},
		"Platform": {"", reflect.TypeFor[tenancy.Platform](), func() (millrace.Builder, reflect.Value) {
			p := &tenancy.Platform{}
			return p, reflect.ValueOf(p).Elem()
		}},
		"Peer":         part("Network.Stores", tenancy.Peer{Namespace: "a"}, func(p tenancy.Peer) millrace.Builder { t := minimal(); t.Network.Stores = []tenancy.Peer{p}; return t }),
		"Kueue":        part("Queue", tenancy.Kueue{ClusterQueue: "a"}, func(q tenancy.Kueue) millrace.Builder { return withQueue(q) }),
		"YuniKorn":     part("Queue", tenancy.YuniKorn{}, func(q tenancy.YuniKorn) millrace.Builder { return withQueue(q) }),
		"Volcano":      part("Queue", tenancy.Volcano{}, func(q tenancy.Volcano) millrace.Builder { return withQueue(q) }),
		"StorageClass": part("Storage", tenancy.StorageClass{Name: "a", Disks: tenancy.GCEDisk{}}, class),
		"GCEDisk":      part("Storage.Disks", tenancy.GCEDisk{}, func(d tenancy.GCEDisk) millrace.Builder { return disks(d) }),
		"EBS":          part("Storage.Disks", tenancy.EBS{}, func(d tenancy.EBS) millrace.Builder { return disks(d) }),
		"AzureDisk":    part("Storage.Disks", tenancy.AzureDisk{}, func(d tenancy.AzureDisk) millrace.Builder { return disks(d) }),
		"Provisioner": part("Storage.Disks", tenancy.Provisioner{Name: "a.b", ZoneLabel: "a.b/zone"}, func(d tenancy.Provisioner) millrace.Builder {
			return class(tenancy.StorageClass{Name: "a", Disks: d, Zones: []string{"z"}})
		}),
		"ClusterQueue": part("Queues", tenancy.ClusterQueue{Name: "a", Flavors: []tenancy.Flavor{flavor}}, queue),
		"Flavor": part("Queues.Flavors", flavor, func(f tenancy.Flavor) millrace.Builder {
			return queue(tenancy.ClusterQueue{Name: "a", Flavors: []tenancy.Flavor{f}})
		}),
		"Priority": part("Priorities", tenancy.Priority{Name: "a", Value: new(int32(1))}, func(c tenancy.Priority) millrace.Builder { return &tenancy.Platform{Priorities: []tenancy.Priority{c}} }),
	}
}

// TestEveryFieldCounts sets each field alone: the output must change, or a
// finding must name the field.
func TestEveryFieldCounts(t *testing.T) {
	total := 0
	for name, n := range nouns() {
		before, _ := n.make()
		was, wasErr := rendered(before)
		if wasErr != nil {
			t.Fatalf("%s: %v", name, wasErr)
		}
		for _, path := range leaves(n.of, "") {
			if name == "Tenant" && path == "Platform" {
				continue // it tells names: TestNames
			}
			total++
			t.Run(name+"/"+path, func(t *testing.T) {
				b, v := n.make()
				key := strings.TrimPrefix(n.prefix+"."+path, ".")
				set(t, v, key, path)
				is, err := rendered(b)
				if err == nil {
					if is == was {
						t.Error("nothing renders it")
					}
					return
				}
				last := path[strings.LastIndex(path, ".")+1:]
				for _, f := range findings(t, err) {
					if strings.Contains(f.Field, last) || strings.Contains(f.Detail, last) || strings.Contains(f.Fix, last) {
						return
					}
				}
				t.Errorf("no finding names it: %v", err)
			})
		}
	}
	if total < 110 {
		t.Errorf("only %d fields", total)
	}
}

func rendered(b millrace.Builder) (string, error) {
	bundle, err := millrace.Build(b)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = millrace.Render(&out, bundle)
	return out.String(), err
}

// TestBuildKeepsNoMemory changes all that Build returned, and looks whether the
// builder or another Build noticed.
func TestBuildKeepsNoMemory(t *testing.T) {
	for name, b := range map[string]struct{ build, twin millrace.Builder }{"tenant": {full(), full()}, "platform": {platform(), platform()}} {
		t.Run(name, func(t *testing.T) {
			want := render(t, b.build)
			first, err := b.build.Build()
			if err != nil {
				t.Fatal(err)
			}
			scribble(reflect.ValueOf(&first), 0)
			if got := render(t, b.build); got != want {
				t.Errorf("it changed with what it made (-want +got):\n%s", cmp.Diff(want, got))
			}
			if diff := cmp.Diff(b.twin, b.build); diff != "" {
				t.Errorf("it changed (-want +got):\n%s", diff)
			}
		})
	}
}

// scribble overwrites every string and number that can be reached.
func scribble(v reflect.Value, depth int) {
	if depth > 25 {
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
			scribble(v.MapIndex(key), depth+1)
			v.SetMapIndex(key, reflect.Value{})
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString("scribbled")
		}
	case reflect.Bool:
		if v.CanSet() {
			v.SetBool(!v.Bool())
		}
	case reflect.Int, reflect.Int32, reflect.Int64:
		if v.CanSet() {
			v.SetInt(99)
		}
	}
}
